"""Which printed pair of numbers belongs to which printed label, when the order of a table's text is lost.

Belongs here: the search over readings. Does not belong here: finding labels and numbers in lines (``tables``).

A *reading* gives every label a pair (force, England and Wales) or a blank. Text order and arithmetic judge it:

* **price**: a pair right after its label costs 0, right before it 1, anywhere else 2; a code number that contradicts its
  label 1. Extractors keep most pairs beside their labels, so the true reading is cheap, if not always the cheapest.
* **arithmetic**: a heading is the sum of its members, parts and remainder make 100, within what rounding allows; a
  heading with one member equals it.

A pair is given to a label only if every reading that fits the arithmetic and costs at most a margin more than the
cheapest one agrees. The margin covers one pair that was moved and by chance came to stand beside a wrong label; where
pairs were strewn between the rows, it covers two that changed places. Nothing else is concluded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.vocabulary import PrintedTable, Sum

Pair = tuple[Decimal | None, Decimal | None]
Values = dict[int, Pair | None]  # by row number; None is a row whose number is blank

AFTER, BEFORE, ELSEWHERE, WRONG_CODE = 0, 1, 2, 1
MARGIN_ONE_MOVED, MARGIN_STREWN = 2, 4
# Beyond this many steps the order is too far gone to conclude anything: every cell stays unassigned.
MOST_STEPS = 60_000


@dataclass(frozen=True)
class Label:
    """A label in the text. ``rows``: the rows it may be (two where a label is printed twice); ``code``: the number
    beside it; ``own``: the pair that stands on its own lines, if one does."""

    rows: tuple[int, ...]
    code: str | None = None
    own: int | None = None


@dataclass(frozen=True)
class Scramble:
    """Labels and pairs in text order: ``order`` holds ("label", n), ("pair", n) and ("row", 0) for what is already read;
    ``fixed`` gives the values of rows already known."""

    table: PrintedTable
    labels: tuple[Label, ...]
    pairs: tuple[Pair, ...]
    order: tuple[tuple[str, int], ...]
    fixed: Mapping[int, Pair | None]
    decimals: int


@dataclass(frozen=True)
class Reading:
    """For each label: its row, and its pair's number or None for a blank. ``moved``: labels whose pair is not beside them."""

    rows: tuple[int, ...]
    pairs: tuple[int | None, ...]
    moved: frozenset[int]


class TooManySteps(Exception):
    """The search was given up: nothing may be concluded."""


def off_by(table: PrintedTable, total: Sum, values: Values, decimals: int) -> tuple[int, int, int] | None:
    """How far a printed sum is from its members, in units of the last printed decimal.

    Returns (column, parent minus members, largest difference that rounding explains) of the first column that does
    not fit; None when both fit or a number is not known. A member without a number stands for its own members.
    """
    if total.parent not in values:
        return None
    parent = values[total.parent]
    members = _known_members(table, total.members, values)
    if parent is None or members is None:
        return None
    scale = 10**decimals
    for column in (0, 1):
        numbers = [pair[column] for pair in members]
        whole = parent[column]
        if whole is None or any(number is None for number in numbers):
            continue
        difference = int(whole * scale) - sum(int(number * scale) for number in numbers if number is not None)
        if total.parent == table.whole:
            allowed = len(numbers) // 2  # the whole is exact, each part is rounded by half a unit at most
        elif len(numbers) == 1:
            allowed = 0  # a heading with one member prints the same number
        else:
            allowed = (len(numbers) + 1) // 2  # half a unit for each member and for the heading itself
        if abs(difference) > allowed:
            return column, difference, allowed
    return None


def _known_members(table: PrintedTable, members: Sequence[int], values: Values) -> list[Pair] | None:
    known: list[Pair] = []
    for member in members:
        if member not in values:
            return None
        pair = values[member]
        if pair is not None:
            known.append(pair)
            continue
        own = next((inner.members for inner in table.sums if inner.parent == member), ())
        inner_pairs = _known_members(table, own, values) if own else None
        if inner_pairs is None:
            return None
        known += inner_pairs
    return known


def fits(table: PrintedTable, values: Values, decimals: int, touched: int | None = None) -> bool:
    """Whether the known numbers meet the table's sums, and the whole is 100. ``touched``: only sums this row matters to."""
    whole = table.whole
    if whole is not None and values.get(whole) and any(number not in (None, 100) for number in values[whole] or ()):
        return False
    for total in table.sums:
        near = (
            touched is None
            or touched == total.parent
            or touched in total.members
            or _is_blank_member(total, touched, table, values)
        )
        if near and off_by(table, total, values, decimals) is not None:
            return False
    return True


def _is_blank_member(total: Sum, row: int, table: PrintedTable, values: Values) -> bool:
    """Whether the row counts towards the sum through a heading that may be blank."""
    return any(
        inner.parent in total.members and row in inner.members
        for inner in table.sums
        if table.rows[inner.parent].may_be_blank
    )


def agreed(scramble: Scramble) -> tuple[list[int | None], list[int | None | str]] | None:
    """What all likely readings agree on: for each label its row (None if open) and its pair.

    A pair is a number, None for a blank, or "open" where readings differ. Returns None when no reading fits.
    """
    readings = likely_readings(scramble)
    if not readings:
        return None
    best = readings[0]
    rows: list[int | None] = []
    pairs: list[int | None | str] = []
    for label in range(len(scramble.labels)):
        row = best.rows[label]
        rows.append(row if all(reading.rows[label] == row for reading in readings) else None)
        values = {_pair_value(scramble, reading.pairs[label]) for reading in readings}
        pairs.append(best.pairs[label] if rows[-1] is not None and len(values) == 1 else "open")
    return rows, pairs


def _pair_value(scramble: Scramble, pair: int | None) -> Pair | None:
    return None if pair is None else scramble.pairs[pair]


def likely_readings(scramble: Scramble) -> list[Reading]:
    """Every reading that fits the arithmetic within the margin of the cheapest, cheapest first; empty if none fits."""
    search = _Search(scramble)
    least = search.least_from[0]
    most = least + ELSEWHERE * len(scramble.labels)
    try:
        for price in range(least, most + 1):
            best = next(search.readings(price), None)
            if best is not None:
                margin = MARGIN_STREWN if _is_strewn(scramble, best) else MARGIN_ONE_MOVED
                return [best, *search.readings(price + margin)]
    except TooManySteps:
        return []
    return []


def _is_strewn(scramble: Scramble, reading: Reading) -> bool:
    """Whether a moved pair stands between rows that kept theirs: pairs were then strewn, not set apart in one block."""
    kept = [
        n
        for n, (kind, index) in enumerate(scramble.order)
        if kind == "label" and reading.pairs[index] is not None and index not in reading.moved
    ]
    moved = {reading.pairs[label] for label in reading.moved}
    places = [n for n, (kind, index) in enumerate(scramble.order) if kind == "pair" and index in moved]
    return any(min(kept, default=0) < place < max(kept, default=0) for place in places)


class _Search:
    """Depth-first search over labels in text order; the state is what has been given out so far."""

    def __init__(self, scramble: Scramble) -> None:
        self.scramble = scramble
        self.steps = 0
        order = scramble.order
        beside: dict[int, list[tuple[int, int]]] = {n: [] for n in range(len(scramble.labels))}
        for place, (kind, index) in enumerate(order):
            if kind != "label":
                continue
            own = scramble.labels[index].own
            if own is not None:
                beside[index].append((AFTER, own))
            else:
                if place + 1 < len(order) and order[place + 1][0] == "pair":
                    beside[index].append((AFTER, order[place + 1][1]))
                if place > 0 and order[place - 1][0] == "pair":
                    beside[index].append((BEFORE, order[place - 1][1]))
        self.beside = beside
        self.least_from = self._least_prices()

    def _least_prices(self) -> list[int]:
        least = [0]
        for number in reversed(range(len(self.scramble.labels))):
            prices = [price for price, _ in self.beside[number]] or [ELSEWHERE]
            blank = any(self.scramble.table.rows[row].may_be_blank for row in self.scramble.labels[number].rows)
            least.append(least[-1] + (0 if blank else min(prices)))
        return least[::-1]

    def readings(self, most: int) -> Iterator[Reading]:
        """Every reading that costs at most this and fits the arithmetic."""
        yield from self._extend(0, most, dict(self.scramble.fixed), [], [], [], set())

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManySteps

    def _extend(
        self,
        number: int,
        left: int,
        values: Values,
        rows: list[int],
        pairs: list[int | None],
        moved: list[int],
        used: set[int],
    ) -> Iterator[Reading]:
        self._step()
        scramble = self.scramble
        if left < self.least_from[number]:
            return
        if number == len(scramble.labels):
            loose = [pair for pair in range(len(scramble.pairs)) if pair not in used]
            if len(loose) == len(moved):
                yield from self._place(moved, loose, values, rows, pairs, frozenset(moved))
            return
        label = scramble.labels[number]
        for row in label.rows:
            if row in values or row in rows:
                continue
            code = scramble.table.rows[row].code
            rest = left - (WRONG_CODE if len(label.rows) > 1 and label.code not in (None, code) else 0)
            rows.append(row)
            for price, pair in self.beside[number]:
                if pair in used or rest < price:
                    continue
                values[row] = scramble.pairs[pair]
                if fits(scramble.table, values, scramble.decimals, row):
                    used.add(pair)
                    pairs.append(pair)
                    yield from self._extend(number + 1, rest - price, values, rows, pairs, moved, used)
                    pairs.pop()
                    used.discard(pair)
                del values[row]
            if label.own is not None:
                rows.pop()
                continue
            if scramble.table.rows[row].may_be_blank:
                values[row] = None
                if fits(scramble.table, values, scramble.decimals, row):
                    pairs.append(None)
                    yield from self._extend(number + 1, rest, values, rows, pairs, moved, used)
                    pairs.pop()
                del values[row]
            if rest >= ELSEWHERE:
                moved.append(number)
                pairs.append(None)
                yield from self._extend(number + 1, rest - ELSEWHERE, values, rows, pairs, moved, used)
                pairs.pop()
                moved.pop()
            rows.pop()

    def _place(
        self,
        waiting: list[int],
        loose: list[int],
        values: Values,
        rows: list[int],
        pairs: list[int | None],
        moved: frozenset[int],
    ) -> Iterator[Reading]:
        """Give the loose pairs to the labels whose pair is not beside them, in every way that fits."""
        self._step()
        if not waiting:
            yield Reading(tuple(rows), tuple(pairs), moved)
            return
        label, row = waiting[-1], rows[waiting[-1]]
        tried = set()
        for pair in loose:
            if self.scramble.pairs[pair] in tried:
                continue
            tried.add(self.scramble.pairs[pair])
            values[row] = self.scramble.pairs[pair]
            if fits(self.scramble.table, values, self.scramble.decimals, row):
                pairs[label] = pair
                yield from self._place(
                    waiting[:-1], [other for other in loose if other != pair], values, rows, pairs, moved
                )
                pairs[label] = None
            del values[row]

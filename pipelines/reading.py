"""Which printed pair of numbers belongs to which printed label, when the order of a table's text is lost.

Belongs here: the search over readings. Does not belong here: finding labels and numbers in lines (``tables``).

A *reading* gives every label a pair (force, England and Wales) or a blank. Text order and arithmetic judge it:

* **price**: a pair right beside its label costs 0 on the usual side of this text (after the label, or before it,
  whichever makes the text cheaper to explain), 1 on the other side, 2 anywhere else; a code number that contradicts its
  label 2. Extractors keep most pairs beside their labels, so the true reading is cheap, if not always the cheapest.
* **arithmetic**: a heading is the sum of its members, parts and remainder make 100, within what rounding allows; a
  heading with one member equals it.

A pair is given to a label only if every reading that fits the arithmetic and costs at most a margin more than the
cheapest one agrees. The margin covers one pair that was moved and by chance came to stand beside a wrong label; where
pairs were strewn between the rows, it covers two that changed places. A table without sums must have every pair beside
its label. Nothing else is concluded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipelines.vocabulary import PrintedTable, Sum

Pair = tuple[Decimal | None, Decimal | None]
Values = Mapping[int, Pair | None]  # by row number; None is a row whose number is blank

USUAL_SIDE, OTHER_SIDE, ELSEWHERE, WRONG_CODE = 0, 1, 2, 2
MARGIN_ONE_MOVED, MARGIN_STREWN = 2, 4
# Beyond this many steps the order is too far gone to conclude anything: every cell stays unassigned.
MOST_STEPS = 20_000

# The search counts in units of the last printed decimal: (force, England and Wales), BLANK, or None while not known.
Units = tuple[int | None, int | None]
BLANK: Units = (None, None)


class TooManySteps(Exception):
    """The search was given up: nothing may be concluded."""


@dataclass(frozen=True)
class Label:
    """A label in the text.

    ``rows``: the rows it may be (two where a label is printed twice); ``code``: the number beside it; ``own``: the
    pair that stands on its own lines, if one does.
    """

    rows: tuple[int, ...]
    code: str | None = None
    own: int | None = None


@dataclass(frozen=True)
class Scramble:
    """Labels and pairs in text order.

    ``order`` holds ("label", n), ("pair", n) and ("row", 0) for what is already read; ``fixed`` gives the values of
    rows already known; ``sums`` are those the numbers must meet.
    """

    table: PrintedTable
    sums: tuple[Sum, ...]
    labels: tuple[Label, ...]
    pairs: tuple[Pair, ...]
    order: tuple[tuple[str, int], ...]
    fixed: Values
    decimals: int


@dataclass(frozen=True)
class Reading:
    """For each label its row, and its pair's number or None for a blank. ``moved``: labels whose pair is elsewhere."""

    rows: tuple[int, ...]
    pairs: tuple[int | None, ...]
    moved: frozenset[int]


@dataclass(frozen=True)
class Misfit:
    """A printed sum that its members do not make: in which column, by how much, and what rounding would explain."""

    column: int
    difference: int
    allowed: int


def misfit(table: PrintedTable, total: Sum, values: Values, decimals: int) -> Misfit | None:
    """The first column in which a printed sum is further from its members than rounding explains.

    Differences are in units of the last printed decimal. None when both columns fit or a number is not known.
    """
    known: list[Units | None] = [None] * len(table.rows)
    for row, pair in values.items():
        known[row] = _units(pair, decimals)
    return _misfit(table, total, known)


def _units(pair: Pair | None, decimals: int) -> Units:
    if pair is None:
        return BLANK
    force, england_and_wales = (None if number is None else int(number.scaleb(decimals)) for number in pair)
    return force, england_and_wales


def _misfit(table: PrintedTable, total: Sum, known: Sequence[Units | None]) -> Misfit | None:
    parent = known[total.parent]
    if parent is None:
        return None
    members: list[Units] = []
    for member in total.members:
        units = known[member]
        if units is None:
            return None
        if units is BLANK and (inner := table.members.get(member)):
            # A heading without a number stands for its own members.
            for inner_member in inner:
                inner_units = known[inner_member]
                if inner_units is None:
                    return None
                members.append(inner_units)
        else:
            members.append(units)
    for column in (0, 1):
        whole = parent[column]
        parts = [units[column] for units in members]
        if whole is None or None in parts:
            continue
        difference = whole - sum(part for part in parts if part is not None)
        if difference and abs(difference) > (allowed := _rounding(table, total, len(parts))):
            return Misfit(column, difference, allowed)
    return None


def _rounding(table: PrintedTable, total: Sum, parts: int) -> int:
    """What rounding explains, in units of the last decimal: half a unit for every rounded number."""
    if total.parent == table.whole:
        return parts // 2  # the whole is exact
    if parts == 1:
        return 0  # a heading with one member prints the same number
    return (parts + 1) // 2


def agreed(scramble: Scramble) -> list[tuple[int, int | None] | None] | None:
    """What all likely readings agree on: for each label (row, pair number or None for a blank), None where they differ.

    None for the whole when no reading fits; raises TooManySteps when there are too many to tell.
    """
    readings = likely_readings(scramble)
    if not readings:
        return None
    best = readings[0]
    result: list[tuple[int, int | None] | None] = []
    for label, (row, pair) in enumerate(zip(best.rows, best.pairs, strict=True)):
        value = _pair(scramble, pair)
        same = all(
            reading.rows[label] == row and _pair(scramble, reading.pairs[label]) == value for reading in readings
        )
        result.append((row, pair) if same else None)
    return result


def _pair(scramble: Scramble, pair: int | None) -> Pair | None:
    return None if pair is None else scramble.pairs[pair]


def likely_readings(scramble: Scramble) -> list[Reading]:
    """Every reading that fits the arithmetic within the margin of the cheapest; the cheapest is first."""
    after = _Search(scramble, after=USUAL_SIDE, before=OTHER_SIDE)
    before = _Search(scramble, after=OTHER_SIDE, before=USUAL_SIDE)
    least = min(after.least(0, False), before.least(0, False))
    most = least + ELSEWHERE * len(scramble.labels) if scramble.sums else _most_without_sums(scramble)
    for price in range(least, most + 1):
        # Most extractors put numbers behind their label: that they stand before it must be the cheaper explanation, and
        # then the usual side is still heard. Each search runs to its end: one left half way keeps what it gave out.
        for search, heard in ((after, (after,)), (before, (before, after))):
            if best := list(search.readings(price)):
                margin = MARGIN_STREWN if any(_is_strewn(scramble, one) for one in best) else MARGIN_ONE_MOVED
                return best + [reading for other in heard for reading in other.readings(price + margin)]
    return []


def _most_without_sums(scramble: Scramble) -> int:
    """Where no sum can speak against a reading, every pair must stand beside its label on the usual side; one may stand
    on the other side where the labels are in the table's own order."""
    rows = [label.rows[0] for label in scramble.labels]
    return OTHER_SIDE if rows == sorted(rows) else USUAL_SIDE


def _is_strewn(scramble: Scramble, reading: Reading) -> bool:
    """Whether a moved pair stands between rows that kept theirs beside them: it was not set apart in one block."""
    label_at = {index: place for place, (kind, index) in enumerate(scramble.order) if kind == "label"}
    pair_at = {index: place for place, (kind, index) in enumerate(scramble.order) if kind == "pair"}
    given = {label: pair_at[pair] for label, pair in enumerate(reading.pairs) if pair is not None and pair in pair_at}
    kept = [label_at[label] for label, place in given.items() if abs(place - label_at[label]) == 1]
    return any(min(kept, default=0) < given[label] < max(kept, default=0) for label in reading.moved)


class _Search:
    """Depth-first search over labels in text order; its state is what has been given out so far."""

    def __init__(self, scramble: Scramble, *, after: int, before: int) -> None:
        self.scramble = scramble
        self.price_after, self.price_before = after, before
        self.steps = 0
        self.table = scramble.table
        self.pairs = [_units(pair, scramble.decimals) for pair in scramble.pairs]
        self.known: list[Units | None] = [None] * len(self.table.rows)
        for row, pair in scramble.fixed.items():
            self.known[row] = _units(pair, scramble.decimals)
        self.whole = 100 * 10**scramble.decimals
        self.sums_of = [self._sums_near(row) for row in range(len(self.table.rows))]
        self.after: list[int | None] = []
        self.before: list[int | None] = []
        order = scramble.order
        place_of = {index: place for place, (kind, index) in enumerate(order) if kind == "label"}
        for number, label in enumerate(scramble.labels):
            place = place_of[number]
            behind = order[place + 1] if place + 1 < len(order) else ("row", 0)
            ahead = order[place - 1] if place else ("row", 0)
            own = label.own
            self.after.append(own if own is not None else behind[1] if behind[0] == "pair" else None)
            self.before.append(ahead[1] if own is None and ahead[0] == "pair" else None)
        self.least = cache(self._least)
        # A reading gives out every pair, so it has just as many blanks as there are labels too many.
        self.blanks = len(scramble.labels) - len(self.pairs)
        self.may_follow = self._blanks_from()

    def _blanks_from(self) -> list[int]:
        """For each label, how many from it on may be blank."""
        counts = [0]
        for label in reversed(self.scramble.labels):
            counts.append(counts[-1] + any(self._may_be_blank(row) for row in label.rows))
        return counts[::-1]

    def _sums_near(self, row: int) -> tuple[Sum, ...]:
        """The sums that a row's number matters to, also through a heading above it that may be blank."""
        parents = {
            total.parent for total in self.table.sums if row in total.members and self._may_be_blank(total.parent)
        }
        near = {row, *parents}
        return tuple(total for total in self.scramble.sums if total.parent == row or near & set(total.members))

    def _may_be_blank(self, row: int) -> bool:
        return self.table.rows[row].may_be_blank

    def _least(self, number: int, before_used: bool) -> int:
        """The least that the labels from this one on can cost, whatever the arithmetic says."""
        labels = self.scramble.labels
        if number == len(labels):
            return 0
        after = self.after[number]
        next_shares = number + 1 < len(labels) and after is not None and self.before[number + 1] == after
        without = self.least(number + 1, False)
        prices = []
        if after is not None:
            price = USUAL_SIDE if labels[number].own is not None else self.price_after
            prices.append(price + self.least(number + 1, next_shares))
        if labels[number].own is None:
            prices.append(ELSEWHERE + without)
            if self.before[number] is not None and not before_used:
                prices.append(self.price_before + without)
            if any(self._may_be_blank(row) for row in labels[number].rows):
                prices.append(without)
        return min(prices)

    def readings(self, most: int) -> Iterator[Reading]:
        """Every reading that costs at most this and fits the arithmetic."""
        yield from self._extend(0, most, [], [], [], set())

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManySteps

    def _fits(self, row: int) -> bool:
        units = self.known[row]
        if row == self.table.whole and units is not None and any(number not in (None, self.whole) for number in units):
            return False
        known = self.known
        for total in self.sums_of[row]:
            # Most sums wait for a member: that is seen at a glance, many thousand times.
            if known[total.parent] is None or None in [known[member] for member in total.members]:
                continue
            if _misfit(self.table, total, known) is not None:
                return False
        return True

    def _extend(
        self, number: int, left: int, rows: list[int], pairs: list[int | None], moved: list[int], used: set[int]
    ) -> Iterator[Reading]:
        self._step()
        labels = self.scramble.labels
        if number == len(labels):
            loose = [pair for pair in range(len(self.pairs)) if pair not in used]
            if len(loose) == len(moved):
                whole_last = sorted(moved, key=lambda label: rows[label] == self.table.whole)
                yield from self._place(whole_last, loose, rows, pairs, frozenset(moved))
            return
        blanks = number - len(used) - len(moved)
        if blanks > self.blanks or blanks + self.may_follow[number] < self.blanks:
            return
        if left < self.least(number, self.before[number] in used):
            return
        label = labels[number]
        for row in label.rows:
            if self.known[row] is not None or row in rows:
                continue
            code = self.table.rows[row].code
            rest = left - (WRONG_CODE if len(label.rows) > 1 and label.code not in (None, code) else 0)
            rows.append(row)
            price_after = USUAL_SIDE if label.own is not None else self.price_after
            for price, pair in ((price_after, self.after[number]), (self.price_before, self.before[number])):
                if pair is None or pair in used or rest < price:
                    continue
                self.known[row] = self.pairs[pair]
                if self._fits(row):
                    used.add(pair)
                    pairs.append(pair)
                    yield from self._extend(number + 1, rest - price, rows, pairs, moved, used)
                    pairs.pop()
                    used.discard(pair)
                self.known[row] = None
            if label.own is None and self._may_be_blank(row):
                self.known[row] = BLANK
                if self._fits(row):
                    pairs.append(None)
                    yield from self._extend(number + 1, rest, rows, pairs, moved, used)
                    pairs.pop()
                self.known[row] = None
            if label.own is None and rest >= ELSEWHERE:
                moved.append(number)
                pairs.append(None)
                yield from self._extend(number + 1, rest - ELSEWHERE, rows, pairs, moved, used)
                pairs.pop()
                moved.pop()
            rows.pop()

    def _place(
        self, waiting: list[int], loose: list[int], rows: list[int], pairs: list[int | None], moved: frozenset[int]
    ) -> Iterator[Reading]:
        """Give the loose pairs to the labels whose pair is not beside them, in every way that fits."""
        self._step()
        if not waiting:
            yield Reading(tuple(rows), tuple(pairs), moved)
            return
        label, row = waiting[-1], rows[waiting[-1]]
        tried = set()
        for pair in loose:
            if self.pairs[pair] in tried:
                continue
            tried.add(self.pairs[pair])
            self.known[row] = self.pairs[pair]
            if self._fits(row):
                pairs[label] = pair
                others = [other for other in loose if other != pair]
                yield from self._place(waiting[:-1], others, rows, pairs, moved)
                pairs[label] = None
            self.known[row] = None

"""Rules within one printed table: groups against their members, totals, decimals, parts that cannot exceed a whole.

Belongs here: arithmetic among the rows of one table of one report. Does not belong here: telling cells apart by the
same arithmetic (``pipelines.reading``), and other places that print the same numbers (``within_report``).

Sources: figure 4's own headings and starred footnote say which rows a heading sums; rows are rounded, none is repaired.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any

from expectations.reconcile.numbers import Printed, printed
from expectations.reconcile.rule import REPORT, Offence, ReconcileRule, Row, Tables
from expectations.suites import WARNING
from pipelines.schema import ENGLAND_AND_WALES
from pipelines.vocabulary import PrintedTable, printed_tables

# Statuses of rows of which it is known whether they have a number.
READ = ("published", "not_printed")
WHOLE = 100
# Figure 10: two pies of so many classes, whose numbers are rounded to a percent; its legend has five.
PIES, SLICES = 2, 5
# More numbers than this are not two pies, and the ways to deal them double with each.
MOST_NUMBERS = 14
# Recorded crime contains victim-based crime, which contains sexual offences and assaults with injury (figure 2).
CONTAINS: Mapping[str, tuple[str, ...]] = {
    "recorded_crime_excluding_fraud": ("victim_based_crime",),
    "victim_based_crime": ("sexual_offences", "assault_with_injury"),
}

Span = tuple[Decimal, Decimal]


def _by_report(rows: Any) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["report_id"]].append(row)
    return found


def _vocabularies(tables: Tables, name: str) -> Iterator[tuple[PrintedTable, list[Row]]]:
    """The table of each report with the rows that its release prints."""
    programmes = {row["report_id"]: row["programme_id"] for row in tables["reports"]}
    for report_id, rows in _by_report(tables[name]).items():
        for table in printed_tables(programmes.get(report_id, "")):
            if table.table_name == name:
                yield table, rows


def _sums(tables: Tables, name: str) -> Iterator[Offence]:
    """Headings and totals that no unrounded numbers can make.

    Every number may be half of its last digit off, the sum's own among them; a heading that its members narrow down
    counts narrowed down in the sum above it. The whole is exactly 100. A heading without a number stands for its
    members; one with a single member prints the same number. A sum of which a number is not known is not looked at.
    """
    for table, rows in _vocabularies(tables, name):
        number_of = {row.row_id: number for number, row in enumerate(table.rows)}
        for is_national in (False, True):
            cells = {
                number_of[row["outcome_id"]]: row
                for row in rows
                if row["outcome_id"] in number_of
                and row["value_status"] in READ
                and (row["area_code"] == ENGLAND_AND_WALES) == is_national
            }
            yield from _Column(table, cells).faults()


class _Column:
    """The numbers of one area in a table with sums, by row number; None where a row is printed without one."""

    def __init__(self, table: PrintedTable, cells: Mapping[int, Row]) -> None:
        self.table, self.cells = table, cells
        self.numbers = {number: printed(row) for number, row in cells.items()}
        self.found: list[Offence] = []

    def faults(self) -> list[Offence]:
        """What cannot be, each said of the lowest sum that shows it."""
        inner = {member for total in self.table.sums for member in total.members}
        for total in self.table.sums:
            if total.parent not in inner:
                self._span(total.parent)
        return self.found

    def _span(self, number: int) -> Span | None:
        """What the unrounded number of a row can be, by its own print and by its parts; None where it is not known."""
        if number not in self.numbers:
            return None
        own = self.numbers[number]
        parts = self._parts(number)
        if own is None:
            return parts
        span = (Decimal(WHOLE), Decimal(WHOLE)) if number == self.table.whole else (own.low, own.high)
        if number == self.table.whole and own.value != WHOLE:
            self._say(number, f"the whole is printed as {own}", str(WHOLE))
        if parts is None:
            return span
        low, high = max(span[0], parts[0]), min(span[1], parts[1])
        if low <= high and self._same_as_only_member(number, own):
            return low, high
        members = self._members(number)
        added = _added(members)
        label = self.table.rows[number].label
        says = f"{label!r} is printed as {own}, its parts add to {added}: more than rounding explains"
        self._say(number, says, f"{added} ± {sum((member.half for member in members), start=Decimal(0)):f}")
        return span

    def _parts(self, number: int) -> Span | None:
        spans = [self._span(member) for member in self.table.members.get(number, ())]
        known = [span for span in spans if span is not None]
        if not spans or len(known) < len(spans):
            return None
        return sum((low for low, _ in known), start=Decimal(0)), sum((high for _, high in known), start=Decimal(0))

    def _members(self, number: int) -> list[Printed]:
        """The numbers that a sum is made of; of a heading without a number, those of its members."""
        found = []
        for member in self.table.members[number]:
            own = self.numbers.get(member)
            found += [own] if own is not None else self._members(member) if member in self.table.members else []
        return found

    def _same_as_only_member(self, number: int, own: Printed) -> bool:
        members = self._members(number)
        return len(members) > 1 or members[0].agrees_with(own)

    def _say(self, number: int, says: str, expected: str) -> None:
        self.found.append(Offence(self.cells[number], says, expected, str(self.numbers[number])))


def _usual_decimals(rows: list[Row]) -> int:
    """Decimal places that most numbers of the table have; of two as common, the fewer."""
    places = Counter(row["decimals"] for row in rows if row["decimals"] is not None)
    return max(places, key=lambda place: (places[place], -place), default=0)


def _decimals(tables: Tables, name: str) -> Iterator[Offence]:
    """Numbers with other decimals than the rest of their table; the whole may be printed as 100 or 100.00."""
    for rows in _by_report(tables[name]).values():
        usual = _usual_decimals(rows)
        for row in rows:
            number = printed(row)
            if number is not None and number.decimals != usual and number.value != WHOLE:
                says = f"{number} has not the number of decimals that the table's other numbers have"
                yield Offence(row, says, f"{usual} decimals", str(number))
        yield from _wholes(rows)


def _wholes(rows: list[Row]) -> Iterator[Offence]:
    """Wholes of the two areas printed with other decimals: 100.00 beside 100.01, whose last digit looks like a mark."""
    wholes = [(row, number) for row in rows if (number := printed(row)) is not None and number.value == WHOLE]
    places = {number.decimals for _, number in wholes}
    if len(places) > 1:
        row, number = min(wholes, key=lambda whole: whole[1].decimals)
        says = f"the whole is read as {number}, but has {max(places)} decimals for the other area"
        yield Offence(row, says, f"{max(places)} decimals", str(number))


def _pies(tables: Tables) -> Iterator[Offence]:
    """Loose percentages that cannot be dealt to pies of at most five slices that add to 100 within rounding."""
    for rows in _by_report(tables["organised_crime_groups"]).values():
        numbers = [number for row in rows if (number := printed(row)) is not None]
        if len(numbers) > MOST_NUMBERS or not numbers or _make_pies(numbers):
            continue
        said = ", ".join(str(number) for number in numbers)
        says = f"the percentages {said} cannot be dealt to two pies of 100: one is wrong, too many or missing"
        # Which of them cannot be told: the lines are those of all.
        whole = {**rows[0], "line_end": rows[-1]["line_end"]}
        yield Offence(whole, says, "two pies of 100", said)


def _make_pies(numbers: list[Printed]) -> bool:
    """Whether the numbers make two pies, or a single one where the other is lost."""
    room = max(number.half for number in numbers) * SLICES
    # The first number goes to the first pie: the other half of the ways are the same with the pies exchanged.
    for rest in product(range(PIES), repeat=len(numbers) - 1):
        pies: list[list[Printed]] = [[], []]
        for number, pie in zip(numbers, (0, *rest), strict=True):
            pies[pie].append(number)
        if all(not pie or (len(pie) <= SLICES and abs(_added(pie) - WHOLE) <= room) for pie in pies):
            return True
    return False


def _added(numbers: Iterable[Printed]) -> Decimal:
    return sum((number.value for number in numbers), start=Decimal(0))


def _parts(tables: Tables) -> Iterator[Offence]:
    """Crime rates that are higher than the rate of what contains them."""
    numbers: dict[tuple[str, str], dict[str, tuple[Row, Printed]]] = defaultdict(dict)
    for row in tables["crime_rates"]:
        if (number := printed(row)) is not None:
            numbers[(row["report_id"], row["area_code"])][row["crime_type_id"]] = row, number
    for found in numbers.values():
        for whole, parts in CONTAINS.items():
            inside = [found[part] for part in parts if part in found]
            if whole not in found or not inside:
                continue
            row, number = found[whole]
            least = sum((part.low for _, part in inside), start=Decimal(0))
            if least > number.high:
                names = " and ".join(f"{part['crime_type_label']!r} ({value})" for part, value in inside)
                says = f"{row['crime_type_label']!r} is printed as {number}, less than {names} that it contains"
                yield Offence(row, says, f"at least {sum(value.value for _, value in inside)}", str(number))


def _decimals_rule(name: str, figure: str) -> ReconcileRule:
    return ReconcileRule(
        id="decimals_alike",
        table=name,
        severity=WARNING,
        description="the numbers of a report's table have the decimals that most of them have",
        source=figure,
        find=lambda tables: _decimals(tables, name),
        scope=REPORT,
    )


RULES = (
    ReconcileRule(
        id="sums_as_printed",
        table="outcome_proportions",
        severity=WARNING,
        description="headings and totals are the sum of their rows, assigned and not assigned make 100, "
        "as far as rounding tells",
        source="figure 4: its headings and starred footnote",
        find=lambda tables: _sums(tables, "outcome_proportions"),
        scope=REPORT,
    ),
    ReconcileRule(
        id="pies_make_100",
        table="organised_crime_groups",
        severity=WARNING,
        description="the loose percentages can be dealt to two pies that add to 100 within rounding",
        source="figure 10: two pies of five classes",
        find=_pies,
        scope=REPORT,
    ),
    ReconcileRule(
        id="parts_within_whole",
        table="crime_rates",
        severity=WARNING,
        description="a kind of crime has no higher rate than what contains it",
        source="figure 2: victim-based crime is part of recorded crime",
        find=_parts,
        scope=REPORT,
    ),
    _decimals_rule("outcome_proportions", "figure 4"),
    _decimals_rule("domestic_abuse_outcomes", "figure 8"),
    _decimals_rule("crime_rates", "figure 2"),
)

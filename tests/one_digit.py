"""The one-digit test: changes one printed digit at a time and counts how many of the changes are noticed.

    python tests/one_digit.py [--reports DIR] [--misses]

Run on the two PEEL 2016 effectiveness reports of a round (default: the samples in ``warehouse/raw``). Each change is
made in one report; both are then read and checked as in a build (``extract_report``, the ranges of the suites,
``reconcile``), the other report beside it unchanged.

**What is changed.** Every digit of every number printed in figures 2, 4 (its outcome numbers apart), 8 and 10, and of
every figure that prose states (``statistics.csv`` of the golden tables), in three ways (``SUBSTITUTIONS``): one up,
one down, three up, each modulo 10. One up or down in the last place is the change that is hardest to see. A change
that would make a number begin with a nought before another digit takes one step more: no report prints 04.1. Figures
that the golden notes call doubtful count only where the release holds them. Dates, captions, the marks of footnotes and
numbers that no table publishes are not changed.

**What is noticed.** Against the unchanged pair there is a new error or warning whose lines or row are those of the
changed number, or of a number or sentence that it must agree with (its sum, its repeats, the words of a band). Or no
number is altered, and this one is withheld: its row has no value any more, or is left out with a note that says so. A
change that alters a published number without that is silent: the bad case. A row that is left out without a word is
lost, and not noticed.

**What can be revealed** is decided from the golden tables, typed from reading, by rules that know nothing of the
program. All numbers but the changed one are taken as printed. A change can be revealed if then

* ``repeat``: the same quantity is printed elsewhere in the report (in prose twice, in prose and table, as 52 and as
  52.4) with another value; of two precisions, if no number can be rounded to both;
* ``other report``: the quantity is national (England and Wales, the lowest and highest force, a count of forces, the
  number of an outcome type) and the other report of the round prints another value;
* ``sum``: no unrounded numbers make the sums of figure 4 and are rounded to what is printed: half a unit of the last
  place for each number, both ends included, a heading within its own sum as well; the whole is exactly 100;
* ``pies``: the loose numbers of figure 10 cannot be dealt to two pies of at most five slices that add to 100 (half a
  percent for each slice);
* ``range``: a share is above 100 percent, a count of forces above 43 or no longer the majority that the text says;
* ``between``: a force or England and Wales is not between the printed lowest and highest of all forces, or a part is
  more than its whole (victim-based crime of recorded crime, sexual offences and assault of victim-based crime);
* ``words``: a sentence calls the force's value above, below, one of the highest or one of the lowest, and the
  two numbers say otherwise (only where the lines are those of the golden tables: a sample need
  not have the sentence; bands whose golden note says doubtful are left out).

What is plausible but for no printed number is not asked: a burglary rate of 11.0 that becomes 12.0 cannot be revealed.
"""

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from conftest import SAMPLES, TWO_REPORTS, golden

from expectations.reconcile import reconcile
from expectations.suites import SUITES
from pipelines.extraction import Extraction, extract_report
from pipelines.issues import Issue
from pipelines.observations import FACT_TABLES, row_key
from pipelines.reference import dimension_rows
from pipelines.reports import Report, read_report
from pipelines.schema import DIMENSIONS, ENGLAND_AND_WALES

NATIONAL = "national"
# Areas of the golden statistics that are the same in every report of the round.
NATIONAL_AREAS = ("england_and_wales", "forces_count", "forces_lowest", "forces_highest")
# What the program calls the lowest and the highest of a measure.
EXTREMES = {"forces_lowest": "_lowest_force", "forces_highest": "_highest_force"}
AREAS = ("force", "england_and_wales")

# --- what reading the reports gave ------------------------------------------------------------------------------------

# Figures whose table the text holds, as golden tables.
TABLES_OF_FIGURES = {2: "crime_rates", 4: "outcome_proportions", 8: "domestic_abuse_outcomes"}
# Headings of figure 4, and what each adds up: outcome numbers, or labels of rows without one.
FORMAL, INFORMAL = "Out-of-court (formal)", "Out-of-court (informal)"
SUPPORTS = "Evidential difficulties (victim supports police action)"
DOES_NOT_SUPPORT = "Evidential difficulties (victim does not support police action)"
ASSIGNED, NOT_YET, TOTAL = "Total offences assigned an outcome", "Not yet assigned an outcome", "Total"
SUMS = {
    FORMAL: ("2", "3", "6"),
    INFORMAL: ("7", "8"),
    SUPPORTS: ("15",),
    DOES_NOT_SUPPORT: ("16", "14"),
    ASSIGNED: ("1", "4", FORMAL, INFORMAL, "*", SUPPORTS, DOES_NOT_SUPPORT, "18", "20", "21"),
    TOTAL: (ASSIGNED, NOT_YET),
}
# A measure of prose that figure 4 prints too.
IN_FIGURE_4 = {"evidential_difficulties_victim_does_not_support": DOES_NOT_SUPPORT}
# Crime types of figure 2: the sum of the parts is at most the whole. (Burglary is per household: not comparable.)
PARTS_OF_CRIME = (
    (("Victim-based crime",), "Recorded crime (excluding fraud)"),
    (("Sexual offences", "Assault with injury"), "Victim-based crime"),
)
# The loose percentages of figure 10, in the order of the text, and how many slices a pie has.
FIGURE_10 = {"warwickshire-2016-effectiveness": ("7", "26", "13", "51", "8", "80", "4", "11")}
SLICES = 5
FORCES = 43

# --- changes ----------------------------------------------------------------------------------------------------------

SUBSTITUTIONS = {"up": 1, "down": -1, "far": 3}
DECIMAL_NUMBER = re.compile(r"(?<![\d.,])\d+\.\d+(?![\d.])")
PERCENTAGE = re.compile(r"(?<![\d.,])\d{1,3}(?=\s?%)")
Quantity = tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """One printed number. ``quantity`` says of what it is the number: the same for all its repeats."""

    report_id: str
    place: str
    line: int
    column: int
    text: str
    quantity: Quantity


@dataclass(frozen=True)
class Change:
    """One digit of a printed number replaced."""

    printed: Printed
    position: int
    substitution: str

    @property
    def text(self) -> str:
        """The number with the digit replaced."""
        text, at = self.printed.text, self.position
        step = SUBSTITUTIONS[self.substitution]
        digit = (int(text[at]) + step) % 10
        if digit == 0 and at == 0 and text[1:2].isdigit():
            digit = (step > 0) * 1 or 9
        return f"{text[:at]}{digit}{text[at + 1 :]}"


@dataclass(frozen=True)
class Result:
    """What became of a change: why it can be revealed (nothing if it cannot), whether it was noticed, and if not,
    whether a published number was altered. ``said`` are the checks that named it."""

    change: Change
    reasons: tuple[str, ...]
    noticed: bool
    altered: bool
    lost: bool
    said: tuple[str, ...]


def changes(printed: Iterable[Printed]) -> Iterator[Change]:
    """Every digit of every number, in every way."""
    for one in printed:
        for position, character in enumerate(one.text):
            if character.isdigit():
                for substitution in SUBSTITUTIONS:
                    yield Change(one, position, substitution)


def changed(report: Report, change: Change) -> Report:
    """The report with the digit replaced."""
    one, lines = change.printed, list(report.lines)
    line = lines[one.line - 1]
    assert line[one.column :].startswith(one.text), f"{one} does not stand there"
    lines[one.line - 1] = line[: one.column] + change.text + line[one.column + len(one.text) :]
    return replace(report, lines=tuple(lines))


# --- where the numbers are printed ------------------------------------------------------------------------------------


def printed_numbers(report: Report, extraction: Extraction) -> list[Printed]:
    """Every number that is to be changed; ``extraction`` (unchanged) says only where a sample states a figure.

    Raises ValueError if the numbers of a table are not those of the golden tables, in their order.
    """
    found: list[Printed] = []
    for figure in TABLES_OF_FIGURES:
        found += _table_numbers(report, figure)
    found += _loose_numbers(report)
    found += _prose_numbers(report, extraction, found)
    return sorted(found, key=lambda one: (one.line, one.column))


def has_golden_lines(report: Report) -> bool:
    """Whether the golden tables' line numbers are those of this text: it is the real report, not a sample."""
    cells = [
        (row[f"{area}_value"], row[f"{area}_line"])
        for row in golden(report.report_id, "outcome_proportions")
        for area in AREAS
    ]
    return all(
        int(line) <= len(report.lines) and value in report.lines[int(line) - 1].split() for value, line in cells if line
    )


def _row_name(row: Mapping[str, str]) -> str:
    return row.get("outcome_code") or row.get("outcome_label") or row["crime_type_label"]


def _caption_line(report: Report, figure: int) -> int:
    """Line number of the figure's caption: the first, annex A names the figures again."""
    return next(n for n, line in enumerate(report.lines, 1) if re.match(rf"\s*Figure {figure}:", line))


def _table_numbers(report: Report, figure: int) -> Iterator[Printed]:
    """The numbers of a table, found by their order below its caption: that is the order of the golden lines."""
    table = TABLES_OF_FIGURES[figure]
    if not (Path(__file__).parent / "golden" / report.report_id / f"{table}.csv").exists():
        return
    rows = golden(report.report_id, table)
    cells = [
        (int(row[f"{area}_line"]), AREAS.index(area), row[f"{area}_value"], _row_name(row), area)
        for row in rows
        for area in AREAS
        if row[f"{area}_value"]
    ]
    numbers = _tokens(report, DECIMAL_NUMBER, _caption_line(report, figure))
    for (_, _, value, name, area), (line, column, text) in zip(sorted(cells), numbers, strict=False):
        if text != value:
            raise ValueError(f"{report.source_file}, line {line}: figure {figure} has {text} where {value} was read")
        owner = report.report_id if area == "force" else NATIONAL
        yield Printed(report.report_id, f"figure {figure}", line, column, text, (table, name, owner))
    if figure == 4:
        yield from _outcome_numbers(report, rows)


def _outcome_numbers(report: Report, rows: Sequence[Mapping[str, str]]) -> Iterator[Printed]:
    """Outcome numbers: before their label, or alone on a line (a footnote's number has other words behind it)."""
    first = _caption_line(report, 4)
    for row in rows:
        code = row.get("outcome_code", "")
        if code.isdigit():
            beside = re.compile(rf"\s*{code}(?:\s+{re.escape(row['outcome_label'][:12])}|\s*$)")
            line = next(n for n in range(first, len(report.lines)) if beside.match(report.lines[n - 1]))
            column = report.lines[line - 1].index(code)
            quantity = ("outcome_number", code, NATIONAL)
            yield Printed(report.report_id, "figure 4 outcome nos", line, column, code, quantity)


def _loose_numbers(report: Report) -> Iterator[Printed]:
    typed = FIGURE_10.get(report.report_id, ())
    if not typed:
        return
    numbers = _tokens(report, PERCENTAGE, _caption_line(report, 10))
    for n, (value, (line, column, text)) in enumerate(zip(typed, numbers, strict=False)):
        if text != value:
            raise ValueError(f"{report.source_file}, line {line}: figure 10 has {text} where {value} was read")
        yield Printed(report.report_id, "figure 10", line, column, text, ("figure_10", str(n), report.report_id))


def _tokens(report: Report, pattern: re.Pattern[str], first: int) -> Iterator[tuple[int, int, str]]:
    for line in range(first, len(report.lines) + 1):
        for match in pattern.finditer(report.lines[line - 1]):
            yield line, match.start(), match.group()


def _prose_numbers(report: Report, extraction: Extraction, tables: Sequence[Printed]) -> Iterator[Printed]:
    taken = {(one.line, one.column) for one in tables}
    typed_lines = has_golden_lines(report)
    left = sorted(extraction.rows["statistics"], key=lambda row: row["line_start"])
    for typed in golden(report.report_id, "statistics"):
        row = _published(typed, left, report, typed_lines)
        if row is not None:
            left.remove(row)
        if row is None and (not typed_lines or "doubtful" in typed["note"]):
            continue  # a sample leaves it out, or it is no figure for certain
        lines = typed if row is None or typed_lines else row
        place = _number_on(report, typed["value"], int(lines["line_start"]), int(lines["line_end"]), taken)
        if place is not None:  # None for a number in words
            taken.add(place)
            yield Printed(report.report_id, "prose", *place, typed["value"], _prose_quantity(report, typed))


def _published(
    typed: Mapping[str, str], rows: Sequence[Mapping[str, Any]], report: Report, typed_lines: bool
) -> Any | None:
    measure_id = typed["measure_id"] + EXTREMES.get(typed["area"], "")
    area_code = ENGLAND_AND_WALES if typed["area"] in NATIONAL_AREAS else report.area_code
    wanted = (measure_id, area_code, float(typed["value"].replace(",", "")))
    for row in rows:
        on_lines = row["line_start"] <= int(typed["line_end"]) and row["line_end"] >= int(typed["line_start"])
        if (row["measure_id"], row["area_code"], row["value"]) == wanted and (on_lines or not typed_lines):
            return row
    return None


def _number_on(report: Report, text: str, first: int, last: int, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Where the number stands on these lines: the first place that no other number holds."""
    number = re.compile(rf"(?<![\d.,]){re.escape(text)}(?!\d|[.,]\d)")
    for line in range(first, last + 1):
        for match in number.finditer(report.lines[line - 1]):
            if (line, match.start()) not in taken:
                return line, match.start()
    return None


def _prose_quantity(report: Report, typed: Mapping[str, str]) -> Quantity:
    measure, area = typed["measure_id"], typed["area"]
    owner = NATIONAL if area in NATIONAL_AREAS else report.report_id
    if measure in IN_FIGURE_4:
        return ("outcome_proportions", IN_FIGURE_4[measure], owner)
    return ("statistics", measure, owner, area)


# --- what can be revealed ---------------------------------------------------------------------------------------------

Interval = tuple[Decimal, Decimal]
Values = Mapping[Quantity, Sequence[tuple[Printed, str]]]


class Round:
    """The printed numbers of the reports of a round, and what can contradict what among them."""

    def __init__(self, printed: Sequence[Printed], with_words: frozenset[str] = frozenset()) -> None:
        self.printed = printed
        self.by_quantity: dict[Quantity, list[Printed]] = defaultdict(list)
        for one in printed:
            self.by_quantity[one.quantity].append(one)
        self.words = [word for report_id in with_words for word in _words(report_id)]

    def reasons(self, change: Change | None) -> tuple[str, ...]:
        """The rules by which the numbers contradict each other after the change; none for the unchanged reports."""
        values: Values = {
            quantity: [(one, change.text if change and one is change.printed else one.text) for one in places]
            for quantity, places in self.by_quantity.items()
        }
        found = {*_repeats(values), *_sums(values), *_pies(values), *_ranges(values), *_between(values)}
        found |= {"words" for word in self.words if _contradicts(values, word)}
        return tuple(sorted(found))

    def related(self, printed: Printed) -> set[tuple[str, int]]:
        """Report and line of every number or sentence that this one must agree with, its own among them."""
        table, name, *_ = printed.quantity
        names = {name}
        # An outcome number belongs to the row of figure 4 that goes by it.
        tables = {table, "outcome_proportions"} if table == "outcome_number" else {table}
        sentences = {
            (word.report_id, line)
            for word in self.words
            if word.report_id == printed.report_id and printed.quantity in (word.force, word.national)
            for line in range(word.lines[0], word.lines[1] + 1)
        }
        if table == "outcome_proportions":
            headings = {heading for heading, members in SUMS.items() if name in (heading, *members)}
            sums = [{heading, *members} for heading, members in SUMS.items() if headings & {heading, *members}]
            names.update(*sums)
        elif table == "crime_rates":
            names.update(*((*parts, whole) for parts, whole in PARTS_OF_CRIME if name in (*parts, whole)))
        elif table == "figure_10":
            names = {quantity[1] for quantity in self.by_quantity if quantity[0] == table}
        agreeing = [
            one
            for quantity, places in self.by_quantity.items()
            if quantity[0] in tables and quantity[1] in names
            for one in places
        ]
        # Of another report only what it prints of the same quantity.
        return sentences | {
            (one.report_id, one.line)
            for one in agreeing
            if one.report_id == printed.report_id or one.quantity == printed.quantity
        }


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _interval(text: str) -> Interval:
    """What may have been rounded to this number."""
    half = Decimal("0.5").scaleb(-len(text.partition(".")[2]))
    return _number(text) - half, _number(text) + half


def _meet(intervals: Iterable[Interval]) -> Interval:
    lows, highs = zip(*intervals, strict=True)
    return max(lows), min(highs)


def _repeats(values: Values) -> Iterator[str]:
    for places in values.values():
        for n, (one, text) in enumerate(places):
            for other, other_text in places[:n]:
                low, high = _meet([_interval(text), _interval(other_text)])
                same_precision = len(text.partition(".")[2]) == len(other_text.partition(".")[2])
                if low > high or (same_precision and _number(text) != _number(other_text)):
                    yield "repeat" if one.report_id == other.report_id else "other report"


def _sums(values: Values) -> Iterator[str]:
    """Each column of each report's table by itself: what prose and the other report print is left to the repeats."""
    columns: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for (table, name, *owner), places in values.items():
        for one, text in places if table == "outcome_proportions" else ():
            if one.place == "figure 4":
                columns[one.report_id, owner[0]][name] = text
    for column in columns.values():
        low, high = _span(TOTAL, column)
        if low > high or _number(column[TOTAL]) != 100:
            yield "sum"


def _span(name: str, column: Mapping[str, str]) -> Interval:
    """Unrounded values of a row of figure 4 that its own number and its parts allow; low above high if none."""
    spans = [_interval(column[name])] if name in column else []
    parts = [_span(part, column) for part in SUMS.get(name, ())]
    if any(low > high for low, high in parts):
        return Decimal(1), Decimal(0)
    if parts:
        spans.append((sum((low for low, _ in parts), Decimal(0)), sum((high for _, high in parts), Decimal(0))))
    if name == TOTAL:
        spans.append((Decimal(100), Decimal(100)))
    return _meet(spans)


def _pies(values: Values) -> Iterator[str]:
    numbers = [_number(text) for quantity, places in values.items() if quantity[0] == "figure_10" for _, text in places]
    if not numbers:
        return
    rounding = Decimal("0.5") * SLICES
    for dealt in product((0, 1), repeat=len(numbers)):
        pies = [[number for number, at in zip(numbers, dealt, strict=True) if at == pie] for pie in (0, 1)]
        if all(len(pie) <= SLICES and abs(sum(pie, Decimal(-100))) <= rounding for pie in pies):
            return
    yield "pies"


def _ranges(values: Values) -> Iterator[str]:
    for quantity, places in values.items():
        numbers = [_number(text) for _, text in places]
        percent = quantity[0] in ("outcome_proportions", "figure_10")
        if percent and any(number > 100 for number in numbers):
            yield "range"
        if quantity[-1] == "forces_count" and any(not FORCES < 2 * number <= 2 * FORCES for number in numbers):
            yield "range"


def _between(values: Values) -> Iterator[str]:
    def numbers(*quantity: str) -> list[Decimal]:
        return [_number(text) for _, text in values.get(quantity, ())]

    for quantity in values:
        if quantity[0] == "statistics" and quantity[-1] in (*AREAS, *EXTREMES):
            _, measure, *_ = quantity
            lows = numbers("statistics", measure, NATIONAL, "forces_lowest")
            highs = numbers("statistics", measure, NATIONAL, "forces_highest")
            if any(number < low for number in numbers(*quantity) for low in lows):
                yield "between"
            if any(number > high for number in numbers(*quantity) for high in highs):
                yield "between"
    owners = {quantity[2] for quantity in values if quantity[0] == "crime_rates"}
    for owner in owners:
        for parts, whole in PARTS_OF_CRIME:
            if sum(numbers("crime_rates", part, owner)[0] for part in parts) > numbers("crime_rates", whole, owner)[0]:
                yield "between"


@dataclass(frozen=True)
class Words:
    """A sentence on ``lines`` by which the force's number is higher (or lower) than that of England and Wales."""

    report_id: str
    lines: tuple[int, int]
    force: Quantity
    national: Quantity
    is_higher: bool


def _words(report_id: str) -> Iterator[Words]:
    for row in golden(report_id, "band_statements"):
        if row["band"] == "in_line" or "doubtful" in row["note"]:
            continue
        place = (report_id, (int(row["line_start"]), int(row["line_end"])))
        higher = row["band"] in ("above", "highest")
        if row["table_name"] == "statistics":
            measure = ("statistics", row["measure_id"])
            yield Words(*place, (*measure, report_id, "force"), (*measure, NATIONAL, "england_and_wales"), higher)
        elif row["table_name"]:
            table, rows = row["table_name"], golden(report_id, row["table_name"])
            label = row["outcome_label"].casefold()
            for name in (_row_name(each) for each in rows if each["outcome_label"].casefold() == label):
                yield Words(*place, (table, name, report_id), (table, name, NATIONAL), higher)


def _contradicts(values: Values, words: Words) -> bool:
    pairs = product(values.get(words.force, ()), values.get(words.national, ()))
    return any((_number(own) > _number(all_)) != words.is_higher for (_, own), (_, all_) in pairs)


# --- what is noticed --------------------------------------------------------------------------------------------------


class Bench:
    """Two reports of a round, read once as they are; then with one digit changed, as often as asked."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.reports = {report.report_id: report for report in reports}
        self.extractions = {report.report_id: extract_report(report) for report in reports}
        self.issues = issues_of(list(self.extractions.values()))
        self.known = {_identity(issue) for issue in self.issues}
        printed = [one for report in reports for one in printed_numbers(report, self.extractions[report.report_id])]
        repeated = Counter(one.quantity for one in printed)
        printed = [
            replace(one, place="prose, repeated" if repeated[one.quantity] > 1 else "prose, once")
            if one.place == "prose"
            else one
            for one in printed
        ]
        real = frozenset(report.report_id for report in reports if has_golden_lines(report))
        self.round = Round(printed, real)
        self.changes = list(changes(printed))

    def run(self, change: Change) -> Result:
        """Read and check with one digit changed."""
        one = change.printed
        extraction = extract_report(changed(self.reports[one.report_id], change))
        before = self.extractions[one.report_id]
        issues = issues_of([extraction, *(each for each in self.extractions.values() if each is not before)])
        new = [issue for issue in issues if _identity(issue) not in self.known]
        related = self.round.related(one)
        named = [issue for issue in new if _names(issue, related, self._keys(related))]
        said = [issue for issue in named if issue.severity in ("error", "warning")]
        was, now = published(before), published(extraction)
        altered = any(now[key] != was.get(key) and now[key][0] is not None for key in now)
        withheld = any(key in now and was[key] != now[key] and now[key][0] is None for key in was)
        left_out = any(key not in now for key in was)
        return Result(
            change,
            self.round.reasons(change),
            noticed=bool(said) or (not altered and (withheld or (left_out and bool(named)))),
            altered=altered,
            lost=left_out and not altered,
            said=tuple(sorted({issue.check_id for issue in named})),
        )

    def _keys(self, related: set[tuple[str, int]]) -> set[tuple[str, str]]:
        """Table and key of the rows on these lines."""
        return {
            (table, row_key(table, row))
            for report_id, line in related
            for table, row in _fact_rows(self.extractions[report_id])
            if row["line_start"] <= line <= row["line_end"]
        }


def published(extraction: Extraction) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Value, status and outcome number of every row of the fact tables, by table and key."""
    return {
        (table, row_key(table, row)): (row["value"], row["value_status"], row.get("outcome_code"))
        for table, row in _fact_rows(extraction)
    }


def _fact_rows(extraction: Extraction) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((table.name, row) for table in FACT_TABLES for row in extraction.rows.get(table.name, ()))


def issues_of(extractions: Sequence[Extraction]) -> list[Issue]:
    """What reading, the ranges of the suites and the rules across rows, tables and reports say."""
    tables = defaultdict(list, {name: dimension_rows(name) for name in DIMENSIONS})
    for extraction in extractions:
        for name, rows in extraction.rows.items():
            tables[name] += rows
    said = [issue for extraction in extractions for issue in extraction.issues]
    return [*said, *_out_of_range(tables), *reconcile(tables)]


def _out_of_range(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Issue]:
    """The ranges of the suites' rules, without Great Expectations, which takes seconds."""
    for name, rows in tables.items():
        for rule in SUITES.get(name, ()):
            if rule.expectation != "ExpectColumnValuesToBeBetween" or "value" not in rule.columns:
                continue
            low, high = rule.arguments.get("min_value"), rule.arguments.get("max_value")
            for row in rows:
                concerned = not rule.where or (row[rule.where.column] in rule.where.values) != rule.where.negate
                value = row["value"]
                if (
                    concerned
                    and value is not None
                    and not (low is None or value >= low) & (high is None or value <= high)
                ):
                    yield Issue(
                        f"{name}-{rule.id}",
                        "error" if rule.severity == "critical" else "warning",
                        rule.description,
                        table_name=name,
                        report_id=row["report_id"],
                        row_key=row_key(name, row),
                        line_start=row["line_start"],
                        line_end=row["line_end"],
                    )


def _identity(issue: Issue) -> tuple[Any, ...]:
    return issue.check_id, issue.table_name, issue.report_id, issue.row_key, issue.line_start, issue.line_end


def _names(issue: Issue, related: set[tuple[str, int]], keys: set[tuple[str, str]]) -> bool:
    if (issue.table_name, issue.row_key) in keys:
        return True
    if issue.line_start is None:
        return False
    last = issue.line_end or issue.line_start
    return any(issue.report_id == report_id and issue.line_start <= line <= last for report_id, line in related)


# --- the whole run ----------------------------------------------------------------------------------------------------

_bench: Bench


def _open(reports: Path) -> None:
    global _bench
    _bench = bench_of(reports)


def bench_of(folder: Path) -> Bench:
    """The two reports of the round in this folder."""
    return Bench([read_report(folder / f"{name}.txt", folder) for name in TWO_REPORTS])


def _run(number: int) -> Result:
    return _bench.run(_bench.changes[number])


def table_of(results: Sequence[Result]) -> str:
    """The figures by report and place."""
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        one = result.change.printed
        report = one.report_id.removesuffix("-2016-effectiveness")
        for group in (
            (report, one.place),
            (report, "all"),
            ("both", "all"),
            ("both", f"all, {result.change.substitution}"),
        ):
            groups[group].append(result)
    in_order = sorted(groups, key=lambda group: (group[0] == "both", group))
    lines = [{"report": report, "place": place, **_figures(groups[report, place])} for report, place in in_order]
    cells = [list(lines[0]), *(list(line.values()) for line in lines)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def _figures(results: Sequence[Result]) -> dict[str, str]:
    revealable = [result.noticed for result in results if result.reasons]
    missed = [result for result in results if not result.noticed]
    counts = {
        "digits": len({(result.change.printed, result.change.position) for result in results}),
        "changes": len(results),
        "revealable": len(revealable),
        "noticed": sum(revealable),
        "of 100": f"{100 * sum(revealable) / len(revealable):.1f}" if revealable else "-",
        "noticed in all": len(results) - len(missed),
        "silent": sum(result.altered for result in missed),
        "lost": sum(result.lost for result in missed),
        "nothing altered": sum(not result.altered and not result.lost for result in missed),
    }
    return {name: str(count) for name, count in counts.items()}


def misses_of(results: Iterable[Result], reports: Mapping[str, Report]) -> Iterator[str]:
    """A line for each change that could have been revealed and was not noticed."""
    for result in results:
        one = result.change.printed
        if result.reasons and not result.noticed:
            what = "silent" if result.altered else "lost" if result.lost else "nothing altered"
            line = " ".join(reports[one.report_id].lines[one.line - 1].split())
            yield (
                f"{one.report_id} line {one.line} {one.place}: {one.text} -> {result.change.text} "
                f"({', '.join(result.reasons)}; {what}; {' '.join(one.quantity)}): {line}"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Every change on two cores; exits 1 if fewer than 95 in 100 of those that can be revealed are noticed."""
    parser = argparse.ArgumentParser(description="changes one printed digit at a time and counts what is noticed")
    parser.add_argument("--reports", type=Path, default=SAMPLES, help="folder with the two reports (default: samples)")
    parser.add_argument("--misses", action="store_true", help="list the changes that could be revealed and were not")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    bench = bench_of(options.reports)
    with ProcessPoolExecutor(initializer=_open, initargs=(options.reports,)) as pool:
        results = list(pool.map(_run, range(len(bench.changes)), chunksize=8))
    print(table_of(results))
    errors = [issue for issue in bench.issues if issue.severity == "error"]
    warnings = [issue for issue in bench.issues if issue.severity == "warning"]
    print(f"unchanged: {len(errors)} errors, {len(warnings)} warnings; {time.monotonic() - started:.0f} seconds")
    if options.misses:
        print(*misses_of(results, bench.reports), sep="\n")
    revealable = [result for result in results if result.reasons]
    return int(bool(errors) or sum(result.noticed for result in revealable) < 0.95 * len(revealable))


if __name__ == "__main__":
    sys.exit(main())

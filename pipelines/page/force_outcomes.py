"""A force's outcomes against England and Wales: a bar and a line for each row of the inspectorate's outcome table.

Belongs here: which values of a force are shown, what is said of them, and how the rows are laid out. Does not belong
here: England and Wales as computed (``methodology``) and all forces of one outcome (``outcome_bars``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from textwrap import wrap
from typing import Any

import pyarrow as pa

from pipelines.force_values import HOME_OFFICE
from pipelines.page import svg
from pipelines.page.outcome_bars import (
    counted,
    decimal,
    force_names,
    outcome_labels,
    outcome_order,
    period_words,
    short_name,
    words_of,
)
from pipelines.page.picture import Picture
from pipelines.plain_text import one_line
from pipelines.schema import ENGLAND_AND_WALES, NO_LEAGUE_TABLE, OUTCOME_PROPORTIONS

KIND = "force_outcomes"
MEASURE = "outcome_proportion"
Row = Mapping[str, Any]
Tables = Mapping[str, pa.Table]

# What stands for a number that is missing.
NO_NUMBER: Mapping[str, str] = {
    "not_printed": "not printed",
    "unassigned": "cannot be known",
    "excluded_by_source": "left out",
    "not_available": "not available",
}
NATIONAL = "England and Wales"
DIFFERENCE = "Difference in percentage points"
# Decimals of what is computed, as the inspectorate's table prints.
DECIMALS = 1

LEFT, RIGHT, LABELS = 6, 240, 10
FORCE_X, NATIONAL_X = 288, svg.WIDTH - 4
INDENT, LINE = 9, 13
TOP, STRIP, GAP = 50, 13, 8
TYPE_BAR, GROUP_BAR, TICK = 6, 10, 13
TYPE_FILL, GROUP_FILL, GRID = "#4F86B0", svg.DARK_BLUE, "#DEE1E4"
# An axis has at most so many steps, each 1, 2 or 5 in some power of ten.
MOST_MARKS = 6
STEPS = [Decimal(digit).scaleb(power) for power in range(-3, 10) for digit in (1, 2, 5)]
ZERO, ONE = Decimal(0), Decimal(1)
DASH = "\N{EN DASH}"
LABEL_LINES = 2


@dataclass(frozen=True)
class _Number:
    """A share in percent as it is shown, or the words that say why there is none."""

    value: Decimal | None
    shown: str


@dataclass(frozen=True)
class _Outcome:
    """One row. ``depth``: how many groups it stands in. ``name`` is its own even where two rows print one ``label``."""

    name: str
    label: str
    row_type: str
    depth: int
    force: _Number
    national: _Number
    where: str

    @property
    def values(self) -> list[Decimal]:
        """The numbers that are there."""
        return [number.value for number in (self.force, self.national) if number.value is not None]

    @property
    def difference(self) -> Decimal | None:
        """The force less England and Wales, in percentage points."""
        if self.force.value is None or self.national.value is None:
            return None
        return self.force.value - self.national.value


@dataclass(frozen=True)
class _Force:
    """What a picture shows: rows of one report, or of one period of open data; ``notes`` are of it alone."""

    force_id: str
    name: str
    outcomes: tuple[_Outcome, ...]
    period: str
    source: str
    notes: tuple[str, ...]


def force_pictures(tables: Tables) -> list[Picture]:
    """A picture for each force with outcomes, in the order of their names: as its latest report prints them, else as
    open data of the latest period has them. ``tables``: the published tables by name."""
    names = force_names(tables)
    types = _Types(tables)
    found = {**_from_open_data(tables, names, types), **_from_reports(tables, names, types)}
    shown = [force for force in found.values() if any(one.force.value is not None for one in force.outcomes)]
    return [_picture(force) for force in sorted(shown, key=lambda force: (force.name, force.force_id))]


# What is shown.


class _Types:
    """What the rows of the outcome tables are called, and where they stand."""

    def __init__(self, tables: Tables) -> None:
        rows = tables["outcome_types"].to_pylist()
        self.names = outcome_labels(rows)
        self.by_id = {row["outcome_id"]: row for row in rows}
        self._order = outcome_order()

    def order(self, row: Row) -> tuple[int, str]:
        """Where the row stands in the table."""
        return self._order.get(row["outcome_id"], len(self._order)), row["outcome_id"]

    def depth(self, row: Row) -> int:
        """In how many groups the row stands; totals are none."""
        depth, seen = 0, {row["outcome_id"]}
        parent = row["parent_id"]
        while parent in self.by_id and parent not in seen:
            seen.add(parent)
            depth += self.by_id[parent]["row_type"] != "total"
            parent = self.by_id[parent]["group_id"]
        return depth

    def outcome(self, row: Row, force: _Number, national: _Number, where: str) -> _Outcome:
        """The row with what is shown of it."""
        known = self.by_id.get(row["outcome_id"])
        label = one_line(known["label"]) if known else words_of(row["outcome_id"])
        name = self.names.get(row["outcome_id"], label)
        depth = self.depth(row)
        # Below its group, the printed label tells two rows of one label apart.
        return _Outcome(name, label if depth else name, row["row_type"], depth, force, national, where)


def _from_reports(tables: Tables, names: Mapping[str, tuple[str, str]], types: _Types) -> dict[str, _Force]:
    columns = ["report_id", "area_code", "outcome_id", "row_type", "parent_id", "period_start", "period_end", "value"]
    columns += ["decimals", "value_status", "line_start", "line_end"]
    by_report: dict[str, list[dict[str, Any]]] = {}
    for row in tables["outcome_proportions"].select(columns).to_pylist():
        by_report.setdefault(row["report_id"], []).append(row)
    by_force: dict[str, list[str]] = {}
    for report_id, rows in sorted(
        by_report.items(), key=lambda one: (max(row["period_end"] for row in one[1]), one[0])
    ):
        for area_code in sorted({row["area_code"] for row in rows if row["value"] is not None} - {ENGLAND_AND_WALES}):
            by_force.setdefault(area_code, []).append(report_id)
    return {
        area_code: _from_report(area_code, reports, by_report[reports[-1]], names, types)
        for area_code, reports in by_force.items()
    }


def _from_report(
    area_code: str, reports: Sequence[str], rows: Sequence[Row], names: Mapping[str, tuple[str, str]], types: _Types
) -> _Force:
    """What the last of the force's reports prints."""
    national = {row["outcome_id"]: row for row in rows if row["area_code"] == ENGLAND_AND_WALES}
    own = sorted((row for row in rows if row["area_code"] == area_code), key=types.order)
    outcomes = []
    for row in own:
        other = national.get(row["outcome_id"])
        beside = _printed(other) if other else _Number(None, NO_NUMBER["not_printed"])
        outcomes.append(types.outcome(row, _printed(row), beside, _lines(row, other)))
    notes = ["Values are shown as printed."]
    if len(reports) > 1:
        others = ", ".join(reports[-2::-1])
        notes.append(f"Shown is the latest of {len(reports)} reports that print it; the others: {others}.")
    force_id, name = names.get(area_code, (area_code.lower(), area_code))
    period = period_words(own[0]["period_start"], own[0]["period_end"])
    return _Force(force_id, name, tuple(outcomes), period, f"printed in {reports[-1]}", tuple(notes))


def _printed(row: Row) -> _Number:
    if row["value"] is None:
        return _Number(None, _no_number(row))
    shown = decimal(row["value"], DECIMALS if row["decimals"] is None else row["decimals"])
    return _Number(Decimal(repr(row["value"])), shown)


def _no_number(row: Row) -> str:
    return NO_NUMBER.get(row["value_status"], words_of(row["value_status"]).lower())


def _lines(row: Row, other: Row | None) -> str:
    """Where the two numbers stand in the report."""
    said = _line_numbers(row)
    if other and _line_numbers(other) != said:
        said += f" and {_line_numbers(other).removeprefix('line ').removeprefix('lines ')}"
        said = said.replace("line ", "lines ", 1)
    return f"{said} of {row['report_id']}"


def _line_numbers(row: Row) -> str:
    first, last = row["line_start"], row["line_end"]
    return f"line {first}" if first == last else f"lines {first}\N{EN DASH}{last}"


def _from_open_data(tables: Tables, names: Mapping[str, tuple[str, str]], types: _Types) -> dict[str, _Force]:
    """Every force's rows of the latest period that it has values of."""
    columns = ["area_code", "outcome_id", "row_type", "parent_id", "period_start", "period_end", "offences"]
    columns += ["offences_recorded", "value", "value_status"]
    by_force: dict[str, dict[date, list[dict[str, Any]]]] = {}
    for row in tables["force_outcomes"].select(columns).to_pylist():
        by_force.setdefault(row["area_code"], {}).setdefault(row["period_end"], []).append(row)
    national = {
        (row["outcome_id"], row["period_end"]): row["computed_value"]
        for row in tables["comparators"].to_pylist()
        if (row["source"], row["measure"]) == (HOME_OFFICE, MEASURE)
    }
    found = {}
    for area_code, periods in by_force.items():
        with_value = [end for end, rows in periods.items() if any(row["value"] is not None for row in rows)]
        rows = sorted(periods[max(with_value or periods)], key=types.order)
        force_id, name = names.get(area_code, (area_code.lower(), area_code))
        outcomes = (
            types.outcome(
                row,
                _computed(row["value"], _no_number(row)),
                _computed(national.get((row["outcome_id"], row["period_end"])), NO_NUMBER["not_available"]),
                _counts(row),
            )
            for row in rows
        )
        notes = (
            "No report of this release prints this for the force: both values are computed here, and rounded to one "
            "decimal; differences are taken before that.",
        )
        period = period_words(rows[0]["period_start"], rows[0]["period_end"])
        found[area_code] = _Force(
            force_id, name, tuple(outcomes), period, "Home Office crime outcomes open data", notes
        )
    return found


def _computed(value: float | None, otherwise: str) -> _Number:
    return _Number(None, otherwise) if value is None else _Number(Decimal(repr(value)), decimal(value, DECIMALS))


def _counts(row: Row) -> str:
    if row["offences"] is None or row["offences_recorded"] is None:
        return "open data"
    return f"open data: {row['offences']:,} of {row['offences_recorded']:,} offences".replace("-", "\N{MINUS SIGN}")


# The picture.


def _picture(force: _Force) -> Picture:
    short = short_name(force.name)
    title = f"{short}: {_largest(force.outcomes)}"
    shapes, height, beyond = _drawn(force, short)
    rows = counted(len(force.outcomes), "row")
    alt = f"{title}. In each of {rows} a bar for the force and a line for England and Wales."
    return Picture(
        id=f"force-outcomes-{force.force_id}",
        kind=KIND,
        subject=force.force_id,
        label=force.name,
        title=title,
        subtitle=f"{OUTCOME_PROPORTIONS.title}: percent, {force.period}. Source: {force.source}.",
        svg=svg.drawing(height, alt, shapes),
        alt=alt,
        notes=tuple(_notes(force, beyond)),
        columns=("Outcome", "Kind of row", short, NATIONAL, DIFFERENCE, "Where"),
        rows=tuple(_table_row(one) for one in force.outcomes),
        numeric=(short, NATIONAL, DIFFERENCE),
    )


def _largest(outcomes: Iterable[_Outcome]) -> str:
    """The type of outcome that differs most, as a fact and no judgment."""
    differences = [(one, one.difference) for one in outcomes if one.row_type == "type" and one.difference is not None]
    if not differences:
        return "no value can be set beside England and Wales"
    one, difference = max(differences, key=lambda pair: abs(pair[1]))
    if not difference:
        return "no difference from England and Wales"
    return (
        f"largest difference from England and Wales is in \N{LEFT SINGLE QUOTATION MARK}{one.name}"
        f"\N{RIGHT SINGLE QUOTATION MARK}: {one.force.shown} against {one.national.shown} percent, "
        f"{decimal(float(abs(difference)), DECIMALS)} percentage points {'above' if difference > 0 else 'below'}"
    )


def _notes(force: _Force, beyond: Sequence[str]) -> Iterable[str]:
    words = dict.fromkeys(
        number.shown for one in force.outcomes for number in (one.force, one.national) if number.value is None
    )
    rows = [one.name for one in force.outcomes if one.force.value is None or one.national.value is None]
    if rows:
        yield f"No bar or line where a number is {' or '.join(words)}: {'; '.join(rows)}."
    if beyond:
        yield f"Only in numbers, since the axis would have to reach them: {'; '.join(beyond)}."
    yield "Groups are bold; the types below a group are parts of it. Parts need not add up, since all are rounded."
    yield from force.notes
    yield from NO_LEAGUE_TABLE


def _table_row(one: _Outcome) -> tuple[str, ...]:
    difference = "" if one.difference is None else decimal(float(one.difference), DECIMALS)
    if one.difference and one.difference > 0 and float(difference):
        difference = f"+{difference}"
    return one.name, one.row_type, one.force.shown, one.national.shown, difference, one.where


# The drawing.


@dataclass(frozen=True)
class _Axis:
    """From percent to places: ``lowest`` to ``highest``, zero among them, with a mark at each ``step``."""

    lowest: Decimal
    highest: Decimal
    step: Decimal

    def __call__(self, value: Decimal) -> str:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return svg.number(round(LEFT + (RIGHT - LEFT) * float(share), 1))

    def __contains__(self, value: Decimal) -> bool:
        return self.lowest <= value <= self.highest

    @property
    def marks(self) -> list[Decimal]:
        """Where the axis is marked: at whole steps."""
        first, last = self.lowest / self.step, self.highest / self.step
        whole = range(int(first.to_integral(ROUND_CEILING)), int(last.to_integral(ROUND_FLOOR)) + 1)
        return [n * self.step for n in whole]


def _axis(outcomes: Sequence[_Outcome]) -> _Axis:
    """An axis that holds every row but totals larger than all else: they would press the others together."""
    parts = [abs(value) for one in outcomes if one.row_type != "total" for value in one.values]
    most = max(parts) if parts else None
    held = [value for one in outcomes for value in one.values if most is None or abs(value) <= most]
    lowest, highest = min(ZERO, *held, ZERO), max(ZERO, *held, ZERO)
    highest = highest if highest > lowest else ONE
    return _Axis(lowest, highest, next((step for step in STEPS if (highest - lowest) / step <= MOST_MARKS), STEPS[-1]))


def _drawn(force: _Force, short: str) -> tuple[list[svg.Element], float, list[str]]:
    """The shapes, their height, and the names of the rows that the axis does not reach."""
    axis = _axis(force.outcomes)
    words: dict[str, list[svg.Element]] = {"labels": [], "force": [], "national": [], "said": []}
    paths = dict.fromkeys(("rules", "types", "groups", "lines"), "")
    beyond = []
    y = TOP
    for one in force.outcomes:
        if not one.depth:
            paths["rules"] += f"M0 {y + 1}H{svg.WIDTH}"
        is_bold = one.row_type != "type"
        indent = LABELS + INDENT * one.depth
        for line in _wrapped(one.label, svg.WIDTH - indent - LEFT, is_bold):
            y += LINE
            words["labels"].append(svg.label(indent, y, line, **({"font_weight": "bold"} if is_bold else {})))
        words["force"].append(svg.label(FORCE_X, y + STRIP, one.force.shown if one.force.value is not None else DASH))
        words["national"].append(
            svg.label(NATIONAL_X, y + STRIP, one.national.shown if one.national.value is not None else DASH)
        )
        if any(value not in axis for value in one.values):
            beyond.append(one.name)
            words["said"].append(svg.label(LABELS, y + STRIP, "only in numbers"))
        else:
            if one.force.value is None:
                words["said"].append(svg.label(LABELS, y + STRIP, _said(one, short)))
            else:
                paths["groups" if is_bold else "types"] += _bar(
                    one.force.value, axis, y, GROUP_BAR if is_bold else TYPE_BAR
                )
            if one.national.value is not None:
                paths["lines"] += f"M{axis(one.national.value)} {y + 3}v{TICK}"
        y += STRIP + GAP
    return [*_scale_drawn(axis, y), *_rows_drawn(words, paths), *_legend(short)], y, beyond


def _said(one: _Outcome, short: str) -> str:
    """What stands for a bar that cannot be drawn."""
    if one.national.value is None and one.national.shown == one.force.shown:
        return one.force.shown
    return f"{svg.fit(short, 100, svg.SMALL)}: {one.force.shown}"


def _bar(value: Decimal, axis: _Axis, y: int, thick: int) -> str:
    top = svg.number(y + 3 + (TICK - thick) / 2)
    return f"M{axis(ZERO)} {top}H{axis(value)}v{thick}H{axis(ZERO)}z"


def _wrapped(label: str, width: float, is_bold: bool) -> list[str]:
    """The label on at most two lines."""
    label = label[: 8 * svg.WIDTH]
    most = int(width / svg.width_of("m", svg.SMALL, is_bold))
    lines = wrap(label, most)
    if len(lines) > LABEL_LINES:
        rest = " ".join(lines[LABEL_LINES - 1 :])
        return [*lines[: LABEL_LINES - 1], svg.fit(rest, width, svg.SMALL, is_bold)]
    return lines or [""]


def _scale_drawn(axis: _Axis, height: int) -> list[svg.Element]:
    """The marks of the axis with their numbers, and zero as a darker line."""
    decimals = max(0, -int(axis.step.normalize().as_tuple().exponent))
    grid = "".join(f"M{axis(mark)} {TOP}V{height}" for mark in axis.marks)
    numbers = [svg.label(float(axis(mark)), TOP - 5, decimal(float(mark), decimals)) for mark in axis.marks]
    return [
        svg.shape("path", d=grid, stroke=GRID),
        svg.shape("path", d=f"M{axis(ZERO)} {TOP}V{height}", stroke=svg.DARK_GREY),
        svg.group(numbers, font_size=svg.SMALL, fill=svg.DARK_GREY, text_anchor="middle"),
    ]


def _rows_drawn(words: Mapping[str, list[svg.Element]], paths: Mapping[str, str]) -> list[svg.Element]:
    """Bars as one path of each kind, lines on top of them with white beside, words in front of the axis's marks."""
    halo: dict[str, str | float] = {"stroke": svg.PAPER, "stroke_width": 3, "paint_order": "stroke"}
    small: dict[str, str | float] = {"font_size": svg.SMALL, "fill": svg.INK}
    return [
        svg.shape("path", d=paths["rules"], stroke=svg.RULE),
        svg.shape("path", d=paths["types"], fill=TYPE_FILL),
        svg.shape("path", d=paths["groups"], fill=GROUP_FILL),
        svg.shape("path", d=paths["lines"], stroke=svg.PAPER, stroke_width=3),
        svg.shape("path", d=paths["lines"], stroke=svg.DARK_PINK, stroke_width=2),
        svg.group(words["labels"], **small, **halo),
        svg.group(words["said"], **{**small, "fill": svg.DARK_GREY}, **halo, font_style="italic"),
        svg.group(words["force"], **small, text_anchor="end", font_weight="bold"),
        svg.group(words["national"], **small, text_anchor="end"),
    ]


def _legend(short: str) -> list[svg.Element]:
    """What the bar and the line are, and the headings of the two columns of numbers."""
    name = svg.fit(short, 132, svg.SMALL, is_bold=True)
    x = LEFT + 22 + svg.width_of(name, svg.SMALL, is_bold=True) + 14
    return [
        svg.shape("path", d=f"M{LEFT} 4h16v{GROUP_BAR}h-16z", fill=GROUP_FILL),
        svg.text(LEFT + 22, 13, name, svg.SMALL, font_weight="bold"),
        svg.shape("path", d=f"M{svg.number(x)} 2v{TICK}", stroke=svg.DARK_PINK, stroke_width=2),
        svg.text(round(x + 7, 1), 13, NATIONAL, svg.SMALL),
        svg.text(LEFT, TOP - 19, "Percent", svg.SMALL, svg.DARK_GREY),
        svg.text(FORCE_X, TOP - 5, "Force", svg.SMALL, text_anchor="end", font_weight="bold"),
        svg.text(NATIONAL_X, TOP - 5, "E&W", svg.SMALL, text_anchor="end"),
    ]

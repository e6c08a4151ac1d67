"""For an outcome or a type of crime: all forces as sorted bars, with England and Wales and the quarters.

Belongs here: which pictures there are, what each says in words, and how bars are laid out. Does not belong here: ranks,
quarters and England and Wales themselves (``methodology``), and which force is picked out (the page sets the class
``picked`` on the group of its bar; the arrow in it is then to be made visible, and its words bold).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import pyarrow as pa

from pipelines.force_values import (
    ALL,
    HOME_OFFICE,
    ONS,
    PRINTED_TABLES,
    REPORTS,
    Group,
    Value,
    agreed_value,
    one_group_a_period,
    one_value_a_force,
    open_data_groups,
    printed_groups,
)
from pipelines.observations import FACT_TABLES
from pipelines.page import svg
from pipelines.page.picture import Picture
from pipelines.periods import MONTH_NUMBERS, twelve_months_to
from pipelines.plain_text import one_line
from pipelines.reference import load
from pipelines.schema import ENGLAND_AND_WALES, NO_LEAGUE_TABLE, TABLES, VALUE_STATUSES

KIND = "outcome_bars"
Row = Mapping[str, Any]
Tables = Mapping[str, pa.Table]
# Source, measure, outcome or crime type, last day: what one picture is of.
Place = tuple[str, str, str, date]

# Sources in the order of their pictures: open data has more forces.
SOURCES: Mapping[str, str] = {HOME_OFFICE: "Home Office open data", ONS: "ONS open data", REPORTS: "printed in reports"}
# Blocks of bars in their order, and how they are headed.
BLOCKS: Mapping[str | None, str] = {
    "highest": "Highest quarter",
    "in_line": "In line",
    "lowest": "Lowest quarter",
    None: "Not ranked",
}
COLUMNS = ("Force", "Value", "Rank", "Quarter", "Note")
NO_ROW = "no value of theirs is in this release for this period"
# Names that a note holds; the data table has all.
MOST_NAMES = 12

LIGHT, TINT = "#79B", "#EEF3F7"
NAMES_END, BARS_START, BARS_END = 135, 139, svg.WIDTH - 4.0
PITCH, THICK, SPACE = 15, 11, 2
TOP, HEADING, GAP = 20.0, 18.0, 5.0


@dataclass(frozen=True)
class _Bar:
    """A force with a value; ``shown`` is the value in words, ``band`` and ``rank`` are null where it is not ranked."""

    slug: str
    name: str
    value: float
    shown: str
    band: str | None
    rank: int | None
    note: str


@dataclass(frozen=True)
class _National:
    """England and Wales: the value, in words, and how it came about; ``value`` is null where there is none."""

    value: float | None
    shown: str
    how: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Shown:
    """What one picture shows: bars in their order, forces without one by reason, and England and Wales."""

    bars: tuple[_Bar, ...]
    missing: Mapping[str, tuple[str, ...]]
    national: _National
    ranked: int
    decimals: int | None
    reasons: tuple[str, ...]


def outcome_pictures(tables: Tables) -> list[Picture]:
    """A picture for each source, measure and outcome (or crime type) of which a force has a value, outcomes first.

    ``tables``: the published tables by name. Shown is the latest period of which a report of this release prints a
    value, else the latest there is. The total that shares are taken of is left out: it is 100 for every force.
    """
    ranks = tables["quartile_ranks"].to_pylist()
    if not ranks:
        return []
    world = _World(tables)
    places = _places(ranks, world.printed)
    pictures = (_picture(place, places[place], world) for place in sorted(places, key=world.order))
    return [picture for picture in pictures if picture is not None]


# Words that this page's other pictures of outcomes use, too.


def force_names(tables: Tables) -> dict[str, tuple[str, str]]:
    """force_id and name of each force of the table forces, by area_code, in its order."""
    rows = tables["forces"].select(["area_code", "force_id", "area_type", "name_hmic"]).to_pylist()
    return {
        row["area_code"]: (row["force_id"] or row["area_code"].lower(), one_line(row["name_hmic"]))
        for row in rows
        if row["area_type"] == "police_force_area"
    }


def short_name(name: str) -> str:
    """A force's name without the word that says it is a force."""
    for ending in (" Police Service", " Police", " Constabulary"):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name


def outcome_labels(rows: Iterable[Row]) -> dict[str, str]:
    """A name of its own for each row of outcome_types: the official one where two print one label."""
    rows = list(rows)
    printed = [row["label"] for row in rows]
    return {
        row["outcome_id"]: one_line(
            (row["official_name"] or row["label"]) if printed.count(row["label"]) > 1 else row["label"]
        )
        for row in rows
    }


def outcome_order() -> dict[str, int]:
    """Place of each outcome in the inspectorate's tables, as the reference file has them."""
    return {row["outcome_id"]: n for n, row in enumerate(load("outcome_types"))}


def words_of(identifier: str) -> str:
    """An identifier in words."""
    words = identifier.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def decimal(value: float, decimals: int) -> str:
    """A number with so many decimals and a true minus sign; what rounds to zero has none."""
    words = f"{value:.{decimals}f}"
    if float(words) == 0:
        words = words.removeprefix("-")
    return words.replace("-", "\N{MINUS SIGN}")


def period_words(start: date, end: date) -> str:
    """A period in words: twelve months are said by their end."""
    if start == end:
        return _day(end)
    if twelve_months_to(end)[0] == start:
        return f"twelve months to {_day(end)}"
    return f"{_day(start)} to {_day(end)}"


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day(day: date) -> str:
    return f"{day.day} {list(MONTH_NUMBERS)[day.month - 1]} {day.year}"


# What the tables say.


class _World:
    """What is looked up for more than one picture."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.forces = force_names(tables)
        outcomes = tables["outcome_types"].to_pylist()
        self.outcomes = outcome_labels(outcomes)
        self.wholes = {row["outcome_id"] for row in outcomes if row["row_type"] == "total" and row["group_id"] is None}
        self.measures = {row["measure_id"]: row for row in tables["measures"].to_pylist()}
        self.comparators = {_place(row): row for row in tables["comparators"].to_pylist()}
        self.sources = next(
            column.allowed or {} for column in TABLES["quartile_ranks"].columns if column.name == "source"
        )
        self.printed = _by_place(printed_groups(_rows(tables, ["reports", *PRINTED_TABLES, "statistics"])))
        self._opened: dict[Place, tuple[Group, dict[str, Value]]] | None = None
        self._outcome_order = outcome_order()
        self._measure_order = {table.measure_id: n for n, table in enumerate(FACT_TABLES) if table.measure_id}

    def values(self, place: Place) -> dict[str, Value]:
        """What the tables that ranks come from have for the forces, ranked or not."""
        found = self.printed if place[0] == REPORTS else self._open_data()
        return found[place][1] if place in found else {}

    def national_as_printed(self, place: Place) -> Value | None:
        """What reports print for England and Wales, where they agree."""
        if place not in self.printed:
            return None
        group = self.printed[place][0]
        copies = [value for value in group.by_category[place[2]] if value.area_code == ENGLAND_AND_WALES]
        return agreed_value(copies) if copies else None

    def _open_data(self) -> dict[Place, tuple[Group, dict[str, Value]]]:
        # Looked at only where forces are not ranked: else the ranks have every value.
        if self._opened is None:
            self._opened = _by_place(open_data_groups(_rows(self.tables, ["force_outcomes", "force_crime_rates"])))
        return self._opened

    def order(self, place: Place) -> tuple[Any, ...]:
        """Outcomes in the order of their tables, then crimes; of one outcome, sources in their order."""
        source, measure, outcome_id, _ = place
        sources = list(SOURCES)
        return (
            self._measure_order.get(measure, len(self._measure_order)),
            measure,
            self._outcome_order.get(outcome_id, len(self._outcome_order)),
            outcome_id,
            sources.index(source) if source in sources else len(sources),
            source,
        )

    def name(self, measure: str, outcome_id: str, unit: str) -> str:
        """What a picture is of; a measure without categories is called by its name, less its unit."""
        if outcome_id != ALL:
            return self.outcomes.get(outcome_id) or words_of(outcome_id)
        row = self.measures.get(measure)
        name = one_line(row["name"]) if row else words_of(measure)
        return name.removesuffix(unit).strip() or name

    def short(self, area_code: str) -> str:
        return short_name(self.forces[area_code][1]) if area_code in self.forces else area_code


def _rows(tables: Tables, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows of tables, with the columns alone that values are made of."""
    wanted = {
        "report_id", "programme_id", "area_code", "outcome_id", "crime_type_id", "measure_id", "period_start",
        "period_end", "value", "unit", "decimals", "value_status", "offences", "offences_recorded", "population",
    }  # fmt: skip
    return {
        name: tables[name].select([one for one in tables[name].column_names if one in wanted]).to_pylist()
        for name in names
    }


def _place(row: Row) -> Place:
    return row["source"], row["measure"], row["outcome_id"], row["period_end"]


def _by_place(groups: Iterable[Group]) -> dict[Place, tuple[Group, dict[str, Value]]]:
    kept, _ = one_group_a_period(groups)
    return {
        (group.source, group.measure, category, group.period_end): (group, one_value_a_force(group, category)[0])
        for group in kept
        for category in group.by_category
    }


def _places(ranks: Iterable[Row], printed: Mapping[Place, tuple[Group, dict[str, Value]]]) -> dict[Place, list[Row]]:
    """Rows of the one period of each source, measure and outcome that is shown."""
    said = {
        (measure, outcome_id, end)
        for (_, measure, outcome_id, end), (group, _) in printed.items()
        if any(value.value is not None for value in group.by_category[outcome_id])
    }
    by_place: dict[Place, list[Row]] = {}
    for row in ranks:
        by_place.setdefault(_place(row), []).append(row)
    latest: dict[tuple[str, ...], Place] = {}
    for place in sorted(by_place, key=lambda one: (one[1:] in said, one[3])):
        latest[place[:3]] = place
    return {place: by_place[place] for place in latest.values()}


# What is shown.


def _shown(place: Place, rows: Sequence[Row], world: _World) -> _Shown:
    looked_up = place[0] == REPORTS or any(_is_only_unranked(row) for row in rows)
    values = world.values(place) if looked_up else {}
    found: list[tuple[Row, float, int | None]] = []
    without: dict[str, list[str]] = {}
    for row in rows:
        value = values.get(row["area_code"])
        number = row["value"]
        if number is None and value and _is_only_unranked(row):
            number = value.value
        if number is None:
            reason = one_line(row["reason"] or VALUE_STATUSES[row["value_status"]])
            without.setdefault(reason, []).append(row["area_code"])
        else:
            found.append((row, number, value.decimals if value and place[0] == REPORTS else None))
    absent = world.forces.keys() - {row["area_code"] for row in rows}
    if absent:
        without.setdefault(NO_ROW, []).extend(absent)
    decimals = None if place[0] == REPORTS else _decimals([number for _, number, _ in found])
    bars = [_bar(row, number, own if own is not None else decimals, world) for row, number, own in found]
    blocks = list(BLOCKS)
    reasons = {one_line(row["reason"]): None for row, _, _ in found if row["reason"]}
    return _Shown(
        bars=tuple(sorted(bars, key=lambda bar: (blocks.index(bar.band), -bar.value, bar.name, bar.slug))),
        missing={
            reason: tuple(sorted(areas, key=lambda area: (world.short(area), area)))
            for reason, areas in sorted(without.items())
        },
        national=_national(place, decimals, world),
        ranked=sum(bar.rank is not None for bar in bars),
        decimals=decimals,
        reasons=tuple(reasons),
    )


def _is_only_unranked(row: Row) -> bool:
    """Whether a value may be shown although it is not ranked: too few forces have one."""
    return bool(row["value"] is None and row["value_status"] == "not_available")


def _decimals(values: Iterable[float]) -> int:
    """Decimals of computed values: one, as reports print, and more where the largest would have but one digit."""
    largest = max(map(abs, values), default=0)
    return 1 if largest >= 1 or not largest else 2 if largest >= 0.1 else 3


def _bar(row: Row, value: float, decimals: int | None, world: _World) -> _Bar:
    slug, name = world.forces.get(row["area_code"], (row["area_code"].lower(), row["area_code"]))
    shown = decimal(value, decimals if decimals is not None else _printed_decimals(value))
    return _Bar(slug, name, value, shown, row["band"], row["rank"], one_line(row["reason"] or ""))


def _printed_decimals(value: float) -> int:
    return min(len(repr(value).partition(".")[2]), 4)


def _national(place: Place, decimals: int | None, world: _World) -> _National:
    """Reports are set beside what they print, open data beside what is computed from it."""
    row = world.comparators.get(place)
    if row is None:
        return _National(None, "", "", ("No line for England and Wales: the table comparators has no row of it.",))
    printed, computed = row["published_value"], row["computed_value"]
    left_out = [_left_out(row["exclusions"], world)] if row["exclusions"] else []
    if printed is not None and (place[0] == REPORTS or computed is None):
        value = world.national_as_printed(place)
        digits = value.decimals if value and value.decimals is not None else _printed_decimals(printed)
        said = "England and Wales: as printed in reports of this release."
        return _National(printed, decimal(printed, digits), "printed", (said, *left_out))
    if computed is None:
        why = one_line(row["reason"] or VALUE_STATUSES[row["value_status"]])
        return _National(None, "", "", (f"No line for England and Wales: {why}.",))
    origin = "printed values" if place[0] == REPORTS else SOURCES.get(place[0], words_of(place[0]))
    said = f"England and Wales: computed here from {origin} of {counted(row['forces_used'], 'force')}"
    if row["method"] == "mean_of_forces":
        said += ", as the plain mean of their rates"
    if printed is not None:
        said += f"; reports print {decimal(printed, _printed_decimals(printed))} for the same period"
    shown = decimal(computed, 1 if decimals is None else decimals)
    return _National(computed, shown, "computed", (f"{said}.", *left_out))


def _left_out(exclusions: str, world: _World) -> str:
    """The exclusions of a comparator, forces by name."""
    said = []
    for part in one_line(exclusions).split("; "):
        area_code, _, reason = part.partition(": ")
        said.append(f"{world.short(area_code)} ({reason})" if reason else part)
    return f"Left out of England and Wales: {'; '.join(said)}."


# The picture.


def _picture(place: Place, rows: Sequence[Row], world: _World) -> Picture | None:
    source, measure, outcome_id, end = place
    if outcome_id in world.wholes:
        return None
    shown = _shown(place, rows, world)
    if not shown.bars:
        return None
    unit = one_line(rows[0]["unit"])
    name = world.name(measure, outcome_id, unit)
    period = period_words(rows[0]["period_start"], end)
    row = world.measures.get(measure)
    what = f"{one_line(row['meaning'])}; {unit}" if row else words_of(unit)
    title = f"{name}: {_range_words(shown, unit)}"
    # What follows the comma says how it is ranked and rounded: the notes do.
    origin = one_line(world.sources.get(source, words_of(source)))
    alt = f"{title}. {_blocks_words(shown)}"
    slug = "-".join((source, measure, outcome_id, end.isoformat())).replace("_", "-")
    return Picture(
        id=f"outcome-bars-{slug}",
        kind=KIND,
        subject=slug,
        label=f"{name}, {unit}",
        group=f"{SOURCES.get(source, words_of(source))}, {period}",
        title=title,
        subtitle=f"{what}, {period}. Source: {origin.partition(',')[0]}.",
        svg=_drawn(shown, alt),
        alt=alt,
        notes=tuple(_notes(shown, world)),
        columns=COLUMNS,
        rows=tuple(_table(shown, world)),
        numeric=("Value", "Rank"),
    )


def _range_words(shown: _Shown, unit: str) -> str:
    """From which to which value; England and Wales."""
    highest, lowest = max(shown.bars, key=lambda bar: bar.value), min(shown.bars, key=lambda bar: bar.value)
    if len(shown.bars) == 1:
        words = f"{short_name(highest.name)} {highest.shown} {unit}, the one force shown"
    elif highest.value == lowest.value:
        words = f"all {len(shown.bars)} forces shown have {highest.shown} {unit}"
    else:
        words = f"{len(shown.bars)} forces range from {lowest.shown} to {highest.shown} {unit}"
    return f"{words}; England and Wales {shown.national.shown}" if shown.national.value is not None else words


def _blocks_words(shown: _Shown) -> str:
    """The bars in words, for those who do not see them: the data table has each."""
    parts = []
    for band, found in groupby(shown.bars, key=lambda bar: bar.band):
        bars = list(found)
        first, last = (f"{short_name(bar.name)} {bar.shown}" for bar in (bars[0], bars[-1]))
        forces = f"{counted(len(bars), 'force')}, {first}" + (f" to {last}" if len(bars) > 1 else "")
        parts.append(f"{BLOCKS[band]}: {forces}" if shown.ranked else forces)
    return f"Bars of the forces, highest value first. {'. '.join(parts)}."


def _notes(shown: _Shown, world: _World) -> Iterable[str]:
    known = max(len(world.forces), len(shown.bars) + sum(map(len, shown.missing.values())))
    yield f"Shown: {len(shown.bars)} of {known} forces."
    for reason, areas in shown.missing.items():
        names = ", ".join(map(world.short, areas)) if len(areas) <= MOST_NAMES else "the table names them"
        yield f"Not shown: {len(areas)} ({names}) because {reason}."
    if shown.ranked:
        most = shown.ranked // 4
        yield (
            f"A quarter of the {shown.ranked} forces ranked is {most}, rounded down; forces with one value stay "
            "together, so a quarter may hold fewer. In line: in neither quarter."
        )
    yield from (f"{words_of(reason)}." for reason in shown.reasons)
    yield from shown.national.notes
    if shown.decimals is not None:
        digits = "one decimal" if shown.decimals == 1 else f"{shown.decimals} decimals"
        yield f"Values are computed, and rounded to {digits} here; the files have them unrounded."
    else:
        yield "Values are shown as printed."
    yield from NO_LEAGUE_TABLE


def _table(shown: _Shown, world: _World) -> Iterable[tuple[str, ...]]:
    for bar in shown.bars:
        yield bar.name, bar.shown, str(bar.rank or ""), BLOCKS[bar.band] if bar.band else "", bar.note
    for reason, areas in shown.missing.items():
        for area_code in areas:
            name = world.forces[area_code][1] if area_code in world.forces else area_code
            yield name, "not shown", "", "", words_of(reason)
    if shown.national.value is not None:
        yield "England and Wales", shown.national.shown, "", "", words_of(shown.national.how)


# The drawing.


@dataclass(frozen=True)
class _Scale:
    """From values to places; zero is always on it."""

    lowest: float
    highest: float
    end: float

    def __call__(self, value: float) -> float:
        width = self.highest - self.lowest
        return BARS_START + (self.end - BARS_START) * ((value - self.lowest) / width if width else 0)


def _drawn(shown: _Shown, alt: str) -> str:
    values = [bar.value for bar in shown.bars] + [v for v in [shown.national.value] if v is not None]
    room = max(svg.width_of(bar.shown, svg.SMALL, is_bold=True) for bar in shown.bars) + 4
    scale = _Scale(min(0.0, *values), max(0.0, *values), BARS_END - room)
    line = None if shown.national.value is None else scale(shown.national.value)
    behind: list[svg.Element] = []
    bars: list[svg.Element] = []
    lines: list[tuple[float, float]] = []
    y = TOP if line is not None else 4.0
    for band, found in groupby(shown.bars, key=lambda bar: bar.band):
        block = list(found)
        if shown.ranked:
            behind += _heading(band, len(block), y)
            y += HEADING
        lines.append((y, y + PITCH * len(block)))
        for bar in block:
            bars.append(_bar_drawn(bar, y, scale, line))
            y += PITCH
        y += GAP
    zero = scale(0)
    behind += [svg.shape("path", d=_verticals(zero, lines), stroke=svg.DARK_GREY)]
    front = _national_drawn(line, lines, shown.national) if line is not None else []
    return svg.drawing(y, alt, [*behind, svg.group(bars, font_size=svg.SMALL, fill=svg.INK), *front])


def _verticals(x: float, lines: Iterable[tuple[float, float]]) -> str:
    return "".join(f"M{svg.number(x)} {svg.number(first)}V{svg.number(last)}" for first, last in lines)


def _heading(band: str | None, forces: int, y: float) -> list[svg.Element]:
    """The words above a block; the quarters stand on a tint."""
    words = f"{BLOCKS[band]}: {counted(forces, 'force')}"
    height = HEADING + PITCH * forces
    fill = TINT if band in ("highest", "lowest") else svg.PAPER
    return [
        svg.shape("rect", x=0, y=y, width=svg.WIDTH, height=height, fill=fill),
        svg.shape("path", d=f"M0 {svg.number(y)}H{svg.WIDTH}", stroke=svg.RULE),
        svg.text(4, y + 13, words, svg.TEXT, font_weight="bold"),
    ]


def _bar_drawn(bar: _Bar, y: float, scale: _Scale, line: float | None) -> svg.Element:
    """A bar with its words and the arrow that is only seen when the page picks it out."""
    left, right = sorted((scale(0), scale(bar.value)))
    base, top = y + 11, y + SPACE
    x = round(right + 3, 1)
    width = svg.width_of(bar.shown, svg.SMALL, is_bold=True)
    if line is not None and x - 4 < line < x + width + 2:
        x = round(line + 4, 1)
    name = svg.fit(short_name(bar.name), NAMES_END - 12, svg.SMALL, is_bold=True)
    return svg.group(
        [
            svg.shape("path", d=f"M0 {svg.number(top)}l7 5.5-7 5.5z", opacity=0),
            svg.label(NAMES_END, base, name, text_anchor="end"),
            svg.shape("rect", x=round(left, 1), y=top, width=round(right - left, 1), height=THICK, fill=LIGHT),
            svg.label(x, base, bar.shown),
        ],
        class_="bar",
        data_force=bar.slug,
    )


def _national_drawn(line: float, lines: Sequence[tuple[float, float]], national: _National) -> list[svg.Element]:
    """A line through all blocks, with white beside it so that it is seen on dark bars, and its words on top."""
    words = f"England and Wales {national.shown}, {national.how}"
    half = svg.width_of(words, svg.SMALL, is_bold=True) / 2
    middle = min(max(line, half + 2), svg.WIDTH - half - 2)
    path = _verticals(line, [(TOP - 5, lines[0][0]), *lines] if len(lines) == 1 else lines)
    return [
        svg.shape("path", d=path, stroke=svg.PAPER, stroke_width=3),
        svg.shape("path", d=path, stroke=svg.DARK_PINK, stroke_width=2, stroke_dasharray="5 2"),
        svg.shape("path", d=f"M{svg.number(line - 4)} {svg.number(TOP - 7)}h8l-4 6z", fill=svg.DARK_PINK),
        svg.text(middle, TOP - 9, words, svg.SMALL, svg.DARK_PINK, text_anchor="middle", font_weight="bold"),
    ]

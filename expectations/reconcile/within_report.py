"""Rules across the places of one report that print the same thing: prose and table, prose twice, words and numbers.

Belongs here: what a report says more than once or in two ways. Does not belong here: judgments in summary and section
(``pipelines.extract.judgments`` publishes a grade only where both agree), arithmetic within a table (``within_table``),
and what other reports say (``across_reports``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from expectations.reconcile.numbers import Printed, exact, printed
from expectations.reconcile.rule import REPORT, Offence, ReconcileRule, Row, Tables, lines_of
from expectations.suites import WARNING
from pipelines.schema import ENGLAND_AND_WALES

# The same number in prose and in a printed table: measure to table and rows. A heading that has one row under it may be
# printed without a number: then the row has it.
PRINTED_IN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "evidential_difficulties_victim_does_not_support": (
        "outcome_proportions",
        ("evidential_victim_does_not_support",),
    ),
    "evidential_difficulties_victim_supports": (
        "outcome_proportions",
        ("evidential_victim_supports", "evidential_suspect_identified_victim_supports"),
    ),
    "recorded_crime_rate": ("crime_rates", ("recorded_crime_excluding_fraud",)),
    "victim_based_crime_rate": ("crime_rates", ("victim_based_crime",)),
}
CATEGORY = {
    "outcome_proportions": "outcome_id",
    "domestic_abuse_outcomes": "outcome_id",
    "crime_rates": "crime_type_id",
}
# A band is said of numbers that stand at most so many lines from its own.
NEAR = 6
# "In line with" has no defined limit; a value this many times the other is not in line with it in anyone's words.
FAR_FROM_IN_LINE = Decimal("1.5")
LOWEST, HIGHEST = "_lowest_force", "_highest_force"
# The two ends of a range are two measures.
ENDS = ((LOWEST, HIGHEST), ("_range_low", "_range_high"))
CHANGE = "_change"
# Measures of which the first is at most the second, by what they mean: a part and its whole, or one person a household.
WITHIN: Mapping[str, str] = {
    "victim_based_crime_rate": "recorded_crime_rate",
    "households_served": "population_served",
    "neighbourhood_policing_officers": "police_officers",
    "policing_sectors": "neighbourhoods_identified",
    "anti_social_behaviour_crimes_recorded": "anti_social_behaviour_incidents_with_crime",
}
# One rate printed per 1,000 and per 100,000 people is two measures: their endings, and how often the one is the other.
BASES = ("_per_1000", "_per_100000", 100)
MILLION = "million "

PERIOD = ("period_start", "period_end", "compared_with_start", "compared_with_end")

Period = tuple[date | None, ...]


@dataclass(frozen=True)
class Said:
    """A number that a report states: in which row of which table, and of which period (None: it states none)."""

    table: str
    row: Row
    number: Printed
    period: Period | None

    @property
    def where(self) -> str:
        """Place and number in words."""
        return f"{self.number} on {lines_of(self.row)}"


def period_of(row: Row) -> Period | None:
    """The period of a row, and of what it is compared with; None where the text states none."""
    if row["period_end"] is None:
        return None
    return tuple(map(row.get, PERIOD))


def by_period(said: Iterable[Said]) -> list[list[Said]]:
    """Statements of one thing that are of one period.

    One that states no period is held against the only period that the others state; where they state several, it
    stands alone.
    """
    found: dict[Period | None, list[Said]] = defaultdict(list)
    for one in said:
        found[one.period].append(one)
    if len(found) == 2 and None in found:
        return [[one for group in found.values() for one in group]]
    stray = found.pop(None, []) if len(found) > 1 else []
    return [*found.values(), *([one] for one in stray)]


def most_agreed(said: Sequence[Said]) -> Said:
    """The statement that most of the others agree with; of equals the most precise, then the first in the text."""

    def rank(one: Said) -> tuple[int, int, int]:
        agreeing = sum(one.number.agrees_with(other.number) for other in said)
        return agreeing, one.number.decimals, -int(one.row["line_start"])

    return max(said, key=rank)


def statements(tables: Tables) -> dict[tuple[str, str, str], list[Said]]:
    """Every number of ``statistics``, by report, measure and area."""
    found: dict[tuple[str, str, str], list[Said]] = defaultdict(list)
    for row in tables["statistics"]:
        if (number := printed(row)) is not None:
            key = (row["report_id"], row["measure_id"], row["area_code"])
            found[key].append(Said("statistics", row, number, period_of(row)))
    return found


def cells(tables: Tables) -> dict[tuple[str, str, str, str], Said]:
    """Every number of a printed table by report, area, table and category."""
    found = {}
    for name, column in CATEGORY.items():
        for row in tables.get(name, ()):
            if (number := printed(row)) is not None:
                key = (row["report_id"], row["area_code"], name, row[column])
                found[key] = Said(name, row, number, period_of(row))
    return found


def _repeats(tables: Tables) -> Iterator[Offence]:
    in_tables = cells(tables)
    changes = {row["measure_id"] for row in tables["measures"] if row["kind"] == "change"}
    for (report_id, measure_id, area_code), said in statements(tables).items():
        table, categories = PRINTED_IN.get(measure_id, ("", ()))
        keys = ((report_id, area_code, table, category) for category in categories)
        same = [*said, *(in_tables[key] for key in keys if key in in_tables)]
        units = {one.row["unit"] for one in same} if measure_id in changes else {None}
        for unit in sorted(units, key=str):
            # A change in percent and one in percentage points are two numbers.
            for group in by_period(one for one in same if unit is None or one.row["unit"] == unit):
                yield from _disagreeing(group)


def _disagreeing(said: Sequence[Said]) -> Iterator[Offence]:
    if len(said) < 2:
        return
    model = most_agreed(said)
    for one in said:
        directions = {one.row.get("direction"), model.row.get("direction")} - {None}
        if one.number.agrees_with(model.number) and len(directions) < 2:
            continue
        unsure = "" if None not in (one.period, model.period) else " (one of them states no period)"
        expected, found = (f"{each.row.get('direction') or ''} {each.number}".strip() for each in (model, one))
        says = f"{found} here, but {expected} in {model.table}, {lines_of(model.row)}, for the same{unsure}"
        yield Offence(one.row, says, expected, found, table=one.table)


def _ranges(tables: Tables) -> Iterator[Offence]:
    """Values of one force outside the range that the report prints for all forces."""
    said = statements(tables)
    values: dict[tuple[str, str, Period | None], list[Said]] = defaultdict(list)
    for (report_id, measure_id, _), found in said.items():
        for one in found:
            values[(report_id, measure_id, one.period)].append(one)
    for (report_id, measure_id, period), ends in list(values.items()):
        for suffix, limit in ((LOWEST, "at least"), (HIGHEST, "at most")):
            if not measure_id.endswith(suffix):
                continue
            for end, value in product(ends, values.get((report_id, measure_id.removesuffix(suffix), period), ())):
                low, high = (value, end) if suffix == LOWEST else (end, value)
                if low.number.is_below(high.number):
                    says = f"{value.number}, but the report's range of all forces is {limit} {end.where}"
                    yield Offence(value.row, says, f"{limit} {end.number}", str(value.number))


def _ends(tables: Tables) -> Iterator[Offence]:
    """Ranges whose lower end is above the upper one."""
    said = statements(tables)
    for (report_id, measure_id, area_code), lows in said.items():
        for low_end, high_end in ENDS:
            if not measure_id.endswith(low_end):
                continue
            highs = said.get((report_id, measure_id.removesuffix(low_end) + high_end, area_code), ())
            for low, high in product(lows, highs):
                if low.period == high.period and high.number.is_below(low.number):
                    says = f"the lower end of the range is {low.where}, the upper end {high.where}"
                    yield Offence(low.row, says, f"at most {high.number}", str(low.number))


def _wholes(tables: Tables) -> Iterator[Offence]:
    """Parts that are more than their whole; of the same period, or one of them states none."""
    said = statements(tables)
    for (report_id, measure_id, area_code), parts in said.items():
        for part, whole in product(parts, said.get((report_id, WITHIN.get(measure_id, ""), area_code), ())):
            if len({part.period, whole.period} - {None}) < 2 and part.number.low * _scale(part) > (
                whole.number.high * _scale(whole)
            ):
                says = (
                    f"{part.number} {part.row['unit']}, more than the {whole.where} ({whole.row['unit']}) it is part of"
                )
                yield Offence(part.row, says, f"at most {whole.number} {whole.row['unit']}", str(part.number))


def _scale(one: Said) -> int:
    return 1_000_000 if str(one.row["unit"]).startswith(MILLION) else 1


def _two_bases(tables: Tables) -> Iterator[Offence]:
    """A rate printed per 1,000 and per 100,000 people that is not the same rate."""
    few, many, times = BASES
    said = statements(tables)
    for (report_id, measure_id, area_code), rates in said.items():
        others = said.get((report_id, measure_id.removesuffix(few) + many, area_code), ())
        for one, other in product(rates, others if measure_id.endswith(few) else ()):
            number, same = one.number, other.number
            if one.period == other.period and (number.low * times > same.high or number.high * times < same.low):
                says = f"{number} {one.row['unit']}, but {other.where} {other.row['unit']}"
                yield Offence(one.row, says, f"{same.value / times:f}", str(number))


def _changes(tables: Tables) -> Iterator[Offence]:
    """Changes that the two levels, where both are stated, do not make."""
    said = statements(tables)
    for (report_id, measure_id, area_code), changes in said.items():
        levels = said.get((report_id, measure_id.removesuffix(CHANGE), area_code), [])
        if not measure_id.endswith(CHANGE) or len(levels) < 2:
            continue
        at = {one.period[:2]: one for one in reversed(levels) if one.period}
        for change in changes:
            if change.period is None or change.row["direction"] is None:
                continue
            new, old = at.get(change.period[:2]), at.get(change.period[2:])
            if not new or not old or not all(_has_ends(one.number) for one in (change, new, old)):
                continue
            if not _makes(change, new.number, old.number):
                stated = f"{change.row['direction']} of {change.number} {change.row['unit']}"
                says = f"{stated}, but the levels are {old.where} and {new.where}"
                yield Offence(change.row, says, f"the change from {old.number} to {new.number}", stated)


def _has_ends(number: Printed) -> bool:
    """Whether a number is known within limits: "more than 400" makes no change that could be computed."""
    return number.low.is_finite() and number.high.is_finite()


def _makes(change: Said, new: Printed, old: Printed) -> bool:
    """Whether a change can be that between two levels, all three as rounded for print.

    Between two percentages, a change in percent is often meant as percentage points: either will do.
    """
    sign = 1 if change.row["direction"] == "increase" else -1
    ends = sorted(sign * end for end in (change.number.low, change.number.high))
    spans = []
    if change.row["unit"] == "percent" and old.low > 0:
        spans.append(((new.low / old.high - 1) * 100, (new.high / old.low - 1) * 100))
    if change.row["unit"] != "percent" or new.high <= 100:
        spans.append((new.low - old.high, new.high - old.low))
    return any(low <= ends[1] and ends[0] <= high for low, high in spans)


def _shares(tables: Tables) -> Iterator[Offence]:
    """Counts out of others that are more than those, or that do not make the percentage stated with them."""
    for row in tables["statistics"]:
        part, whole, number = row.get("numerator"), row.get("denominator"), printed(row)
        if part is None or whole is None:
            continue
        stated = f"{part} of {whole}"
        if part > whole:
            yield Offence(row, f"{stated}: the part is more than the whole", f"at most {whole}", str(part))
        elif number is not None and row["unit"] == "percent":
            share = Decimal(100 * part) / whole
            if not number.low <= share <= number.high:
                yield Offence(
                    row, f"{number} percent, but {stated} are {share:.2f} percent", f"{share:.2f}", str(number)
                )
        elif number is not None and row["unit"] != "percent" and number.value != part:
            yield Offence(row, f"value {number}, but {stated} are counted", str(part), str(number))


def _intervals(tables: Tables) -> Iterator[Offence]:
    """Values outside their own confidence interval, and limits that are not value less and plus margin."""
    for row in tables["statistics"]:
        low, high, number = row.get("interval_lower"), row.get("interval_upper"), printed(row)
        if low is None or high is None or number is None:
            continue
        limits = f"{low:g} to {high:g}"
        if not exact(low) <= number.value <= exact(high):
            yield Offence(row, f"{number} lies outside its confidence interval, {limits}", limits, str(number))
        if (margin := row.get("interval_margin")) is None:
            continue
        made = (number.value - exact(margin), number.value + exact(margin))
        if made != (exact(low), exact(high)):
            says = f"the interval is {limits}, but {number} ± {margin:g} makes {made[0]} to {made[1]}"
            yield Offence(row, says, f"{made[0]} to {made[1]}", limits)


def _bands(tables: Tables) -> Iterator[Offence]:
    """Comparisons in words that the printed numbers of the force and of England and Wales contradict.

    ``highest`` and ``above``: the force's number is the higher; ``lowest`` and ``below``: the lower. ``in_line`` has no
    limits: only a number that is FAR_FROM_IN_LINE times the other contradicts it.
    """
    areas = {row["report_id"]: row["area_code"] for row in tables["reports"]}
    said, in_tables = statements(tables), cells(tables)
    for band in tables["band_statements"]:
        report_id = band["report_id"]
        both = (areas.get(report_id, ""), ENGLAND_AND_WALES)
        if band["outcome_id"] is not None:
            keys = ((report_id, area, band["table_name"], band["outcome_id"]) for area in both)
            force, national = (in_tables.get(key) for key in keys)
        else:
            own, others = (said.get((report_id, band["measure_id"], area), []) for area in both)
            force, national = _compared(own, others, band)
        if force and national and not _fits_band(band["band"], force, national):
            numbers = f"{force.where} for the force and {national.where} for England and Wales"
            says = f"the words say {band['band']}, the numbers are {numbers}"
            yield Offence(band, says, str(band["band"]), f"{force.number} and {national.number}")


def _compared(own: Sequence[Said], national: Sequence[Said], band: Row) -> tuple[Said | None, Said | None]:
    """The two numbers of one period that a comparison speaks of.

    Where the report states several periods, those near the comparison; where that does not tell either, none.
    """
    groups = []
    for group in by_period((*own, *national)):
        sides = [
            [one for one in group if one.row["area_code"] == side[0].row["area_code"]]
            for side in (own, national)
            if side
        ]
        if len(sides) == 2 and all(sides):
            groups.append(sides)
    if len(groups) > 1:
        groups = [sides for sides in groups if all(any(_is_near(one, band) for one in side) for side in sides)]
    if len(groups) != 1:
        return None, None
    force, others = groups[0]
    return most_agreed(force), most_agreed(others)


def _is_near(one: Said, band: Row) -> bool:
    return bool(band["line_start"] - NEAR <= one.row["line_start"] <= band["line_end"] + NEAR)


def _fits_band(band: str, force: Said, national: Said) -> bool:
    one, other = force.number, national.number
    directions = {force.row.get("direction"), national.row.get("direction")} - {None}
    if directions and directions != {"increase"}:
        return True  # "a lower decrease": words of size and of direction cannot be told apart
    if band in ("highest", "above"):
        return other.can_be_below(one)
    if band in ("lowest", "below"):
        return one.can_be_below(other)
    return one.low <= other.high * FAR_FROM_IN_LINE and other.low <= one.high * FAR_FROM_IN_LINE


RULES = (
    ReconcileRule(
        id="repeats_agree",
        table="statistics",
        severity=WARNING,
        description="a number that a report states more than once, in prose or in prose and table, is the same within "
        "the coarser of the precisions it is printed with",
        source="the report itself; figures 2 and 4 repeat numbers of the prose",
        find=_repeats,
        needs=("outcome_proportions", "crime_rates", "measures"),
        scope=REPORT,
    ),
    ReconcileRule(
        id="within_range_of_forces",
        table="statistics",
        severity=WARNING,
        description="a value of the force, or of England and Wales, lies in the range of all forces that is stated",
        source="arithmetic",
        find=_ranges,
        scope=REPORT,
    ),
    ReconcileRule(
        id="ranges_in_order",
        table="statistics",
        severity=WARNING,
        description="the lower end of a range that is stated is at most its upper end",
        source="arithmetic",
        find=_ends,
        scope=REPORT,
    ),
    ReconcileRule(
        id="parts_within_whole",
        table="statistics",
        severity=WARNING,
        description="a number is no more than that of what contains it: victim-based of recorded crime, households of "
        "people, neighbourhood officers of officers, sectors of neighbourhoods",
        source="the measures' meanings",
        find=_wholes,
        scope=REPORT,
    ),
    ReconcileRule(
        id="bases_agree",
        table="statistics",
        severity=WARNING,
        description="a rate stated per 1,000 and per 100,000 people is the same rate, as far as rounding tells",
        source="arithmetic",
        find=_two_bases,
        scope=REPORT,
    ),
    ReconcileRule(
        id="change_matches_levels",
        table="statistics",
        severity=WARNING,
        description="a stated change is that between the two levels, where the report states both",
        source="arithmetic",
        find=_changes,
        scope=REPORT,
    ),
    ReconcileRule(
        id="shares_of_their_whole",
        table="statistics",
        severity=WARNING,
        description="cases counted out of others are no more than those, and make the percentage stated with them",
        source="arithmetic",
        find=_shares,
        scope=REPORT,
    ),
    ReconcileRule(
        id="intervals_hold_values",
        table="statistics",
        severity=WARNING,
        description="a value lies in its confidence interval, whose limits are the value less and plus its margin",
        source="arithmetic",
        find=_intervals,
        scope=REPORT,
    ),
    ReconcileRule(
        id="words_match_numbers",
        table="band_statements",
        severity=WARNING,
        description="what is said to be highest or above, lowest or below, is so in the numbers of the force and of "
        "England and Wales; what is in line is not far from it",
        source="the report itself",
        find=_bands,
        needs=("statistics", "outcome_proportions", "domestic_abuse_outcomes", "crime_rates"),
        scope=REPORT,
    ),
)

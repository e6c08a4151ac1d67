"""The forces' values of a measure and period, whether printed in reports or counted from open data: one shape for both.

Belongs here: which tables hold values of which measure, what is compared exactly, and what to do where a value is there
twice. Does not belong here: which forces count (``round_rules``), ranks and England and Wales (``methodology``).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import Any

from pipelines.issues import Issue
from pipelines.measures import measure_rows
from pipelines.observations import FACT_TABLES
from pipelines.reference import load
from pipelines.schema import ENGLAND_AND_WALES

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

# Values of source.
REPORTS, HOME_OFFICE, ONS = "reports", "home_office", "ons"
# The category of a measure that has none.
ALL = "all"
# Printed tables that have a row for each force's value. Figure 10's numbers have no certain place.
PRINTED_TABLES = ("outcome_proportions", "domestic_abuse_outcomes", "crime_rates")
# What begins so in force_crime_rates is no crime: it is a measure of its own, which reports state in prose.
ANTI_SOCIAL_BEHAVIOUR = "anti_social_behaviour"
ANTI_SOCIAL_BEHAVIOUR_RATE = "anti_social_behaviour_incidents_rate"


@dataclass(frozen=True)
class Value:
    """A force's, or England and Wales', value of one category (an outcome, a crime type, or ``ALL``).

    ``exact`` is what is compared: the number as printed, or ``count`` over ``base``. It is None where ``value`` is,
    which may be although there are counts.
    """

    area_code: str
    category: str
    value: float | None
    exact: Fraction | None
    status: str
    unit: str
    decimals: int | None = None
    report_id: str | None = None
    count: int | None = None
    base: int | None = None


@dataclass(frozen=True)
class Group:
    """The values of one measure, period and source; those from reports are of one round only (``programme_id``)."""

    source: str
    measure: str
    programme_id: str | None
    period_start: date
    period_end: date
    values: tuple[Value, ...]

    @property
    def areas(self) -> set[str]:
        """Areas that have a row, with or without a number."""
        return {value.area_code for value in self.values}

    @cached_property
    def by_category(self) -> dict[str, list[Value]]:
        """Values by category, in the order of the categories."""
        found: dict[str, list[Value]] = defaultdict(list)
        for value in self.values:
            found[value.category].append(value)
        return dict(sorted(found.items()))

    def key(self, category: str) -> str:
        """The row of ``quartile_ranks`` and ``comparators`` that a category is, as ``quality_issues`` writes keys."""
        return f"source={self.source}, measure={self.measure}, period_end={self.period_end}, outcome_id={category}"


def printed_groups(tables: Tables) -> list[Group]:
    """What reports print, by measure, round and period: rows of printed tables, and levels stated in prose.

    A value without a period is left out: nothing can be set beside it.
    """
    rounds = {row["report_id"]: row["programme_id"] for row in tables.get("reports", ())}
    found: dict[tuple[str, str, date, date], list[Value]] = defaultdict(list)
    for measure, category, row in _printed(tables):
        if row["report_id"] in rounds and row["period_start"] is not None and row["period_end"] is not None:
            key = (measure, rounds[row["report_id"]], row["period_start"], row["period_end"])
            found[key].append(_printed_value(category, row))
    return [Group(REPORTS, *key, tuple(values)) for key, values in sorted(found.items())]


def undated_levels(tables: Tables) -> dict[str, str]:
    """The numbers that prose gives for England and Wales without a period, by measure: they can only be mentioned."""
    found: dict[str, set[str]] = defaultdict(set)
    for measure, _, row in _printed(tables):
        if row["area_code"] == ENGLAND_AND_WALES and row["period_end"] is None and row["value"] is not None:
            found[measure].add(f"{row['value']:.{row['decimals'] or 0}f}")
    return {measure: " and ".join(sorted(numbers)) for measure, numbers in found.items()}


def open_data_groups(tables: Tables) -> list[Group]:
    """Open data by measure and period: shares of offences recorded, and crimes over the people living there."""
    found: dict[tuple[str, str, date, date], list[Value]] = defaultdict(list)
    for row in tables.get("force_outcomes", ()):
        value = _counted_value(row["outcome_id"], row, row["offences_recorded"])
        found[HOME_OFFICE, "outcome_proportion", row["period_start"], row["period_end"]].append(value)
    for row in tables.get("force_crime_rates", ()):
        measure, category = _measure_of(row["crime_type_id"])
        value = _counted_value(category, row, row["population"])
        found[ONS, measure, row["period_start"], row["period_end"]].append(value)
    return [
        Group(source, measure, None, start, end, tuple(values))
        for (source, measure, start, end), values in sorted(found.items())
    ]


def one_group_a_period(groups: Iterable[Group]) -> tuple[list[Group], list[Issue]]:
    """One group for each source, measure and last day: rounds, and periods that begin on different days, never mix.

    The group of most areas stays (among equals the first by round and day); each other one is a warning.
    """
    rivals: dict[tuple[str, str, date], list[Group]] = defaultdict(list)
    for group in groups:
        rivals[group.source, group.measure, group.period_end].append(group)
    kept: list[Group] = []
    issues: list[Issue] = []
    for same in rivals.values():
        same.sort(key=lambda group: (-len(group.areas), group.programme_id or "", group.period_start))
        kept.append(same[0])
        issues += [_not_mixed(same[0], other) for other in same[1:]]
    return kept, issues


def one_value_a_force(
    group: Group, category: str, left_out: Collection[str] = ()
) -> tuple[dict[str, Value], list[Issue]]:
    """The value of each force that is not left out, by area_code. Two numbers for one force are none, and a warning."""
    printed: dict[str, list[Value]] = defaultdict(list)
    for value in group.by_category[category]:
        if value.area_code != ENGLAND_AND_WALES and value.area_code not in left_out:
            printed[value.area_code].append(value)
    found: dict[str, Value] = {}
    issues: list[Issue] = []
    for area_code, copies in printed.items():
        agreed = agreed_value(copies)
        if agreed is None:
            issues.append(two_numbers(group, category, area_code, copies))
            agreed = Value(area_code, category, None, None, "unassigned", copies[0].unit)
        found[area_code] = agreed
    return found, issues


def agreed_value(copies: Sequence[Value]) -> Value | None:
    """What all copies that have a number say, as the one with most decimals says it; None where they differ.

    A number with fewer decimals agrees with one that it may be rounded from (31 and 31.0, 82 and 82.2).
    """
    numbers = [(copy.decimals or 0, copy.exact, copy) for copy in copies if copy.exact is not None]
    if not numbers:
        return copies[0]
    _, exact, finest = max(numbers, key=lambda number: number[0])
    if len({(copy.value, copy.decimals) for _, _, copy in numbers}) == 1:  # as nearly always: all print the same
        return finest
    agree = all(abs(other - exact) <= Fraction(1, 2 * 10**decimals) for decimals, other, _ in numbers)
    return finest if agree else None


def two_numbers(group: Group, category: str, area_code: str, copies: Iterable[Value]) -> Issue:
    """The warning that one value is printed as several numbers."""
    numbers: dict[float, list[str]] = defaultdict(list)
    for copy in copies:
        if copy.value is not None:
            numbers[copy.value].append(str(copy.report_id))
    found = " and ".join(f"{number:g} ({_some(reports)})" for number, reports in sorted(numbers.items()))
    return Issue(
        check_id="one-number-a-value",
        severity="warning",
        message=f"{area_name(area_code)}: {group.measure}, {category}, to {group.period_end} is printed as {found}: "
        "none of them is used",
        table_name="comparators" if area_code == ENGLAND_AND_WALES else "quartile_ranks",
        row_key=f"{group.key(category)}, area_code={area_code}",
        expected="one number",
        found=found,
    )


def _some(reports: Sequence[str]) -> str:
    """A few names and how many more: an issue stays readable with a hundred reports."""
    names = sorted(set(reports))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


@cache
def force_names() -> Mapping[str, str]:
    """Name of each of the 43 forces by area_code, as the inspectorate writes it."""
    return {row["area_code"]: row["name_hmic"] for row in load("forces") if row["area_type"] == "police_force_area"}


def area_name(area_code: str) -> str:
    """Name of a force, or England and Wales; the code where the forces table has none."""
    return "England and Wales" if area_code == ENGLAND_AND_WALES else force_names().get(area_code, area_code)


def _printed(tables: Tables) -> Iterator[tuple[str, str, Row]]:
    """Measure, category and row of each printed value that is a level."""
    for table in FACT_TABLES:
        if table.name in PRINTED_TABLES and table.measure_id and table.category:
            for row in tables.get(table.name, ()):
                yield table.measure_id, row[table.category], row
    levels = _levels_in_prose()
    for row in tables.get("statistics", ()):
        if row["measure_id"] in levels:
            yield row["measure_id"], ALL, row


@cache
def _levels_in_prose() -> frozenset[str]:
    return frozenset(
        row["measure_id"] for row in measure_rows() if row["kind"] == "level" and row["table_name"] == "statistics"
    )


@cache
def measures_of_tables() -> frozenset[str]:
    """The measures that reports print in tables, not in prose."""
    return frozenset(table.measure_id for table in FACT_TABLES if table.name in PRINTED_TABLES and table.measure_id)


@lru_cache(maxsize=100_000)
def _as_printed(value: float) -> Fraction:
    """The number that is printed: the shortest decimal that gives this float. The same numbers come again and again."""
    return Fraction(repr(value))


def _printed_value(category: str, row: Row) -> Value:
    value = row["value"]
    return Value(
        area_code=row["area_code"],
        category=category,
        value=value,
        exact=None if value is None else _as_printed(float(value)),
        status=row["value_status"],
        unit=row["unit"],
        decimals=row["decimals"],
        report_id=row["report_id"],
    )


def _measure_of(crime_type_id: str) -> tuple[str, str]:
    if crime_type_id.startswith(ANTI_SOCIAL_BEHAVIOUR):
        return ANTI_SOCIAL_BEHAVIOUR_RATE, ALL
    return "crime_rate", crime_type_id


def _counted_value(category: str, row: Row, base: int | None) -> Value:
    """A share or rate of open data; where the row has none, its status says why. Its counts may be there all the same:
    ONS counts crimes of the City of London, but gives no rate."""
    count = row["offences"]
    is_given = row["value"] is not None and count is not None and bool(base)
    return Value(
        area_code=row["area_code"],
        category=category,
        value=row["value"] if is_given else None,
        exact=Fraction(count, base) if is_given else None,
        status="derived" if is_given else row["value_status"] if row["value"] is None else "not_available",
        unit=row["unit"],
        count=count,
        base=base,
    )


def _not_mixed(kept: Group, other: Group) -> Issue:
    return Issue(
        check_id="one-round-a-period",
        severity="warning",
        message=f"{other.measure} of {_origin(other)} is neither ranked nor compared: {_origin(kept)} ends on the same "
        "day, and values of two rounds or periods are not mixed",
        row_key=f"source={other.source}, measure={other.measure}, period_end={other.period_end}",
        expected=_origin(kept),
        found=_origin(other),
    )


def _origin(group: Group) -> str:
    forces = len(group.areas - {ENGLAND_AND_WALES})
    return (
        f"{group.programme_id or group.source}, {group.period_start} to {group.period_end} "
        f"({forces} {'force' if forces == 1 else 'forces'})"
    )

"""Open data of ONS: recorded crime, anti-social behaviour, population and households, and ``force_crime_rates``.

Belongs here: ONS's columns and workbook tables, which offences make up a crime type of the reports, and the rates made
from them. Does not belong here: files, and which of two files is right.

Tables P1 and P3 of the workbook are not read: P1 has the counts of one year, in an earlier release than the rolling
years, which were revised since, and P3 the rates made from them.

Which population: the mid-year estimate of the calendar year before the one in which the period ends. It is the most
recent one there is when figures of the period are first published (estimates come out about a year after their day),
which is what the inspectorate's annex A says it uses ("Population"): mid-2015 for the years to March and June 2016.
Where the data ends before that year, the estimate of one year earlier is used, as ONS itself does, and a note says so.
"""

import calendar
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from pipelines.issues import Issue
from pipelines.open_data.files import Sheet
from pipelines.open_data.rows import (
    FRAUD_BODY,
    NO_FORCE,
    TRANSPORT_POLICE,
    UNKNOWN_FORCE,
    Counts,
    OpenData,
    area_codes,
    bad_rows,
    chosen,
    column_name,
    force_names,
    left_out,
    numbered,
    numbers,
    parse_count,
    parse_force,
    unattributed,
)
from pipelines.periods import twelve_months_to
from pipelines.reports import force_named
from pipelines.schema import ENGLAND_AND_WALES, FORCE_CODE_PATTERN

WHAT = CRIME = "ONS recorded crime"
PEOPLE, HOUSEHOLDS = "ONS population", "ONS households"
INCIDENTS = "ONS anti-social behaviour incidents"

COLUMNS: Mapping[str, re.Pattern[str]] = {
    "months_ending": re.compile(r"(?:12|twelve)_months_ending"),
    "force": re.compile(r"pfa|police_force_area(?:_name)?|force_name"),
    "offence": re.compile(r"offence"),
    "offences": re.compile(r"rolling_year_total_number_of_offences"),
}
DETAIL: Mapping[str, re.Pattern[str]] = {}

# The offences of the rolling years that every period has. Victim-based crime is violence against the person, sexual
# offences, robbery, theft, criminal damage and arson; the rest are other crimes against society (heads of table P1).
SOCIETY = frozenset(
    {
        "drug offences",
        "miscellaneous crimes against society",
        "possession of weapons offences",
        "public order offences",
    }
)
VICTIMS = frozenset(
    {
        "all other theft offences",
        "bicycle theft",
        "criminal damage and arson",
        "death or serious injury caused by illegal driving",
        "domestic burglary",
        "homicide",
        "non-domestic burglary",
        "robbery",
        "sexual offences",
        "shoplifting",
        "stalking and harassment",
        "theft from the person",
        "vehicle offences",
        "violence with injury",
        "violence without injury",
    }
)
# Counted since April 2017 in place of burglary in a dwelling and elsewhere, which then are not complete.
SINCE_2017 = frozenset({"residential burglary", "non-residential burglary"})
FRAUD = re.compile(r"fraud|cifas|uk finance", re.IGNORECASE)
# What of figure 2 the offences make up, only where it is the same thing: "assault with injury" is no offence of theirs.
CRIME_TYPES: Mapping[str, frozenset[str]] = {
    "recorded_crime_excluding_fraud": SOCIETY | VICTIMS | SINCE_2017,
    "victim_based_crime": VICTIMS | SINCE_2017,
    "sexual_offences": frozenset({"sexual offences"}),
    "burglary_in_a_dwelling": frozenset({"domestic burglary"}),
}
BEHAVIOUR = "anti_social_behaviour"
BEHAVIOUR_MEASURE = "anti_social_behaviour_incidents_rate"
PER_HOUSEHOLD = frozenset({"burglary_in_a_dwelling"})

# Days as ONS types them: "30-06-2016", "30/06/2016", and as a workbook gives them, "2016-06-30".
DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00:00)?")
QUARTER_ENDS = (3, 6, 9, 12)

# Tables of the police force area workbook, by the words of their title.
TITLES: Mapping[str, re.Pattern[str]] = {
    PEOPLE: re.compile(r"mid-?\s?year population estimates for police force areas", re.IGNORECASE),
    HOUSEHOLDS: re.compile(r"mid-?\s?year household estimates for police force areas", re.IGNORECASE),
    INCIDENTS: re.compile(r"anti-social behaviour incidents, by police force area", re.IGNORECASE),
}
YEAR = re.compile(r"(?:19|20)\d\d")
# "Apr '15 to Mar '165, 6": trap, footnote marks stick to the year, which has two digits.
FINANCIAL_YEAR = re.compile(r"Apr(?:il)? ['‘’](\d\d) to Mar(?:ch)? ['‘’](\d\d)")
NUMBER_COLUMN = re.compile(r"number of incidents", re.IGNORECASE)
RATE_COLUMN = re.compile(r"rate per 1,000", re.IGNORECASE)
# The mark for a force of which ONS gives no rate, its residents being few against those who come in.
NO_RATE = "+"
# "Cheshire8", "Warwickshire9, 10": the footnotes of a force
FOOTNOTED = re.compile(r"(?P<name>.*?[^\d,\s])\s?(?P<marks>\d{1,2}(?:,\s?\d{1,2})*)")
FOOTNOTE = re.compile(r"(?P<mark>\d{1,2})\.\s+(?P<text>.+)")
# "ENGLAND AND WALES (inc. BTP)7" is not the sum of the 43 forces.
WITH_TRANSPORT_POLICE = re.compile(r"\binc(?:l|luding)?\b", re.IGNORECASE)
# Population and households are rounded to the nearest hundred.
ROUNDED_TO: Mapping[str, int] = {PEOPLE: 100, HOUSEHOLDS: 100, INCIDENTS: 0}


def count_crimes(sheet: Sheet, header: int, places: Mapping[str, int]) -> tuple[Counts, list[Issue]]:
    """Recorded crime by force, last day of twelve months and crime type (``CRIME_TYPES``), without fraud."""
    table = sheet.columns(header, places)
    texts = {name: numbered(table.column(name), lambda text: text.strip()) for name in table.column_names}
    blank = np.logical_and.reduce([chosen(*texts[name], lambda text: not text) for name in COLUMNS])
    forces, force = numbered(table.column("force"), parse_force)
    days, day = numbered(table.column("months_ending"), parse_quarter_end)
    offences, offence = numbered(table.column("offence"), lambda text: " ".join(text.split()).casefold())
    counts, count = numbered(table.column("offences"), parse_count)
    number = numbers(counts, count)

    is_fraud = ~blank & (
        chosen(offences, offence, lambda text: FRAUD.search(text) is not None)
        | chosen(forces, force, lambda name: name == FRAUD_BODY)
    )
    transport = ~blank & ~is_fraud & chosen(forces, force, lambda name: name == TRANSPORT_POLICE)
    in_force = chosen(forces, force, lambda code: code in area_codes()) & ~blank & ~is_fraud
    known = CRIME_TYPES["recorded_crime_excluding_fraud"]
    no_day = in_force & chosen(days, day, lambda each: each is None)
    typed = in_force & chosen(days, day, lambda each: each is not None and each[1])
    unknown_offence = in_force & chosen(offences, offence, lambda text: text not in known)
    no_count = in_force & chosen(counts, count, lambda each: isinstance(each, str))
    negative = in_force & (number < 0)
    effect = "the force has no value there"
    others = ~blank & ~is_fraud & ~in_force
    issues = [
        *left_out(
            sheet, TRANSPORT_POLICE, int(transport.sum()), int(number[transport].sum()), "offences (rolling years)"
        ),
        *left_out(sheet, "Fraud", int(is_fraud.sum()), int(number[is_fraud].sum()), "offences (rolling years)"),
        *bad_rows(
            sheet,
            header,
            table,
            typed,
            "a day that is not the last of its month",
            "read as the end of the quarter that the month ends",
        ),
        *bad_rows(sheet, header, table, no_day, "no day that ends a quarter", effect),
        *bad_rows(sheet, header, table, unknown_offence, "an unknown offence", effect),
        *bad_rows(sheet, header, table, no_count, "no count that is a whole number", effect),
        *bad_rows(sheet, header, table, negative, "a negative count", effect),
    ]
    for name in (NO_FORCE, UNKNOWN_FORCE):
        which = others & chosen(forces, force, name.__eq__)
        issues += unattributed(sheet, header, table, number, which, name)

    cells: dict[tuple[str, date, str], int | str] = {}
    repeated = np.zeros(table.num_rows, bool)
    contradicted = np.zeros(table.num_rows, bool)
    broken = no_count | negative
    for at in np.flatnonzero(in_force & ~no_day).tolist():
        held_day = days[day[at]]
        assert held_day is not None
        key = (forces[force[at]], held_day[0], offences[offence[at]])
        value: int | str = "a row without a count that can be used" if broken[at] else int(number[at])
        if key in cells:
            (repeated if cells[key] == value else contradicted)[at] = True
            value = cells[key] if cells[key] == value else "two rows with different counts"
        cells[key] = value
    issues += bad_rows(sheet, header, table, repeated, "the same content as another", "read once")
    issues += bad_rows(sheet, header, table, contradicted, "another count than a row for the same offence", effect)
    return _crime_types(sheet, cells, issues)


def parse_quarter_end(text: str) -> tuple[date, bool] | None:
    """Last day of the quarter that a cell names, and whether another day of that month stands there; None: no such.

    Rolling years end with a quarter, so another day of its last month ("30-12-2017") can only be a slip.
    """
    day_first, year_first = DAY_FIRST.fullmatch(text.strip()), YEAR_FIRST.fullmatch(text.strip())
    if day_first:
        day, month, year = map(int, day_first.groups())
    elif year_first:
        year, month, day = map(int, year_first.groups())
    else:
        return None
    if month not in QUARTER_ENDS or not 1 <= day <= 31 or year < 1900:
        return None
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last, day != last.day


def _crime_types(
    sheet: Sheet, cells: Mapping[tuple[str, date, str], int | str], issues: list[Issue]
) -> tuple[Counts, list[Issue]]:
    """Sums of a force's offences; none where one of them is missing that the file has for others."""
    values: dict[tuple[str, date, str], int] = {}
    unknown: dict[tuple[str, date, str], str] = {}
    held: dict[date, set[str]] = {}
    for _, day, offence in cells:
        held.setdefault(day, set()).add(offence)
    gaps: dict[tuple[date, str], list[str]] = {}
    for day, present in held.items():
        strange = present - CRIME_TYPES["recorded_crime_excluding_fraud"]
        for area_code in area_codes():
            odd = [offence for offence in strange if (area_code, day, offence) in cells]
            for crime_type, members in CRIME_TYPES.items():
                wanted = (members & (SOCIETY | VICTIMS)) | (members & present)
                found = {offence: cells.get((area_code, day, offence)) for offence in sorted(wanted)}
                missing = [offence for offence, value in found.items() if value is None]
                bad = [value for value in found.values() if isinstance(value, str)]
                key = (area_code, day, crime_type)
                if missing:
                    if crime_type == "recorded_crime_excluding_fraud":  # it holds the offences of all others
                        gaps.setdefault((day, ", ".join(missing)), []).append(area_code)
                    unknown[key] = f"no row for {', '.join(missing)}"
                elif bad:
                    unknown[key] = bad[0]
                elif odd and len(members) > 1:
                    unknown[key] = f"a row with an unknown offence ({odd[0]})"
                elif crime_type == "burglary_in_a_dwelling" and cells.get((area_code, day, "residential burglary")):
                    unknown[key] = "residential burglary is counted in its place since April 2017"
                else:
                    values[key] = sum(value for value in found.values() if isinstance(value, int))
    for (day, missing_rows), areas in gaps.items():
        message = (
            f"{sheet.place}: 12 months to {day}: no row for {missing_rows} of {force_names(areas)}: no value there"
        )
        issues.append(
            Issue(
                "open-data-quarters", "warning", message, table_name="force_crime_rates", source_file=sheet.source_file
            )
        )
    return Counts(CRIME, values, unknown, dict.fromkeys(held, (sheet.source_file,))), issues


def table_title(sheet: Sheet) -> tuple[str, int] | None:
    """Which table of the police force area workbook a sheet holds, and the row with its area codes' heading."""
    for at, row in enumerate(sheet.cells[:12]):
        if len(row) > 1 and column_name(row[0]) == "area_code" and column_name(row[1]) == "area_name":
            title = " ".join(cell for above in sheet.head[:at] for cell in above)
            what = next((name for name, pattern in TITLES.items() if pattern.search(title)), None)
            return (what, at) if what else None
    return None


def count_table(sheet: Sheet, what: str, header: int) -> tuple[Counts, frozenset[str], list[Issue]]:
    """Numbers by force and day of one workbook table, the forces that ONS gives no rate of, and what is to be said.

    The day is that of a mid-year estimate or the last of a financial year. Regions and countries are not read; their
    sum is compared with that of the forces.
    """
    columns, rates = _days(sheet, what, header)
    category = {PEOPLE: "population", HOUSEHOLDS: "households", INCIDENTS: BEHAVIOUR}[what]
    values: dict[tuple[str, date, str], int] = {}
    unknown: dict[tuple[str, date, str], str] = {}
    unrated = set()
    issues = [] if columns else [_table_issue(sheet, "no column of numbers is known here")]
    codes = [row[0] for row in sheet.cells[header + 1 :]]
    for at, row in enumerate(sheet.cells[header + 1 :], header + 2):
        code = row[0]
        if not re.match(FORCE_CODE_PATTERN, code) and not (not code and force_named(_plain_name(row))):
            continue
        if code not in area_codes() or codes.count(code) > 1 or _other_force(row):
            reason = (
                "two rows have its code"
                if codes.count(code) > 1 and code in area_codes()
                else "its name is another force's"
                if code in area_codes()
                else "no force has its code"
            )
            issues.append(_table_issue(sheet, f"row {at} ({code or 'no code'}, {row[1]}): {reason}: not read", at))
            unknown.update({(code, day, category): reason for day in columns.values() if code in area_codes()})
            continue
        issues += _footnotes(sheet, what, row, at)
        if any(row[place].strip() == NO_RATE for place in rates):
            unrated.add(code)
        for place, day in columns.items():
            number = parse_count(row[place])
            if isinstance(number, int) and number >= 0:
                values[code, day, category] = number
            else:
                unknown[code, day, category] = f"{row[place]!r} in {sheet.place}"
                reason = "negative" if isinstance(number, int) else number
                issues.append(_table_issue(sheet, f"row {at} ({row[1]}), {day}: {row[place]!r}: {reason}", at))
    held = {key[0] for key in (*values, *unknown)}
    absent = [code for code in area_codes() if code not in held]
    if absent and columns:
        issues.append(_table_issue(sheet, f"no row of {force_names(absent)}"))
    issues += _sum_issues(sheet, what, columns, values, category)
    files = dict.fromkeys(columns.values(), (sheet.source_file,))
    return Counts(what, values, unknown, files), frozenset(unrated), issues


def _days(sheet: Sheet, what: str, header: int) -> tuple[dict[int, date], list[int]]:
    """The day of each column with numbers, by its place, and the places of the columns with rates."""
    heads = sheet.cells[header]
    if what != INCIDENTS:
        return {at: date(int(cell), 6, 30) for at, cell in enumerate(heads) if YEAR.fullmatch(cell)}, []
    days: dict[int, date] = {}
    last: date | None = None
    above = sheet.cells[header - 1] if header else ()
    for at, cell in enumerate(heads):
        # The years stand above the first of their two columns.
        if at < len(above) and above[at]:
            match = FINANCIAL_YEAR.match(above[at])
            follows = match is not None and (int(match[1]) + 1) % 100 == int(match[2])
            last = date(2000 + int(match[2]), 3, 31) if match and follows else None
        if last is not None and NUMBER_COLUMN.search(cell):
            days[at] = last
    return days, [at for at, cell in enumerate(heads) if RATE_COLUMN.search(cell)]


def _plain_name(row: Sequence[str]) -> str:
    match = FOOTNOTED.fullmatch(row[1])
    return match["name"] if match else row[1]


def _other_force(row: Sequence[str]) -> bool:
    force = force_named(_plain_name(row))
    return force is not None and force["area_code"] != row[0]


def _footnotes(sheet: Sheet, what: str, row: Sequence[str], at: int) -> list[Issue]:
    match = FOOTNOTED.fullmatch(row[1])
    if match is None or what != INCIDENTS:
        return []
    texts = {note["mark"]: note["text"] for each in sheet.cells if (note := FOOTNOTE.fullmatch(each[0]))}
    said = " ".join(
        texts.get(mark.strip(), f"number {mark.strip()}, whose text is not in the file")
        for mark in match["marks"].split(",")
    )
    return [_table_issue(sheet, f"footnote on {match['name']}: {said}", at)]


def _sum_issues(
    sheet: Sheet,
    what: str,
    columns: Mapping[int, date],
    values: Mapping[tuple[str, date, str], int],
    category: str,
) -> list[Issue]:
    issues = []
    totals = [row for row in sheet.cells if row[0] == ENGLAND_AND_WALES and not WITH_TRANSPORT_POLICE.search(row[1])]
    for place, day in columns.items():
        held = [values.get((code, day, category)) for code in area_codes()]
        printed = [number for row in totals if isinstance(number := parse_count(row[place]), int)]
        if len(printed) != 1 or None in held:
            continue
        total = sum(number for number in held if number is not None)
        # Each of the terms and the total is rounded by itself.
        if abs(total - printed[0]) > ROUNDED_TO[what] // 2 * (len(held) + 1):
            message = f"{day}: the forces add up to {total:,}, England and Wales is printed as {printed[0]:,}"
            issues.append(_table_issue(sheet, message, expected=f"{printed[0]}", found=f"{total}"))
    return issues


def _table_issue(
    sheet: Sheet, message: str, line: int | None = None, expected: str | None = None, found: str | None = None
) -> Issue:
    return Issue(
        "open-data-row",
        "warning",
        f"{sheet.place}: {message}",
        table_name="force_crime_rates",
        source_file=sheet.source_file,
        expected=expected,
        found=found,
        line_start=line,
        line_end=line,
    )


def force_crime_rate_rows(
    data: OpenData,
    crime_rates: Iterable[Mapping[str, Any]],
    statistics: Iterable[Mapping[str, Any]] = (),
) -> tuple[list[dict[str, Any]], list[Issue]]:
    """Rows of ``force_crime_rates``: 43 forces, and England and Wales as their sum, for each period of the data.

    Per 1,000 population; burglary in a dwelling per 1,000 households. ``crime_rates`` are rows of that table, and
    ``statistics`` of that one (anti-social behaviour is printed in prose), to be shown beside the computed rate.
    """
    printed = _printed(crime_rates, statistics)
    issues: list[Issue] = []
    found = []
    older: set[tuple[int, int]] = set()
    for counts, crime_type in [(data.crimes, each) for each in CRIME_TYPES] + [(data.incidents, BEHAVIOUR)]:
        people = data.households if crime_type in PER_HOUSEHOLD else data.population
        for day in sorted(counts.files):
            population_day = _population_day(people, day)
            if population_day and population_day.year < day.year - 1:
                older.add((population_day.year, day.year))
            make = _rate_row(counts, people, crime_type, day, population_day, printed)
            found += [make([area_code], area_code, area_code in data.unrated) for area_code in area_codes()]
            found.append(make(area_codes(), ENGLAND_AND_WALES, False))
    for used, year in sorted(older):
        message = (
            f"periods that end in {year}: the estimate of mid-{year - 1} is not in the data, that of mid-{used} is used"
        )
        issues.append(Issue("open-data-population", "note", message, table_name="force_crime_rates"))
    days = [day for counts in (data.crimes, data.incidents) for day in counts.files]
    without = sorted({day for day in days if _population_day(data.population, day) is None})
    if without:
        message = f"no population estimate for the periods that end on {', '.join(map(str, without))}: no rates there"
        issues.append(Issue("open-data-population", "warning", message, table_name="force_crime_rates"))
    return found, issues


def _population_day(people: Counts, period_end: date) -> date | None:
    """Day of the estimate for a period (see the module's docstring); None where the data has none."""
    mid_years = (date(period_end.year - back, 6, 30) for back in (1, 2))
    return next((day for day in mid_years if day in people.files), None)


def _rate_row(
    counts: Counts,
    people: Counts,
    crime_type: str,
    day: date,
    population_day: date | None,
    printed: Mapping[tuple[str, str, date], set[float]],
) -> Callable[[Iterable[str], str, bool], dict[str, Any]]:
    per = "households" if crime_type in PER_HOUSEHOLD else "population"
    files = {*counts.files[day], *(people.files[population_day] if population_day else ())}

    def row(parts: Iterable[str], area_code: str, unrated: bool) -> dict[str, Any]:
        areas = tuple(parts)
        offences = _sum(counts, areas, day, crime_type)
        population = _sum(people, areas, population_day, per) if population_day else None
        value = 1000 * offences / population if offences is not None and population and not unrated else None
        published = printed.get((area_code, crime_type, day), set())
        published_value = next(iter(published)) if len(published) == 1 else None
        status = "excluded_by_source" if unrated else "not_available" if value is None else "derived"
        return {
            "area_code": area_code,
            "crime_type_id": crime_type,
            "period_start": twelve_months_to(day)[0],
            "period_end": day,
            "offences": offences,
            "population": population,
            "population_date": population_day,
            "value": value,
            "unit": f"per 1,000 {per}",
            "published_value": published_value,
            "difference": value - published_value if value is not None and published_value is not None else None,
            "value_status": status,
            "source_file": "; ".join(sorted(files)),
        }

    return row


def _sum(counts: Counts, areas: Sequence[str], day: date, category: str) -> int | None:
    """The areas' numbers added up; None where one of them is not known."""
    held = [counts.values.get((area_code, day, category)) for area_code in areas]
    return None if None in held else sum(number for number in held if number is not None)


def _printed(
    crime_rates: Iterable[Mapping[str, Any]], statistics: Iterable[Mapping[str, Any]]
) -> Mapping[tuple[str, str, date], set[float]]:
    """What the reports print, by area, crime type and last day; more than one number where they differ."""
    printed: dict[tuple[str, str, date], set[float]] = {}
    named = [(row, row["crime_type_id"]) for row in crime_rates]
    named += [(row, BEHAVIOUR) for row in statistics if row["measure_id"] == BEHAVIOUR_MEASURE]
    for row, crime_type in named:
        is_year = row["period_end"] is not None and twelve_months_to(row["period_end"])[0] == row["period_start"]
        if row["value"] is not None and is_year:
            printed.setdefault((row["area_code"], crime_type, row["period_end"]), set()).add(row["value"])
    return printed

"""Crime outcomes open data of the Home Office: counts by force, quarter and outcome type, and ``force_outcomes``.

Belongs here: the Home Office's columns, what of them is left out, and the rows of figure 4 made from them. Does not
belong here: files, and who counts towards England and Wales (``pipelines.methodology``).

Figure 4 follows each offence to its outcome, so the count used is that of outcomes of the offences recorded in the
quarter, not of the outcomes recorded in it. Outcome 0, not yet assigned, is what is left of the recorded offences: the
Home Office's detailed rows of it may be negative, where a reclassified offence took its outcome along. No other count
may.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.issues import Issue
from pipelines.open_data.files import Sheet
from pipelines.open_data.rows import (
    FRAUD_BODY,
    NO_FORCE,
    NO_NUMBER,
    TRANSPORT_POLICE,
    UNKNOWN_FORCE,
    Counts,
    Flags,
    Numbers,
    OpenData,
    area_codes,
    bad_rows,
    chosen,
    force_name,
    force_names,
    left_out,
    numbered,
    numbers,
    parse_count,
    parse_force,
    rows,
    unattributed,
)
from pipelines.periods import twelve_months_to
from pipelines.reference import load

WHAT = "Home Office outcomes"
# Columns by the names the Home Office has given them over the years, in snake_case. The count of outcomes recorded in
# the quarter (force_outcomes_recorded_in_quarter) is another one, and is never read for it.
COLUMNS: Mapping[str, re.Pattern[str]] = {
    "financial_year": re.compile(r"financial_year"),
    "financial_quarter": re.compile(r"financial_quarter"),
    "force_name": re.compile(r"force_name|force|police_force(?:_area)?"),
    "offence_group": re.compile(r"(?:new_)?offence_group"),
    "outcome_type": re.compile(r"(?:new_)?outcome_type"),
    "offences": re.compile(
        r"(?:number_of_)?offences|(?:(?:number_of|force)_)?outcomes?_(?:for|of)_offences_recorded(?:_in_(?:the_)?quarter)?"
    ),
}
# Columns that tell the rows of one force, quarter and outcome apart, where a file has them.
DETAIL: Mapping[str, re.Pattern[str]] = {
    "offence_subgroup": re.compile(r"(?:new_)?offence_subgroup"),
    "offence_code": re.compile(r"offence_code"),
    "offence_description": re.compile(r"offence_description"),
    "offence_code_expired": re.compile(r"offence_code_expired"),
    "outcome_description": re.compile(r"outcome_description"),
}

# "2017/18", "2017-18", "2017/2018"
FINANCIAL_YEAR = re.compile(r"((?:19|20)\d\d)\s?[/–-]\s?(?:20)?(\d\d)")
QUARTER = re.compile(r"[Qq]?\s?([1-4])(?:\.0)?")
OUTCOME_CODE = re.compile(r"0*(\d{1,2})(?:\.0)?")
FIRST_MONTH = {1: 4, 2: 7, 3: 10, 4: 1}
NOT_YET_ASSIGNED = "0"

PERCENT = "percent"


def count_outcomes(sheet: Sheet, header: int, places: Mapping[str, int]) -> tuple[Counts, list[Issue]]:
    """Outcomes of offences recorded in each quarter, by force, first day of the quarter and outcome code."""
    table = sheet.columns(header, places)
    texts = {name: numbered(table.column(name), lambda text: text.strip()) for name in table.column_names}
    blank = np.logical_and.reduce([chosen(*texts[name], lambda text: not text) for name in COLUMNS])
    forces, force = numbered(table.column("force_name"), parse_force)
    types, outcome = numbered(table.column("outcome_type"), _outcome_code)
    counts, count = numbered(table.column("offences"), parse_count)
    quarters, quarter = _quarters(texts["financial_year"], texts["financial_quarter"])
    number = numbers(counts, count)

    in_force = chosen(forces, force, lambda code: code in area_codes()) & ~blank
    is_fraud = chosen(forces, force, lambda name: name == FRAUD_BODY) | chosen(
        *texts["offence_group"], lambda group: group.casefold().startswith("fraud")
    )
    transport = chosen(forces, force, lambda name: name == TRANSPORT_POLICE) & ~is_fraud & ~blank
    counted = in_force & ~is_fraud
    twice, contradicted = _repeated(table, texts, counted, (force, quarter, outcome), number)
    no_group = chosen(*texts["offence_group"], lambda group: group.casefold() in NO_NUMBER)
    no_quarter = chosen(quarters, quarter, lambda day: day is None)
    no_type = chosen(types, outcome, lambda code: code is None)
    no_count = chosen(counts, count, lambda each: isinstance(each, str))
    negative = (number < 0) & chosen(types, outcome, lambda code: code != NOT_YET_ASSIGNED)

    taken_out = "the force has no value for the twelve months they may belong to"
    bad: dict[str, Flags] = {
        "no financial quarter": counted & no_quarter,
        "no offence group": counted & no_group,  # it may be fraud
        "an unknown outcome type": counted & no_type,
        "no count that is a whole number": counted & no_count,
        "a negative count": counted & negative,
        "another count than a row for the same offence and outcome": counted & contradicted,
    }
    other = ~blank & ~is_fraud & ~in_force & ~transport
    issues = [
        *left_out(sheet, "British Transport Police", int(transport.sum()), int(number[transport].sum()), "offences"),
        *left_out(sheet, "Fraud", int((is_fraud & ~blank).sum()), int(number[is_fraud & ~blank].sum()), "offences"),
        *(issue for reason, which in bad.items() for issue in bad_rows(sheet, header, table, which, reason, taken_out)),
        *(
            issue
            for name in (NO_FORCE, UNKNOWN_FORCE)
            for issue in unattributed(sheet, header, table, number, other & chosen(forces, force, name.__eq__), name)
        ),
        *bad_rows(sheet, header, table, counted & twice, "the same content as another", "read once"),
        *_negative_remainders(sheet, counted & (number < 0) & ~negative, number),
    ]
    good = counted & ~twice & ~np.logical_or.reduce(list(bad.values()))
    values = _sums((forces, force), (quarters, quarter), (types, outcome), number, good)
    days = sorted({day for at in np.unique(quarter[counted]) if (day := quarters[at]) is not None})
    unknown: dict[tuple[str, date, str], str] = {}
    for reason, which in bad.items():
        for force_at, quarter_at in {(int(f), int(q)) for f, q in zip(force[which], quarter[which], strict=True)}:
            day = quarters[quarter_at]
            for each in [day] if day is not None else days:
                unknown.setdefault((str(forces[force_at]), each, ""), f"a row with {reason}")
    files = dict.fromkeys(days, (sheet.source_file,))
    if not days:
        issues.append(
            Issue("open-data-row", "warning", f"{sheet.place}: no row with a quarter", source_file=sheet.source_file)
        )
    return Counts(WHAT, values, unknown, files), issues


def _quarters(year: tuple[list[str], Numbers], quarter: tuple[list[str], Numbers]) -> tuple[list[date | None], Numbers]:
    """First day of each row's quarter; None where the row names none."""
    pairs = [_first_day(in_year, in_quarter) for in_year in year[0] or [""] for in_quarter in quarter[0] or [""]]
    days = sorted({day for day in pairs if day is not None})
    places = np.array([days.index(day) if day is not None else len(days) for day in pairs], np.int64)
    return [*days, None], places[year[1] * max(len(quarter[0]), 1) + quarter[1]]


@cache
def _first_day(year: str, quarter: str) -> date | None:
    in_year, in_quarter = FINANCIAL_YEAR.fullmatch(year), QUARTER.fullmatch(quarter)
    if in_year is None or in_quarter is None or (int(in_year[1]) + 1) % 100 != int(in_year[2]):
        return None
    number = int(in_quarter[1])
    return date(int(in_year[1]) + (number == 4), FIRST_MONTH[number], 1)


def _outcome_code(text: str) -> str | None:
    match = OUTCOME_CODE.fullmatch(text.strip())
    return match[1] if match and (match[1] in _types() or match[1] == NOT_YET_ASSIGNED) else None


@cache
def _types() -> Mapping[str, str]:
    """outcome_id by Home Office outcome type number."""
    return {row["outcome_code"]: row["outcome_id"] for row in load("outcome_types") if row["outcome_code"].isdigit()}


def _repeated(
    table: pa.Table,
    texts: Mapping[str, tuple[list[str], Numbers]],
    counted: Flags,
    key: Sequence[Numbers],
    number: Numbers,
) -> tuple[Flags, Flags]:
    """Which rows say again what an earlier row says, and which contradict another row."""
    details = [texts["offence_group"][1], *(texts[name][1] for name in DETAIL if name in table.column_names)]
    row_key = np.zeros(table.num_rows, np.int64)
    for part in (*key, *details):
        # Numbered anew after each column, so that the product never leaves 64 bits.
        row_key = np.unique(row_key * (int(part.max(initial=0)) + 1) + part, return_inverse=True)[1]
    twice, contradicted = np.zeros(table.num_rows, bool), np.zeros(table.num_rows, bool)
    row_key = np.where(counted, row_key, -1 - np.arange(table.num_rows))
    held, first, of_row, times = np.unique(row_key, return_index=True, return_inverse=True, return_counts=True)
    if len(held) < table.num_rows:
        first_of_row = first[of_row]
        differs = number != number[first_of_row]
        contradicted = np.isin(of_row, of_row[differs])
        twice = (times[of_row] > 1) & (np.arange(table.num_rows) != first_of_row) & ~contradicted
    return twice, contradicted


def _negative_remainders(sheet: Sheet, which: Flags, number: Numbers) -> list[Issue]:
    if not which.any():
        return []
    message = (
        f"{sheet.place}: {rows(int(which.sum()))} of offences not yet assigned an outcome are negative "
        f"({int(number[which].sum()):,} together), which the Home Office's remainder may be: added up as they stand"
    )
    return [Issue("open-data-negative-remainder", "note", message, source_file=sheet.source_file)]


def _sums(
    force: tuple[list[str], Numbers],
    quarter: tuple[list[date | None], Numbers],
    outcome: tuple[list[str | None], Numbers],
    number: Numbers,
    good: Flags,
) -> dict[tuple[str, date, str], int]:
    sizes = (len(force[0]), len(quarter[0]), len(outcome[0]))
    if not good.any():
        return {}
    cell = np.ravel_multi_index((force[1][good], quarter[1][good], outcome[1][good]), sizes)
    cells, place = np.unique(cell, return_inverse=True)
    totals = np.zeros(len(cells), np.int64)
    np.add.at(totals, place, number[good])
    sums = {}
    for at, total in zip(np.stack(np.unravel_index(cells, sizes), axis=1).tolist(), totals.tolist(), strict=True):
        day, code = quarter[0][at[1]], outcome[0][at[2]]
        if day is not None and code is not None:
            sums[force[0][at[0]], day, code] = total
    return sums


def force_outcome_rows(data: OpenData) -> tuple[list[dict[str, Any]], list[Issue]]:
    """Rows of ``force_outcomes``: 43 forces, each row of figure 4, each twelve months of four quarters on end.

    Two financial years of data give five such periods. A group is the sum of its types, as ``outcome_types`` groups
    them. A force without one of the quarters, or with a row that says nothing certain in one, has no value.
    """
    outcomes: Counts = data.outcomes
    issues: list[Issue] = []
    found: list[dict[str, Any]] = []
    periods = list(twelve_months(outcomes))
    if outcomes.files and not periods:
        message = f"{WHAT}: no four quarters on end: no twelve months can be given"
        issues.append(Issue("open-data-quarters", "warning", message, table_name="force_outcomes"))
    held = {(area_code, day) for area_code, day, _ in outcomes.values}
    for day in sorted(outcomes.files):
        missing = [code for code in area_codes() if (code, day) not in held and not outcomes.reason(code, day, "")]
        if missing:
            message = (
                f"{'; '.join(outcomes.files[day])}: no rows for the quarter from {day} of "
                f"{force_names(missing)}: no value for the twelve months it belongs to"
            )
            issues.append(
                Issue("open-data-quarters", "warning", message, table_name="force_outcomes", row_key=str(day))
            )
    for quarters, period in periods:
        source_file = "; ".join(sorted({name for day in quarters for name in outcomes.files[day]}))
        for area_code in area_codes():
            known = all((area_code, day) in held and not outcomes.reason(area_code, day, "") for day in quarters)
            offences = _figure_4(outcomes, area_code, quarters) if known else {}
            if known and offences["total"] <= 0:
                offences = {}
            if offences and offences["not_yet_assigned"] < 0:
                message = (
                    f"{force_name(area_code)}, {period[0]} to {period[1]}: {offences['not_yet_assigned']:,} offences "
                    "not yet assigned an outcome: more outcomes than offences recorded, as the Home Office counts them"
                )
                issues.append(
                    Issue(
                        "open-data-negative-remainder",
                        "warning",
                        message,
                        table_name="force_outcomes",
                        source_file=source_file,
                        row_key=f"{area_code}, {period[1]}",
                    )
                )
            found.extend(_row(row, area_code, period, offences, source_file) for row in _figure_rows())
    return found, issues


def twelve_months(outcomes: Counts) -> Iterator[tuple[tuple[date, ...], tuple[date, date]]]:
    """Every four quarters on end that the data covers: their first days, and first and last day of them all."""
    for first in sorted(outcomes.files):
        quarters = [first]
        while len(quarters) < 4:
            last = quarters[-1]
            quarters.append(date(last.year + (last.month == 10), (last.month + 2) % 12 + 1, 1))
        if all(day in outcomes.files for day in quarters):
            end = date.fromordinal(date(first.year + 1, first.month, 1).toordinal() - 1)
            yield tuple(quarters), twelve_months_to(end)


@cache
def _figure_rows() -> tuple[dict[str, str], ...]:
    """Rows of ``outcome_types`` in order; what has members is a group, though figure 4 may print it with a mark."""
    parents = {row["group_id"] for row in load("outcome_types")}
    return tuple(
        {**row, "outcome_code": "", "row_type": "group"}
        if row["outcome_id"] in parents and row["row_type"] == "type"
        else row
        for row in load("outcome_types")
    )


def _figure_4(outcomes: Counts, area_code: str, quarters: Sequence[date]) -> dict[str, int]:
    """Offences of each row of figure 4, groups and totals added up from the types."""
    rows_of = {row["outcome_id"]: row for row in _figure_rows()}
    offences = dict.fromkeys(rows_of, 0)
    for code, outcome_id in {**_types(), NOT_YET_ASSIGNED: "not_yet_assigned"}.items():
        number = sum(outcomes.values.get((area_code, day, code), 0) for day in quarters)
        while outcome_id:
            offences[outcome_id] += number
            outcome_id = rows_of[outcome_id]["group_id"]
    return offences


def _row(
    row: Mapping[str, str],
    area_code: str,
    period: tuple[date, date],
    offences: Mapping[str, int],
    source_file: str,
) -> dict[str, Any]:
    number, total = offences.get(row["outcome_id"]), offences.get("total")
    value = printed = None
    if number is not None and total is not None:
        value = 100 * number / total
        # Tenths of a percent, half up, in whole numbers: a double such as 0.25 would be rounded by its last bit.
        printed = (2000 * number + total) // (2 * total) / 10
    return {
        "area_code": area_code,
        "outcome_id": row["outcome_id"],
        "outcome_code": row["outcome_code"] or None,
        "row_type": row["row_type"],
        "parent_id": row["group_id"] or None,
        "period_start": period[0],
        "period_end": period[1],
        "offences": number,
        "offences_recorded": total,
        "value": value,
        "value_as_printed": printed,
        "unit": PERCENT,
        "value_status": "not_available" if value is None else "derived",
        "source_file": source_file,
    }

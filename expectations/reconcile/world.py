"""Rules against the world: codes that exist, values and periods that can be.

Belongs here: what no report can change. Does not belong here: forms of columns (``expectations.suites``): a code of the
right form may still name nothing.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from expectations.reconcile.rule import RELEASE, REPORT, Offence, ReconcileRule, Row, Tables
from expectations.suites import CRITICAL, WARNING
from pipelines.measures import PLAUSIBLE
from pipelines.observations import FACT_TABLES
from pipelines.schema import COMPUTED_TABLES, DIMENSIONS, REPORT_TABLES, TABLES

# Figures of inspection reports do not reach further back.
EARLIEST = date(1990, 1, 1)
# A report states figures of its fieldwork and surveys, which follow its main data period by months.
MONTHS_AFTER_DATA_PERIOD = 12
# Their rows are judged one by one, so a report's can be judged alone.
OF_REPORTS = ("reports", *REPORT_TABLES)
# The union of the fact tables says nothing that they do not, and dimensions are part of the code.
WITH_CODES = tuple(name for name in (*OF_REPORTS, *COMPUTED_TABLES) if name != "observations")


def _code_columns(name: str) -> dict[str, str]:
    """The columns of a table that hold keys of a dimension, and that dimension (a report may be withheld)."""
    columns = {column.name: column.joins for column in TABLES[name].columns if column.joins in DIMENSIONS}
    # An empty code is no area (a rule of the annex that names no force), so the column joins to nothing by itself.
    areas = {"area_code": "forces"} if "area_code" in TABLES[name].column_names else {}
    return {**{column: joined for column, joined in columns.items() if joined}, **areas}


def _unknown_codes(tables: Tables, name: str) -> Iterator[Offence]:
    for column, joined in _code_columns(name).items():
        (key,) = TABLES[joined].key
        known = {row[key] for row in tables[joined]}
        for row in tables[name]:
            code = row[column]
            if code and code not in known:
                yield Offence(row, f"{column} {code} is none of {joined}", f"a {key} of {joined}", code)


def _implausible(tables: Tables, name: str, measure_id: str | None) -> Iterator[Offence]:
    """Values outside their measure's plausible range."""
    measures = {row["measure_id"]: row for row in tables["measures"]}
    for row in tables[name]:
        measure = measures.get(measure_id or row["measure_id"])
        if measure is None or row["value"] is None or measure["plausible_minimum"] is None:
            continue
        low, high = measure["plausible_minimum"], measure["plausible_maximum"]
        if not low <= row["value"] <= high:
            says = f"{measure['name']} is {row['value']:g}: not plausible ({measure['plausible_reason']})"
            yield Offence(row, says, f"{low:g} to {high:g}", f"{row['value']:g}")


def _periods(tables: Tables, name: str) -> Iterator[Offence]:
    """Periods that end after the report was published (or long after its data), or begin before there were any."""
    latest = {row["report_id"]: _latest_day(row) for row in tables["reports"]}
    for row in tables[name]:
        first, last = row["period_start"], row["period_end"]
        if first is None or last is None:
            continue
        limit = latest.get(row["report_id"])
        if limit and last > limit:
            yield Offence(row, f"its period ends on {last}, after the report", f"by {limit}", str(last))
        if first < EARLIEST:
            yield Offence(row, f"its period begins on {first}, before any figures", f"from {EARLIEST}", str(first))
        compared = row.get("compared_with_end")
        if compared and compared >= last:
            says = f"it is compared with a period that ends on {compared}, not before its own"
            yield Offence(row, says, f"before {last}", str(compared))


def _latest_day(report: Row) -> date | None:
    """The last day that the report can say something of; None where its text dates neither itself nor its data."""
    if report["published"]:
        year, month = (int(part) for part in report["published"].split("-"))
        return date(year, month, monthrange(year, month)[1])
    end = report["data_period_end"]
    if end is None:
        return None
    years, month = divmod(end.month - 1 + MONTHS_AFTER_DATA_PERIOD, 12)
    return date(end.year + years, month + 1, monthrange(end.year + years, month + 1)[1])


def _code_rule(name: str) -> ReconcileRule:
    codes = _code_columns(name)
    joined = {table: TABLES[table].key for table in codes.values()}
    return ReconcileRule(
        id="codes_known",
        table=name,
        severity=CRITICAL,
        description=f"every code is known: {', '.join(f'{column} in {table}' for column, table in codes.items())}",
        source="the tables of pipelines/reference",
        find=lambda tables: _unknown_codes(tables, name),
        needs=tuple(joined),
        scope=REPORT if name in OF_REPORTS else RELEASE,
        columns={**joined, "reports": (), name: tuple(codes)},
    )


def _plausible_rule(name: str, measure_id: str | None) -> ReconcileRule:
    return ReconcileRule(
        id="value_plausible",
        table=name,
        severity=WARNING,
        description="every value lies in its measure's plausible range",
        source="measures: plausible_reason",
        find=lambda tables: _implausible(tables, name, measure_id),
        needs=("measures",),
        scope=REPORT,
    )


def _period_rule(name: str) -> ReconcileRule:
    return ReconcileRule(
        id="period_of_report",
        table=name,
        severity=WARNING,
        description="no period ends after its report, begins before 1990, or is compared with a later one",
        source="the report's month of publication or main data period",
        find=lambda tables: _periods(tables, name),
        scope=REPORT,
    )


RULES = (
    *(_code_rule(name) for name in WITH_CODES if _code_columns(name)),
    *(
        _plausible_rule(table.name, table.measure_id)
        for table in FACT_TABLES
        if table.measure_id is None or table.measure_id in PLAUSIBLE
    ),
    *(_period_rule(table.name) for table in FACT_TABLES),
)

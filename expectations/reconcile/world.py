"""Rules against the world: areas that exist, values and periods that can be.

Belongs here: what no report can change. Does not belong here: forms of columns (``expectations.suites``): a code of the
right form may still name no force.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from expectations.reconcile.rule import RELEASE, REPORT, Offence, ReconcileRule, Row, Tables
from expectations.suites import CRITICAL, WARNING
from pipelines.measures import PLAUSIBLE
from pipelines.observations import FACT_TABLES
from pipelines.schema import COMPUTED_TABLES, REPORT_TABLES, TABLES

# Figures of inspection reports do not reach further back.
EARLIEST = date(1990, 1, 1)
# A report states figures of its fieldwork and surveys, which follow its main data period by months.
MONTHS_AFTER_DATA_PERIOD = 12
# Their rows are judged one by one, so a report's can be judged alone.
OF_REPORTS = ("reports", *REPORT_TABLES)
# The union of the fact tables says nothing that they do not.
WITH_AREAS = tuple(
    name
    for name in (*OF_REPORTS, *COMPUTED_TABLES)
    if "area_code" in TABLES[name].column_names and name != "observations"
)


def _unknown_areas(tables: Tables, name: str) -> Iterator[Offence]:
    known = {row["area_code"] for row in tables["forces"]}
    for row in tables[name]:
        # An empty code is no area: a rule of the annex that names no force, a share whose area is not known.
        if row["area_code"] and row["area_code"] not in known:
            yield Offence(row, f"no force has the code {row['area_code']}", "a code of forces", row["area_code"])


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


def _area_rule(name: str) -> ReconcileRule:
    return ReconcileRule(
        id="area_known",
        table=name,
        severity=CRITICAL,
        description="every area is one of forces",
        source="forces.csv: the 43 territorial forces, and England and Wales",
        find=lambda tables: _unknown_areas(tables, name),
        needs=("forces",),
        scope=REPORT if name in OF_REPORTS else RELEASE,
        columns={name: ("area_code",), "forces": ("area_code",), "reports": ()},
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
    *(_area_rule(name) for name in WITH_AREAS),
    *(
        _plausible_rule(table.name, table.measure_id)
        for table in FACT_TABLES
        if table.measure_id is None or table.measure_id in PLAUSIBLE
    ),
    *(_period_rule(table.name) for table in FACT_TABLES),
)

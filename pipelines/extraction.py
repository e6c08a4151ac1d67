"""Everything one report says, as rows: runs the reader of the report's family (``pipelines.families``).

Belongs here: the row of the report itself and the union of its numbers. Does not belong here: parsing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.families import readers
from pipelines.issues import Issue
from pipelines.observations import observation_rows
from pipelines.questions import is_known
from pipelines.reports import Report

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Extraction:
    """What one report gave: rows by table name (``reports`` among them), and the issues found on the way."""

    report_id: str
    rows: Mapping[str, Rows]
    issues: tuple[Issue, ...]


def extract_report(report: Report) -> Extraction:
    """Every row that this report gives; only its row of ``reports`` if its programme is not known."""
    reader = readers().get(report.family) if is_known(report.programme_id) else None
    if reader is None:
        message = f"{report.source_file}: {report.programme_id} is no programme known here: nothing of it is extracted"
        note = Issue(
            "report-extracted",
            "note",
            message,
            table_name="reports",
            report_id=report.report_id,
            source_file=report.source_file,
        )
        return Extraction(report.report_id, {"reports": [report.row("registered")]}, (note,))
    contents = reader(report)
    rows: dict[str, Rows] = dict(contents.rows)
    # Last: it is the union of the others.
    rows["observations"] = observation_rows(rows)
    rows["reports"] = [report.row("extracted")]
    return Extraction(report.report_id, rows, contents.issues)

"""Everything one report says, as rows: runs the extractors of ``pipelines.extract`` on one Report.

Belongs here: which extractors there are, and in what order. Does not belong here: parsing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.extract.annex import annex_rule_rows
from pipelines.extract.band_statements import band_statement_rows
from pipelines.extract.crime_rates import crime_rate_rows
from pipelines.extract.figures import figure_rows
from pipelines.extract.findings import finding_rows
from pipelines.extract.judgments import judgment_rows
from pipelines.extract.organised_crime import organised_crime_rows
from pipelines.extract.outcomes import outcome_rows
from pipelines.extract.printed import read_printed_tables
from pipelines.extract.statistics import read_statistics, statistics_rows
from pipelines.issues import Issue
from pipelines.observations import observation_rows
from pipelines.reports import Report
from pipelines.structure import outline_of

Rows = list[dict[str, Any]]

EXTRACTORS = {
    "crime_rates": crime_rate_rows,
    "outcome_proportions": outcome_rows,
    "domestic_abuse_outcomes": outcome_rows,
}
# Tables found by the outline alone; each extractor gives rows and issues.
OUTLINE_EXTRACTORS = {
    "annex_rules": annex_rule_rows,
    "organised_crime_groups": organised_crime_rows,
}


@dataclass(frozen=True)
class Extraction:
    """What one report gave: rows by table name (``reports`` among them), and the issues found on the way."""

    report_id: str
    rows: Mapping[str, Rows]
    issues: tuple[Issue, ...]


def extract_report(report: Report) -> Extraction:
    """Every row that this report gives; only its row of ``reports`` if its programme is not yet extracted."""
    if not report.is_extracted:
        message = f"{report.source_file}: a report of {report.programme_id}, whose tables are not yet extracted"
        note = Issue(
            "report-extracted",
            "note",
            message,
            table_name="reports",
            report_id=report.report_id,
            source_file=report.source_file,
        )
        return Extraction(report.report_id, {"reports": [report.row("registered")]}, (note,))
    outline = outline_of(report)
    printed, issues = read_printed_tables(report, outline)
    rows: dict[str, Rows] = {name: EXTRACTORS[name](report, table) for name, table in printed.items()}
    rows["figures"] = figure_rows(report, outline, printed)
    rows["judgments"], judgment_issues = judgment_rows(report, outline)
    readings = list(read_statistics(report, outline))
    rows["statistics"], doubts = statistics_rows(report, readings)
    rows["band_statements"] = band_statement_rows(report, readings)
    rows["findings"], finding_issues = finding_rows(report, outline)
    issues += [*judgment_issues, *doubts, *finding_issues]
    for name, extractor in OUTLINE_EXTRACTORS.items():
        rows[name], found = extractor(report, outline)
        issues += found
    # Last: it is the union of the others.
    rows["observations"] = observation_rows(rows)
    rows["reports"] = [report.row("extracted")]
    return Extraction(report.report_id, rows, tuple(issues))

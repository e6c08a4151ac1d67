"""Reports on one pillar of PEEL as taken out of their PDF (2016, 2017): printed tables, boxes, core questions, annex A.

The shape is that of ``pipelines.structure``; what is read from it is listed here. A report of another year or pillar
goes as far as its words are known: tables by ``reference/printed_tables.csv``, judgments by the dimension
``questions``; what is left is said in notes.
"""

from collections.abc import Iterator, Sequence

from pipelines.extract.annex import annex_rule_rows
from pipelines.extract.band_statements import band_statement_rows
from pipelines.extract.crime_rates import crime_rate_rows
from pipelines.extract.figures import figure_rows
from pipelines.extract.findings import finding_rows
from pipelines.extract.judgments import judgment_rows
from pipelines.extract.organised_crime import organised_crime_rows
from pipelines.extract.outcomes import outcome_rows
from pipelines.extract.printed import read_printed_tables, tables_of
from pipelines.extract.statistics import read_statistics, statistics_rows
from pipelines.families import Contents, Rows
from pipelines.issues import Issue
from pipelines.questions import questions_of
from pipelines.reports import Report
from pipelines.structure import Outline, Part, outline_of

PRINTED_TABLES = {
    "crime_rates": crime_rate_rows,
    "outcome_proportions": outcome_rows,
    "domestic_abuse_outcomes": outcome_rows,
}
# Tables found by the outline alone; each extractor gives rows and issues.
OUTLINE_TABLES = {
    "annex_rules": annex_rule_rows,
    "organised_crime_groups": organised_crime_rows,
}


def read_pillar_report(report: Report) -> Contents:
    """Every row of a report on one pillar, but for those of ``reports`` and ``observations``."""
    outline = outline_of(report)
    printed, issues = read_printed_tables(report, outline)
    rows: dict[str, Rows] = {name: PRINTED_TABLES[name](report, table) for name, table in printed.items()}
    rows["figures"] = figure_rows(report, outline, printed)
    rows["judgments"], judgment_issues = judgment_rows(report, outline)
    readings = list(read_statistics(report, outline))
    rows["statistics"], doubts = statistics_rows(report, readings)
    rows["band_statements"] = band_statement_rows(report, readings)
    rows["findings"], finding_issues = finding_rows(report, outline)
    issues += [*judgment_issues, *doubts, *finding_issues]
    for name, extractor in OUTLINE_TABLES.items():
        rows[name], found = extractor(report, outline)
        issues += found
    return Contents(rows, (*issues, *_unread(report, outline)))


def _unread(report: Report, outline: Outline) -> Iterator[Issue]:
    """Notes on grades and tables that are printed but of which this programme's words are not known."""
    known = {question.number for question in questions_of(report.programme_id, report.pillar)}
    labels = [part for part in outline.of_kind("grade") if part.question_no not in {*known, None}]
    listed = outline.of_kind("summary_question")
    if labels or not known:
        what = f"questions of {report.programme_id} {report.pillar} that are not known here"
        message = f"judgments on {what} are not published, and findings on them stand without a question"
        yield _note(report, "judgments", "question-known", message, labels)
    tables = [
        part
        for part in outline.of_kind("table_block")
        if not any(part.line_start <= question.line_start <= part.line_end for question in listed)
    ]
    if tables and not tables_of(report):
        message = f"the tables of {report.programme_id} {report.pillar} reports are not known here: no rows of them"
        yield _note(report, "figures", "figure-table", message, tables)


def _note(report: Report, table_name: str, check_id: str, message: str, parts: Sequence[Part]) -> Issue:
    lines = ", ".join(str(part.line_start) for part in parts)
    return Issue(
        check_id,
        "note",
        f"{report.source_file}{f', lines {lines}' if lines else ''}: {message}",
        table_name=table_name,
        report_id=report.report_id,
        source_file=report.source_file,
        line_start=parts[0].line_start if parts else None,
        line_end=parts[-1].line_end if parts else None,
    )

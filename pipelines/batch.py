"""Many reports at once: each is read and extracted alone, and one that fails leaves the others as they are.

Belongs here: the loop over reports, what becomes of a report that fails, and rows that are withheld from a
release. Does not belong here: what one report says (``extraction``) and where results are stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines import extraction
from pipelines.extraction import Rows
from pipelines.issues import Issue, SourceError
from pipelines.observations import observation_rows
from pipelines.reports import Report, read_report
from pipelines.schema import REPORT_TABLES, TABLES

# Every table with rows of a report; a report that fails keeps its row in the first.
TABLES_OF_A_REPORT: tuple[str, ...] = ("reports", *REPORT_TABLES)


@dataclass(frozen=True)
class Entry:
    """One line of the register: which file is which report, and what its bytes were when it was read."""

    report_id: str
    source_file: str
    sha256: str


@dataclass(frozen=True)
class Batch:
    """What reports gave: rows by table name (every name of TABLES_OF_A_REPORT), and the issues found."""

    rows: Mapping[str, Rows]
    issues: tuple[Issue, ...]


def register(reports: Iterable[Report]) -> list[Entry]:
    """The register of these reports, in their order."""
    return [Entry(report.report_id, report.source_file, report.sha256) for report in reports]


def extract_registered(entries: Iterable[Entry], folder: Path, withheld: Sequence[Issue] = ()) -> Batch:
    """Rows and issues of every registered report; never raises for what stands in a report.

    One report is in memory at a time. ``withheld`` names, by table_name and report_id, rows that an earlier
    check refused: they are left out, and the issues are passed on. A report refused in ``reports`` is left
    out whole.
    """
    rows: dict[str, Rows] = {name: [] for name in TABLES_OF_A_REPORT}
    issues: list[Issue] = []
    for entry in entries:
        one = _extract_entry(entry, folder)
        one = withhold(one, entry.report_id, withheld)
        issues += one.issues
        for name in TABLES_OF_A_REPORT:
            rows[name] += one.rows[name]
    return Batch(rows, tuple(issues))


def extract_checked(report: Report) -> Batch:
    """Rows of one report, checked against the schema; a failure of any kind is an issue, not an exception."""
    try:
        found = extraction.extract_report(report)
        rows = {name: list(found.rows.get(name, ())) for name in TABLES_OF_A_REPORT}
        _assert_own(report, rows, found.rows.keys() - set(TABLES_OF_A_REPORT))
        for name in TABLES_OF_A_REPORT:
            TABLES[name].to_arrow(rows[name])
    except Exception as error:  # whatever one report sets off must not stop the others
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        issue = Issue(
            "report-extracted",
            "error",
            f"{report.source_file}: its tables could not be extracted ({reason})",
            table_name="reports",
            report_id=report.report_id,
            source_file=report.source_file,
            found=reason,
        )
        return Batch({**_no_rows(), "reports": [report.row("failed")]}, (issue,))
    return Batch(rows, found.issues)


def withhold(one: Batch, report_id: str, withheld: Sequence[Issue]) -> Batch:
    """One report's batch without the rows that an earlier check refused, and with issues that say so."""
    mine = [issue for issue in withheld if issue.report_id == report_id]
    tables = {issue.table_name for issue in mine}
    # Rows that point to a report which is not in the release would hang in the air.
    left_out = set(TABLES_OF_A_REPORT) if "reports" in tables else tables
    counts = {name: len(one.rows[name]) for name in TABLES_OF_A_REPORT}
    said = tuple(
        replace(
            issue,
            message=f"{issue.message}; all {counts[str(issue.table_name)]} rows of {report_id} are withheld",
        )
        for issue in mine
    )
    kept = {name: [] if name in left_out else one.rows[name] for name in TABLES_OF_A_REPORT}
    if left_out:  # the union of the fact tables holds no rows that they do not
        kept["observations"] = [] if "observations" in left_out else observation_rows(kept)
    return Batch(kept, (*one.issues, *said))


def _extract_entry(entry: Entry, folder: Path) -> Batch:
    try:
        report = read_report(folder / entry.source_file, folder)
    except SourceError as error:
        return Batch(_no_rows(), (error.issue,))
    if report.sha256 != entry.sha256:
        issue = Issue(
            "file-unchanged",
            "error",
            f"{entry.source_file}: the file changed during the run; run again",
            table_name="reports",
            source_file=entry.source_file,
            expected=entry.sha256,
            found=report.sha256,
        )
        return Batch(_no_rows(), (issue,))
    return extract_checked(report)


def _no_rows() -> dict[str, Rows]:
    return {name: [] for name in TABLES_OF_A_REPORT}


def _assert_own(report: Report, rows: Mapping[str, Rows], unknown: Iterable[str]) -> None:
    unknown = sorted(unknown)
    if unknown:
        raise ValueError(f"rows of tables that are not tables of a report: {unknown}")
    if len(rows["reports"]) != 1:
        raise ValueError(f"{len(rows['reports'])} rows of table reports instead of one")
    for name, table_rows in rows.items():
        strange = sorted({str(row.get("report_id")) for row in table_rows} - {report.report_id})
        if strange:
            raise ValueError(f"table {name}: rows of other reports: {strange}")

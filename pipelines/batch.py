"""Many reports at once: what each file gave, put together; a file that fails leaves the others as they are.

Belongs here: what becomes of a report that fails, files that hold the same report, the tables of all reports together,
and rows that are withheld from a release. Does not belong here: what one report says (``extraction``), keeping what a
file gave (``extracted``) and where tables are stored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import extraction
from pipelines.extracted import TABLES_OF_A_REPORT, Extracted, named, named_table, plain_schema
from pipelines.extraction import Rows
from pipelines.issues import Issue
from pipelines.reports import Report, SourceFile, refusal
from pipelines.schema import TABLES

# Files that hold the same report and that the refusal of one of them names.
COPIES_NAMED = 3


@dataclass(frozen=True)
class ReportRows:
    """What one report gave: rows and Arrow tables by name (every name of TABLES_OF_A_REPORT), and the issues found."""

    rows: Mapping[str, Rows]
    tables: Mapping[str, pa.Table]
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class FileRead:
    """A file of the reports folder and what its bytes gave."""

    file: SourceFile
    record: Extracted

    @property
    def report_id(self) -> str:
        """The report that the file holds. Raises ValueError for a file that was refused."""
        if self.record.report_id is None:
            raise ValueError(f"{self.file.name} is no report")
        return self.record.report_id


def extract_checked(report: Report) -> ReportRows:
    """Tables of one report, checked against the schema; a failure of any kind is an issue, not an exception."""
    try:
        found = extraction.extract_report(report)
        rows = {name: list(found.rows.get(name, ())) for name in TABLES_OF_A_REPORT}
        _assert_own(report, rows, found.rows.keys() - set(TABLES_OF_A_REPORT))
        return ReportRows(rows, _tables(rows), found.issues)
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
        rows = {**{name: [] for name in TABLES_OF_A_REPORT}, "reports": [report.row("failed")]}
        return ReportRows(rows, _tables(rows), (issue,))


def settled(files: Iterable[FileRead]) -> tuple[list[FileRead], list[Issue]]:
    """The files whose reports are in the release, in report_id order, and an issue for each that is refused.

    Two files of one report: with the same lines the first by name is read and the other refused; with different
    lines both are refused, since nothing says which is right.
    """
    in_order = sorted(files, key=lambda one: one.file.name)
    issues = [issue for one in in_order if one.record.report_id is None for issue in issues_of(one)]
    of_report: dict[str, list[FileRead]] = {}
    for one in in_order:
        if one.record.report_id is not None:
            of_report.setdefault(one.report_id, []).append(one)
    kept = []
    for report_id, same in sorted(of_report.items()):
        agree = len({one.record.lines_sha256 for one in same}) == 1
        kept += same[:1] if agree else []
        for one in same[1:] if agree else same:
            # Named are some of them: of very many copies each would name all others.
            others = [other.file.name for other in same[: COPIES_NAMED + 1] if other is not one][:COPIES_NAMED]
            more = len(same) - 1 - len(others)
            named_copies = ", ".join(others) + (f" and {more} more" if more else "")
            reason = f"the same report ({report_id}) as {named_copies}" + (
                "" if agree else ", with different text: neither is read"
            )
            issues.append(refusal(one.file.name, reason, "report-unique", found=report_id).issue)
    return kept, issues


def issues_of(one: FileRead) -> tuple[Issue, ...]:
    """What extraction found in the file, under the name that the file has now."""
    return named(one.record.issues, one.file.name)


class CombinedTables(Mapping[str, pa.Table]):
    """The tables of all these reports together, in key order, without withheld rows; each is made when it is asked for,
    so that one is in memory at a time.

    ``withheld`` names, by table_name and report_id, rows that a check refused. A report refused in ``reports`` is left
    out whole: rows that point to a report which is not in the release would hang in the air.
    """

    def __init__(self, reports: Sequence[FileRead], withheld: Iterable[Issue] = ()) -> None:
        self._reports = sorted(reports, key=lambda one: one.report_id)
        self._left_out: dict[str, set[str]] = {}
        for issue in withheld:
            left_out = self._left_out.setdefault(str(issue.report_id), set())
            left_out |= set(TABLES_OF_A_REPORT) if issue.table_name == "reports" else {str(issue.table_name)}

    def __getitem__(self, name: str) -> pa.Table:
        """The rows of every report. Keys begin with report_id, so tables in key order, one behind another, stay so."""
        parts = [self.of_report(one, name) for one in self._reports if name in one.record.tables]
        schema = TABLES[name].arrow_schema()
        together = pa.concat_tables([plain_schema(name).empty_table(), *parts]).combine_chunks()
        return together.cast(schema).replace_schema_metadata(schema.metadata)

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return iter(TABLES_OF_A_REPORT)

    def __len__(self) -> int:
        """How many tables there are."""
        return len(TABLES_OF_A_REPORT)

    def of_report(self, one: FileRead, name: str) -> pa.Table:
        """The rows of one report."""
        left_out = self._left_out.get(one.report_id, set())
        table = one.record.table(name)
        if name in left_out:
            return table.slice(0, 0)
        if name == "reports":
            return named_table(table, one.file.name)
        if name == "observations" and left_out:  # the union of the fact tables holds no rows that they do not
            return table.filter(pc.invert(pc.is_in(table["table_name"], pa.array(sorted(left_out)))))
        return table


def said_withheld(withheld: Iterable[Issue], reports: Iterable[FileRead]) -> list[Issue]:
    """The issues for which rows are withheld, each with how many."""
    counts = {one.report_id: one.record.counts for one in reports}
    return [
        replace(
            issue,
            message=f"{issue.message}; all {counts[str(issue.report_id)][str(issue.table_name)]} rows of "
            f"{issue.report_id} are withheld",
        )
        for issue in withheld
    ]


def _tables(rows: Mapping[str, Rows]) -> dict[str, pa.Table]:
    return {name: TABLES[name].to_arrow(rows[name]) for name in TABLES_OF_A_REPORT}


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

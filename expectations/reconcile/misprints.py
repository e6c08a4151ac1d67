"""Misprints of the source that are known: they stay as printed, and what a check says of them is marked.

Belongs here: matching ``reference/known_misprints.csv`` with what checks found. Does not belong here: repairing numbers
(nothing is repaired). An entry is its own guard: it names the check that finds the misprint, the row, and the text that
is found there. Once the report no longer says so, nothing matches, and the entry is a warning until it is taken out.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.issues import Issue
from pipelines.reference import load
from pipelines.schema import TABLES

CHECK_ID = "known-misprint"


@dataclass(frozen=True)
class KnownMisprint:
    """One entry.

    ``report_id``, ``table_name``, ``check_id`` and ``row_key`` are those of the issue that finds it, ``text`` stands in
    what that issue found; ``line`` is where it is printed; ``what`` is wrong, ``why`` that is so, and ``source`` how
    it is known for certain.
    """

    report_id: str
    table_name: str
    check_id: str
    row_key: str
    line: str
    text: str
    what: str
    why: str
    source: str

    def explains(self, issue: Issue) -> bool:
        """Whether the issue is about this misprint. Errors never are: what must not be published is not excused."""
        place = (issue.report_id, issue.table_name, issue.check_id, issue.row_key)
        own = (self.report_id, self.table_name, self.check_id, self.row_key)
        return issue.severity == "warning" and place == own and self.text in (issue.found or "")


def known_misprints(table: str | None) -> tuple[KnownMisprint, ...]:
    """The entries that the checks of a table find; of None, those that reading the reports finds."""
    entries = (KnownMisprint(**row) for row in load("known_misprints"))
    return tuple(one for one in entries if _checked_table(one.check_id) == table)


def _checked_table(check_id: str) -> str | None:
    return next((name for name in TABLES if check_id.startswith(f"{name}-")), None)


def mark(issues: Sequence[Issue], known: Sequence[KnownMisprint], report_ids: Collection[str]) -> list[Issue]:
    """The issues with known misprints marked, and what is listed for these reports but was not found any more."""
    return [*(marked(issue, known) for issue in issues), *no_longer_found(known, issues, report_ids)]


def marked(issue: Issue, known: Iterable[KnownMisprint]) -> Issue:
    """The issue, as a note that says so where it is a known misprint."""
    entry = next((one for one in known if one.explains(issue)), None)
    if entry is None:
        return issue
    said = f"known misprint: {entry.what} ({entry.why}; {entry.source}); {issue.message}"
    return replace(issue, severity="note", message=said)


def no_longer_found(
    known: Sequence[KnownMisprint], issues: Sequence[Issue], report_ids: Collection[str]
) -> list[Issue]:
    """A warning for each entry of these reports that none of the issues, as they were before marking, is about."""
    return [
        Issue(
            check_id=CHECK_ID,
            severity="warning",
            message=f"{one.report_id}, line {one.line}: the known misprint {one.what!r} is not found any more: "
            f"{one.check_id} does not find {one.text!r} at {one.row_key}; look, and take the entry out",
            table_name=one.table_name,
            report_id=one.report_id,
            row_key=one.row_key,
            expected=one.text,
            found="not found",
            line_start=int(one.line),
            line_end=int(one.line),
        )
        for one in known
        if one.report_id in report_ids and not any(one.explains(issue) for issue in issues)
    ]

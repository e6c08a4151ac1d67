"""What went wrong, or is worth saying: the rows of ``quality_issues`` before they are rows.

Belongs here: the ``Issue`` itself and the error that a failing reader or parser raises. Does not belong here: the
checks that find issues.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Issue:
    """One thing found. ``severity`` is error, warning or note (``schema.SEVERITIES``); lines are 1-based."""

    check_id: str
    severity: str
    message: str
    table_name: str | None = None
    report_id: str | None = None
    source_file: str | None = None
    row_key: str | None = None
    expected: str | None = None
    found: str | None = None
    line_start: int | None = None
    line_end: int | None = None

    def row(self) -> dict[str, Any]:
        """The row of ``quality_issues``; its identifier depends only on what was found and where."""
        fields = asdict(self)
        content = "\x1f".join("" if value is None else str(value) for value in fields.values())
        return {"issue_id": hashlib.sha256(content.encode()).hexdigest()[:16], **fields}


@dataclass(frozen=True)
class Finding:
    """What a rule (by its check_id) found; ``raised`` says why it could not be run."""

    check_id: str
    issues: tuple[Issue, ...]
    raised: str | None = None


def issue_rows(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    """Rows of ``quality_issues``; the same thing found twice is one row."""
    return list({row["issue_id"]: row for row in (issue.row() for issue in issues)}.values())


class SourceError(ValueError):
    """A file or table that cannot be read: carries the issue that says which, where and why."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue

    def __reduce__(self) -> tuple[type[Self], tuple[Issue]]:
        """Pickled by its issue, so that it comes whole out of another process."""
        return type(self), (self.issue,)

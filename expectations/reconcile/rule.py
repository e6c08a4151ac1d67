"""What a rule across rows is, and how its findings become issues.

Belongs here: the shape of rules and of what breaks them, and running them. Does not belong here: the rules themselves
(the other modules, by subject) and checks of single columns (``expectations.suites``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.run import ISSUE_SEVERITY
from expectations.suites import CRITICAL
from pipelines.issues import Issue
from pipelines.observations import row_key
from pipelines.schema import TABLES

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]


@dataclass(frozen=True)
class Offence:
    """A row that breaks a rule, and how, in words that follow the row's place.

    ``table``: the row's table where it is not the rule's own; ``severity``: one of ``schema.SEVERITIES`` where it is
    milder than the rule's.
    """

    row: Row
    says: str
    expected: str
    found: str
    table: str | None = None
    severity: str | None = None


@dataclass(frozen=True)
class ReconcileRule:
    """One statement that must hold across rows.

    ``table`` is the table that the rule is a check of, and ``needs`` names the other tables it looks at; ``find`` is
    pure, gets rows by table name, finds nothing where a table is empty, and does not raise. ``severity`` is critical
    where the rows must not be published, else warning. ``source`` says what the rule rests on: a figure, a paragraph
    of annex A, or arithmetic.
    """

    id: str
    table: str
    severity: str
    description: str
    source: str
    find: Callable[[Tables], Iterable[Offence]]
    needs: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every table that the rule looks at, its own first; reports among them, to name the file of a row."""
        files = ("reports",) if "report_id" in TABLES[self.table].column_names else ()
        return tuple(dict.fromkeys((self.table, *self.needs, *files)))

    @property
    def check_id(self) -> str:
        """Identifier among the checks of all tables, as in ``quality_issues``."""
        return f"{self.table}-{self.id}"


@dataclass(frozen=True)
class Outcome:
    """What became of one rule. ``raised`` says why it could not be run: then it failed, whatever its severity."""

    rule: ReconcileRule
    issues: tuple[Issue, ...]
    raised: str | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing was found, or nothing worse than a note."""
        return all(issue.severity == "note" for issue in self.issues)

    @property
    def blocks(self) -> bool:
        """Whether the table must not be published with this outcome."""
        return any(issue.severity == "error" for issue in self.issues)


def run_rule(rule: ReconcileRule, tables: Tables) -> Outcome:
    """The rule's outcome on these rows; tables that are not given have none."""
    given = {name: tables.get(name, ()) for name in rule.inputs}
    files = {str(row["report_id"]): str(row["source_file"]) for row in given.get("reports", ())}
    try:
        return Outcome(rule, tuple(_issue(rule, offence, files) for offence in rule.find(given)))
    except Exception as error:  # a rule that fails must not stop the others, nor pass unseen
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        message = f"table {rule.table}: could not be checked that {rule.description} ({reason})"
        issue = Issue(rule.check_id, ISSUE_SEVERITY[CRITICAL], message, table_name=rule.table, found=reason)
        return Outcome(rule, (issue,), reason)


def _issue(rule: ReconcileRule, offence: Offence, files: Mapping[str, str]) -> Issue:
    row, table = offence.row, offence.table or rule.table
    report_id, first, last = row.get("report_id"), row.get("line_start"), row.get("line_end")
    source_file = files.get(str(report_id)) if report_id else None
    key = row_key(table, row)
    return Issue(
        check_id=rule.check_id,
        severity=offence.severity or ISSUE_SEVERITY[rule.severity],
        message=f"{place(row, files)}table {table}, row {key}: {offence.says}",
        table_name=table,
        report_id=report_id,
        source_file=source_file,
        row_key=key,
        expected=offence.expected,
        found=offence.found,
        line_start=first,
        line_end=last,
    )


def place(row: Row, files: Mapping[str, str]) -> str:
    """File and lines of a row as messages begin with them; empty for a row of no report."""
    source_file = files.get(str(row.get("report_id")))
    lines = lines_of(row)
    return f"{source_file}, {lines}: " if source_file and lines else f"{source_file}: " if source_file else ""


def lines_of(row: Row) -> str:
    """ "line 3" or "lines 3-4"; empty for a row without."""
    first, last = row.get("line_start"), row.get("line_end")
    if first is None:
        return ""
    return f"line {first}" if last in (first, None) else f"lines {first}-{last}"

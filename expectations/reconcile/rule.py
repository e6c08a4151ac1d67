"""What a rule across rows is, and how its findings become issues.

Belongs here: the shape of rules and of what breaks them, and running them. Does not belong here: the rules themselves
(the other modules, by subject) and checks of single columns (``expectations.suites``).

Neither Great Expectations nor pandas is imported here or by the rules: those of one report run where it is extracted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from expectations.suites import CRITICAL, ISSUE_SEVERITY
from pipelines.issues import Finding, Issue
from pipelines.observations import row_key
from pipelines.schema import TABLES

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

# What a rule is run on: each report alone, or all of a release together.
REPORT, RELEASE = "report", "release"
# Columns that an issue names the place of a row with, where a table has them.
PLACE = ("report_id", "line_start", "line_end")


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

    ``scope`` is REPORT where the rule finds the same in one report's rows (and the dimensions) as in those of all
    reports, else RELEASE. ``columns`` names, by table, the columns that ``find`` looks at, so that no others need be
    made into rows (of a table that is not named: all); ``only`` names, by table, a column and the values in it of the
    rows that can matter.
    """

    id: str
    table: str
    severity: str
    description: str
    source: str
    find: Callable[[Tables], Iterable[Offence]]
    needs: tuple[str, ...] = ()
    scope: str = RELEASE
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every table that the rule looks at, its own first; reports among them, to name the file of a row."""
        files = ("reports",) if "report_id" in TABLES[self.table].column_names else ()
        return tuple(dict.fromkeys((self.table, *self.needs, *files)))

    def columns_of(self, table: str) -> tuple[str, ...]:
        """The columns of an input that the rule, or what is said of its rows, needs; in the table's own order."""
        names = TABLES[table].column_names
        if table not in self.columns:
            return tuple(names)
        files = ("report_id", "source_file") if table == "reports" else ()
        wanted = {*self.columns[table], *TABLES[table].key, *PLACE, *files}
        return tuple(name for name in names if name in wanted)

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
        # Of one report alone: then it can be left out, and the others go out without it.
        report_id, source_file = next(iter(files.items())) if rule.scope == REPORT and len(files) == 1 else (None, None)
        place = f"{source_file}: " if source_file else ""
        issue = Issue(
            rule.check_id,
            ISSUE_SEVERITY[CRITICAL],
            f"{place}table {rule.table}: could not be checked that {rule.description} ({reason})",
            table_name=rule.table,
            report_id=report_id,
            source_file=source_file,
            found=reason,
        )
        return Outcome(rule, (issue,), reason)


def united(rule: ReconcileRule, findings: Iterable[Finding]) -> Outcome:
    """The rule's outcome on all reports, of what was found in each; findings of other rules are passed over."""
    own = [finding for finding in findings if finding.check_id == rule.check_id]
    raised = "; ".join(sorted({finding.raised for finding in own if finding.raised})) or None
    return Outcome(rule, tuple(issue for finding in own for issue in finding.issues), raised)


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

"""Runs a suite on a table in memory, and gives plain results and issues.

Belongs here: what a rule's result is, with the rows that broke it, and how it is said. Does not belong here: the rules
(``suites``), asking Great Expectations (``validation``), where tables come from and what becomes of the results
(``assets.checks``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from expectations.suites import CRITICAL, ISSUE_SEVERITY, Rule
from expectations.validation import SLICE_ROWS, Found, validate
from pipelines.issues import Issue
from pipelines.schema import Table

# So many rows that broke a rule are named, and beyond them the first of each further report: what breaks a rule in
# every row of a release is seen in some, and every report must be known that is withheld for it.
NAMED_ROWS = 1_000


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule.

    ``offending`` are rows that broke it, whole: the first NAMED_ROWS, and the first of every report that has none among
    those. ``offending_rows`` is how many there are in all, ``by_report`` how many of each report_id. They are empty for
    a rule about the table, and for a rule that could not be run: then ``raised`` says why, ``passed`` is false and
    ``severity`` is critical, whatever the rule's own. ``found`` is what was counted in a rule that was broken, as Great
    Expectations gives it, with a sample of values.
    """

    rule: Rule
    passed: bool
    severity: str
    observed: str
    offending: tuple[Mapping[str, Any], ...] = ()
    raised: str | None = None
    found: Mapping[str, Any] = field(default_factory=dict)
    offending_rows: int = 0
    by_report: Mapping[str | None, int] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether the table must not be published with this result."""
        return not self.passed and self.severity == CRITICAL

    @property
    def message(self) -> str:
        """What must be true, and, where it is not, that it is not."""
        if self.raised:
            return f"could not be checked that {self.rule.description}"
        return self.rule.description if self.passed else f"not so: {self.rule.description}"


def run_suite(table: Table, content: pa.Table, rules: Sequence[Rule], slice_rows: int = SLICE_ROWS) -> list[RuleResult]:
    """One result for each rule, in the order of the rules.

    ``content`` holds the table's columns; ``slice_rows`` of its rows are looked at at a time. What stands in it raises
    nothing: a rule that cannot be run is a failed result.
    """
    # What must hold of every row holds of none: of no rows only rules about the table itself are asked.
    asked = [rule for rule in rules if content.num_rows or not rule.columns]
    found = {rule.id: one for rule, one in zip(asked, validate(content, asked, slice_rows), strict=True)}
    return [
        _result(rule, found[rule.id], content) if rule.id in found else RuleResult(rule, True, rule.severity, "no rows")
        for rule in rules
    ]


def issues_of(table: Table, results: Iterable[RuleResult], files: Mapping[str, str]) -> list[Issue]:
    """An issue for each row that is named as breaking a rule, or for the table where no row can be named.

    ``files`` gives the source_file of each report_id, so that a person finds the line. Where more rows broke a rule
    than are named, the last that is named of each report says how many.
    """
    failed = [result for result in results if not result.passed]
    issues = [_table_issue(table, result) for result in failed if not result.offending]
    return issues + [issue for result in failed for issue in _row_issues(table, result, files)]


def _table_issue(table: Table, result: RuleResult) -> Issue:
    found = result.raised or result.observed
    return Issue(
        check_id=f"{table.name}-{result.rule.id}",
        severity=ISSUE_SEVERITY[result.severity],
        message=f"table {table.name}: {result.message} ({found})",
        table_name=table.name,
        expected=result.rule.description,
        found=found,
    )


def _row_issues(table: Table, result: RuleResult, files: Mapping[str, str]) -> list[Issue]:
    named = Counter(row.get("report_id") for row in result.offending)
    last = {row.get("report_id"): number for number, row in enumerate(result.offending)}
    issues = []
    for number, row in enumerate(result.offending):
        report_id = row.get("report_id")
        of_all = result.by_report.get(report_id, result.offending_rows)
        is_last_of_more = number == last[report_id] and named[report_id] < of_all
        more = f"; {named[report_id]} of {of_all} such rows are named" if is_last_of_more else ""
        issues.append(_row_issue(table, result, row, files, more))
    return issues


def _row_issue(table: Table, result: RuleResult, row: Mapping[str, Any], files: Mapping[str, str], more: str) -> Issue:
    report_id, line = row.get("report_id"), row.get("line_start")
    source_file = row.get("source_file") or files.get(str(report_id))
    row_key = ", ".join(f"{name}={row[name]}" for name in table.key)
    found = ", ".join(f"{name}={row[name]}" for name in result.rule.columns)
    place = f"{source_file}, line {line}: " if source_file and line else f"{source_file}: " if source_file else ""
    return Issue(
        check_id=f"{table.name}-{result.rule.id}",
        severity=ISSUE_SEVERITY[result.severity],
        message=f"{place}table {table.name}, row {row_key}: {result.message}; found {found}{more}",
        table_name=table.name,
        report_id=report_id,
        source_file=source_file,
        row_key=row_key,
        expected=result.rule.description,
        found=found,
        line_start=line,
        line_end=row.get("line_end"),
    )


def _result(rule: Rule, found: Found, content: pa.Table) -> RuleResult:
    if found.raised:
        return RuleResult(rule, False, CRITICAL, "not checked", raised=found.raised)
    observed = _observed(found.details)
    if found.success or not rule.columns:
        return RuleResult(rule, found.success, rule.severity, observed, found=found.details)
    reports = content["report_id"].take(found.positions).to_pylist() if "report_id" in content.column_names else []
    return RuleResult(
        rule,
        found.success,
        rule.severity,
        observed,
        offending=tuple(content.take(_named(found.positions, reports)).to_pylist()),
        found=found.details,
        offending_rows=len(found.positions),
        by_report=Counter(reports),
    )


def _named(positions: Sequence[int], reports: Sequence[str | None]) -> list[int]:
    """The rows to name: the first ones, and the first of each report (given for each position) beyond them."""
    first_of_report = {report: position for position, report in reversed(list(zip(positions, reports, strict=False)))}
    return sorted({*positions[:NAMED_ROWS], *first_of_report.values()})


def _observed(details: Mapping[str, Any]) -> str:
    if not details:
        return "as expected"
    if "observed_value" in details:
        return f"{details['observed_value']} rows"
    # A rule with a condition counts only the rows that it is for.
    return f"{details['unexpected_count']} of {details['element_count']} rows"

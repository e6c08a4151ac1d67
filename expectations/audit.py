"""Every rule of a table run on its rows, and what follows: which rows are withheld, and what the checks have to say.

Belongs here: putting results of suites and of rules across rows together. Does not belong here: the rules (``suites``,
``reconcile``), running them (``run``, ``reconcile.rule``), and showing results (``assets.checks``, ``data_docs``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from expectations.data_docs import Page, page
from expectations.reconcile import Outcome, check_report, rows_for, rules_of, run_rules, united
from expectations.reconcile.misprints import known_misprints, mark, marked
from expectations.run import RuleResult, issues_of, run_suite
from expectations.suites import SUITES
from pipelines.batch import CombinedTables, FileRead
from pipelines.extracted import TABLES_OF_A_REPORT, named
from pipelines.issues import Finding, Issue
from pipelines.schema import TABLES


@dataclass(frozen=True)
class Audit:
    """What the rules of one table said of these rows.

    ``results`` are those of its suite, ``outcomes`` those of its rules across rows, both in the order of the rules;
    ``issues`` what they found, known misprints marked. A rule in ``withheld`` (rule ids) was broken by rows that are
    not in the table any more: its result is that of the rows before.
    """

    table: str
    rows: int
    results: tuple[RuleResult, ...]
    outcomes: tuple[Outcome, ...]
    issues: tuple[Issue, ...]
    withheld: frozenset[str] = frozenset()

    @property
    def passed(self) -> int:
        """How many rules hold."""
        return sum(one.passed for one in self._all())

    @property
    def warned(self) -> int:
        """How many rules do not hold and stop nothing."""
        return len(self._all()) - self.passed - self.failed - len(self.withheld)

    @property
    def failed(self) -> int:
        """How many rules stop the table from being published."""
        return sum(one.blocks and one.rule.id not in self.withheld for one in self._all())

    def page(self) -> Page:
        """The table's page of the Data Docs."""
        return page(TABLES[self.table], self.results, self.outcomes, self.rows)

    def _all(self) -> list[RuleResult | Outcome]:
        return [*self.results, *self.outcomes]


def audit(
    name: str, tables: Mapping[str, pa.Table], files: Mapping[str, str], findings: Iterable[Finding] | None = None
) -> Audit:
    """Run every rule of a table.

    ``tables``: this table and, as far as there are any, those that its rules look at; ``files``: source_file by
    report_id; ``findings``: what rules about one report found in each report; null where they are run here.
    """
    content = tables[name]
    results = run_suite(TABLES[name], content, SUITES[name])
    asked = rules_of(name) if findings is None else rules_of(name, "release")
    inputs = dict.fromkeys(table for rule in asked for table in rule.inputs)
    given = {table: content if table == name else tables[table] for table in inputs if table in tables}
    outcomes = {one.rule.id: one for one in run_rules(asked, rows_for(asked, given))}
    for rule in rules_of(name):
        if rule.id not in outcomes:
            outcomes[rule.id] = united(rule, findings or ())
    return _audit(name, content.num_rows, results, [outcomes[rule.id] for rule in rules_of(name)], files)


def _audit(
    name: str, rows: int, results: Sequence[RuleResult], outcomes: Sequence[Outcome], files: Mapping[str, str]
) -> Audit:
    known = known_misprints(name)
    found = [*issues_of(TABLES[name], results, files), *(issue for one in outcomes for issue in one.issues)]
    outcomes = [replace(one, issues=tuple(marked(issue, known) for issue in one.issues)) for one in outcomes]
    return Audit(name, rows, tuple(results), tuple(outcomes), tuple(mark(found, known, files)))


def after_withholding(now: Audit, before: Audit | None) -> Audit:
    """The audit of the rows that are left, with the results of rules that hold only because others were withheld."""
    if before is None:
        return now
    results = tuple(
        then if then.blocks and not one.blocks else one for one, then in zip(now.results, before.results, strict=True)
    )
    outcomes = tuple(
        then if then.blocks and not one.blocks else one for one, then in zip(now.outcomes, before.outcomes, strict=True)
    )
    changed = {one.rule.id for one, then in zip(results, now.results, strict=True) if one is not then}
    changed |= {one.rule.id for one, then in zip(outcomes, now.outcomes, strict=True) if one is not then}
    return replace(now, results=results, outcomes=outcomes, withheld=frozenset(changed))


def findings_of(reports: Sequence[FileRead], withheld: Sequence[Issue] = ()) -> list[Finding]:
    """What rules about one report found, under the names that the files have now; where rows of a report are withheld,
    what they find in the others."""
    tables = CombinedTables(reports, withheld)
    touched = {issue.report_id for issue in withheld}
    findings: list[Finding] = []
    for one in reports:
        found: Iterable[Finding] = one.record.findings
        if one.report_id in touched:
            found = check_report({name: tables.of_report(one, name).to_pylist() for name in TABLES_OF_A_REPORT})
        findings += [replace(finding, issues=named(finding.issues, one.file.name)) for finding in found]
    return findings


def to_withhold(audits: Iterable[Audit]) -> tuple[list[Issue], list[str]]:
    """What to do about tables of reports that must not be published as they are: issues whose rows are withheld, and
    tables with an error that is no single report's fault."""
    errors = [(one.table, issue) for one in audits if one.failed for issue in one.issues if issue.severity == "error"]
    blameless = list(dict.fromkeys(table for table, issue in errors if issue.report_id is None))
    return [issue for table, issue in errors if table not in blameless], blameless

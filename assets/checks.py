"""All rules as asset checks: one step a staged table, one check a rule, and a verdict left for publishing.

Belongs here: turning results into checks and verdicts. Does not belong here: rules (``expectations.suites`` of columns,
``expectations.reconcile`` across rows) and how they are run (``expectations.run``, ``expectations.reconcile.rule``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow.parquet as pq
from pyarrow import BufferReader

from assets.storage import NotStagedError, Staged, Verdict, Warehouse
from assets.tables import STAGED_TABLES, preview, staged_key
from expectations.data_docs import page
from expectations.reconcile import Outcome, ReconcileRule, rules_of, run_rules
from expectations.reconcile.misprints import known_misprints, mark, marked
from expectations.run import RuleResult, issues_of, run_suite
from expectations.suites import CRITICAL, SUITES
from pipelines.batch import TABLES_OF_A_REPORT
from pipelines.issues import Issue
from pipelines.schema import TABLES

EVIDENCE_ROWS = 10
EVIDENCE = ("source_file", "line_start", "row_key", "expected", "found", "message")
SEVERITY = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def table_checks(name: str) -> dg.AssetChecksDefinition:
    """The checks of one staged table; a critical rule that fails stops what is downstream in the same run."""
    rules, reconcile_rules = SUITES[name], rules_of(name)

    @dg.multi_asset_check(
        name=f"{name}_checks",
        description=f"Every rule of {name}",
        specs=[
            dg.AssetCheckSpec(
                rule.id,
                asset=staged_key(name),
                description=rule.description,
                blocking=rule.severity == CRITICAL,
            )
            for rule in rules
        ]
        + [_reconcile_spec(rule) for rule in reconcile_rules],
    )
    def checks(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        # The rules see the bytes that are hashed, not a second reading of the file.
        staged = warehouse.read_table(name)
        frame = pq.read_table(BufferReader(staged.content)).to_pandas(types_mapper=pd.ArrowDtype)
        results = run_suite(TABLES[name], frame, rules)
        outcomes = run_rules(reconcile_rules, tables_for(reconcile_rules, staged, warehouse))
        warehouse.write_page(page(TABLES[name], results, outcomes, len(frame)))
        files = files_of_reports(warehouse)
        found = [*issues_of(TABLES[name], results, files), *(issue for one in outcomes for issue in one.issues)]
        known = known_misprints(name)
        outcomes = [replace(one, issues=tuple(marked(issue, known) for issue in one.issues)) for one in outcomes]
        issues = mark(found, known, files)
        warehouse.write_verdict(verdict_of(name, staged.sha256, [*results, *outcomes], issues))
        for result in results:
            yield check_result(name, result)
        for outcome in outcomes:
            yield reconcile_result(outcome)

    return checks


def _reconcile_spec(rule: ReconcileRule) -> dg.AssetCheckSpec:
    # Tables of reports are there before any check, since one step makes them all. Named as dependencies they would be
    # waited for until their own blocking checks pass, and one refused table would leave the others unchecked.
    others = [staged_key(name) for name in rule.inputs if name != rule.table and name not in TABLES_OF_A_REPORT]
    return dg.AssetCheckSpec(
        rule.id,
        asset=staged_key(rule.table),
        description=f"{rule.description} (source: {rule.source})",
        blocking=rule.severity == CRITICAL,
        additional_deps=others,
    )


def tables_for(rules: Iterable[ReconcileRule], staged: Staged, warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table that the rules look at, by name; of the checked table, those of the bytes given."""
    names = dict.fromkeys(name for rule in rules for name in rule.inputs)
    contents = {name: staged.content if name == staged.table else _content(warehouse, name) for name in names}
    return {name: pq.read_table(BufferReader(content)).to_pylist() for name, content in contents.items() if content}


def _content(warehouse: Warehouse, name: str) -> bytes | None:
    """The staged table; null where a run of some tables alone has not made it."""
    try:
        return warehouse.read_table(name).content
    except NotStagedError:
        return None


def verdict_of(name: str, sha256: str, results: Sequence[RuleResult | Outcome], issues: Iterable[Issue]) -> Verdict:
    """The verdict on these bytes of a table."""
    return Verdict(
        table=name,
        sha256=sha256,
        passed=sum(result.passed for result in results),
        warned=sum(not result.passed and not result.blocks for result in results),
        failed=sum(result.blocks for result in results),
        issues=tuple(issues),
    )


def reconcile_result(outcome: Outcome) -> dg.AssetCheckResult:
    """The outcome of a rule across rows as Dagster shows it."""
    rule, issues = outcome.rule, outcome.issues
    metadata: dict[str, Any] = {"offending_rows": len(issues), "source": rule.source}
    if issues:
        shown = [{name: getattr(one, name) for name in EVIDENCE} for one in issues[:EVIDENCE_ROWS]]
        metadata["offending"] = dg.MetadataValue.md(preview(shown))
    return dg.AssetCheckResult(
        asset_key=staged_key(rule.table),
        check_name=rule.id,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if outcome.raised else SEVERITY[rule.severity],
        description=f"{'' if outcome.passed else 'not so: '}{rule.description}",
        metadata=metadata | ({"raised": outcome.raised} if outcome.raised else {}),
    )


def check_result(name: str, result: RuleResult) -> dg.AssetCheckResult:
    """A rule's result as Dagster shows it."""
    key = TABLES[name].key
    rows = [{column: row[column] for column in (*key, *result.rule.columns)} for row in result.offending]
    metadata: dict[str, Any] = {"observed": result.observed, "offending_rows": len(rows)}
    if rows:
        metadata["offending"] = dg.MetadataValue.md(preview(rows[:EVIDENCE_ROWS]))
    if result.raised:
        metadata["raised"] = result.raised
    return dg.AssetCheckResult(
        asset_key=staged_key(name),
        check_name=result.rule.id,
        passed=result.passed,
        severity=SEVERITY[result.severity],
        description=result.message,
        metadata=metadata,
    )


def files_of_reports(warehouse: Warehouse) -> dict[str, str]:
    """source_file by report_id; empty where no report was read in this warehouse yet."""
    try:
        return {entry.report_id: entry.source_file for entry in warehouse.read_register()}
    except NotStagedError:
        return {}


TABLE_CHECKS = [table_checks(name) for name in STAGED_TABLES]

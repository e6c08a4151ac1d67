"""All rules as asset checks: one step a staged table, one check a rule.

Belongs here: turning what rules said into checks. Does not belong here: rules (``expectations.suites`` of columns,
``expectations.reconcile`` across rows), how they are run (``expectations.audit``) and what is left of it (``audit``).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.audit import StagedTables, stage_verdict
from assets.markdown import markdown_rows
from assets.storage import STAGED_TABLES, NotStagedError, RuleVerdict, Verdict, Warehouse
from assets.tables import staged_key
from expectations.audit import audit
from expectations.one_report import code_version
from expectations.reconcile import REPORT, ReconcileRule, rules_of
from expectations.suites import CRITICAL, SUITES
from pipelines.extracted import TABLES_OF_A_REPORT

SEVERITY = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def table_checks(name: str) -> dg.AssetChecksDefinition:
    """The checks of one staged table; a critical rule that fails stops what is downstream in the same run."""

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
            for rule in SUITES[name]
        ]
        + [_reconcile_spec(rule) for rule in rules_of(name)],
    )
    def checks(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        for rule in verdict_on(name, warehouse).rules:
            yield check_result(name, rule)

    return checks


def verdict_on(name: str, warehouse: Warehouse) -> Verdict:
    """What the rules say of the staged table: as it was left when the very same bytes were staged by the same code,
    else asked anew."""
    staged = warehouse.read_table(name)
    verdict = warehouse.read_verdict(name)
    if verdict and (verdict.sha256, verdict.code) == (staged.sha256, code_version()):
        return verdict
    stage_verdict(warehouse, staged, audit(name, StagedTables(warehouse), files_of_reports(warehouse)))
    verdict = warehouse.read_verdict(name)
    if verdict is None:
        raise NotStagedError(f"the verdict on {name} that was just written is not there")
    return verdict


def _reconcile_spec(rule: ReconcileRule) -> dg.AssetCheckSpec:
    # Tables of reports are there before any check, since one step makes them all. Named as dependencies they would be
    # waited for until their own blocking checks pass, and one refused table would leave the others unchecked.
    # A rule about one report needs no other table but reference data, which is that of the code.
    others = [staged_key(name) for name in rule.inputs if name != rule.table and name not in TABLES_OF_A_REPORT]
    others = [] if rule.scope == REPORT else others
    return dg.AssetCheckSpec(
        rule.id,
        asset=staged_key(rule.table),
        description=f"{rule.description} (source: {rule.source})",
        blocking=rule.severity == CRITICAL,
        additional_deps=others,
    )


def check_result(name: str, rule: RuleVerdict) -> dg.AssetCheckResult:
    """What a rule said as Dagster shows it."""
    metadata: dict[str, Any] = dict(rule.facts)
    if rule.offending:
        metadata["offending"] = markdown_rows(rule.offending)
    return dg.AssetCheckResult(
        asset_key=staged_key(name),
        check_name=rule.rule_id,
        passed=rule.passed,
        severity=SEVERITY[rule.severity],
        description=rule.message,
        metadata=metadata,
    )


def files_of_reports(warehouse: Warehouse) -> dict[str, str]:
    """source_file by report_id; empty where no report was read in this warehouse yet."""
    try:
        return {entry.report_id: entry.source_file for entry in warehouse.read_register()}
    except NotStagedError:
        return {}


TABLE_CHECKS = [table_checks(name) for name in STAGED_TABLES]

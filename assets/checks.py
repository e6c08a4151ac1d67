"""The suites as asset checks: one step a staged table, one check a rule, and a verdict left for publishing.

Belongs here: turning results into checks and verdicts. Does not belong here: rules (``expectations.suites``)
and how they are run (``expectations.run``).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow.parquet as pq
from pyarrow import BufferReader

from assets.storage import NotStagedError, Verdict, Warehouse
from assets.tables import STAGED_TABLES, preview, staged_key
from expectations.run import RuleResult, issues_of, run_suite
from expectations.suites import CRITICAL, SUITES
from pipelines.schema import TABLES

EVIDENCE_ROWS = 10
SEVERITY = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def table_checks(name: str) -> dg.AssetChecksDefinition:
    """The checks of one staged table; a critical rule that fails stops what is downstream in the same run."""
    rules = SUITES[name]

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
        ],
    )
    def checks(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
        # The rules see the bytes that are hashed, not a second reading of the file.
        staged = warehouse.read_table(name)
        frame = pq.read_table(BufferReader(staged.content)).to_pandas(types_mapper=pd.ArrowDtype)
        results = run_suite(TABLES[name], frame, rules)
        warehouse.write_verdict(verdict_of(name, staged.sha256, results, files_of_reports(warehouse)))
        for result in results:
            yield check_result(name, result)

    return checks


def verdict_of(name: str, sha256: str, results: list[RuleResult], files: dict[str, str]) -> Verdict:
    """The verdict on these bytes of a table."""
    return Verdict(
        table=name,
        sha256=sha256,
        passed=sum(result.passed for result in results),
        warned=sum(not result.passed and not result.blocks for result in results),
        failed=sum(result.blocks for result in results),
        issues=tuple(issues_of(TABLES[name], results, files)),
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

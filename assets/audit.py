"""What the rules say of staged tables, left for the checks, the quality issues and publishing.

Belongs here: staging a table together with its verdict, and withholding the rows that blocking rules refuse. Does not
belong here: rules and what follows from them (``expectations``), and how Dagster shows results (``checks``).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assets.storage import STAGED_TABLES, NotStagedError, RuleVerdict, Staged, Verdict, Warehouse
from expectations.audit import Audit, after_withholding, audit, findings_of, to_withhold
from expectations.one_report import code_version
from expectations.reconcile import Outcome
from expectations.run import RuleResult
from expectations.suites import CRITICAL
from pipelines.batch import CombinedTables, FileRead
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.issues import Issue
from pipelines.schema import TABLES

# Rows that hide behind withheld ones are found when those are gone; more than that is no single report's fault.
ROUNDS = 3
# Rows that a check shows of those that break its rule.
EVIDENCE_ROWS = 10
EVIDENCE = ("source_file", "line_start", "row_key", "expected", "found", "message")
WITHHELD = "; the rows that break this are withheld"


def stage_audited(warehouse: Warehouse, reports: Sequence[FileRead]) -> tuple[dict[str, Staged], list[Issue]]:
    """Stage the tables of these reports with what their checks say, without the rows that blocking checks refuse; those
    are given as the issues that refuse them. What no single report is to blame for stays, and blocks."""
    files = {one.report_id: one.file.name for one in reports}
    withheld: list[Issue] = []
    before: dict[str, Audit] = {}
    for _ in range(ROUNDS):
        # Each table is put together once; what the rules look at is read from where it was staged.
        staged = {name: warehouse.write_table(name, table) for name, table in CombinedTables(reports, withheld).items()}
        findings = findings_of(reports, withheld)
        audits = {}
        for name in TABLES_OF_A_REPORT:
            one = audit(name, StagedTables(warehouse), files, findings)
            audits[name] = after_withholding(one, before.get(name))
            stage_verdict(warehouse, staged[name], audits[name])
        refused, blameless = to_withhold(audits.values())
        if blameless or not refused:
            break
        withheld += refused
        before = audits
    return staged, withheld


def stage_computed(warehouse: Warehouse, tables: Mapping[str, pa.Table]) -> tuple[dict[str, Staged], list[Issue]]:
    """Stage computed tables with what their checks say; one that a blocking check refuses is left empty, and the issues
    that refuse it are given. No table depends on another that is given with it."""
    files: Mapping[str, str] = {}
    others = StagedTables(warehouse)
    staged: dict[str, Staged] = {}
    refused: list[Issue] = []
    for name, content in tables.items():
        staged[name] = warehouse.write_table(name, content)
        one = audit(name, others, files)
        if one.failed:
            refused += [issue for issue in one.issues if issue.severity == "error"]
            staged[name] = warehouse.write_table(name, content.slice(0, 0))
            one = after_withholding(audit(name, others, files), one)
        stage_verdict(warehouse, staged[name], one)
    return staged, refused


def stage_verdict(warehouse: Warehouse, staged: Staged, one: Audit) -> None:
    """Leave what the checks said of a staged table, and its page."""
    warehouse.write_verdict(verdict_of(staged, one))
    warehouse.write_page(one.page())


class StagedTables(Mapping[str, pa.Table]):
    """The staged tables, each read when it is asked for."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def __getitem__(self, name: str) -> pa.Table:
        """The staged table; KeyError where a run of some tables alone has not made it."""
        try:
            return self._warehouse.read_arrow(name)
        except NotStagedError as error:
            raise KeyError(name) from error

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return (name for name in STAGED_TABLES if self._warehouse.is_staged(name))

    def __len__(self) -> int:
        """How many tables there are."""
        return len(list(iter(self)))


def verdict_of(staged: Staged, one: Audit) -> Verdict:
    """What the rules said of these bytes of a table."""
    rules = [_of_suite(one, result) for result in one.results] + [_across(one, outcome) for outcome in one.outcomes]
    return Verdict(
        table=staged.table,
        sha256=staged.sha256,
        code=code_version(),
        passed=one.passed,
        warned=one.warned,
        failed=one.failed,
        withheld=len(one.withheld),
        issues=one.issues,
        rules=tuple(rules),
    )


def _of_suite(one: Audit, result: RuleResult) -> RuleVerdict:
    held = result.rule.id in one.withheld
    names = (*TABLES[one.table].key, *result.rule.columns)
    offending = [{name: row[name] for name in names} for row in result.offending[:EVIDENCE_ROWS]]
    return RuleVerdict(
        rule_id=result.rule.id,
        passed=result.passed,
        severity="warning" if held else result.severity,
        message=result.message + (WITHHELD if held else ""),
        facts={"observed": result.observed, "offending_rows": result.offending_rows, **_raised(result.raised)},
        offending=_plain(offending),
    )


def _across(one: Audit, outcome: Outcome) -> RuleVerdict:
    rule, held = outcome.rule, outcome.rule.id in one.withheld
    said = f"{'' if outcome.passed else 'not so: '}{rule.description}"
    offending = [{name: getattr(issue, name) for name in EVIDENCE} for issue in outcome.issues[:EVIDENCE_ROWS]]
    severity = CRITICAL if outcome.raised else rule.severity
    return RuleVerdict(
        rule_id=rule.id,
        passed=outcome.passed,
        severity="warning" if held else severity,
        message=said + (WITHHELD if held else ""),
        facts={"offending_rows": len(outcome.issues), "source": rule.source, **_raised(outcome.raised)},
        offending=_plain(offending),
    )


def _raised(reason: str | None) -> dict[str, str]:
    return {"raised": reason} if reason else {}


def _plain(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, str], ...]:
    return tuple({name: "" if value is None else str(value) for name, value in row.items()} for row in rows)

"""Runs a suite on a frame in memory with Great Expectations, and gives plain results.

Belongs here: everything that knows Great Expectations' interface. Does not belong here: the rules
(``suites``), where frames come from and what becomes of the results (``assets.checks``).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from expectations.suites import CRITICAL, Rule
from pipelines.issues import Issue
from pipelines.schema import Table

# Severities of rules as severities of quality_issues.
ISSUE_SEVERITY: Mapping[str, str] = {"critical": "error", "warning": "warning"}


@dataclass(frozen=True)
class RuleResult:
    """What became of one rule.

    ``offending`` are the rows that broke it, whole; empty for a rule about the table, and for a rule that
    could not be run: then ``raised`` says why, ``passed`` is false and ``severity`` is critical, whatever the
    rule's own. ``found`` is what was counted in a rule that was broken, as Great Expectations gives it.
    """

    rule: Rule
    passed: bool
    severity: str
    observed: str
    offending: tuple[Mapping[str, Any], ...] = ()
    raised: str | None = None
    found: Mapping[str, Any] = field(default_factory=dict)

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


def run_suite(table: Table, frame: pd.DataFrame, rules: Sequence[Rule]) -> list[RuleResult]:
    """One result for each rule, in the order of the rules.

    ``frame`` holds the table's columns with Arrow-backed types (``Table.to_frame``); its index is not used.
    What stands in the frame raises nothing: a rule that cannot be run is a failed result.
    """
    if frame.empty:
        # What must hold of every row holds of none: only rules about the table itself are asked.
        asked = _run(table, frame, [rule for rule in rules if not rule.columns])
        of_table = {result.rule.id: result for result in asked}
        return [of_table.get(rule.id) or RuleResult(rule, True, rule.severity, "no rows") for rule in rules]
    return _run(table, frame, rules)


def _run(table: Table, frame: pd.DataFrame, rules: Sequence[Rule]) -> list[RuleResult]:
    frame = frame.reset_index(drop=True)
    found = _validate(table, frame, rules, "BOOLEAN_ONLY")
    # How many rows broke a rule, and which, costs as much again as whether one did: asked only where one did.
    broken = [rule for rule in rules if rule.id in found and not found[rule.id].success]
    found.update(_validate(table, frame, broken, "COMPLETE"))
    return [_result(rule, found.get(rule.id), frame) for rule in rules]


def issues_of(table: Table, results: Iterable[RuleResult], files: Mapping[str, str]) -> list[Issue]:
    """An issue for each row that broke a rule, or for the table where no row can be named.

    ``files`` gives the source_file of each report_id, so that a person finds the line.
    """
    failed = [result for result in results if not result.passed]
    issues = [_table_issue(table, result) for result in failed if not result.offending]
    return issues + [_row_issue(table, result, row, files) for result in failed for row in result.offending]


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


def _row_issue(table: Table, result: RuleResult, row: Mapping[str, Any], files: Mapping[str, str]) -> Issue:
    report_id, line = row.get("report_id"), row.get("line_start")
    source_file = row.get("source_file") or files.get(str(report_id))
    row_key = ", ".join(f"{name}={row[name]}" for name in table.key)
    found = ", ".join(f"{name}={row[name]}" for name in result.rule.columns)
    place = f"{source_file}, line {line}: " if source_file and line else f"{source_file}: " if source_file else ""
    return Issue(
        check_id=f"{table.name}-{result.rule.id}",
        severity=ISSUE_SEVERITY[result.severity],
        message=f"{place}table {table.name}, row {row_key}: {result.message}; found {found}",
        table_name=table.name,
        report_id=report_id,
        source_file=source_file,
        row_key=row_key,
        expected=result.rule.description,
        found=found,
        line_start=line,
        line_end=row.get("line_end"),
    )


def _validate(table: Table, frame: pd.DataFrame, rules: Sequence[Rule], result_format: str) -> dict[str, Any]:
    """Great Expectations' own results by rule id: they come in another order than the rules."""
    if not rules:
        return {}
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=table.name, expectations=[expectation(rule, rule.description) for rule in rules])
    outcome = _batch_definition().get_batch({"dataframe": frame}).validate(suite, result_format=result_format)
    return {result.expectation_config.meta["rule_id"]: result for result in outcome.results}


def expectation(rule: Rule, description: str) -> Any:
    """The rule as Great Expectations has it, with its severity and this description."""
    import great_expectations.expectations as gxe
    from great_expectations.expectations.row_conditions import Column as ConditionColumn

    arguments = dict(rule.arguments)
    if rule.where:
        column = ConditionColumn(rule.where.column)
        values = list(rule.where.values)
        arguments["row_condition"] = column.is_not_in(values) if rule.where.negate else column.is_in(values)
    return getattr(gxe, rule.expectation)(
        **arguments, severity=rule.severity, description=description, meta={"rule_id": rule.id}
    )


@cache
def _batch_definition() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # The library logs every metric that fails; the result says the same.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    source = context.data_sources.add_pandas("frames")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")


def _result(rule: Rule, found: Any, frame: pd.DataFrame) -> RuleResult:
    raised = "the rule gave no result" if found is None else _exception_message(found.exception_info)
    if raised:
        return RuleResult(rule, False, CRITICAL, "not checked", raised=raised)
    positions = found.result.get("unexpected_index_list") or ()
    offending = _rows(frame, positions) if rule.columns and not found.success else ()
    return RuleResult(rule, bool(found.success), rule.severity, _observed(found.result), offending, found=found.result)


def _exception_message(exception_info: Any) -> str | None:
    """What a metric raised, if one did; given either for the whole rule or by metric."""
    infos = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    messages = [str(info["exception_message"]) for info in infos if info.get("raised_exception")]
    return "; ".join(sorted(set(messages))) or None


def _observed(result: Mapping[str, Any]) -> str:
    if not result:
        return "as expected"
    if "observed_value" in result:
        return f"{result['observed_value']} rows"
    # A rule with a condition counts only the rows that it is for.
    return f"{result['unexpected_count']} of {result['element_count']} rows"


def _rows(frame: pd.DataFrame, positions: Sequence[int]) -> tuple[Mapping[str, Any], ...]:
    records = frame.iloc[list(positions)].to_dict("records")
    return tuple({str(name): None if pd.isna(cell) else cell for name, cell in row.items()} for row in records)

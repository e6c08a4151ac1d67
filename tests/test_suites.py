"""Rules: which follow from a table's definition, and each kind seen to pass and to fail."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from expectations.run import RuleResult, issues_of, run_suite
from expectations.suites import BY_HAND, SUITES, Rule, suite
from pipelines.schema import TABLES, Column, Table

SAMPLE = Table(
    name="sample",
    title="Sample",
    description="Has every kind of rule.",
    key=("report_id", "row"),
    group="test",
    minimum_rows=2,
    columns=(
        Column("report_id", pa.string(), "report", nullable=False, pattern=r"^[a-z]+$"),
        Column("row", pa.int32(), "row", nullable=False, minimum=1),
        Column("slug", pa.string(), "slug", pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"),
        Column("kind", pa.string(), "kind", nullable=False, allowed={"type": "a type", "total": "a total"}),
        Column("period_start", pa.date32(), "start"),
        Column("period_end", pa.date32(), "end"),
        Column("value", pa.float64(), "value", unit="percent", minimum=0, maximum=100),
        Column("value_status", pa.string(), "status", nullable=False),
        Column("line_start", pa.int32(), "line", minimum=1),
        Column("line_end", pa.int32(), "line", minimum=1),
        Column("is_good", pa.bool_(), "a flag"),
    ),
)
SINGLE = Table("single", "Single", "One key column.", ("name",), (Column("name", pa.string(), "a name"),), "test")

GOOD: dict[str, Any] = {
    "report_id": "kent",
    "row": 1,
    "slug": "charged_summonsed",
    "kind": "type",
    "period_start": date(2015, 7, 1),
    "period_end": date(2016, 6, 30),
    "value": 14.2,
    "value_status": "published",
    "line_start": 7,
    "line_end": 7,
    "is_good": True,
}
NOTHING: dict[str, Any] = {
    **GOOD,
    "row": 2,
    "slug": None,
    "period_start": None,
    "period_end": None,
    "value": None,
    "value_status": "not_printed",
    "line_start": None,
    "line_end": None,
    "is_good": None,
}
EDGE = {**GOOD, "row": 3, "value": 100.0, "period_end": date(2015, 7, 1), "line_end": 9}
ZERO = {**GOOD, "row": 4, "value": 0.0, "value_status": "derived"}
CLEAN = [GOOD, NOTHING, EDGE, ZERO]

# Rule, what to put into the first row to break it, what the issue then shows.
BREAKS: list[tuple[str, dict[str, Any], str]] = [
    ("row_range", {"row": 0}, "row=0"),
    ("slug_pattern", {"slug": "Charged Summonsed"}, "slug=Charged Summonsed"),
    ("slug_pattern", {"slug": ""}, "slug="),
    ("kind_allowed", {"kind": "Type"}, "kind=Type"),
    ("value_range", {"value": 100.1}, "value=100.1"),
    ("value_range", {"value": -0.1}, "value=-0.1"),
    ("line_start_range", {"line_start": 0}, "line_start=0"),
    ("line_end_after_start", {"line_end": 6}, "line_start=7, line_end=6"),
    ("period_end_after_start", {"period_end": date(2015, 6, 30)}, "period_start=2015-07-01, period_end=2015-06-30"),
    ("value_given", {"value": None}, "value=None, value_status=published"),
    ("value_missing", {"value_status": "unassigned"}, "value=14.2, value_status=unassigned"),
]


def content(rows: list[dict[str, Any]], table: Table = SAMPLE) -> pa.Table:
    # Not Table.to_arrow: that refuses doubled keys and nulls before a rule could see them.
    return pa.Table.from_pylist(rows, schema=table.arrow_schema())


def run(rows: list[dict[str, Any]], table: Table = SAMPLE) -> dict[str, RuleResult]:
    return {result.rule.id: result for result in run_suite(table, content(rows, table), suite(table))}


def failed(results: Mapping[str, RuleResult]) -> list[str]:
    return [rule_id for rule_id, result in results.items() if not result.passed]


def test_a_definition_gives_these_rules() -> None:
    assert [(rule.id, rule.severity) for rule in suite(SAMPLE)] == [
        ("key_unique", "critical"),
        ("row_count", "critical"),
        ("row_range", "critical"),
        ("slug_pattern", "critical"),
        ("kind_allowed", "critical"),
        ("value_range", "critical"),
        ("line_start_range", "critical"),
        ("period_end_after_start", "critical"),
        ("line_end_after_start", "critical"),
        ("value_given", "critical"),
        ("value_missing", "critical"),
        ("value_mostly_given", "warning"),
    ]


def test_clean_rows_pass_every_rule_in_the_order_of_the_rules() -> None:
    results = run_suite(SAMPLE, content(CLEAN), suite(SAMPLE))
    assert [result.rule for result in results] == list(suite(SAMPLE))
    assert all(result.passed and result.raised is None and not result.offending for result in results)


@pytest.mark.parametrize(("rule_id", "change", "found"), BREAKS)
def test_a_broken_row_fails_its_rule_and_no_other(rule_id: str, change: dict[str, Any], found: str) -> None:
    results = run([{**GOOD, **change}, NOTHING, EDGE, ZERO])
    assert failed(results) == [rule_id]
    result = results[rule_id]
    assert result.blocks
    assert [row["report_id"] for row in result.offending] == ["kent"]
    (issue,) = issues_of(SAMPLE, [result], {"kent": "kent.txt"})
    assert issue.severity == "error"
    assert issue.check_id == f"sample-{rule_id}"
    assert issue.found == found
    assert issue.report_id == "kent"
    assert issue.source_file == "kent.txt"
    assert "\n" not in issue.message
    assert issue.message.startswith("kent.txt")


def test_two_rows_of_one_key_fail() -> None:
    results = run([GOOD, GOOD, NOTHING])
    assert failed(results) == ["key_unique"]
    assert len(results["key_unique"].offending) == 2


def test_two_rows_of_a_key_of_one_column_fail() -> None:
    assert failed(run([{"name": "a"}, {"name": "b"}], SINGLE)) == []
    results = run([{"name": "a"}, {"name": "b"}, {"name": "a"}], SINGLE)
    assert failed(results) == ["key_unique"]
    assert results["key_unique"].offending == ({"name": "a"}, {"name": "a"})


def test_too_few_rows_fail_and_no_row_is_to_blame() -> None:
    results = run([GOOD])
    assert failed(results) == ["row_count"]
    (issue,) = issues_of(SAMPLE, results.values(), {})
    assert (issue.report_id, issue.row_key, issue.found) == (None, None, "1 rows")


def test_a_table_mostly_without_numbers_warns_and_does_not_block() -> None:
    results = run([GOOD, NOTHING, {**NOTHING, "row": 3}])
    assert failed(results) == ["value_mostly_given"]
    assert not results["value_mostly_given"].blocks
    (issue,) = issues_of(SAMPLE, results.values(), {})
    assert issue.severity == "warning"
    assert issue.report_id is None


def test_no_rows_break_no_rule_about_rows() -> None:
    assert failed(run([])) == ["row_count"]


def test_a_rule_that_cannot_be_run_is_an_error_whatever_its_severity() -> None:
    rule = next(rule for rule in suite(SAMPLE) if rule.id == "value_mostly_given")
    (result,) = run_suite(SAMPLE, content(CLEAN).drop_columns("value"), [rule])
    assert rule.severity == "warning"
    assert (result.passed, result.severity, result.blocks) == (False, "critical", True)
    assert result.raised is not None
    assert '"value"' in result.raised
    (issue,) = issues_of(SAMPLE, [result], {})
    assert issue.severity == "error"


def test_every_offending_row_is_an_issue_with_its_lines() -> None:
    rows = [{**GOOD, "row": number, "value": 200.0 + number, "line_start": number} for number in range(1, 60)]
    issues = issues_of(SAMPLE, run(rows).values(), {"kent": "kent.txt"})
    # 52 rows or so are also out of line order; only the range counts here.
    ranges = [issue for issue in issues if issue.check_id == "sample-value_range"]
    assert len(ranges) == 59
    assert (ranges[0].line_start, ranges[0].row_key) == (1, "report_id=kent, row=1")
    assert ranges[0].message == (
        "kent.txt, line 1: table sample, row report_id=kent, row=1: "
        "not so: value is at least 0 and at most 100; found value=201.0"
    )


def test_two_rules_of_one_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = suite(SINGLE)[0]
    monkeypatch.setattr("expectations.suites.BY_HAND", {"single": (replace(rule, description="again"),)})
    with pytest.raises(ValueError, match="two rules of one id"):
        suite(SINGLE)


def test_a_message_that_says_nothing_fails() -> None:
    (rule,) = BY_HAND["quality_issues"]
    table = TABLES["quality_issues"]
    row: dict[str, Any] = dict.fromkeys(table.column_names)
    row.update(issue_id="0" * 16, check_id="a-check", severity="note")
    (good,) = run_suite(table, content([{**row, "message": "said"}], table), [rule])
    (bad,) = run_suite(table, content([{**row, "message": " "}], table), [rule])
    assert (good.passed, bad.passed) == (True, False)


def kind(rule: Rule) -> tuple[str, bool, bool]:
    return rule.expectation, rule.where is not None, "mostly" in rule.arguments


def test_every_kind_of_rule_in_use_is_one_that_these_tests_break() -> None:
    shown = {kind(rule) for table in (SAMPLE, SINGLE) for rule in suite(table)}
    assert {kind(rule) for rules in SUITES.values() for rule in rules} <= shown


@pytest.mark.parametrize("name", TABLES)
def test_suites_stay_small_and_their_rules_can_be_named(name: str) -> None:
    assert 1 <= len(SUITES[name]) <= 16
    for rule in SUITES[name]:
        assert re.fullmatch(r"[a-z0-9_]+", rule.id)
        assert rule.description
        assert set(rule.columns) <= set(TABLES[name].column_names)
        assert rule.severity in ("critical", "warning")


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_of_every_table_runs(name: str) -> None:
    table = TABLES[name]
    for result in run_suite(table, table.to_arrow([]), SUITES[name]):
        assert result.raised is None, (name, result.rule.id, result.raised)
        assert result.passed == (result.rule.id != "row_count")


def test_patterns_have_no_groups_that_the_validator_would_warn_of() -> None:
    patterns = {column.pattern for table in TABLES.values() for column in table.columns if column.pattern}
    assert [pattern for pattern in patterns if re.compile(pattern).groups] == []

"""Great Expectations on slices of a table: the same is found as on the whole, and no shortcut changes what is found."""

from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from test_suites import CLEAN, GOOD, NOTHING, SAMPLE, SINGLE, content

from expectations.run import NAMED_ROWS, RuleResult, issues_of, run_suite
from expectations.suites import SUITES, Rule, suite
from expectations.validation import ABOUT_ROWS, validate
from pipelines.schema import Table

# Rows in a slice of the tests: faults below stand in the first, an inner and the last slice, and on their edges.
SLICE = 14
ROWS = 40
FAULTS: dict[int, dict[str, Any]] = {
    0: {"slug": "Not A Slug", "value": 101.0},
    6: {"kind": "Type", "line_end": 1},
    7: {"kind": "other", "value": None},
    13: {"row": 0, "period_end": date(2015, 6, 30)},
    28: {"value": -1.0},
    # A slice without any number, period or line.
    **{number: NOTHING | {"row": number + 1} for number in range(14, 28)},
    29: {"row": 3},
    30: {"row": 39},
    39: {"line_start": 0, "value_status": "unassigned"},
}


def rows(faults: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**GOOD, "row": number + 1, **faults.get(number, {})} for number in range(ROWS)]


def results(table: Table, given: pa.Table, slice_rows: int) -> list[RuleResult]:
    return run_suite(table, given, suite(table), slice_rows)


# What each set of faults breaks.
MOSTLY_NOTHING = {number: {**NOTHING, "row": number + 1} for number in range(1, ROWS)}
BROKEN: list[tuple[dict[int, dict[str, Any]], set[str]]] = [
    ({}, set()),
    (MOSTLY_NOTHING, {"value_mostly_given"}),
    (FAULTS, {rule.id for rule in suite(SAMPLE)} - {"row_count", "value_mostly_given"}),
]


@pytest.mark.parametrize(("faults", "broken"), BROKEN)
def test_slices_give_what_the_whole_gives(faults: dict[int, dict[str, Any]], broken: set[str]) -> None:
    given = content(rows(faults))
    whole = results(SAMPLE, given, ROWS)
    assert {result.rule.id for result in whole if not result.passed} == broken
    assert results(SAMPLE, given, SLICE) == whole


def test_rows_of_a_key_that_stand_in_two_slices_are_found() -> None:
    given = content([{"name": name} for name in "abcdefga"], SINGLE)
    (result,) = results(SINGLE, given, 2)
    assert (result.passed, result.offending) == (False, ({"name": "a"}, {"name": "a"}))


def test_a_rule_that_cannot_be_run_in_slices_says_why_once() -> None:
    given = content(CLEAN).drop_columns("slug")
    by_id = {result.rule.id: result for result in results(SAMPLE, given, 1)}
    assert [rule_id for rule_id, result in by_id.items() if result.raised] == ["slug_pattern"]
    assert str(by_id["slug_pattern"].raised).count("slug") == 1


def test_only_expectations_about_single_rows_are_asked_in_slices() -> None:
    in_use = {rule.expectation for rules in SUITES.values() for rule in rules}
    assert in_use - ABOUT_ROWS == {
        "ExpectColumnValuesToBeUnique",
        "ExpectCompoundColumnsToBeUnique",
        "ExpectTableRowCountToBeBetween",
    }


@pytest.mark.parametrize("faults", [FAULTS, {}])
def test_making_configurations_once_changes_nothing(
    faults: dict[int, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = content(rows(faults))
    once = validate(given, suite(SAMPLE))
    made = count_of_configurations(monkeypatch)
    assert validate(given, suite(SAMPLE)) == once
    with_shortcut = len(made)
    monkeypatch.setattr("expectations.validation._made_once", nullcontext)
    assert validate(given, suite(SAMPLE)) == once
    assert len(made) - with_shortcut > 5 * with_shortcut


def count_of_configurations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from great_expectations.expectations.expectation import Expectation

    made: list[str] = []
    make: Any = Expectation.configuration.fget

    def configuration(self: Expectation) -> Any:
        made.append(type(self).__name__)
        return make(self)

    monkeypatch.setattr(Expectation, "configuration", property(configuration))
    return made


def test_the_library_is_left_as_it_was_also_when_validating_fails() -> None:
    from great_expectations.expectations.expectation import Expectation

    before = Expectation.configuration
    with pytest.raises(AttributeError, match="ExpectTheImpossible"):
        validate(content(CLEAN), [Rule("odd", "critical", "odd", (), "ExpectTheImpossible")])
    assert Expectation.configuration is before


def test_what_is_broken_in_every_row_is_named_in_some_and_for_every_report() -> None:
    reports, of_each = 30, 100
    day = date(2016, 6, 30)
    given = content(
        [
            {**GOOD, "report_id": "r" * (one + 1), "row": row + 1, "period_end": day - timedelta(days=1000)}
            for one in range(reports)
            for row in range(of_each)
        ]
    )
    failed = [result for result in run_suite(SAMPLE, given, suite(SAMPLE)) if not result.passed]
    (result,) = failed
    assert (result.offending_rows, len(result.by_report)) == (reports * of_each, reports)
    assert set(result.by_report.values()) == {of_each}
    assert len(result.offending) == NAMED_ROWS + reports - NAMED_ROWS // of_each
    issues = issues_of(SAMPLE, failed, {"r": "one.txt"})
    assert {issue.report_id for issue in issues} == set(result.by_report)
    assert sum("such rows are named" in issue.message for issue in issues) == reports - NAMED_ROWS // of_each
    assert issues[-1].message.endswith("; 1 of 100 such rows are named")
    assert len(result.found["partial_unexpected_list"]) == 20

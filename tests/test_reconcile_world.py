"""Rules against the world: unknown areas, values and periods that cannot be."""

from datetime import date
from typing import Any

import pytest
from reconcile_rows import EARLIER, crime_rate, issues_of, only, outcome, report, statistic

from expectations.reconcile import RULES
from pipelines.measures import PLAUSIBLE, measure_rows
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, TABLES


def test_every_table_with_codes_is_held_against_the_tables_that_they_join() -> None:
    with_codes = {name for name, table in TABLES.items() if any(column.joins in DIMENSIONS for column in table.columns)}
    checked = {rule.table for rule in RULES if rule.id == "codes_known"}
    # observations is the union of tables that are checked; the others come with the code, and the next test holds them.
    assert with_codes - checked == {"observations", *with_codes.intersection(DIMENSIONS)}
    assert "annex_rules" in checked


def test_every_code_of_a_dimension_is_known() -> None:
    for name in DIMENSIONS:
        for column in TABLES[name].columns:
            if column.joins:
                (key,) = TABLES[column.joins].key
                known = {row[key] for row in dimension_rows(column.joins)}
                assert {row[column.name] for row in dimension_rows(name)} - known <= {None}, (name, column.name)


@pytest.mark.parametrize(
    ("table", "column", "known", "unknown"),
    [
        ("reports", "area_code", "E23000032", "E23000099"),
        ("grade_history", "previous_programme_id", "peel-2016", "peel-1916"),
        ("statistics", "area_code", "E23000032", "E23000099"),
        ("statistics", "measure_id", "recorded_crime_change", "recorded_crime_charm"),
        ("judgments", "question_id", "peel-2016-effectiveness-1", "peel-2016-effectiveness-9"),
        ("annex_rules", "area_code", "", "E23000099"),
        ("outcome_proportions", "parent_id", "total_assigned", "total_signed"),
        ("force_outcomes", "outcome_id", "charged_summonsed", "charged"),
        ("quartile_ranks", "rules_programme_id", "peel-2016", "peel-1916"),
    ],
)
def test_a_code_that_stands_in_no_table(table: str, column: str, known: str, unknown: str) -> None:
    row = {**dict.fromkeys(TABLES[table].column_names), "report_id": "kent", "line_start": 3, "line_end": 3}
    reports = [report()] if table != "reports" else []

    def found(code: str | None) -> list[Any]:
        return issues_of(
            f"{table}-codes_known", {"reports": reports, table: [{**row, column: code, "source_file": "kent.txt"}]}
        )

    assert found(known) == []
    assert found(None) == []
    issue = only(found(unknown))
    assert (issue.severity, issue.found) == ("error", unknown)


@pytest.mark.parametrize(
    ("measure_id", "text", "fits"),
    [
        ("victim_satisfaction_whole_experience", "82.2", True),
        ("victim_satisfaction_whole_experience", "32.2", False),
        ("forces_with_recorded_crime_increase", "39", True),
        ("forces_with_recorded_crime_increase", "93", False),
        ("recorded_crime_change", "96.2", False),
        ("vulnerable_victim_share_highest_force", "44.4", True),
        ("vulnerable_victim_share_highest_force", "94.4", False),
        ("of no measure", "1000000", True),
    ],
)
def test_a_value_no_force_can_have(measure_id: str, text: str, fits: bool) -> None:
    issues = issues_of(
        "statistics-value_plausible", {"reports": [report()], "statistics": [statistic(measure_id, text)]}
    )
    assert (issues == []) == fits
    if issues:
        assert only(issues).severity == "warning"
        assert "not plausible (" in issues[0].message


def test_values_of_tables_are_held_against_the_measure_of_the_table() -> None:
    rows = {"reports": [report()], "crime_rates": [crime_rate("sexual_offences", "0.1")]}
    assert only(issues_of("crime_rates-value_plausible", rows)).expected == "0.3 to 1000"
    rows = {"reports": [report()], "domestic_abuse_outcomes": [outcome("charged_summonsed", "127.2")]}
    assert only(issues_of("domestic_abuse_outcomes-value_plausible", rows)).found == "127.2"


def test_plausible_ranges_are_of_measures_and_have_reasons() -> None:
    rows = {row["measure_id"]: row for row in measure_rows()}
    assert PLAUSIBLE.keys() <= rows.keys()
    assert all(one.minimum < one.maximum and one.reason for one in PLAUSIBLE.values())
    # A range of all forces has the bounds of its measure; what is only said in words has none.
    lowest, measure = rows["vulnerable_victim_share_lowest_force"], rows["vulnerable_victim_share"]
    assert lowest["plausible_maximum"] == measure["plausible_maximum"]
    assert rows["civil_injunctions_use"]["plausible_minimum"] is None


def periods(row: Any, **of_report: Any) -> list[str | None]:
    issues = issues_of("statistics-period_of_report", {"reports": [report(**of_report)], "statistics": [row]})
    return [issue.found for issue in issues]


def test_periods_of_a_report() -> None:
    survey = {"period_start": date(2016, 7, 1), "period_end": date(2016, 8, 31)}
    assert periods(statistic("one", "1")) == []
    assert periods(statistic("one", "1", **survey)) == []
    assert periods(statistic("one", "1", period_start=None, period_end=None)) == []
    assert periods(statistic("one", "1", period_end=date(2018, 6, 30))) == ["2018-06-30"]
    assert periods(statistic("one", "1", period_start=date(1915, 7, 1))) == ["1915-07-01"]
    # Where the text dates itself, nothing can be later than that.
    assert periods(statistic("one", "1", **survey), published="2016-08") == []
    assert periods(statistic("one", "1", **survey), published="2016-07") == ["2016-08-31"]
    assert periods(statistic("one", "1", period_end=date(2030, 1, 1)), data_period_end=None) == []


def test_a_change_is_compared_with_what_was_before() -> None:
    assert periods(statistic("one_change", "1", **EARLIER)) == []
    later = {**EARLIER, "compared_with_end": date(2016, 6, 30)}
    assert periods(statistic("one_change", "1", **later)) == ["2016-06-30"]

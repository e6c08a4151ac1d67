"""Rules within one printed table: each fails for a number that cannot be, and is silent within rounding."""

from typing import Any

import pytest
from conftest import TWO_REPORTS, golden
from reconcile_rows import crime_rate, issues_of, outcome, printed_row, report

from pipelines.issues import Issue
from pipelines.reference import load
from pipelines.schema import ENGLAND_AND_WALES
from pipelines.vocabulary import letters, printed_tables

# Figure 4 made up: every row that a report prints, and what it adds to.
TYPES = {
    "charged_summonsed": "14.0",
    "taken_into_consideration": "0.3",
    "caution_youths": "0.4",
    "caution_adults": "2.1",
    "penalty_notices_for_disorder": "0.5",
    "cannabis_khat_warning": "0.7",
    "community_resolution": "3.1",
    "prosecution_prevented": "1.2",
    "evidential_suspect_identified_victim_supports": "8.0",
    "evidential_suspect_identified_victim_does_not_support": "9.0",
    "evidential_suspect_not_identified": "2.0",
    "no_suspect_identified": "50.0",
    "action_by_another_body": "0.6",
    "further_investigation_not_in_public_interest": "0.1",
    "out_of_court_formal": "3.0",
    "out_of_court_informal": "3.8",
    "evidential_victim_supports": "",
    "evidential_victim_does_not_support": "11.0",
    "total_assigned": "92.0",
    "not_yet_assigned": "8.0",
    "total": "100.00",
}
SUMS = "outcome_proportions-sums_as_printed"
DECIMALS = "outcome_proportions-decimals_alike"


def figure_4(check_id: str = SUMS, area: str = "force", **changed: str | None) -> list[Issue]:
    """What is found in the table with other numbers; None leaves a row's number unassigned."""
    rows = []
    for name, text in {**TYPES, **changed}.items():
        row = outcome(name, text or "", area)
        rows.append({**row, "value_status": "unassigned"} if text is None else row)
    return issues_of(check_id, {"reports": [report()], "outcome_proportions": rows})


def test_every_row_of_the_table_is_in_the_example() -> None:
    printed = {row["row_id"] for row in load("printed_rows") if row["table_name"] == "outcome_proportions"}
    assert printed == TYPES.keys()


def test_a_table_that_adds_up_within_rounding_is_silent() -> None:
    assert figure_4() == []
    assert figure_4(area="national") == []
    # Three members and their sum: half a unit of the last place each.
    assert figure_4(out_of_court_formal="3.2") == []
    # Two parts of an exact whole.
    assert figure_4(not_yet_assigned="8.1") == []


@pytest.mark.parametrize(
    ("changed", "row", "expected"),
    [
        ({"out_of_court_formal": "3.3"}, "out_of_court_formal", "3.0 ± 0.15"),
        ({"caution_adults": "2.4"}, "out_of_court_formal", "3.3 ± 0.15"),
        ({"not_yet_assigned": "8.2"}, "total", "100.2 ± 0.10"),
        ({"no_suspect_identified": "53.0"}, "total_assigned", "95.0 ± 0.50"),
        ({"total": "90.00"}, "total", "100"),
    ],
)
def test_a_sum_that_its_rows_do_not_make_is_a_warning(changed: dict[str, Any], row: str, expected: str) -> None:
    issue = figure_4(**changed)[0]
    assert issue.severity == "warning"
    assert (issue.row_key or "").endswith(f"outcome_id={row}")
    assert issue.expected == expected


@pytest.mark.parametrize("area", ["force", "national"])
def test_each_area_is_looked_at_for_itself(area: str) -> None:
    (issue,) = figure_4(area=area, not_yet_assigned="7.0")
    code = ENGLAND_AND_WALES if area == "national" else "E23000032"
    assert f"area_code={code}" in (issue.row_key or "")


def test_a_heading_with_one_member_prints_the_same_number() -> None:
    assert figure_4(evidential_victim_supports="8.0") == []
    assert [issue.expected for issue in figure_4(evidential_victim_supports="8.1")] == ["8.0 ± 0.05"]


def test_members_narrow_down_what_a_sum_above_them_may_be() -> None:
    # Each sum alone is within rounding; together no numbers make all of them.
    high = {"out_of_court_formal": "3.2", "out_of_court_informal": "3.9", "evidential_victim_does_not_support": "11.1"}
    assert figure_4(**high, total_assigned="92.6", not_yet_assigned="7.4") == []
    (issue,) = figure_4(**high, total_assigned="92.8", not_yet_assigned="7.2")
    assert "outcome_id=total_assigned" in (issue.row_key or "")


def test_a_sum_with_a_number_that_is_not_known_is_not_looked_at() -> None:
    assert figure_4(caution_adults=None, out_of_court_formal="9.0", total_assigned="98.0", not_yet_assigned="2.0") == []


def test_numbers_have_the_decimals_of_their_table() -> None:
    assert figure_4(DECIMALS) == []
    (issue,) = figure_4(DECIMALS, community_resolution="3.10")
    assert (issue.found, issue.expected) == ("3.10", "1 decimals")


def test_a_whole_whose_last_digit_was_taken_for_a_mark_is_noticed() -> None:
    rows = [outcome("total", "100.0", line=3), outcome("total", "100.00", "national", line=3)]
    (issue,) = issues_of(DECIMALS, {"reports": [report()], "outcome_proportions": rows})
    assert issue.found == "100.0"
    assert issues_of(DECIMALS, {"reports": [report()], "outcome_proportions": rows[:1]}) == []


@pytest.mark.parametrize("table", ["domestic_abuse_outcomes", "crime_rates"])
def test_the_other_tables_have_their_decimals_too(table: str) -> None:
    made = crime_rate if table == "crime_rates" else outcome
    rows = [made(name, text) for name, text in (("one", "2.1"), ("two", "2.3"), ("three", "2"))]
    (issue,) = issues_of(f"{table}-decimals_alike", {"reports": [report()], table: rows})
    assert issue.found == "2"


def rates(recorded: str, victim_based: str, sexual: str, assault: str) -> list[Issue]:
    names = ("recorded_crime_excluding_fraud", "victim_based_crime", "sexual_offences", "assault_with_injury")
    rows = [crime_rate(name, text) for name, text in zip(names, (recorded, victim_based, sexual, assault), strict=True)]
    return issues_of("crime_rates-parts_within_whole", {"reports": [report()], "crime_rates": rows})


def test_a_kind_of_crime_is_no_more_than_what_contains_it() -> None:
    assert rates("66.7", "60.3", "1.6", "7.5") == []
    assert rates("60.2", "60.3", "1.6", "7.5") == []  # within rounding
    assert [issue.expected for issue in rates("6.7", "60.3", "1.6", "7.5")] == ["at least 60.3"]
    assert rates("66.7", "9.0", "1.6", "7.5") == []
    assert [issue.found for issue in rates("66.7", "8.9", "1.6", "7.5")] == ["8.9"]


def pies(*numbers: str) -> list[Issue]:
    rows = [
        {**printed_row("kent", 20 + n, text, "force", value_status="unassigned"), "row": n + 1, "area_code": None}
        for n, text in enumerate(numbers)
    ]
    return issues_of("organised_crime_groups-pies_make_100", {"reports": [report()], "organised_crime_groups": rows})


def test_loose_percentages_make_two_pies() -> None:
    assert pies("60", "20", "20", "70", "29", "2") == []
    assert pies("60", "20", "20") == []  # the other pie is lost
    (issue,) = pies("60", "20", "26", "70", "29", "2")
    assert (issue.line_start, issue.line_end) == (20, 25)
    # Not by more slices than a pie has classes.
    assert pies("50", "10", "10", "10", "10", "10", "100") != []


@pytest.mark.parametrize("report_id", TWO_REPORTS)
@pytest.mark.parametrize("area", ["force", "england_and_wales"])
def test_numbers_typed_from_the_real_reports_are_silent(report_id: str, area: str) -> None:
    (table,) = (one for one in printed_tables("peel-2016") if one.table_name == "outcome_proportions")
    typed = golden(report_id, "outcome_proportions")
    assert [letters(row["outcome_label"]) for row in typed] == [letters(row.label) for row in table.rows]
    numbers = {row.row_id: one[f"{area}_value"] for row, one in zip(table.rows, typed, strict=True)}
    assert figure_4(**numbers) == []
    assert figure_4(DECIMALS, **numbers) == []
    assert figure_4(**{**numbers, "not_yet_assigned": "9.9"}) != []

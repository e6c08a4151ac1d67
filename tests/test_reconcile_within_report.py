"""Rules across the places of one report: each fails where two places contradict each other, and only there."""

from datetime import date
from typing import Any

import pytest
from reconcile_rows import EARLIER, YEAR, band, crime_rate, issues_of, only, outcome, report, statistic

from expectations.reconcile.within_report import BASES, ENDS, HIGHEST, LOWEST, PRINTED_IN, WITHIN
from pipelines.issues import Issue
from pipelines.measures import STATED, measure_rows
from pipelines.schema import ENGLAND_AND_WALES

REPEATS = "statistics-repeats_agree"
ASB = "anti_social_behaviour_incidents_rate"
NO_PERIOD = {"period_start": None, "period_end": None}
OTHER_YEAR = {"period_start": date(2014, 7, 1), "period_end": date(2015, 6, 30)}


def found(check_id: str, *statistics: Any, **tables: Any) -> list[Issue]:
    return issues_of(check_id, {"reports": [report()], "statistics": statistics, **tables})


# --- repeats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("9.1", "9.1", True),
        ("9.1", "9.2", False),
        ("21", "20.6", True),
        ("52", "52.4", True),
        ("52", "52.5", True),  # 52.45 is printed as both
        ("52", "52.6", False),
        ("52", "53.4", False),
    ],
)
def test_a_number_said_twice_agrees_within_the_coarser_precision(one: str, other: str, agree: bool) -> None:
    issues = found(REPEATS, statistic(ASB, one, line=10), statistic(ASB, other, line=40))
    assert bool(issues) != agree
    if issues:
        # The finer one is taken for right; of equals the first.
        assert only(issues).severity == "warning"
        assert {issues[0].line_start} <= {10, 40}
        assert f"line {40 if issues[0].line_start == 10 else 10}" in issues[0].message


def test_the_odd_one_of_three_is_named() -> None:
    rows = [statistic(ASB, text, line=line) for line, text in ((10, "9.1"), (20, "9.7"), (30, "9.1"))]
    issue = only(found(REPEATS, *rows))
    assert (issue.line_start, issue.found, issue.expected) == (20, "9.7", "9.1")


def test_other_areas_periods_and_units_are_other_numbers() -> None:
    row = statistic(ASB, "9.1")
    assert found(REPEATS, row, statistic(ASB, "8.1", "national")) == []
    assert found(REPEATS, row, statistic(ASB, "8.1", **OTHER_YEAR)) == []
    change = "survey_satisfaction_local_policing_change"
    assert found(REPEATS, statistic(change, "4"), statistic(change, "7", unit="percentage points")) == []


@pytest.mark.parametrize(
    ("text", "said", "other", "of_other", "agree"),
    [
        # About: rounded to the last digit that is not nought, by fives where that is a five.
        ("5600", "about", "5612", None, True),
        ("5600", "about", "5650", None, True),
        ("5600", "about", "5700", None, False),
        ("407", "about", "407", None, True),
        ("407", "about", "408", None, False),
        ("45", "about", "43", None, True),
        ("45", "about", "41", None, False),
        ("8.1", "about", "9.1", None, False),
        # The same words, and rounded to the same place: a repeat.
        ("5600", "about", "5600", "about", True),
        ("5600", "about", "5700", "about", False),
        ("5000", "more_than", "5600", "about", True),
        ("6000", "more_than", "5600", "about", False),
        ("5000", "more_than", "5200", "more_than", True),
        ("5000", "more_than", "6000", "more_than", False),
        ("2.6", "less_than", "2.55", None, True),
        ("2.6", "less_than", "2.71", None, False),
        ("2.6", "less_than", "2", "more_than", True),
    ],
)
def test_numbers_said_roughly_are_held_to_what_they_say(
    text: str, said: str, other: str, of_other: str | None, agree: bool
) -> None:
    rows = [statistic(ASB, text, line=10, not_exact=said), statistic(ASB, other, line=40, not_exact=of_other)]
    assert (found(REPEATS, *rows) == []) == agree
    assert (found(REPEATS, *reversed(rows)) == []) == agree


@pytest.mark.parametrize(
    ("text", "said", "within"),
    [
        ("407", "about", True),
        ("507", "about", False),
        ("430", "about", True),
        ("307", "about", False),
        ("400", "more_than", True),
        ("500", "more_than", False),
        ("400", "less_than", True),
        ("300", "less_than", False),
    ],
)
def test_numbers_said_roughly_lie_in_the_range_of_all_forces(text: str, said: str, within: bool) -> None:
    ends = [
        statistic(f"survey_people_interviewed{end}", value, "national")
        for end, value in (("_lowest_force", "331"), ("_highest_force", "429"))
    ]
    row = statistic("survey_people_interviewed", text, not_exact=said)
    assert (found("statistics-within_range_of_forces", row, *ends) == []) == within


@pytest.mark.parametrize(
    ("low", "high", "in_order"), [("80", "85", True), ("80", "80", True), ("80", "75", False), ("95", "85", False)]
)
def test_a_range_ends_above_its_begin(low: str, high: str, in_order: bool) -> None:
    rows = [statistic("officer_caseload_range_low", low), statistic("officer_caseload_range_high", high)]
    assert (found("statistics-ranges_in_order", *rows) == []) == in_order
    of_forces = [
        statistic(f"vulnerable_victim_share{end}", text, "national") for end, text in ((LOWEST, low), (HIGHEST, high))
    ]
    assert (found("statistics-ranges_in_order", *of_forces) == []) == in_order
    assert found("statistics-ranges_in_order", rows[0], statistic("officer_caseload_range_high", "1", "national")) == []


@pytest.mark.parametrize(
    ("part", "text", "whole", "of", "unit", "fits"),
    [
        ("victim_based_crime_rate", "52.3", "recorded_crime_rate", "66.7", "per 1,000 population", True),
        ("victim_based_crime_rate", "72.3", "recorded_crime_rate", "66.7", "per 1,000 population", False),
        ("households_served", "1049186", "population_served", "2.6", "million people", True),
        ("households_served", "2949186", "population_served", "2.6", "million people", False),
        ("households_served", "49186", "population_served", "26000", "people", False),
        ("policing_sectors", "56", "neighbourhoods_identified", "333", "neighbourhoods", True),
        ("policing_sectors", "56", "neighbourhoods_identified", "33", "neighbourhoods", False),
    ],
)
def test_a_part_is_no_more_than_its_whole(part: str, text: str, whole: str, of: str, unit: str, fits: bool) -> None:
    rows = [statistic(part, text, unit="one"), statistic(whole, of, unit=unit)]
    assert (found("statistics-parts_within_whole", *rows) == []) == fits
    other_year = statistic(whole, of, unit=unit, **OTHER_YEAR)
    assert found("statistics-parts_within_whole", rows[0], other_year) == []


@pytest.mark.parametrize(
    ("few", "many", "agree"), [("1.55", "155", True), ("1.55", "155.4", True), ("1.55", "165", False)]
)
def test_a_rate_per_1000_is_that_per_100000(few: str, many: str, agree: bool) -> None:
    rows = [statistic("knife_crime_rate_per_1000", few), statistic("knife_crime_rate_per_100000", many)]
    assert (found("statistics-bases_agree", *rows) == []) == agree
    assert found("statistics-bases_agree", rows[0], {**rows[1], "area_code": ENGLAND_AND_WALES}) == []


def test_the_measures_that_rules_name_exist() -> None:
    measures = {row["measure_id"] for row in measure_rows()}
    assert {*WITHIN, *WITHIN.values(), *PRINTED_IN} <= measures
    for endings in (*ENDS, BASES[:2]):
        assert all(any(one.endswith(end) for one in measures) for end in endings)


def test_what_has_no_end_makes_no_change() -> None:
    levels = [statistic(ASB, "20", line=5, not_exact="more_than"), statistic(ASB, "5", line=6, **OTHER_YEAR)]
    change = statistic(f"{ASB}_change", "7", direction="increase", **EARLIER)
    assert found("statistics-change_matches_levels", change, *levels) == []


def test_a_number_without_a_period_is_held_against_the_only_one_that_is_stated() -> None:
    loose = statistic(ASB, "8.1", line=40, **NO_PERIOD)
    issue = only(found(REPEATS, statistic(ASB, "9.1"), loose))
    assert "states no period" in issue.message
    assert found(REPEATS, statistic(ASB, "9.1"), statistic(ASB, "9.9", **OTHER_YEAR), loose) == []
    assert found(REPEATS, loose, statistic(ASB, "8.2", line=41, **NO_PERIOD)) != []


def test_a_change_that_goes_both_ways() -> None:
    change = f"{ASB}_change"
    rows = [statistic(change, "11", direction=way, **EARLIER) for way in ("increase", "decrease")]
    assert only(found(REPEATS, *rows)).found == "decrease 11"
    assert found(REPEATS, rows[0], rows[0]) == []


def test_prose_and_table_print_the_same() -> None:
    said = statistic("evidential_difficulties_victim_does_not_support", "9.1")
    row = outcome("evidential_victim_does_not_support", "9.1")
    assert found(REPEATS, said, outcome_proportions=[row]) == []
    other = outcome("evidential_victim_does_not_support", "9.3", line=70)
    issue = only(found(REPEATS, said, outcome_proportions=[other]))
    assert "line 70" in issue.message or issue.line_start == 70
    # Two in prose against the table: the table's row is the odd one, and the issue is of its table.
    issue = only(found(REPEATS, said, said, outcome_proportions=[other]))
    assert (issue.table_name, issue.line_start, issue.expected) == ("outcome_proportions", 70, "9.1")


def test_a_heading_without_a_number_is_in_its_only_row() -> None:
    said = statistic("evidential_difficulties_victim_supports", "8.0")
    rows = [
        outcome("evidential_victim_supports", ""),
        outcome("evidential_suspect_identified_victim_supports", "7.8"),
    ]
    assert only(found(REPEATS, said, outcome_proportions=rows)).expected in ("8.0", "7.8")


def test_crime_rates_in_prose_and_table() -> None:
    said = statistic("recorded_crime_rate", "66.7", unit="per 1,000 population")
    assert found(REPEATS, said, crime_rates=[crime_rate("recorded_crime_excluding_fraud", "66.7")]) == []
    assert found(REPEATS, said, crime_rates=[crime_rate("recorded_crime_excluding_fraud", "67.6")]) != []


# --- ranges, changes, shares, intervals -------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "is_outside"), [("3.9", False), ("44.4", False), ("3.8", True), ("54.4", True)])
@pytest.mark.parametrize("area", ["force", "national"])
def test_a_value_beyond_the_range_of_all_forces(text: str, is_outside: bool, area: str) -> None:
    share = "vulnerable_victim_share"
    ends = [
        statistic(f"{share}_lowest_force", "3.9", "national"),
        statistic(f"{share}_highest_force", "44.4", "national"),
    ]
    issues = found("statistics-within_range_of_forces", *ends, statistic(share, text, area, line=12))
    assert [issue.line_start for issue in issues] == ([12] if is_outside else [])
    assert found("statistics-within_range_of_forces", *ends, statistic(share, "99.9", area, **OTHER_YEAR)) == []


def change(text: str, direction: str, unit: str = "percent") -> Any:
    return statistic(f"{ASB}_change", text, direction=direction, unit=unit, **YEAR, **EARLIER)


@pytest.mark.parametrize(
    ("stated", "fits"),
    [
        (change("20", "decrease"), True),  # 25 to 20
        (change("23", "decrease"), True),  # 25.5 to 19.5, at most
        (change("25", "decrease"), False),
        (change("20", "increase"), False),
        (change("5", "decrease", "percentage points"), True),
        (change("9", "decrease", "percentage points"), False),
    ],
)
def test_a_change_is_that_between_its_levels(stated: Any, fits: bool) -> None:
    unit = {"unit": "per 1,000 population"}
    levels = [statistic(ASB, "20", line=5, **unit), statistic(ASB, "25", line=6, **OTHER_YEAR, **unit)]
    assert (found("statistics-change_matches_levels", stated, *levels) == []) == fits
    assert found("statistics-change_matches_levels", stated, levels[0]) == []


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ({"text": "187", "unit": "cases", "numerator": 187, "denominator": 194}, True),
        ({"text": "181", "unit": "cases", "numerator": 187, "denominator": 194}, False),
        ({"text": "197", "unit": "cases", "numerator": 197, "denominator": 194}, False),
        ({"text": "96", "unit": "percent", "numerator": 187, "denominator": 194}, True),
        ({"text": "69", "unit": "percent", "numerator": 187, "denominator": 194}, False),
        ({"text": "", "unit": "percent", "numerator": 2, "denominator": 3}, True),
        ({"text": "70", "unit": "percent", "numerator": 2, "denominator": 3, "not_exact": "about"}, True),
    ],
)
def test_a_count_out_of_others(row: dict[str, Any], fits: bool) -> None:
    text = row.pop("text")
    assert (found("statistics-shares_of_their_whole", statistic("cases", text, **row)) == []) == fits


@pytest.mark.parametrize(
    ("text", "low", "high", "margin", "fits"),
    [
        ("93.2", 89.8, 96.6, 3.4, True),
        ("93.2", 89.8, 96.6, None, True),
        ("98.2", 89.8, 96.6, None, False),
        ("93.2", 89.8, 96.8, 3.4, False),
        ("93.2", None, None, None, True),
    ],
)
def test_a_value_and_its_confidence_interval(text: str, low: Any, high: Any, margin: Any, fits: bool) -> None:
    row = statistic("accuracy", text, interval_lower=low, interval_upper=high, interval_margin=margin)
    assert (found("statistics-intervals_hold_values", row) == []) == fits


# --- words and numbers ------------------------------------------------------------------------------------------------

WORDS = "band_statements-words_match_numbers"


@pytest.mark.parametrize(
    ("said", "force", "national", "fits"),
    [
        ("above", "32", "25", True),
        ("above", "22", "25", False),
        ("below", "20.6", "31.0", True),
        ("below", "40.6", "31.0", False),
        ("highest", "29.9", "14.3", True),
        ("highest", "9.9", "14.3", False),
        ("lowest", "0.1", "0.3", True),
        ("lowest", "3.1", "0.3", False),
        ("in_line", "82.2", "83.3", True),
        ("in_line", "17.7", "14.3", True),
        ("in_line", "1.4", "4.3", False),
        ("in_line", "22.2", "83.3", False),
    ],
)
def test_words_and_numbers(said: str, force: str, national: str, fits: bool) -> None:
    rows = [statistic(ASB, force, line=10), statistic(ASB, national, "national", line=11)]
    issues = found(WORDS, *rows, band_statements=[band(ASB, said)])
    assert (issues == []) == fits
    outcomes = [outcome("charged_summonsed", force), outcome("charged_summonsed", national, "national")]
    statement = band("outcome_proportion", said, table_name="outcome_proportions", outcome_id="charged_summonsed")
    issues = found(WORDS, band_statements=[statement], outcome_proportions=outcomes)
    assert (issues == []) == fits
    if not fits:
        assert (only(issues).table_name, only(issues).expected) == ("band_statements", said)


def test_words_without_both_numbers_of_one_period_say_nothing() -> None:
    rows = [statistic(ASB, "40"), statistic(ASB, "31", "national", **OTHER_YEAR)]
    assert found(WORDS, *rows, band_statements=[band(ASB, "below")]) == []
    assert found(WORDS, rows[0], band_statements=[band(ASB, "below")]) == []
    assert found(WORDS, band_statements=[band(ASB, "below")]) == []


def test_of_two_periods_the_one_near_the_words_is_meant() -> None:
    near = [statistic(ASB, "40", line=10), statistic(ASB, "31", "national", line=11)]
    far = [statistic(ASB, "20", line=90, **OTHER_YEAR), statistic(ASB, "31", "national", line=91, **OTHER_YEAR)]
    assert len(found(WORDS, *near, *far, band_statements=[band(ASB, "below")])) == 1
    assert found(WORDS, *near, *far, band_statements=[band(ASB, "below", line=92)]) == []
    assert found(WORDS, *near, *far, band_statements=[band(ASB, "below", line=50)]) == []


def test_words_about_falling_numbers_are_left_alone() -> None:
    measure = f"{ASB}_change"
    falls = [
        statistic(measure, text, area, direction="decrease", **EARLIER)
        for text, area in (("11", "force"), ("8", "national"))
    ]
    assert found(WORDS, *falls, band_statements=[band(measure, "below")]) == []
    rises = [{**row, "direction": "increase"} for row in falls]
    assert found(WORDS, *rises, band_statements=[band(measure, "above")]) == []
    assert len(found(WORDS, *rises, band_statements=[band(measure, "below")])) == 1


def test_the_measures_named_here_are_measures() -> None:
    known = {measure.measure_id for measure in STATED}
    assert {ASB, "recorded_crime_rate", "evidential_difficulties_victim_supports", "vulnerable_victim_share"} <= known

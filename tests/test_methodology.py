"""Ranks, bands and England and Wales: expected values are worked out by hand, none is taken from the program."""

import time
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.methodology import bands, comparator_rows, quartile_rank_rows
from pipelines.schema import ENGLAND_AND_WALES, TABLES
from tests.released import (
    DORSET,
    FORCES,
    GWENT,
    JUNE_2016,
    KENT,
    MARCH_2018,
    NOTTINGHAMSHIRE,
    SURREY,
    Row,
    counted,
    crime,
    crimes_counted,
    england_and_wales,
    no_force_rule,
    outcome,
    release,
    report,
    rule,
    statistic,
)


def one_a_force(offences: list[int], recorded: int = 1000, **other: Any) -> list[Row]:
    """Open data: the first force has the first count, and so on."""
    return [
        counted(force, count, recorded, **other) for force, count in zip(FORCES[: len(offences)], offences, strict=True)
    ]


def ranked(tables: dict[str, list[Row]], asked: str | None = None) -> dict[str, Row]:
    """Rows of the one measure, category and period there is, by force, after the checks of the schema."""
    rows, _ = quartile_rank_rows(tables, asked)
    TABLES["quartile_ranks"].to_arrow(rows)
    assert len({(row["source"], row["measure"], row["outcome_id"], row["period_end"]) for row in rows}) == 1
    return {row["area_code"]: row for row in rows}


def banded(rows: dict[str, Row], band: str | None) -> list[str]:
    return [force for force in FORCES if force in rows and rows[force]["band"] == band]


# Bands


def test_of_43_different_values_the_ten_highest_and_the_ten_lowest_are_banded() -> None:
    rows = ranked({"force_outcomes": one_a_force(list(range(1, 44)))})
    assert banded(rows, "lowest") == FORCES[:10]
    assert banded(rows, "in_line") == FORCES[10:33]
    assert banded(rows, "highest") == FORCES[33:]
    assert [rows[FORCES[n]]["rank"] for n in (42, 33, 32, 0)] == [1, 10, 11, 43]
    assert {row["forces_ranked"] for row in rows.values()} == {43}
    assert {(row["value_status"], row["reason"], row["rules_programme_id"]) for row in rows.values()} == {
        ("derived", None, None)
    }
    assert rows[FORCES[6]]["value"] == pytest.approx(0.7)


def test_forces_that_tie_over_the_quarter_are_in_line_together() -> None:
    # 33 low values, 2 equal ones, 8 above them: the equal ones are 9th, and with them there would be 10: all highest.
    rows = ranked({"force_outcomes": one_a_force([*range(1, 34), 50, 50, *range(60, 68)])})
    assert banded(rows, "highest") == FORCES[33:]
    assert [rows[FORCES[n]]["rank"] for n in (32, 33, 34, 35)] == [11, 9, 9, 8]
    # One more above them, so with them there would be 11, more than a quarter of 43: neither is highest.
    rows = ranked({"force_outcomes": one_a_force([*range(1, 33), 50, 50, *range(60, 69)])})
    assert banded(rows, "highest") == FORCES[34:]
    assert [rows[FORCES[n]]["rank"] for n in (31, 32, 33, 34)] == [12, 10, 10, 9]
    # From below: 9 lower ones and two that tie for the tenth place.
    rows = ranked({"force_outcomes": one_a_force([*range(1, 10), 20, 20, *range(30, 62)])})
    assert banded(rows, "lowest") == FORCES[:9]
    assert [rows[FORCES[n]]["rank"] for n in (8, 9, 10, 11)] == [35, 33, 33, 32]


def test_where_all_are_equal_nobody_is_highest_or_lowest() -> None:
    rows = ranked({"force_outcomes": one_a_force([100] * 43)})
    assert len(banded(rows, "in_line")) == 43
    assert {row["rank"] for row in rows.values()} == {1}


def test_shares_of_open_data_are_compared_as_fractions() -> None:
    # 1 of 3 and 2 of 6 tie. The last two differ, though a double cannot tell them apart.
    counts = [counted(force, 0, 7) for force in FORCES[:28]]
    large = 2**55
    counts += [counted(FORCES[28], 1, 3), counted(FORCES[29], 2, 6)]
    counts += [counted(FORCES[30], 2**54, large), counted(FORCES[31], 2**54 + 1, large)]
    assert counts[30]["value"] == counts[31]["value"]
    rows = ranked({"force_outcomes": counts})
    assert [rows[FORCES[n]]["rank"] for n in (28, 29, 30, 31)] == [3, 3, 2, 1]


def test_thirty_forces_are_banded_and_twenty_nine_are_not() -> None:
    rows = ranked({"force_outcomes": one_a_force(list(range(1, 31)))})
    assert banded(rows, "highest") == FORCES[23:30]  # 30 / 4 = 7.5: seven
    assert banded(rows, "lowest") == FORCES[:7]
    rows = ranked({"force_outcomes": one_a_force(list(range(1, 30)))})
    assert len(rows) == 29
    assert {(row["value"], row["rank"], row["band"], row["value_status"]) for row in rows.values()} == {
        (None, None, None, "not_available")
    }
    assert {(row["forces_ranked"], row["reason"]) for row in rows.values()} == {
        (29, "no rank and no band: 29 forces have a value, and at least 30 are needed")
    }


def test_a_force_without_a_number_is_listed_and_not_ranked() -> None:
    rows = ranked({"force_outcomes": [*one_a_force(list(range(1, 31))), counted(FORCES[30], None)]})
    without = rows[FORCES[30]]
    assert (without["value"], without["rank"], without["band"], without["value_status"]) == (
        None,
        None,
        None,
        "not_available",
    )
    assert without["reason"] == "the source has no number for the whole period"
    assert {row["forces_ranked"] for row in rows.values()} == {30}
    # It does not help to make up thirty, nor does a force that recorded nothing.
    rows = ranked({"force_outcomes": [*one_a_force(list(range(1, 30))), counted(FORCES[29], None)]})
    assert {row["band"] for row in rows.values()} == {None}
    nothing = {**counted(FORCES[29], 0), "offences_recorded": 0}
    rows = ranked({"force_outcomes": [*one_a_force(list(range(1, 30))), nothing]})
    assert {row["band"] for row in rows.values()} == {None}


values_of_forces = st.dictionaries(
    st.sampled_from(FORCES), st.fractions(min_value=0, max_value=4, max_denominator=6), min_size=1
)


@settings(max_examples=60)
@given(values_of_forces)
def test_no_band_holds_more_than_a_quarter_and_higher_values_never_have_lower_bands(
    values: dict[str, Fraction],
) -> None:
    found = bands(values)
    given_bands = [band for _, band in found.values()]
    assert max(given_bands.count("highest"), given_bands.count("lowest")) <= len(values) // 4
    order = ("lowest", "in_line", "highest")
    for one, other in ((one, other) for one in values for other in values if values[one] >= values[other]):
        assert order.index(found[one][1]) >= order.index(found[other][1])
        assert found[one][0] <= found[other][0]
        assert (found[one] == found[other]) or values[one] > values[other]


@settings(max_examples=60)
@given(values_of_forces, st.randoms(use_true_random=False))
def test_the_order_of_the_forces_does_not_matter(values: dict[str, Fraction], random: Any) -> None:
    forces = list(values)
    random.shuffle(forces)
    assert bands({force: values[force] for force in forces}) == bands(values)


@settings(max_examples=60)
@given(values_of_forces)
def test_turning_the_values_round_turns_the_bands_round(values: dict[str, Fraction]) -> None:
    turned = {"highest": "lowest", "lowest": "highest", "in_line": "in_line"}
    upside_down = bands({force: -value for force, value in values.items()})
    assert {force: turned[band] for force, (_, band) in upside_down.items()} == {
        force: band for force, (_, band) in bands(values).items()
    }


# The rules of a round


def test_a_force_that_the_annex_leaves_out_is_listed_with_the_reason_and_not_ranked() -> None:
    kent = report(KENT, end=MARCH_2018)
    rules = [rule(kent, DORSET, statement="Figure 4: Dorset Police is left out (not comparable)")]
    rows = ranked(release([kent], rules, force_outcomes=one_a_force([5] * 43)))
    assert len(rows) == 43
    assert {row["forces_ranked"] for row in rows.values()} == {42}
    out = rows[DORSET]
    assert (out["value"], out["rank"], out["band"], out["value_status"], out["reason"]) == (
        None,
        None,
        None,
        "excluded_by_source",
        "Figure 4: Dorset Police is left out (not comparable)",
    )
    assert {row["rules_programme_id"] for row in rows.values()} == {"peel-2016"}
    assert rows[KENT]["rank"] == 1


def test_it_is_the_force_that_the_annex_names_that_is_out() -> None:
    kent = report(KENT, end=MARCH_2018)
    rows = ranked(release([kent], [rule(kent, GWENT)], force_outcomes=one_a_force([5] * 43)))
    assert [force for force, row in rows.items() if row["value_status"] == "excluded_by_source"] == [GWENT]
    # A rule of figure 8 is no rule of figure 4.
    rows = ranked(release([kent], [rule(kent, GWENT, 8)], force_outcomes=one_a_force([5] * 43)))
    assert {row["value_status"] for row in rows.values()} == {"derived"}


def test_what_the_annex_leaves_open_leaves_nobody_out_and_is_said() -> None:
    kent = report(KENT, end=MARCH_2018)
    tables = release([kent], [rule(kent, DORSET, counts=None)], force_outcomes=one_a_force([5] * 43))
    assert {row["forces_ranked"] for row in ranked(tables).values()} == {43}
    (issue,) = quartile_rank_rows(tables)[1]
    assert (issue.check_id, issue.severity, issue.report_id) == ("annex-leaves-open", "warning", kent["report_id"])
    assert "Dorset Police" in issue.message
    assert (issue.line_start, issue.line_end) == (70, 71)


def test_the_rules_of_a_round_bind_open_data_of_another_period_only_when_asked() -> None:
    kent = report(KENT)  # main data period to June 2016
    tables = release([kent], [rule(kent, DORSET)], force_outcomes=one_a_force([5] * 43))
    rows = ranked(tables)
    assert {(row["forces_ranked"], row["rules_programme_id"]) for row in rows.values()} == {(43, None)}
    rows = ranked(tables, "peel-2016")
    assert {(row["forces_ranked"], row["rules_programme_id"]) for row in rows.values()} == {(42, "peel-2016")}


def test_what_is_found_for_several_periods_is_said_once() -> None:
    reports = [report(KENT), report(SURREY)]
    counts = [*one_a_force([5] * 43), *one_a_force([5] * 43, end=JUNE_2016)]
    tables = release(reports, [rule(reports[0], DORSET), no_force_rule(reports[1])], force_outcomes=counts)
    for compute in (quartile_rank_rows, comparator_rows):
        (issue,) = compute(tables, "peel-2016")[1]
        assert issue.check_id == "annex-votes-agree"


def test_a_round_that_no_report_gives_rules_of_is_refused() -> None:
    kent = report(KENT)
    tables = release([kent], [rule(kent, DORSET)], force_outcomes=one_a_force([5] * 43))
    for compute in (quartile_rank_rows, comparator_rows):
        rows, (issue,) = compute(tables, "peel-2015")
        assert rows == []
        assert (issue.check_id, issue.severity) == ("rules-round-known", "error")
        assert (issue.expected, issue.found) == ("peel-2016", "peel-2015")
        assert "ask for peel-2016" in issue.message
    # The round's own period is ranked by its own rules, whatever is asked for.
    tables["force_outcomes"] = one_a_force([5] * 43, end=JUNE_2016)
    rows, issues = quartile_rank_rows(tables, "peel-2015")
    assert ({row["rules_programme_id"] for row in rows}, len(rows)) == ({"peel-2016"}, 43)
    # Asking for it is wrong all the same, also where there is no open data, or no annex.
    assert [one.check_id for one in issues] == ["rules-round-known"]
    assert [one.check_id for one in comparator_rows({}, "peel-2015")[1]] == ["rules-round-known"]


def test_a_period_that_two_rounds_have_as_their_own_is_bound_by_the_one_asked_for() -> None:
    kent, surrey = report(KENT, end=MARCH_2018), report(SURREY, "peel-2017", MARCH_2018)
    rules = [rule(kent, DORSET), rule(surrey, GWENT)]
    tables = release([kent, surrey], rules, force_outcomes=one_a_force([5] * 43))
    rows, (issue,) = quartile_rank_rows(tables)
    assert {row["rules_programme_id"] for row in rows} == {None}
    assert (issue.check_id, issue.severity, issue.found) == ("rules-round-unclear", "warning", "peel-2016, peel-2017")
    rows, issues = quartile_rank_rows(tables, "peel-2017")
    assert issues == []
    assert [row["area_code"] for row in rows if row["value_status"] == "excluded_by_source"] == [GWENT]


# Values printed in reports


def round_of(values: dict[str, float | None], programme: str = "peel-2016") -> tuple[list[Row], list[Row]]:
    """Reports of forces, and the rows of figure 4 that they print."""
    reports = {force: report(force, programme) for force in values}
    return list(reports.values()), [outcome(reports[force], value) for force, value in values.items()]


def test_printed_values_are_ranked_as_printed() -> None:
    # 0.1 to 4.2 for all but one, which prints the same 4.2; the reports leave Dorset out, which has a value.
    forces = [force for force in FORCES if force != DORSET]
    printed = {force: (n + 1) / 10 for n, force in enumerate(forces[:41])} | {forces[41]: 4.1, DORSET: 99.9}
    reports, outcomes = round_of(printed)
    rows = ranked(release(reports, [rule(one, DORSET) for one in reports], outcome_proportions=outcomes))
    assert len(rows) == 43
    # 42 ranked, a quarter is 10: the two that print 4.1, then 4.0 to 3.3.
    assert [rows[force]["rank"] for force in (forces[40], forces[41], forces[39], forces[0])] == [1, 1, 3, 42]
    assert banded(rows, "highest") == [force for force in FORCES if force in forces[32:]]
    assert banded(rows, "lowest") == [force for force in FORCES if force in forces[:10]]
    assert (rows[forces[2]]["value"], rows[forces[2]]["value_status"]) == (0.3, "published")
    assert (rows[DORSET]["value"], rows[DORSET]["value_status"]) == (None, "excluded_by_source")
    assert {row["rules_programme_id"] for row in rows.values()} == {"peel-2016"}


def test_a_few_reports_are_listed_without_rank_and_band() -> None:
    reports, outcomes = round_of({KENT: 14.2, SURREY: 10.7})
    rows = ranked(release(reports, [rule(one, DORSET) for one in reports], outcome_proportions=outcomes))
    assert list(rows) == [SURREY, KENT, DORSET]  # by code
    assert [rows[force]["value_status"] for force in (KENT, SURREY)] == ["not_available", "not_available"]
    assert rows[KENT]["reason"] == "no rank and no band: 2 forces have a value, and at least 30 are needed"
    assert rows[DORSET]["value_status"] == "excluded_by_source"


def test_what_a_report_does_not_give_is_listed_with_its_status() -> None:
    reports, outcomes = round_of(dict.fromkeys(FORCES[:40], 5.0) | {FORCES[40]: None})
    outcomes.append(outcome(report(FORCES[41]), None, value_status="unassigned"))
    reports += [report(FORCES[41]), report(FORCES[42])]
    rows = ranked(release(reports, [], outcome_proportions=outcomes))
    assert {row["forces_ranked"] for row in rows.values()} == {40}
    assert [(rows[FORCES[n]]["value_status"], rows[FORCES[n]]["reason"]) for n in (39, 40, 41, 42)] == [
        ("published", None),
        ("not_printed", "the report prints the row without a number"),
        ("unassigned", "what is printed differs, or does not tell the number for certain"),
        ("not_available", "its report in this release prints no such row for this period"),
    ]
    # No annex is there: no rules are used.
    assert {row["rules_programme_id"] for row in rows.values()} == {None}


def test_england_and_wales_is_no_force() -> None:
    reports, outcomes = round_of(dict.fromkeys(FORCES, 5.0))
    outcomes += [england_and_wales(one, 99.0) for one in reports]
    rows = ranked(release(reports, [], outcome_proportions=outcomes))
    assert len(rows) == 43
    assert {row["rank"] for row in rows.values()} == {1}


def test_two_rounds_of_one_period_do_not_mix() -> None:
    reports, outcomes = round_of(dict.fromkeys(FORCES[:30], 5.0))
    few, other = round_of({KENT: 99.0, SURREY: 99.0}, "peel-2015")
    tables = release([*reports, *few], [no_force_rule(reports[0])], outcome_proportions=[*other, *outcomes])
    rows, (issue,) = quartile_rank_rows(tables)
    assert len(rows) == 30
    assert {(row["rank"], row["forces_ranked"]) for row in rows} == {(1, 30)}
    assert (issue.check_id, issue.severity) == ("one-round-a-period", "warning")
    assert issue.expected == "peel-2016, 2015-07-01 to 2016-06-30 (30 forces)"
    assert issue.found == "peel-2015, 2015-07-01 to 2016-06-30 (2 forces)"


def test_periods_of_one_round_do_not_mix() -> None:
    reports, outcomes = round_of(dict.fromkeys(FORCES[:31], 5.0))
    outcomes[30] |= {"period_end": date(2016, 3, 31), "period_start": date(2015, 4, 1)}
    rows, _ = quartile_rank_rows(release(reports, [], outcome_proportions=outcomes))
    assert {(row["period_end"], row["forces_ranked"]) for row in rows} == {(JUNE_2016, 30), (date(2016, 3, 31), 1)}


def test_a_force_that_two_reports_give_different_values_has_none() -> None:
    reports, outcomes = round_of(dict.fromkeys(FORCES[:31], 5.0))
    second = report(FORCES[0], report_id="another", pillar="efficiency")
    tables = release([*reports, second], [], outcome_proportions=[*outcomes, outcome(second, 5.1)])
    rows, (issue,) = quartile_rank_rows(tables)
    by_force = {row["area_code"]: row for row in rows}
    assert (by_force[FORCES[0]]["value_status"], by_force[FORCES[0]]["rank"]) == ("unassigned", None)
    assert by_force[FORCES[1]]["forces_ranked"] == 30
    assert (issue.check_id, issue.severity) == ("one-number-a-value", "warning")
    assert issue.found == "5 (e23000001-peel-2016) and 5.1 (another)"
    # The same value twice is one.
    tables["outcome_proportions"][-1]["value"] = 5.0
    assert quartile_rank_rows(tables)[1] == []


def test_figure_8_and_crime_rates_are_ranked_by_their_own_rules() -> None:
    kent = report(KENT)
    rules = [rule(kent, DORSET), rule(kent, DORSET, 8), rule(kent, NOTTINGHAMSHIRE, 8)]
    tables = release(
        [kent],
        rules,
        domestic_abuse_outcomes=[outcome(kent, 17.5, unit="per 100 domestic abuse offences")],
        crime_rates=[crime(kent, 66.7)],
    )
    rows, issues = quartile_rank_rows(tables)
    assert issues == []
    assert [(row["measure"], row["area_code"], row["value_status"]) for row in rows] == [
        ("crime_rate", KENT, "not_available"),
        ("domestic_abuse_outcome_rate", NOTTINGHAMSHIRE, "excluded_by_source"),
        ("domestic_abuse_outcome_rate", KENT, "not_available"),
        ("domestic_abuse_outcome_rate", DORSET, "excluded_by_source"),
    ]
    assert rows[0]["outcome_id"] == "recorded_crime_excluding_fraud"


def test_open_data_of_crime_is_ranked_per_head() -> None:
    rates = [crimes_counted(force, 10 + n, 1000) for n, force in enumerate(FORCES)]
    rates += [crimes_counted(ENGLAND_AND_WALES, 999, 1000)]
    anti_social = [{**row, "crime_type_id": "anti_social_behaviour_incidents"} for row in rates]
    rows, _ = quartile_rank_rows({"force_crime_rates": [*rates, *anti_social]})
    assert {(row["source"], row["measure"], row["outcome_id"], row["forces_ranked"]) for row in rows} == {
        ("ons", "crime_rate", "recorded_crime_excluding_fraud", 43),
        ("ons", "anti_social_behaviour_incidents_rate", "all", 43),
    }


def test_a_release_without_values_has_no_ranks_and_no_comparators() -> None:
    assert quartile_rank_rows({}) == ([], [])
    assert comparator_rows(release([report(KENT)], [])) == ([], [])


# England and Wales


def compared(tables: dict[str, list[Row]], asked: str | None = None) -> dict[str, Row]:
    """Rows of the one measure, category and period there is, by source, after the checks of the schema."""
    rows, _ = comparator_rows(tables, asked)
    TABLES["comparators"].to_arrow(rows)
    assert len({(row["measure"], row["outcome_id"], row["period_end"]) for row in rows}) == 1
    return {row["source"]: row for row in rows}


def test_england_and_wales_is_computed_from_sums_over_the_forces_that_count() -> None:
    kent = report(KENT)
    # 41 forces with 1 of 10, one with 90 of 100, and Dorset with 500 of 1,000, which is left out:
    # (41 + 90) / (410 + 100) = 131 / 510 = 25.686 percent. The mean of the percentages would be 11.9.
    others = [force for force in FORCES if force != DORSET]
    counts = [counted(force, 1, 10, JUNE_2016) for force in others[:41]]
    counts += [counted(others[41], 90, 100, JUNE_2016), counted(DORSET, 500, 1000, JUNE_2016)]
    tables = release(
        [kent],
        [rule(kent, DORSET, statement="left out; said so")],
        outcome_proportions=[england_and_wales(kent, 25.5)],
        force_outcomes=counts,
    )
    row = compared(tables)["home_office"]
    assert row["computed_value"] == pytest.approx(25.6862745)
    assert row["published_value"] == 25.5
    assert row["difference"] == pytest.approx(0.1862745)
    assert (row["forces_used"], row["method"], row["value_status"]) == (42, "from_sums", "derived")
    assert (row["exclusions"], row["reason"]) == ("E23000039: left out, said so", None)
    assert row["rules_programme_id"] == "peel-2016"


def test_printed_percentages_are_not_added_up() -> None:
    kent = report(KENT)
    outcomes = [england_and_wales(kent, 12.1), outcome(kent, 14.2)]
    tables = release([kent], [rule(kent, DORSET)], outcome_proportions=outcomes)
    row = compared(tables)["reports"]
    assert (row["published_value"], row["computed_value"], row["difference"]) == (12.1, None, None)
    assert (row["forces_used"], row["value_status"]) == (0, "published")
    assert row["reason"] == (
        "not recomputed: printed percentages and rates of forces cannot be added up without their counts, and no open "
        "data of this release covers it"
    )
    assert row["exclusions"] == "E23000039: Figure 4: E23000039 is left out"


def test_a_row_of_the_reports_points_to_the_open_data_that_recomputes_it() -> None:
    kent = report(KENT)
    tables = release([kent], [], crime_rates=[crime(kent, 68.2, ENGLAND_AND_WALES)])
    tables["force_crime_rates"] = [crimes_counted(force, 60 + n % 2, 1000) for n, force in enumerate(FORCES)]
    rows = compared(tables)
    assert rows["reports"]["reason"].endswith("; the row of source ons recomputes it")
    # 43 forces, 21 of them with 61 of 1,000: (43 x 60 + 21) / 43 = 60.488.
    assert rows["ons"]["computed_value"] == pytest.approx(60.4883721)
    assert rows["ons"]["difference"] == pytest.approx(-7.7116279)
    assert (rows["ons"]["forces_used"], rows["ons"]["exclusions"]) == (43, None)


def test_domestic_abuse_cannot_be_recomputed_and_the_reason_says_why() -> None:
    kent = report(KENT)
    abuse = [england_and_wales(kent, 23.2, unit="per 100 domestic abuse offences")]
    row = compared(release([kent], [rule(kent, NOTTINGHAMSHIRE, 8)], domestic_abuse_outcomes=abuse))["reports"]
    assert "does not say which offences are domestic abuse" in row["reason"]
    assert row["exclusions"] == "E23000019: Figure 8: E23000019 is left out"


def test_open_data_of_a_period_that_no_report_prints() -> None:
    row = compared({"force_outcomes": one_a_force([100] * 43)})["home_office"]
    assert (row["published_value"], row["computed_value"], row["difference"]) == (None, 10.0, None)
    assert row["reason"] == "not printed: no report of this release gives it for this period"
    assert (row["value_status"], row["exclusions"], row["rules_programme_id"]) == ("derived", None, None)


def test_a_force_without_counts_is_left_out_of_the_sum_and_named() -> None:
    counts = [*one_a_force([100] * 41), counted(FORCES[41], None)]
    row = compared({"force_outcomes": counts})["home_office"]
    assert (row["computed_value"], row["forces_used"]) == (10.0, 41)
    assert row["exclusions"] == (
        "W15000003: South Wales Police has no number in this release for the whole period; "
        "W15000004: Dyfed-Powys Police has no number in this release for the whole period"
    )
    row = compared({"force_outcomes": one_a_force([100] * 29)})["home_office"]
    assert (row["computed_value"], row["forces_used"], row["value_status"]) == (None, 0, "not_available")
    assert "29 forces have a value, and at least 30 are needed" in row["reason"]


def test_counts_without_a_rate_are_in_the_sum_and_not_in_the_ranks() -> None:
    # 42 forces with 60 of 1,000, and one with 300 of 500 that the source gives no rate of: 2,820 of 42,500 is 66.353.
    rates = [crimes_counted(force, 60, 1000) for force in FORCES[:42]]
    rates.append(crimes_counted(FORCES[42], 300, 500, value=None, value_status="excluded_by_source"))
    row = compared({"force_crime_rates": rates})["ons"]
    assert row["computed_value"] == pytest.approx(66.3529412)
    assert (row["forces_used"], row["exclusions"]) == (43, None)
    rows = ranked({"force_crime_rates": rates})
    assert (rows[FORCES[42]]["rank"], rows[FORCES[42]]["value_status"]) == (None, "excluded_by_source")
    assert rows[FORCES[42]]["reason"] == "the source leaves the force out, or gives no rate of it"
    assert {row["forces_ranked"] for row in rows.values()} == {42}


def test_reports_that_print_another_england_and_wales_give_none() -> None:
    kent, surrey = report(KENT), report(SURREY)
    outcomes = [england_and_wales(kent, 12.1), england_and_wales(surrey, 12.7)]
    tables = release([kent, surrey], [], outcome_proportions=outcomes)
    row = compared(tables)["reports"]
    assert (row["published_value"], row["value_status"]) == (None, "unassigned")
    (issue,) = comparator_rows(tables)[1]
    assert (issue.check_id, issue.severity, issue.table_name) == ("one-number-a-value", "warning", "comparators")
    assert issue.found == "12.1 (e23000032-peel-2016) and 12.7 (e23000031-peel-2016)"
    # A report that lacks the number does not differ.
    outcomes[1] |= {"value": None, "decimals": None, "value_status": "unassigned"}
    assert compared(tables)["reports"]["published_value"] == 12.1
    assert comparator_rows(tables)[1] == []


MEAN_RULE = {
    "rule_id": "no-figure-mean-of-forces-annex-victim-satisfaction",
    "rule_type": "comparator_method",
    "section": "annex-victim-satisfaction",
}


def satisfied(rates: dict[str, float], rules: bool = True) -> dict[str, list[Row]]:
    """Reports that state their force's victim satisfaction; the first also that of England and Wales."""
    reports = {force: report(force) for force in rates}
    said = [statistic(reports[force], rate) for force, rate in rates.items()]
    said.append(statistic(next(iter(reports.values())), 83.3, ENGLAND_AND_WALES))
    made = [no_force_rule(one, **MEAN_RULE) for one in reports.values()] if rules else []
    return release(list(reports.values()), made, statistics=said)


def test_victim_satisfaction_is_the_plain_mean_of_the_forces() -> None:
    # 29 forces at 80.0 and one at 86.3: (29 x 80 + 86.3) / 30 = 80.21.
    row = compared(satisfied(dict.fromkeys(FORCES[:29], 80.0) | {FORCES[29]: 86.3}))["reports"]
    assert row["computed_value"] == pytest.approx(80.21, abs=1e-12)
    assert row["difference"] == pytest.approx(-3.09, abs=1e-12)
    assert (row["published_value"], row["forces_used"], row["method"]) == (83.3, 30, "mean_of_forces")
    assert (row["outcome_id"], row["rules_programme_id"], row["value_status"]) == ("all", "peel-2016", "derived")
    assert row["exclusions"].count("has no number in this release") == 13


def test_a_mean_of_fewer_than_thirty_forces_is_not_made() -> None:
    row = compared(satisfied(dict.fromkeys(FORCES[:29], 80.0)))["reports"]
    assert (row["computed_value"], row["forces_used"], row["method"]) == (None, 0, "mean_of_forces")
    assert row["reason"] == "not recomputed: 29 forces have a value, and at least 30 are needed"


def test_without_a_rule_that_says_so_no_mean_is_made() -> None:
    row = compared(satisfied(dict.fromkeys(FORCES, 80.0), rules=False))["reports"]
    assert (row["computed_value"], row["method"], row["rules_programme_id"]) == (None, "from_sums", None)


def test_a_value_said_twice_with_other_decimals_is_one_value() -> None:
    tables = satisfied(dict.fromkeys(FORCES, 80.25))
    kent = next(one for one in tables["reports"] if one["area_code"] == KENT)
    for row in tables["statistics"]:
        row["decimals"] = 2
    tables["statistics"].append(statistic(kent, 80.0, decimals=0))
    assert compared(tables)["reports"]["computed_value"] == 80.25
    # 81 is not 80.25 rounded: the force has no value, and that is said.
    tables["statistics"][-1]["value"] = 81.0
    assert compared(tables)["reports"]["forces_used"] == 42
    assert [issue.check_id for issue in comparator_rows(tables)[1]] == ["one-number-a-value"]


def test_values_without_a_period_are_not_compared() -> None:
    kent = report(KENT)
    undated = statistic(kent, 83.3, ENGLAND_AND_WALES, period_start=None, period_end=None)
    change = statistic(kent, 5.0, ENGLAND_AND_WALES, measure_id="recorded_crime_change", direction="increase")
    assert comparator_rows(release([kent], [], statistics=[undated, change])) == ([], [])


def test_a_value_printed_without_a_period_is_mentioned() -> None:
    kent = report(KENT)
    measure = {"measure_id": "anti_social_behaviour_incidents_rate", "unit": "per 1,000 population"}
    undated = statistic(kent, 31.0, ENGLAND_AND_WALES, **measure, period_start=None, period_end=None)
    rates = [crimes_counted(force, 30, 1000, crime_type_id="anti_social_behaviour") for force in FORCES]
    row = compared(release([kent], [], statistics=[undated], force_crime_rates=rates))["ons"]
    assert (row["published_value"], row["computed_value"]) == (None, 30.0)
    assert row["reason"].endswith("gives it for this period (without a period, 31.0 is printed)")


def test_every_force_and_twenty_five_outcomes_in_five_periods_are_quick() -> None:
    kent = report(KENT)
    counts = [
        counted(force, (n * k + year) % 977, 1000 + n, outcome_id=f"outcome_{k}", period_end=date(2018 + year, 3, 31))
        for n, force in enumerate(FORCES)
        for k in range(25)
        for year in range(5)
    ]
    tables = release([kent], [rule(kent, DORSET)], force_outcomes=counts)
    start = time.process_time()
    rows, _ = quartile_rank_rows(tables, "peel-2016")
    compared_rows, _ = comparator_rows(tables, "peel-2016")
    assert time.process_time() - start < 2
    assert (len(rows), len(compared_rows)) == (43 * 25 * 5, 25 * 5)

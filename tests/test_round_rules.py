"""Who counts for a measure: from rows of annex_rules alone, where reports agree, differ, or leave it open."""

from datetime import date
from typing import Any

import pytest

from pipelines.extraction import extract_report
from pipelines.force_values import Group
from pipelines.round_rules import Annexes, MeasureRules
from tests.annexes import REAL, read_all
from tests.released import (
    DORSET,
    GWENT,
    JUNE_2016,
    KENT,
    NOTTINGHAMSHIRE,
    SURREY,
    Row,
    figures,
    no_force_rule,
    release,
    report,
    rule,
)

FIGURE_4, FIGURE_8 = "outcome_proportion", "domestic_abuse_outcome_rate"
KENTS, SURREYS, GWENTS = report(KENT), report(SURREY), report(GWENT)


def rules_of(reports: list[Row], rules: list[Row], measure: str = FIGURE_4, **tables: Any) -> MeasureRules:
    found = Annexes({**release(reports, rules), **tables}).rules_of("peel-2016", measure)
    assert found is not None
    return found


def test_a_rule_binds_its_figure_only() -> None:
    rules = [rule(KENTS, DORSET), rule(KENTS, DORSET, 8), rule(KENTS, NOTTINGHAMSHIRE, 8)]
    assert rules_of([KENTS], rules).left_out == {DORSET: "Figure 4: E23000039 is left out"}
    assert set(rules_of([KENTS], rules, FIGURE_8).left_out) == {DORSET, NOTTINGHAMSHIRE}
    assert rules_of([KENTS], rules, "crime_rate").left_out == {}


def test_the_figure_of_a_measure_is_told_by_its_caption_in_each_report() -> None:
    # In Surrey's report the same two figures are 3 and 7.
    captions = {3: figures(KENTS)[1]["caption"], 7: figures(KENTS)[2]["caption"]}
    rules = [rule(KENTS, DORSET), rule(SURREYS, DORSET, 3), rule(SURREYS, GWENT, 4), rule(SURREYS, GWENT, 8)]
    found = rules_of([KENTS, SURREYS], rules, figures=[*figures(KENTS), *figures(SURREYS, captions)])
    assert (set(found.left_out), found.issues) == ({DORSET}, ())


def test_a_report_whose_caption_is_lost_numbers_the_figure_as_the_others_do() -> None:
    rules = [rule(one, DORSET) for one in (KENTS, SURREYS, GWENTS)]
    found = rules_of([KENTS, SURREYS, GWENTS], rules, figures=[*figures(KENTS), *figures(GWENTS)])
    assert (set(found.left_out), found.issues) == ({DORSET}, ())


@pytest.mark.parametrize(
    ("figure", "measure", "caption"),
    [
        (1, "recorded_crime_rate", "Police-recorded crime rates (per 1,000 population) for the five year period to"),
        (2, "crime_rate", "Police-recorded crime rates (per 1,000 population) for the 12 months to 30 June 2016"),
        (
            3,
            "anti_social_behaviour_incidents_rate",
            "Percentage change in the rate of anti-social behaviour incidents (per 1,000 population), by force",
        ),
        (
            5,
            "evidential_difficulties_victim_does_not_support",
            "Percentage of ‘Evidential difficulties; victim does not support action’ outcomes assigned to offences",
        ),
        (
            6,
            "vulnerable_victim_share",
            "Percentage of police-recorded crime with a vulnerable victim identified, by force",
        ),
        (7, "domestic_abuse_arrest_rate", "Domestic abuse arrest rate (per 100 domestic abuse crimes), by force"),
        (9, "organised_crime_groups_rate", "Organised crime groups per one million population, by force"),
    ],
)
def test_charts_that_prose_gives_the_values_of(figure: int, measure: str, caption: str) -> None:
    captions = {figure: caption, 10: "Active organised crime groups by predominant crime type"}
    rules = [rule(KENTS, DORSET, figure), rule(KENTS, GWENT, 10)]
    assert set(rules_of([KENTS], rules, measure, figures=figures(KENTS, captions)).left_out) == {DORSET}


def test_a_measure_that_two_figures_show_is_bound_by_the_first() -> None:
    begins = "Police-recorded crime rates (per 1,000 population)"
    captions = {1: f"{begins} for the five year period", 2: f"{begins} for the 12 months"}
    rules = [rule(KENTS, DORSET, 1), rule(KENTS, GWENT, 2)]
    found = rules_of([KENTS], rules, "recorded_crime_rate", figures=figures(KENTS, captions))
    assert set(found.left_out) == {DORSET}


def test_a_measure_without_a_figure_is_bound_by_the_section_of_its_name() -> None:
    satisfaction = "victim_satisfaction_whole_experience"
    section = {"section": "annex-victim-satisfaction"}
    mean = {"rule_id": "no-figure-mean-of-forces-annex-victim-satisfaction", "rule_type": "comparator_method"}
    rules = [rule(KENTS, DORSET, None, **section), rule(KENTS, GWENT, None, section="annex-victim-surveys")]
    found = rules_of([KENTS], rules, satisfaction)
    assert (set(found.left_out), found.mean_of_forces) == ({DORSET}, False)
    # One of two reports says that the value is the mean of the forces: as with who is left out, a tie is enough.
    rules += [no_force_rule(KENTS, **section, **mean), no_force_rule(SURREYS)]
    assert rules_of([KENTS, SURREYS], rules, satisfaction).mean_of_forces
    rules += [no_force_rule(GWENTS)]
    assert not rules_of([KENTS, SURREYS, GWENTS], rules, satisfaction).mean_of_forces


def test_left_out_of_the_chart_only() -> None:
    found = rules_of([KENTS], [rule(KENTS, DORSET, in_force_chart=False, in_england_and_wales=True)])
    assert (dict(found.left_out), set(found.not_shown)) == ({}, {DORSET})


def test_a_force_whose_data_are_partial_counts() -> None:
    found = rules_of([KENTS], [rule(KENTS, DORSET, counts=True, rule_type="partial_data")])
    assert (dict(found.left_out), found.issues) == ({}, ())


def test_the_reason_is_the_statement_that_says_most() -> None:
    short, long = "Figure 4: Dorset Police is left out", "Figure 4: Dorset Police is left out (not comparable)"
    rules = [rule(KENTS, DORSET, statement=short, section="footnote"), rule(KENTS, DORSET, statement=long)]
    assert rules_of([KENTS], rules).left_out == {DORSET: long}


# Reports that differ


def test_one_odd_report_of_three_leaves_nobody_out_and_is_said() -> None:
    rules = [rule(KENTS, DORSET), rule(SURREYS, DORSET), rule(GWENTS, NOTTINGHAMSHIRE)]
    found = rules_of([KENTS, SURREYS, GWENTS], rules)
    assert set(found.left_out) == {DORSET}
    assert [(issue.check_id, issue.severity, issue.report_id, issue.found) for issue in found.issues] == [
        ("annex-votes-agree", "warning", GWENTS["report_id"], "1 of 3"),
        ("annex-votes-agree", "warning", SURREYS["report_id"], "2 of 3"),
    ]
    assert found.issues[0].message == (
        "peel-2016: 1 of 3 reports leave Nottinghamshire Police out of the England and Wales value of "
        "outcome_proportion: here it is counted"
    )
    assert found.issues[1].message.endswith("here it is left out")


def test_a_tie_leaves_out() -> None:
    found = rules_of([KENTS, SURREYS], [rule(KENTS, DORSET), no_force_rule(SURREYS)])
    assert (set(found.left_out), len(found.issues)) == ({DORSET}, 1)
    found = rules_of([KENTS, SURREYS], [rule(KENTS, DORSET), rule(SURREYS, DORSET, counts=True)])
    assert (set(found.left_out), len(found.issues)) == ({DORSET}, 1)


def test_a_report_without_an_annex_has_no_vote() -> None:
    found = rules_of([KENTS, SURREYS, GWENTS], [rule(KENTS, DORSET)])
    assert (set(found.left_out), found.issues) == ({DORSET}, ())


def test_a_note_that_was_lost_with_its_picture_is_no_vote() -> None:
    rules = [rule(KENTS, DORSET, section="footnote"), no_force_rule(SURREYS), no_force_rule(GWENTS)]
    lost = [*figures(KENTS), *figures(SURREYS, data_status="not_in_text"), *figures(GWENTS, data_status="not_in_text")]
    found = rules_of([KENTS, SURREYS, GWENTS], rules, figures=lost)
    assert (set(found.left_out), found.issues) == ({DORSET}, ())
    # What stands in the annex itself is not lost with a picture.
    found = rules_of([KENTS, SURREYS, GWENTS], [rule(KENTS, DORSET), *rules[1:]], figures=lost)
    assert (dict(found.left_out), len(found.issues)) == ({}, 1)


def test_a_rule_that_leaves_out_stands_beside_one_that_does_not_say() -> None:
    rules = [rule(KENTS, DORSET), rule(KENTS, DORSET, counts=None, rule_type="not_supplied")]
    found = rules_of([KENTS], rules)
    assert (set(found.left_out), found.issues) == ({DORSET}, ())
    # One that says it counts does not take that back either.
    rules[1] = rule(KENTS, DORSET, counts=True, rule_type="pilot")
    assert set(rules_of([KENTS], rules).left_out) == {DORSET}


def test_what_most_reports_leave_open_is_said_once() -> None:
    rules = [rule(KENTS, DORSET, counts=None), rule(SURREYS, DORSET, counts=None), rule(GWENTS, DORSET, counts=True)]
    found = rules_of([KENTS, SURREYS, GWENTS], rules)
    assert (dict(found.left_out), [issue.check_id for issue in found.issues]) == ({}, ["annex-leaves-open"])
    rules[1] = rule(SURREYS, DORSET, counts=True)
    assert rules_of([KENTS, SURREYS, GWENTS], rules).issues == ()
    assert len(rules_of([KENTS, SURREYS], rules[:2]).issues) == 1


# Rounds


def test_rules_of_another_round_do_not_bind() -> None:
    later = report(SURREY, "peel-2017", date(2017, 3, 31))
    annexes = Annexes(release([KENTS, later], [rule(KENTS, DORSET), rule(later, GWENT)]))
    assert annexes.rounds == ("peel-2016", "peel-2017")
    for programme, force in (("peel-2016", DORSET), ("peel-2017", GWENT)):
        found = annexes.rules_of(programme, FIGURE_4)
        assert found is not None
        assert (set(found.left_out), found.programme_id) == ({force}, programme)
    assert annexes.rules_of("peel-2015", FIGURE_4) is None


def test_a_round_that_says_nothing_of_a_measure_gives_no_rules_of_it() -> None:
    annexes = Annexes(release([KENTS], [rule(KENTS, DORSET)]))
    assert annexes.rules_of("peel-2016", "victim_satisfaction_whole_experience") is None
    assert annexes.rules_of("peel-2016", "domestic_abuse_arrest_rate") is None


def test_a_pillar_without_the_figure_has_no_vote() -> None:
    efficiency = report(SURREY, report_id="surrey-efficiency", pillar="efficiency")
    tables = release([KENTS], [rule(KENTS, DORSET), rule(efficiency, GWENT)])
    tables["reports"].append(efficiency)
    found = Annexes(tables).rules_of("peel-2016", FIGURE_4)
    assert found is not None
    assert (set(found.left_out), found.issues) == ({DORSET}, ())


def test_reports_that_state_different_data_periods_make_no_main_period() -> None:
    group = Group("home_office", FIGURE_4, None, date(2015, 7, 1), JUNE_2016, ())
    other = report(SURREY, end=date(2015, 6, 30))
    rules = [rule(KENTS, DORSET), rule(other, DORSET), rule(GWENTS, DORSET)]
    bound = Annexes(release([KENTS, other], rules[:2])).binding(group)
    assert bound.rules is None
    assert [issue.check_id for issue in bound.issues] == ["rules-round-unclear"]
    # Two of three agree: theirs is the main period, and the third's is none.
    annexes = Annexes(release([KENTS, other, GWENTS], rules))
    assert annexes.binding(group).programme_id == "peel-2016"
    elsewhere = Group("home_office", FIGURE_4, None, date(2014, 7, 1), date(2015, 6, 30), ())
    assert annexes.binding(elsewhere).rules is None


# The real annex of 2016, as read by a person


@pytest.mark.parametrize(
    ("measure", "left_out"),
    [
        ("crime_rate", []),
        ("anti_social_behaviour_incidents_rate", []),
        # Dorset
        ("outcome_proportion", ["E23000039"]),
        ("evidential_difficulties_victim_does_not_support", ["E23000039"]),
        # Lancashire, Essex, City of London, Devon and Cornwall, Gloucestershire
        ("vulnerable_victim_share", ["E23000003", "E23000028", "E23000034", "E23000035", "E23000037"]),
        # Durham, Derbyshire, Gloucestershire
        ("domestic_abuse_arrest_rate", ["E23000008", "E23000018", "E23000037"]),
        # Nottinghamshire, Dorset
        ("domestic_abuse_outcome_rate", ["E23000019", "E23000039"]),
        # City of London
        ("organised_crime_groups_rate", ["E23000034"]),
        ("victim_satisfaction_whole_experience", []),
    ],
)
def test_the_annex_of_2016(measure: str, left_out: list[str], real_annexes: Annexes) -> None:
    rules = real_annexes.rules_of("peel-2016", measure)
    assert rules is not None
    assert (sorted(rules.left_out), sorted(rules.not_shown), rules.issues) == (left_out, left_out, ())
    assert rules.mean_of_forces == (measure == "victim_satisfaction_whole_experience")


@pytest.fixture(scope="module")
def real_annexes() -> Annexes:
    tables: dict[str, list[Row]] = {"reports": [], "figures": [], "annex_rules": []}
    for one in read_all(REAL).values():
        rows = extract_report(one).rows
        for name in tables:
            tables[name] += rows[name]
    return Annexes(tables)

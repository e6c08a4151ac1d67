"""Rules of annex A: who is left out of what, for which figure, told from the wording and from nothing else."""

import csv
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from pipelines.extract.annex import annex_rule_rows
from pipelines.extract.annex_shapes import exclusion
from pipelines.force_names import forces_named, mask_forces
from pipelines.reference import load
from pipelines.schema import ANNEX_RULES
from pipelines.structure import outline_of
from tests.annexes import REAL, REPOSITORY, ROUND, SAMPLES, read_all, rules, section

NAMES = {row["name_hmic"]: row["area_code"] for row in load("forces") if row["force_id"]}
IDS = {row["area_code"]: row["force_id"] for row in load("forces")}

# Typed from annex A and the footnotes of the 2016 round: who is in neither the chart nor the England and Wales value.
LEFT_OUT_2016 = {
    (4, "dorset"),
    (5, "dorset"),
    *((6, force) for force in ("city-of-london", "devon-and-cornwall", "essex", "gloucestershire", "lancashire")),
    *((7, force) for force in ("derbyshire", "durham", "gloucestershire")),
    (8, "dorset"),
    (8, "nottinghamshire"),
    (9, "city-of-london"),
    (10, "humberside"),
}
# The other rules of the round that name a force.
OTHER_2016 = {
    *((figure, "denominator", "city-of-london") for figure in (1, 2, 3)),
    (3, "estimate", "warwickshire"),
    (3, "correction", "south-yorkshire"),
    (3, "correction", "bedfordshire"),
    *((figure, "partial_data", force) for figure in (4, 5) for force in ("derbyshire", "suffolk")),
    *((figure, "pilot", force) for figure in (4, 5) for force in ("leicestershire", "staffordshire", "west-yorkshire")),
    (6, "partial_data", "suffolk"),
    (7, "comparability", "cambridgeshire"),
    (7, "partial_data", "lancashire"),
    (9, "combined_forces", "warwickshire"),
    (9, "combined_forces", "west-mercia"),
}


def said(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Figure, rule type, force and the two booleans of the rows that name a force."""
    return {
        (
            row["figure"],
            row["rule_type"],
            IDS[row["area_code"]],
            row["in_force_chart"],
            row["in_england_and_wales"],
        )
        for row in rows
        if row["area_code"]
    }


# --- Names of forces -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "forces"),
    [
        ("Devon and Cornwall, Kent and Avon and Somerset forces", ["devon-and-cornwall", "kent", "avon-and-somerset"]),
        ("Devon & Cornwall Police", ["devon-and-cornwall"]),
        ("Dyfed-Powys Police and Dyfed Powys Police", ["dyfed-powys"]),
        ("DyfedPowys Police", ["dyfed-powys"]),  # the hyphen at a line end was swallowed
        ("the Metropolitan Police Service", ["metropolitan"]),
        ("West Mercia Police’s data", ["west-mercia"]),
        ("Kent Police12 was", ["kent"]),  # a footnote mark
        ("Cleveland Police, Gwent Police, and Surrey Police", ["cleveland", "gwent", "surrey"]),
        ("guidance of the DPP and the SYP", []),  # initials may be anybody's
        ("Durham University, Kent County Council, East Sussex, University of Essex, Mid Wales", []),
    ],
)
def test_forces_are_found_by_names_and_aliases(text: str, forces: list[str]) -> None:
    assert [force.force_id for force in forces_named(text)] == forces


@pytest.mark.parametrize(
    "text",
    [
        "Norfolk Constabulary and the Metropolitan Police Service (MPS) were",
        "Norfolk Constabulary (NC), and the Metropolitan Police Service were",
    ],
)
def test_articles_and_abbreviations_stand_in_lists(text: str) -> None:
    masked = mask_forces(text)
    assert masked.text == "@ were"
    assert [force.force_id for force in masked.mentions[0]] == ["norfolk", "metropolitan"]


@pytest.mark.parametrize("link", [" and ", ", ", "; "])
def test_a_long_list_of_names_takes_no_long_time(link: str) -> None:
    started = time.perf_counter()
    masked = mask_forces(link.join(["Kent", "Essex", "Devon and Cornwall"] * 1000))
    assert len(masked.forces) == 3
    assert time.perf_counter() - started < 1


def test_lists_are_one_mention_and_a_contrast_is_not_a_list() -> None:
    listed = mask_forces("Cumbria, Norfolk and Gwent forces were unable")
    assert listed.text == "@ were unable"
    assert [force.force_id for force in listed.mentions[0]] == ["cumbria", "norfolk", "gwent"]
    unlike = mask_forces("Unlike Cumbria Constabulary, Norfolk and Gwent forces were unable")
    assert unlike.text == "Unlike @, @ were unable"
    assert [force.force_id for force in unlike.mention_at(10)] == ["norfolk", "gwent"]
    assert mask_forces("Unlike Cumbria Constabulary, Gwent Police was").text == "Unlike @, @ was"


# --- Sentences that leave a force out, and those that do not ----------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "of_chart", "of_total"),
    [
        ("Sussex Police has been excluded from the table.", True, False),
        ("Sussex Police is not included in the graph or in the calculation of the England and Wales rate.", True, True),
        ("Sussex Police has been excluded from the England and Wales figure.", False, True),
        ("Therefore, these forces’ data are not included in the graph or the England and Wales rate.", True, True),
        ("This force’s data have been removed from the chart.", True, False),
        ("Data for Sussex Police have been omitted from the graph.", True, False),
        ("Data from this force could not be included in the England and Wales average.", False, True),
        ("The England and Wales rate excludes Sussex Police.", False, True),
        ("The graph does not include data for Sussex Police.", True, False),
        ("HMICFRS has decided not to use Sussex Police’s data.", True, True),
        ("We have excluded Sussex Police from the England and Wales rate.", False, True),
        ("The table shows all forces except Sussex Police.", True, False),
        ("Sussex Police is excluded from our data.", True, True),
        ("Sussex Police was unable to provide data and is therefore not shown in figure 3.", True, False),
        ("Sussex Police, which changed its system, is excluded from the table.", True, False),
        ("The following forces have been excluded from the graph: Sussex, Surrey and Kent.", True, False),
    ],
)
def test_a_force_is_left_out(text: str, of_chart: bool, of_total: bool) -> None:
    found = exclusion(mask_forces(text).text)
    assert found is not None
    assert (found.of_chart, found.of_total) == (of_chart, of_total)


RATE = "the England and Wales rate"


@pytest.mark.parametrize(
    ("text", "in_chart", "in_total"),
    [
        (f"Gwent Police is not included in the graph but is included in the calculation of {RATE}.", False, True),
        (f"Gwent Police is not included in the graph, but is still included in {RATE}.", False, True),
        (f"Gwent Police has been excluded from the graph; however, its data remain in {RATE}.", False, True),
        (f"Gwent Police is excluded from the graph but not from {RATE}.", False, True),
        (f"Gwent Police is not included in the graph and is included in {RATE}.", False, True),
        (f"Although Gwent Police is excluded from the graph, its data are included in {RATE}.", False, True),
        (f"Although Gwent Police is included in {RATE}, it is not shown in the graph.", False, True),
        (f"Gwent Police’s data have been excluded but are included in {RATE}.", False, True),
        ("Gwent Police has been excluded from the chart only.", False, True),
        (f"Gwent Police is shown in the graph but has been excluded from {RATE}.", True, False),
        (f"Gwent Police is shown in the graph but excluded from {RATE}.", True, False),
        (f"Gwent Police is included in the graph, but not in {RATE}.", True, False),
        ("The England and Wales rate excludes Gwent Police but the graph includes it.", True, False),
        (f"Gwent Police is excluded not only from the graph but also from {RATE}.", False, False),
    ],
)
def test_what_a_contrast_keeps(text: str, in_chart: bool, in_total: bool) -> None:
    rows, issues = rules(section("Figure 3", [text], figure=3))
    assert said(rows) == {(3, "exclusion", "gwent", in_chart, in_total)}
    assert not issues


def test_what_a_contrast_keeps_of_the_forces_before() -> None:
    text = [
        "Gwent Police and South Wales Police provided incomplete data.",
        f"Therefore, these forces’ data are not included in the graph but are included in {RATE}.",
    ]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "exclusion", force, False, True) for force in ("gwent", "south-wales")}
    assert not issues


def test_a_later_sentence_takes_back_what_was_not_said_outright() -> None:
    text = ["Gwent Police’s data have been excluded.", f"However, they are included in {RATE}."]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "exclusion", "gwent", False, True)}
    assert not issues


@pytest.mark.parametrize(
    "text",
    [
        "Gwent Police is not included in the chart but in the England and Wales rate.",
        "Gwent Police has been excluded from all charts except figure 2.",
        "Gwent Police’s data have been excluded, although this may change.",
        "The graph excludes Gwent Police, although the England and Wales rate does not.",
        "Gwent Police is shown in the graph but does not count towards the England and Wales rate.",
        "Gwent Police is excluded from the graph but is included in the graph of totals.",
    ],
)
def test_a_contrast_that_is_not_understood_leaves_nobody_out(text: str) -> None:
    rows, issues = rules(section("Figure 3", ["Gwent Police gave partial data.", text], figure=3))
    assert said(rows) == {(3, "partial_data", "gwent", None, None)}
    assert [(issue.severity, issue.found) for issue in issues] == [("warning", text)]


@pytest.mark.parametrize(
    "text",
    [
        "Sussex Police has not been excluded from the graph.",
        "Sussex Police was excluded from the pilot.",
        "In Sussex Police, fraud offences have been excluded.",
        "Sussex Police excludes fraud from its data.",
        "The England and Wales figure excludes fraud recorded by Sussex Police.",
        "The England and Wales figure does not exclude Sussex Police.",
        "Sussex Police counts calls which are made by others and are excluded from the graph.",
        "Sussex Police is included in the graph.",
        "Sussex Police is not included in the sample of forces.",
    ],
)
def test_no_force_is_left_out(text: str) -> None:
    assert exclusion(mask_forces(text).text) is None


def test_only_the_force_that_is_the_subject_is_left_out() -> None:
    rows, _ = rules(section("Figure 3", ["Unlike Kent Police, Essex Police is excluded from the graph."], figure=3))
    assert said(rows) == {(3, "exclusion", "essex", False, True)}


# --- Which figures a rule binds ---------------------------------------------------------------------------------------
def test_a_rule_of_a_topic_binds_the_figures_that_refer_to_it() -> None:
    rows, issues = rules(
        section("Anti-social behaviour", ["Surrey Police resubmitted its figures.", "The corrected data are used."]),
        section("Figure 1", ["Please see ‘Anti-Social Behaviour’ above."], figure=1),
        section("Figure 3", ["No reference stands here."], figure=3),
    )
    assert said(rows) == {(1, "correction", "surrey", True, True)}
    assert not issues


def test_a_heading_may_say_more_than_the_reference() -> None:
    rows, _ = rules(
        section("Organised crime groups (OCGs)", ["Gwent Police is excluded from the England and Wales rate."]),
        section("Figure 1", ["Please see ‘Organised Crime Groups’ above."], figure=1),
    )
    assert said(rows) == {(1, "exclusion", "gwent", True, False)}


def test_a_reference_that_leads_nowhere_is_an_issue() -> None:
    rows, issues = rules(section("Figure 1", ["Please see ‘Firearms’ above."], figure=1))
    assert not rows
    assert [(issue.check_id, issue.severity) for issue in issues] == [("annex-reference", "warning")]


RECORDED = section(
    "Recorded crime and crime outcomes",
    ["Figures about police-recorded crime should be treated with care."],
    ["For crime outcomes, Wiltshire Police has been excluded from the England and Wales figure."],
    ["Other points to consider when interpreting outcome data are listed below and also apply to figure 4."],
    ["Norfolk Constabulary was unable to provide the last quarter of data."],
)
REFER_TO_RECORDED = [
    section(f"Figure {figure}", ["Please see ‘Recorded Crime and Crime Outcomes’ above."], figure=figure)
    for figure in (1, 2)
]


def test_rules_of_the_second_topic_bind_only_figures_about_it() -> None:
    rows, _ = rules(RECORDED, *REFER_TO_RECORDED)
    assert {row["figure"] for row in rows if row["rule_type"] == "exclusion"} == {2}


def test_rules_of_the_first_topic_bind_all_figures_that_refer() -> None:
    rows, _ = rules(RECORDED, *REFER_TO_RECORDED)
    assert {row["figure"] for row in rows if row["rule_type"] == "comparability"} == {1, 2}


def test_a_lead_in_adds_a_figure_and_keeps_the_topic() -> None:
    rows, _ = rules(RECORDED, *REFER_TO_RECORDED)
    assert {row["figure"] for row in rows if row["rule_type"] == "partial_data"} == {2, 4}


def test_a_reason_given_elsewhere_is_no_reference() -> None:
    reason = (
        "Wiltshire Police is excluded from our data for the reasons described under"
        " ‘Recorded Crime and Crime Outcomes’ above."
    )
    rows, _ = rules(RECORDED, *REFER_TO_RECORDED, section("Figure 3", [reason], figure=3))
    assert {row["figure"] for row in rows if row["rule_type"] == "partial_data"} == {2, 4}
    assert (3, "exclusion", "wiltshire", False, False) in said(rows)


def test_data_of_one_kind_do_not_bind_every_figure_of_a_topic() -> None:
    rows, _ = rules(
        section("Stalking", ["Cumbria Constabulary was unable to provide stalking arrest data.", "It is excluded."]),
        section("Figure 3", ["Please see ‘Stalking’ above."], figure=3),
        section("Figure 4", ["Please see ‘Stalking’ above."], figure=4),
    )
    assert said(rows) == {(3, "exclusion", "cumbria", False, False)}


def test_a_rule_that_names_a_figure_binds_that_figure() -> None:
    rows, _ = rules(
        RECORDED,
        *REFER_TO_RECORDED,
        section("Stalking", ["In figure 3, Cleveland Police is left out of the graph."]),
    )
    assert (3, "exclusion", "cleveland", False, True) in said(rows)


def test_a_rule_tied_to_no_figure_keeps_its_figure_open() -> None:
    rows, _ = rules(section("Victim satisfaction", ["Gwent Police is excluded from the England and Wales average."]))
    assert said(rows) == {(None, "exclusion", "gwent", True, False)}


def test_population_rules_bind_rates_per_head_unless_the_force_is_left_out() -> None:
    rows, _ = rules(
        section(
            "Population",
            ["We use mid-2017 population estimates."],
            ["For Cumbria Constabulary, we include both resident and transient population."],
        ),
        notes={2: ["Cumbria Constabulary is excluded from our data."]},
        captions={**CAPTIONS_PER_HEAD},
    )
    found = {(row["figure"], row["area_code"]) for row in rows if row["rule_type"] == "denominator"}
    assert found == {(1, ""), (2, ""), (1, NAMES["Cumbria Constabulary"])}


CAPTIONS_PER_HEAD = {
    1: "Crime rates (per 1,000 population)",
    2: "Organised crime groups per one million population",
    3: "Arrest rate (per 100 crimes)",
}


def test_what_must_not_be_compared_binds_both_figures() -> None:
    rows, _ = rules(section("Figure 2", ["This methodology is not comparable with figure 4."], figure=2))
    assert {row["figure"] for row in rows} == {2, 4}


# --- What a passage says -------------------------------------------------------------------------------------------
def test_what_two_places_say_of_a_force_and_figure_is_joined() -> None:
    rows, _ = rules(
        section("Gangs", ["Gwent Police is excluded from the England and Wales rate."]),
        section("Figure 1", ["Please see ‘Gangs’ above."], figure=1),
        notes={1: ["Gwent Police data have been removed from the chart."]},
    )
    assert [(row["section"], row["in_force_chart"], row["in_england_and_wales"]) for row in rows] == [
        ("footnote", False, False),
        ("annex-gangs", False, False),
    ]


def test_a_statement_says_what_its_own_lines_say() -> None:
    rows, _ = rules(
        section("Figure 1", ["Gwent Police is excluded from the England and Wales rate."], figure=1),
        notes={1: ["Gwent Police data have been removed from the chart."]},
    )
    assert [row["statement"] for row in rows] == [
        "Figure 1: Gwent Police is left out of the chart",
        "Figure 1: Gwent Police is left out of the England and Wales value",
    ]


NOT_USED = "HMIC has decided not to use their outcome data."


def test_their_data_are_those_of_the_forces_of_the_sentence_before() -> None:
    rows, issues = rules(section("Figure 3", ["Gwent Police and Kent Police had problems.", NOT_USED], figure=3))
    assert said(rows) == {(3, "exclusion", force, False, False) for force in ("gwent", "kent")}
    assert not issues


def test_their_data_are_of_no_interest_where_all_are_out() -> None:
    text = ["Gwent Police and Kent Police are excluded from our data.", "Some outcomes were updated.", NOT_USED]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "exclusion", force, False, False) for force in ("gwent", "kent")}
    assert not issues


def test_their_data_are_an_issue_where_others_stand_between() -> None:
    text = ["Gwent Police and Kent Police had problems.", "Some outcomes were updated.", NOT_USED]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert not any(row["rule_type"] == "exclusion" for row in rows)
    assert [issue.found for issue in issues] == [NOT_USED]


def test_what_is_too_long_for_a_sentence_is_one_issue() -> None:
    text = " and ".join(["Kent", "Essex"] * 1000) + " are excluded."
    rows, issues = rules(section("Figure 3", [text], figure=3))
    assert not rows
    assert [(issue.severity, issue.line_start) for issue in issues] == [("warning", 2)]


def test_the_totals_that_differ_are_what_a_force_is_left_out_of() -> None:
    note = ["Surrey Police is excluded from the table.", "Therefore figures for England and Wales will differ."]
    rows, _ = rules(notes={2: note})
    assert said(rows) == {(2, "exclusion", "surrey", False, False)}


@pytest.mark.parametrize(
    ("sentences", "rule_type", "words"),
    [
        (["Gwent Police was unable to provide the last quarter of data."], "partial_data", "last quarter missing"),
        (
            ["Gwent Police provided some data.", "Its figures are based on the first three quarters of the year."],
            "partial_data",
            "first three quarters only",
        ),
        (["Gwent Police was only able to provide eight months of data."], "partial_data", "eight months only"),
        (["Gwent Police supplied only ten months of data."], "partial_data", "ten months only"),
        (
            ["Gwent Police had difficulties with its custody system.", "This affected 11 days in the 12 months."],
            "partial_data",
            "11 days affected",
        ),
        (["Gwent Police resubmitted its return in May 2018."], "correction", "corrected"),
        (["HMICFRS has used corrected data for Gwent Police."], "correction", "corrected"),
        (["Two percent of the incidents of Gwent Police are estimated."], "estimate", "estimated"),
        (["Gwent Police provided an estimate."], "estimate", "estimated"),
        (["Gwent Police takes part in a pilot of conditional cautions."], "pilot", "pilot"),
        (["The rate of Gwent Police may indicate fewer arrests."], "comparability", "with care"),
        (["Gwent Police identified a recording issue."], "comparability", "with care"),
    ],
)
def test_shapes_of_rules(sentences: list[str], rule_type: str, words: str) -> None:
    rows, issues = rules(section("Figure 3", sentences, figure=3))
    assert said(rows) == {(3, rule_type, "gwent", True, True)}
    assert words in rows[0]["statement"]
    assert not issues


def test_forces_that_are_combined() -> None:
    text = "The number in the Surrey Police and Sussex Police force areas is a combined total."
    rows, _ = rules(section("Figure 3", [text], figure=3))
    assert said(rows) == {
        (3, "combined_forces", "surrey", True, True),
        (3, "combined_forces", "sussex", True, True),
    }


def test_an_exclusion_outweighs_the_partial_data_that_led_to_it() -> None:
    text = ["Gwent Police was unable to provide the full data.", "Therefore, it is not included in the graph."]
    rows, _ = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "exclusion", "gwent", False, True)}


def test_data_not_supplied_without_a_consequence_leaves_the_booleans_open() -> None:
    rows, _ = rules(section("Figure 3", ["Gwent Police was unable to provide arrest data."], figure=3))
    assert said(rows) == {(3, "not_supplied", "gwent", None, None)}


def test_two_bullets_about_one_force_are_two_rules() -> None:
    rows, _ = rules(
        section(
            "Figure 3",
            ["Gwent Police was only able to provide eight months of data."],
            ["Gwent Police takes part in a pilot."],
            figure=3,
        )
    )
    assert {row["rule_type"] for row in rows} == {"partial_data", "pilot"}


def test_two_different_rules_of_one_kind_are_numbered() -> None:
    rows, _ = rules(
        section(
            "Figure 3",
            ["Gwent Police was only able to provide eight months of data."],
            ["Kent Police takes part in a pilot."],
            ["Gwent Police had a fault.", "This affected 23 days in the year."],
            figure=3,
        )
    )
    gwent = [row["rule_id"] for row in rows if row["area_code"] == NAMES["Gwent Police"]]
    assert gwent == ["figure-3-partial-data-annex-figure-3", "figure-3-partial-data-annex-figure-3-2"]


# --- What is not understood -------------------------------------------------------------------------------------------
def test_a_sentence_that_names_a_force_in_no_known_shape_is_an_issue() -> None:
    rows, issues = rules(section("Figure 3", ["Gwent Police has many valleys."], figure=3))
    assert not rows
    assert [(issue.check_id, issue.severity, issue.line_start) for issue in issues] == [
        ("annex-sentence", "warning", 2)
    ]
    assert issues[0].found == "Gwent Police has many valleys."


def test_they_may_be_something_else_than_the_forces() -> None:
    text = [
        "Gwent Police uses a new system.",
        "Fraud offences go to Action Fraud.",
        "They are not included in the graph.",
    ]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert not rows
    assert len(issues) == 2  # the force of which no rule is made, and the sentence that leaves out nobody for certain


def test_it_and_they_alone_need_a_reason() -> None:
    counted = "Gwent Police counts cyber crimes apart"
    for text in ([f"{counted}.", "They are not included in the graph."], [f"{counted}, so they are not in the table."]):
        rows, issues = rules(section("Figure 3", text, figure=3))
        assert not rows
        assert issues
    text = ["Gwent Police introduced a new crime system.", "As a result, it is not included in the graph."]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "exclusion", "gwent", False, True)}
    assert not issues


def test_forces_that_a_sentence_lists_after_a_colon() -> None:
    text = ["The following forces were unable to provide data: Gwent, Kent and Essex.", "They are excluded."]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "exclusion", force, False, False) for force in ("gwent", "kent", "essex")}
    assert not issues


def test_an_exclusion_of_nobody_is_an_issue_though_another_rule_is_found() -> None:
    text = [
        "Gwent Police takes part in a pilot.",
        "Cautions are given by others.",
        "They are not included in the graph.",
    ]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert said(rows) == {(3, "pilot", "gwent", True, True)}
    assert [issue.found for issue in issues] == [text[-1]]


def test_a_pronoun_after_two_forces_is_nobody() -> None:
    text = ["After Gwent Police had complained, Kent Police agreed.", "Therefore, it is not included in the graph."]
    rows, issues = rules(section("Figure 3", text, figure=3))
    assert not any(row["rule_type"] == "exclusion" for row in rows)
    assert len(issues) == 3  # two forces of which no rule is made, and the sentence


def test_a_line_that_looks_like_a_heading_but_names_a_force_is_none() -> None:
    rows, issues = rules(
        section("Anti-social behaviour", ["These data are from ONS."]),
        section("Norfolk Constabulary and Gwent", ["Police were unable to provide the last quarter."]),
        section("Figure 1", ["Please see ‘Anti-social behaviour’ above."], figure=1),
    )
    assert said(rows) == {(1, "partial_data", "norfolk", True, True), (1, "partial_data", "gwent", True, True)}
    assert not issues


def test_british_transport_police_is_a_general_rule() -> None:
    text = "The British Transport Police was outside the scope of inspection."
    rows, issues = rules(section("Data in the report", [text]))
    assert [row["figure"] for row in rows] == [1, 2, 3, 4]
    assert {(row["area_code"], row["in_force_chart"], row["in_england_and_wales"]) for row in rows} == {
        ("", None, None)
    }
    assert all("British Transport Police" in row["statement"] for row in rows)
    assert not issues


def test_a_report_without_an_annex_has_no_rules() -> None:
    assert rules() == ([], [])


# --- The reports of 2016 ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("folder", [REAL, SAMPLES], ids=["real", "samples"])
@pytest.mark.parametrize("name", ROUND)
def test_every_rule_of_2016_that_names_a_force(folder: Any, name: str) -> None:
    report = read_all(folder)[name]
    rows, issues = annex_rule_rows(report, outline_of(report))
    left_out = {
        (row["figure"], IDS[row["area_code"]])
        for row in rows
        if row["area_code"] and not (row["in_force_chart"] and row["in_england_and_wales"])
    }
    assert left_out == LEFT_OUT_2016
    assert {(figure, force) for figure, kind, force, *_ in said(rows) if kind == "exclusion"} == LEFT_OUT_2016
    assert {(figure, kind, force) for figure, kind, force, *_ in said(rows) if kind != "exclusion"} == OTHER_2016
    assert all(row["in_force_chart"] == row["in_england_and_wales"] for row in rows)
    assert not issues


def test_the_same_annex_with_other_forces_gives_the_same_rules_of_those() -> None:
    swapped = {"Dorset": "Gwent", "Humberside": "Kent", "Devon and Cornwall": "Avon and Somerset", "Essex": "Norfolk"}
    ids = {"dorset": "gwent", "humberside": "kent", "devon-and-cornwall": "avon-and-somerset", "essex": "norfolk"}
    for original in read_all(SAMPLES).values():
        lines = original.lines
        for name, other in swapped.items():
            lines = tuple(line.replace(name, other) for line in lines)
        report = replace(original, lines=lines)
        rows, issues = annex_rule_rows(report, outline_of(report))
        left_out = {(figure, force) for figure, kind, force, *_ in said(rows) if kind == "exclusion"}
        assert left_out == {(figure, ids.get(force, force)) for figure, force in LEFT_OUT_2016}
        assert not issues


@pytest.mark.parametrize("name", ROUND)
def test_rules_are_as_typed_by_hand(name: str) -> None:
    report = read_all(REAL)[name]
    rows, _ = annex_rule_rows(report, outline_of(report))
    with (REPOSITORY / "tests" / "golden" / name / "annex_rules.csv").open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    truth = {"true": True, "false": False}
    expected = Counter(
        (
            int(row["figure"]) if row["figure"] else None,
            row["rule_type"],
            NAMES.get(row["force"], ""),
            # British Transport Police is no force of the table: its rules are general rules.
            truth.get(row["in_force_chart"]) if row["force"] in NAMES else None,
            truth.get(row["in_england_and_wales"]) if row["force"] in NAMES else None,
        )
        for row in golden
    )
    columns = ("figure", "rule_type", "area_code", "in_force_chart", "in_england_and_wales")
    assert Counter(tuple(row[column] for column in columns) for row in rows) == expected


@pytest.mark.parametrize("name", ROUND)
def test_rules_stand_on_the_lines_typed_by_hand(name: str) -> None:
    report = read_all(REAL)[name]
    rows, _ = annex_rule_rows(report, outline_of(report))
    with (REPOSITORY / "tests" / "golden" / name / "annex_rules.csv").open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    for row in rows:
        assert any(
            (row["figure"], row["rule_type"]) == (int(one["figure"] or 0) or None, one["rule_type"])
            and int(one["line_start"]) <= row["line_end"]
            and row["line_start"] <= int(one["line_end"])
            for one in golden
        ), row


@pytest.mark.parametrize("folder", [REAL, SAMPLES], ids=["real", "samples"])
def test_rows_meet_the_schema_and_print_what_stands_there(folder: Any) -> None:
    for report in read_all(folder).values():
        rows, _ = annex_rule_rows(report, outline_of(report))
        ANNEX_RULES.to_arrow(rows)
        assert all(row["printed"] == report.printed(row["line_start"], row["line_end"]) for row in rows)

"""Findings: against what a person typed from the real reports, and boxes with lost bullets, page ends and nesting."""

import hashlib

import pytest

from pipelines.extract.findings import finding_rows
from pipelines.issues import Issue
from pipelines.reports import Report
from pipelines.structure import outline_of
from tests.report_texts import NAMES, VARIATIONS, golden, made, real, sample, with_lines

PROSE = "The force understands its communities and the threats that they face in all of its areas."


def found(report: Report) -> tuple[list[dict], list[Issue]]:
    return finding_rows(report, outline_of(report))


def fingerprint(text: str) -> tuple[str, str, str, str]:
    """Of the text that a person typed, what is kept: the reports' own sentences stay in the reports."""
    words = text.split()
    digest = hashlib.sha256(text.encode()).hexdigest()
    return str(len(words)), " ".join(words[:4]), " ".join(words[-3:]), digest


def boxed(*lines: str) -> list[tuple[str, str | None, str]]:
    """Identifier, parent and text of what stands in a box with these lines."""
    rows, _ = found(made("\n".join([PROSE, *lines])))
    return [(row["finding_id"][24:], row["parent_id"] and row["parent_id"][24:], row["text"]) for row in rows]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variation", [None, *VARIATIONS])
def test_real_reports_hold_the_findings_a_person_typed(name: str, variation: str | None) -> None:
    report = real(name)
    if variation:
        report = with_lines(report, VARIATIONS[variation](list(report.lines)))
    rows, issues = found(report)
    expected = golden(name, "findings")
    order = {row["finding_id"]: str(row["sequence"]) for row in rows}
    assert [
        (
            str(row["sequence"]),
            row["finding_type"],
            (row["question_id"] or "").rsplit("-", 1)[-1],
            order.get(row["parent_id"], ""),
            *fingerprint(row["text"]),
        )
        for row in rows
    ] == [
        tuple(
            row[name]
            for name in (
                *("sequence", "finding_type", "question_no", "parent_sequence"),
                *("words", "begins", "ends", "sha256"),
            )
        )
        for row in expected
    ]
    assert issues == []


@pytest.mark.parametrize("name", NAMES)
def test_findings_of_real_reports_stand_on_the_lines_a_person_noted(name: str) -> None:
    rows, _ = found(real(name))
    expected = golden(name, "findings")
    below = {row["parent_sequence"] for row in expected}
    for row, typed in zip(rows, expected, strict=True):
        assert row["line_start"] == int(typed["line_start"])
        # A text with bullets below it is cited with them; the person noted only its own lines.
        assert row["line_end"] == int(typed["line_end"]) or typed["sequence"] in below


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        (NAMES[0], {"area_for_improvement": 8, "cause_of_concern": 2, "recommendation": 6}),
        (NAMES[1], {"area_for_improvement": 8}),
    ],
)
@pytest.mark.parametrize("variation", [None, *VARIATIONS])
def test_samples_hold_as_many_findings_as_their_reports(name: str, numbers: dict, variation: str | None) -> None:
    report = sample(name)
    if variation:
        report = with_lines(report, VARIATIONS[variation](list(report.lines)))
    rows, issues = found(report)
    types = [row["finding_type"] for row in rows]
    assert {kind: types.count(kind) for kind in dict.fromkeys(types)} == numbers
    assert issues == []


def test_a_cause_of_concern_and_its_recommendation_in_a_sample() -> None:
    rows, _ = found(sample(NAMES[0]))
    concern, lead, bullet = rows[4:7]
    assert concern["text"] == (
        "HMIC is concerned about the force’s response to domestic abuse. Because officers may choose when to complete "
        "a DASH risk assessment, nobody can be sure that risk is assessed as it should be. The concern dates from 2014 "
        "and 2015."
    )
    assert lead["text"] == "HMIC recommends that the force immediately make sure that:"
    assert bullet["text"] == (
        "supervisors see to it that the first risk assessment is done well, and that a DASH is completed wherever it "
        "is due."
    )
    assert (lead["parent_id"], bullet["parent_id"]) == (concern["finding_id"], lead["finding_id"])
    assert [row["question_id"] for row in (concern, lead, bullet)] == ["peel-2016-effectiveness-3"] * 3


def test_running_text_that_mentions_an_area_for_improvement_is_no_finding() -> None:
    assert (
        boxed("This is an area for improvement for the force.", "It has a cause of concern. Recommendations follow.")
        == []
    )


def test_a_box_goes_on_over_a_page_end_with_number_and_footnote() -> None:
    assert boxed(
        "The force uses a model known as THRIVE.1",
        "",
        "Areas for improvement",
        "",
        "• The force should evaluate its work",
        " " * 44,
        "1 The model assesses threat and harm.",
        "",
        "17",
        "",
        " and share what it finds with its partners.",
        "",
        "• The force should train its officers.",
    ) == [
        ("afi-1", None, "The force should evaluate its work and share what it finds with its partners."),
        ("afi-2", None, "The force should train its officers."),
    ]


def test_nested_bullets_stand_below_their_text_and_the_list_ends_with_a_full_stop() -> None:
    assert boxed(
        "Areas for improvement",
        "• The force should ensure that:",
        "• visits are made in time; and",
        "• risk is assessed.",
        "• The force should map groups promptly.",
    ) == [
        ("afi-1", None, "The force should ensure that:"),
        ("afi-1-1", "afi-1", "visits are made in time; and"),
        ("afi-1-2", "afi-1", "risk is assessed."),
        ("afi-2", None, "The force should map groups promptly."),
    ]


def test_lost_bullets_leave_wide_gaps() -> None:
    # The three paragraphs above show how far this extractor sets paragraphs apart: one blank line.
    assert boxed(
        "",
        PROSE,
        "",
        PROSE,
        "",
        PROSE,
        "Areas for improvement",
        "",
        "",
        "The force should improve its understanding of",
        "local communities.",
        "",
        "",
        "",
        "The force should set out how it will:",
        "",
        "",
        "analyse this outcome;",
        "",
        "",
        "",
        "rely less on it.",
        "",
        "HMIC will review the plan.",
    ) == [
        ("afi-1", None, "The force should improve its understanding of local communities."),
        ("afi-2", None, "The force should set out how it will: HMIC will review the plan."),
        ("afi-2-1", "afi-2", "analyse this outcome;"),
        ("afi-2-2", "afi-2", "rely less on it."),
    ]


def test_where_blank_lines_are_lost_too_an_area_begins_with_what_the_force_should_do() -> None:
    assert boxed(
        "Areas for improvement",
        "The force should evaluate its work with partners.",
        "Kent Police should train its officers. It will find",
        "this of use.",
    ) == [
        ("afi-1", None, "The force should evaluate its work with partners."),
        ("afi-2", None, "Kent Police should train its officers. It will find this of use."),
    ]


def test_all_bullets_of_a_recommendation_stand_below_its_text() -> None:
    rows = boxed(
        "Cause of concern",
        "The force’s response is a cause of concern. Officers do not assess",
        "risk.",
        "Recommendations",
        "The force should immediately ensure that:",
        "• risk is assessed.",
        "• victims are safe.",
    )
    assert [row[:2] for row in rows] == [
        ("coc-1", None),
        ("rec-1", "coc-1"),
        ("rec-1-1", "rec-1"),
        ("rec-1-2", "rec-1"),
    ]


def test_a_recommendation_without_a_cause_of_concern_above_has_no_parent() -> None:
    assert boxed("Recommendation", "The force should publish a plan.") == [
        ("rec-1", None, "The force should publish a plan.")
    ]


def test_a_stray_full_stop_below_a_box_is_no_finding() -> None:
    assert len(boxed("Area for improvement", "", "• The force should plan.", "", ". ", " How is it?")) == 1


def test_footnote_marks_are_left_out_and_hyphens_mended() -> None:
    assert boxed("Area for improvement", "• The force should reduce re-", "offending under the 4P22 approach.") == [
        ("afi-1", None, "The force should reduce re-offending under the 4P approach.")
    ]


def test_a_finding_that_breaks_off_and_an_empty_box_raise_warnings() -> None:
    rows, issues = found(made(f"{PROSE}\nAreas for improvement\n• The force should\n\nCause of concern\n"))
    assert len(rows) == 1
    assert [(issue.check_id, issue.severity) for issue in issues] == [
        ("finding-complete", "warning"),
        ("finding-text", "warning"),
    ]


def test_many_empty_boxes_raise_one_warning() -> None:
    _, issues = found(made("\n".join([PROSE, *["Areas for improvement"] * 20])))
    assert [issue.message.partition(": ")[2] for issue in issues] == [
        "the box 'Areas for improvement' holds no text (and 19 more of this kind)"
    ]


def test_innovative_practice_is_a_finding() -> None:
    rows, issues = found(made(f"{PROSE}\nInnovative practice\nThe force uses a new tool to find risk.\n"))
    assert [(row["finding_type"], row["text"]) for row in rows] == [
        ("innovative_practice", "The force uses a new tool to find risk.")
    ]
    assert issues == []


def test_dashes_below_a_bullet_belong_to_it() -> None:
    assert boxed(
        "Areas for improvement",
        "• The force should ensure that:",
        "• visits are made, including:",
        "– at night; and",
        "– at weekends;",
        "• risk is assessed.",
        "• The force should map groups promptly.",
        "– gangs; and",
        "– rings",
        "• The force should train.",
    ) == [
        ("afi-1", None, "The force should ensure that:"),
        ("afi-1-1", "afi-1", "visits are made, including:"),
        ("afi-1-1-1", "afi-1-1", "at night; and"),
        ("afi-1-1-2", "afi-1-1", "at weekends;"),
        ("afi-1-2", "afi-1", "risk is assessed."),
        ("afi-2", None, "The force should map groups promptly."),
        ("afi-2-1", "afi-2", "gangs; and"),
        ("afi-2-2", "afi-2", "rings"),
        ("afi-3", None, "The force should train."),
    ]

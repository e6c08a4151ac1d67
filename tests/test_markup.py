"""Marks of Markdown and HTML, lone bullets, labels on one line, heads of pages (``pipelines.markup``)."""

import time

import pytest

from pipelines.markup import (
    LONE_BULLET,
    hyphen_issues,
    is_page_furniture,
    label_and_text,
    label_issues,
    page_heads,
    without_emphasis,
    without_marks,
)
from pipelines.structure import Box, BoxItem
from tests.report_texts import made


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('the [plan](https://example.org/a_(b) "Plan") of it', "the plan of it"),
        ("the [plan][2] of it", "the plan of it"),
        ("the [plan of\nthe force](#plan) works", "the plan of\nthe force works"),
        ("![picture](x.png)Text", "Text"),
        # Prose in brackets is no address.
        ("[12](as in all forces) of them", "[12](as in all forces) of them"),
        ("programmes \\(IOM\\)", "programmes (IOM)"),
        ("It plans.[3](#note3) It acts<sup>4</sup>.", "It plans. It acts."),
        ("<h2 class='a'>Kent</h2>", " Kent "),
        ("<li>It plans", "• It plans"),
        ("un<b>known</b><br>word", "unknown word"),
        ("<td>Good</td><td></td><td>Fair</td>", " Good\t\tFair "),
        ("fewer than < 5 and > 3", "fewer than < 5 and > 3"),
    ],
)
def test_marks_go_and_words_stay_on_their_lines(text: str, plain: str) -> None:
    assert without_marks(text) == plain


def test_a_tag_may_be_kept() -> None:
    assert without_marks("<b>one</b><br/>two", keep=("br",)) == "one<br/>two"


def test_emphasis_goes_and_bullets_and_names_stay() -> None:
    assert without_emphasis("* **The** *force* and some_name __plan__") == "* The force and some_name plan"


def test_a_bullet_alone_is_no_rule() -> None:
    assert [bool(LONE_BULLET.match(text)) for text in ("•", "-", "o", "--", "a", "7")] == [True] * 3 + [False] * 3


def test_a_label_and_its_finding_on_one_line() -> None:
    duty = "The force should plan its patrols."
    assert label_and_text(f"Area for improvement: {duty}") == ("Area for improvement", duty)
    assert label_and_text(f"- Areas for improvement – {duty}") == ("Areas for improvement", duty)
    concern = "Victims wait for months until somebody calls."
    assert label_and_text(f"Cause of concern: {concern}") == ("Cause of concern", concern)


@pytest.mark.parametrize(
    "line",
    [
        "Areas for improvement: We set none, since the force should not do more.",
        "Areas for improvement: Kent has had two of them since last year.",
        "Cause of concern: None was found in this part of the inspection.",
        "Area for improvement: none",
        "Area for improvement: The force should plan its patrols ..... 7",
        "Main findings: The force should plan its patrols.",
    ],
)
def test_a_label_with_no_finding_behind_it(line: str) -> None:
    assert label_and_text(line) is None


def test_a_label_with_text_that_is_not_read_is_said() -> None:
    report = made("Areas for improvement: Kent has had two of them.\nArea for improvement: The force should plan more.")
    assert [(issue.check_id, issue.line_start) for issue in label_issues(report)] == [("finding-label", 1)]


def test_heads_of_pages_are_told_by_what_they_name_and_how_often() -> None:
    lines = ["PEEL 2021/22 – Kent 3", "Good", "Kent Police"] * 4 + ["PEEL 2018/19"]
    heads = page_heads(lines, "Kent Police")
    told = ("PEEL 2021/22 – Kent 9", "Kent Police", "12", "Page 3 of 40", "Good", "43 forces", "2016")
    assert [is_page_furniture(line, heads) for line in told] == [True] * 4 + [False] * 3


def test_a_word_that_a_line_end_parts_is_said_unless_the_text_knows_it() -> None:
    report = made("It counts repeat call-\ners of the multi-\nagency team.\nThe multi-agency team acts.")
    box = Box("area_for_improvement", "Area for improvement", None, 1, 3, (BoxItem("It ...", 1, 3, ()),))
    assert [(issue.found, issue.line_start) for issue in hyphen_issues(report, [box])] == [("call-ers", 1)]


@pytest.mark.parametrize("text", ["[" * 50_000, "[a](" * 20_000, "<a " * 50_000, "</td>\t" * 20_000, "[a][" * 20_000])
def test_hostile_texts_take_linear_time(text: str) -> None:
    before = time.process_time()
    without_marks(text)
    label_and_text(text)
    assert time.process_time() - before < 5

"""The picture of a force's grades: each on its own scale, and torn paper where grades must not be compared."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from use_it import sample_tables

from pipelines.comparability import programme_order
from pipelines.page import svg
from pipelines.page.grade_tiles import grade_pictures
from pipelines.page.picture import Picture
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, GRADE_HISTORY, TABLES

SVG = "{http://www.w3.org/2000/svg}"
KENT = "E23000032"
RANKS = {"Outstanding": 1, "Good": 2, "Requires improvement": 3, "Inadequate": 4}


def judgment(programme: str, number: str, grade: str | None, before: str | None = None, **other: Any) -> dict[str, Any]:
    """A row of grade_history of Kent."""
    row = {
        "area_code": KENT,
        "programme_order": programme_order()[programme],
        "programme_id": programme,
        "pillar": "effectiveness",
        "question_id": f"{programme}-effectiveness-{number}",
        "report_id": f"kent-{programme}",
        "question": f"How effective is the force at its task {number}?",
        "judgment_status": "graded" if grade else "not_stated",
        "scale_id": "oqri4" if grade else None,
        "grade": grade,
        "grade_rank": RANKS[grade] if grade else None,
        "grades_in_scale": 4 if grade else None,
        "previous_programme_id": before,
    }
    return {**dict.fromkeys(GRADE_HISTORY.column_names), **row, **other}


def release(*history: dict[str, Any]) -> Mapping[str, pa.Table]:
    dimensions = {name: TABLES[name].to_arrow(dimension_rows(name)) for name in DIMENSIONS}
    rest = {name: TABLES[name].to_arrow([]) for name in ("reports", "judgments")}
    return {**dimensions, **rest, "grade_history": GRADE_HISTORY.to_arrow(history)}


def only(pictures: list[Picture]) -> Picture:
    (one,) = pictures
    return one


def words(picture: Picture) -> list[str]:
    """Every text of the drawing, lines of one text joined."""
    return [" ".join(text.itertext()) for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


def test_the_samples_say_what_a_person_reads_in_them() -> None:
    warwickshire, west_midlands = grade_pictures(sample_tables())
    assert (warwickshire.subject, warwickshire.label) == ("warwickshire", "Warwickshire Police")
    assert warwickshire.title == "Warwickshire Police: 5 grades in 1 programme on 1 scale"
    assert warwickshire.rows[1][3:6] == ("Requires improvement", "3 of 4", "graded")
    # 2007: six areas, all graded; 2015: two of four; 2016: five of six; 2021/22: eleven of thirteen.
    assert west_midlands.title == (
        "West Midlands Police: 24 grades in 4 programmes on 3 scales; grades of different scales are not comparable"
    )
    assert words(west_midlands).count("Another scale: do not compare") == 2
    assert words(west_midlands).count("Compare with care: see note") == 1
    assert words(west_midlands).count("none stated") == 2
    assert words(west_midlands).count("not graded") == 3
    good = [row for row in west_midlands.rows if row[0] == "PEEL 2021/22" and row[1] == "Preventing crime"]
    assert [row[3:5] for row in good] == [("Good", "2 of 5")]


def test_between_two_scales_the_paper_is_torn() -> None:
    picture = only(
        grade_pictures(
            release(
                judgment("peel-2016", "1", "Good"),
                judgment(
                    "peel-2021-22",
                    "1",
                    "Good",
                    "peel-2016",
                    comparable_with_previous="no",
                    scale_id="ogari5",
                    grades_in_scale=5,
                ),
            )
        )
    )
    assert picture.title.endswith("2 grades in 2 programmes on 2 scales; grades of different scales are not comparable")
    assert "Another scale: do not compare" in words(picture)
    assert [row[4] for row in picture.rows] == ["2 of 4", "2 of 5"]


@pytest.mark.parametrize(
    ("comparable", "said"),
    [
        ("yes", "May be compared"),
        ("with_care", "Compare with care: see note"),
        ("no", "The same scale, but do not compare"),
        (None, "Not known to be comparable: do not compare"),
    ],
)
def test_on_one_scale_the_words_say_whether_grades_may_be_compared(comparable: str | None, said: str) -> None:
    later = judgment("peel-2017", "1", "Good", "peel-2016", comparable_with_previous=comparable)
    picture = only(grade_pictures(release(judgment("peel-2016", "1", "Good"), later)))
    assert said in words(picture)
    torn = "where the paper is torn, do not compare" in picture.title
    assert torn == (comparable in ("no", None))


def test_each_row_shows_its_place_on_the_scale_by_a_filled_tile_and_a_word() -> None:
    one = only(grade_pictures(release(judgment("peel-2016", "1", "Inadequate"))))
    tiles = [path for path in ElementTree.fromstring(one.svg).iter(f"{SVG}path") if "h13v13h-13z" in path.get("d", "")]
    # Three open tiles are one path, the filled one another, to the right of all of them.
    assert [tile.get("d", "").count("M") for tile in tiles] == [3, 1]
    assert tiles[0].get("fill") == svg.PAPER
    assert tiles[1].get("fill") not in (None, "none", svg.PAPER)
    lefts = [float(x) for x in re.findall(r"M([\d.]+)", tiles[0].get("d", "") + tiles[1].get("d", ""))]
    assert lefts == sorted(lefts)
    assert "Inadequate" in words(one)


def test_what_has_no_grade_is_said_and_is_no_bad_grade() -> None:
    picture = only(
        grade_pictures(
            release(
                judgment("peel-2016", "1", None),
                judgment("peel-2016", "2", None, judgment_status="ungraded"),
                judgment("peel-2016", "3", "Good", judgment_status="carried_forward"),
            )
        )
    )
    assert picture.title.startswith("Kent Police: 1 grade in 1 programme")
    assert {"none stated", "not graded"} <= {*words(picture)}
    assert any("earlier inspection" in note for note in picture.notes)
    assert [row[3] for row in picture.rows] == ["", "", "Good"]
    assert [row[5] for row in picture.rows] == ["not stated", "ungraded", "carried forward"]
    assert (
        only(grade_pictures(release(judgment("peel-2016", "1", None)))).title == "Kent Police: no grade in 1 programme"
    )


def test_of_a_scale_that_is_not_known_it_is_not_said_that_it_is_another() -> None:
    # Of PEEL 2015 neither a grade nor its scale is given here.
    tables = {**release(judgment("peel-2015", "1", None), judgment("peel-2016", "1", "Good", "peel-2015"))}
    programmes = [{**row, "scale_id": None} for row in dimension_rows("programmes")]
    picture = only(grade_pictures({**tables, "programmes": TABLES["programmes"].to_arrow(programmes)}))
    assert "A scale is not known: do not compare" in words(picture)
    assert not any("Another scale" in said for said in words(picture))


def test_programmes_in_between_without_a_report_are_named() -> None:
    later = judgment("peel-2017", "1", "Good", "peel-2015", comparable_with_previous="yes")
    picture = only(grade_pictures(release(judgment("peel-2015", "1", "Good"), later)))
    assert any("PEEL 2016" in said for said in words(picture))


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", "\u202eecilop", "x" * 10_000, "a\x00b\n\nc", "A B " * 999]
)
def test_whatever_a_question_holds_it_is_text_that_stays_in_the_drawing(question: str) -> None:
    tables = release(
        judgment("peel-2016", "1", "Good", question=question), judgment("peel-2016", "2", None, question=question)
    )
    picture = only(grade_pictures(tables))
    root = ElementTree.fromstring(picture.svg)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "g", "path", "text", "tspan"}
    assert "\u202e" not in picture.svg
    for text in root.iter(f"{SVG}text"):
        if text.get("text-anchor", "start") == "start":
            for line in text.itertext():
                assert float(text.get("x", "0")) + svg.width_of(line, svg.SMALL) <= svg.WIDTH, line
    assert len(picture.svg) < 12_000
    assert grade_pictures(tables) == [picture]


def test_words_that_the_questions_of_a_programme_begin_with_stand_once_above_them() -> None:
    asked = ["preventing crime?", "investigating crime?", "tackling serious crime?"]
    rows = [
        judgment("peel-2016", f"{n}", "Good", question=f"How effective is the force at {one}")
        for n, one in enumerate(asked)
    ]
    other = judgment("peel-2016", "9", "Good", question="How effective are its specialist capabilities?")
    picture = only(grade_pictures(release(*rows, other)))
    said = " ".join(words(picture))
    assert said.count("How effective is the force at") == 1
    for one in (*asked, "How effective are its specialist capabilities?"):
        assert one in said
    # The table holds each question whole.
    assert [row[1] for row in picture.rows][:3] == [f"How effective is the force at {one}" for one in asked]
    alone = only(grade_pictures(release(*rows[:2])))
    assert " ".join(words(alone)).count("How effective is the") == 2


def test_a_force_without_judgments_has_no_picture() -> None:
    assert grade_pictures(release()) == []

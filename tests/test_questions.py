"""The dimensions of questions and programmes: keys that join, scales that agree, nothing that was not seen."""

from pipelines.questions import grades_best_to_worst, questions_of
from pipelines.reference import dimension_rows, load
from pipelines.schema import TABLES


def test_the_dimensions_fit_their_tables() -> None:
    for name in ("questions", "programmes"):
        assert TABLES[name].to_arrow(dimension_rows(name)).num_rows == len(load(name))


def test_every_question_belongs_to_a_programme_and_uses_its_scale() -> None:
    scales = {row["programme_id"]: row["scale_id"] for row in load("programmes")}
    for row in load("questions"):
        parts = [row["programme_id"], row["pillar"], row["question_no"]]
        assert row["question_id"] == "-".join(part for part in parts if part)
        assert row["scale_id"] in ("", scales[row["programme_id"]])
        assert bool(row["scale_id"]) == (row["is_graded"] == "true")
        assert row["question"] or row["section_heading"]


def test_comparable_programmes_exist_and_say_how_far() -> None:
    programmes = {row["programme_id"]: row for row in load("programmes")}
    for row in programmes.values():
        others = [other for other in row["comparable_with"].split("; ") if other]
        assert set(others) <= programmes.keys()
        assert row["comparability_note"] or row["certainty"] == "part"
        for other in others:
            assert row["programme_id"] in programmes[other]["comparable_with"].split("; ")


def test_what_was_not_seen_is_not_given() -> None:
    seen = {"verified", "label_verified", "secondary", "part"}
    assert {row["certainty"] for name in ("questions", "programmes") for row in load(name)} == seen
    # The wording of these was written from memory by whoever collected the facts.
    assert not [row for row in load("questions") if row["question_id"].startswith("peel-2016-efficiency")]
    assert {row["question"] for row in load("questions") if row["certainty"] == "label_verified"} == {""}


def test_the_questions_of_a_2016_effectiveness_report() -> None:
    questions = questions_of("peel-2016", "effectiveness")
    assert [question.number for question in questions] == ["overall", "1", "2", "3", "4", "5"]
    assert [question.is_graded for question in questions] == [True, True, True, True, True, False]
    assert grades_best_to_worst("peel-2016") == ("outstanding", "good", "requires improvement", "inadequate")
    assert grades_best_to_worst("peel-2021-22")[2] == "adequate"
    assert questions_of("peel-1999", None) == ()

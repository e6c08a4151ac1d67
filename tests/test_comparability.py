"""What may be compared over the years: every pair of programmes answered once, and histories that keep scales apart."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from pipelines.comparability import comparable, grade_history_rows, programme_order
from pipelines.questions import questions_of
from pipelines.reference import dimension_rows, load
from pipelines.schema import TABLES
from pipelines.vocabulary import letters

PAIRS = load("programme_comparability")


def test_every_pair_of_programmes_stands_once_the_later_first() -> None:
    order = programme_order()
    pairs = [(row["programme_id"], row["other_programme_id"]) for row in PAIRS]
    assert len(set(pairs)) == len(pairs)
    assert {frozenset(pair) for pair in pairs} == {frozenset(pair) for pair in combinations(order, 2)}
    assert all(order[later] > order[earlier] for later, earlier in pairs)


def test_the_dimension_fits_its_table() -> None:
    assert TABLES["programme_comparability"].to_arrow(dimension_rows("programme_comparability")).num_rows == len(PAIRS)


def test_what_is_stated_has_a_source_and_what_is_not_known_says_nothing() -> None:
    for row in PAIRS:
        given = [row[name] for name in ("stated_by", "source", "note", "certainty")]
        assert all(given) if row["comparable"] != "not_known" else not any(given), row


def test_the_pairs_agree_with_the_programmes() -> None:
    programmes = {row["programme_id"]: row["comparable_with"].split("; ") for row in load("programmes")}
    for row in PAIRS:
        may = row["comparable"] in ("yes", "with_care")
        assert (row["other_programme_id"] in programmes[row["programme_id"]]) == may, row
        assert (row["programme_id"] in programmes[row["other_programme_id"]]) == may, row


def test_a_pair_is_only_as_certain_as_what_it_rests_on() -> None:
    certainty = {row["programme_id"]: row["certainty"] for row in load("programmes")}
    for row in PAIRS:
        if row["certainty"] == "verified":
            assert "verified" in {certainty[row["programme_id"]], certainty[row["other_programme_id"]]}, row


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("peel-2016", "peel-2015", "with_care"),
        ("peel-2015", "peel-2016", "with_care"),
        ("peel-2021-22", "peel-2018-19", "no"),
        ("peel-2023-25", "peel-2021-22", "no"),
        ("peel-2014", "sgc-2007", "no"),
        ("peel-2016", "peel-2014", None),
        ("peel-2025-27", "peel-2023-25", None),
        ("peel-1999", "peel-2016", None),
    ],
)
def test_whether_two_programmes_may_be_compared(one: str, other: str, answer: str | None) -> None:
    assert comparable(one, other) == answer


def test_grades_of_two_scales_are_never_comparable() -> None:
    scales = {row["programme_id"]: row["scale_id"] for row in load("programmes")}
    for row in PAIRS:
        if row["comparable"] in ("yes", "with_care"):
            assert scales[row["programme_id"]] == scales[row["other_programme_id"]], row


def test_a_question_continues_another_only_in_the_same_words_and_between_comparable_programmes() -> None:
    questions = {row["question_id"]: row for row in load("questions")}
    continuing = [row for row in questions.values() if row["continues_question_id"]]
    assert [row["question_id"] for row in continuing] == [f"peel-2017-effectiveness-{number}" for number in range(1, 6)]
    for row in continuing:
        other = questions[row["continues_question_id"]]
        assert letters(row["question"]) == letters(other["question"])
        assert comparable(row["programme_id"], other["programme_id"]) in ("yes", "with_care")
        assert (row["certainty"], other["certainty"]) == ("verified", "verified")


def test_the_place_of_a_grade_is_that_on_its_own_scale() -> None:
    grades = {row["programme_id"]: row["grades"].split("; ") for row in load("programmes") if row["grades"]}
    assert {len(grades[name]) for name in ("sgc-2007", "peel-2014", "peel-2015", "peel-2016", "peel-2017")} == {4}
    assert {len(grades[name]) for name in ("peel-2021-22", "peel-2023-25")} == {5}
    assert grades["sgc-2007"].index("fair") == 2
    assert grades["peel-2015"].index("requires improvement") == 2
    assert grades["peel-2021-22"].index("requires improvement") == 3


# --- histories ------------------------------------------------------------------------------------------------------


def report(
    report_id: str, programme_id: str, pillar: str | None = None, area_code: str = "E23000032"
) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "programme_id": programme_id,
        "pillar": pillar,
        "area_code": area_code,
        "data_period_end": date(2016, 6, 30) if programme_id == "peel-2016" else None,
        "published": None,
    }


def judgment(
    report_id: str, question_id: str, grade: str | None, rank: int | None, scale: str | None
) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "question_id": question_id,
        "question": "What is asked?",
        "judgment_status": "graded" if grade else "not_stated",
        "scale_id": scale,
        "grade": grade,
        "grade_rank": rank,
    }


REPORTS = [
    report("kent-2021-22", "peel-2021-22"),
    report("kent-2017-effectiveness", "peel-2017", "effectiveness"),
    report("kent-2016-effectiveness", "peel-2016", "effectiveness"),
    report("kent-2015-efficiency", "peel-2015", "efficiency"),
    report("kent-2007-inspection", "sgc-2007"),
    report("essex-2015-effectiveness", "peel-2015", "effectiveness", "E23000028"),
    report("kent-2013-effectiveness", "peel-2013", "effectiveness"),
]
JUDGMENTS = [
    judgment("kent-2021-22", "peel-2021-22-3", "Adequate", 3, "ogari5"),
    judgment("kent-2017-effectiveness", "peel-2017-effectiveness-1", "Good", 2, "oqri4"),
    judgment("kent-2016-effectiveness", "peel-2016-effectiveness-1", "Requires improvement", 3, "oqri4"),
    judgment("kent-2015-efficiency", "peel-2015-efficiency-1", None, None, None),
    judgment("kent-2007-inspection", "sgc-2007-1", "Fair", 3, "efgp4"),
    judgment("essex-2015-effectiveness", "peel-2015-effectiveness-1", "Good", 2, "oqri4"),
    judgment("kent-2013-effectiveness", "peel-2013-effectiveness-1", "Good", 2, "oqri4"),
    judgment("elsewhere-2015", "peel-2015-effectiveness-1", "Good", 2, "oqri4"),
]


def history() -> list[dict[str, Any]]:
    tables = {name: dimension_rows(name) for name in ("questions", "programmes")}
    rows = grade_history_rows({**tables, "reports": REPORTS, "judgments": JUDGMENTS})
    published: list[dict[str, Any]] = TABLES["grade_history"].to_arrow(rows).to_pylist()
    return published


def test_a_history_stands_in_the_order_of_the_programmes_and_keeps_its_scales() -> None:
    names = ("report_id", "grade", "scale_id", "grade_rank", "grades_in_scale", "judgment_status")
    assert [tuple(row[name] for name in names) for row in history()] == [
        ("essex-2015-effectiveness", "Good", "oqri4", 2, 4, "graded"),
        ("kent-2007-inspection", "Fair", "efgp4", 3, 4, "graded"),
        ("kent-2015-efficiency", None, None, None, None, "not_stated"),
        ("kent-2016-effectiveness", "Requires improvement", "oqri4", 3, 4, "graded"),
        ("kent-2017-effectiveness", "Good", "oqri4", 2, 4, "graded"),
        ("kent-2021-22", "Adequate", "ogari5", 3, 5, "graded"),
    ]


def test_a_history_says_what_may_be_compared_with_what_stood_before() -> None:
    names = ("report_id", "previous_programme_id", "comparable_with_previous", "continues_question_id")
    assert [tuple(row[name] for name in names) for row in history()] == [
        ("essex-2015-effectiveness", None, None, None),
        ("kent-2007-inspection", None, None, None),
        ("kent-2015-efficiency", "sgc-2007", "no", None),
        # The report of 2015 is on another pillar.
        ("kent-2016-effectiveness", "sgc-2007", "no", None),
        ("kent-2017-effectiveness", "peel-2016", "with_care", "peel-2016-effectiveness-1"),
        ("kent-2021-22", "peel-2017", "no", None),
    ]


def test_judgments_of_reports_and_programmes_that_are_not_known_are_left_out() -> None:
    assert {row["report_id"] for row in history()} & {"kent-2013-effectiveness", "elsewhere-2015"} == set()


def test_no_judgments_make_no_history() -> None:
    tables = {name: dimension_rows(name) for name in ("questions", "programmes")}
    assert grade_history_rows({**tables, "reports": REPORTS, "judgments": []}) == []


def test_the_scale_of_a_question_is_its_programmes() -> None:
    for programme_id, scale in (("peel-2014", "oqri4"), ("peel-2015", "oqri4"), ("peel-2017", "oqri4")):
        scales = {question.scale_id for question in questions_of(programme_id, "effectiveness") if question.is_graded}
        assert scales == {scale}

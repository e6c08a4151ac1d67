"""Judgments: against what a person read, and with labels that disagree, are missing, scrambled or contradicted."""

import pytest

from pipelines.extract.judgments import judgment_rows
from pipelines.issues import Issue
from pipelines.reports import Report
from pipelines.structure import outline_of
from tests.report_texts import NAMES, VARIATIONS, golden, made, real, sample, with_lines

QUESTIONS = [
    "How effective is the force at preventing crime, tackling anti-social behaviour and keeping people safe?",
    "How effective is the force at investigating crime and reducing re-offending?",
    "How effective is the force at protecting those who are vulnerable from harm, and supporting victims?",
    "How effective is the force at tackling serious and organised crime?",
    "How effective are the force’s specialist capabilities?",
]
PROSE = "The force understands its communities and the threats that they face in all of its areas."


def judged(report: Report) -> tuple[dict[str, tuple], list[Issue]]:
    """What is published for each question: grade, rank, status, line of the overview, line of the section."""
    rows, issues = judgment_rows(report, outline_of(report))
    keys = ("grade", "grade_rank", "judgment_status", "summary_line", "section_line")
    found = {
        row["question_id"].removeprefix("peel-2016-effectiveness-"): tuple(row[key] for key in keys) for row in rows
    }
    return found, issues


def short_report(summary: list[str], sections: list[list[str]]) -> Report:
    """A report with this list in its overview and these lines below each section's "Summary of findings"."""
    lines = [
        "Overview – How effective is the force at keeping people safe and reducing crime?",
        "Overall judgment",
        "Good",
        PROSE,
        "Overall summary",
        *summary,
        PROSE,
    ]
    for question, below in zip(QUESTIONS, sections, strict=True):
        lines += [f" {question}", PROSE, "Summary of findings", *below, PROSE]
    return made("\n".join(lines))


GRADES = ["Good", "Good", "Requires improvement", "Good", "Ungraded"]


def listed(grades: list[str] = GRADES) -> list[str]:
    return [line for question, grade in zip(QUESTIONS, grades, strict=True) for line in (question, grade)]


def below(**changed: list[str]) -> list[list[str]]:
    return [changed.get(f"q{number}", [grade]) for number, grade in enumerate(GRADES, start=1)]


@pytest.mark.parametrize("name", NAMES)
def test_real_reports_are_judged_as_a_person_read_them(name: str) -> None:
    found, _ = judged(real(name))
    assert len(found) == 6
    for row in golden(name, "judgments"):
        grade, _, status, summary, section = found[row["question_no"]]
        assert (grade or "", status) == (row["grade"], row["judgment_status"])
        assert (str(summary), str(section or "")) == (row["summary_line"], row["section_line"])


@pytest.mark.parametrize("name", NAMES)
def test_the_question_is_given_as_printed(name: str) -> None:
    report = real(name)
    rows, _ = judgment_rows(report, outline_of(report))
    expected = {row["question_no"]: row["question"] for row in golden(name, "judgments")}
    assert {row["question_id"].rsplit("-", 1)[1]: row["question"] for row in rows} == expected


def test_a_label_that_prose_contradicts_is_published_with_a_warning() -> None:
    # Lines 2312 "Good" and 2315-2316 "overall the force requires improvement at tackling serious and organised crime".
    found, issues = judged(real(NAMES[0]))
    assert found["4"] == ("Good", 2, "graded", 99, 2312)
    assert [(issue.check_id, issue.severity, issue.line_start, issue.line_end) for issue in issues] == [
        ("judgment-prose", "warning", 2315, 2316)
    ]


def test_a_report_without_contradictions_raises_none() -> None:
    assert judged(real(NAMES[1]))[1] == []


@pytest.mark.parametrize(
    ("name", "grades"),
    [
        (NAMES[0], ["Good", "Good", "Good", "Requires improvement", "Good", None]),
        (NAMES[1], ["Good", "Requires improvement", "Good", "Requires improvement", "Good", None]),
    ],
)
@pytest.mark.parametrize("variation", [None, *VARIATIONS])
def test_samples(name: str, grades: list[str | None], variation: str | None) -> None:
    report = sample(name)
    if variation:
        report = with_lines(report, VARIATIONS[variation](list(report.lines)))
    found, _ = judged(report)
    assert [found[number][0] for number in ("overall", "1", "2", "3", "4", "5")] == grades
    assert found["5"][2] == "ungraded"


def test_every_row_stands_on_its_lines() -> None:
    report = sample(NAMES[0])
    for row in judgment_rows(report, outline_of(report))[0]:
        assert row["printed"] == report.printed(row["line_start"], row["line_end"])
        assert (row["grade"] or "Ungraded") == row["printed"]


def test_a_short_report_is_judged() -> None:
    found, issues = judged(short_report(listed(), below()))
    assert [found[str(number)][0] for number in range(1, 6)] == ["Good", "Good", "Requires improvement", "Good", None]
    assert issues == []


def test_overview_and_section_that_disagree_give_no_grade_and_an_error() -> None:
    found, issues = judged(short_report(listed(), below(q2=["Requires improvement"])))
    assert found["2"][:3] == (None, None, "not_stated")
    assert [(issue.check_id, issue.severity, issue.row_key) for issue in issues] == [
        ("judgment-agrees", "error", "question_id=peel-2016-effectiveness-2")
    ]
    assert found["1"][0] == "Good"


def test_a_grade_that_is_printed_nowhere_is_not_guessed_from_the_tone() -> None:
    summary = [line for order, line in enumerate(listed()) if order != 1]
    report = short_report(
        summary, below(q1=["The force is outstanding at preventing crime and it does so well everywhere."])
    )
    found, issues = judged(report)
    assert found["1"][:3] == (None, None, "not_stated")
    assert "error" in {issue.severity for issue in issues if issue.row_key == "question_id=peel-2016-effectiveness-1"}


def test_a_grade_that_one_place_lost_is_taken_from_the_other_with_a_warning() -> None:
    found, issues = judged(short_report(listed(), below(q3=[])))
    assert found["3"][0] == "Requires improvement"
    assert [(issue.check_id, issue.severity) for issue in issues] == [("judgment-printed-twice", "warning")]


def test_a_wrapped_grade_is_one_grade() -> None:
    summary = [
        each for line in listed() for each in (["Requires", "", "improvement"] if line.startswith("Req") else [line])
    ]
    found, issues = judged(short_report(summary, below(q3=["Requires", "improvement"])))
    assert found["3"][0] == "Requires improvement"
    assert issues == []


def test_two_questions_before_their_two_grades_are_settled_by_the_sections() -> None:
    for pair in (["Good", "Ungraded"], ["Ungraded", "Good"]):
        found, issues = judged(short_report([*listed()[:6], QUESTIONS[3], QUESTIONS[4], *pair], below()))
        assert (found["4"][0], found["5"][2]) == ("Good", "ungraded")
        assert issues == []


def test_two_questions_before_two_grades_that_no_section_settles_are_not_guessed() -> None:
    summary = [QUESTIONS[0], QUESTIONS[1], "Good", "Inadequate", *listed()[4:]]
    found, issues = judged(short_report(summary, below(q1=[], q2=[])))
    assert found["1"][:3] == found["2"][:3] == (None, None, "not_stated")
    assert [issue.severity for issue in issues] == ["error", "error"]


def test_a_grade_of_another_scale_is_refused() -> None:
    report = short_report(listed(["Adequate", *GRADES[1:]]), below(q1=["Adequate"]))
    found, issues = judged(report)
    assert found["1"][:3] == (None, None, "not_stated")
    assert [(issue.check_id, issue.severity) for issue in issues] == [("judgment-scale", "error")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Even so, the force requires improvement overall in the way it tackles serious and organised crime.",
        "Although we found good work, Kent Police requires improvement at tackling serious and organised crime.",
        "The force is inadequate at tackling serious and organised crime.",
        "It has been judged as requiring improvement at tackling serious and organised crime.",
    ],
)
def test_prose_that_gives_the_force_another_grade_raises_a_warning(sentence: str) -> None:
    found, issues = judged(short_report(listed(), below(q4=["Good", sentence])))
    assert found["4"][0] == "Good"
    assert [(issue.check_id, issue.severity, issue.expected) for issue in issues] == [
        ("judgment-prose", "warning", "Good")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "In 2015 we judged the force to require improvement at tackling serious and organised crime.",
        "In 2015 the force was judged as requiring improvement at tackling serious and organised crime.",
        "The force’s evaluation of its work to tackle serious and organised crime requires improvement.",
        "The force has recognised this situation as requiring improvement in serious and organised crime.",
        "The force is good at tackling serious and organised crime.",
        "The force is outstanding at engaging with the public.",
        "Its mapping of serious and organised crime groups is inadequate.",
    ],
)
def test_ordinary_mentions_raise_no_warning(sentence: str) -> None:
    assert judged(short_report(listed(), below(q4=["Good", sentence])))[1] == []


@pytest.mark.parametrize(
    ("good", "ungraded"), [("Good3", "Ungraded."), ("Good 2", "Not graded"), ("Good.", "Not graded.4")]
)
def test_a_grade_with_a_footnote_mark_or_a_stop_is_the_grade(good: str, ungraded: str) -> None:
    found, issues = judged(short_report(listed([good, *GRADES[1:4], ungraded]), below(q1=[good], q5=[ungraded])))
    assert (found["1"][0], found["5"][2]) == ("Good", "ungraded")
    assert issues == []


def test_a_lost_grade_of_the_overview_takes_none_from_the_next_question() -> None:
    summary = [line for order, line in enumerate(listed()) if order != 3]
    found, issues = judged(short_report(summary, below()))
    assert [found[str(number)][0] for number in range(1, 6)] == ["Good", "Good", "Requires improvement", "Good", None]
    assert found["2"][3] is None
    assert None not in (found["1"][3], found["3"][3])
    assert [(issue.check_id, issue.message.rpartition(": ")[2]) for issue in issues] == [
        ("judgment-printed-twice", "the overview prints no grade; the other place does")
    ]

"""Judgments that sentences state: what is one, and all that only looks like one."""

from dataclasses import replace

import pytest

from pipelines.extract.stated_judgments import stated_judgment_rows
from pipelines.families.pillar_web_page import outline_of_web_page
from pipelines.issues import Issue
from pipelines.reports import Report, report_from_bytes

PREVENT = "How effective is the force at preventing crime and anti-social behaviour, and keeping people safe?"
INVESTIGATE = "How effective is the force at investigating crime and managing offenders?"
PROTECT = "How effective is the force at protecting from harm those who are vulnerable, and supporting victims?"
TACKLE = (
    "How effective is the force at tackling serious and organised crime, including its arrangement for fulfilling its "
    "national policing responsibilities?"
)
QUESTIONS = {"1": PREVENT, "2": INVESTIGATE, "3": PROTECT, "4": TACKLE}


def page(*lines: str, force: str = "Kent", year: int = 2015, pillar: str = "Effectiveness") -> Report:
    """A page with these lines below its title."""
    return report_from_bytes("\n".join([f"{force} PEEL {year}", pillar, *lines]).encode(), "page.txt")


def judged(report: Report) -> tuple[dict[str, str | None], list[Issue]]:
    """The grade of each question printed, by its number, and the issues."""
    rows, issues = stated_judgment_rows(report, outline_of_web_page(report))
    return {row["question_id"].rsplit("-", 1)[1]: row["grade"] for row in rows}, issues


def grade_of(number: str, *sentences: str, before: str = "The force listens to its communities.") -> str | None:
    """The grade of one question below which these sentences stand."""
    grades, _ = judged(page(QUESTIONS[number], before, " ".join(sentences), "The force plans its work."))
    return grades[number]


@pytest.mark.parametrize(
    ("number", "sentence", "grade"),
    [
        ("1", "Kent Police is good at preventing anti-social behaviour and crime and keeping people safe.", "Good"),
        ("1", "The force is outstanding at preventing crime and ASB, and at keeping people safe.", "Outstanding"),
        (
            "1",
            "Overall, Kent Police requires improvement in how it prevents crime and anti-social behaviour and keeps "
            "people safe.",
            "Requires improvement",
        ),
        ("1", "It is good at preventing crime and antisocial behaviour and keeping communities safe.", "Good"),
        ("2", "Kent Police is good at investigating crime and managing offenders.", "Good"),
        ("2", "HMIC found that the force is inadequate at investigating crime and managing offenders.", "Inadequate"),
        ("2", "HMIC has judged Kent Police to be good at investigating crime and managing offenders.", "Good"),
        (
            "2",
            "The force is judged as requiring improvement at investigating crime and managing offenders.",
            "Requires improvement",
        ),
        (
            "2",
            "Although HMIC saw some good work, the force requires improvement in its approach to investigating crime "
            "and managing offenders.",
            "Requires improvement",
        ),
        ("2", "Kent Police has been graded as good for how it investigates crime and manages offenders.", "Good"),
        ("2", "The force’s approach to investigating crime and managing offenders is outstanding.", "Outstanding"),
        ("2", "The force is still good at investigating crime and managing offenders in Kent.", "Good"),
        ("2", "The force is good, overall, at investigating crime and managing offenders across the county.", "Good"),
        ("2", "Kent Police is good at investigating crime and managing offenders, but can do more.", "Good"),
        ("2", "Kent Police is good at investigating crime and managing offenders as it was in 2014.", "Good"),
        (
            "3",
            "The force is inadequate at protecting vulnerable people from harm and supporting victims.",
            "Inadequate",
        ),
        ("3", "Kent Police is good at protecting those who are vulnerable and supporting victims.", "Good"),
        (
            "3",
            "The force requires improvement at protecting from harm those who are vulnerable, and supporting victims.",
            "Requires improvement",
        ),
        (
            "4",
            "Kent Police’s overall response to tackling organised crime groups is outstanding; however, more is to do.",
            "Outstanding",
        ),
        ("4", "The force’s overall response to serious and organised crime is inadequate.", "Inadequate"),
        ("4", "The force's overall approach to organised crime requires improvement.", "Requires improvement"),
        ("4", "Kent Police is outstanding at tackling serious and organised crime.", "Outstanding"),
        ("4", "The effectiveness of Kent Police at tackling serious and organised crime is good.", "Good"),
        ("4", "The overall response of the force to organised crime groups is inadequate.", "Inadequate"),
        ("2", "In HMIC’s view, Kent Police is good at both investigating crime and managing offenders.", "Good"),
        ("2", "In 2014 it was weak; it is now good at investigating crime and managing offenders.", "Good"),
        ("2", "The force has improved and is now good at investigating crime and managing offenders.", "Good"),
        ("4", "This year the force is good at tackling serious and organised crime.", "Good"),
        ("4", "HMIC’s inspection found that the force is good at tackling serious and organised crime.", "Good"),
        (
            "4",
            "In terms of its effectiveness, in general, the force is good at tackling serious and organised crime.",
            "Good",
        ),
    ],
)
def test_a_sentence_that_states_the_judgment_gives_the_grade(number: str, sentence: str, grade: str) -> None:
    assert grade_of(number, sentence) == grade


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        # Denied, hoped for, hedged, conditional.
        ("2", "The force is not good at investigating crime and managing offenders."),
        ("2", "The force is not yet good at investigating crime and managing offenders."),
        ("2", "The force is nearly good at investigating crime and managing offenders."),
        ("2", "The force is generally good at investigating crime and managing offenders."),
        ("2", "The force is becoming good at investigating crime and managing offenders."),
        ("2", "The force could be outstanding at investigating crime and managing offenders."),
        ("2", "The force aims to be good at investigating crime and managing offenders."),
        ("2", "If this goes on, the force is good at investigating crime and managing offenders."),
        ("2", "The force is good at investigating crime and managing offenders when it has enough officers."),
        ("2", "The force is no longer outstanding at investigating crime and managing offenders."),
        ("2", "It is important that the force is good at investigating crime and managing offenders."),
        ("2", "We do not consider that the force is good at investigating crime and managing offenders."),
        ("2", "The force is far from good at investigating crime and managing offenders."),
        ("2", "The force needs to improve how it investigates crime and manages offenders."),
        ("2", "The force does not require improvement at investigating crime and managing offenders."),
        # Another year, another force, somebody else's words.
        ("2", "In 2014 the force was judged to be good at investigating crime and managing offenders."),
        ("2", "The force was good at investigating crime and managing offenders."),
        ("2", "The force has been good at investigating crime and managing offenders."),
        ("2", "HMIC judged the force to be good at investigating crime and managing offenders."),
        ("2", "The force has been graded as good at investigating crime and managing offenders in 2014."),
        ("2", "HMIC said in 2014 that the force is good at investigating crime and managing offenders."),
        ("2", "In 2014 the force is good at investigating crime and managing offenders."),
        ("2", "Essex Police is good at investigating crime and managing offenders."),
        ("2", "The response of Essex Police to investigating crime and managing offenders is good."),
        ("2", "HMIC’s 2014 inspection found that the force is good at investigating crime and managing offenders."),
        ("2", "Unlike Kent, Essex Police is good at investigating crime and managing offenders."),
        ("2", "Essex Police plans well. It is good at investigating crime and managing offenders."),
        ("2", "Although Essex Police does less, it is good at investigating crime and managing offenders."),
        ("2", "Officers believe that the force is good at investigating crime and managing offenders."),
        ("2", "The force thinks it is good at investigating crime and managing offenders."),
        ("2", "‘The force is good at investigating crime and managing offenders,’ one councillor said."),
        ("2", "Is the force good at investigating crime and managing offenders?"),
        ("2", "Some say the force is good at investigating crime and managing offenders?"),
        ("2", "The force is good at investigating crime and managing offenders, its chief constable says."),
        ("2", "The force is good at investigating crime and managing offenders according to its partners."),
        ("2", "Kent Police says that the force is good at investigating crime and managing offenders."),
        ("2", "Essex Police does less; it is good at investigating crime and managing offenders."),
        # A part of the subject, or something else.
        ("4", "The force is good at tackling serious and organised crime locally."),
        ("4", "The force is good at tackling serious and organised crime only on paper."),
        ("1", "Kent Police is good at preventing crime."),
        ("1", "Kent Police is good at preventing anti-social behaviour and keeping people safe."),
        ("2", "Kent Police is good at investigating crime."),
        ("2", "The force requires improvement in its response to managing offenders."),
        ("2", "The force is good at investigating crime and managing offenders in custody."),
        ("2", "The force is good at investigating serious crime and managing offenders."),
        ("2", "The force is good at training those investigating crime and managing offenders."),
        ("2", "The supervision of investigating crime and managing offenders is good."),
        ("2", "The force’s system for investigating crime and managing offenders is good."),
        ("2", "The force’s approach to investigating crime and managing offenders is good value for money."),
        ("3", "The force is good at analysing its victims, offenders and locations."),
        ("3", "Kent Police generally provides a good service to vulnerable victims."),
        ("3", "The force requires improvement in its response to missing children."),
        ("4", "The force’s response to organised crime is good."),
        ("4", "The force has a good understanding of serious and organised crime."),
        ("4", "The force does outstanding work at tackling serious and organised crime."),
        ("4", "The force is good at mapping serious and organised crime groups."),
        ("4", "The force’s overall response to cyber crime is good."),
        ("4", "The force’s overall response to organised crime in its prisons is good."),
        ("4", "Staff are good at tackling serious and organised crime."),
        ("4", "This is the first year HMIC has graded forces on tackling serious and organised crime; many are good."),
        # Nothing of the scale.
        ("4", "The force is adequate at tackling serious and organised crime."),
        ("4", "The force is excellent at tackling serious and organised crime."),
        ("4", "The force is very good at tackling serious and organised crime."),
        ("4", "The force is good."),
    ],
)
def test_what_only_looks_like_a_judgment_gives_none(number: str, sentence: str) -> None:
    assert grade_of(number, sentence) is None


def test_the_force_after_another_force_is_not_certain() -> None:
    sentence = "The force is good at investigating crime and managing offenders."
    assert grade_of("2", sentence, before="Kent and Essex work together.") == "Good"
    assert grade_of("2", sentence, before="Essex Police works with its partners.") is None


def test_a_question_without_a_judgment_is_not_stated_and_a_note_says_so() -> None:
    report = page(INVESTIGATE, "The force does well.")
    rows, issues = stated_judgment_rows(report, outline_of_web_page(report))
    (row,) = rows
    assert (row["grade"], row["grade_rank"], row["scale_id"]) == (None, None, None)
    assert row["judgment_status"] == "not_stated"
    assert (row["line_start"], row["printed"], row["section_line"]) == (3, INVESTIGATE, None)
    stated = [issue for issue in issues if issue.check_id == "judgment-stated"]
    assert [(issue.severity, issue.row_key) for issue in stated] == [("note", "question_id=peel-2015-effectiveness-2")]


def test_a_judgment_of_a_part_is_named_in_the_note() -> None:
    _, issues = judged(page(INVESTIGATE, "Kent Police is good at investigating crime."))
    (note,) = [issue for issue in issues if issue.check_id == "judgment-stated"]
    assert (note.severity, note.found) == ("note", "Kent Police is good at investigating crime.")
    assert "a part of what the question asks" in note.message


def test_questions_that_a_page_does_not_print_are_said() -> None:
    _, issues = judged(page(PREVENT, "Text.", INVESTIGATE, "Text."))
    missing = [issue.row_key for issue in issues if issue.check_id == "judgment-question"]
    assert missing == ["question_id=peel-2015-effectiveness-3", "question_id=peel-2015-effectiveness-4"]


def test_a_sentence_below_another_question_or_in_a_box_states_nothing() -> None:
    sentence = "The force is good at investigating crime and managing offenders."
    grades, _ = judged(page(PREVENT, sentence, INVESTIGATE, "Text.", "Areas for improvement", f"- {sentence}"))
    assert grades == {"1": None, "2": None}


def test_two_sentences_that_differ_give_no_grade_and_an_error() -> None:
    first = "The force is good at investigating crime and managing offenders."
    report = page(INVESTIGATE, first, "Text.", first.replace("good", "inadequate"))
    grades, issues = judged(report)
    assert grades == {"2": None}
    (error,) = [issue for issue in issues if issue.severity == "error"]
    assert (error.check_id, error.line_start) == ("judgment-agrees", 4)
    assert "good (line 4) and inadequate (line 6)" in error.message


def test_the_same_grade_twice_is_one() -> None:
    sentence = "The force is good at investigating crime and managing offenders."
    grades, issues = judged(page(INVESTIGATE, sentence, sentence))
    assert grades == {"2": "Good"}
    assert [issue for issue in issues if issue.severity == "error"] == []


def test_one_sentence_of_the_summary_may_judge_several_questions() -> None:
    report = page(
        "HMI observations",
        "In terms of its effectiveness, in general, Kent Police is good at reducing crime and preventing offending, "
        "requires improvement at investigating offending, and is outstanding at tackling anti-social behaviour.",
        "How effective is the force at reducing crime and preventing offending?",
        "Text.",
        "How effective is the force at investigating offending?",
        "Text.",
        "How effective is the force at tackling anti-social behaviour?",
        "The force is outstanding at tackling anti-social behaviour.",
        year=2014,
    )
    rows, issues = stated_judgment_rows(report, outline_of_web_page(report))
    assert [(row["grade"], row["summary_line"], row["section_line"]) for row in rows] == [
        ("Good", 4, None),
        ("Requires improvement", 4, None),
        ("Outstanding", 4, 10),
    ]
    assert issues == []


def test_a_label_below_the_question_is_its_grade() -> None:
    report = page(
        PREVENT, "Good", "Text.", INVESTIGATE, "Requires", "improvement", "Text.", PROTECT, "Ungraded", "Text."
    )
    rows, issues = stated_judgment_rows(report, outline_of_web_page(report))
    assert [(row["grade"], row["judgment_status"], row["line_start"], row["line_end"]) for row in rows] == [
        ("Good", "graded", 4, 4),
        ("Requires improvement", "graded", 7, 8),
        (None, "ungraded", 11, 11),
    ]
    assert [issue.check_id for issue in issues] == ["judgment-question"]


def test_a_list_of_questions_with_their_grades_is_the_summary() -> None:
    report = page(PREVENT, "Good", INVESTIGATE, "Good", PREVENT, "Good", "Text.", INVESTIGATE, "Inadequate", "Text.")
    rows, issues = stated_judgment_rows(report, outline_of_web_page(report))
    assert [(row["grade"], row["summary_line"], row["section_line"]) for row in rows] == [
        ("Good", 4, 8),
        (None, None, None),
    ]
    assert [issue.check_id for issue in issues if issue.severity == "error"] == ["judgment-agrees"]


def test_a_label_of_another_scale_is_refused() -> None:
    grades, issues = judged(page(PREVENT, "Fair", "Text."))
    assert grades == {"1": None}
    assert "judgment-scale" in {issue.check_id for issue in issues if issue.severity == "error"}


def test_a_label_and_a_sentence_that_differ_give_no_grade() -> None:
    grades, issues = judged(page(TACKLE, "Good", "The force is inadequate at tackling serious and organised crime."))
    assert grades == {"4": None}
    assert "judgment-agrees" in {issue.check_id for issue in issues}


def test_a_grade_of_the_whole_pillar_has_no_question_and_is_noted() -> None:
    pillar = "How effective is the force at keeping people safe and reducing crime?"
    grades, issues = judged(page(pillar, "Overall judgment", "Good", PREVENT, "Text."))
    assert grades == {"1": None}
    assert ("note", "Good") in {(issue.severity, issue.found) for issue in issues}


def test_other_pillars_are_judged_where_their_questions_are_known() -> None:
    report = page(
        "How well does the force use its resources to meet its demand?",
        "Kent Police is good at using its resources to meet demand.",
        "How sustainable and affordable is the workforce model?",
        "Text.",
        pillar="Efficiency",
    )
    grades, _ = judged(report)
    assert grades == {"1": "Good", "2": None}


@pytest.mark.parametrize(
    "line",
    [
        "the force is good at " * 5_000,
        "Although " + "the force is good at, " * 5_000,
        "its overall response to " * 5_000,
        "Essex Police plans; " + "the force is good at x; " * 5_000,
        "The force is good at investigating crime and managing offenders" + " and is good at" * 10_000,
    ],
)
def test_hostile_lines_take_linear_time(line: str) -> None:
    report = page(INVESTIGATE)
    # Put in behind the checks of a whole file.
    assert judged(replace(report, lines=(*report.lines, line)))[0].keys() == {"2"}


def test_a_summary_of_findings_is_read_for_its_label_and_its_sentence() -> None:
    sentence = "The force is good at investigating crime and managing offenders."
    report = page(INVESTIGATE, "Text.", "Summary of findings", "Good", sentence)
    rows, issues = stated_judgment_rows(report, outline_of_web_page(report))
    assert [(row["grade"], row["section_line"]) for row in rows] == [("Good", 6)]
    assert [issue for issue in issues if issue.severity == "error"] == []


@pytest.mark.parametrize(
    "name", ["Devon and Cornwall Police", "Devon & Cornwall Police", "The Devon and Cornwall Police"]
)
def test_a_force_is_known_by_its_name_however_it_is_spelled(name: str) -> None:
    grades, _ = judged(
        page(TACKLE, f"{name} is good at tackling serious and organised crime.", force="Devon and Cornwall")
    )
    assert grades == {"4": "Good"}


def test_the_question_of_the_pillar_is_judged_where_the_programme_asks_it() -> None:
    report = page(
        "How effective is the force at keeping people safe and reducing crime?",
        "Kent Police is good at keeping people safe and reducing crime. It requires improvement at protecting those "
        "who are vulnerable from harm and supporting victims. In 2015 it was good.",
        "How effective is the force at preventing crime, tackling anti-social behaviour and keeping people safe?",
        "The force is outstanding at preventing crime, tackling anti-social behaviour and keeping people safe.",
        "How effective is the force at protecting those who are vulnerable from harm, and supporting victims?",
        "Text.",
        year=2016,
    )
    grades, _ = judged(report)
    assert grades == {"overall": "Good", "1": "Outstanding", "3": "Requires improvement"}


def test_a_force_with_its_abbreviation_is_the_force() -> None:
    assert grade_of("2", "Kent Police (KP) is good at investigating crime and managing offenders.") == "Good"


def test_a_second_grade_in_a_sentence_is_that_of_its_own_subject() -> None:
    """The grade behind "and" is of what follows it, not of the question that the first grade is of."""
    protect = "protecting from harm those who are vulnerable and supporting victims"
    sentence = (
        f"The force is good at investigating crime and managing offenders, and requires improvement at {protect}."
    )
    assert (grade_of("2", sentence), grade_of("3", sentence)) == ("Good", "Requires improvement")
    twice = "The force is good at investigating crime and managing offenders and inadequate at "
    assert grade_of("2", f"{twice}investigating crime and managing offenders.") is None

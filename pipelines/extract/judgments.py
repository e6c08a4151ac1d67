"""The grade of each question of a PEEL 2016 effectiveness report, to ``judgments``.

A grade is printed twice: in the overview's list and below the "Summary of findings" of the question's own section.
Both must say the same; where they do not, or neither says anything, no grade is published and an issue says why.
Prose never makes a grade: a sentence that gives the force another one only raises a warning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

from pipelines.issues import Issue
from pipelines.questions import Question, grades_best_to_worst, questions_of
from pipelines.reports import Report
from pipelines.sentences import Sentence
from pipelines.structure import Outline, Part

UNGRADED = "ungraded"
# Questions of the overview that stand before too few grades, at most; a report has five.
MOST_QUESTIONS = 6
UNSETTLED = "the overview does not print each grade below its question: which is this one's cannot be told"
# Words of a question that say what it is about are told from these.
_COMMON = "how effective effectively well what extent does the force forces are is at and who those from"
COMMON_WORDS = frozenset(_COMMON.split())
# What makes a sentence speak of another year than the report's own.
OTHER_YEAR = re.compile(
    r"\b(?:in (?:19|20)\d\d|last year|previous(?:ly)?|at that time|our (?:19|20)\d\d)\b", re.IGNORECASE
)
SAME_YEAR = re.compile(r"\b(?:now|this year|consistent with)\b", re.IGNORECASE)
# What gives a grade to the subject before it.
ADVERBS = r"(?:(?:overall|still|also|now|clearly|currently|generally|therefore|nevertheless|,)\s)*"
HAS_GRADE = re.compile(
    rf"\s{ADVERBS}"
    rf"(?:(?P<verb>is|has been)\s{ADVERBS}(?:(?:judged|graded|assessed|rated)\s(?:to be\s|as\s)?{ADVERBS})?)?"
    r"(?P<grade>(?(verb)(?:outstanding|good|adequate|inadequate|requiring improvement)|requires improvement))\b",
    re.IGNORECASE,
)
# Where the clause that gives a grade ends.
CLAUSE_END = re.compile(r"[;:]|, (?:but|although|however|and)\b| but ")


@dataclass(frozen=True)
class Label:
    """A grade as printed. ``is_certain``: the order of the text leaves no doubt which question it belongs to."""

    grade: str
    line_start: int
    line_end: int
    is_certain: bool = True


@dataclass(frozen=True)
class Verdict:
    """What both places together say of a question. ``label`` is the one that is cited."""

    label: Label | None
    problem: tuple[str, str, str] | None = None  # check_id, severity, message


def judgment_rows(report: Report, outline: Outline) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One row per question of the programme that the report prints (``schema.JUDGMENTS``), and what is wrong with
    them."""
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    own = _own(outline)
    listed, unsettled = _listed(outline, own)
    printed = dict(outline.questions)
    for question in questions_of(report.programme_id, report.pillar):
        number = question.number
        place = _place(outline, number)
        summary = own.get(number, []) if number == "overall" else listed.get(number, [])
        section = [] if number == "overall" else own.get(number, [])
        if number not in printed or (place is None and not summary and not section):
            issues.append(
                _issue(report, question, "judgment-question", "error", "the report does not print this question")
            )
            continue
        row, found = judged(
            report, outline, question, printed[number], summary, section, place, is_unsettled=number in unsettled
        )
        rows.append(row)
        issues += found
    return rows, issues


def judged(
    report: Report,
    outline: Outline,
    question: Question,
    text: str,
    summary: list[Label],
    section: list[Label],
    place: Part | None,
    *,
    is_unsettled: bool = False,
) -> tuple[dict[str, Any], list[Issue]]:
    """The row of one question, and what is wrong with it.

    ``text`` is the question as printed and ``place`` where; ``summary`` and ``section`` are its labels in the overview
    and in its own section; ``is_unsettled``: the overview prints grades, but which is this question's cannot be told.
    """
    lines = _lines(summary + section, place)
    verdict = _verdict(report, question, summary, section, is_unsettled)
    row = _row(report, question, text, verdict.label, summary, section, lines)
    issues = [_issue(report, question, *verdict.problem, lines=lines)] if verdict.problem else []
    if row["grade"]:
        issues += _contradictions(report, outline, question, row["grade"])
    return row, issues


def _listed(outline: Outline, own: dict[str, list[Label]]) -> tuple[dict[str, list[Label]], set[str]]:
    """The overview's grades by question number, and the questions whose grades there cannot be told apart.

    Questions may stand together before their grades. Which belongs to which is then certain only if all are the same,
    or if the questions' own sections print just these grades.
    """
    found: dict[str, list[Label]] = {}
    unsettled: set[str] = set()
    for questions, grades in _runs(outline):
        numbers = [part.question_no or "" for part in questions]
        labels = [Label(_folded(part.text), part.line_start, part.line_end) for part in grades]
        if grades and len(numbers) > len(labels):
            numbers, labels = _with_a_grade(numbers, labels, own)
        if len(numbers) != len(labels):
            unsettled.update(numbers if grades else ())
            continue
        settled = [own[number][0].grade for number in numbers if number in own]
        if len({label.grade for label in labels}) > 1:
            if sorted(settled) == sorted(label.grade for label in labels):
                pool = list(labels)
                labels = [_taken(pool, grade) for grade in settled]
            else:
                labels = [replace(label, is_certain=False) for label in labels]
        for number, label in zip(numbers, labels, strict=True):
            found.setdefault(number, []).append(label)
    return found, unsettled


def _with_a_grade(
    numbers: list[str], labels: list[Label], own: dict[str, list[Label]]
) -> tuple[list[str], list[Label]]:
    """The questions to which these fewer grades belong: those right above them if their sections say the same, or the
    only ones whose sections do. A single grade that no section prints is the last question's, though not certainly."""
    graded = [label.grade for label in labels]

    def agree(some: tuple[str, ...]) -> bool:
        return [own[number][0].grade if number in own else None for number in some] == graded

    nearest = tuple(numbers[-len(labels) :])
    if agree(nearest):
        return list(nearest), labels
    if len(numbers) > MOST_QUESTIONS:
        return numbers, labels
    others = [some for some in combinations(numbers, len(labels)) if agree(some)]
    if len(others) == 1:
        return list(others[0]), labels
    if not others and len(labels) == 1:
        return list(nearest), [replace(labels[0], is_certain=False)]
    return numbers, labels


def _taken(labels: list[Label], grade: str) -> Label:
    """The first label with this grade, taken out of the list."""
    return labels.pop(next(order for order, label in enumerate(labels) if label.grade == grade))


def _runs(outline: Outline) -> Iterator[tuple[list[Part], list[Part]]]:
    """Questions of the overview's list and the grades that follow them, before the next question."""
    questions: list[Part] = []
    grades: list[Part] = []
    for part in outline.parts:
        if part.kind == "summary_question":
            if grades:
                yield questions, grades
                questions, grades = [], []
            questions.append(part)
        elif part.kind == "grade" and part.question_no is None:
            grades.append(part)
    if questions:
        yield questions, grades


def _own(outline: Outline) -> dict[str, list[Label]]:
    """Grades below "Overall judgment" and in the questions' own sections, by question number."""
    found: dict[str, list[Label]] = {}
    for part in outline.of_kind("grade"):
        if part.question_no is not None:
            label = Label(_folded(part.text), part.line_start, part.line_end)
            found.setdefault(part.question_no, []).append(label)
    return found


def _folded(text: str) -> str:
    grade = " ".join(text.split()).lower()
    return UNGRADED if grade == "not graded" else grade


def _place(outline: Outline, number: str) -> Part | None:
    """Where the question itself is printed: its section's heading, or the overview's."""
    headings = [
        part
        for part in outline.parts
        if part.question_no == number
        and (part.kind in ("core_question", "summary_question") or (number == "overall" and part.kind == "section"))
    ]
    return min(headings, key=lambda part: (part.kind == "summary_question", part.line_start), default=None)


def _verdict(
    report: Report, question: Question, summary: list[Label], section: list[Label], is_unsettled: bool
) -> Verdict:
    known = {UNGRADED, *grades_best_to_worst(report.programme_id)}
    labels = [*section, *summary]
    strange = next((label for label in labels if label.grade not in known), None)
    if strange:
        return Verdict(None, ("judgment-scale", "error", f"{strange.grade!r} is no grade of {report.programme_id}"))
    if not labels and is_unsettled:
        return Verdict(None, ("judgment-stated", "error", UNSETTLED + ", and the section prints none to settle it"))
    if not labels:
        severity = "note" if question.is_graded is False else "error"
        return Verdict(None, ("judgment-stated", severity, "no grade is printed for this question"))
    certain = [label for label in labels if label.is_certain]
    if not certain:
        return Verdict(None, ("judgment-stated", "error", UNSETTLED + ", and the section prints none to settle it"))
    grades = {label.grade for label in certain} | {label.grade for label in summary}
    if len(grades) > 1:
        message = "overview and section do not print the same grade: " + " and ".join(
            f"{label.grade} (line {label.line_start})" for label in _first_of_each_grade(labels)
        )
        return Verdict(None, ("judgment-agrees", "error", message + "; none is published"))
    missing = None
    if question.number != "overall" and not (summary and section):
        place = "overview" if not summary else "section"
        message = f"the {place} prints no grade; the other place does"
        if place == "overview" and is_unsettled:
            message = UNSETTLED + "; the section's is published"
        missing = ("judgment-printed-twice", "warning", message)
    return Verdict(certain[0], missing)


def _first_of_each_grade(labels: list[Label]) -> list[Label]:
    """The first place of each grade, in line order."""
    first: dict[str, Label] = {}
    for label in sorted(labels, key=lambda label: label.line_start):
        first.setdefault(label.grade, label)
    return list(first.values())


def _row(
    report: Report,
    question: Question,
    text: str,
    label: Label | None,
    summary: list[Label],
    section: list[Label],
    lines: tuple[int, int],
) -> dict[str, Any]:
    scale = grades_best_to_worst(report.programme_id)
    graded = label is not None and label.grade != UNGRADED
    if label is not None:
        lines = (label.line_start, label.line_end)
    return {
        "report_id": report.report_id,
        "question_id": question.question_id,
        "question": text,
        "scale_id": question.scale_id if graded else None,
        "grade": label.grade.capitalize() if label and graded else None,
        "grade_rank": scale.index(label.grade) + 1 if label and graded else None,
        "judgment_status": "not_stated" if label is None else "graded" if graded else "ungraded",
        "summary_line": summary[0].line_start if summary else None,
        "section_line": section[0].line_start if section else None,
        "line_start": lines[0],
        "line_end": lines[1],
        "printed": report.printed(*lines),
    }


def _lines(labels: list[Label], place: Part | None) -> tuple[int, int]:
    """The lines of the first label, or of the question where no label is printed."""
    if labels:
        return labels[-1].line_start, labels[-1].line_end
    return (place.line_start, place.line_end) if place else (1, 1)


# --- prose against labels -------------------------------------------------------------------------------------------


def _contradictions(report: Report, outline: Outline, question: Question, grade: str) -> Iterator[Issue]:
    """Sentences beside the label that give the force itself another grade in the same area, this year."""
    subject = _subject(report.force_name)
    for sentence in outline.sentences:
        if sentence.place != "summary" or sentence.question_no != question.number:
            continue
        for start, match in _statements(subject, sentence.text):
            said = "requires improvement" if "requir" in match.group("grade").lower() else match.group("grade").lower()
            if said != grade.lower() and _is_of_this_question(sentence, start, match.end(), question):
                lines = sentence.lines(start, len(sentence.text))
                printed = sentence.text[start : match.end()]
                message = f"the label is {grade}, but the prose beside it says: {printed!r}; the label is published"
                yield _issue(report, question, "judgment-prose", "warning", message, lines, grade, sentence.text)


def _statements(subject: re.Pattern[str], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Where the force itself is given a grade in the present tense: the start, and the match of what follows it. Traps:
    "the force’s support requires improvement" speaks of its support, "we judged the force to require improvement" of
    another year."""
    end = 0
    for named in subject.finditer(text):
        match = HAS_GRADE.match(text, named.end()) if named.start() >= end else None
        if match:
            end = match.end()
            yield named.start(), match


@lru_cache(maxsize=64)
def _subject(force_name: str) -> re.Pattern[str]:
    """The words for the force; apart from ``HAS_GRADE``, which takes long to compile and is the same for every one."""
    name = re.escape(force_name).replace(r"\ ", r"\s")
    return re.compile(rf"\b(?:the force|{name}|it)(?=\s)", re.IGNORECASE)


def _is_of_this_question(sentence: Sentence, start: int, stop: int, question: Question) -> bool:
    """Whether at least half of what the question is about stands behind the grade, in the same clause."""
    before, after = sentence.text[:start], sentence.text[stop:]
    end = CLAUSE_END.search(after)
    clause = after[: end.start()] if end else after
    if OTHER_YEAR.search(before) and not SAME_YEAR.search(before):
        return False
    words = [
        word for word in re.findall(r"[a-z]+", question.text.lower()) if len(word) > 3 and word not in COMMON_WORDS
    ]
    told = sum(word[:4] in clause.lower() for word in words)
    return bool(words) and told * 2 >= len(words)


def _issue(
    report: Report,
    question: Question,
    check_id: str,
    severity: str,
    message: str,
    lines: tuple[int, int] | None = None,
    expected: str | None = None,
    found: str | None = None,
) -> Issue:
    place = f", line {lines[0]}" if lines else ""
    return Issue(
        check_id,
        severity,
        f"{report.source_file}{place}: {question.question_id}: {message}",
        table_name="judgments",
        report_id=report.report_id,
        source_file=report.source_file,
        row_key=f"question_id={question.question_id}",
        expected=expected,
        found=found,
        line_start=lines[0] if lines else None,
        line_end=lines[1] if lines else None,
    )

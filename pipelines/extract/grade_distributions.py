"""How many forces were given each grade nationally, to ``grade_distributions``.

A report prints each distribution twice: in its summary table and in the framework's own section. A number is published
only where the copies that can be read agree. Nothing is repaired: a distribution that does not add up to the forces of
England and Wales is published as printed, with an issue.

Belongs here: comparing the copies. Does not belong here: finding them in a text (``pipelines.families``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.issues import Issue
from pipelines.questions import Question, grades_best_to_worst
from pipelines.reference import load
from pipelines.reports import Report

SUMMARY, SECTION = "summary", "section"


@dataclass(frozen=True)
class Count:
    """A printed number of forces, the grade it stands below (lower case) and its line."""

    grade: str
    forces: int
    line: int


@dataclass(frozen=True)
class Distribution:
    """One copy of a distribution. ``place`` is ``summary`` or ``section``."""

    question_no: str
    place: str
    counts: tuple[Count, ...]

    @property
    def forces(self) -> int:
        """All forces counted."""
        return sum(count.forces for count in self.counts)


def grade_distribution_rows(
    report: Report, questions: Sequence[Question], copies: Sequence[Distribution]
) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One row per graded question and grade (``schema.GRADE_DISTRIBUTIONS``), and what is wrong with them. The
    section's number is cited, or the summary's where the section has none."""
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    for question in questions:
        own = [copy for copy in copies if copy.question_no == question.number]
        if {copy.place for copy in own} != {SUMMARY, SECTION}:
            missing = [place for place in (SUMMARY, SECTION) if all(copy.place != place for copy in own)]
            message = f"no national grade distribution can be read in the {' or in the '.join(missing)}"
            issues.append(_issue(report, question, "distribution-printed-twice", "warning", message))
        issues += _sums(report, question, own)
        for grade in grades_best_to_worst(report.programme_id):
            counts = [(copy.place, count) for copy in own for count in copy.counts if count.grade == grade]
            if len({count.forces for _, count in counts}) == 1:
                rows.append(_row(report, question, grade, counts))
            elif counts:
                issues.append(_disagreement(report, question, grade, counts))
    most = _forces_of_england_and_wales()
    impossible = [row for row in rows if row["forces"] > most]
    for row in impossible:
        lines = (row["line_start"], row["line_end"])
        key = f"question_id={row['question_id']}, grade={row['grade']}"
        message = f"{key}: {row['forces']} forces are more than there are ({most}); left out"
        issues.append(_says(report, "distribution-possible", "error", message, key, lines, str(most), row["forces"]))
    return [row for row in rows if row["forces"] <= most], issues


def _row(report: Report, question: Question, grade: str, counts: Sequence[tuple[str, Count]]) -> dict[str, Any]:
    lines = {place: count.line for place, count in reversed(counts)}
    line = lines.get(SECTION, lines.get(SUMMARY, 1))
    return {
        "report_id": report.report_id,
        "question_id": question.question_id,
        "grade": grade.capitalize(),
        "forces": counts[0][1].forces,
        "summary_line": lines.get(SUMMARY),
        "section_line": lines.get(SECTION),
        "line_start": line,
        "line_end": line,
        "printed": report.printed(line, line),
    }


def _sums(report: Report, question: Question, copies: Sequence[Distribution]) -> list[Issue]:
    """A copy that does not add up: a warning where the other says the same, since that is how it was printed; an error
    where nothing else tells whether a digit is wrong."""
    expected = _forces_of_england_and_wales()
    issues = []
    for copy in copies:
        if copy.forces == expected:
            continue
        others = [other for other in copies if other is not copy]
        same = any(
            [count.forces for count in other.counts] == [count.forces for count in copy.counts] for other in others
        )
        lines = (copy.counts[0].line, copy.counts[-1].line)
        message = f"the {copy.place}'s national grade distribution adds up to {copy.forces} forces, not {expected}"
        severity = "warning" if same else "error"
        issues.append(
            _issue(report, question, "distribution-sum", severity, message, lines, str(expected), copy.forces)
        )
    return issues


def _disagreement(report: Report, question: Question, grade: str, counts: Sequence[tuple[str, Count]]) -> Issue:
    said = " and ".join(f"{count.forces} in the {place} (line {count.line})" for place, count in counts)
    numbers = sorted(count.line for _, count in counts)
    return _issue(
        report,
        question,
        "distribution-agrees",
        "error",
        f"the copies differ in the forces graded {grade}: {said}; none is published",
        (numbers[0], numbers[-1]),
    )


@cache
def _forces_of_england_and_wales() -> int:
    return sum(force["area_type"] == "police_force_area" for force in load("forces"))


def _issue(
    report: Report,
    question: Question,
    check_id: str,
    severity: str,
    message: str,
    lines: tuple[int, int] | None = None,
    expected: str | None = None,
    found: int | None = None,
) -> Issue:
    key = f"question_id={question.question_id}"
    return _says(report, check_id, severity, f"{question.question_id}: {message}", key, lines, expected, found)


def _says(
    report: Report,
    check_id: str,
    severity: str,
    message: str,
    row_key: str,
    lines: tuple[int, int] | None,
    expected: str | None,
    found: int | None,
) -> Issue:
    place = f", line {lines[0]}" if lines else ""
    return Issue(
        check_id,
        severity,
        f"{report.source_file}{place}: {message}",
        table_name="grade_distributions",
        report_id=report.report_id,
        source_file=report.source_file,
        row_key=row_key,
        expected=expected,
        found=None if found is None else str(found),
        line_start=lines[0] if lines else None,
        line_end=lines[1] if lines else None,
    )

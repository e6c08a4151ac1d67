"""The questions that an inspection programme puts, and the scale that their grades are taken from.

Belongs here: typed access to the dimensions ``questions`` and ``programmes``. Does not belong here: what one report
says in answer (``extract.judgments``).
"""

from dataclasses import dataclass
from functools import cache

from pipelines.reference import load
from pipelines.reports import Report


@dataclass(frozen=True)
class Question:
    """A question of a programme. ``is_graded`` is None where that is not known."""

    question_id: str
    number: str
    text: str
    is_graded: bool | None
    scale_id: str | None


def question_id(report: Report, number: str | None) -> str | None:
    """The key of a question of this report's programme: peel-2016-effectiveness-1; None for no question, and for one
    that the dimension does not hold."""
    key = "-".join(part for part in (report.programme_id, report.pillar, number) if part)
    return key if number is not None and key in _question_ids() else None


@cache
def _question_ids() -> frozenset[str]:
    return frozenset(row["question_id"] for row in load("questions"))


@cache
def questions_of(programme_id: str, pillar: str | None) -> tuple[Question, ...]:
    """The questions of a programme and pillar, overall first."""
    found = [
        Question(
            row["question_id"],
            row["question_no"],
            row["question"],
            {"true": True, "false": False}.get(row["is_graded"]),
            row["scale_id"] or None,
        )
        for row in load("questions")
        if (row["programme_id"], row["pillar"]) == (programme_id, pillar or "")
    ]
    return tuple(sorted(found, key=lambda question: (question.number != "overall", question.number)))


def is_known(programme_id: str) -> bool:
    """Whether the dimension ``programmes`` holds this programme."""
    return any(row["programme_id"] == programme_id for row in load("programmes"))


@cache
def grades_best_to_worst(programme_id: str) -> tuple[str, ...]:
    """The grades of a programme's scale, best first, in lower case."""
    for row in load("programmes"):
        if row["programme_id"] == programme_id:
            return tuple(grade.strip() for grade in row["grades"].split(";") if grade.strip())
    return ()

"""A force's record across programmes: which grades may be compared, and the table ``grade_history``.

Belongs here: reading the dimension ``programme_comparability``. Does not belong here: the facts themselves, which are
rows of ``reference/programme_comparability.csv`` and ``reference/questions.csv``, and judgments (``extract``).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pipelines.reference import load

Row = dict[str, Any]


@cache
def programme_order() -> Mapping[str, int]:
    """The place of each programme in time, 1 the first: ``programmes.csv`` stands in this order."""
    return {row["programme_id"]: place for place, row in enumerate(load("programmes"), start=1)}


@cache
def comparable(programme_id: str, other_programme_id: str) -> str | None:
    """Whether grades of two programmes may be compared: yes, with_care or no; None where it is not known."""
    pair = {programme_id, other_programme_id}
    for row in load("programme_comparability"):
        if {row["programme_id"], row["other_programme_id"]} == pair:
            return row["comparable"] if row["comparable"] != "not_known" else None
    return None


def grade_history_rows(tables: Mapping[str, Iterable[Row]]) -> list[Row]:
    """One row per judgment (``schema.GRADE_HISTORY``), from rows of ``reports``, ``judgments``, ``questions`` and
    ``programmes``. Judgments of a report or programme that is not among them are left out."""
    reports = {row["report_id"]: row for row in tables["reports"]}
    continued = {row["question_id"]: row["continues_question_id"] for row in tables["questions"]}
    grades = {row["scale_id"]: len(row["grades"].split(";")) for row in tables["programmes"] if row["scale_id"]}
    judged = [
        (reports[row["report_id"]], row)
        for row in tables["judgments"]
        if row["report_id"] in reports and reports[row["report_id"]]["programme_id"] in programme_order()
    ]
    record: dict[str, dict[str, Row]] = {}
    for report, _ in judged:
        record.setdefault(report["area_code"], {})[report["report_id"]] = report
    previous = {
        report["report_id"]: _previous(report, own.values()) for own in record.values() for report in own.values()
    }
    return [_row(report, judgment, previous[report["report_id"]], grades, continued) for report, judgment in judged]


def _previous(report: Row, record: Iterable[Row]) -> str | None:
    """The latest earlier programme of a force's record that judges the same pillar, or the force as a whole."""
    order = programme_order()
    earlier = {
        other["programme_id"]
        for other in record
        if order[other["programme_id"]] < order[report["programme_id"]]
        and (other["pillar"] == report["pillar"] or None in (other["pillar"], report["pillar"]))
    }
    return max(earlier, key=lambda programme_id: order[programme_id], default=None)


def _row(
    report: Row, judgment: Row, previous: str | None, grades: Mapping[str, int], continued: Mapping[str, str | None]
) -> Row:
    return {
        "area_code": report["area_code"],
        "programme_order": programme_order()[report["programme_id"]],
        "programme_id": report["programme_id"],
        "pillar": report["pillar"],
        "question_id": judgment["question_id"],
        "report_id": report["report_id"],
        "question": judgment["question"],
        "data_period_end": report["data_period_end"],
        "published": report["published"],
        "judgment_status": judgment["judgment_status"],
        "scale_id": judgment["scale_id"],
        "grade": judgment["grade"],
        "grade_rank": judgment["grade_rank"],
        "grades_in_scale": grades[judgment["scale_id"]] if judgment["scale_id"] else None,
        "previous_programme_id": previous,
        "comparable_with_previous": comparable(report["programme_id"], previous) if previous else None,
        "continues_question_id": continued.get(judgment["question_id"]),
    }

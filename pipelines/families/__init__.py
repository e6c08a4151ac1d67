"""How the texts of each family of reports are read: one module a family, which describes its shape in one place.

Belongs here: for a family of ``pipelines.programmes``, its headings, its grading words, and where judgments, findings,
distributions and sentences stand. Does not belong here: telling which family a text is of (``programmes``), what every
family shares (``structure``, ``sentences``, ``extract``), and rows that several families make alike (``extract``).

A reader takes a Report and gives ``Contents``: rows by table name and the issues found on the way. Adding a family is
adding one such module, its line in ``readers`` and its tests. Nothing asks for a year: what differs between the
programmes of one family stands in the text or in the dimensions ``programmes`` and ``questions``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.issues import Issue
from pipelines.reports import Report

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Contents:
    """What one report gave: rows by table name, and the issues found on the way."""

    rows: Mapping[str, Rows]
    issues: tuple[Issue, ...]


Reader = Callable[[Report], Contents]


@cache
def readers() -> Mapping[str, Reader]:
    """The reader of each family, by the family's name. Families without one are registered only."""
    from pipelines.families.integrated_report import read_integrated_report
    from pipelines.families.pillar_report import read_pillar_report
    from pipelines.families.pillar_web_page import read_pillar_web_page
    from pipelines.families.specific_grading_criteria import read_specific_grading_criteria

    return {
        "peel-pillar-report": read_pillar_report,
        "peel-integrated-report": read_integrated_report,
        "peel-pillar-web-page": read_pillar_web_page,
        "specific-grading-criteria-report": read_specific_grading_criteria,
    }

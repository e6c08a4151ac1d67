"""Areas for improvement, causes of concern, strengths and other findings that a report sets apart, to ``findings``.

Only what stands in a box is a finding; running text that mentions one is not. A recommendation belongs to the cause of
concern right above it, a bullet to the text that introduces it.
"""

from typing import Any

from pipelines.issues import Issue
from pipelines.questions import question_id
from pipelines.reports import Report
from pipelines.sentences import is_closed, list_goes_on
from pipelines.structure import Box, BoxItem, Outline

SHORT_NAMES = {
    "area_for_improvement": "afi",
    "cause_of_concern": "coc",
    "recommendation": "rec",
    "innovative_practice": "inn",
    "strength": "str",
    "work_in_progress": "wip",
    "developing_practice": "dev",
    "national_recommendation_progress": "nrp",
}


def finding_rows(report: Report, outline: Outline) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One row per finding and per bullet below one, in printed order (``schema.FINDINGS``), and what is wrong with
    them."""
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    counts = dict.fromkeys(SHORT_NAMES, 0)
    concern: str | None = None
    above: Box | None = None
    empty: dict[str, list[Box]] = {}
    for box in outline.boxes:
        if box.kind not in SHORT_NAMES:
            above = None
            continue
        if not box.items:
            empty.setdefault(box.kind, []).append(box)
        if box.kind != "recommendation" or above is None or above.question_no != box.question_no:
            concern = None
        for item in box.items:
            counts[box.kind] += 1
            finding_id = f"{report.report_id}-{SHORT_NAMES[box.kind]}-{counts[box.kind]}"
            _add(rows, issues, report, box, item, finding_id, concern)
            if box.kind == "cause_of_concern":
                concern = finding_id
        above = box if box.kind in ("cause_of_concern", "recommendation") else None
    for boxes in empty.values():
        more = f" (and {len(boxes) - 1} more of this kind)" if len(boxes) > 1 else ""
        message = f"the box {boxes[0].title!r} holds no text{more}"
        issues.append(_issue(report, "finding-text", "warning", message, boxes[0].line_start, boxes[0].line_end))
    return rows, issues


def _add(
    rows: list[dict[str, Any]],
    issues: list[Issue],
    report: Report,
    box: Box,
    item: BoxItem,
    finding_id: str,
    parent_id: str | None,
) -> None:
    """The row of an item and, behind it, those of the bullets below it."""
    rows.append(
        {
            "report_id": report.report_id,
            "finding_id": finding_id,
            "finding_type": box.kind,
            "question_id": question_id(report, box.question_no),
            "parent_id": parent_id,
            "sequence": len(rows) + 1,
            "text": item.text,
            "line_start": item.line_start,
            "line_end": item.line_end,
            "printed": report.printed(item.line_start, item.line_end),
        }
    )
    # An example of developing practice ends with whom to ask: no sentence.
    if box.kind != "developing_practice" and not (is_closed(item.text) or list_goes_on(item.text)):
        message = f"{finding_id} does not end with a full stop: it may be cut short"
        issues.append(_issue(report, "finding-complete", "warning", message, item.line_start, item.line_end, item.text))
    for order, below in enumerate(item.items, start=1):
        _add(rows, issues, report, box, below, f"{finding_id}-{order}", finding_id)


def _issue(
    report: Report, check_id: str, severity: str, message: str, line_start: int, line_end: int, found: str | None = None
) -> Issue:
    return Issue(
        check_id,
        severity,
        f"{report.source_file}, lines {line_start}-{line_end}: {message}",
        table_name="findings",
        report_id=report.report_id,
        source_file=report.source_file,
        found=found,
        line_start=line_start,
        line_end=line_end,
    )

"""PEEL reports on every area of policing at once (2021/22; in part 2018/19 and 2023-25): what is read from them.

The shape is that of ``integrated_outline``. Areas are matched with the dimension ``questions``, by the name in the
matrix or by the heading of the section; a grade of any other area raises an issue and gives no row. No such report has
an overall grade.
"""

import re
from collections.abc import Iterator

from pipelines.extract.findings import finding_rows
from pipelines.extract.judgments import COMMON_WORDS, UNGRADED, Label, judged
from pipelines.extract.statistics import read_statistics, statistics_rows
from pipelines.families import Contents, Rows
from pipelines.families.integrated_outline import JUDGMENTS, UNKNOWN, Area, Block, Layout, areas_of, layout_of
from pipelines.issues import Issue
from pipelines.markup import hyphen_issues, label_issues
from pipelines.reports import Report
from pipelines.structure import Part
from pipelines.vocabulary import letters

# "We do not make graded judgments in these areas", "This question is not graded": no grade is given. Trap: "we did not
# find that officers grade calls" and "the force doesn't grade its calls" say nothing of the kind.
NO_GRADE = re.compile(
    r"\bwe (?:do|did|have|are|were|will)(?: not|n[’']t) "
    r"(?:(?:make|made|give|given|award|awarded|provide|a|an|any|this|these|the|areas?|question|separate|overall) )*+"
    r"grad(?:e|ed|ing)\b"
    r"|\bwe (?:make|give|award) (?:(?:this|these|the|area|areas|question|section) )*+no (?:graded|grades?)\b"
    r"|\b(?:questions?|areas?|sections?|forces) (?:is|are|was|were|has|have)(?: not|n[’']t) (?:been )?graded\b"
    r"|\b(?:questions?|areas?|sections?) (?:is|are|was|were) (?:left )?ungraded\b",
    re.IGNORECASE,
)
# "our judgment from the 2017 effectiveness inspection has been carried over"
CARRIED_FORWARD = re.compile(
    r"\b(?:judge?ments?|grades?|grading)\b[^.!?]{0,100}"
    r"\b(?:carried (?:over|forward)|still stands?|remains? in place|continues? to stand)\b",
    re.IGNORECASE,
)

# --- judgments ------------------------------------------------------------------------------------------------------


def _judgment_rows(report: Report, layout: Layout) -> tuple[Rows, list[Issue]]:
    """One row per area of the programme that the report prints, and what is wrong with them or could not be placed."""
    rows: Rows = []
    issues = list(_unknown_areas(report, layout))
    for area in areas_of(report.programme_id):
        cells = [cell for cell in layout.cells if letters(cell.text) in area.names]
        summary = [Label(cell.grade, cell.line_start, cell.line_end) for cell in cells if cell.grade]
        section = [
            Label(_grade(part.text), part.line_start, part.line_end)
            for part in layout.outline.of_kind("grade")
            if part.question_no == area.number
        ]
        if not section:
            section = _denied_in_section(layout, area)
        if not cells and area.question.is_graded is not True:
            summary = _denied_in_overview(layout, area)
        place = next((part for part in _headings(layout) if part.question_no == area.number), None)
        if place is None and not cells:
            message = "no section or cell of the report prints this area"
            key = f"question_id={area.question.question_id}"
            issues.append(_issue(report, "judgment-question", message, None, key))
            continue
        is_unsettled = any(cell.grade is None for cell in cells)
        text = cells[0].text if cells else place.text if place else ""
        where = place or Part("table_block", cells[0].line_start, cells[0].line_end, cells[0].text)
        row, found = judged(
            report, layout.outline, area.question, text, summary, section, where, is_unsettled=is_unsettled
        )
        if row["grade"] and _is_carried_forward(layout, area):
            row["judgment_status"] = "carried_forward"
        rows.append(row)
        issues += found
        if len(cells) > 1:
            message = f"the matrix names {cells[0].text!r} {len(cells)} times"
            issues.append(_issue(report, "judgment-named-twice", message, (cells[0].line_start, cells[-1].line_end)))
    return rows, issues


def _headings(layout: Layout) -> list[Part]:
    return layout.outline.of_kind("core_question")


def _grade(text: str) -> str:
    grade = " ".join(text.split()).lower()
    return UNGRADED if grade == "not graded" else grade


def _intros(layout: Layout, area: Area) -> Iterator[Block]:
    """What stands between the heading of an area's section and the first label in it."""
    for stretch in layout.stretches:
        if stretch.kind == "intro" and stretch.number == area.number:
            yield from stretch.blocks


def _denied_in_section(layout: Layout, area: Area) -> list[Label]:
    """Where the section says that it is not graded."""
    for block in _intros(layout, area):
        if NO_GRADE.search(block.plain()):
            return [Label(UNGRADED, block.lines[0].number, block.lines[-1].number)]
    return []


def _denied_in_overview(layout: Layout, area: Area) -> list[Label]:
    """The paragraph below "Our judgments" that says that areas are not graded and names this one: at least half of the
    words of its heading stand there."""
    words = [word for word in re.findall(r"[a-z]+", area.question.text.lower()) if len(word) > 3]
    words = [word for word in words if word not in COMMON_WORDS]
    for stretch in layout.stretches:
        if stretch.title is None or letters(stretch.title.text) not in JUDGMENTS:
            continue
        for block in stretch.blocks:
            text = block.plain().lower()
            told = sum(word[:4] in text for word in words)
            if words and told * 2 >= len(words) and NO_GRADE.search(text):
                return [Label(UNGRADED, block.lines[0].number, block.lines[-1].number)]
    return []


def _is_carried_forward(layout: Layout, area: Area) -> bool:
    return any(CARRIED_FORWARD.search(block.plain()) for block in _intros(layout, area))


def _unknown_areas(report: Report, layout: Layout) -> Iterator[Issue]:
    """Areas with a grade, in the matrix or over a section, that are no question of the programme."""
    known = {name for area in areas_of(report.programme_id) for name in area.names}
    found: dict[str, tuple[str, int, int]] = {}
    for cell in layout.cells:
        if letters(cell.text) not in known:
            found.setdefault(letters(cell.text), (cell.text, cell.line_start, cell.line_end))
    above: Part | None = None
    for part in layout.outline.of_kind("section", "grade"):
        if part.kind == "section":
            above = part
        elif part.question_no == UNKNOWN and above is not None:
            found.setdefault(letters(above.text), (above.text, above.line_start, part.line_end))
    for part in layout.outline.of_kind("stray_grade"):
        message = f"{part.text!r} stands below no heading: what follows has no question, up to the next heading"
        yield _issue(report, "judgment-label", message, (part.line_start, part.line_end), found=part.text)
    for text, first, last in found.values():
        message = f"{text!r} is graded, but no question of {report.programme_id} known here is called so: it has no row"
        yield _issue(report, "judgment-question", message, (first, last), found=text)


def _issue(
    report: Report,
    check_id: str,
    message: str,
    lines: tuple[int, int] | None,
    row_key: str | None = None,
    found: str | None = None,
    table_name: str = "judgments",
) -> Issue:
    place = f", line {lines[0]}" if lines else ""
    subject = f"{row_key.removeprefix('question_id=')}: " if row_key else ""
    return Issue(
        check_id,
        "warning",
        f"{report.source_file}{place}: {subject}{message}",
        table_name=table_name,
        report_id=report.report_id,
        source_file=report.source_file,
        row_key=row_key,
        found=found,
        line_start=lines[0] if lines else None,
        line_end=lines[1] if lines else None,
    )


# --- rows -----------------------------------------------------------------------------------------------------------


def read_integrated_report(report: Report) -> Contents:
    """Judgments, findings and figures of a report on all areas, and what could not be placed."""
    layout = layout_of(report)
    rows: dict[str, Rows] = {}
    rows["judgments"], issues = _judgment_rows(report, layout)
    rows["findings"], found = finding_rows(report, layout.outline)
    rows["statistics"], doubts = statistics_rows(report, read_statistics(report, layout.outline, boxes=True))
    unread = (*label_issues(report), *hyphen_issues(report, layout.outline.boxes))
    return Contents(rows, (*issues, *found, *doubts, *_open_boxes(report, layout), *unread))


def _open_boxes(report: Report, layout: Layout) -> Iterator[Issue]:
    """Boxes whose end is not printed or not certain, and boxes of a kind that ``findings`` does not hold."""
    if layout.is_dense and any(box.items for box in layout.outline.boxes):
        message = "no blank lines stand between paragraphs: findings of one box may have run together"
        yield _issue(report, "finding-paragraphs", message, None, table_name="findings")
    for stretch in layout.stretches:
        if stretch.title is None or stretch.title.kind != "box_title":
            continue
        lines = (stretch.title.line_start, stretch.title.line_end)
        if stretch.kind == "other":
            message = f"{stretch.title.text!r} is no kind of finding known here: its text is left out of findings"
            yield _issue(report, "finding-type", message, lines, found=stretch.title.text, table_name="findings")
        elif not stretch.is_closed and not (stretch.blocks and stretch.blocks[0].sign):
            message = f"where the box {stretch.title.text!r} ends is not printed: only its first finding is taken"
            yield _issue(report, "finding-end", message, lines, found=stretch.title.text, table_name="findings")

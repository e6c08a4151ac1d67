"""The figures that are printed as tables: found under their captions and read, whichever published table they go to.

Belongs here: which lines a table may stand on, its period, and its faults as issues. Does not belong here: the columns
of a published table (``outcomes``, ``crime_rates``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from pipelines.issues import Issue
from pipelines.periods import twelve_month_periods
from pipelines.reports import Report
from pipelines.schema import ENGLAND_AND_WALES
from pipelines.structure import MARKS_ONLY, Caption, Outline, in_plain_characters
from pipelines.tables import Fault, Number, PrintedRow, TableText, read_table
from pipelines.vocabulary import PrintedTable, Row, printed_tables

# A caption cut short by added blank lines still states its period within this many lines.
CAPTION_REACH = 8
# A table stands at most this many filled lines below its caption: extractors move it behind a figure or two sections.
# Nearly all stand nearer, so the rest is looked at only where the table is not found whole there.
NEAR, FURTHEST = 120, 300


@dataclass(frozen=True)
class Printed:
    """One printed table of a report. ``text`` is None where the report's text does not carry it."""

    table: PrintedTable
    caption: Caption
    period: tuple[date, date] | None
    text: TableText | None

    @property
    def data_status(self) -> str:
        """How far the text carries the figure's data (column ``figures.data_status``)."""
        if self.text is None or self.period is None:
            return "not_in_text"
        complete = len(self.text.rows) == len(self.table.rows)
        return "table" if complete and all(row.status != "unassigned" for row in self.text.rows) else "partial"


@dataclass(frozen=True)
class PrintedCell:
    """One cell as published: where the number stands, or the label where no number does."""

    row: Row
    label: str
    area_code: str
    value: float | None
    decimals: int | None
    value_status: str
    line_start: int
    line_end: int
    label_line_start: int
    label_line_end: int


def tables_of(report: Report) -> list[PrintedTable]:
    """The tables that reports of this programme and pillar are known to print."""
    return [table for table in printed_tables(report.programme_id) if table.pillar == report.pillar]


def read_printed_tables(report: Report, outline: Outline) -> tuple[dict[str, Printed], list[Issue]]:
    """The printed tables of a report by table name, and what is wrong with them."""
    found: dict[str, Printed] = {}
    issues: list[Issue] = []
    tables = tables_of(report)
    plain = in_plain_characters(report)
    captions = {table.table_name: caption for table in tables if (caption := _caption(outline, table))}
    for table in tables:
        caption = captions.get(table.table_name)
        if caption is None:
            issues += _no_caption(report, table)
            continue
        lines = _reach(report, outline, caption, list(captions.values()))
        text = read_table(plain, table, lines[:NEAR])
        if text is None or any(fault.severity == "error" for fault in text.faults):
            text = read_table(plain, table, lines)
        printed = Printed(table, caption, _period(report, caption), text)
        found[table.table_name] = printed
        issues += _issues(report, printed)
    return found, issues


def _reach(report: Report, outline: Outline, caption: Caption, captions: list[Caption]) -> list[int]:
    """The filled lines below a caption on which its table may stand: at most to the next table or annex A."""
    ends = [other.line_start for other in captions if other.line_start > caption.line_start]
    below = range(caption.line_end + 1, min([*ends, outline.annex_start]))
    return list(islice((number for number in below if report.lines[number - 1].strip()), FURTHEST))


def printed_cells(report: Report, printed: Printed) -> Iterator[PrintedCell]:
    """Every cell of a table that the text carries, for the force and for England and Wales."""
    if printed.text is None or printed.period is None:
        return
    for row in printed.text.rows:
        for area_code, number in zip((report.area_code, ENGLAND_AND_WALES), row.cells, strict=True):
            yield _cell(printed.table.rows[row.row], row, area_code, number)


def common_columns(report: Report, printed: Printed, cell: PrintedCell) -> dict[str, Any]:
    """The columns that every published table of printed cells has: where, when, the value and its lines."""
    if printed.period is None:
        raise ValueError("a table without a period has no cells")
    return {
        "report_id": report.report_id,
        "area_code": cell.area_code,
        "period_start": printed.period[0],
        "period_end": printed.period[1],
        "value": cell.value,
        "unit": cell.row.unit,
        "decimals": cell.decimals,
        "value_status": cell.value_status,
        "line_start": cell.line_start,
        "line_end": cell.line_end,
        "printed": report.printed(cell.line_start, cell.line_end),
        "label_line_start": cell.label_line_start,
        "label_line_end": cell.label_line_end,
    }


def _cell(row: Row, printed: PrintedRow, area_code: str, number: Number | None) -> PrintedCell:
    first, last = printed.label.lines[0], printed.label.lines[-1]
    has_value = number is not None and number.value is not None
    status = printed.status if has_value or printed.status == "unassigned" else "not_printed"
    return PrintedCell(
        row=row,
        label=printed.label.text,
        area_code=area_code,
        value=float(number.value) if number is not None and number.value is not None else None,
        decimals=number.decimals if number is not None else None,
        value_status=status,
        line_start=number.line if number is not None else min(printed.label.lines),
        line_end=number.line if number is not None else max(printed.label.lines),
        label_line_start=first,
        label_line_end=last,
    )


def _caption(outline: Outline, table: PrintedTable) -> Caption | None:
    """The table's caption in the body of the report; annex A repeats captions without their tables."""
    return next(
        (
            caption
            for caption in outline.captions
            if caption.line_start < outline.annex_start and table.caption.search(caption.text)
        ),
        None,
    )


def _period(report: Report, caption: Caption) -> tuple[date, date] | None:
    """The twelve months that the caption names, also where a footnote mark or blank lines cut it."""
    reach = report.lines[caption.line_start - 1 : caption.line_start - 1 + CAPTION_REACH]
    whole = " ".join(" ".join(line for line in reach if not MARKS_ONLY.match(line)).split())
    return next(iter(twelve_month_periods(caption.text) or twelve_month_periods(whole)), None)


def _no_caption(report: Report, table: PrintedTable) -> list[Issue]:
    message = f"{report.source_file}: no caption found for table {table.table_name}: no rows of it are published"
    severity = "error" if table.required else "note"
    return [
        Issue(
            "figure-caption",
            severity,
            message,
            table_name=table.table_name,
            report_id=report.report_id,
            source_file=report.source_file,
        )
    ]


def _issues(report: Report, printed: Printed) -> list[Issue]:
    caption, table = printed.caption, printed.table
    if printed.text is None:
        message = "no table stands under the caption"
        fault = Fault(
            "figure-table",
            "error" if table.required else "note",
            message,
            caption.line_start,
            caption.line_end,
        )
        return [_issue(report, printed, fault)]
    if printed.period is None:
        message = "the caption states no period: the numbers under it are not published"
        return [
            _issue(
                report,
                printed,
                Fault("figure-period", "error", message, caption.line_start, caption.line_end),
            )
        ]
    return [_issue(report, printed, fault) for fault in printed.text.faults]


def _issue(report: Report, printed: Printed, fault: Fault) -> Issue:
    place = (
        f"line {fault.line_start}"
        if fault.line_start == fault.line_end
        else f"lines {fault.line_start}-{fault.line_end}"
    )
    return Issue(
        check_id=fault.check_id,
        severity=fault.severity,
        message=f"{report.source_file}, {place}: figure {printed.caption.figure}: {fault.message}",
        table_name=printed.table.table_name,
        report_id=report.report_id,
        source_file=report.source_file,
        row_key=None if fault.row is None else f"row={printed.table.rows[fault.row].row_id}",
        expected=fault.expected,
        found=fault.found,
        line_start=fault.line_start,
        line_end=fault.line_end,
    )

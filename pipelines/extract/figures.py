"""Every numbered figure of a report, to ``figures``: its caption, its source, and whether the text carries its data."""

from typing import Any

from pipelines.extract.printed import Printed, tables_of
from pipelines.reports import Report
from pipelines.structure import Outline, has_plotted_numbers, lines_until_next_caption, source_note


def figure_rows(report: Report, outline: Outline, printed: dict[str, Printed]) -> list[dict[str, Any]]:
    """One row per numbered figure (``schema.FIGURES``). A figure that is no printed table is a chart: its picture is
    lost with the PDF, and numbers left loose in the text are ``partial`` at best; so is a table of a programme whose
    tables are not known."""
    tables = {table.caption.figure: table.data_status for table in printed.values()}
    unread = set() if tables_of(report) else {part.line_start for part in outline.of_kind("table_block")}
    rows = []
    for figure, caption in outline.figures().items():
        in_body = caption.line_start < outline.annex_start
        loose = in_body and (
            has_plotted_numbers(report, outline, caption)
            or not unread.isdisjoint(lines_until_next_caption(outline, caption))
        )
        rows.append(
            {
                "report_id": report.report_id,
                "figure": figure,
                "caption": caption.text,
                "data_status": tables.get(figure, "partial" if loose else "not_in_text"),
                "published_source": source_note(report, outline, caption) if in_body else None,
                "line_start": caption.line_start,
                "line_end": caption.line_end,
                "printed": report.printed(caption.line_start, caption.line_end),
            }
        )
    return rows

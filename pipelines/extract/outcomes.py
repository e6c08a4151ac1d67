"""Figures 4 and 8 of a PEEL 2016 effectiveness report, to ``outcome_proportions`` and ``domestic_abuse_outcomes``."""

from typing import Any

from pipelines.extract.printed import Printed, printed_cells
from pipelines.reports import Report


def outcome_rows(report: Report, printed: Printed) -> list[dict[str, Any]]:
    """One row per printed row and area; both tables have the same columns (``schema.OUTCOME_PROPORTIONS``)."""
    if printed.period is None:
        return []
    return [
        {
            "report_id": report.report_id,
            "area_code": cell.area_code,
            "outcome_id": cell.row.row_id,
            "outcome_code": cell.row.code,
            "outcome_label": cell.label,
            "row_type": cell.row.row_type,
            "parent_id": cell.row.parent_id,
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
        for cell in printed_cells(report, printed)
    ]

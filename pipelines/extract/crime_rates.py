"""Figure 2 of a PEEL 2016 effectiveness report, to ``crime_rates``."""

from typing import Any

from pipelines.extract.printed import Printed, printed_cells
from pipelines.reports import Report


def crime_rate_rows(report: Report, printed: Printed) -> list[dict[str, Any]]:
    """One row per crime type and area (``schema.CRIME_RATES``)."""
    if printed.period is None:
        return []
    return [
        {
            "report_id": report.report_id,
            "area_code": cell.area_code,
            "crime_type_id": cell.row.row_id,
            "crime_type_label": cell.label,
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

"""Figure 2 of a PEEL 2016 effectiveness report, to ``crime_rates``."""

from typing import Any

from pipelines.extract.printed import Printed, common_columns, printed_cells
from pipelines.reports import Report


def crime_rate_rows(report: Report, printed: Printed) -> list[dict[str, Any]]:
    """One row per crime type and area (``schema.CRIME_RATES``)."""
    return [
        {
            **common_columns(report, printed, cell),
            "crime_type_id": cell.row.row_id,
            "crime_type_label": cell.label,
        }
        for cell in printed_cells(report, printed)
    ]

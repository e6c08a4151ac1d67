"""Figures 4 and 8 of a PEEL 2016 effectiveness report, to ``outcome_proportions`` and ``domestic_abuse_outcomes``."""

from typing import Any

from pipelines.extract.printed import Printed, common_columns, printed_cells
from pipelines.reports import Report


def outcome_rows(report: Report, printed: Printed) -> list[dict[str, Any]]:
    """One row per printed row and area; both tables have the same columns (``schema.OUTCOME_PROPORTIONS``)."""
    return [
        {
            **common_columns(report, printed, cell),
            "outcome_id": cell.row.row_id,
            "outcome_code": cell.row.code,
            "outcome_label": cell.label,
            "row_type": cell.row.row_type,
            "parent_id": cell.row.parent_id,
        }
        for cell in printed_cells(report, printed)
    ]

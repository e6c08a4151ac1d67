"""Every published number in one long table: the union of the fact tables, to ``observations``.

Belongs here: which tables are joined, and which of their columns say what is measured and of what. Does not belong
here: finding numbers (``extract``), and what a measure means (the dimension ``measures``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.schema import TABLES


@dataclass(frozen=True)
class FactTable:
    """A table of numbers. ``measure_id`` is the one measure of all its rows, or None where each row has its own;
    ``category`` is the column that says of what."""

    name: str
    measure_id: str | None
    category: str | None


# A new table of numbers is one more line here, and its measure one more row of ``measures``.
FACT_TABLES: tuple[FactTable, ...] = (
    FactTable("outcome_proportions", "outcome_proportion", "outcome_id"),
    FactTable("domestic_abuse_outcomes", "domestic_abuse_outcome_rate", "outcome_id"),
    FactTable("crime_rates", "crime_rate", "crime_type_id"),
    FactTable("organised_crime_groups", "organised_crime_group_share", "crime_type_id"),
    FactTable("statistics", None, None),
)
# Columns that a fact table need not have: null in the union where it has none.
SOMETIMES = ("decimals", "direction")
ALWAYS = (
    "report_id",
    "area_code",
    "period_start",
    "period_end",
    "value",
    "unit",
    "value_status",
    "line_start",
    "line_end",
    "printed",
)


def observation_rows(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """One row for each row of a fact table; ``rows`` are rows by table name (``schema.OBSERVATIONS``)."""
    return [_observation(table, row) for table in FACT_TABLES for row in rows.get(table.name, ())]


def row_key(table_name: str, row: Mapping[str, Any]) -> str:
    """The key of a row in its own table, as ``quality_issues`` writes it."""
    return ", ".join(f"{name}={row[name]}" for name in TABLES[table_name].key)


def _observation(table: FactTable, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "table_name": table.name,
        "row_key": row_key(table.name, row),
        "measure_id": table.measure_id or row["measure_id"],
        "category_id": row[table.category] if table.category else None,
        **{name: row[name] for name in ALWAYS},
        **{name: row.get(name) for name in SOMETIMES},
    }

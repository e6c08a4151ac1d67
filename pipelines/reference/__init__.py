"""Facts that do not come from a report: forces, outcomes, programmes and the rows each printed table has.

Belongs here: CSV files of verified facts and their loaders. Does not belong here: anything read from a report.

forces.csv          the 43 territorial forces and England and Wales, with the names met in texts
outcome_types.csv   Home Office outcome types and the inspectorate's groups and totals
programmes.csv      how to tell from a text which inspection programme it belongs to
printed_tables.csv  the figures that are printed as tables, told by the words of their caption
printed_rows.csv    the rows of each printed table, in printed order: the vocabulary that tables are read with
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``<name>.csv`` in file order; an empty cell is an empty string."""
    with files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def dimension_rows(name: str) -> list[dict[str, Any]]:
    """Rows of a published dimension: an empty cell becomes null."""
    return [{column: cell or None for column, cell in row.items()} for row in load(name)]

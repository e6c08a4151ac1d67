"""Facts that do not come from a report: forces, outcomes, programmes and the rows each printed table has.

Belongs here: CSV files of verified facts and their loaders. Does not belong here: anything read from a report.

forces.csv          the 43 territorial forces and England and Wales, with the names met in texts
outcome_types.csv   Home Office outcome types and the inspectorate's groups and totals
programmes.csv      inspection programmes: scales, what is graded, what may be compared
programme_comparability.csv  for each pair of programmes whether grades may be compared, and in whose words
questions.csv       what each programme asked, as far as its wording was seen
printed_tables.csv  the figures that are printed as tables, told by the words of their caption
printed_rows.csv    the rows of each printed table, in printed order: the vocabulary that tables are read with
figure_measures.csv the charts whose values reports give in prose, told by the words of their caption
known_misprints.csv misprints of reports, each with a guard: they stay as printed, and what checks say of them is marked
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.measures import measure_rows


@cache
def load(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``<name>.csv`` in file order; an empty cell is an empty string."""
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def dimension_rows(name: str) -> list[dict[str, Any]]:
    """Rows of a published dimension: an empty cell becomes null, true and false in a column named is_… become flags.

    The dimension ``measures`` is no file: its rows are those of the registry that sentences are read with.
    """
    if name == "measures":
        return measure_rows()
    return [{column: _cell(column, cell) for column, cell in row.items()} for row in load(name)]


def _cell(column: str, cell: str) -> str | bool | None:
    if column.startswith("is_") and cell:
        return {"true": True, "false": False}[cell]
    return cell or None

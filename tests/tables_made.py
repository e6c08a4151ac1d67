"""Printed tables made up for tests: true figures by random shares, and the texts that extractors could make of them."""

import random
from dataclasses import dataclass
from decimal import Decimal

from pipelines.reports import Report, report_from_bytes
from pipelines.vocabulary import PrintedTable, printed_tables

FORCE = "Wiltshire Police"
OPENING = f"""Introduction
HMIC’s effectiveness inspection assessed all of these areas during 2016. This
report sets out our findings for {FORCE}.
"""
OUTCOMES, DOMESTIC_ABUSE, CRIME_RATES = (
    next(table for table in printed_tables("peel-2016") if table.table_name == name)
    for name in ("outcome_proportions", "domestic_abuse_outcomes", "crime_rates")
)
NO_SUSPECT, SUPPORTS = "no_suspect_identified", "evidential_victim_supports"


@dataclass(frozen=True)
class Cells:
    """One row as an extractor sees it."""

    row_id: str
    code: str | None
    label: str
    pair: tuple[str, str] | None


def made_outcomes(rng: random.Random) -> list[Cells]:
    """A figure 4 as it would be printed: shares that add to 100 before they are rounded, groups summed before, too."""
    columns = [_shares(rng), _shares(rng)]
    cells = []
    for row in OUTCOMES.rows:
        pair = None if row.may_be_blank else (_printed(columns[0], row.row_id), _printed(columns[1], row.row_id))
        cells.append(Cells(row.row_id, row.code, row.label, pair))
    return cells


def made_domestic_abuse(rng: random.Random) -> list[Cells]:
    """A figure 8: rates that need not add to anything."""
    return [
        Cells(row.row_id, None, row.label, (f"{rng.uniform(0, 60):.1f}", f"{rng.uniform(0, 60):.1f}"))
        for row in DOMESTIC_ABUSE.rows
    ]


def _shares(rng: random.Random) -> dict[str, Decimal]:
    parents = {total.parent for total in OUTCOMES.sums}
    leaves = [row.row_id for n, row in enumerate(OUTCOMES.rows) if n not in parents]
    weights = {leaf: rng.expovariate(1) * (20 if leaf == NO_SUSPECT else 1) for leaf in leaves}
    scale = 100 / sum(weights.values())
    values = {leaf: Decimal(weight * scale) for leaf, weight in weights.items()}
    for total in sorted(OUTCOMES.sums, key=lambda total: total.parent != OUTCOMES.whole and len(total.members)):
        if OUTCOMES.rows[total.parent].row_type == "group":
            values[OUTCOMES.rows[total.parent].row_id] = sum(
                (values[OUTCOMES.rows[m].row_id] for m in total.members), Decimal(0)
            )
    top = [row.row_id for row in OUTCOMES.rows if row.parent_id == "total_assigned"]
    values["total_assigned"] = sum((values[row_id] for row_id in top), Decimal(0))
    values["total"] = Decimal(100)
    return values


def _printed(values: dict[str, Decimal], row_id: str) -> str:
    return "100.00" if row_id == "total" else f"{values[row_id]:.1f}"


def report_with(block: str, caption: str, after: str = "Source: Home Office data") -> Report:
    """A short report whose only table is this block of text under this caption."""
    prose = "Some prose follows the table and goes on for a while, as prose does."
    text = f"{OPENING}\n{caption}\n{block}\n\n{after}\n{prose}\n"
    return report_from_bytes(text.encode(), "made.txt")


OUTCOMES_CAPTION = (
    f"Figure 4: Proportion of outcomes assigned to offences recorded in {FORCE}, in 12\n"
    "months to 30 June 2016, by outcome type"
)
DOMESTIC_ABUSE_CAPTION = (
    f"Figure 8: Rate of outcomes recorded in 12 months to 30 June 2016 for domestic-related\noffences in {FORCE}"
)
HEADINGS = ["Outcome", "Outcome type / group", "number", FORCE, "England and Wales"]


def unit_lines(cells: Cells, *, values_first: bool = False, without_values: bool = False) -> list[str]:
    """One row, a cell a line: code, label, force, England and Wales; or the values before the label."""
    label = ([cells.code] if cells.code else []) + [cells.label]
    values = list(cells.pair or ()) if not without_values else []
    return values + label if values_first else label + values


def truth(cells: list[Cells]) -> dict[tuple[str, str], str]:
    """(row, column) to the printed number; a row without a number has no entry."""
    return {
        (one.row_id, column): number for one in cells if one.pair for column, number in zip("FE", one.pair, strict=True)
    }


def table_by_name(name: str) -> PrintedTable:
    return next(table for table in printed_tables("peel-2016") if table.table_name == name)

"""The tables that are computed here as assets: from open data, and from tables taken from reports.

Belongs here: which computation makes which table, and out of which staged tables. Does not belong here: the
computations (``pipelines.open_data``, ``pipelines.methodology``, ``pipelines.comparability``).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg

from assets.audit import stage_computed
from assets.markdown import markdown_table
from assets.reports import OWNERS
from assets.storage import Warehouse
from assets.tables import staged_key, table_metadata, table_spec
from pipelines.comparability import grade_history_rows
from pipelines.issues import Issue
from pipelines.methodology import comparator_rows, quartile_rank_rows
from pipelines.open_data import force_crime_rate_rows, force_outcome_rows, open_data_files, read_open_data
from pipelines.publish import sha256
from pipelines.schema import COMPUTED_TABLES, TABLES

RAW_OPEN_DATA = dg.AssetKey("raw_open_data")
# What each table is computed from, beside raw_open_data for the first two.
INPUTS: dict[str, tuple[str, ...]] = {
    "force_outcomes": (),
    "force_crime_rates": ("crime_rates", "statistics"),
    "quartile_ranks": (
        "reports",
        "figures",
        "annex_rules",
        "outcome_proportions",
        "domestic_abuse_outcomes",
        "crime_rates",
        "force_outcomes",
        "force_crime_rates",
    ),
    "comparators": (
        "reports",
        "figures",
        "annex_rules",
        "outcome_proportions",
        "domestic_abuse_outcomes",
        "crime_rates",
        "statistics",
        "force_outcomes",
        "force_crime_rates",
    ),
    "grade_history": ("reports", "judgments", "questions", "programmes"),
}
FROM_OPEN_DATA = ("force_outcomes", "force_crime_rates")


@dg.asset(key=RAW_OPEN_DATA, group_name="raw", owners=OWNERS, kinds={"csv"})
def raw_open_data(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Open data below the open data folder: Home Office crime outcomes, ONS recorded crime, anti-social behaviour,
    population and households. What each file is, and whether it can be used, is told by the step that computes from
    it."""
    files = open_data_files(warehouse.open_data_folder)
    rows = [(path.name, path.stat().st_size, sha256(path.read_bytes())) for path in files]
    return dg.MaterializeResult(
        metadata={
            "files": len(files),
            "folder": dg.MetadataValue.path(str(warehouse.open_data_folder.resolve())),
            "content": markdown_table(("file", "bytes", "SHA-256"), rows),
        }
    )


class ComputationConfig(dg.Config):
    """``rules``: the inspection round whose annex A says which forces count in open data of a period that is no round's
    own; empty: every force counts there."""

    rules: str = os.environ.get("PEEL_RULES", "")


def _spec(name: str) -> dg.AssetSpec:
    raw = [RAW_OPEN_DATA] if name in FROM_OPEN_DATA else []
    return table_spec(
        TABLES[name],
        staged_key(name),
        TABLES[name].group,
        [*raw, *(staged_key(one) for one in INPUTS[name])],
        "parquet",
    )


@dg.multi_asset(name="open_data_tables", specs=[_spec(name) for name in FROM_OPEN_DATA])
def open_data_tables(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """Outcomes and crime rates of every force, from open data; a file that cannot be used is an issue and stops no
    other."""
    data = read_open_data(warehouse.open_data_folder)
    outcomes, found = force_outcome_rows(data)
    rates, more = force_crime_rate_rows(data, warehouse.read_rows("crime_rates"), warehouse.read_rows("statistics"))
    rows = {"force_outcomes": outcomes, "force_crime_rates": rates}
    yield from _staged(context, warehouse, "open_data_tables", rows, [*data.issues, *found, *more])


@dg.multi_asset(name="computed_tables", specs=[_spec(name) for name in COMPUTED_TABLES if name not in FROM_OPEN_DATA])
def computed_tables(
    context: dg.AssetExecutionContext, config: ComputationConfig, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Ranks, comparators and histories: what can be computed from the other tables of this release."""
    names = sorted({name for table in COMPUTED_TABLES if table not in FROM_OPEN_DATA for name in INPUTS[table]})
    tables = {name: warehouse.read_rows(name) for name in names}
    ranks, found = quartile_rank_rows(tables, config.rules or None)
    comparators, more = comparator_rows(tables, config.rules or None)
    rows = {"quartile_ranks": ranks, "comparators": comparators, "grade_history": grade_history_rows(tables)}
    yield from _staged(context, warehouse, "computed_tables", rows, list(dict.fromkeys([*found, *more])))


def _staged(
    context: dg.AssetExecutionContext,
    warehouse: Warehouse,
    step: str,
    rows: Mapping[str, list[dict[str, Any]]],
    issues: Sequence[Issue],
) -> Iterator[dg.MaterializeResult[None]]:
    staged, refused = stage_computed(warehouse, {name: TABLES[name].to_arrow(found) for name, found in rows.items()})
    said = [replace(one, message=f"{one.message}; all rows of {one.table_name} are withheld") for one in refused]
    warehouse.write_issues(step, [*issues, *said])
    for issue in [*issues, *said]:
        if issue.severity != "note":
            context.log.warning(issue.message)
    for name in rows:
        yield dg.MaterializeResult(asset_key=staged_key(name), metadata=table_metadata(staged[name]))


COMPUTED_ASSETS = [raw_open_data, open_data_tables, computed_tables]

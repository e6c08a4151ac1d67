"""All definitions, for Dagster to load. Loading them runs nothing and does not import great_expectations."""

import dagster as dg

from assets.automation import build_job, daily_build
from assets.checks import TABLE_CHECKS
from assets.computed import COMPUTED_ASSETS
from assets.release import release
from assets.reports import raw_reports
from assets.storage import Warehouse
from assets.tables import TABLE_ASSETS


def definitions_for(warehouse: Warehouse) -> dg.Definitions:
    """The whole graph over the folders of one warehouse."""
    return dg.Definitions(
        assets=[raw_reports, *TABLE_ASSETS, *COMPUTED_ASSETS, release],
        asset_checks=TABLE_CHECKS,
        jobs=[build_job],
        schedules=[daily_build],
        resources={"warehouse": warehouse},
        # A process a step costs seconds each, a step here milliseconds. Steps hand over through files anyway.
        executor=dg.in_process_executor,
    )


defs = definitions_for(Warehouse.from_environment())

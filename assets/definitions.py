"""All definitions, for Dagster to load. Loading them runs nothing and does not import great_expectations."""

import dagster as dg

from assets.automation import JOBS, SCHEDULES, SENSORS
from assets.checks import TABLE_CHECKS
from assets.computed import COMPUTED_ASSETS
from assets.notifier import Notifier
from assets.release import release
from assets.release_checks import RELEASE_CHECKS
from assets.reports import inspection_report, raw_reports
from assets.storage import LockedWarehouse, Warehouse
from assets.tables import TABLE_ASSETS


def definitions_for(warehouse: Warehouse, held: bool = False) -> dg.Definitions:
    """The whole graph over the places of one warehouse; ``held``: whoever runs it has the warehouse for itself."""
    return dg.Definitions(
        assets=[raw_reports, inspection_report, *TABLE_ASSETS, *COMPUTED_ASSETS, release],
        asset_checks=[*TABLE_CHECKS, *RELEASE_CHECKS],
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={
            "warehouse": warehouse if held else LockedWarehouse(**warehouse.model_dump()),
            # For what only reads, or keeps records that nobody else can spoil.
            "folders": warehouse,
            "notifier": Notifier.from_environment(watched=held),
        },
        # A process a step costs seconds each, a step here milliseconds. Steps hand over through files anyway.
        executor=dg.in_process_executor,
    )


defs = definitions_for(Warehouse.from_environment())

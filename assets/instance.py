"""Dagster's own records: where they are kept, and laying them out before anybody else looks.

Belongs here: the instance that runs are recorded in. Does not belong here: what is run (``build``). As a script it lays
out the records in DAGSTER_HOME: ``python -m assets.instance``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.events.log import EventLogEntry
from dagster._core.instance import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage

from pipelines.publish import locked

# A connection kept open: PostgreSQL's records else open one for every question, thousands in a build.
ONE_CONNECTION = {"statement_timeout": 30_000, "pool_recycle": 3600, "max_overflow": 20}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@contextmanager
def dagster_instance() -> Iterator[dg.DagsterInstance]:
    """Dagster's own records: those of DAGSTER_HOME where it is set, else none that outlive the run."""
    home = os.environ.get("DAGSTER_HOME")
    if not home:
        with _without_records() as instance:
            yield instance
        return
    # Two first starts at once damage the home for good, so one goes first.
    marker = Path(home) / ".peel-initialised"
    if not marker.exists():
        with locked(Path(home) / ".peel-init.lock"), dg.DagsterInstance.get() as instance:
            instance.optimize_for_webserver(**ONE_CONNECTION)
            dg.materialize([_nothing], instance=instance, run_config=QUIET)
            marker.touch()
    with dg.DagsterInstance.get() as instance:
        instance.optimize_for_webserver(**ONE_CONNECTION)
        yield instance


class _Forgotten(InMemoryEventLogStorage):
    """Passes events on to who runs the job, and keeps none: nobody could look them up after the run, and writing some
    thousand of them into a database takes longer than the checks that they are about."""

    def store_event(self, event: EventLogEntry) -> None:
        """Nothing."""


def _without_records() -> dg.DagsterInstance:
    """As ``DagsterInstance.ephemeral``, but for its events."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=_Forgotten(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )


@dg.asset(description="Writes nothing: run once so that Dagster lays out its storage.")
def _nothing() -> None: ...


if __name__ == "__main__":
    with dagster_instance() as laid_out:
        print(f"Dagster's records are in {laid_out.root_directory}")

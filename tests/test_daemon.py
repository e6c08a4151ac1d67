"""A running daemon: a report that is dropped into the folder is extracted, checked and published, and nobody touches
anything. The daemon is Dagster's own, with the settings that ``make dev`` gives it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, SAMPLES

from assets.reports import INSPECTION_REPORT, REPORTS

# Seconds: the sensor looks every ten, needs three looks, and two runs load everything anew on a busy machine.
PATIENCE = 240


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """DAGSTER_HOME of a daemon that runs, looking at an empty folder of reports."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "raw").mkdir()
    shutil.copy(ROOT / "docs" / "dagster.yaml", home)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PEEL_")},
        "PEEL_EDITIONS": "none",
        "DAGSTER_HOME": str(home),
        "PEEL_REPORTS": str(tmp_path / "raw"),
        "PEEL_OPEN_DATA": str(tmp_path / "none"),
        "PEEL_WAREHOUSE": str(tmp_path / "warehouse"),
    }
    subprocess.run([sys.executable, "-m", "assets.instance"], env=environment, cwd=ROOT, check=True)
    command = [sys.executable, "-m", "dagster._daemon", "run", "-m", "assets.definitions"]
    with (home / "daemon.log").open("wb") as log:
        # A group of its own, so that the servers of code that the daemon starts end with it.
        daemon = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield home
        finally:
            os.killpg(daemon.pid, signal.SIGTERM)
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(daemon.pid, signal.SIGKILL)
                daemon.wait()


def wait_for(what: Callable[[], bool], home: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, (home / "daemon.log").read_text()[-5000:]
        time.sleep(0.5)


def published(folder: Path) -> list[str]:
    path = folder / "warehouse" / "published" / "reports.parquet"
    return pq.read_table(path)["force_id"].to_pylist() if path.exists() else []


def test_a_report_that_is_dropped_is_published_by_itself(home: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "west-midlands-2015-effectiveness.txt", tmp_path / "raw")
    (tmp_path / "raw" / "recipe.txt").write_text("Take two eggs.", encoding="utf-8")
    wait_for(lambda: published(tmp_path) == ["west-midlands"], home)
    with dg.DagsterInstance.from_ref(dg.DagsterInstance.from_config(str(home)).get_ref()) as instance:
        wait_for(lambda: all(run.is_finished for run in instance.get_runs()), home)
        refused, report = sorted(instance.get_dynamic_partitions(str(REPORTS.name)))
        assert (refused[:8], report) == ("refused-", "west-midlands-2015-effectiveness")
        states = instance.get_materialized_partitions(INSPECTION_REPORT)
        assert states == {report}
        statuses = {run.job_name: run.status for run in instance.get_runs()}
        # The recipe fails as a partition, and keeps the report out of nothing.
        assert statuses["extract"] == dg.DagsterRunStatus.FAILURE
        assert statuses["build"] == dg.DagsterRunStatus.SUCCESS
    rows = pq.read_table(tmp_path / "warehouse" / "published" / "quality_issues.parquet").to_pylist()
    assert [row["source_file"] for row in rows if row["severity"] == "error"] == ["recipe.txt"]

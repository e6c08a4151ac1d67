"""The sensor: what it asks for when files are dropped, changed, renamed, removed or half written; schedules;
notifying."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from stubs import report_text, write_reports

from assets.automation import (
    RANGE_END,
    RANGE_START,
    RUNS_OF_ONE,
    daily_build,
    hourly_release_checks,
    reports_folder,
    run_requests,
)
from assets.notifier import Notifier
from assets.reports import REPORTS
from assets.storage import Warehouse

FORCES = ("Kent", "Essex", "Surrey", "Sussex", "Dorset", "Gwent", "Cumbria", "Cheshire", "Durham", "Norfolk", "Suffolk")


class Folder:
    """A reports folder and the sensor that looks at it, with what Dagster would do about its answers."""

    def __init__(self, path: Path, instance: dg.DagsterInstance) -> None:
        self.path, self.instance, self.cursor = path, instance, None
        self.run_keys: set[str | None] = set()
        path.mkdir()

    def write(self, force: str, more: str = "", name: str | None = None) -> None:
        path = self.path / (name or f"{force.lower()}.txt")
        path.write_text(report_text(f"{force} Police") + more, encoding="utf-8")

    def look(self) -> list[dg.RunRequest]:
        warehouse = Warehouse(reports=str(self.path), root=str(self.path.parent / "warehouse"))
        context = dg.build_sensor_context(instance=self.instance, cursor=self.cursor, resources={"folders": warehouse})
        result = reports_folder(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        for request in result.dynamic_partitions_requests or ():
            if isinstance(request, dg.AddDynamicPartitionsRequest):
                self.instance.add_dynamic_partitions(str(REPORTS.name), list(request.partition_keys))
            else:
                for key in request.partition_keys:
                    self.instance.delete_dynamic_partition(str(REPORTS.name), key)
        requests = list(result.run_requests or ())
        # Dagster runs a key once and never again.
        assert not {request.run_key for request in requests} & self.run_keys
        self.run_keys |= {request.run_key for request in requests}
        return requests

    def settle(self) -> list[tuple[str | None, str]]:
        """Look until nothing is asked for, and give job and partition(s) of what was."""
        asked = []
        for _ in range(6):
            asked += [(request.job_name, partitions(request)) for request in self.look()]
        assert self.look() == []
        return asked

    def keys(self) -> list[str]:
        return list(self.instance.get_dynamic_partitions(str(REPORTS.name)))


def partitions(request: dg.RunRequest) -> str:
    tags = request.tags
    return tags.get("dagster/partition") or "...".join(tags[name] for name in (RANGE_START, RANGE_END) if name in tags)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Folder(tmp_path / "raw", instance)


BUILD = ("build", "")


def test_a_report_that_is_dropped_becomes_a_partition_is_extracted_alone_and_published(folder: Folder) -> None:
    assert folder.settle() == []
    folder.write("Kent")
    assert folder.settle() == [("extract", "kent-2016-effectiveness"), BUILD]
    assert folder.keys() == ["kent-2016-effectiveness"]
    folder.write("Essex")
    assert folder.settle() == [("extract", "essex-2016-effectiveness"), BUILD]


def test_many_new_reports_are_one_run_over_a_range(folder: Folder) -> None:
    for force in FORCES[:4]:
        folder.write(force)
    assert folder.settle() == [("extract", "essex-2016-effectiveness...sussex-2016-effectiveness"), BUILD]
    assert len(folder.keys()) == 4


def test_a_file_that_is_still_being_written_waits(folder: Folder) -> None:
    for lines in range(3):
        folder.write("Kent", "a line\n" * lines)
        os.utime(folder.path / "kent.txt", ns=(lines, lines))
        assert folder.look() == []
        assert folder.keys() == []
    (request,) = folder.look()
    assert request.job_name == "extract"


def test_a_changed_report_is_extracted_again_and_a_renamed_one_is_not(folder: Folder) -> None:
    folder.write("Kent")
    folder.write("Essex")
    folder.settle()
    folder.write("Kent", "one line more\n")
    assert folder.settle() == [("extract", "kent-2016-effectiveness"), BUILD]
    (folder.path / "kent.txt").rename(folder.path / "renamed.txt")
    # The release names the file, so it follows; nothing is extracted.
    assert folder.settle() == [BUILD]
    os.utime(folder.path / "renamed.txt", ns=(5, 5))
    assert folder.settle() == []
    assert folder.keys() == ["essex-2016-effectiveness", "kent-2016-effectiveness"]


def test_a_report_that_becomes_again_what_it_was_is_extracted_again(folder: Folder) -> None:
    folder.write("Kent")
    folder.settle()
    for more in ("one line more\n", ""):
        folder.write("Kent", more)
        assert folder.settle() == [("extract", "kent-2016-effectiveness"), BUILD]


def test_a_removed_report_loses_its_partition_and_leaves_the_release(folder: Folder) -> None:
    folder.write("Kent")
    folder.write("Essex")
    folder.settle()
    (folder.path / "kent.txt").unlink()
    assert folder.settle() == [BUILD]
    assert folder.keys() == ["essex-2016-effectiveness"]


def test_a_refused_file_is_a_partition_by_its_content_until_it_is_a_report(folder: Folder) -> None:
    (folder.path / "a...b <b>.txt").write_text("Take two eggs.", encoding="utf-8")
    ((job, key), build) = folder.settle()
    assert (job, build) == ("extract", BUILD)
    assert folder.keys() == [key]
    assert key.startswith("refused-")
    assert key.removeprefix("refused-").isalnum()
    (folder.path / "a...b <b>.txt").write_text(report_text("Kent Police"), encoding="utf-8")
    assert folder.settle() == [("extract", "kent-2016-effectiveness"), BUILD]
    assert folder.keys() == ["kent-2016-effectiveness"]


def test_a_link_out_of_the_folder_is_a_refused_file(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(report_text("Kent Police"), encoding="utf-8")
    (folder.path / "link.txt").symlink_to(tmp_path / "outside.txt")
    ((job, key), _) = folder.settle()
    assert (job, key[:8]) == ("extract", "refused-")


def test_more_than_a_few_changed_reports_are_one_run_over_all() -> None:
    keys = [f"report-{number:02}" for number in range(RUNS_OF_ONE + 5)]
    few = run_requests(keys[:RUNS_OF_ONE], keys, 0)
    assert [partitions(one) for one in few] == keys[:RUNS_OF_ONE]
    (one,) = run_requests([*keys[: RUNS_OF_ONE + 1], "new-1", "new-2"], keys, 0)
    assert partitions(one) == f"{keys[0]}...new-2"


def test_no_release_is_asked_for_while_reports_are_being_extracted(folder: Folder) -> None:
    folder.write("Kent")
    run_id = "00000000-0000-4000-8000-000000000000"
    folder.look()
    assert len(folder.look()) == 1
    folder.instance.add_run(dg.DagsterRun("extract", run_id, status=dg.DagsterRunStatus.STARTED))
    assert folder.look() == []
    folder.instance.delete_run(run_id)
    (request,) = folder.look()
    assert request.job_name == "build"


def test_what_runs_by_itself_is_on_from_the_start() -> None:
    assert reports_folder.default_status == dg.DefaultSensorStatus.RUNNING
    assert daily_build.default_status == dg.DefaultScheduleStatus.RUNNING
    assert hourly_release_checks.default_status == dg.DefaultScheduleStatus.RUNNING


TOLD: list[tuple[str, str]] = []


def tell(subject: str, message: str) -> None:
    TOLD.append((subject, message))


def test_a_notifier_of_ones_own_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    TOLD.clear()
    monkeypatch.setenv("PEEL_NOTIFY", f"{__name__}:tell")
    Notifier.from_environment().notify("build failed", "why")
    assert TOLD == [("build failed", "why")]


def test_the_log_is_told_by_default_and_when_a_notifier_fails(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="peel"):
        Notifier().notify("build failed", "two\nlines")
        Notifier(function="no.such:module").notify("build failed", "why")
    first, second = caplog.messages
    assert first == "build failed: two lines"
    assert "why" in second
    assert "ModuleNotFoundError" in second


def test_a_failed_run_tells_the_operator_which_step_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assets.definitions import definitions_for

    TOLD.clear()
    monkeypatch.setenv("PEEL_NOTIFY", f"{__name__}:tell")
    reports = write_reports(tmp_path / "raw")
    warehouse = Warehouse(reports=str(reports), root=str(tmp_path / "warehouse"))
    job = definitions_for(warehouse).resolve_job_def("build")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance, raise_on_error=False, run_config=quiet, asset_selection=[dg.AssetKey("raw_reports")]
        )
    assert not result.success
    ((subject, message),) = TOLD
    assert subject == "build: step raw_reports failed"
    assert message.startswith("no report can be read below")
    assert result.dagster_run.run_id in message

"""One partition a report: many in one step, a bad one alone, one run again; and faults that pass are tried again."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from stubs import outcome_row, use_extractor, write_reports

from assets import faults
from assets.automation import RANGE_END, RANGE_START
from assets.definitions import definitions_for
from assets.reports import INSPECTION_REPORT, REPORTS
from assets.storage import Warehouse
from assets.tables import staged_key
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.reports import Report
from pipelines.stores import LocalStore

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
KENT, ESSEX, GWENT = (f"{force}-2016-effectiveness" for force in ("kent", "essex", "gwent"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    reports = write_reports(tmp_path / "raw", "Kent Police", "Essex Police", "Gwent Police")
    (tmp_path / "open").mkdir()
    return Warehouse(
        reports=str(reports), open_data=str(tmp_path / "open"), root=str(tmp_path / "warehouse"), editions="none"
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(REPORTS.name), [ESSEX, GWENT, KENT])
        yield instance


def extract(warehouse: Warehouse, instance: dg.DagsterInstance, first: str, last: str) -> dg.ExecuteInProcessResult:
    tags = {"dagster/partition": first} if first == last else {RANGE_START: first, RANGE_END: last}
    job = definitions_for(warehouse).resolve_job_def("extract")
    return job.execute_in_process(instance=instance, raise_on_error=False, run_config=QUIET, tags=tags)


def good(report: Report) -> list[dict[str, Any]]:
    return [outcome_row(report)]


def metadata(instance: dg.DagsterInstance, key: str) -> dict[str, Any]:
    records = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=INSPECTION_REPORT, asset_partitions=[key]), limit=1
    ).records
    (record,) = records
    assert record.asset_materialization is not None
    return {name: value.value for name, value in record.asset_materialization.metadata.items()}


def test_many_reports_are_one_step_and_each_shows_by_itself(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, good)
    assert extract(warehouse, instance, ESSEX, KENT).success
    assert instance.get_materialized_partitions(INSPECTION_REPORT) == {ESSEX, GWENT, KENT}
    shown = metadata(instance, KENT)
    assert (shown["file"], shown["extraction"], shown["errors"]) == ("kent-police.txt", "extracted", 0)
    assert shown["dagster/row_count"] == 2
    assert "| outcome\\_proportions | 1 |" in shown["rows"]


def test_a_bad_report_fails_alone_with_its_reason(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(report: Report) -> list[dict[str, Any]]:
        return good(report) if report.force_id != "gwent" else [outcome_row(report, colour="red")]

    use_extractor(monkeypatch, rows)
    result = extract(warehouse, instance, ESSEX, KENT)
    assert not result.success
    assert instance.get_materialized_partitions(INSPECTION_REPORT) == {ESSEX, KENT}
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_failure_data.user_failure_data is not None
    reason = str(failure.step_failure_data.user_failure_data.description)
    assert reason.startswith("gwent-police.txt: its tables could not be extracted")
    (seen,) = instance.fetch_observations(INSPECTION_REPORT, limit=10).records
    assert seen.partition_key == GWENT
    assert seen.asset_observation is not None
    assert seen.asset_observation.metadata["problem"].value == reason


def test_a_report_that_is_gone_and_one_with_errors_are_said(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report, area_code="E23000099")])
    result = extract(warehouse, instance, KENT, KENT)
    assert result.success
    checks = {one.check_name: one.passed for one in result.get_asset_check_evaluations()}
    assert checks == {"no_errors": False, "no_warnings": True}
    assert metadata(instance, KENT)["errors"] == 1
    (Path(warehouse.reports) / "kent-police.txt").unlink()
    assert not extract(warehouse, instance, KENT, KENT).success


def test_one_report_is_extracted_again_and_a_release_needs_no_second_time(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def rows(report: Report) -> list[dict[str, Any]]:
        asked.append(report.force_id)
        return good(report)

    use_extractor(monkeypatch, rows)
    extract(warehouse, instance, ESSEX, KENT)
    assert sorted(asked) == ["essex", "gwent", "kent"]
    extract(warehouse, instance, ESSEX, KENT)
    assert len(asked) == 3
    extract(warehouse, instance, KENT, KENT)
    assert asked[3:] == ["kent"]
    job = definitions_for(warehouse).resolve_job_def("build")
    assert job.execute_in_process(instance=instance, raise_on_error=False, run_config=QUIET).success
    assert len(asked) == 4
    # The release says with each new report what became of it.
    observed = instance.fetch_observations(INSPECTION_REPORT, limit=10).records
    assert {one.partition_key for one in observed} == {ESSEX, GWENT, KENT}


def refusing(monkeypatch: pytest.MonkeyPatch, code: int, times: int) -> list[int]:
    """Let the first reads of records fail with this fault; gives how often that was so."""
    failed: list[int] = []
    really = LocalStore.list

    def list_or_fail(self: LocalStore, prefix: str = "") -> Any:
        if prefix.startswith("extracted/") and len(failed) < times:
            failed.append(code)
            raise OSError(code, "refused")
        return really(self, prefix)

    monkeypatch.setattr(LocalStore, "list", list_or_fail)
    return failed


def staged(warehouse: Warehouse, instance: dg.DagsterInstance) -> bool:
    job = definitions_for(warehouse).resolve_job_def("build")
    keys = [dg.AssetKey("raw_reports"), *(staged_key(name) for name in TABLES_OF_A_REPORT)]
    return job.execute_in_process(
        instance=instance, raise_on_error=False, run_config=QUIET, asset_selection=keys
    ).success


def test_a_busy_share_is_tried_again_and_a_fault_of_the_input_is_not(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "FIRST_WAIT", 0.01)
    use_extractor(monkeypatch, good)
    failed = refusing(monkeypatch, errno.EBUSY, 2)
    assert staged(warehouse, instance)
    assert failed == [errno.EBUSY] * 2
    failed = refusing(monkeypatch, errno.EACCES, 2)
    assert not staged(warehouse, instance)
    assert failed == [errno.EACCES]
    failed = refusing(monkeypatch, errno.ESTALE, 100)
    assert not staged(warehouse, instance)
    assert len(failed) == 1 + faults.TRIES

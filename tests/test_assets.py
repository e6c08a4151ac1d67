"""The graph: what Dagster shows of it, and that hand-over and blocking work whichever way it is run."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
import pytest
from stubs import outcome_row, published_rows, registered_text, use_extractor, write_reports

from assets.automation import daily_build
from assets.definitions import definitions_for
from assets.definitions import defs as module_defs
from assets.editions import EDITIONS
from assets.markdown import markdown_list, markdown_rows
from assets.release import DESCRIPTIONS, passed_tables, published_key
from assets.storage import STAGED_TABLES, NotStagedError, Warehouse
from assets.tables import staged_key
from expectations.reconcile import rules_of
from expectations.suites import SUITES, suite
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.issues import Issue
from pipelines.publish import ReleaseError
from pipelines.schema import COMPUTED_TABLES, REPORT_TABLES, TABLES

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    reports = write_reports(tmp_path / "raw", "Kent Police", "Essex Police")
    return Warehouse(
        reports=str(reports), open_data=str(tmp_path / "open"), root=str(tmp_path / "warehouse"), editions="none"
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def run(
    warehouse: Warehouse, instance: dg.DagsterInstance, selection: list[dg.AssetKey] | None = None
) -> dg.ExecuteInProcessResult:
    return (
        definitions_for(warehouse)
        .resolve_job_def("build")
        .execute_in_process(instance=instance, raise_on_error=False, run_config=QUIET, asset_selection=selection)
    )


def materialized(result: dg.ExecuteInProcessResult) -> set[dg.AssetKey]:
    return {event.asset_key for event in result.get_asset_materialization_events() if event.asset_key}


def graph() -> Any:
    return module_defs.resolve_asset_graph()


def test_the_definitions_load_without_a_warning_of_ours() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dg.Definitions.validate_loadable(definitions_for(Warehouse()))


def test_every_table_of_the_schema_is_made() -> None:
    assert tuple(TABLES) == STAGED_TABLES


def test_every_table_is_staged_checked_and_published() -> None:
    keys = graph().get_all_asset_keys()
    assert keys == {
        dg.AssetKey("raw_reports"),
        dg.AssetKey("inspection_report"),
        dg.AssetKey("raw_open_data"),
        *(staged_key(name) for name in STAGED_TABLES),
        *(published_key(name) for name in (*STAGED_TABLES, *DESCRIPTIONS)),
    }
    checks = {(key.asset_key, key.name) for key in graph().asset_check_keys if key.asset_key.path[0] == "staged"}
    rules = {(staged_key(name), rule.id) for name in STAGED_TABLES for rule in (*SUITES[name], *rules_of(name))}
    assert checks == rules


def test_assets_say_what_they_are() -> None:
    for key in graph().get_all_asset_keys():
        node = graph().get(key)
        assert node.description, key
        assert node.group_name != "default", key
        assert node.owners == ["team:peel-warehouse"], key
        assert node.kinds, key


def test_columns_show_with_type_unit_and_meaning() -> None:
    schema = graph().get(published_key("outcome_proportions")).metadata["dagster/column_schema"]
    value = next(column for column in schema.columns if column.name == "value")
    assert value.type == "double"
    assert value.description.endswith("(percent)")
    assert value.constraints.nullable


def test_a_dimension_hangs_on_no_report_and_a_report_table_hangs_on_the_reports() -> None:
    assert graph().get(staged_key("forces")).parent_keys == set()
    for name in REPORT_TABLES:
        parents = {dg.AssetKey("raw_reports"), dg.AssetKey("inspection_report")}
        assert graph().get(staged_key(name)).parent_keys == parents
        assert graph().get(published_key(name)).parent_keys == {staged_key(name), staged_key("quality_issues")}


def test_critical_rules_block_and_warnings_do_not() -> None:
    for name in STAGED_TABLES:
        for rule in SUITES[name]:
            spec = graph().get_check_spec(dg.AssetCheckKey(staged_key(name), rule.id))
            assert spec.blocking == (rule.severity == "critical")
            assert spec.description == rule.description


def test_the_schedule_runs_the_whole_graph_daily_by_london_time() -> None:
    assert daily_build.cron_schedule == "0 5 * * *"
    assert daily_build.execution_timezone == "Europe/London"
    assert daily_build.job_name == "build"
    job = module_defs.resolve_job_def("build")
    single = {dg.AssetKey("inspection_report")}
    assert set(job.asset_layer.selected_asset_keys) == graph().get_all_asset_keys() - single


def test_the_folders_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PEEL_REPORTS", raising=False)
    monkeypatch.setenv("PEEL_WAREHOUSE", "/data/warehouse")
    warehouse = Warehouse.from_environment()
    assert (warehouse.reports, warehouse.root) == ("warehouse/raw", "/data/warehouse")
    assert warehouse.with_folders("/in", None, None).root == "/data/warehouse"
    monkeypatch.setenv("PEEL_RELEASES_KEPT", "none")
    with pytest.raises(ValueError, match="PEEL_RELEASES_KEPT: 'none'"):
        Warehouse.from_environment()


def test_what_comes_out_of_reports_is_text_in_markdown_whatever_stands_in_it() -> None:
    shown = markdown_rows([{"a": "x|y\nz", "b": None}, {"a": "<script>[a](b)`", "b": "\x1b\u202e"}]).value
    assert shown == "| a | b |\n| --- | --- |\n| x\\|y z |  |\n| &lt;script&gt;\\[a\\](b)\\` | \ufffd\ufffd |"
    assert markdown_rows([]).value == "none"
    assert markdown_list(["# one\n<b>"]).value == "- \\# one &lt;b&gt;"


def test_a_run_publishes_and_shows_rows_bytes_and_preview(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report)])
    result = run(warehouse, instance)
    assert result.success
    # No edition was asked for.
    left_out = {dg.AssetKey("inspection_report"), *(published_key(name) for name in EDITIONS)}
    assert materialized(result) == graph().get_all_asset_keys() - left_out
    package = instance.get_latest_materialization_event(published_key("package"))
    assert package is not None
    assert package.asset_materialization is not None
    assert package.asset_materialization.metadata["version"].value == "1.0.0"
    event = instance.get_latest_materialization_event(published_key("outcome_proportions"))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    path = Path(warehouse.root) / "releases" / str(metadata["release"].value) / "outcome_proportions.parquet"
    assert path.read_bytes() == (warehouse.staging / "outcome_proportions.parquet").read_bytes()
    assert metadata["dagster/row_count"].value == 2
    assert metadata["bytes"].value == path.stat().st_size
    assert "| essex-2016-effectiveness |" in str(metadata["preview"].value)
    evaluations = {event.check_name: event for event in result.get_asset_check_evaluations()}
    assert evaluations["value_range"].passed


def test_rows_that_a_blocking_check_refuses_are_withheld_in_the_same_run_and_shown(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report, value=140.2 if report.force_id == "kent" else 14.2)])
    result = run(warehouse, instance)
    assert result.success
    root = Path(warehouse.root)
    assert [row["report_id"] for row in published_rows(root, "outcome_proportions")] == ["essex-2016-effectiveness"]
    assert len(published_rows(root, "reports")) == 2
    (failed,) = [event for event in result.get_asset_check_evaluations() if not event.passed]
    assert (failed.check_name, failed.severity) == ("value_range", dg.AssetCheckSeverity.WARN)
    assert str(failed.description).endswith("the rows that break this are withheld")
    assert "kent-2016-effectiveness" in str(failed.metadata["offending"].value)
    (row,) = published_rows(root, "quality_issues")
    assert (row["severity"], row["report_id"]) == ("error", "kent-2016-effectiveness")
    assert row["message"].endswith("; all 1 rows of kent-2016-effectiveness are withheld")


def test_what_no_report_is_to_blame_for_stops_publishing(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report)])
    blameless = replace(TABLES["reports"], minimum_rows=3)
    monkeypatch.setitem(SUITES, "reports", suite(blameless))
    result = run(warehouse, instance)
    assert not result.success
    assert published_key("outcome_proportions") not in materialized(result)
    assert staged_key("quality_issues") not in materialized(result)
    (failed,) = [event for event in result.get_asset_check_evaluations() if not event.passed]
    assert failed.severity == dg.AssetCheckSeverity.ERROR
    # Every other table was checked all the same, but for those that are computed from the one that failed.
    unchecked = {name for name in STAGED_TABLES if not warehouse.read_verdict(name)}
    assert unchecked <= {"quality_issues", *COMPUTED_TABLES}


def test_a_run_of_publishing_alone_gets_past_no_verdict(
    warehouse: Warehouse, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report)])
    publishing = [published_key(name) for name in (*STAGED_TABLES, *DESCRIPTIONS)]
    assert not run(warehouse, instance, publishing).success
    assert run(warehouse, instance).success
    root = Path(warehouse.root)
    before = (root / "published").resolve()

    report_rows = published_rows(root, "outcome_proportions")
    warehouse.write_rows("outcome_proportions", [{**row, "value": 15.0} for row in report_rows])
    with pytest.raises(ReleaseError, match="outcome_proportions is not what was checked"):
        passed_tables(warehouse)
    assert not run(warehouse, instance, publishing).success
    assert (root / "published").resolve() == before
    assert {row["value"] for row in published_rows(root, "outcome_proportions")} == {14.2}


def test_publishing_names_every_table_that_is_in_the_way(warehouse: Warehouse) -> None:
    with pytest.raises(NotStagedError, match=r"reports\.parquet is missing"):
        passed_tables(warehouse)
    for name in STAGED_TABLES:
        warehouse.write_rows(name, [])
    with pytest.raises(ReleaseError) as refusal:
        passed_tables(warehouse)
    assert all(f"{name} was not checked" in str(refusal.value) for name in STAGED_TABLES)


def test_hand_over_works_between_processes(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    # Dagster's multiprocess executor gives each step a process of its own, which loads the definitions anew.
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "kent.txt").write_text(registered_text("Kent"), encoding="utf-8")
    warehouse = Warehouse(
        reports=str(tmp_path / "raw"), open_data=str(tmp_path / "open"), root=str(tmp_path / "warehouse")
    )
    code = (
        "import dagster as dg\n"
        "from assets.definitions import defs\n"
        "job = defs.resolve_job_def('build')\n"
        "job.execute_in_process(asset_selection=[dg.AssetKey('raw_reports')])"
    )
    environment = {**os.environ, "PEEL_REPORTS": warehouse.reports, "PEEL_WAREHOUSE": warehouse.root}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    assert run(warehouse, instance, [staged_key(name) for name in TABLES_OF_A_REPORT]).success
    assert [entry.report_id for entry in warehouse.read_register()] == ["kent-2013-effectiveness"]
    rows = pq.read_table(warehouse.staging / "reports.parquet").to_pylist()
    assert [row["report_id"] for row in rows] == ["kent-2013-effectiveness"]


def test_issues_survive_the_hand_over(tmp_path: Path) -> None:
    warehouse = Warehouse(root=str(tmp_path))
    issue = Issue("a-check", "warning", "“odd” – line", table_name="figures", line_start=3)
    warehouse.write_issues("one", [issue])
    warehouse.write_issues("two", [])
    assert warehouse.read_issues() == [issue]
    assert warehouse.read_issues("two") == []

"""Rules across rows as asset checks: a warning reaches the quality issues, an error withholds rows, a guard is kept."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from stubs import outcome_row, published_rows, use_extractor, write_reports

from assets.build import build
from assets.checks import verdict_on
from assets.definitions import definitions_for
from assets.storage import Warehouse
from assets.tables import staged_key
from expectations.reconcile import rules_of
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.reports import Report
from pipelines.schema import ENGLAND_AND_WALES

KENT = "report_id=kent-2016-effectiveness"


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    reports = write_reports(tmp_path / "raw", "Kent Police", "Essex Police", "Gwent Police")
    return Warehouse(
        reports=str(reports), open_data=str(tmp_path / "none"), root=str(tmp_path / "warehouse"), editions="none"
    )


def rows_of(report: Report) -> list[dict[str, Any]]:
    """England and Wales is 12.1 in two reports and 12.7 in the third."""
    value = 12.7 if report.force_id == "kent" else 12.1
    return [outcome_row(report), outcome_row(report, value=value, area_code=ENGLAND_AND_WALES)]


def test_a_warning_is_an_asset_check_and_a_quality_issue(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    use_extractor(monkeypatch, rows_of)
    outcome = build(warehouse)
    assert (outcome.failure, outcome.checks_failed) == (None, 0)
    check_id = "outcome_proportions-england_and_wales_alike"
    (found,) = [row for row in published_rows(Path(warehouse.root), "quality_issues") if row["check_id"] == check_id]
    assert found["severity"] == "warning"
    assert (found["report_id"], found["found"], found["expected"]) == ("kent-2016-effectiveness", "12.7", "12.1")
    assert (found["source_file"], found["line_start"]) == ("kent-police.txt", 3)
    verdict = warehouse.read_verdict("outcome_proportions")
    assert verdict is not None
    assert verdict.warned == 1
    assert verdict.passed > len(rules_of("outcome_proportions"))


def test_dagster_shows_what_was_found(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    use_extractor(monkeypatch, rows_of)
    with dg.DagsterInstance.ephemeral() as instance:
        result = (
            definitions_for(warehouse)
            .resolve_job_def("build")
            .execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
                asset_selection=[dg.AssetKey("raw_reports"), *(staged_key(name) for name in TABLES_OF_A_REPORT)],
            )
        )
    evaluations = [one for one in result.get_asset_check_evaluations() if one.check_name == "england_and_wales_alike"]
    (one,) = [each for each in evaluations if each.asset_key == staged_key("outcome_proportions")]
    assert (one.passed, one.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "kent-police.txt" in str(one.metadata["offending"].value)
    assert one.metadata["offending_rows"].value == 1


def test_rows_of_an_unknown_area_are_withheld_and_said(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(report: Report) -> list[dict[str, Any]]:
        return [outcome_row(report, area_code="E23000099" if report.force_id == "kent" else report.area_code)]

    use_extractor(monkeypatch, rows)
    outcome = build(warehouse)
    assert outcome.failure is None
    assert not outcome.is_good
    published = published_rows(Path(warehouse.root), "outcome_proportions")
    assert {row["report_id"] for row in published} == {"essex-2016-effectiveness", "gwent-2016-effectiveness"}
    errors = [row for row in published_rows(Path(warehouse.root), "quality_issues") if row["severity"] == "error"]
    assert {row["check_id"] for row in errors} == {"outcome_proportions-codes_known"}


def test_a_known_misprint_is_marked_and_its_guard_is_kept(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entry(text: str) -> dict[str, str]:
        return {
            "report_id": "kent-2016-effectiveness",
            "table_name": "outcome_proportions",
            "check_id": "outcome_proportions-england_and_wales_alike",
            "row_key": f"{KENT}, area_code={ENGLAND_AND_WALES}, outcome_id=charged_summonsed",
            "line": "3",
            "text": text,
            "what": "12.7 for 12.1",
            "why": "all other reports",
            "source": "made up",
        }

    monkeypatch.setattr("expectations.reconcile.misprints.load", lambda name: (entry("12.7"), entry("12.8")))
    use_extractor(monkeypatch, rows_of)
    assert build(warehouse).failure is None
    issues = {row["check_id"]: row for row in published_rows(Path(warehouse.root), "quality_issues")}
    marked = issues["outcome_proportions-england_and_wales_alike"]
    assert (marked["severity"], marked["message"].startswith("known misprint: 12.7 for 12.1")) == ("note", True)
    assert issues["known-misprint"]["expected"] == "12.8"
    (row,) = [
        row
        for row in published_rows(Path(warehouse.root), "outcome_proportions")
        if (row["report_id"], row["area_code"]) == ("kent-2016-effectiveness", ENGLAND_AND_WALES)
    ]
    assert row["value"] == 12.7


def test_no_check_waits_for_the_blocking_checks_of_another_table_of_reports() -> None:
    graph = definitions_for(Warehouse()).resolve_asset_graph()
    tables = {staged_key(name) for name in TABLES_OF_A_REPORT}
    for key in graph.asset_check_keys:
        spec = graph.get_check_spec(key)
        assert not {dep.asset_key for dep in spec.additional_deps} & tables, key


def test_checks_that_are_run_again_say_what_was_said_of_the_same_bytes_and_ask_anew_of_others(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_extractor(monkeypatch, rows_of)
    build(warehouse)
    said = warehouse.read_verdict("outcome_proportions")
    assert verdict_on("outcome_proportions", warehouse) == said
    rows = warehouse.read_rows("outcome_proportions")
    warehouse.write_rows("outcome_proportions", [{**row, "value": 140.2} for row in rows])
    anew = verdict_on("outcome_proportions", warehouse)
    assert anew == warehouse.read_verdict("outcome_proportions")
    assert (anew.failed, said is not None and said.failed) == (1, 0)
    assert {rule.rule_id for rule in anew.rules if not rule.passed} == {"value_range"}

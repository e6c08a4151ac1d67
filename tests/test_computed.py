"""Tables that are computed from open data and from reports, in whole builds."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import OPEN_DATA, REAL, ROOT, SAMPLES
from stubs import outcome_row, published_rows, use_extractor, write_reports

from assets.cli import main
from assets.computed import INPUTS
from pipelines.methodology import comparator_rows, quartile_rank_rows
from pipelines.reports import Report

OPEN_DATA_SAMPLE = ROOT / "warehouse" / "open_data"
YEAR = date(2018, 3, 31)
DORSET = "E23000039"


def build(reports: Path, open_data: Path, folder: Path, *more: str) -> int:
    folders = ["--reports", str(reports), "--open-data", str(open_data), "--warehouse", str(folder)]
    return main(["build", *folders, *more])


def charged(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Ranks from open data: charged in the year ending March 2018, by force."""
    return {
        row["area_code"]: row
        for row in rows
        if (row["source"], row["period_end"], row["outcome_id"]) == ("home_office", YEAR, "charged_summonsed")
    }


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    assert build(SAMPLES, OPEN_DATA_SAMPLE, folder) == 0
    return folder


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {name: published_rows(folder, name) for name in INPUTS["quartile_ranks"]}


def test_every_force_is_ranked_where_no_round_has_a_say(plain: Path) -> None:
    rows = charged(published_rows(plain, "quartile_ranks"))
    assert len(rows) == 43
    assert Counter(row["band"] for row in rows.values()) == {"highest": 10, "lowest": 10, "in_line": 23}
    assert {row["forces_ranked"] for row in rows.values()} == {43}
    assert {row["rules_programme_id"] for row in rows.values()} == {None}


def test_the_rules_of_a_round_are_used_where_they_are_asked_for(plain: Path) -> None:
    found, issues = quartile_rank_rows(tables(plain), "peel-2016")
    rows = charged(found)
    assert [issue for issue in issues if issue.severity == "error"] == []
    assert len(rows) == 43
    assert {row["forces_ranked"] for row in rows.values()} == {42}
    assert {row["rules_programme_id"] for row in rows.values()} == {"peel-2016"}
    left_out = rows.pop(DORSET)
    assert (left_out["rank"], left_out["band"], left_out["value_status"]) == (None, None, "excluded_by_source")
    assert "Dorset" in left_out["reason"]
    assert {row["value_status"] for row in rows.values()} == {"derived"}


def test_shares_of_each_force_add_up_and_totals_are_recorded_crime(plain: Path) -> None:
    rows = [row for row in published_rows(plain, "force_outcomes") if row["period_end"] == YEAR]
    totals = {row["area_code"]: row["offences"] for row in rows if row["outcome_id"] == "total"}
    assert (len(totals), totals["E23000014"], totals["E23000017"]) == (43, 233_393, 41_411)
    for force in totals:
        types = [row for row in rows if row["area_code"] == force and row["row_type"] == "type"]
        not_yet = [row for row in rows if row["area_code"] == force and row["outcome_id"] == "not_yet_assigned"]
        assert sum(row["value"] for row in [*types, *not_yet]) == pytest.approx(100, abs=1e-9)


def test_recorded_crime_stands_beside_what_is_printed(plain: Path) -> None:
    rates = {
        row["area_code"]: row
        for row in published_rows(plain, "force_crime_rates")
        if (row["crime_type_id"], row["period_end"]) == ("recorded_crime_excluding_fraud", date(2016, 6, 30))
    }
    west_midlands, both = rates["E23000014"], rates["K04000001"]
    assert (round(west_midlands["value"], 1), west_midlands["published_value"]) == (66.6, 66.7)
    assert (round(both["value"], 1), both["published_value"]) == (67.4, 68.2)


def test_a_round_that_no_report_speaks_for_is_an_error_that_names_those_there_are(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert build(SAMPLES, OPEN_DATA_SAMPLE, tmp_path, "--rules", "peel-2013") == 1
    (line,) = [line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]
    assert "peel-2013" in line
    assert "peel-2016" in line


def test_bad_open_data_is_refused_and_the_rest_published(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_data = tmp_path / "open"
    open_data.mkdir()
    (open_data / "broken.csv.gz").write_bytes(b"\x1f\x8b\x08\x00 cut")
    assert build(write_reports(tmp_path / "raw", "Kent Police"), open_data, tmp_path) == 1
    assert "broken.csv.gz" in capfd.readouterr().err
    assert [row["force_id"] for row in published_rows(tmp_path, "reports")] == ["kent"]


def test_a_computed_table_that_a_check_refuses_is_left_empty_and_the_rest_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def wrong(*arguments: Any) -> Any:
        rows, issues = comparator_rows(*arguments)
        return [{**row, "measure": "No Slug"} for row in rows], issues

    monkeypatch.setattr("assets.computed.comparator_rows", wrong)
    use_extractor(monkeypatch, both_areas)
    (tmp_path / "open").mkdir()
    assert build(write_reports(tmp_path / "raw", "Kent Police"), tmp_path / "open", tmp_path) == 1
    assert published_rows(tmp_path, "comparators") == []
    assert len(published_rows(tmp_path, "outcome_proportions")) == 2
    assert "all rows of comparators are withheld" in capfd.readouterr().err


def both_areas(report: Report) -> list[dict[str, Any]]:
    return [outcome_row(report), outcome_row(report, area_code="K04000001", value=12.1)]


@pytest.mark.skipif(not (REAL.is_dir() and OPEN_DATA.is_dir()), reason="the real files are not here")
def test_both_years_of_the_real_data(tmp_path: Path) -> None:
    assert build(REAL, OPEN_DATA, tmp_path, "--rules", "peel-2016") == 0
    assert {row["forces_ranked"] for row in charged(published_rows(tmp_path, "quartile_ranks")).values()} == {42}
    ends = {row["period_end"] for row in published_rows(tmp_path, "force_outcomes")}
    assert ends == {YEAR, date(2018, 6, 30), date(2018, 9, 30), date(2018, 12, 31), date(2019, 3, 31)}

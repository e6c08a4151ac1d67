"""Only what is new: of many reports those that changed are extracted, and one that is taken away leaves the release."""

import json
from pathlib import Path
from typing import Any

import pytest
from stubs import outcome_row, published_rows, report_text, use_extractor

from assets.cli import main
from pipelines.reference import load
from pipelines.reports import Report

FORCES = [row["name_hmic"] for row in load("forces") if row["area_type"] == "police_force_area"]


class Extractions:
    """Rows for each report, and which reports were asked for them."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def rows(self, report: Report) -> list[dict[str, Any]]:
        self.asked.append(report.force_id)
        return [outcome_row(report)]


@pytest.fixture
def extractions(monkeypatch: pytest.MonkeyPatch) -> Extractions:
    for name in ("PEEL_RULES", "PEEL_MAPPER", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    made = Extractions()
    use_extractor(monkeypatch, made.rows)
    return made


def test_of_43_reports_one_that_changed_is_extracted_and_the_removed_one_is_gone(
    tmp_path: Path, extractions: Extractions, capfd: pytest.CaptureFixture[str]
) -> None:
    raw, open_data, warehouse = (tmp_path / name for name in ("raw", "open", "warehouse"))
    raw.mkdir()
    open_data.mkdir()
    for number, force in enumerate(FORCES):
        (raw / f"{number}.txt").write_text(report_text(force), encoding="utf-8")

    def build() -> dict[str, Any]:
        # In this process: the extractor of this test is in no other.
        places = ["--reports", str(raw), "--open-data", str(open_data), "--warehouse", str(warehouse)]
        assert main(["build", *places, "--mapper", "serial", "--json"]) == 0
        said: dict[str, Any] = json.loads(capfd.readouterr().out)
        return said

    first = build()
    assert (first["reports"]["extracted"], first["reports"]["reused"]) == (43, 0)
    assert len(extractions.asked) == len(first["reports"]["new"]) == 43

    # One changes, one is renamed, one is taken away.
    (raw / "7.txt").write_text(report_text(FORCES[7]) + "One line more.\n", encoding="utf-8")
    (raw / "8.txt").rename(raw / "renamed.txt")
    (raw / "9.txt").unlink()
    second = build()
    assert (second["reports"]["extracted"], second["reports"]["reused"]) == (1, 41)
    assert len(extractions.asked) == 44
    gone = next(report_id for report_id in first["reports"]["new"] if report_id in second["reports"]["removed"])
    assert second["reports"]["removed"] == [gone]
    assert len(second["reports"]["changed"]) == 1
    assert second["reports"]["new"] == []
    rows = published_rows(warehouse, "reports")
    assert len(rows) == 42
    assert gone not in {row["report_id"] for row in rows}
    assert "renamed.txt" in {row["source_file"] for row in rows}
    # What nobody needs any more is not kept.
    assert len(list((warehouse / "extracted").rglob("*.arrow"))) == 42

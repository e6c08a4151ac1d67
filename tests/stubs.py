"""Small reports and rows for tests of whole runs, and the build of them in this process."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.one_report import extract_bytes
from pipelines.batch import FileRead
from pipelines.extraction import Extraction, Rows
from pipelines.issues import Issue
from pipelines.observations import observation_rows
from pipelines.reports import Report, source_files
from pipelines.stores import LocalStore


def report_text(force: str) -> str:
    """A text that is recognised as a 2016 effectiveness report of the force, without any figure."""
    return (
        f"PEEL: Police effectiveness 2016\n{force}\n"
        "HMIC’s effectiveness inspection assessed all of these areas during 2016.\n"
        f"This report sets out our findings for {force}.\n"
    )


def registered_text(force: str) -> str:
    """A text that is recognised as a report of a programme that is not known, so that nothing of it is extracted."""
    return f"{force} PEEL 2013\nEffectiveness\nHow well does the force keep people safe?\n"


def write_reports(folder: Path, *forces: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for force in forces:
        (folder / f"{force.lower().replace(' ', '-')}.txt").write_text(report_text(force), encoding="utf-8")
    return folder


def outcome_row(
    report: Report, outcome_id: str = "charged_summonsed", value: float | None = 14.2, **other: Any
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "report_id": report.report_id,
        "area_code": report.area_code,
        "outcome_id": outcome_id,
        "outcome_code": "1",
        "outcome_label": "Charged/Summonsed",
        "row_type": "type",
        "parent_id": "total_assigned",
        "period_start": date(2015, 7, 1),
        "period_end": date(2016, 6, 30),
        "value": value,
        "unit": "percent",
        "decimals": 1,
        "value_status": "published",
        "line_start": 3,
        "line_end": 3,
        "printed": "Charged/Summonsed 14.2",
        "label_line_start": 3,
        "label_line_end": 3,
    }
    return {**row, **other}


# What a made-up extractor gives for a report: rows of outcome_proportions, or an exception.
Made = Callable[[Report], Rows]


def use_extractor(
    monkeypatch: pytest.MonkeyPatch, made: Made, issues: tuple[Issue, ...] = (), observed: bool = False
) -> None:
    """Extract made-up rows instead of what the texts hold; ``observed``: the union of the numbers as well."""

    def extract(report: Report) -> Extraction:
        rows = {"reports": [report.row("extracted")], "outcome_proportions": made(report)}
        if observed:
            rows["observations"] = observation_rows(rows)
        return Extraction(report.report_id, rows, issues)

    # What another extractor gave must not be taken for what this one gives.
    extract.__qualname__ = f"{made.__qualname__} {id(made)} {id(issues)}"
    monkeypatch.setattr("pipelines.extraction.extract_report", extract)


def files_read(folder: Path) -> list[FileRead]:
    """What every file of the folder gives, each extracted anew in this process."""
    store = LocalStore(folder)
    files, issues = source_files(store)
    assert issues == []
    return [FileRead(file, extract_bytes(store.read(file.name))) for file in files]


def published_rows(warehouse: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(warehouse / "published" / f"{table}.parquet").to_pylist()
    return rows


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file below the folder, by its name in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }

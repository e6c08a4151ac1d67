"""What several test files need: where the real and the sample reports are, and the tables typed by hand."""

import csv
import os
from pathlib import Path

import pytest

from pipelines.reports import Report, read_report

# Whole builds in tests are about tables; the tests of the editions, and of the installed command, make them all.
os.environ["PEEL_EDITIONS"] = "none"

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "warehouse" / "raw"
REAL = ROOT.parent / "shared" / "reports"
# Real open data files, where they lie beside the checkout.
OPEN_DATA = ROOT.parent / "shared" / "open-data"
GOLDEN = ROOT / "tests" / "golden"
EXTRACTORS = ROOT / "tests" / "fixtures" / "extractors"

# Tests that wait for servers and daemons begin first: what waits last, all wait for.
LONGEST = ("test_daemon.py", "test_postgres.py", "test_killed.py", "test_dask.py")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than cores: one that waits for a server leaves its core to another."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, the others as they are."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


TWO_REPORTS = ("west-midlands-2016-effectiveness", "warwickshire-2016-effectiveness")


def golden(report_id: str, table: str) -> list[dict[str, str]]:
    """A table typed by hand from reading the real report."""
    with (GOLDEN / report_id / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def real_report(report_id: str) -> Report:
    """A real report; the test is skipped where the real reports are not beside the checkout."""
    path = REAL / f"{report_id}.txt"
    if not path.exists():
        pytest.skip("the real reports are not here")
    return read_report(path, REAL)


def sample_report(report_id: str) -> Report:
    """A sample report that ships with the project."""
    return read_report(SAMPLES / f"{report_id}.txt", SAMPLES)

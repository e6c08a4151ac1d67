"""Timings against what cannot be beaten: ``make bench``. Prints; judges nothing.

python tests/benchmarks/bench.py [REPORTS_DIR]
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.extraction import extract_report
from pipelines.reports import find_report_files, read_reports

ROUNDS = 15
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "warehouse" / "raw"
# The five real reports, where they lie beside the checkout.
REAL = ROOT.parent / "shared" / "reports"


def floor(folder: Path) -> None:
    """What any reader must do: read the files, split the lines, look at each once."""
    for path in find_report_files(folder):
        for line in path.read_text(encoding="utf-8").split("\n"):
            NUMBER.findall(line)


def extraction(folder: Path) -> None:
    for report in read_reports(folder)[0]:
        extract_report(report)


def best(folder: Path, *works: Callable[[Path], None]) -> list[float]:
    """The shortest of some rounds for each work; they take turns, since other work on the machine only ever adds."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, own in zip(works, times, strict=True):
            started = time.perf_counter()
            work(folder)
            own.append(time.perf_counter() - started)
    return [min(own) for own in times]


def cold(command: list[str]) -> float:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL if REAL.is_dir() else SAMPLES
    reports = len(find_report_files(folder))
    lowest, ours = best(folder, floor, extraction)
    print(
        f"{reports} reports: floor {lowest * 1000:.1f} ms, extraction {ours * 1000:.1f} ms, ratio {ours / lowest:.1f}"
    )
    imports = cold([sys.executable, "-c", "import dagster, great_expectations"])
    with tempfile.TemporaryDirectory() as warehouse:
        build = cold([sys.executable, "-m", "assets.cli", "build", "--reports", str(folder), "--warehouse", warehouse])
    print(f"cold: imports {imports:.1f} s, whole build {build:.1f} s, ratio {build / imports:.2f}")


if __name__ == "__main__":
    main()

"""Timings against what cannot be beaten: ``make bench``. Prints; judges nothing.

python tests/benchmarks/bench.py [NUMBER ...] [--reports DIR] [--seed SEED] [--keep DIR]

Two lines for real reports: extraction against its floor, and a cold build against its imports. Then a Markdown table
with a row for each number of synthetic reports (default 50, 500 and 2,000; 0: no table).

The synthetic reports are of all forces and, beyond 43, of as many years as it takes. Printed tables are known of 2016
only, so the builds run from a copy of the code whose reference files hold the rows of peel-2016 for each further year,
too (``synthetic.code_with_rounds``): otherwise those reports would only be listed, which costs next to nothing. Every
build is a process of its own, begun without anything in memory; the warehouse is a new folder.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from synthetic import code_with_rounds, one_report, planned, write_reports

from pipelines.extraction import extract_report
from pipelines.reports import report_from_bytes

ROUNDS = 15
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "warehouse" / "raw"
# The five real reports, where they lie beside the checkout.
REAL = ROOT.parent / "shared" / "reports"
NUMBERS = (50, 500, 2000)
# Extraction alone is timed on so many reports of the folder, evenly picked, and so often.
ALONE, ALONE_ROUNDS = 40, 3
# A partition is timed as a part of a run over so many.
PARTITIONS = 100
SAMPLED_EVERY = 0.1
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
MEGABYTE = 1024 * 1024


# --- a few reports --------------------------------------------------------------------------------------------------


def report_files(folder: Path) -> list[Path]:
    """The texts below the folder."""
    return sorted(folder.rglob("*.txt"))


def floor(files: Sequence[Path]) -> None:
    """What any reader must do: read the files, split the lines, look at each once."""
    for path in files:
        for line in path.read_text(encoding="utf-8").split("\n"):
            NUMBER.findall(line)


def extraction(files: Sequence[Path]) -> None:
    """Read and extract, one after another."""
    for path in files:
        extract_report(report_from_bytes(path.read_bytes(), path.name))


def best(files: Sequence[Path], rounds: int, *works: Callable[[Sequence[Path]], None]) -> list[float]:
    """CPU seconds of the shortest of some rounds for each work; they take turns, since other work only ever adds."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, own in zip(works, times, strict=True):
            started = time.process_time()
            work(files)
            own.append(time.process_time() - started)
    return [min(own) for own in times]


def cold(command: list[str]) -> float:
    """Seconds of a command: the shortest of three."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return min(times)


def few(folder: Path) -> None:
    """The two lines for real reports or the samples."""
    files = report_files(folder)
    lowest, ours = best(files, ROUNDS, floor, extraction)
    print(
        f"{len(files)} reports: floor {lowest * 1000:.1f} ms, extraction {ours * 1000:.1f} ms, "
        f"ratio {ours / lowest:.1f}"
    )
    imports = cold([sys.executable, "-c", "import dagster, great_expectations"])
    with tempfile.TemporaryDirectory() as warehouse:
        build = cold([sys.executable, "-m", "assets.cli", "build", "--reports", str(folder), "--warehouse", warehouse])
    print(f"cold: imports {imports:.1f} s, whole build {build:.1f} s, ratio {build / imports:.2f}")


# --- many reports ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A process and its children: seconds by the clock and on all processors, and the most memory in MB. ``own_peak``:
    the largest single process; ``peak``: all together, shared pages counted once, sampled."""

    seconds: float
    processor_seconds: float
    own_peak: float
    peak: float


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    number: int
    first: Run
    again: Run
    changed: Run
    floor: float
    alone: float
    partition: float | None


def measured(command: Sequence[str], environment: dict[str, str]) -> Run:
    """Run a command and watch it. Raises RuntimeError with what it said if it fails."""
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        peak, processor = 0, {}
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, memory(process.pid))
            # Workers are children of a server of the pool, which nobody waits for: they are asked while they run.
            processor |= processor_seconds(process.pid)
            time.sleep(SAMPLED_EVERY)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said.read()[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes on macOS, in kB elsewhere
    processor[process.pid] = usage.ru_utime + usage.ru_stime
    return Run(seconds, sum(processor.values()), usage.ru_maxrss * unit / MEGABYTE, peak / MEGABYTE)


def processor_seconds(pid: int) -> dict[int, float]:
    """Seconds on all processors so far, of a process and each below it."""
    found = {}
    try:
        top = psutil.Process(pid)
        processes = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return found
    for process in processes:
        try:
            times = process.cpu_times()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it ended while it was looked at
        found[process.pid] = times.user + times.system
    return found


def memory(pid: int) -> int:
    """Bytes in use by a process and all below it; pages that they share are counted once where the system tells."""
    total = 0
    try:
        top = psutil.Process(pid)
        processes = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in processes:
        try:
            total += _own_memory(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            continue  # it ended while it was looked at
    return total


def _own_memory(process: psutil.Process) -> int:
    shares = Path(f"/proc/{process.pid}/smaps_rollup")
    if shares.exists():
        found = re.search(r"^Pss:\s+(\d+) kB", shares.read_text(), re.MULTILINE)
        return int(found.group(1)) * 1024 if found else 0
    return int(process.memory_info().rss)


def row(number: int, seed: int, code: Path, folder: Path) -> Row:
    """Build this many reports: at first, again, and with one report changed."""
    reports, open_data, warehouse = (folder / name for name in ("reports", "open_data", "warehouse"))
    write_reports(number, reports, seed)
    open_data.mkdir()
    # Tables alone, unless PEEL_EDITIONS says more: what editions take depends on the rows, not on the reports.
    environment = {"PEEL_EDITIONS": "none", **os.environ, "PYTHONPATH": str(code), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    environment.pop("DAGSTER_HOME", None)
    folders = {"--reports": reports, "--open-data": open_data, "--warehouse": warehouse}
    build = [sys.executable, "-m", "assets.cli", "build"]
    build += [str(each) for option in folders.items() for each in option]
    with at(code):
        first, again = measured(build, environment), measured(build, environment)
        force, year, layout = list(planned(number))[number // 2]
        other = one_report(force, year, layout, seed + 1)
        (reports / f"{other.report_id}.txt").write_text(other.text, encoding="utf-8")
        changed = measured(build, environment)
        lowest, alone = _told(["--alone", str(reports)], environment)
        partition = _told(["--partitions", str(reports)], environment)
    return Row(number, first, again, changed, lowest, alone, partition[0] if partition else None)


@contextmanager
def at(folder: Path) -> Iterator[None]:
    """Be in a folder: ``python -m`` looks there first."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _told(arguments: list[str], environment: dict[str, str]) -> list[float]:
    """The numbers that this program prints, run with the copied code."""
    command = [sys.executable, str(Path(__file__).resolve()), *arguments]
    run = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [float(number) for number in run.stdout.split()]


def picked(folder: Path, number: int) -> list[Path]:
    """So many of the folder's reports, evenly."""
    files = report_files(folder)
    return files[:: max(1, len(files) // number)][:number]


def alone(folder: Path) -> None:
    """Print seconds a report: the floor, and extraction in a loop."""
    files = picked(folder, ALONE)
    print(*(seconds / len(files) for seconds in best(files, ALONE_ROUNDS, floor, extraction)))


def partitions(folder: Path) -> None:
    """Print seconds a partition: one run of the extraction job over many, with Dagster's records in SQLite.

    The time of a run over one is taken off, so that what a run costs by itself is not shared out.
    """
    import dagster as dg

    from assets import automation, instance, reports
    from assets.definitions import definitions_for
    from assets.storage import Warehouse

    with tempfile.TemporaryDirectory() as home:
        os.environ["DAGSTER_HOME"] = home
        for name in ("raw", "open_data"):
            (Path(home) / name).mkdir()
        for path in picked(folder, PARTITIONS):
            shutil.copy(path, Path(home) / "raw")
        warehouse = Warehouse(reports=f"{home}/raw", open_data=f"{home}/open_data", root=f"{home}/warehouse")
        keys = sorted(path.stem for path in report_files(Path(home) / "raw"))
        with instance.dagster_instance() as records:
            records.add_dynamic_partitions(reports.REPORTS.name, keys)
            job = definitions_for(warehouse).resolve_job_def(automation.extract_job.name)
            taken = []
            # The first run of a process also fills caches: it is not counted.
            for first, last in ((keys[0], keys[0]), (keys[0], keys[0]), (keys[1], keys[-1])):
                tags = {automation.RANGE_START: first, automation.RANGE_END: last}
                started = time.perf_counter()
                result = job.execute_in_process(instance=records, tags=tags, run_config=QUIET)
                assert isinstance(result, dg.ExecuteInProcessResult)
                assert result.success
                taken.append(time.perf_counter() - started)
        print((taken[2] - taken[1]) / (len(keys) - 2))


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown; what stands in brackets is divided by the same of the first row, a report."""
    cores = os.cpu_count() or 1
    columns = {
        "reports": lambda row: f"{row.number:,}",
        "build, s": lambda row: f"{row.first.seconds:.1f}",
        "unchanged, s": lambda row: f"{row.again.seconds:.1f}",
        "one changed, s": lambda row: f"{row.changed.seconds:.1f}",
        "processor, s": lambda row: f"{row.first.processor_seconds:.1f}",
        "reports/s/core": lambda row: f"{row.number / row.first.seconds / cores:.1f}",
        "ms a report": lambda row: f"{1000 * _more(row, rows[0]):.0f}",
        "peak, MB": lambda row: f"{row.first.peak:.0f}",
        "largest process, MB": lambda row: f"{row.first.own_peak:.0f}",
        "extraction alone, ms": lambda row: f"{1000 * row.alone:.1f}",
        "floor, ms": lambda row: f"{1000 * row.floor:.2f}",
        "extraction ÷ floor": lambda row: f"{row.alone / row.floor:.0f}",
        "partition, ms": lambda row: "–" if row.partition is None else f"{1000 * row.partition:.0f}",
    }
    lines = [list(columns), ["---:"] * len(columns), *([tell(row) for tell in columns.values()] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _more(row: Row, smallest: Row) -> float:
    """Processor seconds a report: beyond the smallest build, what each further report adds to it."""
    if row is smallest:
        return row.first.processor_seconds / row.number
    added = row.first.processor_seconds - smallest.first.processor_seconds
    return added / (row.number - smallest.number)


def machine() -> str:
    """What it was measured on."""
    names = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", names.read_text(), re.MULTILINE) if names.exists() else None
    model = found.group(1) if found else platform.processor() or platform.machine()
    memory = psutil.virtual_memory().total / MEGABYTE / 1024
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GB, Python {platform.python_version()}, {platform.system()}"


def many(numbers: Sequence[int], seed: int, folder: Path) -> None:
    """Print the table."""
    code = code_with_rounds(folder / "code")
    compiled = [sys.executable, "-m", "compileall", "-q", str(code)]
    subprocess.run(compiled, check=True)
    rows = []
    for number in numbers:
        rows.append(row(number, seed, code, folder / str(number)))
        print(table(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
        shutil.rmtree(folder / str(number))
    print(f"\n{table(rows)}\n\n{machine()}; load {statistics.fmean(os.getloadavg()):.1f}")


def main() -> None:
    """Time what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, default=NUMBERS, metavar="NUMBER")
    parser.add_argument("--reports", type=Path, default=REAL if REAL.is_dir() else SAMPLES, help="real reports")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave the copied code there")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--partitions", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.alone)
    elif options.partitions:
        partitions(options.partitions)
    else:
        few(options.reports)
        numbers = [number for number in options.numbers if number]
        with tempfile.TemporaryDirectory() as folder:
            many(numbers, options.seed, options.keep or Path(folder)) if numbers else None


if __name__ == "__main__":
    main()

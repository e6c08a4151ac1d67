"""Two builds in one warehouse at the same time do not mix: one goes on, the other says why it does not."""

import os
import signal
from pathlib import Path

from forked import (
    Changes,
    Run,
    earlier_release,
    left_over,
    reports,
    sources,
    sources_in,
    start,
    stop_at,
    whole_release,
)

# Changes of files after which a build is well on its way and far from its end.
ON_ITS_WAY = 40


def refused(run: Run, warehouse: Path) -> bool:
    """Whether the build, which has ended with 1, said in one line that another one is there."""
    (line,) = run.said()
    return line.startswith("peel: ") and "another build" in line and str(warehouse) in line


def test_of_two_builds_at_once_one_publishes_and_the_other_says_why_not(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    raw = reports(tmp_path / "first", "Kent", "Essex"), reports(tmp_path / "second", "Kent", "Surrey", "Sussex")
    runs = [start(folder, warehouse, folder.with_suffix(".said")) for folder in raw]
    ended = [run.end() for run in runs]
    assert sorted(ended) == [0, 1], [run.said() for run in runs]
    assert refused(runs[ended.index(1)], warehouse)
    assert sources(whole_release(warehouse / "published")) == sources_in(raw[ended.index(0)])
    assert left_over(warehouse) == []


def test_while_another_process_builds_nothing_is_touched_and_when_it_is_dead_nothing_of_it_is_used(
    tmp_path: Path,
) -> None:
    warehouse = tmp_path / "warehouse"
    before = earlier_release(warehouse)
    first, second = reports(tmp_path / "first", "Kent", "Essex"), reports(tmp_path / "second", "Kent", "Surrey")
    holder = start(first, warehouse, tmp_path / "first.said", Changes(warehouse, stop_at(ON_ITS_WAY)))
    assert os.WIFSTOPPED(os.waitpid(holder.pid, os.WUNTRACED)[1]), holder.said()
    held = {path: path.stat().st_mtime_ns for path in warehouse.rglob("*") if path.is_file()}
    other = start(second, warehouse, tmp_path / "second.said")
    assert other.end() == 1
    assert refused(other, warehouse)
    assert {path: path.stat().st_mtime_ns for path in warehouse.rglob("*") if path.is_file()} == held
    assert whole_release(warehouse / "published") == before

    # The lock is the process's, so it cannot outlive it.
    os.kill(holder.pid, signal.SIGKILL)
    assert holder.end() == -signal.SIGKILL
    again = start(second, warehouse, tmp_path / "again.said")
    assert again.end() == 0, again.said()
    assert sources(whole_release(warehouse / "published")) == sources_in(second)
    assert left_over(warehouse) == []

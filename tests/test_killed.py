"""A build that is killed leaves a whole release to readers: the one before it or its own.

50 moments of builds, and the release read at each. 24 are real kills: a process that publishes is sent SIGKILL from
outside, half of them at moments spread over the files it changes, the others right before each of the last changes,
among which is the swap; these processes are forked from one that has come so far, so that the long way there is gone
once. 26 are stops (SIGSTOP) spread over all changes of files of one whole build over what the killed ones left: a
stopped process has left on the disk what it would have left if it had been killed there.
``python tests/test_killed.py 50`` kills 50 whole builds, editions and all, at moments of their time; it takes minutes.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from forked import (
    Changes,
    Gate,
    Say,
    earlier_release,
    gate,
    left_over,
    reports,
    sources,
    sources_in,
    start,
    stop_at,
)
from forked import whole_release as read_release

KILLS = 24
STOPS = 26


def announce(number: int, changes: Changes, say: Say) -> None:
    """Say when the given change begins, and how many there were; a negative one waits there for the kill."""

    def at_each(seen: Changes, path: Path) -> None:
        if seen.number == abs(number):
            say("reached", number)
            if number < 0:
                os.kill(os.getpid(), signal.SIGSTOP)

    changes.at_each = at_each
    changes.at_the_end = lambda: say("changes", changes.number)
    # The change that waited at the gate begins now.
    at_each(changes, changes.folder)


def kill_at(number: int, waiting: Gate) -> int:
    """Let one go on and kill it at this change, see ``announce``; how it ended."""
    pid = waiting.let_through(number)
    while True:
        word, value = waiting.answer()
        if word == "reached":
            with suppress(ProcessLookupError):  # it went on meanwhile, and may be done
                os.kill(pid, signal.SIGKILL)
        elif word == "ended":
            return value


def spread(moments: int, changes: int) -> list[int]:
    """This many moments evenly over the changes, 1 the first."""
    return [1 + number * (changes - 1) // (moments - 1) for number in range(moments)]


def put_back(warehouse: Path, kept: Path) -> None:
    shutil.rmtree(warehouse)
    shutil.copytree(kept, warehouse, symlinks=True)


def killed_while_publishing(raw: Path, warehouse: Path, folder: Path) -> int:
    """Kill builds while they publish and read the release each time; how many changes of files a whole build makes."""
    before, kept = read_release(warehouse / "published"), folder / "kept"
    with gate(raw, warehouse, folder / "said", announce) as waiting:
        shutil.copytree(warehouse, kept, symlinks=True)
        waiting.let_through(0)
        word, changes = waiting.answer()
        assert (word, waiting.answer()) == ("changes", ("ended", 0)), waiting.output(0)
        after = read_release(warehouse / "published")
        assert sources(after) == sources_in(raw)
        anywhere = spread(KILLS // 2, changes)
        at_the_swap = [-number for number in range(changes - KILLS // 2 + 1, changes + 1)]
        ended = {}
        # An early one last, with a release half written: what it leaves is what the next build finds.
        for number in [*at_the_swap, anywhere[0], *reversed(anywhere[1:])]:
            put_back(warehouse, kept)
            ended[number] = kill_at(number, waiting)
            assert read_release(warehouse / "published") in (before, after), f"torn by a kill at change {number}"
    assert len(ended) == KILLS
    assert all(ended[number] == -signal.SIGKILL for number in at_the_swap)
    # A process that goes on may be done when the kill arrives.
    assert sum(ended[number] == -signal.SIGKILL for number in anywhere) >= KILLS // 4
    return waiting.changes + changes


def stopped_all_along(
    raw: Path, warehouse: Path, output: Path, changes: int
) -> tuple[list[Mapping[str, bytes]], Mapping[str, bytes]]:
    """One build that stops at moments spread over its run: the release at each stop, and at its end."""
    run = start(raw, warehouse, output, Changes(warehouse, stop_at(*spread(STOPS, changes))))
    readings = []
    while os.WIFSTOPPED(status := os.waitpid(run.pid, os.WUNTRACED)[1]):
        readings.append(read_release(warehouse / "published"))
        os.kill(run.pid, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(status) == 0, run.said()
    return readings, read_release(warehouse / "published")


def test_a_build_that_is_killed_at_any_of_50_moments_leaves_a_whole_release(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    before = earlier_release(warehouse)
    first, second = reports(tmp_path / "first", "Kent", "Essex"), reports(tmp_path / "second", "Surrey", "Sussex")
    changes = killed_while_publishing(first, warehouse, tmp_path)
    assert read_release(warehouse / "published") == before
    assert left_over(warehouse), "a build that is killed early in publishing leaves something"

    # An ordinary build over what they left goes through, however often it is looked at.
    readings, after = stopped_all_along(second, warehouse, tmp_path / "said", changes)
    assert sources(after) == sources_in(second)
    assert left_over(warehouse) == []
    assert len(readings) == STOPS
    old = readings.index(after) if after in readings else STOPS
    assert readings == [before] * old + [after] * (STOPS - old)


def of_tables(release: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that no version stands in: that of a release depends on those before it."""
    versioned = ("datapackage.json", "release.json", "CHANGELOG.md", "SHA256SUMS", "index.html", "peel.xlsx")
    return {name: content for name, content in release.items() if name not in versioned}


def kill_whole_builds(kills: int, folder: Path) -> None:
    """Kill this many builds, each of reports of its own: half at moments of its time, half at moments of its end."""
    warehouse, dice = folder / "warehouse", random.Random(kills)
    published = reports(folder / "reports-0", "Kent", "Essex")
    started = time.monotonic()
    assert start(published, warehouse, folder / "said").end() == 0
    seconds = time.monotonic() - started
    for number in range(1, kills + 1):
        before = read_release(warehouse / "published")
        raw = reports(folder / f"reports-{number}", "Kent", "Essex")
        with (raw / "kent.txt").open("a", encoding="utf-8") as file:
            file.write(f"{number}\n")
        run = start(raw, warehouse, folder / "said")
        share = number / kills if number % 2 else dice.uniform(0.85, 1)
        time.sleep(share * seconds)
        os.kill(run.pid, signal.SIGKILL)
        how = run.end()
        reading = read_release(warehouse / "published")
        if reading != before:
            published = raw
            alone = folder / f"alone-{number}"
            assert start(raw, alone, folder / "said").end() == 0
            assert of_tables(reading) == of_tables(read_release(alone / "published")), f"torn by kill {number}"
        assert sources(reading) == sources_in(published)
        kind = "old" if reading == before else "new"
        print(f"{number:>3}  at {share:4.0%} of a build, ended {how}: {kind} release, whole", flush=True)
    last = reports(folder / "last", "Surrey")
    assert start(last, warehouse, folder / "said").end() == 0
    assert sources(read_release(warehouse / "published")) == sources_in(last)
    assert left_over(warehouse) == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        kill_whole_builds(int(sys.argv[1]) if len(sys.argv) > 1 else 50, Path(place))

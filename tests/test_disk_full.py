"""A disk that is full: one line that says so, the last good release stays, and the next build is good.

A full disk is made in two ways: wherever a build waits for the disk (fsync) there is "no space left" from the nth time
on, and files may grow to a size and no further (a limit that the system sets a process). Where a small disk can be
mounted (by root on Linux), it is filled up as well.
"""

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked import Changes, Gate, Say, earlier_release, gate, left_over, reports, sources, sources_in, start
from forked import whole_release as read_release

DISK_KB = 32 * 1024
NO_SPACE, TOO_LARGE = os.strerror(errno.ENOSPC), os.strerror(errno.EFBIG)
# Numbers that tell the process which goes on what is full: fsync from this one on, below; a file's size; the disk.
COUNT, FILE_SIZE, DISK = 0, 10_000, 20_000
KB_LEFT = (0, 40, 200, 400)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder that is a small disk of its own where one can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_KB}k", "peel-test", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        yield folder
        return
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def refuse_from(number: int) -> list[int]:
    """Let every fsync from this one on (1 the first, 0 never) find the disk full; a list that grows with each."""
    honest, calls = os.fsync, list[int]()

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if 0 < number <= len(calls):
            raise OSError(errno.ENOSPC, NO_SPACE)
        honest(descriptor)

    os.fsync = fsync  # in a process that ends soon
    return calls


def fill(disk: Path, kb_left: int) -> None:
    space = os.statvfs(disk)
    with (disk / "filler").open("wb") as file:
        file.write(bytes(space.f_bavail * space.f_frsize - kb_left * 1024))


def run_full(number: int, changes: Changes, say: Say, disk: Path) -> None:
    """In the process that goes on: what is full from here on."""
    if number >= DISK:
        fill(disk, number - DISK)
    elif number >= FILE_SIZE:
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
    else:
        calls = refuse_from(number)
        changes.at_the_end = lambda: say("calls", len(calls))


def outcome(waiting: Gate, number: int) -> tuple[int, list[str]]:
    """Exit code and error output of a build with this full."""
    waiting.let_through(number)
    while True:
        word, value = waiting.answer()
        if word == "ended":
            return value, waiting.output(number)


def assert_refused(ended: int, said: list[str], reason: str) -> None:
    assert ended == 1, said
    (line,) = said
    assert line.startswith("error: ")
    assert reason in line
    assert "last good release stays" in line


def test_a_disk_that_fills_up_while_a_release_is_written(disk: Path, tmp_path: Path) -> None:
    warehouse = disk / "warehouse"
    before = earlier_release(warehouse)
    raw, kept = reports(tmp_path / "raw", "Kent", "Essex"), tmp_path / "kept"
    with gate(raw, warehouse, tmp_path / "said", lambda *given: run_full(*given, disk)) as waiting:
        shutil.copytree(warehouse, kept, symlinks=True)

        def back() -> None:
            (disk / "filler").unlink(missing_ok=True)
            shutil.rmtree(warehouse)
            shutil.copytree(kept, warehouse, symlinks=True)

        waiting.let_through(COUNT)
        word, calls = waiting.answer()
        assert (word, waiting.answer()) == ("calls", ("ended", 0)), waiting.output(COUNT)
        after = read_release(warehouse / "published")
        assert sources(after) == sources_in(raw)

        numbers = {1: NO_SPACE, 2: NO_SPACE, calls // 2: NO_SPACE, FILE_SIZE: TOO_LARGE}
        if os.path.ismount(disk):
            numbers |= {DISK + kb: NO_SPACE for kb in KB_LEFT}
        for number, reason in numbers.items():
            back()
            assert_refused(*outcome(waiting, number), reason)
            assert read_release(warehouse / "published") == before, number

        # Full after the swap: the new release is there and whole, and what was left to do has failed.
        back()
        ended, (line,) = outcome(waiting, calls)
        assert ended == 1
        assert NO_SPACE in line
        assert " is published, but " in line
        assert "last good release stays" not in line
        assert read_release(warehouse / "published") == after


def test_a_disk_that_is_full_from_the_start_and_then_is_not(disk: Path, tmp_path: Path) -> None:
    warehouse = disk / "warehouse"
    before = earlier_release(warehouse)
    raw = reports(tmp_path / "raw", "Kent", "Essex")
    mounted = os.path.ismount(disk)
    if mounted:
        fill(disk, 100)
    full = start(raw, warehouse, tmp_path / "full", None if mounted else Changes(warehouse, refuse_all))
    assert_refused(full.end(), full.said(), NO_SPACE)
    assert read_release(warehouse / "published") == before

    (disk / "filler").unlink(missing_ok=True)
    good = start(raw, warehouse, tmp_path / "good")
    assert good.end() == 0, good.said()
    assert sources(read_release(warehouse / "published")) == sources_in(raw)
    assert left_over(warehouse) == []


def refuse_all(changes: Changes, path: Path) -> None:
    changes.at_each = lambda *ignored: None
    refuse_from(1)

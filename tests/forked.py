"""Builds in forked processes that tests stop, kill and starve, and what they leave, read as a user would read it.

Belongs here: running the command in a process of its own without importing everything again, finding moments of its
run, and reading a release whole. Nothing here knows how a build works: moments are the process's changes of files.
"""

import faulthandler
import gc
import hashlib
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import great_expectations  # noqa: F401  (each build would import it again)
import pyarrow.parquet as pq
from stubs import contents, registered_text

import assets.build  # noqa: F401  (the same)
from assets.cli import main
from pipelines.catalogue import release_files, table_files
from pipelines.publish import parquet_bytes
from pipelines.schema import TABLES

# What changes something on the disk; Python says so as it begins, open also to read.
CHANGES = ("open", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir")


@dataclass
class Changes:
    """Changes of files below a folder by this process: how many began, and what is done as each begins."""

    folder: Path
    at_each: Callable[["Changes", Path], None]
    number: int = 0
    at_the_end: Callable[[], None] | None = None

    def watch(self) -> None:
        """For the rest of this process."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in CHANGES or not isinstance(arguments[0], str | os.PathLike):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return
        path = Path(os.path.abspath(arguments[0]))
        if path.is_relative_to(self.folder):
            self.number += 1
            self.at_each(self, path)


def stop_at(*moments: int) -> Callable[[Changes, Path], None]:
    """For ``Changes``: stop this process as each of these changes begins."""

    def stop(changes: Changes, path: Path) -> None:
        if changes.number in moments:
            os.kill(os.getpid(), signal.SIGSTOP)

    return stop


def reports(folder: Path, *forces: str) -> Path:
    """A folder of small reports of these forces, which are read without a fault."""
    folder.mkdir(parents=True)
    for force in forces:
        (folder / f"{force.lower()}.txt").write_text(registered_text(force), encoding="utf-8")
    return folder


def earlier_release(warehouse: Path) -> Mapping[str, bytes]:
    """Put a small release in place as the one that is published, and give its files."""
    schema = TABLES["questions"].arrow_schema()
    files = release_files({"questions": parquet_bytes(schema.empty_table())})
    folder = warehouse / "releases" / "0123456789abcdef"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (warehouse / "published").symlink_to(Path("releases") / folder.name)
    return files


def whole_release(folder: Path) -> Mapping[str, bytes]:
    """The files of the release, each of its tables there with the bytes that the release says; fails if not so."""
    files = contents(folder.resolve(strict=True))
    resources = json.loads(files["datapackage.json"])["resources"]
    assert resources
    for resource in resources:
        content = files[resource["path"]]
        assert len(content) == resource["bytes"], resource["path"]
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"], resource["path"]
    for resource in table_files(files["datapackage.json"]).values():
        assert pq.read_table(io.BytesIO(files[resource["path"]])).num_rows == resource["rows"], resource["path"]
    return files


def sources(release: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """Name and SHA-256 of the reports that a release was made from."""
    rows = pq.read_table(io.BytesIO(release["reports.parquet"]), columns=["source_file", "sha256"]).to_pylist()
    return {(row["source_file"], row["sha256"]) for row in rows}


def sources_in(folder: Path) -> set[tuple[str, str]]:
    """Name and SHA-256 of the reports in a folder."""
    return {(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in folder.glob("*.txt")}


def left_over(warehouse: Path) -> list[str]:
    """What dead builds left: temporary files and folders; fails where another folder of a release is not whole."""
    for release in (warehouse / "releases").iterdir():
        if release.is_dir() and not release.name.startswith(".") and ".tmp" not in release.name:
            whole_release(release)
    return [path.relative_to(warehouse).as_posix() for path in warehouse.rglob("*") if ".tmp" in path.name]


@dataclass(frozen=True)
class Run:
    """A build in a process of its own, and the file that its error output goes to."""

    pid: int
    output: Path

    def end(self) -> int:
        """Wait for the end: the exit code, or the signal that ended it as a negative number."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def said(self) -> list[str]:
        """The lines on its error output."""
        return self.output.read_text(encoding="utf-8").splitlines()


def start(raw: Path, warehouse: Path, output: Path, changes: Changes | None = None) -> Run:
    """Begin ``peel build`` of these reports, without open data, in a forked process."""
    open_data = raw.with_name("open_data")
    open_data.mkdir(exist_ok=True)
    folders = {"--reports": raw, "--open-data": open_data, "--warehouse": warehouse}
    pid = os.fork()
    if pid:
        return Run(pid, output)
    code = 70
    try:
        speak_to(output)
        faulthandler.enable()
        # What other tests left, a browser's greenlets among it, must not be cleared away in a copy of the process.
        gc.freeze()
        for name in {*os.environ} - {"PEEL_EDITIONS"}:
            if name.startswith(("PEEL_", "DAGSTER_HOME")):
                del os.environ[name]
        if changes:
            changes.watch()
        code = main(["build", *(str(each) for option in folders.items() for each in option)])
        if changes and changes.at_the_end:
            changes.at_the_end()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def speak_to(output: Path) -> None:
    """Send this process's error output to the file, and its other output nowhere."""
    # Open until the process ends, which is in main or soon after.
    sys.stderr, sys.stdout = output.open("w", encoding="utf-8", buffering=1), open(os.devnull, "w")  # noqa: SIM115
    os.dup2(sys.stderr.fileno(), 2)
    os.dup2(sys.stdout.fileno(), 1)


@dataclass(frozen=True)
class Gate:
    """A build that waits right before it writes the first file of a release; others are forked from it and go on.

    So the way to the last part of a build, which takes nearly all of its time, is gone once for many trials.
    """

    run: Run
    changes: int  # of files of the warehouse, up to here
    orders: TextIO
    answers: TextIO

    def let_through(self, number: int) -> int:
        """Fork one that goes on, with this number for what was given to ``gate``, and give its process."""
        self.orders.write(f"{number}\n")
        self.orders.flush()
        word, pid = self.answer()
        assert word == "forked", word
        return pid

    def answer(self) -> tuple[str, int]:
        """What happened next to the one that went on: a word and a number; ``ended`` and its exit code comes last."""
        word, number = self.answers.readline().split()
        return word, int(number)

    def output(self, number: int) -> list[str]:
        """The lines on the error output of the one with this number."""
        return Run(0, numbered(self.run.output, number)).said()


def numbered(output: Path, number: int) -> Path:
    return output.with_name(f"{output.name}.{number}")


Say = Callable[[str, int], None]


@contextmanager
def gate(raw: Path, warehouse: Path, output: Path, on: Callable[[int, Changes, Say], None]) -> Iterator[Gate]:
    """Begin a build and wait until it is at the gate; killed in the end, as it waits.

    ``on`` is called in each process that goes on, with its number, its changes from here on, and a way to say a word
    and a number to the test.
    """
    releases = warehouse / "releases"
    orders_here, orders = os.pipe()
    answers, answers_here = os.pipe()

    def say(word: str, number: int) -> None:
        os.write(answers_here, f"{word} {number}\n".encode())

    def at_each(changes: Changes, path: Path) -> None:
        parts = path.parts[len(releases.parts) :] if path.is_relative_to(releases) else ()
        # Not the folder itself, and no lock file.
        if parts and not parts[0].startswith("."):
            changes.at_each = lambda *ignored: None
            say("gate", changes.number)
            wait_for_orders(changes)

    def wait_for_orders(changes: Changes) -> None:
        with os.fdopen(orders_here) as lines:
            while line := lines.readline():
                number = int(line)
                pid = os.fork()
                if pid == 0:
                    say("forked", os.getpid())
                    speak_to(numbered(output, number))
                    # What begins now is the first one.
                    changes.number = 1
                    on(number, changes, say)
                    return
                say("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        os._exit(0)

    run = start(raw, warehouse, output, Changes(warehouse, at_each))
    os.close(orders_here)
    os.close(answers_here)
    with os.fdopen(orders, "w") as write, os.fdopen(answers) as read:
        try:
            word, _, changes = read.readline().partition(" ")
            assert word == "gate", f"never came to write a release: {run.said()}"
            yield Gate(run, int(changes), write, read)
        finally:
            os.kill(run.pid, signal.SIGKILL)
            run.end()

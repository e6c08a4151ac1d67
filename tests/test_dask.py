"""Extraction on a real Dask cluster: a scheduler and workers in processes of their own, over TCP on this machine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import mapped
import pytest
from conftest import ROOT, SAMPLES
from stubs import report_text

from pipelines import mapper
from pipelines.mapper import Dask, MapperError, WorkerDiedError, backend_for, map_each
from pipelines.reference import load

Client = pytest.importorskip("distributed", reason="the package distributed is not installed (extra dask)").Client


# Dask's own default is 3; each costs a test a worker.
DEATHS_ALLOWED = 1
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(DEATHS_ALLOWED),
}


class Cluster:
    """A scheduler, and workers of one thread each without a keeper that would start them again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        file = folder / "scheduler.json"
        where = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
        self.scheduler = self._start("scheduler", *where, "--scheduler-file", str(file))
        wait_until(lambda: file.exists() and file.read_text().endswith("}"))
        self.address = str(json.loads(file.read_text())["address"])
        self.workers: list[subprocess.Popen[bytes]] = []

    def have_workers(self, number: int) -> None:
        """Start workers until so many live, and wait until the scheduler knows them."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        where = ["--host", "127.0.0.1", "--no-dashboard", "--local-directory", str(self.folder)]
        while len(self.workers) < number:
            self.workers.append(self._start("worker", self.address, "--no-nanny", "--nthreads", "1", *where))
        with Client(self.address, set_as_default=False) as client:
            wait_until(lambda: len(client.nthreads()) == len(self.workers))

    def kill_worker(self) -> "subprocess.Popen[bytes]":
        worker = self.workers.pop()
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
        return worker

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "dask", *arguments]
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=ENVIRONMENT)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapper, "PATIENCE", 1.0)


def texts() -> list[bytes]:
    """Of 200 reports 25 are the samples, the others small, of every force."""
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("*.txt"))]
    forces = [force["name_hmic"] for force in load("forces") if force["area_code"][:3] in ("E23", "W15")]
    small = [report_text(name).encode() for name in forces]
    return [samples[n // 8 % len(samples)] if n % 8 == 0 else small[n % len(small)] for n in range(200)]


def test_no_report_is_lost_with_the_worker_that_had_it(cluster: Cluster) -> None:
    cluster.have_workers(2)
    items = list(enumerate(texts()))
    alone = {text: mapped.extracted((0, text)) for text in {text for _, text in items}}
    found = {}
    for (number, _), result, error in map_each(mapped.extracted, items, backend_for(cluster.address, len(items))):
        assert error is None
        found[number] = result
        if len(found) == 60:
            killed = cluster.kill_worker()
    assert killed not in cluster.workers
    assert found == {number: {**alone[text], "number": number} for number, text in items}


def test_an_item_that_kills_every_worker_that_has_it_stays_alone(cluster: Cluster) -> None:
    # Two with the chunk that it is in, two when it is by itself (the scheduler gives up after one death too many).
    cluster.have_workers(2 * (DEATHS_ALLOWED + 1) + 1)
    one_chunk = Dask(cluster.address, 10_000)
    items = range(20)
    found = {item: error or result for item, result, error in map_each(partial(mapped.killed_at, 7), items, one_chunk)}
    error = found.pop(7)
    assert isinstance(error, WorkerDiedError)
    assert f"{DEATHS_ALLOWED + 1} different workers" in str(error)
    assert found == {number: 2 * number for number in items if number != 7}


def test_an_item_that_raises_stays_alone(cluster: Cluster) -> None:
    cluster.have_workers(1)
    backend = Dask(cluster.address, 20)
    found = {
        item: error or result for item, result, error in map_each(mapped.doubled_but_for_seven, range(20), backend)
    }
    assert isinstance(found[7], ValueError)
    assert found == {number: 2 * number for number in range(20)} | {7: found[7]}


def test_only_so_many_items_as_the_workers_need_are_taken(cluster: Cluster) -> None:
    cluster.have_workers(1)
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield number

    backend = Dask(cluster.address, 20)  # chunks of 20 // (4 * threads)
    ahead = [taken - done for done, _ in enumerate(map_each(mapped.doubled, items(), backend))]
    assert len(ahead) == 100
    assert max(ahead) <= 2 * 20 // 4


@pytest.mark.usefixtures("impatient")
def test_a_cluster_without_workers_is_given_up(cluster: Cluster) -> None:
    cluster.have_workers(1)
    outcomes = map_each(mapped.process_of, range(2000), Dask(cluster.address, 2000))
    next(outcomes)
    while cluster.workers:
        cluster.kill_worker()
    with pytest.raises(MapperError, match=r"^the Dask cluster at tcp://\S+ has no worker left$"):
        list(outcomes)
    with pytest.raises(MapperError, match=r"^the Dask cluster at tcp://\S+ has no worker$"):
        list(map_each(mapped.doubled, range(3), Dask(cluster.address, 3)))


@pytest.mark.usefixtures("impatient")
def test_a_scheduler_that_goes_or_is_not_there_is_said(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        cluster.have_workers(1)
        outcomes = map_each(mapped.process_of, range(2000), Dask(cluster.address, 2000))
        next(outcomes)
        cluster.scheduler.kill()
        with pytest.raises(MapperError, match=r"^the Dask scheduler at tcp://\S+ has gone$"):
            list(outcomes)
    finally:
        cluster.close()
    with pytest.raises(MapperError, match=r"^no Dask scheduler answers at tcp://\S+ within 1 seconds$"):
        list(map_each(mapped.doubled, range(3), Dask(cluster.address, 3)))

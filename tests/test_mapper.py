"""Every item comes once, with its result or a reason, wherever the work is done and whatever dies on the way."""

import multiprocessing
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
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import mapper
from pipelines.mapper import (
    Backend,
    Dask,
    MapperError,
    Processes,
    Serial,
    WorkerDiedError,
    backend_for,
    map_each,
)

BACKENDS = [Serial(), Processes(1), Processes(2)]


def results(function: Callable[[int], object], count: int, backend: Backend) -> dict[int, object]:
    """Result or exception by item; each item once."""
    outcomes = list(map_each(function, range(count), backend))
    assert len({item for item, _, _ in outcomes}) == len(outcomes)
    return {item: error or result for item, result, error in outcomes}


def doubled(count: int) -> dict[int, object]:
    return {number: 2 * number for number in range(count)}


# How it is on macOS, too.
@pytest.fixture(params=["as it is here", "spawn"])
def start_method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "spawn":
        monkeypatch.setattr(mapper, "_context", lambda function: multiprocessing.get_context("spawn"))


@pytest.mark.usefixtures("start_method")
@pytest.mark.parametrize("backend", BACKENDS, ids=str)
def test_every_place_gives_the_same(backend: Backend) -> None:
    assert results(mapped.doubled, 20, backend) == doubled(20)


@settings(max_examples=10, deadline=None)
@given(count=st.integers(0, 12), workers=st.integers(1, 3))
def test_every_item_comes_once_however_few(count: int, workers: int) -> None:
    assert results(mapped.doubled, count, Processes(workers)) == doubled(count)


@pytest.mark.parametrize("backend", BACKENDS, ids=str)
def test_an_item_that_raises_stays_alone(backend: Backend) -> None:
    found = results(mapped.doubled_but_for_seven, 20, backend)
    error = found.pop(7)
    assert isinstance(error, ValueError)
    assert str(error) == "seven is refused"
    assert found == {number: 2 * number for number in range(20) if number != 7}


@pytest.mark.parametrize(
    ("function", "end"), [(mapped.exit_at, "exit code 3"), (mapped.killed_at, "killed by SIGKILL")]
)
def test_an_item_that_kills_its_worker_twice_stays_alone(function: Callable[[int, int], int], end: str) -> None:
    found = results(partial(function, 7), 20, Processes(2))
    error = found.pop(7)
    assert isinstance(error, WorkerDiedError)
    assert str(error).startswith(f"tried twice, and both times its worker process died ({end}")
    assert found == {number: 2 * number for number in range(20) if number != 7}


def test_a_worker_that_dies_by_chance_costs_nothing(tmp_path: Path) -> None:
    assert results(partial(mapped.killed_once, str(tmp_path)), 20, Processes(2)) == doubled(20)
    assert {path.name for path in tmp_path.iterdir()} == {"0", "5", "10", "15"}


def test_results_larger_than_a_pipe_arrive_whole() -> None:
    found = {item: result for item, result, _ in map_each(mapped.in_bytes, [0, 1, 300, 3000], Processes(2))}
    assert {item: len(result or b"") for item, result in found.items()} == {
        0: 0,
        1: 1000,
        300: 300_000,
        3000: 3_000_000,
    }


def test_an_exception_that_cannot_be_pickled_is_said_in_words() -> None:
    error = results(mapped.refused, 1, Processes(1))[0]
    assert isinstance(error, RuntimeError)
    assert str(error) == "TwoArgumentsError: 0 cannot be read"


def test_a_result_that_cannot_be_pickled_is_an_exception() -> None:
    assert "lambda" in str(results(mapped.unpicklable, 1, Processes(1))[0])


@pytest.mark.parametrize(("backend", "most"), [(Serial(), 1), (Processes(2), 3)], ids=str)
def test_no_more_items_are_taken_than_workers_can_be_at(backend: Backend, most: int) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(50):
            taken += 1
            yield number

    ahead = [taken - done for done, _ in enumerate(map_each(mapped.doubled, items(), backend))]
    assert len(ahead) == 50
    assert 1 <= max(ahead) <= most


def test_all_workers_work() -> None:
    pids = set(results(mapped.process_of, 20, Processes(2)).values())
    assert len(pids) == 2
    assert os.getpid() not in pids


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_iterator_that_is_closed_early_leaves_no_worker() -> None:
    outcomes = map_each(mapped.process_of, range(50), Processes(2))
    pids = {next(outcomes)[1] for _ in range(6)}
    outcomes.close()  # type: ignore[attr-defined]
    assert pids
    assert [pid for pid in pids if pid and is_running(pid)] == []


SLEEPERS = """
import sys
from functools import partial
import mapped
from pipelines.mapper import Processes, map_each
if __name__ == "__main__":
    list(map_each(partial(mapped.asleep, sys.argv[1]), [float(sys.argv[2])] * 4, Processes(2)))
"""


# Ctrl-C ends a long item at once; the workers of a build that was killed end with the item that they are at.
@pytest.mark.parametrize(("ending", "seconds"), [(signal.SIGINT, 60), (signal.SIGKILL, 0.5)])
def test_workers_end_with_the_build_and_without_a_word(ending: signal.Signals, seconds: float, tmp_path: Path) -> None:
    (tmp_path / "pids").mkdir()
    (tmp_path / "main.py").write_text(SLEEPERS, encoding="utf-8")
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    build = subprocess.Popen(
        [sys.executable, str(tmp_path / "main.py"), str(tmp_path / "pids"), str(seconds)],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: len(list((tmp_path / "pids").iterdir())) == 2)
    pids = [int(pid.name) for pid in (tmp_path / "pids").iterdir()]
    if ending == signal.SIGINT:
        os.killpg(build.pid, ending)
    else:
        build.send_signal(ending)
    errors = build.communicate(timeout=10)[1]
    assert build.returncode == -ending
    assert errors.count("Traceback") == (1 if ending == signal.SIGINT else 0), errors
    wait_until(lambda: not any(is_running(pid) for pid in pids))


def test_a_function_that_workers_cannot_import_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped.doubled, "__module__", "nowhere")
    module = type(sys)("nowhere")
    module.doubled = mapped.doubled  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nowhere", module)
    with pytest.raises(MapperError, match=r"no worker process can be started: .* with exit code 1"):
        results(mapped.doubled, 20, Processes(2))


@pytest.mark.skipif(sys.platform == "darwin", reason="workers start anew on macOS")
def test_few_items_are_not_worth_a_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapper, "_cores", lambda: 2)
    assert [backend_for("", items) for items in (0, 15, 16, 2000)] == [Serial(), Serial(), Processes(2), Processes(2)]
    monkeypatch.setattr(mapper, "_cores", lambda: 1)
    assert backend_for("", 2000) == Serial()


def test_the_place_is_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapper, "_cores", lambda: 3)
    assert backend_for("serial", 2000) == Serial()
    assert backend_for("processes", 1) == Processes(3)
    assert backend_for(" processes:5 ", 1) == Processes(5)
    assert backend_for("tcp://scheduler:8786", 9) == Dask("tcp://scheduler:8786", 9)
    assert backend_for("dask://10.0.0.1:8786/", 9) == Dask("tcp://10.0.0.1:8786", 9)


@pytest.mark.parametrize(
    "spec",
    [
        "process", "processes:", "processes:0", "processes:-1", "processes:two", "processes:²", "serial:1", "dask",
        "tcp://", "tcp://host", "tcp://:8786", "tcp://host:none", "tcp://host:99999", "tcp://host:1/path",
        "http://host:8786", "tcp:host:8786",
    ],
)  # fmt: skip
def test_any_other_place_is_refused_and_what_would_be_right_is_said(spec: str) -> None:
    with pytest.raises(
        MapperError, match=r"^'.*' is no place to run: write serial, processes, processes:4 .*$"
    ) as error:
        backend_for(spec, 9)
    assert repr(spec) in str(error.value)


def test_a_cluster_without_its_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MapperError, match=r"^tcp://host:8786 needs the package distributed, which is not installed"):
        results(mapped.doubled, 3, backend_for("tcp://host:8786", 3))

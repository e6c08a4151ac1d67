"""One function over many items, where the configuration says: here, in a pool of processes, on a Dask cluster.

Belongs here: handing items out, and getting every result or the reason why there is none. Does not belong here: what
the function does, and which environment variable or option names the place.

The function is one of a module, which workers import by its name, or a ``functools.partial`` of one; items and results
are plain values that can be pickled. It must take all it needs from its item: a worker has the current folder, but not
the environment variables set since the first was started, nor what a test has patched. Nothing is ever listed whole:
items are taken as workers become free, one a worker, or two chunks on a cluster; results are handed on as they come.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import chain, islice
from multiprocessing import current_process, get_context
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

Item = TypeVar("Item")
Result = TypeVar("Result")

# An item, and what the function gave for it or what it raised.
Outcome = tuple[Item, Result | None, Exception | None]

# Fewer reports are extracted before a pool has started (0.8 s).
POOL_FROM = 16
# Handing over to a cluster costs 4 ms, so items go in chunks: of at most so many, and at least so many chunks a
# worker, so that all end at about the same time.
MOST_IN_A_CHUNK = 32
CHUNKS_A_WORKER = 4
# Workers that die one after another before their first item: then no worker can start here.
MOST_FAILED_STARTS = 3
# Seconds that a worker is given to end by itself.
GRACE = 1.0
# Seconds until a cluster that does not answer, or has no worker, is given up.
PATIENCE = 10.0

WRONG_SPEC = "no place to run: write serial, processes, processes:4 (how many) or tcp://host:8786 (a Dask scheduler)"


class MapperError(RuntimeError):
    """The place where the work should run is not there or not usable; one line that says which and why."""


class WorkerDiedError(RuntimeError):
    """The worker that had this item died (out of memory, a crash), and so did the one that tried it again."""


class Backend(Protocol):
    """Where a function is run over items."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Outcome[Item, Result]]:
        """See ``map_each``."""


def map_each(
    function: Callable[[Item], Result], items: Iterable[Item], backend: Backend
) -> Iterator[Outcome[Item, Result]]:
    """Each item with its result, or with the exception that the function raised for it: in the order they are done.

    Every item comes exactly once. One whose worker process dies is tried again by itself when the others are done; if
    that kills its worker too, it comes with a WorkerDiedError. Raises MapperError when the place of work is not there.
    To stop early, close the iterator: work under way is then dropped.
    """
    return backend.map(function, items)


def backend_for(spec: str, items: int) -> Backend:
    """The backend that a line of configuration names, for about so many items.

    ``serial``; ``processes`` (one a core) or ``processes:N``; ``tcp://host:port`` or ``dask://host:port``, the
    scheduler of a Dask cluster that is there already; empty: processes where that is faster. Nothing is started or
    connected yet. Raises MapperError for anything else.
    """
    name, _, number = spec.strip().partition(":")
    if spec.strip() == "":
        # A process that is itself a daemon may have no children (Dask's workers are).
        pool = items >= POOL_FROM and _cores() > 1 and not current_process().daemon
        return Processes(_cores()) if pool else Serial()
    if spec.strip() == "serial":
        return Serial()
    if spec.strip() == "processes":
        return Processes(_cores())
    if name == "processes" and number.isascii() and number.isdigit() and int(number) > 0:
        return Processes(int(number))
    if name in ("tcp", "dask"):
        return Dask(_scheduler(spec.strip()), items)
    raise MapperError(f"{spec!r} is {WRONG_SPEC}")


def _scheduler(spec: str) -> str:
    with suppress(ValueError):  # a port that is none
        parts = urlsplit(spec)
        if parts.hostname and parts.port and not (parts.path.strip("/") or parts.query or parts.username):
            return f"tcp://{parts.netloc}"
    raise MapperError(f"{spec!r} is {WRONG_SPEC}")


def _cores() -> int:
    # Not os.cpu_count(): in a container or under taskset not all of them may be used.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@dataclass(frozen=True)
class Serial:
    """One item after another, here."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Outcome[Item, Result]]:
        """See ``map_each``."""
        for item in items:
            try:
                result = function(item)
            except Exception as error:  # handed on: one item must not stop the others
                yield item, None, error
            else:
                yield item, result, None


@dataclass(frozen=True)
class Processes:
    """So many worker processes on this machine. Each is given one item at a time: that costs 0.1 ms an item."""

    workers: int

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Outcome[Item, Result]]:
        """See ``map_each``."""
        died: list[Item] = []
        for item, result, error in _Pool(function, items, self.workers).outcomes():
            if isinstance(error, WorkerDiedError):
                died.append(item)
            else:
                yield item, result, error
        # Alone: what killed the worker may have been the memory that the others took.
        for item, result, error in _Pool(function, died, 1).outcomes():
            again = isinstance(error, WorkerDiedError)
            yield item, result, WorkerDiedError(f"tried twice, and both times {error}") if again else error


def _context(function: Callable[..., Any]) -> BaseContext:
    """How workers start. Measured for a first pool of two until both have answered, and for the next pool:

        fork        0.02 s   0.02 s   but a copy of a process with threads (pyarrow's, Dagster's) may hang for ever
        spawn       0.85 s   0.85 s   each worker imports everything anew
        forkserver  0.85 s   0.75 s
        forkserver  0.75 s   0.03 s   with the function's module imported once, in the process that is copied

    A copy of a process that has imported numpy is not safe on macOS (its numpy uses a library of the system that does
    not survive it), so there each worker starts anew, as is Python's own choice.
    """
    if sys.platform == "darwin":
        return get_context("spawn")
    context = get_context("forkserver")
    of_module = function.func if isinstance(function, partial) else function
    context.set_forkserver_preload([of_module.__module__])
    return context


class _Worker:
    """One process, and the item that it is at."""

    def __init__(self, context: BaseContext, function: Callable[[Any], Any], item: Any) -> None:
        self.item = item
        self.ready = False
        self.connection, other_end = context.Pipe()
        # mypy: every context has a Process, but not the class they share.
        self.process: BaseProcess = context.Process(target=_work, args=(function, other_end), daemon=True)  # type: ignore[attr-defined]
        self.process.start()
        other_end.close()  # so that the end of the worker is the end of the pipe

    def give(self, item: Any) -> None:
        """Hand over an item: only to a worker that waits for it, else each end might wait for the other to read."""
        self.item = item
        # If it has just died, the end of its pipe is the next thing read from it.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(item)

    def stop(self, grace: float = 0) -> str:
        """End the process, at the latest after so many seconds, and say how it ended."""
        self.connection.close()
        self.process.join(grace)
        self.process.kill()
        self.process.join()
        code = self.process.exitcode or 0
        self.process.close()
        if code >= 0:
            return f"exit code {code}"
        name = signal.Signals(-code).name if -code in list(signal.Signals) else f"signal {-code}"
        return f"killed by {name}{', perhaps out of memory' if name == 'SIGKILL' else ''}"


class _Pool(Generic[Item, Result]):
    """Workers, each with a pipe of its own: one that dies takes only the item with it that it was at. Such an item
    comes with a WorkerDiedError and is not tried again here."""

    def __init__(self, function: Callable[[Item], Result], items: Iterable[Item], workers: int) -> None:
        self.function = function
        self.items = iter(items)
        self.workers = workers
        self.context = _context(function)
        self.running: dict[Any, _Worker] = {}  # by connection
        self.failed_starts = 0

    def outcomes(self) -> Iterator[Outcome[Item, Result]]:
        """As ``map_each``."""
        try:
            while True:
                for item in islice(self.items, self.workers - len(self.running)):
                    worker = _Worker(self.context, self.function, item)
                    self.running[worker.connection] = worker
                if not self.running:
                    return
                for connection in wait(list(self.running)):
                    yield from self._answer(self.running[connection])
        finally:
            for worker in self.running.values():
                worker.stop()

    def _answer(self, worker: _Worker) -> list[Outcome[Item, Result]]:
        """What a worker that has something to say has for us: nothing yet, or the outcome of the item it was at."""
        try:
            payload = worker.connection.recv_bytes()
        except (EOFError, OSError):  # its end of the pipe is closed, perhaps in the middle of a result
            return self._bury(worker)
        item = worker.item
        if not worker.ready:
            worker.ready = True
            self.failed_starts = 0
            worker.give(item)
            return []
        # The next item goes out before the result is handed on: storing that may take a while.
        for following in islice(self.items, 1):
            worker.give(following)
            break
        else:
            del self.running[worker.connection]
            worker.stop(GRACE)
        return [(item, *_unpacked(payload))]

    def _bury(self, worker: _Worker) -> list[Outcome[Item, Result]]:
        """Clear away a worker that died, and give what it was at."""
        del self.running[worker.connection]
        end = worker.stop(GRACE)
        if worker.ready:
            return [(worker.item, None, WorkerDiedError(f"its worker process died ({end})"))]
        self.failed_starts += 1
        if self.failed_starts == MOST_FAILED_STARTS:
            died = f"{MOST_FAILED_STARTS} died before they had begun, the last one with {end}"
            raise MapperError(f"no worker process can be started: {died}")
        self.items = chain([worker.item], self.items)
        return []


def _work(function: Callable[[Any], Any], connection: Any) -> None:
    """What a worker process does: an item in, its outcome out, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent is the one that answers it
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is done, or gone
        connection.send_bytes(b"ready")
        while True:
            connection.send_bytes(_packed(function, connection.recv()))


def _packed(function: Callable[[Any], Any], item: Any) -> bytes:
    """The function's result or exception for the item, pickled."""
    try:
        return pickle.dumps((function(item), None))
    except Exception as error:  # handed on: one item must not stop the others
        return pickle.dumps((None, _portable(error)))


def _packed_each(function: Callable[[Any], Any], items: Sequence[Any]) -> list[bytes]:
    return [_packed(function, item) for item in items]


def _portable(error: Exception) -> Exception:
    """The exception, or one that says the same where it cannot be made again elsewhere."""
    try:
        again: Exception = pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its constructor wants
        return RuntimeError(f"{type(error).__name__}: {error}")
    return again


def _unpacked(payload: bytes) -> tuple[Any, Exception | None]:
    result, error = pickle.loads(payload)
    return result, error


@dataclass(frozen=True)
class Dask:
    """The workers of a Dask cluster; ``address`` is its scheduler's. ``items``: about how many there will be.

    The workers need this same release of the code, and the same files if the function reads any. Dask itself gives the
    work of a worker that dies to another, three times by default.
    """

    address: str
    items: int

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Outcome[Item, Result]]:
        """See ``map_each``."""
        client = self._connect()
        try:
            threads = sum(client.nthreads().values())
            died: list[Item] = []
            chunk_size = max(1, min(MOST_IN_A_CHUNK, self.items // (CHUNKS_A_WORKER * threads)))
            for item, result, error in self._map(client, function, items, chunk_size, 2 * threads):
                if isinstance(error, WorkerDiedError):
                    died.append(item)
                else:
                    yield item, result, error
            # One at a time: of a chunk that kills its workers, all but one item are good.
            yield from self._map(client, function, died, 1, 1)
        finally:
            client.close()

    def _connect(self) -> Any:
        if find_spec("distributed") is None:
            raise MapperError(f"{self.address} needs the package distributed, which is not installed (extra dask)")
        from distributed import Client

        try:
            client: Any = Client(self.address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except OSError as error:
            raise MapperError(f"no Dask scheduler answers at {self.address} within {PATIENCE:.0f} seconds") from error
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            client.close()
            raise MapperError(f"the Dask cluster at {self.address} has no worker") from error
        return client

    def _map(
        self,
        client: Any,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        chunk_size: int,
        most_under_way: int,
    ) -> Iterator[Outcome[Item, Result]]:
        from distributed import CancelledError, KilledWorker

        source = iter(items)
        under_way: dict[Any, list[Item]] = {}
        while True:
            while len(under_way) < most_under_way and (chunk := list(islice(source, chunk_size))):
                # Not pure: else two builds at once would share what they compute, and its end.
                under_way[client.submit(_packed_each, function, chunk, pure=False)] = chunk
            if not under_way:
                return
            for future in self._done(client, list(under_way)):
                chunk = under_way.pop(future)
                try:
                    payloads = future.result()
                except CancelledError as error:
                    raise MapperError(f"the Dask scheduler at {self.address} has gone") from error
                except KilledWorker as error:
                    yield from ((item, None, WorkerDiedError(str(error))) for item in chunk)
                else:
                    yield from ((item, *_unpacked(payload)) for item, payload in zip(chunk, payloads, strict=True))

    def _done(self, client: Any, futures: list[Any]) -> set[Any]:
        from distributed import CancelledError
        from distributed import wait as wait_for

        while True:
            try:
                with client.as_current():
                    ended = wait_for(futures, timeout=PATIENCE, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
                return set(ended.done)
            except CancelledError as error:
                raise MapperError(f"the Dask scheduler at {self.address} has gone") from error
            except TimeoutError as error:  # a long item, or nobody is left to do it
                if not client.nthreads():
                    raise MapperError(f"the Dask cluster at {self.address} has no worker left") from error

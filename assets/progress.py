"""Who watches the reports of a build go by.

Belongs here: handing the progress of a step to whoever started the run in this process. Does not belong here: showing
it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Called with the number of reports done and of all.
Progress = Callable[[int, int], None]

_WATCHER: ContextVar[Progress | None] = ContextVar("watcher", default=None)


def watched() -> Progress | None:
    """Whoever watches; null where nobody does, as in a run that Dagster's daemon started."""
    return _WATCHER.get()


@contextmanager
def watching(progress: Progress | None) -> Iterator[None]:
    """Let this watch as long as the context lasts."""
    token = _WATCHER.set(progress)
    try:
        yield
    finally:
        _WATCHER.reset(token)

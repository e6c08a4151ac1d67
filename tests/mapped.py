"""Functions for the tests of the mapper: in a module of their own, quick to import: every worker does."""

import os
import signal
import time
from pathlib import Path
from typing import Any


def doubled(number: int) -> int:
    return 2 * number


def doubled_but_for_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven is refused")
    return 2 * number


def in_bytes(kilobytes: int) -> bytes:
    """So much that it does not fit into a pipe at once."""
    return bytes(1000 * kilobytes)


class TwoArgumentsError(ValueError):
    """An exception whose message is made of its arguments."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"{number} {reason}")


def refused(number: int) -> int:
    """Raises an exception that pickle cannot make again: its only argument is not its message."""
    raise TwoArgumentsError(number, "cannot be read")


def unpicklable(number: int) -> Any:
    return lambda: number


def process_of(number: int) -> int:
    time.sleep(0.01)
    return os.getpid()


def asleep(pid_folder: str, seconds: float) -> None:
    """Say which process this is, then do nothing for so long."""
    (Path(pid_folder) / str(os.getpid())).touch()
    time.sleep(seconds)


def exit_at(fatal: int, number: int) -> int:
    if number == fatal:
        os._exit(3)
    return 2 * number


def killed_at(fatal: int, number: int) -> int:
    if number == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def killed_once(folder: str, number: int) -> int:
    """Numbers that divide by five kill their process the first time."""
    seen = Path(folder) / str(number)
    if number % 5 == 0 and not seen.exists():
        seen.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def extracted(item: tuple[int, bytes]) -> dict[str, Any]:
    """All rows and issues of the report that the bytes hold."""
    from pipelines.extraction import extract_report
    from pipelines.reports import report_from_bytes

    number, content = item
    found = extract_report(report_from_bytes(content, "report.txt"))
    return {"number": number, "rows": dict(found.rows), "issues": found.issues}

"""The ``peel`` command: arguments in, one line a problem on the error output, a summary, an exit code.

Belongs here: what a person or a shell sees. Does not belong here: what a build does (``build``).

Exit codes: 0 all good; 1 something was refused or failed, and the rest, if anything, is published; 2 wrong
usage.
"""

import argparse
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    from assets.build import Outcome
    from assets.storage import Warehouse

# Issues of one check in one report that are shown one by one; quality_issues holds them all.
ISSUES_SHOWN = 5
# Objects made before the garbage collector looks at them (Python's own default is 700).
GARBAGE_THRESHOLD = 100_000

EPILOG = """exit codes: 0 all good; 1 something was refused or failed (the rest is published, and
quality_issues and the error output say what and where); 2 wrong usage. PEEL_REPORTS, PEEL_OPEN_DATA
and PEEL_WAREHOUSE set the default folders, PEEL_RULES the default round."""


class UsageError(Exception):
    """A command that cannot be run as given; ends with exit code 2 and one line."""


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    try:
        options = parser().parse_args(arguments)
        return run_build(options)
    except UsageError as error:
        print(f"peel: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("peel: interrupted; the last good release stays", file=sys.stderr)
        return 1


def parser() -> Parser:
    """The command's arguments."""
    top = Parser(prog="peel", description="Police inspection reports as tidy, checked tables.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    build = commands.add_parser(
        "build",
        help="read every report, check every table, publish a release",
        description="Read every report, extract and check every table, and publish a release.",
        epilog=EPILOG,
    )
    build.add_argument("--reports", metavar="DIR", help="folder with reports, .txt (default: warehouse/raw)")
    build.add_argument("--open-data", metavar="DIR", help="folder with open data (default: warehouse/open_data)")
    build.add_argument("--warehouse", metavar="DIR", help="folder to publish in (default: warehouse)")
    build.add_argument(
        "--rules",
        metavar="ROUND",
        default=os.environ.get("PEEL_RULES", ""),
        help="inspection round, such as peel-2016, whose annex A says which forces count in open data of other "
        "periods (default: there every force counts)",
    )
    build.add_argument("--verbose", action="store_true", help="show Dagster's own log on the error output")
    return top


def run_build(options: argparse.Namespace) -> int:
    """``peel build``."""
    started = time.perf_counter()
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    # Most of a small run is imports, which make very many objects that stay: looked at seldom, not over and over.
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)
    # Imported here: a wrong option or --help need not wait for the orchestrator.
    from assets.build import build
    from assets.storage import Warehouse
    from pipelines.publish import RELEASES, locked

    warehouse = Warehouse.from_environment().with_folders(options.reports, options.open_data, options.warehouse)
    check_folders(warehouse)
    lock = warehouse.folder / RELEASES / ".build.lock"
    try:
        with locked(lock, wait=False):
            outcome = build(warehouse, "INFO" if options.verbose else "CRITICAL", options.rules)
    except BlockingIOError:
        print(
            f"peel: another build is writing to {warehouse.folder}; try again when it is done",
            file=sys.stderr,
        )
        return 1
    report_issues(outcome, sys.stderr)
    summarise(outcome, warehouse, time.perf_counter() - started, sys.stdout)
    return 0 if outcome.is_good else 1


def check_folders(warehouse: "Warehouse") -> None:
    """Raise UsageError unless the folders can be read and written."""
    from assets.storage import DEFAULT_OPEN_DATA
    from pipelines.publish import RELEASES, is_writable

    for option, folder in (("--reports", warehouse.reports), ("--open-data", warehouse.open_data)):
        # Reports can do without open data, but a folder that was asked for must be there.
        if not Path(folder).is_dir() and folder != DEFAULT_OPEN_DATA:
            raise UsageError(f"{option}: {folder} is not a folder")
    home = os.environ.get("DAGSTER_HOME")
    if home and not Path(home).is_dir():
        raise UsageError(f"DAGSTER_HOME: {home} is not a folder")
    releases = warehouse.folder / RELEASES
    reason = is_writable(releases)
    if reason:
        raise UsageError(f"--warehouse: cannot write to {warehouse.folder} ({reason})")


def report_issues(outcome: "Outcome", stream: TextIO) -> None:
    """One line for each error and warning, errors first; many of one kind in one report are folded."""
    shown = [issue for issue in outcome.issues if issue.severity in ("error", "warning")]
    shown.sort(key=lambda issue: issue.severity != "error")
    seen: Counter[tuple[str, str | None]] = Counter()
    for issue in shown:
        kind = (issue.check_id, issue.report_id)
        seen[kind] += 1
        # Where nothing could be said about which report, each is a thing of its own.
        if seen[kind] <= ISSUES_SHOWN or issue.report_id is None:
            print(f"{issue.severity}: {one_line(issue.message)}", file=stream)
    for (check_id, report_id), number in seen.items():
        if number > ISSUES_SHOWN and report_id is not None:
            print(
                f"and {number - ISSUES_SHOWN} more of {check_id} in {report_id}: see quality_issues",
                file=stream,
            )
    if outcome.failure:
        print(f"error: {one_line(outcome.failure)}; the last good release stays", file=stream)


def one_line(text: str) -> str:
    """The text on one line, without characters that a terminal would obey: it may come out of a report."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def summarise(outcome: "Outcome", warehouse: "Warehouse", seconds: float, stream: TextIO) -> None:
    """What was read, published and checked."""
    from pipelines.publish import PUBLISHED

    print(f"reports  {outcome.reports_read} read, {outcome.files_refused} refused", file=stream)
    for table, rows in outcome.rows.items():
        print(f"rows     {rows:>6} {table}", file=stream)
    checks = f"{outcome.checks_passed} passed, {outcome.checks_warned} warned, {outcome.checks_failed} failed"
    print(f"checks   {checks}", file=stream)
    where = "nothing published" if outcome.failure else warehouse.folder / PUBLISHED
    print(f"release  {where}, {seconds:.1f} seconds", file=stream)


if __name__ == "__main__":
    sys.exit(main())

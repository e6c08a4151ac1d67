"""The ``peel`` command: arguments in, one line a problem on the error output, a summary, an exit code.

Belongs here: the arguments, and what is said of a build. Does not belong here: what a build does (``build``), the
commands that only read (``commands``) and how things are printed (``terminal``).

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
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from assets.terminal import (
    CommandError,
    UsageError,
    as_json,
    did_you_mean,
    say_what_can_be_said,
    shown_progress,
    until_the_pipe_ends,
)
from pipelines.plain_text import one_line

if TYPE_CHECKING:
    from assets.build import Outcome
    from assets.storage import Warehouse
    from pipelines.issues import Issue

# The form of ``peel build --json``: raised when a key goes or changes its meaning; keys may be added.
JSON_VERSION = 1
# Issues of one check in one report that are shown one by one; quality_issues holds them all.
ISSUES_SHOWN = 5
# Reports that join, change or leave that are named in the summary; --json names all.
NAMES_SHOWN = 5
# Objects made before the garbage collector looks at them (Python's own default is 700).
GARBAGE_THRESHOLD = 100_000

DESCRIPTION = "Police inspection reports of England and Wales as tidy, checked tables."
EPILOG = """PEEL_WAREHOUSE sets the default warehouse. peel COMMAND --help says more."""
BUILD_EPILOG = """exit codes: 0 all good; 1 something was refused or failed (the rest is published, and
quality_issues and the error output say what and where); 2 wrong usage. PEEL_REPORTS,
PEEL_OPEN_DATA, PEEL_WAREHOUSE, PEEL_RULES, PEEL_RELEASES_KEPT, PEEL_MAPPER, PEEL_EDITIONS set
defaults."""


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line, and takes no shortened options."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing the usage."""
        raise UsageError(f"{message} (see {self.prog} --help)")

    @property
    def long_options(self) -> list[str]:
        """Its options that are words, such as --help."""
        return [name for action in self._actions for name in action.option_strings if name.startswith("--")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    say_what_can_be_said()
    try:
        options = parsed(sys.argv[1:] if arguments is None else arguments)
        if options.command == "build":
            return run_build(options)
        # Imported here: a wrong option or --help need not wait for it.
        from assets import commands

        with until_the_pipe_ends():
            getattr(commands, f"run_{options.command}")(options)
        return 0
    except UsageError as error:
        print(f"peel: {one_line(str(error))}", file=sys.stderr)
        return 2
    except CommandError as error:
        print(f"peel: {one_line(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("peel: interrupted; the last good release stays", file=sys.stderr)
        return 1


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments' meaning. Raises UsageError, with what would be right, where they have none."""
    top, commands = parsers()
    first = arguments[0] if arguments else None
    if first is None or first not in (*commands, "-h", "--help"):
        said = "no command" if first is None else f"{first!r} is no command"
        raise UsageError(f"{said}{did_you_mean(first or '', (*commands, '--help'))}")
    options, unknown = top.parse_known_args(arguments)
    if unknown:
        command = commands[options.command]
        wrong = next((each for each in unknown if each.startswith("-")), None)
        hint = did_you_mean(wrong.split("=")[0], command.long_options) if wrong else ""
        command.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    return options


def parsers() -> tuple[Parser, dict[str, Parser]]:
    """The command's parser, and that of each of its commands by name."""
    top = Parser(prog="peel", description=DESCRIPTION, epilog=EPILOG)
    kinds = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    commands = {
        "build": kinds.add_parser(
            "build",
            help="read every report, check every table, publish a release",
            description="Read what is new, check every table, and publish a release.",
            epilog=BUILD_EPILOG,
        )
    }
    _add_build_options(commands["build"])
    for name, words in (
        ("reports", "list the reports of the release, and the files that were refused"),
        ("issues", "list what is wrong, with file and line, errors first"),
        ("show", "print a table"),
        ("releases", "list the releases: when, and what changed"),
        ("diff", "say what changed between two releases"),
    ):
        commands[name] = kinds.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        commands[name].add_argument(
            "--warehouse",
            metavar="DIR",
            default=os.environ.get("PEEL_WAREHOUSE") or "warehouse",
            help="folder or s3:// location of the warehouse (default: warehouse)",
        )
        commands[name].add_argument("--json", action="store_true", help="print JSON, one object a line")
    _add_questions(commands)
    return top, commands


def _add_build_options(build: Parser) -> None:
    build.add_argument("--reports", metavar="DIR", help="reports, .txt: folder or s3:// (default: warehouse/raw)")
    build.add_argument("--open-data", metavar="DIR", help="open data folder (default: warehouse/open_data)")
    build.add_argument("--warehouse", metavar="DIR", help="where to publish: folder or s3:// (default: warehouse)")
    build.add_argument(
        "--rules",
        metavar="ROUND",
        default=os.environ.get("PEEL_RULES", ""),
        help="round, such as peel-2016, whose annex A binds open data of other periods (default: none)",
    )
    build.add_argument(
        "--keep", metavar="N", type=partial(_whole_number, 1), help="releases to keep, this one included"
    )
    build.add_argument("--mapper", metavar="SPEC", help="where to extract: serial, processes[:N], dask://HOST:PORT")
    build.add_argument(
        "--editions",
        metavar="LIST",
        type=_editions,
        help="editions beside the Parquet tables: duckdb,csv,excel,page, or none (default: all)",
    )
    build.add_argument("--json", action="store_true", help="one JSON object instead of the summary and the issues")
    build.add_argument("--verbose", action="store_true", help="show Dagster's own log on the error output")


def _add_questions(commands: dict[str, Parser]) -> None:
    issues, show, diff = commands["issues"], commands["show"], commands["diff"]
    issues.add_argument(
        "--severity", choices=("error", "warning", "note"), help="of this severity only (default: errors and warnings)"
    )
    issues.add_argument("--report", metavar="ID", help="of this report, or of this file")
    issues.add_argument("--table", metavar="NAME", help="of this table")
    show.add_argument("table", metavar="TABLE", nargs="?", help="name of the table (default: say which there are)")
    show.add_argument("--force", metavar="NAME", help="rows on this force: its name, slug or ONS code")
    show.add_argument("--report", metavar="ID", help="rows of this report")
    show.add_argument("--columns", metavar="A,B", help="these columns, whole (default: those that fit)")
    show.add_argument(
        "--limit",
        metavar="N",
        type=partial(_whole_number, 0),
        help="so many rows, 0 for all (default: 40 in a terminal, else all)",
    )
    diff.add_argument("before", metavar="A", nargs="?", help="release, by id or version (default: the one before B)")
    diff.add_argument("after", metavar="B", nargs="?", help="release, by id or version (default: the current one)")
    diff.add_argument("--table", metavar="NAME", help="every row of this table that changed")


def _editions(words: str) -> str:
    """The words, if they name editions. Raises ArgumentTypeError, which argparse says in words."""
    from assets.editions import chosen_editions

    try:
        chosen_editions(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return words


def _whole_number(smallest: int, text: str) -> int:
    """The number that the text is. Raises ArgumentTypeError, which argparse says in words."""
    if not text.isascii() or not text.isdigit() or int(text) < smallest:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {smallest} on")
    return int(text)


def run_build(options: argparse.Namespace) -> int:
    """``peel build``."""
    started = time.perf_counter()
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    # Most of a small run is imports, which make very many objects that stay: looked at seldom, not over and over.
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)
    with shown_progress(sys.stderr, bar=not options.verbose) if not options.json else nullcontext() as progress:
        # Imported here: a wrong option or --help need not wait for the orchestrator, nor a wrong setting for the graph.
        from assets.storage import BusyError

        warehouse = chosen_warehouse(options)
        check_folders(warehouse)
        from assets.build import build

        try:
            outcome = build(warehouse, "INFO" if options.verbose else "CRITICAL", options.rules, progress)
        except BusyError as error:
            raise CommandError(str(error)) from error
    seconds = time.perf_counter() - started
    with until_the_pipe_ends():
        if options.json:
            print(as_json(summary_for_machines(outcome, warehouse, seconds)))
        else:
            report_issues(outcome, sys.stderr)
            summarise(outcome, warehouse, seconds, sys.stdout)
    return 0 if outcome.is_good else 1


def chosen_warehouse(options: argparse.Namespace) -> "Warehouse":
    """The warehouse that options and environment name. Raises UsageError."""
    from assets.storage import Warehouse
    from pipelines.mapper import MapperError, backend_for

    try:
        warehouse = Warehouse.from_environment().with_folders(
            options.reports, options.open_data, options.warehouse, options.mapper, options.keep, options.editions
        )
        backend_for(warehouse.mapper, items=0)
    except ValueError as error:
        raise UsageError(str(error)) from error
    except MapperError as error:
        raise UsageError(f"{'--mapper' if options.mapper else 'PEEL_MAPPER'}: {error}") from error
    return warehouse


def check_folders(warehouse: "Warehouse") -> None:
    """Raise UsageError unless the folders can be read and written."""
    from assets.storage import DEFAULT_OPEN_DATA
    from pipelines.publish import is_writable
    from pipelines.stores import is_object_store

    for option, folder in (("--reports", warehouse.reports), ("--open-data", warehouse.open_data)):
        if option == "--reports" and is_object_store(folder):
            continue
        # Reports can do without open data, but a folder that was asked for must be there.
        if not Path(folder).is_dir() and folder != DEFAULT_OPEN_DATA:
            raise UsageError(f"{option}: {folder} is not a folder")
    home = os.environ.get("DAGSTER_HOME")
    if home and not Path(home).is_dir():
        raise UsageError(f"DAGSTER_HOME: {home} is not a folder")
    try:
        if is_object_store(warehouse.reports):
            warehouse.reports_store.list()
    except OSError as error:
        raise UsageError(f"--reports: cannot read {warehouse.reports} ({error.strerror or error})") from error
    try:
        reason = is_writable(warehouse.store)
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        raise UsageError(f"--warehouse: cannot write to {warehouse.root} ({reason})")


def report_issues(outcome: "Outcome", stream: TextIO) -> None:
    """One line for each error and warning, errors first; many of one kind in one report are folded."""
    shown = _problems(outcome)
    seen: Counter[tuple[str, str | None]] = Counter()
    for issue in shown:
        kind = (issue.check_id, issue.report_id)
        seen[kind] += 1
        # Where nothing could be said about which report, each is a thing of its own.
        if seen[kind] <= ISSUES_SHOWN or issue.report_id is None:
            print(f"{issue.severity}: {one_line(issue.message)}", file=stream)
    for (check_id, report_id), number in seen.items():
        if number > ISSUES_SHOWN and report_id is not None:
            more = f"and {number - ISSUES_SHOWN} more of {check_id} in {report_id}"
            print(f"{more}: see peel issues --report {report_id}", file=stream)
    if outcome.failure:
        stays = "" if outcome.release else "; the last good release stays"
        print(f"error: {one_line(outcome.failure)}{stays}", file=stream)


def summarise(outcome: "Outcome", warehouse: "Warehouse", seconds: float, stream: TextIO) -> None:
    """What was read, published and checked."""
    print(f"reports  {outcome.reports_read} read, {outcome.files_refused} refused", file=stream)
    print(f"work     {outcome.extracted} extracted anew, {outcome.reused} as extracted before", file=stream)
    for word, report_ids in (("new", outcome.added), ("changed", outcome.changed), ("gone", outcome.removed)):
        if report_ids:
            print(f"{word:<8} {len(report_ids)}: {_some(report_ids)}", file=stream)
    for table, rows in outcome.rows.items():
        print(f"rows     {rows:>6} {table}", file=stream)
    checks = f"{outcome.checks_passed} passed, {outcome.checks_warned} warned, {outcome.checks_failed} failed"
    print(f"checks   {checks}", file=stream)
    for line in outcome.shrunk:
        print(f"smaller  {line}", file=stream)
    where = published_at(outcome, warehouse) or "nothing published"
    version = f", version {outcome.version}" if outcome.version else ""
    print(f"release  {where}{version}, {seconds:.1f} seconds", file=stream)


def summary_for_machines(outcome: "Outcome", warehouse: "Warehouse", seconds: float) -> dict[str, Any]:
    """The same as plain values, with every error and warning and every report that joined, changed or left."""
    return {
        "version": JSON_VERSION,
        "release": outcome.release,
        "data_version": outcome.version,
        "published": published_at(outcome, warehouse),
        "failure": outcome.failure,
        "reports": {
            "read": outcome.reports_read,
            "refused": outcome.files_refused,
            "extracted": outcome.extracted,
            "reused": outcome.reused,
            "new": list(outcome.added),
            "changed": list(outcome.changed),
            "removed": list(outcome.removed),
        },
        "rows": outcome.rows,
        "checks": {
            "passed": outcome.checks_passed,
            "warned": outcome.checks_warned,
            "failed": outcome.checks_failed,
        },
        "smaller": list(outcome.shrunk),
        "issues": [asdict(issue) for issue in _problems(outcome)],
        "seconds": round(seconds, 1),
    }


def published_at(outcome: "Outcome", warehouse: "Warehouse") -> str | None:
    """Where readers find the tables; null when nothing was published."""
    from pipelines.publish import PUBLISHED, RELEASES
    from pipelines.stores import is_object_store

    if not outcome.release:
        return None
    # An object store has no links: there readers go to the release itself.
    return str(
        f"{warehouse.root.rstrip('/')}/{RELEASES}/{outcome.release}"
        if is_object_store(warehouse.root)
        else Path(warehouse.root) / PUBLISHED
    )


def _problems(outcome: "Outcome") -> "list[Issue]":
    """Errors, then warnings."""
    return [issue for severity in ("error", "warning") for issue in outcome.issues if issue.severity == severity]


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


if __name__ == "__main__":
    sys.exit(main())

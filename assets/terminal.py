"""What a terminal is shown: text made harmless, tables that fit, progress of a build, pipes that end early.

Belongs here: how something is printed, for a person and for the next program. Does not belong here: what is printed
(``commands``, ``cli``). Text may come out of a report: it passes ``one_line`` and is never read as markup.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TextIO

from assets.progress import Progress
from pipelines.plain_text import one_line

# Where nobody watches, a build of fewer reports is over before a line would help; of more, one line each tenth.
REPORTS_IN_SILENCE = 100
LINES_OF_PROGRESS = 10
# Characters of a cell that are shown where a table has to fit.
CELL_WIDTH = 32
# Between two columns.
GAP = 2


class UsageError(Exception):
    """A command that cannot be run as given; ends with exit code 2 and one line."""


class CommandError(Exception):
    """A command that could not be carried out; ends with exit code 1 and one line."""


@dataclass(frozen=True)
class Sheet:
    """A table to print. ``first``: the columns that are kept where not all fit, most wanted first."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    first: tuple[str, ...] = ()


def cell(value: Any) -> str:
    """A value as it is printed in a table; null is empty (``value_status`` says why)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return one_line(str(value))


def did_you_mean(word: str, right: Iterable[str]) -> str:
    """Words that say what would be right: those close to the word, or all; empty where there is none."""
    right = list(dict.fromkeys(right))
    # Letters alone: "Kent", not "kent", may be what the one who types has in mind.
    by_letters = {each.casefold(): each for each in reversed(right)}
    begun = [each for each in by_letters if word and each.startswith(word.casefold())]
    close = [by_letters[each] for each in get_close_matches(word.casefold(), by_letters, 3) or sorted(begun)[:3]]
    if close:
        return f"; did you mean {' or '.join(close)}?"
    return f"; there are {', '.join(right)}" if 0 < len(right) <= 30 else ""


def is_watched(stream: TextIO) -> bool:
    """Whether a person looks at the stream: it is a terminal."""
    return stream.isatty()


def say_what_can_be_said() -> None:
    """Let a character that the terminal's encoding does not have become a question mark, not an exception."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a stream that a test put there may have none
        if reconfigure:
            reconfigure(errors="replace")


@contextmanager
def until_the_pipe_ends() -> Iterator[None]:
    """Stop printing, without a word, where the reader of the output has gone: ``peel show reports | head``."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def print_sheet(sheet: Sheet, stream: TextIO, fits: bool = True) -> None:
    """The table: fitted to the terminal when a person watches, else tab-separated with a line of names.

    ``fits``: leave out columns and cut long cells where the terminal is narrow, and say so; else cells are folded.
    """
    if is_watched(stream):
        _print_for_a_person(sheet, stream, fits)
        return
    for row in (sheet.columns, *sheet.rows):
        print(*(cell(value) for value in row), sep="\t", file=stream)


def print_json_lines(sheet: Sheet, stream: TextIO) -> None:
    """One JSON object a row; a date is YYYY-MM-DD, a missing value null."""
    for row in sheet.rows:
        print(as_json(dict(zip(sheet.columns, row, strict=True))), file=stream)


def as_json(value: Any) -> str:
    """The value on one line of JSON, in ASCII: for every terminal and locale."""
    return json.dumps(value, default=_json_value)


@contextmanager
def shown_progress(stream: TextIO, bar: bool = True) -> Iterator[Progress]:
    """Show how far a build is while it runs: a bar when a person watches, else a line now and then.

    ``bar``: false for lines in any case, where other lines would tear the bar.
    """
    if is_watched(stream) and bar:
        with _bar(stream) as progress:
            yield progress
    else:
        yield progress_lines(stream)


def progress_lines(stream: TextIO) -> Progress:
    """Progress in plain lines: one each tenth of the reports, none where there are few."""
    last = 0
    is_heard = True

    def progress(done: int, total: int) -> None:
        nonlocal last, is_heard
        tenth = done * LINES_OF_PROGRESS // max(1, total)
        if not is_heard or total <= REPORTS_IN_SILENCE or tenth == last:
            return
        last = tenth
        try:
            print(f"{done} of {total} reports done, {total - done} left", file=stream, flush=True)
        except BrokenPipeError:  # no reason for a build to fail
            is_heard = False

    return progress


@contextmanager
def _bar(stream: TextIO) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
    )
    # Gone when it is done: the summary says what came of it.
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task("starting", total=None, count="")

        def progress(done: int, total: int) -> None:
            bar.update(
                task,
                completed=done,
                total=total,
                description="reading" if done < total else "checking and publishing",
                count=f"{done} of {total} reports, {total - done} left",
            )

        yield progress


def _print_for_a_person(sheet: Sheet, stream: TextIO, fits: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream, markup=False, highlight=False, emoji=False)
    cells = [[cell(value) for value in row] for row in sheet.rows]
    alike = _alike(cells) if fits else {}
    said = [f"{sheet.columns[place]} {value}" for place, value in alike.items() if value]
    empty = [sheet.columns[place] for place, value in alike.items() if not value]
    for words, names in (("the same in all rows shown", said), ("empty in all rows shown", empty)):
        if names:
            console.print(Text(f"{words}: {', '.join(names)}", style="dim"))
    places = range(len(sheet.columns))
    widths = _fitting(sheet, cells, alike, console.width) if fits else {}
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for place in widths or places:
        is_number = any(isinstance(row[place], int | float) for row in sheet.rows)
        table.add_column(
            Text(sheet.columns[place]),
            justify="right" if is_number else "left",
            overflow="ellipsis" if fits else "fold",
            no_wrap=fits,
            width=widths.get(place),
        )
    for row in cells:
        table.add_row(*(Text(row[place]) for place in widths or places))
    console.print(table)
    left_out = [sheet.columns[place] for place in places if widths and place not in widths and place not in alike]
    if left_out:
        console.print(Text(f"not shown: {', '.join(left_out)}", style="dim"))


def _alike(cells: Sequence[Sequence[str]]) -> dict[int, str]:
    """The columns, by place, that hold the same in every one of several rows."""
    if len(cells) < 2:
        return {}
    return {place: column[0] for place, column in enumerate(zip(*cells, strict=True)) if len(set(column)) == 1}


def _fitting(sheet: Sheet, cells: Sequence[Sequence[str]], alike: Mapping[int, str], width: int) -> dict[int, int]:
    """The columns, by place, that fit into the width, and how wide each is; at least one."""
    from rich.cells import cell_len

    whole = {
        place: max(cell_len(sheet.columns[place]), *(cell_len(row[place]) for row in cells), 0)
        for place in range(len(sheet.columns))
        if place not in alike
    }
    rank = {name: number for number, name in enumerate(sheet.first)}
    left = width
    widths: dict[int, int] = {}
    for place in sorted(whole, key=lambda place: rank.get(sheet.columns[place], len(rank))):
        needed = min(whole[place], max(CELL_WIDTH, cell_len(sheet.columns[place])))
        if needed + GAP <= left or not widths:
            widths[place] = min(needed, max(1, width - GAP))
            left -= needed + GAP
    for place in sorted(widths):
        more = min(whole[place] - widths[place], max(0, left))
        widths[place] = widths[place] + more
        left -= more
    return dict(sorted(widths.items()))


def _json_value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is nothing that JSON holds")

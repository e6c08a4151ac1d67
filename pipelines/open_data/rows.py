"""Columns of a sheet to numbers, and counts by force and period with what is not known of them.

Belongs here: what all sheets have in common: forces, counts, rows that say nothing certain, two files that hold the
same, and all that a folder holds. Does not belong here: what a column means.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.issues import Issue
from pipelines.open_data.files import Sheet
from pipelines.reference import load
from pipelines.reports import force_named
from pipelines.schema import FORCE_CODE_PATTERN

Parsed = TypeVar("Parsed", bound=Hashable)
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# What stands for a number that is not there.
NO_NUMBER = frozenset({"", "na", "n/a", "null", "nan", "none", "-", "..", ":", "*", "+", "[x]", "[z]", "[c]"})
# Trap: "1,234" is a thousand, "1,23" is no number. A workbook's whole number may be written "12.0".
COUNT = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?")
# A cell holds no more digits than a count has; more would not fit the columns.
LONGEST_COUNT = 12

# Who is in the files but is no territorial force; none of these is ever added to one.
TRANSPORT_POLICE = "British Transport Police"
FRAUD_BODIES = frozenset({"action fraud", "cifas", "uk finance", "financial fraud action uk", "nfib"})
NO_FORCE, UNKNOWN_FORCE, FRAUD_BODY = "no force", "an unknown force", "fraud body"


@dataclass(frozen=True)
class Counts:
    """Whole numbers by area, day and category, from one file or from several.

    ``values`` has the numbers that are known; ``unknown`` says why there is none, with category "" for all categories
    of an area and day. ``files`` names for each day the files that cover it.
    """

    what: str
    values: Mapping[tuple[str, date, str], int]
    unknown: Mapping[tuple[str, date, str], str]
    files: Mapping[date, tuple[str, ...]]

    def reason(self, area_code: str, day: date, category: str) -> str | None:
        """Why the number is not known; None where nothing is said against it."""
        return self.unknown.get((area_code, day, category)) or self.unknown.get((area_code, day, ""))


@dataclass(frozen=True)
class OpenData:
    """What the files below a folder hold, nothing of it twice. ``files`` names those that were read.

    ``outcomes`` by force, first day of quarter and outcome type; ``crimes`` and ``incidents`` by force, last day of
    twelve months and crime type; ``population`` and ``households`` by force and day of the estimate. ``unrated``:
    forces of which ONS gives no rate. ``issues``: what was refused, left out, or is not known.
    """

    outcomes: Counts
    crimes: Counts
    incidents: Counts
    population: Counts
    households: Counts
    unrated: frozenset[str]
    files: tuple[str, ...]
    issues: tuple[Issue, ...]


@cache
def area_codes() -> tuple[str, ...]:
    """ONS codes of the 43 forces, in order."""
    return tuple(sorted(row["area_code"] for row in load("forces") if re.match(FORCE_CODE_PATTERN, row["area_code"])))


@cache
def force_name(area_code: str) -> str:
    """Name of a force for messages."""
    return next((row["name_hmic"] for row in load("forces") if row["area_code"] == area_code), area_code)


def force_names(codes: Sequence[str]) -> str:
    """Names of some forces for messages: the first of them, and how many more."""
    shown = ", ".join(map(force_name, codes[:5]))
    return shown if len(codes) <= 5 else f"{shown} and {len(codes) - 5} more"


def column_name(cell: str) -> str:
    """A column's name in snake_case: "Force Name" and "force_name" are one."""
    return re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_")


def numbered(column: pa.ChunkedArray, parse: Callable[[str], Parsed]) -> tuple[list[Parsed], Numbers]:
    """The different values of a column of texts, parsed, and for each row which of them it holds."""
    combined = column.unify_dictionaries().combine_chunks()
    if isinstance(combined, pa.ChunkedArray):  # a column without rows
        return [], np.zeros(0, np.int64)
    places: dict[Parsed, int] = {}
    place = [places.setdefault(parse(text), len(places)) for text in combined.dictionary.to_pylist()]
    return list(places), np.array(place, np.int64)[combined.indices.to_numpy(zero_copy_only=False)]


@cache
def parse_force(text: str) -> str:
    """ONS code of the force that a cell names by code or name, or what the cell holds instead."""
    name = " ".join(text.split())
    if name.casefold() in NO_NUMBER:
        return NO_FORCE
    if name in area_codes():
        return name
    if name.casefold() == TRANSPORT_POLICE.casefold():
        return TRANSPORT_POLICE
    if name.casefold() in FRAUD_BODIES:
        return FRAUD_BODY
    force = force_named(name)
    return force["area_code"] if force else UNKNOWN_FORCE


def parse_count(text: str) -> int | str:
    """The whole number in a cell, or why there is none."""
    text = text.strip()
    if text.casefold() in NO_NUMBER:
        return "missing"
    if not COUNT.fullmatch(text) or len(text) > LONGEST_COUNT:
        return "no whole number"
    return int(text.split(".")[0].replace(",", ""))


def chosen(values: Sequence[Any], index: Numbers, test: Callable[[Any], bool]) -> Flags:
    """Which rows hold a value that passes the test."""
    return np.array([test(value) for value in values] or [False], bool)[index]


def numbers(values: Sequence[int | str], index: Numbers) -> Numbers:
    """The number of each row; 0 where there is none."""
    return np.array([value if isinstance(value, int) else 0 for value in values] or [0], np.int64)[index]


def bad_rows(sheet: Sheet, header: int, table: pa.Table, which: Flags, reason: str, effect: str) -> list[Issue]:
    """A warning for rows that say nothing certain: how many there are, and the first of them as it stands."""
    places = np.flatnonzero(which)
    if not len(places):
        return []
    first = int(places[0])
    line = first + header + 2
    cells = {name: table.column(name)[first].as_py() for name in table.column_names}
    example = ", ".join(f"{name} {cell!r}" for name, cell in cells.items())
    return [
        Issue(
            "open-data-row",
            "warning",
            f"{sheet.place}: {rows(len(places))} with {reason}: {effect}; the first is row {line}: {example}",
            source_file=sheet.source_file,
            found=example,
            line_start=line,
            line_end=line,
        )
    ]


def unattributed(sheet: Sheet, header: int, table: pa.Table, number: Numbers, which: Flags, reason: str) -> list[Issue]:
    """A warning for rows that belong to no force known here, with the offences in them."""
    return bad_rows(
        sheet, header, table, which, reason, f"{int(number[which].sum()):,} offences are in no force's value"
    )


def rows(number: int) -> str:
    """Number of rows in words."""
    return f"{number:,} row" + ("" if number == 1 else "s")


def left_out(sheet: Sheet, what: str, number: int, total: int, unit: str) -> list[Issue]:
    """A note on rows that are left out on purpose."""
    if not number:
        return []
    message = f"{sheet.place}: {what} left out: {rows(number)}, {total:,} {unit}"
    return [Issue("open-data-left-out", "note", message, source_file=sheet.source_file, found=f"{total}")]


def merged(what: str, parts: Sequence[Counts]) -> tuple[Counts, list[Issue]]:
    """Counts of one kind from several files, none added twice.

    A day that several files cover is read once if all that they both hold is equal; else none of them is used for it.
    """
    values: dict[tuple[str, date, str], int] = {}
    unknown: dict[tuple[str, date, str], str] = {}
    files: dict[date, tuple[str, ...]] = {}
    twice: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for day in sorted({day for part in parts for day in part.files}):
        covering = [part for part in parts if day in part.files]
        names = tuple(sorted({name for part in covering for name in part.files[day]}))
        differing = _differing(covering, day) if len(covering) > 1 else None
        if len(covering) > 1:
            twice.setdefault((names, differing), []).append(str(day))
        if differing is not None:
            continue
        for part in covering:
            values.update((key, value) for key, value in part.values.items() if key[1] == day)
            unknown.update((key, value) for key, value in part.unknown.items() if key[1] == day)
        files[day] = names
    return Counts(what, values, unknown, files), [_twice(what, *held, days) for held, days in twice.items()]


def _twice(what: str, files: Sequence[str], differing: str | None, days: Sequence[str]) -> Issue:
    both = f"{what}: {' and '.join(files)} cover the same days ({', '.join(days)})"
    how = "with the same counts: read once" if differing is None else f"and differ ({differing}): none is used for them"
    return Issue(
        "open-data-twice",
        "note" if differing is None else "error",
        f"{both} {how}",
        source_file="; ".join(files),
        row_key=", ".join(days),
        found=differing,
    )


def _differing(parts: Sequence[Counts], day: date) -> str | None:
    """The first area that two of the parts both hold for a day with different counts."""
    by_area = [_by_area(part, day) for part in parts]
    for area_code in sorted({area for each in by_area for area in each}):
        held = [each[area_code] for each in by_area if area_code in each]
        if any(other != held[0] for other in held[1:]):
            return force_name(area_code)
    return None


def _by_area(part: Counts, day: date) -> dict[str, dict[str, int | str]]:
    # A count of zero may be a row or no row.
    areas: dict[str, dict[str, int | str]] = {}
    for holder in (part.values, part.unknown):
        for (area_code, at, category), value in holder.items():
            if at == day:
                held = areas.setdefault(area_code, {})
                if value != 0:
                    held[category] = value
    return areas

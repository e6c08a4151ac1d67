"""The rows a printed table has in a release: what its labels are read with, and which sums it must meet.

Belongs here: the vocabulary as typed data. Does not belong here: reading cells (``tables``, ``reading``).
Source of the rows: figures 2, 4 and 8 of the PEEL 2016 effectiveness reports; of the groups: the table's own headings
and the starred footnote of figure 4.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from pipelines.reference import load

NO_LETTER = re.compile(r"[^a-z]+")
# A label is begun by at least this many letters: fewer would let any short word begin one.
SHORTEST_START = 5


@dataclass(frozen=True)
class Row:
    """A row of a printed table. ``may_be_blank``: the release prints this row with or without a number."""

    row_id: str
    code: str | None
    label: str
    row_type: str
    parent_id: str | None
    may_be_blank: bool
    unit: str


@dataclass(frozen=True)
class Sum:
    """A printed number that is the sum of others, by their row numbers in ``PrintedTable.rows``."""

    parent: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A figure that is printed as a table, its rows in printed order.

    ``required``: every report of the programme's ``pillar`` prints it as text, so a caption without rows is an error.
    """

    table_name: str
    caption: re.Pattern[str]
    required: bool
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    pillar: str | None = None

    @cached_property
    def members(self) -> dict[int, tuple[int, ...]]:
        """The rows that each heading or total sums, by its row number."""
        return {total.parent: total.members for total in self.sums}

    @cached_property
    def known_labels(self) -> dict[str, list[int]]:
        """The rows that print a label, by the label's letters."""
        known: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            known.setdefault(letters(row.label), []).append(number)
        return known

    @cached_property
    def label_starts(self) -> frozenset[str]:
        """Every beginning of a label, in letters, that is long enough to be told from another word."""
        return frozenset(label[:n] for label in self.known_labels for n in range(SHORTEST_START, len(label) + 1))

    @cached_property
    def whole(self) -> int | None:
        """The row that is the whole, 100 percent; None for a table of rates."""
        for number, row in enumerate(self.rows):
            if row.row_type == "total" and row.parent_id is None:
                return number
        return None


@lru_cache(maxsize=8192)  # the same headings and labels are asked for again and again, also from report to report
def letters(text: str) -> str:
    """Letters only, lower case: labels compare equal however dashes, slashes, blanks and footnote marks are printed."""
    return NO_LETTER.sub("", text.casefold())


@cache
def printed_tables(programme_id: str) -> tuple[PrintedTable, ...]:
    """The printed tables of a programme's reports, in the order of their figures."""
    return tuple(
        PrintedTable(
            table_name=table["table_name"],
            caption=re.compile(table["caption_pattern"]),
            required=table["required"] == "yes",
            rows=(rows := _rows(programme_id, table["table_name"])),
            sums=_sums(rows),
            pillar=table["pillar"] or None,
        )
        for table in load("printed_tables")
        if table["programme_id"] == programme_id
    )


def _rows(programme_id: str, table_name: str) -> tuple[Row, ...]:
    return tuple(
        Row(
            row_id=row["row_id"],
            code=row["code"] or None,
            label=row["label"],
            row_type=row["row_type"],
            parent_id=row["parent_id"] or None,
            may_be_blank=row["number"] == "sometimes",
            unit=row["unit"],
        )
        for row in load("printed_rows")
        if (row["programme_id"], row["table_name"]) == (programme_id, table_name)
    )


def _sums(rows: tuple[Row, ...]) -> tuple[Sum, ...]:
    members: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.parent_id is not None:
            members.setdefault(row.parent_id, []).append(number)
    return tuple(Sum(number, tuple(members[row.row_id])) for number, row in enumerate(rows) if row.row_id in members)

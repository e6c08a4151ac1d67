"""The editions of a release beside its Parquet tables, and making those that are wanted.

Belongs here: which editions there are, and that one which cannot be made is said and left out: the tables, and the
others, are published. Does not belong here: how an edition is made (``pipelines.editions``, ``pipelines.page``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from pipelines.page.picture import Picture

Tables = Mapping[str, pa.Table]

DATABASE, PAGE, WORKBOOK = "peel.duckdb", "index.html", "peel.xlsx"
# What each edition is called where editions are chosen, and what it is.
EDITIONS: Mapping[str, str] = {
    "duckdb": "peel.duckdb: every table with keys and comments, and views that answer common questions",
    "csv": "csv/: every table as CSV, each with its CSVW metadata",
    "excel": "peel.xlsx: every table as a sheet, with cover, contents and notes",
    "page": "index.html: what the release holds, pictures, and a search over the findings",
}


@dataclass
class Made:
    """What was made: files by name below the release, and why an edition is not among them, one line an edition."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def attempt(self, edition: str, make: Callable[[], Mapping[str, bytes]]) -> None:
        """Make an edition; one that fails for whatever reason is left out whole, and said."""
        try:
            self.files.update(make())
        except Exception as error:  # text of one report must not keep the tables from those who wait for them
            reason = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
            self.faults[edition] = f"the {edition} edition could not be made and is left out ({reason})"


def chosen_editions(words: str) -> tuple[str, ...]:
    """The editions that the words name: empty or ``all``, ``none``, or names with commas between. Raises ValueError."""
    if words in ("", "all"):
        return tuple(EDITIONS)
    names = [] if words == "none" else [name.strip() for name in words.split(",")]
    unknown = [name for name in names if name not in EDITIONS]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no edition; there are {', '.join(EDITIONS)}, all, and none")
    return tuple(name for name in EDITIONS if name in names)


def editions_of_tables(tables: Tables, chosen: tuple[str, ...], version: str) -> Made:
    """The chosen editions that need the tables alone: all but the page."""
    made = Made()
    if "duckdb" in chosen:
        made.attempt("duckdb", lambda: _database(tables))
    if "csv" in chosen:
        made.attempt("csv", lambda: _csv_files(tables))
    if "excel" in chosen:
        made.attempt("excel", lambda: _workbook(tables, version))
    return made


def pictures(tables: Tables) -> list[Picture]:
    """Every picture of the page, in its order."""
    from pipelines.page.force_outcomes import force_pictures
    from pipelines.page.grade_tiles import grade_pictures
    from pipelines.page.holdings import holdings_pictures
    from pipelines.page.outcome_bars import outcome_pictures

    kinds = (force_pictures, grade_pictures, outcome_pictures, holdings_pictures)
    return [picture for draw in kinds for picture in draw(tables)]


# Imported where they are used: a build without an edition does not load its library.
def _database(tables: Tables) -> dict[str, bytes]:
    from pipelines.editions.database import database

    return {DATABASE: database(tables)}


def _csv_files(tables: Tables) -> dict[str, bytes]:
    from pipelines.editions.delimited import csv_files

    return csv_files(tables)


def _workbook(tables: Tables, version: str) -> dict[str, bytes]:
    from pipelines.editions.workbook import workbook

    return {WORKBOOK: workbook(tables, version)}

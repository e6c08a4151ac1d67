"""What docs/use-it.md shows, taken from the page itself, and a release of the samples to try it on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
from conftest import ROOT, SAMPLES
from markdown_it import MarkdownIt

from pipelines.batch import extract_checked
from pipelines.comparability import grade_history_rows
from pipelines.editions.database import database
from pipelines.editions.delimited import csv_files
from pipelines.editions.workbook import workbook
from pipelines.methodology import comparator_rows, quartile_rank_rows
from pipelines.open_data import force_crime_rate_rows, force_outcome_rows, read_open_data
from pipelines.publish import parquet_bytes
from pipelines.reference import dimension_rows
from pipelines.reports import read_report
from pipelines.schema import DIMENSIONS, TABLES
from pipelines.versions import CHECKSUMS, checksums

TEXT = (ROOT / "docs" / "use-it.md").read_text(encoding="utf-8")
# Sheets that the page's formulas use: a workbook of all takes a second to write and another to read.
SHEETS = ("outcome_proportions", "findings")


@dataclass(frozen=True)
class Block:
    """A fenced block: the heading above it, its language, its place among those of both (1 the first), its text."""

    section: str
    language: str
    number: int
    text: str

    @property
    def name(self) -> tuple[str, str, int]:
        return self.section, self.language, self.number


def headings() -> list[str]:
    tokens = MarkdownIt().parse(TEXT)
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


def blocks(text: str = TEXT) -> list[Block]:
    found: list[Block] = []
    section = ""
    tokens = MarkdownIt().parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            section = tokens[place + 1].content
        elif token.type in ("fence", "code_block"):
            number = 1 + sum((one.section, one.language) == (section, token.info) for one in found)
            found.append(Block(section, token.info, number, token.content))
    return found


def inline_code() -> Iterator[str]:
    """What stands between backquotes outside the blocks."""
    for token in MarkdownIt().enable("table").parse(TEXT):
        yield from (child.content for child in token.children or () if child.type == "code_inline")


def link_targets() -> Iterator[str]:
    for token in MarkdownIt().enable("table").parse(TEXT):
        yield from (str(child.attrs["href"]) for child in token.children or () if child.type == "link_open")


def sample_tables() -> dict[str, pa.Table]:
    """Every published table, of the sample reports and the sample of open data."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for path in sorted(SAMPLES.glob("*.txt")):
        for name, found in extract_checked(read_report(path, SAMPLES)).rows.items():
            rows[name] += found
    rows |= {name: dimension_rows(name) for name in DIMENSIONS}
    data = read_open_data(ROOT / "warehouse" / "open_data")
    rows["force_outcomes"] = force_outcome_rows(data)[0]
    rows["force_crime_rates"] = force_crime_rate_rows(data, rows["crime_rates"], rows["statistics"])[0]
    rows["quartile_ranks"] = quartile_rank_rows(rows)[0]
    rows["comparators"] = comparator_rows(rows)[0]
    rows["grade_history"] = grade_history_rows(rows)
    return {name: TABLES[name].to_arrow(rows[name]) for name in TABLES}


def write_release(folder: Path, tables: dict[str, pa.Table]) -> None:
    """The files that the page's blocks open, and their checksums."""
    files = {f"{name}.parquet": parquet_bytes(table) for name, table in tables.items()}
    files |= csv_files(tables)
    files["peel.duckdb"] = database(tables)
    files["peel.xlsx"] = workbook({name: tables[name] for name in SHEETS}, "1.0.0")
    files[CHECKSUMS] = checksums(files)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def without_strings(text: str, quote: str) -> str:
    """The text with nothing between its quotes. Raises ValueError for a quote that is not closed on its line."""
    lines = []
    for line in text.splitlines():
        left = re.sub(rf"{quote}[^{quote}]*{quote}", quote * 2, line)
        if left.count(quote) % 2:
            raise ValueError(f"a quote is open: {line}")
        lines.append(left)
    return "\n".join(lines)


def unbalanced(text: str) -> str:
    """The first bracket that closes nothing, or all that are left open; empty where the text balances."""
    pairs = {")": "(", "]": "[", "}": "{"}
    opened = ""
    for character in text:
        if character in pairs.values():
            opened += character
        elif character in pairs:
            if not opened.endswith(pairs[character]):
                return character
            opened = opened[:-1]
    return opened

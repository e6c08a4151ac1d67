"""Metadata in Markdown as Dagster shows it: tables and lists of text that comes out of reports and names of files.

Belongs here: that such text stays text. Does not belong here: what is shown.
"""

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from pipelines.plain_text import one_line

# What Markdown reads as a mark, and what a cell of a table ends with.
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]|#!"})


def text(value: Any) -> str:
    """A value on one line, with nothing in it that Markdown, HTML or a terminal would obey."""
    if value is None:
        return ""
    return html.escape(one_line(str(value)), quote=False).translate(MARKS)


def markdown_table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.MarkdownMetadataValue:
    """Rows under these names; "none" without any."""
    lines = [" | ".join(text(cell) for cell in row) for row in rows]
    if not lines:
        return dg.MetadataValue.md("none")
    head = [" | ".join(text(name) for name in names), " | ".join("---" for _ in names)]
    return dg.MetadataValue.md("\n".join(f"| {line} |" for line in [*head, *lines]))


def markdown_rows(rows: Sequence[Mapping[str, Any]]) -> dg.MarkdownMetadataValue:
    """Rows as mappings, under the names of the first."""
    return markdown_table(list(rows[0]) if rows else (), [list(row.values()) for row in rows])


def markdown_list(lines: Iterable[str]) -> dg.MarkdownMetadataValue:
    """One line each; "none" without any."""
    return dg.MetadataValue.md("\n".join(f"- {text(line)}" for line in lines) or "none")

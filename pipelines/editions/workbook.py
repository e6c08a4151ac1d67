"""The Excel edition, ``peel.xlsx``: every table as a sheet, for people who have a spreadsheet and nothing else.

Belongs here: how tables, their warnings and their columns are laid out as a workbook. Does not belong here: what a
table or a column means (``schema``) and whose work the release is (``catalogue``).

Sheets: Cover, Contents, Notes (usage warnings, symbols, how to trace a value), Columns (the dictionary), then one a
table. gptables lays out the cover and what stands above each table; the grids are written here, cell by cell:
gptables takes marks in a cell (``[a](b)``, ``$$a$$``) for links and notes and refuses cells such as ``*``. So no cell
of a grid is ever markup, link, formula or a number made of text.

What is missing, by the Analysis Function's symbols:

- Where value_status says that the row's number is not given, that number is ``[x]``, not available. Excluded and
  unassigned numbers are too: no other symbol says them truly, and value_status beside it gives the reason.
- A missing grade is ``[z]``, not applicable, where the question is not graded, else ``[x]``.
- Every other null is a blank cell. Why it is null stands in words in the column's meaning, often with two reasons, and
  a symbol chosen from those words would be a guess. Each sheet that has blank cells says so and where to look.

Column headings are the names of the columns and nothing more, so that the same name finds the same column in every
edition; units stand above the table and in Columns.

A text longer than a cell holds is cut, and says so at its end. A table longer than a sheet holds has no rows here: half
a table adds up to wrong sums without a sign of it. Its sheet says where the rows are.
"""

import io
import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.catalogue import ATTRIBUTION, DESCRIPTION, FIELD_TYPES, LICENCE, SOURCES, TITLE
from pipelines.schema import (
    COMPUTED_TABLES,
    DIMENSIONS,
    JUDGMENT_STATUSES,
    REPORT_TABLES,
    TABLES,
    VALUE_STATUSES,
    Column,
    Table,
)
from pipelines.versions import citation

Tables = Mapping[str, pa.Table]

COVER, CONTENTS, NOTES, COLUMNS = "Cover", "Contents", "Notes", "Columns"
SHEET_NAME_LENGTH = 31
# Rows of a table that a person may still read in a sheet, far below what Excel holds: writing it takes seconds already.
SHEET_ROWS = 50_000
# What Excel holds: UTF-16 units of a cell, digits of a number, the first day it can show right.
CELL_LENGTH = 32_767
EXACT_INTEGER = 10**15
FIRST_DAY = date(1900, 3, 1)
# No time of a run stands in a release; zip files begin their calendar on this day.
CREATED = datetime(1980, 1, 1)

# Widths in Excel's unit, a digit of its default font; gptables writes a larger one.
NARROWEST, WIDEST, NUMBER_WIDTH = 10.0, 60.0, 13.0
LETTER, HEADING_LETTER, FILTER_BUTTON = 1.0, 1.3, 4.0
# Heights in points, of a line by the size of its letters. They are set: not every program finds them out by itself.
LINE_HEIGHT = 1.3
# A row is no higher than this many lines, though its text may have more: else one row fills the window.
MOST_LINES = 12
COVER_WIDTH = 110
# Text above a table is set in lines of about this many letters: its rows stay in sight when the sheet is scrolled.
LINE_LENGTH = 150

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
SYMBOLS: Mapping[str, str] = {NOT_AVAILABLE: "not available", NOT_APPLICABLE: "not applicable"}


@dataclass(frozen=True)
class Missing:
    """The symbol of a null in these columns by the status of its row, in tables without the column ``unless``."""

    status: str
    meanings: Mapping[str, str]
    symbols: Mapping[str, str]
    columns: tuple[str, ...]
    unless: str | None = None


WITHOUT_NUMBER: Mapping[str, str] = {
    "not_printed": NOT_AVAILABLE,
    "unassigned": NOT_AVAILABLE,
    "excluded_by_source": NOT_AVAILABLE,
    "not_available": NOT_AVAILABLE,
}
WITHOUT_GRADE: Mapping[str, str] = {"ungraded": NOT_APPLICABLE, "not_stated": NOT_AVAILABLE}
# Only the columns that a status speaks of: a rank, an interval or a printed rate beside the value has its own reason.
MISSING = (
    Missing("value_status", VALUE_STATUSES, WITHOUT_NUMBER, ("value", "decimals", "offences")),
    # A table that sets two values side by side has one status for both.
    Missing(
        "value_status", VALUE_STATUSES, WITHOUT_NUMBER, ("published_value", "computed_value", "difference"), "value"
    ),
    Missing(
        "judgment_status", JUDGMENT_STATUSES, WITHOUT_GRADE, ("scale_id", "grade", "grade_rank", "grades_in_scale")
    ),
)

TRACE = (
    "How to trace a value: find its report_id in the sheet reports, which names the text file (source_file) and its "
    "SHA-256. The value stands on the lines line_start to line_end of that file, counted from 1, and printed shows "
    "what stands there."
)
SYMBOL_NOTE = (
    "Symbols stand where a value is missing for a stated reason, as the Government Analysis Function defines them: "
    "[x] not available, [z] not applicable. The status in the same row says why."
)
BLANK_NOTE = (
    f"A blank cell holds no value: what the meanings of columns call null. The sheet {COLUMNS} says for each column "
    "what that means. Zero is written as 0, never as a blank."
)
WHOLE_TABLE = "The whole table is in {name}.parquet, in the same release as this file."


@dataclass(frozen=True)
class Grid:
    """One table as it is written: a list of values for each column, symbols and cut texts in place.

    ``legend``: what the symbols in it mean, one line a symbol and status column. ``blanks``: whether a cell is blank.
    ``cut``: texts that were cut. ``left_out``: rows there are but not here, since they are too many for a sheet.
    """

    names: tuple[str, ...]
    types: tuple[pa.DataType, ...]
    values: tuple[list[Any], ...]
    legend: tuple[str, ...] = ()
    blanks: bool = False
    cut: int = 0
    left_out: int = 0

    @property
    def rows(self) -> int:
        """Rows without the headings."""
        return len(self.values[0]) if self.values else 0


@dataclass(frozen=True)
class Page:
    """One sheet with a table: its name, what stands above the table, and the table."""

    sheet: str
    table_name: str
    title: str
    lines: tuple[str, ...]
    instructions: str
    grid: Grid
    source: str | None = None
    units: str | None = None


def workbook(tables: Tables, version: str) -> bytes:
    """The tables as an Excel workbook of this version of the data: same tables, same bytes.

    Raises KeyError for a table that is not in the schema.
    """
    from gptables import Cover, GPWorkbook  # type: ignore[import-untyped]

    names = sheet_names(tables)
    described = sorted((TABLES[name] for name in tables), key=list(TABLES.values()).index)
    notes = _Notes()
    pages = [_table_page(table, tables[table.name], names[table.name], notes) for table in described]
    pages = [_columns_page(described), *pages]

    sink = io.BytesIO()
    # Never a formula, link or number out of text, however a cell comes to be written.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = GPWorkbook(sink, {"in_memory": True, **plain})
    book.set_properties(
        {
            "title": f"{TITLE}, version {version}",
            "subject": DESCRIPTION,
            "comments": f"{ATTRIBUTION} {LICENCE['path']}",
            "created": CREATED,
        }
    )
    _write_cover(book, Cover(TITLE, *_cover(tables, version), width=COVER_WIDTH))
    heads = {page.sheet: _head(page) for page in pages}
    book._update_annotations(heads)
    notes_page = _notes_page(notes, book._annotations)
    contents = _contents_page([notes_page, *pages])
    contents_head = _head(contents)
    _write_links(book, _write_page(book, contents, contents_head), contents, contents_head)
    for page in (notes_page, *pages):
        _write_page(book, page, heads.get(page.sheet) or _head(page))
    book.close()
    return sink.getvalue()


def sheet_names(names: Iterable[str]) -> dict[str, str]:
    """The name of each table's sheet: the table's, cut and numbered where Excel wants it shorter or other."""
    # Excel tells no names apart by case, and keeps one name for itself.
    taken = {name.lower() for name in (COVER, CONTENTS, NOTES, COLUMNS, "History")}
    given: dict[str, str] = {}
    for name in names:
        sheet, number = name[:SHEET_NAME_LENGTH], 1
        while sheet.lower() in taken:
            number += 1
            sheet = f"{name[: SHEET_NAME_LENGTH - len(str(number)) - 1]}_{number}"
        taken.add(sheet.lower())
        given[name] = sheet
    return given


class _Exact(float):
    """A number that comes to stand in the file in full: xlsxwriter writes 16 digits, and some need 17."""

    def __format__(self, _form: str) -> str:
        return repr(self)


class _Notes:
    """Notes by the reference that stands for each, and the tables that refer to it; said twice, kept once."""

    def __init__(self) -> None:
        self.references: dict[str, str] = {}
        self.tables: dict[str, list[str]] = {}

    def refer(self, text: str, table: str) -> str:
        """The mark that gptables turns into the note's number."""
        reference = self.references.setdefault(text, f"n{len(self.references)}")
        self.tables.setdefault(reference, []).append(table)
        return f"$${reference}$$"


def _table_page(table: Table, content: pa.Table, sheet: str, notes: _Notes) -> Page:
    grid = _grid(table, content)
    applying = list(table.warnings)
    said = [_size(table, grid)]
    if grid.legend:
        applying.append(SYMBOL_NOTE)
    if grid.blanks:
        said.append("Blank cells hold no value.")
        applying.append(BLANK_NOTE)
    if grid.cut:
        said.append(
            f"{_of(grid.cut, 'text')} cut: longer than a cell can hold; each says at its end where it is whole."
        )
    if {"report_id", "line_start"} <= set(table.column_names):
        applying.append(TRACE)
    if applying:
        # gptables moves marks to the end of a text, so they stand there from the start.
        said.append("Read before use: " + "".join(notes.refer(text, table.name) for text in dict.fromkeys(applying)))
    units = "; ".join(f"{column.name}: {column.unit}" for column in table.columns if column.unit)
    return Page(
        sheet,
        table.name,
        f"{table.title} ({table.name})",
        tuple(_lines(table.description)),
        " ".join(said),
        grid,
        source=f"Source: {_source(table)}",
        units=f"Units: {units}." if units else None,
    )


def _size(table: Table, grid: Grid) -> str:
    if grid.left_out:
        return (
            f"The table has {grid.left_out:,} rows, more than the {SHEET_ROWS:,} that a sheet is given, so none is "
            f"here. {WHOLE_TABLE.format(name=table.name)}"
        )
    if not grid.rows:
        return "This worksheet is to hold one table, which has no rows in this release."
    return f"This worksheet contains one table of {grid.rows:,} row{'s' if grid.rows > 1 else ''}."


def _source(table: Table) -> str:
    if table.name in REPORT_TABLES:
        return "the inspection reports that report_id names."
    if table.name in COMPUTED_TABLES:
        files = " from the files that source_file names" if "source_file" in table.column_names else ""
        return f"computed by this project{files}; the description says from what."
    if table.name in DIMENSIONS:
        return "reference data kept by this project."
    return "this project's own record of the release."


def _grid(table: Table, content: pa.Table) -> Grid:
    names, types = tuple(table.column_names), tuple(column.type for column in table.columns)
    if content.num_rows > SHEET_ROWS:
        return Grid(names, types, tuple([] for _ in names), left_out=content.num_rows)
    values = {column.name: content[column.name].to_pylist() for column in table.columns}
    legend = [line for rule in MISSING for line in _put_symbols(table, values, rule)]
    cut = sum(_cut_texts(column, content[column.name], values, table.name) for column in table.columns)
    blanks = any(None in column or "" in column for column in values.values())
    return Grid(names, types, tuple(values.values()), tuple(legend), blanks, cut)


def _put_symbols(table: Table, values: Mapping[str, list[Any]], rule: Missing) -> list[str]:
    """Put the rule's symbols where they belong, and say what each one put means."""
    if rule.status not in values or rule.unless in values:
        return []
    used: dict[str, set[str]] = {}
    statuses = values[rule.status]
    for column in table.columns:
        cells = values[column.name]
        if column.name not in rule.columns or None not in cells:
            continue
        for row, cell in enumerate(cells):
            symbol = rule.symbols.get(statuses[row]) if cell is None else None
            if symbol:
                cells[row] = symbol
                used.setdefault(symbol, set()).add(statuses[row])
    return [_legend_line(rule, symbol, used[symbol]) for symbol in SYMBOLS if symbol in used]


def _legend_line(rule: Missing, symbol: str, statuses: set[str]) -> str:
    reasons = "; ".join(f"{status}: {rule.meanings[status]}" for status in rule.symbols if status in statuses)
    return f"{symbol} = {SYMBOLS[symbol]}; {rule.status} says why ({reasons})."


def _cut_texts(column: Column, content: pa.ChunkedArray, values: Mapping[str, list[Any]], table: str) -> int:
    """Cut what a cell cannot hold, and count it."""
    # A letter takes one or two units: few columns come near the limit, and only those are looked at text by text.
    if not pa.types.is_string(column.type) or 2 * (_longest(content) or 0) <= CELL_LENGTH:
        return 0
    cells, cut = values[column.name], 0
    for row, text in enumerate(cells):
        if text is not None and _units(text) > CELL_LENGTH:
            cells[row] = _cut(text, table)
            cut += 1
    return cut


def _cut(text: str, table: str) -> str:
    said = (
        f" [cut here: the text has {len(text):,} characters, and a cell holds {CELL_LENGTH:,} at most; "
        f"the whole text is in {table}.parquet]"
    )
    room = CELL_LENGTH - _units(said)
    return text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + said


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _longest(content: pa.ChunkedArray) -> int | None:
    longest: int | None = pc.max(pc.utf8_length(content)).as_py()
    return longest


def _columns_page(described: Sequence[Table]) -> Page:
    rows = [_column_row(table, column) for table in described for column in table.columns]
    grid = _text_grid(("table", "column", "meaning", "unit", "type", "may_be_blank", "allowed_values", "joins"), rows)
    return Page(
        COLUMNS,
        "columns_of_tables",
        "What each column means",
        ("One row per column, in the order of the sheets. A blank unit, allowed_values or joins: there is none.",),
        "This worksheet contains one table. joins names the table and column in which every value is found.",
        grid,
    )


def _column_row(table: Table, column: Column) -> tuple[str, ...]:
    allowed = [f"{value}: {meaning}" for value, meaning in (column.allowed or {}).items()]
    joins = f"{column.joins}.{TABLES[column.joins].key[0]}" if column.joins else ""
    return (
        table.name,
        column.name,
        column.description,
        column.unit or "",
        FIELD_TYPES[column.type] + (", part of the key" if column.name in table.key else ""),
        "yes" if column.nullable else "no",
        "\n".join(allowed),
        joins,
    )


def _notes_page(notes: _Notes, order: Sequence[str]) -> Page:
    texts = {reference: text for text, reference in notes.references.items()}
    rows = [
        (f"note {number}", texts[reference], ", ".join(dict.fromkeys(notes.tables[reference])))
        for number, reference in enumerate(order, 1)
    ]
    return Page(
        NOTES,
        "notes_of_tables",
        "Notes",
        ("What to know before using the tables, what the symbols mean, and how to trace a value to its line.",),
        "This worksheet contains one table. Each sheet names its notes by their number.",
        _text_grid(("note", "text", "tables"), rows),
    )


def _text_grid(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Grid:
    values = tuple([row[number] or None for row in rows] for number in range(len(names)))
    return Grid(names, tuple(pa.string() for _ in names), values)


def _cover(tables: Tables, version: str) -> tuple[list[Any], list[Any]]:
    """What gptables calls introduction and about; a mapping is a link."""
    rows = sum(content.num_rows for content in tables.values())
    reports, forces = _distinct(tables, "reports", "report_id"), _distinct(tables, "reports", "area_code")
    open_data = _distinct(tables, "force_outcomes", "area_code")
    held = f"It holds {len(tables)} tables with {rows:,} rows, read from {_of(reports, 'report')} on "
    held += f"{_of(forces, 'police force')}"
    held += f", and computed from open data on {_of(open_data, 'police force')}." if open_data else "."
    intro = [
        DESCRIPTION,
        f"Version {version} of the data. {held}",
        f"The sheet {CONTENTS} links to every table. Read {NOTES} before using one; {COLUMNS} says what each column "
        "means.",
    ]
    about = [
        ATTRIBUTION,
        {LICENCE["title"]: LICENCE["path"]},
        f"How to cite: {citation(version)}",
        "For programs: the same tables, with the same names and columns, are in this release as Parquet (one "
        "<table>.parquet each), described in datapackage.json and DICTIONARY.md, and where they were made also as CSV "
        "(folder csv) and as a DuckDB database (peel.duckdb). Numbers are missing there as null, without symbols.",
        TRACE,
        SYMBOL_NOTE,
        BLANK_NOTE,
        "What it is made from:",
        *({source["title"]: source["path"]} for source in SOURCES),
    ]
    return intro, about


def _distinct(tables: Tables, name: str, column: str) -> int:
    return len(tables[name][column].unique()) if name in tables else 0


def _of(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _lines(text: str) -> list[str]:
    """The text in as few lines as its length needs, all about as long."""
    count = math.ceil(len(text) / LINE_LENGTH)
    return textwrap.wrap(text, math.ceil(len(text) / max(count, 1)) + 12) if text else []


def _head(page: Page) -> Any:
    """What stands above the table, as gptables wants it: a GPTable without rows."""
    import pandas as pd
    from gptables import GPTable

    back = [] if page.sheet == CONTENTS else [f"[Back to {CONTENTS}](internal:'{CONTENTS}'!A1)"]
    return GPTable(
        pd.DataFrame(columns=list(page.grid.names)),
        table_name=page.table_name,
        title=page.title,
        subtitles=[*page.lines, *back],
        instructions=page.instructions,
        legend=list(page.grid.legend),
        source=page.source,
        scope=page.units,
        index_columns={},
    )


def _write_cover(book: Any, cover: Any) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.write_cover(cover)
    theme = book.theme
    rows: list[tuple[Any, Any]] = [(cover.title, theme.cover_title_format)]
    for texts in (cover.intro, cover.about):
        rows += [("", theme.cover_subtitle_format), *((text, theme.cover_text_format) for text in texts)]
    for row, (text, look) in enumerate(rows):
        sheet.set_row(row, _lines_of(text, COVER_WIDTH) * _line_height(look))
    _set_print(sheet, fit=True)


def _write_page(book: Any, page: Page, head: Any) -> Any:
    # The grid helps to find the row of a text of many lines; gptables hides it.
    sheet = book.add_worksheet(page.sheet, gridlines="hide_printed")
    # gptables has no door for a table that it is not to read: it writes all but the table.
    sheet._write_table_elements = partial(_write_grid, book, sheet, page)
    sheet.write_gptable(head, False, book._annotations)
    sheet.set_row(0, _line_height(book.theme.title_format))
    for row in range(len(head.subtitles)):
        sheet.set_row(1 + row, _line_height(book.theme.subtitle_format))
    return sheet


def _write_grid(book: Any, sheet: Any, page: Page, _position: list[int], head: Any, _auto_width: bool) -> None:
    grid, top = page.grid, head.data_range[0]
    widths = [_width(*column) for column in zip(grid.names, grid.types, grid.values, strict=True)]
    headings = [_heading_format(book, type_) for type_ in grid.types]
    for number, name in enumerate(grid.names):
        sheet.set_column(number, number, widths[number])
        sheet.write_string(top, number, name, headings[number])
        _write_column(book, sheet, grid, number, top + 1)
    for row, lines in _row_lines(grid, widths).items():
        sheet.set_row(top + 1 + row, min(lines, MOST_LINES) * _line_height(book.theme.data_format))
    if grid.rows:
        last = (top + grid.rows, len(grid.names) - 1)
        columns = [{"header": name, "header_format": look} for name, look in zip(grid.names, headings, strict=True)]
        sheet.add_table(top, 0, *last, {"name": page.table_name, "style": None, "columns": columns})
        sheet.ignore_errors({"number_stored_as_text": _range(top + 1, *last)})
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    _set_print(sheet, fit=page.sheet in (CONTENTS, NOTES, COLUMNS))


def _set_print(sheet: Any, fit: bool) -> None:
    a4 = 9
    sheet.set_paper(a4)
    sheet.set_landscape()
    if fit:
        sheet.fit_to_pages(1, 0)


def _line_height(look: Mapping[str, Any]) -> float:
    return float(look["font_size"]) * LINE_HEIGHT


def _heading_format(book: Any, type_: pa.DataType) -> Any:
    look = book.theme.column_heading_format
    # The filter's button stands on the right: without the indent it would hide the end of a name.
    return book.add_format(look if pa.types.is_string(type_) else {**look, "align": "right", "indent": 2})


def _range(top: int, bottom: int, right: int) -> str:
    from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

    return str(xl_range(top, 0, bottom, right))


def _write_column(book: Any, sheet: Any, grid: Grid, number: int, top: int) -> None:
    """Write each value by its column's type, never by what it looks like."""
    type_ = grid.types[number]
    # The indent keeps a number on the right of its cell from a text on the left of the next.
    side = {"align": "left"} if pa.types.is_string(type_) else {"align": "right", "indent": 1}
    aligned = {**book.theme.data_format, "valign": "top", "text_wrap": True, **side}
    text = book.add_format(aligned)
    formats = [book.add_format({**aligned, "num_format": form}) for form in _number_formats(grid, number)]
    write = _writer(sheet, type_)
    write_text = partial(_write_text, sheet)
    for row, value in enumerate(grid.values[number]):
        if value is None:
            continue
        if isinstance(value, str):
            write_text(top + row, number, value, text)
        elif _fits(value):
            whole = _Exact(value) if isinstance(value, float) else value
            write(top + row, number, whole, formats[row % len(formats)])
        else:
            write_text(top + row, number, str(value), text)


def _writer(sheet: Any, type_: pa.DataType) -> Callable[..., Any]:
    if pa.types.is_boolean(type_):
        return sheet.write_boolean  # type: ignore[no-any-return]
    return sheet.write_datetime if pa.types.is_date(type_) else sheet.write_number  # type: ignore[no-any-return]


def _number_formats(grid: Grid, number: int) -> list[str]:
    """The number format of each row, or the one of all: a printed number shows the decimals it was printed with."""
    type_ = grid.types[number]
    if pa.types.is_date(type_):
        return ["yyyy-mm-dd"]
    if grid.names[number] == "value" and "decimals" in grid.names and grid.rows:
        decimals = grid.values[grid.names.index("decimals")]
        return ["0" + "." * bool(count) + "0" * count if isinstance(count, int) else "General" for count in decimals]
    return ["#,##0" if type_ == pa.int64() else "General"]


def _fits(value: Any) -> bool:
    """Whether Excel holds the value as it is; what it does not is written as text."""
    if isinstance(value, date):
        return value >= FIRST_DAY
    return abs(value) < EXACT_INTEGER if isinstance(value, int) else math.isfinite(value)


def _write_text(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    # xlsxwriter takes a text of this shape for markup of its own and would write it into the file as it is.
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], look)
    else:
        sheet.write_string(row, column, text, look)


def _width(name: str, type_: pa.DataType, values: Sequence[Any]) -> float:
    least = len(name) * HEADING_LETTER + FILTER_BUTTON
    if not pa.types.is_string(type_):
        return min(WIDEST, max(NUMBER_WIDTH, least))
    longest = max((len(line) for text in values if text for line in text.split("\n", 50)), default=0)
    return min(WIDEST, max(NARROWEST, least, longest * LETTER * 1.1 + 2))


def _row_lines(grid: Grid, widths: Sequence[float]) -> dict[int, int]:
    """How many lines each row needs, of those that need more than one."""
    found: dict[int, int] = {}
    for type_, values, width in zip(grid.types, grid.values, widths, strict=True):
        if not pa.types.is_string(type_):
            continue
        for row, text in enumerate(values):
            if text and (len(text) * LETTER > width or "\n" in text):
                found[row] = max(found.get(row, 0), _lines_of(text, width))
    return {row: lines for row, lines in found.items() if lines > 1}


def _lines_of(text: Any, width: float) -> int:
    """Lines that a text takes in a column of this width; a link takes one."""
    if not isinstance(text, str):
        return 1
    return sum(math.ceil(max(1.0, len(line)) * LETTER / width) for line in text.split("\n"))


def _contents_page(pages: Sequence[Page]) -> Page:
    left_out = any(page.grid.left_out for page in pages)
    names = ("sheet", "what_it_holds", "rows")
    rows = [(page.sheet, page.title, page.grid.left_out or page.grid.rows) for page in pages]
    values = tuple([row[number] for row in rows] for number in range(len(names)))
    return Page(
        CONTENTS,
        "contents",
        CONTENTS,
        (),
        "This worksheet contains one table. Choose a sheet's name to go there."
        + (
            " A table too long for a sheet has no rows in this file; its sheet says where they are." if left_out else ""
        ),
        Grid(names, (pa.string(), pa.string(), pa.int64()), values),
    )


def _write_links(book: Any, sheet: Any, page: Page, head: Any) -> None:
    look = book.add_format({**book.theme.data_format, "valign": "top", "underline": True, "font_color": "blue"})
    for row, name in enumerate(page.grid.values[0], head.data_range[0] + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", look, name)

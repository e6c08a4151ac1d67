"""The CSV edition: one file a table, described for machines by CSV on the Web metadata beside it.

Belongs here: how a table becomes the bytes of a CSV file, and what a reader must know to get it back exactly. Does not
belong here: what the columns mean (``schema``), the rules in words and the data package (``catalogue``).
"""

import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from pipelines.catalogue import (
    ATTRIBUTION,
    CONTROLS,
    CSV_FOLDER,
    CSV_RULES,
    FORMULA_SIGNS,
    LICENCE,
    csv_path,
    empty_is_text,
    joined_column,
)
from pipelines.schema import TABLES, Column, Table

# CSV on the Web names of the Arrow types of published columns.
DATATYPES: Mapping[pa.DataType, str] = {
    pa.string(): "string",
    pa.int32(): "int",
    pa.int64(): "long",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.bool_(): "boolean",
}
CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
# A line that begins with # is a row like any other: the standard's default is a comment.
DIALECT: Mapping[str, Any] = {
    "encoding": "utf-8",
    "lineTerminators": ["\r\n"],
    "quoteChar": '"',
    "doubleQuote": True,
    "delimiter": ",",
    "header": True,
    "headerRowCount": 1,
    "commentPrefix": None,
    "skipInitialSpace": False,
    "trim": False,
}
GROUP_FILE = f"{CSV_FOLDER}/csv-metadata.json"


def csv_files(tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    """The files of the edition by name: ``csv/<table>.csv``, its ``-metadata.json``, and one description of all.

    A join needs both tables, so foreign keys stand in the description of all, ``csv/csv-metadata.json``: the standard
    allows them nowhere else. Raises KeyError for a table that is not in the schema, ValueError as ``csv_bytes``.
    """
    files = {}
    for name, rows in tables.items():
        files[csv_path(name)] = csv_bytes(rows, TABLES[name])
        described = {"@context": CONTEXT, **_table(TABLES[name]), "dialect": DIALECT}
        files[f"{csv_path(name)}-metadata.json"] = _json(described)
    return {**files, GROUP_FILE: _json(_group([TABLES[name] for name in tables]))}


def csv_bytes(rows: pa.Table, table: Table) -> bytes:
    """The rows as CSV (RFC 4180, UTF-8 without a byte order mark, CR LF), each value exact; ``CSV_RULES`` in words.

    Numbers are the shortest that read back as the same double. Texts stand in quotes, nulls are nothing at all.
    Raises ValueError for a number that is none: CSV has no word for it that every reader knows.
    """
    cells = [_cells(rows.column(column.name), column, table.name) for column in table.columns]
    sink = io.BytesIO()
    options = pa.csv.WriteOptions(eol="\r\n", quoting_style="needed", quoting_header="none")
    pa.csv.write_csv(pa.table(cells, names=table.column_names), sink, options)
    return sink.getvalue()


def _cells(values: pa.ChunkedArray, column: Column, table: str) -> pa.ChunkedArray:
    if column.type == pa.float64() and pc.any(pc.invert(pc.is_finite(values))).as_py():
        raise ValueError(f"table {table}: {column.name} holds a value that is not a number")
    if column.type != pa.string():
        return values
    behind = pc.utf8_ltrim(values, "'")
    signs = pc.is_in(_first(pc.utf8_ltrim(behind, " ")), pa.array(list(FORMULA_SIGNS)))
    alone = pc.equal(behind, "")
    if empty_is_text(column):
        alone = pc.and_(alone, pc.not_equal(values, ""))
    is_unsafe = pc.or_(pc.or_(signs, pc.is_in(_first(behind), pa.array(CONTROLS))), alone)
    # One apostrophe more, never fewer: taking one off gives the text back, whatever it began with.
    return pc.if_else(is_unsafe, pc.binary_join_element_wise("'", values, ""), values)


def _first(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_slice_codeunits(values, 0, 1)


def _json(described: Mapping[str, Any]) -> bytes:
    return (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()


def _group(tables: list[Table]) -> dict[str, Any]:
    """All tables, and which column of one joins which of another."""
    known = {table.name for table in tables}
    described = []
    for table in tables:
        one = _table(table)
        # Of columns that are never null alone: a null that joins nothing is a fault to strict readers.
        joins = [_foreign_key(c, c.joins) for c in table.columns if c.joins in known and not c.nullable]
        if joins:
            one["tableSchema"] |= {"foreignKeys": joins}
        described.append(one)
    return {"@context": CONTEXT, "dc:license": {"@id": LICENCE["path"]}, "tables": described, "dialect": DIALECT}


def _table(table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "dc:license": {"@id": LICENCE["path"]},
        "dc:rights": ATTRIBUTION,
        "notes": [{"rdfs:comment": note} for note in (*table.warnings, *CSV_RULES)],
        "tableSchema": {"columns": [_column(column) for column in table.columns], "primaryKey": list(table.key)},
    }


def _column(column: Column) -> dict[str, Any]:
    described = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": _datatype(column),
        "required": not column.nullable,
        # A column that is never null and may be empty has no word for null.
        "null": [] if empty_is_text(column) else "",
        "schema:unitText": column.unit,
        "dc:references": {"@id": f"{column.joins}.csv"} if column.joins else None,
        "rdfs:comment": [f"{value}: {meaning}" for value, meaning in (column.allowed or {}).items()] or None,
    }
    return {name: value for name, value in described.items() if value is not None}


def _datatype(column: Column) -> dict[str, Any]:
    datatype = {
        "base": DATATYPES[column.type],
        "format": _one_of(column.allowed) if column.allowed else column.pattern,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    return {name: value for name, value in datatype.items() if value is not None}


def _one_of(values: Iterable[str]) -> str:
    """A regular expression of these texts and no other."""
    # Not re.escape: it also escapes spaces, which ECMAScript refuses.
    return "^(?:" + "|".join(re.sub(r"[\\^$.*+?()\[\]{}|]", r"\\\g<0>", value) for value in values) + ")$"


def _foreign_key(column: Column, joins: str | None) -> dict[str, Any]:
    reference = {"resource": f"{joins}.csv", "columnReference": joined_column(column)}
    return {"columnReference": column.name, "reference": reference}

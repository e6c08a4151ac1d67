"""What a release says about itself: ``datapackage.json`` and ``DICTIONARY.md``, both made from ``schema``.

Belongs here: descriptions of tables and files for machines and for people, and reading them back. Does not belong here:
a fact about a table or a column (``schema``), what is in a file (``publish``, ``editions``), the time or the machine of
a run: same tables, same bytes.
"""

import io
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.publish import sha256
from pipelines.schema import TABLES, Column, Table

# What the data is called wherever machines name it.
NAME = "peel-warehouse"
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."
LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
SOURCES = (
    {
        "title": "HMIC and HMICFRS (inspectorate of constabulary, England and Wales): inspection reports",
        "path": "https://hmicfrs.justiceinspectorates.gov.uk/",
    },
    {
        "title": "Office for National Statistics: codes and names of police force areas",
        "path": "https://geoportal.statistics.gov.uk/",
    },
    {
        "title": "Home Office: crime outcomes framework",
        "path": "https://www.gov.uk/government/statistics/police-recorded-crime-open-data-tables",
    },
)
TITLE = "Police inspection reports of England and Wales as tables"
DESCRIPTION = (
    "What the inspectorate's reports on police forces print, one value a row, with the lines each value is "
    "taken from. Numbers stay as printed; a missing number is null and says why."
)
# Arrow types of published columns as Frictionless field types.
FIELD_TYPES: Mapping[pa.DataType, str] = {
    pa.string(): "string",
    pa.int32(): "integer",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.date32(): "date",
    pa.bool_(): "boolean",
}

CSV_FOLDER = "csv"
# Files of the whole release: format, media type, title.
WHOLE_FILES: Mapping[str, tuple[str, str, str]] = {
    "peel.duckdb": ("duckdb", "application/vnd.duckdb", "Every table in one DuckDB database"),
    # Not "xlsx" and not "parquet" below: frictionless would open the file as a table, which needs more libraries.
    "peel.xlsx": (
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "The tables as an Excel workbook",
    ),
}
PARQUET_TYPE = "application/vnd.apache.parquet"
PARQUET_TITLE = "Each table with its types"
CSV_TITLE = "Each table as text, described for machines by `<table>.csv-metadata.json` beside it (CSV on the Web)"
# What a spreadsheet may take for the beginning of a formula, also in full width, and what it may skip before one.
FORMULA_SIGNS = "=+-@＝＋－＠"
CONTROLS = (*map(chr, range(32)), "\x7f")
# What to replace by nothing in each text of a CSV file, to have the text of the table; see CSV_RULES.
APOSTROPHE = r"^'(?='*(?: *[=+\-@＝＋－＠]|[\x00-\x1f\x7f]|$))"


def csv_path(table: str) -> str:
    """Where the CSV edition of the table lies in a release."""
    return f"{CSV_FOLDER}/{table}.csv"


def empty_is_text(column: Column) -> bool:
    """Whether an empty cell of the column's CSV is a text of no characters; in all other columns it is a null."""
    return not column.nullable and column.pattern is not None and re.search(column.pattern, "") is not None


def joined_column(column: Column) -> str:
    """The key of the table that the column joins. Raises KeyError for a column that joins none."""
    (key,) = TABLES[str(column.joins)].key
    return key


def _csv_rules() -> tuple[str, ...]:
    empty = [f"{t.name}.{c.name}" for t in TABLES.values() for c in t.columns if empty_is_text(c)]
    return (
        "The CSV files are UTF-8 without a byte order mark and follow RFC 4180: commas, a header row, CR LF at the end "
        "of a row, double quotes around every text and doubled inside it. A text may hold line breaks.",
        f"An empty cell is a null; only in {', '.join(empty)}, which is never null, it is the empty text. Readers that "
        'look at quotes see the same: "" is the empty text, nothing at all a null.',
        "So that no spreadsheet runs a text as a formula, a text that begins with =, +, -, @ (also in full width, also "
        "after spaces) or a control character, behind any number of apostrophes or none, has one more apostrophe in "
        "front. So has a text of apostrophes alone, and an empty text in any other column is one apostrophe.",
        "To have a text back exactly, replace the regular expression "
        f"`{APOSTROPHE}` by nothing, once: it takes off the one apostrophe that was put in front.",
    )


# How nulls, empty texts and texts that look like formulas stand in the CSV files, in words.
CSV_RULES = _csv_rules()


def release_files(
    tables: Mapping[str, bytes], editions: Mapping[str, bytes] | None = None, version: str | None = None
) -> dict[str, bytes]:
    """Every file of a release by name: the tables (Parquet bytes by table name), its other forms, what describes them.

    ``editions``: the other files by name, such as ``csv/judgments.csv`` and ``peel.duckdb``. ``version``: of the data.
    """
    editions = editions or {}
    files = {f"{name}.parquet": content for name, content in tables.items()}
    described = [TABLES[name] for name in TABLES if name in tables]
    return {
        **files,
        **editions,
        "datapackage.json": data_package(tables, editions, version),
        "DICTIONARY.md": dictionary(described, editions),
    }


def data_package(
    tables: Mapping[str, bytes], editions: Mapping[str, bytes] | None = None, version: str | None = None
) -> bytes:
    """The Frictionless Data Package descriptor. Raises KeyError for a table that is not in the schema.

    A table's resource has its name and describes its CSV file, where there is one: that is the form which every reader
    of data packages checks to the last cell. Its Parquet file then is a resource of its own, ``<table>.parquet``.
    ``table_files`` finds the Parquet files in either form.
    """
    editions = editions or {}
    names = sorted(tables, key=list(TABLES).index)
    in_csv = [name for name in names if csv_path(name) in editions]
    resources = [
        _csv_resource(TABLES[name], tables, editions[csv_path(name)])
        if name in in_csv
        else _parquet_resource(TABLES[name], tables)
        for name in names
    ]
    resources += [_parquet_file(TABLES[name], tables[name]) for name in in_csv]
    resources += [_whole_file(name, editions[name]) for name in WHOLE_FILES if name in editions]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": TITLE,
        "description": f"{DESCRIPTION} {ATTRIBUTION}",
        **({"version": version} if version else {}),
        "licenses": [LICENCE],
        "attribution": ATTRIBUTION,
        "sources": list(SOURCES),
        **({"notes": list(CSV_RULES)} if in_csv else {}),
        "resources": resources,
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def table_files(package: bytes) -> dict[str, dict[str, Any]]:
    """What a ``datapackage.json`` says of each table, by its name; path, bytes and hash are those of its Parquet file.

    Descriptors without CSV files, as earlier versions wrote them, are read as well. Raises ValueError, KeyError or
    TypeError for bytes that describe no release.
    """
    resources = json.loads(package)["resources"]
    tables = {each["name"]: each for each in resources if each["path"] and "schema" in each}
    files = {each["table"]: each for each in resources if "table" in each}
    return {name: {**each, **files.get(name, {}), "name": name} for name, each in tables.items()}


def dictionary(tables: Iterable[Table], editions: Collection[str] = ()) -> bytes:
    """The data dictionary for people, in Markdown; ``editions`` names the release's files in other forms."""
    tables = list(tables)
    lines = ["# Data dictionary", "", DESCRIPTION, "", ATTRIBUTION, ""]
    in_csv = any(csv_path(table.name) in editions for table in tables)
    forms = [f"- `{csv_path('<table>')}`: {CSV_TITLE}"] if in_csv else []
    forms += [f"- `{name}`: {title}" for name, (_, _, title) in WHOLE_FILES.items() if name in editions]
    if forms:
        lines += ["The same tables in each form:", "", f"- `<table>.parquet`: {PARQUET_TITLE}", *forms, ""]
    if in_csv:
        lines += ["Reading the CSV files:", "", *(f"- {rule}" for rule in CSV_RULES), ""]
    for table in tables:
        lines += _dictionary_table(table)
    return "\n".join(lines).encode()


def _csv_resource(table: Table, tables: Mapping[str, bytes], content: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": csv_path(table.name),
        **_meaning(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "header": True,
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "skipInitialSpace": False,
        },
        **_stamp(content),
        "rows": _row_count(tables[table.name]),
        "warnings": list(table.warnings),
        "schema": _schema(table, tables, in_csv=True),
    }


def _parquet_resource(table: Table, tables: Mapping[str, bytes]) -> dict[str, Any]:
    content = tables[table.name]
    return {
        "name": table.name,
        "path": f"{table.name}.parquet",
        **_meaning(table),
        "format": "parquet",
        "mediatype": PARQUET_TYPE,
        **_stamp(content),
        "rows": _row_count(content),
        "warnings": list(table.warnings),
        "schema": _schema(table, tables, in_csv=False),
    }


def _parquet_file(table: Table, content: bytes) -> dict[str, Any]:
    """The Parquet file beside the table's CSV file. No ``rows``: frictionless counts them in text alone."""
    return {
        "name": f"{table.name}.parquet",
        "path": f"{table.name}.parquet",
        "table": table.name,
        **_meaning(table),
        "format": "Parquet",
        "mediatype": PARQUET_TYPE,
        **_stamp(content),
    }


def _whole_file(name: str, content: bytes) -> dict[str, Any]:
    form, mediatype, title = WHOLE_FILES[name]
    return {"name": name, "path": name, "title": title, "format": form, "mediatype": mediatype, **_stamp(content)}


def _meaning(table: Table) -> dict[str, str]:
    return {"title": table.title, "description": table.description}


def _stamp(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": f"sha256:{sha256(content)}"}


def _row_count(parquet: bytes) -> int:
    rows: int = pq.read_metadata(io.BytesIO(parquet)).num_rows
    return rows


def _schema(table: Table, tables: Collection[str], in_csv: bool) -> dict[str, Any]:
    joins = [_foreign_key(table, column) for column in table.columns if column.joins in tables]
    return {
        "fields": [_field(column, in_csv) for column in table.columns],
        "primaryKey": list(table.key),
        **({"foreignKeys": joins} if joins else {}),
    }


def _foreign_key(table: Table, column: Column) -> dict[str, Any]:
    # The standard names no resource where a table joins itself.
    resource = {} if column.joins == table.name else {"resource": column.joins}
    return {"fields": [column.name], "reference": {**resource, "fields": [joined_column(column)]}}


def _field(column: Column, in_csv: bool) -> dict[str, Any]:
    constraints = {
        "required": True if not column.nullable else None,
        "enum": list(column.allowed) if column.allowed else None,
        "pattern": column.pattern,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    field = {
        "name": column.name,
        "type": FIELD_TYPES[column.type],
        "description": column.description,
        "unit": column.unit,
        "constraints": {name: value for name, value in constraints.items() if value is not None},
        "categories": [{"value": value, "label": label} for value, label in (column.allowed or {}).items()],
    }
    kept = {name: value for name, value in field.items() if value not in (None, {}, [])}
    # In CSV alone: a null of Parquet is no text at all.
    return {**kept, "missingValues": [] if empty_is_text(column) else [""]} if in_csv else kept


def _dictionary_table(table: Table) -> list[str]:
    lines = [f"## {table.name}", "", f"**{table.title}.** {table.description}", ""]
    lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}", ""]
    if table.warnings:
        lines += ["Before you use it:", "", *(f"- {warning}" for warning in table.warnings), ""]
    lines += ["| column | type | unit | null | joins | meaning |", "|---|---|---|---|---|---|"]
    lines += [_dictionary_row(column) for column in table.columns]
    lines.append("")
    for column in table.columns:
        if column.allowed:
            lines += [f"Values of `{column.name}`:", ""]
            lines += [f"- `{value}`: {label}" for value, label in column.allowed.items()]
            lines.append("")
    return lines


def _dictionary_row(column: Column) -> str:
    cells = (
        f"`{column.name}`",
        str(column.type),
        column.unit or "",
        "yes" if column.nullable else "",
        f"`{column.joins}.{joined_column(column)}`" if column.joins else "",
        column.description,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

"""What a release says about itself: ``datapackage.json`` and ``DICTIONARY.md``, both made from ``schema``.

Belongs here: descriptions of tables for machines and for people. Does not belong here: a fact about a table
or a column (``schema``), writing files (``publish``), the time or the machine of a run: same tables, same
bytes.
"""

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.publish import sha256
from pipelines.schema import TABLES, Column, Table

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


def release_files(tables: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every file of a release by name: the tables (Parquet bytes by table name) and what describes them."""
    files = {f"{name}.parquet": content for name, content in tables.items()}
    described = [TABLES[name] for name in TABLES if name in tables]
    return {**files, "datapackage.json": data_package(tables), "DICTIONARY.md": dictionary(described)}


def data_package(tables: Mapping[str, bytes]) -> bytes:
    """The Frictionless Data Package descriptor. Raises KeyError for a table that is not in the schema."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "peel-warehouse",
        "title": TITLE,
        "description": f"{DESCRIPTION} {ATTRIBUTION}",
        "licenses": [LICENCE],
        "attribution": ATTRIBUTION,
        "sources": list(SOURCES),
        "resources": [_resource(TABLES[name], tables[name]) for name in sorted(tables, key=list(TABLES).index)],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def dictionary(tables: Iterable[Table]) -> bytes:
    """The data dictionary for people, in Markdown."""
    lines = ["# Data dictionary", "", DESCRIPTION, "", ATTRIBUTION, ""]
    for table in tables:
        lines += _dictionary_table(table)
    return "\n".join(lines).encode()


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": f"{table.name}.parquet",
        "title": table.title,
        "description": table.description,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content)}",
        "rows": pq.read_metadata(io.BytesIO(content)).num_rows,
        "warnings": list(table.warnings),
        "schema": {"fields": [_field(column) for column in table.columns], "primaryKey": list(table.key)},
    }


def _field(column: Column) -> dict[str, Any]:
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
    return {name: value for name, value in field.items() if value not in (None, {}, [])}


def _dictionary_table(table: Table) -> list[str]:
    lines = [f"## {table.name}", "", f"**{table.title}.** {table.description}", ""]
    lines += [f"Key: {', '.join(f'`{name}`' for name in table.key)}", ""]
    if table.warnings:
        lines += ["Before you use it:", "", *(f"- {warning}" for warning in table.warnings), ""]
    lines += ["| column | type | unit | null | meaning |", "|---|---|---|---|---|"]
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
        column.description,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

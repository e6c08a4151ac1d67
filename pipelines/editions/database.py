"""The DuckDB edition: every table with its keys and comments, and the views, as the bytes of one file.

Belongs here: how a table of ``schema`` becomes a table of DuckDB. Does not belong here: what a column means
(``schema``) and what the views say (``views``).

The file opens in DuckDB 1.2 and later. The same tables give the same bytes with the same DuckDB: only as long as one
thread writes, blocks are small and nothing is compressed, since DuckDB leaves stale memory in the gaps of other blocks.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.catalogue import ATTRIBUTION
from pipelines.editions.views import VIEWS, View, ViewColumn
from pipelines.schema import DIMENSIONS, TABLES, Column, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The oldest format that keeps all of this; the default of DuckDB 2 opens in no 1.x tool.
STORAGE_VERSION = "v1.2.0"
# The smallest there is: each column of each table takes a block, and most tables are small. Trap: a full block of text
# is closed up in small blocks only; in those of 262,144 bytes, the default, stale memory stays between its parts.
BLOCK_SIZE = 16384
# Arrow types of published columns as DuckDB's.
COLUMN_TYPES: Mapping[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.bool_(): "BOOLEAN",
}


def database(tables: Mapping[str, pa.Table]) -> bytes:
    """A DuckDB file of these tables (Arrow tables by name, every one of the schema) and of every view.

    Rows stay in the order given. Raises KeyError for a table that is not in the schema, and duckdb.Error where a table
    is missing that a view needs, or where rows break their key.
    """
    import duckdb

    with TemporaryDirectory(prefix="peel-duckdb-") as folder:
        path = Path(folder) / "peel.duckdb"
        with closing(duckdb.connect(config=_settings(folder))) as connection:
            connection.execute("SET force_compression = 'uncompressed'")
            options = f"STORAGE_VERSION {literal(STORAGE_VERSION)}, BLOCK_SIZE {BLOCK_SIZE}"
            connection.execute(f"ATTACH {literal(str(path))} AS peel ({options})")
            connection.execute("USE peel")
            # From here on, no other file can be read or written, whatever stands in a statement.
            connection.execute("SET enable_external_access = false")
            _write(connection, tables)
            connection.execute("USE memory")
            # Writes the file whole, and removes its log.
            connection.execute("DETACH peel")
        return path.read_bytes()


def _settings(folder: str) -> dict[str, str | bool | int | float | list[str]]:
    """One thread; nothing is fetched, loaded or looked up outside the folder."""
    return {
        "threads": 1,
        "temp_directory": folder,
        "extension_directory": folder,
        "secret_directory": folder,
        "allow_persistent_secrets": False,
        "allow_community_extensions": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _write(connection: "DuckDBPyConnection", tables: Mapping[str, pa.Table]) -> None:
    """All in one transaction: each of its own would wait for the disk."""
    connection.execute("BEGIN")
    for name in _referenced_first(tables):
        connection.execute(_create_table(TABLES[name], tables))
        connection.register("arrow_rows", tables[name])
        connection.execute(f"INSERT INTO {identifier(name)} BY NAME SELECT * FROM arrow_rows")
        connection.unregister("arrow_rows")
        for statement in _table_comments(TABLES[name]):
            connection.execute(statement)
    for view in VIEWS.values():
        connection.execute(f"CREATE VIEW {identifier(view.name)} AS {view.sql}")
        for statement in _view_comments(view):
            connection.execute(statement)
    connection.execute("COMMIT")


def _referenced_first(tables: Mapping[str, pa.Table]) -> list[str]:
    """The tables in an order in which a foreign key finds its table there."""
    return list(TopologicalSorter({name: list(_dimensions_joined(name).values()) for name in tables}).static_order())


def _dimensions_joined(name: str) -> dict[str, str]:
    """The columns of a table that hold keys of a dimension other than itself, and that dimension."""
    joins = {column.name: column.joins for column in TABLES[name].columns}
    return {column: joined for column, joined in joins.items() if joined in DIMENSIONS and joined != name}


def _create_table(table: Table, tables: Mapping[str, pa.Table]) -> str:
    columns = [
        f"{identifier(column.name)} {COLUMN_TYPES[column.type]}{'' if column.nullable else ' NOT NULL'}"
        for column in table.columns
    ]
    primary = f"PRIMARY KEY ({', '.join(map(identifier, table.key))})"
    return f"CREATE TABLE {identifier(table.name)} ({', '.join([*columns, primary, *_foreign_keys(table, tables)])})"


def _foreign_keys(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Foreign keys to dimensions, for tools that draw or guess joins. One that does not hold is left out: it must not
    keep the file from those who wait for it. None to ``reports``, whose rows may be withheld: the comment says it."""
    for name, joined in _dimensions_joined(table.name).items():
        (key,) = TABLES[joined].key
        used = tables[table.name].column(name).unique().drop_null()
        if pc.all(pc.is_in(used, tables[joined].column(key))).as_py() is not False:
            yield f"FOREIGN KEY ({identifier(name)}) REFERENCES {identifier(joined)} ({identifier(key)})"


def table_comment(table: Table | View) -> str:
    """What a table or view is, its key, and what to know before using it."""
    lines = [f"{table.title}. {table.description}"]
    if isinstance(table, Table):
        lines.append(f"Key: {', '.join(table.key)}.")
    if table.warnings:
        lines += ["Before you use it:", *(f"- {warning}" for warning in table.warnings)]
    return "\n".join([*lines, ATTRIBUTION])


def column_comment(column: Column) -> str:
    """What a column means, its unit, what it joins, and its values, each with its meaning."""
    lines = [_sentence(column.description)]
    if column.unit:
        lines.append(_sentence(f"Unit: {column.unit}"))
    if column.joins:
        lines.append(f"Joins {column.joins}.{TABLES[column.joins].key[0]}.")
    if column.allowed:
        lines += ["Values:", *(f"- {value}: {meaning}" for value, meaning in column.allowed.items())]
    return "\n".join(lines)


def view_column_comment(column: ViewColumn) -> str:
    """What a column of a view means: in its own words, and in those of the column that it comes from."""
    own = [_sentence(column.says)] if column.says else []
    if column.source:
        table, name = column.source
        own.append(column_comment(next(one for one in TABLES[table].columns if one.name == name)))
    return " ".join(own)


def _table_comments(table: Table) -> Iterator[str]:
    comments = ((column.name, column_comment(column)) for column in table.columns)
    yield from _comments("TABLE", table.name, table_comment(table), comments)


def _view_comments(view: View) -> Iterator[str]:
    comments = ((column.name, view_column_comment(column)) for column in view.columns)
    yield from _comments("VIEW", view.name, table_comment(view), comments)


def _comments(kind: str, name: str, comment: str, columns: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"COMMENT ON {kind} {identifier(name)} IS {literal(comment)}"
    for column, says in columns:
        yield f"COMMENT ON COLUMN {identifier(name)}.{identifier(column)} IS {literal(says)}"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def literal(text: str) -> str:
    """The text as a literal of SQL: nothing in it is obeyed."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name as an identifier of SQL, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'

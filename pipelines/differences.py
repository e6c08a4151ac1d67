"""What changed between two releases: rows added, removed and changed, by table; schema changes said apart.

Belongs here: comparing tables by their keys and saying what came of it in plain data, lines and JSON. Does not belong
here: where releases lie and which are compared (``releases``, ``publish``), what a terminal makes of the lines.

A row is known by its table's key, never by its place: a row that only moved is no change. Values are compared exactly:
null is null, a double is the same only bit for bit.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.catalogue import table_files
from pipelines.publish import parquet_table

PACKAGE = "datapackage.json"
# Columns or schema changes that a line for the terminal names; the JSON holds all.
SHOWN = 4

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class ReleaseTables:
    """A release to compare: the key of each table, and a way to read one table at a time.

    ``known``: checksum and number of rows of a table's file; a table of the same checksum on both sides is not read.
    """

    keys: Mapping[str, tuple[str, ...]]
    read: Callable[[str], pa.Table]
    known: Mapping[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class SchemaChange:
    """One change of what a table is.

    ``kind``: table_added, table_removed, column_added, column_removed, type_changed or key_changed. ``column``: null
    for a table and a key. ``before`` and ``after``: the type, or the key's columns.
    """

    kind: str
    column: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class TableDifference:
    """What changed in one table; ``rows_before + added - removed == rows_after``.

    ``columns``: in how many of the changed rows each column changed, most first. ``matched_by``: the columns that rows
    were matched by; empty where no key tells which row became which (all are removed, and all are added) and where the
    table is on one side only.
    """

    table: str
    rows_before: int
    rows_after: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    schema: tuple[SchemaChange, ...] = ()
    matched_by: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether neither a row nor the schema changed."""
        return not (self.added or self.removed or self.changed or self.schema)


@dataclass(frozen=True)
class Differences:
    """What changed between two releases: one entry a table that either holds, the same ones among them."""

    tables: tuple[TableDifference, ...]

    @property
    def is_same(self) -> bool:
        """Whether both releases hold the same tables with the same rows."""
        return all(each.is_same for each in self.tables)

    def changed_tables(self) -> tuple[TableDifference, ...]:
        """The tables in which a row or the schema changed."""
        return tuple(each for each in self.tables if not each.is_same)

    def summary(self) -> dict[str, dict[str, int]]:
        """Rows added, removed and changed of each table that changed; all zero where only its schema did."""
        return {
            each.table: {"added": each.added, "removed": each.removed, "changed": each.changed}
            for each in self.changed_tables()
        }


@dataclass(frozen=True)
class RowDifference:
    """One row that was added, removed or changed (``kind``); ``before`` and ``after`` hold the columns that changed."""

    kind: str
    key: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def release_tables(read: Callable[[str], bytes]) -> ReleaseTables:
    """The release whose files ``read`` gives by name: tables, keys and checksums as its own datapackage.json says.

    So a release of an earlier schema is read by the keys it was made with. Raises what ``read`` raises, and ValueError,
    naming the file, for a descriptor or a table that is damaged.
    """
    try:
        tables = table_files(read(PACKAGE))
        keys = {name: tuple(each["schema"]["primaryKey"]) for name, each in tables.items()}
        paths = {name: str(each["path"]) for name, each in tables.items()}
        known = {name: (str(each["hash"]), int(each["rows"])) for name, each in tables.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{PACKAGE}: does not describe a release ({type(error).__name__}: {error})") from error

    def table(name: str) -> pa.Table:
        content = read(paths[name])
        try:
            return parquet_table(content)
        except (pa.ArrowException, OSError) as error:
            raise ValueError(f"{paths[name]}: cannot be read as Parquet ({error})") from error

    return ReleaseTables(keys, table, known)


def differences(before: ReleaseTables, after: ReleaseTables) -> Differences:
    """What changed from ``before`` to ``after``, tables in the order of ``after``, then those that are gone.

    Holds one pair of tables in memory at a time. Raises ValueError, naming the table, where rows of a release share a
    key, and what reading raises.
    """
    return Differences(tuple(_table_difference(name, before, after) for name in {**after.keys, **before.keys}))


def row_differences(table: str, before: ReleaseTables, after: ReleaseTables) -> Iterator[RowDifference]:
    """The rows of one table that were removed, added and changed, in this order, each sorted by key.

    Raises KeyError for a table that neither release holds, else as ``differences``.
    """
    if table not in before.keys and table not in after.keys:
        raise KeyError(table)
    if _same_bytes(table, before, after):
        return
    pair = _read_pair(table, before, after)
    for kind, rows, side, key in (
        ("removed", pair.removed, pair.before, pair.matched_by or before.keys.get(table, ())),
        ("added", pair.added, pair.after, pair.matched_by or after.keys.get(table, ())),
    ):
        taken = side.select(list(key)).take(rows)
        yield from (RowDifference(kind, row) for row in _sorted(taken, key).to_pylist())
    yield from _changed_rows(pair)


def lines(result: Differences) -> list[str]:
    """For a terminal: one line a table that changed, one more where its schema did, and how many are the same."""
    changed = result.changed_tables()
    width = max((len(each.table) for each in changed), default=0)
    said = []
    for each in changed:
        counts = ", ".join(
            f"{number:,} {what}"
            for number, what in ((each.added, "added"), (each.removed, "removed"), (each.changed, "changed"))
            if number
        )
        columns = _listed([f"{name} {number:,}" for name, number in each.columns.items()])
        rows = f"{each.rows_before:,} -> {each.rows_after:,} rows"
        said.append(f"{each.table:<{width}}  {rows}: {counts or 'no row changed'}{f' ({columns})' if columns else ''}")
        if each.schema:
            said.append(f"{'':<{width}}  schema: {_listed([_schema_words(change) for change in each.schema])}")
    same = len(result.tables) - len(changed)
    return [*said, f"{same} of {len(result.tables)} tables are the same"]


def row_lines(rows: Iterable[RowDifference]) -> Iterator[str]:
    """For a terminal: one line a row, such as ``~ report_id="kent", row=3: value 14.2 -> 14.3``.

    Values come out of reports: who prints them takes out what would steer a terminal.
    """
    marks = {"added": "+", "removed": "-", "changed": "~"}
    for row in rows:
        key = ", ".join(f"{name}={_value_words(value)}" for name, value in row.key.items())
        values = ", ".join(
            f"{name} {_value_words(row.before[name])} -> {_value_words(row.after[name])}" for name in row.before
        )
        yield f"{marks[row.kind]} {key}{f': {values}' if values else ''}"


def as_json(result: Differences) -> dict[str, Any]:
    """Plain values for JSON: every table that changed with all that changed, and the names of the same ones."""
    return {
        "tables": {each.table: _without_name(each) for each in result.changed_tables()},
        "same": [each.table for each in result.tables if each.is_same],
    }


@dataclass(frozen=True)
class _Pair:
    """Both sides of a table and which rows of them (by position) belong together, were removed, were added."""

    before: pa.Table
    after: pa.Table
    matched_by: tuple[str, ...]
    kept_before: Rows
    kept_after: Rows
    removed: Rows
    added: Rows

    def changed_columns(self) -> Iterator[tuple[str, pa.Array]]:
        """Each column that both sides can be compared in, and in which of the kept rows it changed."""
        for name in self.after.column_names:
            if name in self.matched_by or _common_type(self.before, self.after, name) is None:
                continue
            old, new = (
                _comparable(table, name, other).take(pa.array(rows))
                for table, other, rows in (
                    (self.before, self.after, self.kept_before),
                    (self.after, self.before, self.kept_after),
                )
            )
            yield name, pc.or_(pc.xor(old.is_null(), new.is_null()), pc.fill_null(pc.not_equal(old, new), False))


def _table_difference(name: str, before: ReleaseTables, after: ReleaseTables) -> TableDifference:
    if _same_bytes(name, before, after):
        rows = after.known[name][1]
        return TableDifference(name, rows, rows, matched_by=after.keys[name])
    pair = _read_pair(name, before, after)
    changed = pa.nulls(len(pair.kept_after), pa.bool_()).fill_null(False)
    counts = {}
    for column, mask in pair.changed_columns():
        counts[column] = pc.sum(mask).as_py() or 0
        changed = pc.or_(changed, mask)
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    return TableDifference(
        table=name,
        rows_before=pair.before.num_rows,
        rows_after=pair.after.num_rows,
        added=len(pair.added),
        removed=len(pair.removed),
        changed=pc.sum(changed).as_py() or 0,
        columns={column: number for column, number in most_first if number},
        schema=tuple(_schema_changes(pair, before.keys.get(name), after.keys.get(name))),
        matched_by=pair.matched_by,
    )


def _same_bytes(name: str, before: ReleaseTables, after: ReleaseTables) -> bool:
    if before.keys.get(name) != after.keys.get(name):
        return False
    return name in before.known and before.known[name] == after.known.get(name)


def _read_pair(name: str, before: ReleaseTables, after: ReleaseTables) -> _Pair:
    old, new = _read_side(name, before), _read_side(name, after)
    old_key, new_key = before.keys.get(name, ()), after.keys.get(name, ())
    # Where the key changed, the later one is tried first; either must tell the rows of both sides apart.
    for key in dict.fromkeys((new_key, old_key)):
        if not key or any(_common_type(old, new, column) is None for column in key):
            continue
        places = _matched(*_row_codes(old, new, key))
        if places:
            return _Pair(old, new, key, *places)
        if old_key == new_key:
            raise ValueError(f"{name}: rows share a key ({', '.join(key)}), so what became of them cannot be told")
    none = np.arange(0)
    return _Pair(old, new, (), none, none, np.arange(old.num_rows), np.arange(new.num_rows))


def _read_side(name: str, release: ReleaseTables) -> pa.Table:
    """The table; one of no rows and no columns where the release does not hold it."""
    if name not in release.keys:
        return pa.table({})
    table = release.read(name)
    missing = [column for column in release.keys[name] if column not in table.column_names]
    if missing:
        raise ValueError(f"{name}: has no column {', '.join(missing)}, which its key names")
    return table


def _row_codes(before: pa.Table, after: pa.Table, key: tuple[str, ...]) -> tuple[Rows, Rows, int]:
    """A number for the key of each row of both sides, the same for the same key, and how many numbers there are."""
    codes, size = np.zeros(before.num_rows + after.num_rows, dtype=np.int64), 1
    for column in key:
        both = pa.concat_arrays([_comparable(before, column, after), _comparable(after, column, before)])
        encoded = both.dictionary_encode(null_encoding="encode")
        # Encoded again after each column, so that the product never outgrows its 64 bits.
        product = codes * max(1, len(encoded.dictionary)) + encoded.indices.to_numpy()
        dense = pa.array(product).dictionary_encode()
        codes, size = dense.indices.to_numpy().astype(np.int64), len(dense.dictionary)
    return codes[: before.num_rows], codes[before.num_rows :], size


def _matched(before: Rows, after: Rows, size: int) -> tuple[Rows, Rows, Rows, Rows] | None:
    """Places of kept rows (before, after), removed and added ones; null where a code stands twice on one side."""
    if any(np.bincount(codes, minlength=1).max() > 1 for codes in (before, after)):
        return None
    place = np.full(size, -1, dtype=np.int64)
    place[before] = np.arange(len(before))
    partner = place[after]
    gone = np.ones(len(before), dtype=bool)
    gone[partner[partner >= 0]] = False
    return partner[partner >= 0], np.flatnonzero(partner >= 0), np.flatnonzero(gone), np.flatnonzero(partner < 0)


def _common_type(before: pa.Table, after: pa.Table, name: str) -> pa.DataType | None:
    """The type in which both sides of a column can be compared without loss; null where there is none."""
    types = [table.schema.field(name).type for table in (before, after) if name in table.column_names]
    if len(types) < 2:
        return None
    if types[0] == types[1]:
        return types[0]
    return pa.int64() if all(pa.types.is_integer(each) for each in types) else None


def _comparable(table: pa.Table, name: str, other: pa.Table) -> pa.Array:
    column = table.column(name).cast(_common_type(table, other, name)).combine_chunks()
    # By their bits: exact, and what is not a number is itself.
    return column.view(pa.int64()) if column.type == pa.float64() else column


def _changed_rows(pair: _Pair) -> Iterator[RowDifference]:
    masks = dict(pair.changed_columns())
    anywhere = np.zeros(len(pair.kept_after), dtype=bool)
    for mask in masks.values():
        anywhere |= mask.to_numpy(zero_copy_only=False)
    kept = np.flatnonzero(anywhere)
    keys = pair.after.select(list(pair.matched_by)).take(pair.kept_after[kept])
    order = _sorted_places(keys, pair.matched_by)
    kept = kept[order]
    changed = {name: mask.to_numpy(zero_copy_only=False)[kept] for name, mask in masks.items()}
    changed = {name: mask for name, mask in changed.items() if mask.any()}
    old = pair.before.select(list(changed)).take(pair.kept_before[kept]).to_pylist()
    new = pair.after.select(list(changed)).take(pair.kept_after[kept]).to_pylist()
    for number, key in enumerate(keys.take(order).to_pylist()):
        columns = [name for name, mask in changed.items() if mask[number]]
        yield RowDifference(
            "changed",
            key,
            {name: old[number][name] for name in columns},
            {name: new[number][name] for name in columns},
        )


def _sorted_places(table: pa.Table, key: tuple[str, ...]) -> Rows:
    if not key or not table.num_rows:
        return np.arange(table.num_rows)
    places: Rows = pc.sort_indices(table, [(name, "ascending", "at_start") for name in key]).to_numpy().astype(np.int64)
    return places


def _sorted(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    return table.take(_sorted_places(table, key))


def _schema_changes(
    pair: _Pair, key_before: tuple[str, ...] | None, key_after: tuple[str, ...] | None
) -> Iterator[SchemaChange]:
    if key_before is None or key_after is None:
        yield SchemaChange("table_added" if key_before is None else "table_removed")
        return
    old, new = (dict(zip(side.column_names, side.schema.types, strict=True)) for side in (pair.before, pair.after))
    for name in {**old, **new}:
        if name not in new:
            yield SchemaChange("column_removed", name, before=str(old[name]))
        elif name not in old:
            yield SchemaChange("column_added", name, after=str(new[name]))
        elif old[name] != new[name]:
            yield SchemaChange("type_changed", name, str(old[name]), str(new[name]))
    if key_before != key_after:
        yield SchemaChange("key_changed", None, ", ".join(key_before), ", ".join(key_after))


def _schema_words(change: SchemaChange) -> str:
    words = change.kind.replace("_", " ")
    if change.kind == "key_changed":
        return f"{words} ({change.before} -> {change.after})"
    if change.kind == "type_changed":
        return f"{words} {change.column} ({change.before} -> {change.after})"
    return f"{words} {change.column}" if change.column else words


def _listed(words: list[str]) -> str:
    more = len(words) - SHOWN
    return ", ".join(words[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _value_words(value: object) -> str:
    # Dates print as they are; a string is quoted, so that it is told from null and from a number.
    return json.dumps(value, ensure_ascii=False, default=str)


def _without_name(difference: TableDifference) -> dict[str, Any]:
    return {name: value for name, value in asdict(difference).items() if name != "table"}

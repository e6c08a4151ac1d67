"""What changed between two releases: against a plain Python comparison, and the cases that go wrong first."""

import json
import math
import struct
import time
import weakref
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue import release_files
from pipelines.differences import (
    Differences,
    ReleaseTables,
    RowDifference,
    SchemaChange,
    as_json,
    differences,
    lines,
    release_tables,
    row_differences,
    row_lines,
)
from pipelines.publish import parquet_bytes
from pipelines.schema import TABLES

KEY = ("report_id", "row")
SCHEMA = pa.schema(
    {
        "report_id": pa.string(),
        "row": pa.int32(),
        "value": pa.float64(),
        "day": pa.date32(),
        "is_partial": pa.bool_(),
        "printed": pa.string(),
    }
)
Row = dict[str, Any]


def table(*rows: Row, schema: pa.Schema = SCHEMA) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema)


def row(report_id: str | None, number: int | None = 1, **other: Any) -> Row:
    made = {"report_id": report_id, "row": number, "value": 14.2, "day": date(2016, 6, 30), "is_partial": False}
    return {**made, "printed": "14.2", **other}


def release(key: tuple[str, ...] = KEY, **tables: pa.Table) -> ReleaseTables:
    return ReleaseTables(dict.fromkeys(tables, key), lambda name: tables[name])


def compared(before: pa.Table, after: pa.Table) -> tuple[Differences, list[RowDifference]]:
    both = release(t=before), release(t=after)
    return differences(*both), list(row_differences("t", *both))


# A null in a key, minus zero and what is no number are there to be compared, not because a release holds them.
VALUES = st.none() | st.sampled_from([0.0, -0.0, 0.1, 0.1 + 2**-56, math.nan, math.inf])
ROWS = st.dictionaries(
    st.tuples(st.none() | st.sampled_from(["", "a", "b", "ab"]), st.none() | st.integers(-1, 2)),
    st.tuples(
        VALUES,
        st.none() | st.sampled_from([date(1970, 1, 1), date(2016, 6, 30)]),
        st.none() | st.booleans(),
        st.none() | st.sampled_from(["", "x"]),
    ),
    max_size=12,
)
Plain = dict[tuple[Any, ...], tuple[Any, ...]]


def exact(value: object) -> object:
    return struct.pack("d", value) if isinstance(value, float) else value


def as_table(rows: Plain, order: Callable[[list[Any]], None]) -> pa.Table:
    items = list(rows.items())
    order(items)
    return table(*(dict(zip(SCHEMA.names, key + values, strict=True)) for key, values in items))


def nulls_first(key: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(part is not None, part) for part in key]


def plainly(before: Plain, after: Plain) -> list[tuple[str, tuple[Any, ...], dict[str, tuple[object, object]]]]:
    """The same in plain Python: kind, key, and old and new bits of the columns that changed."""
    removed = [("removed", key, {}) for key in sorted(before.keys() - after.keys(), key=nulls_first)]
    added = [("added", key, {}) for key in sorted(after.keys() - before.keys(), key=nulls_first)]
    changed = []
    for key in sorted(before.keys() & after.keys(), key=nulls_first):
        pairs = zip(SCHEMA.names[2:], map(exact, before[key]), map(exact, after[key]), strict=True)
        columns = {name: (old, new) for name, old, new in pairs if old != new}
        if columns:
            changed.append(("changed", key, columns))
    return removed + added + changed


@settings(max_examples=80, deadline=None, database=None)
@given(before=ROWS, after=ROWS, shuffle=st.randoms(use_true_random=False))
def test_the_same_as_a_plain_comparison(before: Plain, after: Plain, shuffle: Any) -> None:
    result, rows = compared(as_table(before, shuffle.shuffle), as_table(after, shuffle.shuffle))
    expected = plainly(before, after)
    found = [
        (each.kind, tuple(each.key.values()), {c: (exact(each.before[c]), exact(each.after[c])) for c in each.before})
        for each in rows
    ]
    assert found == expected
    (counted,) = result.tables
    kinds = [kind for kind, _, _ in expected]
    assert (counted.added, counted.removed, counted.changed) == tuple(map(kinds.count, ("added", "removed", "changed")))
    assert (counted.rows_before, counted.rows_after) == (len(before), len(after))
    changed = [name for _, _, columns in expected for name in columns]
    assert counted.columns == {name: changed.count(name) for name in changed}
    assert result.is_same is not bool(expected)


def test_the_same_release_has_no_differences() -> None:
    rows = [row("essex"), row("kent", value=None, day=None, is_partial=None, printed=None)]
    result, changed = compared(table(*rows), table(*rows))
    assert result.is_same
    assert (result.summary(), changed) == ({}, [])
    assert lines(result) == ["1 of 1 tables are the same"]


def test_a_row_that_only_moved_is_no_change() -> None:
    rows = [row("essex", number) for number in range(5)]
    result, changed = compared(table(*rows), table(*rows[::-1]))
    assert (result.is_same, changed) == (True, [])


def test_a_null_is_not_a_value_and_no_zero() -> None:
    before = table(row("a", value=None), row("b", value=0.0), row("c", value=None), row("d", printed=None))
    after = table(row("a", value=0.0), row("b", value=None), row("c", value=None), row("d", printed=""))
    _, changed = compared(before, after)
    assert [(each.key["report_id"], each.before, each.after) for each in changed] == [
        ("a", {"value": None}, {"value": 0.0}),
        ("b", {"value": 0.0}, {"value": None}),
        ("d", {"printed": None}, {"printed": ""}),
    ]


def test_keys_are_not_run_together() -> None:
    key = ("a", "b")
    schema = pa.schema({"a": pa.string(), "b": pa.string()})
    before = release(key, t=table({"a": "x", "b": "yz"}, schema=schema))
    after = release(key, t=table({"a": "xy", "b": "z"}, schema=schema))
    assert differences(before, after).summary() == {"t": {"added": 1, "removed": 1, "changed": 0}}


def test_a_table_on_one_side_is_a_schema_change_and_its_rows_are_counted() -> None:
    before, after = release(old=table(row("a")), kept=table(row("a"))), release(kept=table(row("a")), new=table())
    result = differences(before, after)
    assert [(each.table, each.schema) for each in result.tables] == [
        ("kept", ()),
        ("new", (SchemaChange("table_added"),)),
        ("old", (SchemaChange("table_removed"),)),
    ]
    assert result.summary() == {
        "new": {"added": 0, "removed": 0, "changed": 0},
        "old": {"added": 0, "removed": 1, "changed": 0},
    }
    assert list(row_differences("old", before, after)) == [RowDifference("removed", {"report_id": "a", "row": 1})]
    with pytest.raises(KeyError, match="nowhere"):
        list(row_differences("nowhere", before, after))


def test_columns_that_came_and_went_change_no_row() -> None:
    before = table(row("a"), row("b"))
    after = (
        table(row("a"), row("b", value=1.0)).drop_columns(["day"]).append_column("colour", pa.array(["red", "blue"]))
    )
    result, changed = compared(before, after)
    (only,) = result.tables
    assert only.schema == (
        SchemaChange("column_removed", "day", before="date32[day]"),
        SchemaChange("column_added", "colour", after="string"),
    )
    assert (only.changed, only.columns) == (1, {"value": 1})
    assert [each.before for each in changed] == [{"value": 14.2}]


def test_a_wider_integer_is_compared_and_another_type_is_only_said() -> None:
    before = table(row("a", 1), row("b", 2))
    wider = SCHEMA.set(1, pa.field("row", pa.int64())).set(2, pa.field("value", pa.string()))
    after = table(row("a", 1, value="14.2"), row("b", 2**40, value="1"), schema=wider)
    result, _ = compared(before, after)
    (only,) = result.tables
    assert only.schema == (
        SchemaChange("type_changed", "row", "int32", "int64"),
        SchemaChange("type_changed", "value", "double", "string"),
    )
    assert (only.added, only.removed, only.changed, only.matched_by) == (1, 1, 0, KEY)


def test_a_renamed_key_column_tells_no_row_apart() -> None:
    before, after = table(row("a"), row("b")), table(row("a"), row("c")).rename_columns(["id", *SCHEMA.names[1:]])
    sides = release(t=before), release(("id", "row"), t=after)
    result = differences(*sides)
    (only,) = result.tables
    assert (only.added, only.removed, only.changed, only.matched_by) == (2, 2, 0, ())
    assert [change.kind for change in only.schema] == ["column_removed", "column_added", "key_changed"]
    assert only.schema[2] == SchemaChange("key_changed", None, "report_id, row", "id, row")
    assert [(each.kind, list(each.key.values())) for each in row_differences("t", *sides)] == [
        ("removed", ["a", 1]),
        ("removed", ["b", 1]),
        ("added", ["a", 1]),
        ("added", ["c", 1]),
    ]


@pytest.mark.parametrize(
    ("key_before", "key_after", "matched_by"),
    [
        (("report_id",), KEY, KEY),
        (KEY, ("report_id",), ("report_id",)),
        (KEY, ("printed",), KEY),  # the later key does not tell the rows apart
    ],
)
def test_a_changed_key_matches_by_what_tells_rows_of_both_sides_apart(
    key_before: tuple[str, ...], key_after: tuple[str, ...], matched_by: tuple[str, ...]
) -> None:
    before, after = table(row("a"), row("b")), table(row("a"), row("b", value=1.0))
    (only,) = differences(release(key_before, t=before), release(key_after, t=after)).tables
    assert (only.added, only.removed, only.changed, only.matched_by) == (0, 0, 1, matched_by)
    assert [change.kind for change in only.schema] == ["key_changed"]


def test_rows_that_share_a_key_are_refused_by_name() -> None:
    twice = table(row("a"), row("a", value=1.0))
    for before, after in ((twice, table(row("a"))), (table(row("a")), twice)):
        with pytest.raises(ValueError, match="t: rows share a key \\(report_id, row\\)"):
            compared(before, after)
    with pytest.raises(ValueError, match="t: has no column row, which its key names"):
        compared(table(row("a")), table(row("a")).drop_columns(["row"]))


def test_one_pair_of_tables_is_in_memory_at_a_time() -> None:
    alive: list[weakref.ref[pa.Table]] = []
    most = 0

    def read(name: str) -> pa.Table:
        nonlocal most
        made = table(row("a"))
        alive.append(weakref.ref(made))
        most = max(most, sum(each() is not None for each in alive))
        return made

    names = dict.fromkeys("abcde", KEY)
    differences(ReleaseTables(names, read), ReleaseTables(names, read))
    assert (len(alive), most) == (10, 2)


def dimension(**changed: str) -> dict[str, bytes]:
    """The files of a small release: one table of the schema, with these values in its first row."""
    columns = TABLES["programmes"].columns
    plain = {pa.string(): "x", pa.date32(): date(2016, 1, 1), pa.bool_(): True}
    made = {column.name: plain.get(column.type, 1) for column in columns}
    schema = pa.schema([(column.name, column.type) for column in columns])
    content = parquet_bytes(pa.Table.from_pylist([{**made, **changed}], schema=schema))
    return release_files({"programmes": content})


def test_a_release_is_read_by_its_own_descriptor() -> None:
    before, after = dimension(), dimension(name="y")
    assert "name" not in TABLES["programmes"].key
    result = differences(release_tables(before.__getitem__), release_tables(after.__getitem__))
    assert result.summary() == {"programmes": {"added": 0, "removed": 0, "changed": 1}}
    # A release of another time: its own key counts, not today's.
    package = json.loads(after["datapackage.json"])
    package["resources"][0]["schema"]["primaryKey"] = ["name"]
    after["datapackage.json"] = json.dumps(package).encode()
    (only,) = differences(release_tables(before.__getitem__), release_tables(after.__getitem__)).tables
    assert (only.matched_by, only.added, only.removed) == (("name",), 1, 1)


def test_tables_of_one_checksum_are_not_read() -> None:
    files = dimension()

    def read(name: str) -> bytes:
        assert not name.endswith(".parquet")
        return files[name]

    both = release_tables(read), release_tables(read)
    (only,) = differences(*both).tables
    assert (only.is_same, only.rows_before, only.rows_after) == (True, 1, 1)
    assert list(row_differences("programmes", *both)) == []


def test_a_damaged_release_is_refused_by_the_name_of_the_file() -> None:
    files = dimension()
    for descriptor in (b"{", b"\xff", b"[]", b"{}", b'{"resources": [{"name": "t"}]}'):
        with pytest.raises(ValueError, match=r"datapackage\.json: does not describe a release"):
            release_tables({**files, "datapackage.json": descriptor}.__getitem__)
    damaged = release_tables({**dimension(name="y"), "programmes.parquet": b"PAR1"}.__getitem__)
    with pytest.raises(ValueError, match=r"programmes\.parquet: cannot be read as Parquet"):
        differences(release_tables(files.__getitem__), damaged)


def changed_release() -> tuple[ReleaseTables, ReleaseTables]:
    before = release(
        statistics=table(row("a", printed="?"), row("b"), row("c")), figures=table(row("a")), forces=table(row("a"))
    )
    after = release(
        statistics=table(row("a"), row("b", value=14.3, printed="14.3"), row("d"), row("e", value=1.5)),
        figures=table(row("a")).drop_columns(["day"]),
        forces=table(row("a")),
    )
    return before, after


def test_lines_say_rows_and_schema_apart_and_fit_a_screen() -> None:
    result = differences(*changed_release())
    assert lines(result) == [
        "statistics  3 -> 4 rows: 2 added, 1 removed, 2 changed (printed 2, value 1)",
        "figures     1 -> 1 rows: no row changed",
        "            schema: column removed day",
        "1 of 3 tables are the same",
    ]
    many = release(t=pa.table({"key": ["a"]} | {f"c{number}": [1] for number in range(9)}), key=("key",))
    none = release(t=pa.table({"key": ["a"]}), key=("key",))
    assert lines(differences(none, many))[1] == (
        "   schema: column added c0, column added c1, column added c2, column added c3 and 5 more"
    )


def test_lines_of_rows_name_keys_and_values() -> None:
    rows = row_differences("statistics", *changed_release())
    assert list(row_lines(rows)) == [
        '- report_id="c", row=1',
        '+ report_id="d", row=1',
        '+ report_id="e", row=1',
        '~ report_id="a", row=1: printed "?" -> "14.2"',
        '~ report_id="b", row=1: value 14.2 -> 14.3, printed "14.2" -> "14.3"',
    ]
    _, days = compared(table(row("a", day=None)), table(row("a")))
    assert list(row_lines(days)) == ['~ report_id="a", row=1: day null -> "2016-06-30"']


def test_json_holds_all_of_it() -> None:
    held: Mapping[str, Any] = json.loads(json.dumps(as_json(differences(*changed_release()))))
    assert held["same"] == ["forces"]
    assert held["tables"]["statistics"] == {
        "rows_before": 3,
        "rows_after": 4,
        "added": 2,
        "removed": 1,
        "changed": 2,
        "columns": {"printed": 2, "value": 1},
        "schema": [],
        "matched_by": ["report_id", "row"],
    }
    assert held["tables"]["figures"]["schema"] == [
        {"kind": "column_removed", "column": "day", "before": "date32[day]", "after": None}
    ]


def test_a_hundred_thousand_rows_take_less_than_a_second() -> None:
    numbers = np.arange(100_000)
    names = pa.array([f"force-{number // 500}-2016-effectiveness" for number in numbers])
    columns = {"report_id": names, "row": pa.array(numbers.astype(np.int32)), "value": pa.array(numbers / 7)}
    columns |= {f"text_{number}": names for number in range(8)}
    before = pa.table(columns)
    after = before.set_column(2, "value", pa.array(np.where(numbers % 100 == 0, 0.5, numbers / 7)))
    started = time.process_time()
    result, rows = compared(before, after)
    assert time.process_time() - started < 1
    assert (result.tables[0].changed, len(rows)) == (1000, 1000)

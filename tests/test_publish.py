"""Files whole or not there; releases swapped in at once, whatever stops the run."""

import io
import os
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stubs import contents

from pipelines import publish as publishing
from pipelines.publish import ReleaseError, is_writable, locked, parquet_bytes, publish, sweep
from pipelines.stores import LocalStore

FIRST = {"a.parquet": b"first a", "b.parquet": b"first b"}
SECOND = {"a.parquet": b"second a", "b.parquet": b"second b", "c.parquet": b"second c"}


def small_table() -> pa.Table:
    schema = pa.schema(
        [
            pa.field("name", pa.string(), metadata={"description": "a name"}),
            pa.field("day", pa.date32()),
            pa.field("value", pa.float64(), metadata={"unit": "percent"}),
        ],
        metadata={"title": "Small"},
    )
    rows = [{"name": "x", "day": date(2016, 6, 30), "value": 14.2}, {"name": None, "day": None, "value": None}]
    return pa.Table.from_pylist(rows, schema=schema)


def test_parquet_is_plain_enough_for_every_tool() -> None:
    file = pq.ParquetFile(io.BytesIO(parquet_bytes(small_table())))
    assert file.metadata.num_row_groups == 1
    assert {file.metadata.row_group(0).column(i).compression for i in range(3)} == {"SNAPPY"}
    assert file.schema_arrow.field("value").metadata == {b"unit": b"percent"}
    assert file.schema_arrow.metadata == {b"title": b"Small"}
    assert file.read().to_pylist() == [
        {"name": "x", "day": date(2016, 6, 30), "value": 14.2},
        {"name": None, "day": None, "value": None},
    ]


def test_parquet_of_no_rows_keeps_its_columns() -> None:
    assert pq.read_table(io.BytesIO(parquet_bytes(small_table().slice(0, 0)))).schema.names == ["name", "day", "value"]


def test_parquet_drops_the_pandas_block_that_holds_versions() -> None:
    table = pa.Table.from_pandas(pd.DataFrame({"a": [1]}))
    assert b"pandas" in table.schema.metadata
    assert b"pandas" not in (pq.read_schema(io.BytesIO(parquet_bytes(table))).metadata or {})


def test_parquet_bytes_do_not_depend_on_how_the_table_is_chunked() -> None:
    table = small_table()
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1, 1)])
    assert parquet_bytes(chunked) == parquet_bytes(table)


def test_published_shows_the_last_release_whole(tmp_path: Path) -> None:
    publish(FIRST, tmp_path)
    assert contents(tmp_path / "published") == FIRST
    publish(SECOND, tmp_path)
    assert contents(tmp_path / "published") == SECOND


def test_the_same_files_again_are_the_same_release_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = publish(FIRST, tmp_path)
    monkeypatch.setattr("pipelines.publish.write_synced", lambda path, content: pytest.fail(f"wrote {path}"))
    assert publish(FIRST, tmp_path) == release


def test_the_warehouse_can_be_moved(tmp_path: Path) -> None:
    publish(FIRST, tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    assert contents(tmp_path / "there" / "published") == FIRST


def test_three_releases_are_kept(tmp_path: Path) -> None:
    releases = [publish({"a": str(number).encode()}, tmp_path) for number in range(5)]
    assert [release.exists() for release in releases] == [False, False, True, True, True]
    assert contents(tmp_path / "published") == {"a": b"4"}


def test_how_many_releases_are_kept_is_for_the_caller_to_say(tmp_path: Path) -> None:
    releases = [publish({"a": str(number).encode()}, tmp_path, kept=5) for number in range(5)]
    assert all(release.exists() for release in releases)
    assert publish({"a": b"4"}, tmp_path, kept=1) == releases[4]
    assert [release.exists() for release in releases] == [False, False, False, False, True]
    for kept in (0, -1):
        with pytest.raises(ValueError, match="cannot be kept"):
            publish(FIRST, tmp_path, kept=kept)
    assert contents(tmp_path / "published") == {"a": b"4"}


def test_a_store_is_published_to_as_its_folder_is(tmp_path: Path) -> None:
    assert publish(FIRST, LocalStore(tmp_path)) == publish(FIRST, tmp_path)
    assert contents(tmp_path / "published") == FIRST


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert is_writable(tmp_path / "new" / "folder") is None
    assert list((tmp_path / "new" / "folder").iterdir()) == []
    assert is_writable(tmp_path / "file" / "folder") == "Not a directory"


def test_going_back_to_an_earlier_release_does_not_remove_it(tmp_path: Path) -> None:
    for number in (0, 1, 2, 0):
        publish({"a": str(number).encode()}, tmp_path)
    publish({"a": b"3"}, tmp_path)
    assert contents(tmp_path / "published") == {"a": b"3"}


def test_a_damaged_release_is_not_taken_for_good(tmp_path: Path) -> None:
    damaged = publish(FIRST, tmp_path)
    (damaged / "a.parquet").write_bytes(b"flipped")
    release = publish(FIRST, tmp_path)
    assert release != damaged
    assert contents(tmp_path / "published") == FIRST


def test_nothing_is_swapped_in_when_the_disk_gives_back_other_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(FIRST, tmp_path)
    honest = publishing.write_synced
    monkeypatch.setattr("pipelines.publish.write_synced", lambda path, content: honest(path, content[:-1]))
    with pytest.raises(ReleaseError, match=r"a\.parquet: not the bytes that were written"):
        publish(SECOND, tmp_path)
    assert contents(tmp_path / "published") == FIRST


def test_a_release_of_nothing_is_refused(tmp_path: Path) -> None:
    publish(FIRST, tmp_path)
    with pytest.raises(ReleaseError, match="without files"):
        publish({}, tmp_path)
    assert contents(tmp_path / "published") == FIRST


def test_a_plain_folder_in_the_place_of_the_link_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "old").write_bytes(b"old")
    publish(FIRST, tmp_path)
    assert contents(tmp_path / "published") == FIRST
    assert (tmp_path / "releases" / "taken-over" / "old").read_bytes() == b"old"


def test_a_run_that_died_while_taking_over_a_plain_folder_is_mended(tmp_path: Path) -> None:
    (tmp_path / "releases" / "taken-over").mkdir(parents=True)
    (tmp_path / "releases" / "taken-over" / "old").write_bytes(b"old")
    sweep(tmp_path)
    assert contents(tmp_path / "published") == {"old": b"old"}


def test_what_dead_runs_left_is_swept(tmp_path: Path) -> None:
    publish(FIRST, tmp_path)
    (tmp_path / "releases" / "abc.123.tmp").mkdir()
    (tmp_path / "releases" / "abc.123.tmp" / "half").write_bytes(b"ha")
    (tmp_path / "releases" / "link.123.tmp").symlink_to("nowhere")
    assert sweep(tmp_path) == ["abc.123.tmp", "link.123.tmp"]
    assert contents(tmp_path / "published") == FIRST
    assert not list((tmp_path / "releases").glob("*.tmp"))


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"), pytest.raises(BlockingIOError), locked(tmp_path / "lock", wait=False):
        pytest.fail("both hold it")
    with locked(tmp_path / "lock", wait=False):
        pass  # free again


def die_at_call(number: int, files: dict[str, bytes], warehouse: Path) -> bool:
    """Publish in a child that ends without clean-up at its nth call into the system; whether it got to the end."""
    pid = os.fork()
    if pid == 0:
        calls = 0

        def dying(call):  # type: ignore[no-untyped-def]
            def counted(*arguments, **named):  # type: ignore[no-untyped-def]
                nonlocal calls
                calls += 1
                if calls == number:
                    os._exit(9)
                return call(*arguments, **named)

            return counted

        for name in ("fsync", "rename", "replace", "symlink", "mkdir", "open", "unlink", "rmdir"):
            setattr(os, name, dying(getattr(os, name)))
        publish(files, warehouse)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_run_that_dies_at_any_call_leaves_a_whole_release(tmp_path: Path) -> None:
    deaths = 0
    for number in range(1, 100):
        warehouse = tmp_path / str(number)
        publish(FIRST, warehouse)
        finished = die_at_call(number, SECOND, warehouse)
        assert contents(warehouse / "published") in (FIRST, SECOND), f"torn at call {number}"
        publish(SECOND, warehouse)
        assert contents(warehouse / "published") == SECOND
        assert not list((warehouse / "releases").glob("*.tmp"))
        if finished:
            break
        deaths += 1
    assert finished
    assert deaths >= 12

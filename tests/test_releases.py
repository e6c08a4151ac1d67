"""Releases read back by name, held against what they say of themselves, and the history of publications."""

import json
import logging
import multiprocessing
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.catalogue import release_files
from pipelines.publish import ReleaseError, parquet_bytes, publish
from pipelines.releases import (
    HISTORY,
    Publication,
    Release,
    UnknownReleaseError,
    append_history,
    current_release,
    entries_before,
    published_at,
    read_history,
    release_ids,
    release_named,
    release_versions,
)
from pipelines.schema import TABLES
from pipelines.stores import LocalStore
from pipelines.versions import VersionEntry, checksums, release_json

NOON = datetime(2016, 6, 30, 12, tzinfo=UTC)


def files(*force_ids: str) -> dict[str, bytes]:
    """The files of a release with one table of these forces, and a page that datapackage.json does not name."""
    forces = [column.name for column in TABLES["forces"].columns]
    rows = [dict.fromkeys(forces, "x") | {"area_code": force_id, "force_id": force_id} for force_id in force_ids]
    table = pa.table({name: [row[name] for row in rows] for name in forces})
    return {**release_files({"forces": parquet_bytes(table)}), "docs/index.html": b"<p>"}


ADDED = {"forces": {"added": 1, "removed": 0, "changed": 2}}
FIRST = VersionEntry("1.0.0", None)
SECOND = (VersionEntry("1.1.0", "1.0.0", ADDED), FIRST)
THIRD = (VersionEntry("2.0.0", "1.1.0", ADDED, ("forces: the table is new",)), *SECOND)


def versioned(entries: tuple[VersionEntry, ...], *force_ids: str) -> dict[str, bytes]:
    """The files of a release with this change log."""
    made = files(*force_ids)
    made["release.json"] = release_json(entries, {}, {}, made)
    return {**made, "SHA256SUMS": checksums(made)}


def published(warehouse: Path, *releases: Mapping[str, bytes]) -> list[str]:
    """The ids of these releases, published one after the other, each an hour later than the one before."""
    ids = []
    for number, each in enumerate(releases):
        release = publish(each, warehouse)
        os.utime(release, (number * 3600, number * 3600))
        ids.append(release.name)
    return ids


def publication(
    release: str, previous: str | None = None, at: datetime = NOON, version: str | None = None
) -> Publication:
    return Publication(release, previous, at, {"forces": 1}, ADDED if previous else {}, version)


def shown(warehouse: Path) -> Release:
    release = current_release(warehouse)
    assert release
    return release


def test_where_nothing_was_published_there_is_no_release(tmp_path: Path) -> None:
    assert current_release(tmp_path) is None
    assert release_ids(tmp_path / "nowhere") == []
    assert read_history(tmp_path) == []
    assert published_at(tmp_path) is None
    with pytest.raises(UnknownReleaseError, match="nothing was published yet"):
        release_named(tmp_path, "published")


def test_the_current_release_is_read_file_by_file_and_table_by_table(tmp_path: Path) -> None:
    [release_id] = published(tmp_path, files("kent", "essex"))
    release = current_release(LocalStore(tmp_path))
    assert release
    assert release.id == release_id
    assert release.names() == ["DICTIONARY.md", "datapackage.json", "docs/index.html", "forces.parquet"]
    assert release.read("docs/index.html") == b"<p>"
    assert release.table("forces")["force_id"].to_pylist() == ["kent", "essex"]
    assert release.faults() == []
    with pytest.raises(FileNotFoundError, match=r"judgments\.parquet"):
        release.table("judgments")


def test_the_current_release_stays_the_same_while_builds_go_on(tmp_path: Path) -> None:
    publish(files("kent"), tmp_path)
    release = current_release(tmp_path)
    assert release
    publish(files("essex"), tmp_path)
    assert release.table("forces")["force_id"].to_pylist() == ["kent"]
    assert release.faults() == []


def test_a_link_to_no_release_is_said(tmp_path: Path) -> None:
    (tmp_path / "published").symlink_to("releases/gone")
    with pytest.raises(ReleaseError, match=r"published leads to .*/releases/gone, which is no folder"):
        current_release(tmp_path)


def test_a_plain_folder_in_the_place_of_the_link_is_read(tmp_path: Path) -> None:
    for name, content in files("kent").items():
        LocalStore(tmp_path / "published").write(name, content)
    release = current_release(tmp_path)
    assert release
    assert (release.id, release.faults()) == ("published", [])


def test_releases_are_known_by_id_by_its_beginning_and_by_their_place(tmp_path: Path) -> None:
    first, second, third = published(tmp_path, files("kent"), files("essex"), files("dorset"))
    assert release_ids(tmp_path) == [third, second, first]
    assert [release_named(tmp_path, name).id for name in (first, second[:9])] == [first, second]
    assert release_named(tmp_path, "published").id == third
    assert release_named(tmp_path, "previous").id == second
    assert release_named(tmp_path, first).table("forces")["force_id"].to_pylist() == ["kent"]


def test_previous_is_what_was_shown_before_also_after_going_back(tmp_path: Path) -> None:
    first, second, third = published(tmp_path, files("kent"), files("essex"), files("dorset"))
    publish(files("kent"), tmp_path)
    assert release_named(tmp_path, "previous").id == third  # without a history, the newest of the others
    for each in (first, third, second, first, first):
        append_history(tmp_path, publication(each))
    assert release_named(tmp_path, "published").id == first
    assert release_named(tmp_path, "previous").id == second


def test_a_name_of_no_release_or_of_two_says_which_there_are(tmp_path: Path) -> None:
    ids = published(tmp_path, files("kent"))
    with pytest.raises(UnknownReleaseError, match=f"no release 'nothing' in .*; there are: {ids[0]}$"):
        release_named(tmp_path, "nothing")
    with pytest.raises(UnknownReleaseError, match="no release 'previous'"):
        release_named(tmp_path, "previous")
    for name in ("", "..", "../releases", "/"):
        with pytest.raises(UnknownReleaseError, match="there are"):
            release_named(tmp_path, name)
    (tmp_path / "releases" / "abc1").mkdir()
    (tmp_path / "releases" / "abc2").mkdir()
    with pytest.raises(UnknownReleaseError, match=r"'abc' may be abc[12] or abc[12]; there are"):
        release_named(tmp_path, "abc")


def damaged(warehouse: Path, name: str, content: bytes | None) -> list[str]:
    """The faults of a release in which one file was changed, or taken away."""
    path = publish(files("kent"), warehouse) / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    release = current_release(warehouse)
    assert release
    return release.faults()


def test_every_fault_of_a_release_is_named(tmp_path: Path) -> None:
    whole = files("kent")
    table, package = whole["forces.parquet"], whole["datapackage.json"]
    flipped = table[:99] + bytes([table[99] ^ 1]) + table[100:]
    for number, (name, content, fault) in enumerate(
        [
            ("forces.parquet", flipped, "forces.parquet: other bytes than datapackage.json says (SHA-256)"),
            (
                "forces.parquet",
                table[:-1],
                f"forces.parquet: {len(table) - 1} bytes, datapackage.json says {len(table)}",
            ),
            ("forces.parquet", None, "forces.parquet: is missing"),
            ("datapackage.json", None, "datapackage.json: is missing"),
            ("datapackage.json", package[:99], "datapackage.json: does not describe a release"),
            ("datapackage.json", b'{"resources": [3]}', "datapackage.json: does not describe a release"),
            ("docs/index.html", b"<script>", "the files are not those that it is named after"),
            ("more.txt", b"more", "the files are not those that it is named after"),
        ]
    ):
        assert any(fault in said for said in damaged(tmp_path / str(number), name, content)), fault


def test_a_table_that_is_no_parquet_is_said(tmp_path: Path) -> None:
    damaged(tmp_path, "forces.parquet", b"PAR1")
    release = current_release(tmp_path)
    assert release
    with pytest.raises(ReleaseError, match=r"forces\.parquet cannot be read as Parquet"):
        release.table("forces")


def test_the_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = [publication("a"), publication("b", "a", NOON + timedelta(hours=1), "1.1.0")]
    for each in written:
        append_history(tmp_path, each)
    assert read_history(tmp_path) == written
    assert [json.loads(line)["published_at"] for line in (tmp_path / HISTORY).read_text().splitlines()] == [
        "2016-06-30T12:00:00+00:00",
        "2016-06-30T13:00:00+00:00",
    ]


def test_the_time_stands_in_the_history_alone(tmp_path: Path) -> None:
    [release] = published(tmp_path, files("kent"))
    assert published_at(tmp_path) is None
    append_history(tmp_path, publication("another"))
    append_history(tmp_path, Publication.now(release, None, {}, {}))
    at = published_at(tmp_path)
    assert at
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=5)
    assert published(tmp_path, files("kent")) == [release]
    assert release_ids(tmp_path) == [release]


def history_line(**other: object) -> str:
    """A whole line of the history from before there were versions, and with something else in it."""
    line = {"release": "c", "previous": None, "published_at": "2016-06-30T12:00:00+00:00", "rows": {}, "changes": {}}
    return json.dumps({**line, **other})


def test_a_line_of_the_history_from_before_there_were_versions_is_read(tmp_path: Path) -> None:
    LocalStore(tmp_path).write(HISTORY, history_line().encode() + b"\n")
    append_history(tmp_path, Publication("b", "c", NOON, {}, {}, "1.0.0"))
    assert [each.version for each in read_history(tmp_path)] == [None, "1.0.0"]


@pytest.mark.parametrize(
    "line",
    [
        '{"release": "c", "prev',
        "[]",
        "3",
        '{"release": "c"}',
        "\x00\x00\x00",
        '{"release": "c", "previous": null, "published_at": "2016-06-30T12:00:00", "rows": {}, "changes": {}}',
        history_line(previous=["a"]),
        history_line(version="1.1"),
        history_line(version=1),
    ],
)
def test_a_damaged_line_is_left_out_with_a_word_and_spoils_no_other(
    line: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    append_history(tmp_path, publication("a"))
    with (tmp_path / HISTORY).open("a") as file:
        file.write(line)  # no line end: the power went
    with caplog.at_level(logging.WARNING):
        assert read_history(tmp_path) == [publication("a")]
    assert "history.jsonl, line 2 is damaged" in caplog.text
    append_history(tmp_path, publication("b"))
    assert read_history(tmp_path) == [publication("a"), publication("b")]


def _append(warehouse: Path, name: str) -> None:
    for number in range(5):
        append_history(warehouse, publication(f"{name}{number}"))


def test_two_that_write_history_at_once_lose_no_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append, args=(tmp_path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(each.release for each in read_history(tmp_path)) == [f"{name}{n}" for name in "ab" for n in range(5)]


def test_a_release_says_its_version_and_one_from_before_there_were_versions_has_none(tmp_path: Path) -> None:
    published(tmp_path, files("kent"))
    assert (shown(tmp_path).version(), shown(tmp_path).version_entries()) == (None, ())
    assert entries_before(tmp_path, shown(tmp_path)) == ((), None)
    published(tmp_path, versioned(THIRD, "kent"))
    assert shown(tmp_path).version() == "2.0.0"
    assert shown(tmp_path).version_entries() == THIRD
    assert shown(tmp_path).faults() == []
    assert entries_before(tmp_path, shown(tmp_path)) == (THIRD, "2.0.0")


def test_a_release_is_known_by_its_version(tmp_path: Path) -> None:
    whole = [versioned(THIRD, "kent"), versioned((FIRST,), "essex"), files("essex")]
    third, first, old = published(tmp_path, *whole)
    assert release_versions(tmp_path) == {third: "2.0.0", first: "1.0.0"}
    assert [release_named(tmp_path, version).id for version in ("2.0.0", "1.0.0")] == [third, first]
    for name in ("1.1.0", "2.0", "v2.0.0"):
        with pytest.raises(UnknownReleaseError, match=f"no release '{name}' ") as caught:
            release_named(tmp_path, name)
        assert str(caught.value).endswith(f"; there are: {old}, {first} (1.0.0), {third} (2.0.0)")
    # Two with the same version have the same tables.
    [again] = published(tmp_path, {**versioned(THIRD, "kent"), "more.txt": b""})
    assert release_named(tmp_path, "2.0.0").id in {third, again}
    # What was given is remembered; what is not kept cannot be read.
    append_history(tmp_path, publication("gone", version="1.1.0"))
    assert release_versions(tmp_path)["gone"] == "1.1.0"
    with pytest.raises(UnknownReleaseError, match=r"no release '1\.1\.0'"):
        release_named(tmp_path, "1.1.0")


def test_the_highest_version_is_that_of_the_history_after_going_back(tmp_path: Path) -> None:
    first, _ = published(tmp_path, versioned((FIRST,), "kent"), versioned(SECOND, "essex"))
    append_history(tmp_path, publication(first, version="1.0.0"))
    append_history(tmp_path, publication("gone", first, version="1.10.0"))
    append_history(tmp_path, publication("also-gone", "gone", version="1.9.0"))
    assert entries_before(tmp_path, release_named(tmp_path, first)) == ((FIRST,), "1.10.0")
    # Built again after going back: its entry is that of the first time, also where the history alone tells it.
    append_history(tmp_path, publication(first, "also-gone", version="1.0.0"))
    (tmp_path / "releases" / first / "release.json").unlink()
    assert entries_before(tmp_path, release_named(tmp_path, first)) == ((FIRST,), "1.10.0")
    # Nothing is published any more, and its numbers are not given again.
    assert entries_before(tmp_path, None) == ((), "1.10.0")


@pytest.mark.parametrize("damage", [None, b"", b"{}", b'{"version": "9.9.9"}'])
def test_where_release_json_is_damaged_the_history_tells_the_versions(
    damage: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    releases = [versioned((FIRST,), "kent"), versioned(SECOND, "essex"), versioned(SECOND, "essex", "kent")]
    first, second, other = published(tmp_path, *releases)
    path = tmp_path / "releases" / other / "release.json"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    # Nothing tells: the history has no line of it.
    append_history(tmp_path, publication(first, version="1.0.0"))
    assert entries_before(tmp_path, shown(tmp_path)) == ((), "1.0.0")
    for release, previous, version in [(second, first, "1.1.0"), (second, first, "1.1.0"), (other, second, "1.1.0")]:
        append_history(tmp_path, publication(release, previous, version=version))
    assert shown(tmp_path).version() is None
    with caplog.at_level(logging.WARNING):
        assert entries_before(tmp_path, shown(tmp_path)) == (SECOND, "1.1.0")
    assert ("taken from the history" in caplog.text) is (damage is not None)
    assert release_named(tmp_path, "1.1.0").id == other


def test_a_history_that_goes_in_circles_or_begins_without_versions_is_read_to_an_end(tmp_path: Path) -> None:
    published(tmp_path, files("kent"))
    release = shown(tmp_path)
    append_history(tmp_path, publication(release.id, "b", version="1.1.0"))
    append_history(tmp_path, publication("b", "c", version="1.0.0"))
    append_history(tmp_path, publication("c", "b", version="1.0.0"))
    unknown = VersionEntry("1.0.0", None, ADDED, follows_unknown=True)
    assert entries_before(tmp_path, release) == ((SECOND[0], unknown), "1.1.0")
    (tmp_path / HISTORY).unlink()
    append_history(tmp_path, publication("b"))
    append_history(tmp_path, publication(release.id, "b", version="1.0.0"))
    assert entries_before(tmp_path, release) == ((unknown,), "1.0.0")


def test_a_kept_release_that_is_damaged_spoils_no_look_at_the_others(tmp_path: Path) -> None:
    first, second = published(tmp_path, versioned((FIRST,), "kent"), versioned(SECOND, "essex"))
    (tmp_path / "releases" / first / "release.json").write_bytes(b"\xff")
    assert release_versions(tmp_path) == {second: "1.1.0"}
    assert release_named(tmp_path, "1.1.0").id == second


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("docs/index.html", b"<script>", "docs/index.html: other bytes than SHA256SUMS says"),
        ("docs/index.html", None, "docs/index.html: is missing"),
        ("more.txt", b"more", "more.txt: is not in SHA256SUMS"),
        ("forces.parquet", None, "forces.parquet: is missing"),
        ("datapackage.json", b'{"resources": []}', "datapackage.json: other bytes than SHA256SUMS says"),
        ("release.json", None, "release.json: is missing"),
        ("release.json", b"{}", "release.json: does not describe a release (KeyError: 'changes')"),
        ("release.json", b"{} ", "release.json: other bytes than SHA256SUMS says"),
        ("SHA256SUMS", None, "SHA256SUMS: is missing"),
        ("SHA256SUMS", b"", "release.json: is not in SHA256SUMS"),
        ("SHA256SUMS", b"nothing\n", "SHA256SUMS: line 1 is damaged"),
    ],
)
def test_tampering_is_noticed_also_in_a_plain_copy(
    name: str, content: bytes | None, fault: str, tmp_path: Path
) -> None:
    # A copy has no name made from its content.
    folder = LocalStore(tmp_path / "published")
    for each, whole in versioned(SECOND, "kent").items():
        folder.write(each, whole)
    assert shown(tmp_path).faults() == []
    if content is None:
        folder.delete(name)
    else:
        folder.write(name, content)
    faults = shown(tmp_path).faults()
    assert faults.count(fault) == 1, faults


def test_a_table_that_is_damaged_anywhere_is_said(tmp_path: Path) -> None:
    content = files("kent")["forces.parquet"]
    folder = LocalStore(tmp_path / "published")
    faults = set()
    for place in range(4, len(content), 40):
        folder.write("forces.parquet", content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
        try:
            shown(tmp_path).table("forces")
        except ReleaseError as error:  # a flip in a text is read as another text
            faults.add(str(error).partition(" (")[0])
    assert faults == {"release published: forces.parquet cannot be read as Parquet"}

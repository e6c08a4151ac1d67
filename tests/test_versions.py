"""The version of the data: its number, the change log, release.json and the checksums."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipelines.differences import ReleaseTables, differences
from pipelines.versions import (
    VersionEntry,
    change_log,
    checksums,
    checksums_of,
    citation,
    entries_of,
    highest_version,
    is_version,
    next_entries,
    release_json,
)

FIRST = VersionEntry("1.0.0", None)
KENT, ESSEX = {"id": "kent", "value": 14.2}, {"id": "essex", "value": 10.0}
HOSTILE = "x`|<script>\u202e\n## 9.9.9\n"
REPORT = {"force_id": "kent", "programme_id": "peel-2016", "data_period_end": date(2016, 6, 30), "published": None}
REPORTS = [
    REPORT,
    {**REPORT, "programme_id": "peel-2015", "data_period_end": date(2015, 3, 31), "published": "2016-02"},
    {**REPORT, "force_id": "essex", "programme_id": "peel-2014", "data_period_end": None, "published": "2014-11"},
]
REPORTS_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("force_id", "programme_id", "published")),
        ("data_period_end", pa.date32()),
    ]
)
# As sha256sum says of these four bytes.
PAR1 = "fbc62d3b511368ee275ddc74117d8689b430e1427220e25d30816201d89ca7b6"
COUNTS_SCHEMA = pa.schema([("period_end", pa.date32()), ("value", pa.float64())])


def tables(**rows: list[dict[str, Any]]) -> ReleaseTables:
    """A release of these tables, each with the key ``id``."""
    made = {name: pa.Table.from_pylist(found) for name, found in rows.items()}
    return ReleaseTables(dict.fromkeys(made, ("id",)), made.__getitem__)


def following(
    before: ReleaseTables,
    after: ReleaseTables,
    entries: tuple[VersionEntry, ...] = (FIRST,),
    highest: str | None = None,
) -> tuple[VersionEntry, ...]:
    return next_entries(entries, highest, differences(before, after))


def entry(number: int) -> VersionEntry:
    return VersionEntry(f"1.{number}.0", f"1.{number - 1}.0" if number else None)


def described(
    entries: tuple[VersionEntry, ...] = (FIRST,),
    made: dict[str, pa.Table] | None = None,
    files: dict[str, bytes] | None = None,
) -> dict[str, Any]:
    given = {} if made is None else made
    found: dict[str, Any] = json.loads(release_json(entries, given, dict.fromkeys(given, b"PAR1"), files or {}))
    return found


@pytest.mark.parametrize(
    ("before", "after", "version", "counts", "schema"),
    [
        ([KENT], [{**KENT, "value": 14.3}], "1.0.1", (0, 0, 1), ()),
        ([KENT], [{**KENT, "value": None}, ESSEX], "1.1.0", (1, 0, 1), ()),
        ([KENT, ESSEX], [KENT], "1.1.0", (0, 1, 0), ()),
        ([KENT], [{**KENT, "unit": "percent"}], "2.0.0", (0, 0, 0), ("facts: column unit is new (string)",)),
        ([KENT], [{"id": "kent"}], "2.0.0", (0, 0, 0), ("facts: column value is gone",)),
        ([KENT], [{**KENT, "value": "14.2"}], "2.0.0", (0, 0, 0), ("facts: column value is string now, was double",)),
    ],
    ids=["value", "row-added", "row-removed", "column-added", "column-removed", "type"],
)
def test_what_changed_makes_the_number(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    version: str,
    counts: tuple[int, int, int],
    schema: tuple[str, ...],
) -> None:
    newest, oldest = following(tables(facts=before, same=[KENT]), tables(facts=after, same=[KENT]))
    changed = dict(zip(("added", "removed", "changed"), counts, strict=True))
    assert newest == VersionEntry(version, "1.0.0", {"facts": changed}, schema)
    assert oldest == FIRST


def test_a_table_that_comes_or_goes_and_another_key_are_major() -> None:
    one, two = tables(facts=[KENT]), tables(facts=[KENT], more=[ESSEX])
    assert following(one, two)[0] == VersionEntry(
        "2.0.0", "1.0.0", {"more": {"added": 1, "removed": 0, "changed": 0}}, ("more: the table is new",)
    )
    gone = following(two, one)[0]
    assert (gone.version, gone.schema) == ("2.0.0", ("more: the table is gone",))
    keyed = ReleaseTables({"facts": ("id", "value")}, one.read)
    changed = following(one, keyed)[0]
    assert (changed.version, changed.schema) == ("2.0.0", ("facts: the key is id, value now, was id",))


def test_the_first_release_is_1_0_0_and_the_same_tables_keep_their_entries() -> None:
    first = next_entries((), None, None)
    assert first == (FIRST,)
    same = tables(facts=[KENT])
    second = following(same, tables(facts=[KENT, ESSEX]), first)
    assert following(same, same, first, "1.1.0") == first
    assert following(same, same, second, "3.0.0") == second
    assert release_json(following(same, same, second), {}, {}, {}) == release_json(second, {}, {}, {})


def test_back_to_the_tables_of_before_is_another_version() -> None:
    one, two = tables(facts=[KENT]), tables(facts=[KENT, ESSEX])
    entries = following(two, one, following(one, two))
    assert [each.version for each in entries] == ["1.2.0", "1.1.0", "1.0.0"]
    assert [dict(each.tables) for each in entries] == [
        {"facts": {"added": 0, "removed": 1, "changed": 0}},
        {"facts": {"added": 1, "removed": 0, "changed": 0}},
        {},
    ]


def test_no_number_is_given_twice_also_after_going_back_to_an_earlier_release() -> None:
    one, two = tables(facts=[KENT]), tables(facts=[KENT, ESSEX])
    newest = following(one, two, (FIRST,), highest="1.9.4")[0]
    assert (newest.version, newest.previous) == ("1.10.0", "1.0.0")
    assert following(one, two, (VersionEntry("2.3.1", "2.3.0"),), highest="1.9.4")[0].version == "2.4.0"
    assert highest_version(["1.9.0", None, "1.10.0", "1.10.0"]) == "1.10.0"
    assert highest_version([]) is None


def test_after_a_release_whose_version_is_not_known_the_log_says_so() -> None:
    one, two = tables(facts=[KENT]), tables(facts=[KENT, ESSEX])
    added = {"facts": {"added": 1, "removed": 0, "changed": 0}}
    # From before there were versions, in a warehouse that gave none.
    assert following(one, two, ()) == (VersionEntry("1.0.0", None, added, follows_unknown=True),)
    assert following(one, one, ()) == (VersionEntry("1.0.0", None, follows_unknown=True),)
    # Its version is lost, in a warehouse that gave some.
    assert following(one, two, (), "1.4.2") == (VersionEntry("2.0.0", None, added, follows_unknown=True),)
    assert "version is not known" in change_log(following(one, one, ())).decode()


def test_a_release_before_that_cannot_be_read_counts_as_any_change() -> None:
    newest, oldest = next_entries((FIRST,), "1.3.0", None)
    assert (newest.version, newest.previous, oldest) == ("2.0.0", "1.0.0", FIRST)
    assert newest.schema == ("what changed is not known: the release before could not be read",)


def test_the_change_log_says_by_table_what_changed() -> None:
    entries = (
        VersionEntry(
            "2.0.0",
            "1.0.0",
            {
                "findings": {"added": 1200, "removed": 0, "changed": 3},
                "forces": {"added": 0, "removed": 0, "changed": 0},
            },
            ("forces: column region is new (string)",),
        ),
        FIRST,
    )
    log = change_log(entries).decode()
    assert log[log.index("## ") :] == (
        "## 2.0.0\n\nFollows 1.0.0.\n\n"
        "| table | rows added | rows removed | rows changed |\n|---|---:|---:|---:|\n| `findings` | 1,200 | 0 | 3 |\n\n"
        "Schema:\n\n- `forces: column region is new (string)`\n\n"
        "## 1.0.0\n\nFirst release.\n"
    )
    assert "releases/history.jsonl" in log[: log.index("## ")]


def test_fifty_entries_are_kept_and_the_log_says_that_older_ones_are_left_out() -> None:
    entries = (FIRST,)
    one, two = tables(facts=[KENT]), tables(facts=[ESSEX])
    for _ in range(49):
        entries = following(one, two, entries)
    assert (len(entries), entries[0].version, entries[-1]) == (50, "1.49.0", FIRST)
    assert "left out" not in change_log(entries).decode()
    entries = following(one, two, entries)
    assert (len(entries), entries[0].version, entries[-1].version) == (50, "1.50.0", "1.1.0")
    assert "Versions up to 1.0.0 are left out here" in change_log(entries).decode()
    assert entries_of(release_json(entries, {}, {}, {})) == entries


def test_hostile_names_come_out_as_text() -> None:
    entries = following(tables(facts=[KENT]), tables(facts=[{**KENT, HOSTILE: "x"}], **{HOSTILE: [KENT]}))
    log = change_log(entries).decode()
    assert "\u202e" not in log
    headings = [line for line in log.splitlines() if line.startswith("#")]
    assert headings == ["# Change log", "## 2.0.0", "## 1.0.0"]
    for line in log.splitlines():
        if "<script>" in line:
            assert line.count("`") == 2
            assert line.index("`") < line.index("<script>") < line.rindex("`")
            assert not line.startswith("|") or line.replace("\\|", "").count("|") == 5
    content = release_json(entries, {HOSTILE: pa.table({})}, {HOSTILE: b""}, {HOSTILE: b"", "\udce9": b""})
    assert content.isascii()
    assert entries_of(content) == entries
    assert HOSTILE in json.loads(content)["files"]


def test_release_json_says_what_the_release_is() -> None:
    made = {
        "reports": pa.Table.from_pylist(REPORTS, REPORTS_SCHEMA),
        "force_outcomes": pa.Table.from_pylist(
            [
                {"period_end": date(2018, 3, 31), "value": 5.0},
                {"period_end": date(2019, 3, 31), "value": None},
            ],
            COUNTS_SCHEMA,
        ),
        "force_crime_rates": pa.Table.from_pylist([{"period_end": date(2017, 12, 31), "value": 1.0}], COUNTS_SCHEMA),
    }
    entries = (VersionEntry("1.0.1", "1.0.0", {"reports": {"added": 0, "removed": 0, "changed": 1}}), FIRST)
    files = {"peel.xlsx": b"xl", "CHANGELOG.md": b"", "SHA256SUMS": b"", "release.json": b""}
    found = described(entries, made, files)
    assert list(found) == [
        *("name", "version", "previous_version", "tables", "reports", "forces", "programmes", "latest"),
        *("licence", "attribution", "citation", "changes", "files"),
    ]
    assert (found["name"], found["version"], found["previous_version"]) == ("peel-warehouse", "1.0.1", "1.0.0")
    assert list(found["tables"]) == ["reports", "force_outcomes", "force_crime_rates"]
    assert found["tables"]["reports"] == {"rows": 3, "sha256": PAR1}
    assert (found["reports"], found["forces"]) == (3, 2)
    assert found["programmes"] == ["peel-2014", "peel-2015", "peel-2016"]
    assert found["latest"] == {
        "data_period_end": "2016-06-30",
        "published": "2016-02",
        "open_data_period_end": "2018-03-31",
    }
    assert found["licence"]["name"] == "OGL-UK-3.0"
    assert "Open Government Licence" in found["attribution"]
    assert found["citation"] == citation("1.0.1")
    assert list(found["files"]) == ["CHANGELOG.md", "peel.xlsx"]
    assert found["files"]["peel.xlsx"]["bytes"] == 2


def test_release_json_of_empty_tables_and_of_none_guesses_nothing() -> None:
    for made in (
        {},
        {"reports": REPORTS_SCHEMA.empty_table(), "force_outcomes": COUNTS_SCHEMA.empty_table()},
    ):
        found = described(made=made)
        assert (found["reports"], found["forces"], found["programmes"]) == (0, 0, [])
        assert found["latest"] == {"data_period_end": None, "published": None, "open_data_period_end": None}


def test_a_citation_names_title_version_and_licence_and_no_day() -> None:
    assert citation("1.2.0") == (
        "Peel Warehouse. Police inspection reports of England and Wales as tables. Version 1.2.0 [data set]. "
        "Contains public sector information licensed under the Open Government Licence v3.0."
    )


def broken(**changes: Any) -> bytes:
    """A release.json with two entries and something wrong: in itself, or (``entry_``) in its newest entry."""
    found = described((entry(1), entry(0)))
    for name, value in changes.items():
        place = found["changes"][0] if name.startswith("entry_") else found
        place[name.removeprefix("entry_")] = value
    return json.dumps(found).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "does not describe a release"),
        (b"\xff\xfe", "does not describe a release"),
        (b"[]", "does not describe a release"),
        (b"[" * 100_000, "does not describe a release"),
        (b'{"version": "1.0.0"}', "KeyError: 'changes'"),
        (broken(changes=[]), "has no entry"),
        (broken(changes={"1.0.0": 1}), "does not describe a release"),
        (broken(changes=None), "does not describe a release"),
        (broken(version="1.2.0"), "is version '1.2.0', and its newest entry 1.1.0"),
        (broken(previous_version=None), "is version '1.1.0', and its newest entry 1.1.0"),
        (broken(entry_version="1.1"), "'1.1' is no version"),
        (broken(entry_version=None), "does not describe a release"),
        (broken(entry_version="1.1.0\n"), "is no version"),
        (broken(entry_previous="1.0.1", previous_version="1.0.1"), "1.1.0 does not follow 1.0.0"),
        (broken(changes=[described((entry(0),))["changes"][0]] * 2, version="1.0.0", previous_version=None), "follow"),
        (broken(entry_tables={"forces": {"added": -1, "removed": 0, "changed": 0}}), "forces: its numbers of rows"),
        (broken(entry_tables={"forces": {"added": True, "removed": 0, "changed": 0}}), "forces: its numbers of rows"),
        (broken(entry_tables={"forces": {"added": 1}}), "KeyError: 'removed'"),
        (broken(entry_tables=["forces"]), "does not describe a release"),
        (broken(entry_schema="words"), "no list of words"),
        (broken(entry_schema=[1]), "no list of words"),
        (broken(entry_follows_unknown="no"), "follows_unknown is 'no'"),
    ],
)
def test_a_damaged_release_json_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=r"^release\.json: ") as caught:
        entries_of(content)
    assert reason in str(caught.value)


@pytest.mark.parametrize("text", ["1.2.0", "0.0.0", "10.200.3000"])
def test_what_is_a_version(text: str) -> None:
    assert is_version(text)


@pytest.mark.parametrize(
    "text", ["", "1.2", "v1.2.0", "1.02.0", "1.2.0 ", "1.2.0\n", "1.2.-1", "١.٢.٠", "1.2.9999999999"]
)
def test_what_is_no_version(text: str) -> None:
    assert not is_version(text)


FILES: dict[str, bytes] = {
    "release.json": b"{}",
    "csv/forces.csv": b"a,b\n",
    "data docs/index.html": b"<p>",
    "back\\slash": b"1",
    "two\nlines": b"2",
    "\u202eright": b"3",
    "SHA256SUMS": b"never in itself",
}


def test_the_systems_own_sha256sum_finds_every_file_as_listed(tmp_path: Path) -> None:
    program = shutil.which("sha256sum")
    if not program:
        pytest.skip("no sha256sum on this system")
    for name, content in {**FILES, "SHA256SUMS": checksums(FILES)}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    def check() -> tuple[int, str]:
        done = subprocess.run([program, "-c", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout

    code, output = check()
    assert (code, output.count(": OK\n")) == (0, 6)
    (tmp_path / "csv" / "forces.csv").write_bytes(b"a;b\n")
    code, output = check()
    assert (code, "csv/forces.csv: FAILED" in output) == (1, True)


def test_checksums_are_sorted_and_read_back() -> None:
    content = checksums({"b": b"", "a": b"", "SHA256SUMS": b""})
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert content == f"{empty}  a\n{empty}  b\n".encode()
    assert checksums_of(content) == {"a": empty, "b": empty}
    assert checksums_of(checksums(FILES)).keys() == FILES.keys() - {"SHA256SUMS"}
    assert checksums_of(checksums({"\udce9": b""})) == {"\udce9": empty}
    assert checksums({}) == b""
    assert checksums_of(b"") == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content.replace(b"  ", b" "),
        lambda content: content[1:],
        lambda content: b"\n" + content,
        lambda content: content.upper(),
    ],
)
def test_damaged_checksums_are_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError, match=r"^SHA256SUMS: "):
        checksums_of(damage(checksums({"a": b"", "b": b""})))

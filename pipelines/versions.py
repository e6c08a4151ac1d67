"""The version of the data: what changed against the release before, and what that makes of its number.

Belongs here: the version's number, the change log, ``release.json``, ``SHA256SUMS``, and how the data are cited. Does
not belong here: finding what changed (``differences``), and which releases there are (``releases``).

A version is MAJOR.MINOR.PATCH, and 1.0.0 the first of a warehouse:

- MAJOR: what a table is changed (table, column, type, key). Added ones count as well: a loader that goes by position,
  or a model with fixed columns, stops at a new column as at a lost one, and a rule without exceptions can be relied on;
- MINOR: rows came or went;
- PATCH: only values of rows that were there before changed;
- nothing changed in any table: the same version with the very same entries, so that the same tables are the same bytes.

No time stands in any of this. A warehouse with a history gives another number than a fresh one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.catalogue import ATTRIBUTION, LICENCE, NAME, TITLE
from pipelines.plain_text import one_line
from pipelines.publish import sha256

if TYPE_CHECKING:  # heavy, and only a build compares
    from pipelines.differences import Differences, SchemaChange

RELEASE_JSON = "release.json"
CHANGE_LOG = "CHANGELOG.md"
CHECKSUMS = "SHA256SUMS"
PRODUCT = "Peel Warehouse"
FIRST = "1.0.0"
# Entries that a release carries, so that it does not grow for ever.
ENTRIES_KEPT = 50
MAJOR, MINOR, PATCH = range(3)
COUNTS = ("added", "removed", "changed")
NOT_KNOWN = "what changed is not known: the release before could not be read"
# Tables whose numbers come out of the Home Office's and the ONS's open data.
OPEN_DATA = ("force_outcomes", "force_crime_rates")
NUMBER = r"(?:0|[1-9][0-9]{0,8})"
VERSION = re.compile(rf"{NUMBER}\.{NUMBER}\.{NUMBER}")
# A name with a line end or a backslash in it is written escaped, and a backslash before the sum says so.
SUM_LINE = re.compile(r"(\\?)([0-9a-f]{64})  (.+)")
ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
SCHEMA_WORDS = {
    "table_added": "the table is new",
    "table_removed": "the table is gone",
    "column_added": "column {column} is new ({after})",
    "column_removed": "column {column} is gone",
    "type_changed": "column {column} is {after} now, was {before}",
    "key_changed": "the key is {after} now, was {before}",
}


@dataclass(frozen=True)
class VersionEntry:
    """One entry of the change log.

    ``previous``: the version before; null for the first. ``tables``: rows added, removed and changed by table, tables
    that did not change left out. ``schema``: changes of what a table is, in words. ``follows_unknown``: a release came
    before, but no version of it is known.
    """

    version: str
    previous: str | None
    tables: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    schema: tuple[str, ...] = ()
    follows_unknown: bool = False


def is_version(text: str) -> bool:
    """Whether the text is a version such as 1.2.0."""
    return VERSION.fullmatch(text) is not None


def highest_version(versions: Iterable[str | None]) -> str | None:
    """The highest of the versions by their numbers (1.10.0 is above 1.9.0); null where there is none."""
    return max((version for version in versions if version), key=_numbers, default=None)


def next_entries(
    entries: Sequence[VersionEntry], highest: str | None, differences: "Differences | None"
) -> tuple[VersionEntry, ...]:
    """The entries of a release, newest first.

    ``entries``: those of the release before, empty where it has no version. ``highest``: the highest version that this
    warehouse ever gave; the new number goes on from there, so that none is given twice. ``differences``: against the
    release before; null where there is none or where it cannot be read. What is not known counts as MAJOR.
    """
    if entries and differences is not None and differences.is_same:
        return tuple(entries)
    before = entries[0].version if entries else None
    top = highest_version([highest, before])
    unread = top is not None and differences is None
    entry = VersionEntry(
        version=_bumped(top, _level(differences) if before else MAJOR) if top else FIRST,
        previous=before,
        tables=differences.summary() if differences else {},
        schema=(NOT_KNOWN,) if unread else _schema_words(differences),
        follows_unknown=before is None and (top is not None or differences is not None),
    )
    return (entry, *entries)[:ENTRIES_KEPT]


def change_log(entries: Sequence[VersionEntry]) -> bytes:
    """``CHANGELOG.md``: for people, newest first."""
    lines = [
        "# Change log",
        "",
        "What changed in the data from version to version, the newest first. In MAJOR.MINOR.PATCH, MAJOR counts "
        "changes of tables, columns, types and keys, MINOR rows that came or went, PATCH values that changed.",
        "",
        "No dates stand here, so that the same tables are the same bytes: `releases/history.jsonl`, beside the "
        "releases, says when each was published.",
        "",
    ]
    for entry in entries:
        lines += [f"## {entry.version}", "", *_entry_lines(entry)]
    if entries and entries[-1].previous:
        lines += [
            f"Versions up to {entries[-1].previous} are left out here: `releases/history.jsonl` has their changes.",
            "",
        ]
    return "\n".join(lines).encode()


def release_json(
    entries: Sequence[VersionEntry],
    tables: Mapping[str, pa.Table],
    parquet: Mapping[str, bytes],
    files: Mapping[str, bytes],
) -> bytes:
    """``release.json``: what this release is, for machines.

    ``tables`` and ``parquet`` (its bytes): by table name, in the order they are listed. ``files``: every file of the
    release by name; itself and ``SHA256SUMS`` are left out. Raises KeyError for a table without its bytes, IndexError
    for no entries.
    """
    newest = entries[0]
    described = {
        "name": NAME,
        "version": newest.version,
        "previous_version": newest.previous,
        "tables": {name: {"rows": table.num_rows, "sha256": sha256(parquet[name])} for name, table in tables.items()},
        "reports": tables["reports"].num_rows if "reports" in tables else 0,
        "forces": len(_members(tables, "reports", "force_id")),
        "programmes": _members(tables, "reports", "programme_id"),
        "latest": {
            "data_period_end": _latest(_values(tables, "reports", "data_period_end")),
            "published": _latest(_values(tables, "reports", "published")),
            "open_data_period_end": _latest(
                [day for name in OPEN_DATA for day in _values(tables, name, "period_end", having="value")]
            ),
        },
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "citation": citation(newest.version),
        "changes": [asdict(entry) for entry in entries],
        "files": {
            name: {"bytes": len(files[name]), "sha256": sha256(files[name])}
            for name in sorted(files)
            if name not in (RELEASE_JSON, CHECKSUMS)
        },
    }
    # Only ASCII: nothing in a name can turn round or hide what stands beside it.
    return (json.dumps(described, indent=2) + "\n").encode()


def entries_of(content: bytes) -> tuple[VersionEntry, ...]:
    """The entries in a ``release.json``, newest first; at least one. Raises ValueError, which says what is damaged."""
    try:
        described = json.loads(content)
        entries = tuple(_entry(each) for each in described["changes"])
        version, previous = described["version"], described["previous_version"]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"{RELEASE_JSON}: does not describe a release ({type(error).__name__}: {error})") from error
    if not entries:
        raise ValueError(f"{RELEASE_JSON}: has no entry of the change log")
    if (version, previous) != (entries[0].version, entries[0].previous):
        raise ValueError(f"{RELEASE_JSON}: is version {version!r}, and its newest entry {entries[0].version}")
    for newer, older in pairwise(entries):
        if newer.previous != older.version or _numbers(newer.version) <= _numbers(older.version):
            raise ValueError(f"{RELEASE_JSON}: {newer.version} does not follow {older.version}")
    return entries


def checksums(files: Mapping[str, bytes]) -> bytes:
    """``SHA256SUMS`` as ``sha256sum -c`` reads it: every file but itself, sorted by name."""
    lines = []
    for name in sorted(files.keys() - {CHECKSUMS}):
        escaped = "".join(ESCAPES.get(character, character) for character in name)
        lines.append(f"{'' if escaped == name else chr(92)}{sha256(files[name])}  {escaped}\n")
    return "".join(lines).encode(errors="surrogateescape")


def checksums_of(content: bytes) -> dict[str, str]:
    """SHA-256 by file name as a ``SHA256SUMS`` has them. Raises ValueError, which names the line that is damaged."""
    sums: dict[str, str] = {}
    lines = content.decode(errors="surrogateescape").split("\n")
    for number, line in enumerate(lines, 1):
        found = SUM_LINE.fullmatch(line)
        if found:
            mark, sum_, name = found.groups()
            sums[_unescaped(name) if mark else name] = sum_
        elif line or number < len(lines):
            raise ValueError(f"{CHECKSUMS}: line {number} is damaged")
    if content and not content.endswith(b"\n"):
        raise ValueError(f"{CHECKSUMS}: ends within a line")
    return sums


def citation(version: str) -> str:
    """How this version of the data is cited; the reader adds the day on which they took it."""
    return f"{PRODUCT}. {TITLE}. Version {version} [data set]. {ATTRIBUTION}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _bumped(version: str, level: int) -> str:
    numbers = _numbers(version)
    return ".".join(str(number) for number in (*numbers[:level], numbers[level] + 1, 0, 0)[:3])


def _level(differences: "Differences | None") -> int:
    if differences is None or any(each.schema for each in differences.tables):
        return MAJOR
    return MINOR if any(each.added or each.removed for each in differences.tables) else PATCH


def _schema_words(differences: "Differences | None") -> tuple[str, ...]:
    tables = differences.changed_tables() if differences else ()
    return tuple(_change_words(each.table, change) for each in tables for change in each.schema)


def _change_words(table: str, change: "SchemaChange") -> str:
    words = SCHEMA_WORDS[change.kind].format(column=change.column, before=change.before, after=change.after)
    return one_line(f"{table}: {words}")


def _entry(found: Mapping[str, Any]) -> VersionEntry:
    version, previous, unknown = found["version"], found["previous"], found["follows_unknown"]
    for each in (version,) if previous is None else (version, previous):
        if not is_version(each):
            raise ValueError(f"{each!r} is no version")
    schema = found["schema"]
    if not isinstance(schema, list) or not all(isinstance(words, str) for words in schema):
        raise ValueError(f"{version}: its changes of the schema are no list of words")
    if not isinstance(unknown, bool):
        raise ValueError(f"{version}: follows_unknown is {unknown!r}")
    tables = {table: _counts(table, counts) for table, counts in found["tables"].items()}
    return VersionEntry(version, previous, tables, tuple(schema), unknown)


def _counts(table: str, counts: Mapping[str, Any]) -> dict[str, int]:
    numbers = {word: counts[word] for word in COUNTS}
    # Not isinstance: true is an int as well.
    if any(type(number) is not int or number < 0 for number in numbers.values()):
        raise ValueError(f"{table}: its numbers of rows are {numbers}")
    return numbers


def _entry_lines(entry: VersionEntry) -> list[str]:
    if entry.previous:
        follows = f"Follows {entry.previous}."
    elif entry.follows_unknown:
        follows = "A release came before it whose version is not known."
    else:
        follows = "First release."
    lines = [follows, ""]
    counted = {table: counts for table, counts in entry.tables.items() if any(counts.values())}
    if counted:
        lines += [f"| table | {' | '.join(f'rows {word}' for word in COUNTS)} |", "|---|---:|---:|---:|"]
        for table, counts in counted.items():
            numbers = " | ".join(f"{counts[word]:,}" for word in COUNTS)
            lines.append(f"| {_code(table)} | {numbers} |")
        lines.append("")
    if entry.schema:
        lines += ["Schema:", "", *(f"- {_code(words)}" for words in entry.schema), ""]
    return lines


def _code(text: str) -> str:
    """The text as code, in which Markdown obeys nothing but a backtick and, in a table, the cell's border."""
    return f"`{one_line(text).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _unescaped(name: str) -> str:
    back = {escape: character for character, escape in ESCAPES.items()}
    return re.sub(r"\\.", lambda found: back.get(found[0], found[0]), name)


def _values(tables: Mapping[str, pa.Table], table: str, column: str, having: str | None = None) -> list[Any]:
    """The values of a column, each once, without null; ``having``: of rows in which this column is not null."""
    if table not in tables:
        return []
    rows = tables[table] if having is None else tables[table].filter(pc.is_valid(tables[table][having]))
    return list(pc.unique(rows[column]).drop_null().to_pylist())


def _members(tables: Mapping[str, pa.Table], table: str, column: str) -> list[str]:
    return sorted(_values(tables, table, column))


def _latest(values: list[Any]) -> str | None:
    return str(max(values)) if values else None

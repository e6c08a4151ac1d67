"""What one file of the reports folder gave, kept so that the same bytes are not extracted twice.

Belongs here: the record itself, its form as bytes, and where it is kept. Does not belong here: how it is made
(``batch`` and ``expectations.one_report``) and what becomes of many (``batch``).

A record is kept under the SHA-256 of the file's content and the version of the code that made it. It does not know what
the file is called: a renamed file has the same record. It is a cache and nothing else: every record can be made again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import pyarrow as pa

from pipelines.issues import Finding, Issue
from pipelines.plain_text import harmless
from pipelines.schema import REPORT_TABLES, TABLES
from pipelines.stores import Item, Store

# Every table with rows of a report; a report that fails keeps its row in the first.
TABLES_OF_A_REPORT: tuple[str, ...] = ("reports", *REPORT_TABLES)
# Stands for the file's name in a record. No text that is read holds it: a file with a NUL is refused.
UNNAMED = "\x00"
FOLDER = "extracted"
SUFFIX = ".arrow"
# A record's entries that are not a table.
FACTS = ".facts"
DIGEST = 32
# A stream is compressed as a whole: Arrow's own compression takes each of its many small buffers by itself, which costs
# four times as much and makes it twice as long. Before it stands how long it was.
CODEC = pa.Codec("zstd", 1)
LENGTH = 8


@dataclass(frozen=True)
class Extracted:
    """What the bytes with this SHA-256 gave.

    ``report_id`` is null for a file that is refused: then ``issues`` holds the refusal and there are no tables.
    ``lines_sha256`` tells two files of one report apart. ``tables`` are as ``stream_of`` makes them, by name, those
    without rows left out; ``counts`` their rows. ``findings`` are what rules about one report found, of those that
    found something.
    """

    sha256: str
    report_id: str | None
    lines_sha256: str | None
    issues: tuple[Issue, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    tables: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> pa.Table:
        """The rows of this report in one table, in key order, with plain fields (``plain_schema``); its ``reports`` row
        names no file yet."""
        if name not in self.tables:
            return plain_schema(name).empty_table()
        with pa.ipc.open_stream(_unpacked(self.tables[name])) as stream:
            return stream.read_all()

    @cached_property
    def extraction(self) -> str | None:
        """How far extraction came: extracted, registered or failed, as in ``reports``; null for a refused file."""
        return None if self.report_id is None else str(self.table("reports")["extraction"][0].as_py())


@cache
def plain_schema(name: str) -> pa.Schema:
    """A table's columns without what they mean, which would be the larger part of a record."""
    return pa.schema([pa.field(column.name, column.type) for column in TABLES[name].columns])


def stream_of(name: str, table: pa.Table) -> bytes:
    """An Arrow table as the bytes that ``Extracted`` holds: a compressed Arrow stream behind its length."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain_schema(name)) as stream:
        stream.write_table(table.combine_chunks().cast(plain_schema(name)))
    content = sink.getvalue()
    packed: bytes = CODEC.compress(content, asbytes=True)
    return int(content.size).to_bytes(LENGTH, "little") + packed


def _unpacked(stream: bytes) -> pa.Buffer:
    return CODEC.decompress(memoryview(stream)[LENGTH:], int.from_bytes(stream[:LENGTH], "little"))


def named(issues: Iterable[Issue], source_file: str) -> tuple[Issue, ...]:
    """Issues of a record with the name that the file has now, and messages that are one line of plain text."""
    return tuple(_named(issue, source_file) for issue in issues)


def _named(issue: Issue, source_file: str) -> Issue:
    texts: dict[str, Any] = {
        name: value.replace(UNNAMED, source_file)
        for name, value in asdict(issue).items()
        if isinstance(value, str) and UNNAMED in value
    }
    # A message goes to terminals and logs: nothing that it quotes may steer them.
    message = harmless(texts.pop("message", issue.message))
    return replace(issue, message=message, **texts) if texts or message != issue.message else issue


def named_table(table: pa.Table, source_file: str) -> pa.Table:
    """A report's row of ``reports`` with the name that the file has now."""
    place = table.schema.get_field_index("source_file")
    column = table.schema.field(place)
    return table.set_column(place, column, pa.array([source_file] * table.num_rows, column.type))


def to_bytes(record: Extracted) -> bytes:
    """The record as one Arrow file of (name, content), behind the SHA-256 of that."""
    facts = {
        "sha256": record.sha256,
        "report_id": record.report_id,
        "lines_sha256": record.lines_sha256,
        "issues": [asdict(issue) for issue in record.issues],
        "counts": dict(record.counts),
        "findings": [asdict(found) for found in record.findings],
    }
    entries = {FACTS: json.dumps(facts).encode(), **record.tables}
    table = pa.table({"name": pa.array(entries), "content": pa.array(entries.values(), pa.binary())})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    body = bytes(sink.getvalue().to_pybytes())
    return hashlib.sha256(body).digest() + body


def from_bytes(content: bytes) -> Extracted:
    """The record that these bytes hold. Raises ValueError for anything else, also for a record that was damaged."""
    digest, body = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        raise ValueError("no record of an extracted file: its checksum is not that of its content")
    try:
        with pa.ipc.open_file(body) as file:
            entries = {row["name"]: row["content"] for row in file.read_all().to_pylist()}
        facts: dict[str, Any] = json.loads(entries.pop(FACTS))
        return Extracted(
            sha256=facts["sha256"],
            report_id=facts["report_id"],
            lines_sha256=facts["lines_sha256"],
            issues=_issues(facts["issues"]),
            counts=facts["counts"],
            findings=tuple(
                Finding(found["check_id"], _issues(found["issues"]), found["raised"]) for found in facts["findings"]
            ),
            tables=entries,
        )
    except (pa.ArrowException, KeyError, TypeError, OSError) as error:
        raise ValueError(f"no record of an extracted file: {error}") from error


def _issues(fields: Sequence[Mapping[str, Any]]) -> tuple[Issue, ...]:
    return tuple(Issue(**issue) for issue in fields)


@dataclass(frozen=True)
class Records:
    """The kept records of one version of the code."""

    store: Store
    code: str

    def name(self, sha256: str) -> str:
        """Name of the record of the content with this SHA-256, in the store."""
        return f"{FOLDER}/{self.code}/{sha256}{SUFFIX}"

    def known(self) -> set[str]:
        """SHA-256 of every content that has a record."""
        names = [item.name for item in self._list(f"{FOLDER}/{self.code}/")]
        return {name.rsplit("/", 1)[1].removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)}

    def read(self, sha256: str) -> Extracted | None:
        """The record of this content; null where there is none that is whole and is of this content."""
        try:
            record = from_bytes(self.store.read(self.name(sha256)))
        except (FileNotFoundError, ValueError):
            return None
        return record if record.sha256 == sha256 else None

    def write(self, record: Extracted) -> None:
        """Keep the record, whole or not at all."""
        self.store.write(self.name(record.sha256), to_bytes(record))

    def prune(self, used: Iterable[str]) -> int:
        """Remove records of other code and of content that is not in use, and give how many."""
        kept = {self.name(sha256) for sha256 in used}
        dead = [item.name for item in self._list(f"{FOLDER}/") if item.name not in kept]
        for name in dead:
            self.store.delete(name)
        return len(dead)

    def _list(self, prefix: str) -> list[Item]:
        try:
            return self.store.list(prefix)
        except FileNotFoundError:  # a warehouse that is not there yet has no records
            return []

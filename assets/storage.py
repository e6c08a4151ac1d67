"""Where things lie: the reports folder, the staging folder that steps hand over through, the warehouse.

Belongs here: places, reading and writing what one step leaves for the next, and that one run at a time does so. Does
not belong here: what is in it. Steps hand over through files, not through memory, so that a run may start in the
middle. Reports and warehouse may be in an object store; staging is always a folder on this machine.

    <warehouse>/extracted/<code>/<sha256>.arrow   what a file of the reports folder gave (``pipelines.extracted``)
    <warehouse>/staging/files.json            the files of the reports folder
    <warehouse>/staging/register.json         the reports that were read
    <warehouse>/staging/<step>.issues.json    what a step has to say
    <warehouse>/staging/<table>.parquet       a table, as it will be published if it passes
    <warehouse>/staging/<table>.verdict.json  what the checks said, and of which bytes
    <warehouse>/staging/<table>.page.json     its page of the Data Docs
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import BufferReader

from assets.editions import chosen_editions
from expectations.data_docs import Page
from expectations.one_report import code_version
from pipelines.extracted import TABLES_OF_A_REPORT, Records
from pipelines.issues import Issue
from pipelines.publish import RELEASES_KEPT, locked, parquet_bytes, parquet_table, sha256
from pipelines.reports import SourceFile
from pipelines.schema import COMPUTED_TABLES, DIMENSIONS, TABLES
from pipelines.stores import Store, is_object_store, open_store, write_file

DEFAULT_REPORTS = "warehouse/raw"
DEFAULT_OPEN_DATA = "warehouse/open_data"
DEFAULT_WAREHOUSE = "warehouse"
# Tables whose checks have a say in the quality issues: all the others.
CHECKED_BEFORE_ISSUES = (*TABLES_OF_A_REPORT, *COMPUTED_TABLES, *DIMENSIONS)
# In the order of the schema. A table that is defined there but made nowhere is left out (and a test says so).
STAGED_TABLES = tuple(name for name in TABLES if name in {*CHECKED_BEFORE_ISSUES, "quality_issues"})
LOCK = ".build.lock"
# How often a run that waits for another looks again, and how long it waits at most, in seconds.
LOOK_AGAIN = 0.2
LONGEST_WAIT = 1800.0


@dataclass(frozen=True)
class Entry:
    """One line of the register: which file is which report, and how far its extraction came (as in ``reports``)."""

    report_id: str
    source_file: str
    sha256: str
    extraction: str


@dataclass(frozen=True)
class RuleVerdict:
    """What one rule said. ``severity``: critical, or warning where it stops nothing; ``facts`` are numbers and texts to
    show beside it, ``offending`` some of the rows that break it."""

    rule_id: str
    passed: bool
    severity: str
    message: str
    facts: Mapping[str, Any]
    offending: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Verdict:
    """What the checks of which code said of which bytes (sha256): how many rules passed, warned and failed, and why.

    ``withheld``: how many hold only because the rows that broke them are not in the table.
    """

    table: str
    sha256: str
    code: str
    passed: int
    warned: int
    failed: int
    withheld: int
    issues: tuple[Issue, ...]
    rules: tuple[RuleVerdict, ...]


@dataclass(frozen=True)
class Staged:
    """A staged table: its bytes and their SHA-256."""

    table: str
    content: bytes
    sha256: str

    @property
    def row_count(self) -> int:
        """Number of rows, from the file's own footer."""
        return int(pq.read_metadata(BufferReader(self.content)).num_rows)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values."""
        rows: list[dict[str, Any]] = parquet_table(self.content).to_pylist()
        return rows


@dataclass(frozen=True)
class ReleaseChange:
    """What a release is (its id, the version of its data), and how its reports (report_ids) differ from those of the
    one before."""

    release: str
    version: str
    before: str | None
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class NotStagedError(RuntimeError):
    """A step's input that an earlier step has not written: run that step first."""


class BusyError(RuntimeError):
    """Another run writes to this warehouse."""


class Warehouse(dg.ConfigurableResource[Any]):
    """The places that a run reads and writes, and how it does its work: all configuration, none of it code.

    ``reports`` and ``root`` are folders or ``s3://bucket/prefix``; ``staging_folder`` is empty for the warehouse's own;
    ``mapper`` says where reports are extracted (``pipelines.mapper``); ``kept`` is the number of releases kept;
    ``editions`` says which a release has (``assets.editions``).
    """

    reports: str = DEFAULT_REPORTS
    open_data: str = DEFAULT_OPEN_DATA
    root: str = DEFAULT_WAREHOUSE
    staging_folder: str = ""
    mapper: str = ""
    kept: int = RELEASES_KEPT
    editions: str = ""

    @classmethod
    def from_environment(cls) -> "Warehouse":
        """What PEEL_REPORTS, PEEL_OPEN_DATA, PEEL_WAREHOUSE, PEEL_STAGING, PEEL_MAPPER, PEEL_RELEASES_KEPT and
        PEEL_EDITIONS say, else the folders of the checkout. Raises ValueError for a number of releases that is none,
        and an edition that there is not."""
        kept = os.environ.get("PEEL_RELEASES_KEPT") or str(RELEASES_KEPT)
        if not kept.isdecimal() or int(kept) < 1:
            raise ValueError(f"PEEL_RELEASES_KEPT: {kept!r} is not a number of releases, 1 or more")
        editions = os.environ.get("PEEL_EDITIONS", "")
        try:
            chosen_editions(editions)
        except ValueError as error:
            raise ValueError(f"PEEL_EDITIONS: {error}") from error
        return cls(
            reports=os.environ.get("PEEL_REPORTS", DEFAULT_REPORTS),
            open_data=os.environ.get("PEEL_OPEN_DATA", DEFAULT_OPEN_DATA),
            root=os.environ.get("PEEL_WAREHOUSE", DEFAULT_WAREHOUSE),
            staging_folder=os.environ.get("PEEL_STAGING", ""),
            mapper=os.environ.get("PEEL_MAPPER", ""),
            kept=int(kept),
            editions=editions,
        )

    def with_folders(
        self,
        reports: str | None,
        open_data: str | None,
        root: str | None,
        mapper: str | None = None,
        kept: int | None = None,
        editions: str | None = None,
    ) -> "Warehouse":
        """The same with what is given."""
        given = {
            "reports": reports,
            "open_data": open_data,
            "root": root,
            "mapper": mapper,
            "kept": kept,
            "editions": editions,
        }
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return Warehouse(**{**own, **{name: value for name, value in given.items() if value is not None}})

    @property
    def reports_store(self) -> Store:
        """Where every .txt file is read."""
        return open_store(self.reports)

    @property
    def open_data_folder(self) -> Path:
        """Folder below which every file of open data is read; it need not exist."""
        return Path(self.open_data)

    @property
    def store(self) -> Store:
        """The warehouse itself."""
        return open_store(self.root)

    @property
    def records(self) -> Records:
        """What files gave to the code as it is now."""
        return Records(self.store, code_version())

    @property
    def staging(self) -> Path:
        """Folder of what steps hand over, on this machine; no part of a release."""
        if self.staging_folder:
            return Path(self.staging_folder)
        if is_object_store(self.root):
            return Path(tempfile.gettempdir()) / f"peel-{hashlib.sha256(self.root.encode()).hexdigest()[:16]}"
        return Path(self.root) / "staging"

    @contextmanager
    def alone(self, wait: float = 0.0) -> Generator[None, None, None]:
        """Be the only run on this machine that writes to the warehouse; a process that ends, however it ends, is out.

        Raises BusyError where another is still at it after ``wait`` seconds.
        """
        self.staging.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + wait
        with ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(locked(self.staging / LOCK, wait=False))
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= deadline:
                        message = f"another build is writing to {self.root}; try again when it is done"
                        raise BusyError(message) from error
                    time.sleep(LOOK_AGAIN)
            yield

    def write_rows(self, table: str, rows: Iterable[Mapping[str, Any]]) -> Staged:
        """Stage the rows. Raises ValueError, the staged file untouched, for rows against the schema."""
        return self.write_table(table, TABLES[table].to_arrow(rows))

    def write_table(self, table: str, content: pa.Table) -> Staged:
        """Stage the table, which is in key order."""
        parquet = parquet_bytes(content)
        self._write(f"{table}.parquet", parquet)
        return Staged(table, parquet, sha256(parquet))

    def read_table(self, table: str) -> Staged:
        """The staged table. Raises NotStagedError."""
        content = self._read(f"{table}.parquet")
        return Staged(table, content, sha256(content))

    def is_staged(self, table: str) -> bool:
        """Whether a run left this table."""
        return (self.staging / f"{table}.parquet").exists()

    def read_arrow(self, table: str) -> pa.Table:
        """The staged table as Arrow. Raises NotStagedError."""
        return parquet_table(self.read_table(table).content)

    def read_rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of the staged table, as plain values. Raises NotStagedError."""
        return self.read_table(table).rows()

    def write_files(self, files: Iterable[SourceFile]) -> None:
        """Hand over what lies in the reports folder."""
        self._write_json("files.json", [asdict(file) for file in files])

    def read_files(self) -> list[SourceFile]:
        """What lies in the reports folder. Raises NotStagedError."""
        return [SourceFile(**file) for file in self._read_json("files.json")]

    def write_register(self, entries: Iterable[Entry]) -> None:
        """Hand over which reports were read."""
        self._write_json("register.json", [asdict(entry) for entry in entries])

    def read_register(self) -> list[Entry]:
        """The reports that were read. Raises NotStagedError."""
        return [Entry(**entry) for entry in self._read_json("register.json")]

    def write_issues(self, step: str, issues: Iterable[Issue]) -> None:
        """Leave what a step has to say."""
        self._write_json(f"{step}.issues.json", [asdict(issue) for issue in issues])

    def read_issues(self, step: str = "*") -> list[Issue]:
        """What the step, or every step in the order of their names, had to say; verdicts not included."""
        paths = sorted(self.staging.glob(f"{step}.issues.json"))
        return [Issue(**issue) for path in paths for issue in self._read_json(path.name)]

    def write_verdict(self, verdict: Verdict) -> None:
        """Leave what the checks said."""
        self._write_json(f"{verdict.table}.verdict.json", asdict(verdict))

    def read_verdict(self, table: str) -> Verdict | None:
        """What the checks said of the table last; null when they were never run."""
        if not (self.staging / f"{table}.verdict.json").exists():
            return None
        fields = self._read_json(f"{table}.verdict.json")
        issues = tuple(Issue(**issue) for issue in fields.pop("issues"))
        rules = tuple(RuleVerdict(**rule) for rule in fields.pop("rules"))
        return Verdict(**fields, issues=issues, rules=rules)

    def write_page(self, page: Page) -> None:
        """Leave the Data Docs page of a table."""
        self._write_json(f"{page.table}.page.json", asdict(page))

    def read_page(self, table: str) -> Page:
        """The Data Docs page of a table. Raises NotStagedError."""
        return Page(**self._read_json(f"{table}.page.json"))

    def write_counts(self, extracted: int, reused: int) -> None:
        """Leave how many files were extracted in this run, and how many were not again."""
        self._write_json("counts.json", [extracted, reused])

    def read_counts(self) -> tuple[int, int]:
        """How many files were extracted in this run, and how many not again; none before the step that does so."""
        try:
            extracted, reused = self._read_json("counts.json")
        except NotStagedError:
            return 0, 0
        return extracted, reused

    def write_change(self, change: ReleaseChange) -> None:
        """Leave what was published."""
        self._write_json("change.json", asdict(change))

    def read_change(self) -> ReleaseChange:
        """What was published. Raises NotStagedError."""
        fields = self._read_json("change.json")
        added, changed, removed = (tuple(fields[name]) for name in ("added", "changed", "removed"))
        return ReleaseChange(fields["release"], fields["version"], fields["before"], added, changed, removed)

    def clear_staging(self) -> None:
        """Remove what an earlier run left, so that it is not taken for this one's."""
        for path in self.staging.glob("*"):
            if path.name != LOCK:
                path.unlink()

    def _write(self, name: str, content: bytes) -> None:
        self.staging.mkdir(parents=True, exist_ok=True)
        write_file(self.staging / name, content)

    def _write_json(self, name: str, content: Any) -> None:
        self._write(name, json.dumps(content, indent=1, ensure_ascii=False).encode())

    def _read(self, name: str) -> bytes:
        try:
            return (self.staging / name).read_bytes()
        except FileNotFoundError as error:
            raise NotStagedError(f"{self.staging / name} is missing: run the step that writes it first") from error

    def _read_json(self, name: str) -> Any:
        return json.loads(self._read(name))


class LockedWarehouse(Warehouse):
    """The warehouse of a run that writes to staging: while it runs, no other does; it waits for one that is at it."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Warehouse", None, None]:
        """Dagster's hook: holds the lock as long as the run lasts."""
        with self.alone(wait=LONGEST_WAIT):
            yield self

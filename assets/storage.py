"""Where things lie: the reports folder, the staging folder that steps hand over through, the warehouse.

Belongs here: paths, and reading and writing what one step leaves for the next. Does not belong here: what is
in it. Steps hand over through files, not through memory, so that each may run in a process of its own.

    <warehouse>/staging/register.json         the reports that were read
    <warehouse>/staging/<step>.issues.json    what a step has to say
    <warehouse>/staging/<table>.parquet       a table, as it will be published if it passes
    <warehouse>/staging/<table>.verdict.json  what the checks said, and of which bytes
    <warehouse>/staging/<table>.page.json     its page of the Data Docs
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
from pyarrow import BufferReader

from expectations.data_docs import Page
from pipelines.batch import Entry
from pipelines.issues import Issue
from pipelines.publish import parquet_bytes, sha256, write_file
from pipelines.schema import TABLES

DEFAULT_REPORTS = "warehouse/raw"
DEFAULT_OPEN_DATA = "warehouse/open_data"
DEFAULT_WAREHOUSE = "warehouse"


@dataclass(frozen=True)
class Verdict:
    """What the checks said of which bytes (sha256): how many rules passed, warned and failed, and why."""

    table: str
    sha256: str
    passed: int
    warned: int
    failed: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Staged:
    """A staged table: its bytes and their SHA-256."""

    table: str
    content: bytes
    sha256: str


class NotStagedError(RuntimeError):
    """A step's input that an earlier step has not written: run that step first."""


class Warehouse(dg.ConfigurableResource[Any]):
    """The folders that a run reads and writes."""

    reports: str = DEFAULT_REPORTS
    open_data: str = DEFAULT_OPEN_DATA
    root: str = DEFAULT_WAREHOUSE

    @classmethod
    def from_environment(cls) -> "Warehouse":
        """The folders named by PEEL_REPORTS, PEEL_OPEN_DATA and PEEL_WAREHOUSE, else those of the checkout."""
        return cls(
            reports=os.environ.get("PEEL_REPORTS", DEFAULT_REPORTS),
            open_data=os.environ.get("PEEL_OPEN_DATA", DEFAULT_OPEN_DATA),
            root=os.environ.get("PEEL_WAREHOUSE", DEFAULT_WAREHOUSE),
        )

    def with_folders(self, reports: str | None, open_data: str | None, root: str | None) -> "Warehouse":
        """The same with the folders that are given."""
        return Warehouse(reports=reports or self.reports, open_data=open_data or self.open_data, root=root or self.root)

    @property
    def reports_folder(self) -> Path:
        """Folder below which every .txt file is read."""
        return Path(self.reports)

    @property
    def open_data_folder(self) -> Path:
        """Folder below which every file of open data is read; it need not exist."""
        return Path(self.open_data)

    @property
    def folder(self) -> Path:
        """The warehouse itself."""
        return Path(self.root)

    @property
    def staging(self) -> Path:
        """Folder of what steps hand over; no part of a release."""
        return self.folder / "staging"

    def write_table(self, table: str, rows: Iterable[Mapping[str, Any]]) -> Staged:
        """Stage the rows. Raises ValueError, the staged file untouched, for rows against the schema."""
        content = parquet_bytes(TABLES[table].to_arrow(rows))
        self._write(f"{table}.parquet", content)
        return Staged(table, content, sha256(content))

    def read_table(self, table: str) -> Staged:
        """The staged table. Raises NotStagedError."""
        content = self._read(f"{table}.parquet")
        return Staged(table, content, sha256(content))

    def read_rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of the staged table, as plain values. Raises NotStagedError."""
        rows: list[dict[str, Any]] = pq.read_table(BufferReader(self.read_table(table).content)).to_pylist()
        return rows

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
        return Verdict(**{**fields, "issues": tuple(Issue(**issue) for issue in fields["issues"])})

    def write_page(self, page: Page) -> None:
        """Leave the Data Docs page of a table."""
        self._write_json(f"{page.table}.page.json", asdict(page))

    def read_page(self, table: str) -> Page:
        """The Data Docs page of a table. Raises NotStagedError."""
        return Page(**self._read_json(f"{table}.page.json"))

    def forget_verdicts(self) -> None:
        """Remove what the checks said, before a run that asks them again."""
        for path in self.staging.glob("*.verdict.json"):
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

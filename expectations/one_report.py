"""One file of the reports folder, from its bytes to a record: read, extracted, and held to the rules of one report.

Belongs here: the unit of work that is done for each file alone, on whatever machine, and the version of the code that
does it. Does not belong here: parsing (``pipelines``), which rules there are (``reconcile``), many reports
(``pipelines.batch``). Nothing here loads great_expectations: it is asked once for all reports together.
"""

import hashlib
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pandas  # noqa: F401 - pyarrow loads it with the first array: once, in the process that workers are copied from

import expectations
import pipelines
from expectations.reconcile import check_report
from pipelines import extraction
from pipelines.batch import extract_checked
from pipelines.extracted import UNNAMED, Extracted, Records, stream_of
from pipelines.issues import Issue, SourceError
from pipelines.reports import SourceFile, changed, report_from_bytes, unreadable
from pipelines.stores import open_store

# What a record depends on: code, and data that the code is told by; not what only shows what there is.
CODE = ("*.py", "*.csv")
SHOWING = ("editions", "page")


class OtherCodeError(RuntimeError):
    """A worker that runs another version of the code: what it would extract is not what was asked for."""


@dataclass(frozen=True)
class Task:
    """One file to be extracted: what it is called, what its bytes were when the folder was looked at, where the reports
    and the records are (locations as in ``open_store``), and the version of the code that asks."""

    file: SourceFile
    reports: str
    records: str
    code: str


@dataclass(frozen=True)
class Receipt:
    """What came of a task. ``issue`` says why there is no record of the file; null where there is one."""

    file: SourceFile
    issue: Issue | None = None


def code_version() -> str:
    """What records depend on beside the bytes of a file: our code, its data, the function that extracts, and the
    libraries that shape tables."""
    return _digest(extraction.extract_report.__qualname__)


@cache
def _digest(extractor: str) -> str:
    libraries = f"{extractor} python {platform.python_version()} pyarrow {version('pyarrow')}\n"
    digest = hashlib.sha256(libraries.encode())
    for package in (pipelines, expectations):
        folder = Path(str(package.__file__)).parent
        for path in sorted(path for pattern in CODE for path in folder.rglob(pattern)):
            if path.relative_to(folder).parts[0] in SHOWING:
                continue
            digest.update(f"{package.__name__}/{path.relative_to(folder).as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def extract_bytes(content: bytes) -> Extracted:
    """The record of these bytes: a report's tables and findings, or the refusal; never raises for what stands there."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        report = report_from_bytes(content, UNNAMED)
    except SourceError as error:
        return Extracted(sha256, None, None, (error.issue,))
    lines = hashlib.sha256("\n".join(report.lines).encode()).hexdigest()
    found = extract_checked(report)
    return Extracted(
        sha256=sha256,
        report_id=report.report_id,
        lines_sha256=lines,
        issues=found.issues,
        counts={name: table.num_rows for name, table in found.tables.items()},
        findings=check_report(found.rows),
        tables={name: stream_of(name, table) for name, table in found.tables.items() if table.num_rows},
    )


def extract_file(task: Task) -> Receipt:
    """Extract one file and keep its record. Raises OSError where the record cannot be kept, and OtherCodeError."""
    if task.code != code_version():
        raise OtherCodeError(f"this worker runs other code ({code_version()}) than the one that asks ({task.code})")
    try:
        content = open_store(task.reports).read(task.file.name)
    except OSError as error:
        return Receipt(task.file, unreadable(task.file.name, error).issue)
    record = extract_bytes(content)
    if record.sha256 != task.file.sha256:
        return Receipt(task.file, changed(task.file, record.sha256))
    # A record knows its own checksum: one that a power cut left half written is none.
    Records(open_store(task.records, synced=False), task.code).write(record)
    return Receipt(task.file)

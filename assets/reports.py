"""The reports folder as assets: the files that lie there, and each report as a partition of its own.

Belongs here: what is read anew and what is not, where that is done, and what an operator sees of one report. Does not
belong here: reading a file (``pipelines.reports``), what is done to it (``expectations.one_report``), and all reports
together (``tables``).
"""

import hashlib
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.markdown import markdown_list, markdown_table
from assets.progress import Progress
from assets.storage import Warehouse
from expectations.audit import findings_of
from expectations.one_report import OtherCodeError, Receipt, Task, code_version, extract_file
from pipelines.batch import FileRead, issues_of, settled
from pipelines.issues import Issue
from pipelines.mapper import backend_for, map_each
from pipelines.reports import SourceFile, source_files
from pipelines.stores import is_object_store

OWNERS = ["team:peel-warehouse"]
RAW_REPORTS = dg.AssetKey("raw_reports")
INSPECTION_REPORT = dg.AssetKey("inspection_report")
# One partition a report; the sensor adds and removes them.
REPORTS = dg.DynamicPartitionsDefinition(name="reports")
REFUSED = "refused-"
# Issues of one report that an operator is shown.
ISSUES_SHOWN = 20


@dataclass(frozen=True)
class FilesRead:
    """What came of the files: those that were read, why the others were not, and how many were not extracted again."""

    files: tuple[FileRead, ...]
    issues: tuple[Issue, ...]
    reused: int


def read_files(warehouse: Warehouse, files: Sequence[SourceFile], progress: Progress | None = None) -> FilesRead:
    """What each file gave. Only what this code has not extracted yet is extracted, once for files of the same bytes.

    Raises OSError where records cannot be kept or read: that is no file's fault.
    """
    progress = progress or (lambda done, total: None)
    records = warehouse.records
    known = records.known()
    tasks = {file.sha256: _task(warehouse, file) for file in files if file.sha256 not in known}
    reused = len(files) - len(tasks)
    progress(reused, len(files))
    issues: list[Issue] = []
    backend = backend_for(warehouse.mapper, len(tasks))
    for done, (task, receipt, error) in enumerate(map_each(extract_file, list(tasks.values()), backend), reused + 1):
        issues += _fault(task, receipt, error)
        progress(done, len(files))
    refused = {issue.source_file for issue in issues}
    read = []
    for file in files:
        record = records.read(file.sha256)
        if record is None and file.name not in refused:
            # A record that was damaged where it lay, or of a file whose copy was refused: extracted here and now.
            issues += _fault(_task(warehouse, file), extract_file(_task(warehouse, file)), None)
            record = records.read(file.sha256)
        if record is not None:
            read.append(FileRead(file, record))
    return FilesRead(tuple(read), tuple(issues), reused)


def _task(warehouse: Warehouse, file: SourceFile) -> Task:
    return Task(file, _anywhere(warehouse.reports), _anywhere(warehouse.root), code_version())


def _anywhere(location: str) -> str:
    """The location as a worker with another current folder finds it."""
    return location if is_object_store(location) else os.path.abspath(location)


def _fault(task: Task, receipt: Receipt | None, error: Exception | None) -> list[Issue]:
    """What a task has to say of its file. Raises faults that are not the file's: the record cannot be kept, or the
    worker runs other code."""
    if isinstance(error, (OSError, OtherCodeError)):
        raise error
    if error is not None:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:500]}"
        message = f"{task.file.name}: could not be extracted ({reason})"
        return [
            Issue(
                "report-extracted",
                "error",
                message,
                table_name="reports",
                source_file=task.file.name,
                found=reason,
            )
        ]
    return [receipt.issue] if receipt and receipt.issue else []


@dg.asset(key=RAW_REPORTS, group_name="raw", owners=OWNERS, kinds={"text"})
def raw_reports(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """The files below the reports folder (.txt), each with the SHA-256 of its bytes. A file that cannot be read at all,
    or a link that leads out of the folder, is refused with one line of reason and stops no other."""
    files, issues = source_files(warehouse.reports_store)
    warehouse.write_files(files)
    warehouse.write_issues(RAW_REPORTS.to_python_identifier(), issues)
    for issue in issues:
        context.log.warning(issue.message)
    if not files:
        refused = f"all {len(issues)} files were refused" if issues else "there is no .txt file"
        raise nothing_read(warehouse, refused)
    return dg.MaterializeResult(
        metadata={
            "files": len(files),
            "refused": len(issues),
            "folder": dg.MetadataValue.path(warehouse.reports_store.location),
            "content": markdown_table(("file", "SHA-256"), [(file.name, file.sha256) for file in files]),
            "refusals": markdown_list(issue.message for issue in issues),
        }
    )


def nothing_read(warehouse: Warehouse, reason: str) -> dg.Failure:
    """The end of a run without reports: a release without reports would take the place of the last good one."""
    return dg.Failure(
        f"no report can be read below {warehouse.reports}: {reason}; nothing is published", allow_retries=False
    )


@dataclass(frozen=True)
class ReportState:
    """One report as an operator sees it. ``problem`` says why there is nothing of it to publish; null where there is.
    ``errors`` are of rows that are withheld, ``warnings`` stop nothing."""

    metadata: Mapping[str, Any]
    problem: str | None = None
    errors: int = 0
    warnings: int = 0


def report_key(report_id: str | None, sha256: str) -> str:
    """The partition of a report, or of a file that is refused: by its content, so that no name of a file is a key."""
    return report_id or f"{REFUSED}{sha256[:12]}"


def unread_key(source_file: str | None) -> str:
    """The partition of a file whose bytes cannot be had."""
    return report_key(None, hashlib.sha256(str(source_file).encode(errors="surrogateescape")).hexdigest())


def report_states(read: FilesRead, unread: Iterable[Issue]) -> dict[str, ReportState]:
    """What is known of every report and refused file, by partition."""
    kept, refused = settled(read.files)
    keys = {one.file.name: report_key(one.record.report_id, one.record.sha256) for one in read.files}
    states = {keys[one.file.name]: _state(one) for one in kept}
    for issue in [*refused, *read.issues, *unread]:
        key = keys.get(str(issue.source_file)) or unread_key(issue.source_file)
        if key not in states:  # a copy of a report that is read says nothing about the report
            states[key] = ReportState({"file": issue.source_file or "", "problem": issue.message}, issue.message)
    return states


def _state(one: FileRead) -> ReportState:
    found = [*issues_of(one), *(issue for finding in findings_of([one]) for issue in finding.issues)]
    errors, warned = ([issue for issue in found if issue.severity == kind] for kind in ("error", "warning"))
    problem = errors[0].message if one.record.extraction == "failed" else None
    metadata = {
        "file": one.file.name,
        "sha256": one.file.sha256,
        "extraction": one.record.extraction or "",
        "dagster/row_count": sum(one.record.counts.values()) - one.record.counts.get("observations", 0),
        "errors": len(errors),
        "warnings": len(warned),
        "rows": markdown_table(("table", "rows"), [(name, rows) for name, rows in one.record.counts.items() if rows]),
        "issues": markdown_list(f"{issue.severity}: {issue.message}" for issue in [*errors, *warned][:ISSUES_SHOWN]),
    }
    return ReportState(metadata, problem, len(errors), len(warned))


def _checks(states: Iterable[ReportState]) -> list[dg.AssetCheckResult]:
    shown = list(states)
    return [
        dg.AssetCheckResult(
            check_name=name,
            passed=not any(getattr(state, name.removeprefix("no_")) for state in shown),
            severity=severity,
            metadata={
                "reports": markdown_list(
                    str(state.metadata["file"]) for state in shown if getattr(state, name.removeprefix("no_"))
                )
            },
        )
        for name, severity in (("no_errors", dg.AssetCheckSeverity.ERROR), ("no_warnings", dg.AssetCheckSeverity.WARN))
    ]


with warnings.catch_warnings():
    # A step for many partitions is what makes this affordable; that the parameter is young is known.
    warnings.simplefilter("ignore", dg.BetaWarning)

    @dg.asset(
        key=INSPECTION_REPORT,
        partitions_def=REPORTS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="raw",
        owners=OWNERS,
        kinds={"text"},
        code_version=code_version(),
        check_specs=[
            dg.AssetCheckSpec("no_errors", asset=INSPECTION_REPORT, description="No rows of the report are withheld"),
            dg.AssetCheckSpec("no_warnings", asset=INSPECTION_REPORT, description="Nothing in the report contradicts"),
        ],
    )
    def inspection_report(context: dg.AssetExecutionContext, folders: Warehouse) -> dg.MaterializeResult:  # type: ignore[type-arg]
        """One inspection report a partition: read and extracted alone, and held to the rules about one report.

        Many partitions are one step. A report that fails, or a file that is refused, fails as a partition with its
        reason; the others are materialized. What a report gave is kept, so the release that follows only puts it
        together. A run of one partition extracts its report again, whatever is kept.
        """
        keys = list(context.partition_keys)
        files, unread = source_files(folders.reports_store)
        if len(keys) == 1:
            _forget(folders, files, keys[0])
        states = report_states(read_files(folders, files), unread)
        gone = ReportState({}, "no file of the reports folder holds this report any more")
        asked = {key: states.get(key, gone) for key in keys}
        failed = {key: state.problem for key, state in asked.items() if state.problem}
        good = {key: state for key, state in asked.items() if not state.problem}
        if failed:
            # The step fails, which marks the partitions that are not materialized here.
            for key, state in good.items():
                context.log_event(
                    dg.AssetMaterialization(INSPECTION_REPORT, partition=key, metadata=dict(state.metadata))
                )
            for key, problem in failed.items():
                context.log.warning(problem)
                # A partition that failed shows no metadata but what was observed of it.
                context.log_event(
                    dg.AssetObservation(
                        INSPECTION_REPORT, partition=key, metadata={**asked[key].metadata, "problem": problem}
                    )
                )
            raise dg.Failure(
                "; ".join(failed.values()) if len(failed) == 1 else f"{len(failed)} of {len(keys)} reports failed",
                metadata={"failed": markdown_list(failed.values())},
                allow_retries=False,
            )
        for key, state in good.items():
            context.add_asset_metadata(dict(state.metadata), partition_key=key)
        data_version = dg.DataVersion(str(good[keys[0]].metadata["sha256"])) if len(keys) == 1 else None
        return dg.MaterializeResult(check_results=_checks(good.values()), data_version=data_version)


def _forget(warehouse: Warehouse, files: Iterable[SourceFile], key: str) -> None:
    """Drop the record of one report, so that it is extracted again."""
    records = warehouse.records
    known = records.known()
    for file in files:
        record = records.read(file.sha256) if file.sha256 in known else None
        if record and report_key(record.report_id, record.sha256) == key:
            records.store.delete(records.name(file.sha256))

"""One whole build in this process: the job, and once more without the rows that its checks refuse.

Belongs here: running the job and saying what came of it in plain data. Does not belong here: what a person or
a shell sees of it (``cli``) and the steps themselves.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
from pyarrow import BufferReader

from assets.automation import build_job
from assets.definitions import definitions_for
from assets.reports import RAW_REPORTS
from assets.storage import NotStagedError, Verdict, Warehouse
from assets.tables import STAGED_TABLES
from pipelines.batch import TABLES_OF_A_REPORT
from pipelines.issues import Issue
from pipelines.publish import locked
from pipelines.schema import COMPUTED_TABLES

# Once for rows of reports and once for what is computed from the rest.
RUNS_AGAIN = 2


@dataclass(frozen=True)
class Outcome:
    """What came of a build. ``failure`` says why nothing was published; null when a release was."""

    reports_read: int
    files_refused: int
    rows: dict[str, int]
    checks_passed: int
    checks_warned: int
    checks_failed: int
    issues: tuple[Issue, ...] = ()
    failure: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether a release was published and nothing was refused or failed."""
        return self.failure is None and all(issue.severity != "error" for issue in self.issues)


@dataclass(frozen=True)
class Blocked:
    """What stopped a run: issues of rows that can be withheld, and tables where no report can be named."""

    withheld: tuple[Issue, ...] = ()
    tables: tuple[str, ...] = ()
    failed_rules: int = 0


def build(warehouse: Warehouse, log_level: str = "CRITICAL", rules: str = "") -> Outcome:
    """Run the build job on these folders, and again without refused rows where checks refuse some.

    ``rules``: the inspection round whose rules bind open data of another period; empty: none. The folders exist and may
    be written. Raises no exception for what stands in reports; an OSError of a full disk and the like is a failure of
    the step it happens in.
    """
    # What an earlier run left must not be taken for this one's.
    shutil.rmtree(warehouse.staging, ignore_errors=True)
    with dagster_instance() as instance:
        failure = _run(warehouse, instance, log_level, (), rules)
        blocked = Blocked()
        # A check that stops a run hides those behind it: what is computed is checked when what it rests on has passed.
        for _ in range(RUNS_AGAIN):
            found = _blocked(warehouse) if failure else Blocked()
            blocked = Blocked(
                tuple(dict.fromkeys([*blocked.withheld, *found.withheld])),
                found.tables,
                blocked.failed_rules + found.failed_rules,
            )
            if found.tables:
                tables = ", ".join(found.tables)
                failure = f"nothing is published: {tables} failed a check that is no single report's fault"
            if found.tables or not found.withheld:
                break
            warehouse.forget_verdicts()
            failure = _run(warehouse, instance, log_level, blocked.withheld, rules)
    return _outcome(warehouse, failure, blocked)


@contextmanager
def dagster_instance() -> Iterator[dg.DagsterInstance]:
    """Dagster's own records: those of DAGSTER_HOME where it is set, else none that outlive the run."""
    home = os.environ.get("DAGSTER_HOME")
    if not home:
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance
        return
    # Two first starts at once damage the home for good, so one goes first.
    marker = Path(home) / ".peel-initialised"
    if not marker.exists():
        with locked(Path(home) / ".peel-init.lock"), dg.DagsterInstance.get() as instance:
            dg.materialize([_nothing], instance=instance, run_config=_console("CRITICAL"))
            marker.touch()
    with dg.DagsterInstance.get() as instance:
        yield instance


@dg.asset(description="Writes nothing: run once so that Dagster lays out its storage.")
def _nothing() -> None: ...


def _console(log_level: str) -> dict[str, Any]:
    return {"loggers": {"console": {"config": {"log_level": log_level}}}}


def _run(
    warehouse: Warehouse, instance: dg.DagsterInstance, log_level: str, withheld: Sequence[Issue], rules: str
) -> str | None:
    """Run the job; null when it went through, else what stopped it in one line."""
    left_out = {"withheld": [{k: v for k, v in asdict(issue).items() if v is not None} for issue in withheld]}
    ops = {
        "extracted_tables": {"config": left_out},
        "open_data_tables": {"config": left_out},
        "computed_tables": {"config": {**left_out, "rules": rules}},
    }
    result = (
        definitions_for(warehouse)
        .resolve_job_def(build_job.name)
        .execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={**_console(log_level), "ops": ops},
        )
    )
    if result.success:
        return None
    return "; ".join(_reason(event) for event in result.all_events if event.is_step_failure) or "the run failed"


def _reason(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    error = data.error.cause or data.error if data.error else None
    if error and error.cls_name == "DagsterExecutionInterruptedError":
        return f"interrupted in step {event.step_key}"
    detail = " ".join(error.message.split()) if error else "no reason given"
    return f"step {event.step_key} failed: {detail}"


def _verdicts(warehouse: Warehouse) -> list[Verdict]:
    verdicts = [warehouse.read_verdict(name) for name in STAGED_TABLES]
    return [verdict for verdict in verdicts if verdict]


def _blocked(warehouse: Warehouse) -> Blocked:
    failed = [verdict for verdict in _verdicts(warehouse) if verdict.failed]
    errors = [(verdict.table, issue) for verdict in failed for issue in verdict.issues if issue.severity == "error"]
    blameless = {
        table
        for table, issue in errors
        if table not in COMPUTED_TABLES and (table not in TABLES_OF_A_REPORT or issue.report_id is None)
    }
    return Blocked(
        withheld=tuple(issue for table, issue in errors if table not in blameless),
        tables=tuple(name for name in STAGED_TABLES if name in blameless),
        failed_rules=sum(verdict.failed for verdict in failed),
    )


def _outcome(warehouse: Warehouse, failure: str | None, blocked: Blocked) -> Outcome:
    verdicts = _verdicts(warehouse)
    issues = dict.fromkeys([*warehouse.read_issues(), *(issue for verdict in verdicts for issue in verdict.issues)])
    failed = sum(verdict.failed for verdict in verdicts)
    # A rule that holds only because rows were withheld has failed.
    failed_before = 0 if failed else blocked.failed_rules
    return Outcome(
        reports_read=_reports_read(warehouse),
        files_refused=len({issue.source_file for issue in warehouse.read_issues(RAW_REPORTS.to_python_identifier())}),
        rows={} if failure else {name: _row_count(warehouse, name) for name in STAGED_TABLES},
        checks_passed=sum(verdict.passed for verdict in verdicts) - failed_before,
        checks_warned=sum(verdict.warned for verdict in verdicts),
        checks_failed=failed + failed_before,
        issues=tuple(issues),
        failure=failure,
    )


def _reports_read(warehouse: Warehouse) -> int:
    try:
        return len(warehouse.read_register())
    except NotStagedError:  # the run ended before any report was read
        return 0


def _row_count(warehouse: Warehouse, table: str) -> int:
    return int(pq.read_metadata(BufferReader(warehouse.read_table(table).content)).num_rows)

"""One whole build in this process.

Belongs here: running the job and saying what came of it in plain data. Does not belong here: what a person or
a shell sees of it (``cli``) and the steps themselves.
"""

from dataclasses import dataclass, replace
from typing import Any

import dagster as dg

from assets.automation import build_job
from assets.definitions import definitions_for
from assets.instance import dagster_instance
from assets.progress import Progress, watching
from assets.release import release_shown
from assets.release_checks import shrunk
from assets.storage import STAGED_TABLES, NotStagedError, ReleaseChange, Verdict, Warehouse
from pipelines.issues import Issue
from pipelines.releases import read_history


@dataclass(frozen=True)
class Outcome:
    """What came of a build. ``failure`` says why nothing was published; null when a release was.

    ``release`` is the id of what was published, ``version`` that of its data; ``added``, ``changed`` and ``removed``
    are report_ids against the release before; ``shrunk`` says which tables are much smaller than there. Of the files,
    ``extracted`` were extracted in this run, and ``reused`` were not, being what they were. A release may be there and
    a ``failure`` too: then an edition of it could not be made.
    """

    reports_read: int
    files_refused: int
    rows: dict[str, int]
    checks_passed: int
    checks_warned: int
    checks_failed: int
    issues: tuple[Issue, ...] = ()
    failure: str | None = None
    release: str | None = None
    version: str | None = None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    shrunk: tuple[str, ...] = ()
    extracted: int = 0
    reused: int = 0

    @property
    def is_good(self) -> bool:
        """Whether a release was published and nothing was refused or failed."""
        return self.failure is None and all(issue.severity != "error" for issue in self.issues)


def build(
    warehouse: Warehouse, log_level: str = "CRITICAL", rules: str = "", progress: Progress | None = None
) -> Outcome:
    """Run the build job on these folders.

    ``rules``: the inspection round whose rules bind open data of another period; empty: none. ``progress`` is told how
    many reports are done, and of how many. The folders exist and may be written. Raises no exception for what stands in
    reports; an OSError of a full disk and the like is a failure of the step it happens in. Raises BusyError where
    another build is writing to the warehouse.
    """
    with warehouse.alone(), dagster_instance() as instance, watching(progress):
        warehouse.clear_staging()
        before = release_shown(warehouse.store)
        failure = _run(warehouse, instance, log_level, rules)
        outcome = _outcome(warehouse, failure)
        now = release_shown(warehouse.store) if failure else None
        if now and (outcome.release or before is None or now.id != before.id):
            # The disk filled up behind the swap, say.
            return replace(outcome, failure=f"release {now.id} is published, but {failure}", release=now.id)
        return outcome


def _console(log_level: str) -> dict[str, Any]:
    return {"loggers": {"console": {"config": {"log_level": log_level}}}}


def _run(warehouse: Warehouse, instance: dg.DagsterInstance, log_level: str, rules: str) -> str | None:
    """Run the job; null when it went through, else what stopped it in one line."""
    result = (
        definitions_for(warehouse, held=True)
        .resolve_job_def(build_job.name)
        .execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={**_console(log_level), "ops": {"computed_tables": {"config": {"rules": rules}}}},
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


def _outcome(warehouse: Warehouse, failure: str | None) -> Outcome:
    verdicts = [verdict for verdict in map(warehouse.read_verdict, STAGED_TABLES) if verdict]
    refused = {issue.source_file for step in ("raw_reports", "refused_files") for issue in warehouse.read_issues(step)}
    change = _change(warehouse)
    extracted, reused = warehouse.read_counts()
    return Outcome(
        reports_read=_reports_read(warehouse),
        files_refused=len(refused),
        rows={} if change is None else {name: warehouse.read_table(name).row_count for name in STAGED_TABLES},
        checks_passed=sum(verdict.passed for verdict in verdicts),
        checks_warned=sum(verdict.warned for verdict in verdicts),
        # A rule that holds only because rows were withheld has failed.
        checks_failed=sum(verdict.failed + verdict.withheld for verdict in verdicts),
        issues=_issues(warehouse, verdicts),
        failure=_blocked(verdicts) or failure,
        release=change.release if change else None,
        version=change.version if change else None,
        added=change.added if change else (),
        changed=change.changed if change else (),
        removed=change.removed if change else (),
        shrunk=() if change is None else tuple(shrunk(read_history(warehouse.store))),
        extracted=extracted,
        reused=reused,
    )


def _change(warehouse: Warehouse) -> ReleaseChange | None:
    """What this run published; null for nothing, and where the run did not get as far as saying so."""
    try:
        return warehouse.read_change()
    except NotStagedError:
        return None


def _blocked(verdicts: list[Verdict]) -> str | None:
    tables = [verdict.table for verdict in verdicts if verdict.failed]
    names = ", ".join(tables)
    return f"nothing is published: {names} failed a check that is no single report's fault" if tables else None


def _issues(warehouse: Warehouse, verdicts: list[Verdict]) -> tuple[Issue, ...]:
    said = [*warehouse.read_issues(), *(issue for verdict in verdicts for issue in verdict.issues)]
    return tuple(dict.fromkeys(said))


def _reports_read(warehouse: Warehouse) -> int:
    try:
        return len(warehouse.read_register())
    except NotStagedError:  # the run ended before any report was read
        return 0

"""When things run: the jobs, the daily schedule, and the sensor that looks at the reports folder.

Belongs here: jobs, schedules, sensors, and whom a failure is told. Does not belong here: what they run.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

import dagster as dg

from assets.reports import INSPECTION_REPORT, REPORTS, report_key, unread_key
from assets.storage import Warehouse
from expectations.one_report import code_version
from pipelines.issues import SourceError
from pipelines.reports import is_report_file, read_item, report_from_bytes
from pipelines.stores import Item

# Seconds between two looks at the folder, and what one look may take for reading what is new.
LOOK_EVERY = 10
LONGEST_LOOK = 20.0
# Changed reports that get a run each; for more, one run goes over all partitions, which costs less.
RUNS_OF_ONE = 10
RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"

# What a run prints beside the events that the UI shows; its own default is every event once more.
QUIETLY = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}


@dg.failure_hook(name="notify_failure", required_resource_keys={"notifier"})
def notify_failure(context: dg.HookContext) -> None:
    """Tells the operator which step of which run failed, and why."""
    error = context.op_exception
    reason = getattr(error, "description", None) or str(error)
    context.resources.notifier.notify(
        f"{context.job_name}: step {context.op.name} failed", f"{reason} (run {context.run_id})"
    )


extract_job = dg.define_asset_job(
    "extract",
    selection=dg.AssetSelection.assets(INSPECTION_REPORT),
    hooks={notify_failure},
    config=QUIETLY,
    description="Reads and extracts single reports, a partition each.",
)

build_job = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(INSPECTION_REPORT),
    hooks={notify_failure},
    config=QUIETLY,
    description="Puts together what all reports give, extracting those that were not yet, checks every table, and "
    "publishes a release.",
)

daily_build = dg.ScheduleDefinition(
    name="daily_build",
    job=build_job,
    cron_schedule="0 5 * * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every day at 05:00 London time: reads the reports folder and publishes a release.",
)

release_checks_job = dg.define_asset_job(
    "release_checks",
    selection=dg.AssetSelection.checks_for_assets(dg.AssetKey(["published", "reports"])),
    hooks={notify_failure},
    config=QUIETLY,
    description="Looks whether the release is as fresh and as large as it should be.",
)

hourly_release_checks = dg.ScheduleDefinition(
    name="hourly_release_checks",
    job=release_checks_job,
    cron_schedule="30 * * * *",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every hour: is the release older, or much smaller, than it should be?",
)


@dataclass(frozen=True)
class KnownFile:
    """A file that was looked at: its version in the store, its content, and its partition."""

    version: str
    sha256: str
    key: str


@dataclass(frozen=True)
class Look:
    """What the sensor remembers. ``waiting``: versions of files that were new or changed at the last look, by name:
    they are read when they did not change between two looks, so that no half-written file is. ``built``: the content of
    the folder, and the code, that a release was last asked for; ``runs``: how many runs were asked for."""

    files: Mapping[str, KnownFile] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    built: str = ""
    runs: int = 0

    @classmethod
    def from_cursor(cls, cursor: str | None) -> "Look":
        """The look that Dagster kept; the first one has seen nothing."""
        if not cursor:
            return cls()
        fields = json.loads(cursor)
        files = {name: KnownFile(*known) for name, known in fields.pop("files").items()}
        return cls(files=files, **fields)

    def cursor(self) -> str:
        """The look as Dagster keeps it."""
        files = {name: (one.version, one.sha256, one.key) for name, one in self.files.items()}
        return json.dumps({**asdict(self), "files": files})

    def content(self) -> str:
        """Digest of which file holds what, and of the code."""
        lines = [f"{name}\n{one.sha256}\n" for name, one in sorted(self.files.items())]
        return hashlib.sha256("".join([*lines, code_version()]).encode(errors="surrogateescape")).hexdigest()


def look(before: Look, items: Iterable[Item], warehouse: Warehouse) -> Look:
    """What lies in the folder now; what is new is read, as far as time allows, and the rest at the next look."""
    known_content = {one.sha256: one for one in before.files.values()}
    files: dict[str, KnownFile] = {}
    waiting: dict[str, str] = {}
    deadline = time.monotonic() + LONGEST_LOOK
    for item in items:
        known = before.files.get(item.name)
        if known and known.version == item.version:
            files[item.name] = known
        elif before.waiting.get(item.name) != item.version or time.monotonic() > deadline:
            waiting[item.name] = item.version
            if known:
                files[item.name] = known
        else:
            files[item.name] = _read(item, warehouse, known_content)
    if waiting:
        # A file that is gone may be one of those that wait, under another name: it is forgotten when none does.
        files = {**before.files, **files}
    return Look(files, waiting, before.built, before.runs)


def _read(item: Item, warehouse: Warehouse, known_content: Mapping[str, KnownFile]) -> KnownFile:
    try:
        content = read_item(item, warehouse.reports_store)
    except SourceError as error:
        return KnownFile(item.version, "", unread_key(error.issue.source_file))
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 in known_content:  # renamed or copied
        return KnownFile(item.version, sha256, known_content[sha256].key)
    try:
        report_id: str | None = report_from_bytes(content, item.name).report_id
    except SourceError:
        report_id = None
    return KnownFile(item.version, sha256, report_key(report_id, sha256))


def changed_keys(before: Look, now: Look) -> list[str]:
    """Partitions whose content is not what it was: of these the report is extracted."""
    return [key for key, content in _contents(now).items() if _contents(before).get(key) != content]


def _contents(one: Look) -> dict[str, set[str]]:
    contents: dict[str, set[str]] = {}
    for file in one.files.values():
        contents.setdefault(file.key, set()).add(file.sha256)
    return contents


def run_requests(keys: list[str], known_keys: list[str], number: int) -> list[dg.RunRequest]:
    """Runs that extract these partitions. New ones are added one behind another, so one range holds them all."""
    new = [key for key in keys if key not in known_keys]
    changed = [key for key in keys if key in known_keys]
    requests = []
    if len(changed) > RUNS_OF_ONE:
        requests.append(_range([*known_keys, *new], number))
    else:
        requests += [_range(part, number) for part in ([key] for key in changed)]
        requests += [_range(new, number)] if new else []
    return requests


def _range(keys: list[str], number: int) -> dg.RunRequest:
    tags = {"dagster/partition": keys[0]} if len(keys) == 1 else {RANGE_START: keys[0], RANGE_END: keys[-1]}
    # The number makes the key new when a report becomes again what it was.
    return dg.RunRequest(run_key=f"{number}-{keys[0]}-{len(keys)}", job_name=extract_job.name, tags=tags)


@dg.sensor(
    name="reports_folder",
    jobs=[extract_job, build_job],
    minimum_interval_seconds=LOOK_EVERY,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks at the reports folder: a new or changed report becomes a partition and is extracted, one that "
    "is gone loses its partition, and a release of what lies there follows. A renamed file is not extracted again.",
)
def reports_folder(context: dg.SensorEvaluationContext, folders: Warehouse) -> dg.SensorResult | dg.SkipReason:
    """Asks for the runs that what lies in the folder needs, by content."""
    before = Look.from_cursor(context.cursor)
    items = [item for item in folders.reports_store.list() if is_report_file(item.name)]
    now = look(before, items, folders)
    known_keys = list(context.instance.get_dynamic_partitions(str(REPORTS.name)))
    keys = list(_contents(now))
    changed = changed_keys(before, now)
    new, gone = [key for key in keys if key not in known_keys], [key for key in known_keys if key not in keys]
    runs = run_requests(list(dict.fromkeys([*changed, *new])), [key for key in known_keys if key in keys], now.runs)
    busy = context.instance.get_run_records(
        dg.RunsFilter(job_name=extract_job.name, statuses=list(UNFINISHED)), limit=1
    )
    content = now.content()
    built, number = now.built, now.runs + len(runs)
    if now.files and content != built and not (runs or now.waiting or busy):
        runs = [dg.RunRequest(run_key=f"{number}-{content}", job_name=build_job.name)]
        built, number = content, number + 1
    return dg.SensorResult(
        run_requests=runs,
        dynamic_partitions_requests=[
            *([REPORTS.build_add_request(new)] if new else []),
            *([REPORTS.build_delete_request(gone)] if gone else []),
        ],
        cursor=Look(now.files, now.waiting, built, number).cursor(),
        skip_reason=None if runs else f"{len(now.files)} files, {len(now.waiting)} waiting; nothing new to do",
    )


UNFINISHED = (
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)

JOBS = [extract_job, build_job, release_checks_job]
SCHEDULES = [daily_build, hourly_release_checks]
SENSORS = [reports_folder]

"""The published release as assets: one a table and one an edition, swapped in together.

Belongs here: asking for the verdicts, putting the files of a release together, publishing, and showing what was
published and what changed. Does not belong here: how files get to disk (``pipelines.publish``), what describes them
(``pipelines.catalogue``), how editions are made (``assets.editions``), what a change is (``pipelines.differences``).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.editions import (
    DATABASE,
    EDITIONS,
    PAGE,
    WORKBOOK,
    chosen_editions,
    editions_of_tables,
    pictures,
)
from assets.faults import tried_again
from assets.markdown import markdown_list, markdown_table
from assets.reports import INSPECTION_REPORT, ISSUES_SHOWN, OWNERS, REPORTS
from assets.storage import STAGED_TABLES, ReleaseChange, Staged, Warehouse
from assets.tables import staged_key, table_metadata, table_spec
from expectations.data_docs import Page, data_docs
from pipelines.catalogue import release_files
from pipelines.differences import Differences, differences, release_tables
from pipelines.page.page import Checks, Facts, page
from pipelines.publish import ANY, PUBLISHED, ReleaseError, parquet_table, publish
from pipelines.releases import (
    Publication,
    Release,
    UnknownReleaseError,
    append_history,
    current_release,
    entries_before,
    read_history,
    release_named,
)
from pipelines.schema import TABLES
from pipelines.stores import Store
from pipelines.versions import (
    CHANGE_LOG,
    CHECKSUMS,
    RELEASE_JSON,
    VersionEntry,
    change_log,
    checksums,
    next_entries,
    release_json,
)

log = logging.getLogger(__name__)


def published_key(table: str) -> dg.AssetKey:
    """Asset key of a table that readers see."""
    return dg.AssetKey([PUBLISHED, table])


def passed_tables(warehouse: Warehouse) -> list[Staged]:
    """Every staged table, each being the very bytes that its blocking checks passed.

    A blocking check stops only its own run; a run that starts at publishing must not get past it, so the
    verdicts are asked for here. Raises ReleaseError, naming every table that is in the way.
    """
    tables = [warehouse.read_table(name) for name in STAGED_TABLES]
    faults = []
    for staged in tables:
        verdict = warehouse.read_verdict(staged.table)
        if verdict is None:
            faults.append(f"{staged.table} was not checked")
        elif verdict.sha256 != staged.sha256:
            faults.append(f"{staged.table} is not what was checked: it changed after the checks")
        elif verdict.failed:
            faults.append(f"{staged.table} failed {verdict.failed} blocking checks")
    if faults:
        raise ReleaseError("; ".join(faults))
    return tables


# Assets beside the tables: what the release holds of each edition, and what describes all of them.
DESCRIPTIONS = {
    **EDITIONS,
    "package": "datapackage.json, DICTIONARY.md, release.json, CHANGELOG.md, SHA256SUMS and the Data Docs",
}
KINDS = {"duckdb": "duckdb", "csv": "csv", "excel": "excel", "page": "html", "package": "json"}


@dataclass(frozen=True)
class Content:
    """A release before it is published.

    ``files`` by name; ``entries``: its change log, the newest first; ``made``: the files of each edition; ``faults``:
    why an edition is left out. ``before``: the release that readers see; ``follows``: what ``publish`` is told of it.
    ``previous``: the id that the history ends with; ``changes``: rows added, removed and changed against that release,
    by table.
    """

    files: Mapping[str, bytes]
    entries: tuple[VersionEntry, ...]
    made: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...]
    before: Release | None
    follows: str | None
    previous: str | None
    changes: Mapping[str, Mapping[str, int]]


@dg.multi_asset(
    name="release",
    specs=[
        *(
            table_spec(
                TABLES[name],
                published_key(name),
                "release",
                dict.fromkeys([staged_key(name), staged_key("quality_issues")]),
                "parquet",
            )
            for name in STAGED_TABLES
        ),
        *(
            dg.AssetSpec(
                published_key(name),
                deps=[staged_key(table) for table in STAGED_TABLES],
                description=description,
                group_name="release",
                owners=OWNERS,
                kinds={KINDS[name]},
                skippable=True,
            )
            for name, description in DESCRIPTIONS.items()
        ),
    ],
)
def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """The published folder: every table that passed, its editions, and what describes it all, swapped in at once."""
    try:
        tables = passed_tables(warehouse)
        pages = [warehouse.read_page(name) for name in STAGED_TABLES]
        with tried_again(context):
            content = release_content(warehouse, tables, pages)
            change = publish_release(warehouse, content, tables)
    except ReleaseError as error:
        raise dg.Failure(f"nothing is published: {error}", allow_retries=False) from error
    warehouse.write_change(change)
    for report_id in change.removed:
        context.log.warning(f"{report_id} has left the release: {_why_gone(report_id, warehouse)}")
    show_reports(context, warehouse, change)
    for staged in tables:
        metadata = {**table_metadata(staged), "release": change.release, "version": change.version}
        if staged.table == "reports":
            metadata |= {
                "added": markdown_list(change.added),
                "changed": markdown_list(change.changed),
                "removed": markdown_list(change.removed),
            }
        yield dg.MaterializeResult(asset_key=published_key(staged.table), metadata=metadata)
    for name, names in content.made.items():
        metadata = {
            "release": change.release,
            "version": change.version,
            "files": len(names),
            "bytes": sum(len(content.files[file]) for file in names),
        }
        yield dg.MaterializeResult(asset_key=published_key(name), metadata=metadata)
    if content.faults:
        raise dg.Failure("; ".join(content.faults), metadata={"release": change.release}, allow_retries=False)


def release_content(warehouse: Warehouse, tables: Sequence[Staged], pages: Sequence[Page]) -> Content:
    """Every file of the release of these tables; an edition that cannot be made is left out, and said."""
    parquet = {staged.table: staged.content for staged in tables}
    content = {name: parquet_table(parquet[name]) for name in TABLES if name in parquet}
    before, follows = release_before(warehouse.store)
    described = release_files(parquet)
    changed = changes_since(before, described)
    entries = next_entries(*entries_before(warehouse.store, before), changed)
    # A run that died before it wrote its line into the history is made good by the next.
    last = _last_in_history(warehouse.store) or before
    if last and (before is None or last.id != before.id):
        changed = changes_since(last, described)
    version = entries[0].version
    chosen = chosen_editions(warehouse.editions)
    made = editions_of_tables(content, chosen, version)
    files = release_files(parquet, made.files, version) | data_docs(pages) | {CHANGE_LOG: change_log(entries)}
    if "page" in chosen:
        facts = Facts(
            version=version,
            changes=entries,
            checks={one.table: Checks(one.passed, one.warned, one.failed) for one in pages},
            # The last two name the page's checksum, so their sizes are not known before it.
            files={name: len(files[name]) for name in sorted(files)} | {RELEASE_JSON: 0, CHECKSUMS: 0},
        )
        made.attempt("page", lambda: {PAGE: page(content, pictures(content), facts)})
        files |= made.files
    files[RELEASE_JSON] = release_json(entries, content, parquet, files)
    files[CHECKSUMS] = checksums(files)
    of_editions = {name: _files_of(name, made.files) for name in EDITIONS if name in chosen and name not in made.faults}
    others = sorted(files.keys() - made.files.keys() - {f"{name}.parquet" for name in parquet})
    return Content(
        files=files,
        entries=entries,
        made={**of_editions, "package": tuple(others)},
        faults=tuple(made.faults.values()),
        before=before,
        follows=follows,
        previous=last.id if last else None,
        changes=changed.summary() if changed else {},
    )


def _files_of(edition: str, names: Iterable[str]) -> tuple[str, ...]:
    alone = {"duckdb": DATABASE, "excel": WORKBOOK, "page": PAGE}
    if edition in alone:
        return (alone[edition],)
    return tuple(sorted(set(names) - set(alone.values())))


def release_before(store: Store) -> tuple[Release | None, str | None]:
    """The release that readers see, and what ``publish`` is told to follow: any where the one shown is damaged."""
    try:
        shown = current_release(store)
    except ReleaseError:
        return None, ANY
    return shown, shown.id if shown else None


def changes_since(before: Release | None, described: Mapping[str, bytes]) -> Differences | None:
    """What these tables change against the release; null where there is none, and where it cannot be read."""
    if before is None:
        return None
    try:
        return differences(release_tables(before.read), release_tables(described.__getitem__))
    except (FileNotFoundError, ReleaseError, ValueError) as error:  # no other OSError: a store that is away comes back
        log.warning("what changed against release %s is not known: %s", before.id, error)
        return None


def publish_release(warehouse: Warehouse, content: Content, tables: Sequence[Staged]) -> ReleaseChange:
    """Publish the files, write what changed into the history, and give it. Raises as ``publish``."""
    store = warehouse.store
    before = content.before
    reports = next(staged for staged in tables if staged.table == "reports")
    known, found = _contents(before), {row["report_id"]: row["sha256"] for row in reports.rows()}
    release_id = publish(content.files, store, warehouse.kept, content.follows).name
    append_history(
        store,
        Publication.now(
            release=release_id,
            previous=content.previous,
            rows={staged.table: staged.row_count for staged in tables},
            changes=content.changes,
            version=content.entries[0].version,
        ),
    )
    return ReleaseChange(
        release=release_id,
        version=content.entries[0].version,
        before=before.id if before else None,
        added=tuple(sorted(found.keys() - known.keys())),
        changed=tuple(sorted(name for name in found.keys() & known.keys() if found[name] != known[name])),
        removed=tuple(sorted(known.keys() - found.keys())),
    )


def release_shown(store: Store) -> Release | None:
    """The release that readers see; null also for one that is damaged: publishing puts a whole one in its place."""
    try:
        return current_release(store)
    except ReleaseError:
        return None


def _last_in_history(store: Store) -> Release | None:
    history = read_history(store)
    try:
        return release_named(store, history[-1].release) if history else None
    except UnknownReleaseError:  # it is not kept any more
        return None


def _contents(release: Release | None) -> dict[str, str]:
    """SHA-256 of each report's text in a release, by report_id."""
    if release is None or "reports.parquet" not in release.names():
        return {}
    table: pa.Table = release.table("reports")
    return dict(zip(table["report_id"].to_pylist(), table["sha256"].to_pylist(), strict=True))


def _why_gone(report_id: str, warehouse: Warehouse) -> str:
    said = [
        issue.message
        for issue in warehouse.read_issues()
        if issue.severity == "error" and report_id in (issue.report_id, issue.found)
    ]
    return said[0] if said else "no file of the reports folder holds it any more"


def show_reports(context: dg.AssetExecutionContext, warehouse: Warehouse, change: ReleaseChange) -> None:
    """Leave with the partition of each report that is new or changed, or has issues, what the release made of it."""
    partitions = set(context.instance.get_dynamic_partitions(str(REPORTS.name)))
    if not partitions:  # a build without a daemon keeps no partitions
        return
    of_report: dict[str, list[Any]] = {}
    for row in warehouse.read_rows("quality_issues"):
        if row["severity"] != "note" and row["report_id"]:
            of_report.setdefault(row["report_id"], []).append(row)
    for report_id in sorted(partitions & {*change.added, *change.changed, *of_report}):
        issues = of_report.get(report_id, [])
        context.log_event(
            dg.AssetObservation(
                INSPECTION_REPORT,
                partition=report_id,
                metadata={
                    "release": change.release,
                    "errors": sum(row["severity"] == "error" for row in issues),
                    "warnings": sum(row["severity"] == "warning" for row in issues),
                    "issues": markdown_table(
                        ("severity", "check", "message"),
                        [(row["severity"], row["check_id"], row["message"]) for row in issues[:ISSUES_SHOWN]],
                    ),
                },
            )
        )

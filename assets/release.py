"""The published release as assets: one a table, swapped in together.

Belongs here: asking for the verdicts, publishing, and showing what was published and what changed. Does not belong
here: how files get to disk (``pipelines.publish``), what describes them (``pipelines.catalogue``), and what a change is
(``pipelines.differences``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.faults import tried_again
from assets.markdown import markdown_list, markdown_table
from assets.reports import INSPECTION_REPORT, ISSUES_SHOWN, REPORTS
from assets.storage import STAGED_TABLES, ReleaseChange, Staged, Warehouse
from assets.tables import staged_key, table_metadata, table_spec
from expectations.data_docs import data_docs
from pipelines.catalogue import release_files
from pipelines.differences import differences, release_tables
from pipelines.publish import PUBLISHED, ReleaseError, publish
from pipelines.releases import (
    Publication,
    Release,
    UnknownReleaseError,
    append_history,
    current_release,
    read_history,
    release_named,
)
from pipelines.schema import TABLES
from pipelines.stores import Store


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


@dg.multi_asset(
    name="release",
    specs=[
        table_spec(
            TABLES[name],
            published_key(name),
            "release",
            dict.fromkeys([staged_key(name), staged_key("quality_issues")]),
            "parquet",
        )
        for name in STAGED_TABLES
    ],
)
def release(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """The published folder: every table that passed, described, and swapped in at once."""
    try:
        tables = passed_tables(warehouse)
        docs = data_docs([warehouse.read_page(name) for name in STAGED_TABLES])
        with tried_again(context):
            change = publish_release(
                warehouse, {**release_files({staged.table: staged.content for staged in tables}), **docs}, tables
            )
    except ReleaseError as error:
        raise dg.Failure(f"nothing is published: {error}", allow_retries=False) from error
    warehouse.write_change(change)
    for report_id in change.removed:
        context.log.warning(f"{report_id} has left the release: {_why_gone(report_id, warehouse)}")
    show_reports(context, warehouse, change)
    for staged in tables:
        metadata = {**table_metadata(staged), "release": change.release}
        if staged.table == "reports":
            metadata |= {
                "added": markdown_list(change.added),
                "changed": markdown_list(change.changed),
                "removed": markdown_list(change.removed),
            }
        yield dg.MaterializeResult(asset_key=published_key(staged.table), metadata=metadata)


def publish_release(warehouse: Warehouse, files: Mapping[str, bytes], tables: list[Staged]) -> ReleaseChange:
    """Publish the files, write what changed into the history, and give it. Raises as ``publish``."""
    store = warehouse.store
    before = release_shown(store)
    reports = next(staged for staged in tables if staged.table == "reports")
    known, found = _contents(before), {row["report_id"]: row["sha256"] for row in reports.rows()}
    release_id = publish(files, store, warehouse.kept).name
    # Against what the history ends with: a run that died before it wrote its line is made good by the next.
    last = _last_in_history(store) or before
    changes: dict[str, dict[str, int]] = {}
    if last and last.id != release_id:
        changes = differences(release_tables(last.read), release_tables(lambda name: files[name])).summary()
    append_history(
        store,
        Publication.now(
            release=release_id,
            previous=last.id if last else None,
            rows={staged.table: staged.row_count for staged in tables},
            changes=changes,
        ),
    )
    return ReleaseChange(
        release=release_id,
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

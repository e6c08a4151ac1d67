"""The published release as assets: one a table, swapped in together.

Belongs here: asking for the verdicts and showing what was published. Does not belong here: how files get to
disk (``pipelines.publish``) and what describes them (``pipelines.catalogue``).
"""

from collections.abc import Iterator

import dagster as dg

from assets.storage import Staged, Warehouse
from assets.tables import STAGED_TABLES, staged_key, table_metadata, table_spec
from expectations.data_docs import data_docs
from pipelines.catalogue import release_files
from pipelines.publish import PUBLISHED, ReleaseError, publish
from pipelines.schema import TABLES


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
def release(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """The published folder: every table that passed, described, and swapped in at once."""
    try:
        tables = passed_tables(warehouse)
        docs = data_docs([warehouse.read_page(name) for name in STAGED_TABLES])
        publish({**release_files({staged.table: staged.content for staged in tables}), **docs}, warehouse.folder)
    except ReleaseError as error:
        raise dg.Failure(f"nothing is published: {error}", allow_retries=False) from error
    for staged in tables:
        path = warehouse.folder.absolute() / PUBLISHED / f"{staged.table}.parquet"
        metadata = {**table_metadata(staged), "path": dg.MetadataValue.path(str(path))}
        yield dg.MaterializeResult(asset_key=published_key(staged.table), metadata=metadata)

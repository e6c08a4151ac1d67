"""The staged tables as assets: those taken from reports, the dimensions, and the quality issues.

Belongs here: one asset a table, all derived from ``pipelines.schema``; a new table of these kinds needs no line here.
Does not belong here: how rows are made (``pipelines.batch``), tables that are computed (``computed``), checks
(``checks``), publishing (``release``).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg

from assets.audit import stage_audited
from assets.faults import tried_again
from assets.markdown import markdown_rows
from assets.progress import watched
from assets.reports import INSPECTION_REPORT, OWNERS, RAW_REPORTS, nothing_read, read_files
from assets.storage import CHECKED_BEFORE_ISSUES, Entry, Staged, Warehouse
from expectations.one_report import OtherCodeError
from expectations.reconcile.misprints import known_misprints, mark
from pipelines.batch import issues_of, said_withheld, settled
from pipelines.extracted import TABLES_OF_A_REPORT
from pipelines.issues import issue_rows
from pipelines.mapper import MapperError
from pipelines.publish import parquet_table
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, TABLES, Table

PREVIEW_ROWS = 5


def staged_key(table: str) -> dg.AssetKey:
    """Asset key of a table that is written but not yet published."""
    return dg.AssetKey(["staged", table])


def table_spec(table: Table, key: dg.AssetKey, group: str, deps: Iterable[dg.AssetKey], kind: str) -> dg.AssetSpec:
    """The asset of a table: its meaning, warnings and columns as people see them in Dagster."""
    warnings = "".join(f"\n- {warning}" for warning in table.warnings)
    return dg.AssetSpec(
        key,
        deps=list(deps),
        description=f"{table.title}. {table.description}" + (f"\n\nBefore you use it:\n{warnings}" if warnings else ""),
        group_name=group,
        owners=OWNERS,
        kinds={kind},
        metadata={"dagster/column_schema": column_schema(table), "key": ", ".join(table.key)},
    )


def column_schema(table: Table) -> dg.TableSchema:
    """The table's columns for Dagster."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.type),
                description=f"{column.description} ({column.unit})" if column.unit else column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=table.key == (column.name,)),
            )
            for column in table.columns
        ]
    )


def table_metadata(staged: Staged) -> dict[str, Any]:
    """What Dagster shows of a table that was written: rows, columns, bytes, SHA-256 and a preview."""
    content = parquet_table(staged.content)
    return {
        "dagster/row_count": content.num_rows,
        "columns": content.num_columns,
        "bytes": len(staged.content),
        "sha256": staged.sha256,
        "preview": markdown_rows(content.slice(0, PREVIEW_ROWS).to_pylist()),
    }


@dg.multi_asset(
    name="extracted_tables",
    specs=[
        table_spec(TABLES[name], staged_key(name), TABLES[name].group, [RAW_REPORTS, INSPECTION_REPORT], "parquet")
        for name in TABLES_OF_A_REPORT
    ],
)
def extracted_tables(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """Every table taken from the reports, in one step; a report that fails is an issue and stops no other.

    A file that is no report is refused. Rows that a blocking check refuses are withheld, with those of the same report
    in the same table, and the rest is checked again: one report's fault keeps no other out of the release.
    """
    try:
        with tried_again(context):
            read = read_files(warehouse, warehouse.read_files(), watched())
    except (MapperError, OtherCodeError) as error:
        raise dg.Failure(f"nothing is published: {error}", allow_retries=False) from error
    reports, refused = settled(read.files)
    refusals = [*read.issues, *refused]
    warehouse.write_counts(len(read.files) - read.reused, read.reused)
    warehouse.write_register(
        Entry(one.report_id, one.file.name, one.file.sha256, str(one.record.extraction)) for one in reports
    )
    warehouse.write_issues("refused_files", refusals)
    if not reports:
        raise nothing_read(warehouse, f"all {len(refusals)} files were refused")
    if all(one.record.extraction == "failed" for one in reports):
        raise dg.Failure("nothing is published: every report failed to extract", allow_retries=False)
    staged, withheld = stage_audited(warehouse, reports)
    found = [issue for one in reports for issue in issues_of(one)]
    said = [*mark(found, known_misprints(None), [one.report_id for one in reports]), *said_withheld(withheld, reports)]
    warehouse.write_issues("extracted_tables", said)
    # What is not in the folder any more, or was extracted by other code, is not needed again.
    warehouse.records.prune(one.file.sha256 for one in read.files)
    for issue in [*refusals, *said]:
        if issue.severity != "note":
            context.log.warning(issue.message)
    for name in TABLES_OF_A_REPORT:
        more = {"extracted_anew": len(read.files) - read.reused, "not_extracted_again": read.reused}
        metadata = {**table_metadata(staged[name]), **(more if name == "reports" else {})}
        yield dg.MaterializeResult(asset_key=staged_key(name), metadata=metadata)


def dimension_asset(name: str) -> dg.AssetsDefinition:
    """The asset of one reference table, kept as CSV with the code."""

    @dg.multi_asset(
        name=f"dimension_{name}",
        specs=[table_spec(TABLES[name], staged_key(name), TABLES[name].group, [], "csv")],
    )
    def dimension(warehouse: Warehouse) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=table_metadata(warehouse.write_rows(name, dimension_rows(name))))

    return dimension


@dg.multi_asset(
    name="quality_issues",
    specs=[
        table_spec(
            TABLES["quality_issues"],
            staged_key("quality_issues"),
            TABLES["quality_issues"].group,
            [staged_key(name) for name in CHECKED_BEFORE_ISSUES],
            "parquet",
        )
    ],
)
def quality_issues(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """What reading, extracting and checking found, in one table."""
    verdicts = [warehouse.read_verdict(name) for name in CHECKED_BEFORE_ISSUES]
    issues = [
        *warehouse.read_issues(),
        *(issue for verdict in verdicts if verdict for issue in verdict.issues),
    ]
    staged = warehouse.write_rows("quality_issues", issue_rows(issues))
    counts = {
        f"{severity}s": sum(issue.severity == severity for issue in issues) for severity in ("error", "warning", "note")
    }
    return dg.MaterializeResult(metadata={**table_metadata(staged), **counts})


TABLE_ASSETS = [extracted_tables, *(dimension_asset(name) for name in DIMENSIONS), quality_issues]

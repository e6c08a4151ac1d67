"""The staged tables as assets: those taken from reports, the dimensions, and the quality issues.

Belongs here: one asset a table, all derived from ``pipelines.schema``; a new table of these kinds needs no line here.
Does not belong here: how rows are made (``pipelines.batch``), tables that are computed (``computed``), checks
(``checks``), publishing (``release``).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
from pyarrow import BufferReader

from assets.reports import OWNERS, RAW_REPORTS
from assets.storage import Staged, Warehouse
from expectations.reconcile.misprints import known_misprints, mark
from pipelines.batch import TABLES_OF_A_REPORT, extract_registered
from pipelines.issues import Issue, issue_rows
from pipelines.reference import dimension_rows
from pipelines.schema import COMPUTED_TABLES, DIMENSIONS, TABLES, Table

PREVIEW_ROWS = 5
# Tables whose checks have a say in the quality issues: all the others.
CHECKED_BEFORE_ISSUES = (*TABLES_OF_A_REPORT, *COMPUTED_TABLES, *DIMENSIONS)
# In the order of the schema. A table that is defined there but made nowhere is left out (and a test says so).
STAGED_TABLES = tuple(name for name in TABLES if name in {*CHECKED_BEFORE_ISSUES, "quality_issues"})


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
    content = pq.read_table(BufferReader(staged.content))
    return {
        "dagster/row_count": content.num_rows,
        "columns": content.num_columns,
        "bytes": len(staged.content),
        "sha256": staged.sha256,
        "preview": dg.MetadataValue.md(preview(content.slice(0, PREVIEW_ROWS).to_pylist())),
    }


def preview(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table."""
    if not rows:
        return "no rows"
    cells = [
        ["" if cell is None else " ".join(str(cell).split()).replace("|", "\\|") for cell in row.values()]
        for row in rows
    ]
    lines = [" | ".join(rows[0]), " | ".join("---" for _ in rows[0]), *(" | ".join(line) for line in cells)]
    return "\n".join(f"| {line} |" for line in lines)


class ExtractionConfig(dg.Config):
    """What to leave out: the fields of an issue for each row that the checks of an earlier run refused."""

    withheld: list[dict[str, Any]] = []  # noqa: RUF012 - a Dagster config class copies its defaults


@dg.multi_asset(
    name="extracted_tables",
    specs=[
        table_spec(TABLES[name], staged_key(name), TABLES[name].group, [RAW_REPORTS], "parquet")
        for name in TABLES_OF_A_REPORT
    ],
)
def extracted_tables(
    context: dg.AssetExecutionContext, config: ExtractionConfig, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Every table taken from the reports, in one step; a report that fails is an issue and stops no other."""
    withheld = [Issue(**issue) for issue in config.withheld]
    batch = extract_registered(warehouse.read_register(), warehouse.reports_folder, withheld)
    issues = mark(batch.issues, known_misprints(None), [row["report_id"] for row in batch.rows["reports"]])
    warehouse.write_issues("extracted_tables", issues)
    for issue in issues:
        if issue.severity != "note":
            context.log.warning(issue.message)
    if batch.rows["reports"] and all(row["extraction"] == "failed" for row in batch.rows["reports"]):
        raise dg.Failure("nothing is published: every report failed to extract", allow_retries=False)
    for name in TABLES_OF_A_REPORT:
        staged = warehouse.write_table(name, batch.rows[name])
        yield dg.MaterializeResult(asset_key=staged_key(name), metadata=table_metadata(staged))


def dimension_asset(name: str) -> dg.AssetsDefinition:
    """The asset of one reference table, kept as CSV with the code."""

    @dg.multi_asset(
        name=f"dimension_{name}",
        specs=[table_spec(TABLES[name], staged_key(name), TABLES[name].group, [], "csv")],
    )
    def dimension(warehouse: Warehouse) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=table_metadata(warehouse.write_table(name, dimension_rows(name))))

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
    staged = warehouse.write_table("quality_issues", issue_rows(issues))
    counts = {
        f"{severity}s": sum(issue.severity == severity for issue in issues) for severity in ("error", "warning", "note")
    }
    return dg.MaterializeResult(metadata={**table_metadata(staged), **counts})


TABLE_ASSETS = [extracted_tables, *(dimension_asset(name) for name in DIMENSIONS), quality_issues]

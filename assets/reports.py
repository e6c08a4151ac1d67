"""The raw reports as an asset: what lies in the reports folder, and what of it can be read.

Belongs here: the asset. Does not belong here: reading a file (``pipelines.reports``).
"""

import dagster as dg

from assets.storage import Warehouse
from pipelines.batch import register
from pipelines.reports import read_reports

OWNERS = ["team:peel-warehouse"]
RAW_REPORTS = dg.AssetKey("raw_reports")


@dg.asset(key=RAW_REPORTS, group_name="raw", owners=OWNERS, kinds={"text"})
def raw_reports(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """The inspection reports below the reports folder (.txt, UTF-8), each recognised from its own text.

    A file that is no report, or that cannot be read, is refused with one line of reason and stops no other.
    Without a single readable report the run ends here: a release without reports would take the place of the
    last good one.
    """
    reports, issues = read_reports(warehouse.reports_folder)
    warehouse.write_register(register(reports))
    warehouse.write_issues(RAW_REPORTS.to_python_identifier(), issues)
    for issue in issues:
        context.log.warning(issue.message)
    if not reports:
        refused = f"all {len(issues)} files were refused" if issues else "there is no .txt file"
        raise dg.Failure(
            f"no report can be read below {warehouse.reports_folder}: {refused}; nothing is published",
            allow_retries=False,
        )
    lines = [
        f"| {r.report_id} | {r.programme_id} | {r.force_name} | {r.source_file} | {len(r.lines)} |" for r in reports
    ]
    return dg.MaterializeResult(
        metadata={
            "reports": len(reports),
            "refused": len(issues),
            "folder": dg.MetadataValue.path(str(warehouse.reports_folder.resolve())),
            "register": dg.MetadataValue.md(
                "\n".join(["| report | programme | force | file | lines |", "|---|---|---|---|---|", *lines])
            ),
            "refusals": dg.MetadataValue.md("\n".join(f"- {issue.message}" for issue in issues) or "none"),
        }
    )

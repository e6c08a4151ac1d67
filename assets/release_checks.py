"""Whether the release is as fresh and as large as it should be: checks that warn, of the release that readers see.

Belongs here: the two checks and their limits. Does not belong here: what a release holds (``checks``), and its history
(``pipelines.releases``).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from assets.markdown import markdown_list
from assets.release import published_key
from assets.storage import Warehouse
from pipelines.releases import Publication, read_history

REPORTS = published_key("reports")
# A daily build that is late by half a day.
MOST_HOURS = 36.0
# A table that loses more of its rows than this from one release to the next has likely lost reports that are still
# there.
MOST_LOST = 0.2


class ReleaseLimits(dg.Config):
    """``most_hours``: age of the release, in hours; ``most_lost``: share of a table's rows lost since the last one."""

    most_hours: float = MOST_HOURS
    most_lost: float = MOST_LOST


def age(history: Sequence[Publication], now: datetime) -> timedelta | None:
    """Time since a build last published, also the same release again; null when none ever did."""
    return now - history[-1].published_at if history else None


def shrunk(history: Sequence[Publication], most_lost: float = MOST_LOST) -> list[str]:
    """One line for each table that lost more than this share of its rows since the release before this one."""
    before = next((one for one in reversed(history) if one.release != history[-1].release), None)
    if before is None:
        return []
    rows: Mapping[str, int] = history[-1].rows
    return [
        f"{table}: {rows.get(table, 0)} rows, {number} in the release before"
        for table, number in before.rows.items()
        # What builds find wrong may become less.
        if table != "quality_issues" and rows.get(table, 0) < (1 - most_lost) * number
    ]


@dg.asset_check(asset=REPORTS, description="A build has published within the last day and a half")
def fresh(config: ReleaseLimits, folders: Warehouse) -> dg.AssetCheckResult:
    """Warns when the release is older than it should be."""
    since = age(read_history(folders.store), datetime.now(UTC))
    hours = since / timedelta(hours=1) if since is not None else None
    return dg.AssetCheckResult(
        passed=hours is not None and hours <= config.most_hours,
        severity=dg.AssetCheckSeverity.WARN,
        description="there is no release" if hours is None else f"published {hours:.1f} hours ago",
        metadata={"most_hours": config.most_hours, **({} if hours is None else {"hours": hours})},
    )


@dg.asset_check(asset=REPORTS, description="No table has lost more than a fifth of its rows since the release before")
def not_much_smaller(config: ReleaseLimits, folders: Warehouse) -> dg.AssetCheckResult:
    """Warns when a table is much smaller than it was."""
    lost = shrunk(read_history(folders.store), config.most_lost)
    return dg.AssetCheckResult(
        passed=not lost,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"tables": markdown_list(lost), "most_lost": config.most_lost},
    )


RELEASE_CHECKS = [fresh, not_much_smaller]

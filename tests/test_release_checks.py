"""The checks of the release itself: one that is too old, or much smaller than the one before, is warned of."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.release_checks import ReleaseLimits, age, fresh, not_much_smaller, shrunk
from assets.storage import Warehouse
from pipelines.publish import publish
from pipelines.releases import Publication, append_history

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def publication(release: str, hours_ago: float = 0, **rows: int) -> Publication:
    return Publication(release, None, NOW - timedelta(hours=hours_ago), rows, {})


def test_the_age_is_that_of_the_last_build_that_published() -> None:
    assert age([], NOW) is None
    assert age([publication("a", 50), publication("a", 2)], NOW) == timedelta(hours=2)


def test_a_table_that_lost_more_than_a_fifth_is_named() -> None:
    before = publication("a", reports=10, findings=100, figures=5, quality_issues=50)
    assert shrunk([]) == []
    assert shrunk([before]) == []
    assert shrunk([before, publication("b", reports=8, findings=80, figures=5, quality_issues=1)]) == []
    lost = shrunk([before, publication("b", reports=7, findings=100)])
    assert lost == ["reports: 7 rows, 10 in the release before", "figures: 0 rows, 5 in the release before"]
    # The same release built again is still smaller than the one before it.
    assert shrunk([before, publication("b", reports=7), publication("b", reports=7)]) == shrunk(
        [before, publication("b", reports=7)]
    )
    assert shrunk([before, publication("b", reports=7, findings=100, figures=5)], most_lost=0.5) == []


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(root=str(tmp_path))


def test_a_release_that_is_older_than_it_should_be_is_warned_of(warehouse: Warehouse, tmp_path: Path) -> None:
    limits = ReleaseLimits()
    none = fresh(limits, warehouse)
    assert (none.passed, none.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert none.description == "there is no release"
    release = publish({"a": b"1"}, tmp_path).name
    append_history(tmp_path, Publication(release, None, datetime.now(UTC) - timedelta(hours=37)))
    assert not fresh(limits, warehouse).passed
    assert fresh(ReleaseLimits(most_hours=40), warehouse).passed
    append_history(tmp_path, Publication(release, release, datetime.now(UTC)))
    assert fresh(limits, warehouse).passed


def test_a_release_that_is_much_smaller_is_warned_of(warehouse: Warehouse, tmp_path: Path) -> None:
    for number, rows in enumerate((10, 7)):
        release = publish({"a": bytes([number])}, tmp_path).name
        append_history(tmp_path, Publication(release, None, datetime.now(UTC), {"reports": rows}))
    found = not_much_smaller(ReleaseLimits(), warehouse)
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "reports: 7 rows" in str(found.metadata["tables"].value)
    assert not_much_smaller(ReleaseLimits(most_lost=0.5), warehouse).passed

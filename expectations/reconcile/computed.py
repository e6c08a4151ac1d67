"""Rules of the tables that are computed here: they must be what their definitions say.

Belongs here: the same arithmetic done once more, another way. Does not belong here: computing the tables
(``pipelines.open_data``, ``methodology``, ``comparators``). Values are fractions stored as doubles, so equal means
within a rounding error of the last bits.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from math import isclose
from typing import Any

from expectations.reconcile.rule import Offence, ReconcileRule, Row, Tables
from expectations.suites import CRITICAL, WARNING

TOLERANCE = 1e-9
WHOLE = 100.0
# Open data is revised after a report has gone to print: further off than this many percent is more than that.
REVISED = 10.0
# Bands are given only where at least as many forces are ranked (annex A, figures 4 and 8, for the 43 forces).
LEAST_RANKED = 30
# Columns that these rules look at.
OF_OUTCOMES = ("area_code", "period_end", "outcome_id", "parent_id", "offences", "offences_recorded", "value")
OF_RANKS = ("source", "measure", "period_end", "outcome_id", "area_code", "value", "rank", "forces_ranked", "band")


def _near(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _by(rows: Any, *names: str) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return found


def _groups(tables: Tables) -> Iterator[Offence]:
    """Groups and totals whose offences are not those of their members together: counts are exact."""
    for rows in _by(tables["force_outcomes"], "area_code", "period_end").values():
        members = _by(rows, "parent_id")
        for row in rows:
            counts = [member["offences"] for member in members.get((row["outcome_id"],), ())]
            if not counts or row["offences"] is None or None in counts:
                continue
            if row["offences"] != sum(counts):
                says = f"{row['offences']} offences, its members have {sum(counts)}"
                yield Offence(row, says, str(sum(counts)), str(row["offences"]))


def _percentages(tables: Tables) -> Iterator[Offence]:
    """Percentages of a force and period whose outcomes do not make 100, or that are not offences over all offences."""
    for rows in _by(tables["force_outcomes"], "area_code", "period_end").values():
        parents = {row["parent_id"] for row in rows}
        lowest = [row["value"] for row in rows if row["outcome_id"] not in parents]
        if None not in lowest and not _near(sum(lowest), WHOLE):
            says = f"the outcomes of {rows[0]['area_code']} make {sum(lowest):.6f} percent"
            yield Offence(rows[0], says, "100", f"{sum(lowest):.6f}")
        for row in rows:
            if row["value"] is None or row["offences"] is None or not row["offences_recorded"]:
                continue
            share = row["offences"] / row["offences_recorded"] * WHOLE
            if not _near(row["value"], share):
                yield Offence(
                    row, f"{row['value']} percent, but its offences make {share}", str(share), str(row["value"])
                )


def _ranks(tables: Tables) -> Iterator[Offence]:
    """Ranks that do not follow the values, and counts of forces ranked that are not those ranked."""
    for rows in _by(tables["quartile_ranks"], "source", "measure", "period_end", "outcome_id").values():
        ranked = [row for row in rows if row["rank"] is not None]
        for row in rows:
            # Where too few forces have a value none has a rank: forces_ranked still counts those that have one.
            is_ranked = ranked or row["forces_ranked"] >= LEAST_RANKED
            if is_ranked and row["forces_ranked"] != len(ranked):
                says = f"forces_ranked is {row['forces_ranked']}, but {len(ranked)} forces have a rank"
                yield Offence(row, says, str(len(ranked)), str(row["forces_ranked"]))
        values = sorted(row["value"] for row in ranked)
        for row in ranked:
            rank = 1 + len(values) - bisect_right(values, row["value"])
            if row["rank"] != rank:
                yield Offence(row, f"rank {row['rank']}, but {rank - 1} forces are higher", str(rank), str(row["rank"]))


def _bands(tables: Tables) -> Iterator[Offence]:
    """Bands that are not as annex A defines them.

    A force is in the highest quarter where it and all with the same or a higher value are together at most a quarter of
    the forces ranked, rounded down; likewise from below.
    """
    for rows in _by(tables["quartile_ranks"], "source", "measure", "period_end", "outcome_id").values():
        values = sorted(row["value"] for row in rows if row["rank"] is not None)
        quarter = len(values) // 4
        for row in rows:
            band = None
            if row["rank"] is not None and len(values) >= LEAST_RANKED:
                is_highest = len(values) - bisect_left(values, row["value"]) <= quarter
                is_lowest = bisect_right(values, row["value"]) <= quarter
                band = "highest" if is_highest else "lowest" if is_lowest else "in_line"
            if row["band"] != band:
                says = f"band {row['band']}, where {len(values)} forces are ranked and its value makes it {band}"
                yield Offence(row, says, str(band), str(row["band"]))


def _stated_bands(tables: Tables) -> Iterator[Offence]:
    """What a report says of the force's quarter, where the values of the round's reports put it in another."""
    areas = {row["report_id"]: row["area_code"] for row in tables["reports"]}
    ends = {row["report_id"]: row["data_period_end"] for row in tables["reports"]}
    bands = {
        (row["measure"], row["outcome_id"], row["area_code"], row["period_end"]): row
        for row in tables["quartile_ranks"]
        if row["source"] == "reports" and row["band"] is not None
    }
    for row in tables["band_statements"]:
        report_id = row["report_id"]
        key = (row["measure_id"], row["outcome_id"], areas.get(report_id), ends.get(report_id))
        ranked = bands.get(key) if row["is_quartile_statement"] and row["outcome_id"] else None
        if ranked and row["band"] != ranked["band"]:
            says = (
                f"the report says {row['band']}, but rank {ranked['rank']} of {ranked['forces_ranked']} by the values "
                f"of the round's reports is {ranked['band']}"
            )
            yield Offence(row, says, str(ranked["band"]), str(row["band"]), table="band_statements")


def _differences(tables: Tables, name: str, computed: str, published: str) -> Iterator[Offence]:
    """Differences that are not the computed less the published value; null where one of them is."""
    for row in tables[name]:
        values = (row[computed], row[published])
        expected = None if None in values else values[0] - values[1]
        stated = row["difference"]
        if (expected is None) != (stated is None) or (expected is not None and not _near(expected, stated)):
            yield Offence(row, f"difference {stated}, but the values make {expected}", str(expected), str(stated))


def _far_from_open_data(tables: Tables, name: str, computed: str, published: str) -> Iterator[Offence]:
    """Printed values that open data of the same period is further from than revisions explain."""
    for row in tables[name]:
        value, stated = row[computed], row[published]
        if value is None or stated is None or row.get("source") == "reports":
            continue
        if abs(value - stated) > REVISED / 100 * max(abs(value), abs(stated)):
            says = f"reports print {stated:g}, open data gives {value:.2f}: more than {REVISED:g} percent apart"
            yield Offence(row, says, f"{value:.2f}", f"{stated:g}")


def _of_differences(name: str, computed: str, published: str) -> tuple[ReconcileRule, ReconcileRule]:
    return (
        ReconcileRule(
            id="difference_as_defined",
            table=name,
            severity=CRITICAL,
            description=f"difference is {computed} less {published}",
            source="definition of the table",
            find=lambda tables: _differences(tables, name, computed, published),
            columns={name: (computed, published, "difference")},
        ),
        ReconcileRule(
            id="near_open_data",
            table=name,
            severity=WARNING,
            description=f"printed values are within {REVISED:g} percent of open data for the same area and period",
            source="open data; later releases revise, but not by so much",
            find=lambda tables: _far_from_open_data(tables, name, computed, published),
            columns={name: (computed, published, "source")},
        ),
    )


RULES = (
    ReconcileRule(
        id="groups_of_members",
        table="force_outcomes",
        severity=CRITICAL,
        description="the offences of a group or total are those of its members together",
        source="figure 4: its headings and starred footnote",
        find=_groups,
        columns={"force_outcomes": OF_OUTCOMES},
    ),
    ReconcileRule(
        id="percentages_make_100",
        table="force_outcomes",
        severity=CRITICAL,
        description="the outcomes of a force and period make 100 percent, each its offences over all recorded",
        source="annex A, figure 4: the percentage of crimes recorded that were assigned each outcome",
        find=_percentages,
        columns={"force_outcomes": OF_OUTCOMES},
    ),
    ReconcileRule(
        id="ranks_follow_values",
        table="quartile_ranks",
        severity=CRITICAL,
        description="ranks follow the values, 1 the highest, and forces_ranked counts them",
        source="annex A, figures 4 and 8",
        find=_ranks,
        columns={"quartile_ranks": OF_RANKS},
    ),
    ReconcileRule(
        id="bands_by_annex",
        table="quartile_ranks",
        severity=CRITICAL,
        description="a band is the top or bottom quarter of the forces ranked, and given only for 30 forces or more",
        source="annex A, figures 4 and 8: top and bottom 25 percent",
        find=_bands,
        columns={"quartile_ranks": OF_RANKS},
    ),
    ReconcileRule(
        id="stated_band_as_ranked",
        table="quartile_ranks",
        severity=WARNING,
        description="a report says highest or lowest where the values of its round's reports rank the force so",
        source="annex A, figures 4 and 8: top and bottom 25 percent",
        find=_stated_bands,
        needs=("band_statements", "reports"),
        columns={
            "quartile_ranks": OF_RANKS,
            "band_statements": ("report_id", "measure_id", "outcome_id", "is_quartile_statement", "band"),
            "reports": ("report_id", "area_code", "data_period_end"),
        },
    ),
    *_of_differences("comparators", "computed_value", "published_value"),
    *_of_differences("force_crime_rates", "value", "published_value"),
)

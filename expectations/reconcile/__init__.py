"""Rules across rows, tables, places of a report, and reports: rows of tables in, issues out.

Belongs here: what must agree between places that print the same thing, and what cannot be so in the world. Does not
belong here: rules about single columns (``expectations.suites``), and what a report prints (``pipelines``).

    rule            what a rule is, and running it
    numbers         printed numbers as intervals
    within_table    groups, totals, decimals, parts of a whole
    within_report   prose and table, prose twice, words and numbers
    across_reports  England and Wales and annex A in the reports of one release
    world           known areas, plausible values and periods
    computed        tables that are computed here
    misprints       misprints of the source that are known, and marked as such
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.reconcile import across_reports, computed, within_report, within_table, world
from expectations.reconcile.rule import (
    RELEASE,
    REPORT,
    Outcome,
    ReconcileRule,
    Tables,
    run_rule,
    united,
)
from pipelines.issues import Finding, Issue
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS, TABLES

__all__ = [
    "RELEASE",
    "REPORT",
    "RULES",
    "Outcome",
    "ReconcileRule",
    "check_report",
    "needed",
    "reconcile",
    "rows_for",
    "rules_of",
    "run_rules",
    "united",
]

RULES: tuple[ReconcileRule, ...] = (
    *within_table.RULES,
    *within_report.RULES,
    *across_reports.RULES,
    *world.RULES,
    *computed.RULES,
)


def rules_of(table: str, scope: str | None = None) -> tuple[ReconcileRule, ...]:
    """The rules that are checks of one table, in a stable order; of one scope, or of both."""
    return tuple(rule for rule in RULES if rule.table == table and scope in (None, rule.scope))


def run_rules(rules: Sequence[ReconcileRule], tables: Tables) -> list[Outcome]:
    """The outcome of each rule on rows by table name.

    A dimension that is not given is that of the code; any other table that is not given has no rows.
    """
    names = {name for rule in rules for name in rule.inputs}
    dimensions = {name: dimension_rows(name) for name in DIMENSIONS if name in names and name not in tables}
    return [run_rule(rule, {**dimensions, **tables}) for rule in rules]


def check_report(tables: Tables) -> tuple[Finding, ...]:
    """What the rules find that can be held against one report alone: ``tables`` are its rows by table name, its row of
    reports among them. Rules that find nothing are left out. Raises nothing: a rule that cannot be run is an error
    that names the report. ``united`` makes outcomes of it."""
    outcomes = run_rules([rule for rule in RULES if rule.scope == REPORT], tables)
    return tuple(Finding(one.rule.check_id, one.issues, one.raised) for one in outcomes if one.issues)


def needed(rules: Sequence[ReconcileRule]) -> dict[str, tuple[str, ...]]:
    """Every table that the rules look at, and the columns of it that they need, in the table's order."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for name in rule.inputs:
            found.setdefault(name, set()).update(rule.columns_of(name))
    return {name: tuple(one for one in TABLES[name].column_names if one in found[name]) for name in found}


def rows_for(rules: Sequence[ReconcileRule], tables: Mapping[str, pa.Table]) -> dict[str, list[dict[str, Any]]]:
    """The rows for ``run_rules`` of Arrow tables by name: only columns that the rules need, and only rows that can
    matter to one of them. Tables that are not given, or that no rule looks at, are left out."""
    found = {}
    for name, columns in needed(rules).items():
        if (content := tables.get(name)) is not None:
            limits = [rule.only.get(name) for rule in rules if name in rule.inputs]
            found[name] = _python_rows(_rows_within(content, limits).select(columns))
    return found


def _rows_within(content: pa.Table, limits: Sequence[tuple[str, tuple[str, ...]] | None]) -> pa.Table:
    """The rows with one of the values in the column of any of the limits; all, where one of them is no limit."""
    masks = [pc.is_in(content[limit[0]], pa.array(limit[1])) for limit in limits if limit]
    return content.filter(reduce(pc.or_, masks)) if len(masks) == len(limits) else content


def _python_rows(content: pa.Table) -> list[dict[str, Any]]:
    """As ``to_pylist``, in half the time: values of a release repeat, and each is made into a Python object once."""
    names, columns = content.column_names, []
    for column in content.combine_chunks().columns:
        encoded = pa.concat_arrays(column.chunks or [pa.array([], column.type)]).dictionary_encode("encode")
        values = encoded.dictionary.to_pylist()
        columns.append(map(values.__getitem__, encoded.indices.to_numpy().tolist()))
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def reconcile(tables: Tables) -> list[Issue]:
    """What all rules find in these rows: ``tables`` gives rows as in ``pipelines.schema`` by table name."""
    return [issue for outcome in run_rules(RULES, tables) for issue in outcome.issues]

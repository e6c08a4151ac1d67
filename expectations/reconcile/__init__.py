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

from collections.abc import Sequence

from expectations.reconcile import across_reports, computed, within_report, within_table, world
from expectations.reconcile.rule import Outcome, ReconcileRule, Tables, run_rule
from pipelines.issues import Issue
from pipelines.reference import dimension_rows
from pipelines.schema import DIMENSIONS

__all__ = ["RULES", "Outcome", "ReconcileRule", "reconcile", "rules_of", "run_rules"]

RULES: tuple[ReconcileRule, ...] = (
    *within_table.RULES,
    *within_report.RULES,
    *across_reports.RULES,
    *world.RULES,
    *computed.RULES,
)


def rules_of(table: str) -> tuple[ReconcileRule, ...]:
    """The rules that are checks of one table, in a stable order."""
    return tuple(rule for rule in RULES if rule.table == table)


def run_rules(rules: Sequence[ReconcileRule], tables: Tables) -> list[Outcome]:
    """The outcome of each rule on rows by table name.

    A dimension that is not given is that of the code; any other table that is not given has no rows.
    """
    needed = {name for rule in rules for name in rule.inputs}
    dimensions = {name: dimension_rows(name) for name in DIMENSIONS if name in needed and name not in tables}
    return [run_rule(rule, {**dimensions, **tables}) for rule in rules]


def reconcile(tables: Tables) -> list[Issue]:
    """What all rules find in these rows: ``tables`` gives rows as in ``pipelines.schema`` by table name."""
    return [issue for outcome in run_rules(RULES, tables) for issue in outcome.issues]

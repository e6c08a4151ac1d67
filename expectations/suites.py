"""The rules of each table, derived from its definition in ``pipelines.schema``, plus the few written by hand.

Belongs here: rules about the rows of one table, each with an id, a severity and a sentence. Does not belong
here: rules across rows, tables or reports, types and null columns (the Arrow schema enforces those at every
write), and running the rules (``run``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.schema import TABLES, Column, Table

CRITICAL = "critical"
WARNING = "warning"
# Severities of rules as severities of quality_issues.
ISSUE_SEVERITY: Mapping[str, str] = {CRITICAL: "error", WARNING: "warning"}

# The statuses with which a number is given; with every other the number is null.
GIVEN = ("derived", "published")
# Below this share of rows with a number the reading has likely failed, though no row is wrong by itself.
LEAST_SHARE_GIVEN = 0.5


@dataclass(frozen=True)
class Where:
    """The rule holds only for rows whose ``column`` is one of ``values``, or, if ``negate``, none of them."""

    column: str
    values: tuple[str, ...]
    negate: bool = False


@dataclass(frozen=True)
class Rule:
    """One thing that must be true of a table.

    ``expectation`` is the name of a Great Expectations class and ``arguments`` what it is called with;
    ``columns`` are the columns it looks at, for showing what was found in a row that broke it. ``id`` is
    unique within the table.
    """

    id: str
    severity: str
    description: str
    columns: tuple[str, ...]
    expectation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    where: Where | None = None


def suite(table: Table) -> tuple[Rule, ...]:
    """Every rule of the table, in a stable order."""
    rules = (*_derived(table), *BY_HAND.get(table.name, ()))
    ids = [rule.id for rule in rules]
    if len(set(ids)) < len(ids):
        raise ValueError(f"table {table.name}: two rules of one id in {ids}")
    return rules


def _derived(table: Table) -> Iterator[Rule]:
    names = set(table.column_names)
    yield _key_unique(table)
    if table.minimum_rows:
        yield _row_count(table.minimum_rows)
    for column in table.columns:
        yield from _column_rules(column, table)
    for end in table.column_names:
        start = end.removesuffix("_end") + "_start"
        if end.endswith("_end") and start in names:
            yield _in_order(start, end)
    if {"value", "value_status"} <= names:
        yield from _value_rules(table)


def _column_rules(column: Column, table: Table) -> Iterator[Rule]:
    if column.allowed:
        allowed = list(column.allowed)
        yield Rule(
            f"{column.name}_allowed",
            CRITICAL,
            f"{column.name} is one of {', '.join(allowed)}",
            (column.name,),
            "ExpectColumnValuesToBeInSet",
            {"column": column.name, "value_set": allowed},
        )
    # Every table of a report carries its identifier; its form is checked once, where it is the key.
    if column.pattern and (column.name != "report_id" or table.key == ("report_id",)):
        yield Rule(
            f"{column.name}_pattern",
            CRITICAL,
            f"{column.name} has the form {column.pattern}",
            (column.name,),
            "ExpectColumnValuesToMatchRegex",
            {"column": column.name, "regex": column.pattern},
        )
    # The end of a span cannot be below a minimum that its start keeps: their order is a rule of its own.
    bounded_by_start = column.name.endswith("_end") and column.maximum is None
    if (column.minimum is not None or column.maximum is not None) and not bounded_by_start:
        yield _in_range(column)


def _key_unique(table: Table) -> Rule:
    description = f"{', '.join(table.key)} name{'s' if len(table.key) == 1 else ''} one row"
    if len(table.key) == 1:
        return Rule(
            "key_unique",
            CRITICAL,
            description,
            table.key,
            "ExpectColumnValuesToBeUnique",
            {"column": table.key[0]},
        )
    return Rule(
        "key_unique",
        CRITICAL,
        description,
        table.key,
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": list(table.key)},
    )


def _row_count(minimum: int) -> Rule:
    return Rule(
        "row_count",
        CRITICAL,
        f"the table has at least {minimum} rows",
        (),
        "ExpectTableRowCountToBeBetween",
        {"min_value": minimum},
    )


def _in_range(column: Column) -> Rule:
    bounds = [f"at least {column.minimum:g}"] if column.minimum is not None else []
    bounds += [f"at most {column.maximum:g}"] if column.maximum is not None else []
    return Rule(
        f"{column.name}_range",
        CRITICAL,
        f"{column.name} is {' and '.join(bounds)}",
        (column.name,),
        "ExpectColumnValuesToBeBetween",
        {"column": column.name, "min_value": column.minimum, "max_value": column.maximum},
    )


def _in_order(start: str, end: str) -> Rule:
    return Rule(
        f"{end}_after_start",
        CRITICAL,
        f"{end} is not before {start}",
        (start, end),
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": end, "column_B": start, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    )


def _value_rules(table: Table) -> Iterator[Rule]:
    may_be_given = (*GIVEN, "unassigned") if table.numbers_unplaced else GIVEN
    statuses = ("value", "value_status")
    yield Rule(
        "value_given",
        CRITICAL,
        f"value is given where value_status is {' or '.join(GIVEN)}",
        statuses,
        "ExpectColumnValuesToNotBeNull",
        {"column": "value"},
        Where("value_status", GIVEN),
    )
    yield Rule(
        "value_missing",
        CRITICAL,
        f"value is null unless value_status is {' or '.join(may_be_given)}",
        statuses,
        "ExpectColumnValuesToBeNull",
        {"column": "value"},
        Where("value_status", may_be_given, negate=True),
    )
    if table.mostly_given:
        yield Rule(
            "value_mostly_given",
            WARNING,
            f"value is given in at least {LEAST_SHARE_GIVEN:.0%} of the rows",
            (),
            "ExpectColumnValuesToNotBeNull",
            {"column": "value", "mostly": LEAST_SHARE_GIVEN},
        )


# Rules that the definition of a table cannot say.
BY_HAND: Mapping[str, tuple[Rule, ...]] = {
    "quality_issues": (
        Rule(
            "message_not_blank",
            CRITICAL,
            "message says something",
            ("message",),
            "ExpectColumnValuesToMatchRegex",
            {"column": "message", "regex": r"\S"},
        ),
    ),
}

SUITES: Mapping[str, tuple[Rule, ...]] = {name: suite(table) for name, table in TABLES.items()}

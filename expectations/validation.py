"""Great Expectations, run on Arrow tables: rules in, what the library found out.

Belongs here: everything that knows the library's interface for validating, and what makes it fast enough for every
build and flat in memory at any number of rows. Does not belong here: which rules there are (``suites``), what becomes
of results (``run``), rendering them (``data_docs``).

Rules about single rows are asked slice by slice, since frames made of text hold many times their Arrow size while the
library looks at them; what is found in slices is added up. Rules that look at several rows at once are asked of the
whole, but of their own columns only.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from expectations.lazy import import_when_used
from expectations.suites import Rule

# Rows that the library sees at once. Each slice costs some milliseconds a rule, each row some hundred bytes.
SLICE_ROWS = 50_000
# Values that the library gives as a sample of what broke a rule.
SAMPLED = 20
# Expectations whose answer for a row depends on that row alone.
ABOUT_ROWS = frozenset(
    {
        "ExpectColumnPairValuesAToBeGreaterThanB",
        "ExpectColumnValuesToBeBetween",
        "ExpectColumnValuesToBeInSet",
        "ExpectColumnValuesToBeNull",
        "ExpectColumnValuesToMatchRegex",
        "ExpectColumnValuesToNotBeNull",
    }
)
# Where in an expectation's arguments names of columns stand.
NAMED_IN = ("column", "column_A", "column_B")
FULL = {"result_format": "COMPLETE", "partial_unexpected_count": SAMPLED, "return_unexpected_index_query": False}
COUNTED = ("element_count", "unexpected_count", "missing_count")


@dataclass(frozen=True)
class Found:
    """What was found of one rule. ``positions`` are the numbers (from 0) of the rows that broke it, in order;
    ``details`` what the library counted, with a sample of values; both empty where it passed. ``raised``: why it could
    not be run."""

    success: bool
    details: Mapping[str, Any]
    positions: tuple[int, ...] = ()
    raised: str | None = None


def validate(content: pa.Table, rules: Sequence[Rule], slice_rows: int = SLICE_ROWS) -> list[Found]:
    """What is found of each rule, in the order of the rules; raises nothing for what stands in the table."""
    # The library imports it for expectations about distributions, which no rule is: a fifth of its start.
    import_when_used("scipy.stats")
    with _made_once():
        first = _ask(content, rules, "BOOLEAN_ONLY", slice_rows)
        # Which rows broke a rule costs as much again as whether one did: asked only where one did.
        broken = [rule for rule in rules if not first[rule.id].success and not first[rule.id].raised]
        again = _ask(content, broken, FULL, slice_rows)
    return [again.get(rule.id, first[rule.id]) for rule in rules]


def expectation(rule: Rule, description: str) -> Any:
    """The rule as Great Expectations has it, with its severity and this description."""
    import great_expectations.expectations as gxe
    from great_expectations.expectations.row_conditions import Column as ConditionColumn

    arguments = dict(rule.arguments)
    if rule.where:
        column = ConditionColumn(rule.where.column)
        values = list(rule.where.values)
        arguments["row_condition"] = column.is_not_in(values) if rule.where.negate else column.is_in(values)
    return getattr(gxe, rule.expectation)(
        **arguments, severity=rule.severity, description=description, meta={"rule_id": rule.id}
    )


def _ask(content: pa.Table, rules: Sequence[Rule], result_format: Any, slice_rows: int) -> dict[str, Found]:
    """What is found of each rule, by its id."""
    parts: dict[str, list[Found]] = {rule.id: [] for rule in rules}
    for group, size in _groups(rules, content.num_rows, slice_rows):
        columns = _columns(content, group)
        configurations = [expectation(rule, rule.description).configuration for rule in group]
        for first in range(0, content.num_rows or 1, size):
            results = _of_slice(columns.slice(first, size), configurations, result_format)
            for rule in group:
                parts[rule.id].append(_found(results.get(rule.id), first))
    return {rule_id: _added_up(found) for rule_id, found in parts.items()}


def _groups(rules: Sequence[Rule], rows: int, slice_rows: int) -> list[tuple[list[Rule], int]]:
    """The rules to ask together, and the rows to ask them of at a time; all at once where one slice holds the table."""
    if rows <= slice_rows:
        return [(list(rules), slice_rows)] if rules else []
    by_row = [rule for rule in rules if _is_about_rows(rule)]
    at_once = [rule for rule in rules if not _is_about_rows(rule)]
    return [(group, size) for group, size in ((by_row, slice_rows), (at_once, rows)) if group]


def _is_about_rows(rule: Rule) -> bool:
    # A share of rows is one of the whole table.
    return rule.expectation in ABOUT_ROWS and "mostly" not in rule.arguments


def _columns(content: pa.Table, rules: Sequence[Rule]) -> pa.Table:
    """The columns that the rules look at, as far as they are there; the first one for rules that only count rows."""
    names = [str(rule.arguments[name]) for rule in rules for name in NAMED_IN if name in rule.arguments]
    names += [name for rule in rules for name in rule.arguments.get("column_list", ())]
    names += [rule.where.column for rule in rules if rule.where]
    there = [name for name in dict.fromkeys(names) if name in content.column_names]
    return content.select(there or content.column_names[:1])


def _of_slice(part: pa.Table, configurations: Sequence[Any], result_format: Any) -> dict[str, Any]:
    """The library's own results for one slice by rule id: they come in another order than the rules."""
    import pandas as pd
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    engine = PandasExecutionEngine()
    # Given to the engine itself: a batch of a data source is hashed whole before it is looked at.
    engine.load_batch_data("slice", part.to_pandas(types_mapper=pd.ArrowDtype))
    results = Validator(execution_engine=engine, data_context=_context()).graph_validate(
        configurations=list(configurations), runtime_configuration={"result_format": result_format}
    )
    return {result.expectation_config.meta["rule_id"]: result for result in results}


def _found(result: Any, first: int) -> Found:
    raised = "the rule gave no result" if result is None else _exception_message(result.exception_info)
    if raised:
        return Found(False, {}, raised=raised)
    positions = tuple(first + number for number in result.result.get("unexpected_index_list") or ())
    return Found(bool(result.success), result.result, positions)


def _exception_message(exception_info: Any) -> str | None:
    """What a metric raised, if one did; given either for the whole rule or by metric."""
    infos = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    messages = [str(info["exception_message"]) for info in infos if info.get("raised_exception")]
    return "; ".join(sorted(set(messages))) or None


def _added_up(parts: Sequence[Found]) -> Found:
    """One finding of the findings in all slices of a table."""
    raised = "; ".join(sorted({part.raised for part in parts if part.raised})) or None
    if raised:
        return Found(False, {}, raised=raised)
    success = all(part.success for part in parts)
    positions = tuple(position for part in parts for position in part.positions)
    return Found(success, _details([part.details for part in parts]), positions)


def _details(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts added up and their percentages as the library makes them, with the first of the sampled values."""
    if "unexpected_count" not in parts[0]:
        return dict(parts[0])  # nothing was asked for, or a rule about the table
    counts = {name: sum(part[name] for part in parts) for name in COUNTED if name in parts[0]}
    sample = [value for part in parts for value in part.get("partial_unexpected_list", ())][:SAMPLED]
    total, unexpected, missing = counts["element_count"], counts["unexpected_count"], counts.get("missing_count")
    details = {**counts, "unexpected_percent": _percent(unexpected, total - (missing or 0))}
    if missing is not None:
        details |= {
            "missing_percent": _percent(missing, total),
            "unexpected_percent_total": _percent(unexpected, total),
        }
        details["unexpected_percent_nonmissing"] = details["unexpected_percent"]
    return {**details, "partial_unexpected_list": sample}


def _percent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


@cache
def _context() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # The library logs every metric that fails; the result says the same.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


@contextmanager
def _made_once() -> Iterator[None]:
    """Within it, the library makes each expectation's configuration, and each configuration's expectation, once.

    It makes them anew wherever it needs one of their values, some hundred times an expectation, which is half of what
    validating a small table costs. They do not change while it validates; what it found does not either
    (``test_validation`` holds both against each other).
    """
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    configuration, to_domain_obj = Expectation.configuration, ExpectationConfiguration.to_domain_obj
    Expectation.configuration = property(_once(configuration.fget))
    ExpectationConfiguration.to_domain_obj = _once(to_domain_obj)
    try:
        yield
    finally:
        Expectation.configuration, ExpectationConfiguration.to_domain_obj = configuration, to_domain_obj


def _once(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The method, called once an object. The object is kept too, so that no other gets its identity."""
    made: dict[int, tuple[Any, Any]] = {}

    def once(owner: Any) -> Any:
        if id(owner) not in made:
            made[id(owner)] = owner, make(owner)
        return made[id(owner)][1]

    return once

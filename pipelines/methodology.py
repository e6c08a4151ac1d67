"""Annex A as computation: the rank and quarter of each force, and England and Wales as printed and as recomputed.

Belongs here: what is computed from the forces' values by the rules of a round. Does not belong here: which forces
count and which round's rules bind (``round_rules``), where values come from (``force_values``), and counting open data.

Source of the ranking: annex A, figures 4 and 8 (ranked, top and bottom 25 percent); of the mean: annex A, victim
satisfaction; of sums: annex A, recorded crime and figure 8 (a count divided by a count).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pipelines.force_values import (
    ANTI_SOCIAL_BEHAVIOUR_RATE,
    HOME_OFFICE,
    ONS,
    REPORTS,
    Group,
    Tables,
    Value,
    agreed_value,
    force_names,
    measures_of_tables,
    one_group_a_period,
    one_value_a_force,
    open_data_groups,
    printed_groups,
    two_numbers,
    undated_levels,
)
from pipelines.issues import Issue
from pipelines.round_rules import Annexes, Binding
from pipelines.schema import ENGLAND_AND_WALES

# Bands and means are given only where at least as many forces have a value.
MINIMUM_FORCES = 30
# What a share or rate of open data is multiplied with to be in its unit.
PER: Mapping[str, int] = {HOME_OFFICE: 100, ONS: 1000}
# Values of method.
SUMS, MEAN = "from_sums", "mean_of_forces"
# The source that recomputes what reports print.
OPEN_DATA_OF: Mapping[str, str] = {
    "outcome_proportion": HOME_OFFICE,
    "crime_rate": ONS,
    ANTI_SOCIAL_BEHAVIOUR_RATE: ONS,
}
# The measure that open data could recompute but for a flag, and why it cannot.
NO_FLAG: Mapping[str, str] = {
    "domestic_abuse_outcome_rate": "the Home Office's open data does not say which offences are domestic abuse"
}
NO_NUMBER: Mapping[str, str] = {
    "not_printed": "the report prints the row without a number",
    "unassigned": "what is printed differs, or does not tell the number for certain",
    "excluded_by_source": "the source leaves the force out, or gives no rate of it",
    "not_available": "the source has no number for the whole period",
}
NOT_PRINTED_BY_ITS_REPORT = "its report in this release prints no such row for this period"


def quartile_rank_rows(
    tables: Tables, rules_programme_id: str | None = None
) -> tuple[list[dict[str, Any]], list[Issue]]:
    """Rows of ``quartile_ranks``, and what was found on the way.

    ``tables``: rows by table name, as in ``schema``: reports, figures, annex_rules, outcome_proportions,
    domestic_abuse_outcomes, crime_rates, force_outcomes, force_crime_rates (a table that is not given has no rows).
    ``rules_programme_id``: the round whose rules bind open data of a period that is no round's own; None: no rules
    bind it. A round that no report gives rules of is an issue of severity error, and that data is then not ranked.

    Figures in prose are not ranked: they are printed with more or fewer decimals, so that ties say nothing.
    """
    annexes = Annexes(tables, rules_programme_id)
    printed = [group for group in printed_groups(tables) if group.measure in measures_of_tables()]
    groups, issues = one_group_a_period([*printed, *open_data_groups(tables)])
    issues += annexes.wrongly_asked
    rows: list[dict[str, Any]] = []
    for group in groups:
        binding = annexes.binding(group)
        issues += binding.issues
        if not binding.refused:
            forces = _forces_of_round(tables, group) | group.areas - {ENGLAND_AND_WALES} | binding.left_out.keys()
            for category in group.by_category:
                values, found = one_value_a_force(group, category, binding.left_out)
                issues += found
                rows += _rank_rows(group, category, values, sorted(forces), binding)
    return rows, list(dict.fromkeys(issues))


def bands(values: Mapping[str, Fraction]) -> dict[str, tuple[int, str]]:
    """Rank (1 the highest value, ties share the better one) and band of each force.

    A force is ``highest`` when it and every force with the same or a higher value are together at most a quarter of the
    forces ranked, rounded down; ``lowest`` likewise from below; else ``in_line``.
    """
    ordered = sorted(values.values())
    quarter = len(ordered) // 4
    found = {}
    for force, value in values.items():
        as_low = bisect_right(ordered, value)
        as_high = len(ordered) - bisect_left(ordered, value)
        band = "highest" if as_high <= quarter else "lowest" if as_low <= quarter else "in_line"
        found[force] = (len(ordered) - as_low + 1, band)
    return found


def _forces_of_round(tables: Tables, group: Group) -> set[str]:
    """The forces that have a report of the group's round."""
    if group.programme_id is None:
        return set()
    reports = tables.get("reports", ())
    return {row["area_code"] for row in reports if row["programme_id"] == group.programme_id}


def _rank_rows(
    group: Group, category: str, values: Mapping[str, Value], forces: Sequence[str], binding: Binding
) -> Iterable[dict[str, Any]]:
    """One row a force. A value that is not ranked is not shown: the table it comes from has it."""
    counting = {force: value.exact for force, value in values.items() if value.exact is not None}
    ranked = bands(counting) if len(counting) >= MINIMUM_FORCES else {}
    unit = group.by_category[category][0].unit
    for force in forces:
        value = values.get(force)
        rank, band = ranked.get(force, (None, None))
        status, reason = _rank_status(group, value, binding.left_out.get(force), len(counting))
        yield {
            "source": group.source,
            "measure": group.measure,
            "outcome_id": category,
            "area_code": force,
            "period_start": group.period_start,
            "period_end": group.period_end,
            "value": value.value if value and rank else None,
            "unit": unit,
            "rank": rank,
            "forces_ranked": len(counting),
            "band": band,
            "value_status": status,
            "reason": reason,
            "rules_programme_id": binding.programme_id,
        }


def _rank_status(group: Group, value: Value | None, left_out: str | None, counting: int) -> tuple[str, str | None]:
    """value_status, and the reason where there is no rank."""
    if left_out is not None:
        return "excluded_by_source", left_out
    if value is None:
        missing = NOT_PRINTED_BY_ITS_REPORT if group.source == REPORTS else NO_NUMBER["not_available"]
        return "not_available", missing
    if value.exact is None:
        return value.status, NO_NUMBER[value.status]
    if counting < MINIMUM_FORCES:
        return "not_available", f"no rank and no band: {_too_few(counting)}"
    return value.status, None


def _too_few(forces: int) -> str:
    have = f"{forces} force has" if forces == 1 else f"{forces} forces have"
    return f"{have} a value, and at least {MINIMUM_FORCES} are needed"


def comparator_rows(tables: Tables, rules_programme_id: str | None = None) -> tuple[list[dict[str, Any]], list[Issue]]:
    """Rows of ``comparators``, and what was found on the way.

    ``tables``: as for ``quartile_rank_rows``, and statistics; ``rules_programme_id``: as there. Each
    value that reports print for England and Wales and a period has a row of source reports, recomputed only where the
    round's rules say that it is the mean of the forces' rates: printed percentages and rates cannot be added up. Each
    value of open data has a row of that source, from sums over the forces that count, beside the value printed for the
    same period.
    """
    annexes = Annexes(tables, rules_programme_id)
    printed, issues = one_group_a_period(printed_groups(tables))
    opened, found = one_group_a_period(open_data_groups(tables))
    issues += [*found, *annexes.wrongly_asked]
    bound = [(group, annexes.binding(group)) for group in opened]
    issues += [issue for _, binding in bound for issue in binding.issues]
    recomputed = [
        (group, category, binding) for group, binding in bound if not binding.refused for category in group.by_category
    ]
    covered = {_place(group, category) for group, category, _ in recomputed}
    rows: list[dict[str, Any]] = []
    published: dict[tuple[Any, ...], Value] = {}
    undated = undated_levels(tables)
    for group in printed:
        binding = annexes.binding(group)
        issues += binding.issues
        for category in group.by_category:
            value, found = _england_and_wales(group, category)
            issues += found
            if value is not None:
                place = _place(group, category)
                published[place] = value
                computed, found = _from_reports(group, category, binding, place in covered)
                issues += found
                rows.append(_comparator_row(group, category, value, computed, binding))
    for group, category, binding in recomputed:
        computed, found = _from_open_data(group, category, binding)
        issues += found
        value, mention = published.get(_place(group, category)), undated.get(group.measure)
        rows.append(_comparator_row(group, category, value, computed, binding, mention))
    return rows, list(dict.fromkeys(issues))


def _place(group: Group, category: str) -> tuple[Any, ...]:
    """What a printed value and a recomputed one must share to stand side by side."""
    return group.measure, group.period_start, group.period_end, category


def _england_and_wales(group: Group, category: str) -> tuple[Value | None, list[Issue]]:
    """The printed value, without a number where reports print different ones; None where no report prints the row."""
    copies = [value for value in group.by_category[category] if value.area_code == ENGLAND_AND_WALES]
    agreed = agreed_value(copies) if copies else None
    if not copies or agreed is not None:
        return agreed, []
    differs = Value(ENGLAND_AND_WALES, category, None, None, "unassigned", copies[0].unit)
    return differs, [two_numbers(group, category, ENGLAND_AND_WALES, copies)]


@dataclass(frozen=True)
class _Computed:
    """An England and Wales value recomputed, or why it is not; ``forces`` are those it is made of."""

    method: str
    value: Fraction | None
    forces: frozenset[str]
    reason: str | None = None


def _from_reports(group: Group, category: str, binding: Binding, is_covered: bool) -> tuple[_Computed, list[Issue]]:
    """The mean of the forces' printed rates, where the round's rules ask for it; sums cannot be had from reports."""
    if binding.rules and binding.rules.mean_of_forces:
        values, issues = one_value_a_force(group, category, binding.left_out)
        rates = {force: value.exact for force, value in values.items() if value.exact is not None}
        if len(rates) < MINIMUM_FORCES:
            return _Computed(MEAN, None, frozenset(), f"not recomputed: {_too_few(len(rates))}"), issues
        return _Computed(MEAN, sum(rates.values(), Fraction(0)) / len(rates), frozenset(rates)), issues
    reason = "not recomputed: printed percentages and rates of forces cannot be added up without their counts"
    if group.measure in NO_FLAG:
        reason += f", and {NO_FLAG[group.measure]}"
    elif is_covered:
        reason += f"; the row of source {OPEN_DATA_OF[group.measure]} recomputes it"
    elif group.measure in OPEN_DATA_OF:
        reason += ", and no open data of this release covers it"
    return _Computed(SUMS, None, frozenset(), reason), []


def _from_open_data(group: Group, category: str, binding: Binding) -> tuple[_Computed, list[Issue]]:
    """Counts of the forces that count, added up and divided."""
    values, issues = one_value_a_force(group, category, binding.left_out)
    counts = {force: (one.count, one.base) for force, one in values.items() if one.count is not None and one.base}
    if len(counts) < MINIMUM_FORCES:
        return _Computed(SUMS, None, frozenset(), f"not recomputed: {_too_few(len(counts))}"), issues
    total, base = sum(count for count, _ in counts.values()), sum(base for _, base in counts.values())
    return _Computed(SUMS, PER[group.source] * Fraction(total, base), frozenset(counts)), issues


def _comparator_row(
    group: Group,
    category: str,
    printed: Value | None,
    computed: _Computed,
    binding: Binding,
    undated: str | None = None,
) -> dict[str, Any]:
    """One row; ``undated`` are the numbers that reports print without a period."""
    published = printed.exact if printed else None
    unit = group.by_category[category][0].unit
    missing = None
    if printed is None:
        missing = "not printed: no report of this release gives it for this period"
        missing += f" (without a period, {undated} is printed)" if undated else ""
    elif published is None:
        missing = f"no printed value: {NO_NUMBER[printed.status]}"
    reasons = [reason for reason in (missing, computed.reason) if reason]
    return {
        "source": group.source,
        "measure": group.measure,
        "outcome_id": category,
        "period_start": group.period_start,
        "period_end": group.period_end,
        "published_value": None if published is None else float(published),
        "computed_value": None if computed.value is None else float(computed.value),
        "difference": None if published is None or computed.value is None else float(computed.value - published),
        "unit": unit,
        "forces_used": len(computed.forces),
        "exclusions": _exclusions(binding.left_out, computed),
        "method": computed.method,
        "value_status": _comparator_status(printed, computed),
        "reason": "; ".join(reasons) or None,
        "rules_programme_id": binding.programme_id,
    }


def _comparator_status(printed: Value | None, computed: _Computed) -> str:
    if computed.value is not None:
        return "derived"
    return printed.status if printed else "not_available"


def _exclusions(left_out: Mapping[str, str], computed: _Computed) -> str | None:
    """Who is not in the value and why: by the annex, and, where it is recomputed, for want of a number."""
    why = {force: reason.replace(";", ",") for force, reason in left_out.items()}
    if computed.forces:
        for force in force_names().keys() - computed.forces - left_out.keys():
            why[force] = f"{force_names()[force]} has no number in this release for the whole period"
    return "; ".join(f"{force}: {reason}" for force, reason in sorted(why.items())) or None

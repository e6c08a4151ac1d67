"""Rules across the reports of one release (one programme and pillar), which share England and Wales and annex A.

Belongs here: what reports of different forces must say alike. Does not belong here: one report's own contradictions
(``within_report``), and ranking the forces (``pipelines.methodology``).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from expectations.reconcile.numbers import printed
from expectations.reconcile.rule import Offence, ReconcileRule, Row, Tables, lines_of
from expectations.reconcile.within_report import CATEGORY, PERIOD, Said, by_period, period_of
from expectations.suites import WARNING
from pipelines.schema import ENGLAND_AND_WALES

# The section of rules that stand in the notes below a figure, and are lost where its picture is.
FIGURE_NOTES = "footnote"
# The data_status of a figure whose picture is lost.
LOST = "not_in_text"
# What a rule says; its lines and printed words may differ between reports that say the same.
RULE_CONTENT = ("figure", "rule_type", "in_force_chart", "in_england_and_wales", "statement")
_contents = itemgetter(*RULE_CONTENT)

# Columns that these rules look at: of reports, and of rows with a printed number.
OF_REPORTS = ("report_id", "programme_id", "pillar", "extraction", "source_file", "data_period_end")
OF_NUMBERS = ("report_id", "area_code", "value", "decimals", "period_start", "period_end")
OF_STATISTICS = ("measure_id", "unit", "not_exact", "direction", "compared_with_start", "compared_with_end")
# What a number says, of what time.
SAYING = ("value", "decimals", "not_exact", "direction", *PERIOD)

Release = tuple[str, str | None]


def releases(reports: Sequence[Row]) -> dict[str, Release]:
    """Programme and pillar of each report that is extracted."""
    return {
        row["report_id"]: (row["programme_id"], row["pillar"]) for row in reports if row["extraction"] == "extracted"
    }


def files_of(reports: Sequence[Row]) -> dict[str, str]:
    """source_file of each report."""
    return {row["report_id"]: row["source_file"] for row in reports}


def _national_cells(tables: Tables, name: str) -> Iterator[Offence]:
    """Cells of the England and Wales column in which a release's reports differ, in value or in period."""
    release_of = releases(tables["reports"])
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in tables[name]:
        if row["area_code"] == ENGLAND_AND_WALES and row["report_id"] in release_of and row["value"] is not None:
            found[(release_of[row["report_id"]], row[CATEGORY[name]])].append(row)
    files = files_of(tables["reports"])
    for rows in _said_otherwise(found.values()):
        yield from _odd_ones(_said(name, rows), files)


def _national_statistics(tables: Tables) -> Iterator[Offence]:
    """Statements about England and Wales, or the range of all forces, in which a release's reports differ.

    A number without a stated period is held only against others of the same main data period: inspections of one
    programme may be years apart.
    """
    release_of = releases(tables["reports"])
    ends = {row["report_id"]: row["data_period_end"] for row in tables["reports"]}
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in tables["statistics"]:
        if row["area_code"] != ENGLAND_AND_WALES or row["report_id"] not in release_of or row["value"] is None:
            continue
        end = ends[row["report_id"]]
        if row["period_end"] is not None or end is not None:
            found[(release_of[row["report_id"]], row["measure_id"], row["unit"], end)].append(row)
    files = files_of(tables["reports"])
    for rows in _said_otherwise(found.values()):
        for group in by_period(_said("statistics", rows)):
            yield from _odd_ones(group, files)


def _said_otherwise(groups: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """The groups whose rows do not all say the very same, which nearly all of a release do."""
    return (rows for rows in groups if len({tuple(map(row.get, SAYING)) for row in rows}) > 1)


def _said(name: str, rows: Iterable[Row]) -> list[Said]:
    numbers = ((row, printed(row)) for row in rows)
    return [Said(name, row, number, period_of(row)) for row, number in numbers if number is not None]


def _odd_ones(said: Sequence[Said], files: Mapping[str, str]) -> Iterator[Offence]:
    """Statements of several reports that are not as most of them have it; all, where none has more than another."""
    kinds = {(one.number, one.period, one.row.get("direction")): one for one in said}
    if len(kinds) == 1 or len({one.row["report_id"] for one in said}) == 1:
        return
    votes = {id(kind): sum(_alike(kind, one) for one in said) for kind in kinds.values()}
    best = max(votes.values())
    leading = [kind for kind in kinds.values() if votes[id(kind)] == best]
    model = leading[0] if all(_alike(leading[0], kind) for kind in leading) else None
    for one in said:
        others = [kind for kind in ([model] if model else kinds.values()) if kind and not _alike(kind, one)]
        if others:
            yield _odd_one(one, max(others, key=lambda kind: votes[id(kind)]), files)


def _alike(one: Said, other: Said) -> bool:
    """Whether two statements can be the same; a period that is not stated contradicts none."""
    directions = {one.row.get("direction"), other.row.get("direction")} - {None}
    periods = {one.period, other.period} - {None}
    return len(directions) < 2 and len(periods) < 2 and one.number.agrees_with(other.number)


def _odd_one(one: Said, other: Said, files: Mapping[str, str]) -> Offence:
    found, expected = (f"{each.row.get('direction') or ''} {each.number}".strip() for each in (one, other))
    if found == expected:
        found, expected = (f"{each.number} to {each.row['period_end']}" for each in (one, other))
    says = (
        f"England and Wales is {found} here, but {expected} in {files[other.row['report_id']]}, {lines_of(other.row)}"
    )
    return Offence(one.row, says, expected, found)


def _annex_rules(tables: Tables) -> Iterator[Offence]:
    """Rules of annex A or of a figure's notes in which the reports of one release differ.

    The methods of a round are the same for all its reports, so a rule that one report lacks or states otherwise is a
    misprint, lost text or a misreading. What most reports say is taken as expected; between two that differ, what the
    report says that has the rule, or else the first by name. A rule from a figure's own notes that a report lacks
    because the figure is lost there with its picture is a note only.
    """
    release_of = releases(tables["reports"])
    versions: dict[tuple[Any, ...], dict[str, Row]] = defaultdict(dict)
    for rule in tables["annex_rules"]:
        if release := release_of.get(rule["report_id"]):
            versions[(release, rule["rule_id"], rule["area_code"])][rule["report_id"]] = rule
    lost = {(row["report_id"], row["figure"]) for row in tables["figures"] if row["data_status"] == LOST}
    members: dict[Release, list[str]] = defaultdict(list)
    for report_id, release in sorted(release_of.items()):
        members[release].append(report_id)
    files = files_of(tables["reports"])
    for (release, _, _), versions_of_rule in versions.items():
        yield from _differences(versions_of_rule, members[release], files, lost)


def _differences(
    versions: Mapping[str, Row],
    members: Sequence[str],
    files: Mapping[str, str],
    lost: Collection[tuple[str, int | None]],
) -> Iterator[Offence]:
    """What differs in one rule: ``versions`` are its rows by report, ``members`` all reports of the release, ``lost``
    the reports and figures whose picture took the notes with it: they have no say in what is expected."""
    if len(versions) == len(members) and len(set(map(_contents, versions.values()))) == 1:
        return
    rule = next(iter(versions.values()))
    of_notes = rule["section"] == FIGURE_NOTES
    excused = {one for one in members if of_notes and one not in versions and (one, rule["figure"]) in lost}
    contents = {report_id: _content(versions.get(report_id)) for report_id in members}
    voters = [one for one in members if one not in excused]
    counts = Counter(contents[one] for one in voters)
    # The most common; among equals one that is there, then the first by name (max keeps the first of equals).
    model = max(voters, key=lambda one: (counts[contents[one]], contents[one] is not None))
    for report_id in members:
        if contents[report_id] == contents[model]:
            continue
        own, other = versions.get(report_id), versions.get(model)
        missing = {"report_id": report_id, "rule_id": rule["rule_id"], "area_code": rule["area_code"]}
        says = f"not as in {files[model]}: {_stated(own)}; there {_stated(other)}"
        if report_id in excused:
            says += "; the figure's picture is lost with its notes"
        severity = "note" if report_id in excused else None
        yield Offence(own or missing, says, _stated(other), _stated(own), severity=severity)


def _content(rule: Row | None) -> tuple[Any, ...] | None:
    return None if rule is None else _contents(rule)


def _stated(rule: Row | None) -> str:
    if rule is None:
        return "no such rule"
    counted = (rule["in_force_chart"], rule["in_england_and_wales"])
    booleans = "" if counted == (None, None) else f" (chart: {counted[0]}, England and Wales: {counted[1]})"
    return f"{rule['statement']}{booleans}"


def _national_rule(name: str, figure: str) -> ReconcileRule:
    return ReconcileRule(
        id="england_and_wales_alike",
        table=name,
        severity=WARNING,
        description="all reports of a release print the same England and Wales column",
        source=f"{figure}: one England and Wales value a round",
        find=lambda tables: _national_cells(tables, name),
        columns={name: (*OF_NUMBERS, CATEGORY[name]), "reports": OF_REPORTS},
        only={name: ("area_code", (ENGLAND_AND_WALES,))},
    )


RULES = (
    _national_rule("outcome_proportions", "figure 4"),
    _national_rule("domestic_abuse_outcomes", "figure 8"),
    _national_rule("crime_rates", "figure 2"),
    ReconcileRule(
        id="england_and_wales_alike",
        table="statistics",
        severity=WARNING,
        description="all reports of a release state the same values for England and Wales",
        source="one England and Wales value a round",
        find=_national_statistics,
        columns={"statistics": (*OF_NUMBERS, *OF_STATISTICS), "reports": OF_REPORTS},
        only={"statistics": ("area_code", (ENGLAND_AND_WALES,))},
    ),
    ReconcileRule(
        id="rules_alike",
        table="annex_rules",
        severity=WARNING,
        description="all reports of a release state the same rules in annex A and below their figures",
        source="annex A",
        find=_annex_rules,
        needs=("figures",),
        columns={
            "annex_rules": ("report_id", "rule_id", "area_code", "section", *RULE_CONTENT),
            "figures": ("report_id", "figure", "data_status"),
            "reports": OF_REPORTS,
        },
        only={"figures": ("data_status", (LOST,))},
    ),
)

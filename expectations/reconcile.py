"""Rules across rows, tables and reports: rows of tables in, issues out. Each names the lines that it is about.

Belongs here: what must agree between places that print the same thing. Does not belong here: rules about the rows of
one table (``suites``), and what a report prints (``pipelines``).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipelines.issues import Issue

Row = Mapping[str, Any]

# The section of rules that stand in the notes below a figure, and are lost where its picture is.
FIGURE_NOTES = "footnote"
# What a rule says; its lines and printed words may differ between reports that say the same.
RULE_CONTENT = ("figure", "rule_type", "in_force_chart", "in_england_and_wales", "statement")


def differing_rules(rules: Iterable[Row], reports: Sequence[Row], figures: Iterable[Row] = ()) -> list[Issue]:
    """A warning for each rule of annex A or of a figure's notes in which the reports of one release differ.

    The methods of a round are the same for all its reports (of one programme and pillar), so a rule that one report
    lacks or states otherwise is a misprint, lost text or a misreading. What most reports say is taken as expected;
    between two that differ, what the report says that has the rule, or else the first by name. A rule from a figure's
    own notes that a report lacks because the figure is lost there with its picture (``figures``) is a note only.
    """
    files = {row["report_id"]: row["source_file"] for row in reports if row["extraction"] == "extracted"}
    releases = {row["report_id"]: (row["programme_id"], row["pillar"]) for row in reports if row["report_id"] in files}
    versions: dict[tuple[Any, ...], dict[str, Row]] = defaultdict(dict)
    for rule in rules:
        release = releases.get(rule["report_id"])
        if release:
            versions[(*release, rule["rule_id"], rule["area_code"])][rule["report_id"]] = rule
    lost = {(row["report_id"], row["figure"]) for row in figures if row["data_status"] == "not_in_text"}
    issues: list[Issue] = []
    for (programme_id, pillar, _, _), printed in versions.items():
        members = sorted(report_id for report_id, one in releases.items() if one == (programme_id, pillar))
        issues += _differences(printed, members, files, lost)
    return issues


def _differences(
    printed: Mapping[str, Row],
    members: Sequence[str],
    files: Mapping[str, str],
    lost: Collection[tuple[str, int | None]],
) -> Iterator[Issue]:
    """The issues of one rule: ``printed`` are its rows by report, ``members`` all reports of the release, ``lost`` the
    reports and figures whose picture took the notes with it: they have no say in what is expected."""
    rule = next(iter(printed.values()))
    of_notes = rule["section"] == FIGURE_NOTES
    excused = {one for one in members if of_notes and one not in printed and (one, rule["figure"]) in lost}
    contents = {report_id: _content(printed.get(report_id)) for report_id in members}
    voters = [one for one in members if one not in excused]
    counts = Counter(contents[one] for one in voters)
    # The most common; among equals one that is there, then the first by name (max keeps the first of equals).
    model = max(voters, key=lambda one: (counts[contents[one]], contents[one] is not None))
    for report_id in members:
        if contents[report_id] != contents[model]:
            severity = "note" if report_id in excused else "warning"
            yield _difference(report_id, printed.get(report_id), model, printed.get(model), files, severity)


def _content(rule: Row | None) -> tuple[Any, ...] | None:
    return None if rule is None else tuple(rule[name] for name in RULE_CONTENT)


def _difference(
    report_id: str, own: Row | None, model: str, other: Row | None, files: Mapping[str, str], severity: str
) -> Issue:
    rule = own or other
    assert rule is not None, "two reports that lack a rule do not differ in it"
    place = f", lines {own['line_start']}-{own['line_end']}" if own else ""
    return Issue(
        check_id="annex-rules-agree",
        severity=severity,
        message=f"{files[report_id]}{place}: rule {rule['rule_id']} of annex A or a figure's notes is not as in "
        f"{files[model]}: {_said(own)}; there {_said(other)}"
        + ("; the figure's picture is lost with its notes" if severity == "note" else ""),
        table_name="annex_rules",
        report_id=report_id,
        source_file=files[report_id],
        row_key=f"report_id={report_id}, rule_id={rule['rule_id']}, area_code={rule['area_code']}",
        expected=_said(other),
        found=_said(own),
        line_start=own["line_start"] if own else None,
        line_end=own["line_end"] if own else None,
    )


def _said(rule: Row | None) -> str:
    if rule is None:
        return "no such rule"
    counted = (rule["in_force_chart"], rule["in_england_and_wales"])
    booleans = "" if counted == (None, None) else f" (chart: {counted[0]}, England and Wales: {counted[1]})"
    return f"{rule['statement']}{booleans}"

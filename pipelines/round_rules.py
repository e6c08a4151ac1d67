"""Which forces count for a measure: the rules of annex A as the reports of a round give them in ``annex_rules``.

Belongs here: what the rows say of a round and a measure, where reports differ, and which round's rules bind which data.
Does not belong here: finding rules in a report (``extract.annex``) and what is computed by them (``methodology``).

Who is left out stands in ``annex_rules`` only, never here. All reports of a round print the same annex, so each of them
has a vote: a force is left out of a measure's England and Wales value where at least half say so (a tie leaves it out,
as a rule that stands weighs more than one that is missing), and a divided vote is a warning. What annexes leave open
leaves nobody out, and is a warning, too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import takewhile
from typing import TypeVar

from pipelines.force_values import Group, Row, Tables, area_name
from pipelines.issues import Issue
from pipelines.observations import FACT_TABLES
from pipelines.reference import load

# The section of rules that stand in the notes below a figure, and are lost where its picture is.
FIGURE_NOTES = "footnote"
# A rule_id holds this where the England and Wales value is the plain mean of the forces' rates.
MEAN_OF_FORCES = "mean-of-forces"
# The columns of annex_rules that say whether a force counts, and whether it is shown.
COUNTS, SHOWN = "in_england_and_wales", "in_force_chart"

T = TypeVar("T")


@dataclass(frozen=True)
class MeasureRules:
    """What the annexes of one round say of one measure.

    ``left_out``: the forces that do not count towards England and Wales; ``not_shown``: those that the chart or table
    leaves out. Both give the rule's statement by area_code. ``mean_of_forces``: the England and Wales value is the
    plain mean of the forces' rates.
    """

    programme_id: str
    measure: str
    left_out: Mapping[str, str]
    not_shown: Mapping[str, str]
    mean_of_forces: bool
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Binding:
    """The rules that bind some values; None where none do. ``refused``: other rules were asked for that are not there,
    so nothing is to be computed."""

    rules: MeasureRules | None
    issues: tuple[Issue, ...] = ()
    refused: bool = False

    @property
    def left_out(self) -> Mapping[str, str]:
        """The forces that do not count, and why."""
        return self.rules.left_out if self.rules else {}

    @property
    def programme_id(self) -> str | None:
        """The round whose rules they are."""
        return self.rules.programme_id if self.rules else None


@dataclass(frozen=True)
class _Voter:
    """A report and the rules it gives for one measure; ``figure`` shows the measure there, None where none does."""

    report_id: str
    figure: int | None
    rules: tuple[Row, ...]

    def says_out(self, area_code: str, column: str) -> bool | None:
        """Whether the report leaves the force out; None where it says nothing of it, or leaves it open."""
        said = {rule[column] for rule in self.rules if rule["area_code"] == area_code} - {None}
        return False in said if said else None


@dataclass(frozen=True)
class Annexes:
    """The annexes of a release, as rows of reports, figures and annex_rules say them (``tables``).

    ``asked``: the round whose rules bind open data of a period that is no round's own; None: none do.
    """

    tables: Tables
    asked: str | None = None

    @cached_property
    def _rules(self) -> Mapping[str, list[Row]]:
        """The rules of each report."""
        rules: dict[str, list[Row]] = defaultdict(list)
        for rule in self.tables.get("annex_rules", ()):
            rules[rule["report_id"]].append(rule)
        return rules

    @cached_property
    def reports(self) -> list[Row]:
        """The reports that give rules, by report_id."""
        reports = [row for row in self.tables.get("reports", ()) if row["report_id"] in self._rules]
        return sorted(reports, key=lambda row: str(row["report_id"]))

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """The rounds (programme_id) that a report gives rules of: those that may be asked for."""
        return tuple(sorted({row["programme_id"] for row in self.reports}))

    @cached_property
    def wrongly_asked(self) -> tuple[Issue, ...]:
        """The error that the round asked for is one that no report gives rules of, with the rounds that would do."""
        if not self.asked or self.asked in self.rounds:
            return ()
        better = f"ask for {' or '.join(self.rounds)}" if self.rounds else "no report gives rules of any round"
        return (
            Issue(
                check_id="rules-round-known",
                severity="error",
                message=f"rules of {self.asked} are asked for, but no report of this release gives any of that round: "
                f"{better}, or for none; open data that no round's own rules bind is left out",
                table_name="annex_rules",
                expected=", ".join(self.rounds) or None,
                found=self.asked,
            ),
        )

    def binding(self, group: Group) -> Binding:
        """The rules that bind a group of values.

        Reports are bound by their own round. Open data are bound by the round whose main data period ends on the same
        day, else by the round asked for; where no report gives rules of that round, they are refused.
        """
        if group.programme_id is not None:
            return self._bound(group.programme_id, group.measure)
        own = sorted(programme_id for programme_id, days in self._main_period_ends.items() if group.period_end in days)
        if self.asked in own:
            return self._bound(self.asked, group.measure)
        if len(own) == 1 and len(self._main_period_ends[own[0]]) == 1:
            return self._bound(own[0], group.measure)
        unclear = (_unclear(group.period_end, own),) if own else ()
        if not self.asked:
            return Binding(None, unclear)
        if self.asked not in self.rounds:
            return Binding(None, unclear, refused=True)
        return self._bound(self.asked, group.measure, unclear)

    def _bound(self, programme_id: str | None, measure: str, issues: tuple[Issue, ...] = ()) -> Binding:
        rules = self.rules_of(programme_id, measure) if programme_id else None
        return Binding(rules, (*issues, *(rules.issues if rules else ())))

    def rules_of(self, programme_id: str, measure: str) -> MeasureRules | None:
        """What the annexes of a round say of a measure; None where none of them has its figure or a rule for it.

        A rule binds the figure that shows the measure, which is found by its caption in each report. A measure without
        a figure is bound by the rules of the section that bears its name and is tied to no figure ("victim
        satisfaction").
        """
        voters = self._voters(programme_id, measure)
        if not voters:
            return None
        left_out, issues = _votes(voters, COUNTS, self._lost, programme_id, measure)
        not_shown, _ = _votes(voters, SHOWN, self._lost, programme_id, measure)
        means = sum(any(_is_mean(rule) for rule in voter.rules) for voter in voters)
        is_mean = bool(means) and 2 * means >= len(voters)
        return MeasureRules(programme_id, measure, left_out, not_shown, is_mean, tuple(issues))

    @cached_property
    def _lost(self) -> set[tuple[str, int]]:
        """Report and number of every figure that the text does not hold."""
        figures = self.tables.get("figures", ())
        return {(row["report_id"], row["figure"]) for row in figures if row["data_status"] == "not_in_text"}

    @cached_property
    def _captioned(self) -> Mapping[str, Mapping[str, int]]:
        """The number of the figure whose own caption shows a measure, by measure and report: looked for once, since
        each round asks for each measure."""
        found: dict[str, dict[str, int]] = {measure: {} for measure in _captions()}
        for row in self.tables.get("figures", ()):
            for measure, caption in _captions().items():
                if caption.match(row["caption"]):
                    of_report = found[measure].get(row["report_id"], row["figure"])
                    found[measure][row["report_id"]] = min(row["figure"], of_report)
        return found

    @cached_property
    def _of_round(self) -> Mapping[str, list[Row]]:
        """The reports of each round, by report_id."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.reports:
            found[row["programme_id"]].append(row)
        return found

    def _voters(self, programme_id: str, measure: str) -> list[_Voter]:
        reports = self._of_round.get(programme_id, [])
        figures = self._figures_of(reports, measure)
        voters = []
        for report_id in (row["report_id"] for row in reports if not figures or row["report_id"] in figures):
            figure = figures.get(report_id)
            bound = [
                rule
                for rule in self._rules[report_id]
                if rule["figure"] == figure and (figure is not None or _is_about(rule["section"], measure))
            ]
            voters.append(_Voter(report_id, figure, tuple(bound)))
        return voters if figures or any(voter.rules for voter in voters) else []

    def _figures_of(self, reports: Sequence[Row], measure: str) -> dict[str, int]:
        """The number of the figure that shows a measure, by report: by its caption, or as most reports of the pillar
        number it where a report's own caption is lost."""
        own = self._captioned.get(measure, {})
        usual: dict[str | None, Counter[int]] = defaultdict(Counter)
        for report in reports:
            if report["report_id"] in own:
                usual[report["pillar"]][own[report["report_id"]]] += 1
        return {
            report["report_id"]: own.get(report["report_id"], min(_most(usual[report["pillar"]])))
            for report in reports
            if usual[report["pillar"]]
        }

    @cached_property
    def _main_period_ends(self) -> dict[str, set[date]]:
        """By round, the day its main data period ends: what most of its reports state, or equally many."""
        stated: dict[str, Counter[date]] = defaultdict(Counter)
        for row in self.reports:
            if row["data_period_end"] is not None:
                stated[row["programme_id"]][row["data_period_end"]] += 1
        return {programme_id: _most(days) for programme_id, days in stated.items()}


def _most(counts: Counter[T]) -> set[T]:
    """The most common, or those that are equally common."""
    return {one for one, count in counts.items() if count == max(counts.values())}


@cache
def _captions() -> dict[str, re.Pattern[str]]:
    """How the caption of a measure's figure begins, by measure_id."""
    measures = {table.name: table.measure_id for table in FACT_TABLES}
    patterns = {measures[row["table_name"]]: row["caption_pattern"] for row in load("printed_tables")}
    patterns |= {row["measure_id"]: row["caption_pattern"] for row in load("figure_measures")}
    return {measure: re.compile(pattern) for measure, pattern in patterns.items() if measure}


def _is_about(section: str, measure: str) -> bool:
    """Whether the title of an annex section and the name of a measure begin with the same two words."""
    words = zip(section.removeprefix("annex-").split("-"), measure.split("_"), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], words))) >= 2


def _is_mean(rule: Row) -> bool:
    return rule["rule_type"] == "comparator_method" and MEAN_OF_FORCES in rule["rule_id"]


def _votes(
    voters: Sequence[_Voter], column: str, lost: Collection[tuple[str, int]], programme_id: str, measure: str
) -> tuple[dict[str, str], list[Issue]]:
    """The forces that at least half of the reports leave out, with the reason; and the divided votes.

    A report has no vote on a rule that others give only in a figure's notes, where the figure is lost there.
    """
    out: dict[str, str] = {}
    issues: list[Issue] = []
    for area_code in sorted({rule["area_code"] for voter in voters for rule in voter.rules} - {""}):
        about = [rule for voter in voters for rule in voter.rules if rule["area_code"] == area_code]
        against = [rule for rule in about if rule[column] is False]
        if not against:
            issues += _left_open(about, column, len(voters), measure)
            continue
        only_notes = all(rule["section"] == FIGURE_NOTES for rule in against)
        said = [
            voter.says_out(area_code, column)
            for voter in voters
            if not (
                only_notes and (voter.report_id, voter.figure) in lost and voter.says_out(area_code, column) is None
            )
        ]
        if 2 * said.count(True) >= len(said):
            out[area_code] = _reason(against)
        if said.count(True) < len(said):
            issues.append(_divided(against[0], said, area_code in out, programme_id, measure))
    return out, issues


def _reason(against: Iterable[Row]) -> str:
    """The statement that says most: a footnote often gives no reason where the annex does."""
    return max((str(rule["statement"]) for rule in against), key=lambda statement: (len(statement), statement))


def _divided(rule: Row, said: Sequence[bool | None], is_out: bool, programme_id: str, measure: str) -> Issue:
    votes = f"{said.count(True)} of {len(said)}"
    return Issue(
        check_id="annex-votes-agree",
        severity="warning",
        message=f"{programme_id}: {votes} reports leave {area_name(rule['area_code'])} out of the England and Wales "
        f"value of {measure}: here it is {'left out' if is_out else 'counted'}",
        table_name="annex_rules",
        report_id=rule["report_id"],
        row_key=_rule_key(rule),
        expected="the same in every report of the round",
        found=votes,
        line_start=rule["line_start"],
        line_end=rule["line_end"],
    )


def _left_open(about: Sequence[Row], column: str, voters: int, measure: str) -> Iterator[Issue]:
    """A warning for a force that at least half of the reports name without saying whether it counts."""
    settled = {rule["report_id"] for rule in about if rule[column] is not None}
    unsettled = {rule["report_id"]: rule for rule in reversed(about) if rule["report_id"] not in settled}
    if unsettled and 2 * len(unsettled) >= voters:
        rule = unsettled[min(unsettled)]
        yield Issue(
            check_id="annex-leaves-open",
            severity="warning",
            message=f"{rule['report_id']}: whether {area_name(rule['area_code'])} counts towards the England and Wales "
            f"value of {measure} is left open: here it counts",
            table_name="annex_rules",
            report_id=rule["report_id"],
            row_key=_rule_key(rule),
            expected="said to count, or not to",
            found=str(rule["statement"]),
            line_start=rule["line_start"],
            line_end=rule["line_end"],
        )


def _rule_key(rule: Row) -> str:
    return f"report_id={rule['report_id']}, rule_id={rule['rule_id']}, area_code={rule['area_code']}"


def _unclear(period_end: date, own: Sequence[str]) -> Issue:
    why = "more than one round has it as its main data period" if len(own) > 1 else "its reports state different ones"
    return Issue(
        check_id="rules-round-unclear",
        severity="warning",
        message=f"open data to {period_end}: it may be the main data period of {' and '.join(own)}, but {why}: "
        "its rules are used only where they are asked for",
        table_name="reports",
        row_key=f"data_period_end={period_end}",
        expected="one round",
        found=", ".join(own),
    )

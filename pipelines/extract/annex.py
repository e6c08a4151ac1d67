"""Annex A and the figure footnotes, to ``annex_rules``: which forces count for which figure, and how values are made.

Belongs here: which sentences make one rule, whom it binds, and the columns of the table. Does not belong here: the
wording of rules (``annex_shapes``), which figures a sentence speaks of (``annex_sections``), names of forces
(``force_names``), where the annex stands (``structure``), and what is done with the rules (ranks, comparators).

Nothing is concluded from silence: a force is left out of a chart or of the England and Wales value only where a
sentence says so. A sentence that names a force in no known shape becomes a warning. British Transport Police is no
force of the forces table: its rules are general rules (``area_code`` empty, both booleans null) that name it in their
statements.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.extract.annex_sections import Scope, Section, names_referred_to, sections_of
from pipelines.extract.annex_shapes import (
    FORCE_SHAPES,
    TOTALS_DIFFER,
    TROUBLE,
    UNABLE,
    Exclusion,
    Shape,
    exclusion,
    force_shapes,
    general_rules,
    kept,
)
from pipelines.force_names import MASK, Force, Masked, forces_named, mask_forces
from pipelines.issues import Issue
from pipelines.reports import Report
from pipelines.sentences import Sentence
from pipelines.structure import Outline

# What tells what stands below, and is no part of the rule above it.
LEAD_IN = re.compile(r"\baware of the following\b|\blisted below\b|\bplease note\b|:$", re.IGNORECASE)
# A sentence that goes on about the forces named before. Trap: "it is important to note that" is about nobody.
BACK_TO_FORCES = re.compile(r"\b(?:their|its|they)\b|\b(?:this|these|the|those|both) forces?\b", re.IGNORECASE)
BEGINS_WITH_FORCES = re.compile(
    r"^(?:(?:Therefore|However|As a result|Consequently|So),? )?"
    r"(?:(?:The|This|These|Those|Both) forces?|It|Its|They|Their)\b",
    re.IGNORECASE,
)
# "HMIC has decided not to use their outcome data": of the forces of the sentence before.
SAID_OF_FORCES = re.compile(
    r"^(?:(?:Therefore|However|As a result|Consequently|So),? )?(?:HMIC\w*|We) [^.;]*?"
    r"\b(?:their|its|th[eo]se forces'?) ",
    re.IGNORECASE,
)
THE_FORCES = re.compile(r"\b(?:this|these|the|those|both) (?:\w+ )?forces?\b", re.IGNORECASE)
# A sentence that goes on with the paragraph before, though it begins on a line of its own.
GOES_ON = re.compile(
    r"^(?:Therefore|However|Because of|As a result|Consequently|HMIC\w* (?:has|have|will)"
    r"|This (?:is|was|means|makes|affect\w*))\b"
)
# No sentence is as long; patterns would take long over it.
LONGEST = 2000
NOT_COMPARABLE = re.compile(r"\bnot (?:directly )?comparable\b|\binconsistent with\b|\bnot consistent with\b")


@dataclass(frozen=True)
class Note:
    """A sentence of a section. ``begins_line``: it begins on a line of its own, so perhaps a paragraph."""

    sentence: Sentence
    masked: Masked
    begins_line: bool
    scope: Scope

    @property
    def text(self) -> str:
        """The sentence with its forces masked."""
        return self.masked.text


@dataclass(frozen=True)
class Rule:
    """A rule for one figure and force. ``out_of_chart`` and ``out_of_total`` are what its own sentences say;
    ``unknown``: they leave it open."""

    figure: int | None
    rule_type: str
    name: str
    place: str
    force: Force | None
    says: str
    line_start: int
    line_end: int
    out_of_chart: bool = False
    out_of_total: bool = False
    unknown: bool = False

    @property
    def identifier(self) -> str:
        """The same for the same rule in every report of a release: no line, no footnote number."""
        figure = "no-figure" if self.figure is None else f"figure-{self.figure}"
        return f"{figure}-{self.name.replace('_', '-')}-{self.place}"


@dataclass
class _Passage:
    """Sentences that make one rule: about the same forces, or one sentence that names none."""

    section: Section
    notes: list[Note]

    @property
    def first(self) -> Note:
        return self.notes[0]

    @property
    def forces(self) -> tuple[Force, ...]:
        return self.first.masked.forces

    def rule(self, figure: int | None, rule_type: str, name: str, force: Force | None, says: str) -> Rule:
        lines = self.first.sentence.line_start, self.notes[-1].sentence.line_end
        return Rule(figure, rule_type, name, self.section.place, force, says, *lines)


def annex_rule_rows(report: Report, outline: Outline) -> tuple[list[dict[str, Any]], list[Issue]]:
    """One row per rule, figure and force (``schema.ANNEX_RULES``), and what could not be understood."""
    captions = {figure: caption.text for figure, caption in outline.figures().items()}
    sections, unresolved = sections_of(outline)
    issues = [
        _issue(report, one.sentence, "annex-reference", f"refers to {one.name!r}, which is no section of the annex")
        for one in unresolved
    ]
    rules: list[Rule] = []
    sections, endless = _without_endless(sections)
    what = f"is longer than {LONGEST} characters, so lost stops are likely: no rule is made of it"
    issues += [_issue(report, sentence, "annex-sentence", what) for sentence in endless]
    for section in sections:
        for passage in _passages(section, Scope(section, captions)):
            found = _force_rules(passage) if passage.forces else _general_rules(passage)
            rules += found
            issues += _not_understood(report, passage, found)
    return _rows(report, rules), issues


def _without_endless(sections: Iterable[Section]) -> tuple[list[Section], list[Sentence]]:
    """The sections without sentences that are too long to be sentences, and those of these that name a force."""
    kept_sections = []
    endless: list[Sentence] = []
    for section in sections:
        short = tuple(sentence for sentence in section.sentences if len(sentence.text) <= LONGEST)
        if len(short) < len(section.sentences):
            endless += [one for one in section.sentences if len(one.text) > LONGEST and forces_named(one.text)]
            section = replace(section, sentences=short)
        kept_sections.append(section)
    return kept_sections, endless


# --- Sentences to passages ------------------------------------------------------------------------
def _passages(section: Section, scope: Scope) -> list[_Passage]:
    passages: list[_Passage] = []
    for note in _notes(section.sentences, scope):
        if passages and passages[-1].forces and _belongs_to(note, passages[-1]):
            passages[-1].notes.append(note)
        else:
            passages.append(_Passage(section, [note]))
    return passages


def _notes(sentences: Sequence[Sentence], scope: Scope) -> Iterator[Note]:
    last_line = 0
    for sentence in sentences:
        masked = mask_forces(sentence.text)
        begins_line = sentence.line_start > last_line
        scope = scope.after(masked.text, begins_line)
        last_line = sentence.line_end
        if not names_referred_to(sentence.text):
            yield Note(sentence, masked, begins_line, scope)


def _belongs_to(note: Note, passage: _Passage) -> bool:
    """Whether a sentence goes on with a passage about forces."""
    if LEAD_IN.search(note.text):
        return False
    if note.masked.forces:
        same = set(note.masked.forces) <= set(passage.forces)
        return same and not (note.begins_line and _has_shape(note) and any(_has_shape(one) for one in passage.notes))
    if general_rules(note.text) and not BACK_TO_FORCES.search(note.text):
        return False
    return not note.begins_line or bool(BEGINS_WITH_FORCES.match(note.text) or GOES_ON.match(note.text))


def _has_shape(note: Note) -> bool:
    return bool(exclusion(note.text) or UNABLE.search(note.text) or force_shapes(note.text))


# --- Passages to rules ----------------------------------------------------------------------------
def _general_rules(passage: _Passage) -> list[Rule]:
    note = passage.first
    rules = []
    for shape, says in general_rules(note.text):
        if shape.compares:
            figures = note.scope.all_figures_named(note.text, of_force=False)
        else:
            figures = _bound(note.scope.figures(note.text, of_force=False), passage.section, shape, note.scope)
        rules += [passage.rule(figure, shape.rule_type, shape.name, None, says) for figure in _or_none(figures)]
    return rules


def _bound(figures: frozenset[int], section: Section, shape: Shape, scope: Scope) -> frozenset[int]:
    """The figures that a rule binds; of a section that no figure refers to, those that the shape is about."""
    if figures or section.bound or section.title is None:
        return figures
    return {"every figure": frozenset(scope.captions), "per head": scope.per_head()}.get(shape.binds, figures)


def _force_rules(passage: _Passage) -> list[Rule]:
    figures = passage.first.scope.figures(passage.first.text, of_force=True)
    excluded, _ = _exclusions(passage)
    rules = [
        replace(
            passage.rule(figure, "exclusion", "exclusion", force, _reason(passage)),
            out_of_chart=found.of_chart,
            out_of_total=found.of_total,
        )
        for force, found in excluded.items()
        for figure in _or_none(figures)
    ]
    return rules + _other_rules(passage, figures, excluded.keys())


def _exclusions(passage: _Passage) -> tuple[dict[Force, Exclusion], list[Note]]:
    """Who is left out of what, as the sentences of a passage say together; and the sentences that leave out nobody who
    is known for certain."""
    excluded: dict[Force, Exclusion] = {}
    unclear: list[Note] = []
    linked = False
    for note in passage.notes:
        linked = bool(note.masked.mentions) or (linked and _goes_back(note.text))
        found = exclusion(note.text)
        if found is None:
            if linked and excluded and any(kept(note.text)):
                unclear += [] if _keep(excluded, note) else [note]
            continue
        if found.unclear:
            unclear.append(note)
            continue
        known = linked and (bool(excluded) or not found.bare or _had_trouble(passage))
        left_out = _left_out(passage, note, found, known)
        excluded.update({force: found.joined(excluded.get(force)) for force in left_out})
        # Whoever is meant, nothing is new where all forces are out already.
        done = found.position is None and bool(excluded) and excluded.keys() >= set(passage.forces)
        unclear += [] if left_out or done else [note]
    if any(TOTALS_DIFFER.search(note.text) for note in passage.notes):
        excluded = {force: replace(found, of_total=True) for force, found in excluded.items()}
    return excluded, unclear


def _goes_back(text: str) -> bool:
    return bool(BEGINS_WITH_FORCES.match(text) or SAID_OF_FORCES.match(text))


def _keep(excluded: dict[Force, Exclusion], note: Note) -> bool:
    """Takes back what an exclusion implied and a later sentence denies ("However, they are included in the rate");
    False if the two contradict each other, or it is not clear of whom the later speaks."""
    meant = note.masked.forces or tuple(excluded)
    in_chart, in_total = kept(note.text)
    for force in meant:
        found = excluded.get(force)
        if found is None or not ((in_chart and found.of_chart) or (in_total and found.of_total)):
            continue
        if not found.implied or (in_chart and in_total):
            return False
        excluded[force] = replace(found, of_chart=not in_chart, of_total=not in_total, implied=False)
    return True


def _left_out(passage: _Passage, note: Note, found: Exclusion, known: bool) -> tuple[Force, ...]:
    """The forces that the subject of an exclusion means: those at its mask, or those that the passage is about.

    ``known``: whom a pronoun means is known. Trap: "they" may be incidents of the sentence before, so it counts only in
    an unbroken chain from the forces, and "it" or "they" alone only where data could not be had or are already out.
    """
    if found.position is not None:
        return note.masked.mention_at(found.position)
    return _subject(passage) if known or THE_FORCES.search(note.text) else ()


def _had_trouble(passage: _Passage) -> bool:
    return any(UNABLE.search(note.text) or TROUBLE.search(note.text) for note in passage.notes)


def _subject(passage: _Passage) -> tuple[Force, ...]:
    """The forces that a passage is about: those that were unable to do something, or its only mention; else none."""
    first = passage.first.masked
    unable = UNABLE.search(first.text)
    if unable:
        return first.mention_at(unable.start())
    return first.mentions[0] if len(set(first.mentions)) == 1 else ()


def _other_rules(passage: _Passage, figures: frozenset[int], excluded: Iterable[Force]) -> list[Rule]:
    """The first shape that the passage has, for those forces that it does not leave out.

    Where a contrast is not understood, it is open whether they count.
    """
    contrast = any(found.unclear for note in passage.notes if (found := exclusion(note.text)))
    left = [force for force in passage.forces if force not in set(excluded)]
    for place, shape in enumerate(FORCE_SHAPES) if left else ():
        for note in passage.notes:
            match = force_shapes(note.text).get(place)
            if match is None:
                continue
            mask = match.group().find(MASK)
            meant = note.masked.mention_at(match.start() + mask) if mask >= 0 else _subject(passage)
            bound = _bound(figures, passage.section, shape, note.scope)
            says, unknown = shape.statement(match), shape.leaves_open or contrast
            return [
                replace(
                    passage.rule(figure, shape.rule_type, shape.rule_type, force, says),
                    unknown=unknown,
                )
                for force in meant
                if force in left
                for figure in _or_none(bound)
            ]
    return []


def _or_none(figures: Iterable[int]) -> list[int | None]:
    return [*sorted(figures)] or [None]


def _reason(passage: _Passage) -> str:
    text = " ".join(note.text for note in passage.notes)
    if UNABLE.search(text):
        return "could not supply the data"
    return "data not comparable with other forces'" if NOT_COMPARABLE.search(text) else ""


def _not_understood(report: Report, passage: _Passage, rules: Iterable[Rule]) -> list[Issue]:
    """Forces named of which no rule is made, and sentences of which it is not clear whom they leave out."""
    bound = {rule.force for rule in rules}
    named = {force: note for note in reversed(passage.notes) for force in note.masked.forces}
    issues = [
        _issue(report, note.sentence, "annex-sentence", f"names {force.name} in no known shape: no rule is made of it")
        for force, note in named.items()
        if force not in bound
    ]
    unclear = _exclusions(passage)[1] if passage.forces else []
    what = "leaves something out or keeps it, but not for certain of whom or where: nobody is left out by it"
    return issues + [_issue(report, note.sentence, "annex-sentence", what) for note in unclear]


# --- Rules to rows --------------------------------------------------------------------------------
def _rows(report: Report, rules: Iterable[Rule]) -> list[dict[str, Any]]:
    kept = _once(rules)
    out_of_chart = {(rule.figure, rule.force) for rule in kept if rule.out_of_chart}
    out_of_total = {(rule.figure, rule.force) for rule in kept if rule.out_of_total}
    rows = []
    for rule in kept:
        whom = (rule.figure, rule.force)
        in_chart = None if rule.force is None else whom not in out_of_chart
        in_total = None if rule.force is None else whom not in out_of_total
        # What a value is divided by is of no interest where the force has no value.
        if rule.rule_type == "denominator" and in_chart is False and in_total is False:
            continue
        if rule.unknown:
            in_chart, in_total = in_chart and None, in_total and None
        rows.append(
            {
                "report_id": report.report_id,
                "rule_id": rule.identifier,
                "area_code": rule.force.area_code if rule.force else "",
                "figure": rule.figure,
                "rule_type": rule.rule_type,
                "in_force_chart": in_chart,
                "in_england_and_wales": in_total,
                "statement": _statement(rule),
                "section": rule.place,
                "line_start": rule.line_start,
                "line_end": rule.line_end,
                "printed": report.printed(rule.line_start, rule.line_end),
            }
        )
    return _with_ordinals(rows)


def _once(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that two sentences of one section state alike are one."""
    found: dict[tuple[Any, ...], Rule] = {}
    for rule in rules:
        found.setdefault((rule.identifier, rule.force, rule.says, rule.out_of_chart, rule.out_of_total), rule)
    return list(found.values())


def _with_ordinals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two different rules of one identifier and force are told apart by a number, in the order of the text."""
    seen: Counter[tuple[str, str]] = Counter()
    for row in rows:
        key = (row["rule_id"], row["area_code"])
        seen[key] += 1
        if seen[key] > 1:
            row["rule_id"] = f"{row['rule_id']}-{seen[key]}"
    return rows


def _statement(rule: Rule) -> str:
    """What the lines of a rule say; the booleans of its row are what the whole report says."""
    figure = "" if rule.figure is None else f"Figure {rule.figure}: "
    if rule.force is None:
        return f"{figure}{rule.says}"
    if rule.rule_type != "exclusion":
        return f"{figure}{rule.force.name}: {rule.says}"
    parts = (("the chart", rule.out_of_chart), ("the England and Wales value", rule.out_of_total))
    left_out = [name for name, out in parts if out]
    reason = f" ({rule.says})" if rule.says else ""
    return f"{figure}{rule.force.name} is left out of {' and '.join(left_out)}{reason}"


def _issue(report: Report, sentence: Sentence, check_id: str, what: str) -> Issue:
    place = f"line {sentence.line_start}"
    return Issue(
        check_id=check_id,
        severity="warning",
        message=f"{report.source_file}, {place}: a sentence of annex A or of a figure's footnotes {what}",
        table_name="annex_rules",
        report_id=report.report_id,
        source_file=report.source_file,
        found=sentence.text,
        line_start=sentence.line_start,
        line_end=sentence.line_end,
    )

"""Which figures a sentence of annex A, or of a figure's footnotes, speaks of.

Belongs here: sections, the figures that refer to them, and what narrows or widens that. Does not belong here: what a
sentence says (``annex_shapes``), and the rules made of it (``annex``).

How a sentence finds its figures. In a figure's own section, or in a note below a figure, it speaks of that figure. In a
topic's section it speaks of the figures that it names, or else of those that say 'Please see ‘topic’ above'. If the
title joins two topics ('Recorded crime and crime outcomes') and the sentence speaks of the second only, the figures are
those whose captions speak of it too. What a lead-in says of figures and topics holds for all that follows it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from pipelines.force_names import forces_named
from pipelines.sentences import Sentence
from pipelines.structure import Outline
from pipelines.vocabulary import letters

# "Please see ‘Recorded Crime and Crime Outcomes’ above." Trap: "for the reasons described under ‘Recorded Crime and
# Crime Outcomes’ above" makes nothing of that section apply, so the sentence must begin with "see".
REFERENCE = re.compile(r"^(?:Please )?[Ss]ee (?P<titles>.+?),? (?:section )?above\b")
QUOTED = re.compile(r"'([^']+)'")
# Trap: "in figures 4 and 8" names two.
FIGURES_NAMED = re.compile(r"\bfigures? (\d{1,2})\b(?:(?:,| and| or| to) (?:figure )?(\d{1,2})\b)?", re.IGNORECASE)
# "Other points … are listed below and also apply to figure 4": holds for all that follows in the section.
APPLIES_TO_FIGURE = re.compile(r"\bappl(?:y|ies) to figures? \d", re.IGNORECASE)
# "For crime outcomes, ...". Trap: "For the 12 months to 30 June 2016, ..." opens with a period.
OPENING_SCOPE = re.compile(r"^For (?P<scope>[^,.\d]{3,60}),")
# "unable to provide arrest data", "excluded from domestic abuse outcomes data".
DATA_SCOPE = re.compile(
    r"\b(?:provide|supply|submit|give|from|in) (?:the |our |its |their |any )?(?P<scope>[a-z -]{3,60}?) data\b",
    re.IGNORECASE,
)
PER_HEAD = re.compile(r"\bpopulation\b", re.IGNORECASE)
NOTE = re.compile(r"\bNote: (?P<note>[^.]+\.)")
IN_BRACKETS = re.compile(r"\s{0,4}\([^()]*\)")
# Words that say nothing of what the data are about.
SCOPE_STOP_WORDS = frozenset(
    [
        *(
            "a",
            "all",
            "an",
            "and",
            "any",
            "as",
            "for",
            "from",
            "full",
            "in",
            "is",
            "it",
            "its",
            "of",
            "our",
            "some",
            "the",
        ),
        *("their", "these", "this", "to", "average", "calculation", "chart", "complete", "crime", "data", "figure"),
        *("force", "graph", "number", "police", "proportion", "rate", "recorded", "table", "total", "value"),
        *("england", "wale"),
    ]
)


@dataclass(frozen=True)
class Section:
    """A section of the annex, or the notes below a figure (``title`` None). ``bound``: the figures it speaks of."""

    title: str | None
    figure: int | None
    bound: tuple[int, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics that the title joins: "Recorded crime and crime outcomes" has two."""
        title = IN_BRACKETS.sub("", self.title or "").casefold()
        return tuple(topic for topic in re.split(r",? and ", title) if topic.strip())

    @cached_property
    def place(self) -> str:
        """The section in the form that identifiers have."""
        if self.title is None:
            return "footnote"
        if self.figure is not None:
            return f"annex-figure-{self.figure}"
        return f"annex-{_slug(IN_BRACKETS.sub('', self.title))}"


@dataclass(frozen=True)
class Unresolved:
    """A reference that leads to no section."""

    sentence: Sentence
    name: str


def sections_of(outline: Outline) -> tuple[list[Section], list[Unresolved]]:
    """The notes below figures, then the annex section by section; and the references that lead nowhere."""
    parts = _annex_parts(outline)
    titles = {_letters(title): number for number, (title, figure, _) in enumerate(parts) if figure is None}
    bound: dict[int, set[int]] = defaultdict(set)
    unresolved: list[Unresolved] = []
    for number, (_, figure, sentences) in enumerate(parts):
        if figure is None:
            continue
        bound[number].add(figure)
        for sentence in sentences:
            for name in names_referred_to(sentence.text):
                other = _section_called(name, titles)
                if other is None:
                    unresolved.append(Unresolved(sentence, name))
                else:
                    bound[other].add(figure)
    annex = [
        Section(title, figure, tuple(sorted(bound[number])), tuple(sentences))
        for number, (title, figure, sentences) in enumerate(parts)
    ]
    return [*_notes_below_figures(outline), *annex], unresolved


def _notes_below_figures(outline: Outline) -> list[Section]:
    """Notes by figure; those without figure and number ("Figures marked * are …") are a section of their own."""
    notes: dict[int | None, list[Sentence]] = defaultdict(list)
    for sentence in outline.sentences:
        if sentence.place == "footnote" and (sentence.figure is not None or sentence.footnote is None):
            notes[sentence.figure].append(sentence)
    for note in _source_notes(outline):
        notes[note.figure].append(note)
    return [
        Section(None, figure, () if figure is None else (figure,), tuple(notes[figure]))
        for figure in sorted(notes, key=lambda figure: figure or 0)
    ]


def _annex_parts(outline: Outline) -> list[tuple[str, int | None, list[Sentence]]]:
    """Title, figure and sentences of each section of the annex.

    Trap: a page or bullet that begins with a short line ("X Constabulary and Y") looks like a heading. A heading never
    names a force, so such a line is the beginning of the sentence below it, and no section.
    """
    annex = [sentence for sentence in outline.sentences if sentence.place == "annex"]
    parts: list[tuple[str, int | None, list[Sentence]]] = []
    for section in outline.annex_sections:
        inside = [one for one in annex if section.line_start <= one.line_start <= section.line_end]
        if parts and inside and section.figure is None and forces_named(section.title):
            begun = replace(inside[0], text=f"{section.title} {inside[0].text}", line_start=section.line_start)
            parts[-1][2].extend([begun, *inside[1:]])
        else:
            parts.append((section.title, section.figure, inside))
    return parts


def _source_notes(outline: Outline) -> list[Sentence]:
    """The notes that stand with a figure's source: "Source: … Note: Figures may not sum to 100 percent …"."""
    notes = []
    for part in outline.of_kind("source_note"):
        match = NOTE.search(part.text)
        above = [caption for caption in outline.captions if caption.line_end < part.line_start < outline.annex_start]
        if match and above:
            figure = max(above, key=lambda caption: caption.line_start).figure
            lines = part.line_start, part.line_end
            notes.append(Sentence(match.group("note"), *lines, None, "footnote", None, figure, None, ()))
    return notes


def names_referred_to(text: str) -> list[str]:
    """Names of the sections that a sentence tells the reader to see."""
    if not text.startswith(("Please ", "see ", "See ")):
        return []
    match = REFERENCE.match(text.replace("’", "'").replace("‘", "'"))
    return (QUOTED.findall(match.group("titles")) or [match.group("titles")]) if match else []


def _section_called(name: str, titles: Mapping[str, int]) -> int | None:
    """The section of this name; its heading may say more: "Organised crime groups (OCGs)"."""
    letters = _letters(name)
    if letters in titles:
        return titles[letters]
    longer = [number for title, number in titles.items() if letters and title.startswith(letters)]
    return longer[0] if len(longer) == 1 else None


@dataclass(frozen=True)
class Scope:
    """Which figures the sentences of a section speak of, as read from above.

    ``added``: figures that a lead-in adds for the rest of the section; ``topics``: the topics it is narrowed to;
    ``named``: figures that this paragraph names.
    """

    section: Section
    captions: Mapping[int, str]
    added: frozenset[int] = frozenset()
    topics: frozenset[str] = frozenset()
    named: frozenset[int] = frozenset()

    def after(self, text: str, begins_line: bool) -> "Scope":
        """The scope in a sentence, given that of the sentence before."""
        named = figures_named(text)
        named_here = named or (frozenset() if begins_line else self.named)
        scope = self if named_here == self.named else replace(self, named=named_here)
        if APPLIES_TO_FIGURE.search(text):
            scope = replace(scope, added=self.added | named, named=frozenset())
        spoken = topics_of(text, self.section.topics)
        if spoken:
            # The first topic is what the others are about: what is said of it holds for all.
            scope = replace(scope, topics=frozenset() if self.section.topics[0] in spoken else frozenset(spoken))
        return scope

    def figures(self, text: str, of_force: bool) -> frozenset[int]:
        """The figures that a sentence speaks of. Of a force it says no more than its words: data of one kind do not
        stand for all the figures that refer to the section."""
        if self.section.figure is not None:
            return frozenset(self.section.bound)
        if self.named and figures_named(text):
            return self.named & self.captions.keys()
        topics = self.topics
        opening = OPENING_SCOPE.match(text)
        if of_force and opening:
            topics = frozenset(topics_of(opening.group("scope"), self.section.topics)) or topics
        bound = {figure for figure in self.section.bound if not topics or self._speaks_of(figure, topics)}
        if of_force and len(bound) > 1 and len(self.section.topics) == 1:
            words = _scope_words(text) - _words(self.section.title or "")
            bound = {figure for figure in bound if words <= _words(self.captions.get(figure, ""))}
        return frozenset(bound | (self.added & self.captions.keys()))

    def all_figures_named(self, text: str, of_force: bool) -> frozenset[int]:
        """The figures that a sentence compares: its own and those that its paragraph names."""
        own = replace(self, named=frozenset()).figures(text, of_force)
        return own | (self.named & self.captions.keys())

    def per_head(self) -> frozenset[int]:
        """The figures whose captions are rates per head of population."""
        return frozenset(figure for figure, caption in self.captions.items() if PER_HEAD.search(caption))

    def _speaks_of(self, figure: int, topics: Collection[str]) -> bool:
        return bool(set(topics_of(self.captions.get(figure, ""), self.section.topics)) & set(topics))


@lru_cache(maxsize=4096)
def figures_named(text: str) -> frozenset[int]:
    """Numbers of the figures that a sentence names."""
    return frozenset(int(number) for match in FIGURES_NAMED.findall(text) for number in match if number)


@lru_cache(maxsize=4096)
def topics_of(text: str, topics: tuple[str, ...]) -> tuple[str, ...]:
    """Which topics of a compound title a text speaks of: by their words, or by a last word that is theirs alone."""
    if len(topics) < 2:
        return ()
    plain = " ".join(re.findall(r"[a-z]+", text.casefold()))
    return tuple(topic for topic in topics if topic in plain or _has_own_head(plain, topic, topics))


def _has_own_head(plain: str, topic: str, topics: Iterable[str]) -> bool:
    head = topic.split()[-1].rstrip("s")
    return all(head not in other for other in topics if other != topic) and bool(
        re.search(rf"\b{re.escape(head)}", plain)
    )


def _scope_words(text: str) -> set[str]:
    scopes = [match.group("scope") for match in DATA_SCOPE.finditer(text)]
    opening = OPENING_SCOPE.match(text)
    return _words(" ".join([*scopes, opening.group("scope") if opening else ""]))


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]{2,}", text.casefold())} - SCOPE_STOP_WORDS


def _letters(text: str) -> str:
    return letters(IN_BRACKETS.sub("", text))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")

"""Table ``band_statements``: where a report says that the force is among the highest, in line with or below others.

Belongs here: comparisons with other forces or England and Wales, in words or beside a number, and what they speak of.
Does not belong here: the numbers themselves (``statistics``), and ranks that this project computes (``methodology``).
The annex, which defines the words, footnotes and boxes make no such statement of the force. Nor do comparisons with
guidance, standards or earlier years: whom the force is compared with must be other forces or England and Wales.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.extract.statistics import GOES_ON, LONGEST, Reading, Statement
from pipelines.measures import IN_WORDS, STATED, Measure
from pipelines.prose import Clause, Own, Parsed, lower
from pipelines.reports import Report
from pipelines.schema import ENGLAND_AND_WALES
from pipelines.sentences import Sentence
from pipelines.vocabulary import letters, printed_tables

# Whom the force is compared with. Trap: "in line with national guidance" and "than the force recorded" are other
# things.
OTHERS = (
    r"(?:England\sand\sWales|\b(?:other|many|most|all)\s(?:\w+\s)?forces\b(?:\s(?:in|of|across)\sEngland\sand\sWales)?"
    r"|\bnational\s(?:average|rate|figure)\b|\belsewhere\b(?:\sin\sEngland\sand\sWales)?|\bnationally\b)"
)
# Any character of the same clause or sentence. Trap: the stop in "51.4" ends no sentence.
SAME = r"(?:[^.;]|(?<=\d)\.(?=\d))"
# Up to whom the comparison is with. Trap: "than during the previous 12 months in England and Wales" is one with a
# period.
REACH = rf"(?:(?!\b(?:previous|before|last\syear|guidance|guidelines|standards?)\b){SAME}){{0,90}}?"
IN_ALL = rf"(?:{SAME}{{0,110}}?\bin\sEngland\sand\sWales\b)?"
# Between "more" and its "than". Trap: "more work to do to understand why outcomes are lower than" says lower.
BETWEEN = r"(?:(?!\b(?:higher|lower|more|less|fewer|greater|larger|smaller|above|below)\b)[^.;,])"
COMPARED = rf"s?\b{SAME}{{0,130}}?\bcompar(?:ed|ison)\s(?:to|with)\s{REACH}{OTHERS}"
BAND = re.compile(
    rf"(?P<highest>\b(?:among|amongst|one\sof)\sthe\s(?:very\s)?(?:highest|greatest)\b{IN_ALL})"
    rf"|(?P<lowest>\b(?:among|amongst|one\sof)\sthe\s(?:very\s)?(?:lowest|fewest)\b{IN_ALL})"
    rf"|(?P<in_line>\b(?:broadly\s)?(?:in\sline\swith|similar\sto|comparable\s(?:to|with)|consistent\swith|the\ssame\sas)"
    rf"\s{REACH}{OTHERS}|\bas\s(?:frequently|often)\s(?:{SAME}{{0,40}}?\s)?as\s{REACH}{OTHERS})"
    rf"|(?P<above>(?:\babove\s|\b(?:higher|more|greater|larger)\s(?:{BETWEEN}{{0,110}}?\s)?than\s){REACH}{OTHERS}"
    rf"|\bhigh\s(?:rate|number|level|proportion){COMPARED})"
    rf"|(?P<below>(?:\bbelow\s|\b(?:lower|fewer|less|smaller)\s(?:{BETWEEN}{{0,110}}?\s)?than\s){REACH}{OTHERS}"
    rf"|\blow\s(?:rate|number|level|proportion){COMPARED})"
)
# Asked first: few sentences hold one of these.
BAND_WORDS = [
    "highest",
    "lowest",
    "greatest",
    "fewest",
    "in line with",
    "similar to",
    "compar",
    "consistent with",
    "same as",
    " as often",
    " as frequently",
    "bove ",
    "igher ",
    "ore ",
    "reater ",
    "arger ",
    "elow ",
    "ower ",
    "ewer ",
    "less ",
    "maller ",
]

WHOM_WORDS = ("England and Wales", "forces", "national", "elsewhere", "highest", "lowest", "greatest", "fewest")

# An outcome is named in quotation marks. Trap: "Police's use of 'no suspect identified'": the apostrophe opens nothing.
QUOTED = re.compile(r"(?<=[\s(])['‘“](?P<label>[^'‘’“”]{3,140})['’”](?=[\s,.;:)]|$)")
USE_OF = re.compile(r"\buse\sof\b", re.IGNORECASE)
OUTCOMES = re.compile(r"\boutcomes\b(?!\sfor\svictims)")
DOMESTIC = re.compile(r"\bdomestic", re.IGNORECASE)
# The sentence goes on with what the one before it said.
SUCH = re.compile(r"\b(?:such|of\sthis\s(?:nature|kind)|[Tt]hese\smeasures)\b|^(?:Its|By\scontrast,\sits)\b")

# "not among the highest", "no longer in line with": says nothing of where the force is.
NEGATED = re.compile(r"\b(?:not|nor|neither|never|no|cannot|without|\w+n[’']t)\b[^,;.]{0,40}$", re.IGNORECASE)
# How prose writes a word of a label: "cautions – adults", "charge/summons".
WORD_FORMS = {"charged": "charge", "summonsed": "summons", "summoned": "summons", "police": "", "further": ""}
LABEL_WORD = re.compile(r"[a-z]+")

TABLE_MEASURES = {"outcome_proportions": "outcome_proportion", "domestic_abuse_outcomes": "domestic_abuse_outcome_rate"}


@dataclass(frozen=True)
class Spoken:
    """What a comparison speaks of: a measure, or one or all outcomes of a table; and from which offset on."""

    first: int
    measure_id: str | None = None
    table_name: str | None = None
    outcome_id: str | None = None
    is_quartile_statement: bool = False


def band_statement_rows(report: Report, readings: Iterable[tuple[Sentence, Reading]]) -> list[dict[str, Any]]:
    """Rows of ``band_statements``, from the sentences and what ``read_statistics`` read in them."""
    own = Own(report.area_code, report.force_name)
    rows: list[dict[str, Any]] = []
    numbers: Counter[int] = Counter()
    before, place = Reading(), None
    for sentence, reading in readings:
        if sentence.place == "annex":
            continue
        here = (sentence.place, sentence.question_no, sentence.heading)
        before = before if here == place else Reading()
        for band, last, spoken in band_statements(sentence.text, own, reading, before, report.programme_id):
            rows.append(_row(report, sentence, band, last, spoken, numbers))
        before, place = reading, here
    return rows


def band_statements(
    text: str, own: Own, reading: Reading, before: Reading, programme_id: str
) -> list[tuple[str, int, Spoken]]:
    """Bands that one sentence states, each with the offset where it ends and what it speaks of."""
    if len(text) > LONGEST:
        return []
    if not any(word in text for word in WHOM_WORDS) or not any(word in text for word in BAND_WORDS):
        return []
    matches = list(BAND.finditer(text))
    found = []
    for number, match in enumerate(matches):
        start = matches[number - 1].end() if number else 0
        end = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        words = text[start : match.start()]
        if (
            NEGATED.search(QUOTED.sub(" ", words))
            or _is_of_another_force(words, own)
            or _goes_on_with_another(words, own, before)
        ):
            continue
        context = _Context(text, own, reading, before, programme_id, start, match.start(), match.end(), end)
        for spoken in context.spoken():
            found.append((match.lastgroup or "", match.end(), spoken))
    return found


def _is_of_another_force(words: str, own: Own) -> bool:
    codes = {mention.area.code for mention in Parsed(words, own).areas}
    return bool(codes) and own.code not in codes and codes != {ENGLAND_AND_WALES} and None not in codes


def _goes_on_with_another(words: str, own: Own, before: Reading) -> bool:
    """Whether "This" and "Its" mean a force that the sentence before spoke of, and that is not the report's."""
    if not (GOES_ON.search(words) or SUCH.search(words)):
        return False
    area = before.topic.area
    if area is None or area.code in (own.code, ENGLAND_AND_WALES):
        return False
    return all(mention.area.code != own.code for mention in Parsed(words, own).areas)


@dataclass(frozen=True)
class _Context:
    """One comparison, at ``band_start`` … ``band_end``; ``start`` … ``end`` is what may say what it speaks of."""

    text: str
    own: Own
    reading: Reading
    before: Reading
    programme_id: str
    start: int
    band_start: int
    band_end: int
    end: int

    def spoken(self) -> list[Spoken]:
        """What the comparison speaks of; [] where the sentence does not say."""
        outcomes = self._outcomes(self.start, self.band_start) or self._outcomes(self.band_end, self.end)
        if outcomes:
            return outcomes
        stated = [each for each in self.reading.statements if self.start <= each.first < self.band_start]
        last = stated[-1] if stated else None
        words = self.text[last.quantity.end : self.end] if last else self.text[self.start : self.end]
        named = _compared_in_words(words)
        if named is None and last is None and OUTCOMES.search(self.text[self.start : self.band_start]):
            every = self._all_outcomes()
            return [every] if every else []
        named = named or (None if last else self._stated_in(words))
        if last and named is None:
            return [self._of(last.measure, last.first)]
        if named is None and (GOES_ON.search(self.text) or SUCH.search(self.text)):
            named = self._of_topic()
        return [self._of(named, self.start)] if named else []

    # --- outcomes

    def _outcomes(self, start: int, end: int) -> list[Spoken]:
        found = []
        for match in QUOTED.finditer(self.text, start, end):
            tables = _outcomes_of(self.programme_id, match["label"])
            table = "domestic_abuse_outcomes" if self._is_domestic() else "outcome_proportions"
            if table not in tables:
                continue  # the words "domestic abuse" decide, and that table has no such outcome
            use_of = USE_OF.search(self.text, start, match.start())
            first = use_of.start() if use_of else match.start()
            found.append(Spoken(first, TABLE_MEASURES[table], table, tables[table], use_of is not None))
        return found

    def _is_domestic(self) -> bool:
        if DOMESTIC.search(self.text):
            return True
        return bool(SUCH.search(self.text) and DOMESTIC.search(self.before.topic.text))

    def _all_outcomes(self) -> Spoken | None:
        """All outcomes of figure 4 or 8: "use of outcomes for domestic abuse flagged offences was in line with"."""
        use_of = USE_OF.search(self.text, self.start, self.band_start)
        domestic = self._is_domestic()
        if not use_of and not domestic:
            return None
        table = "domestic_abuse_outcomes" if domestic else "outcome_proportions"
        first = use_of.start() if use_of else self.start
        return Spoken(first, TABLE_MEASURES[table], table, None, use_of is not None)

    # --- measures

    def _of(self, measure: Measure, first: int) -> Spoken:
        table = "statistics" if measure.table_name == "statistics" else None
        if measure.measure_id == "domestic_abuse_positive_outcomes":
            table = "domestic_abuse_outcomes"
        return Spoken(first, measure.measure_id, table)

    def _stated_in(self, words: str) -> Measure | None:
        """The one measure of ``statistics`` whose subject the words name."""
        parsed = Parsed(words, self.own)
        form = parsed.form(Clause(0, len(words), "main"), parsed.quantities[0]) if parsed.quantities else words
        form = lower(form)
        found = [
            measure
            for measure in STATED
            if measure.kind == "level"
            and measure.may_be_named_in(form)
            and measure.subject_words.search(form)
            and not (measure.unless_words and measure.unless_words.search(form))
        ]
        return found[0] if len(found) == 1 else None

    def _of_topic(self) -> Measure | None:
        statements: tuple[Statement, ...] = self.before.statements
        if statements:
            return statements[-1].measure
        words = f"{self.before.topic.text} {self.text[self.start : self.end]}"
        return _compared_in_words(words) or self._stated_in(words)


def _compared_in_words(words: str) -> Measure | None:
    """The measure of ``IN_WORDS`` that the words name."""
    lowered = lower(words)
    named = (measure for measure in IN_WORDS if measure.may_be_named_in(lowered))
    return next((measure for measure in named if measure.subject_words.search(lowered)), None)


def _outcomes_of(programme_id: str, label: str) -> dict[str, str]:
    """The outcome that a label in prose names, by table."""
    tables = dict(_outcomes_by_label(programme_id).get(letters(label), ()))
    tables = tables or dict(_outcomes_by_label(programme_id).get(_loosely(label), ()))
    named: set[str | None] = {*tables.values()} or {_evidential(label)}
    if len(named) != 1:
        return tables
    (outcome_id,) = named
    rows = {table.table_name: {row.row_id for row in table.rows} for table in printed_tables(programme_id)}
    return {
        table: outcome_id for table in TABLE_MEASURES if outcome_id is not None and outcome_id in rows.get(table, ())
    }


def _loosely(label: str) -> str:
    """The label's words as one, each in one form: plurals, and "charge" for "charged"."""
    words = LABEL_WORD.findall(label.casefold())
    return "".join(WORD_FORMS.get(word, word).rstrip("s") if len(word) > 3 else word for word in words)


def _evidential(label: str) -> str | None:
    """The outcome of the types 14 to 16, whose rows in figure 4 are told by the heading above them."""
    words = letters(label)
    if not words.startswith("evidentialdifficult"):
        return None
    against, supports = "notsupport" in words, "victimsupports" in words
    if "suspectnotidentified" in words:
        return None if supports else "evidential_suspect_not_identified"
    if against == supports:
        return None
    victim = "victim_supports" if supports else "victim_does_not_support"
    return f"evidential_suspect_identified_{victim}" if "suspectidentified" in words else f"evidential_{victim}"


@cache
def _outcomes_by_label(programme_id: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Table and outcome by the letters of the label; a label that two rows of a table print is left without outcome."""
    labels: dict[str, dict[str, str | None]] = {}
    for table in printed_tables(programme_id):
        if table.table_name not in TABLE_MEASURES:
            continue
        for row in table.rows:
            for label in {letters(row.label), _loosely(row.label)}:
                tables = labels.setdefault(label, {})
                tables[table.table_name] = None if table.table_name in tables else row.row_id
    return {
        label: tuple((table, row_id) for table, row_id in tables.items() if row_id is not None)
        for label, tables in labels.items()
    }


def _row(
    report: Report, sentence: Sentence, band: str, last: int, spoken: Spoken, numbers: Counter[int]
) -> dict[str, Any]:
    line_start, line_end = sentence.lines(min(spoken.first, last), last)
    numbers[line_start] += 1
    return {
        "report_id": report.report_id,
        "line_start": line_start,
        "row": numbers[line_start],
        "table_name": spoken.table_name,
        "outcome_id": spoken.outcome_id,
        "measure_id": spoken.measure_id,
        "band": band,
        "is_quartile_statement": spoken.is_quartile_statement,
        "line_end": line_end,
        "printed": report.printed(line_start, line_end),
    }

"""Table ``statistics``: figures that the prose states, one row per figure and area.

Belongs here: whose number it is, of which measure and which periods. Does not belong here: the measures (``measures``),
the grammar of a sentence (``prose``) and the report's outline (``structure``).

A sentence is read on its own, except that "This", "It", "The rate", "In England and Wales" and the like go on with the
sentence directly before it. What then cannot be told for certain is left out: a period is null, and a figure whose area
or measure is open is no row but a quality issue. Counts of cases that the inspectorate looked at, fractions and numbers
in words are read only where a measure says how they are said (``Measure.said``).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from pipelines.issues import Issue
from pipelines.measures import (
    PERCENT,
    PERCENTAGE_POINTS,
    POUNDS,
    STATED,
    WORDS,
    Measure,
    by_needed_word,
    earlier_measure,
    named_in,
    range_measure,
)
from pipelines.periods import Period, PrintedPeriod
from pipelines.prose import (
    DIGIT,
    NO_RESULT,
    NUMBER_WORDS,
    REFERRED_FIGURE,
    SAME_PERIOD_OF,
    SAMPLED,
    SAMPLING,
    THAT_PERIOD,
    WANTED,
    WITHIN_TARGET,
    WORDS_OF_NO_RESULT,
    WORDS_OF_WANTED,
    Area,
    AreaMention,
    Clause,
    Denominator,
    Own,
    Parsed,
    Quantity,
    distinct,
    lower,
    may_print_number,
)
from pipelines.questions import question_id
from pipelines.reports import Report
from pipelines.schema import ENGLAND_AND_WALES
from pipelines.sentences import Sentence
from pipelines.structure import Outline

# No sentence of a report is as long: such a run is no sentence (a table without stops), and states nothing.
LONGEST = 1_500
MOST_NUMBERS = 25

# Every figure is printed with one of these words, and few other sentences that have a digit hold one.
NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\sper", re.IGNORECASE)
# One string, parted by |: " rate " keeps its blanks.
UNIT_WORDS = [
    "percent",
    "per cent",
    "%",
    "£",
    "er 1",
    "er one",
    "er million",
    "very 1",
    "very one",
    "each 1",
    "each force",
    " rate ",
    " figure of",
    " average of",
    " of 43",
    " of the 43",
    "forces",
    "people",
    "cases",
    "victims",
    "offenders",
    "computers",
    "devices",
    "persons",
    "households",
    "eighbourhoods",
    "teams",
    "dedicated to",
    "assigned to",
    "deployed to",
    "square miles",
    "police officers",
    "recruiting",
    "pecial ",
    "PCSOs",
    "suspects",
    "command units",
    "population of",
    "OCUs",
    "BCUs",
    "residents",
    "severity score",
    "violent crimes",
    "foreign nationals",
    " of force",
    " it recorded",
    "million",
]
# A sentence in which a measure is ``said`` holds one of these; they spare most sentences the search.
SAID_WORDS = [
    "answer",
    "abandoned",
    "nly ",
    "f these",
    "ategorised",
    "auditable",
    "been recorded",
    "applied",
    "used",
    "accurately",
    "orrectly",
    "roperly",
    "This was",
    "THRIVE",
    "epeat victim",
    "nvestigated",
    "up to date",
    "groups of",
    "average range",
    "reduc",
    "cut th",
    "lowered",
    "brought",
    "number ",
    "expected",
    "falling",
]
# So many sentences behind a sample may count out of it.
FOLLOWING = 4
# "In our 2018/19 inspection, we found that", "since our 2018 re-inspection, which found": a figure of that inspection.
# Trap: "Since our 2018 inspection, it has risen to 95 percent" is one of today.
_INSPECTION = (
    r"(?:our|the|its|HMIC(?:FRS)?['’]s)\s(?:last|previous|earlier|(?P<year{0}>(?:19|20)\d\d)(?:[/–-]\d\d)?)"
    r"\s(?:[\w-]+\s){{0,4}}?(?:re-?inspection|inspection|report|assessment|audit|review)\b"
)
EARLIER_INSPECTION = re.compile(
    rf"\b(?:in|at|during|at\sthe\stime\sof)\s{_INSPECTION.format(1)}"
    rf"|\b{_INSPECTION.format(2)}(?:\sof\s\w+\sfrom\s\d{{4}})?(?:,?\s(?:which|we|where\swe|when\swe))?\s(?:had\s)?"
    r"(?:found|estimated|showed|reported|identified)\b",
    re.IGNORECASE,
)
NAMES_OF_INSPECTIONS = ("inspection", "reinspection", "report", "assessment", "audit", "review")
TODAY = re.compile(r"\b(?:now|currently|today|this\s(?:year|time|inspection))\b", re.IGNORECASE)
# A period that names an inspection, a report or a plan dates no value: "our 2018/19 inspection".
NAMES_A_REPORT = re.compile(
    r"^\s(?:[\w-]+\s){0,4}?(?:re-?inspections?|inspections?|reports?|assessments?|plan|strategy)\b"
)
# "by the end of April 2007": as at its last day.
END_OF = re.compile(r"\bend\sof\s(?:the\s)?$", re.IGNORECASE)
# "by April 2007": neither the month nor a day of it is the period of the value.
BY = re.compile(r"\bby\s(?:the\s)?$", re.IGNORECASE)
# "the 11,187 it recorded": of whom the sentence speaks.
IT_DID = re.compile(r"^\s(?:that\s)?it\s")
# Others than the force, without a name: their figures are nobody's here.
OTHERS = re.compile(
    r"\b(?:across|in|throughout|around)\sthe\s(?:country|region|nation|service|uk|united\skingdom)\b"
    r"|\b(?:other|most|some|many|similar|neighbouring|few|several|all)\s(?:\w+\s){0,2}forces\b"
    r"|\b(?:an?|any|each|every|best|worst)\s(?:[\w-]+\s){0,2}force\b(?![-’'])|\bof\s(?:the\s)?43\sforces\b"
    r"|\bsimilar\s(?:force\s)?group\b|\b(?:highest|lowest)\s(?:[\w-]+\s){0,2}(?:rate|score|figure)\b"
    r"|\bbritish\stransport\spolice\b|\bpolice\sscotland\b|\bcivil\snuclear\sconstabulary\b"
    r"|^forces\b|\b(?:average|typical)\s(?:\w+\s)?force\b|\b(?:nationwide|countrywide|national\s(?:picture|data|figures))\b",
    re.IGNORECASE,
)
# A value of before, without a date. Trap: "in the last year" is the present one.
PAST = re.compile(
    r"^Before\b|\b(?:previously|formerly|at\sthat\stime|compares\swith\s(?:19|20)\d\d,\swhen|used\sto"
    r"|a\syear\s(?:ago|earlier)|(?<!the\s)last\syear)\b",
    re.IGNORECASE,
)
# One of these stands in all of it.
WORDS_OF_THE_PAST = ("before", "previously", "formerly", "time", "when", "used", "ago", "earlier", "last")
# What ought to be or may be is no value. Trap: the month is "May".
NOT_SO = re.compile(r"\b(?:will|would|could|might|may|should|must|ought|aiming|needs?\sto|if|If|unless|Unless)\b")
_WORDS_OF_NOT_SO = "will would could might may should must ought aiming need needs if unless"
WORDS_OF_NOT_SO = tuple(_WORDS_OF_NOT_SO.split())
# The heading of a section on all forces.
NATIONAL_HEADING = re.compile(r"^National\b", re.IGNORECASE)

# The sentence goes on with the one before it.
GOES_ON = re.compile(
    r"^(?:However,\s|By\scomparison,\s|In\scomparison,\s)?(?:This|That|These|It|Its|There)\b"
    r"|^(?:Over|During|In)\s(?:this|the|that)\ssame\b"
    # Every "the" and "this" is tried: so their first letter comes before the look behind.
    r"|[Tt](?<!\w[Tt])h(?:e\s(?:(?:force’s\s)?(?:\w+\s)?(?:rate|figure|proportion|share|level|increase|decrease|reduction)"
    r"|England\sand\sWales\s(?:rate|figure|average|proportion))"
    r"|is\s(?:outcome|spending|rate|figure|proportion|share|category|measure|survey))\b"
)
STARTS_WITH_PRONOUN = re.compile(r"^(?:However,\s)?(?:This|That|These|It|Its)\b")
PRONOUNS = ("This", "That", "These", "It", "However")  # asked first: few sentences start so
STARTS_WITH_AREA = re.compile(r"^(?:However,\s)?(?:Across|For|In|Among)\s(?:the\s|all\sforces\sin\s)?$", re.IGNORECASE)

# "the rate of 26.4", "the 5.6 rate": a rate whose unit was said before.
BARE_BEFORE = re.compile(
    r"\b(?:rate|figure|average|proportion|level|ratio)s?(?:\s(?:for|in|across|of)\s[^,;.()]{0,50})?\s(?:of|was|is|at|stood\sat)\s$",
    re.IGNORECASE,
)
BARE_AFTER = re.compile(r"^\s(?:rate|average|figure)\b", re.IGNORECASE)
AREA_AFTER = re.compile(r"^\s(?:in|for|across|nationally)\b", re.IGNORECASE)
# "(1.4 compared with 1.3)": the subject's number, then the one it is compared with.
PAIR_BETWEEN = re.compile(r"^\s(?:compared\s(?:with|to)|against|versus)\s$", re.IGNORECASE)
# "from 3.9 percent to 44.4 percent", "between 331 and 429", "varying between 331 to 429" ...
RANGE_BETWEEN = re.compile(r"^(?:\sto\s|\s?[–-]\s?|\sand\s)$")
RANGE_BEFORE = re.compile(r"\b(?:from|between)\s$", re.IGNORECASE)
# ... among forces. Trap: "from 520 in January to 380 in October" is one force at two times.
AMONG_FORCES = re.compile(
    r"\b(?:between|across|among|by)\s(?:the\s|all\s|police\s)*forces\b|\b(?:in|for)\s(?:each|every)\sforce\b"
    r"|\bfrom\sforce\sto\sforce\b|\blies\sanywhere\b|\b(?:between|across)\sforces\b",
    re.IGNORECASE,
)
# "increased from 20.6 in 2015 to 31.0 in 2016": two levels of two dates.
FROM_TO = re.compile(r"^[^,;.()]{0,40}\sto\s$")

# What stands directly before the earlier of two periods.
COMPARED_BEFORE = re.compile(
    r"(?:compar(?:ed|ison)\s(?:with|to)|set\sagainst|against)\s(?:the\s|that\sof\s|those\sof\s|that\sin\s)*(?:same\speriod\s(?:in|of)\s)?$"
    r"|\bthan\s[^,;.]{0,60}$",
    re.IGNORECASE,
)
# As many characters before a period hold each of the following, and of ``BY`` and ``END_OF``, and one more.
NEAR = 16
SINCE = re.compile(r"\b(?:on|since|from)\s(?:the\s)?$", re.IGNORECASE)
BETWEEN = re.compile(r"\b(?:between|from)\s(?:the\s)?$", re.IGNORECASE)
AND = re.compile(r"^\s(?:and|to)\s(?:the\s)?$")
IN_YEAR = re.compile(r"\b(?:in|during)\s$", re.IGNORECASE)

# A sentence goes on with a measure only if it holds nothing but these words, areas, periods, and the measure's own.
# Traps: "number", "total" and "outcome" are not here: "the number rose" is no rate, "the charge rate" no arrest rate.
PLAIN = """
    a an the this that these those it its they their there which what where while whereas when but however and or as
    than then of in on at for to from by with within over across among between during since before after against versus
    is are was were be been being has have had do does did stands stood remains remained stays stayed saw see show
    shows showed shown say says said reported recorded put puts set
    compare compares compared comparing comparison comparable contrast contrasted line broadly similar similarly close
    equal identical equivalent same different corresponding respectively both also again overall average typical
    above below high higher highest low lower lowest more most less least few fewer fewest great greater large larger
    small smaller better worse rather other exceeds exceeded exceeding
    only just slightly little bit much far well considerably significantly substantially markedly marginally about
    around approximately nearly almost some under half very still now more recently only
    rate rates figure figures proportion proportions share shares level levels ratio percentage average averages
    increase increases increased increasing decrease decreases decreased decreasing rise rises rose risen rising fall
    falls fell fallen falling reduction reductions reduce reduced reducing growth grew grown drop drops dropped decline
    declines declined declining up down went gone change changed unchanged further annual stable
    period periods time times year years month months previous preceding prior earlier last later next
    one area areas whole all national nationally england wales police force forces constabulary population head capita
    per percent point points cent s
"""
PLAIN_WORDS = frozenset(PLAIN.split()) | frozenset(NUMBER_WORDS)
RESPECTIVELY = re.compile(r"\brespectively\b")
# Changes that one sentence may state side by side.
CRIME_FAMILIES = frozenset(("recorded_crime", "victim_based_crime", "domestic_abuse"))
NO_COUNT = re.compile(r"\b(?:all\sbut|except|apart\sfrom|least|most|than)\s$", re.IGNORECASE)

UNITS = {
    "percent": PERCENT,
    "percentage points": PERCENTAGE_POINTS,
    "pounds": POUNDS,
    "million pounds": "million pounds",
    "forces": "forces",
    "millions": "million people",
}


@dataclass(frozen=True)
class Statement:
    """A figure as read: offsets ``first`` … ``last`` of the sentence hold the number and what it was told by.

    ``whole`` is the printed number that a count is out of; ``not_exact`` as in ``Parsed.not_exact``.
    """

    measure: Measure
    area: Area
    quantity: Quantity
    unit: str
    period: Period | None
    compared: Period | None
    first: int
    last: int
    not_exact: str | None = None
    whole: str | None = None


@dataclass(frozen=True)
class Sample:
    """The last number of cases that the inspectorate says it looked at, and what was said from there on."""

    number: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """What the sentence before was about: its text and statements, the area its subject was, and the last sample."""

    parsed: Parsed | None = None
    statements: tuple[Statement, ...] = ()
    before: "Topic | None" = None
    sample: Sample | None = None

    @property
    def text(self) -> str:
        """The sentence."""
        return self.parsed.text if self.parsed else ""

    @cached_property
    def area(self) -> Area | None:
        """The area that "This" and "It" of the next sentence mean: the first clause's, or still the one before."""
        topic: Topic | None = self
        while topic is not None and topic.parsed is not None:
            areas = distinct(topic.parsed.areas_in(topic.parsed.clauses[0]))
            if areas:
                return areas[0] if len(areas) == 1 else None
            topic = topic.before if _starts_with_pronoun(topic.text) else None
        return None


@dataclass(frozen=True)
class Reading:
    """What one sentence states, what in it could not be told for certain, and what cannot be (``faults``)."""

    statements: tuple[Statement, ...] = ()
    doubts: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    topic: Topic = field(default_factory=Topic)


@dataclass(frozen=True)
class Found:
    """Measures that a number may be of (more than one only if periods tell them apart), and how they were found."""

    measures: tuple[Measure, ...]
    by_topic: bool = False
    doubt: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """What a sentence needs of the report: captions of figures it refers to, its heading, periods of surveys, and the
    year that the report's own round of inspections begins in ("2021")."""

    captions: Mapping[int, str] = field(default_factory=dict)
    heading: str = ""
    dated: Mapping[str, Period] = field(default_factory=dict)
    round_begins: str = ""

    @property
    def is_national(self) -> bool:
        """Whether the section is about all forces, so that a number of nobody in particular is not the force's."""
        return bool(NATIONAL_HEADING.match(self.heading))


def statistics_rows(
    report: Report, readings: Iterable[tuple[Sentence, Reading]]
) -> tuple[list[dict[str, Any]], list[Issue]]:
    """Rows of ``statistics``, from what ``read_statistics`` read; an issue for each figure that could not be placed,
    and for each that cannot be."""
    rows: list[dict[str, Any]] = []
    issues: list[Issue] = []
    numbers: Counter[tuple[int, str, str]] = Counter()
    for sentence, reading in readings:
        for statement in reading.statements:
            rows.append(_row(report, sentence, statement, numbers))
        issues += [_issue(report, sentence, fault, "possible") for fault in reading.faults]
        issues += [_issue(report, sentence, doubt, "placed") for doubt in reading.doubts]
    return rows, issues


def read_statistics(report: Report, outline: Outline, boxes: bool = False) -> Iterable[tuple[Sentence, Reading]]:
    """Each sentence of body, summaries and annex in order, with what it states; footnotes state nothing.

    ``boxes``: whether boxes are read too, for families whose findings, with their figures, stand in boxes alone.
    """
    own = Own(report.area_code, report.force_name)
    captions = {number: caption.text for number, caption in outline.figures().items()}
    dated = dated_periods(outline.sentences, own)
    begins = re.search(r"\d{4}", report.programme_id)
    topic, before, surroundings = Topic(), None, Surroundings()
    for sentence in outline.sentences:
        if sentence.place == "footnote" or (sentence.place == "box" and not boxes):
            continue
        here = (sentence.place, sentence.question_no, sentence.heading)
        if here != before:
            topic, before = Topic(), here
            surroundings = Surroundings(captions, sentence.heading or "", dated, begins.group() if begins else "")
        reading = read_sentence(sentence.text, own, topic, surroundings, sentence.place == "annex")
        topic = reading.topic
        yield sentence, reading


def dated_periods(sentences: Sequence[Sentence], own: Own) -> dict[str, Period]:
    """The period of each survey that measures name by ``dated_by``, where the report states one and only one."""
    dated = {}
    for words in {measure.dated_by for measure in STATED if measure.dated_by}:
        pattern = re.compile(words)
        periods = {
            period.period
            for sentence in sentences
            if len(sentence.text) <= LONGEST and "survey" in sentence.text and pattern.search(sentence.text)
            for period in Parsed(sentence.text, own).periods
            if not period.bare_year and not period.period.is_year
        }
        if len(periods) == 1:
            dated[words] = periods.pop()
    return dated


def read_sentence(
    text: str,
    own: Own,
    topic: Topic | None = None,
    surroundings: Surroundings | None = None,
    annex: bool = False,
) -> Reading:
    """What one sentence states. In the annex only ranges among forces and counts of forces are figures."""
    topic, surroundings = topic or Topic(), surroundings or Surroundings()
    if len(text) > LONGEST:
        unread = f"a run of {len(text):,} characters without a stop is no sentence, and its numbers are not read"
        return Reading(doubts=(unread,) if DIGIT.search(text) and any(word in text for word in UNIT_WORDS) else ())
    parsed = Parsed(text, own)
    before = topic if _starts_with_pronoun(text) else None
    if not may_print_number(text):  # most sentences: there is nothing to state
        return Reading(topic=Topic(parsed, (), before, _next_of(topic.sample, text)))
    sample = _sample(text) or _next_of(topic.sample, text)
    has_number = _may_state(text)
    said, said_doubts = ([], []) if annex else _Reader(parsed, topic, surroundings).read_said(sample)
    if not has_number or not any(word in text for word in UNIT_WORDS):
        statements: list[Statement] = []
        doubts: list[str] = []
    else:
        statements, doubts = _Reader(parsed, topic, surroundings, _spans(said)).read(annex)
    statements = [
        _with_words_before(statement, parsed)
        for statement in sorted([*statements, *said], key=lambda statement: statement.quantity.start)
    ]
    return Reading(
        tuple(statements),
        (*said_doubts, *doubts),
        tuple(_faults(parsed)) if has_number or " of" in text else (),
        Topic(parsed, tuple(statements), before, sample),
    )


def _with_words_before(statement: Statement, parsed: Parsed) -> Statement:
    """The statement, not exact if the words before its number say so."""
    not_exact = parsed.not_exact(statement.quantity)
    return replace(statement, not_exact=not_exact) if not_exact else statement


def _faults(parsed: Parsed) -> Iterator[str]:
    """Numbers that cannot be, whatever they are of: a part of less than itself, a range that ends below its begin."""
    for match in parsed.counts:
        part, whole = (_number(NUMBER_WORDS.get(words, words)) for words in match.group("number", "of"))
        if part > whole and not _is_date(parsed, match.start(), match.end()):
            yield f"{parsed.text[match.start() : match.end()]!r} cannot be: the part is more than the whole"
    may_be_range = "force" in parsed.lowered or "anywhere" in parsed.lowered
    for low, high in pairwise(parsed.quantities) if may_be_range else ():
        if low.value > high.value and low.kind in (high.kind, "number") and _is_range(parsed, low, high):
            yield f"{parsed.text[low.start : high.end]!r} cannot be: the range ends below where it begins"


def _is_date(parsed: Parsed, start: int, end: int) -> bool:
    return any(period.start < end and start < period.end for period in parsed.periods)


def _is_range(parsed: Parsed, low: Quantity, high: Quantity) -> bool:
    """Whether two numbers are the ends of a range among forces."""
    between = parsed.text[low.end : high.start]
    if not RANGE_BETWEEN.match(between) or not AMONG_FORCES.search(parsed.text):
        return False
    return between != " and " or bool(RANGE_BEFORE.search(parsed.text[: low.start]))


def _sample(text: str) -> Sample | None:
    """The sample that a sentence says was looked at, which it and the next count out of."""
    found = list(SAMPLED.finditer(text)) if any(verb in text for verb in SAMPLING) else []
    return Sample(found[-1]["number"], (text,)) if found else None


def _next_of(sample: Sample | None, text: str) -> Sample | None:
    """The sample of the sentence before, if this one may still count out of it."""
    if sample is None or len(sample.sentences) > FOLLOWING:
        return None
    return replace(sample, sentences=(*sample.sentences, text))


def _starts_with_pronoun(text: str) -> bool:
    return text.startswith(PRONOUNS) and STARTS_WITH_PRONOUN.match(text) is not None


def _spans(statements: Iterable[Statement]) -> tuple[tuple[int, int], ...]:
    return tuple((statement.quantity.start, statement.quantity.end) for statement in statements)


def _may_state(text: str) -> bool:
    """Whether there is a number at all; one in words only before "percent"."""
    if DIGIT.search(text):
        return True
    return ("percent" in text or "per cent" in text) and NUMBER_WORD.search(text) is not None


def _without_target(text: str) -> str:
    """The text without "within the target time", which wants nothing."""
    return WITHIN_TARGET.sub(" ", text) if "target" in text or "standard" in text else text


def _may_state_in_annex(parsed: Parsed) -> bool:
    """Whether a sentence of the annex may hold what is read there: a range among forces, so many of the 43 forces, or
    too many numbers. Each number has a digit, or "percent" behind it."""
    if "43" in parsed.text or len(DIGIT.findall(parsed.text)) + parsed.lowered.count("cent") > MOST_NUMBERS:
        return True
    return bool(AMONG_FORCES.search(parsed.text))


SAID = (
    *(measure for measure in STATED if measure.said),
    *(earlier_measure(measure) for measure in STATED if measure.said_earlier),
)


@cache
def _fitting(kind: str, is_change: bool) -> list[Measure]:
    """The measures that a number may be of, by its kind and whether it is a change."""
    return [measure for measure in STATED if _fits(measure, kind, is_change)]


@cache
def _fitting_by_word(kind: str, is_change: bool) -> dict[str, set[str]]:
    """Those measures by the words that their naming needs."""
    return by_needed_word(_fitting(kind, is_change))


def _fits(measure: Measure, kind: str, is_change: bool) -> bool:
    if not measure.subject or (measure.kind == "change") != is_change:
        return False
    if kind == "number":
        return measure.kind == "count" or measure.bare or (measure.base is not None and measure.base != "head")
    return UNITS[kind] in measure.units


@dataclass(frozen=True)
class _Reader:
    """Reads one parsed sentence."""

    parsed: Parsed
    topic: Topic
    surroundings: Surroundings
    already: tuple[tuple[int, int], ...] = ()

    @cached_property
    def _naming(self) -> str:
        """In lower case, all that may name a measure: the sentence, captions that it refers to, the sentence before."""
        # A form leaves out intervals, so that words behind them come to stand beside those before them.
        form = self._whole(self.parsed.quantities[0]) if self.parsed.intervals and self.parsed.quantities else ""
        return f"{self.parsed.text} {form} {self._captions(self.parsed.text)} {self.topic.text}".lower()

    def _named(self, quantity: Quantity) -> set[str]:
        """The measures that the number may be of and that are named."""
        return named_in(self._naming, _fitting_by_word(quantity.kind, quantity.direction is not None))

    def _captions(self, words: str) -> str:
        """The captions of the figures that the words refer to."""
        captions = self.surroundings.captions
        numbers = REFERRED_FIGURE.findall(words) if "igure" in words else ()
        return "".join(f" ({captions.get(int(number), '')})" for number in numbers)

    def _is_of_none(self, quantity: Quantity, earlier: list[Statement]) -> bool:
        """Whether there is no measure that the number could be of: nothing is named, and nothing was stated before."""
        if earlier or self.topic.statements:
            return False
        return not self._named(quantity)

    def read_said(self, sample: Sample | None) -> tuple[list[Statement], list[str]]:
        """The figures of measures that are told by how they are ``said``, and by the sentences before."""
        text = self.parsed.text
        if not any(word in text for word in SAID_WORDS):
            return [], []
        quantities = (*self.parsed.counted, *self.parsed.quantities)
        if not quantities:
            return [], []
        own = lower(" ".join((self.topic.text, text)))
        context = lower(" ".join(sample.sentences)) if sample else ""
        may_be_wanted = not self.parsed.words.isdisjoint(WORDS_OF_WANTED)
        wanted = may_be_wanted and WANTED.search(_without_target(text))
        statements: list[Statement] = []
        doubts: list[str] = []
        taken: list[tuple[int, int]] = []
        for quantity in quantities:
            if any(start < quantity.end and quantity.start < end for start, end in taken):
                continue
            taken += [(quantity.start, quantity.end)] if quantity.kind == "counts" else []
            form = lower(f"{text[: quantity.start]}Q{text[quantity.end :]}")
            found = [measure for measure in SAID if self._is_said(measure, quantity, form, own, context)]
            if wanted:
                found = [measure for measure in found if measure.expected]
            if len(found) == 1:
                statement, doubt = self._said(quantity, found[0], sample)
                statements += [statement] if statement else []
                doubts += [doubt] if doubt else []
        return sorted(statements, key=lambda statement: statement.quantity.start), doubts

    def _is_said(self, measure: Measure, quantity: Quantity, form: str, own: str, context: str) -> bool:
        """Whether the number, Q in ``form``, is said as the measure is. ``own``: this sentence and the one before;
        ``context``: the sentences since the last sample; all in lower case."""
        if measure.kind == "count":
            fits = quantity.kind in ("number", "counts", "word")
        elif measure.kind == "change":
            fits = quantity.kind == "number" and quantity.direction is not None
        else:
            fits = quantity.kind in ("percent", "fraction") and quantity.direction is None
        if not fits or not measure.said_words.search(form):
            return False
        of, unless = measure.said_of_words, measure.said_unless_words
        if unless.search(self.parsed.lowered):
            return False
        return any(
            of.search(words) and not unless.search(words)
            for words in ((own, context) if measure.audited and context else (own,))
        )

    def _said(self, quantity: Quantity, measure: Measure, sample: Sample | None) -> tuple[Statement | None, str | None]:
        """The figure; what a count is out of stands in its sentence or is the last sample."""
        whole = quantity.of if quantity.kind == "counts" else None
        if measure.part_of:
            last = self.topic.statements[-1] if self.topic.statements else None
            if last is None or last.measure.measure_id != measure.part_of:
                return None, None
            whole = whole or last.quantity.printed
        elif measure.audited and whole is None and sample:
            whole = sample.number
        clause = self.parsed.clause_of(quantity.start)
        what = f"{self.parsed.text[quantity.start : quantity.end]} ({measure.name})"
        if measure.audited and (whole is None or _number(whole) < quantity.value):
            return None, f"{what} is a count of cases, and out of how many is not certain"
        if measure.maximum is not None and quantity.kind != "fraction" and quantity.value > measure.maximum:
            return None, f"{what} is above what it can be ({measure.maximum:g})"
        past = self._is_past(clause) or self._is_of_earlier_inspection(quantity)
        if past and not measure.measure_id.endswith("_earlier"):
            return None, f"{what} may be a figure of an earlier time"
        area, mention = self._area(quantity, clause, [], Found((measure,)))
        subject = self.topic.area
        others = subject.code != area.code if subject and area else OTHERS.search(self.topic.text)
        if area is None or area.code is None or (mention is None and others):
            return None, f"{what} is a figure whose area is not certain"
        period = self._period(quantity, measure, [], False)
        first = min(quantity.first, mention.start if mention else quantity.first)
        last_of = max(quantity.last, mention.end if mention else 0)
        unit = measure.units[0]
        return Statement(measure, area, quantity, unit, period, None, first, last_of, whole=whole), None

    def read(self, annex: bool) -> tuple[list[Statement], list[str]]:
        """Statements and doubts, in the order of the text."""
        statements: list[Statement] = []
        doubts: list[str] = []
        if annex and not _may_state_in_annex(self.parsed):
            return [], []
        quantities = list(self.parsed.quantities)
        if len(quantities) > MOST_NUMBERS:
            return [], [f"a run with {len(quantities)} numbers is no sentence, and they are not read"]
        if "respectively" in self.parsed.text and RESPECTIVELY.search(self.parsed.text) and not annex:
            return self._respectively(quantities)
        while quantities:
            quantity = quantities.pop(0)
            following = quantities[0] if quantities else None
            if following is not None and _is_range(self.parsed, quantity, following):
                statements += self._range(quantity, quantities.pop(0))
            elif quantity.kind == "forces":
                statements += self._forces(quantity)
            elif annex or self._is_stated_already(quantity):
                continue
            elif following is not None and self._is_pair(quantity, following):
                statements += self._pair(quantity, quantities.pop(0))
            else:
                statement, doubt = self._single(quantity, statements)
                statements += [statement] if statement else []
                doubts += [doubt] if doubt else []
        return statements, doubts

    def _is_stated_already(self, quantity: Quantity) -> bool:
        return any(start < quantity.end and quantity.start < end for start, end in self.already)

    @cached_property
    def _no_result(self) -> bool:
        """Whether the sentence says what is wanted, expected or found in a few cases."""
        if self.parsed.words.isdisjoint(WORDS_OF_NO_RESULT):
            return False
        return bool(NO_RESULT.search(_without_target(self.parsed.text)))

    # --- numbers that stand together

    def _range(self, low: Quantity, high: Quantity) -> list[Statement]:
        scope = lower(f"{self.surroundings.heading}: {self._whole(high)}")
        found = [
            measure
            for measure in STATED
            if measure.ranges
            and measure.subject_words.search(scope)
            and not (measure.unless_words and measure.unless_words.search(scope))
            and (measure.kind == "count") == (high.kind == "number")
            and high.kind in ("percent", "number")
        ]
        if len(found) != 1 or low.value > high.value:
            return []
        first, last = low.start, high.end
        return [
            Statement(
                range_measure(found[0], kind),
                Area(ENGLAND_AND_WALES, f"{kind} force"),
                quantity,
                found[0].units[0],
                self._period(quantity, found[0], [], False),
                None,
                first,
                last,
            )
            for kind, quantity in (("lowest", low), ("highest", high))
        ]

    def _forces(self, quantity: Quantity) -> list[Statement]:
        text, lowered = self.parsed.text, self.parsed.lowered
        found = [
            measure
            for measure in STATED
            if measure.units == ("forces",)
            and measure.subject_words.search(lowered)
            and not (measure.unless_words and measure.unless_words.search(lowered))
        ]
        if len(found) != 1 or quantity.value > 43 or NO_COUNT.search(text[: quantity.start]):
            return []
        area = Area(ENGLAND_AND_WALES, "England and Wales")
        period = self._period(quantity, found[0], [], False)
        return [Statement(found[0], area, quantity, "forces", period, None, quantity.start, quantity.end)]

    def _is_pair(self, one: Quantity, other: Quantity) -> bool:
        text = self.parsed.text
        return bool(PAIR_BETWEEN.match(text[one.end : other.start])) and text[: one.start].endswith("(")

    def _pair(self, one: Quantity, other: Quantity) -> list[Statement]:
        """ "… is in line with the England and Wales figure for … per 1,000 population (1.4 compared with 1.3)"."""
        others = [area for area in distinct(self.parsed.areas) if area.code != self.parsed.own.code]
        if others != [Area(ENGLAND_AND_WALES, "England and Wales")]:
            return []
        scope = lower(self._whole(one))
        found = []
        for measure in STATED:
            if measure.kind != "level" or not measure.subject_words.search(scope):
                continue
            if measure.unless_words and measure.unless_words.search(scope):
                continue
            rate = self._denominator(measure, one) is not None and one.kind == other.kind == "number"
            if rate or (one.kind == "percent" and PERCENT in measure.units):
                found.append(measure)
        if len(found) != 1:
            return []
        areas = (Area(self.parsed.own.code, self.parsed.own.name), others[0])
        period = self._period(one, found[0], [], False)
        unit = found[0].units[0]
        return [
            Statement(found[0], area, quantity, unit, period, None, one.start, other.end)
            for area, quantity in zip(areas, (one, other), strict=True)
        ]

    # --- numbers that stand alone

    def _respectively(self, quantities: list[Quantity]) -> tuple[list[Statement], list[str]]:
        """ "This compares with 7.8 percent and 8.1 percent respectively": of what the sentence before stated, in turn.

        Anything else that is said respectively is left out.
        """
        before = [each for each in self.topic.statements if each.measure.kind in ("level", "change")]
        areas = distinct(self.parsed.areas)
        if len(quantities) < 2:
            return [], []
        measures = tuple(each.measure for each in before)
        doubts = [f"{quantity.printed} is said respectively, and of what is not certain" for quantity in quantities]
        if not all(quantity.kind in ("percent", "percentage points") for quantity in quantities):
            return [], doubts
        is_change = {measure.kind == "change" for measure in measures}
        direction = quantities[0].direction
        certain = (
            len(before) == len(quantities) == len(set(measures))
            and len(areas) == 1
            and areas[0].code is not None
            and all(each.area.code not in (None, areas[0].code) for each in before)
            and len(is_change) == 1
            and is_change == {direction is not None}
            and {quantity.direction for quantity in quantities} <= {direction, None}
            and _starts_with_pronoun(self.parsed.text)
            and not self.parsed.periods
            and not self._names_another(measures, len(self.parsed.text))
        )
        if not certain:
            return [], doubts
        first, last = quantities[0].first, quantities[-1].last
        return [
            Statement(
                each.measure,
                areas[0],
                quantity._replace(direction=direction),
                UNITS[quantity.kind],
                each.period,
                each.compared,
                first,
                last,
            )
            for each, quantity in zip(before, quantities, strict=True)
        ], []

    def _names_another(self, measures: Sequence[Measure], end: int, begin: int = 0) -> bool:
        """Whether the sentence up to here names a subject of its own, so that it does not go on with the measures."""
        parsed = self.parsed
        named = [(mention.start, mention.end) for mention in parsed.areas]
        named += [(quantity.start, quantity.end) for quantity in parsed.quantities]
        named += [(period.start, period.end) for period in parsed.periods]
        named += [(interval.start, interval.end) for interval in parsed.intervals]
        named += [
            (each.start, each.end)
            for each in parsed.denominators
            if any(each.base == measure.base and measure.per_words.search(each.noun) for measure in measures)
        ]
        text = parsed.text
        for start, stop in named:
            text = f"{text[:start]}{' ' * (stop - start)}{text[stop:]}"
        words = WORDS.findall(text[begin:end].replace("’s", "").lower())
        return not all(word in PLAIN_WORDS or any(word in measure.own_words for measure in measures) for word in words)

    def _single(self, quantity: Quantity, earlier: list[Statement]) -> tuple[Statement | None, str | None]:
        if self._is_of_none(quantity, earlier):
            return None, None
        clause = self.parsed.clause_of(quantity.start)
        found = self._measure(quantity, clause, earlier)
        if not found.measures:
            return None, found.doubt
        measure = found.measures[0]
        if clause.kind == "earlier":
            return None, f"{quantity.printed} ({measure.name}) is a figure of an earlier time"
        if self._is_of_earlier_inspection(quantity):
            if not measure.earlier:
                return None, f"{quantity.printed} ({measure.name}) is a figure of an earlier inspection"
            measure = earlier_measure(measure)
        if not measure.expected and self._is_not_so(clause, quantity):
            return None, None
        if self._is_past(clause):
            return None, f"{quantity.printed} ({measure.name}) may be a figure of an earlier time"
        if self._is_of_another_survey(quantity, measure, clause):
            return None, f"{quantity.printed} ({measure.name}) is a figure of another survey"
        area, mention = self._area(quantity, clause, earlier, found)
        if area is None or area.code is None:
            whose = f"of {area.label!r}, which has no code" if area else "whose area is not certain"
            return None, f"{quantity.printed} ({measure.name}) is a figure {whose}"
        period = self._period(quantity, measure, earlier, found.by_topic)
        compared = self._compared(quantity, period, earlier, found) if measure.kind == "change" else None
        if measure.years is not None:
            spans = [
                each
                for each in found.measures
                if period and compared and period.last.year - compared.last.year == each.years
            ]
            if len(spans) != 1:
                return None, f"{quantity.printed} ({measure.name}) is a change between periods that are not certain"
            measure = spans[0]
        if measure.maximum is not None and quantity.direction is None and quantity.value > measure.maximum:
            return None, f"{quantity.printed} is above what {measure.name} can be ({measure.maximum:g})"
        if self._is_one_of_two_dates(quantity):
            return None, f"{quantity.printed} ({measure.name}) is one of two figures of different dates"
        first = min(quantity.first, mention.start if mention else quantity.first)
        last = max(quantity.last, mention.end if mention else 0, self._unit_end(quantity, measure, clause))
        if quantity.interval:
            last = max(last, quantity.interval.end)
        unit = UNITS.get(quantity.kind, measure.units[0])
        return Statement(measure, area, quantity, unit, period, compared, first, last), None

    def _is_of_another_survey(self, quantity: Quantity, measure: Measure, clause: Clause) -> bool:
        """Whether its clause names another year than that of the survey that the measure is dated by."""
        dated = self.surroundings.dated.get(measure.dated_by)
        if dated is None:
            return False
        _, compared = self._values_and_compared
        return any(
            each.period.last.year != dated.last.year
            for each in self.parsed.periods
            if clause.start <= each.start < clause.end and not (measure.kind == "change" and each in compared)
        )

    def _is_one_of_two_dates(self, quantity: Quantity) -> bool:
        """Whether it is a number of "fell from 31.0 in 2015 to 20.6 in 2016"."""
        text, quantities = self.parsed.text, self.parsed.quantities
        place = quantities.index(quantity)
        for one, other in ((place - 1, place), (place, place + 1)):
            if one < 0 or other >= len(quantities):
                continue
            left, right = quantities[one], quantities[other]
            if FROM_TO.match(text[left.end : right.start]) and re.search(r"\bfrom\s$", text[: left.start]):
                return True
        return False

    # --- measure

    def _measure(self, quantity: Quantity, clause: Clause, earlier: list[Statement]) -> Found:
        """The measure: told by the clause, by what the sentence said before, by the whole sentence, by the topic."""
        fitting = _fitting(quantity.kind, quantity.direction is not None)
        if self._no_result:
            fitting = [measure for measure in fitting if measure.expected]
        if not fitting:
            return Found(())
        may_be = self._named(quantity)
        named = [measure for measure in fitting if measure.measure_id in may_be]
        words = self.parsed.form(clause, quantity)
        captions = self._captions(words)
        subject = self._subject_before(quantity, clause, named)
        if subject is not None:
            told = self._told(named, quantity, clause, subject, words)
            doubt = None if told else f"{quantity.printed} is beside several subjects, and of which is not certain"
            return Found(tuple(told), doubt=doubt)
        found = self._told(named, quantity, clause, words + captions, words)
        if found:
            return Found(tuple(found))
        if earlier and self._goes_on_in_sentence(quantity, clause, earlier):
            return self._inherited(self._of_family(fitting, quantity, clause, earlier), quantity, clause, False)
        whole = self._whole(quantity)
        found = self._told(named, quantity, clause, whole + captions, words) if whole != words else []
        if found and earlier:
            return self._inherited(tuple(found), quantity, clause, by_topic=False)
        if found:
            return Found(tuple(found))
        if self._goes_on():
            inherited = self._of_family(fitting, quantity, clause, self.topic.statements)
            if not inherited and not self.topic.statements:
                inherited = tuple(self._told(named, quantity, clause, self.topic.text, words))
            return self._inherited(inherited, quantity, clause, True)
        return Found(())

    def _inherited(self, measures: tuple[Measure, ...], quantity: Quantity, clause: Clause, by_topic: bool) -> Found:
        """The measures, unless the sentence names a subject of its own: its clause, or all of it up to the number."""
        if not measures:
            return Found(())
        if self._names_another(measures, clause.end, 0 if by_topic else clause.start):
            return Found((), doubt=f"{quantity.printed} stands beside {measures[0].name}, but may be of something else")
        return Found(measures, by_topic=by_topic)

    def _subject_before(self, quantity: Quantity, clause: Clause, named: list[Measure]) -> str | None:
        """The words before a change, from the number before it on, where its clause names several measures.

        "recorded crime rose by 6.7 percent and victim-based crime by 9.9 percent": each number is of what stands
        before it. "" where that is several measures.
        """
        if quantity.direction is None:
            return None
        text = self.parsed.text[clause.start : clause.end]
        if len(self._families(named, text)) < 2:
            return None
        start = max((each.end for each in self.parsed.quantities if each.end <= quantity.start), default=0)
        before = self.parsed.text[max(start, clause.start) : quantity.end]
        return before if len(self._families(named, before)) == 1 else ""

    def _families(self, measures: list[Measure], words: str) -> set[str]:
        lowered = lower(words)
        return {
            measure.siblings
            for measure in measures
            if measure.kind == "change" and measure.siblings in CRIME_FAMILIES and measure.subject_words.search(lowered)
        }

    def _told(
        self, measures: list[Measure], quantity: Quantity, clause: Clause, scope: str, words: str
    ) -> list[Measure]:
        """The measures whose subject the scope names and whose form the clause has; [] unless all are of one family."""
        scope, words = lower(scope), lower(words)
        found = [
            measure
            for measure in measures
            if measure.may_be_named_in(scope)
            and measure.subject_words.search(scope)
            and measure.form_words.search(words if measure.kind != "change" else scope)
            and not (measure.unless_words and measure.unless_words.search(scope))
            and self._has_unit(measure, quantity, clause, inherited=False)
        ]
        return found if len({measure.siblings for measure in found}) == 1 else []

    def _of_family(
        self, measures: list[Measure], quantity: Quantity, clause: Clause, statements: Sequence[Statement]
    ) -> tuple[Measure, ...]:
        """The measure of what was stated last, or its sibling: the change of a level, or a level told by its form."""
        for statement in reversed(statements):
            words = lower(self.parsed.form(clause, quantity))
            found = []
            for measure in measures:
                if measure.siblings != statement.measure.siblings:
                    continue
                same = measure.measure_id == statement.measure.measure_id
                if not self._has_unit(measure, quantity, clause, inherited=same):
                    continue
                if same or measure.kind == "change" or measure.form_words.search(words):
                    found.append(measure)
            exact = [measure for measure in found if measure.measure_id == statement.measure.measure_id]
            if exact or found:
                return tuple(exact or found)
        return ()

    def _goes_on_in_sentence(self, quantity: Quantity, clause: Clause, earlier: list[Statement]) -> bool:
        """Whether a clause without a subject of its own goes on with what the sentence stated before."""
        areas = distinct(self.parsed.areas_in(clause))
        if clause.kind == "relative" and not areas:
            return quantity.direction is not None
        return len(areas) == 1 and areas[0] != earlier[-1].area

    def _goes_on(self) -> bool:
        """Whether the sentence goes on with the one before it."""
        text = self.parsed.text
        if GOES_ON.search(text):
            return True
        first = self.parsed.areas[0] if self.parsed.areas else None
        return first is not None and bool(STARTS_WITH_AREA.match(text[: first.start]))

    def _whole(self, quantity: Quantity) -> str:
        return self.parsed.form(Clause(0, len(self.parsed.text), "main"), quantity)

    # --- unit

    def _denominator(self, measure: Measure, quantity: Quantity) -> Denominator | None:
        """What the sentence says the measure's rate is per: behind the number, or else the nearest before it."""
        found = [
            denominator
            for denominator in self.parsed.denominators
            if denominator.base == measure.base and measure.per_words.search(denominator.noun)
        ]
        behind = min(
            (each for each in self.parsed.denominators if each.start >= quantity.end),
            key=lambda each: each.start,
            default=None,
        )
        if behind and behind.base != measure.base and not self._numbers_between(quantity.end, behind.start):
            return None  # "1.55 offences per 1,000", though "per 100,000" stands before it
        for denominator in found:
            between = (quantity.end, denominator.start)
            if between[0] <= between[1] and not self._numbers_between(*between):
                return denominator
        return max(found, key=lambda denominator: denominator.start < quantity.start, default=None)

    def _numbers_between(self, start: int, end: int) -> bool:
        return any(start <= other.start < end for other in self.parsed.quantities)

    def _has_unit(self, measure: Measure, quantity: Quantity, clause: Clause, inherited: bool) -> bool:
        """Whether the number has the measure's unit: printed with it, or clearly the one that was printed before."""
        if quantity.kind == "pounds":
            return inherited or self._denominator(measure, quantity) is not None
        if quantity.kind != "number" or measure.kind == "count" or measure.bare:
            return True
        text, after = self.parsed.text, self.parsed.text[quantity.end :]
        bare = bool(BARE_BEFORE.search(text[: quantity.start]) or BARE_AFTER.match(after))
        if inherited and (bare or (clause.kind == "comparison" and self._is_alone(after, measure))):
            return True
        denominator = self._denominator(measure, quantity)
        if denominator is None:
            return False
        if bare:
            return True
        if denominator.start >= quantity.end:
            if self._numbers_between(quantity.end, denominator.start):
                return False
            between = text[quantity.end : denominator.start]
            return not between.strip() or bool(measure.counted_words.match(after))
        return not self._numbers_between(denominator.end, quantity.start) and bool(measure.counted_words.match(after))

    def _is_alone(self, after: str, measure: Measure) -> bool:
        """Whether nothing, an area or the counted thing follows: "46 in England and Wales", "46 OCGs"."""
        return bool(AREA_AFTER.match(after) or measure.counted_words.match(after) or re.match(r"[.,;)]", after))

    def _unit_end(self, quantity: Quantity, measure: Measure, clause: Clause) -> int:
        if quantity.kind not in ("number", "pounds") or measure.base is None:
            return quantity.last
        denominator = self._denominator(measure, quantity)
        inside = denominator is not None and quantity.end <= denominator.start < clause.end
        return denominator.end if inside and denominator else quantity.last

    # --- area

    def _area(
        self, quantity: Quantity, clause: Clause, earlier: list[Statement], found: Found
    ) -> tuple[Area | None, AreaMention | None]:
        """Whose number it is, and the words that say so. (None, None) where that is open."""
        mentions = self.parsed.areas_in(clause)
        areas = distinct(mentions)
        if len(areas) == 1:
            return areas[0], min(mentions, key=lambda mention: abs(mention.start - quantity.start))
        if areas:
            attached = self._attached(quantity, mentions)
            return (attached.area, attached) if attached else (None, None)
        if clause.kind == "where":
            just = next((each for each in self.parsed.areas if each.end == clause.start), None)
            if just is None and self.parsed.text[: clause.start].endswith("England and Wales"):
                return Area(ENGLAND_AND_WALES, "England and Wales"), None
            return (just.area, just) if just else (None, None)
        if clause.kind == "comparison" and not IT_DID.match(self.parsed.text[quantity.end :]):
            return None, None
        if clause.kind == "relative" and earlier:
            return earlier[-1].area, None
        subject = [
            mention
            for each in self.parsed.clauses
            if each.start < clause.start and each.kind != "comparison"
            for mention in self.parsed.areas_in(each)
        ]
        if subject:
            named = distinct(subject)
            return (named[0], subject[-1]) if len(named) == 1 else (None, None)
        if self.topic.area and (found.by_topic or _starts_with_pronoun(self.parsed.text)):
            return self.topic.area, None
        others = [area for area in distinct(self.parsed.areas) if area.code != ENGLAND_AND_WALES]
        own = Area(self.parsed.own.code, self.parsed.own.name)
        of_others = OTHERS.search(self.parsed.text[clause.start : clause.end])
        if self.surroundings.is_national or of_others or (found.by_topic and OTHERS.search(self.topic.text)):
            return None, None
        if any(measure.named for measure in found.measures) and not self._speaks_of_the_force(others):
            return None, None
        return (own, None) if all(area == own for area in others) else (None, None)

    def _speaks_of_the_force(self, named: list[Area]) -> bool:
        """Whether the sentence names the force, or goes on with one by a pronoun."""
        own = Area(self.parsed.own.code, self.parsed.own.name)
        return own in named or _starts_with_pronoun(self.parsed.text)

    def _is_not_so(self, clause: Clause, quantity: Quantity) -> bool:
        """Whether the words before the number say that it ought to be or may be."""
        if self.parsed.words.isdisjoint(WORDS_OF_NOT_SO):
            return False
        return NOT_SO.search(self.parsed.text[clause.start : quantity.start]) is not None

    def _is_past(self, clause: Clause) -> bool:
        """Whether the clause says, without a date, that its figures are of before."""
        if self.parsed.words.isdisjoint(WORDS_OF_THE_PAST):
            return False
        return PAST.search(self.parsed.text[clause.start : clause.end]) is not None

    def _is_of_earlier_inspection(self, quantity: Quantity) -> bool:
        """Whether the words before the number say that an earlier inspection found it."""
        text = self.parsed.text
        may_be = not self.parsed.words.isdisjoint(NAMES_OF_INSPECTIONS)
        for match in EARLIER_INSPECTION.finditer(text, 0, quantity.start) if may_be else ():
            year = match["year1"] or match["year2"]
            own_round = year is not None and year == self.surroundings.round_begins
            if not own_round and not TODAY.search(text[match.end() : quantity.start]):
                return True
        return False

    def _attached(self, quantity: Quantity, mentions: list[AreaMention]) -> AreaMention | None:
        """The one of several areas that stands right at the number: "4 percent in X", "X’s rate of 4 percent"."""
        text = self.parsed.text
        for mention in mentions:
            between = text[quantity.last : mention.start]
            if mention.start >= quantity.end and re.fullmatch(
                r"[^,;()#]{0,40}?\s(?:in|across|for|by|of)\s(?:the\s|all\sforces\sin\s|all\sforces\sacross\s)?", between
            ):
                return mention
        for mention in reversed(mentions):
            between = text[mention.end : quantity.first]
            if mention.end <= quantity.first and re.fullmatch(
                r"(?:’s|'s|’|')?(?:\s[\w-]+){0,4}\s(?:rate|figure|proportion|average|increase|decrease)\s(?:of|was|is)\s",
                between,
            ):
                return mention
        return None

    # --- periods

    @cached_property
    def _values_and_compared(self) -> tuple[list[PrintedPeriod], list[PrintedPeriod]]:
        """The sentence's periods: those that values are of, and those that they are compared with."""
        text, periods = self.parsed.text, self.parsed.periods
        values, compared = [], []
        may_compare = any(word in self.parsed.lowered for word in ("compar", "against", "than"))
        for number, printed in enumerate(periods):
            before = text[max(0, printed.start - NEAR) : printed.start]
            if self.parsed.clause_of(printed.start).kind == "earlier":
                continue
            if NAMES_A_REPORT.match(text[printed.end :]):
                continue
            if BY.search(before) and printed.period.first != printed.period.last:
                continue
            if END_OF.search(before):
                printed = printed._replace(period=Period(printed.period.last, printed.period.last))
            if printed.bare_year and SAME_PERIOD_OF.search(text[max(0, printed.start - 40) : printed.end]):
                continue
            following = periods[number + 1] if number + 1 < len(periods) else None
            first_of_two = following and BETWEEN.search(before) and AND.match(text[printed.end : following.start])
            since = before.endswith(("since ", "since the ")) or (printed.bare_year and SINCE.search(before))
            if first_of_two or since or (may_compare and COMPARED_BEFORE.search(text[: printed.start])):
                compared.append(printed)
            elif not printed.bare_year or IN_YEAR.search(before):
                values.append(printed)
        return values, compared

    def _period(self, quantity: Quantity, measure: Measure, earlier: list[Statement], by_topic: bool) -> Period | None:
        if measure.dated_by:
            return self.surroundings.dated.get(measure.dated_by)
        values, compared = self._values_and_compared
        if measure.kind != "change":
            values = [self._from_first_of_two(each, compared) for each in values]
        clause = self.parsed.clause_of(quantity.start)
        for candidates in ([each for each in values if clause.start <= each.start < clause.end], values):
            named = {each.period for each in candidates}
            if len(named) == 1:
                return named.pop()
            if named:
                return None
        same = any(statement.measure.siblings == measure.siblings for statement in self.topic.statements)
        if by_topic or THAT_PERIOD.search(self.parsed.text) or (same and self._goes_on()):
            if not self.topic.statements and self.topic.parsed is not None and by_topic:
                named = {each.period for each in self._reader_of_topic(self.topic.parsed)._values_and_compared[0]}
                return named.pop() if len(named) == 1 else None
            stated = {statement.period for statement in self.topic.statements}
            return stated.pop() if len(stated) == 1 else None
        return None

    def _from_first_of_two(self, printed: PrintedPeriod, compared: list[PrintedPeriod]) -> PrintedPeriod:
        """The period that a level covers, from the first day of the one it is joined to: "Between … and …"."""
        text = self.parsed.text
        for first in compared:
            if BETWEEN.search(text[: first.start]) and AND.match(text[first.end : printed.start]):
                return printed._replace(period=Period(first.period.first, printed.period.last))
        return printed

    def _reader_of_topic(self, parsed: Parsed) -> "_Reader":
        return _Reader(parsed, Topic(), self.surroundings)

    def _compared(
        self, quantity: Quantity, period: Period | None, earlier: list[Statement], found: Found
    ) -> Period | None:
        text = self.parsed.text
        _, compared = self._values_and_compared
        clause = self.parsed.clause_of(quantity.start)
        for candidates in ([each for each in compared if clause.start <= each.start < clause.end], compared):
            named = {each.period for each in candidates}
            if len(named) == 1:
                return named.pop()
            if named:
                return None
        same = SAME_PERIOD_OF.search(text) if "same" in self.parsed.lowered else None
        if same:
            return period.ending_in(int(same["year"])) if period else None
        if self.parsed.years_before:
            return period.year_before() if period and period.is_year else None
        if found.by_topic and not self.topic.statements and self.topic.parsed is not None:
            reader = self._reader_of_topic(self.topic.parsed)
            return reader._compared(quantity._replace(start=0), period, [], Found(()))
        if found.by_topic or THAT_PERIOD.search(text):
            stated = {
                statement.compared
                for statement in self.topic.statements
                if statement.measure.kind == "change" and statement.period == period
            }
            return stated.pop() if len(stated) == 1 else None
        return None


def _row(
    report: Report, sentence: Sentence, statement: Statement, numbers: Counter[tuple[int, str, str]]
) -> dict[str, Any]:
    line_start, line_end = sentence.lines(statement.first, statement.last)
    area_code = statement.area.code or ""
    key = (line_start, statement.measure.measure_id, area_code)
    numbers[key] += 1
    quantity = statement.quantity
    in_words = quantity.kind == "fraction"
    of = quantity.of if in_words else statement.whole
    lower, upper, margin = _interval(quantity)
    return {
        "report_id": report.report_id,
        "line_start": line_start,
        "measure_id": statement.measure.measure_id,
        "area_code": area_code,
        "row": numbers[key],
        "area_label": statement.area.label,
        "period_start": statement.period.first if statement.period else None,
        "period_end": statement.period.last if statement.period else None,
        "compared_with_start": statement.compared.first if statement.compared else None,
        "compared_with_end": statement.compared.last if statement.compared else None,
        "value": None if in_words else quantity.value,
        "unit": statement.unit,
        "decimals": None if in_words else quantity.decimals,
        "direction": quantity.direction if statement.measure.kind == "change" else None,
        "value_status": _status(quantity),
        "not_exact": statement.not_exact,
        "interval_lower": lower,
        "interval_upper": upper,
        "interval_margin": margin,
        "numerator": int(quantity.value) if of else None,
        "denominator": int(_number(of)) if of else None,
        "question_id": question_id(report, sentence.question_no),
        "line_end": line_end,
        "printed": report.printed(line_start, line_end),
    }


def _status(quantity: Quantity) -> str:
    """Published where digits are printed; a fraction in words has no number, a count in words has one by us."""
    if quantity.kind == "fraction":
        return "not_printed"
    return "derived" if quantity.kind in ("word", "counts") and quantity.in_words else "published"


def _interval(quantity: Quantity) -> tuple[float | None, float | None, float | None]:
    """Lower and upper limit and margin: limits as printed, or else the number less and plus the printed margin."""
    interval = quantity.interval
    if interval is None:
        return None, None, None
    if interval.margin is None:
        return float(interval.lower or 0), float(interval.upper or 0), None
    margin, decimals = float(interval.margin), max(quantity.decimals, len(interval.margin.partition(".")[2]))
    return round(quantity.value - margin, decimals), round(quantity.value + margin, decimals), margin


def _number(printed: str) -> float:
    return float(printed.replace(",", ""))


def _issue(report: Report, sentence: Sentence, says: str, check: str) -> Issue:
    """A note for what could not be ``placed``; a warning for what is not ``possible``."""
    return Issue(
        f"statistics-{check}",
        "warning" if check == "possible" else "note",
        f"{report.source_file}, lines {sentence.line_start}–{sentence.line_end}: {says}; it is left out of statistics",
        table_name="statistics",
        report_id=report.report_id,
        source_file=report.source_file,
        found=" ".join(sentence.text[:LONGEST].split()),
        line_start=sentence.line_start,
        line_end=sentence.line_end,
    )

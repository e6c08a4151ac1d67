"""What any sentence of a report prints of numbers, areas, directions and comparisons, and how it falls into clauses.

Belongs here: the grammar that all measures share. Does not belong here: which measure a number is of (``measures``),
whose it is and of which period (``extract.statistics``), dates (``periods``), mending (``sentences``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipelines.force_names import force_mentions
from pipelines.periods import PrintedPeriod, printed_periods
from pipelines.programmes import MONTHS
from pipelines.schema import ENGLAND_AND_WALES

DIGIT = re.compile(r"\d")
WORD = re.compile(r"\w+")
# A number with its unit. Traps: "32" in "police32", "15" in "15-minute", "7" in "24/7" and "4" in "4Ps" are none, and
# the
# stop that ends a sentence is no decimal point.
NUMBER = re.compile(
    r"(?=[£\d])(?P<pounds>£\s?)?(?<![\w/.,’-])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<percent>percentage\spoints?|percent\b|per\scent\b|%)|(?P<money>\s?(?:m|k|bn|million|billion|thousand)\b))?"
    r"(?![\w/]|-\w|,\d|\.\d)"
)
# What a rate is per: "per 1,000 population", "for every 100 ballistic items", "per one million of the population",
# "per head".
# In lower case, and looked for there (``Parsed.lowered``): a pattern that ignores case takes twice as long.
DENOMINATOR = re.compile(
    r"\b(?:per|(?:for|in|of|out\sof)\s(?:every|each))\s"
    r"(?P<base>head|capita|1,?000,?000|100,?000|10,?000|1,?000|100|one\smillion|1\smillion|1m|million|one\sthousand|one\shundred)\b"
    r"(?:\s(?:of\s)?(?:the\s)?(?P<noun>[\w’'-]+(?:\s[\w’'-]+){0,5}))?"
)
BASES = {
    "head": "head",
    "capita": "head",
    "1000000": "1,000,000",
    "one million": "1,000,000",
    "1 million": "1,000,000",
    "1m": "1,000,000",
    "million": "1,000,000",
    "100000": "100,000",
    "10000": "10,000",
    "1000": "1,000",
    "one thousand": "1,000",
    "100": "100",
    "one hundred": "100",
}
# "39 out of 43 forces", "39 of the 43": so many of the forces of England and Wales. Trap: 43 is no second figure.
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_WORDS = "|".join(NUMBER_WORDS)
# In lower case, behind a blank: begun with a character, not a look behind, it is found many times faster.
_BY_LETTER = {word[0]: [other[1:] for other in NUMBER_WORDS if other[0] == word[0]] for word in NUMBER_WORDS}
_GROUPED = "|".join(f"{letter}(?:{'|'.join(ends)})" for letter, ends in _BY_LETTER.items())
NUMBER_WORD = re.compile(rf"[^a-z](?:{_GROUPED})\b")
FORCES_COUNT = re.compile(
    rf"(?<![\w.,£-])(?P<number>\d{{1,2}}|{_WORDS})\s(?:out\s)?of\s(?:the\s|all\s)?43\b(?:\s(?:police\s)?forces)?",
    re.IGNORECASE,
)
OF_43 = re.compile(r"\bof\s(?:the\s|all\s|these\s|our\s)*43\b(?!\.\d|\s?(?:%|per))")
# "five percent". Trap: "twenty-five percent" is not five.
WORD_NUMBER = re.compile(
    rf"(?<![\w’-])(?P<number>{_WORDS})\s(?P<percent>percentage\spoints?|percent\b|per\scent\b)", re.IGNORECASE
)
PERCENT_WORD = re.compile(r"\sper(?:cent|\scent)")
TENS = re.compile(r"(?:ty|hundred|thousand|million|and|point|in)\s$")
# "187 of the 194 cases", "131 out of 140", "(28 out of 30)", "Five of the six": a count and what it is out of. Traps:
# "39 of the 43 forces" counts forces, "90 of the 95 percent" and "10 of 2016" count nothing. In lower case.
COUNT_OF = re.compile(
    rf"(?<![\w.,£/-])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+|{_WORDS})\s(?:out\s)?of\s(?:the\s|these\s|those\s|all\s|our\s)?"
    rf"(?P<of>\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{_WORDS})\b)(?![\w%/]|-\w|[.,]\d|\s(?:per|%))"
)
# What every such count ends with; begun with fixed letters, it is found many times faster.
OF_A_NUMBER = re.compile(rf"of\s(?:the\s|these\s|those\s|all\s|our\s)?(?:\d|{_WORDS})")
# "two thirds", "one fifth", in lower case. Traps: "the third quarter", "one third-party supplier", "a second".
PARTS = {"half": "2", "third": "3", "quarter": "4", "fifth": "5", "sixth": "6", "eighth": "8", "tenth": "10"}
FRACTION = re.compile(
    rf"(?<![\w-])(?P<number>one|two|three|four|five|seven|nine)[\s-](?P<of>{'|'.join(PARTS)})s?\b(?!-)"
)
# A number in words on its own, in lower case. Trap: "twenty-three", "three-year", "one hundred".
LONE_WORD = re.compile(rf"(?<![\w-])(?P<number>{_WORDS})(?![\w-]|\s(?:hundred|thousand|million)\b)")
# "(with a confidence interval of +/- 3.4 percent)": the margin. "(95 percent confidence interval 89.1 to 95.3)": the
# limits. Their numbers are no figures of their own. Trap: the level of confidence ("95 percent") is neither.
_LEVEL = r"(?:\d{2}(?:\.\d+)?\s?(?:%|percent|per\scent)\s)?confidence\s(?:intervals?|limits)"
_OF = r"(?:\s(?:of|is|was|from|between|ranging\sfrom))?[\s:]{0,2}"
_PERCENT = r"\s?(?:%|percentage\spoints?|percent\b|per\scent\b)"
INTERVAL = re.compile(
    rf"\(?(?:with\s)?(?:an?\s)?(?:(?<!\w){_LEVEL}{_OF}(?:(?:plus\sor\sminus|\+\s?/\s?[-–−]|\+[-–−]|±)\s?(?P<margin>\d+(?:\.\d+)?)(?:{_PERCENT})?"
    rf"|(?P<lower>\d+(?:\.\d+)?)(?:{_PERCENT})?\s?(?:to|and|[-–])\s?(?P<upper>\d+(?:\.\d+)?)(?:{_PERCENT})?)"
    rf"|(?:plus\sor\sminus|\+\s?/\s?[-–−]|±)\s?(?P<plain>\d+(?:\.\d+)?)(?:{_PERCENT})?)\)?",
    re.IGNORECASE,
)
# Words directly before a number by which a report says that it is not exact. Trap: "some" before a number is one of
# them, "all" is not.
NOT_EXACT = {
    "about": re.compile(r"\b(?:about|around|approximately|roughly|circa|some|an?\sestimated)\s$", re.IGNORECASE),
    "more_than": re.compile(
        r"(?<!no\s)(?<!not\s)\b(?:over|more\sthan|in\sexcess\sof|at\sleast|just\sabove)\s$", re.IGNORECASE
    ),
    "less_than": re.compile(
        r"\b(?:almost|nearly|(?:just\s)?under|up\sto|close\sto|(?:less|fewer)\sthan)\s$", re.IGNORECASE
    ),
}
# The last of these words, one of which stands there then.
_LAST_OF_NOT_EXACT = (
    "about around approximately roughly circa some estimated over than of least above almost nearly under to"
)
LAST_OF_NOT_EXACT = tuple(_LAST_OF_NOT_EXACT.split())
# Numbers that say nothing about performance: figures and questions referred to, money in all, ages.
REFERENCE = re.compile(
    r"(?=[FfRrTtQqSsPpahw19])(?:\b(?:[Ff]igures?|[Rr]ecommendations?|[Tt]ables?|[Qq]uestions?|[Ss]ections?|[Pp]ages?)\s\d{1,3}(?:(?:\sand\s|,\s|\sto\s)\d{1,3})*"
    r"|\b(?:999|101)(?=\sand\s(?:999|101)\b|\s(?:[\w-]+\s){0,2}(?:calls?|callers?|number|line|service|demand)\b)"
    r"|\baged?\s\d+(?:\syears)?|https?://\S+|www\.\S+)"
)
# One of these stands in every reference that is no address.
_WORDS_OF_REFERENCE = (
    "figure figures recommendation recommendations table tables question questions section sections page pages "
    "999 101 age aged"
)
WORDS_OF_REFERENCE = tuple(_WORDS_OF_REFERENCE.split())
# Where ``NUMBER`` may begin.
NUMBER_BEGINS = re.compile(r"[£\d]\d*")
REFERRED_FIGURE = re.compile(r"\b[Ff]igure\s(\d{1,2})\b")

ALL_FORCES = re.compile(
    r"\bEngland\s(?:and|&)\sWales\b|\b(?:the\s)?national\s(?:average|rate|figure|proportion)\b(?!\srange)|\b[Nn]ationally\b"
)
# The force that the report is about, without its name. Trap: "forces" and "the force’s partners" name others.
THE_FORCE = re.compile(
    r"\b(?:the|this)\s(?:force|constabulary)(?:\sarea)?\b|\btheir\s(?:local\s)?area\b", re.IGNORECASE
)
OF_THE_FORCE = ("force", "constabulary", "area")  # one of them stands in each
# Two forces that work as one: their figures are of neither.
ALLIANCE = re.compile(r"\b(?:the|strategic)\s(?:\w+\s)?alliance\b(?!’s\spartners)|\bboth\sforces\b", re.IGNORECASE)
# A part of the force area, or a place that is no force: "in Birmingham", "in one local policing unit". Its figures
# are not
# the force's. Trap: "in England" and "in June" are no such places; sentences begin with capitals.
PLACE = re.compile(
    r"\b(?:in|across|within|In|Across|Within)\s(?:the\s(?=city|town|borough))?(?:city\sof\s|town\sof\s|borough\sof\s)?(?P<name>[A-Z][a-z]{3,})\b"
    r"|\b(?:in|across|within)\s(?:the|one|two|some|each|its)\s(?:\w+\s)?"
    r"(?:boroughs?|districts?|local\spolicing\s(?:areas?|units?)|LPUs?|BCUs?|divisions?|county|counties|cities|city|towns?)\b"
)
NO_PLACE = frozenset(
    (*MONTHS.split("|"), "England", "Wales", "Police", "Home", "This", "These", "Spring", "Summer", "Autumn")
)
# A place whose name means the whole area of a force, in that force's own report.
PLACES_OF_FORCES = {"London": "E23000001"}
# "one of the highest rates in England and Wales": names whom a force is compared with, not whose number it is.
SUPERLATIVE = re.compile(r"\b(?:highest|lowest|largest|smallest|greatest|fewest|most|best|worst)\b[^.;#]{0,60}$")

UP = r"increas(?:e|es|ed|ing)|ris(?:e|es|en|ing)|rose|gr(?:ow|ew|own|owing|owth)|w[eo]nt\sup|gone\sup|up|climbed"
DOWN = (
    r"decreas(?:e|es|ed|ing)|f[ae]ll|falls|fallen|falling|reduc(?:e|es|ed|ing|tion)|drop|dropped|declin(?:e|es|ed|ing)"
    r"|w[eo]nt\sdown|gone\sdown|down|cut"
)
ABOUT = r"(?:(?:about|around|approximately|nearly|almost|over|only|just|some|more\sthan|a\sfurther)\s)?"
# "has increased by 4", "rose in the area by 4". Trap: no other number and no new clause may stand between.
MOVED_BY = re.compile(
    rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))(?:\s\([^()\d]*\))?(?:\s[^,;:.()\d]{{0,60}}?)?\sby\s{ABOUT}$", re.IGNORECASE
)
# "an increase of 4", "the decrease in England and Wales was 4", "up 4".
MOVE_OF = re.compile(
    rf"\b(?:(?P<up>increase|rise|growth)|(?P<down>decrease|fall|reduction|drop|decline))s?"
    rf"(?:\s(?:in|for|across)\s[^,;:.()\d]{{0,50}})?\s(?:of|was|is|being)\s{ABOUT}$"
    rf"|(?<!made\s)(?<!make\s)(?<!makes\s)(?<!making\s)\b(?:(?P<up_>up)|(?P<down_>down))\s{ABOUT}$",
    re.IGNORECASE,
)
# In lower case, words without one of which ``MOVE_OF`` cannot be found; "up" and "down" stand right before the number.
MOVE_NOUNS = ("increase", "rise", "growth", "decrease", "fall", "reduction", "drop", "decline")
# "a 4 percent decrease", "8 percent fewer". The second kind is a change only when compared with an earlier period.
MOVE_AFTER = re.compile(
    r"^\s(?:(?:annual|overall|real-terms)\s)?(?:(?P<up>increase|rise|growth)|(?P<down>decrease|fall|reduction|drop|decline))\b",
    re.IGNORECASE,
)
MORE_AFTER = re.compile(r"^\s(?:(?P<up>more|higher|greater)|(?P<down>fewer|less|lower))\b", re.IGNORECASE)
EARLIER = re.compile(
    r"\bthan\b[^;.]{0,90}?\b(?:previous|preceding|before|earlier|prior|last\syear|(?:19|20)\d\d)\b|\b(?:on|since)\s(?:19|20)\d\d\b",
    re.IGNORECASE,
)
# What is wanted or expected, or found in a handful of cases, is no result: "aims to reduce … by 10 percent", "a
# sample of". Trap: "answers 80 percent within the target time" is one.
WITHIN_TARGET = re.compile(
    r"\b(?:below|above|short\sof|against)\sthe\s(?:national\s)?(?:target|standard)\b"
    r"|\bwithin\s(?:the|its|their|that|this|a)\s(?:[\w-]+\s){0,3}?targets?\b(?:\stimes?\b)?"
)
_WANTED = (
    r"targets?|aims?|aimed|expect(?:s|ed)?|plans?|planned|intends?|intended|hopes?|predict(?:s|ed)?|forecasts?|maximum"
    r"|minimum|standard(?:\sfor\s[^,;.]{1,30})?\sis|goals?|ambitions?|committed\sto|required\sto|agreement|objectives?"
)
# One of these stands in all that is wanted or expected, and in all else of ``NO_RESULT``.
_WORDS_OF_WANTED = (
    "target targets aim aims aimed expect expects expected plan plans planned intend intends intended hope hopes "
    "predict predicts predicted forecast forecasts maximum minimum standard goal goals ambition ambitions "
    "committed required agreement objective objectives aiming should would could might if unless"
)
WORDS_OF_WANTED = frozenset(_WORDS_OF_WANTED.split())
_WORDS_OF_NO_RESULT = "sample dip files file examined reviewed looked"
WORDS_OF_NO_RESULT = WORDS_OF_WANTED | frozenset(_WORDS_OF_NO_RESULT.split())
WANTED = re.compile(rf"\b(?:{_WANTED}|aiming|should|would|could|might|if|unless)\b", re.IGNORECASE)
NO_RESULT = re.compile(
    rf"\b(?:{_WANTED}"
    r"|(?:a|our|the)\ssample\sof|dip[\s-]sampl\w+|files?\sreview(?:ed)?|case\sfiles|(?:[Ww]e|HMIC)\s(?:examined|reviewed|looked\sat))\b"
)
# "We audited 50 incidents": how many cases the inspectorate looked at, which the sentences behind it count out of.
# ``SAMPLING``: its verbs, of which one stands in every such sentence.
SAMPLING = ("audited", "reviewed", "examined", "scrutinised", "assessed", "looked", "checked", "sampled", "analysed")
SAMPLED = re.compile(
    r"\b(?:[Ww]e|HMIC(?:FRS)?|[Ii]nspectors)\s(?:also\s|have\s)?"
    r"(?:audited|reviewed|examined|scrutinised|assessed|looked\sat|checked|sampled|analysed)\s"
    r"(?:a\s(?:further\s|sample\sof\s|total\sof\s|selection\sof\s)+|another\s|a\s)?(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?![\w%/.]|,\d|-\w)"
)
NEGATED = re.compile(r"\b(?:not|never|no)\b[^,;:.]{0,25}$", re.IGNORECASE)

# The earlier of two periods, in words that need the later one; in lower case.
YEAR_BEFORE = re.compile(
    r"(?=[1lpsta])(?:(?:previous|preceding|prior)\s(?:12|twelve)[\s-]months?(?:\speriod)?|(?:12|twelve)\smonths\s(?:before|earlier|previously)"
    r"|(?:previous|preceding)\s(?:financial\s)?year|the\syear\sbefore|last\syear|a\syear\searlier"
    r"|same\s(?:12[\s-]month\s)?period\s(?:last|the\sprevious)\syear)"
)
SAME_PERIOD_OF = re.compile(r"same\s(?:12[\s-]month\s)?period\s(?:in|of)\s(?P<year>(?:19|20)\d\d)", re.IGNORECASE)
# "over this same period", "in that time": the period of what was said just before.
THAT_PERIOD = re.compile(
    r"\bsame\s(?:time\s)?(?:period|time|12\smonths)\b|\b(?:in|over|during)\s(?:this|that)\s(?:time|period)\b",
    re.IGNORECASE,
)

# "against" compares only before a number or an area. Trap: "powers against anti-social behaviour".
AGAINST = (
    r"against(?=\san?\s(?:increase|decrease|rise|fall|rate|figure|average|national)"
    r"|\sthe\s(?:england|national|average|rate|figure)|\sengland|\s£?\d)"
)
COMPARED = (
    r"(?:(?:when|as)\s)?(?:compar(?:ed|ison|able)|contrasted)\s(?:with|to)|compares?\s(?:\w+ly\s)?(?:with|to)|set\sagainst"
    rf"|{AGAINST}|versus"
    r"|(?:above|below|exceed(?:s|ed|ing))(?=\s(?:the|that|its|what|an?|all|most|many|£|\d|england)\b|\s£)|in\sline\swith"
    r"|(?:similar|close|equal|identical|equivalent)\sto|(?:the\s)?same\sas"
    r"|(?:(?:more|less|fewer|higher|lower|greater|larger|smaller|better|worse|rather|other)\s)?than"
)
FROM_WORDS = r"down|up|increased?|decreased?|reduction|reduced|rise|rose|risen|fall|fell|fallen|drop|dropped|change"
ABOUT_WORDS = r"about|around|approximately|nearly|almost|over|just"
NO_COMPARISON = re.compile(r"(?:more|less|fewer)\sthan$", re.IGNORECASE)
BEFORE_A_NUMBER = re.compile(
    r"\b(?:has|have|had|of|with|recorded|received|identified|employs?|serves|covers|reduced\sby|rose\sby|to|from)\s$"
)
# Where one clause ends and the next begins: at a comparison, or at a relative clause, a semicolon, a new area
# (``BREAK``). In lower case. Two patterns, since each is found much faster where it can begin with its own letters.
COMPARISON = re.compile(rf"(?=[abcefghilmorstvw])\b(?:{COMPARED})\b")
# One of these stands in every comparison.
_WORDS_OF_COMPARISON = (
    "compared comparison comparable compare compares contrasted against versus above below exceed exceeds "
    "exceeded exceeding line similar close equal identical equivalent same than"
)
WORDS_OF_COMPARISON = tuple(_WORDS_OF_COMPARISON.split())
# "down from 31 in 2015/16": an earlier figure. "in England and Wales, where the figure is": of the area just named.
# What is in no group is of kind main.
BREAK = re.compile(
    r"[\s,;](?:(?<=;)\s(?!victim\s(?:does|did|supports|not))|(?<=\s)[–—]\s"
    r"|(?:(?<=,)\s|(?<=\s))(?=[abcdfioruw])(?:"
    rf"(?P<earlier>(?:an?\s)?(?:{FROM_WORDS})\sfrom(?=\s(?:{ABOUT_WORDS}\s)?£?\d))"
    r"|(?<=,\s)(?:(?P<where>where(?=\s))"
    r"|(?P<relative>(?=which|one\sof|among|an?\s(?:rate|figure|share|proportion|level|number)\b|(?:which\sis\s)?an?\s[\d.]+\s(?:percent|per\scent|%)"
    r"|(?:with|and)\s(?:the|an?)\smajority)))"
    r"|(?:while|whereas|but)\s|and\s(?=(?:only\s|about\s|some\s)?£?\d)"
    r"|and\s(?=(?:by\s[\d.]+\s\S+\s)?(?:in|across|for)\s(?!the\s(?:12|year)))))"
)


# Small parts of a sentence are named tuples: some tens are made of each, and a frozen dataclass takes thrice as long.
class Area(NamedTuple):
    """Whose number it is. ``code`` is None for what has no code here: an alliance, a part of a force area."""

    code: str | None
    label: str


class AreaMention(NamedTuple):
    """An area and where it is named."""

    start: int
    end: int
    area: Area


class Denominator(NamedTuple):
    """What a rate is per, and where it stands; ``noun`` is what follows the base, lower case."""

    start: int
    end: int
    base: str
    noun: str


class Interval(NamedTuple):
    """A confidence interval as printed: its margin or its two limits, and where it stands."""

    start: int
    end: int
    margin: str | None
    lower: str | None
    upper: str | None


class Quantity(NamedTuple):
    """A printed number. ``kind`` is percent, percentage points, pounds, forces (so many of the 43) or number.

    Kind counts is "187 of the 194" (``of`` is the second number), fraction "two thirds" (2 of 3), word a number in
    words, millions "2.6 million", million pounds "£2.6m". ``in_words``: the number is printed in words. ``interval``:
    the one printed behind it.

    ``direction`` is increase or decrease where the words next to it say so; ``start`` … ``end`` is the number with its
    unit, ``first`` … ``last`` also takes in the words that give the direction.
    """

    start: int
    end: int
    printed: str
    kind: str
    direction: str | None
    first: int
    last: int
    of: str | None = None
    in_words: bool = False
    interval: Interval | None = None

    @property
    def value(self) -> float:
        """The number."""
        return float(self.printed.replace(",", ""))

    @property
    def decimals(self) -> int:
        """Decimal places as printed."""
        return len(self.printed.partition(".")[2])


class Clause(NamedTuple):
    """A part of a sentence; ``kind`` tells how it begins.

    main, relative, comparison (with another area), earlier (a figure of an earlier time) or where (of an area just
    named).
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Own:
    """The force that the report is about."""

    code: str
    name: str


@dataclass(frozen=True)
class Parsed:
    """A sentence taken apart. Numbers that are dates, denominators, references or money in all are no quantities."""

    text: str
    own: Own

    @cached_property
    def lowered(self) -> str:
        """The sentence in lower case, every character where it stands in ``text``."""
        return lower(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the sentence, in lower case: asked whether it holds one, before a pattern is looked for."""
        return frozenset(WORD.findall(self.lowered))

    @cached_property
    def periods(self) -> list[PrintedPeriod]:
        """Periods named in the sentence."""
        return printed_periods(self.text)

    @cached_property
    def denominators(self) -> list[Denominator]:
        """What rates of the sentence are per."""
        found = []
        may_be = any(word in self.lowered for word in ("per", "every", "each"))
        for match in DENOMINATOR.finditer(self.lowered) if may_be else ():
            base = BASES[" ".join(match["base"].replace(",", "").split())]
            noun = match["noun"] or ""
            end = match.start("noun") + len(noun.split()[0]) if noun else match.end("base")
            found.append(Denominator(match.start(), end, base, noun))
        return found

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers that may be figures, in the order of the text."""
        if not DIGIT.search(self.text) and "cent" not in self.text:
            return []
        taken = [(period.start, period.end) for period in self.periods]
        taken += [(denominator.start, denominator.end) for denominator in self.denominators]
        taken += [match.span() for match in REFERENCE.finditer(self.text)] if self._may_refer() else []
        taken += self.years_before
        taken += [(interval.start, interval.end) for interval in self.intervals]
        found = []
        for match in FORCES_COUNT.finditer(self.text) if "43" in self.text else ():
            taken.append(match.span())
            printed = NUMBER_WORDS.get(match["number"].lower(), match["number"])
            found.append(Quantity(match.start(), match.end(), printed, "forces", None, match.start(), match.end()))
        taken += [match.span() for match in OF_43.finditer(self.text)] if "43" in self.text else []
        matches = [match for match in _numbers(self.text) if not match["money"] or _is_millions(match)]
        for unit in PERCENT_WORD.finditer(self.text) if "cent" in self.text else ():
            word = WORD_NUMBER.match(self.text, self.text.rfind(" ", 0, unit.start()) + 1)
            if word and not TENS.search(self.text[max(0, word.start() - 12) : word.start()]):
                matches.append(word)
        for match in matches:
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            quantity = self._quantity(match)
            if quantity is not None:
                found.append(quantity)
        found.sort(key=lambda quantity: quantity.start)
        starts = [*(quantity.start for quantity in found), len(self.text)]
        return [self._with_interval(quantity, starts[number]) for number, quantity in enumerate(found, start=1)]

    def _may_refer(self) -> bool:
        """Whether ``REFERENCE`` may be found: spares most searches."""
        return not self.words.isdisjoint(WORDS_OF_REFERENCE) or "http" in self.text or "www." in self.text

    def _with_interval(self, quantity: Quantity, following: int) -> Quantity:
        """The number with the interval that stands behind it, before the next number (``following``) and semicolon."""
        for interval in self.intervals:
            if quantity.end <= interval.start < following and ";" not in self.text[quantity.end : interval.start]:
                return quantity._replace(interval=interval)
        return quantity

    @cached_property
    def intervals(self) -> list[Interval]:
        """Confidence intervals that the sentence prints."""
        if "onfidence" not in self.text and "+" not in self.text and "±" not in self.text:
            return []
        return [
            Interval(match.start(), match.end(), match["margin"] or match["plain"], match["lower"], match["upper"])
            for match in INTERVAL.finditer(self.text)
        ]

    def _blank_before(self, start: int) -> int:
        return start - 1 if self.text[start - 1 : start] == " " else start

    @cached_property
    def counts(self) -> Sequence[re.Match[str]]:
        """Where the sentence prints a count and what it is out of (``COUNT_OF``, in ``lowered``)."""
        return list(COUNT_OF.finditer(self.lowered)) if OF_A_NUMBER.search(self.lowered) else ()

    @cached_property
    def counted(self) -> list[Quantity]:
        """Counts out of others, fractions and lone numbers in words, as numbers that only ``Measure.said`` may fit."""
        found: list[Quantity] = []
        patterns = ((FRACTION, "fraction"), (LONE_WORD, "word")) if not self.words.isdisjoint(NUMBER_WORDS) else ()
        others = [(pattern.finditer(self.lowered), kind) for pattern, kind in patterns]
        for matches, kind in [(self.counts, "counts"), *others]:
            for match in matches:
                if any(each.start < match.end() and match.start() < each.end for each in found):
                    continue
                words, of = match["number"], match.groupdict().get("of")
                whole = (PARTS if kind == "fraction" else NUMBER_WORDS).get(of, of) if of else None
                number = NUMBER_WORDS.get(words, words)
                in_words = words in NUMBER_WORDS
                found.append(
                    Quantity(
                        match.start(), match.end(), number, kind, None, match.start(), match.end(), whole, in_words
                    )
                )
        return sorted(found, key=lambda quantity: quantity.start)

    def not_exact(self, quantity: Quantity) -> str | None:
        """How the words before a number say that it is not exact: about, more_than or less_than; None where none do."""
        before = self.text[max(0, quantity.start - 20) : quantity.start]
        if not before.rstrip().lower().endswith(LAST_OF_NOT_EXACT):
            return None
        clause = self.clause_of(quantity.start)
        if clause.kind == "comparison" and NO_COMPARISON.search(self.text[clause.start : quantity.start].rstrip()):
            return None  # more than another area has
        return next((name for name, pattern in NOT_EXACT.items() if pattern.search(before)), None)

    def _quantity(self, match: re.Match[str]) -> Quantity | None:
        before, after = self.text[max(0, match.start() - 140) : match.start()], self.text[match.end() :]
        kind = "number"
        if match.groupdict().get("money"):
            kind = "million pounds" if match["pounds"] else "millions"
        elif match.groupdict().get("pounds"):
            kind = "pounds"
        elif match["percent"]:
            kind = "percentage points" if "point" in match["percent"] else "percent"
        first, last, direction = match.start(), match.end(), None
        # Asked only where "by" stands near: the pattern tries every word of the sentence.
        moved = (" by " in before[-25:] and MOVED_BY.search(before)) or (
            _may_be_move(before.lower()) and MOVE_OF.search(before)
        )
        if moved:
            if NEGATED.search(before[: moved.start()]):
                return None
            groups = moved.groupdict()
            direction = "increase" if groups.get("up") or groups.get("up_") else "decrease"
            first = match.start() - len(before) + moved.start()
        elif kind in ("percent", "percentage points"):
            moved = MOVE_AFTER.match(after)
            more = MORE_AFTER.match(after)
            if more and not EARLIER.search(after):
                return None  # so much more or less than another area: a gap, not a figure
            moved = moved or more
            if moved:
                direction = "increase" if moved["up"] else "decrease"
                last = match.end() + moved.end()
        printed = NUMBER_WORDS.get(match["number"].lower(), match["number"])
        return Quantity(match.start(), match.end(), printed, kind, direction, first, last)

    @cached_property
    def areas(self) -> list[AreaMention]:
        """Areas named in the sentence, in its order; England and Wales behind a superlative is left out."""
        found = [
            AreaMention(start, end, Area(force.area_code, force.name))
            for start, end, force in force_mentions(self.text)
        ]
        found += [
            AreaMention(match.start(), match.end(), Area(self.own.code, self.own.name))
            for match in (THE_FORCE.finditer(self.text) if not self.words.isdisjoint(OF_THE_FORCE) else ())
        ]
        may_be = "England" in self.text or "ational" in self.text
        for match in ALL_FORCES.finditer(self.text) if may_be else ():
            if not SUPERLATIVE.search(self.masked[: match.start()]):
                found.append(AreaMention(match.start(), match.end(), Area(ENGLAND_AND_WALES, "England and Wales")))
        may_be = "alliance" in self.lowered or "both" in self.lowered
        found += [
            AreaMention(match.start(), match.end(), Area(None, match.group()))
            for match in (ALLIANCE.finditer(self.text) if may_be else ())
        ]
        named = [(mention.start, mention.end) for mention in found]
        for match in PLACE.finditer(self.text):
            name = match["name"]
            inside = any(start < match.end() and match.start() < end for start, end in named)
            if not inside and name and PLACES_OF_FORCES.get(name) == self.own.code:
                found.append(AreaMention(match.start(), match.end(), Area(self.own.code, self.own.name)))
            elif not inside and name not in NO_PLACE:
                found.append(AreaMention(match.start(), match.end(), Area(None, match.group())))
        return sorted(found, key=lambda mention: mention.start)

    @cached_property
    def masked(self) -> str:
        """The sentence with every quantity's characters as "#", of the same length."""
        characters = list(self.text)
        for quantity in self.quantities:
            characters[quantity.start : quantity.end] = "#" * (quantity.end - quantity.start)
        return "".join(characters)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of the sentence, in order. A comparison with an earlier period begins no clause."""
        starts = [(0, "main")]
        may_compare = not self.words.isdisjoint(WORDS_OF_COMPARISON)
        for match in COMPARISON.finditer(self.lowered) if may_compare else ():
            if not self._is_with_period(match.end()) and not self._is_not_exact(match):
                starts.append((match.start(), "comparison"))
        for match in BREAK.finditer(self.lowered):
            kind = match.lastgroup or "main"
            if kind != "main" or not self._is_range(match.start()):
                starts.append((match.start(), kind))
        starts.sort(key=lambda start: start[0])  # stable: the sentence itself stays before what begins with it
        ends = [start for start, _ in starts[1:]] + [len(self.text)]
        return [Clause(start, end, kind) for (start, kind), end in zip(starts, ends, strict=True) if end > start]

    def _is_not_exact(self, match: re.Match[str]) -> bool:
        """Whether "more than" only says that the number behind it is not exact: "has more than 400 officers"."""
        than, before, after = match.group(), self.text[: match.start()], self.text[match.end() :]
        return bool(NO_COMPARISON.match(than) and BEFORE_A_NUMBER.search(before) and re.match(r"\s£?\d", after))

    def _is_with_period(self, position: int) -> bool:
        """Whether what is compared with, from here on, is a period: no number and no other area comes first."""
        period = min((start for start in self._period_starts if start >= position - 1), default=None)
        if period is None:
            return False
        first = min(
            (quantity.start for quantity in self.quantities if quantity.start >= position), default=len(self.text)
        )
        other = min(
            (
                mention.start
                for mention in self.areas
                if mention.start >= position and mention.area.code != self.own.code
            ),
            default=len(self.text),
        )
        return period < first and period < other

    @cached_property
    def _period_starts(self) -> list[int]:
        """Where periods begin, those in words that need another period included."""
        starts = [period.start for period in self.periods] + [start for start, _ in self.years_before]
        same = SAME_PERIOD_OF.finditer(self.text) if "same" in self.lowered else ()
        return starts + [match.start() for match in same]

    @cached_property
    def years_before(self) -> list[tuple[int, int]]:
        """Where a period is named in words that need a later one: "the previous 12 months"."""
        if "year" not in self.lowered and "month" not in self.lowered:
            return []
        return [match.span() for match in YEAR_BEFORE.finditer(self.lowered)]

    def _is_range(self, start: int) -> bool:
        """Whether this "and" joins the two numbers of a range."""
        left = next((quantity for quantity in self.quantities if quantity.end == start), None)
        return left is not None and bool(re.search(r"\bbetween\s$", self.text[: left.start], re.IGNORECASE))

    def clause_of(self, position: int) -> Clause:
        """The clause in which a position stands."""
        return next(clause for clause in reversed(self.clauses) if clause.start <= position)

    def areas_in(self, clause: Clause) -> list[AreaMention]:
        """Areas named in a clause."""
        return [mention for mention in self.areas if clause.start <= mention.start < clause.end]

    def form(self, clause: Clause, quantity: Quantity) -> str:
        """The clause with this quantity as "Q" and every other as "#", without confidence intervals."""
        parts, position = [], clause.start
        marked = [(other.start, other.end, "Q" if other == quantity else "#") for other in self.quantities]
        marked += [(self._blank_before(each.start), each.end, "") for each in self.intervals]
        for start, end, mark in sorted(marked):
            if position <= start < clause.end:
                parts += [self.text[position:start], mark]
                position = end
        return "".join([*parts, self.text[position : clause.end]])


def lower(text: str) -> str:
    """The text in lower case, every character where it stands: "İ", which would become two, stays."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)


def may_print_number(text: str) -> bool:
    """Whether a number may stand in a sentence, in digits or in words: most sentences have none."""
    return DIGIT.search(text) is not None or NUMBER_WORD.search(f" {text.lower()}") is not None


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """As ``NUMBER.finditer``, but tried only where a number may begin: many times faster."""
    end = 0
    for begins in NUMBER_BEGINS.finditer(text):
        match = NUMBER.match(text, begins.start()) if begins.start() >= end else None
        if match:
            end = match.end()
            yield match


def _may_be_move(lowered: str) -> bool:
    """Whether ``MOVE_OF`` may be found in the words before a number: spares most searches."""
    near = lowered[-25:]
    return "up" in near or "down" in near or any(word in lowered for word in MOVE_NOUNS)


def _is_millions(match: re.Match[str]) -> bool:
    """Whether it is so many million. Trap: "£44k" and "£143bn" are no figures of a force."""
    return match["money"].strip() in ("million", "m") and (match["money"].strip() == "million" or bool(match["pounds"]))


def distinct(mentions: Sequence[AreaMention]) -> list[Area]:
    """The areas of the mentions, each once."""
    return list(dict.fromkeys(mention.area for mention in mentions))

"""What any sentence of a report prints of numbers, areas, directions and comparisons, and how it falls into clauses.

Belongs here: the grammar that all measures share. Does not belong here: which measure a number is of (``measures``),
whose it is and of which period (``extract.statistics``), dates (``periods``), mending (``sentences``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipelines.force_names import force_mentions
from pipelines.periods import PrintedPeriod, printed_periods
from pipelines.programmes import MONTHS
from pipelines.schema import ENGLAND_AND_WALES

# A number with its unit. Traps: "32" in "police32", "15" in "15-minute", "7" in "24/7" and "4" in "4Ps" are none, and
# the
# stop that ends a sentence is no decimal point.
NUMBER = re.compile(
    r"(?P<pounds>£\s?)?(?<![\w/.,’-])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s?(?P<percent>percentage\spoints?|percent\b|per\scent\b|%)|(?P<money>\s?(?:m|k|bn|million|billion|thousand)\b))?"
    r"(?![\w/]|-\w|,\d|\.\d)"
)
# What a rate is per: "per 1,000 population", "for every 100 ballistic items", "per one million of the population",
# "per head".
DENOMINATOR = re.compile(
    r"\b(?:per|(?:for|in|of|out\sof)\s(?:every|each))\s"
    r"(?P<base>head|capita|1,?000,?000|100,?000|10,?000|1,?000|100|one\smillion|1\smillion|1m|million|one\sthousand|one\shundred)\b"
    r"(?:\s(?:of\s)?(?:the\s)?(?P<noun>[\w’'-]+(?:\s[\w’'-]+){0,5}))?",
    re.IGNORECASE,
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
# Numbers that say nothing about performance: figures and questions referred to, money in all, ages.
REFERENCE = re.compile(
    r"(?=[FfRrTtQqSsPpahw])(?:\b(?:[Ff]igures?|[Rr]ecommendations?|[Tt]ables?|[Qq]uestions?|[Ss]ections?|[Pp]ages?)\s\d{1,3}(?:(?:\sand\s|,\s|\sto\s)\d{1,3})*"
    r"|\baged?\s\d+(?:\syears)?|https?://\S+|www\.\S+)"
)
REFERRED_FIGURE = re.compile(r"\b[Ff]igure\s(\d{1,2})\b")

ALL_FORCES = re.compile(
    r"\bEngland\s(?:and|&)\sWales\b|\b(?:the\s)?national\s(?:average|rate|figure|proportion)\b|\bnationally\b"
)
# The force that the report is about, without its name. Trap: "forces" and "the force’s partners" name others.
THE_FORCE = re.compile(
    r"\b(?:the|this)\s(?:force|constabulary)(?:\sarea)?\b|\btheir\s(?:local\s)?area\b", re.IGNORECASE
)
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
# sample of".
NO_RESULT = re.compile(
    r"\b(?:targets?|aims?|aimed|expect(?:s|ed)?|plans?|planned|intends?|intended|hopes?|predict(?:s|ed)?|forecasts?|maximum|minimum"
    r"|(?:a|our|the)\ssample\sof|dip[\s-]sampl\w+|files?\sreview(?:ed)?|case\sfiles|(?:[Ww]e|HMIC)\s(?:examined|reviewed|looked\sat))\b"
)
NEGATED = re.compile(r"\b(?:not|never|no)\b[^,;:.]{0,25}$", re.IGNORECASE)

# The earlier of two periods, in words that need the later one.
YEAR_BEFORE = re.compile(
    r"(?:previous|preceding|prior)\s(?:12|twelve)[\s-]months?(?:\speriod)?|(?:12|twelve)\smonths\s(?:before|earlier|previously)"
    r"|(?:previous|preceding)\s(?:financial\s)?year|the\syear\sbefore|last\syear|a\syear\searlier"
    r"|same\s(?:12[\s-]month\s)?period\s(?:last|the\sprevious)\syear",
    re.IGNORECASE,
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
    r"|\sthe\s(?:England|national|average|rate|figure)|\sEngland|\s£?\d)"
)
COMPARED = (
    r"(?:(?:when|as)\s)?(?:compar(?:ed|ison|able)|contrasted)\s(?:with|to)|compares?\s(?:\w+ly\s)?(?:with|to)|set\sagainst"
    rf"|{AGAINST}|versus"
    r"|(?:above|below|exceed(?:s|ed|ing))(?=\s(?:the|that|its|what|an?|all|most|many|£|\d|England)\b|\s£)|in\sline\swith"
    r"|(?:similar|close|equal|identical|equivalent)\sto|(?:the\s)?same\sas"
    r"|(?:(?:more|less|fewer|higher|lower|greater|larger|smaller|better|worse|rather|other)\s)?than"
)
FROM_WORDS = r"down|up|increased?|decreased?|reduction|reduced|rise|rose|risen|fall|fell|fallen|drop|dropped|change"
ABOUT_WORDS = r"about|around|approximately|nearly|almost|over|just"
# Where one clause ends and the next begins: a comparison, a relative clause, a semicolon, or a new area.
BOUNDARY = re.compile(
    r"(?:(?<!\w)|(?=\W))(?:"  # never inside a word: found much faster so
    # "down from 31 in 2015/16": an earlier figure. "in England and Wales, where the figure is": of the area just named.
    rf"(?P<earlier>,?\s(?:(?:an?\s)?(?:{FROM_WORDS})\sfrom(?=\s(?:{ABOUT_WORDS}\s)?£?\d)))"
    rf"|(?P<where>,\swhere(?=\s))"
    rf"|(?P<comparison>\b(?:{COMPARED})\b)"
    r"|(?P<relative>,\s(?=(?:which|one\sof|among|an?\s(?:rate|figure|share|proportion|level|number)\b|(?:which\sis\s)?an?\s[\d.]+\s(?:percent|per\scent|%)"
    r"|(?:with|and)\s(?:the|an?)\smajority)))"
    r"|(?P<main>;\s(?!victim\s(?:does|did|supports|not))|\s[–—]\s|,?\s(?:while|whereas|but)\s|,?\sand\s(?=(?:only\s|about\s|some\s)?£?\d)"
    r"|,?\sand\s(?=(?:by\s[\d.]+\s\S+\s)?(?:in|across|for)\s(?!the\s(?:12|year)))))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Area:
    """Whose number it is. ``code`` is None for what has no code here: an alliance, a part of a force area."""

    code: str | None
    label: str


@dataclass(frozen=True)
class AreaMention:
    """An area and where it is named."""

    start: int
    end: int
    area: Area


@dataclass(frozen=True)
class Denominator:
    """What a rate is per, and where it stands; ``noun`` is what follows the base, lower case."""

    start: int
    end: int
    base: str
    noun: str


@dataclass(frozen=True)
class Quantity:
    """A printed number. ``kind`` is percent, percentage points, pounds, forces (so many of the 43) or number.

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

    @property
    def value(self) -> float:
        """The number."""
        return float(self.printed.replace(",", ""))

    @property
    def decimals(self) -> int:
        """Decimal places as printed."""
        return len(self.printed.partition(".")[2])


@dataclass(frozen=True)
class Clause:
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
    def periods(self) -> list[PrintedPeriod]:
        """Periods named in the sentence."""
        return printed_periods(self.text)

    @cached_property
    def denominators(self) -> list[Denominator]:
        """What rates of the sentence are per."""
        found = []
        for match in DENOMINATOR.finditer(self.text):
            base = BASES[" ".join(match["base"].lower().replace(",", "").split())]
            noun = (match["noun"] or "").lower()
            end = match.start("noun") + len(noun.split()[0]) if noun else match.end("base")
            found.append(Denominator(match.start(), end, base, noun))
        return found

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers that may be figures, in the order of the text."""
        taken = [(period.start, period.end) for period in self.periods]
        taken += [(denominator.start, denominator.end) for denominator in self.denominators]
        taken += [match.span() for match in REFERENCE.finditer(self.text)]
        taken += self.years_before
        found = []
        for match in FORCES_COUNT.finditer(self.text) if "43" in self.text else ():
            taken.append(match.span())
            printed = NUMBER_WORDS.get(match["number"].lower(), match["number"])
            found.append(Quantity(match.start(), match.end(), printed, "forces", None, match.start(), match.end()))
        taken += [match.span() for match in OF_43.finditer(self.text)] if "43" in self.text else []
        matches = [match for match in NUMBER.finditer(self.text) if not match["money"]]
        for unit in PERCENT_WORD.finditer(self.text):
            word = WORD_NUMBER.match(self.text, self.text.rfind(" ", 0, unit.start()) + 1)
            if word and not TENS.search(self.text[max(0, word.start() - 12) : word.start()]):
                matches.append(word)
        for match in matches:
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            quantity = self._quantity(match)
            if quantity is not None:
                found.append(quantity)
        return sorted(found, key=lambda quantity: quantity.start)

    def _quantity(self, match: re.Match[str]) -> Quantity | None:
        before, after = self.text[max(0, match.start() - 140) : match.start()], self.text[match.end() :]
        kind = "number"
        if match.groupdict().get("pounds"):
            kind = "pounds"
        elif match["percent"]:
            kind = "percentage points" if "point" in match["percent"] else "percent"
        first, last, direction = match.start(), match.end(), None
        # Asked only where "by" stands near: the pattern tries every word of the sentence.
        moved = (" by " in before[-25:] and MOVED_BY.search(before)) or MOVE_OF.search(before)
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
            for match in THE_FORCE.finditer(self.text)
        ]
        for match in ALL_FORCES.finditer(self.text):
            if not SUPERLATIVE.search(self.masked[: match.start()]):
                found.append(AreaMention(match.start(), match.end(), Area(ENGLAND_AND_WALES, "England and Wales")))
        found += [
            AreaMention(match.start(), match.end(), Area(None, match.group())) for match in ALLIANCE.finditer(self.text)
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
        for match in BOUNDARY.finditer(self.text):
            kind = match.lastgroup or "main"
            if kind == "comparison" and self._is_with_period(match.end()):
                continue
            if kind == "main" and self._is_range(match.start(), match.end()):
                continue
            starts.append((match.start(), kind))
        ends = [start for start, _ in starts[1:]] + [len(self.text)]
        return [Clause(start, end, kind) for (start, kind), end in zip(starts, ends, strict=True) if end > start]

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
        return starts + [match.start() for match in SAME_PERIOD_OF.finditer(self.text)]

    @cached_property
    def years_before(self) -> list[tuple[int, int]]:
        """Where a period is named in words that need a later one: "the previous 12 months"."""
        words = self.text.lower()
        if "year" not in words and "month" not in words:
            return []
        return [match.span() for match in YEAR_BEFORE.finditer(self.text)]

    def _is_range(self, start: int, end: int) -> bool:
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
        """The clause with this quantity as "Q" and every other as "#"."""
        parts, position = [], clause.start
        for other in self.quantities:
            if clause.start <= other.start < clause.end:
                parts += [self.text[position : other.start], "Q" if other == quantity else "#"]
                position = other.end
        return "".join([*parts, self.text[position : clause.end]])


def distinct(mentions: Sequence[AreaMention]) -> list[Area]:
    """The areas of the mentions, each once."""
    return list(dict.fromkeys(mention.area for mention in mentions))

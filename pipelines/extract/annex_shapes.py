"""The sentence shapes in which annex A and the figure footnotes state their rules.

Belongs here: shapes as data, and what a sentence of such a shape says. Does not belong here: which figures a rule binds
and the rows of ``annex_rules`` (``annex``), names of forces (``force_names``).

Shapes are matched on masked sentences: ``@`` stands for a force or a list of forces, quotes are straight. They are made
from how inspectorate reports word such notes, never from one report's forces or values.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Sentences kept with what they say: the annex is nearly the same in every report of a release.
CACHED = 4096

NUMBER_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|\d+)"
SPAN = rf"{NUMBER_WORD}[ -](?:day|week|month|quarter)s?"

# --- A force that is left out ---------------------------------------------------------------------
DATUM = r"(?:data|figures?|outcomes?|results?|rates?|returns?|numbers?|values?)"
DATA = rf"(?:(?:[\w-]+ ){{0,5}}?{DATUM})"
# Who is left out: the force itself, its data, or words that go back to it. Trap: the subject of "excluded" may be
# incidents or fraud ("in @, fraud has been excluded"), which leaves no force out, so only these subjects count.
SUBJECT = (
    rf"(?:@(?:'s?)?(?: {DATA})?(?:, (?:which|whose)[^,]*,)?"
    rf"|(?:\b(?:this|these|those|the|both|all|two|three|four|five) )+(?:police )?forces?(?:'s?)?(?: {DATA})?"
    rf"|\b(?:their|its) {DATA}|\b(?:it|they)"
    rf"|\b{DATUM} (?:for|from|of|by|provided by|supplied by) (?:@|th(?:is|ese) forces?))"
)
ADVERBS = r"(?: (?:also|therefore|both|thus|consequently|still|now|only|however))*"
VERB = r"(?:is|are|was|were|has been|have been|had been)"
LEFT_OUT = r"(?:excluded|removed|omitted|left out|withdrawn|taken out|not (?:included|shown|displayed|presented))"
COULD_NOT = r"(?:could|can|will) ?not be (?:included|shown|displayed|presented|used)"
HAS_NOT_BEEN = r"(?:has|have) not been (?:included|shown|displayed|presented|used)"
# "@ was unable to provide data and is excluded". Trap: "@ counts incidents which others record and are excluded".
FIRST_VERB = r"(?:(?! (?:which|that|who|where)\b)[^.;@]){0,120}? (?:and|but)(?: so| therefore)?"
# Trap: "has not been excluded" must not match: a "not" stands only inside LEFT_OUT, COULD_NOT and HAS_NOT_BEEN.
IS_LEFT_OUT = re.compile(
    rf"(?P<subject>{SUBJECT})(?:{FIRST_VERB})?{ADVERBS}"
    rf" (?:{VERB}{ADVERBS} {LEFT_OUT}|{COULD_NOT}|{HAS_NOT_BEEN})\b(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
# "The England and Wales figure excludes @". Trap: the force must follow the verb: "excludes fraud recorded by @".
LEAVES_OUT = re.compile(
    r"(?<!not )\b(?:excludes?|omits?|leaves? out|(?:does|do) not include)"
    r" (?:the )?(?:data (?:for|from) )?(?P<subject>@)",
    re.IGNORECASE,
)
DECIDED = re.compile(
    r"\b(?:we|HMIC\w*) (?:ha(?:s|ve) )?(?:therefore |also )*"
    r"(?:(?:decided|chosen|opted) (?:not to (?:use|include|show|publish)|to (?:exclude|remove|omit|leave out))"
    r"|excluded|removed|omitted|left out|not (?:included|used|shown))"
    r" (?:the )?(?:data (?:for|from) )?(?P<subject>@|(?:this|these|the) forces?|their|its)(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
EXCEPT = re.compile(
    r"\b(?:except(?: for)?|apart from|other than|excluding|with the exception of|without)"
    r" (?:data (?:for|from) )?(?P<subject>@|it\b|them\b)(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"\bfollowing (?:police )?forces\b"
    r"(?P<rest>[^@.;:]*?\b(?P<verb>excluded|removed|omitted|left out|not included)\b[^@.;:]*): ?(?P<subject>@)",
    re.IGNORECASE,
)
# "@ is shown in the graph but (is) excluded from the rate", "... but not in the rate".
SHOWN_BUT = re.compile(
    rf"(?P<subject>{SUBJECT}){ADVERBS}"
    rf" (?:{VERB}{ADVERBS} (?:included|shown|displayed|presented|used)|remains?|appears?)\b"
    rf"[^.;@]*?,? (?:but|and){ADVERBS} (?:{VERB} )?(?P<verb>{LEFT_OUT}|not)\b(?P<rest>[^.;]*)",
    re.IGNORECASE,
)
EXCLUSIONS = (IS_LEFT_OUT, SHOWN_BUT, LEAVES_OUT, DECIDED, EXCEPT, LISTED)
# "It" or "they" alone may be anything that the sentence before speaks of.
BARE_PRONOUN = re.compile(r"^(?:it|they|them)$", re.IGNORECASE)
# Without one of these no exclusion matches; looked for first, since it is quick.
EXCLUSION_WORD = re.compile(
    r"exclu|remov|omit|left out|leaves? out|leave out|withdrawn|taken out|\bnot\b|except|apart from|other than|without",
    re.IGNORECASE,
)

# What a force is left out of.
CHART = re.compile(r"\b(?:graphs?|charts?|tables?|graphic|figures? \d+)\b", re.IGNORECASE)
TOTAL = re.compile(r"\bEngland and Wales\b|\b(?:national|overall) (?:rate|average|figure|total)|\bcalculations?\b")
# "excluded from our data" means both. Trap: "excluded from the pilot" means neither.
ALL_DATA = re.compile(r"\b(?:data|figures|analysis|comparisons?|results)\b", re.IGNORECASE)
OUT_OF = re.compile(
    r"^ (?:from|in|of)\b(?! (?:the interests?|order|line|all cases|this (?:year|report)|view|20\d\d)\b)", re.IGNORECASE
)
TOTALS_DIFFER = re.compile(r"\bfigures? for England and Wales (?:will |may |therefore |also )*differ", re.IGNORECASE)

# --- What a sentence keeps, in contrast to what it leaves out -------------------------------------
KEPT = r"(?:included|retained|kept|shown|displayed|presented|counted|used)"
# Where a clause begins that may say the contrary of the one before. Traps: "all forces except @" says who is left out;
# "not included in the graph and used" has no contrast, but the second verb is no exclusion.
CONTRAST = re.compile(
    r"\b(?:but|however|although|though|while|whilst|whereas|yet|despite|nevertheless|nonetheless|rather than|instead of"
    r"|(?:except|apart from|other than|excluding|with the exception of)"
    r"(?!(?: for)?(?: the)?(?: data (?:for|from))? (?:@|it\b|them\b)))\b,?",
    re.IGNORECASE,
)
AND_KEPT = re.compile(
    rf"\b(?:and|which)(?= (?:(?:it|they|(?:its|their) {DATUM}) )?(?:(?:{VERB}){ADVERBS} {KEPT}|remains?|{KEPT})\b)",
    re.IGNORECASE,
)
OPENING_CONTRAST = re.compile(r"^(?:Although|Though|While|Whilst|Whereas|Despite)\b[^,]*(?P<comma>,)", re.IGNORECASE)
KEPT_WORD = re.compile(rf"\b(?:{KEPT}|includes?|remain(?:s|ed)?|appears?|counts?)\b", re.IGNORECASE)
LEFT_OUT_WORD = re.compile(
    r"\b(?:excluded?s?|removed|omit(?:s|ted)?|left out|leaves? out|withdrawn|taken out)\b", re.IGNORECASE
)
NOT = re.compile(r"\b(?:not|never|nor|neither|cannot|no longer)\b", re.IGNORECASE)
# "excluded from the graph but not from the rate".
BUT_NOT_FROM = re.compile(r"^\s*not (?:from|of)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Exclusion:
    """What one sentence leaves a force out of. ``position``: where its mask stands, None where words go back to it;
    ``bare``: those words are "it" or "they" alone; ``implied``: both, since nothing is named; ``unclear``: a contrast
    makes it uncertain what is left out, so nothing is."""

    position: int | None
    of_chart: bool
    of_total: bool
    bare: bool = False
    implied: bool = False
    unclear: bool = False

    def joined(self, other: "Exclusion | None") -> "Exclusion":
        """What two sentences about one force say together."""
        if other is None:
            return self
        return Exclusion(None, self.of_chart or other.of_chart, self.of_total or other.of_total)


@lru_cache(maxsize=CACHED)
def exclusion(text: str) -> Exclusion | None:
    """What a masked sentence says of leaving a force out; None if it leaves none out."""
    if not EXCLUSION_WORD.search(text):
        return None
    if "not only" in text:
        text = text.replace(" but also ", " and also ")
    for shape in EXCLUSIONS:
        for match in shape.finditer(text):
            found = _left_out_of(shape, match)
            if found is not None:
                return found
    contrast = CONTRAST.search(text) and KEPT_WORD.search(text) and any(_named(text))
    return Exclusion(None, False, False, unclear=True) if contrast else None


def kept(text: str) -> tuple[bool, bool]:
    """Whether a masked sentence without an exclusion says that something counts in the chart, and in the total."""
    return _named(text) if _keeps(text) else (False, False)


def _left_out_of(shape: re.Pattern[str], match: re.Match[str]) -> Exclusion | None:
    text = match.string
    has_rest, active = "rest" in shape.groupindex, shape in (LEAVES_OUT, EXCEPT)
    at = match.start() if active else match.start("verb" if "verb" in shape.groupindex else "rest")
    before, (start, end), after = _clauses(text, at)
    rest = text[max(start, match.start("rest")) : min(end, match.end("rest"))] if has_rest else ""
    if active:
        rest = text[start : match.start()] + rest
    mask = match.group("subject").find("@")
    position = match.start("subject") + mask if mask >= 0 else _opened_with(text, match)
    bare = bool(BARE_PRONOUN.match(match.group("subject").strip()))
    of_chart, of_total = _named(rest)
    implied = not (of_chart or of_total)
    # The active shapes are about a chart or a total, or about nothing that is known here.
    if implied and (active or (shape is IS_LEFT_OUT and OUT_OF.match(rest) and not ALL_DATA.search(rest))):
        return None
    unclear = Exclusion(position, False, False, bare, unclear=True)
    if implied and shape is SHOWN_BUT:
        return unclear
    other = _said_by_others(text, before, after, implied, bool(NOT.search(text[start:at])))
    if other is None:
        return unclear
    keeps, leaves = other
    if not implied and any(out and kept for out, kept in zip((of_chart, of_total), keeps, strict=True)):
        return unclear
    of_chart = (implied and not keeps[0]) or of_chart or leaves[0]
    of_total = (implied and not keeps[1]) or of_total or leaves[1]
    return (
        Exclusion(position, of_chart, of_total, bare, implied and not any(keeps)) if of_chart or of_total else unclear
    )


def _opened_with(text: str, match: re.Match[str]) -> int | None:
    """Where the force stands that "it" goes back to in "Although @ is included in the rate, it is not shown"."""
    opening = OPENING_CONTRAST.match(text)
    if not opening or opening.end() > match.start() or text.count("@", 0, opening.end()) != 1:
        return None
    clause = text[: opening.end()]
    return text.index("@") if _keeps(clause) is not None and any(_named(clause)) else None


Span = tuple[int, int]
Both = tuple[bool, bool]


def _clauses(text: str, at: int) -> tuple[list[Span], Span, list[Span]]:
    """The clauses that contrast with each other: those before the one at a position, that one, and those after it."""
    opening = OPENING_CONTRAST.match(text)
    cuts = sorted(
        {(match.start(), match.end()) for pattern in (CONTRAST, AND_KEPT) for match in pattern.finditer(text)}
        | ({opening.span("comma")} if opening else set())
    )
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    spans = list(zip(starts, ends, strict=True))
    own = max(number for number, (start, _) in enumerate(spans) if number == 0 or start <= at)
    return spans[:own], spans[own], spans[own + 1 :]


def _said_by_others(
    text: str, before: Iterable[Span], after: Iterable[Span], implied: bool, negative: bool
) -> tuple[Both, Both] | None:
    """What the other clauses keep, and what they leave out, each of chart and total; None if that is not understood."""
    keeps: list[Both] = []
    leaves: list[Both] = []
    for first, (start, end) in [*((True, span) for span in before), *((False, span) for span in after)]:
        clause = text[start:end]
        named, says = _named(clause), _keeps(clause)
        if not any(named):
            # What goes before may be a reason; what comes after, or is kept of everything, may be anything.
            if clause.strip(" ,") and (not first or (implied and says)):
                return None
            continue
        if says is None and not first and not negative and BUT_NOT_FROM.match(clause):
            says = True
        if says is None:
            return None
        (keeps if says else leaves).append(named)
    kept_chart, kept_total = (any(one[number] for one in keeps) for number in (0, 1))
    left_chart, left_total = (any(one[number] for one in leaves) for number in (0, 1))
    if (kept_chart and left_chart) or (kept_total and left_total):
        return None
    return (kept_chart, kept_total), (left_chart, left_total)


def _keeps(clause: str) -> bool | None:
    """Whether a clause says that something is kept (or left out); None if it says neither, or more than one thing."""
    keeps, leaves, negated = (len(one.findall(clause)) for one in (KEPT_WORD, LEFT_OUT_WORD, NOT))
    return (keeps == 1) != (negated == 1) if keeps + leaves == 1 and negated <= 1 else None


def _named(text: str) -> tuple[bool, bool]:
    return bool(CHART.search(text)), bool(TOTAL.search(text))


# --- What else is said of a force -----------------------------------------------------------------
@dataclass(frozen=True)
class Shape:
    """A rule's shape. ``says`` may name the groups of the pattern; ``name`` tells general rules of one type apart.

    ``compares``: it binds all figures that it compares. ``binds``: what it binds where its section is no figure's
    ("every figure", "per head"). ``leaves_open``: it does not say whether the force counts.
    """

    rule_type: str
    name: str
    pattern: re.Pattern[str]
    says: str
    compares: bool = False
    binds: str = ""
    leaves_open: bool = False

    def statement(self, match: re.Match[str]) -> str:
        """What a sentence of this shape says, in our words."""
        groups = {name: group.lower() for name, group in match.groupdict().items() if group}
        return self.says.format_map(groups)


def _shape(rule_type: str, name: str, pattern: str, says: str, binds: str = "", *, compares: bool = False) -> Shape:
    return Shape(rule_type, name, re.compile(pattern, re.IGNORECASE), says, compares, binds)


UNABLE = re.compile(
    r"@[^.;@]{0,30}? (?:(?:was|were|has been|have been) (?:unable|not able) to|(?:could|can|did) not|failed to)"
    r" (?:provide|supply|submit|give|return)|@ had no [^.;@]*\bdata\b"
    r"|\bfollowing (?:police )?forces [^.;:@]{0,30}\b(?:unable|not able|not) (?:to )?"
    r"(?:provide|supply|submit|give)[^.;:@]*: ?@",
    re.IGNORECASE,
)
# What makes it likely that the force itself is left out, where a sentence goes on with "it" or "they".
TROUBLE = re.compile(
    r"\b(?:problems?|difficult(?:y|ies)|issues?|unreliabl[ey]|not reliabl[ey])\b|\bnew (?:[\w-]+ ){0,3}system\b",
    re.IGNORECASE,
)
# In this order: the first that a passage matches is its rule. A shape that holds @ speaks of the force at that place.
FORCE_SHAPES: tuple[Shape, ...] = (
    _shape(
        "combined_forces",
        "combined",
        r"\bcombined (?:total|figure|data|population|return)|\b(?:joint|single) (?:return|total|figure)\b"
        r"|\b(?:shown|presented|reported) (?:jointly|together|as one)\b",
        "shown as one, counts and population combined",
    ),
    _shape("pilot", "pilot", r"\bpilot(?:s|ing|ed)?\b", "affected by a pilot: its values are not like other forces'"),
    # Trap: "population estimates" are a denominator, no estimate of the force's.
    _shape(
        "estimate",
        "estimate",
        r"\b(?:is|are|was|were|been|be) (?:an? )?estimate[ds]?\b"
        r"|\bestimates? (?:was|were|has been|have been|is|are) used"
        r"|\b(?:provided|supplied|gave|used) (?:an? )?estimate[ds]?\b|\bpro rata\b",
        "part of its data is estimated",
    ),
    _shape(
        "correction",
        "correction",
        r"\bre-?(?:submitted|supplied)\b|\b(?:corrected|revised|amended) (?:[\w-]+ ){0,4}(?:data|figures|return)",
        "sent corrected data, which are used",
    ),
    _shape(
        "partial_data",
        "quarters",
        rf"\b(?:figures?|data|rates?|values?) (?:are|is|were|was|rest|rests) (?:based )?on (?:only )?(?:the )?"
        rf"(?P<amount>(?:first |last )?{SPAN})",
        "data are partial: {amount} only",
    ),
    _shape(
        "partial_data",
        "months",
        rf"\bonly (?:(?:was|were|been|be|able|to|provide|supply|give|submit|provided|supplied|gave|submitted) )*"
        rf"(?P<amount>(?:the )?(?:first |last )?{SPAN}) (?:of|to)\b",
        "data are partial: {amount} only",
    ),
    _shape(
        "partial_data",
        "missing",
        r"\b(?:provide|supply|submit|give|provided|supplied) (?:data for )?(?:the )?"
        rf"(?P<amount>(?:first|last|second|third|final) (?:(?:quarter|month)|{SPAN}))",
        "data are partial: {amount} missing",
    ),
    _shape(
        "partial_data",
        "days",
        rf"\b(?:affected|on|for) (?P<amount>{SPAN}) (?:in|of)\b(?!.*\bunable\b)",
        "data are partial: {amount} affected",
    ),
    _shape(
        "partial_data",
        "incomplete",
        r"\b(?:incomplete|partial) (?:data|figures|return)|\b(?:identify|identifying) all\b"
        r"|\b(?:provide|supply|submit|give) (?:the )?(?:full|complete|all)\b",
        "data are partial",
    ),
    _shape(
        "denominator",
        "transient-population",
        r"\btransient\b.*\bpopulation|\bpopulation\b.*\btransient\b",
        "population is resident and transient population together",
        "per head",
    ),
    Shape(
        "not_supplied",
        "not_supplied",
        UNABLE,
        "could not supply the data; the annex does not say what it is left out of",
        leaves_open=True,
    ),
    _shape(
        "comparability",
        "care",
        r"\bmay (?:indicate|show|appear|seem|come out|be (?:too )?(?:low|high))|\bwith (?:caution|care)\b|\bin mind\b"
        r"|\bmost reliable\b|\bnot (?:directly )?comparable\b|\binconsistent with\b|\bnot consistent with\b"
        r"|\b(?:under|over)-?(?:stated?|estimated?|recorded)\b",
        "data have a fault: read with care",
    ),
    _shape(
        "comparability",
        "recording-problem",
        r"@[^.;]{0,20}? (?:identified|had|has|experienced|reported|encountered) (?:an? )?(?:[\w-]+ ){0,3}?"
        r"(?:issues?|problems?|difficult(?:y|ies))\b",
        "had a problem with its data: read with care",
    ),
)

# --- Rules that name no force ---------------------------------------------------------------------
# No force of the forces table: what is said of it is a general rule, whatever else the sentence says.
OTHER_BODY = _shape(
    "exclusion",
    "british-transport-police",
    r"\bBritish Transport Police\b",
    "British Transport Police is not inspected: left out of England and Wales, which differs from the Home Office's",
    "every figure",
)
# In this order: the first that a sentence matches is its rule.
GENERAL_SHAPES: tuple[Shape, ...] = (
    _shape(
        "ranking",
        "quartiles",
        r"\btop and (?:the )?bottom (?P<percent>\d+) percent",
        "forces are ranked; the top and bottom {percent} percent are one of the highest and one of the lowest",
    ),
    _shape(
        "comparability",
        "earlier-years",
        r"\bcompar(?:ed|isons?)\b.*\b(?:previous|earlier) years|\bequivalent \d{4} data\b"
        r"|\bearlier figures should not be compared",
        "not to be compared with earlier years",
    ),
    _shape(
        "comparability",
        "other-figure",
        r"\bcomparisons?\b.*\bshould not be made|\bshould not be compared|\bnot (?:directly )?comparable\b"
        r"|\bdo not compare",
        "not to be compared with figures made in another way",
        compares=True,
    ),
    _shape(
        "comparability",
        "crime-mix",
        r"\boutcomes will vary\b|\bcan be affected by the (?:level|mix)\b|\baffects these percentages",
        "depends on the crimes of the area: no measure of quality by itself",
    ),
    _shape(
        "comparability",
        "sample",
        r"\b(?:non-statistical|not a statistical|small sample|sample size was small|may not be representative)"
        r"|\bindication only\b|\bonly an indication\b",
        "a small or voluntary sample: an indication only",
    ),
    _shape("comparability", "care", r"\btreated with (?:care|caution)\b", "to be treated with care"),
    _shape(
        "comparability",
        "own-definition",
        r"\bdepend(?:s|ent)? on (?:the force's definition|how a force defines)",
        "depends on each force's own definition",
    ),
    _shape(
        "comparability",
        "newer-data",
        r"\bmore recent figures than\b",
        "more recent than the figures published elsewhere",
    ),
    _shape(
        "comparability",
        "recorded-crime-rise",
        r"\b(?:actually being|may be) (?:higher|lower)\b",
        "true rates may be higher than shown, as recorded crime rose",
    ),
    _shape(
        "denominator",
        "population",
        r"\bmid-(?P<year>\d{4}) population estimates",
        "rates per head use mid-{year} population estimates",
        "per head",
    ),
    _shape(
        "denominator",
        "households",
        r"\b1,000 households\b",
        "per 1,000 households, not population, where marked",
    ),
    _shape(
        "denominator",
        "offences",
        r"\bdivided by the total number of\b|\bover all [\w ]*offences\b",
        "outcomes are divided by all domestic abuse offences of the same period",
    ),
    _shape(
        "comparator_method",
        "mean-of-forces",
        r"\bEngland and Wales (?:average|rate|value|figure) is (?:calculated [\w ]*\b|the )?(?:average|mean) of the"
        r" (?:[\w ]*)rates\b",
        "the England and Wales value is the plain average of the forces' rates",
    ),
    _shape(
        "revision",
        "subject-to-change",
        r"\b(?:data|figures) are (?:subject to (?:change|revision)|provisional)|\bmore will receive one\b",
        "data change as more crimes are assigned outcomes",
    ),
    _shape(
        "partial_data",
        "fewer-quarters",
        r"\bfewer than \w+ quarters\b",
        "proportions may rest on fewer than four quarters",
    ),
    _shape(
        "definition",
        "fraud",
        r"\ball crime \(excluding fraud|\bFraud offences are not included",
        "recorded crime is all crime except fraud",
    ),
    _shape(
        "definition",
        "linked-outcomes",
        r"\bpercentages? of (?:the )?crimes recorded\b",
        "shares of the crimes recorded in the period, each linked to its outcome",
    ),
    _shape(
        "definition",
        "unlinked-outcomes",
        r"\b(?:irrespective of when|whenever) the crime was recorded",
        "outcomes recorded in the period, whenever the crime was recorded",
    ),
    _shape(
        "definition",
        "joined-outcomes",
        r"^\*?Includes the following outcome types",
        "the row marked * joins the outcome types that its note lists",
    ),
    _shape(
        "definition",
        "taken-into-consideration",
        r"^(?:\d+ )?'Taken into consideration'",
        "taken into consideration: further offences that an offender admits while being sentenced",
    ),
    _shape(
        "definition",
        "evidential-difficulties",
        r"\bevidential difficulties also includes\b|\bCases count in which a suspect is known",
        "includes cases in which the victim supports the police but evidence is lacking",
    ),
    _shape(
        "definition",
        "outcome-numbers",
        r"\boutcome numbers? (?:has|are)\b",
        "outcome numbers are the Home Office's own",
    ),
    _shape("definition", "dash", r"\bA dash in this graphic", "a dash means that the force could not supply the data"),
    _shape(
        "definition",
        "starred-shares",
        r"\bshown as proportions of outcomes\b",
        "figures marked * are shares of outcomes assigned to offences recorded in the period",
    ),
    _shape(
        "definition",
        "rounding",
        r"\b(?:may|might) not (?:sum|add)\b",
        "numbers may not add to 100 percent, because of rounding",
    ),
    _shape(
        "definition",
        "domestic-abuse",
        r"\bgovernment definition of domestic\b",
        "domestic abuse is what meets the government's definition",
    ),
    _shape(
        "definition",
        "unlinked-arrests",
        r"\bcommon time period for arrests\b|\barrests are not linked\b",
        "arrests and offences of the same period, not linked to each other",
    ),
    _shape(
        "definition",
        "incident-recording",
        r"\bNational Standard for Incident Recording\b",
        "incidents recorded under the National Standard for Incident Recording",
    ),
    _shape(
        "definition",
        "incidents-recorded",
        r"\binterpreted as incidents recorded\b",
        "incidents recorded by the police, not the true level of victimisation",
    ),
    _shape(
        "definition",
        "satisfaction-survey",
        r"\bsatisfaction surveys (?:with|are)\b",
        "surveys of specific victim groups, required by the Home Office",
    ),
    _shape(
        "definition",
        "whole-experience",
        r"\bresults\b.*\bwhole experience\b",
        "results on the victim's whole experience are used",
    ),
)


@lru_cache(maxsize=CACHED)
def force_shapes(text: str) -> dict[int, re.Match[str]]:
    """The shapes that a masked sentence has, by their place in ``FORCE_SHAPES``, and where it has them."""
    return {place: match for place, shape in enumerate(FORCE_SHAPES) if (match := shape.pattern.search(text))}


@lru_cache(maxsize=CACHED)
def general_rules(text: str) -> tuple[tuple[Shape, str], ...]:
    """The general rules that a masked sentence states, with their statements: of another body, and of one more kind."""
    found = [(shape, match) for shape in (OTHER_BODY,) if (match := shape.pattern.search(text))]
    found += next(([(shape, match)] for shape in GENERAL_SHAPES if (match := shape.pattern.search(text))), [])
    return tuple((shape, shape.statement(match)) for shape, match in found)

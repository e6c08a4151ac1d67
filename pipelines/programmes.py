"""How to tell which inspection programme a text belongs to, and what its text says of force, year and pillar.

Belongs here: one description per family of report texts (a shape that several programmes may share). Does not belong
here: how the tables inside a report are read. Adding a family is adding one ``Family`` and its tests.

Patterns are matched on the whole text with every run of white space folded to one blank, so that line ends, page
ends and carriage returns cannot break them; lines are therefore marked with ``\\n`` only where a pattern asks for one.
"""

import re
from dataclasses import dataclass

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


@dataclass(frozen=True)
class Family:
    """A shape of report text.

    ``signature`` proves the family and may name the groups year, cycle, pillar, inspectorate; ``force`` names the group
    force; ``published`` names month and year. ``programme_id`` and ``report_id`` are templates over those groups
    and the force's slug. ``on_title_page``: the signature counts only there. ``words`` stand in every text that has the
    signature: they are asked for first, since a whole text is searched for a pattern much more slowly.
    """

    name: str
    words: str
    signature: re.Pattern[str]
    force: re.Pattern[str]
    programme_id: str
    report_id: str
    published: re.Pattern[str] | None = None
    on_title_page: bool = False


PILLAR = "effectiveness|efficiency|legitimacy|leadership"

# A force name as reports print it: capitalised words, "and", "&" and hyphens. Trap: the article of "the Metropolitan
# Police Service" is no part of it, and a name may break over a line end (white space is folded before matching).
FORCE_NAME = r"(?P<force>[A-Z][A-Za-z&’' -]{2,60}?)"

# What Markdown puts around a heading of a web page, and a blank or none; bounded, so that a line of marks costs little.
MARKS = r"[\s#>*_]{0,20}"

FAMILIES: tuple[Family, ...] = (
    # PEEL reports on one pillar as taken out of their PDF (2016, 2017): the introduction names all three.
    Family(
        name="peel-pillar-report",
        words="inspection assessed all of these areas during 20",
        signature=re.compile(
            rf"(?P<inspectorate>HMIC(?:FRS)?)[’'`]?s (?P<pillar>{PILLAR}) inspection assessed all of these areas"
            r" during (?P<year>20\d\d)"
        ),
        force=re.compile(rf"report sets out our findings for (?:the )?{FORCE_NAME}\s?\."),
        programme_id="peel-{year}",
        report_id="{force_id}-{year}-{pillar}",
    ),
    # PEEL pillar pages as taken from the web (2014, 2015): the title line is force, PEEL, year; then the pillar.
    # Trap: the title is the first thing in the text; the same words later on only refer to another report.
    Family(
        name="peel-pillar-web-page",
        words=" PEEL 20",
        signature=re.compile(
            rf"^{MARKS}[^\n]{{3,60}} PEEL (?P<year>20\d\d){MARKS}\n{MARKS}(?P<pillar>(?i:{PILLAR})){MARKS}\n"
        ),
        force=re.compile(rf"^{MARKS}(?:The )?{FORCE_NAME}(?: ?[:–—-])? PEEL 20\d\d"),
        programme_id="peel-{year}",
        report_id="{force_id}-{year}-{pillar}",
    ),
    # PEEL reports on all areas at once (2018/19, 2021/22, 2023-25): cycle and force stand on the title page, on lines
    # of their own or as "PEEL 2021/22 – An inspection of ...". Marks of Markdown may stand around them.
    Family(
        name="peel-integrated-report",
        words="PEEL 20",
        signature=re.compile(
            rf"(?:^|\n){MARKS}PEEL (?P<cycle>20\d\d\s?[/–-]\s?(?:20)?\d\d){MARKS}(?:\n|$|[:–-]\s?An inspection of )"
        ),
        force=re.compile(
            rf"(?:(?:^|\n){MARKS}|PEEL [\d/– -]{{7,12}}[:–-]\s?)An inspection of (?:the )?{FORCE_NAME}{MARKS}(?:\n|$)"
        ),
        on_title_page=True,
        programme_id="peel-{cycle}",
        report_id="{force_id}-{cycle}",
        published=re.compile(rf"(?:^|\n)\s?(?P<month>{MONTHS}) (?P<year>\d{{4}}) \| ©"),
    ),
    # HMIC inspections against specific grading criteria (2007): only a stray page header names force and month.
    Family(
        name="specific-grading-criteria-report",
        words="assessment period ",
        signature=re.compile(rf"assessment period (?:{MONTHS}) 20\d\d to (?:{MONTHS}) (?P<year>20\d\d)"),
        force=re.compile(rf"(?:^|\n)\s?{FORCE_NAME} [–-] HMIC Inspection Report"),
        programme_id="sgc-{year}",
        report_id="{force_id}-{year}-inspection",
        published=re.compile(rf"HMIC Inspection Report\s+(?P<month>{MONTHS}) (?P<year>\d{{4}})"),
    ),
)

"""The measures that reports state: a registry to be scanned, and the source of the dimension ``measures``.

Belongs here: per measure what it means, its unit, and the few words that tell a sentence is about it. Does not belong
here: how a sentence prints values, areas, directions and periods, which is the same for all (``prose``,
``extract.statistics``), and measures of the printed tables' single rows (``reference/printed_rows.csv``).

How a measure is told. ``subject`` must be found in the words around the number (its clause; failing that its sentence,
or the sentence before when this one goes on with "This", "It", "The rate"). ``form`` must be found in the number's own
clause, where the number stands as Q and other numbers as #; it is asked for only where the subject alone would also
fit other numbers. ``unless`` must not be found there. ``counted`` is what directly follows a rate's number
("188 times", "18 organised crime groups"), ``per`` what its denominator names. Measures of one ``family`` are the same
thing said as a level and as a change, so that "This is a 4 percent decrease" finds its measure.
Adding a measure is adding one entry, and its sentence to ``tests/test_statistics.py``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

WORDS = re.compile(r"[a-z]+")
PERCENT = "percent"
PERCENTAGE_POINTS = "percentage points"
POUNDS = "pounds per head"
# By family: in lower case, words that its measures' ``subject`` cannot do without. They spare most searches.
NEEDED = {
    "recorded_crime": ("crime", "offences"),
    "victim_based_crime": ("based",),
    "anti_social_behaviour_incidents_rate": ("behaviour",),
    "anti_social_behaviour_powers_use_rate": ("behaviour",),
    "neighbourhood_policing_spend_per_head": ("neighbourhood",),
    "survey_satisfaction_local_policing": ("satisfied",),
    "survey_effective_tackling_anti_social_behaviour": ("behaviour",),
    "victim_satisfaction_whole_experience": ("satisf",),
    "evidential_difficulties_victim_does_not_support": ("evidential",),
    "evidential_difficulties_victim_supports": ("evidential",),
    "persons_wanted_rate": ("wanted",),
    "offenders_managed_iom": ("offenders",),
    "reoffending_rate_iom": ("offending",),
    "vulnerable_victim_share": ("vulnerable",),
    "domestic_abuse": ("domestic",),
    "domestic_abuse_arrest_rate": ("domestic",),
    "ballistics_referrals_rate": ("nabis", "ballistic"),
    "human_trafficking_referrals": ("trafficking", "slavery"),
}


@dataclass(frozen=True)
class Measure:
    """One measure. The module's description says how the patterns are used; kind and higher_is are those of the schema.

    ``units``: the first is the usual one; ``base``: what a rate is per ("1,000"); ``years``: for a change, the
    years between its two periods, where measures differ by that alone; ``also``: words besides those of the name
    that a sentence may hold and still go on with the measure ("This outcome was assigned to ..."); ``dated_by``:
    words of the sentences that state the period, wherever in the report they stand; ``maximum``: no higher value
    can be right.
    """

    measure_id: str
    name: str
    meaning: str
    kind: str
    units: tuple[str, ...]
    subject: str = ""
    form: str = ""
    unless: str = ""
    counted: str = ""
    base: str | None = None
    per: str = ""
    family: str = ""
    years: int | None = None
    dated_by: str = ""
    maximum: float | None = None
    higher_is: str = "neither"
    ranges: bool = False
    table_name: str = "statistics"
    also: str = ""

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Words, lower case, that a sentence may hold and still go on with this measure: its name's, and ``also``."""
        patterns = f"{self.counted} {self.also}".replace("(?:", " ").replace("|", " ").replace("?", "")
        return frozenset(WORDS.findall(f"{self.name} {patterns}".lower()))

    @cached_property
    def subject_words(self) -> re.Pattern[str]:
        """``subject``, compiled."""
        return _compiled(self.subject)

    def may_be_named_in(self, lowered: str) -> bool:
        """Whether a lower-case text holds one of the words without which ``subject`` cannot be found; asked first."""
        return not self.needed or any(word in lowered for word in self.needed)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """One of these stands in every text that ``subject`` is found in; () if none is known."""
        return NEEDED.get(self.siblings, ())

    @cached_property
    def form_words(self) -> re.Pattern[str]:
        """``form``, compiled."""
        return _compiled(self.form)

    @cached_property
    def unless_words(self) -> re.Pattern[str] | None:
        """``unless``, compiled; None where nothing is ruled out."""
        return _compiled(self.unless) if self.unless else None

    @cached_property
    def counted_words(self) -> re.Pattern[str]:
        """What may directly follow the number, with up to two words before it ("79 human trafficking cases")."""
        return re.compile(rf"\s(?:[\w’'-]+\s){{0,2}}?(?:{_spaced(self.counted)})\b", re.IGNORECASE)

    @cached_property
    def per_words(self) -> re.Pattern[str]:
        """``per``, compiled."""
        return _compiled(self.per)

    @property
    def siblings(self) -> str:
        """Name of the family: its own identifier where none is given."""
        return self.family or self.measure_id

    def row(self) -> dict[str, Any]:
        """The row of table ``measures``."""
        return {
            "measure_id": self.measure_id,
            "name": self.name,
            "meaning": self.meaning,
            "kind": self.kind,
            "unit": self.units[0] if self.units else None,
            "other_units": "; ".join(self.units[1:]) or None,
            "higher_is": self.higher_is,
            "table_name": self.table_name,
        }


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", r"\s")


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_spaced(pattern), re.IGNORECASE)


# Words that several measures share. Trap: line ends leave "antisocial", "anti- social" and "anti-social".
ASB = r"anti-? ?social behaviour"
NOT_A_RATE = r"powers|orders|injunction|legislation|satisf|thought|surveyed|survey\b"
# Trap: "recorded crimes of burglary" are a part of recorded crime.
ONE_TYPE = r"(?! (?:of|involving|against|related|relating|with)\b)"
RECORDED_CRIME = rf"recorded crimes?\b{ONE_TYPE}|(?:total|overall) (?:recorded )?crimes?\b{ONE_TYPE}"
VICTIM_BASED = rf"victim-? ?based (?:recorded )?crimes?\b{ONE_TYPE}"
# Trap: incidents of domestic abuse and calls about it are other figures than recorded offences.
DOMESTIC_ABUSE_CRIME = (
    r"recorded domestic abuse\b(?! incidents)|domestic abuse (?:[\w-]+ )?recorded\b"
    r"|domestic abuse[ -](?:related |flagged )?(?:crimes?|offences)\b|domestic[- ]related (?:crimes?|offences)\b"
)
OCG = r"organised crime groups?|OCGs?"
SPENT = r"(?:spend|spent|expenditure|cost)"
SPENDING = rf"{SPENT}[^.;]*neighbourhood policing|neighbourhood policing[^.;]*{SPENT}"
SATISFIED = r"\bsatisfied with (?:their )?(?:the )?(?:local policing|policing (?:of|in|where)|local police)"
SEEN = r"\bseen [^.;]*(?:officer|PCSO|policing)|officers? in uniform|uniformed (?:police )?(?:officer|presence)"
EFFECTIVE_ON_ASB = rf"\beffective (?:in|at|against) [^.;]*{ASB}"
ASKED = r"surveyed|respondents|asked|thought|said|members of the public|Q of (?:the )?(?:public|people|those)"
SURVEY = r"Ipsos MORI|survey of (?:public )?attitudes"
# Trap: a survey of the force's own asks the same at another time.
OWN_SURVEY = r"\b(?:force|constabulary|commissioner)(?:’s|'s)? (?:\w+ ){0,2}surveys?\b|\bown survey"
POPULATION = r"population|people|residents|inhabitants"

CRIME_MEASURES = (
    Measure(
        "forces_with_recorded_crime_increase",
        "Forces with an increase in recorded crime",
        "Forces of England and Wales, of 43, whose police-recorded crime (excluding fraud) rose over the year",
        "count",
        ("forces",),
        subject=r"(?:increase|rise|rose|up) in (?:total )?(?:police-? ?)?recorded crime|(?:recorded )?more "
        r"(?:recorded )?crime"
        r"|recorded crime(?: is| was| has gone| went)? (?:up|rose|increased|risen)",
        unless=r"(?:decrease|fall|reduction) in (?:total )?(?:police-? ?)?recorded crime",
        maximum=43,
    ),
    Measure(
        "forces_with_recorded_crime_decrease",
        "Forces with a decrease in recorded crime",
        "Forces of England and Wales, of 43, whose police-recorded crime (excluding fraud) fell over the year",
        "count",
        ("forces",),
        subject=r"(?:decrease|fall|reduction|drop|down) in (?:total )?(?:police-? ?)?recorded "
        r"crime|(?:less|fewer) (?:recorded )?crimes?"
        r"|recorded crime(?: is| was| has gone| went)? (?:down|fell|decreased|fallen)",
        unless=r"(?:increase|rise) in (?:total )?(?:police-? ?)?recorded crime",
        maximum=43,
    ),
    Measure(
        "recorded_crime_rate",
        "Recorded crime (excluding fraud) per 1,000 population",
        "Crimes recorded by the police (excluding fraud) per 1,000 people living in the area",
        "level",
        ("per 1,000 population",),
        subject=RECORDED_CRIME + r"|\bcrime rates?\b|Q (?:recorded )?(?:crimes|offences) (?:per|for)\b",
        unless=r"victim-? ?based|anti-? ?social|incidents|domestic|sexual|burglar|violen|assault",
        counted=r"crimes|offences",
        base="1,000",
        per=POPULATION,
        family="recorded_crime",
        maximum=1000,
        higher_is="worse",
    ),
    Measure(
        "victim_based_crime_rate",
        "Victim-based crime per 1,000 population",
        "Victim-based crimes recorded by the police per 1,000 people living in the area",
        "level",
        ("per 1,000 population",),
        subject=VICTIM_BASED,
        counted=r"crimes|offences",
        base="1,000",
        per=POPULATION,
        family="victim_based_crime",
        maximum=1000,
        higher_is="worse",
    ),
    *(
        Measure(
            f"{family}_change{suffix}",
            f"Change in {words}{span}",
            f"Percentage change in {meaning} {between}",
            "change",
            (PERCENT,),
            subject=subject,
            unless=unless,
            family=family,
            years=years,
            higher_is="worse",
        )
        for family, words, meaning, subject, unless in (
            (
                "recorded_crime",
                "recorded crime",
                "police-recorded crime (excluding fraud)",
                RECORDED_CRIME,
                r"victim-? ?based|domestic|accounted for|made up",
            ),
            ("victim_based_crime", "victim-based crime", "victim-based crime", VICTIM_BASED, r"domestic"),
        )
        for years, suffix, span, between in (
            (5, "_five_years", " over five years", "between twelve months and the twelve months five years earlier"),
            (1, "", " over one year", "between twelve months and the twelve months before them"),
        )
    ),
    Measure(
        "anti_social_behaviour_incidents_rate",
        "Anti-social behaviour incidents per 1,000 population",
        "Incidents of anti-social behaviour recorded by the police per 1,000 people living in the area",
        "level",
        ("per 1,000 population",),
        subject=ASB,
        unless=NOT_A_RATE,
        counted=r"(?:recorded )?(?:ASB )?incidents",
        base="1,000",
        per=POPULATION,
        maximum=1000,
        higher_is="worse",
    ),
    Measure(
        "anti_social_behaviour_incidents_rate_change",
        "Change in the rate of anti-social behaviour incidents",
        "Percentage change in incidents of anti-social behaviour per 1,000 population on the twelve months before",
        "change",
        (PERCENT,),
        subject=ASB,
        form=r"\brate\b|per (?:1,000|one thousand)",
        unless=NOT_A_RATE,
        family="anti_social_behaviour_incidents_rate",
        higher_is="worse",
    ),
    Measure(
        "anti_social_behaviour_powers_use_rate",
        "Use of anti-social behaviour powers per million population",
        "Times the force used powers against anti-social behaviour per million people living in the area",
        "level",
        ("per million population",),
        subject=rf"{ASB} powers|powers [^.;]*{ASB}",
        counted=r"times|uses|occasions",
        base="1,000,000",
        per=POPULATION,
    ),
    Measure(
        "neighbourhood_policing_spend_per_head",
        "Neighbourhood policing expenditure per head of population",
        "Estimated expenditure on neighbourhood policing in the financial year per person living in the area",
        "level",
        (POUNDS,),
        subject=SPENDING,
        also="spending spends spend spent estimate estimated",
        base="head",
        maximum=1000,
    ),
    Measure(
        "neighbourhood_policing_spend_per_head_change",
        "Change in neighbourhood policing expenditure per head",
        "Percentage change in expenditure on neighbourhood policing per head of population",
        "change",
        (PERCENT,),
        subject=SPENDING,
        also="spending spends spend spent estimate estimated",
        family="neighbourhood_policing_spend_per_head",
    ),
)

SURVEY_MEASURES = (
    Measure(
        "survey_people_interviewed",
        "People interviewed in the survey of public attitudes",
        "Sample size of the Ipsos MORI survey of attitudes towards policing",
        "count",
        ("people",),
        subject=r"Q (?:\w+ )?(?:people|members of the public) (?:were )?(?:interviewed|surveyed|took part)"
        r"|(?:interviewed|surveyed) Q (?:people|members of the public)"
        r"|(?:Ipsos MORI|public attitudes)[^.]*(?:sample size|people answered|answers)",
        unless=r"caution|custody|officers|staff\b|own survey",
        dated_by=SURVEY,
        ranges=True,
    ),
    *(
        Measure(
            f"survey_{name}{suffix}",
            f"{change}{title}",
            f"{meaning_of_change}{meaning}",
            kind,
            units,
            subject=subject,
            form=form if kind == "level" else "",
            family=f"survey_{name}",
            dated_by=SURVEY,
            unless=OWN_SURVEY,
            maximum=100,
            higher_is="better",
        )
        for name, title, meaning, subject, form in (
            (
                "satisfaction_local_policing",
                "People satisfied with local policing",
                "Share of people surveyed who are very or fairly satisfied with local policing",
                SATISFIED,
                r"\bsatisfied",
            ),
            (
                "seen_uniformed_officer",
                "People who have seen a uniformed officer",
                "Share of people surveyed who had seen a uniformed police officer where they live",
                SEEN,
                ASKED,
            ),
            (
                "effective_tackling_anti_social_behaviour",
                "People who think the police effective on anti-social behaviour",
                "Share of people surveyed who think the police effective in tackling anti-social behaviour",
                EFFECTIVE_ON_ASB,
                ASKED,
            ),
        )
        for kind, suffix, change, meaning_of_change, units in (
            ("level", "", "", "", (PERCENT,)),
            ("change", "_change", "Change: ", "Change since an earlier survey in: ", (PERCENT, PERCENTAGE_POINTS)),
        )
    ),
    Measure(
        "staff_survey_responses",
        "Responses to the survey of police staff",
        "Responses to the inspectorate's voluntary survey of police staff",
        "count",
        ("responses",),
        subject=r"survey of police staff[^.]*responses",
        ranges=True,
    ),
    Measure(
        "victim_satisfaction_whole_experience",
        "Victims satisfied with their whole experience",
        "Share of victims of crime who are satisfied with their whole experience with the police",
        "level",
        (PERCENT,),
        also="satisfaction",
        subject=r"satisf(?:ied|action)[^.;]*(?:whole|overall) experience|victim satisfaction(?! (?:with|surveys?)\b)",
        maximum=100,
        higher_is="better",
    ),
    Measure(
        "victim_satisfaction_whole_experience_change",
        "Change in victims satisfied with their whole experience",
        "Change in the share of victims of crime who are satisfied with their whole experience with the police",
        "change",
        (PERCENT, PERCENTAGE_POINTS),
        also="satisfaction",
        subject=r"satisf(?:ied|action)[^.;]*(?:whole|overall) experience|victim satisfaction(?! (?:with|surveys?)\b)",
        family="victim_satisfaction_whole_experience",
        maximum=100,
        higher_is="better",
    ),
)

INVESTIGATION_MEASURES = (
    Measure(
        "evidential_difficulties_victim_does_not_support",
        "Evidential difficulties; victim does not support police action",
        "Share of offences recorded in the period that were assigned this outcome (figure 5)",
        "level",
        (PERCENT,),
        subject=r"evidential difficulties.{0,40}?victim (?:does|did) not support",
        also="assigns assigned outcome outcomes cases offences",
        unless=r"victim supports|domestic",
        maximum=100,
        higher_is="worse",
    ),
    Measure(
        "evidential_difficulties_victim_supports",
        "Evidential difficulties; victim supports police action",
        "Share of offences recorded in the period that were assigned this outcome",
        "level",
        (PERCENT,),
        subject=r"evidential difficulties.{0,40}?victim supports",
        also="assigns assigned outcome outcomes cases offences",
        unless=r"not support|domestic",
        maximum=100,
        higher_is="worse",
    ),
    Measure(
        "computers_awaiting_examination",
        "Computers awaiting examination",
        "Computers that wait for examination in the force's high-tech crime unit",
        "count",
        ("computers",),
        subject=r"Q (?:computers|devices) (?:were |are )?(?:awaiting|waiting for|yet to be|still to be) examin",
        higher_is="worse",
    ),
    Measure(
        "persons_wanted_rate",
        "Persons wanted and circulated per 1,000 population",
        "Persons wanted and circulated on the police national computer per 1,000 people living in the area",
        "level",
        ("per 1,000 population",),
        subject=r"(?:persons?|people|suspects|offenders) (?:\w+ )?wanted|wanted (?:persons?|people|suspects|offenders)",
        counted=r"(?:wanted )?(?:persons|people|suspects)",
        base="1,000",
        per=POPULATION,
        maximum=1000,
        higher_is="worse",
    ),
    Measure(
        "offenders_managed_iom",
        "Offenders in integrated offender management",
        "Offenders that the integrated offender management (IOM) scheme manages",
        "count",
        ("people",),
        subject=r"(?:IOM|integrated offender management)[^.;#]*(?:manag|cover|supervis|includ|has)\w* (?:a total "
        r"of )?Q offenders",
    ),
    Measure(
        "reoffending_rate_iom",
        "Re-offending rate in integrated offender management",
        "Share of the offenders in integrated offender management (IOM) who re-offend",
        "level",
        (PERCENT,),
        also="iom group groups cohort reoffending",
        subject=r"re-? ?offending rate",
        form=r"IOM|integrated offender|groups?\b|cohort",
        maximum=100,
        higher_is="worse",
    ),
)

VULNERABILITY_MEASURES = (
    Measure(
        "vulnerable_victim_share",
        "Recorded crime with a vulnerable victim",
        "Share of recorded crime in which a vulnerable victim was identified; each force defines vulnerable itself",
        "level",
        (PERCENT,),
        also="crimes",
        subject=r"\bcrimes?\b[^.;]*vulnerable victims?|vulnerable victims?[^.;]*\bcrimes?\b",
        unless=r"domestic",
        maximum=100,
        ranges=True,
    ),
    Measure(
        "mental_health_flagged_incidents_share",
        "Incidents flagged for mental health",
        "Share of incidents that the force flagged to identify mental health",
        "level",
        (PERCENT,),
        subject=r"mental[ -](?:health|ill).{0,150}incidents|incidents.{0,150}mental[ -](?:health|ill)",
        form=r"Q of (?:\w+ ){0,3}incidents|incidents[^.;]*Q",
        maximum=100,
    ),
    Measure(
        "domestic_abuse_change",
        "Change in recorded domestic abuse",
        "Percentage change in offences of domestic abuse recorded by the police between two periods that may not "
        "adjoin",
        "change",
        (PERCENT,),
        subject=DOMESTIC_ABUSE_CRIME,
        unless=r"arrest|incidents|repeat|high[- ]risk",
        family="domestic_abuse",
    ),
    Measure(
        "domestic_abuse_share",
        "Domestic abuse as a share of recorded crime",
        "Share of all police-recorded crime that is domestic abuse",
        "level",
        (PERCENT,),
        also="made accounted crimes",
        subject=r"(?:domestic abuse|domestic[- ]related)[^.;]*\brecorded crimes?\b",
        form=r"Q of (?:all |total |the )?(?:police-? ?)?(?:recorded )?crimes?\b",
        unless=r"arrest",
        family="domestic_abuse",
        maximum=100,
    ),
    Measure(
        "domestic_abuse_arrest_rate",
        "Domestic abuse arrest rate",
        "Arrests per 100 domestic abuse offences of the same period; an arrest may belong to an offence of "
        "another period",
        "level",
        ("per 100 domestic abuse offences", PERCENT),
        subject=r"domestic abuse[^.;]*arrest|arrest[^.;]*domestic abuse|domestic abuse[^.]*\barrests",
        form=r"arrest rate|rate of arrest|arrests",
        unless=r"caution|outcome|charge",
        counted=r"arrests",
        base="100",
        per=r"domestic[ -](?:abuse|related)|(?:crimes|offences)",
    ),
)

ORGANISED_CRIME_MEASURES = (
    Measure(
        "ballistics_referrals_rate",
        "Items referred to the ballistics service per 100 ballistic items",
        "Items referred to the national ballistic intelligence service (NABIS) per 100 ballistic items that came "
        "to the police",
        "level",
        ("per 100 ballistic items",),
        subject=r"NABIS|ballistic",
        counted=r"items|referrals",
        base="100",
        per=r"ballistic",
    ),
    Measure(
        "organised_crime_groups_rate",
        "Organised crime groups per million population",
        "Organised crime groups that the force disrupts, investigates or monitors per million people living in "
        "the area",
        "level",
        ("per million population",),
        subject=rf"\b(?:{OCG})\b",
        also="ocg ocgs",
        unless=r"referr|GAIN|ballistic",
        counted=rf"(?:active |mapped )?(?:{OCG})",
        base="1,000,000",
        per=POPULATION,
    ),
    Measure(
        "intelligence_network_referrals_rate",
        "Referrals to the intelligence network per 100 organised crime groups",
        "Referrals to the Government Agency Intelligence Network (GAIN) per 100 organised crime groups of the force",
        "level",
        ("per 100 organised crime groups",),
        also="gain ocgs ocg referral",
        subject=r"\bGAIN\b|intelligence network",
        counted=r"(?:GAIN )?referrals",
        base="100",
        per=OCG,
    ),
    Measure(
        "human_trafficking_referrals",
        "Human trafficking cases referred",
        "Human trafficking cases that the force referred to the National Crime Agency",
        "count",
        ("cases",),
        subject=r"refer\w*[^.;#]*Q (?:\w+ )?(?:human trafficking|modern[- ](?:day "
        r")?slavery|trafficking)[^.;#]*?(?:cases|victims|referrals)"
        r"|Q (?:\w+ )?(?:human trafficking|modern[- ](?:day )?slavery) (?:cases|victims) (?:were )?referred",
    ),
)

# Compared with other forces, but in words: for band_statements.
IN_WORDS = tuple(
    Measure(
        measure_id, name, meaning, "in_words", (), subject=subject, table_name="band_statements", higher_is=higher_is
    )
    for measure_id, name, subject, meaning, higher_is in (
        (
            "foreign_nationals_arrest_rate",
            "Arrest rate of foreign nationals",
            r"arrest[^.;]*foreign nationals",
            "How often the force arrests foreign nationals",
            "neither",
        ),
        (
            "civil_injunctions_use",
            "Use of civil injunctions",
            r"civil injunctions",
            "How often the force uses civil injunctions against anti-social behaviour",
            "neither",
        ),
        (
            "domestic_abuse_arrests_per_population",
            "Domestic abuse arrests relative to the population",
            r"arrests[^.;]*relative to (?:the |its )?population",
            "Arrests for domestic abuse relative to the number of people living in the area",
            "neither",
        ),
        (
            "domestic_abuse_positive_outcomes",
            "Positive outcomes for domestic abuse investigations",
            r"positive outcomes for domestic abuse",
            "How often investigations of domestic abuse end in a positive outcome",
            "better",
        ),
        (
            "domestic_violence_protection_use",
            "Use of domestic violence protection notices and orders",
            r"DVP[NO]s?\b|domestic violence protection (?:notices?|orders?)",
            "How often the force uses domestic violence protection notices and orders",
            "better",
        ),
        (
            "offender_manager_caseload_dangerous",
            "Offenders per manager of dangerous offenders",
            r"(?:offenders monitored|MAPPA|dangerous|sex(?:ual)? offender)[^.;]*caseload",
            "Offenders that each officer who monitors dangerous and sexual offenders has to manage",
            "worse",
        ),
        (
            "offender_manager_caseload_iom",
            "Offenders per manager in integrated offender management",
            r"caseload",
            "Offenders that each manager of integrated offender management is responsible for",
            "worse",
        ),
        (
            "offenders_identified",
            "How often offenders are identified",
            r"frequency with which offenders are identified|offenders are identified",
            "How often an offender is identified when a crime has been committed",
            "better",
        ),
        (
            "out_of_court_use",
            "Cases concluded out of court",
            r"without taking offenders (?:before|to) (?:the )?court|concluded out of court|out[- ]of[- ]court",
            "How often cases are concluded without taking offenders before the court",
            "neither",
        ),
    )
)

# The measures of the printed tables: one for each table, whose rows tell the category.
TABLE_MEASURES = tuple(
    Measure(measure_id, name, meaning, "level", units, table_name=table_name)
    for measure_id, table_name, units, name, meaning in (
        (
            "outcome_proportion",
            "outcome_proportions",
            (PERCENT,),
            "Proportion of offences assigned an outcome",
            "Share of the offences recorded in the period that were assigned the outcome (figure 4)",
        ),
        (
            "domestic_abuse_outcome_rate",
            "domestic_abuse_outcomes",
            ("per 100 domestic abuse offences",),
            "Rate of an outcome for domestic abuse offences",
            "Outcomes recorded per 100 domestic abuse offences recorded in the period (figure 8)",
        ),
        (
            "crime_rate",
            "crime_rates",
            ("per 1,000 population", "per 1,000 households"),
            "Recorded crimes of a type per 1,000",
            "Crimes of the type recorded per 1,000 people (burglary: households) of the area (figure 2)",
        ),
        (
            "organised_crime_group_share",
            "organised_crime_groups",
            (PERCENT,),
            "Share of organised crime groups by main crime type",
            "Share of active organised crime groups whose main criminal activity is of the type (figure 10)",
        ),
    )
)

# Every measure that prose states with a number.
STATED: tuple[Measure, ...] = (
    *CRIME_MEASURES,
    *SURVEY_MEASURES,
    *INVESTIGATION_MEASURES,
    *VULNERABILITY_MEASURES,
    *ORGANISED_CRIME_MEASURES,
)


def range_measure(measure: Measure, kind: str) -> Measure:
    """The measure for the lowest or the highest force of a printed range ("from 3.9 percent to 44.4 percent")."""
    return Measure(
        f"{measure.measure_id}_{kind}_force",
        f"{measure.name}: {kind} force",
        f"The {kind} of all forces' values: {measure.meaning[0].lower()}{measure.meaning[1:]}",
        kind,
        measure.units,
        family=measure.siblings,
        maximum=measure.maximum,
        dated_by=measure.dated_by,
        higher_is=measure.higher_is,
    )


def measure_rows(measures: Iterable[Measure] | None = None) -> list[dict[str, Any]]:
    """Rows of the dimension ``measures``: what prose states, what is compared in words, and the printed tables."""
    if measures is None:
        ranges = (
            range_measure(measure, kind) for measure in STATED if measure.ranges for kind in ("lowest", "highest")
        )
        measures = (*TABLE_MEASURES, *STATED, *ranges, *IN_WORDS)
    return [measure.row() for measure in measures]

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

``said`` is the other way: how the number stands, as Q, in a sentence whose subject another one may name. ``said_of``
must then be found in the sentence or the ones it follows on, ``said_unless`` in neither. Counts out of others ("187 of
the 194 cases"), fractions ("two thirds") and numbers in words are read in this way only.
All but ``counted`` are looked for in text in lower case, so that "Q" is "q" there; a capital of a pattern is none.
Adding a measure is adding one entry, and its sentence to ``tests/statements.py`` or ``tests/family_statements.py``.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

WORDS = re.compile(r"[a-z]+")
CAPITAL = re.compile(r"(?<!\\)[A-Z]")  # of a pattern; "\S" is none
NOWHERE = r"(?!)"
PERCENT = "percent"
PERCENTAGE_POINTS = "percentage points"
POUNDS = "pounds per head"
# By family: in lower case, words that its measures' ``subject`` cannot do without. They spare most searches.
NEEDED = {
    "forces_with_recorded_crime_increase": ("crime",),
    "forces_with_recorded_crime_decrease": ("crime",),
    "recorded_crime": ("crime", "offences"),
    "victim_based_crime": ("based",),
    "anti_social_behaviour_incidents_rate": ("behaviour",),
    "anti_social_behaviour_powers_use_rate": ("behaviour",),
    "neighbourhood_policing_spend_per_head": ("neighbourhood",),
    "survey_people_interviewed": ("interviewed", "surveyed", "ipsos", "attitudes"),
    "survey_satisfaction_local_policing": ("satisfied",),
    "survey_seen_uniformed_officer": ("seen", "uniform"),
    "survey_effective_tackling_anti_social_behaviour": ("behaviour",),
    "staff_survey_responses": ("survey",),
    "victim_satisfaction_whole_experience": ("satisf",),
    "evidential_difficulties_victim_does_not_support": ("evidential",),
    "evidential_difficulties_victim_supports": ("evidential",),
    "computers_awaiting_examination": ("computers", "devices"),
    "persons_wanted_rate": ("wanted",),
    "offenders_managed_iom": ("offenders",),
    "reoffending_rate_iom": ("offending",),
    "vulnerable_victim_share": ("vulnerable",),
    "mental_health_flagged_incidents_share": ("mental",),
    "domestic_abuse": ("domestic",),
    "domestic_abuse_arrest_rate": ("domestic",),
    "ballistics_referrals_rate": ("nabis", "ballistic"),
    "organised_crime_groups_rate": ("organised", "ocg"),
    "intelligence_network_referrals_rate": ("gain", "intelligence"),
    "human_trafficking_referrals": ("trafficking", "slavery"),
    "force_area_size": ("square miles",),
    "population_served": ("population", "people", "residents", "inhabitants"),
    "households_served": ("households",),
    "population_minority_ethnic_share": ("of the",),
    "population_born_abroad_share": ("born",),
    "police_officers": ("police officers",),
    "police_staff": ("police staff",),
    "force_budget": ("budget",),
    "command_units": ("units", "ocus", "bcus", "divisions"),
    "neighbourhoods_identified": ("neighbourhoods",),
    "policing_sectors": ("sectors",),
    "neighbourhood_policing_teams": ("teams",),
    "neighbourhood_policing_officers": ("neighbourhood",),
    "neighbourhood_policing_officer_share": ("neighbourhood",),
    "neighbourhood_policing_coverage": ("coverage",),
    "police_community_support_officers": ("pcsos", "support officers"),
    "special_constables": ("special",),
    "meeting_attenders_relevant_issues": ("attend",),
    "meeting_attenders_would_return": ("attend",),
    "telephone_survey_residents": ("telephone survey",),
    "officer_caseload_benchmark": ("benchmark",),
    "officer_caseload_range_low": ("carry",),
    "officer_caseload_range_high": ("carry",),
    "missing_persons_recorded": ("missing",),
    "domestic_abuse_suspects_outstanding": ("suspects", "perpetrators"),
    "public_protection_suspects_outstanding": ("suspects", "perpetrators"),
    "crime_severity_score": ("severity",),
    "firearms_offences_rate": ("firearm", "gun"),
    "knife_crime_rate": ("knife",),
    "domestic_abuse_incidents_rate": ("domestic",),
    "crime_recording_accuracy": ("record",),
    "violent_crime_recording_accuracy": ("record",),
    "sexual_offences_recording_accuracy": ("record",),
    "violent_crimes_additionally_recorded": ("violent",),
    "use_of_force_recorded": ("of force",),
    "use_of_force_expected": ("force records",),
    "stop_search_grounds_share": ("search",),
    "emergency_calls_answered_in_time": ("calls",),
    "non_emergency_calls_answered_in_time": ("calls",),
    "non_emergency_calls_abandoned": ("calls",),
    "call_demand_diverted": ("divert", "deflect"),
    "community_messaging_subscribers": ("subscribe", "signed up", "messages"),
    "missing_foreign_nationals_safeguarded": ("foreign nationals",),
    "workforce_without_vetting": ("vetting", "vetted"),
    "officers_being_recruited": ("recruiting",),
    "foreign_nationals_arrest_rate": ("foreign",),
    "civil_injunctions_use": ("injunctions",),
    "domestic_abuse_arrests_per_population": ("arrests",),
    "domestic_abuse_positive_outcomes": ("positive",),
    "domestic_violence_protection_use": ("dvp", "domestic"),
    "offender_manager_caseload_dangerous": ("caseload",),
    "offender_manager_caseload_iom": ("caseload",),
    "offenders_identified": ("offenders",),
    "out_of_court_use": ("court",),
}


@dataclass(frozen=True)
class Plausible:
    """Values that any force, or England and Wales, can have: a number outside is a misprint or misread until looked at.

    Bounds are inclusive and in the measure's usual unit; changes carry no sign. ``reason`` says what they rest on.
    """

    minimum: float
    maximum: float
    reason: str


# By measure; what is nothing but a share of a whole is bound by its column. Trap: City of London has few residents, so
# rates per resident are ten times those of other forces.
PLAUSIBLE = {
    "domestic_abuse_outcome_rate": Plausible(0, 120, "outcomes of a year per 100 offences of it: little above 100"),
    "crime_rate": Plausible(
        0.3, 1000, "rarest kind printed: sexual offences, 1 to 3; all crime 45 to 110, City near 700"
    ),
    "forces_with_recorded_crime_increase": Plausible(0, 43, "there are 43 forces"),
    "forces_with_recorded_crime_decrease": Plausible(0, 43, "there are 43 forces"),
    "recorded_crime_rate": Plausible(30, 1000, "forces lie between 45 and 110, City of London near 700"),
    "victim_based_crime_rate": Plausible(25, 1000, "forces lie between 40 and 100, City of London near 600"),
    "recorded_crime_change": Plausible(0, 60, "no force's recorded crime changed by more in a year"),
    "recorded_crime_change_five_years": Plausible(0, 120, "new recording practice nearly doubled some forces' crime"),
    "victim_based_crime_change": Plausible(0, 60, "as recorded crime"),
    "victim_based_crime_change_five_years": Plausible(0, 120, "as recorded crime"),
    "anti_social_behaviour_incidents_rate": Plausible(3, 150, "forces lay between 10 and 80, before 2010 above 100"),
    "anti_social_behaviour_incidents_rate_change": Plausible(0, 70, "new call handling cut some forces' by half"),
    "anti_social_behaviour_powers_use_rate": Plausible(0, 5000, "some hundreds; no force counts one in 200 people"),
    "neighbourhood_policing_spend_per_head": Plausible(5, 300, "forces spend 10 to 60 pounds, City of London more"),
    "neighbourhood_policing_spend_per_head_change": Plausible(0, 80, "a team moved between budgets at most"),
    "survey_people_interviewed": Plausible(100, 2000, "331 to 429 a force in 2016; boosted samples have a thousand"),
    "survey_satisfaction_local_policing": Plausible(20, 90, "about half of the public, in every force"),
    "survey_satisfaction_local_policing_change": Plausible(0, 40, "a share near half"),
    "survey_seen_uniformed_officer": Plausible(3, 80, "a fifth in 2016, half in earlier years"),
    "survey_seen_uniformed_officer_change": Plausible(0, 60, "a share of the public"),
    "survey_effective_tackling_anti_social_behaviour": Plausible(10, 90, "about a third of the public"),
    "survey_effective_tackling_anti_social_behaviour_change": Plausible(0, 60, "a share of the public"),
    "staff_survey_responses": Plausible(1, 20000, "voluntary: 8 to 2,471 a force in 2016"),
    "victim_satisfaction_whole_experience": Plausible(50, 100, "70 to 95 in every force and year of the survey"),
    "victim_satisfaction_whole_experience_change": Plausible(0, 25, "a share that moves slowly"),
    "evidential_difficulties_victim_does_not_support": Plausible(1, 60, "8 to 25 in 2016, above 40 in later years"),
    "evidential_difficulties_victim_supports": Plausible(1, 60, "5 to 20 in 2016"),
    "computers_awaiting_examination": Plausible(0, 5000, "a backlog of one force's unit"),
    "persons_wanted_rate": Plausible(0.05, 20, "1.3 in England and Wales in 2016"),
    "offenders_managed_iom": Plausible(10, 20000, "tens in small forces, some thousands in the largest"),
    "reoffending_rate_iom": Plausible(5, 95, "repeat offenders, but most schemes see half of them stop"),
    "vulnerable_victim_share": Plausible(1, 70, "3.9 to 44.4 in 2016"),
    "mental_health_flagged_incidents_share": Plausible(0.1, 25, "2.4 in England and Wales in 2016"),
    "domestic_abuse_change": Plausible(0, 150, "new recording practice doubled some forces'"),
    "domestic_abuse_share": Plausible(2, 40, "5 to 20 in every force"),
    "domestic_abuse_arrest_rate": Plausible(10, 150, "about half; arrests may belong to offences of another year"),
    "ballistics_referrals_rate": Plausible(0, 100, "items referred, of 100 items"),
    "organised_crime_groups_rate": Plausible(2, 500, "18 to 150 in 2016"),
    "intelligence_network_referrals_rate": Plausible(0, 500, "26.4 in England and Wales in 2016, a few above 100"),
    "human_trafficking_referrals": Plausible(0, 3000, "3,805 in the whole of the United Kingdom in 2016"),
    "force_area_size": Plausible(1, 5000, "square miles: City of London 1, Dyfed-Powys 4,200"),
    "households_served": Plausible(3000, 5000000, "City of London some thousands, London above 3 million"),
    "population_minority_ethnic_share": Plausible(0.5, 60, "46 in London at the census of 2021"),
    "population_born_abroad_share": Plausible(1, 60, "41 in London at the census of 2021"),
    "crime_severity_score": Plausible(2, 60, "18 was the highest of all forces in 2021"),
    "firearms_offences_rate_per_100000": Plausible(0, 100, "24.5 was the highest of all forces in 2021"),
    "firearms_offences_rate_per_1000": Plausible(0, 1, "as per 100,000"),
    "knife_crime_rate_per_1000": Plausible(0, 10, "1.55 was the highest of all forces in 2021"),
    "knife_crime_rate_per_100000": Plausible(0, 1000, "as per 1,000"),
    "domestic_abuse_incidents_rate": Plausible(3, 80, "20.4 in England and Wales in 2021"),
    "command_units": Plausible(1, 40, "London has 32 boroughs"),
    "force_budget": Plausible(10, 10000, "million pounds: small forces some tens, London some thousands"),
    "police_officers": Plausible(300, 50000, "City of London near 700, London 35,000"),
    "police_staff": Plausible(50, 30000, "City of London some hundreds, London above 10,000"),
    "neighbourhoods_identified": Plausible(1, 2000, "wards or groups of them: London had some 600"),
    "policing_sectors": Plausible(1, 1000, "sectors are groups of neighbourhoods"),
    "neighbourhood_policing_teams": Plausible(1, 1500, "London had some 600"),
    "neighbourhood_policing_officers": Plausible(1, 20000, "a part of the officers"),
    "police_community_support_officers": Plausible(0, 6000, "16,900 in England and Wales in 2010, 4,600 in London"),
    "special_constables": Plausible(0, 8000, "20,300 in England and Wales in 2012, above 5,000 of them in London"),
    "crime_recording_accuracy": Plausible(50, 100, "81 in England and Wales in 2014; no force was near half"),
    "emergency_calls_answered_in_time": Plausible(10, 100, "999 calls, within 10 seconds: most of them in every force"),
    "use_of_force_recorded": Plausible(10, 500000, "a year's records; London above 100,000"),
    "use_of_force_expected": Plausible(10, 500000, "as records"),
    "officers_being_recruited": Plausible(1, 20000, "20,000 in all forces from 2019 to 2023"),
}


@dataclass(frozen=True)
class Measure:
    """One measure. The module's description says how the patterns are used; kind and higher_is are those of the schema.

    ``units``: the first is the usual one; ``base``: what a rate is per ("1,000"); ``years``: for a change, the
    years between its two periods, where measures differ by that alone; ``also``: words besides those of the name
    that a sentence may hold and still go on with the measure ("This outcome was assigned to ..."); ``dated_by``:
    words of the sentences that state the period, wherever in the report they stand; ``maximum``: no higher value
    can be right; ``bare``: a level whose number is printed without a unit (a score); ``named``: the sentence must name
    the area; ``expected``: an estimate or plan by its nature, where others state results; ``earlier``: a value of an
    earlier inspection, or before a change, is the measure ``<measure_id>_earlier`` (else it is left out), which
    ``said_earlier`` also tells; ``part_of``: the measure stated just before that this one is out of; ``audited``: a
    count of cases that is none without what it is out of.
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
    said: str = ""
    said_of: str = ""
    said_unless: str = ""
    said_earlier: str = ""
    bare: bool = False
    named: bool = False
    expected: bool = False
    earlier: bool = False
    part_of: str = ""
    audited: bool = False

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Words, lower case, that a sentence may hold and still go on with this measure: its name's, and ``also``."""
        patterns = f"{self.counted} {self.also}".replace("(?:", " ").replace("|", " ").replace("?", "")
        return frozenset(WORDS.findall(f"{self.name} {patterns}".lower()))

    @cached_property
    def subject_words(self) -> re.Pattern[str]:
        """``subject``, compiled; found nowhere if there is none."""
        return _compiled(self.subject or NOWHERE)

    @cached_property
    def said_words(self) -> re.Pattern[str]:
        """``said``, compiled; found nowhere if there is none."""
        return _compiled(self.said or NOWHERE)

    @cached_property
    def said_of_words(self) -> re.Pattern[str]:
        """``said_of``, compiled: apart from ``said``, since few reports ask for it."""
        return _compiled(self.said_of)

    @cached_property
    def said_unless_words(self) -> re.Pattern[str]:
        """``said_unless``, compiled; found nowhere if there is none."""
        return _compiled(self.said_unless or NOWHERE)

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
        # The lowest and highest of all forces are values of the measure that they are a range of.
        plausible = PLAUSIBLE.get(self.family if self.kind in ("lowest", "highest") else self.measure_id)
        return {
            "measure_id": self.measure_id,
            "name": self.name,
            "meaning": self.meaning,
            "kind": self.kind,
            "unit": self.units[0] if self.units else None,
            "other_units": "; ".join(self.units[1:]) or None,
            "higher_is": self.higher_is,
            "table_name": self.table_name,
            "plausible_minimum": plausible.minimum if plausible else None,
            "plausible_maximum": plausible.maximum if plausible else None,
            "plausible_reason": plausible.reason if plausible else None,
        }


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", r"\s")


def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern in lower case, for text in lower case: to ignore case instead takes twice as long."""
    return re.compile(CAPITAL.sub(lambda capital: capital.group().lower(), _spaced(pattern)))


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
        unless=r"victim-? ?based|anti-? ?social|incidents|domestic|sexual|burglar|violen|assault|knife|firearm|weapon"
        r"|robber|theft|vehicle|drug|hate|fraud offences",
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
        subject=r"refer\w*[^.;#]{0,200}Q (?:\w+ )?(?:human trafficking|modern[- ](?:day "
        r")?slavery|trafficking)[^.;#]{0,200}?(?:cases|victims|referrals)"
        r"|Q (?:\w+ )?(?:human trafficking|modern[- ](?:day )?slavery) (?:cases|victims) (?:were )?referred",
    ),
)

# --- what the reports of 2007, 2015 and from 2021 state

# Traps: "one OCU has identified 12 neighbourhoods", "some districts": parts of the force area.
A_PART = (
    r"\b(?:one|an?|this|another|some|two|three|most|other|pathfinder) (?:\w+ )?"
    r"(?:OCUs?|BCUs?|divisions?|districts?|boroughs?|LPUs?|NPUs?|departments?|cit(?:y|ies)|towns?)\b"
    r"|\b(?:one|another|other|some|most|many|neighbouring|similar) (?:\w+ )?forces?\b"
)
NOT = r"(?:\b(?:not|never|no|without|fail(?:s|ed|ing|ures?)?|hardly)\b|n['’]t\b)"
INEXACT = (
    r"(?:(?:about|around|approximately|nearly|almost|just over|just under|over|under|some|roughly|more than|fewer than"
    r"|less than|up to|in excess of|at least) )?"
)
NEIGHBOURHOOD = r"neighbourhood policing"
UNITS_OF_COMMAND = r"(?:OCUs|BCUs|operational command units|basic command units|territorial divisions)"
# All of them: nothing behind says which ("with firearms training", "per ward", "fewer than it needs").
NO_MORE = r"(?=[.;:)]|$|,? (?:and |plus )?(?:\w+ )?#|,? (?:and|as (?:at|of)|by|in post)\b)"
FULL_TIME = r"(?:full[- ]time[- ]equivalent |FTE )?"
NOT_DEALT_WITH = (
    r"(?:had|have|has) (?:not|yet) (?:yet )?(?:to be|been) (?:dealt with|arrested|located|interviewed)"
    r"|(?:still|yet) to be (?:dealt with|arrested|located|interviewed)|(?:were|are|remained|remain) outstanding"
)
MISSING_PEOPLE = r"missing (?:persons?|people)"

FORCE_MEASURES = (
    Measure(
        "force_area_size",
        "Size of the force area",
        "Size of the police force area",
        "level",
        ("square miles",),
        subject=rf"(?:covers|covering|area of|comprises) {INEXACT}Q square miles",
        unless=A_PART,
        bare=True,
    ),
    Measure(
        "population_served",
        "Population of the force area",
        "People living in the police force area",
        "count",
        ("people", "million people"),
        subject=rf"\b(?:serves?|serving|polices?|has|have|with) (?:an? )?(?:(?:total|resident|estimated|"
        rf"overall|combined|diverse|growing|large|local) )?population of {INEXACT}Q"
        rf"(?! (?:students?|pupils|prisoners|visitors|tourists|officers))(?: people| residents| inhabitants)?(?!\w)"
        rf"|population of the force(?: area)? (?:is|was|stands at) {INEXACT}Q\b"
        rf"|\b(?:serves?|serving|polices?) (?:a (?:resident )?population of )?{INEXACT}Q (?:people|residents"
        rf"|inhabitants)\b",
        unless=A_PART + r"|student|seasonal|daytime|visitor|projected",
        named=True,
    ),
    Measure(
        "households_served",
        "Households in the force area",
        "Households in the police force area",
        "count",
        ("households",),
        subject=r"\b(?:population|people|residents)\b[^.;]*Q households\b|\b(?:serves?|serving) [^.;#]*Q households\b",
        unless=A_PART,
        named=True,
    ),
    Measure(
        "population_minority_ethnic_share",
        "Population from minority ethnic groups",
        "Share of the people living in the police force area who are from black and minority ethnic groups",
        "level",
        (PERCENT,),
        subject=rf"\bAt {INEXACT}Q,? the (?:percentage|proportion|share) of the population from (?:black|minority|BME"
        rf"|BAME)"
        rf"|(?:percentage|proportion|share) of the population from (?:black|minority|BME|BAME)[^.;#]{{0,60}} (?:is"
        rf"|was|stands at) "
        rf"{INEXACT}Q"
        r"|Q of the (?:\w+ )?population (?:is|are|was|comes?|being) (?:from )?(?:a )?(?:black|minority|BME|BAME)",
        unless=A_PART + r"|officers|staff|workforce",
        maximum=100,
    ),
    Measure(
        "population_born_abroad_share",
        "Population born outside the United Kingdom",
        "Share of the people living in the police force area who were born outside the United Kingdom",
        "level",
        (PERCENT,),
        subject=r"Q of the (?:\w+ )?population (?:is|are|was|were) born (?:outside|abroad|overseas)",
        unless=A_PART + r"|officers|staff|workforce",
        maximum=100,
    ),
    *(
        Measure(
            measure_id,
            f"{words[0].upper()}{words[1:]}",
            f"{words[0].upper()}{words[1:]} of the force, as the report states its size",
            "count",
            (unit,),
            subject=rf"\b(?:strength|workforce) of {INEXACT}Q {FULL_TIME}{who}\b"
            rf"|\b(?:the force|it|Police|Constabulary) (?:now |currently )?(?:has|employs) {before}{INEXACT}Q "
            rf"{FULL_TIME}{who}\b"
            rf"{NO_MORE}",
            unless=A_PART + r"|\bwill\b|\bteam\b|\bunit\b",
        )
        for measure_id, words, unit, before, who in (
            ("police_officers", "police officers", "officers", "", r"police officers"),
            (
                "police_staff",
                "police staff",
                "staff",
                r"(?:# police officers,? (?:and )?)?",
                r"(?:members of )?police staff",
            ),
        )
    ),
    Measure(
        "force_budget",
        "Budget of the force",
        "Budget of the force for the year, as the report states it",
        "level",
        ("million pounds",),
        subject=rf"\b(?:annual |net |gross |revenue |total )*budget (?:for [^,;.#]{{0,20}} )?(?:of|is|was) "
        rf"{INEXACT}Q\b",
        unless=A_PART
        + r"|\bunit\b|\bteam\b|\bIT\b|Q for (?!#|\d|the year)|capital|overtime|training|saving|gap|shortfall|\bwill\b",
        named=True,
    ),
    Measure(
        "command_units",
        "Command units",
        "Operational or basic command units that the force is divided into",
        "count",
        ("units",),
        subject=rf"\bforce['’]s Q {UNITS_OF_COMMAND}\b|\ball Q {UNITS_OF_COMMAND} (?:across|in|within|of) the force\b"
        rf"|\b(?:force|which|it) (?:is|was) (?:divided|organised|split) into Q {UNITS_OF_COMMAND}\b"
        rf"|\b(?:the force|it) (?:has|comprises|consists of) Q {UNITS_OF_COMMAND}\b",
    ),
)

NEIGHBOURHOOD_MEASURES = (
    Measure(
        "neighbourhoods_identified",
        "Neighbourhoods",
        "Neighbourhoods that the force has identified for neighbourhood policing",
        "count",
        ("neighbourhoods",),
        subject=r"Q neighbourhoods (?:have been|has been|were|are) (?:identified|established|defined|created)"
        r"|\b(?:force|it) (?:has|have)(?: identified| established| defined| created)? Q neighbourhoods\b",
        unless=A_PART + rf"|{NOT}",
    ),
    Measure(
        "policing_sectors",
        "Policing sectors",
        "Sectors that the neighbourhoods of the force are grouped in",
        "count",
        ("sectors",),
        subject=r"neighbourhoods,? (?:within|in|grouped into|divided into|across) Q sectors\b",
        unless=A_PART,
    ),
    Measure(
        "neighbourhood_policing_teams",
        "Neighbourhood policing teams",
        "Teams that police the neighbourhoods of the force",
        "count",
        ("teams",),
        subject=r"\b(?:served|policed|covered|supported) by Q (?:dedicated )?(?:neighbourhood )?(?:policing )?teams\b"
        r"|\b(?:force|it) has Q (?:dedicated )?neighbourhood (?:policing )?teams\b"
        r"|neighbourhoods\b[^.]*\bQ teams (?:police|serve|cover) them\b",
        form=r"neighbourhood|Q teams",
        unless=A_PART,
    ),
    Measure(
        "neighbourhood_policing_officers",
        "Officers of neighbourhood policing",
        "Police officers dedicated to neighbourhood policing",
        "count",
        ("officers",),
        subject=rf"Q (?:police )?officers (?:are |were )?(?:dedicated|assigned|deployed) to {NEIGHBOURHOOD}",
        unless=A_PART,
    ),
    Measure(
        "neighbourhood_policing_officer_share",
        "Officer strength dedicated to neighbourhood policing",
        "Share of officer strength dedicated to neighbourhood policing, as a mean of the command units where it says "
        "so",
        "level",
        (PERCENT,),
        subject=rf"Q of (?:its |the |total |all )*(?:police )?officers?(?: strength| establishment)?"
        rf"(?: per OCU| per BCU| on each OCU| on each BCU)?,? (?:(?:is|are|was|were) )?(?:dedicated|assigned"
        rf"|deployed) to {NEIGHBOURHOOD}",
        unless=A_PART + r"|PCSO",
        maximum=100,
    ),
    Measure(
        "neighbourhood_policing_coverage",
        "Coverage of neighbourhood policing",
        "Share of the force area that has neighbourhood policing",
        "level",
        (PERCENT,),
        subject=rf"{NEIGHBOURHOOD}[^.;#]*\bQ (?:of [^.;#]{{0,40}})?coverage\b",
        unless=A_PART + r"|will|by 20",
        maximum=100,
    ),
    Measure(
        "police_community_support_officers",
        "Police community support officers",
        "Police community support officers (PCSOs) of the force",
        "count",
        ("officers",),
        subject=rf"\b(?:complement|strength|total) of {INEXACT}Q (?:PCSOs|police community support "
        rf"officers)\b"
        rf"|\b(?:the force|it) (?:now |currently )?(?:has|employs) {INEXACT}Q (?:PCSOs|police community support "
        rf"officers)"
        rf"{NO_MORE}",
        unless=A_PART + r"|\bwill\b|\bteam\b|\b(?:bid|promised|request\w*|applied)\b",
    ),
    Measure(
        "special_constables",
        "Special constables",
        "Officers of the force's Special Constabulary",
        "count",
        ("officers",),
        subject=rf"\bSpecial Constabulary (?:now |currently )?(?:has|have|numbers|comprises|consists of) {INEXACT}Q "
        r"(?:officers|members|specials|special constables)\b"
        rf"|\b(?:the force|it) (?:now |currently )?has {INEXACT}Q special constables\b"
        rf"{NO_MORE}",
        unless=A_PART + r"|\bwill\b",
    ),
    Measure(
        "meeting_attenders_relevant_issues",
        "People at local meetings who find their issues relevant",
        "Share of the people asked at local policing meetings who believe that relevant issues are discussed",
        "level",
        (PERCENT,),
        subject=r"\b(?:attendees|attenders|people attending|those attending)\b[^.;#]{0,60}?,? Q "
        r"(?:\w+ )?"
        r"(?:believed?|think|thought|felt|feel|agreed?|said)\b(?=[^.;#]*\bissues?\b)[^.;#]*\b(?:relevant|important)\b",
        unless=NOT,
        maximum=100,
        higher_is="better",
    ),
    Measure(
        "meeting_attenders_would_return",
        "People at local meetings who would attend again",
        "Share of the people asked at local policing meetings who would attend again",
        "level",
        (PERCENT,),
        subject=r"\b(?:attendees|attenders|people attending|those attending)\b[^.]*"
        r"\bQ (?:said (?:that )?they )?would (?:re-?attend|attend again|come again|return)\b",
        unless=NOT,
        also="said they that would attend reattend re come again return",
        expected=True,
        maximum=100,
        higher_is="better",
    ),
    Measure(
        "telephone_survey_residents",
        "Residents asked in the inspectorate's telephone survey",
        "Sample size of the telephone survey that the inspection made among residents of the force area",
        "count",
        ("people",),
        subject=rf"\binspection\b[^.;]*\btelephone survey of {INEXACT}Q (?:residents|people|members of the public)\b"
        rf"|\btelephone survey of {INEXACT}Q randomly[ -]selected (?:residents|people|members of the public)\b",
    ),
    Measure(
        "telephone_survey_categories_in_range",
        "Categories of the telephone survey within the national average range",
        "Questions of the inspection's telephone survey whose answers were within the national average range",
        "count",
        ("categories",),
        audited=True,
        said=r"^Q (?:categories|questions|areas) were within the national average range",
        said_of=r"telephone survey of",
        said_unless=NOT,
        higher_is="better",
    ),
)

CASELOAD_MEASURES = (
    Measure(
        "officer_caseload_benchmark",
        "Benchmark for the cases of an officer",
        "Cases a year that one officer should carry at most, by an indicative benchmark; question_id tells of what",
        "count",
        ("cases per officer",),
        subject=rf"\bbenchmark of {INEXACT}Q cases (?:per|for each|for every) (?:officer|investigator)\b",
    ),
    *(
        Measure(
            f"officer_caseload_range_{end}",
            f"Cases that some officers carry: {words}",
            f"The {words} of the numbers of cases that some officers of the force carry; question_id tells of what",
            "count",
            ("cases per officer",),
            subject=rf"\bofficers (?:are |were )?(?:each )?carry(?:ing)? {INEXACT}(?:between |from )?{numbers} cases\b",
            higher_is="worse",
        )
        for end, words, numbers in (("low", "lowest", "Q (?:to|and|-|–) #"), ("high", "highest", "# (?:to|and|-|–) Q"))
    ),
    Measure(
        "missing_persons_recorded",
        "Missing persons recorded",
        "Missing persons that the force recorded in the period",
        "count",
        ("people",),
        subject=rf"\brecorded {INEXACT}Q (?:reports of |reported )?{MISSING_PEOPLE}\b"
        rf"|\bQ (?:reports of )?{MISSING_PEOPLE} (?:were|had been) (?:recorded|reported)\b",
        unless=A_PART + rf"|{NOT}|each year|{MISSING_PEOPLE} (?:a|per|each|every)\b",
    ),
    *(
        Measure(
            f"{kind}_suspects_outstanding",
            f"Suspects still to be dealt with: {words}",
            f"Named suspects for {words} whom the force had not yet dealt with",
            "count",
            ("suspects",),
            subject=rf"\bQ (?:named )?(?:suspects|perpetrators) (?:were )?(?:for|of|in) (?:{of})[^.;#]*"
            rf"(?: and (?:a further |another )?# (?:suspects )?(?:for|of) other [^.;#]*)?(?:{NOT_DEALT_WITH})"
            rf"|\bQ (?:named )?(?:suspects|perpetrators) (?:were |are )?(?:{NOT_DEALT_WITH}) [^.;#]*(?:{of})",
            unless=A_PART + r"|\bin (?:19|20)\d\d\b",
            higher_is="worse",
        )
        for kind, words, of in (
            ("domestic_abuse", "domestic abuse crimes", "domestic (?:abuse|violence)"),
            ("public_protection", "other offences of public protection", "(?:other )?public protection"),
        )
    ),
)


# Traps: what people think, a part of the crimes, how, when or by whom they are recorded.
NO_ACCURACY = (
    r"\b(?:believ|think|thought|assum|claim)\w*|\btold us\b|^Had\b"
    r"|^[^#]{0,80}\b(?:domestic abuse|vulnerab\w+|public protection|units?|teams?)\b[^#]{0,60}\bQ\b"
    r"|\brecorded (?:on the|as|through|over|via|online|by the end)\b"
    r"|\brecorded by the [^,.;#]{0,30}\b(?:unit|team|centre|desk|bureau)\b"
    r"|\breported (?:\w+ )?(?:crimes?|offences) (?:as|through|over|via|online|by)\b"
)


def _accuracy(kind: str, words: str, crimes: str, is_all: bool = False) -> Measure:
    """Share of reported crimes that are recorded. Traps: "recorded within 24 hours", "recorded 40 percent of crime"."""
    recorded = r"(?:accurately |correctly |properly )?recorded"
    to_whom = r"(?: to [^.;,#]{1,45}?)?"
    recording = rf"\brecord(?:s|ing) {INEXACT}Q of (?:all )?reported {crimes}"
    recording += rf"|\brecord(?:s|ing) {INEXACT}Q of (?:all )?(?:the )?{crimes} (?:that )?(?:are |were )?reported\b"
    recording += (
        rf"|\brecord(?:s|ing) {INEXACT}Q of (?:all )?(?:the )?{crimes} that (?:people|victims|the public) report"
    )
    if not is_all:
        recording += rf"|\brecording {INEXACT}Q of (?:all )?(?:reported )?{crimes}"
    return Measure(
        f"{kind}recording_accuracy",
        f"Accuracy of recording {words}",
        f"Share of {words} reported to the force that it records, as the inspectorate's audit of crime data finds",
        "level",
        (PERCENT,),
        subject=rf"Q of (?:all )?{crimes} (?:(?:was|were|is|are) )?recorded (?:accurately|correctly|properly|well)"
        rf"|Q of (?:all )?(?:the )?{crimes} (?:that (?:was|were|are|is) )?reported{to_whom} "
        rf"(?:is|are|was|were|had been|being) {recorded}"
        rf"|Q of (?:all )?reported {crimes} (?:is|are|was|were|had been|being) {recorded}"
        rf"|{recording}",
        unless=rf"{NOT}|un-?recorded|under-?record|\bQ[^#]* (?:with)?in (?:\d|#|one|two)|{A_PART}|{NO_ACCURACY}",
        family=f"{kind}recording_accuracy",
        maximum=100,
        higher_is="better",
        earlier=True,
    )


RECORDING_MEASURES = (
    Measure(
        "crime_severity_score",
        "Crime severity score",
        "Harm of the crime recorded, each offence weighted by its severity (Office for National Statistics)",
        "level",
        ("score",),
        subject=r"\bcrime severity score (?:(?:of|for) [^.;,#]{1,50} )?(?:of|was|is|stood at|stands at) Q\b"
        r"|\bQ crime severity score\b",
        bare=True,
        higher_is="worse",
    ),
    *(
        Measure(
            f"{kind}_rate_per_{base.replace(',', '')}",
            f"{words} per {base} population",
            f"{words} recorded by the police per {base} people living in the area",
            "level",
            (f"per {base} population",),
            subject=rf"\b{crimes} (?:is |was |of |at |rate )*[(]?{INEXACT}Q\b|\bQ {crimes}"
            rf"|\brate of {crimes}[^.;#]{{0,40}}(?:is|was|of|at) {INEXACT}Q\b",
            counted=r"offences|crimes",
            base=base,
            per=POPULATION,
            family=f"{kind}_rate",
            higher_is="worse",
        )
        for kind, words, crimes in (
            ("firearms_offences", "Firearms offences", r"(?:firearms?|gun)(?:-related| related)? (?:offences|crimes?)"),
            ("knife_crime", "Knife crime offences", r"knife(?:-enabled| enabled)? crimes?(?: offences)?"),
        )
        for base in ("100,000", "1,000")
    ),
    Measure(
        "domestic_abuse_incidents_rate",
        "Domestic abuse incidents per 1,000 population",
        "Incidents related to domestic abuse that the police recorded per 1,000 people living in the area",
        "level",
        ("per 1,000 population",),
        subject=r"\bdomestic abuse(?:-related| related)? incidents\b|\bincidents of domestic abuse\b",
        unless=r"\brepeat\b|high[- ]risk|arrest|crimes?\b",
        counted=r"incidents|domestic abuse incidents",
        base="1,000",
        per=POPULATION,
        maximum=1000,
    ),
    _accuracy("crime_", "all crime", r"crimes?(?: \(excluding fraud\))?", is_all=True),
    _accuracy("violent_crime_", "violent crime", r"(?:violent crimes?|violent offences|violence offences)"),
    _accuracy("sexual_offences_", "sexual offences", r"(?:sexual offences|sex offences)"),
    Measure(
        "violent_crimes_additionally_recorded",
        "Violent crimes recorded thanks to better recording",
        "Estimate of the violent crimes that the force recorded in addition because its recording had improved",
        "count",
        ("crimes",),
        subject=rf"\brecorded an (?:extra|additional) {INEXACT}Q violent (?:crimes|offences)\b"
        rf"|\ban (?:extra|additional) {INEXACT}Q violent (?:crimes|offences) (?:were )?(?:on record|recorded)\b",
        unless=NOT + r"|un-?recorded|should have",
        higher_is="better",
    ),
    Measure(
        "use_of_force_recorded",
        "Uses of force recorded",
        "Uses of force by officers that the force recorded in the period",
        "count",
        ("records",),
        subject=rf"\brecorded {INEXACT}Q (?:uses|incidents) of force\b|\bthe Q (?:that )?it recorded\b[^.;#]*\buses? "
        rf"of force\b",
        unless=NOT + r"[^,;.]*Q|" + A_PART,
        also="may be recording",
    ),
    Measure(
        "use_of_force_expected",
        "Records of uses of force expected",
        "Estimate by the inspectorate of the records of uses of force that the force's arrests lead one to expect",
        "count",
        ("records",),
        subject=rf"\bexpect(?:ed)? there to be (?:an estimated )?{INEXACT}Q use of force records\b",
        unless=NOT,
        said=rf"\bexpected (?:there to be )?{INEXACT}(?:an estimated )?Q records\b",
        said_of=r"\buses? of force\b",
        expected=True,
    ),
    Measure(
        "stop_search_grounds_share",
        "Stop and search records with reasonable grounds",
        "Share of the stop and search records audited that give an appropriate reason for the search",
        "level",
        (PERCENT,),
        subject=r"\bstop[- ]and[- ]search records[^.;#]* Q (?:of (?:records|them|these) )?(?:included|contained|had"
        r"|recorded|showed) "
        r"[^.;#]{0,40}(?:rationale|grounds|justification|reason)"
        r"|Q of (?:the )?(?:\w+ )?stop[- ]and[- ]search records[^.;#]{0,30}(?:included|contained|had|showed|gave) "
        r"[^.;#]{0,40}(?:rationale|grounds|justification)"
        r"|Q of all stop[- ]and[- ]search(?:es)?\b[^.;#]* had [^.;#]{0,20}(?:rationale|grounds|justification)",
        unless=NOT + r"|un(?:reasonable|justified)|in(?:sufficient|adequate)|weak",
        maximum=100,
        higher_is="better",
        earlier=True,
    ),
)

EMERGENCY = r"\b(?:999|(?<!non-)(?<!non )emergency) calls\b"
NON_EMERGENCY = r"\b(?:101\b[^.;,]{0,8}calls|(?:non-|non )emergency (?:101 )?calls)"
IN_TIME = r"within (?:(?:the|its|their|this|that|two|three|five|ten|\d+)\b|#)"


# Nobody's figure, or that of some hours or of one room.
UNANSWERED = (
    rf"{NOT} (?:[\w-]+ ){{0,2}}answer(?:ed|ing)? (?:\w+ ){{0,2}}(?:Q\b|\d[\d.]*(?: per ?cent|%))"
    rf"|{NOT} (?:true|the case)\b|\b[Oo]n (?:\w+ nights?|the day of)\b|^In the [^,]{{0,30}} control room\b"
)


def _answered(kind: str, number: str, calls: str, others: str) -> Measure:
    """Share of calls answered in time. Trap: the sentence that says the target says a number, too."""
    return Measure(
        f"{kind}_calls_answered_in_time",
        f"Calls to {number} answered in time",
        f"Share of calls to {number} that the force answers within the time set for it, nationally or by itself",
        "level",
        (PERCENT,),
        subject=rf"\banswer(?:s|ed|ing) {INEXACT}Q of (?:its |their |all |the )*(?:{calls}) {IN_TIME}"
        rf"|\band {INEXACT}Q of (?:its |their |all |the )*(?:{calls}) {IN_TIME}"
        rf"|\bQ of (?:its |their |all |the )*(?:{calls}) (?:are|were|is|was|being) answered {IN_TIME}",
        unless=rf"\bneed(?:s|ed)? to\b|{UNANSWERED}",
        also="its all the within in calls seconds minutes answers answered call emergency non ten",
        said=rf"\banswer(?:s|ed|ing) {INEXACT}Q of (?:its |their |all |these |the |such )*(?:[\w-]+ ){{0,2}}calls "
        rf"{IN_TIME}"
        rf"|\bQ (?:of (?:these|them|(?:its |all |the )?(?:[\w-]+ ){{0,2}}calls) )?(?:are|were|is|was|being) answered "
        rf"{IN_TIME}",
        said_of=calls,
        said_unless=rf"{others}|\bneed(?:s|ed)? to\b|{UNANSWERED}",
        maximum=100,
        higher_is="better",
    )


CONTACT_MEASURES = (
    _answered("emergency", "999", EMERGENCY, NON_EMERGENCY),
    _answered("non_emergency", "101", NON_EMERGENCY, EMERGENCY),
    Measure(
        "non_emergency_calls_abandoned",
        "Calls to 101 abandoned",
        "Share of calls to 101 that callers give up before they are answered",
        "level",
        (PERCENT,),
        said=r"\bQ (?:of (?:these|them|(?:its |all |the )?(?:[\w-]+ ){0,2}calls) )?(?:are|were|is|was|being) "
        r"abandoned\b",
        said_of=NON_EMERGENCY,
        said_unless=rf"{EMERGENCY}|{NOT} (?:true|the case)\b",
        maximum=100,
        higher_is="worse",
    ),
    Measure(
        "call_demand_diverted",
        "Demand diverted from call handlers",
        "Share of demand that online contact, such as a chat robot, diverts from those who answer calls",
        "level",
        (PERCENT,),
        subject=r"\b(?:diverts|diverted|diverting|deflects|deflected) "
        rf"{INEXACT}Q of (?:the |its )?(?:demand|calls|contacts?)\b[^.;#]*\b(?:call|calls|handling|handlers)\b"
        r"|\b(?:online|website|chat\w*|robot) [^.;#]*\b(?:diverts|diverted|deflects|deflected) "
        rf"{INEXACT}Q of (?:the |its )?(?:demand|calls|contacts?)\b",
        unless=NOT,
        maximum=100,
        higher_is="better",
    ),
    Measure(
        "community_messaging_subscribers",
        "Subscribers to community messages",
        "People who subscribe to the messages that the force sends to its communities",
        "count",
        ("people",),
        subject=rf"\b{INEXACT}Q people (?:subscribe|are subscribed|have subscribed|are signed up|have signed up) "
        r"(?:to|for)\b"
        rf"|\bmessages (?:go to|reach) {INEXACT}Q (?:people|residents|subscribers)\b",
        unless=r"nationally|national\b|" + A_PART,
        higher_is="better",
    ),
    Measure(
        "missing_foreign_nationals_safeguarded",
        "Missing foreign nationals safeguarded",
        "Missing foreign nationals whom the force and its partners safeguarded",
        "count",
        ("people",),
        subject=r"\bQ missing foreign nationals (?:were|have been|had been) (?:safeguarded|found)\b"
        r"|\bsafeguarded Q missing foreign nationals\b",
        unless=NOT,
    ),
)

# Traps: "some of the cases", "properly" behind a negation.
CASES = r"(?: cases| incidents| of these| of them| records)*"
AUDIT_MEASURES = (
    Measure(
        "anti_social_behaviour_incidents_with_crime",
        "Audited incidents of anti-social behaviour that were crimes",
        "Incidents of personal anti-social behaviour, of those audited, that should have been recorded as crimes",
        "count",
        ("incidents",),
        audited=True,
        said=r"\b(?:of (?:these|those|them|which),? )?Q (?:of (?:these|those|them) )?should have been "
        r"(?:recorded|put down) as (?:a )?crimes?",
        said_of=ASB,
        said_unless=r"\bnot\b",
        expected=True,
        higher_is="worse",
    ),
    Measure(
        "anti_social_behaviour_crimes_recorded",
        "Crimes of anti-social behaviour that were recorded",
        "Crimes found in audited incidents of personal anti-social behaviour that the force had recorded",
        "count",
        ("crimes",),
        audited=True,
        said=r"^(?:But |However, )?(?:Of these, )?(?:only )?Q (?:of (?:these|them) )?(?:were|had been)(?: "
        r"recorded(?: as crimes)?)?\.?$",
        part_of="anti_social_behaviour_incidents_with_crime",
        higher_is="better",
    ),
    Measure(
        "outcome_16_applied_accurately",
        "Cases of outcome 16 categorised accurately",
        "Cases audited in which outcome 16 (victim does not support action) was applied accurately",
        "count",
        ("cases",),
        audited=True,
        said=r"\bcategorised (?:most|nearly all|all) \(Q\) (?:of these )?(?:cases )?(?:accurately|correctly)"
        rf"|\b(?:applied|used|recorded) (?:accurately|correctly|properly|appropriately) in Q{CASES}\b"
        rf"|(?<!outcome )\bQ\)?{CASES} (?:were|was|had been) (?:categorised|recorded|applied|filed) "
        r"(?:accurately|correctly|properly)\b",
        said_of=r"\boutcome 16\b",
        said_unless=NOT + r"[^.;#]{0,60}\b(?:accurately|correctly|properly|appropriately)|\boutcome (?!16\b)\d",
        higher_is="better",
    ),
    Measure(
        "outcome_16_withdrawal_recorded",
        "Cases of outcome 16 with a record of the victim's wish",
        "Cases of outcome 16 audited that hold an auditable record that the victim withdrew support",
        "count",
        ("cases",),
        audited=True,
        said=rf"\bQ{CASES} (?:contained|had|included|held) an auditable record (?:that the victim|of the victim)",
        said_of=r"\boutcome 16\b",
        said_unless=r"\boutcome (?!16\b)\d",
        higher_is="better",
    ),
    Measure(
        "outcome_10_applied_wrongly",
        "Cases of outcome 10 applied wrongly",
        "Cases audited in which outcome 10 (not in the public interest) was not applied properly",
        "count",
        ("cases",),
        audited=True,
        said=r"\b(?:was not|wasn['’]t|had not been|hadn['’]t been) (?:applied|used) (?:properly|correctly"
        r"|appropriately) in "
        rf"Q{CASES}\b|\b(?:applied|used) (?:incorrectly|inappropriately|wrongly) in Q{CASES}\b",
        said_of=r"\boutcome 10\b",
        said_unless=r"\boutcome (?!10\b)\d",
        higher_is="worse",
    ),
    Measure(
        "risk_assessment_used_well",
        "Calls in which the risk assessment was used well",
        "Cases audited in which control room staff used the THRIVE risk assessment well",
        "count",
        ("cases",),
        audited=True,
        said=rf"^This was (?:apparent|evident|seen|the case) in Q{CASES}\b"
        rf"|\bTHRIVE (?:was |had been )?(?:used )?(?:well|properly|appropriately|effectively|correctly) in Q{CASES}\b",
        said_of=r"\b(?:using|used|uses|applied|applying|complet\w+) (?:the )?THRIVE[^.;]{0,20} (?:well|properly"
        r"|appropriately|effectively|correctly)\b"
        r"|\bTHRIVE (?:was |had been )?(?:used )?(?:well|properly|appropriately|effectively|correctly)\b",
        said_unless=r"\b(?:not|never|failed|poorly)\b|(?:are|were|was|had|did|do|does)n['’]t\b",
        higher_is="better",
    ),
    Measure(
        "repeat_victims_identified",
        "Cases in which repeat victims were identified",
        "Cases audited in which it was properly identified whether the victim was a repeat victim",
        "count",
        ("cases",),
        audited=True,
        said=rf"\brepeat (?:victimisation|victims) (?:was|were) (?:\w+ )?identified(?: (?:properly|correctly"
        rf"|appropriately))? in Q{CASES}\b",
        said_unless=NOT,
        higher_is="better",
    ),
    Measure(
        "investigations_effective",
        "Investigations that were effective",
        "Cases audited that the force investigated effectively",
        "count",
        ("cases",),
        audited=True,
        said=rf"\bQ{CASES} (?:were|was|had been) (?:investigated effectively|effectively investigated)\b",
        said_of=r"\bcases?\b",
        said_unless=r"(?:\bnot\b|n['’]t\b)[^.;:,]{0,40}effectively|\b(?:own|internal) (?:audit|review)\b",
        higher_is="better",
    ),
)

VETTING_LACKED = (
    r"(?:were|was|are|is) not (?:\w+ )?vetted|"
    r"(?:did not|didn['’]t|do not|don['’]t|does not|doesn['’]t) have [^.;#]{0,40}vetting"
    r"|(?:need|needs|needed|require|requires|required|lack|lacks|lacked|are without|were without) [^.;#]{0,30}vetting"
)
WHO_WORKS = r"(?:(?:the|its) (?:force['’]s )?(?:workforce|personnel|officers and staff|staff))"
WORKFORCE_MEASURES = (
    Measure(
        "workforce_without_vetting_share",
        "Workforce without up-to-date vetting",
        "Share of officers and staff who do not have the up-to-date vetting that their role requires",
        "level",
        (PERCENT,),
        subject=rf"\bQ of {WHO_WORKS}(?: \([^()]*\))? (?:still |now )?(?:{VETTING_LACKED})",
        unless=A_PART,
        family="workforce_without_vetting",
        maximum=100,
        higher_is="worse",
        earlier=True,
    ),
    Measure(
        "workforce_without_vetting",
        "People of the workforce without up-to-date vetting",
        "Officers and staff who do not have the up-to-date vetting that their role requires",
        "count",
        ("people",),
        subject=rf"\({INEXACT}Q (?:officers and staff|people|personnel)\) (?:{VETTING_LACKED})",
        said=rf"\b(?:reduced|cut|lowered|brought) (?:this|the|that) (?:number|figure|backlog)(?: down)? from "
        rf"{INEXACT}[\d,]+ to {INEXACT}Q\b"
        rf"|\bnumber (?:fell|dropped|went down) from {INEXACT}[\d,]+ to {INEXACT}Q\b",
        said_earlier=rf"\b(?:reduced|cut|lowered|brought) (?:this|the|that) (?:number|figure|backlog)(?: down)? from "
        rf"{INEXACT}Q to\b|\bnumber (?:fell|dropped|went down) from {INEXACT}Q to\b",
        said_of=r"\b(?:workforce|officers|staff|people|personnel)\b[^.;]{0,60} (?:need|needs|require|without|lack"
        r"|have)\b[^.;]{0,30} vetting\b",
        said_unless=A_PART,
        family="workforce_without_vetting",
        higher_is="worse",
        earlier=True,
    ),
    Measure(
        "workforce_without_vetting_reduction",
        "Monthly fall in the workforce without up-to-date vetting",
        "People a month by whom the force reduces the number of those without up-to-date vetting",
        "change",
        ("people per month",),
        said=r"\b(?:reducing (?:it|this number|that number|the number)(?: further)?|goes on falling|is falling) by "
        rf"{INEXACT}Q (?:people )?(?:per|a|each|every) month\b",
        said_of=r"\bvetting\b|\bvetted\b",
        family="workforce_without_vetting",
        higher_is="better",
    ),
    Measure(
        "safety_training_overdue_share",
        "Officers whose safety training is out of date",
        "Share of operational officers whose annual personal safety training is no longer up to date",
        "level",
        (PERCENT,),
        said=r"\bQ of (?:them|these|these officers|its officers|officers|operational officers) (?:is|are|was|were) "
        r"(?:no longer|not) up to date\b",
        said_of=r"\bsafety training\b",
        maximum=100,
        higher_is="worse",
    ),
    Measure(
        "officers_being_recruited",
        "Officers being recruited",
        "Officers whom the force is recruiting under the national uplift programme; a plan, not yet a result",
        "count",
        ("officers",),
        subject=rf"\b{INEXACT}Q (?:new |extra |additional )?(?:police )?officers (?:that |who |whom )?"
        r"(?:it|the force) is recruiting\b[^.;#]*\buplift\b"
        rf"|\b(?:it|the force) is recruiting {INEXACT}Q (?:new |extra |additional )?"
        r"(?:police )?officers\b[^.;#]*\buplift\b",
        unless=NOT,
        expected=True,
    ),
    *(
        Measure(
            f"{kind}_groups_recruited",
            f"Groups recruited: {words}",
            f"Groups of recruits of the {words} that the force had recruited by then",
            "count",
            ("groups",),
            said=rf"\bQ groups of (?:police constable )?{pattern}\b[^.;]*\b(?:were|have been|had been) recruited\b",
            said_unless=NOT,
        )
        for kind, words, pattern in (
            ("degree_apprenticeship", "degree apprenticeship", r"degree apprentice(?:ship|s)?"),
            ("degree_holder", "degree holder entry programme", r"degree[- ]holders?"),
        )
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
    *FORCE_MEASURES,
    *NEIGHBOURHOOD_MEASURES,
    *CASELOAD_MEASURES,
    *RECORDING_MEASURES,
    *CONTACT_MEASURES,
    *AUDIT_MEASURES,
    *WORKFORCE_MEASURES,
)


def named_in(lowered: str, by_word: Mapping[str, Collection[str]] | None = None) -> set[str]:
    """Identifiers of the measures, of STATED or those of ``by_needed_word``, that a lower-case text may name."""
    named: set[str] = set()
    for word, measure_ids in (by_needed_word(STATED) if by_word is None else by_word).items():
        if word in lowered:
            named.update(measure_ids)
    return named


def by_needed_word(measures: Iterable[Measure]) -> dict[str, set[str]]:
    """The measures that each needed word may name; "", which every text holds, those that need none."""
    found: dict[str, set[str]] = {}
    for measure in measures:
        for word in measure.needed or ("",):
            found.setdefault(word, set()).add(measure.measure_id)
    return found


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


def earlier_measure(measure: Measure) -> Measure:
    """The measure for a value of an earlier inspection, or before a change, that stands beside the present one."""
    return replace(
        measure,
        measure_id=f"{measure.measure_id}_earlier",
        name=f"{measure.name}: earlier",
        meaning=f"At an earlier inspection or before a change, as the line says: "
        f"{measure.meaning[0].lower()}{measure.meaning[1:]}",
        subject="",
        said=measure.said_earlier,
        family=measure.siblings,
        earlier=False,
    )


def measure_rows(measures: Iterable[Measure] | None = None) -> list[dict[str, Any]]:
    """Rows of the dimension ``measures``: what prose states, what is compared in words, and the printed tables."""
    if measures is None:
        ranges = (
            range_measure(measure, kind) for measure in STATED if measure.ranges for kind in ("lowest", "highest")
        )
        earlier = (earlier_measure(measure) for measure in STATED if measure.earlier)
        measures = (*TABLE_MEASURES, *STATED, *ranges, *earlier, *IN_WORDS)
    return [measure.row() for measure in measures]

"""The words of synthetic reports, all our own: captions and labels are the reports', sentences are not.

Belongs here: sentences and what they state. Does not belong here: numbers (``synthetic``) and lines
(``synthetic_layouts``). A ^ stands for the mark of the next footnote. Names in braces are filled in from the facts.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

OWN, NATIONAL = "own", "national"


@dataclass(frozen=True)
class Measure:
    """A measure of the prose: what is typical of it, how far forces lie from it, and with how many decimals it is
    printed. A change is signed, and said with its direction."""

    typical: float
    spread: float = 0.2
    decimals: int = 0
    is_change: bool = False


MEASURES: Mapping[str, Measure] = {
    "recorded_crime_change_five_years": Measure(-3.4, decimals=1, is_change=True),
    "victim_based_crime_change_five_years": Measure(-0.5, decimals=1, is_change=True),
    "recorded_crime_change": Measure(7.8, decimals=1, is_change=True),
    "anti_social_behaviour_incidents_rate": Measure(31),
    "anti_social_behaviour_incidents_rate_change": Measure(-8, is_change=True),
    "neighbourhood_policing_spend_per_head": Measure(25),
    "survey_people_interviewed": Measure(380, 0.05),
    "survey_satisfaction_local_policing": Measure(52, 0.1),
    "survey_seen_uniformed_officer": Measure(20),
    "evidential_difficulties_victim_does_not_support": Measure(13.8, decimals=1),
    "victim_satisfaction_whole_experience": Measure(83.3, 0.04, 1),
    "persons_wanted_rate": Measure(1.3, 0.3, 1),
    "vulnerable_victim_share": Measure(14.3, 0.4, 1),
    "mental_health_flagged_incidents_share": Measure(2.4, 0.2, 1),
    "domestic_abuse_change": Measure(23, is_change=True),
    "domestic_abuse_share": Measure(11, 0.1),
    "domestic_abuse_arrest_rate": Measure(51, 0.15),
    "ballistics_referrals_rate": Measure(5.6, 0.4, 1),
    "organised_crime_groups_rate": Measure(46),
    "intelligence_network_referrals_rate": Measure(26.4, 0.4, 1),
}


@dataclass(frozen=True)
class Sentence:
    """Ways to say the same; ``figures``: name in the text to measure and area."""

    texts: tuple[str, ...]
    figures: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A part of a question's section: its heading, paragraphs, figures behind them, and paragraphs without figures."""

    heading: str = ""
    paragraphs: tuple[tuple[Sentence, ...], ...] = ()
    figures: tuple[int, ...] = ()
    filler: int = 2


@dataclass(frozen=True)
class Concern:
    """A cause of concern, and the list of what is recommended."""

    text: str
    recommendation: str
    parts: tuple[str, ...]


def names(force: Mapping[str, str], year: int) -> dict[str, str]:
    """What the braces of a text may name."""
    name = force["name_hmic"]
    area = name
    for ending in (" Police Service", " Police", " Constabulary"):
        area = area.removesuffix(ending)
    return {
        "force": name,
        "area": area,
        "article": "the " if name.endswith("Service") else "",
        "slug": force["force_id"],
        **{f"y{n}": str(year - n) for n in range(7)},
        "next": str(year + 1),
        "spending": f"{year - 1}/{year % 100:02d}",
    }


def directions(name: str, value: float) -> dict[str, str]:
    """Words for a change: its verb, noun, and comparison."""
    rise = value > 0
    return {
        f"{name}_verb": "increased" if rise else "decreased",
        f"{name}_moved": "rose" if rise else "fell",
        f"{name}_noun": "an increase" if rise else "a decrease",
        f"{name}_than": "higher" if rise else "lower",
        f"{name}_more": "more" if rise else "fewer",
    }


def forces_named(codes: Sequence[str], forces: Collection[Mapping[str, str]]) -> str:
    """The forces as a sentence lists them."""
    found = sorted(force["name_hmic"] for force in forces if force["area_code"] in codes)
    return found[0] if len(found) == 1 else ", ".join(found[:-1]) + " and " + found[-1]


# --- prose that states nothing --------------------------------------------------------------------------------------

_WHO = """Supervisors|Neighbourhood officers|Staff in the control room|Detectives|Local teams|Partners|Senior officers|
Response officers|Those who keep the records|Analysts|Trainers|Volunteers|Managers of the custody suites|
Officers on the night shift|Specialist teams|Staff at the front counters""".replace("\n", "").split("|")
_DO = """keep a shared list of open tasks|meet every morning to hand over what is left|know whom to ask for advice|
write their plans down before they begin|use the same form for each step|visit schools and markets in turn|
look at old cases to learn from them|speak with residents about what troubles them|have had a course in this|
tell the next team what they have seen|check each other’s notes by sample|follow the plan that was agreed|
send a summary to the command team|work from one building with the council|pass on what they learn""".replace(
    "\n", ""
).split("|")
_HOW = """and this works well|although not everywhere|which saves time|so that nothing is forgotten|
but the paperwork is slow|and most of them like it|when the workload allows it|even at weekends|
as the policy demands|and new staff learn it soon|
which partners told us they value|but some of it rests on habit|and nobody could tell us why this had begun|
until a better system is bought|though the buildings are old""".replace("\n", "").split("|")
_OPEN = [
    "",
    "",
    "",
    "In the villages, ",
    "As a rule, ",
    "During our visit, ",
    "In the towns, ",
    "On most days, ",
    "Since the spring, ",
]


def filler(rng: random.Random) -> str:
    """A paragraph of three to six sentences without figures."""
    sentences = []
    for _ in range(rng.randint(3, 6)):
        opening, who = rng.choice(_OPEN), rng.choice(_WHO)
        who = who[0].lower() + who[1:] if opening else who
        sentences.append(f"{opening}{who} {rng.choice(_DO)}, {rng.choice(_HOW)}.")
    return " ".join(sentences)


# --- what every report says -----------------------------------------------------------------------------------------

INTRODUCTION = """This report belongs to PEEL, the yearly programme of Her Majesty’s Inspectorate of Constabulary
(HMIC). It is about effectiveness, on which each force had to answer one question."""
CORE_QUESTIONS = "To answer it we put five ‘core’ questions to every force:^"
INSPECTION_NOTE = "Our teams visited forces from September to December {y0}; one force was the pilot."
SCOPE = (
    """HMIC’s effectiveness inspection assessed all of these areas during {y0}. This report sets out our findings for
{article}{force}. Other reports stand on our website
(www.justiceinspectorates.gov.uk/hmic/peel-assessments/peel-{y0}/{slug}/).""",
)
GRAPHIC_NOTE = "*Shares are those of offences that were recorded in the 12 months to 30 June {y0}."
FURTHER = "For further information about the data in this graphic please see annex A"
JUDGMENT_NOTE = "We judge in four words: outstanding, good, requires improvement and inadequate."
NEXT_STEPS = (
    "We shall look again at each cause of concern and each area for improvement when we next visit {article}{force}."
)
TONES = {
    "Outstanding": "{force} is outstanding {topic}.",
    "Good": "{force} is good {topic}.",
    "Requires improvement": "{force} requires improvement {topic}.",
    "Inadequate": "{force} is inadequate {topic}.",
    "Ungraded": "{force} was not given a grade for {topic}.",
}
TOPICS = {
    "overall": "at keeping people safe and reducing crime",
    "1": "at preventing crime, tackling anti-social behaviour and keeping people safe",
    "2": "at investigating crime and reducing re-offending",
    "3": "at protecting those who are vulnerable from harm, and supporting victims",
    "4": "at tackling serious and organised crime",
    "5": "its specialist capabilities",
}

_FIVE = "between the 12 months to 30 June {y5} and the 12 months to 30 June {y0}"
SECTIONS: Mapping[str, tuple[Part, ...]] = {
    "1": (
        Part(
            "How much crime and anti-social behaviour is there in {area}?",
            (
                (
                    Sentence(
                        (
                            "Most forces ({n} out of 43) recorded more crime in the 12 months to 30 June {y0} "
                            "than in the "
                            "year before.",
                            "In the 12 months to 30 June {y0}, {n} of the 43 forces saw an increase in recorded crime.",
                        ),
                        {"n": ("forces_with_recorded_crime_increase", NATIONAL)},
                    ),
                ),
                (
                    Sentence(
                        (
                            "In {area}, police-recorded crime (excluding fraud) {a_verb} by {a} percent " + _FIVE + ", "
                            "compared with {b_noun} of {b} percent in England and Wales.",
                            "Between the 12 months to 30 June {y5} and the 12 months to 30 June {y0}, "
                            "police-recorded crime "
                            "(excluding fraud) in {area} {a_moved} by {a} percent, against {b_noun} of {b} "
                            "percent across "
                            "England and Wales.",
                        ),
                        {
                            "a": ("recorded_crime_change_five_years", OWN),
                            "b": ("recorded_crime_change_five_years", NATIONAL),
                        },
                    ),
                    Sentence(
                        (
                            "Victim-based crime in {area} {a_verb} by {a} percent in that time, compared with "
                            "{b_noun} of "
                            "{b} percent in England and Wales.",
                        ),
                        {
                            "a": ("victim_based_crime_change_five_years", OWN),
                            "b": ("victim_based_crime_change_five_years", NATIONAL),
                        },
                    ),
                ),
            ),
            (1,),
            0,
        ),
        Part(
            "",
            (
                (
                    Sentence(
                        (
                            "Police-recorded crime (excluding fraud) in {area} {a_verb} by {a} percent in the "
                            "year ending 30 "
                            "June {y0}, compared with the previous 12 months; across England and Wales there "
                            "was {b_noun} "
                            "of {b} percent.",
                            "In the 12 months to 30 June {y0}, police-recorded crime (excluding fraud) "
                            "{a_moved} by {a} "
                            "percent in {area} when compared with the previous 12 months. This compares with "
                            "{b_noun} of "
                            "{b} percent in England and Wales.",
                        ),
                        {"a": ("recorded_crime_change", OWN), "b": ("recorded_crime_change", NATIONAL)},
                    ),
                    Sentence(("Such rates are one thing among many that we look at.",)),
                ),
            ),
            (2, 3),
            0,
        ),
        Part(
            "",
            (
                (
                    Sentence(
                        (
                            "{force} had {a} incidents of anti-social behaviour for every 1,000 population in "
                            "the 12 months "
                            "to 31 March {y0}, a rate which is {b} percent {b_than} than that of the previous "
                            "12 months.",
                            "In the 12 months to 31 March {y0}, {force} recorded {a} incidents of anti-social "
                            "behaviour per "
                            "1,000 population, {b} percent {b_more} than during the previous 12 months.",
                        ),
                        {
                            "a": ("anti_social_behaviour_incidents_rate", OWN),
                            "b": ("anti_social_behaviour_incidents_rate_change", OWN),
                        },
                    ),
                ),
            ),
            (),
            1,
        ),
        Part(
            "How effectively does the force understand the threat or risk of harm within the communities it serves?",
            (
                (
                    Sentence(
                        (
                            "For {spending} the force puts its spending on neighbourhood policing at £{a} per head of "
                            "population; the average of England and Wales is £{b}.",
                            "In {spending} the force spent £{a} per head of population on neighbourhood "
                            "policing, compared "
                            "with £{b} for England and Wales.",
                        ),
                        {
                            "a": ("neighbourhood_policing_spend_per_head", OWN),
                            "b": ("neighbourhood_policing_spend_per_head", NATIONAL),
                        },
                    ),
                ),
                (
                    Sentence(
                        (
                            "Ipsos MORI asked people about policing for us in July and August {y0}. In {area}, "
                            "{a} people "
                            "were interviewed, and {b} percent said they were satisfied with the policing of "
                            "their area.",
                        ),
                        {
                            "a": ("survey_people_interviewed", OWN),
                            "b": ("survey_satisfaction_local_policing", OWN),
                        },
                    ),
                ),
            ),
            (),
            2,
        ),
        Part("How does {force} engage with the public?", filler=2),
        Part("How effectively do force actions and activities prevent crime and anti-social behaviour?", filler=3),
    ),
    "2": (
        Part("How well does the force bring offenders to justice?", (), (4,), 2),
        Part("How effective is the force's initial investigative response?", filler=2),
        Part("How effective is the force's subsequent investigation?", filler=2),
        Part("Supporting victims", (), (5,), 1),
        Part(
            "",
            (
                (
                    Sentence(
                        (
                            "Of all offences recorded by {force} in the 12 months to 30 June {y0}, {a} percent "
                            "ended as "
                            "'Evidential difficulties; victim does not support police action'. For England and "
                            "Wales the "
                            "share was {b} percent.",
                        ),
                        {
                            "a": ("evidential_difficulties_victim_does_not_support", OWN),
                            "b": ("evidential_difficulties_victim_does_not_support", NATIONAL),
                        },
                    ),
                ),
                (
                    Sentence(
                        (
                            "In {area}, {a} percent of victims of crime were satisfied with their whole "
                            "experience of the "
                            "police in the 12 months to 30 June {y0}, compared with {b} percent for England and Wales.",
                        ),
                        {
                            "a": ("victim_satisfaction_whole_experience", OWN),
                            "b": ("victim_satisfaction_whole_experience", NATIONAL),
                        },
                    ),
                ),
            ),
            (),
            1,
        ),
        Part(
            "How effectively does the force reduce re-offending?",
            (
                (
                    Sentence(
                        (
                            "{force} had {a} wanted persons on the police national computer per 1,000 "
                            "population, compared with "
                            "{b} in England and Wales.",
                        ),
                        {"a": ("persons_wanted_rate", OWN), "b": ("persons_wanted_rate", NATIONAL)},
                    ),
                ),
            ),
            (),
            2,
        ),
    ),
    "3": (
        Part(
            "How effectively does the force identify those who are vulnerable and assess their level of risk and need?",
            (
                (
                    Sentence(
                        (
                            "Data of the forces for the 12 months to 30 June {y0} show that the share of crime with a "
                            "vulnerable victim lies anywhere between {c} percent and {d} percent. In {area} it was {a} "
                            "percent of all recorded crime, compared with {b} percent in England and Wales.",
                        ),
                        {
                            "a": ("vulnerable_victim_share", OWN),
                            "b": ("vulnerable_victim_share", NATIONAL),
                            "c": ("vulnerable_victim_share_lowest_force", NATIONAL),
                            "d": ("vulnerable_victim_share_highest_force", NATIONAL),
                        },
                    ),
                ),
            ),
            (6,),
            2,
        ),
        Part(
            "",
            (
                (
                    Sentence(
                        (
                            "Of the incidents in the 12 months to 30 June {y0}, {a} percent carried a mental "
                            "health flag, "
                            "compared with {b} percent for England and Wales.",
                        ),
                        {
                            "a": ("mental_health_flagged_incidents_share", OWN),
                            "b": ("mental_health_flagged_incidents_share", NATIONAL),
                        },
                    ),
                ),
            ),
            (),
            1,
        ),
        Part(
            "How effectively does the force initially respond to vulnerable victims?",
            (
                (
                    Sentence(
                        (
                            "Domestic abuse recorded by the police in {area} {a_verb} by {a} percent in the 12 "
                            "months to 30 "
                            "June {y0}, compared with the 12 months to 31 March {y1}; in England and Wales there was "
                            "{b_noun} of {b} percent.",
                        ),
                        {"a": ("domestic_abuse_change", OWN), "b": ("domestic_abuse_change", NATIONAL)},
                    ),
                    Sentence(
                        (
                            "Domestic abuse made up {a} percent of all recorded crime in {area} and {b} percent across "
                            "England and Wales in the 12 months to 30 June {y0}.",
                        ),
                        {"a": ("domestic_abuse_share", OWN), "b": ("domestic_abuse_share", NATIONAL)},
                    ),
                ),
                (
                    Sentence(
                        (
                            "{force} made {a} arrests for every 100 offences related to domestic abuse in the "
                            "12 months to "
                            "30 June {y0}.",
                        ),
                        {"a": ("domestic_abuse_arrest_rate", OWN)},
                    ),
                ),
            ),
            (7,),
            1,
        ),
        Part(
            "How effectively does the force investigate offences involving vulnerable victims and work with external "
            "partners to keep victims safe?",
            filler=2,
        ),
        Part("Victims of domestic abuse", (), (8,), 1),
    ),
    "4": (
        Part(
            "How effectively does the force understand the threat and risk posed by serious and organised crime?",
            (
                (
                    Sentence(
                        (
                            "To the national ballistic intelligence service (NABIS) it referred {a} items for "
                            "every 100 "
                            "ballistic items that came into its hands in the 12 months to 30 June {y0}, "
                            "compared with the "
                            "rate of {b} for England and Wales.",
                        ),
                        {"a": ("ballistics_referrals_rate", OWN), "b": ("ballistics_referrals_rate", NATIONAL)},
                    ),
                ),
                (
                    Sentence(
                        (
                            "On 1 July {y0} {force} had {a} OCGs (organised crime groups) per one million "
                            "population. The "
                            "rate for England and Wales was {b} OCGs per one million.",
                            "As at 1 July {y0}, {force} was actively disrupting {a} organised crime groups "
                            "(OCGs) per one "
                            "million population. This compares with {b} per one million population in England "
                            "and Wales.",
                        ),
                        {"a": ("organised_crime_groups_rate", OWN), "b": ("organised_crime_groups_rate", NATIONAL)},
                    ),
                ),
            ),
            (9,),
            2,
        ),
        Part(
            "",
            (
                (
                    Sentence(
                        (
                            "Most groups live off more than one kind of crime; each is filed under one. For "
                            "{force} the most common type "
                            "as at 1 July {y0} was 'drug activity', as it was in England and Wales.",
                        )
                    ),
                ),
            ),
            (10,),
            0,
        ),
        Part(
            "How effectively does the force respond to serious and organised crime?",
            (
                (
                    Sentence(
                        (
                            "The force made {a} referrals to GAIN (the Government Agency Intelligence Network) "
                            "per 100 OCGs "
                            "in the 12 months to 30 June {y0}, compared with the England and Wales rate of {b}.",
                        ),
                        {
                            "a": ("intelligence_network_referrals_rate", OWN),
                            "b": ("intelligence_network_referrals_rate", NATIONAL),
                        },
                    ),
                ),
            ),
            (),
            2,
        ),
        Part("How effectively does the force prevent serious and organised crime?", filler=2),
    ),
    "5": (
        Part(
            "How effective are the force's arrangements to ensure that it can fulfil its national policing "
            "responsibilities?",
            filler=2,
        ),
        Part("How well prepared is the force to respond to a firearms attack?", filler=2),
    ),
}

# --- figures --------------------------------------------------------------------------------------------------------

CAPTIONS: Mapping[int, str] = {
    1: "Police-recorded crime rates (per 1,000 population) in {area}, for the five-year period to 30 June {y0}",
    2: "Police-recorded crime rates (per 1,000 population) in {area}, for the 12 months to 30 June {y0}",
    3: "Percentage change in the rate of anti-social behaviour incidents (per 1,000 population), by force, "
    "comparing the "
    "12 months to 31 March {y0} with the 12 months to 31 March {y1}",
    4: "Proportion of outcomes assigned to offences recorded in {force}, in 12 months to 30 June {y0}, by outcome type",
    5: "Percentage of ‘Evidential difficulties; victim does not support action’ outcomes assigned to offences "
    "recorded in "
    "the 12 months to 30 June {y0}, by force",
    6: "Percentage of police-recorded crime with a vulnerable victim identified, by force, for the 12 months to "
    "30 June {y0}",
    7: "Domestic abuse arrest rate (per 100 domestic abuse crimes), by force, for the 12 months to 30 June {y0}",
    8: "Rate of outcomes recorded in 12 months to 30 June {y0} for domestic-related offences in {force}",
    9: "Organised crime groups per one million population, by force, as at 1 July {y0}",
    10: "Active organised crime groups by predominant crime type in {area}, as at 1 July {y0}",
}
FIGURE_NOTES: Mapping[int, tuple[str, ...]] = {
    4: (
        "{left_out_4} is excluded from the table; the figures of England and Wales are without it. See annex A.",
        "‘Taken into consideration’: offences that an offender owns up to when another one is sentenced.",
    ),
    5: ("{left_out_5} is excluded from the graph, so the figures of England and Wales are without it. See annex A.",),
    6: (
        "{left_out_6} could not provide these data; they are left out of the graph and of the England and Wales rate.",
    ),
    7: (
        "{left_out_7} could not provide these data; they are left out of the graph and of the England and Wales rate.",
    ),
    8: (
        "{left_out_8} had no domestic abuse outcomes data to submit. They are left out of the graph and of the "
        "England and "
        "Wales rate.",
    ),
    9: ("{left_out_9} is removed from the chart and from the England and Wales rate: its data are not comparable.",),
}
_SEE = "For further information about these data, please see annex A"
FIGURE_SOURCES: Mapping[int, str] = {
    **dict.fromkeys((1, 2, 3), f"Source: Home Office data|{_SEE}"),
    **dict.fromkeys((4, 5), f"Source: Home Office crime outcomes data|{_SEE}"),
    **dict.fromkeys((6, 7, 8), f"Source: HMIC data return, Home Office data|{_SEE}"),
    9: f"Source: HMIC data return|{_SEE}",
    10: "Source: HMIC data return|Note: Figures may not sum to 100 percent due to rounding. For further "
    "information about "
    "these data, please see annex A.",
}
STARRED: Mapping[int, str] = {
    2: "* The rate of burglary in a dwelling is the rate for 1,000 households, rather than population",
    4: "*Includes the following outcome types: Offender died, Not in public interest (CPS), Prosecution "
    "prevented – suspect "
    "under age, Prosecution prevented – suspect too ill, Prosecution prevented – victim/key witness dead/too ill, "
    "Prosecution time limit expired",
}
BANDS: Mapping[int, str] = {
    4: "{force}'s use of '{row}' in the 12 months to 30 June {y0} was among the {band} in England and Wales.",
    8: "For cases with identified domestic abuse, {force}'s use of '{row}' in the 12 months to 30 June {y0} was "
    "among the "
    "{band} in England and Wales.",
}
BAND_CAVEAT = "Which crimes an area has, and how its force treats offenders, tells in these outcomes."


def table_heading(figure: int, force: str) -> tuple[str, ...]:
    """The cells of a table's heading."""
    first = {2: ("Rates per 1,000 population",), 4: ("Outcome", "number", "Outcome type / group")}
    return (*first.get(figure, ("Outcome type / group",)), force, "England and Wales")


# --- findings -------------------------------------------------------------------------------------------------------

IMPROVEMENTS: Sequence[tuple[str, tuple[str, ...]]] = (
    (
        "The force should make one plan for its local teams, and look at it again twice a year with those who "
        "must follow it.",
        (),
    ),
    ("The force should see to it that each investigation has a supervisor who reads the notes and signs them.", ()),
    ("The force should answer letters of victims sooner, and keep a record of what they were told and by whom.", ()),
    ("The force should train the staff of its control room in how to ask about risk.", ()),
    (
        "The force should bring down the number of old cases by:",
        (
            "giving each of them to one named officer;",
            "agreeing with the courts on the order in which they are heard; and",
            "closing those in which nothing more can be done.",
        ),
    ),
    ("The force should find out which of its teams lack equipment, and say when they will have it.", ()),
    ("The force should share its maps of risk with councils and hospitals, so that they can act on them as well.", ()),
    (
        "The force should keep better watch over those on bail by making sure that:",
        ("visits take place when they are due; and", "their results are written down on the same day."),
    ),
)
CONCERNS: Sequence[Concern] = (
    Concern(
        "HMIC is concerned that calls from people at risk wait too long. Nobody looks at the list of open calls "
        "at night.",
        "HMIC recommends that the force at once make sure that:",
        (
            "a supervisor reads the list of open calls every hour;",
            "callers are told how long they will wait; and",
            "calls that were closed without a visit are looked at again.",
        ),
    ),
    Concern(
        "HMIC is concerned about the way in which evidence is stored. Some of it could not be found when we "
        "asked for it.",
        "HMIC recommends that the force immediately take steps to make sure that:",
        ("each item has one place and one label; and", "its stores are counted every month."),
    ),
    Concern(
        "HMIC is concerned about how the force looks after missing persons. Reports are graded by habit and "
        "seldom reviewed.",
        "HMIC recommends that the force within three months make sure that:",
        (
            "each report is graded by the risk that it describes;",
            "grades are reviewed at the end of each shift; and",
            "those who come back are asked where they were.",
        ),
    ),
)

# --- annex A --------------------------------------------------------------------------------------------------------

_CRIME = "Please see ‘Recorded Crime and Crime Outcomes’ above."
_RECORDED = "outcomes assigned to offences recorded in the 12 months to 30 June {y0}, by force"
ANNEX: Sequence[tuple[str, str]] = (
    (
        "prose",
        "The data are those of the Home Office, of the Office for National Statistics (ONS) and of the 43 forces.",
    ),
    ("bullets", "Forces could look at their own data and correct them."),
    ("heading", "Methodology"),
    ("subheading", "Data in the report"),
    ("prose", "British Transport Police was not inspected, and the totals for England and Wales are without it."),
    ("subheading", "Population"),
    ("prose", "Rates use the ONS mid-{y1} population estimates."),
    ("subheading", "Force in numbers"),
    ("prose", "A dash in this graphic means that the force could not supply the data."),
    ("subheading", "Recorded crime and crime outcomes"),
    (
        "prose",
        "The data come from the release of October {y0} and hold the 12 months to 30 June {y0}. Fraud offences are not "
        "included, and neither is British Transport Police.",
    ),
    (
        "prose",
        "For crime outcomes, the England and Wales figure excludes {left_out_4}, whose outcomes for the 12 "
        "months to 30 June "
        "{y0} were not reliably recorded.",
    ),
    (
        "bullets",
        "{partial} did not provide the last quarter of the 12 months to 30 June {y0}. Their figures rest on "
        "three quarters.",
    ),
    (
        "bullets",
        "{pilot} take part in a Ministry of Justice pilot of out of court disposals. They issue no simple cautions or "
        "cannabis/khat warnings.",
    ),
    ("subheading", "Anti-social behaviour"),
    ("prose", "Taken from ONS data tables."),
    ("subheading", "Domestic abuse"),
    (
        "prose",
        "Offences come from the Home Office, for the 12 months to 30 June {y0}; arrests from the forces themselves.",
    ),
    ("subheading", "Organised crime groups (OCGs)"),
    (
        "prose",
        "{left_out_9} is excluded. Its size and national remit make its data not comparable, so the England and "
        "Wales rate is "
        "without it.",
    ),
    ("subheading", "Victim satisfaction"),
    (
        "prose",
        "The England and Wales average is the mean of the rates of all 43 forces, for the victim’s whole experience.",
    ),
    ("heading", "Figures throughout the report"),
    (
        "annex_caption",
        "Figure 1: Police-recorded crime rates (per 1,000 population) for the five year period to 30 June {y0}",
    ),
    ("prose", _CRIME),
    ("annex_caption", "Figure 2: Police-recorded crime rates (per 1,000 population) for the 12 months to 30 June {y0}"),
    ("prose", _CRIME),
    (
        "annex_caption",
        "Figure 3: Percentage change in the rate of anti-social behaviour incidents (per 1,000 population), by force, "
        "comparing the 12 months to 31 March {y0} with the 12 months to 31 March {y1}",
    ),
    ("prose", "Please see ‘Anti-social behaviour’ above."),
    (
        "annex_caption",
        "Figure 4: Proportion of outcomes assigned to offences recorded, in 12 months to 30 June {y0}, by outcome type",
    ),
    ("prose", _CRIME),
    (
        "prose",
        "Forces are ranked by their use of an outcome. The top and bottom 25 percent are ‘among the highest’ "
        "and ‘among the "
        "lowest’; all others are broadly in line with England and Wales.",
    ),
    ("annex_caption", "Figure 5: Percentage of ‘Evidential difficulties; victim does not support action’ " + _RECORDED),
    ("prose", _CRIME),
    (
        "annex_caption",
        "Figure 6: Percentage of police recorded crime with a vulnerable victim identified, by force, for the "
        "12 months to 30 "
        "June {y0}",
    ),
    ("prose", _CRIME),
    (
        "prose",
        "{left_out_6} could not provide these data. They are not included in the graph or the England and Wales rate.",
    ),
    (
        "annex_caption",
        "Figure 7: Domestic abuse arrest rate (per 100 domestic abuse crimes), by force, for the 12 months to "
        "30 June {y0}",
    ),
    ("prose", "Please see ‘Domestic abuse’ above."),
    (
        "prose",
        "{left_out_7} had no domestic abuse arrest data. They are not included in the graph or the England and "
        "Wales rate.",
    ),
    ("prose", "The arrests are not linked to the offences of the same 12 months to 30 June {y0}."),
    ("annex_caption", "Figure 8: Rate of outcomes recorded in 12 months to 30 June {y0} for domestic-related offences"),
    ("prose", "Please see ‘Domestic Abuse’ above."),
    ("prose", "{left_out_8} are excluded from domestic abuse outcomes data, which they could not record reliably."),
    (
        "prose",
        "As in figure 4, the top and the bottom 25 percent are ‘among the highest’ and ‘among the lowest’, and "
        "the other "
        "forces broadly in line with England and Wales.",
    ),
    ("annex_caption", "Figure 9: Organised crime groups per one million population, by force, as at 1 July {y0}"),
    ("prose", "Please see ‘Organised Crime Groups’ above."),
    ("annex_caption", "Figure 10: Active organised crime groups by predominant crime type, as at 1 July {y0}"),
    (
        "prose",
        "{left_out_10} could not provide full data on predominant crime types in time. It is not included in "
        "the graph or the "
        "England and Wales proportion.",
    ),
    ("prose", "Because of rounding, numbers may not add to 100 percent."),
)

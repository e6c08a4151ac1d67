"""Sentences that state figures, with slots for force, values and directions, and what each must give.

The first block is the wording of the 2016 reports, the second that of the sample reports, the third other wordings.
``a`` is always the force's value and ``b`` that of England and Wales; ``{up_a}`` and the like stand for a word
that says an increase or a decrease.
"""

from dataclasses import dataclass

# Slot: what is printed for an increase, and for a decrease.
DIRECTIONS = {
    "increased": ("increased", "decreased"),
    "increase": ("increase", "decrease"),
    "an_increase": ("an increase", "a decrease"),
    "rose": ("rose", "fell"),
    "risen": ("risen", "fallen"),
    "went": ("went up", "went down"),
    "more": ("more", "fewer"),
    "higher": ("higher", "lower"),
    "rise": ("rise", "fall"),
    "reduction": ("growth", "reduction"),
    "up": ("up", "down"),
}
FORCE, ALL = "force", "England and Wales"
YEAR = ("2015-07-01", "2016-06-30")
FINANCIAL = ("2015-04-01", "2016-03-31")
FIVE_BEFORE = ("2010-07-01", "2011-06-30")
ONE_BEFORE = ("2014-07-01", "2015-06-30")
FINANCIAL_BEFORE = ("2014-04-01", "2015-03-31")
NO_PERIOD = (None, None)


@dataclass(frozen=True)
class Expected:
    """A figure that the last sentence must give."""

    measure_id: str
    area: str
    slot: str
    unit: str = "percent"
    direction: str | None = None  # the slot's letter, where the figure is a change
    period: tuple[str | None, str | None] = YEAR
    compared: tuple[str | None, str | None] = NO_PERIOD


@dataclass(frozen=True)
class Said:
    """Sentences in order, and what they give together."""

    name: str
    sentences: tuple[str, ...]
    expected: tuple[Expected, ...]


def _change(
    measure_id: str, period: tuple[str, str] = YEAR, compared: tuple[str | None, str | None] = ONE_BEFORE
) -> tuple[Expected, ...]:
    return (
        Expected(measure_id, FORCE, "a", direction="a", period=period, compared=compared),
        Expected(measure_id, ALL, "b", direction="b", period=period, compared=compared),
    )


def _level(
    measure_id: str, unit: str = "percent", period: tuple[str | None, str | None] = YEAR
) -> tuple[Expected, ...]:
    return Expected(measure_id, FORCE, "a", unit, period=period), Expected(measure_id, ALL, "b", unit, period=period)


REAL = (
    Said(
        "recorded crime over five years",
        (
            "When compared with the 12 months to 30 June 2011, police-recorded crime (excluding fraud) for the 12 "
            "months to "
            "30 June 2016 has {increased_a} by {a} percent in {force} compared with {an_increase_b} of {b} "
            "percent across "
            "all forces in England and Wales.",
        ),
        _change("recorded_crime_change_five_years", compared=FIVE_BEFORE),
    ),
    Said(
        "victim-based crime over that period",
        (
            "When compared with the 12 months to 30 June 2011, police-recorded crime (excluding fraud) for the 12 "
            "months to "
            "30 June 2016 has {increased_a} by {a} percent in {force} compared with {an_increase_b} of {b} "
            "percent across "
            "all forces in England and Wales.",
            "Over this same period, victim-based crime {increased_a} by {a} percent in {force}, compared with "
            "{an_increase_b} of {b} percent for England and Wales as a whole.",
        ),
        _change("recorded_crime_change_five_years", compared=FIVE_BEFORE)
        + _change("victim_based_crime_change_five_years", compared=FIVE_BEFORE),
    ),
    Said(
        "recorded crime over one year",
        (
            "More recently, when compared with the previous 12 month period, police-recorded crime (excluding "
            "fraud) in "
            "{force} {increased_a} by {a} percent for the year ending 30 June 2016.",
            "This is compared with {an_increase_b} of {b} percent across all forces in England and Wales over the same "
            "period.",
        ),
        _change("recorded_crime_change"),
    ),
    Said(
        "anti-social behaviour",
        (
            "In the 12 months to 31 March 2016, {force} recorded {n} incidents of anti-social behaviour per 1,000 "
            "population.",
            "This is {a} percent {more_a} incidents per 1,000 population than the force recorded during the "
            "previous 12 "
            "months.",
            "In England and Wales as a whole, there were {b} percent {more_b} incidents per 1,000 population in the 12 "
            "months to 31 March 2016, than were recorded during the previous 12 months.",
        ),
        (
            Expected("anti_social_behaviour_incidents_rate", FORCE, "n", "per 1,000 population", period=FINANCIAL),
            *_change("anti_social_behaviour_incidents_rate_change", FINANCIAL, FINANCIAL_BEFORE),
        ),
    ),
    Said(
        "spending",
        (
            "The force’s 2015/16 estimate of expenditure on neighbourhood policing is £{n} per head population.",
            "This is above the £{m} per head population average for England and Wales.",
            "This has {increased_a} by {a} percent between 2013/14 and 2015/16, which is slightly higher than the {b} "
            "percent {increase_b} in England and Wales as a whole over the same period.",
        ),
        (
            Expected("neighbourhood_policing_spend_per_head", FORCE, "n", "pounds per head", period=FINANCIAL),
            Expected("neighbourhood_policing_spend_per_head", ALL, "m", "pounds per head", period=FINANCIAL),
            *_change("neighbourhood_policing_spend_per_head_change", FINANCIAL, ("2013-04-01", "2014-03-31")),
        ),
    ),
    Said(
        "anti-social behaviour in one sentence",
        (
            "The force has a low rate of recorded anti-social behaviour incidents ({a} per 1,000 population) "
            "compared to "
            "the England and Wales rate of {b} per 1,000 population.",
        ),
        _level("anti_social_behaviour_incidents_rate", "per 1,000 population", NO_PERIOD),
    ),
    Said(
        "powers",
        (
            "{force} used anti-social behaviour powers {n} times per one million population in the 12 months to "
            "30 June 2016.",
        ),
        (Expected("anti_social_behaviour_powers_use_rate", FORCE, "n", "per million population"),),
    ),
    Said(
        "evidential difficulties",
        (
            "For all offences recorded in the 12 months to 30 June 2016, {force} recorded {a} percent as 'Evidential "
            "difficulties; victim does not support police action'.",
            "This compares with {b} percent for England and Wales over the same period.",
        ),
        _level("evidential_difficulties_victim_does_not_support"),
    ),
    Said(
        "evidential difficulties, this outcome",
        (
            "As can be seen below, {force} is one of the better-performing forces for cases where there were "
            "evidential "
            "difficulties and where the victim does not support police action.",
            "The force assigns this outcome to only {a} percent of cases compared to the England and Wales "
            "proportion of "
            "{b} percent.",
        ),
        _level("evidential_difficulties_victim_does_not_support", period=NO_PERIOD),
    ),
    Said(
        "victim satisfaction",
        (
            "Of those who have been the victim of a crime in {force} in the 12 months to 30 June 2016, {a} "
            "percent were "
            "satisfied with their whole experience with the police.",
            "This is in line with the England and Wales victim satisfaction rate of {b} percent over the same "
            "time period.",
        ),
        _level("victim_satisfaction_whole_experience"),
    ),
    Said(
        "persons wanted",
        (
            "Besides knowing its local offenders well, the force puts the names of others on the PNC",
            "It is in line with the England and Wales figure for the number of persons wanted and circulated on "
            "PNC per "
            "1,000 population ({a} compared with {b}), with the majority of those being for non bail related offences "
            "(2,693 out of 4,025).",
        ),
        _level("persons_wanted_rate", "per 1,000 population", NO_PERIOD),
    ),
    Said(
        "re-offending",
        (
            "The force and its IOM partners have together achieved a commendably low re-offending rate among the "
            "IOM groups "
            "({a} percent), which is much lower than the England and Wales rate of {b} percent.",
        ),
        _level("reoffending_rate_iom", period=NO_PERIOD),
    ),
    Said(
        "vulnerable victims",
        (
            "Data returned by forces to HMIC show that in the 12 months to 30 June 2016, the proportion of crime "
            "recorded "
            "which involves a vulnerable victim varies considerably between forces, from {low} percent to {high} "
            "percent.",
            "For the 12 months to 30 June 2016, {a} percent of all recorded crime in {force} was identified as "
            "having a "
            "vulnerable victim, which is above the England and Wales figure of {b} percent.",
        ),
        (
            Expected("vulnerable_victim_share_lowest_force", ALL, "low"),
            Expected("vulnerable_victim_share_highest_force", ALL, "high"),
            *_level("vulnerable_victim_share"),
        ),
    ),
    Said(
        "mental health",
        (
            "In the 12 months to 30 June 2016, {a} percent of incidents within the force area were flagged to identify "
            "mental health.",
            "This is in line with the {b} percent rate for England and Wales as a whole.",
        ),
        _level("mental_health_flagged_incidents_share"),
    ),
    Said(
        "domestic abuse",
        (
            "These data show that in the 12 months to 30 June 2016, police-recorded domestic abuse in {force} "
            "{increased_a} "
            "by {a} percent compared with the 12 months to 31 March 2015.",
            "This compares with {an_increase_b} of {b} percent across England and Wales.",
            "In the same period, police-recorded domestic abuse accounted for {c} percent of all police-recorded "
            "crime in "
            "{force}, compared with {d} percent of all police-recorded crime across England and Wales.",
        ),
        (
            *_change("domestic_abuse_change", compared=FINANCIAL_BEFORE),
            Expected("domestic_abuse_share", FORCE, "c"),
            Expected("domestic_abuse_share", ALL, "d"),
        ),
    ),
    Said(
        "domestic abuse arrests",
        (
            "In {force}, for every 100 domestic abuse related offences recorded in the 12 months to 30 June 2016, "
            "there "
            "were {n} arrests made in the same period.",
        ),
        (Expected("domestic_abuse_arrest_rate", FORCE, "n", "per 100 domestic abuse offences"),),
    ),
    Said(
        "domestic abuse arrest rate",
        (
            "{force}’s domestic abuse arrest rate of {a} percent for the 12 months to 30 June 2016 is in line "
            "with the {b} "
            "percent arrest rate for England and Wales as a whole.",
        ),
        _level("domestic_abuse_arrest_rate"),
    ),
    Said(
        "ballistics",
        (
            "In the 12 months to 30 June 2016, {force} referred {a} items to NABIS for every 100 ballistic items "
            "that were "
            "bought into police possession.",
            "This is well above the {b} rate for England and Wales as a whole.",
        ),
        _level("ballistics_referrals_rate", "per 100 ballistic items"),
    ),
    Said(
        "organised crime groups",
        (
            "As at 1 July 2016, {force} was actively disrupting, investigating or monitoring {n} organised crime "
            "groups "
            "(OCGs) per one million of the population.",
            "This compares to {m} OCGs per one million of the population across England and Wales.",
        ),
        (
            Expected(
                "organised_crime_groups_rate", FORCE, "n", "per million population", period=("2016-07-01", "2016-07-01")
            ),
            Expected(
                "organised_crime_groups_rate", ALL, "m", "per million population", period=("2016-07-01", "2016-07-01")
            ),
        ),
    ),
    Said(
        "intelligence network",
        (
            "The force makes good use of GAIN and made {a} GAIN referrals for every 100 OCGS in the 12 months to "
            "30 June 2016.",
            "This is well above the rate of {b} for England and Wales as a whole.",
        ),
        _level("intelligence_network_referrals_rate", "per 100 organised crime groups"),
    ),
    Said(
        "trafficking",
        (
            "The force is increasingly aware of the potential for modern-day slavery and In the 12 months to 30 "
            "June 2016 it "
            "referred {n} human trafficking cases to the NCA, which is one of the highest referral rates in "
            "England and Wales.",
        ),
        (Expected("human_trafficking_referrals", FORCE, "n", "cases"),),
    ),
)

SAMPLES = (
    Said(
        "five years, between two periods",
        (
            "In {force}, police-recorded crime (excluding fraud) {increased_a} by {a} percent between the 12 "
            "months to 30 June "
            "2011 and the 12 months to 30 June 2016, compared with {an_increase_b} of {b} percent in England and "
            "Wales.",
            "Victim-based crime in {force} {increased_a} by {a} percent in that time, against {an_increase_b} of "
            "{b} percent "
            "in England and Wales.",
        ),
        _change("recorded_crime_change_five_years", compared=FIVE_BEFORE)
        + _change("victim_based_crime_change_five_years", compared=FIVE_BEFORE),
    ),
    Said(
        "set against the previous 12 months",
        (
            "Police-recorded crime (excluding fraud) {rose_a} in {force} by {a} percent in the year ending 30 "
            "June 2016, when "
            "set against the previous 12 months; across England and Wales the {increase_b} was {b} percent.",
        ),
        _change("recorded_crime_change"),
    ),
    Said(
        "a rate which is lower",
        (
            "{force} had {n} incidents of anti-social behaviour for every 1,000 population in the 12 months to 31 "
            "March 2016, "
            "a rate which is {a} percent {higher_a} than that of the previous 12 months.",
            "Over the same time England and Wales as one area recorded {b} percent {more_b} incidents per 1,000 "
            "population "
            "than during the 12 months before.",
        ),
        (
            Expected("anti_social_behaviour_incidents_rate", FORCE, "n", "per 1,000 population", period=FINANCIAL),
            *_change("anti_social_behaviour_incidents_rate_change", FINANCIAL, FINANCIAL_BEFORE),
        ),
    ),
    Said(
        "spending, average of",
        (
            "For 2015/16 the force puts its spending on neighbourhood policing at £{n} per head of population, "
            "above the "
            "average of £{m} for England and Wales.",
            "Between 2013/14 and 2015/16 this spending {increased_a} by {a} percent, a little more than the {b} "
            "percent "
            "{increase_b} for England and Wales.",
        ),
        (
            Expected("neighbourhood_policing_spend_per_head", FORCE, "n", "pounds per head", period=FINANCIAL),
            Expected("neighbourhood_policing_spend_per_head", ALL, "m", "pounds per head", period=FINANCIAL),
            *_change("neighbourhood_policing_spend_per_head_change", FINANCIAL, ("2013-04-01", "2014-03-31")),
        ),
    ),
    Said(
        "per one million before the number",
        (
            "Per one million population, the force used its powers against anti-social behaviour {n} times in the "
            "12 months to "
            "30 June 2016.",
        ),
        (Expected("anti_social_behaviour_powers_use_rate", FORCE, "n", "per million population"),),
    ),
    Said(
        "the share was",
        (
            "Of all offences recorded by {force} in the 12 months to 30 June 2016, {a} percent ended as 'Evidential "
            "difficulties; victim does not support police action'.",
            "For England and Wales the share was {b} percent.",
        ),
        _level("evidential_difficulties_victim_does_not_support"),
    ),
    Said(
        "satisfied victims",
        (
            "In {force}, {a} percent of victims of crime were satisfied with their whole experience of the police "
            "in the 12 "
            "months to 30 June 2016.",
            "This is in line with {b} percent for England and Wales.",
        ),
        _level("victim_satisfaction_whole_experience"),
    ),
    Said(
        "far below the 57 percent of",
        (
            "Integrated offender management (IOM) covers {n} offenders in ten local policing units.",
            "The re-offending rate in this group is {a} percent, far below the {b} percent of England and Wales.",
        ),
        (
            Expected("offenders_managed_iom", FORCE, "n", "people", period=NO_PERIOD),
            *_level("reoffending_rate_iom", period=NO_PERIOD),
        ),
    ),
    Said(
        "in the force it was",
        (
            "Data of the forces for the 12 months to 30 June 2016 show that the share of crime with a vulnerable "
            "victim lies "
            "anywhere between {low} percent and {high} percent.",
            "In {force} it was {a} percent of all recorded crime, which is above the {b} percent of England and Wales.",
        ),
        (
            Expected("vulnerable_victim_share_lowest_force", ALL, "low"),
            Expected("vulnerable_victim_share_highest_force", ALL, "high"),
            *_level("vulnerable_victim_share"),
        ),
    ),
    Said(
        "a mental health flag",
        (
            "Of the incidents in the 12 months to 30 June 2016, {a} percent carried a mental health flag, in line "
            "with {b} "
            "percent for England and Wales.",
        ),
        _level("mental_health_flagged_incidents_share"),
    ),
    Said(
        "it made up",
        (
            "Home Office data, newer than those published so far, show that domestic abuse recorded by the police "
            "in {force} "
            "{increased_a} by {a} percent in the 12 months to 30 June 2016, compared with the 12 months to 31 "
            "March 2015; in "
            "England and Wales the {increase_b} was {b} percent.",
            "It made up {c} percent of police-recorded crime in {force} and {d} percent across England and Wales.",
        ),
        (
            *_change("domestic_abuse_change", compared=FINANCIAL_BEFORE),
            Expected("domestic_abuse_share", FORCE, "c"),
            Expected("domestic_abuse_share", ALL, "d"),
        ),
    ),
    Said(
        "arrests made",
        (
            "{force} made {n} arrests for every 100 offences related to domestic abuse that it recorded in the 12 "
            "months to 30 "
            "June 2016.",
        ),
        (Expected("domestic_abuse_arrest_rate", FORCE, "n", "per 100 domestic abuse offences"),),
    ),
    Said(
        "value before the area",
        (
            "At {a} percent the domestic abuse arrest rate of the force in the 12 months to 30 June 2016 is in "
            "line with that of "
            "England and Wales, {b} percent.",
        ),
        _level("domestic_abuse_arrest_rate"),
    ),
    Said(
        "NABIS first",
        (
            "To the national ballistic intelligence service (NABIS) it referred {a} items for every 100 ballistic "
            "items that came "
            "into its hands in the 12 months to 30 June 2016, well above the rate of {b} for England and Wales.",
        ),
        _level("ballistics_referrals_rate", "per 100 ballistic items"),
    ),
    Said(
        "the rate for England and Wales was",
        (
            "On 1 July 2016 {force} had {n} OCGs (organised crime groups) per one million population under "
            "investigation, "
            "disruption or monitoring.",
            "The rate for England and Wales was {m} OCGs per one million.",
        ),
        (
            Expected(
                "organised_crime_groups_rate", FORCE, "n", "per million population", period=("2016-07-01", "2016-07-01")
            ),
            Expected(
                "organised_crime_groups_rate", ALL, "m", "per million population", period=("2016-07-01", "2016-07-01")
            ),
        ),
    ),
)

OTHERS = (
    Said(
        "England and Wales where it",
        (
            "In {force}, police-recorded crime (excluding fraud) has {risen_a} by {a} per cent from the 12 months "
            "to 30 June 2011 "
            "to the 12 months to 30 June 2016, whereas across England and Wales it has {risen_b} by {b} per cent.",
        ),
        _change("recorded_crime_change_five_years", compared=FIVE_BEFORE),
    ),
    Said(
        "a rise of",
        (
            "There was a {rise_a} of {a}% in recorded crime in {force} in the 12 months to 30 June 2016 compared "
            "with the previous "
            "12 months, while England and Wales saw a {rise_b} of {b}%.",
        ),
        _change("recorded_crime_change"),
    ),
    Said(
        "the rate for England and Wales first",
        (
            "Across England and Wales, victim-based crime {increased_b} by {b} percent in the 12 months to 30 "
            "June 2016 compared "
            "with the previous 12 months, compared with {an_increase_a} of {a} percent in {force}.",
        ),
        _change("victim_based_crime_change"),
    ),
    Said(
        "N percent increase on",
        (
            "{force} recorded {n} anti-social behaviour incidents per 1,000 population in the 12 months to 31 "
            "March 2016, which is "
            "lower than the {m} incidents per 1,000 population across England and Wales.",
        ),
        (
            Expected("anti_social_behaviour_incidents_rate", FORCE, "n", "per 1,000 population", period=FINANCIAL),
            Expected("anti_social_behaviour_incidents_rate", ALL, "m", "per 1,000 population", period=FINANCIAL),
        ),
    ),
    Said(
        "OCGs, below the figure of",
        (
            "As at 1 July 2016, the constabulary was monitoring {n} OCGs per million population, which is below "
            "the England and "
            "Wales figure of {m}.",
        ),
        (
            Expected(
                "organised_crime_groups_rate", FORCE, "n", "per million population", period=("2016-07-01", "2016-07-01")
            ),
            Expected(
                "organised_crime_groups_rate", ALL, "m", "per million population", period=("2016-07-01", "2016-07-01")
            ),
        ),
    ),
    Said(
        "vulnerable victims, lower than",
        (
            "{force} identified {a} percent of all recorded crime as having a vulnerable victim in the 12 months "
            "to 30 June 2016, "
            "which is lower than the {b} percent for England and Wales as a whole.",
        ),
        _level("vulnerable_victim_share"),
    ),
    Said(
        "satisfaction, percentage points",
        (
            "In {force}, {a} percent of victims of crime were satisfied with their whole experience in the 12 "
            "months to 30 June "
            "2016, compared with {b} percent nationally.",
        ),
        _level("victim_satisfaction_whole_experience"),
    ),
    Said(
        "arrests per 100",
        (
            "For every 100 domestic abuse offences recorded in the 12 months to 30 June 2016, {force} made {n} "
            "arrests, compared "
            "with {m} arrests for every 100 offences in England and Wales.",
        ),
        (
            Expected("domestic_abuse_arrest_rate", FORCE, "n", "per 100 domestic abuse offences"),
            Expected("domestic_abuse_arrest_rate", ALL, "m", "per 100 domestic abuse offences"),
        ),
    ),
    Said(
        "semicolon",
        (
            "As at 1 July 2016, the England and Wales rate was {m} organised crime groups per one million of the "
            "population; "
            "{force} had {n} organised crime groups per one million of the population.",
        ),
        (
            Expected(
                "organised_crime_groups_rate", FORCE, "n", "per million population", period=("2016-07-01", "2016-07-01")
            ),
            Expected(
                "organised_crime_groups_rate", ALL, "m", "per million population", period=("2016-07-01", "2016-07-01")
            ),
        ),
    ),
    Said(
        "domestic abuse, lower than the increase",
        (
            "Recorded domestic abuse in {force} {increased_a} by {a} percent in the 12 months to 30 June 2016 "
            "compared with the 12 "
            "months to 31 March 2015, lower than the {b} percent {increase_b} across England and Wales.",
        ),
        _change("domestic_abuse_change", compared=FINANCIAL_BEFORE),
    ),
    Said(
        "spending, down",
        (
            "In 2015/16 {force} spent £{n} per head of population on neighbourhood policing compared with £{m} "
            "per head across "
            "England and Wales.",
        ),
        (
            Expected("neighbourhood_policing_spend_per_head", FORCE, "n", "pounds per head", period=FINANCIAL),
            Expected("neighbourhood_policing_spend_per_head", ALL, "m", "pounds per head", period=FINANCIAL),
        ),
    ),
    Said(
        "crime rates",
        (
            "In the 12 months to 30 June 2016, {force} recorded {a} crimes per 1,000 population, compared with "
            "{b} crimes per 1,000 "
            "population in England and Wales.",
        ),
        _level("recorded_crime_rate", "per 1,000 population"),
    ),
    Said(
        "a reduction",
        (
            "Anti-social behaviour incidents per 1,000 population in {force} {increased_a} by {a} percent in the "
            "12 months to 31 "
            "March 2016 compared with the previous 12 months, against {an_increase_b} of {b} percent in England "
            "and Wales.",
        ),
        _change("anti_social_behaviour_incidents_rate_change", FINANCIAL, FINANCIAL_BEFORE),
    ),
)

SAID = (*REAL, *SAMPLES, *OTHERS)

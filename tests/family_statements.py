"""Sentences in the manner of the reports of 2007, 2015 and from 2021, and what each must give; and sentences that
must give nothing.

``{force}`` stands for the force that the report is about; values are invented.
"""

from dataclasses import dataclass

YEAR_2021 = ("2020-04-01", "2021-03-31")
ALL = "K04000001"


@dataclass(frozen=True)
class Gives:
    """A figure. ``area`` None is the report's force; ``whole`` is what a count or fraction is out of."""

    measure_id: str
    printed: str
    unit: str = "percent"
    area: str | None = None
    whole: str | None = None
    not_exact: str | None = None
    period: tuple[str | None, str | None] = (None, None)
    direction: str | None = None


@dataclass(frozen=True)
class Case:
    """Sentences in order, and what they give together."""

    sentences: tuple[str, ...]
    gives: tuple[Gives, ...]


CASES = (
    # --- the force and its area
    Case(
        (
            "{force} covers an area of 1,443 square miles and has a population of about 1.86 million people (760,000 "
            "households).",
        ),
        (
            Gives("force_area_size", "1,443", "square miles"),
            Gives("population_served", "1.86", "million people", not_exact="about"),
            Gives("households_served", "760,000", "households"),
        ),
    ),
    Case(
        ("The force serves a resident population of 635,400.",),
        (Gives("population_served", "635,400", "people"),),
    ),
    Case(
        (
            "At around 7%, the percentage of the population from black and minority ethnic groups is below the "
            "national "
            "average of 13%.",
            "Some 4% of the population was born abroad.",
        ),
        (
            Gives("population_minority_ethnic_share", "7", not_exact="about"),
            Gives("population_minority_ethnic_share", "13", area=ALL),
            Gives("population_born_abroad_share", "4", not_exact="about"),
        ),
    ),
    Case(
        ("The force employs 3,600 police officers and nearly 2,100 police staff.",),
        (
            Gives("police_officers", "3,600", "officers"),
            Gives("police_staff", "2,100", "staff", not_exact="less_than"),
        ),
    ),
    Case(
        ("The force has a net revenue budget of £258.4 million for 2007/08.",),
        (Gives("force_budget", "258.4", "million pounds", period=("2007-04-01", "2008-03-31")),),
    ),
    Case(("It works in all 9 OCUs across the force.",), (Gives("command_units", "9", "units"),)),
    Case(("Each of the force’s 6 BCUs has its own board.",), (Gives("command_units", "6", "units"),)),
    # --- neighbourhood policing
    Case(
        ("In all, 120 neighbourhoods have been identified, served by 98 neighbourhood teams of officers and PCSOs.",),
        (
            Gives("neighbourhoods_identified", "120", "neighbourhoods"),
            Gives("neighbourhood_policing_teams", "98", "teams"),
        ),
    ),
    Case(
        (
            "The force has 120 neighbourhoods in 31 sectors, policed by 98 teams; 512 officers are dedicated to "
            "neighbourhood policing.",
        ),
        (
            Gives("neighbourhoods_identified", "120", "neighbourhoods"),
            Gives("policing_sectors", "31", "sectors"),
            Gives("neighbourhood_policing_teams", "98", "teams"),
            Gives("neighbourhood_policing_officers", "512", "officers"),
        ),
    ),
    Case(
        ("On average 18% of officer strength per BCU is dedicated to neighbourhood policing.",),
        (Gives("neighbourhood_policing_officer_share", "18"),),
    ),
    Case(
        (
            "Neighbourhood policing now has 95% coverage of the area, and by the end of March 2007 the force had its "
            "full complement of 391 PCSOs.",
        ),
        (
            Gives("neighbourhood_policing_coverage", "95", period=("2007-03-31", "2007-03-31")),
            Gives("police_community_support_officers", "391", "officers", period=("2007-03-31", "2007-03-31")),
        ),
    ),
    Case(
        ("The Special Constabulary has 380 officers, of whom 40 work on rural crime.",),
        (Gives("special_constables", "380", "officers"),),
    ),
    Case(
        (
            "Asked afterwards, of those attending local meetings 88% thought that the issues were relevant and "
            "91% would "
            "attend again.",
        ),
        (
            Gives("meeting_attenders_relevant_issues", "88"),
            Gives("meeting_attenders_would_return", "91"),
        ),
    ),
    Case(
        (
            "The inspection included a telephone survey of 150 residents.",
            "Four of the six categories were within the national average range.",
        ),
        (
            Gives("telephone_survey_residents", "150", "people"),
            Gives("telephone_survey_categories_in_range", "4", "categories", whole="6"),
        ),
    ),
    # --- cases and suspects
    Case(
        ("There is a benchmark of 25 cases per officer, and some officers carry 30 to 42 cases.",),
        (
            Gives("officer_caseload_benchmark", "25", "cases per officer"),
            Gives("officer_caseload_range_low", "30", "cases per officer"),
            Gives("officer_caseload_range_high", "42", "cases per officer"),
        ),
    ),
    Case(
        ("{force} recorded more than 4,200 missing people between April 2006 and March 2007.",),
        (
            Gives(
                "missing_persons_recorded",
                "4,200",
                "people",
                not_exact="more_than",
                period=("2006-04-01", "2007-03-31"),
            ),
        ),
    ),
    Case(
        (
            "When we inspected, 230 named suspects for domestic abuse had not been arrested, and 85 suspects "
            "were still "
            "to be arrested for public protection offences.",
        ),
        (
            Gives("domestic_abuse_suspects_outstanding", "230", "suspects"),
            Gives("public_protection_suspects_outstanding", "85", "suspects"),
        ),
    ),
    # --- crime and its recording
    Case(
        ("For the year ending 31 March 2021, {force} had a crime severity score of 13.2.",),
        (Gives("crime_severity_score", "13.2", "score", period=YEAR_2021),),
    ),
    Case(
        (
            "In the year ending 31 March 2021, {force} recorded 9.5 firearms offences per 100,000 population and 0.62 "
            "knife crime offences per 1,000 population.",
        ),
        (
            Gives("firearms_offences_rate_per_100000", "9.5", "per 100,000 population", period=YEAR_2021),
            Gives("knife_crime_rate_per_1000", "0.62", "per 1,000 population", period=YEAR_2021),
        ),
    ),
    Case(
        (
            "In the year ending 31 March 2021, the rate of knife crime was 62 offences per 100,000 population and of "
            "firearms offences 0.11 offences per 1,000 population.",
        ),
        (
            Gives("knife_crime_rate_per_100000", "62", "per 100,000 population", period=YEAR_2021),
            Gives("firearms_offences_rate_per_1000", "0.11", "per 1,000 population", period=YEAR_2021),
        ),
    ),
    Case(
        (
            "{force} recorded 18.1 domestic abuse-related incidents per 1,000 population.",
            "This is lower than the England and Wales rate of 20.4.",
        ),
        (
            Gives("domestic_abuse_incidents_rate", "18.1", "per 1,000 population"),
            Gives("domestic_abuse_incidents_rate", "20.4", "per 1,000 population", area=ALL),
        ),
    ),
    Case(
        (
            "We estimate that 91.4 percent of crimes reported to the force are recorded, and that it records "
            "88 percent "
            "of reported sexual offences.",
        ),
        (
            Gives("crime_recording_accuracy", "91.4"),
            Gives("sexual_offences_recording_accuracy", "88"),
        ),
    ),
    Case(
        (
            "In our 2018 inspection, which found that 71.5 percent of reported violent crimes were recorded, the force "
            "was inadequate.",
            "We now find that 96.2 percent of violent crimes reported to {force} are recorded.",
        ),
        (
            Gives("violent_crime_recording_accuracy_earlier", "71.5"),
            Gives("violent_crime_recording_accuracy", "96.2"),
        ),
    ),
    Case(
        ("As a result the force recorded an additional 4,300 violent crimes in the year ending 31 March 2021.",),
        (Gives("violent_crimes_additionally_recorded", "4,300", "crimes", period=YEAR_2021),),
    ),
    Case(
        (
            "In the year ending 31 March 2021, {force} recorded 5,020 uses of force.",
            "From its arrests we expected there to be 9,800 use of force records.",
            "This is far above the 5,020 it recorded, so some uses of force are missing.",
        ),
        (
            Gives("use_of_force_recorded", "5,020", "records", period=YEAR_2021),
            Gives("use_of_force_expected", "9,800", "records"),
            Gives("use_of_force_recorded", "5,020", "records"),
        ),
    ),
    Case(
        ("Of the stop and search records we audited, 83 percent contained reasonable grounds.",),
        (Gives("stop_search_grounds_share", "83"),),
    ),
    Case(
        ("Our audit of stop and search records showed that 83 percent contained reasonable grounds.",),
        (Gives("stop_search_grounds_share", "83"),),
    ),
    # --- calls
    Case(
        (
            "The national target is to answer 90 percent of 999 calls within 10 seconds.",
            "{force} answers 82 percent of calls within the target time.",
        ),
        (Gives("emergency_calls_answered_in_time", "82"),),
    ),
    Case(
        (
            "The force answers 82 percent of its 999 calls within 10 seconds and 61 percent of its 101 calls "
            "within five "
            "minutes.",
        ),
        (
            Gives("emergency_calls_answered_in_time", "82"),
            Gives("non_emergency_calls_answered_in_time", "61"),
        ),
    ),
    Case(
        (
            "Callers to the force’s 101 calls desk wait too long.",
            "Only one quarter are answered within three minutes and nearly two fifths are abandoned.",
        ),
        (
            Gives("non_emergency_calls_answered_in_time", "1", whole="4"),
            Gives("non_emergency_calls_abandoned", "2", whole="5", not_exact="less_than"),
        ),
    ),
    Case(
        ("The force says that its website diverts 14 percent of calls from call handlers.",),
        (Gives("call_demand_diverted", "14"),),
    ),
    Case(
        ("At present 12,400 people are signed up to its message service.",),
        (Gives("community_messaging_subscribers", "12,400", "people"),),
    ),
    Case(
        ("Last month 7 missing foreign nationals were safeguarded by the team.",),
        (Gives("missing_foreign_nationals_safeguarded", "7", "people"),),
    ),
    # --- audits
    Case(
        (
            "We audited 40 incidents of anti-social behaviour.",
            "Of these, 13 should have been recorded as crimes.",
            "Only nine were.",
        ),
        (
            Gives("anti_social_behaviour_incidents_with_crime", "13", "incidents", whole="40"),
            Gives("anti_social_behaviour_crimes_recorded", "9", "crimes", whole="13"),
        ),
    ),
    Case(
        (
            "We examined 20 cases closed with outcome 16.",
            "It had been applied properly in 16 cases.",
            "But only five of these contained an auditable record that the victim had withdrawn.",
            "We also examined 25 cases of outcome 10.",
            "We found that it wasn’t applied properly in 9 cases.",
        ),
        (
            Gives("outcome_16_applied_accurately", "16", "cases", whole="20"),
            Gives("outcome_16_withdrawal_recorded", "5", "cases", whole="20"),
            Gives("outcome_10_applied_wrongly", "9", "cases", whole="25"),
        ),
    ),
    Case(
        ("Staff were using THRIVE well.", "This was evident in 90 out of 94 cases."),
        (Gives("risk_assessment_used_well", "90", "cases", whole="94"),),
    ),
    Case(
        ("Repeat victims were correctly identified in 68 of the 80 cases.",),
        (Gives("repeat_victims_identified", "68", "cases", whole="80"),),
    ),
    Case(
        ("When we reviewed 90 cases, only 61 of them were investigated effectively.",),
        (Gives("investigations_effective", "61", "cases", whole="90"),),
    ),
    # --- the workforce
    Case(
        (
            "At the time of our last inspection, 12 percent of the workforce (over 900 officers and staff) didn’t have "
            "the right vetting.",
            "Now 5 percent of the workforce need vetting.",
            "The force has cut this number from nearly 940 to 380 and is reducing it by about 45 a month.",
        ),
        (
            Gives("workforce_without_vetting_share_earlier", "12"),
            Gives("workforce_without_vetting_earlier", "900", "people", not_exact="more_than"),
            Gives("workforce_without_vetting_share", "5"),
            Gives("workforce_without_vetting_earlier", "940", "people", not_exact="less_than"),
            Gives("workforce_without_vetting", "380", "people"),
            Gives(
                "workforce_without_vetting_reduction",
                "45",
                "people per month",
                not_exact="about",
                direction="decrease",
            ),
        ),
    ),
    Case(
        ("The annual safety training of officers is behind.", "About three tenths of them are not up to date."),
        (Gives("safety_training_overdue_share", "3", whole="10", not_exact="about"),),
    ),
    Case(
        (
            "The force is recruiting 620 officers under the uplift programme, and hopes that 90 will be from "
            "minorities.",
        ),
        (Gives("officers_being_recruited", "620", "officers"),),
    ),
    Case(
        ("By 31 March 2021, eight groups of degree apprentices and 5 groups of degree holders had been recruited.",),
        (
            Gives("degree_apprenticeship_groups_recruited", "8", "groups", period=("2021-03-31", "2021-03-31")),
            Gives("degree_holder_groups_recruited", "5", "groups", period=("2021-03-31", "2021-03-31")),
        ),
    ),
)

CASES += (
    Case(
        ("The crime severity score of {force} stood at 11.9 in the year ending 31 March 2021.",),
        (Gives("crime_severity_score", "11.9", "score", period=YEAR_2021),),
    ),
    Case(
        ("The force records 89 percent of violent crimes that victims report (confidence interval of +/- 2 percent).",),
        (Gives("violent_crime_recording_accuracy", "89"),),
    ),
    Case(
        (
            "{force} recorded 18.1 domestic abuse-related incidents per 1,000 population.",
            "The England and Wales rate was 20.4.",
        ),
        (
            Gives("domestic_abuse_incidents_rate", "18.1", "per 1,000 population"),
            Gives("domestic_abuse_incidents_rate", "20.4", "per 1,000 population", area=ALL),
        ),
    ),
    Case(
        (
            "At our 2019 inspection, 41 percent of the workforce were not vetted.",
            "Of these, most are now vetted, and 6 percent of the workforce still need vetting.",
            "The number fell from 1,900 to 300 and goes on falling by about 20 a month.",
        ),
        (
            Gives("workforce_without_vetting_share_earlier", "41"),
            Gives("workforce_without_vetting_share", "6"),
            Gives("workforce_without_vetting_earlier", "1,900", "people"),
            Gives("workforce_without_vetting", "300", "people"),
            Gives(
                "workforce_without_vetting_reduction",
                "20",
                "people per month",
                not_exact="about",
                direction="decrease",
            ),
        ),
    ),
    Case(
        ("The force met its promise of a full complement of 214 PCSOs by April 2007.",),
        (Gives("police_community_support_officers", "214", "officers"),),
    ),
    Case(
        ("We reviewed 12 cases of outcome 16, of which most (10 out of 12) were recorded correctly.",),
        (Gives("outcome_16_applied_accurately", "10", "cases", whole="12"),),
    ),
)

# No figure of the force or of England and Wales: parts of the area, others, wishes, other times, other things.
NOTHING: tuple[tuple[str, ...], ...] = (
    # An earlier time, whatever the measure.
    ("As we said in our 2022 report, the force answered 71 percent of 999 calls within 10 seconds.",),
    ("In our previous inspection, repeat victims were identified in 30 of 80 cases.",),
    ("Previously the force answered 61 percent of 999 calls within 10 seconds.",),
    ("Before the new system, the force answered 61 percent of 999 calls within 10 seconds.",),
    ("At that time, 83.6 percent of reported violent crimes were recorded.",),
    # Not so, or only on some days or in some room.
    ("The force has never answered 90 percent of 999 calls within 10 seconds.",),
    ("It is not true that 30 percent of 101 calls are abandoned.",),
    ("On the day of our visit, 51 percent of 999 calls were answered within 10 seconds.",),
    # Wanted.
    ("The force is committed to answering 90 percent of 999 calls within 10 seconds.",),
    ("Its ambition is that 90 percent of 999 calls are answered within 10 seconds.",),
    # Somebody else.
    ("The best performing force records 95 percent of reported crimes.",),
    ("British Transport Police records 95 percent of reported crimes.",),
    ("In 11 of the 43 forces, 95 percent of reported violent crimes are recorded.",),
    ("Repeat victims were identified in 12 of the 43 forces.",),
    # A part, an opinion, a manner.
    ("For domestic abuse, 88 percent of reported violent crimes are recorded.",),
    ("Officers think that 98 percent of reported crimes are recorded.",),
    ("The force records 40 percent of reported crimes through its website.",),
    ("The force has a prison population of 2,400 people.",),
    ("The force has 12 police officers with firearms training.",),
    ("The force has 4 PCSOs for each ward.",),
    ("The force has an annual budget of £4.2 million for vehicles.",),
    ("The force's own audit found that 61 of 90 cases were investigated effectively.",),
    # The number of the outcome.
    ("We examined 20 cases of outcome 16.", "Outcome 16 was recorded properly by officers."),
    ("It works towards an establishment of 3,700 police officers.",),
    ("No force had a lower crime severity score than 9.",),
    ("The force used to answer 70 percent of 999 calls within 10 seconds.",),
    ("Margate has a population of 61,000 and Dover has a population of 31,000.",),
    ("The university has a population of 12,000 students.",),
    ("At 30%, the percentage of the population from BME groups in Gravesend is higher.",),
    ("Unemployment ranges from 2.1% in Sevenoaks to 6.4% in Thanet.",),
    ("Some 12% of the workforce is from BME groups.",),
    ("One BCU has identified 12 neighbourhoods, policed by 8 teams.",),
    ("The force aims to have 140 neighbourhoods, policed by 120 teams.",),
    ("By 2008 the force will have 400 PCSOs.",),
    ("If the force had 400 PCSOs it could cover every ward.",),
    ("The force has 20 PCSOs who work in schools and has 12 police officers on loan.",),
    ("The Special Constabulary has 12 officers in Dover.",),
    ("A fund of £200,000 pays up to £5,000 for each of 40 projects.",),
    ("It has an overtime budget of £3.1 million and saved £4.5m.",),
    ("Up to 28,000 vehicles a day use its roads.",),
    ("We visited 4 BCUs and spoke to 120 officers.",),
    ("Neighbouring forces have 300 officers dedicated to neighbourhood policing.",),
    ("It has not recorded 4,200 missing people.",),
    ("Each year, 210,000 missing people are reported.",),
    ("In one district 40 suspects for domestic abuse had not been arrested.",),
    ("In 2014, 230 named suspects for domestic abuse had not been arrested.",),
    ("Some 230 suspects for domestic abuse had been arrested.",),
    ("The average force has a crime severity score of 14.",),
    ("The crime severity score should not be above 14.",),
    ("Most forces recorded 9.5 firearms offences per 100,000 population.",),
    ("Knife crime fell by 12 percent in the year ending 31 March 2021.",),
    ("The force recorded 30 percent of all crime in the county town.",),
    ("We found that 90 percent of all crime was recorded within 24 hours.",),
    ("We found that 4.1 percent of violent crimes reported to the force are not recorded.",),
    ("The force failed to record an additional 4,300 violent crimes.",),
    ("The force should record 98 percent of reported crimes.",),
    ("It wants video of 100 percent of stop and search encounters.",),
    ("Our audit of stop and search records found that 19 percent did not include reasonable grounds.",),
    ("Across the country 93 percent of stop and search records included appropriate grounds.",),
    ("The force aims to answer 90 percent of 999 calls within 10 seconds.",),
    ("The standard for 999 calls is 90 percent of calls answered in 10 seconds.",),
    ("Calls to 999 and 101 rose by 5 percent.",),
    ("In England and Wales 101 calls are slow.", "Only one third are answered within three minutes in some forces."),
    ("Forces across the country struggle with 101 calls.", "Only one third are answered within three minutes."),
    ("Most forces struggle with 101 calls.", "Only one third of 101 calls are answered within three minutes."),
    ("Essex Police struggles with 101 calls.", "Only one third of 101 calls are answered within three minutes."),
    ("It answers 999 calls and 101 calls.", "Some 80 percent of calls are answered within the target time."),
    ("The force could divert 20 percent of demand from its call handlers.",),
    ("Nationally 2,000,000 people subscribe to such messages.",),
    ("Of these, 13 should have been recorded as crimes.",),
    ("We audited 40 incidents of anti-social behaviour.", "Of these, 45 should have been recorded as crimes."),
    ("Officers were sent to 30 places.", "Only 11 were."),
    ("Staff were not using THRIVE well.", "This was apparent in 33 of the 94 cases we reviewed."),
    ("Staff weren’t using THRIVE well.", "This was apparent in 33 of the 94 cases we reviewed."),
    ("This was apparent in 11 of the 43 forces.",),
    ("Repeat victims were not identified in 12 of 80 cases.",),
    ("When we reviewed 90 cases, 29 of these were not investigated effectively.",),
    ("Investigations were better in 61 cases than in 40 others.",),
    ("We examined 20 cases of outcome 16.", "It had not been applied properly in 6 cases."),
    ("We examined 20 cases of outcome 10.", "It had been applied properly in 16 cases."),
    ("By 2023 only 2 percent of the workforce will need vetting.",),
    ("In another force 20 percent of the workforce need vetting.",),
    ("It has cut this number from 900 to 350.",),
    ("The third quarter was better, and one third-party supplier left.",),
    ("The Children Act 2004 applies to people aged 18 to 25, see page 30, section 4 and figure 2.",),
    ("Call 0845 113 5000, or write to PO Box 52.",),
    ("It reviews cases after 14 and 28 days, three times in every 24 hours, on 7 days a week.",),
    ("The programme recruits 20,000 officers nationally, and 1,000 of them should be women.",),
    ("It had almost half of its officers and one in five of its staff on leave.",),
)

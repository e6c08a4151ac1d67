"""Figures stated in prose: every wording with any force, value and direction; the traps; the real reports."""

from datetime import date

import pytest
from conftest import TWO_REPORTS, golden, real_report, sample_report
from family_statements import CASES
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import ALL, DIRECTIONS, SAID, Said
from tables_made import OPENING

from pipelines.extract.statistics import (
    Reading,
    Surroundings,
    Topic,
    read_sentence,
    read_statistics,
    statistics_rows,
)
from pipelines.measures import STATED, measure_rows, named_in
from pipelines.periods import Period
from pipelines.prose import Own, Parsed
from pipelines.reference import load
from pipelines.reports import Report, report_from_bytes
from pipelines.schema import TABLES
from pipelines.structure import outline_of

FORCES = [row for row in load("forces") if row["area_type"] == "police_force_area"]
SURVEY = Surroundings(
    dated={
        words: Period(date(2016, 7, 1), date(2016, 8, 31)) for words in [r"Ipsos MORI|survey of (?:public )?attitudes"]
    }
)
SOME = Own("E23000014", "West Midlands Police")


def read(*sentences: str, own: Own = SOME, surroundings: Surroundings = SURVEY, annex: bool = False) -> list[tuple]:
    """What the sentences state one after the other: measure, area, value, unit, direction, period, compared with."""
    found, topic = [], Topic()
    for sentence in sentences:
        reading: Reading = read_sentence(sentence, own, topic, surroundings, annex)
        topic = reading.topic
        found += [
            (
                statement.measure.measure_id,
                statement.area.code,
                statement.quantity.printed,
                statement.unit,
                statement.quantity.direction if statement.measure.kind == "change" else None,
                days(statement.period),
                days(statement.compared),
            )
            for statement in reading.statements
        ]
    return found


def days(period: Period | None) -> tuple[str | None, str | None]:
    return (period.first.isoformat(), period.last.isoformat()) if period else (None, None)


def check(said: Said, force: dict[str, str], values: dict[str, str], directions: dict[str, bool]) -> None:
    words = {
        f"{slot}_{letter}": pair[0 if directions[letter] else 1]
        for slot, pair in DIRECTIONS.items()
        for letter in directions
    }
    own = Own(force["area_code"], force["name_hmic"])
    sentences = [sentence.format(force=force["printed"], **values, **words) for sentence in said.sentences]
    expected = [
        (
            each.measure_id,
            "K04000001" if each.area == ALL else own.code,
            values[each.slot],
            each.unit,
            ("increase" if directions[each.direction] else "decrease") if each.direction else None,
            each.period,
            each.compared,
        )
        for each in said.expected
    ]
    assert sorted(map(str, read(*sentences, own=own))) == sorted(map(str, expected)), "\n".join(sentences)


VALUES = {"a": "10.8", "b": "3.4", "n": "21", "m": "46", "c": "11", "d": "12", "low": "3.9", "high": "44.4"}


@pytest.mark.parametrize("force", FORCES, ids=lambda force: force["force_id"])
def test_every_wording_with_every_force_and_direction(force: dict[str, str]) -> None:
    # The Home Office's "London, City of" is written in tables only.
    names = [force["name_hmic"], force["name_home_office"]]
    for number, said in enumerate(SAID):
        name = names[number % 2] if "," not in names[1] else names[0]
        up = bool(number // 2 % 2)
        check(said, {**force, "printed": name}, VALUES, {"a": up, "b": not up})


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.name)
def test_every_wording_with_both_directions(said: Said) -> None:
    for up in (True, False):
        check(said, {**FORCES[0], "printed": FORCES[0]["name_hmic"]}, VALUES, {"a": up, "b": up})


percentages = st.one_of(
    st.decimals(0, 100, places=1).map(str), st.integers(0, 100).map(str), st.decimals(0, 100, places=2).map(str)
)
amounts = st.integers(0, 999).map(str)


@settings(max_examples=300, deadline=None)
@given(
    said=st.sampled_from(SAID),
    force=st.sampled_from(FORCES),
    numbers=st.fixed_dictionaries(
        dict.fromkeys(("a", "b", "c", "d"), percentages) | dict.fromkeys(("n", "m"), amounts)
    ),
    span=st.lists(percentages, min_size=2, max_size=2, unique=True),
    directions=st.fixed_dictionaries({"a": st.booleans(), "b": st.booleans()}),
)
def test_every_wording_with_any_values(said, force, numbers, span, directions) -> None:
    low, high = sorted(span, key=float)
    check(said, {**force, "printed": force["name_hmic"]}, {**numbers, "low": low, "high": high}, directions)


# --- traps


def rows_of(text: str) -> list[dict]:
    """Rows of a report made of an opening and this text."""
    report = report_from_bytes((OPENING + text).encode(), "made.txt")
    return rows_and_issues(report)[0]


def rows_and_issues(report: Report) -> tuple[list[dict], list]:
    rows, issues = statistics_rows(report, read_statistics(report, outline_of(report)))
    TABLES["statistics"].to_arrow(rows)
    return rows, issues


def test_percent_on_the_next_line_than_its_number() -> None:
    text = (
        "How effective is the force at protecting those who are vulnerable from harm, and\nsupporting victims?\n"
        "For the 12 months to 30 June\n2016, 17.7\npercent of all recorded crime in Wiltshire was identified as "
        "having a\n"
        "vulnerable victim, which is broadly in line with the England and Wales figure of 14.3\npercent.\n"
    )
    rows = rows_of(text)
    assert [(row["value"], row["area_code"], row["unit"]) for row in rows] == [
        (17.7, "E23000038", "percent"),
        (14.3, "K04000001", "percent"),
    ]
    assert "17.7 percent" in rows[0]["printed"]


def test_a_footnote_mark_behind_a_year_is_no_decimal() -> None:
    said = (
        "Some 407 people were interviewed and 47 percent were very or fairly satisfied with local policing in "
        "their area.",
        "This is a 4 percent decrease on 2015.4",
    )
    assert read(*said)[2] == (
        "survey_satisfaction_local_policing_change",
        SOME.code,
        "4",
        "percent",
        "decrease",
        ("2016-07-01", "2016-08-31"),
        ("2015-01-01", "2015-12-31"),
    )


def test_a_footnote_mark_stuck_to_a_year_is_no_number() -> None:
    said = "As at 1 July 201615, the force was monitoring 18 organised crime groups per one million of the population."
    assert [(row[2], row[5]) for row in read(said)] == [("18", ("2016-07-01", "2016-07-01"))]


def test_forces_counted_have_one_figure_and_the_direction_names_the_measure() -> None:
    said = (
        "In the 12 months to 30 June 2016, the majority of forces (39 out of 43 forces) showed an annual {} in total "
        "police-recorded crime (excluding fraud)."
    )
    for word in ("increase", "decrease"):
        (row,) = read(said.format(word))
        assert row[:4] == (f"forces_with_recorded_crime_{word}", "K04000001", "39", "forces")
        assert row[5] == ("2015-07-01", "2016-06-30")


def test_a_page_end_and_a_footnote_inside_a_sentence() -> None:
    text = (
        "How effective is the force at tackling serious and organised crime?\n"
        "The force makes good use of GAIN \n\n                                            \n"
        "22 The 4P approach is outlined in a strategy of October 2013. \n"
        " and made 125.0 GAIN referrals for every 100 OCGS in the 12 months to 30 June \n2016. This is well above "
        "the rate "
        "of 26.4 for England and Wales as a whole. \n"
    )
    assert [(row["value"], row["area_code"], row["unit"]) for row in rows_of(text)] == [
        (125.0, "E23000038", "per 100 organised crime groups"),
        (26.4, "K04000001", "per 100 organised crime groups"),
    ]


def test_a_table_inside_a_sentence() -> None:
    text = (
        "How effective is the force at preventing crime, tackling anti-social behaviour and keeping people safe?\n"
        "In the 12 months to 31 March 2016, Wiltshire Police recorded 21 incidents of  \n"
        "anti-social behaviour per 1,000 population. In England \n\n"
        "Rates per 1,000 population Wiltshire \nPolice\n\nEngland and \nWales\n\n"
        "Recorded crime (excluding fraud) 66.7 68.2\n\nVictim-based crime 60.3 60.4\n\n"
        "Sexual offences 1.6 1.9\n\nAssault with injury 7.5 7.0\n\nBurglary in a dwelling* 11.0 8.1\n"
        " and Wales as a whole, there were 8 percent fewer incidents per 1,000 population in \n"
        "the 12 months to 31 March 2016, than were recorded during the previous 12 months. \n"
    )
    found = {(row["measure_id"], row["area_code"], row["value"], row["direction"]) for row in rows_of(text)}
    assert found == {
        ("anti_social_behaviour_incidents_rate", "E23000038", 21.0, None),
        ("anti_social_behaviour_incidents_rate_change", "K04000001", 8.0, "decrease"),
    }


def test_pounds_on_another_line_than_per_head() -> None:
    text = (
        "How effective is the force at preventing crime, tackling anti-social behaviour and keeping people safe?\n"
        "The force’s 2015/16 estimate of expenditure on neighbourhood policing is £32 per \nhead population.\n"
    )
    (row,) = rows_of(text)
    assert (row["value"], row["unit"], row["line_end"] - row["line_start"]) == (32.0, "pounds per head", 1)


def test_a_period_is_not_taken_from_a_sentence_on_something_else() -> None:
    said = (
        "West Midlands Police used anti-social behaviour powers 188 times per one million population in the 12 "
        "months to 30 "
        "June 2016.",
        "The force has a low rate of recorded anti-social behaviour incidents (20.6 per 1,000 population) "
        "compared to the "
        "England and Wales rate of 31.0 per 1,000 population.",
    )
    assert [row[5] for row in read(*said)[1:]] == [(None, None), (None, None)]


def test_made_up_is_no_increase() -> None:
    said = "Recorded domestic abuse made up 11 percent of all police-recorded crime in West Midlands."
    assert [row[:5] for row in read(said)] == [("domestic_abuse_share", SOME.code, "11", "percent", None)]


@pytest.mark.parametrize(
    "said",
    [
        "Its rules say that no more than 33 percent of a team may be taken away.",
        "This is calculated by highlighting the top and bottom 25 percent of forces in England and Wales.",
        "The force has trained 80 percent of its staff in domestic abuse.",
        "Some cases went to an outside supplier, which cost £44k.",
        "This team, consisting of six sergeants and 29 constables, deals with missing people.",
        "Ministers gave £143 million to the 43 forces of England and Wales.",
        "In Birmingham, police-recorded crime increased by 5 percent in the 12 months to 30 June 2016 compared "
        "with the "
        "previous 12 months.",
        "The alliance was monitoring 30 OCGs per one million of the population.",
        "Warwickshire Police and West Mercia Police had 27 OCGs per million population.",
        "The domestic abuse arrest rate is 5 percent higher than in England and Wales.",
        "Domestic abuse arrests fell by 10 percent in the 12 months to 30 June 2016.",
        "Calls about domestic abuse increased by 30 percent.",
        "Use of anti-social behaviour powers increased by 20 percent on 2015.",
        "Recorded crime has increased by 4 percent.",
        "Recorded crimes of burglary increased by 12 percent for the year ending 30 June 2016 when compared with the "
        "previous 12 months.",
        "It had reduced its backlog of digital forensic items during 2016, from 520 in January to 380 in October.",
        "The share of people satisfied with local policing rose from 30 percent to 36 percent.",
        "Of 120 people interviewed under caution, 47 percent were charged.",
        "The force’s target is that 85 percent of victims are satisfied with their whole experience.",
        "In a sample of 50 crimes, 20 percent involved a vulnerable victim.",
        "Victim-based crime has not increased by 5 percent.",
    ],
)
def test_numbers_that_are_no_figures_of_the_force(said: str) -> None:
    assert read(said) == []


KENT = Own("E23000032", "Kent Police")
ARRESTS = (
    "In Kent, for every 100 domestic abuse related offences recorded in the 12 months to 30 June 2016, there were 60 "
    "arrests made in the same period."
)
CRIME = (
    "Police-recorded crime (excluding fraud) in Kent increased by 6 percent for the year ending 30 June 2016 when "
    "compared with the previous 12 months."
)
POWERS = (
    "Kent Police used anti-social behaviour powers 188 times per one million population in the 12 months to 30 June "
    "2016."
)
REOFFENDING = (
    "The force has a low re-offending rate among the IOM groups (17 percent), which is lower than the England and "
    "Wales rate of 57 percent."
)
SATISFIED_VICTIMS = "In Kent, 80 percent of victims of crime were satisfied with their whole experience of the police."
VULNERABLE = "In Kent, 29.9 percent of all recorded crime was identified as having a vulnerable victim."
SURVEYED = "Some 407 people were interviewed and 47 percent were very or fairly satisfied with local policing."
RATE = "In the 12 months to 30 June 2016, Kent Police recorded 70 crimes per 1,000 population."
SPENT = "In 2015/16 Kent Police spent £30 per head of population on neighbourhood policing."
OCGS = "As at 1 July 2016, Kent Police was monitoring 40 organised crime groups (OCGs) per one million population."


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (ARRESTS, "The charge rate was 27 percent and conviction rate was 76.2 percent."),
        (
            ARRESTS,
            "The proportion of domestic abuse cases that resulted in a charge was 24 percent, compared with 23 percent "
            "in England and Wales.",
        ),
        (ARRESTS, "The rate of DVPNs was 3.1 per 100 offences."),
        (
            CRIME,
            "Over the same period, violence with injury rose by 20.1 percent in Kent, compared with a rise of 11 "
            "percent across England and Wales.",
        ),
        (CRIME, "This is a rise of 5 percent in burglary."),
        (
            RATE,
            "The rate of sexual offences is 2.5 per 1,000 population, compared with 1.9 for England and Wales.",
        ),
        (POWERS, "Civil injunctions were used 12 times per one million population."),
        (
            POWERS,
            "Criminal behaviour orders were used 30 times per million population, compared with 20 across England and "
            "Wales.",
        ),
        (REOFFENDING, "The rate for young offenders is 22 percent."),
        (
            SATISFIED_VICTIMS,
            "The force assigns this outcome to 22.3 percent of cases compared to the England and Wales proportion of "
            "13.8 percent.",
        ),
        (VULNERABLE, "The force believes that the true figure is 35 percent."),
        (SURVEYED, "This is broadly in line with the 2015 figure of 50 percent."),
    ],
)
def test_a_sentence_with_a_subject_of_its_own_takes_no_measure_from_the_one_before(before: str, said: str) -> None:
    assert read(before, own=KENT)
    assert read(before, said, own=KENT) == read(before, own=KENT)


TWO_CHANGES = (
    "In the 12 months to 30 June 2016, compared with the previous 12 months, police-recorded crime (excluding fraud) "
    "in Kent increased by 10.7 percent and victim-based crime increased by 9.9 percent."
)


def test_two_measures_of_one_sentence_and_of_the_next_respectively() -> None:
    this = "This is compared with increases of 7.8 percent and 8.1 percent respectively across all forces{}."
    found = read(TWO_CHANGES, this.format(" in England and Wales"), own=KENT)
    assert [row[:3] for row in found] == [
        ("recorded_crime_change", KENT.code, "10.7"),
        ("victim_based_crime_change", KENT.code, "9.9"),
        ("recorded_crime_change", "K04000001", "7.8"),
        ("victim_based_crime_change", "K04000001", "8.1"),
    ]
    assert {row[5:] for row in found} == {(("2015-07-01", "2016-06-30"), ("2014-07-01", "2015-06-30"))}
    # Whose they are is not said.
    assert len(read(TWO_CHANGES, this.format(""), own=KENT)) == 2


def test_a_later_clause_on_something_else_takes_no_measure_from_its_sentence() -> None:
    said = VULNERABLE.replace("victim.", "victim and 12 percent of officers were trained.")
    assert [row[2] for row in read(said, own=KENT)] == ["29.9"]


def test_two_subjects_before_one_number_are_left_out() -> None:
    said = (
        "Like victim-based crime, recorded crime rose by 3 percent in the 12 months to 30 June 2016 compared with the "
        "previous 12 months."
    )
    reading = read_sentence(said, KENT)
    assert (reading.statements, len(reading.doubts)) == ((), 1)


@pytest.mark.parametrize(
    ("sentences", "own", "expected"),
    [
        (
            (
                "Data for Kent Police are not available.",
                "For all offences recorded in the 12 months to 30 June 2016, 13.8 percent were recorded as 'Evidential "
                "difficulties; victim does not support police action' in England and Wales.",
            ),
            KENT,
            [("K04000001", "13.8", ("2015-07-01", "2016-06-30"))],
        ),
        (
            (
                "44.4 percent of all recorded crime in Gwent was identified as having a vulnerable victim, which is "
                "the highest in England and Wales, where the overall figure is 14.3 percent.",
            ),
            Own("W15000002", "Gwent Police"),
            [("W15000002", "44.4", (None, None)), ("K04000001", "14.3", (None, None))],
        ),
        (
            ("Four out of 43 forces showed an annual decrease in total police-recorded crime (excluding fraud).",),
            KENT,
            [("K04000001", "4", (None, None))],
        ),
        (
            ("Forty out of 43 forces showed an annual decrease in total police-recorded crime (excluding fraud).",),
            KENT,
            [],
        ),
        (
            ("All but four out of 43 forces showed an annual decrease in total police-recorded crime.",),
            KENT,
            [],
        ),
        (
            (
                "The force’s 2016/17 estimate of expenditure on neighbourhood policing is £28 per head of population, "
                "down from £31 in 2015/16.",
            ),
            KENT,
            [(KENT.code, "28", ("2016-04-01", "2017-03-31"))],
        ),
        (
            (OCGS, "This compares to 46 OCGs per one million across England and Wales."),
            KENT,
            [(KENT.code, "40", ("2016-07-01", "2016-07-01")), ("K04000001", "46", ("2016-07-01", "2016-07-01"))],
        ),
        (
            ("29.9 percent of all recorded crime in London was identified as having a vulnerable victim.",),
            Own("E23000001", "Metropolitan Police Service"),
            [("E23000001", "29.9", (None, None))],
        ),
        (
            ("29.9 percent of all recorded crime in London was identified as having a vulnerable victim.",),
            KENT,
            [],
        ),
        (
            (CRIME.replace("6 percent", "five percent"),),
            KENT,
            [(KENT.code, "5", ("2015-07-01", "2016-06-30"))],
        ),
        ((CRIME.replace("6 percent", "twenty-five percent"),), KENT, []),
        (
            (
                CRIME.replace("increased by 6 percent", "remained the same"),
                "This is compared with an increase of 7.8 percent across all forces in England and Wales.",
            ),
            KENT,
            [("K04000001", "7.8", ("2015-07-01", "2016-06-30"))],
        ),
    ],
)
def test_whose_and_of_which_period(sentences: tuple[str, ...], own: Own, expected: list[tuple]) -> None:
    assert [(row[1], row[2], row[5]) for row in read(*sentences, own=own)] == expected


def test_since_an_earlier_year_is_what_it_is_compared_with() -> None:
    assert read(SPENT, "This is a reduction of 3 percent since 2013/14.", own=KENT)[1] == (
        "neighbourhood_policing_spend_per_head_change",
        KENT.code,
        "3",
        "percent",
        "decrease",
        ("2015-04-01", "2016-03-31"),
        ("2013-04-01", "2014-03-31"),
    )


@pytest.mark.parametrize("run", ["a 5 percent rise in recorded crime of forces ", "domestic abuse 7 percent in Kent "])
def test_a_run_without_a_stop_states_nothing_and_says_so(run: str) -> None:
    for length in (2_000, 1_000_000):
        reading = read_sentence((run * length)[:length], KENT)
        assert (reading.statements, len(reading.doubts)) == ((), 1)
    assert read_sentence("without a number " * 1_000, KENT).doubts == ()


def test_a_long_chain_of_sentences_that_go_on() -> None:
    said = ["It works well."] * 3_000
    assert len(read(*said, "It has 5 percent of all recorded crime with a vulnerable victim.", own=KENT)) == 1


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.name)
def test_needed_words_never_hide_a_measure(said: Said) -> None:
    for sentence in said.sentences:
        for measure in STATED:
            if measure.subject_words.search(sentence.lower()):
                assert measure.may_be_named_in(sentence.lower())
                assert measure.measure_id in named_in(sentence.lower())


def test_offsets_in_the_lowered_sentence_are_those_of_the_sentence() -> None:
    parsed = Parsed("İt found 187 Of The 194 cases.", Own("E23000032", "Kent Police"))  # "İ" is two in lower case
    assert len(parsed.lowered) == len(parsed.text)
    (count,) = [quantity for quantity in parsed.counted if quantity.kind == "counts"]
    assert parsed.text[count.start : count.end] == "187 Of The 194"


def test_a_figure_that_cannot_be_placed_is_an_issue() -> None:
    text = (
        "How effective is the force at tackling serious and organised crime?\n"
        "The alliance was monitoring 30 OCGs per one million of the population.\n"
    )
    rows, issues = rows_and_issues(report_from_bytes((OPENING + text).encode(), "made.txt"))
    assert rows == []
    assert [(issue.check_id, issue.line_start) for issue in issues] == [("statistics-placed", 5)]
    assert "30" in issues[0].message


# --- the registry


def test_every_stated_measure_has_its_sentence() -> None:
    said = {each.measure_id for statement in SAID for each in statement.expected}
    said |= {each.measure_id for case in CASES for each in case.gives if not each.measure_id.endswith("_earlier")}
    elsewhere = {
        "forces_with_recorded_crime_increase",
        "forces_with_recorded_crime_decrease",
        "survey_people_interviewed",
        "survey_satisfaction_local_policing",
        "survey_satisfaction_local_policing_change",
        "survey_seen_uniformed_officer",
        "survey_effective_tackling_anti_social_behaviour",
        "staff_survey_responses",
        "computers_awaiting_examination",
    }
    never_met = {
        "victim_based_crime_rate",
        "survey_seen_uniformed_officer_change",
        "survey_effective_tackling_anti_social_behaviour_change",
        "victim_satisfaction_whole_experience_change",
        "evidential_difficulties_victim_supports",
    }
    ranges = {m for m in said if m.endswith(("_lowest_force", "_highest_force"))}
    assert {measure.measure_id for measure in STATED} == said - ranges | elsewhere | never_met


def test_measures_are_a_dimension() -> None:
    table = TABLES["measures"].to_arrow(measure_rows())
    assert {"outcome_proportion", "domestic_abuse_outcome_rate", "crime_rate", "organised_crime_group_share"} <= set(
        table["measure_id"].to_pylist()
    )


# --- the reports: every row that a person typed, and no other


def typed_rows_of(name: str, own: str) -> list[dict]:
    """Typed rows, areas as the table writes them."""
    areas = {"force": (own, ""), "england_and_wales": ("K04000001", ""), "forces_count": ("K04000001", "")}
    areas |= {"forces_lowest": ("K04000001", "_lowest_force"), "forces_highest": ("K04000001", "_highest_force")}
    return [
        {**row, "area_code": areas[row["area"]][0], "measure_id": row["measure_id"] + areas[row["area"]][1]}
        for row in golden(name, "statistics")
        if row["area"] in areas
    ]


def match(row: dict, typed: dict) -> bool:
    """Whether a row is the one typed: a period may be missing where the typed note says that this is acceptable."""
    if (row["measure_id"], row["area_code"], row["value"]) != (
        typed["measure_id"],
        typed["area_code"],
        float(typed["value"].replace(",", "")),
    ):
        return False
    if (row["unit"], row["direction"] or "", str(row["decimals"])) != (
        typed["unit"],
        typed["direction"],
        typed["decimals"],
    ):
        return False
    for name in ("period_start", "period_end", "compared_with_start", "compared_with_end"):
        found = row[name].isoformat() if row[name] else ""
        if found != typed[name] and not (found == "" and "acceptable" in typed["note"]):
            return False
    return True


def compare(rows: list[dict], typed_rows: list[dict], on_lines: bool) -> tuple[list[str], list[str]]:
    """Typed rows that are missing (without the doubtful), and rows that nobody typed."""
    left, missing = list(rows), []
    for typed in typed_rows:
        found = next(
            (
                row
                for row in left
                if match(row, typed)
                and (
                    not on_lines
                    or (row["line_start"] <= int(typed["line_end"]) and row["line_end"] >= int(typed["line_start"]))
                )
            ),
            None,
        )
        if found is not None:
            left.remove(found)
        elif "doubtful" not in typed["note"]:
            missing.append(f"{typed['line_start']} {typed['measure_id']} {typed['value']}")
    return missing, [f"{row['line_start']} {row['measure_id']} {row['value']}" for row in left]


@pytest.mark.parametrize("name", TWO_REPORTS)
def test_the_real_reports(name: str) -> None:
    report = real_report(name)
    rows, issues = rows_and_issues(report)
    assert compare(rows, typed_rows_of(name, report.area_code), on_lines=True) == ([], [])
    assert issues == []
    for row in rows:
        assert f"{row['value']:,.{row['decimals']}f}" in row["printed"]


@pytest.mark.parametrize("name", TWO_REPORTS)
def test_the_sample_reports_state_the_same(name: str) -> None:
    report = sample_report(name)
    rows, issues = rows_and_issues(report)
    missing, unknown = compare(rows, typed_rows_of(name, report.area_code), on_lines=False)
    # One sample leaves out annex A's second count of forces.
    assert [each for each in missing if not each.startswith("2853 forces_with")] == []
    assert unknown == []
    assert issues == []

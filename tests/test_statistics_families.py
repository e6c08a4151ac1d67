"""Figures in the prose of the reports of 2007, 2015 and from 2021: wordings, traps, counts, intervals, real reports."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from conftest import golden, real_report
from family_statements import CASES, NOTHING, Case, Gives
from hypothesis import given, settings
from hypothesis import strategies as st
from report_texts import made

from pipelines.extract.statistics import Surroundings, Topic, read_sentence, statistics_rows
from pipelines.extraction import extract_report
from pipelines.measures import STATED, measure_rows
from pipelines.prose import Own
from pipelines.reference import load
from pipelines.schema import TABLES
from pipelines.sentences import Sentence

FORCES = [row for row in load("forces") if row["area_type"] == "police_force_area"]
KENT = Own("E23000032", "Kent Police")
ROUND = Surroundings(round_begins="2021")
FAMILY_REPORTS = ("west-midlands-2007-inspection", "west-midlands-2015-effectiveness", "west-midlands-2021-22")


def readings(sentences: Iterable[str], own: Own = KENT, surroundings: Surroundings = ROUND) -> list:
    found, topic = [], Topic()
    for sentence in sentences:
        reading = read_sentence(sentence, own, topic, surroundings)
        topic = reading.topic
        found.append(reading)
    return found


def given_by(sentences: Iterable[str], own: Own = KENT, surroundings: Surroundings = ROUND) -> list[Gives]:
    """What the sentences state one after the other; the area is None for the report's force."""
    return [
        Gives(
            statement.measure.measure_id,
            statement.quantity.printed,
            statement.unit,
            None if statement.area.code == own.code else statement.area.code,
            statement.whole or statement.quantity.of,
            statement.not_exact,
            (statement.period.first.isoformat(), statement.period.last.isoformat())
            if statement.period
            else (None, None),
            statement.quantity.direction if statement.measure.kind == "change" else None,
        )
        for reading in readings(sentences, own, surroundings)
        for statement in reading.statements
    ]


def rows_of(*sentences: str) -> list[dict[str, Any]]:
    """Rows of a report with one sentence a line."""
    report = made("\n".join(sentences))
    placed = [
        Sentence(text, line, line, None, "body", None, None, None, ((0, line),))
        for line, text in enumerate(sentences, start=1)
    ]
    rows, _ = statistics_rows(report, zip(placed, readings(sentences), strict=True))
    TABLES["statistics"].to_arrow(rows)
    return rows


# --- wordings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentences[0][:40])
def test_every_wording_for_many_forces(case: Case) -> None:
    for force in FORCES[::5]:
        own = Own(force["area_code"], force["name_hmic"])
        said = [sentence.replace("{force}", force["name_hmic"]) for sentence in case.sentences]
        assert sorted(map(str, given_by(said, own))) == sorted(map(str, case.gives)), said


@pytest.mark.parametrize("sentences", NOTHING, ids=lambda sentences: sentences[-1][:50])
def test_what_is_no_figure_of_the_force(sentences: tuple[str, ...]) -> None:
    assert given_by(sentences) == []


def test_every_measure_has_its_sentence() -> None:
    from statements import SAID

    said = {each.measure_id for case in CASES for each in case.gives}
    new = {measure.measure_id for measure in STATED if measure.measure_id in said}
    old = {each.measure_id for statement in SAID for each in statement.expected}
    assert said - {f"{measure_id}_earlier" for measure_id in new} == new
    assert not new & old


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentences[0][:40])
def test_needed_words_never_hide_a_measure(case: Case) -> None:
    for sentence in case.sentences:
        form = re.sub(r"\d[\d,.]*\d|\d", "Q", sentence)
        for measure in STATED:
            if measure.subject_words.search(form.lower()):
                assert measure.may_be_named_in(sentence.lower()), measure.measure_id


def test_measures_of_an_earlier_time_are_in_the_dimension() -> None:
    ids = {row["measure_id"] for row in measure_rows()}
    assert {each.measure_id for case in CASES for each in case.gives} <= ids


@settings(max_examples=200, deadline=None)
@given(
    force=st.sampled_from(FORCES),
    share=st.decimals(0, 100, places=1).map(str),
    margin=st.decimals(0, 9, places=1).map(str),
    count=st.integers(0, 500),
    more=st.integers(1, 500),
)
def test_any_values(force: dict[str, str], share: str, margin: str, count: int, more: int) -> None:
    own = Own(force["area_code"], force["name_hmic"])
    accuracy = f"{own.name} records {share} percent of reported crimes (confidence interval of +/- {margin} percent)."
    cases = f"Repeat victims were properly identified in {count} of the {count + more} cases."
    assert given_by([accuracy, cases], own) == [
        Gives("crime_recording_accuracy", share),
        Gives("repeat_victims_identified", str(count), "cases", whole=str(count + more)),
    ]


# --- whose


@pytest.mark.parametrize(
    ("sentence", "areas"),
    [
        ("Nationally, 92.4 percent of violent crimes reported to the police are recorded.", ["K04000001"]),
        ("In England and Wales there were 8.9 firearms offences per 100,000 population.", ["K04000001"]),
        ("Kent Police records 93 percent of reported crimes, compared with 95 percent in Essex.", [None, "E23000028"]),
        ("Both forces record 93 percent of reported crimes.", []),
    ],
)
def test_whose_figure_it_is(sentence: str, areas: list[str | None]) -> None:
    assert [each.area for each in given_by([sentence])] == areas


def test_in_a_section_on_all_forces_a_number_is_nobodys() -> None:
    said = ["In addition, 93 percent of violent crimes reported to the police are recorded."]
    assert len(given_by(said)) == 1
    assert given_by(said, surroundings=Surroundings(heading="National contextual factors")) == []


def test_a_part_of_the_area_is_said_to_be_left_out() -> None:
    (reading,) = readings(["The Special Constabulary has 12 officers in Dover."])
    assert len(reading.doubts) == 1


# --- when


@pytest.mark.parametrize(
    ("words", "suffix"),
    [
        ("In our 2018 inspection we found that", "_earlier"),
        ("In our previous inspection, we found that", "_earlier"),
        ("At the time of our last report,", "_earlier"),
        ("In our 2021/22 inspection we found that", ""),
        ("Since our 2018 inspection the force has improved:", ""),
        ("In this inspection we found that", ""),
    ],
)
def test_a_figure_of_an_earlier_inspection_is_another_measure(words: str, suffix: str) -> None:
    (found,) = given_by([f"{words} 81 percent of reported sexual offences are recorded."])
    assert (found.measure_id, found.period) == (f"sexual_offences_recording_accuracy{suffix}", (None, None))


def test_the_end_of_a_month_is_a_day() -> None:
    (row,) = rows_of("The force had its full complement of 391 PCSOs by the end of February 2008.")
    assert (row["period_start"], row["period_end"]) == (date(2008, 2, 29), date(2008, 2, 29))


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("Between 1 April 2021 and 31 March 2022,", ("2021-04-01", "2022-03-31")),
        ("From January 2021 to June 2021", ("2021-01-01", "2021-06-30")),
        ("In the year ending 31 March 2022,", ("2021-04-01", "2022-03-31")),
        ("In 2021", ("2021-01-01", "2021-12-31")),
    ],
)
def test_periods(words: str, period: tuple[str | None, str | None]) -> None:
    (found,) = given_by([f"{words} the force answered 71 percent of 999 calls within 10 seconds."])
    assert found.period == period


def test_a_result_beside_a_target_is_a_result() -> None:
    sentence = "The force answered 88 percent of 999 calls within 10 seconds, below the national target of 90 percent."
    (row,) = rows_of(sentence)
    assert (row["measure_id"], row["value"]) == ("emergency_calls_answered_in_time", 88)


# --- counts, fractions, words, intervals


def test_a_count_out_of_others_keeps_both_numbers() -> None:
    (row,) = rows_of("Repeat victims were identified in 68 of the 80 cases.")
    assert (row["value"], row["numerator"], row["denominator"], row["unit"]) == (68.0, 68, 80, "cases")
    assert row["value_status"] == "published"


def test_a_count_in_words_is_derived_and_a_fraction_has_no_value() -> None:
    counted, fraction = rows_of(
        "Repeat victims were identified in six of the ten cases.",
        "The force answers 101 calls slowly, and two thirds of calls are abandoned.",
    )
    assert (counted["value"], counted["numerator"], counted["denominator"]) == (6.0, 6, 10)
    assert counted["value_status"] == "derived"
    assert (fraction["value"], fraction["decimals"], fraction["value_status"]) == (None, None, "not_printed")
    assert (fraction["numerator"], fraction["denominator"], fraction["unit"]) == (2, 3, "percent")


def test_a_count_says_out_of_how_many_or_is_left_out() -> None:
    (reading,) = readings(["Staff use THRIVE well in 9 cases."])
    assert (reading.statements, len(reading.doubts)) == ((), 1)


def test_a_sample_is_forgotten_after_some_sentences() -> None:
    sample = "We audited 40 incidents of anti-social behaviour."
    counted = "Of these, 13 should have been recorded as crimes."
    other = "Supervisors read them."
    assert len(given_by([sample, other, counted])) == 1
    assert given_by([sample, *[other] * 6, counted]) == []


@pytest.mark.parametrize(
    ("words", "interval"),
    [
        ("(with a confidence interval of +/- 1.9 percent)", (91.0, 94.8, 1.9)),
        ("(confidence interval of plus or minus 2 percentage points)", (90.9, 94.9, 2.0)),
        ("(± 1.25 percent)", (91.65, 94.15, 1.25)),
        ("(95 percent confidence interval: 90.1 to 95.7 percent)", (90.1, 95.7, None)),
        ("(with a confidence interval from 90.1 percent to 95.7 percent)", (90.1, 95.7, None)),
        ("", (None, None, None)),
    ],
)
def test_intervals(words: str, interval: tuple[float | None, float | None, float | None]) -> None:
    (row,) = rows_of(f"The force records 92.9 percent of reported crimes {words}.")
    assert row["value"] == 92.9
    assert (row["interval_lower"], row["interval_upper"], row["interval_margin"]) == interval


def test_an_interval_belongs_to_the_number_before_it() -> None:
    one, other = rows_of(
        "Kent Police records 92 percent of reported crimes (confidence interval of +/- 1.5 percent), compared with "
        "90.3 percent in England and Wales (confidence interval of +/- 0.4 percent)."
    )
    assert [(row["value"], row["interval_margin"]) for row in (one, other)] == [(92.0, 1.5), (90.3, 0.4)]


def test_more_than_is_inexact_or_a_comparison() -> None:
    first, second, third = rows_of(
        "Kent Police recorded more than 4,200 missing people.",
        "Kent Police had 18 organised crime groups per million population, which is more than 12 in England and Wales.",
    )
    assert [row["not_exact"] for row in (first, second, third)] == ["more_than", None, None]


@pytest.mark.parametrize("run", ["3 of 4 cases ", "one third of ", "+/- ", "we reviewed 90 cases ", "Q of the 7 "])
def test_hostile_sentences_are_read_in_linear_time(run: str) -> None:
    for length in (1_400, 1_000_000):
        readings([(run * length)[:length]])


# --- the real reports: every row that a person typed, and no other


def typed(name: str, own: str) -> list[dict[str, str]]:
    return [
        {**row, "area_code": {"force": own, "england_and_wales": "K04000001"}[row["area"]]}
        for row in golden(name, "statistics")
    ]


def text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


SAME = ("measure_id", "area_code", "unit", "direction", "decimals", "not_exact")
SAME += ("numerator", "denominator", "interval_margin")


def is_typed(row: dict[str, Any], line: dict[str, str]) -> bool:
    """Whether a row is the one typed, on its lines; no period at all is right where the note says so."""
    if any(text(row[name]) != line[name] for name in SAME):
        return False
    if row["value"] != (float(line["value"]) if line["value"] else None):
        return False
    if not (row["line_start"] <= int(line["line_end"]) and row["line_end"] >= int(line["line_start"])):
        return False
    periods = tuple(text(row[name]) for name in ("period_start", "period_end"))
    return periods == (line["period_start"], line["period_end"]) or (
        periods == ("", "") and "acceptable" in line["note"]
    )


@pytest.mark.parametrize("name", FAMILY_REPORTS)
def test_the_real_reports(name: str) -> None:
    report = real_report(name)
    extraction = extract_report(report)
    left, missing = list(extraction.rows["statistics"]), []
    for line in typed(name, report.area_code):
        found = next((row for row in left if is_typed(row, line)), None)
        if found is not None:
            left.remove(found)
        elif "doubtful" not in line["note"]:
            missing.append(f"{line['line_start']} {line['measure_id']} {line['value']}")
    assert missing == []
    assert [f"{row['line_start']} {row['measure_id']} {row['value']}" for row in left] == []
    assert [issue.message for issue in extraction.issues if issue.table_name == "statistics"] == []


@pytest.mark.parametrize("name", FAMILY_REPORTS)
def test_a_published_number_stands_on_its_lines(name: str) -> None:
    for row in extract_report(real_report(name)).rows["statistics"]:
        if row["value_status"] == "published":
            number = f"{row['value']:,.{row['decimals']}f}"
            assert number in row["printed"], row

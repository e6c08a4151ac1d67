"""Comparisons with other forces: what is one, what it speaks of, and the real reports."""

import pytest
from conftest import TWO_REPORTS, golden, real_report

from pipelines.extract.band_statements import band_statement_rows, band_statements
from pipelines.extract.statistics import Reading, Surroundings, Topic, read_sentence, read_statistics
from pipelines.prose import Own
from pipelines.reference import load
from pipelines.schema import TABLES
from pipelines.structure import outline_of
from pipelines.vocabulary import letters, printed_tables

FORCES = [row for row in load("forces") if row["area_type"] == "police_force_area"]
SOME = Own("E23000038", "Wiltshire Police")


def bands(*sentences: str, own: Own = SOME) -> list[tuple]:
    """What the last sentence compares: band, measure, table, outcome, quartile statement."""
    before, topic = Reading(), Topic()
    for sentence in sentences[:-1]:
        before = read_sentence(sentence, own, topic, Surroundings())
        topic = before.topic
    reading = read_sentence(sentences[-1], own, topic, Surroundings())
    return [
        (band, spoken.measure_id, spoken.table_name, spoken.outcome_id, spoken.is_quartile_statement)
        for band, _, spoken in band_statements(sentences[-1], own, reading, before, "peel-2016")
    ]


@pytest.mark.parametrize("force", FORCES, ids=lambda force: force["force_id"])
@pytest.mark.parametrize("band", ["highest", "lowest"])
def test_quartile_statements_of_any_force(force: dict[str, str], band: str) -> None:
    own = Own(force["area_code"], force["name_hmic"])
    said = (
        f"In the 12 months to 30 June 2016, {own.name}'s use of 'investigation complete – no suspect identified' "
        f"was among "
        f"the {band} in England and Wales."
    )
    assert bands(said, own=own) == [(band, "outcome_proportion", "outcome_proportions", "no_suspect_identified", True)]


@pytest.mark.parametrize("table_name", ["outcome_proportions", "domestic_abuse_outcomes"])
def test_every_label_is_found_by_its_letters(table_name: str) -> None:
    table = next(table for table in printed_tables("peel-2016") if table.table_name == table_name)
    labels = [row.label for row in table.rows]
    words = " in cases with identified domestic abuse" if table_name == "domestic_abuse_outcomes" else ""
    for row in table.rows:
        if labels.count(row.label) > 1:
            continue
        said = f"Wiltshire Police's use of ‘{row.label.lower()}’ was among the lowest in England and Wales{words}."
        assert [each[2:4] for each in bands(said)] == [(table_name, row.row_id)], row.label


def test_two_outcomes_of_one_sentence_are_two_rows() -> None:
    said = (
        "In the 12 months to 30 June 2016, Wiltshire Police's use of 'charged/summonsed' and 'community "
        "resolution' was "
        "among the highest in England and Wales."
    )
    assert [each[3] for each in bands(said)] == ["charged_summonsed", "community_resolution"]


def test_its_use_goes_on_with_domestic_abuse() -> None:
    said = (
        "For cases with identified domestic abuse, Wiltshire Police's use of 'caution – adults' was among the "
        "highest in "
        "England and Wales.",
        "Its use of 'caution – youths' in such cases was among the lowest in England and Wales.",
    )
    assert bands(*said) == [
        ("lowest", "domestic_abuse_outcome_rate", "domestic_abuse_outcomes", "caution_youths", True)
    ]


def test_all_outcomes() -> None:
    said = (
        "In the 12 months to 30 June 2016, Wiltshire Police's use of outcomes{} was in line with those in England and "
        "Wales as a whole."
    )
    assert bands(said.format("")) == [("in_line", "outcome_proportion", "outcome_proportions", None, True)]
    assert bands(said.format(" for domestic abuse flagged offences")) == [
        ("in_line", "domestic_abuse_outcome_rate", "domestic_abuse_outcomes", None, True)
    ]


@pytest.mark.parametrize(
    ("words", "band"),
    [
        ("broadly in line with", "in_line"),
        ("above", "above"),
        ("well above", "above"),
        ("higher than", "above"),
        ("below", "below"),
        ("slightly lower than", "below"),
        ("less than", "below"),
    ],
)
def test_beside_a_number(words: str, band: str) -> None:
    said = (
        "For the 12 months to 30 June 2016, 29.9 percent of all recorded crime in Wiltshire was identified as having a "
        f"vulnerable victim, which is {words} the England and Wales figure of 14.3 percent."
    )
    assert bands(said) == [(band, "vulnerable_victim_share", "statistics", None, False)]


def test_this_speaks_of_the_sentence_before() -> None:
    said = (
        "Wiltshire Police used anti-social behaviour powers 188 times per one million population in the 12 months "
        "to 30 "
        "June 2016.",
        "That is lower than in many other forces, but it is among the highest users of civil injunctions.",
    )
    assert [each[:2] for each in bands(*said)] == [
        ("below", "anti_social_behaviour_powers_use_rate"),
        ("highest", "civil_injunctions_use"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Mapping and re-scoring of organised crime groups is conducted in line with national guidance.",
        "The force should map all organised crime groups in line with national standards.",
        "As Wiltshire Police is one of the largest forces in England and Wales, its organised crime groups are many.",
        "In England and Wales as a whole, there were 8 percent fewer incidents of anti-social behaviour per 1,000 "
        "population "
        "in the 12 months to 31 March 2016, than were recorded during the previous 12 months.",
        "The force records more incidents as linked to domestic abuse when compared with last year.",
        "In these areas locally-based community resolutions are likely to be more prevalent than elsewhere.",
        "The force is more successful than many other forces.",
        "It has identified which threats represent the highest risk to communities.",
    ],
)
def test_no_comparison_of_the_force_with_others(said: str) -> None:
    assert bands(said) == []


USE = "Wiltshire Police's use of '{}' was {} in England and Wales{}."


@pytest.mark.parametrize(
    ("label", "words", "expected"),
    [
        ("cautions – adults", "", ("outcome_proportions", "caution_adults")),
        ("community resolutions", "", ("outcome_proportions", "community_resolution")),
        ("charge/summons", "", ("outcome_proportions", "charged_summonsed")),
        (
            "evidential difficulties (victim supports police action): suspect identified",
            "",
            ("outcome_proportions", "evidential_suspect_identified_victim_supports"),
        ),
        (
            "evidential difficulties: suspect identified; victim does not support further action",
            "",
            ("outcome_proportions", "evidential_suspect_identified_victim_does_not_support"),
        ),
        (
            "evidential difficulties: suspect not identified; victim does not support further action",
            "",
            ("outcome_proportions", "evidential_suspect_not_identified"),
        ),
        (
            "evidential difficulties; victim supports police action",
            " in cases with identified domestic abuse",
            ("domestic_abuse_outcomes", "evidential_victim_supports"),
        ),
    ],
)
def test_labels_as_prose_writes_them(label: str, words: str, expected: tuple[str, str]) -> None:
    (found,) = bands(USE.format(label, "among the highest", words))
    assert (found[2:4], found[4]) == (expected, True)


def test_an_outcome_that_the_table_of_domestic_abuse_has_not() -> None:
    said = USE.format("taken into consideration", "among the highest", " in cases with identified domestic abuse")
    assert bands(said) == []


@pytest.mark.parametrize("words", ["not among the highest", "no longer among the lowest", "not in line with forces"])
def test_a_negation_is_no_comparison(words: str) -> None:
    assert bands(USE.format("community resolution", words, "")) == []


def test_this_of_another_force_is_none_of_the_force() -> None:
    used = "used anti-social behaviour powers 188 times per one million population in the 12 months to 30 June 2016."
    assert bands(f"Neighbouring Sussex Police {used}", "This is higher than in many other forces.") == []
    assert len(bands(f"Wiltshire Police {used}", "This is higher than in many other forces.")) == 1


def test_more_work_to_do_does_not_turn_lower_into_above() -> None:
    said = (
        "The force still has more work to do to understand why positive outcomes for domestic abuse "
        "investigations are lower "
        "than elsewhere in England and Wales."
    )
    assert bands(said) == [("below", "domestic_abuse_positive_outcomes", "domestic_abuse_outcomes", None, False)]


@pytest.mark.parametrize("name", TWO_REPORTS)
def test_the_real_reports(name: str) -> None:
    report = real_report(name)
    rows = band_statement_rows(report, read_statistics(report, outline_of(report)))
    TABLES["band_statements"].to_arrow(rows)
    outcomes = {
        (table.table_name, letters(row.label)): row.row_id
        for table in printed_tables("peel-2016")
        for row in table.rows
    }
    left, missing = list(rows), []
    for typed in golden(name, "band_statements"):
        outcome_id = outcomes.get((typed["table_name"], letters(typed["outcome_label"])))
        found = next(
            (
                row
                for row in left
                if row["band"] == typed["band"]
                and row["is_quartile_statement"] == (typed["is_quartile_statement"] == "true")
                and (row["table_name"] or "") == typed["table_name"]
                and row["outcome_id"] == outcome_id
                and (not typed["measure_id"] or row["measure_id"] == typed["measure_id"])
                and row["line_start"] <= int(typed["line_end"])
                and row["line_end"] >= int(typed["line_start"])
            ),
            None,
        )
        if found is not None:
            left.remove(found)
        elif "doubtful" not in typed["note"]:
            missing.append((typed["line_start"], typed["measure_id"], typed["band"]))
    assert missing == []
    assert left == []

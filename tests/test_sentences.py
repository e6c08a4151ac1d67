"""Footnote marks, line ends and sentence ends, one trap a test."""

import pytest

from pipelines.sentences import Context, Piece, footnote_marks, sentences, without_footnote_marks

HERE = Context("1", "body", "A heading")


def mended(*lines: str, gap: tuple[int, ...] = ()) -> list[str]:
    pieces = [Piece(number, line, number in gap) for number, line in enumerate(lines, start=1)]
    return [sentence.text for sentence in sentences(pieces, HERE, 84)]


@pytest.mark.parametrize(
    ("printed", "text", "marks"),
    [
        ("a 15 percent decrease on 2015.4", "a 15 percent decrease on 2015.", [4]),
        ("there were evidential difficulties,9 which", "there were evidential difficulties, which", [9]),
        ("of interest to the public:1", "of interest to the public:", [1]),
        ("percent of all police32", "percent of all police", [32]),
        ("complete a DASH17 form", "complete a DASH form", [17]),
        ("stalking (DASH)18 assessments", "stalking (DASH) assessments", [18]),
        ("the ‘4P’23 model", "the ‘4P’ model", [23]),
        ("the 4P22 approach", "the 4P approach", [22]),
        ("partnerships (CSP).5 Other", "partnerships (CSP). Other", [5]),
        ("the 12 months to 30 June 201615", "the 12 months to 30 June 2016", [15]),
        ("by outcome type6,7", "by outcome type", [6, 7]),
        ("(20.6 per 1,000 population)", "(20.6 per 1,000 population)", []),
        ("2,693 out of 4,025 in 2015/16", "2,693 out of 4,025 in 2015/16", []),
        ("a team called ‘i24’ in SO15", "a team called ‘i24’ in SO15", []),
        ("made 125.0 referrals, 79 cases", "made 125.0 referrals, 79 cases", []),
        ("Sections 5-7 of the Act 1998", "Sections 5-7 of the Act 1998", []),
    ],
)
def test_footnote_marks_are_taken_out_and_numbers_are_left(printed: str, text: str, marks: list[int]) -> None:
    assert without_footnote_marks(printed) == text
    assert footnote_marks(printed) == marks


def test_a_mark_that_stands_alone_is_taken_out_only_where_a_footnote_wants_it() -> None:
    assert without_footnote_marks("families’ programme. 24 We were told", {24}) == "families’ programme. We were told"
    assert without_footnote_marks("The Troubled Families 23 programme", {23}) == "The Troubled Families programme"
    assert without_footnote_marks("The force has 23 kiosks", {24}) == "The force has 23 kiosks"


def test_a_hyphen_at_a_line_end_is_kept_and_takes_no_blank() -> None:
    assert mended("a decrease in anti-", "social behaviour.") == ["a decrease in anti-social behaviour."]


def test_a_dash_at_a_line_end_keeps_its_blank() -> None:
    assert mended("of 'caution –", "youths' was low.") == ["of 'caution – youths' was low."]


def test_decimals_and_abbreviations_end_no_sentence() -> None:
    text = "Crimes (e.g. possession of drugs) rose by 10.8 percent. It is 1.4 compared with 1.3."
    assert mended(text) == ["Crimes (e.g. possession of drugs) rose by 10.8 percent.", "It is 1.4 compared with 1.3."]


def test_annex_a_ends_a_sentence_but_an_initial_does_not() -> None:
    assert mended("See annex A. The force J. Smith leads.") == ["See annex A.", "The force J. Smith leads."]


def test_a_sentence_may_begin_with_a_number() -> None:
    assert mended("It ended in June 2016. 36 percent were satisfied.") == [
        "It ended in June 2016.",
        "36 percent were satisfied.",
    ]


def test_a_lost_full_stop_in_a_line_ends_a_sentence() -> None:
    assert mended("It uses the PNC It is in line.") == ["It uses the PNC", "It is in line."]
    assert mended("aware of slavery and In the 12 months it rose.") == [
        "aware of slavery and In the 12 months it rose."
    ]


def test_a_lost_full_stop_at_a_line_end_ends_a_sentence() -> None:
    assert mended("of the England and Wales rate", "The arrest rate is low.") == [
        "of the England and Wales rate",
        "The arrest rate is low.",
    ]
    assert mended("Managers provided support", "The force is ready.", gap=(2,)) == [
        "Managers provided support",
        "The force is ready.",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("there were 8 percent fewer incidents in England", "and Wales."),
        ("As mentioned by the force in the", "West Midlands."),
        ("It was so in Derbyshire Constabulary and Suffolk", "Constabulary."),
        ("compared with the 12 months to 30", "June 2016."),
    ],
)
def test_a_line_end_alone_ends_no_sentence(lines: tuple[str, str]) -> None:
    assert mended(*lines) == [" ".join(lines)]
    assert mended(*lines, gap=(2,)) == [" ".join(lines)]


def test_items_of_a_list_are_sentences_of_their_own() -> None:
    assert mended("It should ensure that:", "staff know the rules; and", "they use them.", gap=(2, 3)) == [
        "It should ensure that:",
        "staff know the rules; and",
        "they use them.",
    ]


def test_a_sentence_knows_on_which_line_each_of_its_words_stands() -> None:
    pieces = [Piece(7, "One ends. Some 49"), Piece(9, "percent were satis-"), Piece(12, "fied in 2016.")]
    first, second = sentences(pieces, HERE, 84)
    assert (first.text, first.line_start, first.line_end) == ("One ends.", 7, 7)
    assert (second.text, second.line_start, second.line_end) == ("Some 49 percent were satis-fied in 2016.", 7, 12)
    start = second.text.index("49")
    assert second.lines(start, start + 2) == (7, 7)
    assert second.lines(start, start + len("49 percent")) == (7, 9)
    assert second.lines(second.text.index("2016"), len(second.text)) == (12, 12)
    assert second.lines(second.text.index("satis"), second.text.index("fied") + 4) == (9, 12)

"""The outline: against what a person read in the real reports, and one small fixture for each trap."""

import time
from collections import Counter

import pytest

from pipelines.extraction import extract_report
from pipelines.reports import Report
from pipelines.structure import Outline, outline_of
from tests.report_texts import CHARACTERS, NAMES, VARIATIONS, golden, made, real, sample, with_lines

EXACT = (
    "core_question",
    "figure_caption",
    "footnote_block",
    "page_number",
    "box_title",
    "grade",
    "source_note",
    "annex_heading",
    "table_block",
    "link_list",
)


def spans(outline: Outline, *kinds: str) -> list[tuple[int, int]]:
    return sorted((part.line_start, part.line_end) for part in outline.of_kind(*kinds))


def texts(outline: Outline, *kinds: str) -> list[str]:
    return [part.text for part in outline.of_kind(*kinds)]


def typed(name: str, *kinds: str) -> list[tuple[int, int]]:
    rows = golden(name, "outline")
    return sorted((int(row["line_start"]), int(row["line_end"])) for row in rows if row["kind"] in kinds)


@pytest.mark.parametrize("name", NAMES)
def test_real_reports_are_outlined_as_a_person_read_them(name: str) -> None:
    outline = outline_of(real(name))
    for kind in EXACT:
        assert spans(outline, kind) == typed(name, kind), kind
    assert spans(outline, "section", "sub_heading") == typed(name, "section", "sub_heading")


@pytest.mark.parametrize("name", NAMES)
def test_sections_and_sub_headings_are_told_apart(name: str) -> None:
    # One heading of one report stands at a page start, where nothing tells its level.
    outline = outline_of(real(name))
    assert len(set(spans(outline, "section")) ^ set(typed(name, "section"))) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_most_page_starts_are_marked(name: str) -> None:
    expected = {
        row["line_start"] for row in golden(name, "outline") if row["kind"] == "page_start" and row["text"] != "(blank)"
    }
    found = {str(start) for start, _ in spans(outline_of(real(name)), "page_start")}
    assert len(found & expected) >= 0.85 * len(expected)
    assert len(found - expected) <= 0.1 * len(expected)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("source", [real, sample])
def test_other_blank_lines_change_nothing(name: str, variation: str, source) -> None:
    report = source(name)
    plain, varied = outline_of(report), outline_of(with_lines(report, VARIATIONS[variation](list(report.lines))))
    for kind in (*EXACT, "section", "sub_heading"):
        assert texts(varied, kind) == texts(plain, kind), kind
    assert [sentence.text for sentence in varied.sentences] == [sentence.text for sentence in plain.sentences]
    assert [box.items and [item.text for item in box.items] for box in varied.boxes] == [
        box.items and [item.text for item in box.items] for box in plain.boxes
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("source", [real, sample])
def test_every_sentence_stands_on_its_lines(name: str, source) -> None:
    report = source(name)
    for sentence in outline_of(report).sentences:
        printed = "".join(report.printed(sentence.line_start, sentence.line_end).split())
        words = [word for word in sentence.text.split() if word.isalpha()]
        assert all(word in printed for word in words), sentence


@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_the_samples_is_lost_or_told_twice(name: str) -> None:
    report = sample(name)
    outline = outline_of(report)
    furniture = {
        line
        for part in outline.parts
        if part.kind not in ("page_start", "page_number")
        for line in range(part.line_start, part.line_end + 1)
    }
    told = Counter(line for sentence in outline.sentences for _, line in sentence.offsets)
    prose = {number for number, line in enumerate(report.lines, 1) if sum(map(str.isalpha, line)) > 1} - furniture
    assert prose - told.keys() == set()


def test_a_force_of_another_name_is_outlined_the_same() -> None:
    report = sample("west-midlands-2016-effectiveness")
    renamed = with_lines(report, [line.replace("West Midlands", "Dyfed-Powys") for line in report.lines])
    assert Counter(part.kind for part in outline_of(renamed).parts) == Counter(
        part.kind for part in outline_of(report).parts
    )


# --- one small fixture for each trap ----------------------------------------------------------------------


PROSE = "The force assesses calls from members of the public using a structured process here."


def outline(text: str) -> Outline:
    return outline_of(made(text))


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in outline(text).sentences]


def test_a_heading_is_told_from_a_short_last_line_of_a_paragraph() -> None:
    text = f"{PROSE}\nControl room response\n{PROSE}\nIt supports investigative work in all of\nBirmingham\n{PROSE}"
    assert texts(outline(text), "sub_heading") == ["Control room response"]


def test_a_question_in_prose_is_no_heading() -> None:
    text = (
        f"{PROSE}\nHow does this help? It gives victims the confidence that they need to come forward again.\n{PROSE}"
    )
    assert texts(outline(text), "section", "sub_heading") == []


def test_a_page_number_is_told_from_the_number_of_a_footnote() -> None:
    text = (
        f"The force works with community safety partnerships.1 {PROSE}\n\n17\n\nand this goes on with more words.\n"
        f"{PROSE}\n1\n\nCSPs were set up as statutory bodies under the Crime and Disorder Act.\n {PROSE}"
    )
    found = outline(text)
    assert texts(found, "page_number") == ["17"]
    assert [(note.number, note.spans) for note in found.footnotes] == [(1, ((7, 9),))]


def test_a_page_number_stuck_to_a_word_is_left_out_and_the_sentence_goes_on() -> None:
    text = f"{PROSE}\nIt accounted for 11 percent of all police32\n\nrecorded crime in the area.\n{PROSE}"
    found = outline(text)
    assert texts(found, "page_number") == ["32"]
    assert "It accounted for 11 percent of all police recorded crime in the area." in sentences(text)


def test_a_footnote_in_mid_sentence_does_not_cut_it() -> None:
    text = (
        "The group checks compliance with the code of practice1 and reports to the\n"
        + " " * 44
        + "\n1 All police forces have a duty to comply.\n chief constable every month."
    )
    assert sentences(text) == [
        "The group checks compliance with the code of practice and reports to the chief constable every month.",
        "All police forces have a duty to comply.",
    ]


def test_a_footnote_that_goes_on_at_the_foot_of_the_next_page_is_one_text() -> None:
    text = (
        "Officers complete a DASH1 form and use orders (DVPOs)2 in the\n"
        "1\n\nDASH is a model adopted in 2009. The aim of it\n"
        " presence of the victim as often as they can do so here, based on the THRIVE\n\nis to help staff.\n2\n\n"
        "A DVPO lasts up to 28 days.\n process for all of them."
    )
    found = outline(text)
    assert [sentence.text for sentence in found.sentences if sentence.footnote == 1] == [
        "DASH is a model adopted in 2009.",
        "The aim of it is to help staff.",
    ]
    assert "presence of the victim" in sentences(text)[0]


def test_a_caption_cut_by_its_footnote_mark_is_whole_and_its_note_knows_the_figure() -> None:
    text = (
        "Figure 6: Percentage of police-recorded crime with a vulnerable victim identified, by force, for\n1\n"
        "the 12 months to 30 June 2016\n\nSource: Home Office data\n\n1\n\nEssex was unable to provide data.\n " + PROSE
    )
    found = outline(text)
    assert spans(found, "figure_caption") == [(1, 3)]
    assert [(note.number, note.figure) for note in found.footnotes] == [(1, 6)]


def test_a_table_in_mid_sentence_does_not_cut_it() -> None:
    text = (
        "This is 11 percent fewer incidents than during the previous 12 months. In England \n\n"
        "Rates per 1,000 population Kent \nPolice\n\nEngland and \nWales\n\nVictim-based crime 60.3 60.4\n\n"
        "Sexual offences 1.6 1.9\n and Wales as a whole there were 8 percent fewer."
    )
    assert spans(outline(text), "table_block") == [(3, 11)]
    assert sentences(text)[1] == "In England and Wales as a whole there were 8 percent fewer."


def test_prose_above_a_table_that_ends_in_a_short_line_stays_prose() -> None:
    text = (
        "The force recorded more crime over the same time than\nEngland\n\n"
        "Sexual offences 1.6 1.9\nAssault 7.5 7.0\n and Wales."
    )
    assert sentences(text) == ["The force recorded more crime over the same time than England and Wales."]


def test_addresses_are_no_sentences() -> None:
    text = f"{PROSE}\nhttp://www.gov.uk/a/b\nhttp://www.gov.uk/a/b\n {PROSE}"
    assert spans(outline(text), "link_list") == [(2, 3)]
    assert sentences(text) == [PROSE, PROSE]


def test_a_progress_box_does_not_cut_the_sentence_around_it() -> None:
    text = (
        f"{PROSE} This means that \n\nHas the force improved since HMIC’s 2015 vulnerability inspection?\n\n"
        "In 2015 the force was judged as requiring improvement.\n forces can identify vulnerable people early."
    )
    assert sentences(text)[1:] == [
        "This means that forces can identify vulnerable people early.",
        "In 2015 the force was judged as requiring improvement.",
    ]
    places = {sentence.text[:4]: sentence.place for sentence in outline(text).sentences}
    assert places == {"The ": "body", "This": "body", "In 2": "box"}


def test_annex_headings_refer_to_each_other() -> None:
    text = (
        f"{PROSE}\n Annex A – About the data\n{PROSE}\nDomestic abuse\n{PROSE}\nFigures throughout the report\n"
        "Figure 7: Domestic abuse arrest rate (per 100 domestic abuse crimes), by\n"
        "force, for the 12 months to 30 June 2016\n"
        "Please see ‘Domestic abuse’ above.\nEssex was unable to provide data."
    )
    found = outline(text)
    assert [
        (section.title[:14], section.figure, section.line_start, section.line_end, section.refers_to)
        for section in found.annex_sections
    ] == [
        ("Annex A – Abou", None, 2, 3, ()),
        ("Domestic abuse", None, 4, 5, ()),
        ("Figures throug", None, 6, 6, ()),
        ("Figure 7: Dome", 7, 7, 10, ("Domestic abuse",)),
    ]
    last = found.sentences[-1]
    assert (last.text, last.place, last.figure) == ("Essex was unable to provide data.", "annex", 7)


def test_a_report_without_annex_questions_or_prose_has_an_empty_outline() -> None:
    for text in ("", "\n\n", "12", "• ", "Summary of findings"):
        assert outline_of(made(text)).sentences == ()


def test_parts_of_a_report_know_their_question() -> None:
    report: Report = sample(NAMES[0])
    found = outline_of(report)
    assert [part.question_no for part in found.of_kind("core_question")] == ["1", "2", "3", "4", "5"]
    assert [part.question_no for part in found.of_kind("summary_question")] == ["1", "2", "3", "4", "5"]
    assert [box.question_no for box in found.boxes if box.kind == "summary_of_findings"] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("characters", CHARACTERS)
def test_odd_characters_change_no_value(name: str, characters: str) -> None:
    report = sample(name)
    odd = with_lines(report, [CHARACTERS[characters](line) for line in report.lines])
    plain, varied = extract_report(report).rows, extract_report(odd).rows
    for table in ("statistics", "band_statements", "findings", "judgments", "annex_rules"):
        assert [{**row, "printed": None} for row in varied[table]] == [{**row, "printed": None} for row in plain[table]]


def test_digits_and_the_blanks_between_them_stay() -> None:
    assert sentences("The force recorded 1\u202f000 victim\u00adbased crimes.") == [
        "The force recorded 1 000 victim-based crimes."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([PROSE, "Areas for improvement"] * 10_000),
        f"Annex A – About\n{PROSE}\n" + f"Figure 1: Proportion of crimes\n{PROSE}\n" * 10_000,
        "Figure 1: Proportion of crimes\n* Note that this is a note which is closed.\n" * 10_000,
        "Source:" + " " * 300_000 + "\n1.5" + " " * 300_000 + "x1",
    ],
    ids=["boxes", "annex", "notes", "blanks"],
)
def test_long_texts_take_no_more_than_their_share_of_time(text: str) -> None:
    # Quadratic, each of these takes more than a minute or so; on a busy machine the bound is still met.
    start = time.process_time()
    outline(text)
    assert time.process_time() - start < 8


def test_prose_behind_a_footnote_is_prose_although_no_page_start_is_left() -> None:
    text = (
        f"{PROSE} It uses a code of practice1 and reports to the\n1\n\n"
        "All police forces have a duty to comply with the code that is given here. See\n"
        f"www.example.org/code/\nchief constable every month. {PROSE}"
    )
    assert "It uses a code of practice and reports to the chief constable every month." in sentences(text)

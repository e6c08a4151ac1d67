"""Reports against specific grading criteria: against what a person typed, reports of other forces, and traps."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.families import Contents, readers
from pipelines.families.specific_grading_criteria import outline_of_sgc_report, read_specific_grading_criteria
from pipelines.reports import Report, read_report
from tests.report_texts import CHARACTERS, VARIATIONS, golden, real, sample, with_lines

NAME = "west-midlands-2007-inspection"
FIXTURES = Path(__file__).parent / "fixtures" / "specific_grading_criteria"
FORCES = ("humberside", "dyfed-powys", "city-of-london")
GRADES = ("Excellent", "Good", "Fair", "Poor")


def cells(lines: list[str]) -> list[str]:
    """The lines with each cell of the tables on a line of its own."""
    found = []
    for line in lines:
        row = re.match(r"^(.*?)\s*((?:\s*\b\d{1,2}){4})\s*$", line)
        graded = re.match(r"^(?!\s*GRADE)(\S.{3,28}) (Grade|Excellent|Good|Fair|Poor) ?$", line)
        if line.split() == list(GRADES):
            found += line.split()
        elif row:
            found += [cell for cell in (row[1], *row[2].split()) if cell]
        else:
            found += list(graded.groups()) if graded else [line]
    return found


# The same text as other extractors give it, without loss.
OTHERS = {
    **VARIATIONS,
    **{name: lambda lines, change=change: change("\n".join(lines)).split("\n") for name, change in CHARACTERS.items()},
    "no blank lines": lambda lines: [line for line in lines if line.strip()],
    "no page ends": lambda lines: [line.strip() for line in lines],
    "neither": lambda lines: [line.strip() for line in lines if line.strip()],
    "other bullets": lambda lines: [line.replace("•", "\uf0b7") for line in lines],
    "hyphens for bullets": lambda lines: [line.replace("•", "-") for line in lines],
    "bullets without a blank": lambda lines: [line.replace("• ", "•") for line in lines],
    "bullets alone": lambda lines: [
        part for line in lines for part in (("•", "", line.strip()[2:]) if line.strip().startswith("•") else (line,))
    ],
    "a cell a line": cells,
    "a cell a line, no blank lines": lambda lines: [line.strip() for line in cells(lines) if line.strip()],
    "grades on two lines": lambda lines: [
        part for line in lines for part in (line.split() if re.match(r"\s*GRADE ", line) else [line])
    ],
    "page numbers": lambda lines: [
        part
        for at, line in enumerate(lines)
        for part in ((str(at // 40 + 1), line) if re.match(r" \S", line) else (line,))
    ],
}


def made_up(force: str) -> tuple[Contents, dict]:
    contents = read_specific_grading_criteria(read_report(FIXTURES / f"{force}.txt", FIXTURES))
    return contents, json.loads((FIXTURES / f"{force}.json").read_text(encoding="utf-8"))


def graded(contents: Contents) -> dict[str, tuple[str | None, str]]:
    return {short(row["question_id"]): (row["grade"], row["judgment_status"]) for row in contents.rows["judgments"]}


def distributed(contents: Contents) -> dict[tuple[str, str], int]:
    return {(short(row["question_id"]), row["grade"]): row["forces"] for row in contents.rows["grade_distributions"]}


def texts(contents: Contents) -> list[tuple[str, str | None, str | None, str]]:
    """Kind, framework, end of the parent's identifier and text of each finding."""
    return [
        (
            row["finding_type"],
            row["question_id"] and short(row["question_id"]),
            row["parent_id"] and row["parent_id"].rpartition("inspection-")[2],
            row["text"],
        )
        for row in contents.rows["findings"]
    ]


def short(question_id: str) -> str:
    return question_id.rsplit("-", 1)[-1]


def said(contents: Contents) -> list[tuple[str, str]]:
    """What is said of judgments, distributions and findings."""
    return [(issue.check_id, issue.severity) for issue in contents.issues if issue.table_name != "statistics"]


def changed(report: Report, old: str, new: str, count: int = 1) -> Report:
    """The report with one line replaced, the first of those that read so."""
    lines = list(report.lines)
    places = [at for at, line in enumerate(lines) if line.strip() == old]
    assert len(places) >= count
    lines[places[count - 1]] = new
    return replace(report, lines=tuple("\n".join(lines).split("\n")))


# --- the real report ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contents() -> Contents:
    return read_specific_grading_criteria(real(NAME))


def test_the_stray_page_header_names_and_dates_the_report() -> None:
    report = real(NAME)
    assert (report.report_id, report.published) == (NAME, "2007-10")
    assert readers()[report.family] is read_specific_grading_criteria


def test_the_real_report_is_judged_as_a_person_read_it(contents: Contents) -> None:
    found = [
        {
            "question_no": short(row["question_id"]),
            **{name: str(row[name]) for name in ("question", "grade", "judgment_status", "summary_line")},
            "section_line": str(row["section_line"]),
        }
        for row in contents.rows["judgments"]
    ]
    assert found == [{name: row[name] for name in found[0]} for row in golden(NAME, "judgments")]


def test_the_real_report_distributes_grades_as_a_person_read_it(contents: Contents) -> None:
    found = [
        {
            "question_no": short(row["question_id"]),
            **{name: str(row[name]) for name in ("grade", "forces", "summary_line", "section_line")},
        }
        for row in contents.rows["grade_distributions"]
    ]
    assert found == golden(NAME, "grade_distributions")


def test_the_real_report_holds_the_findings_a_person_typed(contents: Contents) -> None:
    order = {row["finding_id"]: str(row["sequence"]) for row in contents.rows["findings"]}
    found = [
        {
            "sequence": str(row["sequence"]),
            "finding_type": row["finding_type"],
            "question_no": short(row["question_id"]),
            "parent_sequence": order.get(row["parent_id"], ""),
            "line_start": str(row["line_start"]),
            "line_end": str(row["line_end"]),
            "words": str(len(row["text"].split())),
            "begins": " ".join(row["text"].split()[:4]),
            "ends": " ".join(row["text"].split()[-3:]),
            "sha256": hashlib.sha256(row["text"].encode()).hexdigest(),
        }
        for row in contents.rows["findings"]
    ]
    assert found == golden(NAME, "findings")
    # A bullet of the domestic violence section lost its full stop in print.
    assert said(contents) == [("finding-complete", "warning")]


@pytest.mark.parametrize("variation", OTHERS)
def test_the_same_report_through_another_extractor(variation: str, contents: Contents) -> None:
    report = real(NAME)
    other = read_specific_grading_criteria(with_lines(report, OTHERS[variation](list(report.lines))))
    assert texts(other) == texts(contents)
    assert graded(other) == graded(contents)
    assert distributed(other) == distributed(contents)
    assert said(other) == said(contents)


def test_lost_bullets_are_told_by_blank_lines_with_a_warning(contents: Contents) -> None:
    report = real(NAME)
    other = read_specific_grading_criteria(with_lines(report, [line.replace("• ", "") for line in report.lines]))
    # The bullets of the one example of developing practice that has some become part of its text.
    examples = [row for row in texts(contents) if row[0] == "developing_practice"]
    assert set(texts(contents)) - set(texts(other)) == {row for row in examples if row[1] == "3b"}
    assert ("finding-bullets", "warning") in said(other)


def test_without_bullets_and_blank_lines_no_finding_is_told_from_the_next() -> None:
    report = real(NAME)
    lines = [line.replace("• ", "") for line in report.lines if line.strip()]
    other = read_specific_grading_criteria(with_lines(report, lines))
    assert {row[0] for row in texts(other)} == {"developing_practice"}
    assert ("finding-placed", "warning") in said(other)


# --- the sample and the made-up reports -----------------------------------------------------------------------------


@pytest.mark.parametrize("variation", [None, *OTHERS])
def test_the_sample_says_what_the_real_report_says(variation: str | None) -> None:
    report = sample(NAME)
    if variation:
        report = with_lines(report, OTHERS[variation](list(report.lines)))
    found = read_specific_grading_criteria(report)
    assert graded(found) == {row["question_no"]: (row["grade"], "graded") for row in golden(NAME, "judgments")}
    typed = {(row["question_no"], row["grade"]): int(row["forces"]) for row in golden(NAME, "grade_distributions")}
    assert distributed(found) == typed
    assert said(found) == [("finding-complete", "warning")]


@pytest.mark.parametrize("force", FORCES)
def test_made_up_reports_of_other_forces(force: str) -> None:
    found, truth = made_up(force)
    assert graded(found) == {number: tuple(grade) for number, grade in truth["judgments"].items()}
    assert distributed(found) == {
        (number, grade): forces
        for number, row in truth["distributions"].items()
        for grade, forces in zip(GRADES, row, strict=True)
        if forces is not None
    }
    assert texts(found) == [tuple(row) for row in truth["findings"]]
    assert sorted(said(found)) == sorted(tuple(issue) for issue in truth["issues"])


@pytest.mark.parametrize("force", FORCES)
def test_every_row_stands_on_its_lines(force: str) -> None:
    report = read_report(FIXTURES / f"{force}.txt", FIXTURES)
    found = read_specific_grading_criteria(report)
    for name in ("judgments", "grade_distributions", "findings"):
        for row in found.rows[name]:
            assert row["printed"] == report.printed(row["line_start"], row["line_end"])
    for row in found.rows["grade_distributions"]:
        assert str(row["forces"]) in row["printed"].split()
    for row in found.rows["judgments"]:
        assert row["grade"] is None or row["grade"].lower() in row["printed"].lower()


# --- one thing changed in a made-up report --------------------------------------------------------------------------


@pytest.fixture
def report() -> Report:
    return read_report(FIXTURES / "humberside.txt", FIXTURES)


def test_a_digit_that_differs_between_the_copies_is_an_error_and_no_row(report: Report) -> None:
    found = read_specific_grading_criteria(changed(report, "28", "26"))
    assert ("2", "Good") not in distributed(found)
    assert distributed(found)["2", "Fair"] == 10
    assert [check for check, severity in said(found) if severity == "error"] == [
        "distribution-sum",
        "distribution-agrees",
    ]


def test_the_columns_of_a_distribution_are_read_by_their_heads(report: Report) -> None:
    lines = list(report.lines)
    first = lines.index("Excellent")
    assert lines[first : first + 4] == list(GRADES)
    lines[first : first + 4] = reversed(GRADES)
    found = read_specific_grading_criteria(with_lines(report, lines))
    # Read from the right, the summary no longer agrees with the sections but where both numbers are the same.
    assert ("1", "Excellent") not in distributed(found)
    assert "distribution-agrees" in dict(said(found))


def test_numbers_above_their_labels_are_given_to_none(report: Report) -> None:
    text = "\n".join(report.lines)
    for name, row in (("Child abuse", "4\n16\n22\n1"), ("Domestic violence", "2\n12\n27\n1")):
        assert f"{name}\n\n{row}\n" in text
        text = text.replace(f"{name}\n\n{row}\n", f"{row}\n\n{name}\n", 1)
    found = read_specific_grading_criteria(with_lines(report, text.split("\n")))
    assert {row["summary_line"] for row in found.rows["grade_distributions"]} == {None}
    assert ("distribution-read", "warning") in said(found)


def test_summary_and_section_that_disagree_give_no_grade_and_an_error(report: Report) -> None:
    found = read_specific_grading_criteria(changed(report, "GRADE POOR", "GRADE FAIR"))
    assert graded(found)["3a"] == (None, "not_stated")
    assert ("judgment-agrees", "error") in said(found)


def test_a_grade_of_another_scale_is_no_grade(report: Report) -> None:
    found = read_specific_grading_criteria(changed(report, "GRADE POOR", "GRADE INADEQUATE"))
    assert graded(found)["3a"] == (None, "not_stated")
    assert ("judgment-scale", "error") in said(found)


def test_no_grade_is_taken_from_the_national_distribution(report: Report) -> None:
    text = "\n".join(report.lines)
    start = text.index("Force summary of judgements")
    end = text.index("\fNeighbourhood Policing")
    text = re.sub(r"\nGRADE [A-Z]+\n", "\n", text[:start] + text[end:])
    found = read_specific_grading_criteria(with_lines(report, text.split("\n")))
    assert set(graded(found).values()) == {(None, "not_stated")}
    assert said(found).count(("judgment-stated", "error")) == 6


def test_a_grade_before_the_first_section_takes_all_from_the_sections(report: Report) -> None:
    found = read_specific_grading_criteria(changed(report, "Findings", "GRADE FAIR"))
    assert {row["section_line"] for row in found.rows["judgments"]} == {None}
    assert graded(found)["1"] == ("Fair", "graded")
    assert ("judgment-placed", "error") in said(found)


def test_a_lost_section_heading_leaves_its_findings_without_a_framework(report: Report) -> None:
    found = read_specific_grading_criteria(changed(report, "Protecting Vulnerable People – Public Protection", ""))
    assert ("strength", None, None, "Visits are made in pairs.") in texts(found)
    assert ("strength", "3d", None, "A manager looks at every open case each morning.") in texts(found)
    assert ("section-known", "warning") in said(found)
    assert graded(found)["3c"] == ("Good", "graded")


def test_a_section_may_be_headed_without_its_group(report: Report) -> None:
    whole = read_specific_grading_criteria(report)
    found = read_specific_grading_criteria(changed(report, "Protecting Vulnerable People – Child Abuse", "Child Abuse"))
    assert texts(found) == texts(whole)
    assert graded(found) == graded(whole)


def test_the_name_of_a_framework_in_a_list_begins_no_section(report: Report) -> None:
    old = "The unit has a leader and a plan."
    listed = "\n\n".join((old, "It looks after:", "Performance Management", "Neighbourhood Policing"))
    found = read_specific_grading_criteria(changed(report, old, listed))
    assert texts(found) == texts(read_specific_grading_criteria(report))


def test_two_signs_of_the_round_bullet_are_of_one_level(report: Report) -> None:
    lines = [line.replace("• Some shift", "\uf0b7 Some shift") for line in report.lines]
    assert texts(read_specific_grading_criteria(with_lines(report, lines))) == texts(
        read_specific_grading_criteria(report)
    )


def test_a_lost_heading_of_findings_is_missed(report: Report) -> None:
    before = read_specific_grading_criteria(report)
    found = read_specific_grading_criteria(changed(report, "Work in progress", "", count=2))
    assert said(found).count(("finding-heading", "warning")) == said(before).count(("finding-heading", "warning")) + 1


def test_a_lost_heading_of_a_distribution_costs_nothing_else(report: Report) -> None:
    before = read_specific_grading_criteria(report)
    found = read_specific_grading_criteria(changed(report, "National grade distribution", ""))
    assert (graded(found), texts(found)) == (graded(before), texts(before))
    assert distributed(found) == distributed(before)
    assert ("distribution-printed-twice", "warning") in said(found)


def test_lost_strengths_are_missed(report: Report) -> None:
    found = read_specific_grading_criteria(changed(report, "Strengths", "", count=3))
    assert not [row for row in texts(found) if row[:2] == ("strength", "2")]
    assert ("finding-placed", "warning") in said(found)


def test_what_an_unknown_heading_puts_between_findings_is_left_out_with_a_warning(report: Report) -> None:
    found = read_specific_grading_criteria(
        changed(report, "• Visits are made in pairs.", "• Visits are made in pairs.\n\nRisks\n\n• The van is old.")
    )
    assert "The van is old." not in [row[3] for row in texts(found)]
    assert ("finding-placed", "warning") in said(found)


def test_running_text_between_bullets_is_left_out_with_a_warning(report: Report) -> None:
    old = "• Visits are made in pairs."
    found = read_specific_grading_criteria(changed(report, old, f"{old}\n\nThis was not looked into any further here."))
    assert ("strength", "3c", None, "Visits are made in pairs.") in texts(found)
    assert not [row for row in texts(found) if "any further" in row[3]]
    assert ("finding-placed", "warning") in said(found)


# --- damage that other extractors do --------------------------------------------------------------------------------


def flagged(contents: Contents, check: str) -> list[tuple[int, int]]:
    """The lines of the issues of this check."""
    return [(i.line_start, i.line_end or 0) for i in contents.issues if i.check_id == check and i.line_start]


@pytest.mark.parametrize("sign", ["?", "\ufffd", "§", "Ø", "l", "q", "\uf0d8", "➢"])
def test_a_sign_that_begins_every_list_of_findings_is_its_bullet(sign: str, contents: Contents) -> None:
    report = real(NAME)
    found = read_specific_grading_criteria(with_lines(report, [line.replace("•", sign) for line in report.lines]))
    # Below an example of developing practice and before a small letter the sign is no less a bullet's.
    assert texts(found) == texts(contents)
    assert said(found) == said(contents)


def test_an_odd_sign_at_the_beginning_of_one_list_is_no_bullet(report: Report) -> None:
    found = read_specific_grading_criteria(
        changed(report, "• Visits are made in pairs.", "§ Visits are made in pairs.")
    )
    assert not [row for row in texts(found) if "§" in row[3] or row[3] == "Visits are made in pairs."]
    assert ("finding-placed", "warning") in said(found)


def test_a_bullet_behind_the_heading_or_the_text_above_it_begins_a_finding(report: Report) -> None:
    text = re.sub(r"\n+(?=•)", " ", "\n".join(report.lines))
    whole = read_specific_grading_criteria(report)
    assert texts(read_specific_grading_criteria(with_lines(report, text.split("\n")))) == texts(whole)


def test_a_grade_far_to_the_right_of_a_text_is_no_part_of_it(contents: Contents) -> None:
    report = real(NAME)
    text = re.sub(r"\n+(?=GRADE )", " " * 30, "\n".join(report.lines))
    found = read_specific_grading_criteria(with_lines(report, text.split("\n")))
    assert texts(found) == texts(contents)
    assert graded(found) == graded(contents)


def test_a_grade_right_behind_a_line_of_a_finding_is_said(contents: Contents) -> None:
    report = real(NAME)
    text = re.sub(r" ?\n+(?=GRADE )", " ", "\n".join(report.lines))
    found = read_specific_grading_criteria(with_lines(report, text.split("\n")))
    mangled = [row for row in found.rows["findings"] if re.search(r"GRADE [A-Z]", row["text"])]
    assert mangled
    assert set(flagged(found, "finding-text")) == {(row["line_start"], row["line_end"]) for row in mangled}


def test_a_grade_may_stand_above_its_label(contents: Contents) -> None:
    report = real(NAME)
    lines = re.sub(r"GRADE ([A-Z]+)", r"\1\nGRADE", "\n".join(report.lines)).split("\n")
    found = read_specific_grading_criteria(with_lines(report, lines))
    assert graded(found) == graded(contents)
    assert texts(found) == texts(contents)


def test_a_title_of_findings_may_stand_on_two_lines(report: Report) -> None:
    lines = "\n".join(report.lines).replace("Areas for improvement", "Areas for\nimprovement").split("\n")
    whole = read_specific_grading_criteria(report)
    assert texts(read_specific_grading_criteria(with_lines(report, lines))) == texts(whole)


def test_a_page_header_of_another_form_is_known_by_the_force_it_repeats(contents: Contents) -> None:
    report = real(NAME)
    header = f"Inspection of {report.force_name}"
    lines = re.sub(r"(?m)^ (?=\S)", f"\n{header}\n\n12\n ", "\n".join(report.lines)).split("\n")
    found = read_specific_grading_criteria(with_lines(report, lines))
    assert texts(found) == texts(contents)
    assert distributed(found) == distributed(contents)


def test_a_page_number_behind_a_full_stop_is_no_text(contents: Contents) -> None:
    report = real(NAME)
    text = re.sub(r"(?m)^ (?=\S)", "12\n", "\n".join(report.lines))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    found = read_specific_grading_criteria(with_lines(report, lines))
    assert texts(found) == texts(contents)


def test_a_lost_bullet_without_blank_lines_is_told_by_a_short_line(report: Report) -> None:
    old = "• Visits are made in pairs."
    lines = [line for line in changed(report, old, f"{old}\nThe van is old.").lines if line]
    found = read_specific_grading_criteria(with_lines(report, lines))
    assert ("strength", "3c", None, "Visits are made in pairs.") in texts(found)
    assert not [row for row in texts(found) if "The van is old." in row[3]]
    assert ("finding-placed", "warning") in said(found)


@pytest.mark.parametrize("page_ends", [True, False])
def test_without_bullets_every_finding_that_comes_out_otherwise_is_flagged(page_ends: bool, contents: Contents) -> None:
    report = real(NAME)
    lines = [line.replace("• ", "") for line in report.lines]
    found = read_specific_grading_criteria(with_lines(report, lines if page_ends else [line.strip() for line in lines]))
    known = {(row["finding_type"], row["question_id"], row["text"]) for row in contents.rows["findings"]}
    doubts = flagged(found, "finding-bullets")
    other = [
        row for row in found.rows["findings"] if (row["finding_type"], row["question_id"], row["text"]) not in known
    ]
    assert other
    assert [row for row in other if any(a <= row["line_start"] and row["line_end"] <= b for a, b in doubts)] == other
    assert len(doubts) < len(found.rows["findings"]) / 4


def test_lines_of_a_narrow_column_begin_no_other_list(report: Report) -> None:
    old = "• Visits are made in pairs."
    text = "\n".join(f"• The {name} team has a plan for\n2008/09 and a leader of its own." for name in ("one", "two"))
    found = read_specific_grading_criteria(changed(report, old, f"{old}\n\n{text}"))
    assert ("strength", "3c", None, "The two team has a plan for 2008/09 and a leader of its own.") in texts(found)


def test_sentences_know_framework_place_and_heading(report: Report) -> None:
    found = {sentence.text: sentence for sentence in outline_of_sgc_report(report).sentences}
    teams = found["The force has 41 teams, and 212 officers work in them."]
    assert (teams.question_no, teams.place, teams.heading) == ("1", "body", "Contextual factors")
    cut = found["It is led by the deputy chief constable."]
    assert (cut.question_no, report.lines[cut.line_start - 1][:9]) == ("2", "A monthly")
    bullet = found["At present only 38 of 95 have been."]
    assert (bullet.place, bullet.heading) == ("box", "Areas for improvement")
    overview = found["The force looks after 900,000 people and 3,500 square kilometres."]
    assert (overview.question_no, overview.place) == (None, "body")
    assert not [text for text in found if "Association" in text or "Page" in text or "GRADE FAIR" in text]


def test_a_text_with_nothing_in_it_raises_issues_only() -> None:
    empty = read_specific_grading_criteria(
        with_lines(read_report(FIXTURES / "humberside.txt", FIXTURES), ["", "GRADE"])
    )
    assert not any(empty.rows.values())
    assert {severity for _, severity in said(empty)} <= {"error", "warning"}
    assert said(empty)


@pytest.mark.parametrize(
    "line", ["GRADE FAIR", "Strengths", "1", "National grade distribution", "• x", "INSPECTION AREA:"]
)
def test_hostile_texts_end_soon(line: str, report: Report) -> None:
    read_specific_grading_criteria(with_lines(report, [line] * 5_000))

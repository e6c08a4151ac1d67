"""Pillar reports of neighbouring years and pillars: as far as their words are known, and no wrong row."""

import pytest
from conftest import TWO_REPORTS, sample_report

from pipelines.extraction import Extraction, extract_report
from pipelines.reports import report_from_bytes

PRINTED = ("crime_rates", "outcome_proportions", "domestic_abuse_outcomes")
SAYS_SO = "HMIC’s effectiveness inspection assessed all of these areas during 2016"


def another(name: str, year: int = 2016, pillar: str = "effectiveness", inspectorate: str = "HMIC") -> Extraction:
    """What a sample report gives that says it is of this year and pillar."""
    text = "\n".join(sample_report(name).lines)
    assert SAYS_SO in text
    said = f"{inspectorate}’s {pillar} inspection assessed all of these areas during {year}"
    return extract_report(report_from_bytes(text.replace(SAYS_SO, said).encode(), "another.txt"))


def notes(extraction: Extraction) -> list[str]:
    return [issue.check_id for issue in extraction.issues if issue.severity == "note"]


@pytest.mark.parametrize("name", TWO_REPORTS)
def test_the_next_year_gives_judgments_and_findings_but_no_tables(name: str) -> None:
    extraction = another(name, 2017, inspectorate="HMICFRS")
    same = extract_report(sample_report(name))
    assert extraction.rows["reports"][0]["programme_id"] == "peel-2017"
    assert not any(extraction.rows.get(table) for table in PRINTED)
    judged = {row["question_id"]: row["grade"] for row in extraction.rows["judgments"]}
    # The dimension holds five questions of 2017, none for the whole pillar.
    assert judged == {
        row["question_id"].replace("2016", "2017"): row["grade"]
        for row in same.rows["judgments"]
        if not row["question_id"].endswith("overall")
    }
    texts = [(row["finding_type"], row["text"]) for row in same.rows["findings"]]
    assert [(row["finding_type"], row["text"]) for row in extraction.rows["findings"]] == texts
    assert {"question-known", "figure-table"} <= set(notes(extraction))
    assert [issue for issue in extraction.issues if issue.severity == "error"] == []


@pytest.mark.parametrize("pillar", ["efficiency", "legitimacy"])
def test_another_pillar_gives_its_findings_without_questions(pillar: str) -> None:
    extraction = another(TWO_REPORTS[0], pillar=pillar)
    assert not any(extraction.rows.get(table) for table in (*PRINTED, "judgments"))
    assert extraction.rows["findings"]
    for table in ("findings", "statistics"):
        assert {row["question_id"] for row in extraction.rows[table]} == {None}
    assert {"question-known", "figure-table"} <= set(notes(extraction))
    assert [issue for issue in extraction.issues if issue.severity == "error"] == []


def test_a_table_that_is_not_known_is_not_called_lost() -> None:
    same, extraction = extract_report(sample_report(TWO_REPORTS[0])), another(TWO_REPORTS[0], 2017)
    read = {row["figure"] for row in same.rows["figures"] if row["data_status"] == "table"}
    lost = {row["figure"] for row in extraction.rows["figures"] if row["data_status"] == "not_in_text"}
    # The table of figure 2 stands behind the caption of figure 3.
    assert read & lost <= {2}
    assert {row["data_status"] for row in extraction.rows["figures"]} == {"partial", "not_in_text"}


def test_a_programme_that_is_not_known_gives_one_note_and_no_rows() -> None:
    extraction = another(TWO_REPORTS[0], 2019)
    assert extraction.rows.keys() == {"reports"}
    assert [(issue.check_id, issue.severity) for issue in extraction.issues] == [("report-extracted", "note")]

"""Reading files: identity from the text, line ends, encodings, and one clear reason for each refusal."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from conftest import real_report
from hypothesis import given
from hypothesis import strategies as st

from pipelines.families import readers
from pipelines.issues import SourceError
from pipelines.questions import is_known
from pipelines.reports import read_report, report_from_bytes, source_files
from pipelines.stores import LocalStore

IDENTITY = """ Introduction
We looked at every force.
HMIC’s effectiveness inspection assessed all of these areas during 2016. More
is on the website. This
report sets out our findings for Devon and
Cornwall Police.
In the 12 months to 30 June 2016 and in the 12 months to 30 June 2016, not in the
12 months to 31 March 2016.
"""


def refused(content: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        report_from_bytes(content, "some.txt")
    issue = caught.value.issue
    assert (issue.severity, issue.source_file) == ("error", "some.txt")
    assert issue.message.startswith("some.txt")
    return issue.message


def test_force_year_pillar_come_from_the_text() -> None:
    report = report_from_bytes(IDENTITY.encode(), "wrong-name-2003.txt")
    assert report.report_id == "devon-and-cornwall-2016-effectiveness"
    assert (report.programme_id, report.pillar, report.inspectorate) == ("peel-2016", "effectiveness", "HMIC")
    assert (report.area_code, report.force_name) == ("E23000035", "Devon and Cornwall Police")
    assert report.data_period_end == date(2016, 6, 30)
    assert report.published is None


@pytest.mark.parametrize(
    ("report_id", "programme_id", "area_code", "published", "line_count"),
    [
        ("west-midlands-2016-effectiveness", "peel-2016", "E23000014", None, 2933),
        ("warwickshire-2016-effectiveness", "peel-2016", "E23000017", None, 2136),
        ("west-midlands-2007-inspection", "sgc-2007", "E23000014", "2007-10", 1826),
        ("west-midlands-2015-effectiveness", "peel-2015", "E23000014", None, 54),
        ("west-midlands-2021-22", "peel-2021-22", "E23000014", "2021-11", 793),
    ],
)
def test_the_five_real_reports_are_told_apart(
    report_id: str, programme_id: str, area_code: str, published: str | None, line_count: int
) -> None:
    report = real_report(report_id)
    assert report.report_id == report_id
    assert (report.programme_id, report.area_code, report.published) == (programme_id, area_code, published)
    assert len(report.lines) == line_count


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_n_of_the_report_is_line_n_of_the_file(newline: str, mark: bytes) -> None:
    report = report_from_bytes(mark + IDENTITY.replace("\n", newline).encode(), "some.txt")
    assert report.lines == tuple(IDENTITY.split("\n")[:-1])
    assert report.lines[5] == "Cornwall Police."


def test_form_feeds_and_other_marks_do_not_split_lines() -> None:
    text = IDENTITY.replace("We looked", "\fWe\x0blooked\x85and\u2028saw")
    assert len(report_from_bytes(text.encode(), "some.txt").lines) == len(IDENTITY.split("\n")) - 1


def test_a_soft_hyphen_left_as_a_control_character_is_no_binary_file() -> None:
    text = IDENTITY.replace("website", "web\x02site") + "Prose that goes on. " * 20
    assert report_from_bytes(text.encode(), "some.txt").force_id == "devon-and-cornwall"


def test_ligatures_fixed_blanks_and_fixed_hyphens_do_not_hide_who_a_report_is_about() -> None:
    text = IDENTITY.replace("Cornwall Police", "Cornwall\u00a0Police").replace("findings", "\ufb01ndings")
    assert report_from_bytes(text.encode(), "some.txt").force_id == "devon-and-cornwall"
    powys = IDENTITY.replace("Devon and\nCornwall", "Dyfed\u2011Powys")
    assert report_from_bytes(powys.encode(), "some.txt").force_id == "dyfed-powys"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a binary file, not text"),
        (b"PK\x03\x04\x00\x00text", "a binary file, not text"),
        ("café".encode("latin-1"), "not UTF-8: byte 0xe9 at position 3"),
        (IDENTITY.encode()[:-1] + b"\xe2\x80", "not UTF-8"),
        (IDENTITY.encode("utf-16"), "encoded as UTF-16, not UTF-8"),
        (b"Dear Sir, thank you for your letter.\n", "no inspection report"),
        (IDENTITY.replace("Devon and\nCornwall", "Rutland").encode(), "no police force of England and Wales is called"),
        (IDENTITY.replace("report sets out our findings for", "paper speaks of").encode(), "does not say which force"),
    ],
)
def test_bad_input_is_refused_with_file_and_reason(content: bytes, reason: str) -> None:
    assert reason in refused(content)


def test_a_wrong_byte_is_told_with_its_line() -> None:
    message = refused(b"one\ntwo\nthr\xffee\n")
    assert message.startswith("some.txt, line 3: not UTF-8: byte 0xff")


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_the_reader(content: bytes) -> None:
    with pytest.raises(SourceError):
        report_from_bytes(content, "some.txt")


def test_every_text_below_the_folder_is_listed_and_what_cannot_be_had_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    (folder / "sub").mkdir(parents=True)
    (folder / "good.txt").write_text(IDENTITY, encoding="utf-8")
    (folder / "sub" / "bad.TXT").write_bytes(b"\xff\xff")
    (folder / "notes.md").write_text("no report, and no .txt", encoding="utf-8")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (tmp_path / "outside.txt").write_text(IDENTITY, encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    files, issues = source_files(LocalStore(folder))
    assert [file.name for file in files] == ["good.txt", "sub/bad.TXT"]
    assert files[0].sha256 == hashlib.sha256(IDENTITY.encode()).hexdigest()
    assert {issue.source_file: issue.check_id for issue in issues} == {
        "gone.txt": "file-readable",
        "link.txt": "file-inside",
    }
    assert all(issue.severity == "error" for issue in issues)


@pytest.mark.parametrize(
    ("opening", "report_id"),
    [
        ("Kent PEEL 2014\nEffectiveness\nText.\n", "kent-2014-effectiveness"),
        ("\n\nPEEL 2023–25\n\nPolice effectiveness\n\nAn inspection of Dyfed-Powys Police\n", "dyfed-powys-2023-25"),
        ("PEEL 2018/19\nAn inspection of the Metropolitan Police Service\n", "metropolitan-2018-19"),
        (
            IDENTITY.replace("2016. More", "2017. More").replace("HMIC’s", "HMICFRS's"),
            "devon-and-cornwall-2017-effectiveness",
        ),
    ],
)
def test_neighbouring_programmes_are_recognised(opening: str, report_id: str) -> None:
    report = report_from_bytes(opening.encode(), "some.txt")
    assert report.report_id == report_id
    assert is_known(report.programme_id)
    assert report.family in readers()


def test_a_file_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.reports.MAXIMUM_BYTES", 10)
    (tmp_path / "a.txt").write_text(IDENTITY, encoding="utf-8")
    with pytest.raises(SourceError, match=r"a\.txt: \d+ bytes: larger than any report"):
        read_report(tmp_path / "a.txt", tmp_path)

"""One file from its bytes to a record, and the record kept: the unit of work that is not done twice."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES
from stubs import outcome_row, report_text, use_extractor, write_reports

from expectations.one_report import OtherCodeError, Task, code_version, extract_bytes, extract_file
from pipelines.batch import CombinedTables, FileRead
from pipelines.extracted import UNNAMED, Records, from_bytes, named, plain_schema, to_bytes
from pipelines.reports import SourceFile, source_files
from pipelines.schema import TABLES
from pipelines.stores import LocalStore


def sample() -> bytes:
    return (SAMPLES / "west-midlands-2016-effectiveness.txt").read_bytes()


def test_a_record_is_the_same_after_it_was_kept() -> None:
    record = extract_bytes(sample())
    assert (record.report_id, record.extraction) == ("west-midlands-2016-effectiveness", "extracted")
    assert record.counts["outcome_proportions"] == record.table("outcome_proportions").num_rows > 0
    assert from_bytes(to_bytes(record)) == record
    assert from_bytes(to_bytes(record)).tables == record.tables


def test_a_record_knows_no_name_of_the_file_and_takes_the_one_it_has_now(monkeypatch: pytest.MonkeyPatch) -> None:
    use_extractor(monkeypatch, lambda report: [outcome_row(report, area_code="E23000099")])
    record = extract_bytes(report_text("Kent Police").encode())
    assert record.table("reports")["source_file"].to_pylist() == [UNNAMED]
    (finding,) = record.findings
    assert finding.check_id == "outcome_proportions-codes_known"
    (issue,) = named(finding.issues, "renamed.txt")
    assert issue.source_file == "renamed.txt"
    assert issue.message.startswith("renamed.txt, line")
    assert UNNAMED not in issue.message


def test_a_refused_file_has_a_record_too() -> None:
    record = extract_bytes(b"Take two eggs.")
    assert (record.report_id, record.extraction, dict(record.tables)) == (None, None, {})
    (issue,) = named(from_bytes(to_bytes(record)).issues, "recipe.txt")
    assert issue.message.startswith("recipe.txt: no inspection report")
    assert issue.source_file == "recipe.txt"


@pytest.mark.parametrize("damage", [b"", b"x" * 40, None], ids=["empty", "other bytes", "cut"])
def test_a_damaged_record_is_none(tmp_path: Path, damage: bytes | None) -> None:
    records = Records(LocalStore(tmp_path), "code")
    record = extract_bytes(report_text("Kent Police").encode())
    records.write(record)
    assert records.read(record.sha256) == record
    path = tmp_path / records.name(record.sha256)
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    assert records.read(record.sha256) is None


def test_one_flipped_bit_in_a_record_is_seen() -> None:
    content = bytearray(to_bytes(extract_bytes(report_text("Kent Police").encode())))
    for place in range(0, len(content), 97):
        content[place] ^= 1
        with pytest.raises(ValueError, match="no record"):
            from_bytes(bytes(content))
        content[place] ^= 1


def test_records_of_other_code_and_of_files_that_are_gone_are_removed(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    kent, essex = (extract_bytes(report_text(f"{name} Police").encode()) for name in ("Kent", "Essex"))
    for code in ("old", "new"):
        Records(store, code).write(kent)
        Records(store, code).write(essex)
    assert Records(store, "new").prune([kent.sha256]) == 3
    assert Records(store, "new").known() == {kent.sha256}
    assert Records(store, "old").known() == set()


def task(tmp_path: Path, file: SourceFile, code: str | None = None) -> Task:
    return Task(file, str(tmp_path / "raw"), str(tmp_path / "warehouse"), code or code_version())


@pytest.fixture
def kent(tmp_path: Path) -> SourceFile:
    files, _ = source_files(LocalStore(write_reports(tmp_path / "raw", "Kent Police")))
    return files[0]


def test_a_file_is_extracted_into_a_record(tmp_path: Path, kent: SourceFile) -> None:
    assert extract_file(task(tmp_path, kent)).issue is None
    records = Records(LocalStore(tmp_path / "warehouse"), code_version())
    record = records.read(kent.sha256)
    assert record is not None
    assert record.report_id == "kent-2016-effectiveness"


def test_a_file_that_changed_since_it_was_listed_is_refused(tmp_path: Path, kent: SourceFile) -> None:
    (tmp_path / "raw" / kent.name).write_text("half of a", encoding="utf-8")
    issue = extract_file(task(tmp_path, kent)).issue
    assert issue is not None
    assert (issue.check_id, issue.severity) == ("file-unchanged", "error")
    assert issue.message == "kent-police.txt: the file changed during the run; run again"
    assert Records(LocalStore(tmp_path / "warehouse"), code_version()).known() == set()


def test_a_file_that_is_gone_since_it_was_listed_is_refused(tmp_path: Path, kent: SourceFile) -> None:
    (tmp_path / "raw" / kent.name).unlink()
    issue = extract_file(task(tmp_path, kent)).issue
    assert issue is not None
    assert issue.message == "kent-police.txt: cannot be read (No such file or directory)"


def test_a_worker_with_other_code_refuses_the_work(tmp_path: Path, kent: SourceFile) -> None:
    with pytest.raises(OtherCodeError, match="other code"):
        extract_file(task(tmp_path, kent, "0" * 16))


def test_another_extractor_is_other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_version()
    use_extractor(monkeypatch, lambda report: [outcome_row(report)])
    assert code_version() != before


def test_tables_come_back_with_their_columns_and_are_put_together_with_what_these_mean() -> None:
    record = from_bytes(to_bytes(extract_bytes(sample())))
    together = CombinedTables([FileRead(SourceFile("some.txt", record.sha256), record)])
    for name in record.tables:
        assert record.table(name).schema.equals(plain_schema(name), check_metadata=True)
        assert together[name].schema.equals(TABLES[name].arrow_schema(), check_metadata=True)
        assert together[name].num_rows == record.counts[name]


def test_a_worker_loads_neither_dagster_nor_great_expectations() -> None:
    code = "import sys, expectations.one_report\nprint({'dagster', 'great_expectations'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "set()"

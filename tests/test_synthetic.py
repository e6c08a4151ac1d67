"""Synthetic reports are read as their facts have it, in both layouts, and a release of them passes every check.

They are no output of the pipeline's own: facts are made first, then the text. So this also holds the readers to reports
that nobody wrote them for.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import REAL, SAMPLES

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

from synthetic import FORCES, NATIONAL, Facts, code_with_rounds, made, one_report, planned, write_reports

from pipelines.extraction import extract_report
from pipelines.reports import report_from_bytes

ROWS = {"outcome_proportions": "outcome_id", "domestic_abuse_outcomes": "outcome_id", "crime_rates": "crime_type_id"}
# What is open in a layout, by design: the pictures that it loses, and the pies whose numbers stand in no order.
EXPECTED_NOTES = {"rows": set(), "cells": {"figure-table", "figure-unassigned"}}
# A sentence with fewer words may stand in any report.
LONG_SENTENCE = 8


def differences(facts: Facts) -> Iterator[tuple[object, ...]]:
    """What the pipeline reads otherwise than the facts have it: what, where, expected, read."""
    report = report_from_bytes(facts.text.encode(), f"{facts.report_id}.txt")
    found = extract_report(report)
    rows = found.rows
    if report.report_id != facts.report_id:
        yield "report_id", "", facts.report_id, report.report_id
    for table, key in ROWS.items():
        expected = facts.tables.get(table, {})
        read = {
            (row[key], row["area_code"] == NATIONAL): row["value"] and f"{row['value']:.{row['decimals']}f}"
            for row in rows.get(table, ())
        }
        for cell in sorted(expected.keys() | read.keys()):
            if expected.get(cell) != read.get(cell):
                yield table, cell, expected.get(cell), read.get(cell)
    grades = {
        row["question_id"].rsplit("-", 1)[1]: row["grade"] or row["judgment_status"].capitalize()
        for row in rows["judgments"]
    }
    if grades != facts.grades:
        yield "judgments", "", facts.grades, grades
    yield from _not_the_same(
        "statistics",
        Counter((one.measure_id, one.area_code, one.value, one.direction) for one in facts.stated),
        Counter((row["measure_id"], row["area_code"], row["value"], row["direction"]) for row in rows["statistics"]),
    )
    yield from _not_the_same(
        "findings",
        Counter((one.finding_type, one.question_no, text) for one in facts.findings for text in (one.text, *one.parts)),
        Counter((row["finding_type"], str(row["question_id"])[-1], row["text"]) for row in rows["findings"]),
    )
    yield from _not_the_same(
        "annex_rules",
        Counter({(figure, code) for figure, codes in facts.left_out.items() for code in codes}),
        Counter(
            {
                (row["figure"], row["area_code"])
                for row in rows["annex_rules"]
                if row["rule_type"] == "exclusion" and row["area_code"]
            }
        ),
    )
    for issue in found.issues:
        if issue.severity != "note" or issue.check_id not in EXPECTED_NOTES[facts.layout]:
            yield "issue", issue.check_id, "", issue.message


def _not_the_same(what: str, expected: Counter, read: Counter) -> Iterator[tuple[object, ...]]:
    for one in sorted((expected - read).elements(), key=str):
        yield what, "", one, None
    for one in sorted((read - expected).elements(), key=str):
        yield what, "", None, one


@pytest.mark.parametrize("layout", ["rows", "cells"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_reports_are_read_as_their_facts_have_it(seed: int, layout: str) -> None:
    # The names of forces differ in length and form, so that lines break elsewhere.
    for force in FORCES[seed::15]:
        facts = one_report(force, 2016, layout, seed)
        assert facts.stated
        assert list(differences(facts)) == []


def test_a_report_as_long_as_the_real_ones_is_read_as_its_facts_have_it() -> None:
    facts = one_report(FORCES[7], 2016, "cells", seed=4, length=4)
    assert 1_500 < facts.text.count("\n") < 3_000
    assert list(differences(facts)) == []


def test_a_changed_fact_is_noticed() -> None:
    facts = one_report(FORCES[3], 2016, "rows")
    cell = ("charged_summonsed", False)
    changed = {**facts.tables, "outcome_proportions": {**facts.tables["outcome_proportions"], cell: "99.9"}}
    found = list(differences(replace(facts, tables=changed)))
    assert found == [("outcome_proportions", cell, "99.9", facts.tables["outcome_proportions"][cell])]
    stated = replace(facts.stated[0], value=facts.stated[0].value + 1)
    assert len(list(differences(replace(facts, stated=(stated, *facts.stated[1:]))))) == 2
    assert list(differences(replace(facts, grades={**facts.grades, "1": "Poor"})))
    assert list(differences(replace(facts, findings=facts.findings[1:])))
    assert list(differences(replace(facts, left_out={**facts.left_out, 9: ("E23000099",)})))


def test_the_facts_of_a_table_add_up() -> None:
    for facts in made(6):
        shares = facts.tables["outcome_proportions"]
        for is_national in (False, True):
            parts = [float(shares[row, is_national] or 0) for row in ("total_assigned", "not_yet_assigned")]
            assert abs(sum(parts) - 100) <= 0.1001


def test_reports_of_a_round_share_england_and_wales() -> None:
    columns = {
        tuple((cell, number) for cell, number in facts.tables["outcome_proportions"].items() if cell[1])
        for facts in made(6)
    }
    assert len(columns) == 1


def test_the_same_seed_makes_the_same_reports() -> None:
    first, again, other = (one_report(FORCES[5], 2016, "cells", seed) for seed in (1, 1, 2))
    assert first == again
    assert first.text != other.text


def test_two_thousand_reports_have_ids_of_their_own() -> None:
    plans = list(planned(2_000))
    assert len({(force["force_id"], year) for force, year, _ in plans}) == 2_000
    assert Counter(layout for _, _, layout in plans).most_common(1)[0][1] < 1_100
    assert {force["force_id"] for force, _, _ in plans} == {force["force_id"] for force in FORCES}


def test_a_report_of_a_further_round_is_extracted_by_the_code_that_knows_it(tmp_path: Path) -> None:
    write_reports(0, tmp_path)
    facts = one_report(FORCES[0], 2018, "rows")
    (tmp_path / "report.txt").write_text(facts.text, encoding="utf-8")
    program = (
        "from pathlib import Path; from pipelines.reports import read_report; from pipelines.extraction import"
        " extract_report; rows = extract_report(read_report(Path('report.txt'), Path())).rows;"
        "print(rows['reports'][0]['extraction'], len(rows.get('outcome_proportions', ())))"
    )
    told = {}
    for name, code in (("without", Path(__file__).parents[1]), ("with", code_with_rounds(tmp_path / "code"))):
        command = [sys.executable, "-c", program]
        environment = {"PYTHONPATH": str(code), "PATH": ""}
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        told[name] = run.stdout.split()
    assert told == {"without": ["registered", "0"], "with": ["extracted", "42"]}


def test_no_sentence_is_one_of_a_real_report() -> None:
    if not REAL.is_dir():
        pytest.skip("the real reports are not here")
    # What names the programme, captions, questions and notes below tables are facts; the samples hold them, too.
    real, samples = (
        " ".join(_folded(path.read_text(encoding="utf-8")) for path in folder.glob("*.txt"))
        for folder in (REAL, SAMPLES)
    )
    sentences = {each for facts in made(4) for each in re.split(r"(?<=[.:;?]) ", _folded(facts.text))}
    long = {each for each in sentences if len(each.split()) >= LONG_SENTENCE}
    assert len(long) > 100
    assert [each for each in long if each in real and each not in samples] == []


def _folded(text: str) -> str:
    return " ".join(text.split())


def test_a_release_of_synthetic_reports_passes_every_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from assets.cli import main

    write_reports(6, tmp_path / "raw", seed=5)
    (tmp_path / "open_data").mkdir()
    folders = {"--reports": "raw", "--open-data": "open_data", "--warehouse": "warehouse"}
    code = main(["build", *(part for option, name in folders.items() for part in (option, str(tmp_path / name)))])
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    assert "6 read, 0 refused" in printed.out

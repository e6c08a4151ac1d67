"""Data Docs: static pages that say what was checked, from any text, with no need of another host."""

import re
import subprocess
import sys
from dataclasses import replace

import pyarrow as pa
import pytest
from conftest import ROOT

from expectations.data_docs import data_docs, page
from expectations.reconcile import ReconcileRule
from expectations.reconcile.rule import Offence, Tables, run_rule
from expectations.run import RuleResult, run_suite
from expectations.suites import CRITICAL, SUITES, WARNING, Rule
from pipelines.reference import dimension_rows
from pipelines.schema import TABLES

HOSTILE = "<script>alert(1)</script>"
FORCES = TABLES["forces"]


def forces_results(**changed: str) -> list[RuleResult]:
    rows = [dict(row) for row in dimension_rows("forces")]
    rows[0].update(changed)
    return run_suite(FORCES, FORCES.to_arrow(rows), SUITES["forces"])


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return data_docs([page(FORCES, forces_results(country=HOSTILE), [], 44)])


def test_every_page_needs_no_other_host_and_no_script(files: dict[str, bytes]) -> None:
    assert set(files) == {"data_docs/index.html", "data_docs/forces.html", "data_docs/style.css"}
    for content in files.values():
        text = content.decode()
        assert "http" not in text
        assert "<script" not in text
        assert "url(" not in text
    linked = set(re.findall(r'(?:href|src)="([^"#]+)"', files["data_docs/forces.html"].decode()))
    assert linked == {"index.html", "style.css"}


def test_a_page_shows_each_rule_with_severity_and_what_was_found(files: dict[str, bytes]) -> None:
    text = files["data_docs/forces.html"].decode()
    for rule in SUITES["forces"]:
        assert re.sub(r"[{}]", "", rule.description) in text.replace("&#x27;", "'")
    assert text.count("(critical)") == len(SUITES["forces"])
    assert "44 rows" in text
    assert "1 failed" in text
    assert all(warning.replace("'", "&#39;") in text for warning in FORCES.warnings)


def test_text_of_a_report_stays_text(files: dict[str, bytes]) -> None:
    text = files["data_docs/forces.html"].decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert HOSTILE not in text


@pytest.mark.parametrize(
    "text", ["$v__0 ${x} $$ %s", "{{ 7 * 7 }} {% include 'x' %}", "a" * 10_000, "\u202etxt", "=1+1"]
)
def test_nothing_in_a_text_is_obeyed(text: str) -> None:
    assert text in page(FORCES, forces_results(country=text), [], 44).html.replace("&#x27;", "'")


def test_the_index_counts(files: dict[str, bytes]) -> None:
    row = re.search(r"<tr><td.*forces\.html.*</tr>", files["data_docs/index.html"].decode())
    assert row
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row.group())]
    assert cells == [f"forces{FORCES.title}", str(len(SUITES["forces"]) - 1), "0", "1"]


def test_a_rule_that_could_not_be_run_is_shown_as_such() -> None:
    rule = Rule(
        "odd", WARNING, "an odd rule: 1 < 2", ("force_id",), "ExpectColumnValuesToNotBeNull", {"column": "force_id"}
    )
    text = page(FORCES, [RuleResult(rule, False, CRITICAL, "not checked", raised="no <such> column")], [], 44).html
    assert "no &lt;such&gt; column" in text
    assert "1 failed" in text


def test_rules_across_rows_are_shown_with_what_they_found() -> None:
    def find(tables: Tables) -> list[Offence]:
        return [Offence({"area_code": "E23000001"}, f"is {HOSTILE}", "this", "that")]

    rule = ReconcileRule("odd", "forces", WARNING, "forces are even", "arithmetic", find)
    text = page(FORCES, [], [run_rule(rule, {"forces": []}), run_rule(replace(rule, find=lambda _: []), {})], 44).html
    assert text.count("forces are even (warning). Source: arithmetic") == 2
    assert "1 rules passed · 1 warned · 0 failed" in text
    assert "is &lt;script&gt;" in text


def test_a_page_stays_small_however_many_rows_break_a_rule() -> None:
    rows = [{**row, "country": HOSTILE} for row in dimension_rows("forces")]

    def broken(times: int) -> str:
        content = pa.Table.from_pylist(rows * times, schema=FORCES.arrow_schema())
        return page(FORCES, run_suite(FORCES, content, SUITES["forces"]), [], len(rows) * times).html

    few, many = broken(2), broken(200)
    assert "8800" in many.replace(",", "")
    assert len(many) < len(few) + 200


def test_the_same_results_give_the_same_bytes_in_another_process(files: dict[str, bytes]) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests'); from test_data_docs import *;"
        "sys.stdout.buffer.write(page(FORCES, forces_results(country=HOSTILE), [], 44).html.encode());"
        # What validating and rendering do not use, though the library imports it, is not loaded.
        "assert 'scipy.stats' in sys.modules and 'scipy.stats.distributions' not in sys.modules"
    )
    again = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True).stdout
    assert again == files["data_docs/forces.html"]

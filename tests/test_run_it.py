"""docs/run-it.md names the settings that the code reads, each and no other, and its samples are what is tested."""

import ast
import re

import pytest
import yaml
from conftest import ROOT

from pipelines.mapper import backend_for

PAGE = (ROOT / "docs" / "run-it.md").read_text(encoding="utf-8")
SETTING = re.compile(r"\bPEEL_[A-Z_]*[A-Z]\b")


def settings_read() -> set[str]:
    """Names given to os.environ.get, os.environ[…] and the like, anywhere in the code."""
    found = set()
    for folder in ("pipelines", "expectations", "assets"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                asked = (
                    node.args if isinstance(node, ast.Call) else [node.slice] if isinstance(node, ast.Subscript) else []
                )
                if asked and "environ" in ast.unparse(node.func if isinstance(node, ast.Call) else node):
                    found |= {
                        one.value for one in asked if isinstance(one, ast.Constant) and str(one.value)[:5] == "PEEL_"
                    }
    return found


def test_the_page_names_every_setting_and_no_other() -> None:
    table = PAGE.split("## Settings")[1].split("\n## ")[0]
    in_table = set(re.findall(r"^\| `(PEEL_\w+)`", table, re.MULTILINE))
    assert in_table == settings_read()
    assert set(SETTING.findall(PAGE)) == in_table


@pytest.mark.parametrize("spec", re.findall(r"`(serial|processes(?::\d+)?|tcp://[\w.]+:\d+)`", PAGE))
def test_every_place_of_extraction_on_the_page_is_one(spec: str) -> None:
    assert backend_for(spec, 1)


def test_the_page_shows_the_settings_of_dagster_that_are_tested() -> None:
    pytest.importorskip("psycopg2")
    from test_postgres import DAGSTER_YAML

    shown = yaml.safe_load(PAGE.split("```yaml")[1].split("```")[0])
    assert shown["storage"] == yaml.safe_load(DAGSTER_YAML)["storage"]


def test_the_tests_that_the_page_names_are_there() -> None:
    named = set(re.findall(r"`(tests/\w+\.py)`", PAGE))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []

"""Imports run one way: assets to expectations to pipelines; and the slow libraries stay out of the way."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FORBIDDEN = {
    "pipelines": {"expectations", "assets", "dagster", "great_expectations"},
    "expectations": {"assets", "dagster"},
    "assets": {"great_expectations"},
}


def imported(source: str) -> Iterator[tuple[str, int]]:
    """Top-level package and line of every import, also those inside functions and by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value.split(".")[0], node.lineno


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def test_imports_are_found_wherever_they_stand() -> None:
    source = """
import a.b
from c.d import e
from . import sibling
def late():
    import f as g
    from h import i
    importlib.import_module("j.k")
    __import__("l")
"""
    assert [name for name, _ in imported(source)] == ["a", "c", "f", "h", "j", "l"]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_run_one_way(package: str) -> None:
    assert modules(package)
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for name, line in imported(path.read_text(encoding="utf-8"))
        if name in FORBIDDEN[package]
    ]
    assert wrong == []


def test_great_expectations_is_imported_inside_functions_only() -> None:
    for path in modules("expectations"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = ast.Module([node for node in tree.body if not isinstance(node, ast.FunctionDef)], [])
        assert "great_expectations" not in {name for name, _ in imported(ast.unparse(top))}, path


def test_assets_do_not_postpone_annotations() -> None:
    # Dagster reads annotations while it builds the graph; as strings it misreads them.
    for path in modules("assets"):
        assert "__future__" not in {name for name, _ in imported(path.read_text(encoding="utf-8"))}, path


def loaded_after(statement: str, *names: str) -> list[str]:
    code = f"import sys\n{statement}\nprint(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.split()


def test_loading_the_definitions_does_not_load_great_expectations() -> None:
    assert loaded_after("import assets.definitions", "dagster", "great_expectations") == ["dagster"]


def test_help_and_wrong_options_wait_for_nothing() -> None:
    statement = "import assets.cli\nassert assets.cli.main(['build', '--no-such-option']) == 2"
    assert loaded_after(statement, "argparse", "dagster", "great_expectations", "pandas", "pyarrow") == ["argparse"]

"""The README says the same as the code: its folder map, its tables, its Python example."""

import re
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, SAMPLES

from assets.cli import main
from pipelines.schema import TABLES

README = (ROOT / "README.md").read_text(encoding="utf-8")


def folder_map() -> list[str]:
    """Paths of the folder map: an indented line lies in the folder named above it."""
    block = README.split("## Folder map")[1].split("```")[1]
    paths, folder = [], ""
    for line in block.strip().splitlines():
        name = line.split()[0]
        if not line.startswith(" ") and name.endswith("/"):
            folder = name
        paths.append(folder + name if line.startswith(" ") else name)
    return paths


def test_what_the_folder_map_names_is_there() -> None:
    assert [path for path in folder_map() if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("folder", ["pipelines", "expectations", "assets"])
def test_every_module_is_in_the_folder_map(folder: str) -> None:
    modules = {f"{folder}/{path.name}" for path in (ROOT / folder).glob("*.py")} - {f"{folder}/__init__.py"}
    assert modules - set(folder_map()) == set()


def test_every_table_is_in_the_readme() -> None:
    named = set(re.findall(r"`(\w+)`", README.split("## What comes out")[1].split("\n\n")[1]))
    assert named == set(TABLES)


def test_the_commands_are_those_of_the_makefile() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake (\w+)", README.split("## What comes out")[0])) - {"each", "prints"} <= targets


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--reports", str(SAMPLES), "--warehouse", str(tmp_path / "warehouse")]) == 0
    capsys.readouterr()
    example = README.split("```python")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {"pd": pd})
    printed = capsys.readouterr().out
    # Charged/Summonsed as both reports print it.
    assert all(value in printed for value in ("14.2", "10.7", "12.1"))

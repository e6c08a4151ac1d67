"""Hostile lines: no pattern and no reader may need more than linear time, whatever stands on a line.

The patterns are those that a process really compiles in ``pipelines``, ``expectations`` and ``assets`` while it reads
and checks the samples, the texts of the fixtures and open data, each used as there (``collect``, run as a script), and
those that stand in the code where no such text leads. Nothing else can be there: each place that compiles a pattern was
passed, or its pattern stands in it. The lines are made for each pattern out of itself: what it matches, and each
beginning of that, over and over.
"""

import ast
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

# Nothing of the project is imported here: what is compiled while it is imported must be seen as well (``collect``).
ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("pipelines", "expectations", "assets")

SHORT, LONG = 750, 6_000
# Eight times the length may take eight times as long, and three times that for noise; below the floor nothing is said.
MOST_TIMES_LONGER = LONG / SHORT * 3
FLOOR = 0.01
# What takes less than this on the short line is not looked at closer: even were it quadratic, the long line would be
# done in 64 times that.
SCREEN = 0.00025
ROUNDS = 3

# Patterns of these modules read one sentence at a time, and sentences longer than this are not read: what counts is
# that no such sentence takes long. That nothing longer comes to a pattern is seen in the run that collects it.
LONGEST_SENTENCE = 2_000
MOST_FOR_A_SENTENCE = 0.1
# A quarter of such a sentence is tried first: what takes a 256th of that time is done in time on the whole one, were it
# of the fourth power.
PART_OF_A_SENTENCE, SCREEN_FOR_A_SENTENCE = 500, MOST_FOR_A_SENTENCE / 256
READ_SENTENCES = frozenset(
    f"pipelines/{name}.py"
    for name in (
        *("measures", "prose", "periods", "force_names", "extract/statistics", "extract/band_statements"),
        *("extract/annex", "extract/annex_sections", "extract/annex_shapes"),
    )
)

# What stands in any report, and what patterns stumble over.
UNITS = (
    *(
        "1",
        "1 ",
        "1.",
        "1,",
        "1%",
        "12.5 ",
        "%",
        " ",
        "\t",
        "\n",
        "\n ",
        " \n",
        ".",
        ". ",
        "(",
        "((1",
        "[",
        ")",
        "-",
        " - ",
    ),
    *(
        "–",
        "’",
        "’s ",
        "£",
        "a",
        "A",
        "A ",
        "Aa ",
        "a-",
        "A-a ",
        "the ",
        "of ",
        "and ",
        "per ",
        "from ",
        "to ",
        "between ",
    ),
    *(
        "Figure 1 ",
        "Figure 1: ",
        "Annex A ",
        "12 months to ",
        "30 June 2016 ",
        "compared with ",
        "police force ",
        "#",
        "* ",
    ),
    *(
        "in the 12 months ",
        "one of the ",
        "1 in 10 ",
        "10 per 1,000 ",
        "West Midlands ",
        "England and Wales ",
        "Q1 A ",
        "_",
    ),
)


# --- the patterns, as used --------------------------------------------------------------------------------------------


def collect() -> None:
    """Print the patterns that the project's own modules compile, by which methods they are used, and which lines of
    code compiled one, as JSON."""
    used: dict[tuple[str, int], tuple[str, dict[str, int]]] = {}
    passed: set[str] = set()
    compile_, folders = re._compile, tuple(str(ROOT / name) for name in PACKAGES)  # type: ignore[attr-defined]

    class Recorder:
        """A pattern that notes which of its methods are used, and on how long a text at most."""

        def __init__(self, pattern: re.Pattern[Any], methods: dict[str, int]) -> None:
            self._pattern, self._methods = pattern, methods

        def __getattr__(self, name: str) -> Any:
            found, methods = getattr(self._pattern, name), self._methods
            if name not in METHODS:
                return found

            def use(*arguments: Any, **named: Any) -> Any:
                text = arguments[1] if name in ("sub", "subn") and len(arguments) > 1 else arguments[0]
                methods[name] = max(methods.get(name, 0), len(text))
                return found(*arguments, **named)

            return use

    def recording(pattern: Any, flags: int) -> Any:
        compiled = compile_(pattern._pattern if isinstance(pattern, Recorder) else pattern, flags)
        frame = sys._getframe(2)
        if not frame.f_code.co_filename.startswith(folders):
            return compiled
        source = compiled.pattern if isinstance(compiled.pattern, str) else compiled.pattern.decode("latin-1")
        where = Path(frame.f_code.co_filename).relative_to(ROOT).as_posix()
        passed.add(f"{where}:{frame.f_lineno}")
        return Recorder(compiled, used.setdefault((source, compiled.flags), (where, {}))[1])

    re._compile = recording  # type: ignore[attr-defined]
    for module in sorted({module for module, _ in places()}):
        import_module(module.removesuffix(".py").replace("/", "."))
    from conftest import SAMPLES
    from damaged import OPEN_DATA, sources

    from expectations.one_report import extract_bytes
    from pipelines import round_rules
    from pipelines.open_data import read_open_data

    for path in sources():
        extract_bytes(path.read_bytes())
    for path in sorted(SAMPLES.glob("*.txt")):
        for content in with_endless_sentences(path.read_bytes()):
            extract_bytes(content)
    for folder in OPEN_DATA:
        read_open_data(folder)
    round_rules._captions()
    patterns = [
        {"source": source, "flags": flags, "where": where, "methods": methods}
        for (source, flags), (where, methods) in used.items()
    ]
    print(json.dumps({"patterns": patterns, "passed": sorted(passed)}))


def with_endless_sentences(content: bytes) -> Iterator[bytes]:
    """The report with 20,000 characters without a stop at many places at once, each time on one line, then on short
    lines: such a text reaches every pattern whose texts nothing keeps short."""
    phrases = [b"the %d figures for 2016 increased by 5 percent with" % number for number in range(400)]
    for gap in (b" ", b"\n"):
        lines = content.split(b"\n")
        for at in range(len(lines) // 12, len(lines), len(lines) // 6):
            lines[at] = lines[at].rstrip(b".") + b" " + gap.join(phrases)
        yield b"\n".join(lines)


@cache
def collected() -> dict[str, Any]:
    """Source, flags, place and methods of every pattern; and where patterns were compiled."""
    command = [sys.executable, __file__]
    path = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=path, cwd=ROOT)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


# What compiles or looks up a pattern.
COMPILES = ("compile", "search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


@cache
def places() -> tuple[tuple[str, ast.Call], ...]:
    """Module and call of each use of ``re`` in the code."""
    found = []
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "re." in source else ():
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and (node.func.value.id, node.func.attr in COMPILES) == ("re", True)
            ):
                found.append((path.relative_to(ROOT).as_posix(), node))
    return tuple(found)


def not_passed() -> Iterator[tuple[str, ast.Call]]:
    """Uses of ``re`` that no text led to."""
    passed = set(collected()["passed"])
    for module, call in places():
        if not passed & {f"{module}:{line}" for line in range(call.lineno, (call.end_lineno or call.lineno) + 1)}:
            yield module, call


@cache
def patterns() -> list[dict[str, Any]]:
    """Every pattern: those that were compiled, and those that only stand in the code."""
    standing = [
        {"source": ast.literal_eval(call.args[0]), "flags": 0, "where": module, "methods": {method(call): 0}}
        for module, call in not_passed()
        if isinstance(call.args[0], ast.Constant)
    ]
    return [*collected()["patterns"], *standing]


def method(call: ast.Call) -> str:
    """By which method a pattern that is not compiled first is used."""
    name = str(getattr(call.func, "attr", ""))
    return name if name in METHODS else "search"


# --- lines made for a pattern -----------------------------------------------------------------------------------------


def example(tree: Any, chance: random.Random) -> str:
    """A text that the parsed pattern matches, more or less: classes by one of their characters, no looking around."""
    text = ""
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            text += chr(argument)
        elif name == "NOT_LITERAL":
            text += "b" if argument == ord("a") else "a"
        elif name == "ANY":
            text += "a"
        elif name == "IN":
            text += one_of(argument, chance)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = argument
            times = chance.randint(int(least), int(min(most, int(least) + 2)))
            text += "".join(example(inner, chance) for _ in range(times))
        elif name == "BRANCH":
            text += example(chance.choice(argument[1]), chance)
        elif name == "SUBPATTERN":
            text += example(argument[3], chance)
        elif name == "ATOMIC_GROUP":
            text += example(argument, chance)
    return text


CATEGORIES = {"CATEGORY_DIGIT": "17", "CATEGORY_SPACE": " \t\n", "CATEGORY_WORD": "aZ1_", "CATEGORY_NOT_SPACE": "a1(."}


def one_of(members: Any, chance: random.Random) -> str:
    if str(members[0][0]) == "NEGATE":
        unwanted = {argument for name, argument in members if str(name) == "LITERAL"}
        return chance.choice([letter for letter in "aA 1,(-;" if ord(letter) not in unwanted])
    name, argument = chance.choice(members)
    if str(name) == "RANGE":
        return chr(chance.randint(*argument))
    return chr(argument) if str(name) == "LITERAL" else chance.choice(CATEGORIES.get(str(argument), "a"))


def units(source: str, flags: int) -> Iterator[str]:
    """What is repeated: beginnings of what the pattern matches, with and without something that breaks it off."""
    chance = random.Random(source)
    tree = re._parser.parse(source, flags)  # type: ignore[attr-defined]
    seen = set()
    for _ in range(3):
        text = example(tree, chance)
        cuts = {len(text), max(1, len(text) - 1), *(chance.randint(1, max(1, len(text))) for _ in range(2))}
        for cut in cuts:
            seen |= {text[:cut], text[:cut] + chance.choice(" .1a(")}
    yield from sorted(seen - {""})


def lines_for(source: str, flags: int, length: int) -> Iterator[tuple[str, str]]:
    """Hostile lines: a unit over and over, and something before or after it that does not fit."""
    for unit in (*UNITS, *units(source, flags)):
        yield unit, (unit * (length // len(unit) + 1))[:length]
    chance = random.Random(source)
    start = example(re._parser.parse(source, flags), chance)  # type: ignore[attr-defined]
    for unit in (" ", "a ", "1", "1 ", "A", "A ", "-", "a", ".", "\n"):
        yield f"{start!r} and {unit}", start + (unit * (length // len(unit) + 1))[:length] + "\x01"


def seconds(use: Callable[[str], Any], text: str, rounds: int = 1) -> float:
    """Processor time, the least of the rounds: other processes do not count."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        use(text)
        taken.append(time.process_time() - start)
    return min(taken)


def user(pattern: re.Pattern[str], method: str) -> Callable[[str], Any]:
    """How a pattern is used on a text."""
    if method in ("sub", "subn"):
        return lambda text: pattern.sub("", text)
    if method in ("finditer", "findall"):
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, method)  # type: ignore[no-any-return]


METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


def slow_sentences(source: str, flags: int, methods: Iterable[str]) -> list[str]:
    """On which sentences of the longest kind the pattern takes long."""
    pattern = re.compile(source, flags)
    found = []
    for method in methods:
        use = user(pattern, method)
        part = lines_for(source, flags, PART_OF_A_SENTENCE)
        suspects = {unit for unit, text in part if seconds(use, text) > SCREEN_FOR_A_SENTENCE}
        whole = lines_for(source, flags, LONGEST_SENTENCE) if suspects else ()
        for unit, text in ((unit, text) for unit, text in whole if unit in suspects):
            taken = seconds(use, text)
            if taken > MOST_FOR_A_SENTENCE:
                taken = seconds(use, text, ROUNDS)
            if taken > MOST_FOR_A_SENTENCE:
                found.append(f"{method} on {unit!r}: {taken * 1000:.0f} ms for {LONGEST_SENTENCE} characters")
                break
    return found


def slow_lines(source: str, flags: int, methods: Iterable[str]) -> list[str]:
    """On which lines the pattern takes more than linear time."""
    pattern = re.compile(source, flags)
    found = []
    for method in methods or ["search"]:
        use = user(pattern, method)
        short = dict(lines_for(source, flags, SHORT))
        suspects = [unit for unit, text in short.items() if seconds(use, text) > SCREEN]
        if not suspects:
            continue
        long = dict(lines_for(source, flags, LONG))
        for unit in suspects:
            text = long[unit]
            slow = seconds(use, text)
            if slow <= FLOOR:
                continue
            quick = seconds(use, short[unit], ROUNDS)
            slow = min(slow, seconds(use, text, ROUNDS - 1)) if slow < 1 else slow
            if slow > quick * MOST_TIMES_LONGER:
                found.append(f"{method} on {unit!r}: {quick * 1000:.1f} ms, eight times as long {slow * 1000:.0f} ms")
                break
    return found


def slow(each: Mapping[str, Any]) -> list[str]:
    """On which texts a collected pattern is too slow."""
    longest = max(each["methods"].values(), default=0)
    judge = slow_sentences if each["where"] in READ_SENTENCES and 0 < longest <= LONGEST_SENTENCE else slow_lines
    return judge(each["source"], each["flags"], each["methods"])


def test_the_lines_find_a_pattern_that_is_quadratic() -> None:
    assert slow_lines(r"\d+\s*,\s*x", 0, ["search"])
    assert slow_lines(r"^(?:[a-z]+ )*(?:[a-z]+ )*:", 0, ["match"])
    assert not slow_lines(r"\b\d{1,3},\s?x", 0, ["search"])


def test_every_pattern_takes_linear_time() -> None:
    assert len(patterns()) > 250
    found = {f"{each['where']}: {each['source'][:120]}": lines for each in patterns() if (lines := slow(each))}
    assert found == {}


def test_no_pattern_of_the_code_is_missing() -> None:
    assert len(places()) > 100
    unseen = {f"{module}:{call.lineno}" for module, call in not_passed() if not isinstance(call.args[0], ast.Constant)}
    assert unseen == set()
    modules = {each["where"] for each in patterns()}
    assert {module for module, _ in places()} <= modules
    assert {"pipelines/programmes.py", "pipelines/reports.py", "expectations/data_docs.py"} <= modules


def test_no_other_engine_reads_texts() -> None:
    """Patterns that are not those of ``re`` would go unseen here."""
    other = re.compile(
        r"^(?:import|from) (?:regex|re2|pcre)\b|_substring_regex|extract_regex|\bimport re as|\bfrom re import"
        r"|\.str\.(?:match|contains|extract|replace)\("
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if other.search(line)
    ]
    assert found == []


if __name__ == "__main__":
    collect()

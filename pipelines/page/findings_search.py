"""The findings as the page searches them: trees of texts with what they are filtered by, as JSON.

Belongs here: which findings the page carries, and their form. Does not belong here: searching them (``page.js``) and
what the page says of them (``page``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.plain_text import one_line

Row = Mapping[str, Any]
# A finding and those below it.
Tree = tuple[Row, list[Any]]
# Bytes of JSON that a page carries; beyond it the newest reports' findings are taken.
MOST_BYTES = 3_000_000
# Characters of one text that are carried: no finding of a report is as long.
MOST_CHARACTERS = 20_000
CUT = " … (cut here: the table findings has all of it)"


@dataclass(frozen=True)
class Choice:
    """One entry of a list to pick from, and those below it."""

    value: str
    label: str
    choices: tuple["Choice", ...] = ()


@dataclass(frozen=True)
class Search:
    """What is searched. ``data``: JSON, empty where there are no findings; ``covered`` of ``total`` findings (texts
    that stand below no other) are in it; the others are what they can be filtered by."""

    data: str
    covered: int
    total: int
    forces: tuple[Choice, ...] = ()
    programmes: tuple[Choice, ...] = ()
    questions: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()

    @property
    def left_out(self) -> int:
        """Findings that the page does not carry."""
        return self.total - self.covered


@dataclass(frozen=True)
class Names:
    """What codes are called: forces by force_id, programmes, questions (programme and wording)."""

    forces: Mapping[str, str]
    programmes: Mapping[str, str]
    questions: Mapping[str, tuple[str, str]]


class _Numbers:
    """Values by the number they were first met under."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def __getitem__(self, value: str | None) -> int:
        return -1 if value is None else self.known.setdefault(value, len(self.known))


def kind_label(finding_type: str) -> str:
    """A finding_type in words."""
    return finding_type.replace("_", " ").capitalize()


def trees(rows: Sequence[Row]) -> list[Tree]:
    """The findings that stand below no other, in order, each with those below it as trees of the same form.

    A text whose parent is not there stands by itself, and so does one of a ring of parents: none is lost.
    """
    nodes: dict[str, Tree] = {row["finding_id"]: (row, []) for row in rows}
    roots = []
    for row in rows:
        if row["parent_id"] in nodes and not _in_ring(row, nodes):
            nodes[row["parent_id"]][1].append(nodes[row["finding_id"]])
        else:
            roots.append(nodes[row["finding_id"]])
    return roots


def _in_ring(row: Row, nodes: Mapping[str, Tree]) -> bool:
    met: set[str] = set()
    one: Row | None = row
    while one is not None and one["finding_id"] not in met:
        met.add(one["finding_id"])
        one = nodes[one["parent_id"]][0] if one["parent_id"] in nodes else None
    return one is not None


def findings_search(
    reports: Sequence[Row], findings: Mapping[str, Sequence[Tree]], names: Names, most_bytes: int = MOST_BYTES
) -> Search:
    """What the page carries: ``reports`` newest first, ``findings`` as trees by report_id.

    Findings are taken whole, with all below them, until ``most_bytes`` are used.
    """
    total = sum(map(len, findings.values()))
    used: tuple[_Numbers, ...] = (_Numbers(), _Numbers(), _Numbers(), _Numbers())
    forces, programmes, questions, kinds = used
    carried: list[str] = []
    of_reports: list[list[Any]] = []
    size = 0
    for report, root in _in_order(reports, findings):
        text = _json(_tree(root, kinds))
        size += len(text.encode())
        if size > most_bytes:
            break
        if not of_reports or of_reports[-1][0] != report["report_id"]:
            place = (forces[report["force_id"]], programmes[report["programme_id"]])
            of_reports.append([report["report_id"], *place, report["pillar"], one_line(report["source_file"] or "")])
        carried.append(f"{text[:-1]},{len(of_reports) - 1},{questions[root[0]['question_id']]}]")
    if not carried:
        return Search("", 0, total)
    content = {
        "forces": [[slug, one_line(names.forces.get(slug, slug))] for slug in forces.known],
        "programmes": [[one, one_line(names.programmes.get(one, one))] for one in programmes.known],
        "questions": [[one, one_line(_wording(one, names))] for one in questions.known],
        "kinds": [[one, kind_label(one)] for one in kinds.known],
        "reports": of_reports,
    }
    data = f'{_json(content)[:-1]},\n"findings":[\n' + ",\n".join(carried) + "\n]}"
    return Search(
        data,
        len(carried),
        total,
        tuple(sorted((Choice(one, names.forces.get(one, one)) for one in forces.known), key=lambda one: one.label)),
        tuple(Choice(one, names.programmes.get(one, one)) for one in programmes.known),
        _question_choices(questions.known, programmes.known, names),
        tuple(Choice(one, kind_label(one)) for one in kinds.known),
    )


def _in_order(reports: Sequence[Row], findings: Mapping[str, Sequence[Tree]]) -> Iterator[tuple[Row, Tree]]:
    return ((report, root) for report in reports for root in findings.get(report["report_id"], ()))


def _tree(node: Tree, kinds: _Numbers) -> list[Any]:
    row, below = node
    text = one_line(row["text"])
    text = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + CUT
    kind = kinds[row["finding_type"]]
    return [kind, text, row["line_start"], row["line_end"], [_tree(one, kinds) for one in below]]


def _json(content: Any) -> str:
    """JSON that stands in a script element and cannot end it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _wording(question_id: str, names: Names) -> str:
    return names.questions.get(question_id, ("", question_id))[1]


def _question_choices(known: Mapping[str, int], programmes: Mapping[str, int], names: Names) -> tuple[Choice, ...]:
    """Questions by their programme, in the order of their identifiers; those of an unknown programme last."""
    of_programme: dict[str, list[Choice]] = {programme: [] for programme in programmes}
    for one in sorted(known):
        programme = names.questions.get(one, ("", ""))[0]
        of_programme.setdefault(programme, []).append(Choice(one, _wording(one, names)))
    return tuple(
        Choice(programme, names.programmes.get(programme, programme) or "Not known", tuple(choices))
        for programme, choices in of_programme.items()
        if choices
    )

"""A force's grades over the years: a row of tiles for each judgment, and a torn edge where grades must not be compared.

Belongs here: what the drawing shows of ``grade_history`` and how it is laid out. Does not belong here: which grades may
be compared (``comparability``) and what a grade means (``schema``).

A row of tiles is the scale, best grade first, with the tile of the grade filled and the grade in words beside it.
Programmes stand on a sheet of paper; it is torn where the next must not be compared with the one before.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from textwrap import wrap
from typing import Any

import pyarrow as pa

from pipelines.comparability import programme_order
from pipelines.page import svg
from pipelines.page.picture import Picture
from pipelines.plain_text import one_line
from pipelines.schema import COMPARABLE, GRADE_HISTORY, GRADES, JUDGMENT_STATUSES, PILLARS, SCALES

KIND = "grade_tiles"
COLUMNS = (
    "Programme",
    "Question",
    "Scale",
    "Grade",
    "Place on the scale",
    "Status",
    "Comparable with the one before",
    "Report",
    "Line",
)
SAID_OF_NO_GRADE = {"ungraded": "not graded", "not_stated": "none stated"}
# A colour and its tint for each scale: they repeat what the torn edges say.
PAPERS = (
    (svg.DARK_PINK, "#F7EDF2"),
    (svg.DARK_BLUE, "#EBF1F6"),
    (svg.TURQUOISE, "#E6F4F2"),
    (svg.LIGHT_PURPLE, "#F1EDF8"),
)
NO_SCALE = (svg.DARK_GREY, "#F3F2F1")
OUTLINE = "#505A5F"

MARGIN = 10.0
LINE = 13.0
TILE, GAP = 13.0, 3.0
TILES = 5
GRADE_WIDTH = 80.0
GRADE_X = svg.WIDTH - MARGIN - GRADE_WIDTH
TILES_WIDTH = TILES * (TILE + GAP) - GAP
TILES_END = GRADE_X - 8
TILES_X = TILES_END - TILES_WIDTH
# Widths in characters: a character takes 0.56 of the size of its text, a bold one 0.6.
ACROSS = int((svg.WIDTH - 2 * MARGIN) / (0.56 * svg.SMALL))
ACROSS_BOLD = int((svg.WIDTH - 2 * MARGIN) / (0.6 * svg.TEXT))
QUESTION = int((TILES_X - 8 - MARGIN) / (0.56 * svg.SMALL))
QUESTION_BOLD = int((TILES_X - 8 - MARGIN) / (0.6 * svg.SMALL))
GRADE = int(GRADE_WIDTH / (0.6 * svg.SMALL))
QUESTION_LINES = 4
# Text beyond this is not looked at: no line of a drawing holds as much.
LONGEST = 400
TOOTH = 5.0
DOTS = "\N{HORIZONTAL ELLIPSIS}"

Row = dict[str, Any]


@dataclass(frozen=True)
class _Group:
    """Judgments of one report; ``before`` says how they stand to what the force was given before, where not as the
    programme's other judgments do; ``begins`` is what their questions begin with, where nearly all begin alike."""

    heading: str
    before: str
    begins: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Programme:
    """Judgments of one programme. ``torn``: none of them may be compared with those of the programme shown before, and
    ``break_words`` say why; ``missing`` names programmes in between of which no report is here."""

    name: str
    scales: tuple[str, ...]
    grades: tuple[str, ...]
    groups: tuple[_Group, ...]
    torn: bool
    break_words: str
    missing: tuple[str, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]


@dataclass(frozen=True)
class _World:
    """What the tables say of programmes, questions and lines, by id."""

    names: Mapping[str, str]
    scales: Mapping[str, str | None]
    grades: Mapping[str, tuple[str, ...]]
    comparability: Mapping[tuple[str, str], Row]
    numbers: Mapping[str, str]
    lines: Mapping[tuple[str, str], str]

    def name(self, programme_id: str) -> str:
        return self.names.get(programme_id, programme_id)


def grade_pictures(tables: Mapping[str, pa.Table]) -> list[Picture]:
    """A picture for each force that has judgments, in order of their names; none where there are none.

    ``tables``: the published tables by name (``schema.TABLES``)."""
    history = tables["grade_history"].to_pylist()
    if not history:
        return []
    world = _world(tables)
    forces = {row["area_code"]: (row["force_id"], row["name_hmic"]) for row in tables["forces"].to_pylist()}
    read = {row["area_code"]: (row["force_id"], row["force_name"]) for row in tables["reports"].to_pylist()}
    record: dict[str, list[Row]] = {}
    for row in history:
        record.setdefault(row["area_code"], []).append(row)
    pictures = []
    for area_code, rows in record.items():
        force_id, name = forces.get(area_code) or read.get(area_code) or (None, area_code)
        pictures.append(_picture(force_id or area_code.lower(), name, rows, world))
    return sorted(pictures, key=lambda picture: (picture.label, picture.id))


def _world(tables: Mapping[str, pa.Table]) -> _World:
    programmes = tables["programmes"].to_pylist()
    questions = tables["questions"].select(["question_id", "question_no"]).to_pylist()
    judged = tables["judgments"].select(["report_id", "question_id", "line_start", "line_end"]).to_pylist()
    return _World(
        names={row["programme_id"]: row["name"] for row in programmes},
        scales={row["programme_id"]: row["scale_id"] for row in programmes},
        grades={
            row["scale_id"]: tuple(grade.strip() for grade in row["grades"].split(";"))
            for row in programmes
            if row["scale_id"] and row["grades"]
        },
        comparability={
            (row["programme_id"], row["other_programme_id"]): row
            for row in tables["programme_comparability"].to_pylist()
        },
        numbers={row["question_id"]: row["question_no"] for row in questions},
        lines={(row["report_id"], row["question_id"]): _line_numbers(row) for row in judged},
    )


def _line_numbers(row: Row) -> str:
    first, last = row["line_start"], row["line_end"]
    return f"{first}" if first == last else f"{first}\N{EN DASH}{last}"


def _picture(force_id: str, name: str, rows: Sequence[Row], world: _World) -> Picture:
    programmes = _programmes(rows, world)
    shapes, height = _drawn(programmes)
    name = one_line(name)
    return Picture(
        id=f"grade-tiles-{force_id}",
        kind=KIND,
        subject=force_id,
        label=name,
        title=_title(name, programmes),
        subtitle=f"{_counted(len(rows), 'judgment')} in {_counted(len({row['report_id'] for row in rows}), 'report')} "
        "of the inspectorate. A row of tiles is the scale of the programme, best grade first; the filled tile is the "
        "grade",
        svg=svg.drawing(height, _alternative(name, programmes), shapes),
        alt=_alternative(name, programmes),
        notes=tuple(_notes(programmes, world)),
        columns=COLUMNS,
        rows=tuple(_table_row(programme, row, world) for programme in programmes for row in programme.rows),
        numeric=(COLUMNS[-1],),
    )


# What is shown


def _programmes(rows: Iterable[Row], world: _World) -> list[_Programme]:
    """The force's programmes in order of time, each with how it stands to the one before it."""
    in_time = sorted(rows, key=lambda row: (row["programme_order"], row["programme_id"]))
    shown: list[_Programme] = []
    earlier: list[Row] = []
    for (_, programme_id), found in groupby(in_time, key=lambda row: (row["programme_order"], row["programme_id"])):
        own = list(found)
        scales = _scales(own, world)
        same_scale = bool(shown) and shown[-1].scales == scales
        meets = {row["comparable_with_previous"] for row in own if earlier and _follows(row, earlier[0])}
        torn, words = _break(same_scale, meets) if earlier else (False, "")
        if shown and not (scales and shown[-1].scales):
            torn, words = True, "A scale is not known: do not compare"
        shown.append(
            _Programme(
                name=one_line(world.name(programme_id)),
                scales=scales,
                grades=_grade_words(scales, world),
                groups=tuple(_groups(own, earlier, world)),
                torn=torn,
                break_words=words,
                missing=tuple(_missing(earlier, own, world)),
            )
        )
        earlier = own
    return shown


def _follows(row: Row, other: Row) -> bool:
    return bool(row["previous_programme_id"] == other["programme_id"])


def _scales(rows: Iterable[Row], world: _World) -> tuple[str, ...]:
    """The scales of these grades; where none is given, that of the programme."""
    rows = list(rows)
    found = {row["scale_id"] for row in rows if row["scale_id"]} or {world.scales.get(rows[0]["programme_id"])}
    return tuple(sorted(scale for scale in found if scale))


def _grade_words(scales: Sequence[str], world: _World) -> tuple[str, ...]:
    """The grades of the one scale, best first; none where there are several or their words are not known."""
    return world.grades.get(scales[0], ()) if len(scales) == 1 else ()


def _break(same_scale: bool, meets: set[str | None]) -> tuple[bool, str]:
    """Whether the paper is torn between two programmes, and what stands there. ``meets``: what is said of comparing
    them, of judgments that follow one of the programme before."""
    if not same_scale:
        return True, "Another scale: do not compare"
    if not meets:
        return True, "Other pillars: nothing to compare"
    if "no" in meets:
        return True, "The same scale, but do not compare"
    if None in meets:
        return True, "Not known to be comparable: do not compare"
    return False, "Compare with care: see note" if "with_care" in meets else "May be compared"


def _missing(earlier: Sequence[Row], own: Sequence[Row], world: _World) -> list[str]:
    """Names of the programmes between the two, of which this force has no report here."""
    if not earlier:
        return []
    first, last = earlier[0]["programme_order"], own[0]["programme_order"]
    between = [programme_id for programme_id, place in programme_order().items() if first < place < last]
    return [one_line(world.name(programme_id)) for programme_id in between]


def _groups(rows: Sequence[Row], earlier: Sequence[Row], world: _World) -> list[_Group]:
    """Judgments by pillar and report; the overall judgment first, then in the order of their numbers."""

    def of_report(row: Row) -> tuple[int, str]:
        pillars = list(PILLARS)
        return (pillars.index(row["pillar"]) if row["pillar"] in pillars else -1, row["report_id"])

    def place(row: Row) -> tuple[Any, ...]:
        number = world.numbers.get(row["question_id"])
        return (of_report(row), number != "overall", _natural(row["question_id"]))

    reports = Counter(pillar for pillar, _ in {of_report(row) for row in rows})
    groups = []
    for key, found in groupby(sorted(rows, key=place), key=of_report):
        own = tuple(found)
        several = reports[key[0]] > 1
        heading = ": ".join([*filter(None, [(own[0]["pillar"] or "").capitalize()]), *([key[1]] if several else [])])
        follows = bool(earlier) and _follows(own[0], earlier[0])
        before = "" if follows or not earlier else _relation(own[0], world)
        groups.append(_Group(heading, before, _beginning([row["question"] for row in own]), own))
    # Where no report follows the programme before, the break says it.
    if earlier and not any(_follows(row, earlier[0]) for row in rows):
        return [one if one.rows[0]["previous_programme_id"] else replace(one, before="") for one in groups]
    return groups


def _beginning(questions: Sequence[str]) -> str:
    """The words that all questions but at most one begin with, three words or more of three questions or more; empty
    where they do not begin alike."""
    words = [one_line(question[:LONGEST]).split() for question in questions]
    enough = max(3, len(words) - 1)
    begins = ""
    for length in range(3, max(map(len, words), default=0)):
        beginnings = Counter(" ".join(one[:length]) for one in words if len(one) > length)
        found, times = max(beginnings.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if times < enough:
            break
        begins = found
    return begins


def _natural(question_id: str) -> list[tuple[int, str]]:
    """A key by which question 9 stands before question 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", question_id)]


def _relation(row: Row, world: _World) -> str:
    """How grades of this row's report stand to the programme before in its record."""
    previous = row["previous_programme_id"]
    if previous is None:
        return "none before it"
    said = {"yes": "may be compared", "with_care": "with care", "no": "do not compare"}
    return f"{one_line(world.name(previous))}: {said.get(row['comparable_with_previous'], 'not known')}"


def _title(name: str, programmes: Sequence[_Programme]) -> str:
    grades = sum(row["grade"] is not None for programme in programmes for row in programme.rows)
    scales = {scale for programme in programmes for scale in programme.scales}
    where = f"in {_counted(len(programmes), 'programme')}"
    if not grades:
        return f"{name}: no grade {where}"
    title = f"{name}: {_counted(grades, 'grade')} {where}"
    if scales:
        title += f" on {_counted(len(scales), 'scale')}"
    if len(scales) > 1:
        return f"{title}; grades of different scales are not comparable"
    return f"{title}; where the paper is torn, do not compare" if any(one.torn for one in programmes) else title


def _alternative(name: str, programmes: Sequence[_Programme]) -> str:
    parts = []
    for programme in programmes:
        counts = Counter(_words(row)[0] for row in programme.rows)
        order = [*GRADES, *SAID_OF_NO_GRADE.values()]
        words = sorted(counts, key=lambda word: (order.index(word) if word in order else len(order), word))
        said = ", ".join(f"{counts[word]} {word.lower()}" for word in words)
        parts.append(
            f"{programme.break_words}. {programme.name}: {said}"
            if programme.break_words
            else f"{programme.name}: {said}"
        )
    return f"Grades of {name} by programme, in order of time. {'. '.join(parts)}."


def _notes(programmes: Sequence[_Programme], world: _World) -> list[str]:
    rows = [row for programme in programmes for row in programme.rows]
    statuses = {row["judgment_status"] for row in rows} - {"graded"}
    notes = [*GRADE_HISTORY.warnings]
    notes += [f"{_spaced(one).capitalize()}: {JUDGMENT_STATUSES[one]}." for one in JUDGMENT_STATUSES if one in statuses]
    pairs = {(row["programme_order"], row["programme_id"], row["previous_programme_id"]) for row in rows}
    for _, programme_id, previous in sorted(pair for pair in pairs if pair[2]):
        known = world.comparability.get((programme_id, previous)) or world.comparability.get((previous, programme_id))
        if known and known["note"]:
            said = COMPARABLE.get(known["comparable"], "not known to be comparable")
            source = f" ({known['source']})" if known["source"] else ""
            notes.append(
                one_line(f"{world.name(programme_id)} with {world.name(previous)}: {said}. {known['note']}{source}.")
            )
    return notes


def _table_row(programme: _Programme, row: Row, world: _World) -> tuple[str, ...]:
    rank, grades = row["grade_rank"], row["grades_in_scale"]
    return (
        programme.name,
        one_line(row["question"]),
        SCALES.get(row["scale_id"], row["scale_id"] or ""),
        one_line(row["grade"] or ""),
        f"{rank} of {grades}" if rank and grades else "",
        _spaced(row["judgment_status"]),
        _relation(row, world),
        row["report_id"],
        world.lines.get((row["report_id"], row["question_id"]), ""),
    )


def _spaced(status: str) -> str:
    return status.replace("_", " ")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _words(row: Row) -> list[str]:
    """What stands beside the tiles: the grade as printed, or why there is none; then what else is to be known."""
    said = row["grade"] or SAID_OF_NO_GRADE.get(row["judgment_status"], "none given")
    return [said, "carried forward"] if row["judgment_status"] == "carried_forward" else [said]


# How it is drawn


class _Paper:
    """Shapes of the drawing from top to bottom; ``y`` is where the next one stands."""

    def __init__(self) -> None:
        self.shapes: list[svg.Element] = []
        self.y = 0.0

    def lines(self, x: float, words: Sequence[str], **attributes: str | float) -> None:
        """Lines of small text below each other, and y below them."""
        if words:
            self.shapes.append(_lines(x, self.y + svg.SMALL, words, **attributes))
            self.y += LINE * len(words)


def _drawn(programmes: Sequence[_Programme]) -> tuple[list[svg.Element], float]:
    """The drawing and its height: a sheet of paper for each run of programmes that nothing tears."""
    sheets: list[list[_Programme]] = []
    for programme in programmes:
        if programme.torn or not sheets:
            sheets.append([])
        sheets[-1].append(programme)
    paper = _Paper()
    for number, sheet in enumerate(sheets):
        if number:
            _gap(paper, sheet[0])
        top, under = paper.y, len(paper.shapes)
        paper.y += MARGIN if not number else MARGIN + TOOTH
        for place, programme in enumerate(sheet):
            if place:
                _rule(paper, programme)
            _programme(paper, programme)
        torn_below = number + 1 < len(sheets)
        paper.y += 2 + (TOOTH if torn_below else 0)
        # The sheet itself lies under what stands on it.
        paper.shapes.insert(under, _sheet(top, paper.y, number > 0, torn_below, _colours(sheet[0])[1]))
    return [svg.group(paper.shapes, font_size=svg.SMALL, fill=svg.INK)], paper.y


def _colours(programme: _Programme) -> tuple[str, str]:
    if len(programme.scales) != 1 or programme.scales[0] not in SCALES:
        return NO_SCALE
    return PAPERS[list(SCALES).index(programme.scales[0]) % len(PAPERS)]


def _sheet(top: float, bottom: float, torn_above: bool, torn_below: bool, fill: str) -> svg.Element:
    """A sheet of paper across the drawing; a torn edge is a zigzag. The edges that are not torn lie outside the
    drawing, so that one outline does for colour and ink."""
    teeth, size = int(svg.WIDTH / TOOTH / 2) + 2, svg.number(TOOTH)
    left, right = -2 * TOOTH, (2 * teeth - 2) * TOOTH
    there = "l" + " ".join([f"{size} {size} {size}-{size}"] * teeth)
    back = "l" + " ".join([f"-{size} {size}-{size}-{size}"] * teeth)
    outline = f"M{svg.number(left)} "
    outline += f"{svg.number(top)}{there}" if torn_above else f"{svg.number(top - TOOTH)}H{svg.number(right)}"
    low = bottom - TOOTH if torn_below else bottom + TOOTH
    outline += f"V{svg.number(low)}" + (back if torn_below else f"H{svg.number(left)}")
    return svg.shape("path", d=f"{outline}Z", fill=fill, stroke=svg.INK, stroke_width=1.5)


def _gap(paper: _Paper, programme: _Programme) -> None:
    """The white space between two sheets, and why they are torn."""
    paper.y += 9
    middle = svg.WIDTH / 2
    paper.shapes.append(
        svg.text(middle, paper.y + svg.TEXT, programme.break_words, font_weight="bold", text_anchor="middle")
    )
    paper.y += LINE + 4
    paper.lines(middle, _missing_words(programme), text_anchor="middle")
    paper.y += 7


def _rule(paper: _Paper, programme: _Programme) -> None:
    """A thin line between two programmes of one sheet, and how they may be compared."""
    paper.y += 2
    paper.shapes.append(_line(MARGIN, svg.WIDTH - MARGIN, paper.y, OUTLINE))
    paper.y += 5
    words = [programme.break_words, *_missing_words(programme)]
    paper.lines(MARGIN, words, font_style="italic")
    paper.y += 8


def _missing_words(programme: _Programme) -> list[str]:
    if not programme.missing:
        return []
    return _wrapped(f"In between, no report here of: {'; '.join(programme.missing)}", ACROSS - 4, 6)


def _programme(paper: _Paper, programme: _Programme) -> None:
    """A programme: its name, its scale in words, and its judgments."""
    for line in _wrapped(programme.name, ACROSS_BOLD, 3):
        paper.shapes.append(svg.text(MARGIN, paper.y + svg.TEXT, line, font_weight="bold"))
        paper.y += LINE + 2
    paper.lines(MARGIN, _scale_words(programme))
    paper.y += 6
    tiles = max([len(programme.grades), *(row["grades_in_scale"] or 0 for row in programme.rows)])
    for number, group in enumerate(programme.groups):
        _heading(paper, group, tiles if not number else 0)
        for row in group.rows:
            _judgment(paper, row, tiles, programme, group.begins)
        paper.y += 2


def _scale_words(programme: _Programme) -> list[str]:
    """The scale with the places of its grades; a place and its grade stay on one line."""
    if programme.grades:
        numbered = [f"{place}\N{NO-BREAK SPACE}{_unbroken(one)}" for place, one in enumerate(programme.grades, start=1)]
        return _wrapped(" \N{MIDDLE DOT} ".join(numbered), ACROSS, 4)
    said = "; ".join(SCALES.get(scale, scale) for scale in programme.scales)
    return _wrapped(said or "its scale is not known", ACROSS, 4)


def _unbroken(grade: str) -> str:
    return grade.replace(" ", "\N{NO-BREAK SPACE}")


def _heading(paper: _Paper, group: _Group, places: int) -> None:
    """The pillar, and above the first row of tiles the places on the scale."""
    if places:
        tile, _ = _tile(places)
        for place in range(places if tile >= 2 * svg.SMALL * 0.56 else 0):
            paper.shapes.append(
                svg.text(
                    _tile_x(place, places) + tile / 2,
                    paper.y + svg.SMALL,
                    str(place + 1),
                    svg.SMALL,
                    text_anchor="middle",
                )
            )
    heading = _wrapped(group.heading, QUESTION_BOLD, 3)
    before = _wrapped(group.before, QUESTION, 3)
    paper.lines(MARGIN, heading, font_weight="bold")
    paper.lines(MARGIN, before, font_style="italic")
    begins = _wrapped(f"{group.begins} {DOTS}", QUESTION, QUESTION_LINES) if group.begins else []
    paper.lines(MARGIN, begins)
    if places and not heading and not before and not begins:
        paper.y += LINE
    paper.y += 3


def _judgment(paper: _Paper, row: Row, tiles: int, programme: _Programme, begins: str) -> None:
    """A question (without what stands above all of them), its tiles and its grade in words."""
    overall = row["question_id"].endswith("-overall")
    asked = one_line(row["question"][:LONGEST])
    if begins and asked.startswith(f"{begins} "):
        asked = f"{DOTS} {asked.removeprefix(begins).strip()}"
    question = _wrapped(asked, QUESTION_BOLD if overall else QUESTION, QUESTION_LINES)
    grade, *more = _words(row)
    said = _wrapped(grade, GRADE, 3)
    bold: dict[str, str | float] = {"font_weight": "bold"}
    y = paper.y + svg.SMALL
    paper.shapes.append(_lines(MARGIN, y, question, **(bold if overall else {})))
    paper.shapes += _tiles(paper.y, row, tiles, _colours(programme)[0])
    paper.shapes.append(_lines(GRADE_X, y, said, **(bold if row["grade"] else {})))
    below = [line for words in more for line in _wrapped(words, GRADE, 2)]
    if below:
        paper.shapes.append(_lines(GRADE_X, y + LINE * len(said), below))
    paper.y += LINE * max(len(question), len(said) + len(below), 1) + 7


def _tiles(y: float, row: Row, tiles: int, colour: str) -> list[svg.Element]:
    """The scale of a row with the grade's tile filled (hatched: of an earlier inspection); one open, dashed tile where
    a grade belongs and none is known; a line where the question is not graded."""
    rank, grades = row["grade_rank"] or 0, row["grades_in_scale"] or 0
    if row["judgment_status"] == "ungraded" and row["grade"] is None:
        return [_line(_tile_x(0, tiles or TILES), TILES_END, y + TILE / 2, OUTLINE)]
    if not 1 <= rank <= grades:
        box = svg.shape(
            "path", d=_box(_tile_x(0, tiles or TILES), y, _scale_width(tiles or TILES)), fill=svg.PAPER, stroke=OUTLINE
        )
        box.set("stroke-dasharray", "3 2")
        return [box]
    tile, _ = _tile(grades)
    others = "".join(_box(_tile_x(place, grades), y, tile) for place in range(grades) if place != rank - 1)
    x = _tile_x(rank - 1, grades)
    shapes = [svg.shape("path", d=others, fill=svg.PAPER, stroke=OUTLINE)]
    if row["judgment_status"] == "carried_forward":
        half, whole = svg.number(tile / 2), svg.number(tile)
        hatch = f"M{svg.number(x)} {svg.number(y + TILE / 2)}l{half} -{svg.number(TILE / 2)}"
        hatch += f"M{svg.number(x)} {svg.number(y + TILE)}l{whole} -{svg.number(TILE)}"
        hatch += f"M{svg.number(x + tile / 2)} {svg.number(y + TILE)}l{half} -{svg.number(TILE / 2)}"
        shapes.append(svg.shape("path", d=_box(x, y, tile) + hatch, fill=svg.PAPER, stroke=colour, stroke_width=2))
    else:
        shapes.append(svg.shape("path", d=_box(x, y, tile), fill=colour, stroke=svg.INK))
    return shapes


def _tile(tiles: int) -> tuple[float, float]:
    """Width of a tile and of the gap after it: narrower where a scale has more grades than the drawing has room for."""
    if tiles <= TILES:
        return TILE, GAP
    each = (TILES_WIDTH + GAP) / tiles
    return each * TILE / (TILE + GAP), each * GAP / (TILE + GAP)


def _tile_x(place: int, tiles: int) -> float:
    return TILES_END - _scale_width(tiles) + place * sum(_tile(tiles))


def _scale_width(tiles: int) -> float:
    tile, gap = _tile(tiles)
    return tiles * (tile + gap) - gap


def _box(x: float, y: float, width: float) -> str:
    return f"M{svg.number(x)} {svg.number(y)}h{svg.number(width)}v{svg.number(TILE)}h-{svg.number(width)}z"


def _line(start: float, end: float, y: float, stroke: str) -> svg.Element:
    return svg.shape("path", d=f"M{svg.number(start)} {svg.number(y)}H{svg.number(end)}", stroke=stroke)


def _lines(x: float, y: float, lines: Sequence[str], **attributes: str | float) -> svg.Element:
    """Lines of text below each other as one element, of the size and colour of what it stands in."""
    element = svg.shape("text", x=x, y=y, **attributes)
    for number, line in enumerate(lines):
        if number:
            part = svg.shape("tspan", x=x, dy=LINE)
            element.append(part)
        else:
            part = element
        part.text = one_line(line)
    return element


def _wrapped(words: str, width: int, lines: int) -> list[str]:
    """The words in lines of at most ``width`` characters, cut with dots after ``lines`` of them."""
    return wrap(
        words[:LONGEST] if len(words) > LONGEST else words,
        width,
        max_lines=lines,
        placeholder=f" {DOTS}",
    )

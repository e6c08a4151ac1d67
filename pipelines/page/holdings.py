"""What each report holds and what it lacks: its numbered figures, and how many rows of each kind were read from it.

Belongs here: what the drawing shows of ``reports``, ``figures`` and the tables taken from reports. Does not belong
here: reading them (``pipelines.extract``).

A figure is a tile with its number: full, part full, or empty with a dashed edge where the text holds no numbers of it.
Many reports are shown together, a block a programme, with a bar a figure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

import pyarrow as pa

from pipelines.comparability import programme_order
from pipelines.page import svg
from pipelines.page.picture import Picture
from pipelines.plain_text import one_line
from pipelines.schema import FIGURES, REPORTS, TABLES

KIND = "holdings"
Tables = Mapping[str, pa.Table]

# Reports that are shown one by one.
MOST_REPORTS = 40
# The tables whose rows are counted, and what the rows are called.
COUNTED = {
    "judgments": ("judgment", "judgments"),
    "findings": ("finding", "findings"),
    "statistics": ("figure in prose", "figures in prose"),
    "band_statements": ("comparison", "comparisons"),
    "annex_rules": ("rule of the annex", "rules of the annex"),
    "grade_distributions": ("national grade count", "national grade counts"),
}
STATUSES = ("table", "partial", "not_in_text")
SHORT = {"table": "all its data", "partial": "part of it", "not_in_text": "none in the text"}
COLUMNS = (
    "Report",
    "Figures with all their data",
    "with part of it",
    "with none",
    *(many.capitalize() for _, many in COUNTED.values()),
)

LINE = 14.0
# Characters of a heading's line; text beyond the second number is not looked at.
HEADING, LONGEST = int(svg.WIDTH / (svg.BOLD_CHARACTER * svg.TEXT)), 400
TILE, GAP = 20.0, 4.0
ACROSS = int((svg.WIDTH + GAP) // (TILE + GAP))
BAR_LEFT, BAR_RIGHT = 64.0, 236.0
BAR = 12.0


@dataclass(frozen=True)
class Holding:
    """A report, or the reports of a programme. ``figures``: of each number, how many reports have it in each status;
    ``counts``: rows by table; ``remark``: why little or nothing was read."""

    name: str
    reports: int
    figures: Mapping[int, Counter[str]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    remark: str = ""


def holdings_pictures(tables: Tables) -> list[Picture]:
    """One picture of all reports of the release; none where there is no report."""
    reports = tables["reports"].to_pylist() if "reports" in tables else []
    if not reports:
        return []
    order = programme_order()
    reports.sort(
        key=lambda row: (order.get(row["programme_id"], 0), row["programme_id"], row["force_name"], row["report_id"])
    )
    figures: dict[str, dict[int, str]] = {}
    for row in _columns(tables, "figures", "report_id", "figure", "data_status"):
        figures.setdefault(row["report_id"], {})[row["figure"]] = row["data_status"]
    rows = {name: _counts(tables, name) for name in COUNTED}
    names = {row["programme_id"]: row["name"] for row in _columns(tables, "programmes", "programme_id", "name")}
    singles = [_of_report(row, names, figures.get(row["report_id"], {}), rows) for row in reports]
    together = len(singles) > MOST_REPORTS
    programmes = [names.get(row["programme_id"], row["programme_id"]) for row in reports]
    shown = list(_of_programmes(programmes, singles)) if together else singles
    return [_picture(singles, shown, together)]


def _columns(tables: Tables, name: str, *columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tables[name].select(list(columns)).to_pylist() if name in tables else []
    return rows


def _counts(tables: Tables, name: str) -> Counter[str]:
    """Rows by report; of findings those below no other, or a text would be counted with each of its bullets."""
    if "parent_id" not in TABLES[name].column_names:
        return Counter(row["report_id"] for row in _columns(tables, name, "report_id"))
    rows = _columns(tables, name, "report_id", "parent_id")
    return Counter(row["report_id"] for row in rows if row["parent_id"] is None)


def _of_report(
    row: Mapping[str, str], names: Mapping[str, str], figures: Mapping[int, str], rows: Mapping[str, Counter[str]]
) -> Holding:
    programme = names.get(row["programme_id"], row["programme_id"])
    pillar = f", {row['pillar']}" if row["pillar"] else ""
    return Holding(
        name=one_line(f"{row['force_name']}: {programme}{pillar}"),
        reports=1,
        figures={number: Counter([figures[number]]) for number in sorted(figures)},
        counts={name: of[row["report_id"]] for name, of in rows.items()},
        remark="" if row["extraction"] == "extracted" else _extraction(row["extraction"]),
    )


def _extraction(value: str) -> str:
    allowed = next(column.allowed or {} for column in REPORTS.columns if column.name == "extraction")
    return allowed.get(value, value)


def _of_programmes(programmes: Sequence[str], singles: Sequence[Holding]) -> Iterator[Holding]:
    """The reports of each programme together, in the order in which the programmes stand."""
    for programme in dict.fromkeys(programmes):
        own = [single for name, single in zip(programmes, singles, strict=True) if name == programme]
        figures: dict[int, Counter[str]] = {}
        counts: Counter[str] = Counter()
        for single in own:
            counts.update(single.counts)
            for number, statuses in single.figures.items():
                figures.setdefault(number, Counter()).update(statuses)
        remarks = Counter(single.remark for single in own if single.remark)
        yield Holding(
            name=one_line(f"{programme}: {_plural(len(own), 'report')}"),
            reports=len(own),
            figures=dict(sorted(figures.items())),
            counts=counts,
            remark="; ".join(f"{times} of {len(own)}: {remark}" for remark, times in sorted(remarks.items())),
        )


def _picture(singles: Sequence[Holding], shown: Sequence[Holding], together: bool) -> Picture:
    title = _title(singles)
    notes = [f"{SHORT[status].capitalize()}: {_meaning(status)}." for status in STATUSES if _statuses(singles)[status]]
    notes.append("A report without numbered figures may print its numbers in its sentences alone.")
    if together:
        notes.append(f"More than {MOST_REPORTS} reports: a block stands for all reports of a programme.")
    return Picture(
        id=KIND,
        kind=KIND,
        subject="",
        label="What each report holds and lacks",
        title=title,
        subtitle="Numbered figures, and rows read, of each " + ("programme" if together else "report"),
        svg=_drawing(shown, together, f"{title}. The table says it of each {'programme' if together else 'report'}."),
        alt=title,
        notes=tuple(one_line(note) for note in notes),
        columns=COLUMNS if not together else ("Reports of a programme", *COLUMNS[1:]),
        rows=tuple(_row(one) for one in shown),
        numeric=COLUMNS[1:],
    )


def _meaning(status: str) -> str:
    allowed = next(column.allowed or {} for column in FIGURES.columns if column.name == "data_status")
    return allowed[status]


def _statuses(holdings: Iterable[Holding]) -> Counter[str]:
    return sum((of for one in holdings for of in one.figures.values()), Counter())


def _title(singles: Sequence[Holding]) -> str:
    statuses = _statuses(singles)
    total = statuses.total()
    said = f"{_plural(len(singles), 'report')}"
    if not total:
        return f"{said}, none with a numbered figure"
    parts = [
        f"{statuses['table']} {'carries' if statuses['table'] == 1 else 'carry'} all their data",
        f"{statuses['partial']} part of it",
        f"{statuses['not_in_text']} none that the text holds",
    ]
    return f"{said}; of {_plural(total, 'numbered figure')}, {parts[0]}, {parts[1]} and {parts[2]}"


def _plural(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _row(one: Holding) -> tuple[str, ...]:
    statuses = _statuses([one])
    name = f"{one.name} ({one.remark})" if one.remark else one.name
    return (
        name,
        *(_figures(one, status, statuses[status]) for status in STATUSES),
        *(f"{one.counts.get(table, 0):,}" for table in COUNTED),
    )


def _figures(one: Holding, status: str, total: int) -> str:
    """How many figures there are in a status; of a report alone also which."""
    which = ", ".join(str(number) for number, statuses in one.figures.items() if statuses[status])
    return f"{total:,} ({which})" if which and one.reports == 1 else f"{total:,}"


def _drawing(shown: Sequence[Holding], together: bool, alt: str) -> str:
    shapes = list(_key())
    top = 34.0
    for one in shown:
        block, height = _block(one, together)
        shapes.append(svg.group(block, transform=f"translate(0 {svg.number(top)})"))
        top += height
    return svg.drawing(top, alt, shapes)


def _key() -> Iterator[svg.Element]:
    """What the tiles mean, in one line above all."""
    x = 0.0
    for status in STATUSES:
        yield from _tile(x, 0.0, "n", status)
        words = SHORT[status]
        yield svg.text(x + TILE + 5, 14, words, svg.SMALL)
        x += TILE + 14 + svg.width_of(words, svg.SMALL)


def _block(one: Holding, together: bool) -> tuple[list[svg.Element], float]:
    """The shapes of a report (or programme) from 0 downwards, and how high they stand."""
    shapes = [svg.shape("path", d=f"M0 .5H{svg.WIDTH}", stroke=svg.RULE)]
    y = 2.0
    for words in wrap(one.name[:LONGEST], HEADING, max_lines=2, placeholder=" \N{HORIZONTAL ELLIPSIS}"):
        y += LINE
        shapes.append(svg.text(0, y, words, font_weight="bold"))
    y += 8
    if together:
        for number, statuses in one.figures.items():
            shapes += _bar(y, number, statuses)
            y += LINE + 2
    else:
        for place, (number, statuses) in enumerate(one.figures.items()):
            line, column = divmod(place, ACROSS)
            shapes += _tile(column * (TILE + GAP), y + line * (TILE + GAP), str(number), next(iter(statuses)))
        y += -(-len(one.figures) // ACROSS) * (TILE + GAP)
    for words in _words(one):
        y += LINE
        shapes.append(svg.text(0, y, svg.fit(words, svg.WIDTH, svg.SMALL), svg.SMALL, fill=svg.DARK_GREY))
    return shapes, y + 12


def _words(one: Holding) -> Iterator[str]:
    """What else there is of it, in lines that fit."""
    if one.remark:
        yield one.remark
    if not one.figures:
        yield "no numbered figures"
    line = ""
    for said in [_counted(one.counts[table], table) for table in COUNTED if one.counts.get(table)]:
        longer = f"{line} \N{MIDDLE DOT} {said}" if line else said
        if svg.width_of(longer, svg.SMALL) > svg.WIDTH:
            yield line
            longer = said
        line = longer
    yield line or "no rows were read from it"


def _counted(rows: int, table: str) -> str:
    return f"{rows:,} {COUNTED[table][rows != 1]}"


def _tile(x: float, y: float, words: str, status: str) -> Iterator[svg.Element]:
    """A figure's tile: how full it is says how much of it is there, and so does its edge."""
    place = {"x": x + 0.5, "y": y + 0.5, "width": TILE - 1, "height": TILE - 1}
    if status == "table":
        yield svg.shape("rect", **place, fill=svg.DARK_BLUE, stroke=svg.DARK_BLUE)
    else:
        dash = {"stroke_dasharray": "3 2"} if status == "not_in_text" else {}
        yield svg.shape("rect", **place, fill=svg.PAPER, stroke=svg.DARK_BLUE, **dash)
    if status == "partial":
        yield svg.shape("rect", x=x + 0.5, y=y + TILE - 6, width=TILE - 1, height=5.5, fill=svg.DARK_BLUE)
    fill = svg.PAPER if status == "table" else svg.INK
    base = y + (12 if status == "partial" else 14)
    yield svg.text(x + TILE / 2, base, words, svg.SMALL, fill=fill, text_anchor="middle", font_weight="bold")


def _bar(y: float, number: int, statuses: Counter[str]) -> Iterator[svg.Element]:
    """Of how many reports a figure is all there, in part, or lost: a bar in three parts, and the three numbers."""
    yield svg.text(0, y + 10, f"figure {number}", svg.SMALL)
    scale = (BAR_RIGHT - BAR_LEFT) / statuses.total()
    x = BAR_LEFT
    for status in STATUSES:
        width = statuses[status] * scale
        if not width:
            continue
        place = {"x": x, "y": y, "width": width, "height": BAR}
        if status == "partial":
            yield svg.shape("rect", **place, fill=svg.PAPER, stroke=svg.DARK_BLUE)
            yield svg.shape("rect", x=x, y=y + BAR / 2, width=width, height=BAR / 2, fill=svg.DARK_BLUE)
        elif status == "table":
            yield svg.shape("rect", **place, fill=svg.DARK_BLUE, stroke=svg.DARK_BLUE)
        else:
            yield svg.shape("rect", **place, fill=svg.PAPER, stroke=svg.DARK_BLUE, stroke_dasharray="3 2")
        x += width
    words = f"{statuses['table']:,} / {statuses['partial']:,} / {statuses['not_in_text']:,}"
    yield svg.text(svg.WIDTH, y + 10, words, svg.SMALL, text_anchor="end")

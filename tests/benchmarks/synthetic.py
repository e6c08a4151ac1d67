"""Reports made up from facts: every force, as many rounds as are wanted, in both layouts of the 2016 reports.

python tests/benchmarks/synthetic.py NUMBER FOLDER [--seed SEED] [--length TIMES] [--code CODE]

Belongs here: the facts of a round and of a report (``Round``, ``Facts``), which agree with each other as those of real
reports do, and their order on paper (``blocks``). Does not belong here: the words (``synthetic_words``), how blocks
become lines (``synthetic_layouts``) and timings (``bench``).

A report id is force and year, so 43 reports fill a round. Printed tables are known of the round of 2016 only. For more
than 43 reports ``code_with_rounds`` copies the code's packages to a folder and repeats the rows of peel-2016 in the
copy's reference files for each further year: the code is the same, and every process that runs from the folder, however
it is started, knows the rounds. Without the copy further rounds would only be registered, not extracted.
"""

import argparse
import csv
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import synthetic_words as words
from synthetic_layouts import LAYOUTS, Block, lines_of

from pipelines.questions import questions_of
from pipelines.reference import load
from pipelines.vocabulary import PrintedTable, printed_tables

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pipelines", "expectations", "assets")
FIRST_YEAR = 2016
# Rounds of other years that the reference files know already, with other questions or without tables.
OTHER_PROGRAMMES = {2014, 2015, 2017}
TABLES: Mapping[str, PrintedTable] = {table.table_name: table for table in printed_tables("peel-2016")}
QUESTIONS = questions_of("peel-2016", "effectiveness")
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
FORCES = tuple(row for row in load("forces") if row["area_type"] == "police_force_area")
NATIONAL = "K04000001"

# What a typical force's tables show; the forces of a round lie around these.
SHARES = {
    "charged_summonsed": 12.1,
    "taken_into_consideration": 0.6,
    "caution_youths": 0.5,
    "caution_adults": 2.3,
    "penalty_notices_for_disorder": 0.7,
    "cannabis_khat_warning": 0.9,
    "community_resolution": 2.8,
    "prosecution_prevented": 1.6,
    "evidential_suspect_identified_victim_supports": 8.3,
    "evidential_suspect_identified_victim_does_not_support": 10.6,
    "evidential_suspect_not_identified": 3.2,
    "no_suspect_identified": 47.4,
    "action_by_another_body": 0.7,
    "further_investigation_not_in_public_interest": 0.4,
    "not_yet_assigned": 7.9,
}
DOMESTIC_ABUSE_RATES = {
    "charged_summonsed": 23.2,
    "caution_adults": 5.6,
    "caution_youths": 0.4,
    "community_resolution": 1.4,
    "evidential_victim_supports": 24.1,
    "evidential_victim_does_not_support": 35.4,
}
CRIME_RATES = {"sexual_offences": 1.9, "assault_with_injury": 7.0, "burglary_in_a_dwelling": 8.1}
# Shares of the pies of figure 10.
PIES = ("Drug activity", "Economic crime", "Sexual offences", "Violent criminal activity", "Other")


@dataclass(frozen=True)
class Stated:
    """A figure that the prose states. ``value`` is unsigned; ``direction`` as in table statistics."""

    measure_id: str
    area_code: str
    value: float
    direction: str | None = None


@dataclass(frozen=True)
class Finding:
    """A finding as it must be read: its type (``findings.finding_type``), question, text; ``parts``: its points."""

    finding_type: str
    question_no: str
    text: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Round:
    """What all reports of a year share. ``tables``: table, area code, row to the printed number (None: printed without
    one). ``measures``: measure, area code to the value of the prose. ``left_out``: figure to area codes."""

    year: int
    tables: Mapping[str, Mapping[str, Mapping[str, str | None]]]
    measures: Mapping[str, Mapping[str, float]]
    left_out: Mapping[int, tuple[str, ...]]
    partial: tuple[str, ...]
    pilot: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What one report says. ``tables``: table, (row, is England and Wales) to the printed number."""

    report_id: str
    force: Mapping[str, str]
    year: int
    layout: str
    tables: Mapping[str, Mapping[tuple[str, bool], str | None]]
    grades: Mapping[str, str]
    stated: tuple[Stated, ...]
    findings: tuple[Finding, ...]
    left_out: Mapping[int, tuple[str, ...]]
    text: str


def years() -> Iterator[int]:
    """Years of rounds, the known one first."""
    return (year for year in range(FIRST_YEAR, 2100) if year not in OTHER_PROGRAMMES)


def made(number: int, seed: int = 1, length: float = 1.0) -> Iterator[Facts]:
    """The first ``number`` reports, in the order of ``planned``."""
    for force, year, layout in planned(number):
        yield one_report(force, year, layout, seed, length)


def planned(number: int) -> Iterator[tuple[Mapping[str, str], int, str]]:
    """Force, year and layout of each report: round after round, the layouts in turn, a force's changing every year."""
    order = ((year, place) for year in years() for place in range(len(FORCES)))
    for index, (year, place) in zip(range(number), order, strict=False):
        yield FORCES[place], year, LAYOUTS[(index // len(FORCES) + place) % 2]


def one_report(force: Mapping[str, str], year: int, layout: str, seed: int = 1, length: float = 1.0) -> Facts:
    """One report. ``length``: how much prose stands around its facts (1 as in the samples, 4 as in real reports)."""
    own_round = round_of(year, seed)
    rng = random.Random(f"{seed}/{year}/{force['force_id']}")
    facts = Writer(force, own_round, layout, rng, length)
    blocks = facts.blocks()
    return Facts(
        report_id=f"{force['force_id']}-{year}-effectiveness",
        force=force,
        year=year,
        layout=layout,
        tables=facts.tables(),
        grades=facts.grades,
        stated=tuple(facts.stated),
        findings=tuple(facts.findings),
        left_out=own_round.left_out,
        text="\n".join(lines_of(blocks, layout, rng)) + "\n",
    )


# --- the facts of a round -------------------------------------------------------------------------------------------


@cache
def round_of(year: int, seed: int) -> Round:
    """The facts that the reports of a year share."""
    rng = random.Random(f"{seed}/{year}")
    codes = [force["area_code"] for force in FORCES]
    excluded = rng.sample(codes, 12)
    left_out = {
        4: (excluded[0],),
        5: (excluded[0],),
        6: tuple(sorted(excluded[1:6])),
        7: tuple(sorted(excluded[6:9])),
        8: tuple(sorted((excluded[0], excluded[9]))),
        9: (excluded[10],),
        10: (excluded[11],),
    }
    others = rng.sample([code for code in codes if code not in excluded], 5)
    blank = rng.random() < 0.5
    tables = {
        "outcome_proportions": {code: _shares(rng, code == NATIONAL, blank) for code in (NATIONAL, *codes)},
        "domestic_abuse_outcomes": {
            code: {row: f"{_near(rng, rate, code == NATIONAL):.1f}" for row, rate in DOMESTIC_ABUSE_RATES.items()}
            for code in (NATIONAL, *codes)
        },
        "crime_rates": {code: _crime_rates(rng, code == NATIONAL) for code in (NATIONAL, *codes)},
    }
    measures = {
        name: {code: _value(rng, measure, code == NATIONAL) for code in (NATIONAL, *codes)}
        for name, measure in words.MEASURES.items()
    }
    for name, figure in (("vulnerable_victim_share", 6), ("domestic_abuse_arrest_rate", 7)):
        for code in left_out[figure]:
            del measures[name][code]
    shown = [value for code, value in measures["vulnerable_victim_share"].items() if code != NATIONAL]
    measures["vulnerable_victim_share_lowest_force"] = {NATIONAL: min(shown)}
    measures["vulnerable_victim_share_highest_force"] = {NATIONAL: max(shown)}
    satisfied = measures["victim_satisfaction_whole_experience"]
    satisfied[NATIONAL] = round(sum(satisfied[code] for code in codes) / len(codes), 1)
    rising = sum(measures["recorded_crime_change"][code] > 0 for code in codes)
    measures["forces_with_recorded_crime_increase"] = {NATIONAL: rising}
    for code in (NATIONAL, *codes):
        printed = tables["outcome_proportions"][code]["evidential_victim_does_not_support"]
        measures["evidential_difficulties_victim_does_not_support"][code] = float(printed or 0)
    return Round(year, tables, measures, left_out, tuple(sorted(others[:2])), tuple(sorted(others[2:])))


def _near(rng: random.Random, typical: float, is_national: bool) -> float:
    return typical * (1 if is_national else rng.lognormvariate(0, 0.3)) * rng.uniform(0.97, 1.03)


def _value(rng: random.Random, measure: words.Measure, is_national: bool) -> float:
    if measure.is_change:
        value = round(rng.gauss(measure.typical, 2 if is_national else 6), measure.decimals)
        return value or 1.0
    value = measure.typical + (0 if is_national else rng.gauss(0, measure.typical * measure.spread))
    return round(max(value, measure.typical * 0.2), measure.decimals)


def _shares(rng: random.Random, is_national: bool, blank: bool) -> dict[str, str | None]:
    """A column of figure 4: shares that add to 100 before they are rounded; groups are summed before, too."""
    table = TABLES["outcome_proportions"]
    weights = {leaf: _near(rng, share, is_national) for leaf, share in SHARES.items()}
    values = {leaf: 100 * weight / sum(weights.values()) for leaf, weight in weights.items()}
    parents = {row.row_id: row.parent_id for row in table.rows}
    for group in [row.row_id for row in table.rows if row.row_type == "group"]:
        values[group] = sum(values[leaf] for leaf in SHARES if parents[leaf] == group)
    values["total_assigned"] = 100 - values["not_yet_assigned"]
    printed: dict[str, str | None] = {row_id: f"{value:.1f}" for row_id, value in values.items()}
    for row in table.rows:
        if row.may_be_blank and blank:
            printed[row.row_id] = None
    return {row.row_id: "100.00" if row.row_id == "total" else printed[row.row_id] for row in table.rows}


def _crime_rates(rng: random.Random, is_national: bool) -> dict[str, str | None]:
    recorded = _near(rng, 68.2, is_national)
    rates = {"recorded_crime_excluding_fraud": recorded, "victim_based_crime": recorded * rng.uniform(0.85, 0.92)}
    rates |= {row: _near(rng, rate, is_national) for row, rate in CRIME_RATES.items()}
    return {row: f"{rate:.1f}" for row, rate in rates.items()}


# --- one report -----------------------------------------------------------------------------------------------------


class Writer:
    """The blocks of one report; what is stated on the way is kept in ``stated``, ``grades`` and ``findings``."""

    def __init__(
        self, force: Mapping[str, str], own_round: Round, layout: str, rng: random.Random, length: float
    ) -> None:
        self.force, self.round, self.layout, self.rng, self.length = force, own_round, layout, rng, length
        self.stated: list[Stated] = []
        self.findings: list[Finding] = []
        self.grades = {
            question.number: rng.choices(GRADES, (1, 5, 3, 1))[0] if question.is_graded else "Ungraded"
            for question in QUESTIONS
        }
        self.names = words.names(force, own_round.year)

    def tables(self) -> dict[str, dict[tuple[str, bool], str | None]]:
        """The numbers of the tables that this layout keeps: figure 2 is a picture where cells stand on lines."""
        kept = [name for name in self.round.tables if not (self.layout == "cells" and name == "crime_rates")]
        return {
            name: {
                (row, is_national): columns[NATIONAL if is_national else self.force["area_code"]][row]
                for row in columns[NATIONAL]
                for is_national in (False, True)
            }
            for name in kept
            for columns in [self.round.tables[name]]
        }

    def blocks(self) -> list[Block]:
        """The report from its introduction to the end of its annex."""
        blocks = [*self._introduction(), *self._overview()]
        for question in QUESTIONS[1:]:
            blocks += [Block("page"), Block("question", question.text), *self._section(question.number)]
        return [*blocks, Block("page"), Block("heading", "Next steps"), self._say(words.NEXT_STEPS), *self._annex()]

    def _say(self, text: str, kind: str = "prose") -> Block:
        return Block(kind, text.format_map(self.names))

    def _filler(self, paragraphs: int) -> list[Block]:
        number = round(paragraphs * self.length)
        return [Block("prose", words.filler(self.rng)) for _ in range(number)]

    def _introduction(self) -> Iterator[Block]:
        yield Block("heading", "Introduction")
        yield self._say(words.INTRODUCTION)
        yield Block("bullets", parts=(QUESTIONS[0].text,))
        yield self._say(words.CORE_QUESTIONS)
        yield self._say(words.INSPECTION_NOTE, "note")
        for question in QUESTIONS[1:]:
            yield Block("numbered", f"{question.number}. {question.text}")
        yield self._say(words.SCOPE[0])
        yield Block("page")
        yield Block("heading", "Force in numbers")
        yield self._say(words.GRAPHIC_NOTE)
        yield Block("source", words.FURTHER)

    def _overview(self) -> Iterator[Block]:
        yield Block("page")
        yield Block("heading", f"Overview – {QUESTIONS[0].text}")
        yield Block("heading", "Overall judgment^")
        yield self._say(words.JUDGMENT_NOTE, "note")
        yield Block("grade", self.grades["overall"])
        yield self._say(words.TONES[self.grades["overall"]].replace("{topic}", words.TOPICS["overall"]))
        yield Block("heading", "Overall summary")
        for question in QUESTIONS[1:]:
            yield Block("listed", question.text)
            yield Block("listed_grade", self.grades[question.number])
        yield from self._filler(2)

    def _section(self, number: str) -> Iterator[Block]:
        yield from self._filler(1)
        for part in words.SECTIONS[number]:
            if part.heading:
                yield self._say(part.heading, "subheading")
            for paragraph in part.paragraphs:
                yield from self._paragraph(paragraph)
            yield from self._filler(part.filler)
            for figure in part.figures:
                yield from self._figure(figure)
        yield from self._summary(number)

    def _paragraph(self, sentences: Sequence[words.Sentence]) -> Iterator[Block]:
        """A paragraph of sentences that state figures, and some that do not; those that cannot be said are left out."""
        said = [text for sentence in sentences if (text := self._state(sentence))]
        if said:
            yield Block("prose", " ".join(said))

    def _state(self, sentence: words.Sentence) -> str | None:
        areas = {"own": self.force["area_code"], "national": NATIONAL}
        values = dict(self.names)
        stated = []
        for name, (measure_id, area) in sentence.figures.items():
            value = self.round.measures[measure_id].get(areas[area])
            if value is None:
                return None
            measure = words.MEASURES.get(measure_id)
            is_change = measure is not None and measure.is_change
            values[name] = f"{abs(value):.{measure.decimals if measure else 0}f}"
            if measure_id.startswith("vulnerable_victim_share"):
                values[name] = f"{value:.1f}"
            if is_change:
                values |= words.directions(name, value)
            direction = ("increase" if value > 0 else "decrease") if is_change else None
            stated.append(Stated(measure_id, areas[area], float(values[name]), direction))
        self.stated += stated
        return self.rng.choice(sentence.texts).format_map(values)

    def _figure(self, figure: int) -> Iterator[Block]:
        notes = [self._note(each) for each in words.FIGURE_NOTES.get(figure, ())]
        caption = words.CAPTIONS[figure].format_map(self.names)
        table = {2: "crime_rates", 4: "outcome_proportions", 8: "domestic_abuse_outcomes"}.get(figure)
        yield Block("caption", f"Figure {figure}: {caption}", parts=("^",) * len(notes))
        for note in notes:
            yield Block("note", note)
        cells: tuple[tuple[str, ...], ...] = ()
        if table in self.tables():
            cells = tuple(self._cells(table))
        if figure == 10 and self.layout == "cells":
            yield Block("pies", words.FIGURE_SOURCES[figure], parts=tuple(self._pies()))
            return
        yield Block(
            "table" if cells else "picture",
            words.FIGURE_SOURCES[figure],
            heading=words.table_heading(figure, self.force["name_hmic"]),
            cells=cells,
            starred=words.STARRED.get(figure, ""),
        )
        if figure in (4, 8):
            yield from self._bands("outcome_proportions" if figure == 4 else "domestic_abuse_outcomes", figure)

    def _note(self, text: str) -> str:
        return text.format_map({**self.names, **self._left_out()})

    def _left_out(self) -> dict[str, str]:
        return {
            f"left_out_{figure}": words.forces_named(codes, FORCES) for figure, codes in self.round.left_out.items()
        }

    def _cells(self, table: str) -> Iterator[tuple[str, ...]]:
        """Code, label, force's number, England and Wales' number."""
        columns = self.round.tables[table]
        own, national = columns[self.force["area_code"]], columns[NATIONAL]
        for row in TABLES[table].rows:
            star = "*" if row.row_id == "burglary_in_a_dwelling" else ""
            yield (row.code or "", row.label + star, own[row.row_id] or "", national[row.row_id] or "")

    def _pies(self) -> Iterator[str]:
        """The percentages of two pies, three and five classes, in no order; then the classes."""
        shares = []
        for classes in (3, 5):
            small = [self.rng.randint(2, 12) for _ in range(classes - 1)]
            shares += [100 - sum(small), *small]
        self.rng.shuffle(shares)
        yield from (self.force["name_hmic"], "England and Wales", *(f"{share}%" for share in shares), *PIES)

    def _bands(self, table: str, figure: int) -> Iterator[Block]:
        """What the text says of the force's rank; true among all forces that are not left out."""
        columns, left_out, own = self.round.tables[table], self.round.left_out[figure], self.force["area_code"]
        texts = []
        for row in TABLES[table].rows if own not in left_out else ():
            values = [float(columns[f["area_code"]][row.row_id] or 0) for f in FORCES if f["area_code"] not in left_out]
            mine = float(columns[own][row.row_id] or 0)
            if row.row_type != "type" or row.code in ("15", "16"):
                continue
            for band, count in (
                ("highest", sum(v >= mine for v in values)),
                ("lowest", sum(v <= mine for v in values)),
            ):
                if count <= 5:
                    texts.append(words.BANDS[figure].format_map({**self.names, "row": row.label.lower(), "band": band}))
        yield Block("prose", " ".join([*texts[:2], words.BAND_CAVEAT]))

    def _summary(self, number: str) -> Iterator[Block]:
        grade = self.grades[number]
        yield Block("subheading", "Summary of findings")
        yield Block("grade", grade)
        yield self._say(words.TONES[grade].replace("{topic}", words.TOPICS[number]))
        yield from self._filler(1)
        if grade == "Ungraded":
            return
        rng = self.rng
        if grade in GRADES[2:] and rng.random() < 0.7:
            for concern in rng.sample(words.CONCERNS, rng.randint(1, 2)):
                self.findings += [
                    Finding("cause_of_concern", number, concern.text),
                    Finding("recommendation", number, concern.recommendation, concern.parts),
                ]
                yield Block("box", "Cause of concern")
                yield Block("prose", concern.text)
                yield Block("box", "Recommendations")
                yield Block("prose", concern.recommendation)
                yield Block("bullets", parts=concern.parts)
        wanted = rng.sample(words.IMPROVEMENTS, rng.randint(0 if grade == "Outstanding" else 1, 3))
        if wanted:
            yield Block("box", "Areas for improvement" if len(wanted) > 1 else "Area for improvement")
            for text, parts in wanted:
                self.findings.append(Finding("area_for_improvement", number, text, parts))
                yield Block("bullets", parts=(text, *parts))

    def _annex(self) -> Iterator[Block]:
        names = {
            **self.names,
            **self._left_out(),
            "partial": words.forces_named(self.round.partial, FORCES),
            "pilot": words.forces_named(self.round.pilot, FORCES),
            "rising": f"{self.round.measures['forces_with_recorded_crime_increase'][NATIONAL]:.0f}",
        }
        yield Block("page")
        yield Block("heading", "Annex A – About the data")
        for kind, text in words.ANNEX:
            said = text.format_map(names)
            yield Block(kind, parts=(said,)) if kind == "bullets" else Block(kind, said)


# --- files ----------------------------------------------------------------------------------------------------------


def write_reports(number: int, folder: Path, seed: int = 1, length: float = 1.0) -> None:
    """Write the reports to ``<folder>/<report_id>.txt``."""
    folder.mkdir(parents=True, exist_ok=True)
    for facts in made(number, seed, length):
        (folder / f"{facts.report_id}.txt").write_text(facts.text, encoding="utf-8")


def code_with_rounds(folder: Path) -> Path:
    """The code's packages in this folder; what its reference files say of peel-2016, they say of each further year."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
        )
    reference = folder / "pipelines" / "reference"
    for name in ("programmes", "questions", "printed_tables", "printed_rows"):
        rows = list(load(name))
        for year in (year for year in years() if year != FIRST_YEAR):
            rows += [_of_year(row, year) for row in load(name) if row["programme_id"] == f"peel-{FIRST_YEAR}"]
        _write_csv(reference / f"{name}.csv", rows)
    return folder


def _of_year(row: Mapping[str, str], year: int) -> dict[str, str]:
    return {column: cell.replace(f"peel-{FIRST_YEAR}", f"peel-{year}") for column, cell in row.items()}


def _write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write reports, and the code that knows their rounds if it is asked for."""
    parser = argparse.ArgumentParser(description="Write synthetic reports.")
    parser.add_argument("number", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--length", type=float, default=1.0, help="how much prose: 1 as in the samples, 4 as in real ones"
    )
    parser.add_argument("--code", type=Path, help="folder for a copy of the code that knows every round")
    options = parser.parse_args()
    write_reports(options.number, options.folder, options.seed, options.length)
    if options.code:
        code_with_rounds(options.code)


if __name__ == "__main__":
    main()

"""Make the sample of open data that ships from the original files: python tests/open_data_sample.py FOLDER

Offence detail is added up and years are cut; no number is changed. Written without the project's own reader, so that
tests may hold the one against the other.
"""

import csv
import gzip
import io
import re
import sys
from collections import Counter
from pathlib import Path

import python_calamine

TARGET = Path(__file__).resolve().parent.parent / "warehouse" / "open_data"


def write(name: str, rows: list[list[object]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (TARGET / name).write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


def outcomes(source: Path) -> list[list[object]]:
    """Counts by force, quarter and outcome type, fraud left out."""
    sums: Counter[tuple[str, ...]] = Counter()
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["force_name"] != "NA" and "fraud" not in row["offence_group"].lower():
                key = (row["financial_year"], row["financial_quarter"], row["force_name"], row["outcome_type"])
                sums[key] += int(row["offences"])
    names = ["Financial Year", "Financial Quarter", "Force Name", "Offence Group", "Outcome Type"]
    names.append("Force Outcomes for Offences Recorded in Quarter")
    return [names, *([*key[:3], "All offences but fraud", key[3], sums[key]] for key in sorted(sums))]


# What the footnotes behind the names of forces say, in short.
NOTES = {
    "Table P7": {
        8: "Cheshire: eleven months only of the year to March 2018",
        9: "Warwickshire: a few percent are estimates (1 in the year to March 2015, 2 in that to March 2016)",
        10: "City of London: no rate of its own",
    }
}


def recorded_crime(source: Path, months_ending: str) -> list[list[object]]:
    """Rows of one twelve months."""
    with source.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return [head, *(row for row in rows if row[0] == months_ending)]


def table(source: Path, name: str, heading: str, years: tuple[str, ...]) -> list[list[object]]:
    """A workbook table with the columns of some years, as saved in csv; its footnotes in our own words (``NOTES``)."""
    rows = python_calamine.CalamineWorkbook.from_path(str(source)).get_sheet_by_name(name).to_python()
    headings = next(row for row in rows if any(str(cell).startswith(heading) for cell in row))
    kept = [0, 1]
    for at, cell in enumerate(headings):
        if any(year in str(cell) for year in years):
            kept += [at, at + 1] if name == "Table P7" else [at]
    cells = [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row] for row in rows]
    filled = [row for row in cells if any(cell != "" for cell in row) and not re.match(r"\d+\. ", str(row[0]))]
    notes = [[f"{mark}. {text}", *[""] * (len(kept) - 1)] for mark, text in NOTES.get(name, {}).items()]
    return [[row[at] for at in kept] for row in filled] + notes


def main(folder: Path) -> None:
    workbook = folder / "ons-police-force-area-tables-march-2018.xlsx"
    crime = folder / "ons-recorded-crime-by-force-rolling-years.csv"
    write("outcomes-2017-18.csv.gz", outcomes(folder / "home-office-outcomes-2017-18.csv.gz"))
    write("recorded-crime-june-2016.csv.gz", recorded_crime(crime, "30-06-2016"))
    write("population.csv.gz", table(workbook, "Table P9", "Area Code", ("2014", "2015")))
    write("households.csv.gz", table(workbook, "Table P10", "Area Code", ("2014", "2015")))
    write("anti-social-behaviour.csv.gz", table(workbook, "Table P7", "Apr", ("Mar '15", "Mar '16")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

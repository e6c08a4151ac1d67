"""The extracts of ``fixtures/extractors``: their true figures, and which tables each extract lets be read whole."""

import csv
from pathlib import Path

ALL = {"crime_rates", "outcome_proportions", "domestic_abuse_outcomes"}
# Typed from reading each extract: where labels and numbers stand together, or the order leaves no choice, a table must
# come out whole; a table read down its columns without sums to hold it to, or strewn, must not.
COMPLETE_TABLES = {
    "avon-and-somerset-pdfminer": set(),
    "avon-and-somerset-pdfminer-noflow": set(),
    "avon-and-somerset-pdftotext": set(),
    "avon-and-somerset-pdftotext-layout": ALL,
    "city-of-london-pdfminer": set(),
    "city-of-london-pdftotext": ALL,
    "city-of-london-pdftotext-layout": ALL,
    "dyfed-powys-pdftotext": {"crime_rates"},
    "dyfed-powys-pdftotext-raw": ALL,
    "dyfed-powys-pypdfium2": ALL,
    "metropolitan-pdfplumber": ALL,
    "metropolitan-pdftotext": {"crime_rates", "domestic_abuse_outcomes"},
    "metropolitan-pymupdf": ALL,
    "metropolitan-pymupdf4llm": ALL,
}


def true_values(path: Path) -> dict[tuple[str, str, bool], str]:
    """(table, row, is England and Wales) to the printed number, empty where none is printed."""
    slug = next(file.stem for file in path.parent.glob("*.csv") if path.stem.startswith(file.stem))
    with (path.parent / f"{slug}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (row["table_name"], row["row_id"], column == "england_and_wales_value"): row[column]
        for row in rows
        for column in ("force_value", "england_and_wales_value")
    }

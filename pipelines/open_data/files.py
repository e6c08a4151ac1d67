"""A file of open data to sheets of cells: csv, csv.gz, xlsx and ods alike.

Belongs here: what a file is by its bytes, and why it is not read. Does not belong here: what its columns mean.
"""

import codecs
import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

import pyarrow as pa
from pyarrow import csv as arrow_csv

from pipelines.issues import Issue, SourceError

# The largest file of the Home Office holds 90 MB as csv and about 300 MB of XML as a workbook. More is no such file,
# and must not fill the memory: neither the file itself nor what it unpacks to.
MAXIMUM_BYTES = 400 * 1024 * 1024
MAXIMUM_XML_BYTES = 1200 * 1024 * 1024
# A sheet of xlsx is held as one rectangle: two cells far apart ask for more memory than there is, and end the process.
# So no cell beyond column ZZ or row 999,999, and no sheet with both a column beyond Z and a row beyond 9,999. The
# patterns begin with fixed letters: with a word boundary before them they take five times as long.
FAR_CELLS = {
    "anywhere": re.compile(rb"""r=["'](?:[A-Z]{3}|[A-Z]{0,2}[0-9]{7})"""),
    "right": re.compile(rb"""r=["'][A-Z]{2}[0-9]"""),
    "down": re.compile(rb"""r=["'][A-Z]{0,2}[0-9]{5}"""),
}
# A workbook table of ONS has some 80 rows; a longer sheet is data in columns.
HEAD_ROWS = 400
CHUNK = 1024 * 1024
BATCH_ROWS = 20_000

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, a csv file being one sheet without a name.

    ``head`` holds its first rows as text (``HEAD_ROWS``). ``columns(header, wanted)`` gives the rows below row
    ``header`` of ``head`` as a table of dictionary-encoded texts: ``wanted`` maps a column's name to its place.
    ``ends_within_line``: the file ends without a line end, so that its last number may be cut.
    """

    source_file: str
    name: str | None
    head: tuple[tuple[str, ...], ...]
    columns: Callable[[int, Mapping[str, int]], pa.Table]
    ends_within_line: bool = False

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """``head``, its rows filled up with blanks to equal length."""
        width = max(map(len, self.head), default=0)
        return [row + ("",) * (width - len(row)) for row in self.head]

    @property
    def place(self) -> str:
        """File, and sheet where there are several, for messages."""
        return f"{self.source_file}, sheet {self.name}" if self.name else self.source_file


def refusal(source_file: str, reason: str, found: str | None = None) -> SourceError:
    """The error for a file of open data that is not read: its message names file and reason."""
    message = f"{source_file}: {reason}"
    return SourceError(Issue("open-data-file", "error", message, source_file=source_file, found=found))


def sheets(path: Path, source_file: str) -> Iterator[Sheet]:
    """Every sheet of a file. Raises SourceError, naming file and reason, for whatever cannot be read whole."""
    try:
        size = path.stat().st_size
        if not size:
            raise refusal(source_file, "the file is empty")
        if size > MAXIMUM_BYTES:
            raise refusal(source_file, f"{size} bytes: larger than any file of this data ({MAXIMUM_BYTES} bytes)")
        with path.open("rb") as file:
            first = file.read(4)
        if first == ZIP:
            yield from _workbook_sheets(path, source_file)
        else:
            with gzip.open(path, "rb") if first.startswith(GZIP) else path.open("rb") as file:
                content = _text_bytes(file, source_file)
            yield _csv_sheet(content, source_file)
    except OSError as error:  # a gzip file that is none raises OSError, too
        raise refusal(source_file, f"cannot be read ({error.strerror or error})") from error
    except (EOFError, zlib.error) as error:
        raise refusal(source_file, f"is cut short or damaged ({error})") from error


def _text_bytes(file: IO[bytes] | gzip.GzipFile, source_file: str) -> bytes:
    """The bytes of a text file, checked to be UTF-8, without a byte order mark."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunks: list[bytes] = []
    size = 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > MAXIMUM_BYTES:
            raise refusal(source_file, f"unpacks to more than any file of this data ({MAXIMUM_BYTES} bytes)")
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise refusal(source_file, f"is not in UTF-8 (about byte {size - len(chunk) + error.start})") from error
        if b"\0" in chunk:
            raise refusal(source_file, "is binary: neither text nor a workbook")
        chunks.append(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise refusal(source_file, "is cut short: its last character is not whole") from error
    content = b"".join(chunks).removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise refusal(source_file, "the file is empty")
    return content


def _csv_sheet(content: bytes, source_file: str) -> Sheet:
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    reader = csv.reader(lines)
    head: list[tuple[str, ...]] = []
    ends: list[int] = []  # physical line on which each row of the head ends
    try:
        for row in islice(reader, HEAD_ROWS):
            head.append(tuple(cell.strip() for cell in row))
            ends.append(reader.line_num)
    except csv.Error as error:
        raise refusal(source_file, f"is no table of comma-separated values ({error})") from error
    columns = partial(_csv_columns, content, source_file, tuple(head), tuple(ends))
    return Sheet(source_file, None, tuple(head), columns, ends_within_line=not content.endswith((b"\n", b"\r")))


def _csv_columns(
    content: bytes,
    source_file: str,
    head: Sequence[Sequence[str]],
    ends: Sequence[int],
    header: int,
    wanted: Mapping[str, int],
) -> pa.Table:
    width = len(head[header])
    uneven: list[Any] = []

    def skip(row: Any) -> str:
        uneven.append(row)
        return "skip"

    text = pa.dictionary(pa.int32(), pa.string())
    names = [f"{place}" for place in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=ends[header], block_size=4 * CHUNK),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=[str(place) for place in wanted.values()],
                column_types=dict.fromkeys(names, text),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        # An empty body is no error here: what is missing in it is said by whoever knows what should be there.
        if ends[header] >= content.count(b"\n"):
            return pa.table({name: pa.array([], pa.string()).dictionary_encode() for name in wanted})
        raise refusal(source_file, f"is no table of comma-separated values ({error})") from error
    if uneven:
        row = uneven[0]
        raise refusal(
            source_file,
            f"{len(uneven)} rows have not the {width} cells of the header: the file is cut short or damaged",
            found=f"{row.actual_columns} cells: {row.text[:200]}",
        )
    return table.rename_columns(list(wanted))


def _workbook_sheets(path: Path, source_file: str) -> Iterator[Sheet]:
    import python_calamine  # takes longer to import than a small csv file to read

    _check_archive(path, source_file)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            head = tuple(tuple(map(cell_text, row)) for row in islice(sheet.iter_rows(), HEAD_ROWS))
            yield Sheet(source_file, name, head, partial(_sheet_columns, sheet))
    except (python_calamine.CalamineError, zipfile.BadZipFile) as error:
        raise refusal(source_file, f"is no workbook that can be read ({error})") from error


def _check_archive(path: Path, source_file: str) -> None:
    """Refuse an archive that unpacks to too much, is damaged, or whose cells span too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MAXIMUM_XML_BYTES:
                raise refusal(source_file, f"unpacks to more than any file of this data ({MAXIMUM_XML_BYTES} bytes)")
            for member in members:
                with archive.open(member) as part:  # reads no more than the part says it holds, and checks its sum
                    _check_part(part, member.filename, source_file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, expat.ExpatError) as error:
        raise refusal(source_file, f"is cut short or damaged ({error})") from error


def _check_part(part: IO[bytes], name: str, source_file: str) -> None:
    # The workbook reader never ends on some sheets that are not well-formed.
    markup = expat.ParserCreate("UTF-8") if name.endswith(".xml") else None
    seen: set[str] = set()
    end = b""
    while chunk := part.read(CHUNK):
        if name.startswith("xl/worksheets/"):
            text = end + chunk
            seen.update(far for far, pattern in FAR_CELLS.items() if far not in seen and pattern.search(text))
            end = text[-32:]
        if markup:
            markup.Parse(chunk, False)
    if markup:
        markup.Parse(b"", True)
    if "anywhere" in seen or {"right", "down"} <= seen:
        raise refusal(source_file, f"cells of {name} lie further apart than in any sheet of this data")


def _sheet_columns(sheet: Any, header: int, wanted: Mapping[str, int]) -> pa.Table:
    batches: dict[str, list[pa.Array]] = {name: [] for name in wanted}
    rows = islice(sheet.iter_rows(), header + 1, None)
    while batch := list(islice(rows, BATCH_ROWS)):
        for name, place in wanted.items():
            cells = pa.array([cell_text(row[place]) for row in batch], pa.string())
            batches[name].append(cells.dictionary_encode())
    empty = pa.array([], pa.string()).dictionary_encode()
    return pa.table({name: pa.chunked_array(each or [empty]) for name, each in batches.items()}).unify_dictionaries()


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates as YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)

"""Files on disk: whole or not there. A release is written aside, read back, and swapped in at once.

Belongs here: Parquet bytes, writing one file, swapping in a release, keeping earlier ones, what a dead run
leaves behind. Does not belong here: what the tables mean (``schema``) and how they are described
(``catalogue``).

    <warehouse>/published             a symbolic link to the release that readers see
    <warehouse>/releases/<id>/        one folder a release; its name is made from its content
    <warehouse>/releases/<id>.<pid>.tmp   a release being written; a dead run's is removed by the next one

Why a link: plain POSIX can replace a link in one step but not a folder that holds files, so between two
renames of folders there is a moment without ``published``. A link has no such moment: kill -9 or a power cut
at any point leaves the old release or the new one, each complete. To read several tables of one release while
builds go on, resolve the link first (``Path("warehouse/published").resolve()``).
"""

import fcntl
import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

TEMPORARY = ".tmp"
PUBLISHED = "published"
RELEASES = "releases"
TAKEN_OVER = "taken-over"
# The release that is read, and two to go back to.
RELEASES_KEPT = 3


class ReleaseError(RuntimeError):
    """A release that must not be swapped in; the last good one stays."""


def parquet_bytes(table: pa.Table) -> bytes:
    """The table as a Parquet file for every tool: Snappy, data page v1, one row group, no pandas block.

    The same table gives the same bytes with the same pyarrow (its version stands in the file). Rows stay in
    the order given: ``schema.Table.to_arrow`` sorts them by key.
    """
    metadata = {k: v for k, v in (table.schema.metadata or {}).items() if k != b"pandas"}
    sink = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(metadata).combine_chunks(),
        sink,
        version="2.6",
        compression="snappy",
        data_page_version="1.0",
        row_group_size=max(1, table.num_rows),
    )
    return sink.getvalue()


def sha256(content: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_file(path: Path, content: bytes) -> None:
    """Write the file whole: a reader sees the old bytes or the new ones, also after a power cut.

    Raises OSError (disk full, no permission) with the old file untouched.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
    _write_synced(temporary, content)
    os.replace(temporary, path)
    _sync_folder(path.parent)


def publish(files: Mapping[str, bytes], warehouse: Path) -> Path:
    """Make these files the release that ``<warehouse>/published`` shows, and give the release's folder.

    A name may hold slashes: the file then lies in a folder of the release. The release is written aside, read back and
    compared, then swapped in with one rename. The same files again are the same release: nothing is written. Raises
    ReleaseError when there is nothing to publish or when what was read back is not what was written; OSError when the
    disk refuses. Either way the last good release stays.
    """
    if not files:
        raise ReleaseError("a release without files is not published")
    releases = warehouse / RELEASES
    releases.mkdir(parents=True, exist_ok=True)
    with locked(releases / ".publish.lock"):
        sweep(warehouse)
        release = _written_release(files, releases)
        _point_to(release, warehouse)
        _prune(releases, release)
    return release


def sweep(warehouse: Path) -> list[str]:
    """Remove what dead runs left and give its names.

    Only for who holds the publishing lock: nobody else writes then. Also puts the link back where a run died
    while it took over a ``published`` that was a plain folder.
    """
    releases = warehouse / RELEASES
    swept = sorted(path.name for path in releases.glob(f"*{TEMPORARY}"))
    for name in swept:
        path = releases / name
        # A link is removed itself, never what it points to.
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    taken_over = releases / TAKEN_OVER
    if taken_over.is_dir() and not os.path.lexists(warehouse / PUBLISHED):
        _point_to(taken_over, warehouse)
    return swept


def differences(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """How the folder differs from the files, one line a fault; empty when it holds these and no other."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    faults = [f"{name}: not in the release" for name in sorted(files.keys() - found)]
    faults += [f"{name}: does not belong to the release" for name in sorted(found - files.keys())]
    for name in sorted(files.keys() & found):
        if (folder / name).read_bytes() != files[name]:
            faults.append(f"{name}: not the bytes that were written")
    return faults


def is_writable(folder: Path) -> str | None:
    """Make the folder and try a file in it: null when that works, else the reason."""
    probe = folder / f".probe.{os.getpid()}{TEMPORARY}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        return error.strerror or str(error)
    return None


@contextmanager
def locked(path: Path, wait: bool = True) -> Iterator[None]:
    """Hold the lock file; the system frees it when the process ends, however it ends.

    Raises BlockingIOError when another holds it and ``wait`` is false.
    """
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _written_release(files: Mapping[str, bytes], releases: Path) -> Path:
    content = "".join(f"{name} {sha256(files[name])}\n" for name in sorted(files))
    name = sha256(content.encode())[:16]
    # A release that was damaged after it was written is not mended in place: readers may be in it.
    for number in count(1):
        release = releases / (name if number == 1 else f"{name}-{number}")
        if not release.exists():
            break
        if not differences(release, files):
            return release
    temporary = releases / f"{release.name}.{os.getpid()}{TEMPORARY}"
    temporary.mkdir()
    for file_name in sorted(files):
        path = temporary / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_synced(path, files[file_name])
    for path in [temporary, *temporary.rglob("*")]:
        if path.is_dir():
            _sync_folder(path)
    faults = differences(temporary, files)
    if faults:
        raise ReleaseError("; ".join(faults))
    os.rename(temporary, release)
    _sync_folder(releases)
    return release


def _point_to(release: Path, warehouse: Path) -> None:
    published = warehouse / PUBLISHED
    if published.is_symlink() and published.resolve() == release.resolve():
        return
    if published.is_dir() and not published.is_symlink():
        # Someone's plain folder (a copy, say): kept, and put back by sweep if the run dies before the link.
        taken_over = release.parent / TAKEN_OVER
        if taken_over.exists():
            shutil.rmtree(taken_over)
        os.rename(published, taken_over)
    link = release.parent / f"link.{os.getpid()}{TEMPORARY}"
    # Relative, so that the warehouse can be moved.
    os.symlink(Path(RELEASES) / release.name, link)
    os.replace(link, published)
    _sync_folder(warehouse)


def _prune(releases: Path, current: Path) -> None:
    others = [path for path in releases.iterdir() if path.is_dir() and path != current]
    newest_first = sorted(others, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    for path in newest_first[RELEASES_KEPT - 1 :]:
        # Renamed first: a half-removed release must not look like one.
        dying = path.with_name(path.name + TEMPORARY)
        os.rename(path, dying)
        shutil.rmtree(dying)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

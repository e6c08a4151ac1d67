"""A release is whole or it is not there: written aside, read back, and swapped in at once.

Belongs here: Parquet bytes, swapping in a release, keeping earlier ones, what a dead run leaves behind. Does not
belong here: how one file is written (``stores``), reading releases (``releases``), what the tables mean (``schema``)
and how they are described (``catalogue``).

On disk:

    <warehouse>/published             a symbolic link to the release that readers see
    <warehouse>/releases/<id>/        one folder a release; its name is made from its content
    <warehouse>/releases/<id>.<pid>.tmp   a release being written; a dead run's is removed by the next one

Why a link: plain POSIX can replace a link in one step but not a folder that holds files, so between two
renames of folders there is a moment without ``published``. A link has no such moment: kill -9 or a power cut
at any point leaves the old release or the new one, each complete. To read several tables of one release while
builds go on, resolve the link first (``Path("warehouse/published").resolve()``).

In an object store, which has neither links nor locks:

    published.json                    names the release that readers see; moved by one put
    releases/<id>/                    the objects of a release
    releases/<id>.complete.json       names each with its SHA-256; written last, so without it the release is half

A builder moves ``published.json`` only if nobody else has since it began. Nobody knows whether others are building,
so what is young may be taken up again but not removed, and what is old may be removed but not taken up again.
"""

import fcntl
import hashlib
import io
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePath, PurePosixPath
from typing import overload

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.stores import (
    TEMPORARY,
    ConflictError,
    Item,
    LocalStore,
    ObjectStore,
    Store,
    as_store,
    sync_folder,
    write_synced,
)

PUBLISHED = "published"
RELEASES = "releases"
TAKEN_OVER = "taken-over"
POINTER = f"{PUBLISHED}.json"
COMPLETE = ".complete.json"
# The release that is read, and two to go back to.
RELEASES_KEPT = 3
# For ``publish``: whatever release readers see, or none.
ANY = "*"
# Seconds after which objects that no reader is sent to may be removed; half of it is enough for any build to publish.
OLD = 6 * 3600.0
# Objects put and got at a time: each waits for the server, not for this machine.
AT_A_TIME = 8


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


def parquet_table(content: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """The table that these bytes of a Parquet file hold. Raises pa.ArrowException for other bytes.

    In this thread alone: a process that ends while pyarrow's threads do is sometimes aborted (apache/arrow #34314).
    """
    # Not read_table: it loads the machinery for folders of many files first.
    return pq.ParquetFile(pa.BufferReader(content)).read(columns=columns, use_threads=False)


def sha256(content: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def release_id(sums: Mapping[str, str]) -> str:
    """The name of the release of these files, made from the SHA-256 of each: same content, same name."""
    return sha256("".join(f"{name} {sums[name]}\n" for name in sorted(sums)).encode())[:16]


@overload
def publish(
    files: Mapping[str, bytes], warehouse: Path | LocalStore, kept: int = RELEASES_KEPT, follows: str | None = ANY
) -> Path: ...
@overload
def publish(
    files: Mapping[str, bytes], warehouse: Store, kept: int = RELEASES_KEPT, follows: str | None = ANY
) -> PurePath: ...
def publish(
    files: Mapping[str, bytes], warehouse: Store | Path, kept: int = RELEASES_KEPT, follows: str | None = ANY
) -> PurePath:
    """Make these files the release that readers see, and give its folder, whose name is the release's id.

    A name may hold slashes: the file then lies in a folder of the release. The release is written aside, read back and
    compared, then swapped in with one rename or one put. The same files again are the same release: nothing is written.
    ``kept`` releases stay, this one among them. On disk a second builder waits; in an object store, where the folder
    given is relative to it, the slower of two is refused. ``follows``: the release that was looked at when these files
    were made (their version comes after its version), null for none; one that follows another is refused.

    Raises ReleaseError when there is nothing to publish, when what was read back is not what was written, and when
    another builder was faster; OSError when disk or server refuse. Each time the last good release stays.
    """
    if not files:
        raise ReleaseError("a release without files is not published")
    if kept < 1:
        raise ValueError(f"{kept} releases cannot be kept: the one that is read is kept always")
    store = as_store(warehouse)
    if isinstance(store, LocalStore):
        return _publish_on_disk(files, store.root, kept, follows)
    if isinstance(store, ObjectStore):
        return _publish_objects(files, store, kept, follows)
    raise TypeError(f"nothing can be published to {store!r}")


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


def differences(store: Store, files: Mapping[str, bytes]) -> list[str]:
    """How the store differs from the files, one line a fault; empty when it holds these and no other."""
    found = {item.name for item in store.list()}
    faults = [f"{name}: not in the release" for name in sorted(files.keys() - found)]
    faults += [f"{name}: does not belong to the release" for name in sorted(found - files.keys())]
    names = sorted(files.keys() & found)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for name, content in zip(names, pool.map(store.read, names), strict=True):
            if content != files[name]:
                faults.append(f"{name}: not the bytes that were written")
    return faults


def is_writable(warehouse: Store | Path) -> str | None:
    """Make the folder and try a file in it: null when that works, else the reason."""
    store = as_store(warehouse)
    probe = f".probe.{os.getpid()}.{secrets.token_hex(4)}{TEMPORARY}"
    try:
        store.write(probe, b"")
        store.delete(probe)
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


def _publish_on_disk(files: Mapping[str, bytes], warehouse: Path, kept: int, follows: str | None) -> Path:
    releases = warehouse / RELEASES
    releases.mkdir(parents=True, exist_ok=True)
    with locked(releases / ".publish.lock"):
        sweep(warehouse)
        published = (warehouse / PUBLISHED).resolve()
        current = published.name if published.is_dir() else None
        if follows not in (ANY, current):
            raise _overtaken(current, follows, str(warehouse))
        release = _written_release(files, releases)
        _point_to(release, warehouse)
        _prune(releases, release, kept)
    return release


def _overtaken(current: str | None, follows: str | None, location: str) -> ReleaseError:
    return ReleaseError(
        f"another build published {current} in {location} while this one was made to follow {follows or 'none'}; this "
        "one is not shown: run it again"
    )


def _written_release(files: Mapping[str, bytes], releases: Path) -> Path:
    name = release_id({name: sha256(content) for name, content in files.items()})
    # A release that was damaged after it was written is not mended in place: readers may be in it.
    for number in count(1):
        release = releases / (name if number == 1 else f"{name}-{number}")
        if not release.exists():
            break
        if not differences(LocalStore(release), files):
            return release
    temporary = releases / f"{release.name}.{os.getpid()}{TEMPORARY}"
    temporary.mkdir()
    for file_name in sorted(files):
        path = temporary / file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, files[file_name])
    for path in [temporary, *temporary.rglob("*")]:
        if path.is_dir():
            sync_folder(path)
    faults = differences(LocalStore(temporary), files)
    if faults:
        raise ReleaseError("; ".join(faults))
    os.rename(temporary, release)
    sync_folder(releases)
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
    sync_folder(warehouse)


def release_folders(releases: Path) -> list[Path]:
    """The folder of each whole release on disk, the newest first."""
    folders = [path for path in releases.iterdir() if path.suffix != TEMPORARY and path.is_dir()]
    return sorted(folders, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def _prune(releases: Path, current: Path, kept: int) -> None:
    others = [path for path in release_folders(releases) if path != current]
    for path in others[kept - 1 :]:
        # Renamed first: a half-removed release must not look like one.
        dying = path.with_name(path.name + TEMPORARY)
        os.rename(path, dying)
        shutil.rmtree(dying)


def pointed_release(store: ObjectStore) -> tuple[str | None, str | None]:
    """The release that readers of the object store are sent to and the version of the pointer; null: none yet.

    Raises ReleaseError for a pointer that is none of ours.
    """
    try:
        content, version = store.read_versioned(POINTER)
    except FileNotFoundError:
        return None, None
    try:
        return str(json.loads(content)["release"]), version
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseError(f"{store.location}/{POINTER} names no release: {error!r}") from error


def complete_releases(store: ObjectStore) -> list[str]:
    """The id of each whole release in the object store, the newest first."""
    return _complete(store.list(RELEASES))


def release_store(store: ObjectStore, release: str) -> ObjectStore:
    """The objects of the release alone."""
    return ObjectStore(f"{store.location}/{RELEASES}/{release}", store.patience)


def _publish_objects(files: Mapping[str, bytes], store: ObjectStore, kept: int, follows: str | None) -> PurePath:
    before, version = pointed_release(store)
    release = _put_release(files, store, before)
    if release != before:  # else it is shown: also where only the answer to the put was lost
        if follows not in (ANY, before):
            raise _overtaken(before, follows, store.location)
        _move_pointer(store, release, before, version)
    _prune_objects(store, kept)
    return PurePosixPath(RELEASES, release)


def _put_release(files: Mapping[str, bytes], store: ObjectStore, current: str | None) -> str:
    sums = {name: sha256(content) for name, content in sorted(files.items())}
    marker = (json.dumps({"files": sums}, indent=1, ensure_ascii=False) + "\n").encode()
    items = store.list(RELEASES)
    young = time.time() - OLD / 2
    for number in count(1):
        release = release_id(sums) + (f"-{number}" if number > 1 else "")
        target = release_store(store, release)
        there = _of_release(items, release)
        if release in _complete(items):
            recent = release == current or min(item.modified for item in there) > young
            if recent and not differences(target, files):
                return release
        # What a builder left half is taken up again: under this name there can be no other bytes.
        elif not there or min(item.modified for item in there) > young:
            break
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(lambda name: target.write(name, files[name]), files))
    faults = differences(target, files)
    if faults:
        raise ReleaseError("; ".join(faults))
    store.write(f"{RELEASES}/{release}{COMPLETE}", marker)
    return release


def _move_pointer(store: ObjectStore, release: str, before: str | None, version: str | None) -> None:
    pointer = {"release": release, "prefix": f"{RELEASES}/{release}/"}
    try:
        store.write_if(POINTER, (json.dumps(pointer) + "\n").encode(), version)
    except ConflictError as error:
        winner, _ = pointed_release(store)
        # The put may have been made and only its answer lost: then the winner is this build.
        if winner != release:
            raise ReleaseError(
                f"another build published {winner} in {store.location} while this one wrote {release} to follow "
                f"{before or 'none'}; this one is not shown: run it again"
            ) from error


def _prune_objects(store: ObjectStore, kept: int) -> None:
    items = store.list(RELEASES)
    old = time.time() - OLD
    complete = _complete(items)
    current, _ = pointed_release(store)
    keep = {current, *[release for release in complete if release != current][: kept - 1]}
    releases = {_release_of(item) for item in items} - keep - {""}
    for release in sorted(releases):
        objects = _of_release(items, release)
        if max(item.modified for item in objects) < old:
            # The marker goes first: a half-removed release must not look like one.
            for item in sorted(objects, key=lambda item: not item.name.endswith(COMPLETE)):
                store.delete(item.name)


def _release_of(item: Item) -> str:
    """The release that the object belongs to; empty for what belongs to none, such as the history."""
    _, _, rest = item.name.partition("/")
    release, slash, _ = rest.partition("/")
    if slash:
        return release
    return release.removesuffix(COMPLETE) if release.endswith(COMPLETE) else ""


def _of_release(items: list[Item], release: str) -> list[Item]:
    return [item for item in items if _release_of(item) == release]


def _complete(items: list[Item]) -> list[str]:
    markers = [item for item in items if item.name.count("/") == 1 and item.name.endswith(COMPLETE)]
    newest_first = sorted(markers, key=lambda item: (item.modified, item.name), reverse=True)
    return [_release_of(item) for item in newest_first]

"""Releases read back, on disk and in an object store, and the history of what was published when.

Belongs here: which releases there are, their files, whether they are whole, the history, which versions were given.
Does not belong here: writing a release (``publish``), comparing two (``differences``), and what the next version is
(``versions``).

    <warehouse>/releases/history.jsonl    one line a publication; the only place with a time, beside the releases, so
                                          that the same tables stay the same bytes
"""

import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from pipelines.publish import (
    COMPLETE,
    PUBLISHED,
    RELEASES,
    ReleaseError,
    complete_releases,
    locked,
    parquet_table,
    pointed_release,
    release_folders,
    release_id,
    release_store,
    sha256,
)
from pipelines.stores import ConflictError, LocalStore, ObjectStore, Store, as_store, make_folders
from pipelines.versions import (
    CHECKSUMS,
    ENTRIES_KEPT,
    RELEASE_JSON,
    VersionEntry,
    checksums_of,
    entries_of,
    highest_version,
    is_version,
)

PACKAGE = "datapackage.json"
HISTORY = f"{RELEASES}/history.jsonl"
PREVIOUS = "previous"
# A name made from content; one written again beside a damaged one has a number.
CONTENT_ID = re.compile(r"([0-9a-f]{16})(?:-\d+)?")
# Builders that may write to the history of an object store at the same moment.
TRIES = 20

log = logging.getLogger(__name__)


class UnknownReleaseError(LookupError):
    """No release of that name, or more than one; says which there are."""


@dataclass(frozen=True)
class Release:
    """One whole release. ``sums``: SHA-256 by file, where the store keeps them beside the release."""

    id: str
    store: Store
    sums: Mapping[str, str] = field(default_factory=dict, repr=False)

    def names(self) -> list[str]:
        """Every file, sorted by name."""
        return [item.name for item in self.store.list()]

    def read(self, name: str) -> bytes:
        """The file. Raises FileNotFoundError, and ReleaseError for other bytes than were published."""
        content = self.store.read(name)
        if self.sums and self.sums.get(name) != sha256(content):
            raise ReleaseError(f"release {self.id}: {name}: not the bytes that were published")
        return content

    def table(self, name: str) -> pa.Table:
        """The table of that name, such as ``judgments``. Raises FileNotFoundError, and ReleaseError for no Parquet."""
        content = self.read(f"{name}.parquet")
        try:
            return parquet_table(content)
        except (pa.ArrowException, OSError, ValueError) as error:  # OSError: of the bytes, which are in memory
            raise ReleaseError(f"release {self.id}: {name}.parquet cannot be read as Parquet ({error})") from error

    def version_entries(self) -> tuple[VersionEntry, ...]:
        """The change log, newest first; empty for a release without a version, as they once were.

        Raises ReleaseError where ``release.json`` is damaged.
        """
        try:
            return entries_of(self.read(RELEASE_JSON))
        except FileNotFoundError:
            return ()
        except ValueError as error:
            raise ReleaseError(f"release {self.id}: {error}") from error

    def version(self) -> str | None:
        """The version of the data; null where the release has none or does not say it whole."""
        try:
            entries = self.version_entries()
        except ReleaseError:
            return None
        return entries[0].version if entries else None

    def faults(self) -> list[str]:
        """What is wrong with the files, one line a fault; empty for a whole release.

        Every table is held against ``datapackage.json`` (bytes, SHA-256), every file against ``SHA256SUMS`` where the
        release has a version, and all files against the release's name.
        """
        contents, faults = {}, []
        for name in self.names():
            try:
                contents[name] = self.store.read(name)
            except OSError as error:
                faults.append(f"{name}: {error.strerror or error}")
        sums = {name: sha256(content) for name, content in contents.items()}
        faults += _package_faults(contents, sums)
        faults += _version_faults(contents, sums)
        faults += [f"{name}: is missing" for name in sorted(self.sums.keys() - sums.keys())]
        named = CONTENT_ID.fullmatch(self.id)
        if named and named[1] != release_id(sums):
            faults.append(f"release {self.id}: the files are not those that it is named after")
        return list(dict.fromkeys(faults))


@dataclass(frozen=True)
class Publication:
    """One line of the history. ``previous``: the release shown before; null for the first.

    ``rows``: rows by table. ``changes``: rows added, removed and changed against ``previous``, by table. ``version``:
    of the data; null in lines from before there were versions.
    """

    release: str
    previous: str | None
    published_at: datetime
    rows: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    version: str | None = None

    @classmethod
    def now(
        cls,
        release: str,
        previous: str | None,
        rows: Mapping[str, int],
        changes: Mapping[str, Mapping[str, int]],
        version: str | None = None,
    ) -> Self:
        """A publication of this second."""
        return cls(release, previous, datetime.now(UTC).replace(microsecond=0), rows, changes, version)


def current_release(warehouse: Store | Path) -> Release | None:
    """The release that readers see; null where nothing was published. It stays the same while builds go on.

    Raises ReleaseError where ``published`` leads to no whole release.
    """
    store = as_store(warehouse)
    if isinstance(store, ObjectStore):
        current, _ = pointed_release(store)
        return _object_release(store, current) if current else None
    published = _root(store) / PUBLISHED
    if not os.path.lexists(published):
        return None
    # Resolved at once: the link may be moved while the release is read.
    folder = published.resolve()
    if not folder.is_dir():
        raise ReleaseError(f"{published} leads to {folder}, which is no folder")
    return Release(folder.name, LocalStore(folder))


def release_ids(warehouse: Store | Path) -> list[str]:
    """The id of every release that is kept, the newest first."""
    store = as_store(warehouse)
    if isinstance(store, ObjectStore):
        return complete_releases(store)
    releases = _root(store) / RELEASES
    return [folder.name for folder in release_folders(releases)] if releases.is_dir() else []


def release_named(warehouse: Store | Path, name: str) -> Release:
    """The release by its id, its beginning, its version, or as ``published`` or ``previous`` (shown before that).

    Of several with the same version, whose tables are the same, the newest. Raises UnknownReleaseError, and
    ReleaseError as ``current_release``.
    """
    store = as_store(warehouse)
    ids = release_ids(store)
    if name in (PUBLISHED, PREVIOUS):
        current = current_release(store)
        if name == PUBLISHED and current:
            return current
        found = [*_earlier(store, current.id, ids)[:1]] if current else []
    elif is_version(name):
        versions = release_versions(store)
        found = [each for each in ids if versions.get(each) == name][:1]
    else:
        found = [each for each in ids if each == name] or [each for each in ids if name and each.startswith(name)]
    if len(found) != 1:
        versions = release_versions(store)
        known = [f"{each} ({versions[each]})" if each in versions else each for each in ids]
        there = f"there are: {', '.join(known)}" if ids else "nothing was published yet"
        problem = f"{name!r} may be {' or '.join(found)}" if found else f"no release {name!r} in {store.location}"
        raise UnknownReleaseError(f"{problem}; {there}")
    return _kept_release(store, found[0])


def release_versions(warehouse: Store | Path) -> dict[str, str]:
    """The version of every release of which one is known: by the history, else by the release where it is kept."""
    store = as_store(warehouse)
    versions = {each.release: each.version for each in read_history(store) if each.version}
    for release in release_ids(store):
        version = versions.get(release) or _own_version(store, release)
        if version:
            versions[release] = version
    return versions


def entries_before(warehouse: Store | Path, shown: Release | None) -> tuple[tuple[VersionEntry, ...], str | None]:
    """What the next version follows: the entries of the release that readers see, and the highest version ever given.

    Where its ``release.json`` is gone or damaged, the entries are taken from the history, without words on the schema.
    They are empty, and the highest is null, where no version is known.
    """
    history = read_history(warehouse)
    entries: tuple[VersionEntry, ...] = ()
    if shown:
        try:
            entries = shown.version_entries()
        except ReleaseError as error:
            log.warning("%s; its versions are taken from the history", error)
        entries = entries or _entries_in(history, shown.id)
    given = [each.version for each in history]
    return entries, highest_version([*given, *(entry.version for entry in entries[:1])])


def append_history(warehouse: Store | Path, publication: Publication) -> None:
    """Add the line to the history, which is written whole. What is damaged in it stays as it is."""
    store = as_store(warehouse)
    line = json.dumps(
        {
            "release": publication.release,
            "version": publication.version,
            "previous": publication.previous,
            "published_at": publication.published_at.astimezone(UTC).isoformat(),
            "rows": dict(publication.rows),
            "changes": {table: dict(counts) for table, counts in publication.changes.items()},
        },
        ensure_ascii=False,
    )
    if isinstance(store, ObjectStore):
        _append_object(store, line)
        return
    with _history_lock(_root(store)):
        store.write(HISTORY, _with_line(_content(store), line))


def read_history(warehouse: Store | Path) -> list[Publication]:
    """Every publication, the last one last. A damaged line is left out, and the log names it."""
    store = as_store(warehouse)
    publications = []
    for number, line in enumerate(_content(store).splitlines(), 1):
        try:
            if line.strip():
                publications.append(_publication(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("%s/%s, line %d is damaged and left out: %r", store.location, HISTORY, number, error)
    return publications


def published_at(warehouse: Store | Path) -> datetime | None:
    """When the release that readers see was last published; null where the history does not say."""
    current = current_release(warehouse)
    times = [each.published_at for each in read_history(warehouse) if current and each.release == current.id]
    return times[-1] if times else None


def _kept_release(store: Store, release: str) -> Release:
    if isinstance(store, ObjectStore):
        return _object_release(store, release)
    return Release(release, LocalStore(_root(store) / RELEASES / release))


def _own_version(store: Store, release: str) -> str | None:
    try:
        return _kept_release(store, release).version()
    except ReleaseError:  # not whole: it says nothing
        return None


def _entries_in(history: Iterable[Publication], release: str) -> tuple[VersionEntry, ...]:
    """The entries of a release from its line back, newest first; empty where the history has no version of it."""
    first: dict[str | None, Publication] = {}
    for each in history:
        first.setdefault(each.release, each)
    entries: list[VersionEntry] = []
    line = first.pop(release, None)
    while line and line.version and len(entries) < ENTRIES_KEPT:
        before = first.pop(line.previous, None)
        version = before.version if before else None
        # The same version in a release with other files: its entry is that of the older one.
        if version != line.version:
            unknown = line.previous is not None and version is None
            entries.append(VersionEntry(line.version, version, line.changes, follows_unknown=unknown))
        line = before
    return tuple(entries)


def _object_release(store: ObjectStore, release: str) -> Release:
    try:
        sums = json.loads(store.read(f"{RELEASES}/{release}{COMPLETE}"))["files"]
    except FileNotFoundError as error:
        raise ReleaseError(f"release {release} in {store.location} is not whole: nothing says what it holds") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseError(
            f"release {release} in {store.location}: what it should hold is damaged: {error!r}"
        ) from error
    return Release(release, release_store(store, release), sums)


def _earlier(store: Store, current: str, ids: list[str]) -> list[str]:
    """The releases that are kept beside the current one, that last shown first."""
    shown = [each.release for each in reversed(read_history(store))]
    return [each for each in dict.fromkeys([*shown, *ids]) if each in ids and each != current]


def _package_faults(contents: Mapping[str, bytes], sums: Mapping[str, str]) -> Iterator[str]:
    if PACKAGE not in contents:
        yield f"{PACKAGE}: is missing"
        return
    try:
        resources = [(str(each["path"]), each["bytes"], each["hash"]) for each in _resources(contents[PACKAGE])]
    except (ValueError, TypeError, KeyError) as error:
        yield f"{PACKAGE}: does not describe a release ({error!r})"
        return
    for path, size, said in resources:
        if path not in contents:
            yield f"{path}: is missing"
        elif len(contents[path]) != size:
            yield f"{path}: {len(contents[path])} bytes, {PACKAGE} says {size}"
        elif f"sha256:{sums[path]}" != said:
            yield f"{path}: other bytes than {PACKAGE} says (SHA-256)"


def _version_faults(contents: Mapping[str, bytes], sums: Mapping[str, str]) -> Iterator[str]:
    if RELEASE_JSON in contents:
        try:
            entries_of(contents[RELEASE_JSON])
        except ValueError as error:
            yield str(error)
    if CHECKSUMS not in contents:
        # A release from before there were versions has neither.
        if RELEASE_JSON in contents:
            yield f"{CHECKSUMS}: is missing"
        return
    try:
        listed = checksums_of(contents[CHECKSUMS])
    except ValueError as error:
        yield str(error)
        return
    for name in sorted((listed.keys() | contents.keys()) - {CHECKSUMS}):
        if name not in contents:
            yield f"{name}: is missing"
        elif name not in listed:
            yield f"{name}: is not in {CHECKSUMS}"
        elif listed[name] != sums[name]:
            yield f"{name}: other bytes than {CHECKSUMS} says"


def _resources(package: bytes) -> list[dict[str, Any]]:
    return list(json.loads(package)["resources"])


def _publication(line: Mapping[str, Any]) -> Publication:
    at = datetime.fromisoformat(line["published_at"])
    if at.tzinfo is None:
        raise ValueError(f"a time without its zone: {line['published_at']}")
    rows = {str(table): int(number) for table, number in line["rows"].items()}
    changes = {str(table): {**counts} for table, counts in line["changes"].items()}
    previous, version = line["previous"], line.get("version")
    if not isinstance(previous, str | None) or not isinstance(version, str | None):
        raise ValueError(f"previous {previous!r}, version {version!r}")
    if version is not None and not is_version(version):
        raise ValueError(f"{version!r} is no version")
    return Publication(str(line["release"]), previous, at, rows, changes, version)


def _content(store: Store) -> bytes:
    try:
        return store.read(HISTORY)
    except FileNotFoundError:
        return b""


def _with_line(content: bytes, line: str) -> bytes:
    # A line that a power cut left unfinished must not take the next one with it.
    gap = b"\n" if content and not content.endswith(b"\n") else b""
    return content + gap + line.encode() + b"\n"


def _append_object(store: ObjectStore, line: str) -> None:
    for attempt in range(1, TRIES + 1):
        version: str | None
        try:
            content, version = store.read_versioned(HISTORY)
        except FileNotFoundError:
            content, version = b"", None
        if attempt > 1 and line.encode() in content.splitlines():
            return  # the put before was made, and only its answer was lost
        try:
            store.write_if(HISTORY, _with_line(content, line), version)
        except ConflictError:
            if attempt == TRIES:
                raise
        else:
            return


@contextmanager
def _history_lock(warehouse: Path) -> Iterator[None]:
    releases = warehouse / RELEASES
    make_folders(releases)
    with locked(releases / ".history.lock"):
        yield


def _root(store: Store) -> Path:
    if isinstance(store, LocalStore):
        return store.root
    raise TypeError(f"no releases are read from {store!r}")

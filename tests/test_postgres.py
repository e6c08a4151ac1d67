"""Dagster's records on a real PostgreSQL server: what a build did is found there, also when two begin at once."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from conftest import ROOT
from stubs import registered_text

from assets.cli import main
from pipelines.schema import TABLES

psycopg2 = pytest.importorskip("psycopg2", reason="the package psycopg2-binary is not installed (extra postgres)")
pytest.importorskip("dagster_postgres", reason="the package dagster-postgres is not installed (extra postgres)")

# Debian keeps the server's programs apart, those of each version in a folder of their own.
INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
USER, PASSWORD = "peel", "secret"

DAGSTER_YAML = """
storage:
  postgres:
    postgres_url:
      env: DAGSTER_POSTGRES_URL
telemetry:
  enabled: false
"""


def program(name: str) -> str:
    found = str(INSTALLED[-1].with_name(name)) if INSTALLED else shutil.which(name)
    if found is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    return found


def run(folder: Path, *command: str) -> None:
    """Run it as somebody who is not root: PostgreSQL's programs refuse to run as root."""
    who: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **who)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The port of a server of our own on this machine."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    # Not in pytest's folder: PostgreSQL's user could not enter it.
    folder = Path(tempfile.mkdtemp(prefix="peel-postgres-"))
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    if os.getuid() == 0:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        run(folder, initdb, "--no-sync", "-D", "data", "-U", USER, "-A", "trust", "--pwfile", "password")
        run(folder, pg_ctl, "start", "-w", "-D", "data", "-l", "log", "-o", options)
        try:
            yield port
        finally:
            run(folder, pg_ctl, "stop", "-D", "data", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Database:
    """A database of the server that holds nothing at first."""

    port: int
    name: str

    @property
    def url(self) -> str:
        # Without +psycopg2 SQLAlchemy 2.1 looks for another driver, which Dagster does not bring.
        return f"postgresql+psycopg2://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{self.name}"

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with closing(connect(self.port, self.name)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())


def connect(port: int, name: str) -> Any:
    return psycopg2.connect(dbname=name, host="127.0.0.1", port=port, user=USER, password=PASSWORD)


@pytest.fixture(scope="module")
def records(server: int, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Dagster's records, laid out by two machines at the same moment, each with a DAGSTER_HOME of its own."""
    with closing(connect(server, "postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE dagster")
    database = Database(server, "dagster")
    homes = [dagster_home(tmp_path_factory.mktemp("machines") / str(number)) for number in range(2)]
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "assets.instance"],
            cwd=ROOT,
            env={**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_POSTGRES_URL": database.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for home in homes
    ]
    said = [start.communicate()[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0], said
    return database


def dagster_home(folder: Path) -> Path:
    folder.mkdir()
    (folder / "dagster.yaml").write_text(DAGSTER_YAML, encoding="utf-8")
    return folder


def test_two_first_starts_at_once_lay_out_one_set_of_records(records: Database) -> None:
    # More than one row here, and every later run fails.
    assert len(records.ask("SELECT version_num FROM alembic_version")) == 1
    assert records.ask("SELECT status, count(*) FROM runs GROUP BY status") == [("SUCCESS", 2)]


def test_a_build_is_recorded_there_and_nowhere_else(
    records: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = dagster_home(tmp_path / "home")
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    monkeypatch.setenv("DAGSTER_POSTGRES_URL", records.url)
    (tmp_path / "open_data").mkdir()
    (tmp_path / "raw").mkdir()
    for force in ("Kent Police", "Essex Police"):
        (tmp_path / "raw" / f"{force}.txt").write_text(registered_text(force), encoding="utf-8")
    options = {
        "--reports": tmp_path / "raw",
        "--open-data": tmp_path / "open_data",
        "--warehouse": tmp_path / "warehouse",
    }
    assert main(["build", *(str(each) for option in options.items() for each in option)]) == 0

    published = dg.AssetKey(["published", "reports"])
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(published)
        assert event is not None
        run = instance.get_run_by_id(event.run_id)
        assert run is not None
        assert run.is_success
    materialised = records.ask(
        "SELECT asset_key FROM event_logs "
        f"WHERE run_id = '{event.run_id}' AND dagster_event_type = 'ASSET_MATERIALIZATION'"
    )
    assert (published.to_string(),) in materialised
    checks = records.ask(
        f"SELECT execution_status, count(*) FROM asset_check_executions WHERE run_id = '{event.run_id}' GROUP BY 1"
    )
    assert {status for status, _ in checks} == {"SUCCEEDED"}
    assert checks[0][1] > len(TABLES)  # each table has several
    assert [path.name for path in home.rglob("*.db")] == []

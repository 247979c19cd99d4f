"""The database server, embedded or named by the environment, and the databases on it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psycopg2
import pytest

from environment import databases, embedded_postgres, testing
from environment.cache import Cache
from environment.embedded_postgres import EmbeddedPostgres, socket_folder, socket_path
from environment.errors import SetupError

SITE_PACKAGES = Path(psycopg2.__file__).parent.parent


@pytest.fixture
def postgres(cache):
    """An embedded server of its own, ended after the test."""
    server = EmbeddedPostgres(cache, SITE_PACKAGES)
    yield server
    server.stop()
    server.remove_outside_files()


@pytest.fixture
def scratch_database():
    """The name of a database that is dropped after the test."""
    run = os.environ.get(testing.RUN_VARIABLE, "odoo_addons_run_00000000")
    name = f"{run}_scratch"
    yield name
    databases.drop(name)


def ask(server: EmbeddedPostgres, query: str):
    connection = psycopg2.connect(host=str(server.sockets), user="odoo", dbname="postgres")
    with connection.cursor() as cursor:
        cursor.execute(query)
        (answer,) = cursor.fetchone()
    connection.close()
    return answer


def test_embedded_server_starts_keeps_its_data_and_stops(postgres):
    assert not postgres.stop()
    postgres.ensure_running()
    assert ask(postgres, "SELECT current_user") == "odoo"
    assert ask(postgres, "SHOW listen_addresses") == ""
    created = ask(postgres, "SELECT system_identifier FROM pg_control_system()")
    assert postgres.stop()
    assert not postgres.is_running()
    postgres.ensure_running()
    assert ask(postgres, "SELECT system_identifier FROM pg_control_system()") == created


def test_killed_server_is_started_again(postgres):
    postgres.ensure_running()
    mark = postgres._home / "data" / "postmaster.pid"
    left = mark.read_text()
    os.kill(postgres._process_id(), signal.SIGKILL)
    while postgres.is_running() or postgres._process_id():
        time.sleep(0.05)
    # The number of the killed process was given to another one.
    mark.write_text(left.replace(left.split("\n")[0], str(os.getpid()), 1))
    time.sleep(1)
    postgres.ensure_running()
    assert ask(postgres, "SELECT 1") == 1


def test_socket_stays_at_home_where_its_path_fits(tmp_path):
    assert socket_folder(Path("/srv/odoo")) == Path("/srv/odoo/socket")
    deep = [tmp_path / ("d" * 100), tmp_path / ("e" * 100)]
    assert len({socket_folder(home) for home in deep}) == 2
    assert all(len(str(socket_path(socket_folder(home)))) < 104 for home in deep)


def test_server_in_a_deep_folder_has_a_short_socket(tmp_path):
    cache = Cache(tmp_path / "deep" / ("d" * 100))
    cache.prepare()
    server = EmbeddedPostgres(cache, SITE_PACKAGES)
    try:
        assert len(str(socket_path(server.sockets))) < 104
        server.ensure_running()
        assert ask(server, "SELECT 1") == 1
        # Only its owner gets in: the server asks for no password.
        assert server.sockets.stat().st_mode & 0o077 == 0
    finally:
        server.stop()
        server.remove_outside_files()
    assert not server.sockets.exists()


def test_server_that_cannot_start_shows_its_log(postgres, monkeypatch):
    broken = embedded_postgres._settings() + "no_such_setting = 1\n"
    monkeypatch.setattr(embedded_postgres, "_settings", lambda: broken)
    with pytest.raises(SetupError, match="no_such_setting"):
        postgres.ensure_running()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PGHOST": "127.0.0.1", "PGPORT": "1"}, ["PGHOST=127.0.0.1, PGPORT=1", "cannot be used"]),
        ({"PGHOST": "127.0.0.1", "PGUSER": "postgres"}, ["refuses", "createuser --createdb"]),
    ],
)
def test_server_that_cannot_be_used_is_one_message(run_program, variables, words):
    nothing = {"PGPORT": None, "PGUSER": None, "PGPASSWORD": None}
    ended = run_program("bin/odoo", "--version", **{**nothing, **variables})
    assert ended.returncode == 1
    assert not [word for word in words if word not in ended.stderr]
    assert "Traceback" not in ended.stderr


def test_copy_has_the_data_and_the_files(clone_database, scratch_database):
    template = clone_database()
    file = databases.filestore(template) / "new" / "picture"
    file.parent.mkdir(parents=True)
    file.write_text("picture")
    databases.clone(template, scratch_database)
    connection = psycopg2.connect(dbname=scratch_database)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ir_module_module WHERE state = 'installed'")
        assert cursor.fetchone()[0] > 20
    connection.close()
    copied = databases.filestore(scratch_database) / "new" / "picture"
    assert copied.read_text() == "picture"
    # Removing the one leaves the other whole.
    databases.drop(template)
    assert not databases.filestore(template).exists()
    assert copied.read_text() == "picture"


def test_name_that_is_taken_is_refused(clone_database):
    name = clone_database()
    with pytest.raises(SetupError, match="already exists"):
        databases.clone("template1", name)


def test_half_made_database_does_not_count_and_is_made_again(scratch_database):
    def be_killed(name):
        databases.clone("template1", name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        databases.make(scratch_database, be_killed, {})
    assert not databases.exists(scratch_database)

    # What a process leaves that has no time to clean up.
    unfinished = f"odoo_addons_unfinished_{scratch_database}"
    databases.clone("template1", unfinished)
    databases.make(scratch_database, lambda name: databases.clone("template1", name), {"from": "1"})
    assert databases.read_mark(scratch_database)["from"] == "1"
    assert not databases.exists(unfinished)


def test_database_of_somebody_else_has_no_mark(scratch_database):
    assert databases.read_mark("template1") is None
    databases.clone("template1", scratch_database)
    assert databases.read_mark(scratch_database) is None
    databases.mark(scratch_database, {})
    assert databases.read_mark(scratch_database) is not None


def test_databases_of_killed_test_runs_are_dropped():
    name = "odoo_addons_run_deadbeef_left"
    databases.clone("template1", name)
    testing._drop_stale()
    assert not databases.exists(name)

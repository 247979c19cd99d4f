"""What ``make demo`` says when it cannot serve."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from environment import demo
from environment.errors import SetupError

TAKES_MINUTES = True


@contextmanager
def taken_port():
    """Listen on a free port."""
    with socket.create_server((demo.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_taken_port_is_one_message(checkout):
    with taken_port() as port:
        ended = subprocess.run(
            ["make", "demo", f"PORT={port}", "DATABASE=odoo_addons_run_00000000_port"],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode
    assert f"Port {port} on 127.0.0.1 cannot be used" in ended.stderr
    assert "make demo PORT=" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("port", [70000, -1])
def test_impossible_port_is_refused(port):
    with pytest.raises(SetupError, match="make demo PORT="):
        demo._check_port(port)


def test_odoo_that_ends_while_starting_shows_its_last_words(cache):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    log = cache.path("demo", "odoo.log")
    log.parent.mkdir()
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    with taken_port() as port:
        pass
    with pytest.raises(SetupError) as caught:
        demo._wait(cache, demo.Serving(ended.pid, "demo", port, "odoo.conf"))
    message = str(caught.value)
    assert "Odoo ended while starting" in message
    assert "line 99" in message
    assert "line 50" not in message


def test_process_that_got_the_number_of_ours_is_not_ended(cache):
    state = cache.path("demo", "serving.json")
    state.parent.mkdir()
    stranger = demo.Serving(os.getpid(), "demo", 8069, "odoo.conf")
    state.write_text(json.dumps(asdict(stranger)))
    assert not demo.stop(cache)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_spoilt_state_is_no_obstacle(cache, content):
    state = cache.path("demo", "serving.json")
    state.parent.mkdir()
    state.write_text(content)
    assert not demo.stop(cache)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [([], "demo"), (["--data=cdnow-sample"], "cdnow_sample"), (["--database=mine"], "mine")],
)
def test_database_is_named_after_the_data(arguments, name):
    assert demo._parse(arguments).database == name


def test_odoo_runs_from_any_folder(run_program, tmp_path: Path):
    ended = run_program("bin/odoo", "--version", cwd=tmp_path)
    assert ended.stdout.strip() == "Odoo Server 19.0"
    assert ended.returncode == 0


@pytest.mark.parametrize("name", ["a b", "x;y", "$(ls)", "-d"])
def test_odd_name_of_a_database_is_refused(name):
    with pytest.raises(SetupError, match="name of a database"):
        demo._parse([f"--database={name}"])

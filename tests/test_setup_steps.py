"""A step of the set-up is done entirely or not at all, whatever happens in the middle."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import namedtuple
from pathlib import Path

import pytest

from environment import cache as cache_module
from environment.cache import Cache
from environment.errors import SetupError, one_message
from environment.processes import require_program, run


def fill(folder: Path) -> None:
    (folder / "content").write_text("whole")


def make(cache: Cache, build=fill, *, inputs: str = "one", in_place: bool = False) -> Path:
    step = cache.step("thing", inputs, in_place=in_place)
    step.make(build, megabytes=1, purpose="the thing")
    return step.folder


@pytest.mark.parametrize("in_place", [False, True])
def test_step_is_made_once(cache, in_place):
    calls = []

    def build(folder):
        calls.append(folder)
        fill(folder)

    for _ in range(2):
        folder = make(cache, build, in_place=in_place)
    assert len(calls) == 1
    assert (folder / "content").read_text() == "whole"


@pytest.mark.parametrize("in_place", [False, True])
def test_failed_step_leaves_nothing_behind(cache, in_place):
    def build(folder):
        (folder / "content").write_text("half")
        raise SetupError("no more")

    with pytest.raises(SetupError, match="no more"):
        make(cache, build, in_place=in_place)
    assert not list(cache.root.glob("thing-*"))
    assert (make(cache, in_place=in_place) / "content").read_text() == "whole"


@pytest.mark.parametrize("in_place", [False, True])
def test_killed_step_is_made_again(cache, checkout, capsys, in_place):
    script = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from environment.cache import Cache

        def build(folder):
            (folder / "content").write_text("half")
            print("begun", flush=True)
            time.sleep(60)

        step = Cache(Path({str(cache.root)!r})).step("thing", "one", in_place={in_place})
        step.make(build, megabytes=1, purpose="the thing")
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=checkout, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    assert not cache.step("thing", "one", in_place=in_place).is_done()
    assert (make(cache, in_place=in_place) / "content").read_text() == "whole"
    assert "Removing the unfinished thing-" in capsys.readouterr().err


def test_other_inputs_make_another_folder_and_keep_one_older(cache):
    folders = []
    for inputs in ("one", "two", "three"):
        folders.append(make(cache, inputs=inputs))
        os.utime(folders[-1], (len(folders), len(folders)))
    assert [folder.exists() for folder in folders] == [False, True, True]


def test_second_call_waits_for_the_first_and_says_so(cache, checkout):
    script = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from environment.cache import Cache

        def build(folder):
            with open({str(cache.root / "calls")!r}, "a") as calls:
                calls.write("x")
            time.sleep(1)

        cache = Cache(Path({str(cache.root)!r}))
        with cache.lock():
            print("locked", flush=True)
            cache.step("thing", "one").make(build, megabytes=1, purpose="the thing")
    """)

    def start():
        return subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=checkout,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    with start() as first:
        assert first.stdout.readline() == "locked\n"
        with start() as second:
            _, said = second.communicate(timeout=30)
        first.communicate(timeout=30)
    assert (first.returncode, second.returncode) == (0, 0)
    assert f"Another call (process {first.pid})" in said
    assert (cache.root / "calls").read_text() == "x"


def test_lock_of_a_killed_process_is_free(cache, checkout):
    script = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from environment.cache import Cache

        with Cache(Path({str(cache.root)!r})).lock():
            print("locked", flush=True)
            time.sleep(60)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=checkout, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        process.kill()
    begun = time.monotonic()
    with cache.lock():
        assert time.monotonic() - begun < 5


def test_too_little_space_is_one_message_with_figures(cache, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(cache_module.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 5 * 10**6))
    step = cache.step("thing", "one")
    with pytest.raises(SetupError) as caught:
        step.make(fill, megabytes=700, purpose="Odoo")
    message = str(caught.value)
    assert "The disk is full: Odoo needs 700 MB" in message
    assert "5 MB are free" in message
    assert "ODOO_ADDONS_CACHE" in message
    assert not step.folder.exists()


def test_disk_that_fills_up_in_a_program_is_named():
    with pytest.raises(SetupError, match=r"Unpacking failed: The disk is full"):
        run(["/bin/sh", "-c", "echo content | tee /dev/full"], failure="Unpacking failed")


def test_disk_that_fills_up_in_python_is_one_message(capsys):
    @one_message
    def command():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert command() == 1
    assert "error: The disk is full" in capsys.readouterr().err


def test_missing_program_is_named_with_its_package():
    with pytest.raises(SetupError, match="apt-get install apt"):
        require_program("no-such-program", "apt")


def test_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter").write_text("mine")
    cache = Cache(tmp_path)
    with pytest.raises(SetupError, match="has other things in it"):
        cache.prepare()
    with pytest.raises(SetupError, match="left alone"):
        cache.remove()
    assert (tmp_path / "letter").read_text() == "mine"


def test_own_folder_is_removed(cache):
    make(cache)
    assert cache.remove()
    assert not cache.root.exists()
    assert not cache.remove()

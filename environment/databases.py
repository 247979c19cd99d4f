"""Databases of the project's server, each with its filestore.

Runs in the project's Python; the server is found through the PG… variables. A database made here
carries a mark (its comment, as JSON), so that what was made by somebody else is left alone.
"""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
from psycopg2 import sql

from .cache import Cache
from .errors import SetupError, cause_of
from .progress import say

MAINTENANCE = "postgres"
_MAKER = "odoo-addons"
_UNFINISHED = "odoo_addons_unfinished_"


def exists(name: str) -> bool:
    """Return whether there is a database of this name."""
    with _cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def names(prefix: str = "") -> list[str]:
    """Return the names of the databases that begin with ``prefix``, sorted."""
    with _cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database ORDER BY datname")
        return [name for (name,) in cursor.fetchall() if name.startswith(prefix)]


def clone(template: str, name: str) -> None:
    """Make the database ``name`` as a copy of ``template``, filestore included.

    :raises SetupError: when there is no such template, the name is taken, or the disk is full
    """
    with _cursor() as cursor:
        _end_sessions(cursor, template)
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        # Copying files beats copying through the log, for a database of this size.
        if cursor.connection.server_version >= 150000:
            command += sql.SQL(" STRATEGY FILE_COPY")
        try:
            cursor.execute(command)
        except psycopg2.Error as error:
            cause = cause_of(str(error))
            reason = f"{cause}.\n    {error}" if cause else str(error)
            raise SetupError(
                f"Copying the database {template} to {name} failed: {reason}".strip()
            ) from error
    shutil.rmtree(filestore(name), ignore_errors=True)
    if filestore(template).exists():
        # Files are named after their content and never rewritten: links will do.
        shutil.copytree(filestore(template), filestore(name), copy_function=_link)


def drop(name: str) -> None:
    """Remove the database and its filestore; nothing happens when there is none."""
    with _cursor() as cursor:
        _end_sessions(cursor, name)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def filestore(name: str) -> Path:
    """Return the folder with the files of a database."""
    configuration = configparser.RawConfigParser()
    configuration.read(os.environ["ODOO_RC"])
    return Path(configuration["options"]["data_dir"]) / "filestore" / name


def mark(name: str, facts: dict[str, str]) -> None:
    """Note on the database that it was made here, and from what."""
    text = json.dumps({"made_by": _MAKER, "cache": str(Cache.of_checkout().root), **facts})
    with _cursor() as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)), [text])


def read_mark(name: str) -> dict[str, str] | None:
    """Return what was noted on the database, or None when it was not made from this cache."""
    with _cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        row = cursor.fetchone()
    try:
        facts = json.loads(row[0]) if row and row[0] else {}
    except ValueError:
        return None
    mine = facts.get("made_by") == _MAKER and facts.get("cache") == str(Cache.of_checkout().root)
    return facts if mine else None


def make(name: str, build: Callable[[str], None], facts: dict[str, str]) -> None:
    """Make the database ``name`` entirely or not at all; to be called with a lock held.

    It is built under another name, so that one which was ended in the middle is never taken for
    a complete one; the next call removes it.

    :param build: makes and fills the database whose name it is given
    :param facts: noted on the database
    """
    unfinished = f"{_UNFINISHED}{name}"
    if exists(unfinished):
        say(f"Removing the unfinished database {unfinished}")
    drop(unfinished)
    try:
        build(unfinished)
    except BaseException:
        drop(unfinished)
        raise
    mark(unfinished, facts)
    if filestore(unfinished).exists():
        shutil.rmtree(filestore(name), ignore_errors=True)
        filestore(unfinished).rename(filestore(name))
    with _cursor() as cursor:
        _end_sessions(cursor, unfinished)
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(unfinished), sql.Identifier(name)
            )
        )


def forget_all() -> None:
    """Remove every database that was made from this cache."""
    for name in names():
        if read_mark(name) is not None or name.startswith(_UNFINISHED):
            say(f"Removing the database {name}")
            drop(name)


@contextlib.contextmanager
def _cursor() -> Iterator[psycopg2.extensions.cursor]:
    """Give a cursor outside of any transaction: databases cannot be made inside one."""
    connection = psycopg2.connect(dbname=MAINTENANCE)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _end_sessions(cursor: psycopg2.extensions.cursor, name: str) -> None:
    """End what is connected to the database: it can be neither copied nor removed otherwise."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = %s AND pid <> pg_backend_pid()",
        [name],
    )


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


if __name__ == "__main__":
    forget_all()

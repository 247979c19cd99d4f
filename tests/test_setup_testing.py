"""How ``make test`` is narrowed."""

from __future__ import annotations

import pytest

from environment.testing import _split


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["-k", "tests"], []),
        (["-x", "tests"], ["tests"]),
        (["tests/conftest.py::test_one", "-k", "two"], ["tests/conftest.py::test_one"]),
        (["-k", "no such path"], []),
    ],
)
def test_paths_are_told_from_values(arguments, paths):
    found, options = _split(arguments)
    assert found == paths
    assert found + options == sorted(arguments, key=lambda text: text not in paths)

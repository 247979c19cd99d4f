"""What is checked before a commit is what ``make lint`` checks."""

from __future__ import annotations

from pathlib import Path

import yaml

from environment.linting import CHECKS, main


def test_the_hooks_are_the_checks(checkout: Path) -> None:
    configured = yaml.safe_load((checkout / ".pre-commit-config.yaml").read_text())
    [local] = configured["repos"]
    assert local["repo"] == "local"
    assert [hook["id"] for hook in local["hooks"]] == list(CHECKS)
    for hook in local["hooks"]:
        assert hook["entry"] == f"python3 -m environment lint {hook['id']}"


def test_one_check_alone(monkeypatch, capsys) -> None:
    monkeypatch.setitem(CHECKS, "xml", lambda: False)
    monkeypatch.setitem(CHECKS, "ruff", lambda: True)
    assert main(["ruff"]) == 0
    assert main(["xml", "ruff"]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == ["FAILED  xml", "passed  ruff"]


def test_a_check_that_is_not_there(capsys) -> None:
    assert main(["flake8"])
    assert "No such check: flake8" in capsys.readouterr().err

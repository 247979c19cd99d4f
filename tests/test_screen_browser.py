"""What becomes of the tests in a browser where there is none."""

from __future__ import annotations

import pytest
from screen_browser import opened_page


def test_a_test_is_left_out_without_a_browser(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match="Chromium is not installed"), opened_page():
        pass

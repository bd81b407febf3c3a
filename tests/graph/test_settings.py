"""Where local data lives when nobody says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graph.settings import Settings


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below one that holds ``.anguan``; the shell is there and says nothing."""
    (tmp_path / ".anguan").mkdir()
    below = tmp_path / "notebooks"
    below.mkdir()
    monkeypatch.chdir(below)
    monkeypatch.delenv("ANGUAN_HOME")
    return below


def test_the_store_of_the_clone_is_found_from_below(inside: Path) -> None:
    assert Settings().home_dir == inside.parent / ".anguan"


def test_what_is_set_wins(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANGUAN_HOME", str(inside / "mine"))
    assert Settings().home_dir == inside / "mine"


def test_the_store_of_another_user_is_left_alone(
    inside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    assert Settings().home_dir == Path.home() / ".anguan"

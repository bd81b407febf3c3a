"""Small synthetic worlds for the session's tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loaders.synthetic import generate

CASES, SEED = 500, 7


def small_world(folder: Path, cases: int = CASES, seed: int = SEED) -> tuple[Path, dict[str, Any]]:
    """Generate a world below ``folder``; its package folder, and what is true of it."""
    package = folder / "package"
    made = generate(package, cases, seed)
    truth: dict[str, Any] = json.loads(made.truth.read_text(encoding="utf-8"))
    return package, truth


def scripted_world(folder: Path, seed: int = SEED) -> tuple[Path, dict[str, Any], Path]:
    """Generate a world of every scripted case; its package, what is true of it, its overlay."""
    package = folder / "scripted"
    made = generate(package, 0, seed, world="scripts")
    truth: dict[str, Any] = json.loads(made.truth.read_text(encoding="utf-8"))
    return package, truth, made.overlay

"""Every notebook runs from top to bottom on the world of the session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

DRAWINGS = {
    "foreign_log": 0,
    "from_an_indicator_to_its_nodes": 2,
    "three_questions": 1,
    "what_recurs_and_is_it_real": 1,
}
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_runs_and_its_drawing_is_offline(path: Path, world: Any) -> None:
    book = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells), "commit notebooks without output"
    NotebookClient(book, timeout=300).execute()
    drawn = [
        output.data["image/svg+xml"]
        for cell in book.cells
        for output in cell.get("outputs", [])
        if "image/svg+xml" in output.get("data", {})
    ]
    assert len(drawn) == DRAWINGS[path.stem]
    assert not any(tag in picture for picture in drawn for tag in ("<image", "<script"))

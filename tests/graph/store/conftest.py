"""The tests' own queries join the catalogue as an analyst's would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.settings import settings
from graph.store.catalogue import catalogue
from graph.store.connection import Graph

QUERIES = Path(__file__).parent / "queries"


@pytest.fixture
def store(empty_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    """The empty graph with the tests' own queries in its catalogue."""
    monkeypatch.setenv("ANGUAN_QUERIES", str(QUERIES))
    settings.cache_clear()
    former = empty_graph.catalogue
    empty_graph.catalogue = catalogue(QUERIES)
    yield empty_graph
    empty_graph.catalogue = former

"""An analyst's py2neo session as a transport."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graph.errors import EngineError
from graph.store.temporal import to_driver
from graph.store.transport import EngineInfo, Rows, Statement, engine_of_agent


class Py2neoTransport:
    """Runs statements over ``py2neo.Graph``; its session stays the analyst's own."""

    def __init__(self, graph: Any) -> None:
        """``graph`` is a ``py2neo.Graph``."""
        self._graph = graph
        connection = graph.service.connector.acquire(None)
        try:
            agent = str(connection.server_agent)
        finally:
            connection.release()
        self._info = engine_of_agent(agent, str(graph.service.uri))

    @property
    def info(self) -> EngineInfo:
        """Which engine answers."""
        return self._info

    def read(self, statement: Statement, seconds: float, rows: int) -> tuple[list[str], Rows, bool]:
        """Columns, at most ``rows`` rows, and whether more were left."""
        with self._errors(statement.name):
            cursor = self._graph.run(statement.text, to_driver(dict(statement.params)))
            values = [list(record.values()) for record in itertools.islice(cursor, rows + 1)]
            columns = list(cursor.keys())
            cursor.close()
        return columns, values[:rows], len(values) > rows

    def stream(self, statement: Statement, seconds: float) -> Iterator[list[Any]]:
        """Every row, one by one."""
        with self._errors(statement.name):
            for record in self._graph.run(statement.text, to_driver(dict(statement.params))):
                yield list(record.values())

    def write(self, statement: Statement, *, managed: bool) -> tuple[list[str], Rows]:
        """Run in a transaction of its own."""
        columns, values, _ = self.read(statement, 0.0, 10**9)
        return columns, values

    def close(self) -> None:
        """Nothing to give back: the session is the analyst's."""

    @contextmanager
    def _errors(self, query: str) -> Iterator[None]:
        try:
            yield
        except EngineError:
            raise
        except Exception as error:
            raise EngineError("store.refused", query=query, reason=error) from error

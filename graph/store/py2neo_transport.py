"""An analyst's py2neo session as a transport."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from graph.errors import EngineError
from graph.store.temporal import to_driver
from graph.store.transport import EngineInfo, Rows, Statement, Watch, engine_of_agent, marked

_RETRIES = 12
_AGAIN = ("ConstraintValidationFailed", "TransientError")


class _Utc(dt.tzinfo):
    """UTC for py2neo, which asks a zone about datetimes of a class that Python's own refuses."""

    def utcoffset(self, _moment: Any) -> dt.timedelta:
        return dt.timedelta()

    def dst(self, _moment: Any) -> dt.timedelta:
        return dt.timedelta()

    def tzname(self, _moment: Any) -> str:
        return "UTC"


def _params(value: Any) -> Any:
    """Parameters as py2neo can send them."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=_UTC)
    if isinstance(value, dict):
        return {k: _params(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_params(v) for v in value]
    return value


_UTC = _Utc()


class Py2neoTransport:
    """Runs statements over ``py2neo.Graph``; its session stays the analyst's own."""

    def __init__(self, graph: Any, admin: Mapping[str, str]) -> None:
        """``graph`` is a ``py2neo.Graph``; ``admin`` as for ``BoltTransport``."""
        self._graph = graph
        self._admin = admin
        try:
            agent = str(graph.service.connector.server_agent)
        except Exception as error:
            raise EngineError("store.unreachable", url=graph.service.uri, reason=error) from error
        self._info = engine_of_agent(agent, graph.service.uri)
        self._watch = Watch(self._end)

    @property
    def info(self) -> EngineInfo:
        """Which engine answers."""
        return self._info

    def read(self, statement: Statement, seconds: float, rows: int) -> tuple[list[str], Rows, bool]:
        """Columns, at most ``rows`` rows, and whether more were left."""
        with self._limited(statement, seconds) as text:
            cursor = self._graph.run(text, _params(to_driver(dict(statement.params))))
            values = [list(record.values()) for record in itertools.islice(cursor, rows + 1)]
            return list(cursor.keys()), values[:rows], len(values) > rows

    def stream(self, statement: Statement, seconds: float) -> Iterator[list[Any]]:
        """Every row, one by one."""
        with self._limited(statement, seconds) as text:
            for record in self._graph.run(text, _params(to_driver(dict(statement.params)))):
                yield list(record.values())

    def write(self, statement: Statement, *, managed: bool) -> tuple[list[str], Rows]:
        """Run in a transaction of its own; again after a conflict, which py2neo does not do."""
        params = _params(to_driver(dict(statement.params)))
        for attempt in itertools.count(1):
            try:
                cursor = self._graph.run(statement.text, params)
                return list(cursor.keys()), [list(record.values()) for record in cursor]
            except Exception as error:
                if managed and attempt < _RETRIES and any(w in str(error) for w in _AGAIN):
                    time.sleep(random.uniform(0, 0.02) * attempt)
                    continue
                raise self._refused(statement, error) from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the watch; the session is the analyst's."""
        self._watch.close()

    @contextmanager
    def _limited(self, statement: Statement, seconds: float) -> Iterator[str]:
        started = time.monotonic()
        try:
            with self._watch.limit(seconds) as tag:
                # py2neo sends no metadata, so the tag stands in the text on both engines.
                yield f"{statement.text}\n// {tag}"
        except EngineError:
            raise
        except Exception as error:
            if time.monotonic() - started >= seconds:
                raise EngineError("read.timeout", query=statement.name, seconds=seconds) from error
            raise self._refused(statement, error) from error

    def _refused(self, statement: Statement, error: Exception) -> EngineError:
        return EngineError("store.refused", query=statement.name, reason=error)

    def _end(self, tag: str) -> None:
        shown = list(self._graph.run(self._admin["show_transactions"]))
        for transaction in marked(((row["id"], row["mark"]) for row in shown), tag):
            self._graph.run(self._admin["terminate_transaction"], {"id": transaction})

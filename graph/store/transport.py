"""How a statement reaches an engine: over the official driver, or over a py2neo session.

A transport knows statements, parameters and limits; it knows nothing of the catalogue.
"""

from __future__ import annotations

import itertools
import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

import neo4j
from neo4j import exceptions

from graph.errors import EngineError
from graph.store.temporal import in_utc, stamp, to_driver

EngineName = Literal["neo4j", "arcadedb"]
Rows = list[list[Any]]
T = TypeVar("T")
WHOLE_STORE = 4 * 3600.0
"""Seconds for a read of the whole store that a load, a check or an analysis rests on."""

_RACES = 12
_FETCH = 5000
_CANCELLED = "Terminated"
_TIMED_OUT = "TransactionTimedOut"


@dataclass(frozen=True)
class EngineInfo:
    """Which engine answers: ``name`` is ``neo4j`` or ``arcadedb``."""

    name: EngineName
    version: str
    url: str


@dataclass(frozen=True)
class Statement:
    """A statement to run: the query's name (for messages), its text and its parameters."""

    name: str
    text: str
    params: Mapping[str, Any]


class Transport(Protocol):
    """What ``Graph`` needs of a session."""

    @property
    def info(self) -> EngineInfo:
        """Which engine answers."""

    def read(self, statement: Statement, seconds: float, rows: int) -> tuple[list[str], Rows, bool]:
        """Columns, at most ``rows`` rows, and whether more were left; ended after ``seconds``."""

    def stream(self, statement: Statement, seconds: float) -> Iterator[list[Any]]:
        """Every row, one by one; ended after ``seconds``."""

    def write(self, statement: Statement, *, managed: bool) -> tuple[list[str], Rows]:
        """Run in a transaction of its own, retried; not ``managed``: exactly as it stands."""

    def close(self) -> None:
        """Give back what is held."""


def engine_of_agent(agent: str, url: str) -> EngineInfo:
    """Name and version from the server's agent string, the only honest answer of ArcadeDB."""
    if found := re.search(r"ArcadeDB ([\w.]+)", agent):
        return EngineInfo("arcadedb", found[1], url)
    return EngineInfo("neo4j", agent.partition("/")[2] or agent, url)


class Watch:
    """Ends statements that run past their time: one thread for all of a transport's statements."""

    def __init__(self, terminate: Callable[[str], None]) -> None:
        self._terminate = terminate
        self._changed = threading.Condition()
        self._due: dict[str, float] = {}
        self._fired: set[str] = set()
        self._closed = False
        self._free: list[int] = []
        self._slots = itertools.count()
        self._name = secrets.token_hex(4)
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float) -> Iterator[str]:
        """A tag under which the statement inside is known; ended when ``seconds`` are over.

        Tags are numbered slots that are used again, so that an engine which sees the tag in the
        text still finds its cached plan.
        """
        with self._changed:
            slot = min(self._free) if self._free else next(self._slots)
            with suppress(ValueError):
                self._free.remove(slot)
            tag = f"anguan-{self._name}-{slot}"
            self._due[tag] = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="anguan-watch")
                self._thread.start()
            self._changed.notify()
        finished = False
        try:
            yield tag
            finished = True
        finally:
            with self._changed:
                self._due.pop(tag, None)
                fired = tag in self._fired
                self._fired.discard(tag)
                # A tag whose end was asked for may be looked for a moment longer.
                if finished and not fired:
                    self._free.append(slot)
            # An interrupted caller must not leave its statement running on the server.
            if not finished and not fired:
                threading.Thread(target=self._quietly, args=(tag,), daemon=True).start()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                now = time.monotonic()
                late = [tag for tag, due in self._due.items() if due <= now]
                if not late:
                    nearest = min(self._due.values(), default=None)
                    self._changed.wait(None if nearest is None else nearest - now)
                    continue
                for tag in late:
                    self._fired.add(tag)
                    # Not seen yet or already in another state: look again until it is gone.
                    self._due[tag] = now + 0.5
            for tag in late:
                self._quietly(tag)

    def _quietly(self, tag: str) -> None:
        with suppress(Exception):
            self._terminate(tag)


def marked(shown: Iterable[tuple[Any, Any]], tag: str) -> list[str]:
    """The ids of the running transactions whose mark holds ``tag``."""
    return [str(i) for i, mark in shown if re.search(rf"{re.escape(tag)}(?!\d)", str(mark))]


class BoltTransport:
    """The official driver, for both engines."""

    def __init__(
        self,
        url: str,
        auth: tuple[str, str] | None,
        database: str | None,
        admin: Mapping[str, str],
        retry_seconds: float = 30.0,
    ) -> None:
        """``admin`` holds the texts of ``show_transactions`` and ``terminate_transaction``.

        ``retry_seconds`` bounds the driver's own retries.
        """
        self._url = url
        self._database = database
        self._admin = admin
        if not re.match(r"(bolt|neo4j)(\+s|\+ssc)?://", url):
            raise EngineError("store.url", url=url, reason="scheme")
        try:
            self._driver = neo4j.GraphDatabase.driver(
                url,
                auth=auth,
                notifications_min_severity="OFF",
                telemetry_disabled=True,
                user_agent="anguan",
                connection_timeout=15.0,
                max_transaction_retry_time=retry_seconds,
                # Idle connections of a server that went away are found before they are used.
                liveness_check_timeout=30.0,
            )
        except (ValueError, exceptions.ConfigurationError) as error:
            raise EngineError("store.url", url=url, reason=error) from error
        try:
            with self._errors("connect"):
                agent = self._driver.get_server_info().agent
        except BaseException:
            self._driver.close()
            raise
        self._info = engine_of_agent(agent, url)
        self._bookmarks = (
            neo4j.GraphDatabase.bookmark_manager() if self._info.name == "neo4j" else None
        )
        self._watch = Watch(self._end)

    @property
    def info(self) -> EngineInfo:
        """Which engine answers."""
        return self._info

    def read(self, statement: Statement, seconds: float, rows: int) -> tuple[list[str], Rows, bool]:
        """Run in a managed read transaction, with the driver's retries."""
        params = to_driver(statement.params)
        with self._errors(statement.name, seconds), self._watch.limit(seconds) as tag:

            def work(tx: neo4j.ManagedTransaction) -> tuple[list[str], Rows, bool]:
                result = tx.run(self._tagged(statement.text, tag), params)
                values = [list(record.values()) for record in itertools.islice(result, rows + 1)]
                return list(result.keys()), values[:rows], len(values) > rows

            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(self._unit(work, tag, seconds))

    def stream(self, statement: Statement, seconds: float) -> Iterator[list[Any]]:
        """Rows as the server sends them; nothing is held beyond one fetch."""
        params = to_driver(statement.params)
        ends = time.monotonic() + seconds
        with (
            self._errors(statement.name, seconds),
            self._watch.limit(seconds) as tag,
            self._session(neo4j.READ_ACCESS) as session,
        ):
            query = neo4j.Query(
                self._tagged(statement.text, tag),
                metadata=self._metadata(tag),
                timeout=self._server_limit(seconds),
            )
            for count, record in enumerate(session.run(query, params)):
                # The server may have sent the last rows long ago: the limit is the caller's too.
                if count % 1000 == 0 and time.monotonic() > ends:
                    raise EngineError("read.timeout", query=statement.name, seconds=seconds)
                yield list(record.values())

    def write(self, statement: Statement, *, managed: bool) -> tuple[list[str], Rows]:
        """Run in a managed write transaction.

        Two MERGEs of one unique key may both find it missing: then the engine refuses one of
        them, and the same statement run again finds the node. The driver does not retry this.
        """
        # Many rows: the driver packs a timestamp much faster, which a single value does not repay.
        params = to_driver(statement.params, stamp if "rows" in statement.params else in_utc)

        def work(tx: neo4j.ManagedTransaction) -> tuple[list[str], Rows]:
            result = tx.run(statement.text, params)
            return list(result.keys()), [list(record.values()) for record in result]

        with self._errors(statement.name), self._session(neo4j.WRITE_ACCESS) as session:
            if not managed:
                result = session.run(statement.text, params)
                return list(result.keys()), [list(record.values()) for record in result]
            for attempt in itertools.count(1):
                try:
                    return session.execute_write(work)
                except exceptions.ConstraintError:
                    if attempt == _RACES:
                        raise
                    time.sleep(random.uniform(0, 0.02) * attempt)
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close every connection."""
        self._watch.close()
        self._driver.close()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(
            database=self._database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=_FETCH,
        )

    def _tagged(self, text: str, tag: str) -> str:
        # ArcadeDB lists a statement by its text alone; Neo4j has metadata, and a comment would
        # cost it the cached plan of every other process.
        return text if self._info.name == "neo4j" else f"{text}\n// {tag}"

    def _metadata(self, tag: str) -> dict[str, Any] | None:
        return {"anguan": tag} if self._info.name == "neo4j" else None

    def _server_limit(self, seconds: float) -> float | None:
        return seconds if self._info.name == "neo4j" else None

    def _unit(
        self, work: Callable[[neo4j.ManagedTransaction], T], tag: str, seconds: float
    ) -> Callable[[neo4j.ManagedTransaction], T]:
        limited: Callable[[neo4j.ManagedTransaction], T] = neo4j.unit_of_work(
            metadata=self._metadata(tag), timeout=self._server_limit(seconds)
        )(work)
        return limited

    def _end(self, tag: str) -> None:
        with self._session(neo4j.READ_ACCESS) as session:
            shown = session.run(self._admin["show_transactions"])
            ids = marked(((record["id"], record["mark"]) for record in shown), tag)
            for transaction in ids:
                session.run(self._admin["terminate_transaction"], id=transaction).consume()

    @contextmanager
    def _errors(self, query: str, seconds: float = 0.0) -> Iterator[None]:
        """The driver's errors as ours."""
        started = time.monotonic()
        try:
            yield
        except exceptions.AuthError as error:
            # So says a local engine that ends, of a connection that it had let in.
            if "no longer valid" in (error.message or ""):
                raise EngineError("store.unreachable", url=self._url, reason=error) from error
            raise EngineError("store.auth", url=self._url) from error
        except exceptions.Neo4jError as error:
            code = error.code or ""
            over = seconds > 0 and time.monotonic() - started >= seconds
            if _TIMED_OUT in code or (over and _CANCELLED in code):
                raise EngineError("read.timeout", query=query, seconds=seconds) from error
            raise EngineError("store.refused", query=query, reason=error.message) from error
        except (exceptions.DriverError, OSError) as error:
            raise EngineError("store.unreachable", url=self._url, reason=error) from error

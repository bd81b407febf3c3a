"""The connection to the graph: one object for the local engine and for a server.

``connect()`` starts or joins the local engine; a URL, or ``ANGUAN_GRAPH_URL``, goes to a server.
Everything that is sent is a query of the catalogue.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
import uuid
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import neo4j
from neo4j.exceptions import (
    AuthError,
    ConstraintError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
)

from graph.errors import EngineError, InputError, register_messages
from graph.settings import settings
from graph.store import temporal
from graph.store.catalogue import Query, catalogue, checked_params, nearest
from graph.store.engine import DATABASE, USER, LocalEngine, join_or_start
from graph.store.generate import stem
from graph.store.schema import BY_LABEL

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

register_messages(Path(__file__).with_name("messages.yaml"))

T = TypeVar("T")
FETCH = 2_000
RACE_RETRIES = 8


@dataclass(frozen=True)
class EngineInfo:
    """Which engine answers: ``name`` is ``neo4j`` or ``arcadedb``."""

    name: str
    version: str
    url: str


@dataclass(frozen=True)
class Result:
    """The answer to a read: typed rows, and all that is needed to ask again.

    ``truncated`` says that the engine had more rows than the cap.
    """

    query: str
    params: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[Any, ...]
    truncated: bool
    as_of: dt.datetime | None
    seconds: float = field(compare=False)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def one(self) -> Any:
        """The first row, or None when there is none."""
        return self.rows[0] if self.rows else None

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def df(self) -> pd.DataFrame:
        """The rows as a pandas data frame."""
        import pandas as pd

        return pd.DataFrame.from_records([tuple(r) for r in self.rows], columns=list(self.columns))

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        import pyarrow as pa

        return pa.table(
            {c: pa.array([r[at] for r in self.rows]) for at, c in enumerate(self.columns)}
        )


class Transport(Protocol):
    """How statements reach an engine."""

    def engine(self) -> EngineInfo:
        """Which engine it is."""

    def rows(
        self, query: Query, params: dict[str, Any], seconds: float
    ) -> contextlib.AbstractContextManager[Iterator[list[Any]]]:
        """The rows of a read, streamed; the read is ended after ``seconds``."""

    def write(self, query: Query, params: dict[str, Any]) -> list[list[Any]]:
        """One write in one transaction, retried where that is safe."""

    def close(self) -> None:
        """Give everything back."""


class Graph:
    """A graph that the catalogue's queries run on. Use as a context manager, or ``close()`` it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.engine = transport.engine()
        self.queries = Queries(self)

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the local engine lingers for the next user."""
        self._transport.close()

    def query(self, name: str) -> Query:
        """A query of the catalogue; an unknown name raises with the nearest names."""
        known = catalogue(settings().queries)
        if name not in known:
            raise InputError("read.unknown_query", query=name, nearest=nearest(name, known))
        return known[name]

    def read(self, name: str, /, *, rows: int | None = None, **params: Any) -> Result:
        """Run a read query. ``rows`` caps the answer (default: the query's budget and the
        setting, whichever is less); a cut is told in ``truncated``."""
        query, ready = self._prepared(name, params)
        cap = min(query.rows, settings().query_rows) if rows is None else rows
        start = time.perf_counter()
        kind = _row_type(query)
        found: list[Any] = []
        truncated = False
        with self._transport.rows(query, _sent(ready), settings().query_timeout) as stream:
            for values in stream:
                if len(found) == cap:
                    truncated = True
                    break
                found.append(kind(*map(temporal.from_driver, values)))
        return Result(
            query=name,
            params=ready,
            columns=tuple(query.returns),
            rows=tuple(found),
            truncated=truncated,
            as_of=ready.get("as_of"),
            seconds=time.perf_counter() - start,
        )

    def stream(self, name: str, /, *, seconds: float = 3600.0, **params: Any) -> Iterator[Any]:
        """The rows of a read one by one without a cap, for projections; ended after ``seconds``."""
        query, ready = self._prepared(name, params)
        kind = _row_type(query)
        with self._transport.rows(query, _sent(ready), seconds) as stream:
            for values in stream:
                yield kind(*map(temporal.from_driver, values))

    def write(self, name: str, /, **params: Any) -> list[list[Any]]:
        """Run a query of mode write or admin in one transaction."""
        query = self.query(name)
        return self._transport.write(query, _sent(checked_params(query, params)))

    def as_of(self, value: dt.date | dt.datetime | str | None = None) -> dt.datetime:
        """The UTC instant that ``value`` stands for; None is the data date of the store.

        A date reaches to the end of its local day.
        """
        if value is None:
            row = self.read("data_date").one()
            if row is None or row.data_date is None:
                raise InputError("read.empty_store")
            found: dt.datetime = row.data_date
            return found
        if isinstance(value, str):
            try:
                text = value.strip()
                value = (
                    dt.date.fromisoformat(text)
                    if len(text) <= 10
                    else dt.datetime.fromisoformat(text)
                )
            except ValueError as error:
                raise InputError("read.as_of", value=value) from error
        return temporal.end_of(value, settings().zone)

    def resolve(self, label: str, id_: str, source: str | None = None) -> str:
        """The key of the node that ``id_`` (short, or ``source/id``) names.

        Raises InputError when there is none, or when several sources have it.
        """
        name = stem(BY_LABEL[label])
        found = self.read(f"find_{name}", id=id_, source=source).rows
        if not found and "/" in id_:
            of, _, short = id_.partition("/")
            found = self.read(f"find_{name}", id=short, source=of).rows
        if not found:
            near = self.read(f"similar_{name}", prefix=id_[: max(1, len(id_) - 2)]).rows
            raise InputError(
                "read.not_found",
                label=label,
                id=id_,
                nearest=", ".join(row.id for row in near) or "–",
            )
        if len(found) > 1:
            raise InputError(
                "read.ambiguous", label=label, id=id_, candidates=", ".join(r.key for r in found)
            )
        return str(found[0].key)

    def _prepared(self, name: str, params: dict[str, Any]) -> tuple[Query, dict[str, Any]]:
        query = self.query(name)
        if query.mode != "read":
            raise InputError("read.not_read", query=name)
        if "as_of" in query.params:
            params["as_of"] = self.as_of(params.get("as_of"))
        return query, checked_params(query, params)


class Queries:
    """The read queries as typed calls: ``g.queries.<tab>``."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def __dir__(self) -> list[str]:
        known = catalogue(settings().queries)
        return [name for name, query in known.items() if query.mode == "read"]

    def __getattr__(self, name: str) -> Callable[..., Result]:
        if name.startswith("__"):
            raise AttributeError(name)
        query = self._graph.query(name)

        def call(**params: Any) -> Result:
            return self._graph.read(name, **params)

        call.__name__ = name
        call.__doc__ = query.help(settings().lang or "en")
        call.__signature__ = query.signature()  # type: ignore[attr-defined]
        return call


class BoltTransport:
    """The official driver, to any server; holds the local engine's lease when there is one."""

    def __init__(
        self,
        url: str,
        auth: tuple[str, str],
        database: str | None,
        local: LocalEngine | None = None,
    ) -> None:
        self._url = url
        self._database = database
        self._local = local
        self._driver = neo4j.GraphDatabase.driver(
            url,
            auth=auth,
            telemetry_disabled=True,
            notifications_min_severity="OFF" if local is None else None,
            connection_timeout=10,
            max_transaction_retry_time=30,
        )
        try:
            agent = self._driver.get_server_info().agent
        except AuthError as error:
            self.close()
            raise EngineError("store.auth", url=url) from error
        except (ServiceUnavailable, DriverError, Neo4jError, OSError) as error:
            self.close()
            raise EngineError("store.unreachable", url=url, reason=error) from error
        name, _, version = agent.partition("/")
        self._info = EngineInfo(
            "arcadedb" if "arcade" in agent.lower() else name.lower(), version, url
        )

    def engine(self) -> EngineInfo:
        return self._info

    @contextlib.contextmanager
    def rows(
        self, query: Query, params: dict[str, Any], seconds: float
    ) -> Iterator[Iterator[list[Any]]]:
        tag = f"anguan-{uuid.uuid4().hex}"
        ended = threading.Event()
        with (
            _errors(query, self._url, seconds, ended),
            self._driver.session(
                database=self._database,
                default_access_mode=neo4j.READ_ACCESS,
                fetch_size=FETCH,
            ) as session,
            self._ended_after(seconds, tag, ended),
        ):
            statement = neo4j.Query(
                _tagged(query.text, tag) if self._info.name == "arcadedb" else query.text,  # type: ignore[arg-type]
                timeout=seconds,
                metadata={"anguan": tag},
            )
            result = self._retried(lambda: session.run(statement, params))
            yield (record.values() for record in result)

    def write(self, query: Query, params: dict[str, Any]) -> list[list[Any]]:
        with (
            _errors(query, self._url, None, threading.Event()),
            self._driver.session(database=self._database) as session,
        ):
            if query.mode == "admin":
                return [r.values() for r in session.run(query.text, params)]  # type: ignore[arg-type]
            return self._retried(
                lambda: session.execute_write(
                    lambda tx: [r.values() for r in tx.run(query.text, params)]  # type: ignore[arg-type]
                )
            )

    def close(self) -> None:
        self._driver.close()
        if self._local is not None:
            self._local.lease.release()

    def _retried(self, work: Callable[[], T]) -> T:
        """Two MERGEs of one new key at once make one fail; done again, it finds the key."""
        for attempt in range(RACE_RETRIES):
            try:
                return work()
            except ConstraintError:
                if attempt == RACE_RETRIES - 1:
                    raise
                time.sleep(0.02 * 2**attempt)
        raise AssertionError

    @contextlib.contextmanager
    def _ended_after(self, seconds: float, tag: str, ended: threading.Event) -> Iterator[None]:
        """End the statement with this tag after ``seconds``, whether the engine keeps time or not."""
        timer = threading.Timer(seconds, self._end, (tag, ended))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self, tag: str, ended: threading.Event) -> None:
        known = catalogue(settings().queries)
        ended.set()
        with contextlib.suppress(Neo4jError, DriverError), self._driver.session(
            database=self._database
        ) as session:
            running = session.run(known["running_statements"].text).data()  # type: ignore[arg-type]
            for row in running:
                if tag in str(row.get("currentQuery")) or tag in str(row.get("metaData")):
                    session.run(
                        known["end_statement"].text,  # type: ignore[arg-type]
                        {"id": row["transactionId"]},
                    ).consume()


def _tagged(text: str, tag: str) -> str:
    return f"{text}\n// {tag}"


def _sent(params: dict[str, Any]) -> dict[str, Any]:
    return {name: temporal.to_driver(value) for name, value in params.items()}


def _row_type(query: Query) -> Any:
    return namedtuple("Row", list(query.returns))  # type: ignore[misc]


@contextlib.contextmanager
def _errors(
    query: Query, url: str, seconds: float | None, ended: threading.Event
) -> Iterator[None]:
    """The driver's errors as ours."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        timed_out = ended.is_set() or "TransactionTimedOut" in str(getattr(error, "code", ""))
        if timed_out and seconds is not None:
            raise EngineError("read.timeout", query=query.name, seconds=seconds) from error
        if isinstance(error, ServiceUnavailable | DriverError):
            raise EngineError("store.unreachable", url=url, reason=error) from error
        raise EngineError("store.refused", query=query.name, reason=error) from error


def connect(url: str | None = None, auth: tuple[str, str] | None = None) -> Graph:
    """The graph: of ``url`` (or ``ANGUAN_GRAPH_URL``), else of the local engine.

    Raises EngineError when the engine cannot be started or reached, or refuses the password.
    """
    configured = settings()
    url = url or configured.graph_url
    if url is not None:
        auth = auth or (configured.graph_user, configured.graph_password.get_secret_value())
        try:
            return Graph(BoltTransport(url, auth, configured.graph_database))
        except (ValueError, neo4j.exceptions.ConfigurationError) as error:
            raise EngineError("store.unreachable", url=url, reason=error) from error
    local = join_or_start(configured.home_dir)
    try:
        return Graph(BoltTransport(local.url, (USER, local.password), DATABASE, local))
    except BaseException:
        local.lease.release()
        raise


class Py2neoTransport:
    """An analyst's existing py2neo session."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph

    def engine(self) -> EngineInfo:
        agent = str(self._graph.service.product)
        name = "arcadedb" if "arcade" in agent.lower() else "neo4j"
        return EngineInfo(name, agent.rpartition("/")[2], str(self._graph.service.uri))

    @contextlib.contextmanager
    def rows(
        self, query: Query, params: dict[str, Any], seconds: float
    ) -> Iterator[Iterator[list[Any]]]:
        cursor = self._graph.run(query.text, params)
        yield (list(record.values()) for record in cursor)

    def write(self, query: Query, params: dict[str, Any]) -> list[list[Any]]:
        return [list(record.values()) for record in self._graph.run(query.text, params)]

    def close(self) -> None:
        """The session is the analyst's own and stays open."""


def from_py2neo(graph: Any) -> Graph:
    """The query library over an existing ``py2neo.Graph`` (extra ``anguan[py2neo]``).

    py2neo has no time limit of its own; the row cap holds.
    """
    return Graph(Py2neoTransport(graph))

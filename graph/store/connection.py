"""``connect()`` and what it returns: the graph as typed queries, rows, data frames and Arrow."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, SupportsIndex, TypeVar

from graph.errors import EngineError, InputError
from graph.settings import settings
from graph.store import engine
from graph.store.bulk import BulkChannel
from graph.store.catalogue import Query, catalogue, checked_params, nearest
from graph.store.facts import save_facts, store_facts
from graph.store.generate import stem
from graph.store.py2neo_transport import Py2neoTransport
from graph.store.schema import BY_LABEL, RULEBOOK
from graph.store.temporal import as_json, end_of, from_driver
from graph.store.transport import BoltTransport, EngineInfo, Rows, Statement, Transport

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")
_PLAIN = {"string", "integer", "boolean", "list<string>", "list<integer>"}
_AT_ONCE = 10_000


class Row(tuple[Any, ...]):
    """One row: a tuple whose columns are attributes (``row.case``) and items (``row["case"]``)."""

    __slots__ = ()
    columns: ClassVar[tuple[str, ...]] = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return tuple.__getitem__(self, self.columns.index(name))
        except ValueError:
            raise AttributeError(f"no column {name}; columns: {', '.join(self.columns)}") from None

    def __getitem__(self, key: SupportsIndex | slice | str) -> Any:
        if isinstance(key, str):
            return tuple.__getitem__(self, self.columns.index(key))
        return tuple.__getitem__(self, key)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.columns]

    def __reduce__(self) -> tuple[Any, ...]:
        return _row, (self.columns, tuple(self))

    def __repr__(self) -> str:
        pairs = ", ".join(f"{c}={v!r}" for c, v in zip(self.columns, self, strict=True))
        return f"Row({pairs})"

    def as_dict(self) -> dict[str, Any]:
        """The row as a dict, columns in order."""
        return dict(zip(self.columns, self, strict=True))


@lru_cache(maxsize=1024)
def _row_type(columns: tuple[str, ...]) -> type[Row]:
    return type("Row", (Row,), {"columns": columns, "__slots__": ()})


def _row(columns: tuple[str, ...], values: tuple[Any, ...]) -> Row:
    return _row_type(columns)(values)


@dataclass(frozen=True)
class Result:
    """The answer to one query.

    ``truncated`` says that the row cap cut it (a query's own ``limit`` does not count: such
    queries return ``total``). ``types`` are the header's return types, column by column.
    """

    query: str
    params: Mapping[str, Any]
    types: Mapping[str, str]
    rows: tuple[Row, ...]
    truncated: bool
    as_of: dt.datetime | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(self.types)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def one(self) -> Row | None:
        """The first row, None if there is none."""
        return self.rows[0] if self.rows else None

    def df(self) -> pd.DataFrame:
        """A pandas frame: integers as ``Int64`` (they may be absent), instants in UTC."""
        import pandas as pd

        frame = pd.DataFrame([tuple(row) for row in self.rows], columns=list(self.columns))
        for name, type_ in self.types.items():
            if type_ == "integer":
                frame[name] = frame[name].astype("Int64")
            elif type_ == "number":
                frame[name] = frame[name].astype("Float64")
            elif type_ == "datetime":
                frame[name] = pd.to_datetime(frame[name], utc=True)
        return frame

    def arrow(self) -> pa.Table:
        """An Arrow table by the header's types; maps and lists of maps as JSON text."""
        import pyarrow as pa

        plain = {
            "string": pa.string(),
            "integer": pa.int64(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
            "date": pa.date32(),
            "datetime": pa.timestamp("us", tz="UTC"),
            "list<string>": pa.list_(pa.string()),
            "list<integer>": pa.list_(pa.int64()),
        }
        arrays = []
        for at, type_ in enumerate(self.types.values()):
            values = [tuple.__getitem__(row, at) for row in self.rows]
            if type_ in plain:
                arrays.append(pa.array(values, plain[type_]))
            else:
                texts = [
                    None if v is None else json.dumps(as_json(v), ensure_ascii=False)
                    for v in values
                ]
                arrays.append(pa.array(texts, pa.string()))
        return pa.Table.from_arrays(arrays, names=list(self.columns))


class Queries:
    """The read queries as functions: ``g.queries.case_events(case="…")``, with completion."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def __dir__(self) -> list[str]:
        return sorted(n for n, q in self._graph.catalogue.items() if q.mode == "read")

    def __getattr__(self, name: str) -> Callable[..., Result]:
        query = self._graph.catalogue.get(name)
        if name.startswith("_") or query is None or query.mode != "read":
            raise AttributeError(
                f"no query {name}; nearest: {nearest(name, dict.fromkeys(dir(self)))}"
            )

        def run(**params: Any) -> Result:
            return self._graph.read(name, **params)

        run.__name__ = run.__qualname__ = name
        run.__doc__ = query.help("zh") + "\n\n" + query.help("en")
        run.__signature__ = query.signature()  # type: ignore[attr-defined]
        return run


class Graph:
    """An open graph. Threads may share it; close it, or use it as a context manager."""

    def __init__(
        self,
        transport: Transport,
        reopen: Callable[[], Transport] | None = None,
        on_close: Callable[[], None] | None = None,
        bulk: Callable[[], BulkChannel | None] | None = None,
    ) -> None:
        """``reopen`` makes a new transport after the local engine was lost, ``bulk`` opens the
        bulk path to the local engine."""
        self._transport = transport
        self._reopen = reopen
        self._on_close = on_close
        self._bulk = bulk
        self.catalogue: Mapping[str, Query] = catalogue(settings().queries)
        self.queries = Queries(self)

    @property
    def engine(self) -> EngineInfo:
        """Which engine answers, its version and address."""
        return self._transport.info

    def read(
        self,
        name: str,
        /,
        *,
        timeout: float | None = None,
        rows: int | None = None,
        **params: Any,
    ) -> Result:
        """Run a read query of the catalogue.

        ``timeout`` (seconds) and ``rows`` bound it; default: the settings. A query that declares
        ``as_of`` gets the data date when none is given. Raises InputError for an unknown query or
        a wrong parameter, EngineError ``read.timeout`` when its time is over (it is then ended on
        the server too).
        """
        query, ready = self._prepared(name, params)
        seconds = timeout or settings().query_timeout
        cap = rows or settings().query_rows
        columns, values, truncated = self._again(
            lambda t: t.read(Statement(name, query.text, ready), seconds, cap)
        )
        return self._result(query, ready, columns, values, truncated)

    def stream(self, name: str, /, *, timeout: float | None = None, **params: Any) -> Iterator[Row]:
        """The rows of a read query one by one, without a row cap; for projections."""
        query, ready = self._prepared(name, params)
        seconds = timeout or settings().query_timeout
        make = _row_type(tuple(query.returns))
        convert = _converter(tuple(query.returns.values()))
        for values in self._transport.stream(Statement(name, query.text, ready), seconds):
            yield make(convert(values))

    def write(self, name: str, /, **params: Any) -> Result:
        """Run a write or admin query; what it returns, most return nothing.

        A write runs in a managed transaction with the driver's retries, and again when it lost
        the race for a unique key; it must therefore be safe to repeat.
        """
        query = self._query(name)
        if query.mode == "read":
            raise InputError("store.not_write", query=name)
        ready = checked_params(query, params)
        columns, values = self._transport.write(
            Statement(name, query.text, ready), managed=query.mode == "write"
        )
        return self._result(query, ready, columns, values, False)

    def bulk(self) -> BulkChannel | None:
        """The bulk path, for an empty store; None on a server."""
        return self._bulk() if self._bulk else None

    def as_of(self, value: dt.date | dt.datetime | str | None = None) -> dt.datetime:
        """The instant that ``as_of`` means, in UTC.

        A date reaches to the end of its local day; None is the data date of the store. Raises
        InputError ``read.as_of``, and ``read.empty_store`` when there is no data date.
        """
        if isinstance(value, str):
            try:
                value = (
                    dt.date.fromisoformat(value)
                    if len(value) <= 10
                    else dt.datetime.fromisoformat(value)
                )
            except ValueError as error:
                raise InputError("read.as_of", value=value) from error
        if value is None:
            value = self.data_date()
            if value is None:
                raise InputError("read.empty_store")
        return end_of(value, settings().zone)

    def data_date(self) -> dt.datetime | None:
        """The store's data date in UTC, None when nothing is loaded."""
        rows = self._rows("store_data_date")
        return from_driver(rows[0][0]) if rows and rows[0][0] is not None else None

    def resolve(self, label: str, node_id: str, source: str | None = None) -> str:
        """The key of the node that ``node_id`` names: a short id where it is unique, or a key.

        Raises InputError ``read.not_found`` with ids that begin alike, and ``read.ambiguous``
        with the candidates.
        """
        if label not in BY_LABEL:
            raise InputError("read.unknown_label", label=label, labels=", ".join(BY_LABEL))
        name = stem(BY_LABEL[label])
        keys = [str(r[0]) for r in self._rows(f"find_{name}", id=node_id, source=source)]
        if not keys and "/" in node_id and source in {None, node_id.partition("/")[0]}:
            keys = [str(r[0]) for r in self._rows(f"known_{name}", keys=[node_id])]
        if len(keys) > 1:
            raise InputError("read.ambiguous", label=label, id=node_id, candidates=", ".join(keys))
        if not keys:
            near = [
                str(r[0])
                for r in self._rows(f"similar_{name}", prefix=node_id[: len(node_id) * 2 // 3])
            ]
            raise InputError(
                "read.not_found", label=label, id=node_id, nearest=", ".join(near) or "–"
            )
        return keys[0]

    def wipe(self, *, keep_rulebook: bool = False) -> None:
        """Delete every node and relationship; constraints and indexes stay.

        ``keep_rulebook`` leaves the published rulebook if it is the shipped one alone.
        """
        facts = store_facts(self) if keep_rulebook else {}
        kept = RULEBOOK if "+" not in facts.get("rulebook", "+") else ""
        while self.write("empty_store", portion=_AT_ONCE, kept=kept).rows[0][0] == _AT_ONCE:
            pass
        if kept:
            save_facts(self, {"rulebook": facts["rulebook"]})

    def close(self) -> None:
        """Close connections and give up the claim on the local engine."""
        try:
            self._transport.close()
        finally:
            if self._on_close:
                self._on_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The driver can fail to close after an error; that must not hide the error.
        with suppress(Exception) if error is not None else nullcontext():
            self.close()

    def __repr__(self) -> str:
        return f"<Graph {self.engine.name} {self.engine.version} at {self.engine.url}>"

    def _query(self, name: str) -> Query:
        query = self.catalogue.get(name)
        if query is None:
            raise InputError(
                "read.unknown_query", query=name, nearest=nearest(name, self.catalogue)
            )
        return query

    def _prepared(self, name: str, params: dict[str, Any]) -> tuple[Query, dict[str, Any]]:
        query = self._query(name)
        if query.mode != "read":
            raise InputError("read.not_read", query=name)
        if "as_of" in query.params:
            given = params.get("as_of")
            wanted = query.params["as_of"].type
            moment = self.as_of(given)
            params = {
                **params,
                "as_of": moment
                if wanted == "datetime"
                else moment.astimezone(settings().zone).date(),
            }
        return query, checked_params(query, params)

    def _rows(self, name: str, **params: Any) -> Rows:
        query, ready = self._prepared(name, params)
        statement = Statement(name, query.text, ready)
        configured = settings()
        return self._again(
            lambda t: t.read(statement, configured.query_timeout, configured.query_rows)
        )[1]

    def _again(self, run: Callable[[Transport], T]) -> T:
        """Run; once more on a new engine when the local engine was lost."""
        try:
            return run(self._transport)
        except EngineError as error:
            if error.code != "store.unreachable" or self._reopen is None:
                raise
            self._transport.close()
            self._transport = self._reopen()
            return run(self._transport)

    def _result(
        self,
        query: Query,
        params: Mapping[str, Any],
        columns: list[str],
        values: Rows,
        truncated: bool,
    ) -> Result:
        types = dict(query.returns) if query.returns else dict.fromkeys(columns, "any")
        make = _row_type(tuple(types))
        convert = _converter(tuple(types.values()))
        moment = params.get("as_of")
        return Result(
            query=query.name,
            params=params,
            types=types,
            rows=tuple(make(convert(v)) for v in values),
            truncated=truncated,
            as_of=moment if isinstance(moment, dt.datetime) else None,
        )


@lru_cache(maxsize=1024)
def _converter(types: tuple[str, ...]) -> Callable[[list[Any]], list[Any]]:
    """From the driver's values to Python's; untouched where every column is plain already."""
    special = [at for at, type_ in enumerate(types) if type_ not in _PLAIN]
    if not special:
        return lambda values: values

    def convert(values: list[Any]) -> list[Any]:
        for at in special:
            value = values[at]
            if value is not None:
                values[at] = float(value) if types[at] == "number" else from_driver(value)
        return values

    return convert


def _admin_texts() -> dict[str, str]:
    queries = catalogue(settings().queries)
    return {n: queries[n].text for n in ("show_transactions", "terminate_transaction")}


def connect(
    url: str | None = None,
    auth: tuple[str, str] | None = None,
    database: str | None = None,
    home: Path | None = None,
) -> Graph:
    """Open the graph: a server by ``url``, else by ``ANGUAN_GRAPH_URL``, else the local engine.

    The local engine of ``ANGUAN_HOME`` is started, or joined where it runs; with ``home`` that of
    another folder, whatever the settings say. Raises EngineError.
    """
    configured = settings()
    admin = _admin_texts()
    url = url or (None if home else configured.graph_url)
    if url:
        user = auth or (configured.graph_user, configured.graph_password.get_secret_value())
        return Graph(BoltTransport(url, user, database or configured.graph_database, admin))
    folder = home or configured.home_dir
    held: list[engine.LocalEngine] = []

    def release() -> None:
        while held:
            held.pop().lease.release()

    def reopen() -> Transport:
        local = engine.join_or_start(folder)
        release()
        held.append(local)
        try:
            user = (engine.USER, local.password)
            # A local engine that is gone does not come back by waiting: soon a new one is started.
            return BoltTransport(local.url, user, engine.DATABASE, admin, retry_seconds=8.0)
        except BaseException:
            release()
            raise

    def bulk() -> BulkChannel | None:
        local = held[-1]
        return BulkChannel(local.bulk, local.password) if local.bulk else None

    return Graph(reopen(), reopen, release, bulk)


def from_py2neo(graph: Any) -> Graph:
    """The same query library over an analyst's existing ``py2neo.Graph``.

    Closing it leaves the analyst's session open. Needs the extra ``anguan[py2neo]``.
    """
    return Graph(Py2neoTransport(graph, _admin_texts()))

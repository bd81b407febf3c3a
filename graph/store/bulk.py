"""The bulk path into the local engine: nodes and relationships without a statement.

The host of the local engine (``graph.store.bulk_host``) listens on a second loopback port. Whoever
proves that he knows the engine's password may fill an **empty** store: nodes as rows of names and
values, relationships as arrays of places. A *place* is where the engine keeps a node, as one
number; it holds as long as the engine runs.

A message is a header in JSON and the parts that it announces, all as plain bytes: values in the
driver's own encoding, so that they arrive as the types that a statement would store; numbers as
int64. Until ``done`` the store is marked as half filled: where the connection, the host or the
machine ends before, the host throws the store away and the next one begins with an empty one.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from typing import Any

import numpy as np
import numpy.typing as npt
from neo4j._codec.packstream import Structure
from neo4j._codec.packstream.v1 import Packer

from graph.errors import EngineError
from graph.store.temporal import UTC, in_utc

Places = npt.NDArray[np.int64]
NOWHERE = -1
"""The place of a node that is not there."""
MARKER = "filling"
"""The file in the engine's folder that says that the store is half filled."""
LOOPBACK = "127.0.0.1"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Relationships:
    """Relationships of one type, by the places of their ends.

    ``rows`` are their ``_row`` and ``batch`` is their ``_batch``; None: they have no properties.
    """

    type: str
    starts: Places
    ends: Places
    batch: str | None = None
    rows: Places | None = None


class BulkChannel:
    """The client's end; one thread at a time. Errors are EngineErrors, as those of a statement."""

    def __init__(self, port: int, password: str) -> None:
        """Connect. Raises EngineError ``store.unreachable`` or ``store.auth``."""
        self._url = f"{LOOPBACK}:{port}"
        with self._errors():
            self._connection: Connection = Client((LOOPBACK, port), authkey=password.encode())

    def begin(self) -> None:
        """Mark the store as half filled."""
        self._ask({"op": "begin"})

    def create(self, label: str, packed: bytes) -> Places:
        """Create nodes from their packed rows; their places, in the same order."""
        return numbers(self._ask({"op": "create", "label": label}, packed))

    def relate(self, sets: Sequence[Relationships]) -> None:
        """Create relationships."""
        said = [
            {"type": s.type, "batch": s.batch, "bare": s.rows is None, "count": len(s.starts)}
            for s in sets
        ]
        parts = [
            array.tobytes()
            for s in sets
            for array in (s.starts, s.ends, *(() if s.rows is None else (s.rows,)))
        ]
        if sets:
            self._ask({"op": "relate", "sets": said}, *parts)

    def find(self, label: str, keys: list[str]) -> Places:
        """The places of nodes by their keys; ``NOWHERE`` for those that are not there."""
        return numbers(self._ask({"op": "find", "label": label, "keys": keys}))

    def done(self) -> None:
        """All is there: the store is a store like any other from now on."""
        self._ask({"op": "done"})
        self.close()

    def close(self) -> None:
        """Hang up; before ``done`` this throws the store away."""
        with suppress(OSError):
            self._connection.close()

    def _ask(self, header: dict[str, Any], *parts: bytes) -> bytes:
        with self._errors():
            self._connection.send_bytes(json.dumps(header).encode())
            for part in parts:
                self._connection.send_bytes(part)
            answer = json.loads(self._connection.recv_bytes())
            if "error" in answer:
                raise EngineError("store.refused", query=header["op"], reason=answer["error"])
            return self._connection.recv_bytes()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except AuthenticationError as error:
            raise EngineError("store.auth", url=self._url) from error
        except (OSError, EOFError) as error:
            raise EngineError("store.unreachable", url=self._url, reason=error) from error


def numbers(data: bytes) -> Places:
    """Numbers as they went over the line."""
    return np.frombuffer(data, np.int64)


def packed_rows(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows in the driver's encoding: each a list of names and values in turn, absent ones out."""
    lists = []
    for props in rows:
        pairs: list[Any] = []
        for name, value in props.items():
            if value is None:
                continue
            pairs.append(name)
            pairs.append(_moment(value) if isinstance(value, dt.date) else value)
        lists.append(pairs)
    stream = io.BytesIO()
    packer: Any = Packer
    packer(stream).pack(lists)
    return stream.getvalue()


@lru_cache(1 << 16)
def _moment(value: dt.date) -> Any:
    """A date or datetime as the driver sends it."""
    if isinstance(value, dt.datetime):
        since = in_utc(value) - _EPOCH
        return Structure(b"I", since.days * 86400 + since.seconds, since.microseconds * 1000, 0)
    return Structure(b"D", value.toordinal() - _FIRST_DAY)

"""The host's end of the bulk path (see ``graph.store.bulk``).

The engine's batch importer works within the JVM. What would be a call a value or a relationship
from Python is put together there once a message from the JVM's own method handles.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import traceback
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

import numpy as np

from graph.store.bulk import LOOPBACK, MARKER, NOWHERE, Places, numbers

_SHIFT = 40
"""A place is the number of the bucket, and in these low bits the position in it."""
_LIMIT = 2**31 - 1
_DEPTH = 100
_LEAST = 1_000
"""Relationships for which the importer has room at least."""
_EDGE_LIST = 64
"""Bytes of a node's first list of relationships; what comes later makes it grow."""
_WAITING = 8


def throw_away_half(folder: Path) -> None:
    """Remove the database of a fill that did not come to its end."""
    marker = folder / MARKER
    if marker.exists():
        shutil.rmtree(folder / "databases" / "anguan", ignore_errors=True)
        marker.unlink()


class BulkHost:
    """Listens, and fills the database for one client at a time."""

    def __init__(self, folder: Path, database: Any, password: str, broken: Callable[[], None]):
        """``database`` is the engine's own; ``broken`` is told when a fill was cut off."""
        self._marker = folder / MARKER
        self._database = database
        self._key = password.encode()
        self._broken = broken
        self._one = threading.Lock()
        self._listener = Listener((LOOPBACK, 0), backlog=_WAITING)
        self.port = int(self._listener.address[1])
        threading.Thread(target=self._accept, daemon=True, name="anguan-bulk").start()

    def close(self) -> None:
        """Take no more clients."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        with connection:
            try:
                deliver_challenge(connection, self._key)
                answer_challenge(connection, self._key)
            except (AuthenticationError, OSError, EOFError):
                return
            with self._one:
                self._fill(connection)

    def _fill(self, connection: Connection) -> None:
        """Do what one client asks, to the end."""
        filler: Filler | None = None
        try:
            while True:
                asked = json.loads(connection.recv_bytes())
                operation = asked["op"]
                if operation == "begin":
                    self._mark()
                    filler = Filler(self._database)
                    answer = b""
                elif operation == "done":
                    self._unmark()
                    filler = None
                    answer = b""
                else:
                    assert filler is not None
                    answer = getattr(filler, operation)(asked, connection.recv_bytes)
                connection.send_bytes(b"{}")
                connection.send_bytes(answer)
        except (EOFError, OSError):
            pass
        except BaseException as error:
            traceback.print_exc()
            with connection:
                connection.send_bytes(json.dumps({"error": str(error)}).encode())
        finally:
            if filler is not None:
                self._broken()

    def _mark(self) -> None:
        self._marker.touch()
        _sync(self._marker)
        _sync(self._marker.parent)

    def _unmark(self) -> None:
        # A commit of a fill does not wait for the disk. Journals first: one that is gone by now
        # went after its pages had been written.
        files = sorted((self._marker.parent / "databases").rglob("*"))
        for path in (*(f for f in files if f.suffix == ".wal"), *files):
            _sync(path)
        self._marker.unlink()
        _sync(self._marker.parent)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk; one that is gone is none to wait for."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class Filler:
    """One fill: what a client may ask between ``begin`` and ``done``."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._java = Java()
        self._java.quiet("com.arcadedb.graph.GraphBatch")

    def create(self, asked: dict[str, Any], part: Callable[[], bytes]) -> bytes:
        """Create nodes."""
        java = self._java
        rows = java.rows(part())
        with self._batch(0) as batch:
            rids = batch.createVertices(asked["label"], rows)
        buckets, positions = java.places(rids)
        return ((buckets << _SHIFT) + positions).tobytes()

    def relate(self, asked: dict[str, Any], part: Callable[[], bytes]) -> bytes:
        """Create relationships."""
        with self._batch(sum(some["count"] for some in asked["sets"])) as batch:
            for some in asked["sets"]:
                self._database.getSchema().getOrCreateEdgeType(some["type"])
                starts, ends = numbers(part()), numbers(part())
                rows = None if some["bare"] else numbers(part())
                self._java.relate(batch, some["type"], some["batch"], starts, ends, rows)
        return b""

    def find(self, asked: dict[str, Any], _part: Callable[[], bytes]) -> bytes:
        """Find nodes by their unique keys."""
        found = []
        for key in asked["keys"]:
            cursor = self._database.lookupByKey(asked["label"], "key", key)
            if cursor.hasNext():
                rid = cursor.next().getIdentity()
                found.append((rid.getBucketId() << _SHIFT) + rid.getPosition())
            else:
                found.append(NOWHERE)
        return np.array(found, np.int64).tobytes()

    def _batch(self, relationships: int) -> Any:
        # Closed after every message: nothing waits in memory, and all of it is in the journal.
        # Its own size is that of a large import, which takes longer to set up than to fill.
        room = max(relationships + 1, _LEAST)
        return (
            self._database.batch()
            .withBatchSize(room)
            .withChunkCacheCapacity(2 * room)
            .withWAL(True)
            .withLightEdges(False)
            .withParallelFlush(False)
            .withPreAllocateEdgeChunks(False)
            .withEdgeListInitialSize(_EDGE_LIST)
            .build()
        )


class Java:
    """The loops over rows and relationships, as functions that the JVM runs by itself."""

    def __init__(self) -> None:
        import jpype

        self._class, self._place = jpype.JClass, jpype.JInt
        self._int, self._long = jpype.JInt.class_, jpype.JLong.class_
        self._ints, self._longs = jpype.JArray(jpype.JInt), jpype.JArray(jpype.JLong)
        self._bytes = jpype.JArray(jpype.JByte)
        self._objects = jpype.JArray(jpype.JObject)
        self._matrix = jpype.JArray(jpype.JObject, 2)
        self._object = self._class("java.lang.Object").class_
        self._void = self._class("java.lang.Void").TYPE
        self._string = self._class("java.lang.String").class_
        self._rid = self._class("com.arcadedb.database.RID").class_
        self._type = self._class("java.lang.invoke.MethodType").methodType
        self._handles = self._class("java.lang.invoke.MethodHandles")
        self._public = self._handles.publicLookup()
        list_ = self._class("java.util.List").class_
        self._to_array = self._function(
            "java.util.function.UnaryOperator",
            self._public.findVirtual(list_, "toArray", self._type(self._objects.class_)),
            self._type(self._object, self._object),
        )
        self._bucket_of = self._function(
            "java.util.function.ToIntFunction",
            self._public.findVirtual(self._rid, "getBucketId", self._type(self._int)),
            self._type(self._int, self._object),
        )
        self._position_of = self._function(
            "java.util.function.ToLongFunction",
            self._public.findVirtual(self._rid, "getPosition", self._type(self._long)),
            self._type(self._long, self._object),
        )
        # What changes from call to call is in here, since the JVM compiles each new function anew.
        self._held = self._objects(8)
        self._relate = {bare: self._relationship(bare=bare) for bare in (False, True)}

    def quiet(self, name: str) -> None:
        """Let a class of the engine log nothing below a warning."""
        logging = self._class("java.util.logging.Logger")
        self._logger = logging.getLogger(name)
        self._logger.setLevel(self._class("java.util.logging.Level").WARNING)

    def rows(self, packed: bytes) -> Any:
        """Rows in the driver's encoding as arrays, with the values that a statement would get."""
        reader = self._class("com.arcadedb.bolt.packstream.PackStreamReader")
        mapper = self._class("com.arcadedb.bolt.structure.BoltStructureMapper")
        read = reader(self._bytes(packed), _LIMIT, _LIMIT, _DEPTH).readValue()
        rows = self._class("java.util.ArrayList")(mapper.fromPackStreamValue(read))
        rows.replaceAll(self._to_array)
        return rows.toArray(self._matrix(0))

    def places(self, rids: Any) -> tuple[Places, Places]:
        """Buckets of record ids, and the positions in them."""
        stream = self._class("java.util.Arrays").stream
        return (
            np.array(stream(rids).mapToInt(self._bucket_of).toArray(), np.int64),
            np.array(stream(rids).mapToLong(self._position_of).toArray(), np.int64),
        )

    def relate(
        self,
        batch: Any,
        type_: str,
        named: str | None,
        starts: Places,
        ends: Places,
        rows: Places | None,
    ) -> None:
        """Create relationships of a type."""
        held = [batch, type_, *self._ends(starts), *self._ends(ends)]
        held += [] if rows is None else [named, self._longs(rows)]
        for at, value in enumerate(held):
            self._held[at] = value
        numbers_ = self._class("java.util.stream.IntStream").range(0, len(starts))
        numbers_.forEach(self._relate[rows is None])
        for at in range(len(held)):
            self._held[at] = None

    def _ends(self, places: Places) -> tuple[Any, Any]:
        buckets = (places >> _SHIFT).astype(np.int32)
        return self._ints(buckets), self._longs(places & ((1 << _SHIFT) - 1))

    def _relationship(self, *, bare: bool) -> Any:
        """A function that creates the relationship of a number, from what is held."""
        handles, objects = self._handles, self._objects.class_
        importer = self._class("com.arcadedb.graph.GraphBatch").class_
        takes = [self._rid, self._string, self._rid, objects]
        made = self._public.findVirtual(importer, "newEdge", self._type(self._void, takes))
        made = handles.collectArguments(made.asFixedArity(), 0, self._holding(0, importer))
        made = handles.collectArguments(made, 1, self._holding(1, self._string))
        if bare:
            none = handles.constant(objects, self._objects(0))
            properties = handles.dropArguments(none, 0, [self._int])
        else:
            pairs = handles.identity(objects).asCollector(objects, 4)
            pairs = handles.insertArguments(pairs, 0, ["_batch"])
            pairs = handles.collectArguments(pairs, 0, self._holding(6, self._object))
            pairs = handles.insertArguments(pairs, 0, ["_row"])
            row = self._item(7, self._longs).asType(self._type(self._object, self._int))
            properties = handles.filterArguments(pairs, 0, [row])
        made = handles.filterArguments(made, 0, [self._record(2), self._record(4), properties])
        made = self._of_one_number(made, self._void)
        return self._function("java.util.function.IntConsumer", made, made.type())

    def _record(self, at: int) -> Any:
        """Number -> record id, from the buckets and positions that are held at ``at``."""
        new = self._type(self._void, [self._int, self._long])
        new = self._public.findConstructor(self._rid, new)
        parts = [self._item(at, self._ints), self._item(at + 1, self._longs)]
        return self._of_one_number(self._handles.filterArguments(new, 0, parts), self._rid)

    def _item(self, at: int, array: Any) -> Any:
        """Number -> what stands there in the array that is held at ``at``."""
        getter = self._handles.arrayElementGetter(array.class_)
        return self._handles.collectArguments(getter, 0, self._holding(at, array.class_))

    def _holding(self, at: int, kind: Any) -> Any:
        """What is held at ``at``."""
        getter = self._handles.arrayElementGetter(self._objects.class_)
        held = self._handles.insertArguments(getter, 0, [self._held, self._place(at)])
        return held.asType(self._type(kind))

    def _of_one_number(self, handle: Any, result: Any) -> Any:
        """A function of several numbers as a function of one, which stands for all of them."""
        count = handle.type().parameterCount()
        one = self._type(result, self._int)
        return self._handles.permuteArguments(handle, one, [0] * count)

    def _function(self, kind: str, handle: Any, type_: Any) -> Any:
        proxies = self._class("java.lang.invoke.MethodHandleProxies")
        return proxies.asInterfaceInstance(self._class(kind).class_, handle.asType(type_))

"""Which rows of a load stand and which fall, decided before anything is written.

Every row leaves a few numbers here (row number, hash of its id, of its content, of the ids that
it names), 50 to 100 bytes instead of the row itself; what is to be written waits in a temporary
file. ``settle`` then finds repeated keys, what belongs to secret rows (it falls with them, until
nothing changes), and keys that dangle: their rows stand and are pending.

Hashes are Python's own, 64 bits, salted per process: they never leave it.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.errors import InputError
from graph.store.schema import NodeType
from loaders.rows import Fault, Read, is_stub
from loaders.tables import SourceRow

Hashes = npt.NDArray[np.int64]
StoreLookup = Callable[[str, list[str]], set[str]]
"""Label and ids -> the ids that the store holds for this source."""

ALIVE, REFUSED, SAME = 0, 1, 2
OWN, DERIVED, STUB = 0, 1, 2
SPILL = 2_000
_SECRET = frozenset({"load.secret", "load.secret_target"})


class Spill:
    """Things put away in a temporary file and taken out again in order, in packs.

    Raises InputError ``load.spill`` when the disk refuses. The file has no name, so that nothing
    is left behind however the process ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pack: list[Any] = []
        self._file: Any = None
        self._count = 0

    def size(self) -> int:
        """Bytes that one of the things takes, on average; 1 where there is none."""
        if self._file is None:
            return len(pickle.dumps(self._pack)) // max(len(self._pack), 1) or 1
        return int(self._file.tell() // max(self._count, 1)) or 1

    def add(self, thing: Any) -> None:
        """Put one away."""
        self._pack.append(thing)
        if len(self._pack) >= SPILL:
            self._flush()

    def packs(self) -> Iterator[list[Any]]:
        """All packs, as often as wanted."""
        if self._file is not None:
            self._flush()
            self._file.seek(0)
            try:
                while True:
                    try:
                        yield pickle.load(self._file)
                    except EOFError:
                        return
            finally:
                self._file.seek(0, 2)
        elif self._pack:
            yield list(self._pack)

    def close(self) -> None:
        """Give the disk space back."""
        self._pack = []
        if self._file is not None:
            file, self._file = self._file, None
            # What a full disk did not take is not wanted any more either.
            with suppress(OSError):
                file.close()

    def _flush(self) -> None:
        if not self._pack:
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)
            self._count += len(self._pack)
            pickle.dump(self._pack, self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._file.flush()
        except OSError as error:
            raise InputError("load.spill", folder=self._folder, reason=error.strerror) from error
        self._pack = []


class TableLedger:
    """The rows of one table, by position (0 is the first row read)."""

    def __init__(self, node_type: NodeType, folder: Path) -> None:
        self.type = node_type
        self.numbers = array("q")
        self.keys = array("q")
        self.contents = array("q")
        self.state = bytearray()
        self.derived = bytearray()
        self.named: dict[str, tuple[array[int], array[int]]] = {
            r.column: (array("q"), array("q")) for r in node_type.references
        }
        self.faults: dict[int, list[Fault]] = {}
        self.same_as: dict[int, int] = {}
        self.pending = bytearray()
        """Which rows name something that is not there; empty where none does."""
        self.lost: dict[str, Hashes] = {}
        """Reference columns -> sorted hashes of the ids that are not there."""
        self.shunned: list[tuple[int, str, str, int]] = []
        """Rows that name an id that was secret before: position, column, label, hash."""
        self.spill = Spill(folder)

    def add(self, source: SourceRow, read: Read) -> None:
        """Take a row in."""
        at = len(self.numbers)
        self.numbers.append(source.number)
        self.keys.append(hash(read.id) if read.id is not None else 0)
        self.contents.append(hash(read.content))
        made = STUB if is_stub(self.type, source) else DERIVED
        self.derived.append(made if source.derived else OWN)
        for column, id_ in read.targets:
            places, ids = self.named[column]
            places.append(at)
            ids.append(hash(id_))
        if read.faults:
            self.state.append(REFUSED)
            self.faults[at] = read.faults
        else:
            self.state.append(ALIVE)
            self.spill.add((at, read.row, read.later))

    def refuse(self, at: int, fault: Fault) -> None:
        """Let a row fall; further faults of other fields are added."""
        self.state[at] = REFUSED
        self.faults.setdefault(at, []).append(fault)

    def alive_keys(self) -> Hashes:
        """The hashes of the ids that stand, sorted."""
        return np.unique(_ints(self.keys)[_bytes(self.state) == ALIVE])

    def open_key(self, key: int) -> bool:
        """Whether a row of that id hash is there that carries no secrecy mark."""
        return any(
            self.state[at] != REFUSED or self.faults[at][0].code not in _SECRET
            for at in self.with_keys(np.array([key]))
        )

    def with_keys(self, keys: Hashes) -> list[int]:
        """Positions of the rows whose id hash is one of ``keys`` (sorted)."""
        places: list[int] = np.flatnonzero(_within(_ints(self.keys), keys)).tolist()
        return places

    def naming(self, column: str, ids: Hashes) -> list[int]:
        """Positions of the rows that name one of ``ids`` (sorted) in a reference column."""
        places, named = (_ints(a) for a in self.named[column])
        found: list[int] = places[_within(named, ids)].tolist()
        return found

    def lose(self, column: str, places: Hashes, ids: Hashes) -> None:
        """Note rows that stand and name ids that are not there."""
        if len(places):
            self.pending = self.pending or bytearray(len(self.numbers))
            np.frombuffer(self.pending, np.uint8)[places] = 1
            self.lost[column] = np.unique(ids)

    def waits(self, at: int) -> bool:
        """Whether a row names something that is not there yet."""
        return bool(self.pending and self.pending[at])

    def awaits(self, column: str, id_: str) -> bool:
        """Whether an id that is named in a column is not there yet."""
        lost = self.lost.get(column)
        return lost is not None and bool(_within(np.array([hash(id_)]), lost)[0])

    def kept(self) -> Iterator[list[tuple[int, dict[str, Any], dict[str, list[str]] | None]]]:
        """What stands of the rows put away, in packs."""
        state = self.state
        for pack in self.spill.packs():
            yield [item for item in pack if state[item[0]] == ALIVE]

    def absent(self, rows: Iterable[Any], cut: int) -> Iterator[Any]:
        """Those of some stored rows whose id, the key without ``cut`` signs, no row here has."""
        present = np.unique(_ints(self.keys))
        pack: list[Any] = []
        for row in chain(rows, [None]):
            if row is not None:
                pack.append(row)
            if len(pack) >= SPILL or row is None:
                ids = np.fromiter((hash(r.key[cut:]) for r in pack), np.int64, len(pack))
                missing = ~_within(ids, present)
                yield from (r for r, lost in zip(pack, missing.tolist(), strict=True) if lost)
                pack = []

    def count(self, state: int) -> int:
        """Source rows in a state; derived rows do not count."""
        own = _bytes(self.derived) == OWN
        return int(np.count_nonzero((_bytes(self.state) == state) & own))

    @property
    def read(self) -> int:
        """Source rows read; derived rows do not count."""
        return self.derived.count(OWN)


class Ledger:
    """All tables of one load."""

    def __init__(self, source: str, folder: Path, rulebook: dict[str, frozenset[str]]) -> None:
        self.tables: dict[str, TableLedger] = {}
        self._prefix = f"{source}/"
        self._folder = folder
        self.rulebook = rulebook
        self._rulebook_hashes = {
            label: _sorted(set(map(hash, ids))) for label, ids in rulebook.items()
        }
        self._stored: dict[str, Hashes] = defaultdict(_none)
        self._asked: dict[str, Hashes] = defaultdict(_none)
        self._alive: dict[str, Hashes] = defaultdict(_none)

    def table(self, node_type: NodeType) -> TableLedger:
        """A new table."""
        self.tables[node_type.label] = TableLedger(node_type, self._folder)
        return self.tables[node_type.label]

    def announce(self, label: str, ids: Iterable[str]) -> None:
        """Nodes of this source that are in the store, or will be when the tables are written."""
        self._stored[label] = np.union1d(self._stored[label], _sorted(set(map(hash, ids))))

    def close(self) -> None:
        """Give temporary files back."""
        for table in self.tables.values():
            table.spill.close()

    def settle(self, look_up: StoreLookup | None) -> None:
        """Decide on every row; ``look_up`` asks the store, None where it holds nothing yet."""
        for table in self.tables.values():
            _repeated(table)
        self._secret()
        self._dangling(look_up)
        for table in self.tables.values():
            for at, first in table.same_as.items():
                if table.state[first] == REFUSED:
                    table.state[at] = REFUSED
                    table.faults[at] = table.faults[first]

    def resolved(self, label: str, key: str) -> str:
        """The key that a reference to a rulebook type means: the source's own, else the rulebook's.

        ``key`` is written with the source's prefix.
        """
        id_ = key[len(self._prefix) :]
        if id_ not in self.rulebook.get(label, ()):
            return key
        own = np.array([hash(id_)])
        if _within(own, self._alive[label])[0] or _within(own, self._stored[label])[0]:
            return key
        return f"rulebook/{id_}"

    def _secret(self) -> None:
        """Refuse what depends on a secret row, even where the row has faults of its own."""
        hidden: dict[str, set[int]] = defaultdict(set)
        for label, table in self.tables.items():
            for at, faults in table.faults.items():
                if faults[0].code in _SECRET:
                    hidden[label].add(table.keys[at])
        for label, table in self.tables.items():
            for at, column, target, id_hash in table.shunned:
                named = self.tables.get(target)
                # The row may be there by now without its mark.
                if named is not None and named.open_key(id_hash):
                    continue
                table.state[at] = REFUSED
                table.faults[at] = [Fault("load.secret_target", column)]
                hidden[label].add(table.keys[at])
        changed = {label for label, keys in hidden.items() if keys}
        while changed:
            dirty, changed = changed, set()
            keys = {label: _sorted(hidden[label] - {0}) for label in dirty}
            for label, table in self.tables.items():
                own = table.with_keys(keys[label]) if label in dirty else []
                found = dict.fromkeys(own, "")
                for ref in table.type.references:
                    if ref.target in dirty:
                        found |= dict.fromkeys(
                            table.naming(ref.column, keys[ref.target]), ref.column
                        )
                for at, column in found.items():
                    faults = table.faults.get(at, [])
                    if faults and faults[0].code in _SECRET:
                        continue
                    table.state[at] = REFUSED
                    table.faults[at] = [Fault("load.secret_target", column)]
                    if table.keys[at] not in hidden[label]:
                        hidden[label].add(table.keys[at])
                        changed.add(label)

    def _dangling(self, look_up: StoreLookup | None) -> None:
        for label, table in self.tables.items():
            self._alive[label] = table.alive_keys()
        for table in self.tables.values():
            for ref in table.type.references:
                table.lose(ref.column, *self._missing(table, ref.column, ref.target, look_up))

    def _missing(
        self, table: TableLedger, column: str, target: str, look_up: StoreLookup | None
    ) -> tuple[Hashes, Hashes]:
        places, ids = (_ints(a) for a in table.named[column])
        standing = _bytes(table.state)[places] == ALIVE
        places, ids = places[standing], ids[standing]
        lost = ~self._there(ids, target)
        if look_up is not None and lost.any():
            self._ask(table, column, target, np.unique(ids[lost]), look_up)
            lost = ~self._there(ids, target)
        return places[lost], ids[lost]

    def _there(self, ids: Hashes, label: str) -> npt.NDArray[np.bool_]:
        there = _within(ids, self._alive[label]) | _within(ids, self._stored[label])
        if label in self._rulebook_hashes:
            there |= _within(ids, self._rulebook_hashes[label])
        return there

    def _ask(
        self, table: TableLedger, column: str, target: str, ids: Hashes, look_up: StoreLookup
    ) -> None:
        """Ask the store for ids that the files do not hold; the rows put away know their text."""
        wanted = set(ids[~_within(ids, self._asked[target])].tolist())
        if not wanted:
            return
        texts: set[str] = set()
        for pack in table.kept():
            for _, row, later in pack:
                if later and column in later:
                    texts.update(i for i in later[column] if hash(i) in wanted)
                elif (key := row.get(column)) is not None:
                    id_ = key[len(self._prefix) :]
                    if hash(id_) in wanted:
                        texts.add(id_)
        found = look_up(target, sorted(texts))
        self._asked[target] = np.union1d(self._asked[target], _sorted(wanted))
        self.announce(target, found)


def _repeated(table: TableLedger) -> None:
    """Equal rows of one key: the later are the same again. Other values: all are refused."""
    keys = _ints(table.keys)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    again = np.flatnonzero((ordered[1:] == ordered[:-1]) & (ordered[1:] != 0))
    groups: dict[int, list[int]] = {}
    for i in again.tolist():
        key = int(ordered[i])
        groups.setdefault(key, [int(order[i])]).append(int(order[i + 1]))
    for places in groups.values():
        standing = [at for at in places if table.state[at] == ALIVE]
        contents = {table.contents[at] for at in standing}
        if len(standing) == len(places) and len(contents) == 1:
            for at in places[1:]:
                table.state[at] = SAME
                table.same_as[at] = places[0]
            continue
        for at in standing:
            others = [p for p in places if p != at and _differs(table, p, at)] or places
            other = next(p for p in others if p != at)
            table.refuse(
                at, Fault("load.double_key", table.type.id, {"other": table.numbers[other]})
            )


def _differs(table: TableLedger, one: int, other: int) -> bool:
    return table.state[one] == REFUSED or table.contents[one] != table.contents[other]


def _sorted(hashes: set[int]) -> Hashes:
    return np.unique(np.fromiter(hashes, np.int64, len(hashes)))


def _none() -> Hashes:
    return np.empty(0, np.int64)


def _ints(values: array[int]) -> Hashes:
    return np.frombuffer(values, np.int64) if len(values) else _none()


def _bytes(values: bytearray) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes(values), np.uint8)


def _within(values: Hashes, ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Which values are in a sorted array."""
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: npt.NDArray[np.bool_] = ordered[at] == values
    return found

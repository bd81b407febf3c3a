"""A first load by the bulk path: what the statements in ``cypher/schema`` write, without them.

Rows come as ``create_<stem>`` and ``link_<stem>_<column>`` take them, and become the same nodes and
relationships. Where the nodes are that others name is remembered by the hash of their key, 16 bytes
a node, up to a bound; beyond it the engine is asked. What NEXT chains waits on disk.
"""

from __future__ import annotations

import datetime as dt
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from graph.rulebook import indicators
from graph.settings import settings
from graph.store.bulk import NOWHERE, BulkChannel, Places, Relationships, packed_rows
from graph.store.connection import Graph
from graph.store.generate import deferred, stem
from graph.store.schema import NODE_TYPES, NodeType, Reference
from loaders.bookkeeping import ORDERED, Progress
from loaders.ledger import Spill
from loaders.rows import parent

REMEMBERED = 1 << 25
"""Nodes of one label whose place is remembered: half a gigabyte."""
_ASKED = 1 << 16
"""Places of one label that the engine was asked for and that are kept."""
_PILES = 64
"""Parts in which the order is worked out, each in memory."""
_AT_ONCE = 50_000
"""Relationships of one message, about."""
_MOMENT = {"Event": "occurred", "Step": "at"}
"""By what a label is put in order, as in ``next_events`` and ``next_steps``."""
_PUBLISHED = frozenset(
    {"ProcessNode", "ProblemType", "Indicator", "LegalArticle", "TimeLimit", "DataRule", "Mapping"}
)
_EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


def bulk_for(graph: Graph, folder: Path, rows: int) -> Bulk | None:
    """The bulk path into a store that holds nothing but the rulebook; None for any other store,
    and for fewer rows than repay waiting for the disk at the end.

    ``folder`` takes what waits on disk. Raises EngineError.
    """
    least = settings().bulk_rows
    if not least or rows < least or len(graph.read("batches")) > 1:
        return None
    counts = {row.label: row.n for row in graph.read("count_nodes")}
    mapped = sum(len(i.nodes) for i in indicators().values())
    plain = counts.keys() <= _PUBLISHED | {"Store", "Batch"}
    if not plain or counts.get("Mapping", 0) != mapped:
        return None
    channel = graph.bulk()
    return Bulk(channel, folder) if channel else None


class Known:
    """Where the nodes of one label are."""

    def __init__(self, channel: BulkChannel, label: str) -> None:
        self._channel, self._label = channel, label
        self._new: list[tuple[Places, Places]] = []
        self._hashes = np.empty(0, np.int64)
        self._places = np.empty(0, np.int64)
        self._count = 0
        self._asked: dict[str, int] = {}

    def add(self, keys: list[str], places: Places) -> None:
        """Remember nodes, as long as there is room."""
        if self._count + len(keys) <= REMEMBERED:
            self._count += len(keys)
            self._new.append((_hashes(keys), places))

    def find(self, keys: list[str]) -> Places:
        """The places of nodes; NOWHERE for those that are not there."""
        self._settle()
        hashes = _hashes(keys)
        found = np.full(len(keys), NOWHERE, np.int64)
        if len(self._hashes):
            at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            there = self._hashes[at] == hashes
            found[there] = self._places[at[there]]
        for i in np.flatnonzero(found == NOWHERE).tolist():
            found[i] = self._asked.get(keys[i], NOWHERE)
        lost = np.flatnonzero(found == NOWHERE).tolist()
        if lost:
            wanted = list(dict.fromkeys(keys[i] for i in lost))
            if len(self._asked) + len(wanted) > _ASKED:
                self._asked.clear()
            answer = dict(
                zip(wanted, self._channel.find(self._label, wanted).tolist(), strict=True)
            )
            self._asked.update(answer)
            found[lost] = [answer[keys[i]] for i in lost]
        return found

    def _settle(self) -> None:
        """Sort what came since the last question."""
        if self._new:
            hashes = np.concatenate([self._hashes, *(h for h, _ in self._new)])
            places = np.concatenate([self._places, *(p for _, p in self._new)])
            self._new = []
            order = np.argsort(hashes)
            hashes, places = hashes[order], places[order]
            # Two keys of one hash: of these the engine is asked.
            twice = np.zeros(len(hashes), np.bool_)
            twice[1:] = hashes[1:] == hashes[:-1]
            twice[:-1] |= twice[1:]
            self._hashes, self._places = hashes[~twice], places[~twice]


class Bulk:
    """One fill of an empty store."""

    def __init__(self, channel: BulkChannel, folder: Path) -> None:
        self._channel, self._folder = channel, folder
        self._named = {r.target for t in NODE_TYPES for r in t.references}
        self._known = {t.label: Known(channel, t.label) for t in NODE_TYPES}
        self._piles: dict[str, list[Spill]] = {}
        self._creates = {f"create_{stem(t)}": t for t in NODE_TYPES}
        self._links = {
            f"link_{stem(t)}_{r.column}": (t, r) for t in NODE_TYPES for r in t.references
        }

    def begin(self) -> None:
        """From now on the store is thrown away unless ``finish`` is reached."""
        self._channel.begin()

    def packed(self, query: str, rows: list[Any]) -> bytes | None:
        """The nodes that the statement ``query`` would create, as ``write`` wants them."""
        return packed_rows(row["props"] for row in rows) if query in self._creates else None

    def write(self, query: str, rows: list[Any], packed: bytes | None) -> bool:
        """Write the rows that the statement ``query`` would write; False where it must."""
        if packed is not None:
            self._create(self._creates[query], rows, packed)
        elif query in self._links:
            self._link(*self._links[query], rows)
        else:
            return False
        return True

    def finish(self, progress: Progress) -> None:
        """Put events and steps in order; all is there then."""
        pairs: list[tuple[int, int]] = []
        for pile in chain.from_iterable(self._piles.values()):
            waiting = sorted(chain.from_iterable(pile.packs()))
            pile.close()
            pairs += [(a[-1], b[-1]) for a, b in pairwise(waiting) if a[0] == b[0]]
            progress("NEXT", len({w[0] for w in waiting}))
            if len(pairs) > _AT_ONCE:
                self._chain(pairs)
                pairs = []
        self._chain(pairs)
        self._channel.done()

    def close(self) -> None:
        """Hang up."""
        self._channel.close()
        for pile in chain.from_iterable(self._piles.values()):
            pile.close()

    def _create(self, node_type: NodeType, rows: list[dict[str, Any]], packed: bytes) -> None:
        label = node_type.label
        places = self._channel.create(label, packed)
        if label in self._named:
            self._known[label].add([row["key"] for row in rows], places)
        later = deferred(node_type)
        sets = []
        for reference in node_type.references:
            if reference in later:
                continue
            own = [at for at, row in enumerate(rows) if row.get(reference.column)]
            if not own:
                continue
            targets = self._known[reference.target].find([rows[at][reference.column] for at in own])
            lines = np.fromiter((rows[at]["props"]["_row"] for at in own), np.int64, len(own))
            batch = rows[0]["props"]["_batch"]
            sets += _related(reference, places[own], targets, lines, batch)
            if label in ORDERED and reference == parent(node_type):
                self._wait(label, rows, own, places, targets)
        self._channel.relate(sets)

    def _link(self, node_type: NodeType, reference: Reference, rows: list[dict[str, Any]]) -> None:
        places = self._known[node_type.label].find([row["key"] for row in rows])
        targets = self._known[reference.target].find([row["target"] for row in rows])
        lines = np.fromiter((row["_row"] for row in rows), np.int64, len(rows))
        self._channel.relate(_related(reference, places, targets, lines, rows[0]["_batch"]))

    def _wait(
        self, label: str, rows: list[dict[str, Any]], own: list[int], places: Places, owners: Places
    ) -> None:
        """Put away by what rows are put in order, those of one owner in one pile."""
        if label not in self._piles:
            self._piles[label] = [Spill(self._folder) for _ in range(_PILES)]
        piles, name = self._piles[label], _MOMENT[label]
        for at, place, owner in zip(own, places[own].tolist(), owners.tolist(), strict=True):
            if owner == NOWHERE:
                continue
            props = rows[at]["props"]
            moment = props.get(name)
            # As the statements: a date comes before the instants of its day, and text is compared
            # by UTF-16 units.
            piles[owner % _PILES].add(
                (
                    owner,
                    props[f"{name}_on"],
                    moment is not None,
                    moment or _EARLIEST,
                    props["key"].encode("utf-16-be"),
                    place,
                )
            )

    def _chain(self, pairs: list[tuple[int, int]]) -> None:
        if pairs:
            starts, ends = np.array(pairs, np.int64).T.copy()
            self._channel.relate([Relationships("NEXT", starts, ends)])


def _related(
    reference: Reference, places: Places, targets: Places, lines: Places, batch: str
) -> list[Relationships]:
    """The relationships of a reference; one whose end is not there is none."""
    there = (places != NOWHERE) & (targets != NOWHERE)
    if not there.any():
        return []
    places, targets, lines = places[there], targets[there], lines[there]
    starts, ends = (targets, places) if reference.inward else (places, targets)
    return [Relationships(reference.type, starts, ends, batch, lines)]


def _hashes(keys: list[str]) -> Places:
    return np.fromiter(map(hash, keys), np.int64, len(keys))

"""One load at a time: a lock of the home folder, and a lease in the store for other homes.

The lock falls with its process. The lease is renewed while its holder works; one that was not
renewed for a minute is stale, and one of this home whose lock could be taken is stale at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from graph.errors import AnguanError, InputError
from graph.rulebook import prepare
from graph.store.connection import Graph
from graph.store.engine import await_cut_fill

BEAT = 5.0
"""Seconds between two renewals."""
STALE = 60_000
"""Milliseconds after which a lease that was not renewed may be taken over."""


def work_folder(home: Path) -> Path:
    """The folder of temporary files. Raises InputError ``load.spill``."""
    folder = home / "work"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("load.spill", folder=folder, reason=error.strerror) from error
    return folder


@contextmanager
def only_load(folder: Path) -> Iterator[None]:
    """Hold the lock of loads; it falls with the process. Raises InputError ``load.busy``."""
    with (folder / "load.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError("load.busy", home=folder.parent) from error
        yield


class Lease:
    """The right to write to the store; lost when it could not be renewed in time."""

    def __init__(self, graph: Graph, home: Path) -> None:
        self._graph = graph
        place = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:8]
        self._mine = f"{socket.gethostname()}/{place}/"
        self.holder = f"{self._mine}{os.getpid()}-{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._beat, daemon=True, name="anguan-lease")

    def take(self) -> None:
        """Take it, or raise InputError ``load.lease`` naming who has it."""
        found = self._take(STALE)
        if found.startswith(self._mine) and found != self.holder:
            # This home's lock is held here, so whoever held the lease has ended.
            found = self._take(-1)
        if found != self.holder:
            raise InputError("load.lease", holder=found.rpartition("/")[0])
        self._thread.start()

    def check(self) -> None:
        """Raise InputError ``load.lease_lost`` when another has taken the store over."""
        if self._lost:
            raise InputError("load.lease_lost")

    def leave(self) -> None:
        """Give it back; where the store cannot be reached it grows stale."""
        self._stop.set()
        self._thread.join()
        with suppress(AnguanError):
            self._graph.write("leave_lease", holder=self.holder)

    def _take(self, stale: int) -> str:
        rows = self._graph.write("take_lease", holder=self.holder, stale=stale).rows
        return str(rows[0].holder)

    def _beat(self) -> None:
        while not self._stop.wait(BEAT):
            with suppress(AnguanError):
                self._lost = self._take(STALE) != self.holder


@contextmanager
def alone(graph: Graph, home: Path) -> Iterator[Lease]:
    """Work on the store alone; the rulebook is published first.

    Raises InputError ``load.busy`` or ``load.lease``.
    """
    with only_load(work_folder(home)):
        await_cut_fill(home)
        prepare(graph)
        lease = Lease(graph, home)
        lease.take()
        try:
            yield lease
        finally:
            lease.leave()

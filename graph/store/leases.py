"""Files whose lock says that a process lives: users of the local engine, and its host.

A lock falls with its process, also on kill -9, so none of them can be stale.
"""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_numbers = itertools.count()


class Lease:
    """Held while this process uses the engine in ``folder``."""

    def __init__(self, folder: Path) -> None:
        leases = folder / "leases"
        leases.mkdir(mode=0o700, exist_ok=True)
        self._path = leases / f"{os.getpid()}-{next(_numbers)}"
        while True:
            self._file = self._path.open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            # Between open and lock the host may have taken the file for an ended process's.
            if _same(self._file, self._path):
                return
            self._file.close()

    def release(self) -> None:
        """Give the lease back; doing so twice is harmless."""
        if not self._file.closed:
            self._path.unlink(missing_ok=True)
            self._file.close()


def live_leases(folder: Path) -> int:
    """How many leases are held now; files of ended processes are removed."""
    alive = 0
    for path in (folder / "leases").glob("*"):
        try:
            with path.open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
        except BlockingIOError:
            alive += 1
        except FileNotFoundError:
            continue
    return alive


@contextmanager
def start_lock(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Held while an engine is started, joined or ended; yields whether it was got."""
    with (folder / "start.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def hold_host_lock(folder: Path) -> IO[str] | None:
    """Taken by the engine's host for its life, with its process id; None if another holds it."""
    file = (folder / "host.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def host_pid(folder: Path) -> int | None:
    """The process id of the living host of ``folder``, also while it starts; else None."""
    try:
        with (folder / "host.lock").open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read() or 0) or None
            return None
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None


def _same(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False

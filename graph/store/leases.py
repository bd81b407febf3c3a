"""Who uses the local engine: one lease file per process, alive as long as its lock is held.

A lock falls with its process, also on kill -9, so a lease can never be stale.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Lease:
    """Held while this process uses the engine in ``folder``."""

    def __init__(self, folder: Path) -> None:
        leases = folder / "leases"
        leases.mkdir(mode=0o700, exist_ok=True)
        self._path = leases / f"{os.getpid()}-{id(self)}"
        self._file = self._path.open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

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

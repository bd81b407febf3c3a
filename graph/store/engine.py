"""The local engine seen from its users: start or join, status, stop.

One engine per data folder. Its port, password and process id stand in files of the folder that
only the user can read. A lock on the folder serialises starting; it falls with its process.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import EngineError
from graph.settings import settings
from graph.store.leases import Lease, live_leases

USER = "root"
DATABASE = "anguan"


@dataclass(frozen=True)
class LocalEngine:
    """A running local engine: where it listens, and the lease that keeps it alive."""

    url: str
    password: str
    pid: int
    lease: Lease


def engine_folder(home: Path) -> Path:
    """The folder of the engine's data and state, made private to the user."""
    folder = home / "engine"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError("engine.home", home=home, reason=error.strerror) from error
    return folder


def join_or_start(home: Path) -> LocalEngine:
    """The engine of ``home``: the running one, else a new one.

    Raises EngineError ``engine.start`` with the log's path when it does not answer in time.
    """
    folder = engine_folder(home)
    with _start_lock(folder):
        lease = Lease(folder)
        try:
            state = _state(folder)
            if state is None or not _answers(state["port"]):
                if state is not None:
                    _end_process(folder, state["pid"])
                state = _start(folder)
        except BaseException:
            lease.release()
            raise
    return LocalEngine(
        url=f"bolt://127.0.0.1:{state['port']}",
        password=_password(folder),
        pid=state["pid"],
        lease=lease,
    )


def engine_status(home: Path) -> dict[str, Any]:
    """``running, pid, home, memory`` (heap bound), and ``resident_mib`` and ``users`` when it runs."""
    folder = home / "engine"
    state = _state(folder)
    running = state is not None and _answers(state["port"])
    return {
        "running": running,
        "pid": state["pid"] if state and running else None,
        "home": str(home),
        "memory": state["memory"] if state and running else settings().engine_memory,
        "resident_mib": _resident_mib(state["pid"]) if state and running else None,
        "users": live_leases(folder) if running else 0,
    }


def engine_stop(home: Path) -> dict[str, Any]:
    """Stop the engine of ``home`` cleanly; the status afterwards. Not running is no error."""
    folder = home / "engine"
    state = _state(folder)
    if state is not None:
        _end_process(folder, state["pid"])
    return engine_status(home)


@contextmanager
def _start_lock(folder: Path) -> Iterator[None]:
    with (folder / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _state(folder: Path) -> dict[str, Any] | None:
    """The recorded state when its process is alive and is ours, else None."""
    try:
        state: dict[str, Any] = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state if _is_host(folder, state["pid"]) else None


def _is_host(folder: Path, pid: int) -> bool:
    """Whether ``pid`` is the engine host of this folder (process ids are reused)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return "graph.store.engine_host" in command and str(folder) in command


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"\x60\x60\xb0\x17" + b"\x00\x00\x04\x04" + b"\x00" * 12)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def _password(folder: Path) -> str:
    path = folder / "password"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8")


def _start(folder: Path) -> dict[str, Any]:
    _password(folder)
    (folder / "state.json").unlink(missing_ok=True)
    log = folder / "engine.log"
    configured = settings()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "graph.store.engine_host",
                str(folder),
                configured.engine_memory,
                str(configured.engine_linger),
                str(max(configured.query_timeout * 2, 3600.0)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
    deadline = time.monotonic() + configured.engine_start_timeout
    while time.monotonic() < deadline:
        state = _state(folder)
        if state is not None and _answers(state["port"]):
            return state
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    raise EngineError("engine.start", log=log, seconds=configured.engine_start_timeout)


def _end_process(folder: Path, pid: int, patience: float = 30.0) -> None:
    """End the host by SIGTERM, by SIGKILL when it does not go (its journal recovers it)."""
    for sign, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        if not _is_host(folder, pid):
            return
        os.kill(pid, sign)
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline and _is_host(folder, pid):
            time.sleep(0.05)
    if _is_host(folder, pid):
        raise EngineError("engine.unreachable", pid=pid, home=folder.parent)


def _resident_mib(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    line = next((x for x in status.splitlines() if x.startswith("VmRSS:")), None)
    return int(line.split()[1]) // 1024 if line else None

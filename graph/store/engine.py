"""The local engine seen from its users: start or join, status, stop.

One engine per data folder. Its port, password and process id stand in files of the folder that
only the user can read. A lock on the folder serialises starting; it falls with its process.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import EngineError
from graph.settings import settings
from graph.store.bulk import MARKER
from graph.store.leases import Lease, host_pid, live_leases, start_lock

USER = "root"
DATABASE = "anguan"
_LOG_BYTES = 10 * 2**20


@dataclass(frozen=True)
class LocalEngine:
    """A running local engine: where it listens, and the lease that keeps it alive."""

    url: str
    password: str
    pid: int
    lease: Lease
    bulk: int | None
    """Port of the bulk path; None where an engine of an earlier version still runs."""


def join_or_start(home: Path) -> LocalEngine:
    """The engine of ``home``: the running one, else a new one; a deaf one is replaced.

    Raises EngineError: ``engine.home`` when the folder cannot be used, ``engine.start`` (with the
    log's path) when the new one does not answer in time, ``engine.unreachable`` when a deaf one
    cannot be ended.
    """
    folder = home / "engine"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        with start_lock(folder):
            lease = Lease(folder)
            try:
                state = _running(folder) or _start(folder)
            except BaseException:
                lease.release()
                raise
            password = _password(folder)
    except OSError as error:
        raise EngineError("engine.home", home=home, reason=error.strerror or error) from error
    url = f"bolt://127.0.0.1:{state['port']}"
    return LocalEngine(url, password, state["pid"], lease, state.get("bulk"))


def engine_status(home: Path) -> dict[str, Any]:
    """``running, pid, home, memory`` (heap bound); ``resident_mib``, ``users`` if it runs."""
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
    if folder.is_dir():
        with start_lock(folder):
            _end(folder)
    return engine_status(home)


def await_cut_fill(home: Path, patience: float = 60.0) -> None:
    """Wait for an engine that ends because its fill was cut off; for a client that may load.

    The next one begins with an empty store. An engine that another home's client fills goes on.
    """
    folder = home / "engine"
    pid = host_pid(folder)
    deadline = time.monotonic() + patience
    while pid is not None and (folder / MARKER).exists() and host_pid(folder) == pid:
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)


def _state(folder: Path) -> dict[str, Any] | None:
    """The recorded state of the living host, None while there is none or it is starting."""
    pid = host_pid(folder)
    try:
        state: dict[str, Any] = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state if pid is not None and state["pid"] == pid else None


def _running(folder: Path) -> dict[str, Any] | None:
    """The state of a host that answers; one that is left starting is waited for."""
    if host_pid(folder) is None:
        return None
    state = _wait(folder, lambda: host_pid(folder) is not None)
    if state is None:
        _end(folder, patience=5.0)
    return state


def _wait(folder: Path, alive: Callable[[], bool]) -> dict[str, Any] | None:
    """The state once the host answers; None when it ended, is deaf, or took too long."""
    deadline = time.monotonic() + settings().engine_start_timeout
    while time.monotonic() < deadline:
        state = _state(folder)
        if state is not None:
            return state if _answers(state["port"]) else None
        if not alive():
            return None
        time.sleep(0.05)
    return None


def _answers(port: int) -> bool:
    """Whether a Bolt handshake is answered (a stopped process still accepts connections)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"\x60\x60\xb0\x17" + b"\x00\x00\x04\x04" + b"\x00" * 12)
            return len(connection.recv(4)) == 4
    except OSError:
        return False


def _password(folder: Path) -> str:
    path = folder / "password"
    if not path.exists():
        # The server keeps the password it was first started with, so the file must be whole.
        draft = folder / "password.new"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
        draft.replace(path)
    return path.read_text(encoding="utf-8")


def _start(folder: Path) -> dict[str, Any]:
    _password(folder)
    (folder / "state.json").unlink(missing_ok=True)
    log = folder / "engine.log"
    configured = settings()
    fresh = not log.exists() or log.stat().st_size > _LOG_BYTES
    with log.open("wb" if fresh else "ab") as output:
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
    state = _wait(folder, lambda: process.poll() is None)
    if state is None:
        process.kill()
        process.wait()
        raise EngineError("engine.start", log=log, seconds=configured.engine_start_timeout)
    return state


def _end(folder: Path, patience: float = 30.0) -> None:
    """End the host by SIGTERM, by SIGKILL when it does not go (its journal recovers it)."""
    for sign, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        pid = host_pid(folder)
        if pid is None:
            return
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise EngineError("engine.unreachable", pid=pid, home=folder.parent) from error
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline and host_pid(folder) is not None:
            time.sleep(0.05)
    pid = host_pid(folder)
    if pid is not None:
        raise EngineError("engine.unreachable", pid=pid, home=folder.parent)


def _resident_mib(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    line = next((x for x in status.splitlines() if x.startswith("VmRSS:")), None)
    return int(line.split()[1]) // 1024 if line else None

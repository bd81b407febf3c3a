"""The child process that hosts the local engine: Bolt on loopback, nothing else reachable.

Started by ``graph.store.engine``; ends by itself when no user has held a lease for the linger
time, or on SIGTERM, always through the server's own stop (a JVM that is torn down aborts).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from graph.store.leases import live_leases


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_private(path: Path, text: str) -> None:
    """Write a file that only the user can read, in one step."""
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def start_server(folder: Path, password: str, memory: str, timeout: float) -> tuple[Any, int]:
    """Start the server on ``folder``; returns it and its Bolt port."""
    os.environ["ARCADEDB_JVM_ERROR_FILE"] = str(folder / "jvm-error-%p.log")
    from arcadedb_embedded.jvm import start_jvm
    from arcadedb_embedded.server import ArcadeDBServer

    start_jvm(heap_size=memory, jvm_args=["-Djava.awt.headless=true"])
    import jpype

    configuration = jpype.JClass("com.arcadedb.GlobalConfiguration")
    # Bolt ignores the driver's time limit, so this bounds what a vanished client leaves running.
    configuration.COMMAND_TIMEOUT.setValue(int(timeout * 1000))
    port = free_port()
    server = ArcadeDBServer(
        str(folder),
        password,
        config={
            "mode": "production",
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": port,
            "http_port": free_port(),
            "server_mcpEnabled": False,
        },
    )
    server.start()
    server.create_database("anguan")
    return server, port


def main() -> None:
    """Serve until nobody needs the engine: argv is folder, memory, linger and query timeout."""
    folder = Path(sys.argv[1])
    memory, linger, timeout = sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    password = (folder / "password").read_text(encoding="utf-8")
    server, port = start_server(folder, password, memory, timeout)
    # The JVM installs its own handler; ours must win, or a SIGTERM aborts the process.
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    state = folder / "state.json"
    write_private(state, json.dumps({"pid": os.getpid(), "port": port, "memory": memory}))
    idle_since = time.monotonic()
    while not ended.wait(0.5):
        if live_leases(folder):
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > linger:
            break
    state.unlink(missing_ok=True)
    server.stop()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

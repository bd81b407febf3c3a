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
import traceback
from pathlib import Path
from typing import Any

from graph.store.bulk_host import BulkHost, throw_away_half
from graph.store.leases import hold_host_lock, live_leases, start_lock


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

    start_jvm(heap_size=memory, jvm_args=["-Djava.awt.headless=true", "-Xrs"])
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
            # A load sends some ten thousand rows in one message; the default stops at 16 MiB.
            "bolt_maxMessageSize": 256 * 2**20,
            "opencypher_loadCsv_allowFileUrls": False,
            "opencypher_loadCsv_allowRemoteUrls": False,
            "http_port": free_port(),
        },
    )
    server.start()
    # No setting of ArcadeDB 26.10 leaves its HTTP listener out, nor the MCP endpoint on it, which
    # it discovers by itself; so the listener (loopback, same password) is ended once it stands.
    server._java_server.getHttpServer().stopService()
    server.create_database("anguan")
    return server, port


def main() -> None:
    """Serve until nobody needs the engine: argv is folder, memory, linger and query timeout."""
    folder = Path(sys.argv[1])
    memory, linger, timeout = sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    ended = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    lock = hold_host_lock(folder)
    if lock is None:
        sys.exit("another engine holds this folder")
    try:
        password = (folder / "password").read_text(encoding="utf-8")
        throw_away_half(folder)
        server, port = start_server(folder, password, memory, timeout)
        database = server.get_database("anguan").get_java_database()
        bulk = BulkHost(folder, database, password, lambda: fall(folder))
    except BaseException:
        traceback.print_exc()
        sys.stdout.flush()
        os._exit(1)
    state = folder / "state.json"
    known = {"pid": os.getpid(), "port": port, "bulk": bulk.port, "memory": memory}
    write_private(state, json.dumps(known))
    wait_until_unused(folder, linger, ended)
    state.unlink(missing_ok=True)
    bulk.close()
    server.stop()
    sys.stdout.flush()
    # The JVM's own threads would keep the process; everything is closed by now.
    os._exit(0)


def fall(folder: Path) -> None:
    """End at once, as a fill that was cut off demands: the next host begins with an empty store.

    What is stopped in order goes on answering for a while, with half a graph.
    """
    (folder / "state.json").unlink(missing_ok=True)
    sys.stdout.flush()
    os._exit(3)


def wait_until_unused(folder: Path, linger: float, ended: threading.Event) -> None:
    """Return when told to end, or when nobody held a lease for ``linger`` seconds."""
    idle_since = time.monotonic()
    while not ended.wait(0.5):
        if live_leases(folder):
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > linger:
            # Nobody may join between the last look and the end.
            with start_lock(folder, wait=False) as locked:
                if locked and not live_leases(folder):
                    (folder / "state.json").unlink(missing_ok=True)
                    return


if __name__ == "__main__":
    main()

"""A real Neo4j for the tests, from its Maven artifacts; no container engine is needed.

The jars are kept under the user's cache folder, by version, so that only the first run fetches.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "neo4j"
USER = "neo4j"


class UnavailableError(Exception):
    """What is missing on this machine, and how to get it."""


@dataclass(frozen=True)
class Neo4jServer:
    """A running server."""

    url: str
    password: str
    pid: int


def version() -> str:
    """The Neo4j version that ``pom.xml`` asks for."""
    text = (HERE / "pom.xml").read_text(encoding="utf-8")
    found = re.search(r"<artifactId>neo4j</artifactId>\s*<version>([\d.]+)</version>", text)
    assert found, "tests/engine/neo4j/pom.xml names no version of neo4j"
    return found[1]


def jars(cache: Path | None = None) -> Path:
    """The folder of the server's jars; fetched once with Maven. Raises UnavailableError."""
    base = cache or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "anguan"
    folder = base / f"neo4j-{version()}"
    if folder.is_dir():
        return folder
    if shutil.which("mvn") is None:
        raise UnavailableError("Maven is missing; on Debian: apt-get install maven (缺少 Maven)")
    draft = folder.with_name(f"{folder.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    done = subprocess.run(
        [
            "mvn",
            "--batch-mode",
            "--quiet",
            "--file",
            str(HERE / "pom.xml"),
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={draft}",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode != 0:
        shutil.rmtree(draft)
        raise UnavailableError(
            f"Maven could not fetch Neo4j:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    try:
        draft.rename(folder)
    except OSError:
        # Another run was faster.
        shutil.rmtree(draft)
    return folder


@contextmanager
def neo4j_server(home: Path) -> Iterator[Neo4jServer]:
    """A server with its data in ``home``, ended with the block. Raises UnavailableError."""
    if shutil.which("java") is None:
        raise UnavailableError(
            "a JDK is missing; on Debian: apt-get install openjdk-17-jdk-headless (缺少 JDK)"
        )
    folder = jars()
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    password = secrets.token_hex(16)
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                "java",
                "-Xmx1g",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                f"{folder}/*",
                str(HERE / "Server.java"),
                str(home / "data"),
                str(port),
                password,
            ],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home,
        )
    try:
        deadline = time.monotonic() + 300
        while b"READY" not in log.read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                raise UnavailableError(f"Neo4j did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.2)
        yield Neo4jServer(f"bolt://127.0.0.1:{port}", password, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

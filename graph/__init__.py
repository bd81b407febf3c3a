"""The graph of a procuratorate's cases, procedural nodes, problems and leads.

``connect()`` opens it; ``from_py2neo(graph)`` runs the same queries over a py2neo session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.store.connection import Graph, connect, from_py2neo

__all__ = ["Graph", "connect", "from_py2neo"]


def __getattr__(name: str) -> Any:
    # Late, so that the engine's process and the rulebook do not wait for the driver.
    if name in __all__:
        from graph.store import connection

        return getattr(connection, name)
    raise AttributeError(f"module 'graph' has no attribute {name!r}")

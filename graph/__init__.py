"""The graph of a procuratorate's cases, procedural nodes, problems and leads.

``connect()`` opens it; ``from_py2neo(graph)`` runs the same queries over a py2neo session.
"""

from graph.store.connection import Graph, connect, from_py2neo

__all__ = ["Graph", "connect", "from_py2neo"]

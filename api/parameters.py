"""Parameters that routes share, with their examples."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Query, Request

from graph import Graph

AsOf = Annotated[
    str | None,
    Query(description="Date or datetime; default: the data date.", examples=["2025-06-30"]),
]
Limit = Annotated[int, Query(ge=0, description="Rows at most; 0 = all.", examples=[20])]
Source = Annotated[str | None, Query(description="Source of the data.", examples=["demo"])]
Type = Annotated[str | None, Query(examples=["PR"])]
ProblemType = Annotated[str | None, Query(examples=["P11"])]
Unit = Annotated[str | None, Query(examples=["U01"])]
Node = Annotated[str | None, Query(examples=["PR22"])]
Period = Annotated[str | None, Query(examples=["2024-01..2024-06"])]


def the_graph(request: Request) -> Graph:
    """The application's graph."""
    return cast("Graph", request.app.state.graph)


G = Annotated[Graph, Depends(the_graph)]

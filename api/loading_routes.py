"""Routes about what was loaded: batches, undo, rejects, the history of a row."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Query

from api.parameters import G, Limit, Source
from graph.store.temporal import as_json
from loaders import register
from loaders.undo import undo

router = APIRouter()
Batch = Annotated[str, Path(examples=["B00001"])]
Answer = dict[str, Any]


@router.get("/batches", summary="What was loaded, and when")
def get_batches(g: G) -> Answer:
    return cast("Answer", as_json(register.batches(g)))


@router.post("/batches/{batch}/undo", summary="Take one batch back")
def post_undo(g: G, batch: Batch) -> Answer:
    return cast("Answer", as_json({**undo(g, batch), "as_of": g.data_date()}))


@router.get("/batches/{batch}/rejects", summary="Why rows of a batch were refused")
def get_rejects(g: G, batch: Batch, limit: Limit = 50) -> Answer:
    return cast("Answer", as_json(register.rejects(g, batch, limit)))


@router.get("/history/{id}", summary="The values that a row has had")
def get_history(
    g: G,
    id: Annotated[str, Path(examples=["C7-2024-000039"])],  # noqa: A002
    label: Annotated[str | None, Query(examples=["Case"])] = None,
    source: Source = None,
    as_of: Annotated[
        str | None,
        Query(
            description="Date or datetime by the wall clock; default: now.", examples=["2026-03-31"]
        ),
    ] = None,
) -> Answer:
    return cast("Answer", as_json(register.history(g, id, label, source, as_of)))

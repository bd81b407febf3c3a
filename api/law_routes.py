"""Routes of the law: the check, clocks of a case, dispositions, rules and coverage."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Body, Path, Query, Request
from pydantic import BaseModel, Field

from api.parameters import AsOf, G, Source
from graph.analysis.coverage import coverage
from graph.rulebook.law import book
from graph.rulebook.lint import affected_by, lint
from graph.store.temporal import as_json
from graph.supervision.check import check, explain
from graph.supervision.dispose import dispose
from graph.supervision.hits import shown

Answer = dict[str, Any]
router = APIRouter()


class Decision(BaseModel):
    """What a person decided on a problem."""

    status: Literal["CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE"] = Field(
        examples=["CONFIRMED"]
    )
    by: str = Field(examples=["U01-CM-1"], description="Who decides.")
    reason: str = Field(examples=["经核实"], description="Why.")
    at: str | None = Field(default=None, description="When; default: the data date.")


def ready(answer: Answer) -> Answer:
    """An answer with its dates as JSON holds them."""
    return cast("Answer", as_json(answer))


def lang(request: Request) -> str:
    """zh when the client asks for Chinese first, else en."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


@router.post("/check", summary="Run all clocks, gates and data rules, and write what they find")
def post_check(
    g: G,
    as_of: AsOf = None,
    scope: Annotated[
        str | None,
        Query(description="source:, unit:, type: or case:", examples=["case:C7-2024-000109"]),
    ] = None,
    write: Annotated[bool, Query(description="False: only report.")] = True,
) -> Answer:
    """The contract of ``anguan check``."""
    return ready(check(g, as_of, scope, write=write))


@router.get("/cases/{id}/clocks", summary="Every clock of a case, explained step by step")
def get_clocks(
    g: G,
    request: Request,
    id: Annotated[str, Path(examples=["C7-2024-000109"])],  # noqa: A002
    rule: Annotated[str | None, Query(examples=["TL-060"])] = None,
    source: Source = None,
    as_of: AsOf = None,
) -> Answer:
    """The contract of ``anguan clock explain``."""
    return ready(explain(g, id, rule, as_of, source, lang(request)))


@router.post("/problems/{id}/dispositions", summary="Record what a person decided on a problem")
def post_disposition(
    g: G,
    id: Annotated[str, Path(examples=["P7-000001"])],  # noqa: A002
    decision: Annotated[Decision, Body()],
    source: Source = None,
) -> Answer:
    """The contract of ``anguan dispose``."""
    return ready(dispose(g, id, decision.status, decision.by, decision.reason, decision.at, source))


@router.get("/rules", summary="The rulebook: every entry, faults and notices")
def get_rules(request: Request) -> Answer:
    """The contract of ``anguan rules lint``."""
    found = lint()
    told = {name: [f.shown(lang(request)) for f in found[name]] for name in ("faults", "notices")}
    return ready({"as_of": None, **found, **told})


@router.get("/rules/{code}", summary="One entry of the rulebook, its hits and dispositions")
def get_rule(g: G, code: Annotated[str, Path(examples=["TL-060"])], as_of: AsOf = None) -> Answer:
    """The contract of ``anguan rules show``."""
    return ready(shown(g, code, as_of))


@router.get("/laws/{law}/rules", summary="The entries that rest on a law, or on one article")
def get_affected(
    law: Annotated[str, Path(examples=["CPL"])],
    article: Annotated[int | None, Query(examples=[172])] = None,
) -> Answer:
    """The contract of ``anguan rules affected-by``."""
    rows = affected_by(book(), law, article)
    return ready(
        {
            "as_of": None,
            "law": law,
            "article": article,
            "total": len(rows),
            "shown": len(rows),
            "truncated": False,
            "rules": rows,
        }
    )


@router.get("/coverage", summary="What records and what watches each node")
def get_coverage(g: G, source: Source = None, as_of: AsOf = None) -> Answer:
    """The contract of ``anguan coverage``."""
    return ready(coverage(g, source, as_of))

"""The HTTP API: the same answers as the command line, errors as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import distribution
from typing import Annotated, Any, cast

from fastapi import Body, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_standalone_docs import StandaloneDocs
from starlette.exceptions import HTTPException

from api import indicator_routes, law_routes, loading_routes
from api.parameters import AsOf, G, Limit, Node, Period, ProblemType, Source, Type, Unit
from api.queries import run_query
from api.shapes import PROBLEM, describe
from graph import Graph, connect
from graph.analysis import cases as case_views
from graph.analysis.links import gaps, link
from graph.analysis.patterns import patterns
from graph.analysis.ratio import PROFILE, ratio
from graph.analysis.scope import period_bounds
from graph.errors import AnguanError, Lang
from graph.store.temporal import as_json
from graph.supervision.claims import claims
from graph.supervision.deadlines import deadlines
from graph.supervision.leads import leads, trace

TRY = {
    "zh": "接口清单见 /docs",
    "en": "see /docs for the routes, their parameters and examples",
}


def language(request: Request) -> Lang:
    """zh when the client asks for Chinese first, else en."""
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def problem(request: Request, status: int, code: str, detail: str, remedy: str) -> JSONResponse:
    """One error shape for every route."""
    body = {
        "type": f"urn:anguan:{code}",
        "title": code,
        "status": status,
        "detail": detail,
        "remedy": remedy,
        "instance": request.url.path,
    }
    return JSONResponse(body, status_code=status, media_type=PROBLEM)


def on_anguan(request: Request, error: Exception) -> JSONResponse:
    """What anguan raised on purpose."""
    known = cast("AnguanError", error)
    lang = language(request)
    return problem(request, known.status, known.code, known.detail(lang), known.remedy(lang))


def on_http(request: Request, error: Exception) -> JSONResponse:
    """An unknown route or a wrong method."""
    known = cast("HTTPException", error)
    return problem(request, known.status_code, "http", str(known.detail), TRY[language(request)])


def on_invalid(request: Request, error: Exception) -> JSONResponse:
    """A parameter that does not fit."""
    known = cast("RequestValidationError", error)
    faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in known.errors())
    return problem(request, 422, "request", faults, TRY[language(request)])


HANDLERS: dict[type[Exception], Callable[[Request, Exception], JSONResponse]] = {
    AnguanError: on_anguan,
    HTTPException: on_http,
    RequestValidationError: on_invalid,
}
Answer = dict[str, Any]


def create_app(graph: Graph | None = None) -> FastAPI:
    """The application; ``graph`` None opens the graph of the settings when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.graph = graph or connect()
        yield
        if graph is None:
            app.state.graph.close()

    app = FastAPI(
        title="anguan 案管",
        version=distribution("anguan").version,
        description="Knowledge-graph supervision for case management.",
        lifespan=lifespan,
    )
    StandaloneDocs(app=app)
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)

    @app.get("/health", summary="Which engine answers")
    def health(g: G) -> Answer:
        return ready({"as_of": g.data_date(), "engine": g.engine.name, "version": g.engine.version})

    @app.get("/cases", summary="Cases")
    def get_cases(
        g: G,
        type: Type = None,  # noqa: A002
        unit: Unit = None,
        node: Node = None,
        period: Period = None,
        status: Annotated[str | None, Query(examples=["CLOSED"])] = None,
        source: Source = None,
        as_of: AsOf = None,
        limit: Limit = 50,
    ) -> Answer:
        return ready(case_views.cases(g, type, unit, node, period, status, source, as_of, limit))

    @app.get("/problems", summary="Problems")
    def get_problems(
        g: G,
        type: ProblemType = None,  # noqa: A002
        unit: Unit = None,
        node: Node = None,
        period: Period = None,
        status: Annotated[str | None, Query(examples=["CONFIRMED"])] = None,
        source: Source = None,
        as_of: AsOf = None,
        limit: Limit = 50,
    ) -> Answer:
        return ready(case_views.problems(g, type, unit, node, period, status, source, as_of, limit))

    @app.get("/leads", summary="Leads with their verdicts")
    def get_leads(
        g: G,
        route: Annotated[str | None, Query(examples=["R1"])] = None,
        verdict: Annotated[str | None, Query(examples=["broken"])] = None,
        unit: Unit = None,
        node: Node = None,
        type: ProblemType = None,  # noqa: A002
        period: Period = None,
        source: Source = None,
        as_of: AsOf = None,
        limit: Limit = 50,
    ) -> Answer:
        since, until = period_bounds(period)
        return leads(
            g,
            route=route,
            verdict=verdict,
            unit=unit,
            node=node,
            type=type,
            since=since,
            until=until,
            source=source,
            as_of=as_of,
            limit=limit,
        )

    @app.get("/cases/{id}/linked-issues", summary="All problems of a case and what links them")
    def get_linked_issues(
        g: G,
        id: Annotated[str, Path(examples=["C7-2024-000109"])],  # noqa: A002
        source: Source = None,
        as_of: AsOf = None,
    ) -> Answer:
        return ready(case_views.linked_issues(g, id, as_of, source))

    @app.get("/cases/{id}", summary="Everything of one case")
    def get_case(
        g: G,
        id: Annotated[str, Path(examples=["C7-2024-000109"])],  # noqa: A002
        source: Source = None,
        as_of: AsOf = None,
    ) -> Answer:
        return ready(case_views.case(g, id, as_of, source))

    @app.get("/leads/{id}/trace", summary="The whole path of a lead")
    def get_trace(
        g: G,
        id: Annotated[str, Path(examples=["L7-2024-000147"])],  # noqa: A002
        source: Source = None,
        as_of: AsOf = None,
        evidence: Annotated[
            bool, Query(description="Batch and source row behind each hop.")
        ] = False,
    ) -> Answer:
        return trace(g, g.resolve("Lead", id, source), as_of, evidence=evidence)

    @app.get("/indicators/{code}/nodes", summary="The nodes that an indicator points at")
    def get_nodes(
        g: G,
        code: Annotated[str, Path(examples=["I10"])],
        source: Source = None,
        as_of: AsOf = None,
        ids: Annotated[int | None, Query(ge=0, description="Case ids per number.")] = None,
        paths: Annotated[bool, Query(description="Also the paths before the outcome.")] = False,
    ) -> Answer:
        return ready(link(g, indicator=code, source=source, as_of=as_of, ids=ids, before=paths))

    @app.get("/link", summary="The nodes behind a named outcome of a profile, or an indicator")
    def get_link(
        g: G,
        outcome: Annotated[
            str | None, Query(description="An outcome of a profile.", examples=["late"])
        ] = None,
        indicator: Annotated[str | None, Query(examples=["I10"])] = None,
        source: Source = None,
        as_of: AsOf = None,
        ids: Annotated[int | None, Query(ge=0, description="Case ids per number.")] = None,
        paths: Annotated[bool, Query(description="Also the paths before the outcome.")] = False,
    ) -> Answer:
        return ready(
            link(
                g,
                indicator=indicator,
                outcome=outcome,
                source=source,
                as_of=as_of,
                ids=ids,
                before=paths,
            )
        )

    @app.get("/deadlines", summary="Every clock of the profiles' deadline rules; writes nothing")
    def get_deadlines(
        g: G,
        rule: Annotated[str | None, Query(examples=["by_date"])] = None,
        result: Annotated[str | None, Query(examples=["LATE"])] = None,
        source: Source = None,
        as_of: AsOf = None,
        limit: Limit = 50,
    ) -> Answer:
        return ready(deadlines(g, as_of, False, limit, source=source, rule=rule, result=result))

    @app.get("/claims", summary="What registers claim beside what is derived; writes nothing")
    def get_claims(g: G, source: Source = None, as_of: AsOf = None, limit: Limit = 50) -> Answer:
        return ready(claims(g, as_of, limit, source=source))

    @app.get("/indicators/gaps", summary="Where indicators and nodes do not meet")
    def get_gaps(g: G, source: Source = None, as_of: AsOf = None) -> Answer:
        return ready(gaps(g, source, as_of))

    @app.get("/ratio", summary="案-件比: the items that the matters cost")
    def get_ratio(
        g: G,
        period: Period = None,
        profile: Annotated[str, Query(examples=["2020"])] = PROFILE,
        source: Source = None,
        as_of: AsOf = None,
    ) -> Answer:
        return ready(ratio(g, source, as_of, period, profile))

    @app.get("/patterns", summary="Recurring problems")
    def get_patterns(
        g: G,
        type: ProblemType = None,  # noqa: A002
        node: Node = None,
        unit: Unit = None,
        source: Source = None,
        as_of: AsOf = None,
        limit: Limit = 50,
        ids: Annotated[int | None, Query(ge=0, description="Cases per combination.")] = None,
        context: Annotated[
            list[str],
            Query(
                description="Circumstances beside: charge_class, source_system, deviation.",
                examples=[["charge_class"]],
            ),
        ] = [],  # noqa: B006  (FastAPI copies it)
    ) -> Answer:
        return ready(
            patterns(g, type, node, unit, as_of, limit, source=source, ids=ids, context=context)
        )

    @app.get("/queries", summary="The catalogue of read queries")
    def get_queries(g: G) -> Answer:
        rows = [
            {
                "query": q.name,
                "title": dict(q.title),
                "params": {
                    p.name: {"type": p.type, "required": p.required, "example": as_json(p.example)}
                    for p in q.params.values()
                },
                "returns": dict(q.returns),
            }
            for q in g.catalogue.values()
            if q.mode == "read"
        ]
        count = len(rows)
        return {
            "as_of": None,
            "total": count,
            "shown": count,
            "truncated": False,
            "queries": rows,
        }

    @app.post("/queries/{name}", summary="Run a read query")
    def post_query(
        g: G,
        name: Annotated[str, Path(examples=["find_cases"])],
        params: Annotated[dict[str, Any], Body(examples=[{"id": "C7-2024-000109"}])],
        limit: Limit = 1000,
    ) -> Answer:
        return ready(run_query(g, name, params, limit))

    app.include_router(law_routes.router)
    app.include_router(loading_routes.router)
    app.include_router(indicator_routes.router)
    described: Answer = {}

    def openapi() -> Answer:
        if not described:
            described.update(describe(app))
        return described

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def ready(answer: Answer) -> Answer:
    """An answer with its dates as JSON holds them."""
    return cast("Answer", as_json(answer))

"""Routes of the conclusions on indicators: values, funnel, backtest, alerts, scopes, networks."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Path, Query

from api.parameters import AsOf, G, Limit, Period, Source, Unit
from graph.analysis import figures, networks
from graph.analysis import scopes as review_scopes
from graph.analysis.alerts import alerts
from graph.analysis.backtest import MINUTES_PER_ALERT, MINUTES_PER_CASE, backtest
from graph.analysis.indicators import indicators
from graph.store.temporal import as_json

Answer = dict[str, Any]
Code = Annotated[str, Path(examples=["I10"])]
router = APIRouter()


def ready(answer: Answer) -> Answer:
    """An answer with its dates as JSON holds them."""
    return cast("Answer", as_json(answer))


@router.get("/indicators", summary="Values per indicator, unit and period with their bands")
def get_indicators(
    g: G,
    code: Annotated[str | None, Query(examples=["I10"])] = None,
    unit: Unit = None,
    period: Period = None,
    by: Literal["quarter", "month", "year"] = "quarter",
    dispersion: Literal["additive", "multiplicative", "none"] = "additive",
    cases: Annotated[int | None, Query(ge=0, description="Case ids a list; 0 = all.")] = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> Answer:
    """The contract of ``anguan indicators``."""
    return ready(
        indicators(
            g,
            code,
            unit,
            period,
            source,
            as_of,
            limit,
            by=by,
            cases=cases,
            dispersion=dispersion,
        )
    )


@router.get("/indicators/{code}/funnel", summary="The funnel of an indicator: one unit is named")
def get_funnel(
    g: G,
    code: Code,
    unit: Unit = None,
    period: Annotated[str | None, Query(examples=["2025Q2"])] = None,
    part: Annotated[int, Query(ge=1)] = 1,
    source: Source = None,
    as_of: AsOf = None,
) -> Answer:
    """Points and limits, to draw."""
    return ready(figures.funnel_of(g, code, period, unit, source, as_of, part=part))


@router.get("/indicators/{code}/backtest", summary="What a threshold would have done")
def get_backtest(
    g: G,
    code: Code,
    band: Annotated[str | None, Query(examples=["0.05..0.25"])] = None,
    sigma: Annotated[str | None, Query(examples=["95"])] = None,
    rule: Annotated[str | None, Query(examples=["2/3@30"])] = None,
    period: Period = None,
    minutes_per_alert: Annotated[float, Query(ge=0)] = MINUTES_PER_ALERT,
    minutes_per_case: Annotated[float, Query(ge=0)] = MINUTES_PER_CASE,
    hours_per_month: Annotated[float | None, Query(gt=0)] = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> Answer:
    """The contract of ``anguan backtest``."""
    return ready(
        backtest(
            g,
            code,
            band,
            sigma,
            rule,
            period,
            source,
            as_of,
            limit,
            minutes_per_alert=minutes_per_alert,
            minutes_per_case=minutes_per_case,
            hours_per_month=hours_per_month,
        )
    )


@router.get("/alerts", summary="Alerts by the start standard, and why or why not")
def get_alerts(
    g: G,
    style: Annotated[str | None, Query(examples=["B"])] = None,
    indicator: Annotated[str | None, Query(examples=["I10"])] = None,
    unit: Unit = None,
    period: Period = None,
    standard: Annotated[str | None, Query(examples=["EXAMPLE"])] = None,
    scoped: Annotated[bool, Query(description="Only alerts of adopted scopes.")] = False,
    why_not: Annotated[str | None, Query(description="A case or unit.", examples=["U01"])] = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> Answer:
    """The contract of ``anguan alerts``."""
    return ready(
        alerts(
            g,
            style,
            indicator,
            unit,
            period,
            source,
            as_of,
            limit,
            standard=standard,
            scoped=scoped,
            why_not=why_not,
        )
    )


@router.get("/scopes", summary="The adopted review scopes")
def get_scopes() -> Answer:
    """The contract of ``anguan scope list``; adopting is done on the machine, by a person."""
    return ready(review_scopes.scopes())


@router.get("/scopes/candidates", summary="What each candidate indicator would bring")
def get_candidates(
    g: G,
    combine: Annotated[list[str] | None, Query(examples=["I10+I12"])] = None,
    style: Annotated[str | None, Query(examples=["E"])] = None,
    period: Period = None,
    minutes_per_case: Annotated[float, Query(ge=0)] = MINUTES_PER_CASE,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> Answer:
    """The contract of ``anguan scope propose``."""
    return ready(
        review_scopes.propose(
            g,
            combine or [],
            style,
            period,
            source,
            as_of,
            limit,
            minutes_per_case=minutes_per_case,
        )
    )


@router.get("/networks/hand-overs", summary="Hand-overs among departments and supervisions")
def get_hand_overs(
    g: G,
    what: Literal["cases", "matters", "leads"] = "cases",
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> Answer:
    """The contract of ``anguan network handovers``."""
    return ready(networks.hand_overs(g, what, source, as_of, limit))


@router.get("/networks/nodes", summary="Nodes by the chains of problems that cross them")
def get_crossings(g: G, source: Source = None, as_of: AsOf = None, limit: Limit = 50) -> Answer:
    """The contract of ``anguan network nodes``."""
    return ready(networks.crossings(g, source, as_of, limit))


@router.get("/affected/{code}", summary="What a change of a node or a rule affects")
def get_affected(
    g: G,
    code: Annotated[str, Path(examples=["PR11"])],
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> Answer:
    """The contract of ``anguan affected``."""
    return ready(networks.affected(g, code, source, as_of, limit))

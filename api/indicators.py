"""Commands of the conclusions on indicators: values, backtest, alerts, scopes and networks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api import output
from api.console import (
    AsOf,
    Json,
    Limit,
    Out,
    Source,
    Text,
    answering,
    app,
    lang,
    say,
    show,
    the_graph,
)
from graph.errors import InputError

scope_app = typer.Typer(no_args_is_help=True, help="评查范围 · review scopes.")
network_app = typer.Typer(no_args_is_help=True, help="移送与节点 · hand-overs and nodes.")
By = Literal["quarter", "month", "year"]
Dispersion = Literal["additive", "multiplicative", "none"]
What = Literal["cases", "matters", "leads"]
Plot = Annotated[
    Path | None, typer.Option(help="把图写成一页离线 HTML · write the figure as one page.")
]


def write_page(file: Path, text: str) -> None:
    """Write a page. Raises ``api.out_write``."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError("api.out_write", file=file, reason=error.strerror) from error


def number(value: float | None) -> str | None:
    """A value for the eye."""
    return None if value is None else f"{value:.4g}"


@app.command("indicators")
def values(
    code: Annotated[str | None, typer.Argument(help="例 I10 · such as I10")] = None,
    unit: Text = None,
    period: Text = None,
    by: Annotated[By, typer.Option(help="quarter、month 或 year")] = "quarter",
    dispersion: Annotated[
        Dispersion, typer.Option(help="过度离散：additive、multiplicative、none · over-dispersion.")
    ] = "additive",
    cases: Annotated[
        int | None, typer.Option(min=0, help="附案件编号，每格最多几个 · case ids, 0 = all.")
    ] = None,
    plot: Plot = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """指标值与合理区间 · values and bands: anguan indicators I10 --unit U01 --period 2025."""
    from graph.analysis.figures import indicator_page
    from graph.analysis.indicators import indicators as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph,
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
        if plot is not None:
            if code is None:
                raise InputError("api.plot_one")
            write_page(plot, indicator_page(graph, code, unit, None, source, as_of))
        terminal = [
            {
                "indicator": r["indicator"],
                **{name: r[name] for name in ("zh", "en", "unit", "period")},
                **{name: r[name] for name in ("numerator", "denominator", "unknown")},
                **{name: number(r[name]) for name in ("value", "low", "high")},
                **{name: r[name] for name in ("status", "verdict", "basis")},
                "data": number((r["change"] or {}).get("disappears")),
            }
            for r in answer["indicators"]
        ]
        title = say("指标值与合理区间", "values and reasonable ranges")
        show(answer, title, answer["indicators"], json, out, terminal)
        if json:
            return
        if cases is not None:
            named = [
                {"indicator": r["indicator"], "unit": r["unit"], "period": r["period"]}
                | {"group": side, "total": c["total"], "case_ids": c["cases"]}
                for r in answer["indicators"]
                for side, c in r["cases"].items()
                if c["total"]
            ]
            output.print_table(say("数字背后的案件", "the cases behind"), named, lang())
        for notice in answer["notices"]:
            print(
                say(
                    f"合理区间 {notice['band']}（{notice['owner']}）已于 {notice['expired']} 失效",
                    f"the band {notice['band']} ({notice['owner']}) expired on {notice['expired']}",
                )
            )


@app.command()
def backtest(
    indicator: str,
    band: Annotated[str | None, typer.Option(help="例 0.05..0.25 · low..high")] = None,
    sigma: Annotated[str | None, typer.Option(help="95 或 998：计算的界限 · limits.")] = None,
    rule: Annotated[
        str | None, typer.Option(help="m/n 或 m/n@分母下限，例 2/3@30 · m of n periods.")
    ] = None,
    period: Text = None,
    minutes_per_alert: Annotated[
        float, typer.Option(help="监控员每条预警的分钟数 · monitor, minutes an alert.")
    ] = 60.0,
    minutes_per_case: Annotated[
        float, typer.Option(help="评查员每案的分钟数 · reviewer, minutes a case.")
    ] = 120.0,
    hours_per_month: Annotated[
        float | None, typer.Option(help="每月可用的小时数 · capacity, hours a month.")
    ] = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 20,
    json: Json = False,
    out: Out = None,
) -> None:
    """阈值回测 · what a threshold would have done: anguan backtest I10 --sigma 95 --rule 2/3@30."""
    from graph.analysis.backtest import backtest as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph,
            indicator,
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
        rows = [
            {
                "zh": p["zh"],
                "en": p["en"],
                "values": p["values"],
                "alerts": p["alerts"]["total"],
                "alerts_per_month": number(p["alerts_per_month"]),
                "marginal": p["marginal"]["total"],
                **{
                    f"hours.{name}": number(p["hours"][name]) if p["hours"] else None
                    for name in ("monitors", "reviewers", "total", "capacity")
                },
            }
            for p in answer["parts"]
        ]
        title = say("阈值回测", "backtest") + f" {indicator}"
        show(answer, title, answer["parts"], json, out, rows)
        if json:
            return
        for part in answer["parts"]:
            for name, head in (("alerts", "会触发的"), ("marginal", "临界的")):
                told = [
                    {**{k: r[k] for k in ("unit", "period", "numerator", "denominator")}}
                    | {"value": number(r["value"]), "case_ids": r["cases"]["cases"]}
                    for r in part[name]["rows"]
                ]
                output.print_table(say(head, f"{name} {part['en']}"), told, lang())


@app.command()
def alerts(
    style: Annotated[str | None, typer.Option(help="E、B、C、X · style.")] = None,
    indicator: Text = None,
    unit: Text = None,
    period: Text = None,
    standard: Annotated[str | None, typer.Option(help="启动标准的代码 · standard.")] = None,
    scoped: Annotated[
        bool, typer.Option("--scoped", help="只看已采纳范围内的 · adopted scopes only.")
    ] = False,
    why_not: Annotated[
        str | None, typer.Option(help="案件或检察院：为何没有预警 · a case or procuratorate.")
    ] = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """预警及其理由 · alerts and why: anguan alerts --period 2025Q3 --why-not U01."""
    from graph.analysis.alerts import alerts as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph,
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
        rows = [
            {
                **{k: a[k] for k in ("id", "style", "indicator", "unit", "period")},
                "scope": (a["scope"] or {}).get("scope"),
                "reason": a["why"][lang()],
                "case_ids": a["why"]["cases"]["cases"],
            }
            for a in answer["alerts"]
        ]
        used = answer["standard"]
        title = say("预警", "alerts") + f"（{used[lang()]}，{used['owner']}）"
        show(answer, title, answer["alerts"], json, out, rows)
        if json or "why_not" not in answer:
            return
        told = [
            {
                "style": r["style"],
                "indicator": r["indicator"],
                "fired": r["fired"],
                "reason": r[lang()],
                "flip": ", ".join(f"{k} {v}" for k, v in (r["flip"] or {}).items() if v),
            }
            for r in answer["why_not"]["rules"]
        ]
        output.print_table(say("为何没有", "why not") + f" {why_not}", told, lang())


@scope_app.command()
def propose(
    combine: Annotated[
        list[str] | None, typer.Option(help="组合，例 I10+I12 · a combination.")
    ] = None,
    style: Annotated[str | None, typer.Option(help="E 或 B")] = None,
    period: Text = None,
    minutes_per_case: Annotated[float, typer.Option(help="每案分钟数 · minutes a case.")] = 120.0,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """筛选关联指标 · what each would bring: anguan scope propose --combine I10+I12 --style E."""
    from graph.analysis.scopes import propose as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph,
            combine or [],
            style,
            period,
            source,
            as_of,
            limit,
            minutes_per_case=minutes_per_case,
        )
        rows = [
            {
                "indicators": "+".join(c["indicators"]),
                "zh": c["zh"],
                "en": c["en"],
                "style": c["style"],
                "flagged": c["flagged"],
                "per_quarter": number(c["flagged_per_quarter"]),
                "found": _side(c["found"]),
                "controls": _side(c["controls"]),
                "hours": number(c["reviewer_hours"]),
                "adopted": (c["adopted"] or {}).get("scope"),
            }
            for c in answer["candidates"]
        ]
        title = say("可选的关联指标", "candidates")
        show(answer, title, answer["candidates"], json, out, rows)


def _side(side: dict[str, Any]) -> str:
    """Hits, cases and interval for the eye."""
    if not side["cases"]:
        return "–"
    ends = f"{side['low']:.1%}–{side['high']:.1%}"
    return f"{side['with_problem']}/{side['cases']} = {side['share']:.1%} ({ends})"


@scope_app.command()
def adopt(
    indicators: Annotated[list[str], typer.Argument(help="一个或几个指标 · one or more codes")],
    style: Annotated[str, typer.Option(help="E 或 B")],
    owner: Annotated[str, typer.Option(help="负责人或部门 · who owns it.")],
    basis: Annotated[str, typer.Option(help="依据 · on what it rests.")],
    expires: Annotated[str, typer.Option(help="失效日期 · until when.")],
    review: Annotated[str, typer.Option(help="ROUTINE、KEY 或 SPECIAL")] = "SPECIAL",
    folder: Annotated[str, typer.Option(help="叠加规则的文件夹 · overlay folder.")] = "adopted",
    json: Json = False,
) -> None:
    """采纳 · a person adopts: anguan scope adopt I10 --style B --owner 案管部门 --basis 会议纪要
    --expires 2027-12-31."""
    from graph.analysis.scopes import adopt as run

    with answering(json):
        answer = run(
            indicators,
            style=style,
            review=review,
            owner=owner,
            basis=basis,
            expires=expires,
            folder=folder,
        )
        if json:
            output.print_json(answer)
        else:
            output.print_table(say("已采纳", "adopted"), [answer], lang())


@scope_app.command("list")
def list_scopes(json: Json = False, out: Out = None) -> None:
    """已采纳的评查范围 · what is in force: anguan scope list."""
    from graph.analysis.scopes import scopes as run

    with answering(json):
        answer = run()
        show(answer, say("评查范围", "scopes"), answer["scopes"], json, out)


FLOW = ("from", "to", "hand_overs", "of", "median_days", "longest_days", "returned")


@network_app.command("handovers")
def handovers(
    what: Annotated[What, typer.Option(help="cases、matters 或 leads")] = "cases",
    plot: Plot = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 30,
    json: Json = False,
    out: Out = None,
) -> None:
    """部门之间的移送 · among departments: anguan network handovers --what leads."""
    from graph.analysis.figures import network_page
    from graph.analysis.networks import hand_overs as run

    with answering(json), the_graph() as graph:
        answer = run(graph, what, source, as_of, limit)
        if plot is not None:
            write_page(plot, network_page(graph, what, source, as_of))
        rows = [{k: f[k] for k in FLOW} for f in answer["flows"]["rows"]]
        show(answer, say("移送", "hand-overs"), answer["flows"]["rows"], json, out, rows)
        if json:
            return
        for name, title in (
            ("bottleneck", say("等得最久的环节", "longest waits")),
            ("bounces", say("来回移送", "bounces")),
            ("supervisions", say("三种监督之间", "between supervisions")),
        ):
            found = answer[name]["rows"] if isinstance(answer[name], dict) else answer[name]
            if found:
                output.print_table(title, found, lang())


@network_app.command("nodes")
def nodes(
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """问题链经过的节点 · nodes that chains cross: anguan network nodes."""
    from graph.analysis.networks import crossings as run

    with answering(json), the_graph() as graph:
        answer = run(graph, source, as_of, limit)
        title = say("问题链经过的节点", "nodes that chains cross")
        show(answer, title, answer["nodes"], json, out)


@app.command()
def affected(
    code: Annotated[str, typer.Argument(help="节点或规则，例 PR11、TL-060 · node or rule")],
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """节点或规则变化影响什么 · what a change affects: anguan affected PR11."""
    from graph.analysis.networks import affected as run

    with answering(json), the_graph() as graph:
        answer = run(graph, code, source, as_of, limit)
        rows = [
            {k: r[k] for k in ("family", "code", "zh", "en", "via")} | {"why": r["why"][lang()]}
            for r in answer["affected"]
        ]
        title = f"{code} {answer[lang()]}"
        show(answer, title, answer["affected"], json, out, rows)
        if not json:
            told = {"problems": answer["problems"], "bands": answer["bands"]}
            told |= {"scopes": answer["scopes"]}
            output.print_table(say("库中", "in the store"), [told], lang())

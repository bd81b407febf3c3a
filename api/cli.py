"""The ``anguan`` command line.

Exit codes: 0 the work was done (also when it found bad news), 1 ``trace`` found a broken lead or
``profile check`` faults,
2 the input is wrong, 3 the engine is in trouble.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api import indicators, law, output
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
    listing,
    say,
    show,
    the_graph,
)
from graph.errors import InputError
from graph.settings import settings

engine_app = typer.Typer(no_args_is_help=True, help="本地引擎 · the local engine.")
app.add_typer(engine_app, name="engine")
profile_app = typer.Typer(no_args_is_help=True, help="外部日志的 profile · profiles of logs.")
app.add_typer(profile_app, name="profile")

app.add_typer(law.rules_app, name="rules")
app.add_typer(law.clock_app, name="clock")
app.add_typer(indicators.scope_app, name="scope")
app.add_typer(indicators.network_app, name="network")


@app.command()
def generate(
    folder: Path,
    cases: Annotated[int, typer.Option(min=1)] = 2_000,
    seed: int = 7,
    json: Json = False,
) -> None:
    """生成合成检察院 · a synthetic procuratorate: anguan generate world --cases 200 --seed 7."""
    from graph.store.temporal import as_json
    from loaders.synthetic import generate as make

    with answering(json):
        if folder.exists() and any(folder.iterdir()):
            raise InputError("api.generate_exists", folder=folder)
        with output.counting(say("生成案件", "cases"), cases, json) as done:
            at = 0

            def progress(reached: int) -> None:
                nonlocal at
                done("", reached - at)
                at = reached

            made = make(folder, cases, seed, progress)
        answer = {"as_of": "2025-12-31", **made.as_dict()}
        if json:
            output.print_json(answer)
        else:
            output.print_table(say("已生成", "generated"), [as_json(answer)], lang())


@app.command()
def load(
    source: Path,
    profile: Annotated[
        str | None, typer.Option(help="外部日志的 profile：名称或文件 · for a foreign log.")
    ] = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """装载数据包或日志 · load a package or a log: anguan load log.xes.gz --profile wabo."""
    from loaders.load import load as run

    with answering(json), the_graph() as graph:
        with output.counting("", None, json) as done:
            report = run(graph, source, profile=profile, progress=done)
        answer = {"as_of": output.as_json(graph.as_of()), **report.as_dict()}
        rows = [{"table": name, **counts} for name, counts in report.tables.items()]
        show(answer, say("装载结果", "what was loaded"), rows, json, out)
        if json:
            return
        print(
            say(
                f"批次 {report.batch}：读 {report.read} = 装入 {report.loaded} + 拒收 "
                f"{report.rejected} + 未变 {report.unchanged}",
                f"batch {report.batch}: read {report.read} = loaded {report.loaded} + rejected "
                f"{report.rejected} + unchanged {report.unchanged}",
            )
        )
        if report.reject_file:
            print(say("拒收文件：", "reject files: ") + report.reject_file)


@app.command()
def deadlines(
    as_of: AsOf = None,
    rule: Text = None,
    result: Text = None,
    source: Source = None,
    limit: Limit = 20,
    json: Json = False,
    out: Out = None,
) -> None:
    """按规则核对期限并记录问题 · check deadlines, record problems: anguan deadlines."""
    from graph.supervision.deadlines import deadlines as run

    with answering(json), the_graph() as graph:
        answer = run(graph, as_of, limit=limit, source=source, rule=rule, result=result)
        rows = [{"rule": name, **counts} for name, counts in answer["rules"].items()]
        if not json:
            output.print_table(say("期限规则", "deadline rules"), rows, lang())
        show(answer, say("期限", "deadlines"), answer["clocks"], json, out)


@profile_app.command()
def check(
    profile: str,
    source: Path,
    rows: Annotated[int, typer.Option(min=0, help="看几行，0 为全部 · rows, 0 = all.")] = 200,
    json: Json = False,
    out: Out = None,
) -> None:
    """profile 会怎样读 · what a profile would do: anguan profile check wabo log.xes.gz."""
    from loaders.logs import check as run
    from loaders.profile import read_profile

    with answering(json):
        found = run(read_profile(profile), source, rows)
        columns: list[dict[str, Any]] = [
            {"column": c, "mapped": note} for c, note in found.mapped.items()
        ]
        columns += [
            {"column": c, "mapped": say("个人信息，不读入", "personal, stays out")}
            for c in found.personal
        ]
        columns += [{"column": c, "mapped": say("未使用", "not mapped")} for c in found.not_mapped]
        title = say(
            f"{found.file}：{found.rows} 行，{found.cases} 案，{found.events} 事件，"
            f"{found.refused} 行拒收",
            f"{found.file}: {found.rows} rows, {found.cases} cases, {found.events} events, "
            f"{found.refused} rows refused",
        )
        show({"as_of": None, **found.as_dict()}, title, columns, json, out)
        if not json:
            name = lang()
            acts = [
                {"activity": a, "events": e["events"], "node": e["node"]}
                for a, e in found.activities.items()
            ]
            output.print_table(say("活动", "activities"), acts, name)
            if found.faults:
                told = [
                    {k: f[k] for k in ("row", "field", "code", "zh", "en")} for f in found.faults
                ]
                output.print_table(say("拒收", "refused"), told, name)
            for doubt in found.doubts:
                print("? " + doubt[name])
    if not found.good:
        raise typer.Exit(1)


@app.command()
def queries(json: Json = False, out: Out = None) -> None:
    """查询目录 · the catalogue: anguan queries."""
    from graph.store.catalogue import catalogue

    with answering(json):
        rows = [
            {
                "query": q.name,
                "title": q.title[lang()],
                "params": ", ".join(q.params),
                "own": q.own,
            }
            for q in catalogue(settings().queries).values()
            if q.mode == "read" and q.path.parent.name != "schema"
        ]
        answer = {
            "as_of": None,
            "total": len(rows),
            "shown": len(rows),
            "truncated": False,
            "queries": rows,
        }
        show(answer, say("查询目录", "the catalogue"), rows, json, out)


@app.command()
def query(
    name: str,
    param: Annotated[list[str] | None, typer.Option(help="名称=值 · NAME=VALUE")] = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """运行一个查询 · run a query: anguan query find_cases --param id=C7-2024-000582."""
    from api.queries import run_query

    with answering(json), the_graph() as graph:
        given: dict[str, Any] = {}
        for pair in param or []:
            key, equals, value = pair.partition("=")
            if not equals:
                raise InputError("api.bad_pair", given=pair)
            given[key] = value
        answer = run_query(graph, name, given, limit)
        show(answer, name, answer["rows"], json, out)


@app.command()
def schema(json: Json = False, out: Out = None) -> None:
    """图模型 · the model: anguan schema."""
    from graph.store.schema import NODE_TYPES

    rows = [
        {
            "label": t.label,
            "name": t.zh if lang() == "zh" else t.en,
            "table": t.table,
            "columns": [t.id, *(c.name for c in t.columns)],
            "relationships": [
                f"{r.column}: {r.type} {'from' if r.inward else 'to'} {r.target}"
                for r in t.references
            ],
        }
        for t in NODE_TYPES
    ]
    answer = {
        "as_of": None,
        "total": len(rows),
        "shown": len(rows),
        "truncated": False,
        "types": rows,
    }
    with answering(json):
        show(answer, say("图模型", "the model"), rows, json, out)


@app.command()
def stats(json: Json = False, out: Out = None) -> None:
    """数量与内容指纹 · counts and digest: anguan stats."""
    from graph.store.stats import stats as count

    with answering(json), the_graph() as graph:
        answer = {"as_of": graph.data_date(), **count(graph)}
        rows = [
            {"kind": kind, "name": name, "n": n}
            for kind in ("nodes", "relationships", "bookkeeping")
            for name, n in answer[kind].items()
        ]
        show(answer, f"digest {answer['digest']}", rows, json, out)


LINK_COLUMNS = ("node", "zh", "en", "curated", "cases", "comparison")
STATES = ("passed", "repeated", "missed", "not_applicable", "unknown")


@app.command()
def link(
    indicator: Annotated[str | None, typer.Argument(help="例 I10 · such as I10")] = None,
    outcome: Annotated[
        str | None, typer.Option(help="代替指标的结果 · a named outcome instead.")
    ] = None,
    source: Source = None,
    as_of: AsOf = None,
    ids: Annotated[
        int | None, typer.Option(min=0, help="附案件编号，每格最多几个 · case ids, 0 = all.")
    ] = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """指标指向的节点 · the nodes an indicator points at: anguan link I10."""
    from graph.analysis.links import link as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph, indicator=indicator, outcome=outcome, source=source, as_of=as_of, ids=ids
        )
        name = lang()
        rows = [{k: v for k, v in n.items() if k in LINK_COLUMNS} for n in answer["nodes"]]
        sides = {k: answer.get(v) for k, v in (("numerator", "cases"), ("comparison",) * 2)}
        counts = ", ".join(
            f"{output.named(k, name)} {v}" for k, v in sides.items() if v is not None
        )
        title = f"{indicator or outcome} {answer.get(name) or ''}  {counts}"
        terminal = [
            {
                "node": f"{n['node']} {'●' if n['curated'] else ''}".strip(),
                "name": n[name],
                **{
                    f"{side}.{state}": (n[side] or {}).get(state)
                    for side in ("cases", "comparison")
                    for state in STATES
                },
            }
            for n in answer["nodes"]
        ]
        show(answer, title, rows, json, out, terminal)
        if json:
            return
        print(say("● 规则库整理的节点", "● curated in the rulebook"))
        values = [
            {
                **{k: v[k] for k in ("zh", "en", "numerator", "denominator")},
                "share": _percent(v["share"]),
                "status": answer["status"],
            }
            for v in answer["values"]
        ]
        if values:
            output.print_table(say("分子与分母", "numerator and denominator"), values, name)
        if answer.get("reason"):
            print(
                answer["reason"][name] if isinstance(answer["reason"], dict) else answer["reason"]
            )
        if ids is not None:
            cases = [
                {
                    "node": n["node"],
                    "group": "numerator" if side == "cases" else side,
                    "state": state,
                    "total": found["total"],
                    "shown": found["shown"],
                    "case_ids": found["cases"],
                }
                for n in answer["nodes"]
                for side, states in (n["case_ids"] or {}).items()
                for state, found in states.items()
                if found["total"]
            ]
            output.print_table(say("数字背后的案件", "the cases behind the numbers"), cases, name)


@app.command()
def trace(
    lead: str,
    as_of: AsOf = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="附批次与来源行 · batch and source row.")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="写成一页 · write one page.")] = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """线索全程追踪 · the path of a lead: anguan trace L7-2024-000010 --evidence."""
    from graph.supervision.leads import trace as run
    from graph.supervision.report import trace_html

    with answering(json), the_graph() as graph:
        answer = run(graph, lead, as_of, evidence=evidence or html is not None)
        if html is not None:
            try:
                html.write_text(trace_html(answer), encoding="utf-8")
            except OSError as error:
                raise InputError("api.out_write", file=html, reason=error.strerror) from error
        name = "zh" if lang() == "zh" else "en"
        rows = [
            {
                "hop": h["hop"],
                "act": h["act"],
                "name": h[name],
                "at": h["at"],
                "by": h["by"],
                "supervision": h["supervision"],
                "mode": h["mode"],
                "state": h["state"],
                "lasted": _lasted(h["seconds"]),
                "due": (h["limit"] or {}).get("due"),
                "missing": h["missing"],
                **({"batch": h["batch"], "row": h["row"]} if evidence else {}),
            }
            for h in answer["hops"]
        ]
        place = answer["broken_at"] or answer["stalled_in"] or ""
        verdict = output.named(answer["verdict"], lang())
        title = f"{answer['lead']} {answer['route']} {verdict} {place}".strip()
        seen = [{k: v for k, v in r.items() if k != "act"} for r in rows]
        show(answer, title, rows, json, out, seen)
    if answer["verdict"] == "broken":
        raise typer.Exit(1)


def _lasted(seconds: float | None) -> str | None:
    """How long in the state before, in days and hours."""
    if seconds is None:
        return None
    days, rest = divmod(int(seconds), 86_400)
    return say(f"{days}日{rest // 3600}时", f"{days} d {rest // 3600} h")


@app.command()
def patterns(
    type_: Annotated[str | None, typer.Option("--type")] = None,
    node: Text = None,
    unit: Text = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """反复出现的问题 · recurring problems: anguan patterns --node PR22."""
    from graph.analysis.patterns import patterns as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph, type=type_, node=node, unit=unit, as_of=as_of, limit=limit, source=source
        )
        order = ("type", "node", "department", "cases", "handlers", "months", "problems", "kinds")
        name = lang()
        terminal = [
            {**{k: p[k] for k in order}, "name": p[name] if p["department"] is None else None}
            for p in answer["patterns"]
        ]
        title = say("反复出现的问题", "recurring problems")
        show(answer, title, answer["patterns"], json, out, terminal)
        if not json and answer["chains"]["chains"]:
            output.print_table(
                say("问题链（前十）", "chains (first ten)"),
                [
                    {
                        "chain": " → ".join(f"{t['type']}@{t['node']}" for t in c["chain"]),
                        "support": c["support"],
                        "cases": c["cases"],
                    }
                    for c in answer["chains"]["chains"][:10]
                ],
                name,
            )


@app.command()
def cases(
    type_: Annotated[str | None, typer.Option("--type")] = None,
    unit: Text = None,
    node: Text = None,
    period: Text = None,
    status: Text = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """案件清单 · cases: anguan cases --type PR --period 2024-01..2024-06."""
    from graph.analysis.cases import cases as run

    with answering(json), the_graph() as graph:
        answer = run(graph, type_, unit, node, period, status, source, as_of, limit)
        listing("cases", ("案件", "cases"))(answer, json, out)


@app.command()
def problems(
    type_: Annotated[str | None, typer.Option("--type")] = None,
    unit: Text = None,
    node: Text = None,
    period: Text = None,
    status: Text = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """问题清单 · problems: anguan problems --type P11."""
    from graph.analysis.cases import problems as run

    with answering(json), the_graph() as graph:
        answer = run(graph, type_, unit, node, period, status, source, as_of, limit)
        listing("problems", ("问题", "problems"))(answer, json, out)


@app.command()
def leads(
    route: Text = None,
    verdict: Text = None,
    unit: Text = None,
    node: Text = None,
    type_: Annotated[str | None, typer.Option("--type")] = None,
    period: Text = None,
    source: Source = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """线索清单 · leads: anguan leads --verdict broken."""
    from graph.analysis.scope import period_bounds
    from graph.supervision.leads import leads as run

    with answering(json), the_graph() as graph:
        since, until = period_bounds(period)
        answer = run(
            graph,
            route=route,
            verdict=verdict,
            unit=unit,
            node=node,
            type=type_,
            since=since,
            until=until,
            source=source,
            as_of=as_of,
            limit=limit,
        )
        listing("leads", ("线索", "leads"))(answer, json, out)


@app.command()
def case(case_id: str, as_of: AsOf = None, json: Json = False, out: Out = None) -> None:
    """一个案件的全部 · everything of one case: anguan case C7-2024-000582."""
    from graph.analysis.cases import linked_issues

    with answering(json), the_graph() as graph:
        answer = linked_issues(graph, case_id, as_of)
        if not json:
            output.print_table(say("时间线", "timeline"), answer["timeline"], lang())
        show(answer, say("问题", "problems"), answer["table"], json, out)


@engine_app.command()
def status(json: Json = False) -> None:
    """引擎状态 · anguan engine status."""
    _engine(json, stop=False)


@engine_app.command()
def stop(json: Json = False) -> None:
    """停止引擎 · anguan engine stop."""
    _engine(json, stop=True)


def _engine(json: bool, *, stop: bool) -> None:
    from graph.store.engine import engine_status, engine_stop

    with answering(json):
        home = settings().home_dir
        answer = {"as_of": None, **(engine_stop(home) if stop else engine_status(home))}
        if json:
            output.print_json(answer)
        else:
            output.print_table(say("本地引擎", "the local engine"), [answer], lang())


@app.command()
def serve() -> None:
    """启动 HTTP 接口 · start the API on loopback: anguan serve."""
    import uvicorn

    from api.http import create_app

    with answering(False):
        uvicorn.run(create_app(), host=settings().host, port=settings().port)


@app.command()
def demo() -> None:
    """演示 · a synthetic procuratorate and the three questions: anguan demo."""
    from api.demo import run

    with answering(False):
        code = run(lang())
    raise typer.Exit(code)


@app.command()
def ratio(
    period: Text = None,
    profile: Annotated[
        str, typer.Option(help="计入活动的版本 · edition of the counted activities.")
    ] = "2020",
    source: Source = None,
    as_of: AsOf = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """案-件比 · items that the matters cost: anguan ratio --period 2024."""
    from graph.analysis.ratio import ratio as run

    with answering(json), the_graph() as graph:
        answer = run(graph, source, as_of, period, profile)
        one = "–" if answer["ratio"] is None else f"1 : {answer['ratio']:.3f}"
        status = output.named(answer["status"], lang())
        title = say(
            f"案 {answer['an']}，件 {answer['jian']}，{one}（{answer['zh']}，{status}）",
            f"{answer['an']} matters, {answer['jian']} items, {one} ({answer['en']}, {status})",
        )
        rows = [a | {"share": _percent(a["share"])} for a in answer["activities"]]
        show(answer, title, answer["activities"], json, out, rows)


def _percent(share: float | None) -> str | None:
    """A share for the eye."""
    return None if share is None else f"{share:.2%}"


def main() -> None:
    """Entry point; usage errors exit with 2."""
    app()


if __name__ == "__main__":
    main()

"""The ``anguan`` command line.

Exit codes: 0 the work was done (also when it found bad news), 1 ``trace`` found a broken lead or
``profile check`` faults,
2 the input is wrong, 3 the engine is in trouble.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api import indicators, law, loading, output
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
loading.add_commands(app)
app.add_typer(indicators.scope_app, name="scope")
app.add_typer(indicators.network_app, name="network")


@app.command()
def generate(
    folder: Path,
    cases: Annotated[int, typer.Option(min=1)] = 2_000,
    seed: int = 7,
    world: Annotated[
        str,
        typer.Option(
            help="世界：default、null、scripts 或 .yaml 文件 · the world, or a file of your own."
        ),
    ] = "default",
    years: Annotated[int, typer.Option(help="几年（1–5） · years up to the end of 2025.")] = 2,
    units: Annotated[
        int | None, typer.Option(help="几个检察院 · procuratorates (default: the world's).")
    ] = None,
    dirt: Annotated[
        float, typer.Option(help="每行植入差错的比率（0–0.2） · faults planted per row.")
    ] = 0,
    sheets: Annotated[
        bool, typer.Option("--sheets", help="另写宽表和台账 · also as a wide table and ledgers.")
    ] = False,
    json: Json = False,
) -> None:
    """生成合成检察院 · a synthetic procuratorate: anguan generate world --cases 200 --seed 7."""
    from graph.store.temporal import as_json
    from loaders.synthetic import generate as make

    with answering(json):
        if folder.exists() and any(folder.iterdir()):
            raise InputError("api.generate_exists", folder=folder)
        if sheets and dirt:
            raise InputError("api.sheets_of_dirt")
        with output.counting(say("生成案件", "cases"), cases, json) as done:
            at = 0

            def progress(reached: int) -> None:
                nonlocal at
                done("", reached - at)
                at = reached

            made = make(
                folder, cases, seed, progress, world=world, years=years, units=units, dirt=dirt
            )
        answer = {"as_of": "2025-12-31", **made.as_dict()}
        if sheets:
            from loaders.synthetic.sheets import write_sheets

            answer["sheets"] = str(write_sheets(folder))
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看会怎样，不写入 · write nothing.")
    ] = False,
    json: Json = False,
    out: Out = None,
) -> None:
    """装载数据包或日志 · load a package or a log: anguan load log.xes.gz --profile wabo."""
    from loaders.load import load as run
    from loaders.preview import preview

    with answering(json), the_graph() as graph:
        if dry_run:
            with output.counting("", None, json) as done:
                seen = preview(graph, source, profile=profile, progress=done)
            tables = [{"table": name, **counts} for name, counts in seen["tables"].items()]
            show(seen, say("将会装载（未写入）", "what a load would do"), tables, json, out)
            return
        with output.counting("", None, json) as done:
            report = run(graph, source, profile=profile, progress=done)
        answer = {"as_of": output.as_json(graph.as_of()), **report.as_dict()}
        rows = [{"table": name, **counts} for name, counts in report.tables.items()]
        show(answer, say("装载结果", "what was loaded"), rows, json, out)
        if json:
            return
        print(
            say(
                f"批次 {report.batch}：读 {report.read} = 装入 {report.loaded}（其中待补 "
                f"{report.pending}）+ 拒收 {report.rejected} + 未变 {report.unchanged}",
                f"batch {report.batch}: read {report.read} = loaded {report.loaded} (pending "
                f"{report.pending}) + rejected {report.rejected} + unchanged {report.unchanged}",
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


@app.command()
def claims(
    as_of: AsOf = None,
    source: Source = None,
    limit: Limit = 50,
    json: Json = False,
    out: Out = None,
) -> None:
    """台账所称状态与推得状态对照 · what registers claim beside what is derived: anguan claims."""
    from graph.supervision.claims import claims as run

    with answering(json), the_graph() as graph:
        answer = run(graph, as_of, limit=limit, source=source)
        title = say(
            f"所称状态 {answer['total']}，不一致 {answer['differing']}",
            f"claims {answer['total']}, differing {answer['differing']}",
        )
        show(answer, title, answer["claims"], json, out)


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


@profile_app.command()
def new(
    source: Path,
    shape: Annotated[
        str | None, typer.Option(help="log, wide 或 ledger；默认自行判断 · else it is guessed.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="来源名称 · name of the source.")] = None,
    out: Annotated[Path | None, typer.Option(help="写到文件 · write to a file.")] = None,
    json: Json = False,
) -> None:
    """由数据拟写 profile · propose a profile from the data: anguan profile new 台账.xlsx."""
    from loaders.propose import propose
    from loaders.propose import write as write_profile

    with answering(json):
        found = propose(source, shape, name)
        if out is not None:
            write_profile(found, out)
        if json:
            output.print_json({"as_of": None, **vars(found)})
        elif out is None:
            print(found.text, end="")
        else:
            print(
                say(
                    f"已写 {out}（{found.shape}），{len(found.doubts)} 处请核对（# ?）",
                    f"wrote {out} ({found.shape}); look at {len(found.doubts)} doubts (# ?)",
                )
            )


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
    """运行一个查询 · run a query: anguan query find_cases --param id=C7-2024-000114."""
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


DEVIATIONS_SHOWN = 12
"""Deviations that the terminal shows; --json and --out hold all."""


def _deviation(row: dict[str, Any], name: str, of: str) -> dict[str, Any]:
    """A deviation as the terminal shows it."""
    return {
        "node": row.get("node", of),
        **({"indicator": row["indicator"]} if "indicator" in row else {}),
        "deviation": say("发现问题", "problem found")
        if row["deviation"] == "problem"
        else row["deviation"],
        "odds_ratio": _interval(row["effect"]),
        "q": f"{row['q']:.2g}",
        "cases": row["support"],
        "word": row["word_zh"] if name == "zh" else row["word"],
    }


def _path(row: dict[str, Any], name: str) -> dict[str, Any]:
    """A path before an outcome as the terminal shows it."""
    return {
        "path": " → ".join(step["node"] for step in row["path"]),
        "odds_ratio": _interval(row["effect"]),
        "q": f"{row['q']:.2g}",
        "cases": row["support"],
        "word": row["word_zh"] if name == "zh" else row["word"],
    }


def _interval(effect: dict[str, Any]) -> str:
    """An odds ratio with its interval; without a bound, ∞."""
    if effect["low"] is None:
        return "–"
    ratio, low, high = (
        "∞" if effect[k] is None else f"{effect[k]:.2f}" for k in ("odds_ratio", "low", "high")
    )
    return f"{ratio} ({low}–{high})"


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
    gaps: Annotated[
        bool, typer.Option("--gaps", help="缺口与候选映射 · gaps and candidate mappings.")
    ] = False,
    paths: Annotated[
        bool, typer.Option("--paths", help="结局之前的路径 · paths before the outcome.")
    ] = False,
    json: Json = False,
    out: Out = None,
) -> None:
    """指标指向的节点 · the nodes an indicator points at: anguan link I10."""
    from graph.analysis.links import gaps as run_gaps
    from graph.analysis.links import link as run

    with answering(json), the_graph() as graph:
        if gaps:
            found = run_gaps(graph, source, as_of)
            rows = found["candidates"]["candidates"]
            told = [_deviation(r, lang(), r["indicator"]) for r in rows]
            title = say("候选映射（由人决定）", "candidate mappings (a person decides)")
            show(found, title, rows, json, out, told)
            if not json:
                for part, text in (
                    ("nodes", say("问题多而无指标的节点", "nodes with problems, no indicator")),
                    ("indicators", say("没有节点的指标", "indicators without a node")),
                    ("mappings", say("装入的映射及其状态", "loaded mappings and their states")),
                ):
                    if found[part][part]:
                        output.print_table(text, found[part][part], lang())
            return
        answer = run(
            graph,
            indicator=indicator,
            outcome=outcome,
            source=source,
            as_of=as_of,
            ids=ids,
            before=paths,
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
        several = [_deviation(d, name, n["node"]) for n in answer["nodes"] for d in n["deviations"]]
        if several:
            several.sort(key=lambda d: float(d["q"]))
            text = say("偏离与指标（分层，按证据）", "deviations, stratified, by evidence")
            output.print_table(text, several[:DEVIATIONS_SHOWN], name)
        if answer.get("paths"):
            told = answer["paths"]
            text = say("结局之前的路径（分层，按证据）", "paths before the outcome, by evidence")
            rows = [_path(p, name) for p in told["paths"][:DEVIATIONS_SHOWN]]
            output.print_table(f"{text} {len(rows)}/{told['total']}", rows, name)
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
    """线索全程追踪 · the path of a lead: anguan trace L7-2024-000147 --evidence."""
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
    ids: Annotated[
        int | None, typer.Option(min=0, help="附组合的案件编号 · cases of combinations, 0 = all.")
    ] = None,
    context: Annotated[
        list[str] | None,
        typer.Option(
            help="charge_class、source_system、deviation · circumstances to combine with."
        ),
    ] = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """反复出现的问题 · recurring problems: anguan patterns --node PR22."""
    from graph.analysis.patterns import patterns as run

    with answering(json), the_graph() as graph:
        answer = run(
            graph,
            type=type_,
            node=node,
            unit=unit,
            as_of=as_of,
            limit=limit,
            source=source,
            ids=ids,
            context=context or (),
        )
        order = ("type", "node", "department", "cases", "handlers", "months", "problems", "kinds")
        name = lang()
        word = "word_zh" if name == "zh" else "word"
        several = [
            {
                "pattern": p["id"],
                "cases": p["cases"],
                "expected": f"{p['expected']:.1f}",
                "odds_ratio": _interval(p["effect"]),
                "q": f"{p['q']:.2g}",
                "replicated": p["replicated"],
                "trend": p["trend"],
                "word": p[word],
                "name": p[name],
            }
            for p in answer["patterns"]
            if len(p["items"]) > 1
        ]
        if several and not json:
            output.print_table(say("问题的组合", "problems that come together"), several, name)
        terminal = [
            {
                **{k: p[k] for k in order},
                "q": f"{p['q']:.2g}" if p["testable"] else None,
                "name": p[name] if p["department"] is None else None,
            }
            for p in answer["patterns"]
            if len(p["items"]) == 1
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
    """一个案件的全部 · everything of one case: anguan case C7-2024-000114."""
    from graph.analysis.cases import linked_issues

    with answering(json), the_graph() as graph:
        answer = linked_issues(graph, case_id, as_of)
        if not json:
            title = say("时间线", "timeline")
            if answer["vanished"] is not None:
                title += f" · {output.cell(answer['vanished'], lang())}"
            output.print_table(title, answer["timeline"], lang())
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

"""Commands of the law: the rulebook, the clocks, the check, dispositions and coverage."""

from __future__ import annotations

from typing import Annotated, Any

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
from graph.store.temporal import as_json

rules_app = typer.Typer(no_args_is_help=True, help="规则库 · the rulebook.")
clock_app = typer.Typer(no_args_is_help=True, help="期限 · clocks.")


@rules_app.command()
def lint(json: Json = False, out: Out = None) -> None:
    """检查规则库 · faults and notices of the rulebook: anguan rules lint."""
    from graph.rulebook.lint import lint as run

    with answering(json):
        found = run()
        faults = [f.shown(lang()) for f in found["faults"]]
        notices = [f.shown(lang()) for f in found["notices"]]
        answer = {"as_of": None, **found, "faults": faults, "notices": notices}
        rows = [r | {"why": (r["why"] or {}).get(lang())} for r in found["rules"]]
        families: dict[str, dict[str, Any]] = {}
        for r in rows:
            f = families.setdefault(
                r["family"],
                {"family": r["family"], "entries": 0, "executable": 0, "confirmed": 0},
            )
            f["entries"] += 1
            f["executable"] += r["executable"]
            f["confirmed"] += r["status"] == "confirmed"
        title = say("规则库", "the rulebook") + f" {found['version']}"
        show(answer, title, rows, json, out, list(families.values()))
        if json:
            return
        if faults:
            output.print_table(say("错误", "faults"), faults, lang())
        if notices:
            output.print_table(say("提示", "notices"), notices, lang())
        print(
            say(
                f"{found['entries']} 条，可执行 {found['executable']} 条，错误 {len(faults)} 处",
                f"{found['entries']} entries, {found['executable']} executable, "
                f"{len(faults)} faults",
            )
        )


@rules_app.command("show")
def show_rule(code: str, as_of: AsOf = None, json: Json = False) -> None:
    """一条规则的全部 · one entry, its hits and dispositions: anguan rules show TL-060."""
    from graph.supervision.hits import shown

    with answering(json), the_graph() as graph:
        answer = as_json(shown(graph, code, as_of))
        if json:
            output.print_json(answer)
            return
        rows = [
            {"name": name, "value": value}
            for version in answer["versions"]
            for name, value in version.items()
        ]
        rows += [{"name": n, "value": v} for n, v in (answer["hits"] or {}).items()]
        title = f"{code} {answer.get('status', '')}".strip()
        output.print_table(title, rows, lang())


@rules_app.command("affected-by")
def affected_by(
    law: str,
    article: Annotated[int | None, typer.Argument(help="条 · article")] = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """受某法条影响的规则 · entries that rest on it: anguan rules affected-by CPL 172."""
    from graph.rulebook.law import book
    from graph.rulebook.lint import affected_by as run

    with answering(json):
        rows = run(book(), law, article)
        answer = {
            "as_of": None,
            "law": law,
            "article": article,
            "total": len(rows),
            "shown": len(rows),
            "truncated": False,
            "rules": rows,
        }
        title = say("受影响的规则", "entries that rest on it")
        show(answer, title, rows, json, out)


@clock_app.command()
def explain(
    case: str,
    rule: Text = None,
    as_of: AsOf = None,
    source: Source = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """届满日怎样算出 · how a due date came about: anguan clock explain C7-2024-000114."""
    from graph.supervision.check import explain as run

    with answering(json), the_graph() as graph:
        answer = run(graph, case, rule, as_of, source, lang())
        rows = [
            {k: c[k] for k in ("rule", "party", "kind", "status", "start", "due", "days", "ended")}
            | {"provisional": c["provisional"], "steps": [s["text"] for s in c["steps"]]}
            for c in answer["clocks"]
        ]
        brief = [{k: v for k, v in r.items() if k != "steps"} for r in rows]
        show(answer, f"{answer['case']}", rows, json, out, brief)
        if json:
            return
        for gap in answer["not_in_force"]:
            print(
                say(
                    f"{gap['rule']}：{gap['start']} 起算时尚无规则（{gap['valid_from']} 起施行）",
                    f"{gap['rule']}: no rule in force on {gap['start']} "
                    f"(in force from {gap['valid_from']})",
                )
            )
        for clock in answer["clocks"]:
            head = f"{clock['rule']} {clock['title'][lang()]}"
            who = f" · {clock['party']}" if clock["party"] else ""
            set_by = clock["set_by"]
            whose = say(f"  由“{set_by}”设定", f"  set by “{set_by}”") if set_by else ""
            print(f"\n{head}{who}  {clock['basis']}{whose}")
            for number, step in enumerate(clock["steps"], start=1):
                basis = f"  [{step['basis']}]" if step["basis"] else ""
                print(f"  {number}. {step['text']}{basis}")


@app.command("check")
def check(
    as_of: AsOf = None,
    scope: Annotated[
        str | None,
        typer.Option(help="source:、unit:、type: 或 case: · what to check, such as unit:U01."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write/--report", help="写入或只报告 · write, or only report.")
    ] = True,
    json: Json = False,
    out: Out = None,
) -> None:
    """按规则库检查全部案件 · clocks, gates and data rules: anguan check."""
    from graph.supervision.check import check as run

    with answering(json), the_graph() as graph:
        with output.counting(say("检查案件", "cases"), None, json) as done:
            answer = run(graph, as_of, scope, write=write, progress=done)
        rows = [
            {"rule": name.partition("/")[0], "kind": name.partition("/")[2], **counts}
            for name, counts in answer["rules"].items()
        ]
        for kind, name in (("GATE", "gates"), ("DATA", "data_rules")):
            rows += [{"rule": code, "kind": kind, **n} for code, n in answer[name].items()]
        columns = ("rule", "kind", "MET", "LATE", "RUNNING", "overdue", "UNKNOWN", "kept", "broken")
        rows = [{c: r.get(c) for c in columns} for r in rows]
        show(as_json(answer), say("检查结果", "what the check found"), rows, json, out)
        if json:
            return
        p = answer["problems"]
        print(
            say(
                f"问题：新增 {p['opened']}，更新 {p['updated']}，消除 {p['closed']}，"
                f"未变 {p['unchanged']}",
                f"problems: {p['opened']} opened, {p['updated']} updated, {p['closed']} closed, "
                f"{p['unchanged']} unchanged",
            )
        )
        if answer["unconfirmed"]:
            told = ", ".join(f"{code} {n}" for code, n in answer["unconfirmed"].items())
            print(say("未确认的规则，只报告：", "unconfirmed rules, only reported: ") + told)
        if answer["missing"]:
            rules = sorted({m["rule"] for m in answer["missing"]})
            print(
                say(
                    f"来源不能显示的规则 {len(rules)} 条：",
                    f"{len(rules)} rules that the source cannot show: ",
                )
                + ", ".join(rules[:12])
                + (" …" if len(rules) > 12 else "")
            )
        if answer["earlier"]:
            print(
                say(
                    "早于上次检查的日期：只报告，未写入",
                    "earlier than the last check: reported, nothing written",
                )
            )
        for changed in answer["changed"]:
            print(
                say("处置后数值已变：", "values changed since it was disposed of: ")
                + f"{changed['problem']} {changed['was']} → {changed['is']}"
            )


@app.command()
def dispose(
    problem: str,
    status: Annotated[
        str, typer.Option("--as", help="CONFIRMED | NOT_A_PROBLEM | DATA_ERROR | RULE_FALSE")
    ],
    by: Annotated[str, typer.Option(help="处置人 · who decides.")],
    reason: Annotated[str, typer.Option(help="理由 · why.")],
    at: Annotated[str | None, typer.Option(help="时间，默认数据日期 · when; data date.")] = None,
    source: Source = None,
    json: Json = False,
) -> None:
    """处置一个问题 · anguan dispose P7-000001 --as CONFIRMED --by U01-CM-1 --reason 已核实."""
    from graph.supervision.dispose import dispose as run

    with answering(json), the_graph() as graph:
        answer = run(graph, problem, status, by, reason, at, source)
        if json:
            output.print_json(as_json(answer))
        else:
            output.print_table(say("已处置", "disposed"), [as_json(answer)], lang())


@app.command()
def coverage(
    source: Source = None, as_of: AsOf = None, limit: Limit = 0, json: Json = False, out: Out = None
) -> None:
    """各节点由什么记录、由什么监督 · what records and watches each node: anguan coverage."""
    from graph.analysis.coverage import coverage as run

    with answering(json), the_graph() as graph:
        answer = run(graph, source, as_of)
        rows = answer["nodes"]
        if limit and len(rows) > limit:
            answer |= {"nodes": rows[:limit], "shown": limit, "truncated": True}
        name = lang()
        terminal = [
            {
                "node": r["node"],
                "name": r[name],
                **{k: len(r[k]) for k in ("fields", "limits", "gates", "data_rules", "indicators")},
                "hits": r["hits"],
                "confirmed": r["confirmed"],
            }
            for r in answer["nodes"]
        ]
        show(as_json(answer), say("覆盖", "coverage"), answer["nodes"], json, out, terminal)
        if json:
            return
        print(
            say("无人监督的节点：", "nodes that nobody watches: ")
            + (", ".join(answer["unwatched"]) or "–")
        )
        if answer["pointing_nowhere"]:
            output.print_table(
                say("不指向任何节点的数据", "data that point nowhere"),
                answer["pointing_nowhere"],
                name,
            )

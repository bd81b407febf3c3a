# ruff: noqa: A002  (parameters carry the names of the contract: type, id)
"""Finding cases and problems, one case with everything in it, and its linked issues (关联问题)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from graph.analysis.ratio import items
from graph.analysis.scope import COUNTED, choice, local_day, page, period_bounds
from graph.store.connection import Graph

AsOf = dt.date | dt.datetime | str | None
KINDS = {"PROCEDURAL": "程序", "SUBSTANTIVE": "实体", "DATA": "数据"}
STATUSES = ("HIT", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE", "CLOSED")


def cases(
    g: Graph,
    type: str | None = None,
    unit: str | None = None,
    node: str | None = None,
    period: str | None = None,
    status: str | None = None,
    source: str | None = None,
    as_of: AsOf = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Cases that match, in order of their id (``limit`` 0 = all).

    ``period`` bounds the day of acceptance, ``node`` asks for an event there, ``status`` is OPEN
    or CLOSED at ``as_of``. ``vanished`` is ``{batch, on}`` where the row is no longer in its
    source, else None. Raises InputError for a bad period or status.
    """
    since, until = period_bounds(period)
    moment = g.as_of(as_of)
    found = g.read(
        "cases",
        type=type,
        unit=unit,
        node=node,
        since=since,
        until=until,
        status=choice("status", status, ("OPEN", "CLOSED")),
        day=local_day(moment),
        source=source,
        as_of=moment,
        limit=limit,
    )
    return _listing(g, "cases", found.rows, moment)


def problems(
    g: Graph,
    type: str | None = None,
    unit: str | None = None,
    node: str | None = None,
    period: str | None = None,
    status: str | None = None,
    source: str | None = None,
    as_of: AsOf = None,
    limit: int = 50,
    *,
    kind: str | None = None,
) -> dict[str, Any]:
    """Problems that match, in order of their id (``limit`` 0 = all).

    ``status`` is one status or ``ALL``; default HIT and CONFIRMED. ``period`` bounds the day of
    finding. ``vanished`` is that of :func:`cases`. Raises InputError for a bad period, status or
    kind.
    """
    since, until = period_bounds(period)
    moment = g.as_of(as_of)
    choice("status", status, (*STATUSES, "ALL"))
    statuses: Sequence[str] | None = COUNTED if status is None else (status,)
    if status == "ALL":
        statuses = None
    found = g.read(
        "problems",
        type=type,
        kind=choice("kind", kind, tuple(KINDS)),
        unit=unit,
        node=node,
        since=since,
        until=until,
        statuses=list(statuses) if statuses else None,
        source=source,
        as_of=moment,
        limit=limit,
    )
    return _listing(g, "problems", found.rows, moment) | {"statuses": list(statuses or STATUSES)}


def _listing(g: Graph, key: str, rows: Sequence[Any], moment: dt.datetime) -> dict[str, Any]:
    total = int(rows[0].total) if rows else 0
    shown = [{k: v for k, v in row.as_dict().items() if k != "total"} for row in rows]
    say_vanished(g, shown)
    return page(key, shown, moment, total)


def say_vanished(g: Graph, rows: Sequence[dict[str, Any]]) -> None:
    """Turn ``vanished``, the batch that no longer had a row, into ``{batch, on}``.

    ``on`` is the local day on which that batch was loaded. The mark does not depend on ``as_of``:
    it says what the source held, not what happened.
    """
    marked = [row for row in rows if row["vanished"] is not None]
    if not marked:
        return
    at = {b.batch: json.loads(b.report)["at"] for b in g.read("batches") if b.report}
    for row in marked:
        batch = row["vanished"]
        moment = dt.datetime.fromisoformat(at[batch]) if batch in at else None
        row["vanished"] = {"batch": batch, "on": moment and local_day(moment)}


PARTS = (
    "parties",
    "events",
    "documents",
    "fields",
    "problems",
    "leads",
    "corrections",
    "reviews",
    "siblings",
)


def case(g: Graph, id: str, as_of: AsOf = None, source: str | None = None) -> dict[str, Any]:
    """Everything of one case: its card, and one list per part (``PARTS``).

    The case and every element but siblings say by ``vanished`` (``{batch, on}`` or None) whether
    their row is no longer in the source; it is marked and kept, and counts as before.
    Raises InputError ``read.not_found`` or ``read.ambiguous``.
    """
    moment = g.as_of(as_of)
    own, short = g.resolve("Case", id, source).split("/", 1)
    day = local_day(moment)
    row = g.read("case_card", case=short, source=own).one()
    assert row is not None, "resolve() found the case"
    answer: dict[str, Any] = {"as_of": moment} | row.as_dict()
    if answer["closed"] is not None and answer["closed"] > day:
        answer["closed"] = answer["outcome"] = None
    answer["vanished"] = answer["properties"].get("_vanished")
    hidden = {"key", "id", "source", "known", "closed", "outcome"}
    answer["properties"] = {
        k: v for k, v in answer["properties"].items() if k[0] != "_" and k not in hidden
    }
    for part in PARTS:
        params: dict[str, Any] = {"case": short, "source": own}
        declared = g.catalogue[f"case_{part}"].params
        if "as_of" in declared:
            params["as_of"] = moment
        if "day" in declared:
            params["day"] = day
        answer[part] = [r.as_dict() for r in g.read(f"case_{part}", **params)]
    answer["documents"] = [d for d in answer["documents"] if _by(d["signed"], day)]
    answer["corrections"] = [c for c in answer["corrections"] if _by(c["issued"], day)]
    answer["reviews"] = [r for r in answer["reviews"] if _by(r["opened"], day)]
    answer["leads"] = [x for x in answer["leads"] if x["steps"]]
    listed = [row for part in PARTS if part != "siblings" for row in answer[part]]
    say_vanished(g, [answer, *listed])
    return answer


def _by(day: dt.date | None, last: dt.date) -> bool:
    return day is None or day <= last


def linked_issues(
    g: Graph, id: str, as_of: AsOf = None, source: str | None = None
) -> dict[str, Any]:
    """All problems of a case with what links them: nodes, edges with reasons, timeline, table.

    Every problem of every kind and status is there; parties appear by pseudonym only. ``items``
    tells which items its matter cost and why (:func:`graph.analysis.ratio.items`). Raises
    InputError ``read.not_found`` or ``read.ambiguous``.
    """
    whole = case(g, id, as_of, source)
    key = f"{whole['source']}/{whole['case']}"
    return assembled(whole) | {"items": items(g, key, whole["as_of"])}


def assembled(whole: dict[str, Any]) -> dict[str, Any]:
    """The linked-issue view of what :func:`case` returns."""
    nodes: dict[str, dict[str, Any]] = {}
    edges: dict[tuple[str, str, str], dict[str, Any]] = {}

    def node(label: str, id: str, title: str, **more: Any) -> str:
        key = f"{label}/{id}"
        nodes.setdefault(key, {"id": key, "label": label, "name": id, "title": title, **more})
        return key

    def edge(start: str, end: str, type: str, zh: str, en: str) -> None:
        edges.setdefault(
            (start, end, type),
            {"from": start, "to": end, "type": type, "reason": {"zh": zh, "en": en}},
        )

    me = node("Case", whole["case"], f"{whole['type'] or ''} {whole['case']}".strip(), root=True)
    events = {e["event"]: e for e in whole["events"]}
    documents = {d["document"]: d for d in whole["documents"]}
    parties = {p["party"]: p for p in whole["parties"]}

    def event(id: str) -> str | None:
        e = events.get(id)
        if e is None:
            return None
        key = node("Event", id, f"{e['zh']} {e['occurred_on']}")
        at = node("ProcessNode", e["node"], e["zh"] or e["node"], en=e["en"])
        edge(key, at, "AT", "事件发生于该节点", "the event happened at this node")
        return key

    for p in whole["problems"]:
        key = node("Problem", p["problem"], p["zh"], en=p["en"], kind=p["kind"], status=p["status"])
        edge(
            key,
            me,
            "FOUND_IN",
            f"{KINDS.get(p['kind'], p['kind'])}问题，在本案中发现",
            f"{str(p['kind']).lower()} problem found in this case",
        )
        if p["node"]:
            at = node("ProcessNode", p["node"], p["node_zh"] or p["node"], en=p["node_en"])
            edge(key, at, "LOCATED_AT", "问题发生在该节点", "the problem lies at this node")
        if p["event"] and (about := event(p["event"])):
            edge(key, about, "ABOUT", "问题针对该事件", "the problem is about this event")
        if p["document"] in documents:
            d = documents[p["document"]]
            about = node("Document", p["document"], d["template"] or p["document"])
            edge(key, about, "ABOUT", "问题针对该文书", "the problem is about this document")
            if d["event"] and (proved := event(d["event"])):
                edge(proved, about, "EVIDENCED_BY", "文书证明该事件", "proved by this document")
        if p["party"] in parties:
            q = node("Party", p["party"], f"当事人 {p['party']}", en=f"party {p['party']}")
            edge(key, q, "CONCERNS", "问题涉及该当事人", "the problem concerns this party")
    for x in whole["leads"]:
        key = node("Lead", x["lead"], f"{x['route']} {x['lead']}", route=x["route"])
        if x["problem"]:
            origin = f"Problem/{x['problem']}"
            edge(origin, key, "GAVE_RISE_TO", "线索由该问题产生", "the lead grew from this problem")
        else:
            edge(key, me, "ABOUT", "线索涉及本案", "the lead is about this case")
    for r in whole["reviews"]:
        key = node("Review", r["review"], f"质量评查 {r['review']}", kind=r["kind"])
        edge(key, me, "OF", "对本案的质量评查", "quality review of this case")
        for p in r["problems"]:
            if f"Problem/{p}" in nodes:
                edge(f"Problem/{p}", key, "RAISED_BY", "评查发现该问题", "found by this review")
        if r["lead"] and f"Lead/{r['lead']}" in nodes:
            edge(f"Lead/{r['lead']}", key, "OPENED", "线索启动评查", "the lead opened the review")
    for k in whole["corrections"]:
        key = node("Correction", k["correction"], f"纠正 {k['correction']}", form=k["form"])
        for p in k["problems"]:
            if f"Problem/{p}" in nodes:
                edge(key, f"Problem/{p}", "CORRECTS", "纠正该问题", "corrects this problem")
        if k["lead"] and f"Lead/{k['lead']}" in nodes:
            edge(f"Lead/{k['lead']}", key, "OPENED", "线索启动纠正", "the lead opened it")
    for s in whole["siblings"]:
        key = node("Case", s["case"], f"{s['type'] or ''} {s['case']}", problems=s["problems"])
        if s["relation"] == "FOLLOWS":
            edge(me, key, "FOLLOWS", "本案承接该案", "this case follows it")
        elif s["relation"] == "FOLLOWED_BY":
            edge(key, me, "FOLLOWS", "该案承接本案", "it follows this case")
        else:
            m = node("Matter", s["matter"], f"同一案 {s['matter']}", en=f"matter {s['matter']}")
            edge(me, m, "PART_OF", "本案所属的案（同一事实）", "the same set of facts")
            edge(key, m, "PART_OF", "属同一案（同一事实）", "the same set of facts")
    linked = [
        {
            "problem": p["problem"],
            "kind": p["kind"],
            "type": p["type"],
            "zh": p["zh"],
            "en": p["en"],
            "status": p["status"],
            "found": p["found_on"],
            "found_by": p["found_by"],
            "node": p["node"],
            "event": p["event"],
            "document": p["document"],
            "party": p["party"],
            "vanished": p["vanished"],
            "leads": [x["lead"] for x in whole["leads"] if x["problem"] == p["problem"]],
            "corrections": [
                k["correction"] for k in whole["corrections"] if p["problem"] in k["problems"]
            ],
            "reviews": [r["review"] for r in whole["reviews"] if p["problem"] in r["problems"]],
        }
        for p in whole["problems"]
    ]
    return {
        "as_of": whole["as_of"],
        "case": whole["case"],
        "source": whole["source"],
        "vanished": whole["vanished"],
        "nodes": list(nodes.values()),
        "edges": list(edges.values()),
        "timeline": _timeline(whole),
        "problems": linked,
        "table": linked,
        "total": len(linked),
        "shown": len(linked),
        "truncated": False,
    }


def _timeline(whole: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[tuple[dt.date | None, str, str, str, str, Any]] = [
        (whole["accepted"], "case", whole["case"], "受理", "accepted", whole),
        (whole["closed"], "case", whole["case"], "审结", "closed", whole),
    ]
    for e in whole["events"]:
        rows.append((e["occurred_on"], "event", e["event"], e["zh"], e["en"] or e["zh"], e))
    for d in whole["documents"]:
        name = d["template"] or d["document"]
        zh, en = f"文书：{name}", f"document {name}"
        rows.append((d["signed"], "document", d["document"], zh, en, d))
    for p in whole["problems"]:
        zh, en = f"问题：{p['zh']}", f"{p['en']}"
        rows.append((p["found_on"], "problem", p["problem"], zh, en, p))
    for x in whole["leads"]:
        zh, en = f"线索 {x['route']}", f"lead on {x['route']}"
        rows.append((x["first_on"], "lead", x["lead"], zh, en, x))
    for r in whole["reviews"]:
        rows.append((r["opened"], "review", r["review"], "启动评查", "review opened", r))
    for k in whole["corrections"]:
        id_ = k["correction"]
        rows.append((k["issued"], "correction", id_, "发出纠正", "correction issued", k))
    return [
        {
            "at": at,
            "source": source,
            "id": name,
            "what": {"zh": zh, "en": en},
            "vanished": row["vanished"],
        }
        for at, source, name, zh, en, row in sorted(
            (r for r in rows if r[0] is not None), key=lambda r: (str(r[0]), r[1], r[2])
        )
    ]

"""The trace of a lead as one page that prints and opens without a network."""

from __future__ import annotations

import html
import json
from typing import Any

from graph.store.schema import EVIDENCE

STYLE = """
body{font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif;
max-width:78rem;margin:2rem auto;padding:0 1rem;color:#1d2733}
h1{font-size:1.4rem;margin:0}table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{border:1px solid #ccd4dd;padding:.35rem .5rem;text-align:left;vertical-align:top}
th{background:#eef2f6}.bad td{background:#fdecea}.small{color:#5a6775;font-size:.85rem}
.verdict{display:inline-block;padding:.1rem .6rem;border-radius:.3rem;background:#e6eef7}
.broken{background:#f6cfc9}.stalled{background:#f8e3b8}.complete{background:#cfe9d3}
@page{size:A4 landscape;margin:12mm}td{overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
"""
SUPERVISION = {"PROCEDURAL": "程序", "SUBSTANTIVE": "实体", "DATA": "数据"}
GIVERS = {
    "monitor": "流程监控员",
    "case_mgmt_head": "案管部门负责人",
    "handling_department": "办案部门",
    "review_organiser": "评查组织者",
    "reviewer": "评查员",
    "rule_owner": "规则负责人",
    "analyst": "数据分析员",
    "chief": "检察长",
    "system": "系统",
}
NAMES = {c.name: c.zh for c in EVIDENCE}
VERDICTS = {"complete": "完整", "broken": "断链", "stalled": "停滞", "open": "进行中"}


def _e(value: Any) -> str:
    return "" if value is None else html.escape(str(value))


def _value(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _limit(limit: dict[str, Any] | None) -> str:
    if not limit:
        return "–"
    unit = {"working_days": "个工作日", "days": "日", "months": "个月", "years": "年"}[
        limit["unit"]
    ]
    due = f"至 {limit['due']}" if limit["due"] else "尚未起算"
    provisional = "（暂定：该年无节假日表）" if limit["provisional"] else ""
    met = {True: "，按期 met", False: "，逾期 late", None: ""}[limit["met"]]
    whose = limit["whose"].replace("configuration", "本院配置 configuration")
    return f"{limit['n']}{unit}，{due}{met}{provisional} {whose}"


def _named(name: str) -> str:
    return f"{NAMES[name]} {name}" if name in NAMES else name


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 86_400:.1f} 日 d"


def _hop(hop: dict[str, Any]) -> str:
    faults = [
        *(_named(name) for name in hop["missing"]),
        *(["次序不符 out of order"] if hop["early"] else []),
    ]
    given = "；".join(f"{NAMES[k]}：{_value(v)}" for k, v in sorted(hop.get("given", {}).items()))
    origin = f"{hop.get('batch')} 第 {hop.get('row')} 行" if hop.get("batch") else ""
    cells = (
        hop["hop"],
        f"{hop['zh']} {hop['act']} {hop['en']}",
        (hop["at"] or "").replace("T", " "),
        f"{GIVERS.get(hop['giver'], hop['giver'])} {hop['by'] or ''}",
        SUPERVISION[hop["supervision"]],
        _time(hop["seconds"]),
        _limit(hop["limit"]),
        given,
        "；".join(faults),
        origin,
    )
    row = "".join(f"<td>{_e(c)}</td>" for c in cells)
    return f'<tr class="{"bad" if faults else ""}">{row}</tr>'


def trace_html(trace: dict[str, Any]) -> str:
    """A self-contained page of ``trace(…, evidence=True)``: hops, verdict, limits, sources."""
    verdict = trace["verdict"]
    place = trace["broken_at"] or trace["stalled_in"]
    head = "".join(
        f"<th>{name}</th>"
        for name in (
            "环节 hop",
            "行为 act",
            "时间 at",
            "经办 by",
            "监督 supervision",
            "历时 spent",
            "期限 limit",
            "证据 evidence",
            "缺失 missing",
            "来源 source",
        )
    )
    sources = "".join(
        f"<li>{_e(batch)}：<code>{_e(json.dumps(files, ensure_ascii=False))}</code></li>"
        for batch, files in trace.get("sources", {}).items()
    )
    following = trace["next_hop"]
    waiting = (
        f"<p>下一环节 next：{_e(following['zh'])} {_e(following['act'])}，"
        f"{_e(_limit(following['limit']))}</p>"
        if following
        else ""
    )
    hops = "".join(_hop(h) for h in trace["hops"])
    extras = "；".join(f"{x['act']} {x['at']}" for x in trace["extras"])
    if extras:
        waiting += f"<p>不计入路径 not on the path：{_e(extras)}</p>"
    if trace["claim_differs"]:
        waiting += f"<p>来源所称状态 claimed by the source：{_e(trace['claimed_state'])}</p>"
    origin = "；".join(
        " ".join(str(v) for v in o.values() if v is not None) for o in trace["origin"]
    )
    return f"""<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>{_e(trace["lead"])}</title>
<style>{STYLE}</style></head><body>
<h1>线索全程追踪 Trace of the lead {_e(trace["lead"])}</h1>
<p>路线 route {_e(trace["route"])} · 案件 case {_e(trace["case"])} ·
状态 state {_e(trace["state"])} ·
<span class="verdict {verdict}">{VERDICTS[verdict]} {verdict} {_e(place)}</span></p>
<p>源于 grew from：{_e(origin) or "–"}</p>{waiting}
<table><thead><tr>{head}</tr></thead><tbody>{hops}</tbody></table>
<p class="small">截至 as of {_e(trace["as_of"])} ·
规则库 rulebook {_e(trace["rulebook"])} · 期限标 [D]
者为本院配置，非法律规定。Limits marked [D] are configuration, not law.</p>
<ul class="small">{sources}</ul></body></html>
"""

"""Leads (线索) in the graph: the trace of one, the list of many, each with its derived verdict."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from graph.errors import InputError, register_messages
from graph.rulebook import calendar, references, routes, version
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.generate import stem
from graph.store.schema import BY_LABEL, EVIDENCE, RULEBOOK
from graph.store.temporal import as_json, local_moment
from graph.supervision.judge import HopDone, Judgment, Step, judge, lead_differs

register_messages(Path(__file__).with_name("leads_messages.yaml"))

VERDICTS = ("complete", "broken", "stalled", "open")
NAMES = frozenset(c.name for c in EVIDENCE)
AT_ONCE = 5_000


def trace(
    graph: Graph,
    lead: str,
    as_of: dt.date | dt.datetime | str | None = None,
    *,
    evidence: bool = False,
) -> dict[str, Any]:
    """The whole path of one lead with its verdict, as the route table defines it.

    ``evidence`` adds the batch, its files' hashes and the source row behind each hop. Raises
    InputError when there is no such lead, or several sources have one.
    """
    moment = graph.as_of(as_of)
    key = graph.resolve("Lead", lead)
    (row,) = graph.read("lead_steps", keys=[key], as_of=moment).rows
    (judged,) = _judged(graph, [row], moment)
    if judged is None:
        raise InputError("leads.unknown_route", lead=row.lead, route=row.route)
    answer = {
        "as_of": as_json(moment),
        **_summary(row, judged),
        "claimed_state": row.claimed,
        "origin": [o.as_dict() for o in graph.read("lead_origins", key=key)],
        "hops": [_hop(h) for h in judged.hops],
        "next_hop": _hop(judged.next_hop) if judged.next_hop else None,
        "extras": [{"act": s.act, "at": as_json(s.at)} for s in judged.extras],
        "rulebook": version(),
        "queries": ["lead_steps", "lead_origins"],
    }
    if evidence:
        files = {b.batch: json.loads(b.files or "{}") for b in graph.read("batches")}
        for hop, done in zip(answer["hops"], judged.hops, strict=True):
            step = done.step
            hop["batch"] = step.batch if step else None
            hop["row"] = step.row if step else None
        answer["sources"] = {
            b: files.get(b, {}) for b in sorted({h["batch"] for h in answer["hops"] if h["batch"]})
        }
    return answer


def leads(
    graph: Graph,
    *,
    route: str | None = None,
    verdict: str | None = None,
    unit: str | None = None,
    node: str | None = None,
    type: str | None = None,  # noqa: A002
    since: dt.date | None = None,
    until: dt.date | None = None,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """The leads that have begun by ``as_of``, each with state and verdict, ordered by id.

    ``node`` and ``type`` are those of the problem that a lead grew from (a node also one that a
    step names), ``since`` and ``until`` bound the date of its first step. ``limit`` cuts the list
    (0: all) after the filters; ``total`` counts before the cut. A lead on a route that the table
    does not have is listed with no verdict and ``missing: [route]``.
    """
    for field, value, choices in (
        ("verdict", verdict, VERDICTS),
        ("route", route, tuple(routes())),
    ):
        if value is not None and value not in choices:
            raise InputError(
                "leads.bad_choice", field=field, value=value, choices=", ".join(choices)
            )
    moment = graph.as_of(as_of)
    rows = [
        row
        for row in graph.stream(
            "lead_steps",
            route=route,
            unit=unit,
            node=node,
            type=type,
            since=since,
            until=until,
            source=source,
            as_of=moment,
        )
        if row.steps
    ]
    listed = [
        _summary(row, judged)
        for row, judged in zip(rows, _judged(graph, rows, moment), strict=True)
        if verdict is None or (judged is not None and judged.verdict == verdict)
    ]
    shown = listed if limit == 0 else listed[:limit]
    return {
        "as_of": as_json(moment),
        "total": len(listed),
        "shown": len(shown),
        "truncated": len(shown) < len(listed),
        "leads": shown,
    }


def judged_leads(
    graph: Graph,
    moment: dt.datetime,
    source: str | None = None,
    keys: list[str] | None = None,
    route: str | None = None,
) -> Iterator[tuple[Any, Judgment | None]]:
    """Every lead (of ``keys``, of a route) that has begun by then, with its judgment."""
    found = graph.stream("lead_steps", source=source, keys=keys, route=route, as_of=moment)
    rows = [r for r in found if r.steps]
    yield from zip(rows, _judged(graph, rows, moment), strict=True)


def _summary(row: Any, judged: Judgment | None) -> dict[str, Any]:
    named = {"lead": row.lead, "route": row.route, "unit": row.unit, "case": row.case}
    if judged is None:
        return named | {
            "state": None,
            "claimed": row.claimed,
            "claim_differs": None,
            "verdict": None,
            "stalled_in": None,
            "broken_at": None,
            "missing": ["route"],
        }
    return named | {
        "state": judged.state,
        "claimed": row.claimed,
        "claim_differs": lead_differs(routes()[row.route], row.claimed, judged.state),
        "verdict": judged.verdict,
        "stalled_in": judged.stalled_in,
        "broken_at": judged.broken_at,
        "missing": list(judged.missing),
    }


def _hop(hop: HopDone) -> dict[str, Any]:
    step, wanted = hop.step, hop.wanted
    limit = None
    if wanted.limit is not None:
        limit = {
            "n": wanted.limit.n,
            "unit": wanted.limit.unit,
            "due": as_json(hop.due),
            "provisional": hop.provisional,
            "met": hop.met,
            "whose": "configuration [D]" if wanted.mark in {None, "[D]"} else wanted.mark,
        }
    return {
        "hop": hop.hop,
        "act": wanted.act,
        "zh": wanted.zh,
        "en": wanted.en,
        "at": as_json(step.at) if step else None,
        "supervision": hop.supervision,
        "by": step.by if step else None,
        "giver": wanted.giver,
        "mode": (step.mode if step else None) or wanted.mode,
        "state": wanted.to,
        "seconds": hop.seconds,
        "limit": limit,
        "demanded": list(wanted.needs),
        "given": as_json(dict(step.evidence)) if step else {},
        "missing": list(hop.missing),
        "early": hop.early,
    }


def _judged(graph: Graph, rows: Iterable[Any], moment: dt.datetime) -> list[Judgment | None]:
    """The judgment of each lead; None where the route table does not have its route."""
    rows = list(rows)
    steps = {row.key: [_step(s) for s in row.steps] for row in rows}
    there = _existing(graph, [(r.source, s) for r in rows for s in steps[r.key]])
    today = moment.astimezone(settings().zone).date()
    judged: list[Judgment | None] = []
    for row in rows:
        if row.route not in routes():
            judged.append(None)
            continue
        closed = row.case_closed if row.case_closed and row.case_closed <= today else None
        judged.append(
            judge(
                routes()[row.route],
                [_checked(row.source, s, there) for s in steps[row.key]],
                closed=closed,
                today=today,
                calendar=calendar(),
            )
        )
    return judged


def _step(found: dict[str, Any]) -> Step:
    props = found["props"]
    return Step(
        id=props["id"],
        act=props["act"],
        at=local_moment(props.get("at"), props["at_on"], props.get("at_offset")),
        by=found["by"],
        mode=props.get("mode"),
        evidence={n: props[n] for n in NAMES if n in props},
        batch=props.get("_batch"),
        row=props.get("_row"),
    )


def _named(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


def _keys(source: str, id_: str) -> set[str]:
    """The keys that an id in evidence may mean: of its own source, of the rulebook, or whole."""
    return {f"{source}/{id_}", f"{RULEBOOK}/{id_}", id_}


def _existing(graph: Graph, steps: list[tuple[str, Step]]) -> dict[str, set[str]]:
    """For every label that evidence may name: which of the named elements exist (keys)."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for source, step in steps:
        for name, labels in references().items():
            for id_ in _named(step.evidence[name]) if name in step.evidence else ():
                for label in labels:
                    wanted[label] |= _keys(source, id_)
    there: dict[str, set[str]] = {}
    for label, keys in wanted.items():
        asked = sorted(keys)
        there[label] = {
            row.key
            for at in range(0, len(asked), AT_ONCE)
            for row in graph.read(f"known_{stem(BY_LABEL[label])}", keys=asked[at : at + AT_ONCE])
        }
    return there


def _checked(source: str, step: Step, there: dict[str, set[str]]) -> Step:
    """The step with the evidence that names nothing marked as dangling."""
    dangling = {
        name
        for name, labels in references().items()
        if name in step.evidence
        and not all(
            any(_keys(source, id_) & there[label] for label in labels)
            for id_ in _named(step.evidence[name])
        )
    }
    return Step(**{**vars(step), "dangling": frozenset(dangling)}) if dangling else step

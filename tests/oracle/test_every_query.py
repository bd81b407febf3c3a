"""Every read query of the catalogue by itself, against loops over the CSV files.

Outside ``cypher/schema`` each query has an answer of its own below, found by its name; those that
another file here already compares by name are left to it. The generated statements of the schema
share one answer. Each runs on the tidy world and on packages of random rows in two sources with
the same ids, one of them loaded again with other values.
"""

from __future__ import annotations

import ast
import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cypher
from graph.rulebook import book
from graph.settings import settings
from graph.store.catalogue import catalogue
from graph.store.connection import Graph
from graph.store.generate import stem
from graph.store.schema import BY_LABEL, NODE_TYPES, NodeType
from graph.store.temporal import as_json
from loaders.load import load
from tests.oracle.node_reader import Node, Nodes, in_order
from tests.oracle.odd_package import odd_package
from tests.oracle.test_check_queries import touched_by

Params = dict[str, Any]
Rows = list[tuple[Any, ...]]
EVERY_ROW = 1_000_000


@dataclass(frozen=True)
class Answer:
    """How a query's answer is found without it.

    ``order`` are the columns whose sequence the query promises, ``sets`` lists whose sequence it
    does not; ``asked`` gives the parameters to try, without ``as_of``.
    """

    rows: Callable[..., Rows]
    asked: Callable[[Nodes], Iterable[Params]]
    order: tuple[str, ...]
    sets: tuple[str, ...]


ANSWERS: dict[str, Answer] = {}


def nothing(_: Nodes) -> Iterable[Params]:
    """No parameters."""
    return [{}]


def answer(
    asked: Callable[[Nodes], Iterable[Params]] = nothing,
    *,
    order: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
) -> Callable[[Callable[..., Rows]], Callable[..., Rows]]:
    """Enter the function under its name."""

    def enter(rows: Callable[..., Rows]) -> Callable[..., Rows]:
        ANSWERS[rows.__name__] = Answer(rows, asked, order, sets)
        return rows

    return enter


# -- what is asked ------------------------------------------------------------------------------


def a_source(n: Nodes) -> str:
    return str(n.batches[0]["source"])


def small(n: Nodes) -> bool:
    """Whether these are the packages of random rows."""
    return len(n.folders) > 1


def sources(n: Nodes) -> Iterable[Params]:
    """All sources, one, and one that is not there."""
    return [{}, {"source": a_source(n)}, {"source": "nobody"}]


def busy(label: str, column: str = "case") -> Callable[[Nodes], list[str]]:
    """Ids of the cases that most nodes of ``label`` name, and of one that none does."""

    def found(n: Nodes) -> list[str]:
        counts = Counter(i for x in n.of(label) if (i := n.id_of(x, column)))
        quiet = [c["id"] for c in n.of("Case") if c["id"] not in counts][:1]
        return [i for i, _ in counts.most_common(4)] + quiet

    return found


def one_case(
    ids: Callable[[Nodes], list[str]], *more: Params
) -> Callable[[Nodes], Iterable[Params]]:
    """Each of some cases in all sources, in one, and a case that is not there."""

    def found(n: Nodes) -> Iterator[Params]:
        for also in more or ({},):
            for i in ids(n):
                yield {"case": i, **also}
                yield {"case": i, "source": a_source(n), **also}
        yield {"case": "no-such"}

    return found


def filters(*names: str, **fixed: Any) -> Callable[[Nodes], Iterable[Params]]:
    """No filter, each alone, all together, and a source that is not there; with values that occur.

    Neo4j plans anew for every set of absent parameters, so only the small graph tries each alone.
    """

    def found(n: Nodes) -> Iterator[Params]:
        problems, cases = n.of("Problem"), n.of("Case")
        kinds = Counter(n.id_of(p, "type") for p in problems)
        places = Counter(i for p in problems if (i := n.id_of(p, "node")))
        units = Counter(i for c in cases if (i := n.id_of(c, "unit")))
        values: Params = {
            "type": max(kinds, key=lambda k: (kinds[k], k)),
            "node": max(places, key=lambda k: (places[k], k)),
            "unit": max(units, key=lambda k: (units[k], k)),
            "source": a_source(n),
        }
        common = {name: values[name] for name in names} | fixed
        yield {}
        if small(n):
            for name, value in common.items():
                yield {name: value}
        yield {**common, "source": a_source(n)}
        yield {"source": "nobody"}

    return found


# -- what more than one answer needs -----------------------------------------------------------


def known(node: Node, at: Any) -> bool:
    return node["known"] is not None and node["known"] <= at


def there(node: Node, at: Any) -> bool:
    """A row that never says when it came to be known is always there."""
    return node["known"] is None or node["known"] <= at


def said(n: Nodes, problem: Node, at: Any) -> list[Node]:
    """The dispositions of a problem by then, the last word last."""
    found = [d for d in n.naming("Disposition", "problem", problem) if known(d, at)]
    return sorted(found, key=lambda d: (d["known"], d.key))


def status(n: Nodes, problem: Node, at: Any) -> str:
    words = said(n, problem, at)
    if words:
        return str(words[-1]["status"])
    gone = problem["closed_on"] is not None
    return "CLOSED" if gone and (problem["closed"] or at) <= at else "HIT"


def cases_with(n: Nodes, case: str, source: str | None) -> list[Node]:
    return [c for c in n.of("Case", source) if c["id"] == case]


def kind_of(n: Nodes, problem: Node) -> Node:
    found = n.one(problem, "type")
    assert found is not None
    return found


def case_of(n: Nodes, node: Node) -> Node:
    found = n.one(node, "case")
    assert found is not None
    return found


def steps_of(n: Nodes, lead: Node) -> list[Node]:
    return n.naming("Step", "lead", lead)


def begun(n: Nodes, column: str, origin: Node, at: Any) -> bool:
    """Whether a lead that grew from ``origin`` has a step by then."""
    leads = n.naming("Lead", column, origin)
    return any(known(s, at) for lead in leads for s in steps_of(n, lead))


def text(value: Any) -> str:
    return "" if value is None else str(value)


# -- a case ------------------------------------------------------------------------------------


@answer(one_case(busy("Event")))
def case_card(n: Nodes, case: str, source: str | None = None) -> Rows:
    return [
        (
            *(c[name] for name in ("key", "id", "source", "type", "accepted_on", "closed")),
            *(c["cause"], c["outcome"]),
            *(n.id_of(c, name) for name in ("unit", "department", "handler", "matter")),
            c.props,
        )
        for c in cases_with(n, case, source)
    ]


def corrected(n: Nodes) -> list[str]:
    ids = [case_of(n, p)["id"] for k in n.of("Correction") for p in n.named(k, "problems")]
    return list(dict.fromkeys(ids))[:6]


@answer(one_case(corrected), order=("correction",), sets=("problems",))
def case_corrections(n: Nodes, case: str, source: str | None = None) -> Rows:
    rows: Rows = []
    for c in cases_with(n, case, source):
        here = {p.key: p["id"] for p in n.naming("Problem", "case", c)}
        for k in n.of("Correction", c["source"]):
            problems = [here[key] for key in k.refs.get("problems", ()) if key in here]
            if problems:
                own = (k["form"], k["root_cause"], k["issued"], k["closed"], k["_vanished"])
                rows.append((k["id"], problems, n.id_of(k, "lead"), *own))
    return sorted(rows, key=lambda r: text(r[0]))


@answer(one_case(busy("Document")), order=("document",))
def case_documents(n: Nodes, case: str, source: str | None = None) -> Rows:
    rows = [
        (d["id"], d["template"], d["signed"], d["served"], n.id_of(d, "event"), d["_vanished"])
        for c in cases_with(n, case, source)
        for d in n.naming("Document", "case", c)
    ]
    return sorted(rows, key=lambda r: text(r[0]))


@answer(one_case(busy("Event")), order=("event", "occurred", "occurred_on"))
def case_events(n: Nodes, case: str, source: str | None = None, *, at: Any) -> Rows:
    found = [
        e for c in cases_with(n, case, source) for e in n.naming("Event", "case", c) if known(e, at)
    ]
    rows: Rows = []
    for e in sorted(found, key=lambda e: in_order(e, "occurred")):
        node = n.one(e, "node")
        assert node is not None
        own = (e["occurred"], e["occurred_on"], e["outcome"])
        who = (n.id_of(e, name) for name in ("person", "department", "party"))
        rows.append((e["id"], node["id"], node["zh"], node["en"], *own, *who, e["_vanished"]))
    return rows


@answer(one_case(busy("FieldValue")), order=("field_value",))
def case_fields(n: Nodes, case: str, source: str | None = None, *, at: Any) -> Rows:
    rows = [
        (f["id"], f["field"], f["value"], f["entered_on"], n.id_of(f, "party"), f["_vanished"])
        for c in cases_with(n, case, source)
        for f in n.naming("FieldValue", "case", c)
        if there(f, at)
    ]
    return sorted(rows, key=lambda r: text(r[0]))


def led(n: Nodes) -> list[str]:
    """Cases of leads, and of the problems that leads grew from."""
    about = busy("Lead")(n)
    grown = [case_of(n, p)["id"] for lead in n.of("Lead") for p in n.named(lead, "problem")]
    return list(dict.fromkeys([*about, *grown]))[:8]


@answer(one_case(led), order=("lead",))
def case_leads(n: Nodes, case: str, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for c in cases_with(n, case, source):
        for lead in n.of("Lead", c["source"]):
            origin = n.one(lead, "problem")
            if origin is not None and case_of(n, origin) is not c:
                origin = None
            if n.one(lead, "case") is not c and origin is None:
                continue
            days = [s["at_on"] for s in steps_of(n, lead) if known(s, at)]
            ends = (min(days), max(days)) if days else (None, None)
            own = (lead["id"], lead["route"], origin and origin["id"], len(days))
            rows.append((*own, *ends, lead["_vanished"]))
    return sorted(rows, key=lambda r: text(r[0]))


@answer(
    one_case(busy("Party"), {}, {"day": "2024-06-30"}),
    order=("party",),
    sets=("charges", "measures"),
)
def case_parties(n: Nodes, case: str, source: str | None = None, day: str | None = None) -> Rows:
    rows: Rows = []
    for c in cases_with(n, case, source):
        for p in n.naming("Party", "case", c):
            charges = {g["code"] for g in n.naming("Charge", "party", p)} - {None}
            measures = {
                m["kind"]
                for m in n.naming("Measure", "party", p)
                if day is None or m["from"].isoformat() <= day
            }
            own = (p["id"], p["identity"], p["status"], p["minor"])
            rows.append((*own, list(charges), list(measures), p["_vanished"]))
    return sorted(rows, key=lambda r: text(r[0]))


@answer(one_case(busy("Problem")), order=("problem",))
def case_problems(n: Nodes, case: str, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for c in cases_with(n, case, source):
        for p in n.naming("Problem", "case", c):
            if not known(p, at):
                continue
            kind, node = kind_of(n, p), n.one(p, "node")
            rows.append(
                (
                    p["id"],
                    *(kind[name] for name in ("kind", "id", "zh", "en", "severity")),
                    *(node[name] if node else None for name in ("id", "zh", "en")),
                    *(n.id_of(p, name) for name in ("event", "document", "party")),
                    *(p["found"], p["found_on"], p["found_by"] or kind["kind"]),
                    status(n, p, at),
                    *(p["description"], p["_vanished"]),
                )
            )
    return sorted(rows, key=lambda r: text(r[0]))


def claimed(label: str, column: str) -> Any:
    """Keys of cases whose problems or leads carry a claim, and of one that is not there."""

    def calls(n: Nodes) -> list[Params]:
        keys = [c.key for x in n.of(label) if x["state"] for c in n.named(x, column)]
        assert keys or not small(n)
        return [{"cases": [*dict.fromkeys(keys), "nobody/C1"]}, {"cases": []}]

    return calls


@answer(claimed("Problem", "case"), order=("key",), sets=("dispositions", "corrected", "replied"))
def problem_claims(n: Nodes, cases: list[str]) -> Rows:
    rows: Rows = []
    for p in n.of("Problem"):
        if p["state"] is None or case_of(n, p).key not in cases:
            continue
        corrections = n.naming("Correction", "problems", p)
        notices = [x for k in corrections for x in n.naming("Notice", "correction", k)]
        replies = [r for x in notices for r in n.naming("Reply", "notice", x)]
        rows.append(
            (
                *(case_of(n, p).key, p.key, p["id"], p["source"], p["state"], p["found_on"]),
                p["known"],
                [
                    [d["known"], d.key, d["status"], d["at_on"]]
                    for d in n.naming("Disposition", "problem", p)
                ],
                [k["closed"] for k in corrections if k["closed"] is not None],
                [r["at"] for r in replies if r["at"] is not None],
            )
        )
    return sorted(rows, key=lambda r: text(r[1]))


@answer(claimed("Lead", "case"), order=("lead",), sets=("ahead",))
def lead_claims(n: Nodes, cases: list[str], *, at: Any) -> Rows:
    rows: Rows = [
        (c.key, x.key, [s["known"] for s in steps_of(n, x) if not known(s, at)])
        for x in n.of("Lead")
        if x["state"] is not None
        for c in n.named(x, "case")
        if c.key in cases
    ]
    return sorted(rows, key=lambda r: text(r[1]))


@answer(sources, order=("key",))
def claimed_cases(n: Nodes, source: str | None = None) -> Rows:
    keys = {case_of(n, p).key for p in n.of("Problem", source) if p["state"] is not None}
    return [(key,) for key in sorted(keys)]


@answer(one_case(busy("Review")), order=("review",), sets=("problems",))
def case_reviews(n: Nodes, case: str, source: str | None = None) -> Rows:
    rows = [
        (
            *(v["id"], v["kind"], v["opened"], v["finished"], v["result_category"]),
            n.id_of(v, "lead"),
            [p["id"] for p in n.naming("Problem", "raised_by_review", v)],
            v["_vanished"],
        )
        for c in cases_with(n, case, source)
        for v in n.naming("Review", "case", c)
    ]
    return sorted(rows, key=lambda r: text(r[0]))


@answer(one_case(busy("Case", "follows")), order=("case", "relation"))
def case_siblings(n: Nodes, case: str, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for c in cases_with(n, case, source):
        matter = n.one(c, "matter")
        same = n.naming("Case", "matter", matter) if matter else []
        found = [(o, "SAME_MATTER", matter and matter["id"]) for o in same if o is not c]
        found += [(o, "FOLLOWS", None) for o in n.named(c, "follows")]
        found += [(o, "FOLLOWED_BY", None) for o in n.naming("Case", "follows", c)]
        for o, relation, shared in found:
            if there(o, at):
                problems = sum(known(p, at) for p in n.naming("Problem", "case", o))
                own = (o["id"], o["type"], shared, relation, o["accepted_on"])
                rows.append((*own, problems))
    return sorted(rows, key=lambda r: (r[0], r[3]))


# -- links -------------------------------------------------------------------------------------


@answer(sources, order=("batch",))
def link_batches(n: Nodes, source: str | None = None) -> Rows:
    return [(b["batch"],) for b in n.batches if source in {None, b["source"]}]


@answer(sources)
def link_cases(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    return [
        (c.key, c["type"], any(known(e, at) for e in n.naming("Event", "case", c)))
        for c in n.of("Case", source)
        if there(c, at)
    ]


def measures(n: Nodes) -> Iterable[Params]:
    one = {"source": a_source(n)}
    for kind in ("ARREST", "BAIL", "NONE"):
        yield {"kind": kind, "day": "2025-12-31"}
        yield {"kind": kind, "day": "2024-07-15", **one}


@answer(measures)
def link_measured(n: Nodes, kind: str, day: str, source: str | None = None) -> Rows:
    rows: Rows = []
    for m in n.of("Measure", source):
        if m["kind"] == kind and m["from"].isoformat() <= day:
            party = n.one(m, "party")
            assert party is not None
            rows.append((party.refs["case"][0], party.key, m["from"], m["to"]))
    return rows


@answer(sources)
def link_minors(n: Nodes, source: str | None = None) -> Rows:
    return [(p.refs["case"][0], p.key) for p in n.of("Party", source) if p["minor"]]


@answer(sources)
def link_matters(n: Nodes, source: str | None = None) -> Rows:
    return [(c.key, c.refs["matter"][0]) for c in n.of("Case", source) if "matter" in c.refs]


@answer(sources)
def link_mappings(n: Nodes, source: str | None = None) -> Rows:
    return [
        (
            m["id"],
            m["state"],
            n.all["Indicator", m.refs["indicator"][0]]["id"],
            m.refs["node"][0],
            n.all["MonitoringRule", m.refs["monitoring_rule"][0]]["id"]
            if "monitoring_rule" in m.refs
            else None,
        )
        for m in n.of("Mapping", source)
    ]


def places(n: Nodes) -> list[str]:
    """Keys of the nodes where most events are, and one where decisions on arrest are."""
    counts = Counter(e.refs["node"][0] for e in n.of("Event"))
    arrest = {e.refs["node"][0] for e in n.of("Event") if e["outcome"] == "NO_ARREST"}
    return [*dict.fromkeys([*(key for key, _ in counts.most_common(3)), min(arrest)])]


def decisions(n: Nodes) -> Iterator[Params]:
    for key in places(n):
        yield {"nodes": [key]}
        yield {"nodes": [key], "acts": ["-", "NO_ARREST"]}
    yield {"nodes": places(n), "source": a_source(n)}
    yield {"nodes": places(n), "acts": ["NO_ARREST"]}
    yield {"nodes": ["rulebook/none"]}


def happened(e: Node, nodes: list[str], acts: list[str] | None) -> bool:
    return e.refs["node"][0] in nodes and (not acts or (e["outcome"] or "-") in acts)


@answer(decisions)
def link_events(
    n: Nodes,
    nodes: list[str],
    acts: list[str] | None = None,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    return [
        (e.key, e.refs["case"][0], (e.refs.get("party") or [None])[0], e["occurred_on"])
        for e in n.of("Event", source)
        if known(e, at) and happened(e, nodes, acts)
    ]


def some_cases(n: Nodes) -> list[str]:
    """Every second case, and a key that is not there."""
    return [*(c.key for c in n.of("Case")[::2]), "no/such"]


def times(n: Nodes, cases: list[str], at: Any) -> dict[tuple[str, str], int]:
    """(node, case) -> how often one act was there at most, of one party or the whole case."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for e in n.of("Event"):
        if e.refs["case"][0] in cases and known(e, at):
            node = e.refs["node"][0]
            party = (e.refs.get("party") or [""])[0]
            act = "" if n.all["ProcessNode", node]["decision"] else e["outcome"] or ""
            counts[node, e.refs["case"][0], party, act] += 1
    most: dict[tuple[str, str], int] = {}
    for (node, case, _, _), count in counts.items():
        most[node, case] = max(count, most.get((node, case), 0))
    return most


@answer(lambda n: [{"cases": some_cases(n)}, {"cases": some_cases(n)[:3]}])
def link_passages(n: Nodes, cases: list[str], *, at: Any) -> Rows:
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for (node, case), count in times(n, cases, at).items():
        c = n.all["Case", case]
        groups[node, c["type"], c["source"]].append(count)
    rows: Rows = []
    for (key, kind, source), counts in groups.items():
        node = n.all["ProcessNode", key]
        own = (node[x] for x in ("key", "id", "zh", "en", "case_group", "seq", "conditional"))
        rows.append((*own, kind, source, len(counts), sum(c > 1 for c in counts)))
    return rows


# -- the columnar projection ---------------------------------------------------------------------


def key_of(node: Node, column: str) -> str | None:
    return (node.refs.get(column) or [None])[0]


def since(n: Nodes) -> Iterator[Params]:
    """All cases, and those touched after the first batch and after the last."""
    yield from sources(n)
    for batch in ("B00001", "B99999"):
        yield {"batch": batch}
        yield {"batch": batch, "source": a_source(n)}


@answer(since, sets=("parties",))
def columns_cases(n: Nodes, source: str | None = None, batch: str | None = None) -> Rows:
    last = touched_by(n)
    return [
        (
            c.key,
            c["type"],
            n.id_of(c, "unit"),
            n.id_of(c, "department"),
            key_of(c, "handler"),
            key_of(c, "matter"),
            c["accepted_on"],
            c["closed"],
            c["known"],
            [p.key for p in n.naming("Party", "case", c)],
        )
        for c in n.of("Case", source)
        if batch is None or max(c["_batch"], last.get(c.key, "")) > batch
    ]


LISTS = ("nodes", "acts", "parties", "departments", "persons", "at", "days", "known")


@answer(lambda n: [{"cases": some_cases(n)}, {"cases": []}], sets=LISTS)
def columns_events(n: Nodes, cases: list[str]) -> Rows:
    rows: Rows = []
    for case in cases:
        events = n.naming("Event", "case", n.all["Case", case]) if case != "no/such" else []
        told = [
            (
                key_of(e, "node"),
                e["outcome"] or "",
                key_of(e, "party") or "",
                n.id_of(e, "department") or "",
                key_of(e, "person") or "",
                e["occurred"] or e["occurred_on"],
                e["occurred_on"],
                e["known"],
            )
            for e in events
        ]
        if told:
            rows.append((case, *(list(column) for column in zip(*told, strict=True))))
    return rows


def rests_on(n: Nodes, p: Node) -> list[str]:
    """What a problem is about, led to, was found by or was corrected by."""
    reviews = n.named(p, "raised_by_review")
    corrections = [c for c in n.of("Correction") if p.key in c.refs.get("problems", ())]
    named = {
        "event": n.named(p, "event"),
        "document": n.named(p, "document"),
        "review": reviews,
        "lead": [
            *n.naming("Lead", "problem", p),
            *(x for r in reviews for x in n.named(r, "lead")),
        ],
        "correction": corrections,
    }
    return [f"{label} {x.key}" for label, found in named.items() for x in found]


def problem_scopes(n: Nodes) -> Iterator[Params]:
    yield from sources(n)
    yield {"cases": some_cases(n)}
    yield {"cases": some_cases(n), "source": a_source(n)}


@answer(problem_scopes, sets=("joined", "dispositions", "corrected"))
def columns_problems(n: Nodes, source: str | None = None, cases: list[str] | None = None) -> Rows:
    rows: Rows = []
    for p in n.of("Problem", source):
        kind, case = kind_of(n, p), case_of(n, p)
        if cases is not None and case.key not in cases:
            continue
        corrections = [c for c in n.of("Correction") if p.key in c.refs.get("problems", ())]
        timed = bool(p.refs.get("raised_by_limit") or p.refs.get("raised_by_deadline"))
        said_of = n.naming("Disposition", "problem", p)
        rows.append(
            (
                *(p.key, case.key, kind["id"], kind["kind"], key_of(p, "node")),
                *(p["found_by"] or kind["kind"], p["found_on"], p["known"]),
                *(p["closed_on"], p["closed"], timed, rests_on(n, p), p["values"]),
                [[d["status"], d["known"], d.key] for d in said_of],
                [c["closed"] for c in corrections if c["closed"] is not None],
            )
        )
    return rows


@answer(sources)
def columns_state(n: Nodes, source: str | None = None) -> Rows:
    problems = n.of("Problem", source)
    closed = sum(p["closed_on"] is not None for p in problems)
    keys = {p.key for p in problems}
    told = [c for c in n.of("Correction") for p in c.refs.get("problems", ()) if p in keys]
    reviews = [r for p in problems for r in n.named(p, "raised_by_review")]
    opened = sum(len(n.named(r, "lead")) for r in reviews)
    raised = sum(len(n.naming("Lead", "problem", p)) for p in problems)
    rest = (len(problems), closed, len(n.of("Disposition", source)))
    corrected = sum(c["closed"] is not None for c in told)
    follow_ups = (len(told), corrected, len(reviews), opened + raised)
    return [(len(n.of("Case", source)), *rest, *follow_ups)]


@answer(sources)
def columns_members(n: Nodes, source: str | None = None) -> Rows:
    persons = [p for p in n.of("Person", source) if p.refs.get("department")]
    return [(p.key, n.id_of(p, "department")) for p in persons]


@answer(sources, order=("key",))
def columns_nodes(n: Nodes, source: str | None = None) -> Rows:
    names = ("key", "id", "zh", "en", "case_group", "seq", "conditional", "decision")
    return sorted(
        tuple(x[name] for name in names)
        for x in n.of("ProcessNode")
        if source is None or x["source"] in {source, "rulebook"}
    )


def stratified_by(n: Nodes) -> Iterator[Params]:
    own = sorted({name for c in n.of("Case") for name in c.props if name.startswith("attr_")})
    for names in (own[:1], ["cause", "no_such"], []):
        yield {"properties": names}
        yield {"properties": names, "source": a_source(n)}


@answer(stratified_by)
def link_strata(n: Nodes, properties: list[str], source: str | None = None) -> Rows:
    return [(c.key, [c[name] for name in properties]) for c in n.of("Case", source)]


@answer(sources, sets=("charges",))
def pattern_charges(n: Nodes, source: str | None = None) -> Rows:
    return [
        (
            *(c.key, c["cause"]),
            [
                [x["code"] or x["name"], x["stage"]]
                for p in n.naming("Party", "case", c)
                for x in n.naming("Charge", "party", p)
            ],
        )
        for c in n.of("Case", source)
    ]


@answer(sources)
def pattern_events(n: Nodes, source: str | None = None) -> Rows:
    rows: Rows = []
    for p in n.of("Problem", source):
        event = n.one(p, "event")
        if event is not None and key_of(event, "node") != key_of(p, "node"):
            rows.append((p.key, key_of(event, "node")))
    return rows


# -- 案-件比 -------------------------------------------------------------------------------------

HALF_YEAR: Params = {"since": "2024-03-01", "until": "2024-08-31"}
POINTS = [
    {"activity": "RETURN", "node": "rulebook/PR11", "acts": [], "each": False},
    {"activity": "RETURN", "node": "rulebook/PR13", "acts": [], "each": False},
    {"activity": "EXTENSION", "node": "rulebook/PR15", "acts": [], "each": True},
    {"activity": "DAILY", "node": "rulebook/PR11", "acts": ["-", "ARREST"], "each": True},
    {"activity": "DECISION", "node": "rulebook/PR22", "acts": ["PROSECUTE", "ARREST"]}
    | {"each": False},
]


def arrested(n: Nodes, case: Node, day: str) -> bool:
    return any(
        m["kind"] == "ARREST" and m["from"].isoformat() <= day
        for p in n.naming("Party", "case", case)
        for m in n.naming("Measure", "party", p)
    )


def within(day: Any, since: str | None, until: str | None) -> bool:
    if since is None and until is None:
        return True
    return day is not None and (since or "") <= day.isoformat() <= (until or "9999")


def ratios(n: Nodes) -> Iterator[Params]:
    yield {"day": "2025-12-31"}
    yield {"day": "2024-07-01", **HALF_YEAR}
    yield {"day": "2025-12-31", "source": a_source(n), "since": "2024-06-01"}
    yield {"day": "2025-12-31", "source": "nobody"}


@answer(ratios)
def ratio_cases(
    n: Nodes,
    day: str,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    found = [
        c for c in n.of("Case", source) if there(c, at) and within(c["accepted_on"], since, until)
    ]
    reviews = [c for c in found if c["type"] == "PR"]
    counts = (sum(c["type"] == "AR" for c in found), len(reviews))
    return [(*counts, sum(arrested(n, c, day) for c in reviews))]


def first_events(n: Nodes, cases: list[Node], at: Any) -> dict[tuple[str, ...], Node]:
    """(activity, node, case, day or nothing) -> the event that was there first."""
    first: dict[tuple[str, ...], Node] = {}
    for c in cases:
        events = [e for e in n.naming("Event", "case", c) if known(e, at)]
        for e in sorted(events, key=lambda e: (e["occurred_on"], e["id"])):
            for point in POINTS:
                acts: Any = point["acts"]
                if happened(e, [str(point["node"])], acts):
                    one = e["occurred_on"].isoformat() if point["each"] else ""
                    place = (str(point["activity"]), str(point["node"]), c.key, one)
                    first.setdefault(place, e)
    return first


def activities(n: Nodes) -> Iterator[Params]:
    for more in ({}, HALF_YEAR, {"source": a_source(n), "until": "2024-09-30"}):
        yield {"points": POINTS, **more}
    yield {"points": []}


@answer(activities, order=("activity",))
def ratio_activities(
    n: Nodes,
    points: list[Params],
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    if not points:
        return []
    found = first_events(n, n.of("Case", source), at)
    counts = Counter(
        place[0] for place, e in found.items() if within(e["occurred_on"], since, until)
    )
    return sorted(counts.items())


def of_matters(n: Nodes) -> list[Node]:
    """Cases with the most others of their matter, one without a matter, one of another kind."""
    shared = Counter(c.refs["matter"][0] for c in n.of("Case") if "matter" in c.refs)
    some = [
        c for m, _ in shared.most_common(3) for c in n.of("Case") if c.refs.get("matter") == [m]
    ]
    alone = [c for c in n.of("Case") if "matter" not in c.refs][:1]
    return [*some, *alone, *n.of("Case")[:30]]


@answer(
    lambda n: [
        *(
            {"case": c.key, "day": day}
            for c in of_matters(n)
            for day in ("2024-06-30", "2025-12-31")
        ),
        {"case": "no/such", "day": "2025-12-31"},
    ],
    order=("accepted", "case"),
)
def ratio_matter_cases(n: Nodes, case: str, day: str, *, at: Any) -> Rows:
    if ("Case", case) not in n.all:
        return []
    one = n.all["Case", case]
    matter = n.one(one, "matter")
    found = n.naming("Case", "matter", matter) if matter else [one]
    rows: Rows = [
        (c.key, c["id"], c["type"], c["accepted_on"], arrested(n, c, day))
        for c in found
        if there(c, at)
    ]
    return sorted(rows, key=lambda r: (r[3] is None, text(r[3]), r[1]))


@answer(
    lambda n: [
        {"cases": [c.key for c in of_matters(n)] + ["no/such"], "points": POINTS},
        {"cases": [c.key for c in n.of("Case")], "points": POINTS},
    ],
    order=("day", "case", "event", "activity"),
)
def ratio_matter_items(n: Nodes, cases: list[str], points: list[Params], *, at: Any) -> Rows:
    found = first_events(
        n, [n.all["Case", key] for key in dict.fromkeys(cases) if key != "no/such"], at
    )
    rows: Rows = []
    for (activity, key, case, _), e in found.items():
        node = n.all["ProcessNode", key]
        rows.append((n.all["Case", case]["id"], e["id"], node["id"], activity, e["occurred_on"]))
    return sorted(rows, key=lambda r: (r[4], r[0], r[1], r[3]))


# -- patterns ----------------------------------------------------------------------------------


def counted(
    n: Nodes,
    at: Any,
    type_: str | None,
    node: str | None,
    unit: str | None,
    statuses: list[str],
    source: str | None,
) -> list[Node]:
    return [
        p
        for p in n.of("Problem", source)
        if known(p, at)
        and type_ in {None, n.id_of(p, "type")}
        and (node is None or n.id_of(p, "node") == node)
        and (unit is None or n.id_of(case_of(n, p), "unit") == unit)
        and status(n, p, at) in statuses
    ]


DEFAULT = ["HIT", "CONFIRMED"]
PATTERNS = filters("type", "node", "unit", statuses=["NOT_A_PROBLEM", "CONFIRMED"])


def grouped(n: Nodes, problems: list[Node], *, by_department: bool) -> Rows:
    groups: dict[tuple[str, str, str], list[Node]] = defaultdict(list)
    for p in problems:
        department = n.id_of(case_of(n, p), "department") if by_department else None
        groups[text(n.id_of(p, "type")), text(n.id_of(p, "node")), text(department)].append(p)
    rows: Rows = []
    for (type_, node, department), found in sorted(groups.items()):
        kind = n.all["ProblemType", f"rulebook/{type_}"]
        cases = [case_of(n, p) for p in found]
        first = (
            (type_, node or None, department or None)
            if by_department
            else (
                *(type_, kind["zh"], kind["en"]),
                node or None,
            )
        )
        rows.append(
            (
                *first,
                len({c.key for c in cases}),
                len({key for c in cases for key in c.refs.get("handler", ())}),
                len({(p["found_on"].year, p["found_on"].month) for p in found}),
                list({p["found_by"] or kind["kind"] for p in found}),
                len(found),
            )
        )
    return rows


@answer(PATTERNS, order=("type", "node", "department"), sets=("kinds",))
def patterns_by_department(
    n: Nodes,
    type: str | None = None,  # noqa: A002 the query's parameter
    node: str | None = None,
    unit: str | None = None,
    statuses: list[str] = DEFAULT,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    found = counted(n, at, type, node, unit, statuses, source)
    return grouped(n, found, by_department=True)


@answer(PATTERNS, order=("type", "node"), sets=("kinds",))
def patterns_by_node(
    n: Nodes,
    type: str | None = None,  # noqa: A002
    node: str | None = None,
    unit: str | None = None,
    statuses: list[str] = DEFAULT,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    found = counted(n, at, type, node, unit, statuses, source)
    return grouped(n, found, by_department=False)


@answer(PATTERNS)
def patterns_problems(
    n: Nodes,
    type: str | None = None,  # noqa: A002
    node: str | None = None,
    unit: str | None = None,
    statuses: list[str] = DEFAULT,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    rows: Rows = []
    for p in counted(n, at, type, node, unit, statuses, source):
        kind, case = kind_of(n, p), case_of(n, p)
        where = (n.id_of(p, "node"), case["id"], n.id_of(case, "matter"))
        rows.append((p["id"], kind["kind"], kind["id"], *where, p["known"], p["found_on"]))
    return rows


# -- indicators, alerts and networks -----------------------------------------------------------


@answer(
    lambda n: [
        {"nodes": places(n)},
        {"nodes": places(n)[:1], "source": a_source(n)},
        {"nodes": ["rulebook/none"]},
    ]
)
def indicator_events(n: Nodes, nodes: list[str], source: str | None = None, *, at: Any) -> Rows:
    return [
        (
            e.refs["case"][0],
            e.refs["node"][0].split("/", 1)[1],
            e["outcome"] or "-",
            (e.refs.get("party") or [None])[0],
            e["occurred_on"],
            e.key,
        )
        for e in n.of("Event", source)
        if known(e, at) and e.refs["node"][0] in nodes
    ]


@answer(sources)
def alert_problems(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for p in n.of("Problem", source):
        if not known(p, at):
            continue
        kind, case = kind_of(n, p), case_of(n, p)
        handler = (case.refs.get("handler") or [None])[0]
        where = (n.id_of(case, "unit"), n.id_of(case, "department"), handler)
        own = (p["id"], kind["id"], kind["kind"], p["found_by"] or kind["kind"])
        last = (p["found_on"], status(n, p, at))
        rows.append((*own, n.id_of(p, "node"), case.key, *where, *last))
    return rows


def department_of(n: Nodes, node: Node, column: str) -> str | None:
    """The department of the person that a column names."""
    person = n.one(node, column)
    return n.id_of(person, "department") if person is not None else None


@answer(sources)
def network_moves(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for e in n.of("Event", source):
        department = n.id_of(e, "department") or department_of(n, e, "person")
        if known(e, at) and department is not None:
            place = e.refs["node"][0].split("/", 1)[1]
            case = e.refs["case"][0]
            rows.append((case, department, place, e["occurred_on"], e["occurred"], e.key))
    return rows


@answer(sources)
def network_steps(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for lead in n.of("Lead", source):
        for s in steps_of(n, lead):
            if known(s, at):
                when = (s["at_on"], s["at"], s.key)
                rows.append((lead.key, lead["route"], s["act"], department_of(n, s, "by"), *when))
    return rows


# -- lists -------------------------------------------------------------------------------------


@answer(order=("source",))
def case_sources(n: Nodes) -> Rows:
    return sorted(Counter(c["source"] for c in n.of("Case")).items())


def page(found: Rows, limit: int) -> Rows:
    return [(len(found), *row) for row in (found[:limit] if limit else found)]


def case_lists(n: Nodes) -> Iterator[Params]:
    yield from filters("unit", "node", type="PR", since="2024-03-01", until="2025-06-30")(n)
    yield {"limit": 0}
    for of in ("OPEN", "CLOSED"):
        yield {"status": of, "day": "2024-09-30", "limit": 3}
    if small(n):
        yield {"status": "OPEN", "limit": 0}
        yield {"status": "CLOSED", "limit": 0}
        yield {"day": "2024-09-30", "limit": 0}


@answer(case_lists, order=("case",))
def cases(
    n: Nodes,
    type: str | None = None,  # noqa: A002
    unit: str | None = None,
    node: str | None = None,
    since: str | None = None,
    until: str | None = None,
    status: str | None = None,
    day: str | None = None,
    source: str | None = None,
    limit: int = 50,
    *,
    at: Any,
) -> Rows:
    found: Rows = []
    for c in sorted(n.of("Case", source), key=lambda c: (c["id"], c["source"])):
        accepted, closed = text(c["accepted_on"]), c["closed"]
        if closed is not None and day is not None and closed.isoformat() > day:
            closed = None
        state = "OPEN" if closed is None else "CLOSED"
        if (
            there(c, at)
            and type in {None, c["type"]}
            and unit in {None, n.id_of(c, "unit")}
            and (node is None or node in visited(n, c, at))
            and (since is None or (accepted and accepted >= since))
            and (until is None or (accepted and accepted <= until))
            and status in {None, state}
        ):
            where = (n.id_of(c, name) for name in ("unit", "department", "matter"))
            outcome = c["outcome"] if closed else None
            end = (c["accepted_on"], closed, state, c["cause"], outcome, c["_vanished"])
            found.append((c["id"], c["source"], c["type"], *where, *end))
    return page(found, limit)


def visited(n: Nodes, case: Node, at: Any) -> set[str | None]:
    return {n.id_of(e, "node") for e in n.naming("Event", "case", case) if known(e, at)}


def problem_lists(n: Nodes) -> Iterator[Params]:
    fixed: Params = {"kind": "PROCEDURAL", "since": "2024-03-01", "until": "2025-06-30"}
    yield from filters("type", "unit", "node", statuses=["CONFIRMED"], **fixed)(n)
    yield {"limit": 0}
    yield {"limit": 2, "statuses": ["NOT_A_PROBLEM", "HIT"]}


@answer(problem_lists, order=("problem",))
def problems(
    n: Nodes,
    type: str | None = None,  # noqa: A002
    kind: str | None = None,
    unit: str | None = None,
    node: str | None = None,
    since: str | None = None,
    until: str | None = None,
    statuses: list[str] | None = None,
    source: str | None = None,
    limit: int = 50,
    *,
    at: Any,
) -> Rows:
    every = ["HIT", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE", "CLOSED"]
    chosen = counted(n, at, type, node, unit, every if statuses is None else statuses, source)
    found: Rows = []
    for p in sorted(chosen, key=lambda p: (p["id"], p["source"])):
        of, case, day = kind_of(n, p), case_of(n, p), p["found_on"].isoformat()
        if kind in {None, of["kind"]} and (since or day) <= day <= (until or day):
            where = (n.id_of(case, "unit"), n.id_of(case, "department"))
            end = (p["found_on"], p["found_by"] or of["kind"], status(n, p, at))
            more = (p["description"], p["_vanished"])
            first = (p["id"], p["source"], of["kind"], of["id"], n.id_of(p, "node"))
            found.append((*first, case["id"], *where, *end, *more))
    return page(found, limit)


# -- leads -------------------------------------------------------------------------------------

ORIGINS = ("problem", "review", "alert", "pattern", "request")


@answer(
    lambda n: [*({"key": lead.key} for lead in n.of("Lead")[:25]), {"key": "no/such"}],
    order=("label", "id"),
)
def lead_origins(n: Nodes, key: str) -> Rows:
    rows: Rows = []
    lead = n.all.get(("Lead", key))
    for origin in [o for c in ORIGINS if lead for o in n.named(lead, c)]:
        columns = {r.column for r in BY_LABEL[origin.label].references}
        kind = n.one(origin, "type") if "type" in columns else None
        node = n.one(origin, "node") if "node" in columns else None
        event = n.id_of(origin, "event") if origin.label == "Problem" else None
        named = [x[name] if x else None for x in (kind, node) for name in ("id", "zh")]
        rows.append((origin.label, origin["id"], *named, event))
    return sorted(rows, key=lambda r: r[:2])


def lead_lists(n: Nodes) -> Iterator[Params]:
    keys = [lead.key for lead in n.of("Lead")[::3]]
    fixed: Params = {"route": "R1", "since": "2024-03-01", "until": "2025-06-30", "keys": keys}
    yield from filters("type", "unit", "node", **fixed)(n)
    if small(n):
        yield {"keys": []}
        yield {"since": "2024-03-01", "until": "2024-12-01", "route": "R2"}


@answer(lead_lists, order=("lead", "source"))
def lead_steps(
    n: Nodes,
    keys: list[str] | None = None,
    route: str | None = None,
    unit: str | None = None,
    node: str | None = None,
    type: str | None = None,  # noqa: A002
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    rows: Rows = []
    for lead in sorted(n.of("Lead", source), key=lambda x: (x["id"], x["source"])):
        grown = n.named(lead, "problem")
        steps = sorted(
            (s for s in steps_of(n, lead) if known(s, at)), key=lambda s: (s["at_on"], s.key)
        )
        first = steps[0]["at_on"].isoformat() if steps else ""
        if (
            (keys is None or lead.key in keys)
            and route in {None, lead["route"]}
            and unit in {None, n.id_of(lead, "unit")}
            and (type is None or type in {n.id_of(p, "type") for p in grown})
            and (
                node is None
                or node in {n.id_of(p, "node") for p in grown} | {s["node"] for s in steps}
            )
            and (since is None or (first and first >= since))
            and (until is None or (first and first <= until))
        ):
            case = n.one(lead, "case")
            told = [{"by": n.id_of(s, "by"), "props": s.props} for s in steps]
            about = (case["id"], case.key, case["closed"]) if case else (None, None, None)
            own = (lead.key, lead["id"], lead["source"], lead["route"], lead["state"])
            rows.append((*own, n.id_of(lead, "unit"), *about, told))
    return rows


def in_line(rows: Rows) -> Rows:
    return sorted(rows, key=lambda r: (r[0], r[1]))


@answer(sources, order=("alert", "source"))
def never_made_alerts(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for a in n.of("Alert", source):
        raised = n.naming("Problem", "raised_by_alert", a)
        settled = any(said(n, p, at) for p in raised)
        if known(a, at) and not settled and not begun(n, "alert", a, at):
            value = n.one(a, "indicator_value")
            indicator = n.id_of(value, "indicator") if value else None
            rows.append((a["id"], a["source"], a["style"], indicator, a["raised_on"]))
    return in_line(rows)


@answer(sources, order=("problem", "source"))
def never_made_doubts(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    return in_line(
        [
            (
                *(p["id"], p["source"], n.id_of(p, "type"), n.id_of(p, "node")),
                *(case_of(n, p)["id"], p["found_on"]),
            )
            for p in n.of("Problem", source)
            if known(p, at)
            and p["found_by"] == "PROCEDURAL"
            and kind_of(n, p)["kind"] == "SUBSTANTIVE"
            and status(n, p, at) == "CONFIRMED"
            and not begun(n, "problem", p, at)
        ]
    )


@answer(sources, order=("review", "source"))
def never_made_feedback(n: Nodes, source: str | None = None, *, day: Any) -> Rows:
    def told(lead: Node) -> bool:
        return any(s["feedback"] and s["at_on"] <= day for s in steps_of(n, lead))

    return in_line(
        [
            (v["id"], v["source"], case_of(n, v)["id"], n.id_of(v, "lead"), v["finished"])
            for v in n.of("Review", source)
            if v["finished"]
            and v["finished"] <= day
            and not any(told(x) for x in [*n.named(v, "lead"), *n.naming("Lead", "review", v)])
        ]
    )


@answer(sources, order=("problem", "source"))
def never_made_hits(n: Nodes, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for p in n.of("Problem", source):
        rules = [*n.named(p, "raised_by_rule"), *n.named(p, "raised_by_monitoring")]
        if rules and known(p, at) and not said(n, p, at):
            where = (min(r["id"] for r in rules), case_of(n, p)["id"], p["found_on"])
            rows.append((p["id"], p["source"], n.id_of(p, "type"), *where))
    return in_line(rows)


@answer(sources, order=("lead", "source"))
def never_made_promotions(n: Nodes, source: str | None = None, *, day: Any) -> Rows:
    rows: Rows = []
    for lead in n.of("Lead", source):
        case = n.one(lead, "case")
        if lead["route"] != "R1" or case is None or not case["closed"] or case["closed"] > day:
            continue
        steps = [s for s in steps_of(n, lead) if s["at_on"] <= day]
        parked = [
            s["at_on"]
            for s in steps
            if s["act"] == "ACCEPT_REPLY"
            or (s["act"] == "DECIDE_DISPUTE" and s["result"] not in {None, "CLOSED"})
        ]
        if parked and not any(s["act"] in {"PROMOTE", "WITHDRAW"} for s in steps):
            rows.append((lead["id"], lead["source"], case["id"], min(parked), case["closed"]))
    return in_line(rows)


# -- the users' questions ------------------------------------------------------------------------


@answer(one_case(busy("Event")), order=("node",))
def case_nodes(n: Nodes, case: str, source: str | None = None, *, at: Any) -> Rows:
    rows: Rows = []
    for c in sorted(cases_with(n, case, source), key=lambda c: text(c["source"])):
        events = [(e, n.one(e, "node")) for e in n.naming("Event", "case", c) if known(e, at)]
        own = [
            x
            for x in n.of("ProcessNode")
            if x["case_group"] == c["type"] and x["source"] in {c["source"], "rulebook"}
        ]
        reached = max((x["seq"] for _, x in events if x and x in own), default=0)
        for x in sorted(own, key=lambda x: (x["seq"], x["id"])):
            here = [e for e, place in events if place is x]
            days = sorted(e["occurred_on"] for e in here) or [None]
            papers = sum(len(n.naming("Document", "event", e)) for e in here)
            problems = sum(
                known(p, at) and n.one(p, "node") is x for p in n.naming("Problem", "case", c)
            )
            missed = not here and not x["conditional"] and x["seq"] < reached
            names = (x["id"], x["zh"], x["en"], x["conditional"])
            rows.append((*names, len(here), days[0], days[-1], papers, problems, missed))
    return rows


@answer(one_case(led), order=("at", "what", "id"))
def case_supervision(n: Nodes, case: str, source: str | None = None, *, day: Any) -> Rows:
    found: set[tuple[Any, ...]] = set()
    for c in cases_with(n, case, source):
        problems = n.naming("Problem", "case", c)
        leads = [*n.naming("Lead", "case", c)]
        for p in problems:
            kind = kind_of(n, p)
            by = p["found_by"] or kind["kind"]
            found.add((p["found_on"], "FOUND", p["id"], kind["id"], by))
            for d in n.naming("Disposition", "problem", p):
                found.add((d["at_on"], "DISPOSED", p["id"], d["status"], None))
            leads += n.naming("Lead", "problem", p)
            for k in n.naming("Correction", "problems", p):
                found.add((k["issued"], "CORRECTION", k["id"], k["form"], None))
                found.add((k["closed"], "CORRECTED", k["id"], k["root_cause"], None))
                for x in n.naming("Notice", "correction", k):
                    found.add((x["issued"], "NOTICE", x["id"], x["form"], "PROCEDURAL"))
                    for r in n.naming("Reply", "notice", x):
                        found.add((r["at"], "REPLY", r["id"], r["result"], None))
        for lead in leads:
            for s in steps_of(n, lead):
                found.add((s["at_on"], "STEP", lead["id"], s["act"], lead["route"]))
        for v in n.naming("Review", "case", c):
            found.add((v["opened"], "REVIEW", v["id"], v["kind"], "SUBSTANTIVE"))
            found.add((v["finished"], "REVIEWED", v["id"], v["result_category"], "SUBSTANTIVE"))
        for f in n.naming("FieldValue", "case", c):
            found.add((f["entered_on"], "CARD", f["id"], f["field"], "DATA"))
    told = [row for row in found if row[0] is not None and row[0] <= day]
    return sorted(told, key=lambda r: (*r[:3], text(r[3]), text(r[4])))


def in_matters(n: Nodes) -> list[str]:
    """Cases that stand in one matter with an earlier one."""
    return [c["id"] for c in of_matters(n)][:24]


@answer(one_case(in_matters), order=("earlier", "party", "earlier_party"), sets=("was", "now"))
def matter_differences(n: Nodes, case: str, source: str | None = None) -> Rows:
    def said_of(party: Node) -> dict[str, set[Any]]:
        own = case_of(n, party)
        return {
            "CHARGE": {g["code"] for g in n.naming("Charge", "party", party)} - {None},
            "MEASURE": {m["kind"] for m in n.naming("Measure", "party", party)} - {None},
            "CAUSE": {own["cause"]} - {None},
        }

    rows: Rows = []
    for c in cases_with(n, case, source):
        matter = n.one(c, "matter")
        for o in n.naming("Case", "matter", matter) if matter else []:
            days = (o["accepted_on"], c["accepted_on"])
            if o is c or None in days or days[0] > days[1]:
                continue
            for p in n.naming("Party", "case", c):
                for q in n.naming("Party", "case", o):
                    if p["identity"] is None or p["identity"] != q["identity"]:
                        continue
                    was, now = said_of(q), said_of(p)
                    rows += [
                        (o["id"], o["type"], p["id"], q["id"], about, [*was[about]], [*now[about]])
                        for about in was
                        if was[about] != now[about]
                    ]
    return sorted(rows, key=lambda r: (r[0], r[2], r[3], r[4]))


def walked(n: Nodes) -> Iterator[Params]:
    for nodes in (["PR11", "PR22"], ["PR22"], ["PR22", "PR11"], []):
        yield {"nodes": nodes, "type": "PR"}
        yield {"nodes": nodes, "type": "PR", "followed": True, "source": a_source(n)}
    unit = next(i for c in n.of("Case") if c["type"] == "PR" and (i := n.id_of(c, "unit")))
    span = {"since": "2024-03-01", "until": "2024-11-30"}
    yield {"nodes": ["PR11"], "type": "PR", "followed": False, "unit": unit, **span}
    yield {"nodes": ["PR11"], "type": "PR", "source": "nobody"}


@answer(walked, order=("case", "source"))
def path_cases(
    n: Nodes,
    nodes: list[str],
    type: str,  # noqa: A002
    followed: bool | None = None,
    unit: str | None = None,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    *,
    day: Any,
) -> Rows:
    rows: Rows = []
    for c in n.of("Case", source):
        if c["type"] != type or not c["closed"] or c["closed"] > day:
            continue
        if not within(c["closed"], since, until) or unit not in {None, n.id_of(c, "unit")}:
            continue
        events = [e for e in n.naming("Event", "case", c) if e["occurred_on"] <= day]
        path = iter(
            [n.id_of(e, "node") for e in sorted(events, key=lambda e: in_order(e, "occurred"))]
        )
        went = all(any(place == wanted for place in path) for wanted in nodes)
        if followed in {None, went}:
            own = (c["id"], c["source"], n.id_of(c, "unit"), c["closed"], c["outcome"])
            rows.append((*own, went))
    return sorted(rows, key=lambda r: r[:2])


def reviewed(n: Nodes) -> Iterator[Params]:
    yield from sources(n)
    some = [case_of(n, p)["id"] for p in n.of("Problem") if p.refs.get("raised_by_review")]
    yield {"case": some[0]}
    yield {"type": "PR", "kind": "PROCEDURAL"}
    yield {"kind": "SUBSTANTIVE", "since": "2024-03-01", "until": "2024-10-31"}


def rules_about(n: Nodes, problem: Node) -> list[Node]:
    """Limits, gates and data rules that find the problem's type and watch its node, or no node."""
    kind, node = kind_of(n, problem), n.one(problem, "node")
    found = [r for label in ("TimeLimit", "DataRule") for r in n.naming(label, "type", kind)]
    return [
        r for r in found if node is None or not r.refs.get("nodes") or node in n.named(r, "nodes")
    ]


@answer(reviewed, order=("problem",), sets=("articles", "rules", "fired", "unconfirmed"))
def review_problems(
    n: Nodes,
    case: str | None = None,
    type: str | None = None,  # noqa: A002
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    *,
    at: Any,
) -> Rows:
    rows: Rows = []
    for p in n.of("Problem", source):
        review, own, of = n.one(p, "raised_by_review"), case_of(n, p), kind_of(n, p)
        if (
            review is None
            or not known(p, at)
            or case not in {None, own["id"]}
            or type not in {None, own["type"]}
            or kind not in {None, of["kind"]}
            or not within(p["found_on"], since, until)
        ):
            continue
        rules = rules_about(n, p)
        others = [q for q in n.naming("Problem", "case", own) if known(q, at)]
        hit = {
            k
            for q in others
            for column in ("raised_by_limit", "raised_by_rule")
            for k in q.refs.get(column, ())
        }
        lists = (
            {a["id"] for r in rules for a in n.named(r, "articles")},
            {r["id"] for r in rules},
            {r["id"] for r in rules if r.key in hit},
            {r["id"] for r in rules if r["status"] == "unconfirmed"},
        )
        names = (p["id"], review["id"], own["id"], of["id"], of["zh"], of["en"], of["kind"])
        rows.append((*names, n.id_of(p, "node"), p["found_on"], p["basis"], *map(list, lists)))
    return sorted(rows, key=lambda r: text(r[0]))


def in_span(n: Nodes) -> Iterator[Params]:
    yield from sources(n)
    yield {"since": "2024-04-01", "until": "2024-09-30"}


@answer(in_span, order=("raised", "alert"), sets=("leads", "acts", "effects", "reviews"))
def alert_reviews(
    n: Nodes,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    *,
    day: Any,
) -> Rows:
    rows: Rows = []
    for a in n.of("Alert", source):
        if a["raised_on"] > day or not within(a["raised_on"], since, until):
            continue
        value = n.one(a, "indicator_value")
        named = [value and n.id_of(value, c) for c in ("indicator", "unit")]
        told = [value and value[c] for c in ("period", "numerator", "denominator")]
        grown = n.naming("Lead", "alert", a)
        steps = [(x["id"], s) for x in grown for s in steps_of(n, x) if s["at_on"] <= day]
        reviews = [
            v["id"]
            for x in grown
            for v in n.naming("Review", "lead", x)
            if v["opened"] and v["opened"] <= day
        ]
        lists = (
            {i for i, _ in steps},
            {s["act"] for _, s in steps},
            {s["effect_check"] for _, s in steps} - {None},
        )
        own = (a["id"], a["style"], a["raised_on"], *named, *told)
        rows.append((*own, *map(list, lists), reviews))
    return sorted(rows, key=lambda r: (r[2], r[0]))


ENDS = ("REJECT", "DECLINE", "NO_REVIEW", "WATCH", "REJECT_CAMPAIGN", "WITHDRAW")


def ended(n: Nodes) -> Iterator[Params]:
    yield from sources(n)
    unit = next(i for x in n.of("Lead") if (i := n.id_of(x, "unit")))
    yield {"acts": ["WITHDRAW", "CLOSE", "ACCEPT_REPLY", "REPLY"]}
    yield {"route": "R1", "unit": unit, "source": a_source(n)}


@answer(ended, order=("lead", "at"))
def leads_ended(
    n: Nodes,
    acts: Iterable[str] = ENDS,
    route: str | None = None,
    unit: str | None = None,
    source: str | None = None,
    *,
    day: Any,
) -> Rows:
    rows: Rows = []
    for lead in n.of("Lead", source):
        if route not in {None, lead["route"]} or unit not in {None, n.id_of(lead, "unit")}:
            continue
        origin, case = n.one(lead, "problem"), n.one(lead, "case")
        kind = kind_of(n, origin)["id"] if origin else None
        node = n.id_of(origin, "node") if origin else None
        handler = case and n.one(case, "handler")
        for s in steps_of(n, lead):
            decided = s["act"] in {"DECIDE_DISPUTE", "DECIDE_OBJECTION"} and s["result"] == "CLOSED"
            if s["at_on"] <= day and (s["act"] in acts or decided):
                same = handler is not None and n.one(s, "by") is handler
                place = (lead["id"], lead["route"], n.id_of(lead, "unit"), case and case["id"])
                rows.append((*place, kind, node, s["act"], s["at_on"], s["reason"], same))
    alike = Counter((r[1], r[6], r[4]) for r in rows)
    return sorted([(*r, alike[r[1], r[6], r[4]]) for r in rows], key=lambda r: (r[0], r[7]))


def rules_that_hit(n: Nodes) -> Iterator[Params]:
    keys = {
        k
        for p in n.of("Problem")
        for column in ("raised_by_limit", "raised_by_rule")
        for k in p.refs.get(column, ())
    }
    for key in [*sorted(keys), "no/such"]:
        yield {"rule": key}
        yield {"rule": key, "status": "CONFIRMED", "source": a_source(n)}


@answer(rules_that_hit, order=("at", "problem"))
def rule_dispositions(
    n: Nodes, rule: str, status: str | None = None, source: str | None = None, *, at: Any
) -> Rows:
    rows = [
        (p["id"], case_of(n, p)["id"], d["status"], d["at_on"], d["reason"], d["values"])
        for p in n.of("Problem", source)
        if rule in {*p.refs.get("raised_by_limit", ()), *p.refs.get("raised_by_rule", ())}
        for d in said(n, p, at)
        if status in {None, d["status"]}
    ]
    return sorted(rows, key=lambda r: (r[3], r[0]))


def grave(n: Nodes) -> Iterator[Params]:
    yield from sources(n)
    unit = next(i for c in n.of("Case") if (i := n.id_of(c, "unit")))
    yield {"severity": 1, "unit": unit}


@answer(grave, order=("problem",), sets=("corrections", "leads"))
def serious_open(
    n: Nodes,
    severity: int = 3,
    unit: str | None = None,
    source: str | None = None,
    *,
    day: Any,
) -> Rows:
    rows: Rows = []
    for p in n.of("Problem", source):
        kind, case = kind_of(n, p), case_of(n, p)
        words = sorted(
            (d for d in n.naming("Disposition", "problem", p) if d["at_on"] <= day),
            key=lambda d: (d["known"], d.key),
        )
        word = words[-1]["status"] if words else "HIT"
        orders = [
            k
            for k in n.naming("Correction", "problems", p)
            if k["issued"] is not None and k["issued"] <= day
        ]
        if (
            kind["severity"] < severity
            or p["found_on"] > day
            or (p["closed_on"] is not None and p["closed_on"] <= day)
            or unit not in {None, n.id_of(case, "unit")}
            or word not in {"HIT", "CONFIRMED"}
            or any(k["closed"] is not None and k["closed"] <= day for k in orders)
        ):
            continue
        leads = [
            x["id"]
            for x in n.naming("Lead", "problem", p)
            if any(s["at_on"] <= day for s in steps_of(n, x))
        ]
        names = (p["id"], *(kind[c] for c in ("id", "zh", "en", "kind", "severity")))
        where = (n.id_of(p, "node"), case["id"], n.id_of(case, "unit"), p["found_on"], word)
        reported = any(k["form"] == "NOTICE_AND_REPORT" for k in orders)
        rows.append((*names, *where, reported, [k["id"] for k in orders], leads))
    return sorted(rows, key=lambda r: text(r[0]))


def edited(n: Nodes) -> Iterator[Params]:
    yield from sources(n)
    unit = next(i for c in n.of("Case") if (i := n.id_of(c, "unit")))
    yield {"unit": unit}
    yield from ({"case": i} for i in busy("FieldValue")(n)[:3])


@answer(edited, order=("case", "field", "entered"), sets=("problems", "corrections"))
def fields_after_findings(
    n: Nodes,
    case: str | None = None,
    unit: str | None = None,
    source: str | None = None,
    *,
    day: Any,
) -> Rows:
    rows: Rows = []
    for c in n.of("Case", source):
        if case not in {None, c["id"]} or unit not in {None, n.id_of(c, "unit")}:
            continue
        problems = n.naming("Problem", "case", c)
        cards: dict[tuple[str, str | None], list[Node]] = defaultdict(list)
        for f in n.naming("FieldValue", "case", c):
            if f["entered_on"] is not None:
                cards[f["field"], n.id_of(f, "party")].append(f)
        for (field, party), values in cards.items():
            for f in values:
                before = [g for g in values if g is not f and g["entered_on"] <= f["entered_on"]]
                found = [p for p in problems if p["found_on"] < f["entered_on"]]
                if f["entered_on"] > day or not before or not found:
                    continue
                was = max(before, key=lambda g: (g["entered_on"], g.key))
                last = max(p["found_on"] for p in found)
                if last < was["entered_on"]:
                    continue
                orders = {
                    k["id"]
                    for p in problems
                    for k in n.naming("Correction", "problems", p)
                    if k["issued"] is not None and k["issued"] <= f["entered_on"]
                }
                change = (was["value"], f["value"], f["entered_on"], f["basis"], f["approved_by"])
                lists = ([p["id"] for p in found], list(orders))
                rows.append((c["id"], party, field, *change, last, *lists))
    return sorted(rows, key=lambda r: (r[0], r[2], r[5]))


# -- the store ---------------------------------------------------------------------------------

BOOKS = ("Batch", "Store")
"""Labels whose properties are told by ``batches`` and by the loader's tests."""


@answer(sets=("leaving",))
def all_nodes(n: Nodes) -> Rows:
    leaving: dict[str, list[list[str]]] = defaultdict(list)
    for kind, start, end in n.relationships():
        leaving[f"{start.label} {start.key}"].append([kind, end.label, end.key])
    rows: Rows = [
        (label, node.props, leaving[f"{label} {node.key}"])
        for label, nodes in n.by_label.items()
        for node in nodes
    ]
    rows += [("Batch", {"key": b["batch"]}, []) for b in n.batches]
    rows.append(("Store", {"key": "store"}, []))
    return [
        (label, props | {"values": as_json(props["values"])} if label == "FormerRow" else props, to)
        for label, props, to in rows
    ]


@answer(order=("batch",))
def batches(n: Nodes) -> Rows:
    rows: Rows = []
    for b in n.batches:
        hashes = {
            p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in b["folder"].iterdir()
            if p.suffix in {".csv", ".yaml"}
        }
        tables = {
            name: {
                "read": t["loaded"] + t["unchanged"],
                **t,
                "rejected": 0,
                "pending": 0,
                "vanished": 0,
                "reject_file": None,
            }
            for name, t in b["tables"].items()
        }
        sums = {k: sum(t[k] for t in tables.values()) for k in ("read", "loaded", "unchanged")}
        report = {"batch": b["batch"], "source": b["source"], **sums, "rejected": 0}
        report |= {"reject_file": None, "tables": tables, "warnings": []}
        report |= {"pending": 0, "vanished": 0, "resolved": 0}
        own = (b["batch"], b["source"], "DONE", None, b["data_to"], None)
        rows.append((*own, report, hashes, book().version, None, None))
    return rows


@answer(order=("label",))
def count_nodes(n: Nodes) -> Rows:
    return sorted(n.labels().items())


@answer(order=("type",))
def count_relationships(n: Nodes) -> Rows:
    return sorted(Counter(kind for kind, _, _ in n.relationships()).items())


@answer()
def store_data_date(n: Nodes) -> Rows:
    return [(n.data_date,)]


def some_batches(n: Nodes) -> Iterable[Params]:
    names = [b["batch"] for b in n.batches]
    return [{"batches": names}, {"batches": names[-1:]}, {"batches": ["none"]}]


@answer(some_batches)
def unfinished_events(n: Nodes, batches: list[str]) -> Rows:
    return [(k,) for k in {e.refs["case"][0] for e in n.of("Event") if e["_batch"] in batches}]


@answer(some_batches)
def unfinished_steps(n: Nodes, batches: list[str]) -> Rows:
    return [(k,) for k in {s.refs["lead"][0] for s in n.of("Step") if s["_batch"] in batches}]


@answer(some_batches)
def unfinished_former_rows(n: Nodes, batches: list[str]) -> Rows:
    return [(f["label"], f["values"]) for f in n.former if f["_batch"] in batches]


# -- comparing ---------------------------------------------------------------------------------

ONLY_ODD = {
    "unfinished_former_rows",
    "never_made_alerts",
    "never_made_doubts",
    "never_made_hits",
    "never_made_promotions",
    "claimed_cases",
    "lead_claims",
    "problem_claims",
    "rule_dispositions",
    "fields_after_findings",
    "pattern_events",
}
"""The tidy world has no row that changed, no claim, no problem that a rule raised, its hand-overs
are all made, and its few edits of card fields come early."""


NOTES = {"_hash", "_touched", "_next", "_types"}


def plain(value: Any, *, unordered: bool = False) -> Any:
    """A value that equals another only if type and content do; notes for the product left out."""
    if isinstance(value, dict):
        return [(k, plain(v)) for k, v in sorted(value.items()) if k not in NOTES]
    if isinstance(value, list | tuple):
        parts = [plain(v) for v in value]
        return sorted(parts, key=repr) if unordered else parts
    return f"{value!r}"


def from_json(name: str, value: Any) -> Any:
    """Columns that hold JSON text as what it says, without how long and when a load ran.

    The digest of the rows is counted anew in tests/loaders/test_register.py.
    """
    if value is None:
        return None
    found = json.loads(value)
    if name == "report":
        assert found.pop("seconds") >= 0
        assert dt.datetime.fromisoformat(found.pop("at")).tzinfo is not None
        assert len(found.pop("digest")) == 64
    if name == "values":
        found["_named"] = {c: sorted(keys) for c, keys in found["_named"].items()}
    return found


def from_text(texts: list[str]) -> list[dt.date]:
    """Instants and dates that an engine wrote as text; without a zone in UTC."""
    return [
        dt.date.fromisoformat(text)
        if len(text) == 10
        else dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)
        for text in texts
    ]


TIMES_IN_TEXT = {"columns_events": ("at", "days", "known")}
JSON_COLUMNS = {"batches": ("report", "files"), "unfinished_former_rows": ("values",)}


def told_of(label: str, props: dict[str, Any]) -> dict[str, Any]:
    """A node's properties, as far as the answers tell them."""
    if label in BOOKS:
        return {"key": props["key"]}
    if label == "FormerRow":
        return props | {"values": from_json("values", props["values"])}
    return props


def compared(graph: Graph, name: str, expected: Rows, **params: Any) -> None:
    """The query's rows are the expected ones: every column, and the order that it promises."""
    spec = ANSWERS[name]
    columns = tuple(catalogue()[name].returns)
    result = graph.read(name, rows=EVERY_ROW, **params)
    assert not result.truncated
    found: Rows = [tuple(row) for row in result]
    if name in JSON_COLUMNS:
        at = {columns.index(c): c for c in JSON_COLUMNS[name]}
        found = [
            tuple(from_json(at[i], v) if i in at else v for i, v in enumerate(r)) for r in found
        ]
        expected = [tuple(as_json(v) if i in at else v for i, v in enumerate(r)) for r in expected]
    times = {columns.index(c) for c in TIMES_IN_TEXT.get(name, ())}
    found = [tuple(from_text(v) if i in times else v for i, v in enumerate(r)) for r in found]
    if name == "all_nodes":
        found = [(label, told_of(label, props), leaving) for label, props, leaving in found]
    assert all(len(row) == len(columns) for row in expected), "the answer lacks a column"
    sets = {columns.index(c) for c in spec.sets}
    told, wanted = (
        [repr([plain(v, unordered=at in sets) for at, v in enumerate(row)]) for row in rows]
        for rows in (found, expected)
    )
    extra, lacking = Counter(told) - Counter(wanted), Counter(wanted) - Counter(told)
    assert (sorted(extra)[:3], sorted(lacking)[:3]) == ([], []), (name, params)
    places = [columns.index(c) for c in spec.order]
    assert [[r[at] for at in places] for r in found] == [[r[at] for at in places] for r in expected]


def tried(graph: Graph, n: Nodes, name: str) -> tuple[int, int]:
    """Compare for every set of parameters; rows expected, and sets that the day changes."""
    query, spec = catalogue()[name], ANSWERS[name]
    rows = moved = 0
    for given in spec.asked(n):
        answers = []
        for as_of in (None, n.early) if "as_of" in query.params else (None,):
            asked, more = dict(given), {}
            if "as_of" in query.params:
                asked["as_of"] = as_of
                more = (
                    {"day": n.day(as_of)}
                    if query.params["as_of"].type == "date"
                    else {"at": n.moment(as_of)}
                )
            expected = spec.rows(n, **given, **more)
            compared(graph, name, expected, **asked)
            rows += len(expected)
            answers.append(repr(expected))
        moved += len(set(answers)) > 1
    return rows, moved


@pytest.fixture(scope="session")
def tidy(world: Any) -> tuple[Graph, Nodes]:
    """The session's world and its package as nodes."""
    graph, _, folder = world
    key = settings().home_dir / "pseudonym.key"
    return graph, Nodes([folder], "2025-01-31", bytes.fromhex(key.read_text("ascii")))


@pytest.fixture(scope="module")
def odd(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Nodes]:
    """Random rows of two sources with the same ids, the first loaded again with other values."""
    base = tmp_path_factory.mktemp("odd")
    folders = [
        odd_package(base / "first", "one", 4),
        odd_package(base / "second", "two", 5),
        odd_package(base / "third", "one", 4, changed=6),
    ]
    for folder in folders:
        report = load(module_graph, folder)
        assert report.rejected == 0, (report.reject_file, report.tables)
    key = settings().home_dir / "pseudonym.key"
    return module_graph, Nodes(folders, "2024-07-31", bytes.fromhex(key.read_text("ascii")))


def plain_queries() -> list[str]:
    """The read queries that nothing generates."""
    return sorted(
        name
        for name, q in catalogue().items()
        if q.mode == "read" and q.path.parent != cypher.ROOT / "schema"
    )


def compared_elsewhere() -> set[str]:
    """Queries that another file here reads by their own name."""
    found: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        if path == Path(__file__):
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in {"read", "stream"}
                and call.args
                and isinstance(call.args[0], ast.Constant)
            ):
                found.add(str(call.args[0].value))
    return found


def test_every_read_query_has_an_answer_of_its_own() -> None:
    lacking = set(plain_queries()) - set(ANSWERS) - compared_elsewhere()
    assert not lacking, "write an @answer for each"
    assert set(ANSWERS) <= set(plain_queries()), "an answer to no query"


def test_every_answer_takes_what_the_query_takes() -> None:
    for name, spec in ANSWERS.items():
        code = spec.rows.__code__
        taken = set(code.co_varnames[1 : code.co_argcount])
        assert taken == set(catalogue()[name].params) - {"as_of"}, name


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_in_the_world(tidy: tuple[Graph, Nodes], name: str) -> None:
    rows, moved = tried(*tidy, name)
    if name not in ONLY_ODD:
        assert rows, "nothing is expected"
        assert moved or "as_of" not in catalogue()[name].params, "as_of makes no difference"


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_in_random_rows(odd: tuple[Graph, Nodes], name: str) -> None:
    rows, moved = tried(*odd, name)
    assert rows, "nothing is expected"
    assert moved or "as_of" not in catalogue()[name].params, "as_of makes no difference"


# -- generated statements ----------------------------------------------------------------------

PROFILED = {"DeadlineRule", "Outcome", "Clock"}
"""Labels that only a profile or a check makes; see test_deadlines.py, test_check_queries.py."""


def nodes_of(n: Nodes, kind: NodeType) -> list[Node]:
    """The nodes of a type, former rows and batches included."""
    if kind.label == "Batch":
        return [
            Node("Batch", {"key": b["batch"], "id": b["batch"], "source": b["source"]})
            for b in n.batches
        ]
    if kind.label == "Store":
        return [Node("Store", {"key": "store", "id": "store"})]
    return n.of(kind.label)


def known_and_former(graph: Graph, kind: NodeType, nodes: list[Node]) -> None:
    """Rows by key: what they hold and name, and a hash that differs where the content does."""
    name = stem(kind)
    chosen = {x.key: x for x in nodes[-100:]}
    keys = [*chosen, "no/such"]
    hashes = {row.key: row.hash for row in graph.read(f"known_{name}", keys=keys)}
    former = {row.key: row for row in graph.read(f"former_{name}", keys=keys)}
    assert set(hashes) == set(former) == set(chosen)
    for key, node in chosen.items():
        props = dict(former[key].props)
        assert props.get("_hash") == hashes[key]
        if kind.label == "FormerRow":
            props["values"] = from_json("values", props["values"])
            node = Node(node.label, node.props | {"values": as_json(node["values"])})
        if kind.label in BOOKS:
            props = {k: v for k, v in props.items() if k in node.props}
        assert plain(props) == plain(node.props), key
        named = sorted([c, k] for c, ks in node.refs.items() for k in ks)
        assert sorted(list(pair) for pair in former[key].named) == named, key
    loaded = [x for x in chosen.values() if x["_batch"] != "rulebook" and kind.table]
    for x in chosen.values():
        assert (hashes[x.key] is not None) == (x in loaded)
    contents = {x.content() for x in loaded}
    assert len({hashes[x.key] for x in loaded}) == len(contents)
    assert len({(x.content(), hashes[x.key]) for x in loaded}) == len(contents)


def naming_and_scope(graph: Graph, kind: NodeType, n: Nodes, nodes: list[Node]) -> None:
    """Who names the rows, and the rows of each source in a span of time."""
    chosen = nodes[-60:]
    found = {
        r.key: r.namers for r in graph.read(f"namers_{stem(kind)}", keys=[x.key for x in chosen])
    }
    for x in chosen:
        expected = sorted(
            [other.label, ref.column, y.key, y["_batch"], y["_row"]]
            for other in NODE_TYPES
            for ref in other.references
            if ref.target == kind.label
            for y in n.naming(other.label, ref.column, x)
        )
        assert sorted(map(list, found[x.key])) == expected, x.key
    if not kind.table:
        return
    known = sorted(x["known"] for x in nodes if x["known"] is not None)
    middle = known[len(known) // 2] if known else None
    for source in {x["source"] for x in nodes} - {"rulebook"}:
        for since, until in ((None, None), (middle, None), (None, middle)):
            rows = graph.read(f"scope_{stem(kind)}", source=source, since=since, until=until)
            wanted = [
                x
                for x in nodes
                if x["source"] == source
                if since is None or x["known"] is None or x["known"] >= since
                if until is None or x["known"] is None or x["known"] <= until
            ]
            assert sorted((r.key, r.batch, r.row, str(r.known), r.units) for r in rows) == sorted(
                (
                    x.key,
                    x["_batch"],
                    x["_row"],
                    str(x["known"]),
                    [n.id_of(x, "unit")] if x.refs.get("unit") else [],
                )
                for x in wanted
            )


def find_and_similar(graph: Graph, kind: NodeType, nodes: list[Node]) -> None:
    """Rows by id in all sources and in one, and ids that begin alike."""
    name = stem(kind)
    ids = sorted({x["id"] for x in nodes})
    for id_ in {ids[0], ids[len(ids) // 2], ids[-1], "no-such"}:
        for source in (None, nodes[-1]["source"], "nobody"):
            expected = sorted(
                x.key for x in nodes if x["id"] == id_ and source in {None, x["source"]}
            )
            found = graph.read(f"find_{name}", id=id_, source=source)
            assert [row.key for row in found] == expected
        for prefix in (id_, id_[: len(id_) * 2 // 3], id_[:1], ""):
            near = [i for i in ids if i.startswith(prefix)][:5]
            assert [row.id for row in graph.read(f"similar_{name}", prefix=prefix)] == near


TYPES = [t for t in NODE_TYPES if t.label not in PROFILED]


@pytest.mark.parametrize("kind", TYPES, ids=stem)
def test_generated_in_the_world(tidy: tuple[Graph, Nodes], kind: NodeType) -> None:
    graph, n = tidy
    if nodes := nodes_of(n, kind):
        known_and_former(graph, kind, nodes)
        naming_and_scope(graph, kind, n, nodes)
        find_and_similar(graph, kind, nodes)
    else:
        assert len(graph.read(f"similar_{stem(kind)}", prefix="")) == 0


@pytest.mark.parametrize("kind", TYPES, ids=stem)
def test_generated_in_random_rows(odd: tuple[Graph, Nodes], kind: NodeType) -> None:
    graph, n = odd
    nodes = nodes_of(n, kind)
    if nodes:
        known_and_former(graph, kind, nodes)
        naming_and_scope(graph, kind, n, nodes)
        find_and_similar(graph, kind, nodes)
    else:
        assert kind.label == "PendingReference", "the packages have a row of every type"

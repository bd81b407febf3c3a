"""The queries of a check, against loops over the CSV files: what they read, and what they note.

They read a tidy world, and packages of random rows in two sources with the same ids, one of them
loaded again with other values. What is written to the random graph (clocks, closings, the marks
that say which cases a later check has to see) is kept beside the rows, so that every answer counts
it in, whatever ran before.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import cypher
from graph.settings import settings
from graph.store.catalogue import catalogue
from graph.store.connection import Graph
from loaders.load import load
from tests.oracle import odd_package
from tests.oracle.node_reader import Node, Nodes

Params = dict[str, Any]
Row = list[Any]
NOBODY = "no/such"
MARKS = {"_hash", "_touched", "_next"}
"""Properties of a case that no row states."""


@dataclass
class Held:
    """A graph, the rows it was loaded from, and what was written to it besides."""

    graph: Graph
    n: Nodes
    clocks: list[dict[str, Any]] = field(default_factory=list)
    touched: dict[str, str] = field(default_factory=dict)
    following: dict[str, dt.date] = field(default_factory=dict)
    tallies: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    @property
    def cases(self) -> list[Node]:
        return self.n.of("Case")

    @property
    def keys(self) -> list[str]:
        """Keys of cases to ask for: all of them, or some of many; one is not there."""
        cases = self.cases
        return [c.key for c in cases[:: max(1, len(cases) // 150)]] + [NOBODY]

    def found(self, keys: Iterable[str]) -> Iterator[Node]:
        return (self.n.all["Case", key] for key in keys if key != NOBODY)


# -- the rows that belong to a case ------------------------------------------------------------


def case_key(node: Node) -> str:
    return node.refs["case"][0]


def of_correction(n: Nodes, correction: Node) -> set[str]:
    return {case_key(p) for p in n.named(correction, "problems")}


def of_notice(n: Nodes, notice: Node) -> set[str]:
    return {key for c in n.named(notice, "correction") for key in of_correction(n, c)}


def belonging(n: Nodes) -> Iterator[tuple[str, Node]]:
    """Every row that a check of a case looks at, with the key of the case."""
    for label in DIRECT:
        yield from ((case_key(x), x) for x in n.of(label) if "case" in x.refs)
    for label, column, _ in OWNED:
        for x in n.of(label):
            yield from ((case_key(o), x) for o in n.named(x, column) if "case" in o.refs)
    for notice in n.of("Notice"):
        yield from ((key, notice) for key in of_notice(n, notice))
    for reply in n.of("Reply"):
        yield from ((key, reply) for o in n.named(reply, "notice") for key in of_notice(n, o))


DIRECT = ("Party", "Event", "Document", "FieldValue", "Participant", "Property", "Problem", "Lead")
OWNED = (
    ("Charge", "party", "Party"),
    ("Measure", "party", "Party"),
    ("PropertyMovement", "property", "Property"),
    ("Correction", "problems", "Problem"),
    ("Disposition", "problem", "Problem"),
    ("Step", "lead", "Lead"),
)


def belonged(n: Nodes) -> Iterator[tuple[str, Node]]:
    """Every changed row that a check of a case looked at, with the key of the case it was of."""
    for row in n.former:
        label, named = row["label"], row["values"]["_named"]
        if label in DIRECT:
            yield from ((key, row) for key in named.get("case", ()))
        for owned, column, owner in OWNED:
            if label == owned:
                owners = [n.all[owner, k] for k in named.get(column, ())]
                yield from ((case_key(o), row) for o in owners if "case" in o.refs)
        if label == "Notice":
            for k in named.get("correction", ()):
                yield from ((key, row) for key in of_correction(n, n.all["Correction", k]))
        if label == "Reply":
            for k in named.get("notice", ()):
                yield from ((key, row) for key in of_notice(n, n.all["Notice", k]))


def touched_by(n: Nodes) -> dict[str, str]:
    """Case to the last batch that changed one of its rows, or one that was its own before."""
    last: dict[str, str] = {}
    for key, node in (*belonging(n), *belonged(n)):
        last[key] = max(node["_batch"], last.get(key, ""))
    return last


# -- what each query reads ---------------------------------------------------------------------


def bag(rows: Iterable[Any]) -> list[Any]:
    """Rows whose sequence is not promised."""
    return sorted(rows, key=repr)


def as_lists(value: Any) -> Any:
    return [as_lists(v) for v in value] if isinstance(value, list | tuple) else value


def matter_of(case: Node) -> str:
    return case.refs.get("matter", [case.key])[0]


def first(node: Node, column: str) -> str | None:
    return node.refs[column][0] if column in node.refs else None


def is_known(node: Node, moment: dt.datetime) -> bool:
    return node["known"] is not None and node["known"] <= moment


def check_cases(
    h: Held,
    source: str | None = None,
    unit: str | None = None,
    type: str | None = None,  # noqa: A002 the query's parameter
    case: str | None = None,
    batch: str | None = None,
    day: dt.date | None = None,
) -> list[Row]:
    rows = []
    for c in h.n.of("Case", source):
        later = batch is None or c["_batch"] > batch or h.touched.get(c.key, "") > batch
        due = day is not None and c.key in h.following and h.following[c.key] <= day
        if (
            type in {None, c["type"]}
            and case in {None, c["id"]}
            and (unit is None or h.n.id_of(c, "unit") == unit)
            and (later or due)
        ):
            rows.append([c.key, matter_of(c), c["source"]])
    return sorted(rows, key=lambda r: (r[1], r[0]))


def check_matters(h: Held, cases: list[str]) -> list[Row]:
    """A case is told where another of its matter was given; the asker knows those it gave."""
    given: dict[str, set[str]] = defaultdict(set)
    for c in h.found(cases):
        given[matter_of(c)].add(c.key)
    rows = [
        [c.key, matter_of(c), c["source"]]
        for c in h.cases
        if "matter" in c.refs and given[matter_of(c)] - {c.key}
    ]
    return sorted(rows, key=lambda r: (r[1], r[0]))


def check_card(h: Held, cases: list[str]) -> list[Row]:
    n = h.n
    rows = []
    for c in h.found(cases):
        parties = []
        for p in n.naming("Party", "case", c):
            charges = bag([g["code"], g["stage"]] for g in n.naming("Charge", "party", p))
            names = ("id", "kind", "from", "to", "decided_by")
            measures = bag([m[x] for x in names] for m in n.naming("Measure", "party", p))
            parties.append([p.key, p["id"], p["minor"], p["identity"], charges, measures])
        handler = n.one(c, "handler")
        where = [
            first(c, "matter"),
            first(c, "department"),
            handler and first(handler, "department"),
        ]
        rows.append([c.key, sorted([k, v] for k, v in c.props.items()), *where, bag(parties)])
    return bag(rows)


def tidy_card(row: Row) -> Row:
    key, props, *where, parties = row
    told = [[*own, bag(charges), bag(measures)] for *own, charges, measures in parties]
    own = sorted([k, v] for k, v in props.items() if k not in MARKS)
    return [key, own, *where, bag(told)]


def check_events(h: Held, cases: list[str]) -> list[Row]:
    names = ("outcome", "occurred", "occurred_on", "occurred_offset", "known", "recorded_on")
    rows = []
    for c in h.found(cases):
        events = []
        for e in h.n.naming("Event", "case", c):
            node = h.n.one(e, "node")
            if node is not None and node["source"] == "rulebook":
                own = [e[name] for name in names]
                events.append([e["id"], node["id"], *own, first(e, "party"), e["attr_days"]])
        if events:
            rows.append([c.key, bag(events)])
    return bag(rows)


def check_papers(h: Held, cases: list[str]) -> list[Row]:
    n = h.n
    rows = []
    for c in h.found(cases):
        documents = [
            [
                d["id"],
                d["template"],
                d["signed"],
                d["served"],
                [i for i in [n.id_of(d, "event")] if i],
            ]
            for d in n.naming("Document", "case", c)
        ]
        names = ("field", "value", "known", "basis", "approved_by")
        fields = [
            [list(f.refs.get("party", ())), *(f[name] for name in names)]
            for f in n.naming("FieldValue", "case", c)
        ]
        participants = [t["kind"] for t in n.naming("Participant", "case", c)]
        properties = [
            [
                o["id"],
                bag([v["kind"], v["at_on"]] for v in n.naming("PropertyMovement", "property", o)),
            ]
            for o in n.naming("Property", "case", c)
        ]
        notices = [
            [o["id"], o["issued"], bag(r["at"] for r in n.naming("Reply", "notice", o))]
            for p in n.naming("Problem", "case", c)
            for k in n.naming("Correction", "problems", p)
            for o in n.naming("Notice", "correction", k)
        ]
        rows.append([c.key, *map(bag, (documents, fields, participants, properties, notices))])
    return bag(rows)


def tidy_papers(row: Row) -> Row:
    key, documents, fields, participants, properties, notices = row
    moved = [[id_, bag(movements)] for id_, movements in properties]
    answered = [[id_, issued, bag(replies)] for id_, issued, replies in notices]
    return [key, *map(bag, (documents, fields, participants, moved, answered))]


def raising(n: Nodes, problem: Node) -> list[Node]:
    """What raised a problem, as far as it is an entry of the rulebook."""
    found = [*n.named(problem, "raised_by_rule"), *n.named(problem, "raised_by_limit")]
    return [r for r in found if r["source"] == "rulebook"]


def check_raised(h: Held, cases: list[str]) -> list[Row]:
    rows = []
    for c in h.found(cases):
        for p in h.n.naming("Problem", "case", c):
            own = [c["id"], h.n.id_of(p, "party"), p["id"], h.n.id_of(p, "type")]
            closed = p["closed_on"] is not None
            rows += [[*own, r["id"], closed] for r in raising(h.n, p)]
    return sorted(rows, key=lambda r: (r[0], r[2], r[4], repr(r)))


def check_types(h: Held, source: str) -> list[Row]:
    found = Counter(c["type"] for c in h.n.of("Case", source) if c["type"] is not None)
    return [[type_, n] for type_, n in sorted(found.items())]


def check_acts(h: Held, source: str) -> list[Row]:
    found: Counter[tuple[str, str | None]] = Counter()
    for e in h.n.of("Event", source):
        node = h.n.one(e, "node")
        if node is not None and node["source"] == "rulebook":
            found[node["id"], e["outcome"]] += 1
    return bag([node, act, n] for (node, act), n in found.items())


def check_batches(h: Held, source: str | None = None) -> list[Row]:
    rows = []
    for b in h.n.batches:
        if source not in {None, b["source"]}:
            continue
        tables = b["folder"].glob("*.csv")
        heads = {p.stem: p.read_text("utf-8-sig").splitlines()[0].split(",") for p in tables}
        supplied = [*heads, *(f"{name}.{c}" for name, columns in heads.items() for c in columns)]
        rows.append([b["source"], b["batch"], False, True, bag(supplied)])
    return rows


def check_clocks(h: Held, cases: list[str]) -> list[Row]:
    names = ("rule", "round", "kind", "status", "overdue", "provisional")
    days = ("start_on", "due_on", "ended_on")
    rows = []
    for c in h.found(cases):
        for k in (k for k in h.clocks if k["case"] == c.key):
            party = k["party"] and h.n.all["Party", k["party"]]["id"]
            own = [k["props"][x] for x in names]
            rows.append([c["id"], party, *own, *(k["props"].get(x) for x in days)])
    return bag(rows)


def clocks_due(
    h: Held,
    until: dt.date,
    unit: str | None = None,
    department: str | None = None,
    source: str | None = None,
) -> list[Row]:
    rows = []
    for k in h.clocks:
        c, limit, said = h.n.all["Case", k["case"]], h.n.all["TimeLimit", k["limit"]], k["props"]
        places = [h.n.id_of(c, name) for name in ("unit", "department")]
        wanted = (unit, department, source)
        fits = all(w in {None, x} for w, x in zip(wanted, (*places, c["source"]), strict=True))
        if said["status"] == "RUNNING" and said["due_on"] <= until and fits:
            party = k["party"] and h.n.all["Party", k["party"]]["id"]
            names = (said["due_on"], c["id"], party, said["rule"], limit["zh"], limit["en"])
            own = [said[x] for x in ("kind", "round", "overdue", "provisional", "start_on")]
            rows.append([*names, *own, *places])
    return bag(rows)


def check_written(h: Held, cases: list[str]) -> list[Row]:
    n = h.n
    names = ("key", "_hash", "rule", "kind", "status", "overdue", "provisional")
    rows = []
    for c in h.found(cases):
        clocks = [[k["props"][x] for x in names] for k in h.clocks if k["case"] == c.key]
        problems = []
        for p in n.naming("Problem", "case", c):
            if p["rulebook"] is None:
                continue
            type_ = n.one(p, "type")
            assert type_ is not None
            said = bag([d["status"], d["values"]] for d in n.naming("Disposition", "problem", p))
            closed = p["closed_on"] is not None
            hash_ = h.hashes.get(p.key, "as loaded")
            problems.append([p.key, hash_, type_["kind"], closed, p["values"], said])
        rows.append([c.key, h.tallies.get(c.key), bag(clocks), bag(problems)])
    return bag(rows)


def tidy_written(row: Row) -> Row:
    key, tally, clocks, problems = row
    told = []
    for problem, hash_, kind, closed, values, said in problems:
        shown = "as loaded" if hash_ and len(hash_) > 16 else hash_
        told.append([problem, shown, kind, closed, values, bag(said)])
    return [key, tally, bag(clocks), bag(told)]


def status_of(n: Nodes, problem: Node, moment: dt.datetime) -> str:
    """The last word on a problem by then; closed where nobody said anything."""
    said = [d for d in n.naming("Disposition", "problem", problem) if is_known(d, moment)]
    if said:
        return str(max(said, key=lambda d: (d["known"], d.key))["status"])
    if problem["closed_on"] is None:
        return "HIT"
    return "CLOSED" if problem["closed"] is None or problem["closed"] <= moment else "HIT"


def rule_hits(h: Held, rule: str, as_of: str | None = None) -> list[Row]:
    moment = h.n.moment(as_of)
    found: Counter[tuple[str, bool]] = Counter()
    columns = ("raised_by_rule", "raised_by_limit", "raised_by_monitoring")
    for p in h.n.of("Problem"):
        if is_known(p, moment) and any(rule in p.refs.get(c, ()) for c in columns):
            found[status_of(h.n, p, moment), p["closed_on"] is not None] += 1
    return [[*group, n] for group, n in sorted(found.items())]


def problem_card(h: Held, problem: str) -> list[Row]:
    if ("Problem", problem) not in h.n.all:
        return []
    p = h.n.all["Problem", problem]
    said = [[d.key, d["status"], d["known"]] for d in h.n.naming("Disposition", "problem", p)]
    own = [p["id"], h.n.id_of(p, "type"), case_key(p), p["found_on"], p["values"]]
    return [[*own, p["_batch"], p["_row"], bag(said)]]


def coverage_problems(h: Held, source: str | None = None, as_of: str | None = None) -> list[Row]:
    moment = h.n.moment(as_of)
    found: Counter[tuple[str, str]] = Counter()
    for p in h.n.of("Problem", source):
        node = h.n.one(p, "node")
        if is_known(p, moment) and node is not None and node["source"] == "rulebook":
            found[node["id"], status_of(h.n, p, moment)] += 1
    return [[*group, n] for group, n in sorted(found.items())]


def coverage_fields(h: Held, source: str | None = None) -> list[Row]:
    found = Counter(f["field"] for f in h.n.of("FieldValue", source))
    return [[name, n] for name, n in sorted(found.items())]


# -- what is asked -----------------------------------------------------------------------------


def a_source(h: Held) -> str:
    return str(h.n.batches[0]["source"])


def of_cases(h: Held) -> Iterator[Params]:
    yield {"cases": h.keys}
    yield {"cases": h.keys[1:3]}
    yield {"cases": [NOBODY]}
    yield {"cases": []}


def of_sources(h: Held) -> Iterator[Params]:
    yield from ({"source": s} for s in dict.fromkeys(b["source"] for b in h.n.batches))
    yield {"source": "nobody"}


def or_all(h: Held) -> Iterator[Params]:
    yield {}
    yield from of_sources(h)


def filtered(h: Held) -> Iterator[Params]:
    unit = next((i for c in h.cases if (i := h.n.id_of(c, "unit"))), "U")
    last = max(b["batch"] for b in h.n.batches)
    days = (dt.date(2024, 3, 1), dt.date(2024, 9, 1))
    yield {}
    yield {"source": a_source(h), "unit": unit, "type": "PR"}
    yield {"case": h.cases[0]["id"]}
    yield {"case": NOBODY}
    for batch in ("B00000", "B00001", "B00002", last, "B00004", "B00006", "B00009"):
        yield {"batch": batch}
        yield from ({"batch": batch, "day": day} for day in days)
    yield {"batch": "B00001", "source": a_source(h), "type": "AR"}


def until_days(h: Held) -> Iterator[Params]:
    day = dt.date(2024, 10, 31)
    running = [k for k in h.clocks if k["props"]["status"] == "RUNNING"]
    cases = [h.n.all["Case", k["case"]] for k in running] or h.cases
    for name in ("unit", "department"):
        place = next(i for c in cases if (i := h.n.id_of(c, name)))
        yield {"until": dt.date(2025, 12, 31), name: place}
    yield {"until": day}
    yield {"until": day, "source": a_source(h)}
    yield {"until": dt.date(2024, 1, 1)}


def by_day(asked: Callable[[Held], Iterable[Params]]) -> Callable[[Held], Iterator[Params]]:
    def found(h: Held) -> Iterator[Params]:
        for params in asked(h):
            yield from ({**params, "as_of": day} for day in (None, h.n.early))

    return found


def of_rules(h: Held) -> Iterator[Params]:
    rules = {r.key for p in h.n.of("Problem") for r in raising(h.n, p)}
    rules |= {k for p in h.n.of("Problem") for k in p.refs.get("raised_by_monitoring", ())}
    yield from ({"rule": key} for key in (*sorted(rules)[:12], "rulebook/TL-001", NOBODY))


def of_problems(h: Held) -> Iterator[Params]:
    yield from ({"problem": p.key} for p in h.n.of("Problem")[:60])
    yield {"problem": NOBODY}


# -- comparing ---------------------------------------------------------------------------------

Reading = Callable[[Graph, Params], Iterable[Any]]


@dataclass(frozen=True)
class Query:
    """How a query is read, what is asked, its answer, and its rows in the answer's form.

    ``ordered``: it promises the sequence of its rows.
    """

    read: Reading
    asked: Callable[[Held], Iterable[Params]]
    answer: Callable[..., list[Row]]
    form: Callable[[Row], Row] = list
    ordered: bool = False


def last_bag(row: Row) -> Row:
    return [*row[:-1], bag(row[-1])]


QUERIES = {
    "check_cases": Query(
        lambda g, p: g.read("check_cases", **p), filtered, check_cases, ordered=True
    ),
    "check_matters": Query(
        lambda g, p: g.read("check_matters", **p), of_cases, check_matters, ordered=True
    ),
    "check_card": Query(lambda g, p: g.read("check_card", **p), of_cases, check_card, tidy_card),
    "check_events": Query(
        lambda g, p: g.read("check_events", **p), of_cases, check_events, last_bag
    ),
    "check_papers": Query(
        lambda g, p: g.read("check_papers", **p), of_cases, check_papers, tidy_papers
    ),
    "check_raised": Query(lambda g, p: g.read("check_raised", **p), of_cases, check_raised),
    "check_types": Query(
        lambda g, p: g.read("check_types", **p), of_sources, check_types, ordered=True
    ),
    "check_acts": Query(lambda g, p: g.read("check_acts", **p), of_sources, check_acts),
    "check_clocks": Query(lambda g, p: g.read("check_clocks", **p), of_cases, check_clocks),
    "clocks_due": Query(lambda g, p: g.read("clocks_due", **p), until_days, clocks_due),
    "check_batches": Query(
        lambda g, p: g.read("check_batches", **p), or_all, check_batches, last_bag
    ),
    "check_written": Query(
        lambda g, p: g.read("check_written", **p), of_cases, check_written, tidy_written
    ),
    "rule_hits": Query(
        lambda g, p: g.read("rule_hits", **p), by_day(of_rules), rule_hits, ordered=True
    ),
    "problem_card": Query(
        lambda g, p: g.read("problem_card", **p), of_problems, problem_card, last_bag
    ),
    "coverage_problems": Query(
        lambda g, p: g.read("coverage_problems", **p),
        or_all,
        coverage_problems,
        ordered=True,
    ),
    "coverage_fields": Query(
        lambda g, p: g.read("coverage_fields", **p), or_all, coverage_fields, ordered=True
    ),
}
WRITES = {
    *(f"touch_{name}" for name in ("cases", "parties", "properties", "corrections", "notices")),
    *("touch_leads", "touch_problems"),
    "close_problems",
    "note_checked",
}


def test_every_query_of_a_check_is_here() -> None:
    there = {p.stem: catalogue()[p.stem] for p in (cypher.ROOT / "checks").glob("*.cypher")}
    assert {name for name, q in there.items() if q.mode == "read"} == set(QUERIES)
    assert {name for name, q in there.items() if q.mode == "write"} == WRITES


def told(h: Held, name: str, params: Params) -> list[Row]:
    """The rows of a query in the form of its answer."""
    query = QUERIES[name]
    found = [query.form(as_lists(row)) for row in query.read(h.graph, params)]
    return found if query.ordered else bag(found)


def compared(h: Held, name: str) -> int:
    """Compare for everything that is asked; how many rows were expected."""
    query, rows = QUERIES[name], 0
    for params in query.asked(h):
        expected = as_lists(query.answer(h, **params))
        found = told(h, name, params)
        assert found == (expected if query.ordered else bag(expected)), (name, params)
        assert repr(found) == repr(expected if query.ordered else bag(expected)), (name, params)
        rows += len(expected)
    return rows


# -- the graphs --------------------------------------------------------------------------------


def nodes(folders: list[Path], early: str) -> Nodes:
    key = settings().home_dir / "pseudonym.key"
    return Nodes(folders, early, bytes.fromhex(key.read_text("ascii")))


@pytest.fixture(scope="module")
def tidy(world: Any) -> Held:
    """The session's world, which no check has written to."""
    graph, _, folder = world
    return Held(graph, nodes([folder], "2025-01-31"))


def some_clocks(n: Nodes) -> list[dict[str, Any]]:
    """Clocks on some cases, of a party or of the case itself."""
    draw = random.Random(5)
    rows = []
    for at, case in enumerate(draw.choices(n.of("Case"), k=70)):
        parties = n.naming("Party", "case", case)
        party = draw.choice([None, *(p.key for p in parties)])
        rule = draw.choice(["TL-020", "TL-060"])
        id_ = f"CK-{rule}-{at}"
        props = {
            "key": f"{case['source']}/{id_}",
            "id": id_,
            "source": case["source"],
            "rule": rule,
            "kind": draw.choice(["OWN", "EXT"]),
            "status": draw.choice(["MET", "LATE", "RUNNING", "UNKNOWN"]),
            "overdue": draw.random() < 0.5,
            "provisional": draw.random() < 0.2,
            "round": draw.randint(1, 3),
            "start_on": dt.date(2024, 1, 1) + dt.timedelta(days=draw.randrange(300)),
            "due_on": dt.date(2024, 6, 1) + dt.timedelta(days=draw.randrange(300)),
            **draw.choice([{}, {"ended_on": dt.date(2024, 9, 9)}]),
            "_hash": f"h{at}",
            "_batch": case["_batch"],
            "_row": case["_row"],
        }
        ends = {"case": case.key, "party": party, "limit": f"rulebook/{rule}"}
        rows.append({"key": props["key"], "props": props, **ends})
    return rows


@pytest.fixture(scope="module")
def odd(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """Random rows of two sources with the same ids, the first loaded again; and clocks."""
    base = tmp_path_factory.mktemp("odd")
    codes = {"DataRule": ("Q01", "Q04", "Q09"), "TimeLimit": ("TL-020", "TL-060", "TL-065")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(odd_package, "CODES", odd_package.CODES | codes)
        patch.setattr(odd_package, "OPEN", ("attr_channel", "attr_days"))
        folders = [
            odd_package.odd_package(base / "first", "one", 21),
            odd_package.odd_package(base / "second", "two", 22),
            odd_package.odd_package(base / "third", "one", 21, changed=23),
        ]
    for folder in folders:
        report = load(module_graph, folder)
        assert report.rejected == 0, (report.reject_file, report.tables)
    n = nodes(folders, "2024-07-31")
    held = Held(module_graph, n, some_clocks(n), touched_by(n))
    module_graph.write("create_clocks", rows=held.clocks)
    return held


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_in_the_world(tidy: Held, name: str) -> None:
    compared(tidy, name)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_in_random_rows(odd: Held, name: str) -> None:
    assert compared(odd, name), "nothing is expected"


def test_the_random_rows_hold_what_the_answers_tell(odd: Held) -> None:
    papers = check_papers(odd, odd.keys)
    assert all(any(row[at] for row in papers) for at in range(1, 6))
    assert any(e[-1] for _, events in check_events(odd, odd.keys) for e in events)
    written = check_written(odd, odd.keys)
    assert any(clocks for *_, clocks, _ in written)
    assert any(p[-1] for *_, problems in written for p in problems)
    assert any(p[3] for *_, problems in written for p in problems)
    statuses = {r[0] for p in of_rules(odd) for r in rule_hits(odd, **p)}
    assert statuses >= {"HIT", "CLOSED", "CONFIRMED"}
    last = max(b["batch"] for b in odd.n.batches)
    again = [key for key, batch in touched_by(odd.n).items() if batch == last]
    unchanged = [c for c in odd.cases if c["_batch"] < last]
    assert 0 < len(again) < len(odd.cases)
    assert any(c.key in again for c in unchanged)


def test_coverage_of_an_earlier_day(odd: Held) -> None:
    params = {"as_of": odd.n.early}
    assert told(odd, "coverage_problems", params) == coverage_problems(odd, **params)


# -- what is noted for the next check ----------------------------------------------------------


def spread(keys: Iterable[str]) -> list[str]:
    """Every third key, and one that is not there."""
    return [*sorted(keys)[::3], NOBODY]


def by_party(h: Held) -> dict[str, set[str]]:
    return {p.key: {case_key(p)} for p in h.n.of("Party")}


def by_property(h: Held) -> dict[str, set[str]]:
    return {o.key: {case_key(o)} for o in h.n.of("Property")}


def by_correction(h: Held) -> dict[str, set[str]]:
    return {c.key: of_correction(h.n, c) for c in h.n.of("Correction")}


def by_notice(h: Held) -> dict[str, set[str]]:
    return {o.key: of_notice(h.n, o) for o in h.n.of("Notice")}


TOUCHING: dict[str, Callable[[Held], dict[str, set[str]]]] = {
    "touch_cases": lambda h: {c.key: {c.key} for c in h.cases},
    "touch_parties": by_party,
    "touch_properties": by_property,
    "touch_corrections": by_correction,
    "touch_notices": by_notice,
    "touch_leads": lambda h: {x.key: set(x.refs.get("case", ())) for x in h.n.of("Lead")},
    "touch_problems": lambda h: {p.key: {case_key(p)} for p in h.n.of("Problem")},
}


@pytest.mark.parametrize(("name", "batch"), [(n, f"B{at:02d}") for at, n in enumerate(TOUCHING, 5)])
def test_what_a_batch_touched_is_seen_again(odd: Held, name: str, batch: str) -> None:
    owners = TOUCHING[name](odd)
    keys = spread(owners)
    reached = {case for key in keys[:-1] for case in owners[key]}
    assert 0 < len(reached) < len(odd.cases)
    odd.graph.write(name, keys=keys, batch=batch)
    odd.graph.write(name, keys=[NOBODY], batch="B99")
    odd.graph.write(name, keys=[], batch="B99")
    odd.touched |= dict.fromkeys(reached, batch)
    before = f"B{int(batch[1:]) - 1:02d}~"
    seen = {row[0] for row in told(odd, "check_cases", {"batch": before})}
    assert reached <= seen
    for asked in (before, batch, "B00001"):
        assert told(odd, "check_cases", {"batch": asked}) == check_cases(odd, batch=asked)


def test_a_case_is_seen_again_on_the_day_that_was_noted(odd: Held) -> None:
    keys = [c.key for c in odd.cases]
    first_day = dt.date(2024, 5, 1)
    rows: list[Params] = [
        {
            "key": key,
            "next": first_day + dt.timedelta(days=at % 7) if at % 3 else None,
            "tally": f'{{"kept": {{"Q01": {at}}}}}',
        }
        for at, key in enumerate(keys)
    ]
    odd.graph.write("note_checked", rows=[*rows, {"key": NOBODY, "next": first_day}])
    odd.following = {r["key"]: r["next"] for r in rows if r["next"]}
    odd.tallies = {r["key"]: r["tally"] for r in rows}
    assert compared(odd, "check_written")
    counts = []
    for day in (None, *(first_day + dt.timedelta(days=at) for at in (-1, 0, 3, 6))):
        params: Params = {"batch": "B99", "day": day}
        found = told(odd, "check_cases", params)
        assert found == check_cases(odd, **params)
        counts.append(len(found))
    assert counts[:2] == [0, 0] < counts[2:]
    assert counts == sorted(counts)
    odd.graph.write("note_checked", rows=[{"key": keys[1], "next": None, "tally": None}])
    del odd.following[keys[1]], odd.tallies[keys[1]]
    assert compared(odd, "check_written")
    assert [keys[1], matter_of(odd.cases[1]), odd.cases[1]["source"]] not in told(
        odd, "check_cases", {"batch": "B99", "day": dt.date(2024, 12, 31)}
    )


def test_a_closed_problem_stays_and_says_why(odd: Held) -> None:
    before = {row.label: row.n for row in odd.graph.read("count_nodes")}
    open_ = [p for p in odd.n.of("Problem") if p["rulebook"] and p["closed_on"] is None]
    some = open_[:: max(1, len(open_) // 4)]
    at = dt.datetime(2024, 8, 2, 1, 30, tzinfo=dt.UTC)
    rows: list[Params] = []
    for number, p in enumerate(some):
        moment: Params = {"closed": at, "closed_on": dt.date(2024, 8, 2), "closed_offset": 480}
        if number % 2:
            moment |= {"closed": None, "closed_offset": None}
        rows.append({"key": p.key, **moment, "reason": f"gone {number}", "hash": ""})
    odd.graph.write("close_problems", rows=[*rows, {**rows[0], "key": NOBODY}])
    for p, row in zip(some, rows, strict=True):
        p.props |= {
            k: row[k] for k in ("closed", "closed_on", "closed_offset") if row[k] is not None
        }
        p.props["closed_reason"] = row["reason"]
        odd.hashes[p.key] = ""
    assert {row.label: row.n for row in odd.graph.read("count_nodes")} == before
    stored = odd.graph.read("former_problems", keys=[p.key for p in some])
    for props in (row.props for row in stored):
        mine = odd.n.all["Problem", props["key"]]
        names = ("closed", "closed_on", "closed_offset", "closed_reason")
        assert [props.get(x) for x in names] == [mine[x] for x in names]
    for name in ("check_written", "check_raised", "rule_hits", "coverage_problems"):
        assert compared(odd, name)

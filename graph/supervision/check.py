"""The check (检查): clocks, gates, data rules and claims, and the problems that they raise.

A case is evaluated as a whole, on columns read once, together with the other cases of its matter.
What a check writes is compared with what is there, so that a second check changes nothing; a later
``as_of``, a new batch or a changed rule updates what it touches. A problem whose ground is gone is
closed, never deleted; what a person decided on a problem stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from graph.errors import InputError
from graph.rulebook import clock as clocks
from graph.rulebook import prepare, problem_types, terms
from graph.rulebook.clock import Clock, Written, date_of
from graph.rulebook.deadline import DeadlineRule
from graph.rulebook.law import (
    Book,
    ClockTerms,
    DataRule,
    GateTerms,
    TimeLimit,
    Variant,
    book,
)
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.facts import save_facts, store_facts
from graph.store.schema import NODE_TYPES, RULEBOOK
from graph.store.temporal import as_json, instant, moment_properties
from graph.store.transport import WHOLE_STORE
from graph.supervision import casefile, claims, duties
from graph.supervision.casefile import CaseFile, Party, Subject
from graph.supervision.duties import Tally

CASES = 1_000
"""Cases that are read, evaluated and written together."""
ROWS = 10_000
"""Rows of one write."""
RESULTS = ("MET", "LATE", "RUNNING", "UNKNOWN")
SCOPES = ("source", "unit", "type", "case")
CONDITION_TABLES = {
    "custody": "measures",
    "measure": "measures",
    "minor": "parties.minor",
    "property": "properties",
    "charge": "charges",
    "field": "card_fields",
}
TABLE_IDS = frozenset(f"{t.table}.{t.id}" for t in NODE_TYPES if t.table)
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Supply:
    """What a source could show: tables and columns, acts that it uses, groups of its nodes."""

    columns: frozenset[str]
    acts: frozenset[str]
    types: frozenset[str] = frozenset()
    batches: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    log: bool = False
    """A foreign log shows only the nodes that its profile maps."""

    @cached_property
    def groups(self) -> frozenset[str]:
        """Groups of nodes at which the source has events, and types of its cases."""
        return self.types | frozenset(a[:2] for a in self.acts)

    def shows(self, name: str) -> bool:
        """Whether the source could show a name of the rulebook's grammar."""
        what, of = terms.needed(name)
        if what == "act":
            return of in self.acts
        if what == "group":
            return name[:4] in self.acts if self.log else of in self.groups
        if what == "column":
            return of in self.columns and name[:2] in self.groups
        return not of or of in self.columns

    def has_table(self, name: str) -> bool:
        """Whether the table or column behind a name is supplied, whatever acts are used."""
        what, of = terms.needed(name)
        return what in {"act", "group", ""} or of in self.columns


@dataclass(frozen=True)
class Ticking:
    """A clock of a case: the limit, the subject and the round."""

    limit: TimeLimit
    kind: str
    subject: Subject
    clock: Clock

    @property
    def id(self) -> str:
        """Its id: code, subject and round."""
        party = self.subject.party
        return (
            f"CK-{self.limit.code}-{party.id if party else self.subject.case.id}.{self.clock.round}"
        )


@dataclass
class Finding:
    """A problem that a check finds: one breach, with all rules that state the duty."""

    id: str
    case: CaseFile
    party: Party | None
    type: str
    found: Written
    values: dict[str, Any]
    basis: tuple[str, ...]
    title: str
    node: str | None
    event: str = ""
    document: str = ""
    limits: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


@dataclass
class Result:
    """What the evaluation of a case gives."""

    case: CaseFile
    ticking: list[Ticking] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    unconfirmed: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    next: dt.date | None = None


class Rules:
    """The rulebook as one check uses it for one source."""

    def __init__(self, rules: Book, supply: Supply, day: dt.date) -> None:
        self.book, self.supply, self.day = rules, supply, day
        self.lacking: dict[str, tuple[str, ...]] = {}
        self.by_name: dict[str, list[tuple[TimeLimit, Variant]]] = defaultdict(list)
        self.gates: list[tuple[TimeLimit, GateTerms]] = []
        self.data_rules: list[DataRule] = []
        self.same: dict[str, list[str]] = defaultdict(list)
        self.not_in_force: list[dict[str, Any]] = []
        self.confirmed = {
            code: rules.status(code, day) == "confirmed"
            for code in (*rules.limits, *rules.data_rules)
        }
        for versions in rules.limits.values():
            for limit in versions:
                self._limit(limit)
        for rule_versions in rules.data_rules.values():
            for rule in rule_versions:
                self._data_rule(rule)

    def _limit(self, limit: TimeLimit) -> None:
        for variant in limit.variants:
            start, end = variant.stated.start, variant.stated.end
            lacking = [*self._lacks_any(end), *self._lacks_conditions(variant.when)]
            tabled = any(self.supply.has_table(n) for n in _flat(start))
            if not tabled:
                lacking.append(terms.needed(_flat(start)[0])[1])
            if not lacking:
                triggers = {*_flat(start), *(_flat(end) if variant.clock.proves else ())}
                for name in triggers:
                    self.by_name[name].append((limit, variant))
            elif not tabled or any(self.supply.shows(n) for n in _flat(start)):
                self.lacking[limit.code] = tuple(dict.fromkeys(lacking))
        gate = limit.entry.gate
        if gate is not None:
            lacking = self._gate_lacks(gate, limit.gate_when)
            if not lacking:
                self.gates.append((limit, gate))
            elif any(self.supply.shows(n) for n in _flat(gate.at or gate.count or "")):
                self.lacking[limit.code] = tuple(lacking)

    def _gate_lacks(self, gate: GateTerms, when: Sequence[terms.Condition]) -> list[str]:
        lacking = [n for need in gate.needs for n in self._lacks_any(need)]
        if gate.field and "card_fields" not in self.supply.columns:
            lacking.append("card_fields")
        return [*lacking, *self._lacks_conditions(when)]

    def _data_rule(self, rule: DataRule) -> None:
        for code in rule.entry.same:
            if rule.code not in self.same[code]:
                self.same[code].append(rule.code)
        if rule.entry.check is None:
            return
        if rule.gate is not None:
            lacking = self._gate_lacks(rule.gate, rule.when)
            asked = _flat(rule.gate.at or "")
        else:
            form = str(rule.entry.check["form"])
            lacking = [n for n in duties.NEEDS.get(form, ()) if n not in self.supply.columns]
            asked = _flat(str(rule.entry.check.get("at") or ""))
        if not lacking:
            self.data_rules.append(rule)
        elif not asked or any(self.supply.shows(n) for n in asked):
            self.lacking[rule.code] = tuple(lacking)

    def _lacks_any(self, point: str) -> list[str]:
        """What is missing where no name of a point could be shown."""
        flat = _flat(point)
        return [] if any(self.supply.shows(n) for n in flat) else [terms.needed(flat[0])[1]]

    def _lacks_conditions(self, when: Sequence[terms.Condition]) -> list[str]:
        found = []
        for c in when:
            if c.either:
                parts = [self._lacks_conditions((part,)) for part in c.either]
                found += parts[0] if all(parts) else []
            table = CONDITION_TABLES.get(c.word)
            if c.word == "recorded":
                table = next((t for n in c.what if (t := _table(n))), None)
            if table and not c.no and table not in self.supply.columns:
                found.append(table)
        return found

    # -- one case -----------------------------------------------------------------------------

    def judge(self, case: CaseFile, matter: Sequence[CaseFile]) -> Result:
        """Clocks and findings of a case among the cases of its matter."""
        result = Result(case)
        for per in ("case", "party"):
            for subject in duties.subjects(case, per):
                self._clocks(result, subject, per)
        for limit, gate in self.gates:
            tally = Tally()
            duties.gate(case, matter, gate, limit.gate_when, tally)
            self._breaches(result, limit, tally)
        for rule in self.data_rules:
            tally = Tally()
            if rule.gate is not None:
                duties.gate(case, matter, rule.gate, rule.when, tally)
            else:
                assert rule.entry.check is not None
                for found in duties.FORMS[rule.entry.check["form"]](case, matter, rule.entry.check):
                    tally.kept += found is None
                    if found is not None:
                        tally.breaches.append(found)
            self._breaches(result, rule, tally)
        ahead = [case.later] if case.later else []
        for t in result.ticking:
            if t.clock.result == "RUNNING" and not t.clock.overdue and t.clock.due is not None:
                ahead.append(max(date_of(t.clock.due), case.today) + clocks.DAY)
        result.next = min(ahead, default=None)
        return result

    def _clocks(self, result: Result, subject: Subject, per: str) -> None:
        seen: set[tuple[str, int]] = set()
        for name in subject.facts.points:
            for limit, variant in self.by_name.get(name, ()):
                mark = (limit.code, id(variant))
                if variant.stated.per != per or mark in seen:
                    continue
                seen.add(mark)
                for ticking in self.evaluated(limit, variant, subject):
                    result.ticking.append(ticking)
                    self._raise(result, ticking)

    def evaluated(
        self, limit: TimeLimit, variant: Variant, subject: Subject, *, explain: bool = False
    ) -> Iterator[Ticking]:
        """The clocks of one way in which a limit runs on a subject."""
        case, stated = subject.case, variant.stated
        if stated.groups and case.type not in stated.groups:
            return
        assert variant.clock.start is not None
        start = subject.first(variant.clock.start)
        if not subject.holds(variant.when, None if start is None else date_of(start.at)):
            return
        for found in clocks.clocks(
            variant.clock, subject.facts, case.as_of, case.zone, self.book.calendar, explain=explain
        ):
            began = date_of(found.start or found.end or case.today)
            if not self._governs(limit, began):
                if explain and not any(v.holds(began) for v in self.book.limits[limit.code]):
                    self.not_in_force.append(
                        {"rule": limit.code, "start": began, "valid_from": limit.valid_from}
                    )
                continue
            if stated.right and _not_used(stated, found):
                continue
            kind: str = limit.entry.kind
            if stated.deciding:
                decided = next(
                    (m.decided_by for m in subject.measures if m.id == found.started_by), None
                )
                kind = "OWN" if decided == "PROCURATORATE" else "EXT"
            yield Ticking(limit, kind, subject, found)

    def _governs(self, rule: TimeLimit | DataRule, day: dt.date) -> bool:
        """Whether this version of an entry was the one in force on a day."""
        versions: Sequence[TimeLimit | DataRule]
        versions = self.book.limits.get(rule.code) or self.book.data_rules[rule.code]
        holding = [v for v in versions if v.holds(day)]
        return bool(holding) and holding[-1] is rule

    def _raise(self, result: Result, t: Ticking) -> None:
        clock, limit, case = t.clock, t.limit, t.subject.case
        if t.kind != "OWN" or clock.found is None or instant(clock.found, case.zone) > case.as_of:
            return
        if not self.confirmed[limit.code]:
            result.unconfirmed[limit.code] += 1
            return
        values = {
            "start": clock.start,
            "due": clock.due,
            "ended": clock.end,
            "limit": limit.entry.limit,
        }
        if limit.overlay:
            values["set_by"] = limit.overlay
        who = t.subject.party.id if t.subject.party else case.id
        id_ = t.id
        if clock.fault == clocks.CONTRADICTING_DATES and clock.start and (clock.end or clock.due):
            other = clock.end or clock.due
            assert other is not None
            id_ = _contradiction(case, date_of(other), date_of(clock.start))
        elif clock.fault == clocks.MISSING_DATE:
            point = t.limit.variants[0].stated
            missing = point.start if clock.start is None else point.end
            id_ = f"CK-D01-{who}-{_flat(missing)[0]}"
        self._add(
            result,
            Finding(
                id_,
                case,
                t.subject.party,
                clock.fault or limit.entry.type or "P01",
                clock.found,
                values,
                limit.entry.basis,
                limit.entry.zh,
                _node(limit.entry.nodes, case),
                event=clock.ended_by or clock.started_by,
                limits=[limit.code],
                rules=list(self.same[limit.code]),
            ),
        )

    def _breaches(self, result: Result, rule: TimeLimit | DataRule, tally: Tally) -> None:
        if self._governs(rule, result.case.today):
            result.kept[rule.code] += tally.kept
        for b in tally.breaches:
            if not self._governs(rule, date_of(b.at)):
                continue
            result.broken[rule.code] += 1
            if instant(b.at, b.case.zone) > b.case.as_of:
                continue
            if not self.confirmed[rule.code]:
                result.unconfirmed[rule.code] += 1
                continue
            own = isinstance(rule, TimeLimit)
            who = b.party.id if b.party else b.case.id
            id_ = f"CK-{rule.code}-{who}" + (f".{b.part}" if b.part else "")
            if b.dates is not None:
                id_ = _contradiction(b.case, *b.dates)
            self._add(
                result,
                Finding(
                    id_,
                    b.case,
                    b.party,
                    b.type or rule.entry.type or "D01",
                    b.at,
                    dict(b.values),
                    rule.entry.basis,
                    rule.entry.zh,
                    _node(rule.entry.nodes, b.case),
                    event=b.event,
                    document=b.document,
                    limits=[rule.code] if own else [],
                    rules=list(self.same[rule.code]) if own else [rule.code],
                ),
            )

    def _add(self, result: Result, finding: Finding) -> None:
        """Add a finding; one breach that several rules state is one problem."""
        there = result.findings.setdefault(finding.id, finding)
        if there is not finding:
            there.limits = sorted({*there.limits, *finding.limits})
            there.rules = sorted({*there.rules, *finding.rules})


def _not_used(stated: ClockTerms, clock: Clock) -> bool:
    """Whether a power was not used: nothing yet, or what ended came before the measure was taken.

    A person may be detained only after the intake, which contradicts nothing.
    """
    later = stated.start.startswith("measure.") and clock.fault == clocks.CONTRADICTING_DATES
    return clock.result == "RUNNING" or later


def _flat(point: str) -> list[str]:
    return [name for choice in terms.names(point) for name in choice] if point else []


def _table(name: str) -> str | None:
    what, of = terms.needed(name)
    return of if what in {"table", "column"} else None


def _contradiction(case: CaseFile, earlier: dt.date, later: dt.date) -> str:
    return f"CK-D03-{case.id}-{earlier}-{later}"


def _node(nodes: Sequence[str], case: CaseFile) -> str | None:
    return next((n for n in nodes if n.startswith(case.type or "–")), nodes[0] if nodes else None)


def _disagreement(case: CaseFile, claim: claims.Claim) -> Finding | None:
    """The data problem where a source claims another state than what is recorded."""
    if claim.problem is None or claim.since is None:
        return None
    values = {"claimed": claim.claimed, "state": claim.state, "ended": claim.ended}
    return Finding(
        claim.problem, case, None, claims.TYPE, claim.since, values, (), claim.title, None
    )


# -- rows --------------------------------------------------------------------------------------


def _hash(content: Any) -> str:
    text = json.dumps(as_json(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def clock_row(t: Ticking, rulebook: str) -> dict[str, Any]:
    """A clock as ``load_clocks`` takes it."""
    case, clock, zone = t.subject.case, t.clock, t.subject.case.zone
    props: dict[str, Any] = {
        "rule": t.limit.code,
        "kind": t.kind,
        "status": clock.result,
        "overdue": clock.overdue,
        "provisional": clock.provisional,
        "round": clock.round,
    }
    for name, value in (("start", clock.start), ("due", clock.due), ("ended", clock.end)):
        if value is not None:
            props |= moment_properties(name, value, zone)
    targets = {
        "case": case.key,
        "party": t.subject.party.key if t.subject.party else None,
        "limit": f"{RULEBOOK}/{t.limit.code}",
    }
    return _row(t.id, case, props, targets, rulebook)


def problem_row(f: Finding, rulebook: str) -> dict[str, Any]:
    """A problem as ``load_problems`` takes it."""
    case = f.case
    source = case.source
    props: dict[str, Any] = {
        **moment_properties("found", f.found, case.zone),
        "known": instant(f.found, case.zone),
        "found_by": problem_types()[f.type].kind,
        "description": f.title,
        "values": json.dumps(as_json(f.values), ensure_ascii=False, sort_keys=True),
        "basis": "; ".join(f.basis),
    }
    targets = {
        "type": f"{RULEBOOK}/{f.type}",
        "case": case.key,
        "node": f.node and f"{RULEBOOK}/{f.node}",
        "event": f.event and f"{source}/{f.event}",
        "document": f.document and f"{source}/{f.document}",
        "party": f.party.key if f.party else None,
    }
    row = _row(f.id, case, props, targets, rulebook, [f.limits, f.rules])
    return row | {"limits": f.limits, "rules": f.rules}


def _row(
    id_: str,
    case: CaseFile,
    props: dict[str, Any],
    targets: dict[str, Any],
    rulebook: str,
    more: Any = None,
) -> dict[str, Any]:
    key = f"{case.source}/{id_}"
    fixed = {
        "key": key,
        "id": id_,
        "source": case.source,
        "rulebook": rulebook,
        "_hash": _hash([props, targets, more]),
        "_batch": case.batch,
        "_row": case.row,
    }
    return {"key": key, "props": {**props, **fixed}, **targets}


# -- the run -----------------------------------------------------------------------------------


class Counts:
    """Counts of clocks by rule and kind, of standing problems by kind of supervision, and of what
    gates and data rules kept, broke, and found without being confirmed."""

    PARTS = ("clocks", "standing", "kept", "broken", "unconfirmed")

    def __init__(self, stated: Mapping[str, Mapping[str, int]] | None = None) -> None:
        self.parts: dict[str, Counter[Any]] = {
            name: Counter(_keyed((stated or {}).get(name, {}))) for name in self.PARTS
        }

    def __getitem__(self, part: str) -> Counter[Any]:
        return self.parts[part]

    def clock(self, rule: str, kind: str, status: str, overdue: bool, provisional: bool) -> None:
        """Count a clock."""
        at = self.parts["clocks"]
        at[rule, kind, status] += 1
        at[rule, kind, "overdue"] += bool(overdue)
        at[rule, kind, "provisional"] += bool(provisional)

    def add(self, other: Counts) -> None:
        """Count in what ``other`` counts."""
        for name, counter in self.parts.items():
            counter.update(other[name])

    def take_away(self, other: Counts) -> None:
        """Count out what ``other`` counts."""
        for name, counter in self.parts.items():
            counter.subtract(other[name])

    def of(self, kind: str) -> Counter[str]:
        """The clocks of a kind by result, all rules together."""
        total: Counter[str] = Counter()
        for (_, its, result), n in self.parts["clocks"].items():
            if its == kind:
                total[result] += n
        return total

    def by_rule(self) -> dict[str, dict[str, int]]:
        """The clocks of each ``rule/kind`` by result."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for (rule, kind, result), n in sorted(self.parts["clocks"].items()):
            if n:
                found[f"{rule}/{kind}"][result] = n
        return dict(found)

    def told(self, codes: Iterable[str]) -> dict[str, dict[str, int]]:
        """How often gates or data rules were kept and broken."""
        kept, broken = self.parts["kept"], self.parts["broken"]
        return {
            code: {"kept": kept[code], "broken": broken[code]}
            for code in sorted(codes)
            if kept[code] or broken[code]
        }

    def stated(self) -> dict[str, dict[str, int]]:
        """As JSON holds them; :class:`Counts` takes them back."""
        return {
            name: {"/".join(k) if isinstance(k, tuple) else k: n for k, n in counter.items() if n}
            for name, counter in self.parts.items()
        }


def _keyed(stated: Mapping[str, int]) -> dict[Any, int]:
    return {tuple(k.split("/")) if "/" in k else k: n for k, n in stated.items()}


class Buffer:
    """Rows on their way into the graph, written in large portions."""

    def __init__(self, g: Graph, writes: bool) -> None:
        self._g, self._writes = g, writes
        self._rows: dict[str, list[Any]] = defaultdict(list)

    def add(self, query: str, rows: Iterable[Any]) -> None:
        """Put rows away; write them once there are enough."""
        if not self._writes:
            return
        waiting = self._rows[query]
        waiting.extend(rows)
        if len(waiting) >= ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting; nodes before what names them."""
        for query, rows in sorted(self._rows.items(), key=lambda item: item[0].startswith("link")):
            for at in range(0, len(rows), ROWS):
                part = rows[at : at + ROWS]
                if query.startswith("delete"):
                    self._g.write(query, keys=part)
                else:
                    self._g.write(query, rows=part)
        self._rows.clear()


class Check:
    """One run."""

    def __init__(
        self, g: Graph, as_of: dt.datetime, scope: Mapping[str, str], writes: bool
    ) -> None:
        self.g, self.as_of, self.scope = g, as_of, scope
        self.zone = settings().zone
        self.day = as_of.astimezone(self.zone).date()
        self.book = book()
        self.facts = store_facts(g)
        self.state: dict[str, Any] = self.facts.get("check", {})
        last = self.state.get("as_of")
        self.earlier = last is not None and as_of < dt.datetime.fromisoformat(last)
        self.writes = writes and not self.earlier
        self.buffer = Buffer(g, self.writes)
        self.now, self.before = Counts(), Counts()
        self.opened = self.closed = self.updated = 0
        self.changed: list[dict[str, Any]] = []
        self.evaluated = 0

    @cached_property
    def rules_key(self) -> str:
        """What the rules say on the day: version, and which entries are confirmed."""
        codes = (*self.book.limits, *self.book.data_rules)
        return _hash([self.book.version, {c: self.book.status(c, self.day) for c in codes}])

    def supplies(self) -> dict[str, Supply]:
        """What each source could show."""
        batches: dict[str, list[Any]] = defaultdict(list)
        for row in self.g.read("check_batches", source=self.scope.get("source")):
            batches[row.source].append(row)
        found = {}
        for source, rows in batches.items():
            columns: set[str] = set()
            for row in rows:
                # A log names its own columns; sheets and packages name tables and theirs.
                tables = not row.log or not TABLE_IDS.isdisjoint(row.supplied)
                columns |= set(row.supplied) if tables else {"cases", "events"}
            acts: set[str] = set()
            for row in self.g.read("check_acts", source=source):
                acts |= {row.node, f"{row.node}.{row.act or '-'}"}
                if row.act:
                    acts.add(f"*.{row.act}")
            found[source] = Supply(
                frozenset(columns),
                frozenset(acts),
                frozenset(r.type for r in self.g.read("check_types", source=source)),
                tuple(r.batch for r in rows),
                tuple(r.batch for r in rows if r.done),
                all(r.log for r in rows),
            )
        return found

    def run(self, progress: Progress | None = None) -> dict[str, Any]:
        """Evaluate what has to be, and write what differs."""
        started = time.perf_counter()
        if self.writes:
            prepare(self.g)
            self.facts["rulebook"] = self.book.version
        supplies = self.supplies()
        rules = {s: Rules(self.book, supply, self.day) for s, supply in supplies.items()}
        lacking = {s: sorted(r.lacking) for s, r in rules.items()}
        key = _hash([self.rules_key, lacking])
        whole = self.state.get("rules") == key and not self.state.get("open")
        known = self.state if whole and self.writes and "counts" in self.state else {}
        incremental = bool(known) and not self.scope
        if self.writes:
            # A check that is killed leaves this mark, and the next one counts everything anew.
            save_facts(self.g, self.facts | {"check": self.state | {"open": True}})
        for matters in self.chunks(str(known["batch"]) if incremental else None):
            self.chunk(matters, rules)
            if progress:
                progress("*", sum(len(m) for m in matters))
        self.buffer.flush()
        total = Counts(known.get("counts"))
        total.add(self.now)
        if known:
            total.take_away(self.before)
        if self.writes:
            latest = max((b for s in supplies.values() for b in s.done), default="")
            done = {"as_of": self.as_of.isoformat(), "batch": latest, "rules": key}
            self.facts["check"] = self.state | ({} if self.scope else done | {"open": False})
            if known or not self.scope:
                self.facts["check"]["counts"] = total.stated()
            save_facts(self.g, self.facts)
        shown = total if incremental else self.now
        return self.answer(shown, supplies, rules, incremental, time.perf_counter() - started)

    def chunks(self, batch: str | None) -> Iterator[list[list[tuple[str, str]]]]:
        """Cases to evaluate, (key, source), whole matters together."""
        asked: dict[str, Any] = {name: self.scope.get(name) for name in SCOPES}
        day = self.day if batch else None
        rows = [
            (r.matter, r.key, r.source)
            for r in self.g.stream(
                "check_cases", timeout=WHOLE_STORE, batch=batch, day=day, **asked
            )
        ]
        if self.scope and not rows:
            told = ",".join(f"{name}:{value}" for name, value in self.scope.items())
            raise InputError("check.empty", scope=told)
        if batch is not None or self.scope:
            keys = [key for _, key, _ in rows]
            for at in range(0, len(keys), ROWS):
                rows += [
                    (r.matter, r.key, r.source)
                    for r in self.g.read("check_matters", cases=keys[at : at + ROWS])
                ]
            rows = sorted(set(rows))
        chunk: list[list[tuple[str, str]]] = []
        size = 0
        for _, members in groupby(rows, key=lambda r: r[0]):
            matter = [(key, source) for _, key, source in members]
            chunk.append(matter)
            size += len(matter)
            if size >= CASES:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk

    def chunk(self, matters: list[list[tuple[str, str]]], rules: Mapping[str, Rules]) -> None:
        """Evaluate some matters and put what differs on its way."""
        keys = [key for matter in matters for key, _ in matter]
        files = casefile.read(self.g, keys, self.as_of, self.zone)
        there = {r.key: r for r in self.g.read("check_written", cases=keys)}
        stated: dict[str, list[Any]] = defaultdict(list)
        if self.same:
            for r in self.g.read("raised_by_deadlines", cases=keys):
                stated[r.case].append(r)
        claiming = {s for s, r in rules.items() if claims.COLUMNS & r.supply.columns}
        own = [key for matter in matters for key, source in matter if source in claiming]
        claimed = claims.of_cases(self.g, own, self.as_of) if own else claims.CaseClaims({}, {})
        for matter in matters:
            known = [files[key] for key, _ in matter if key in files]
            for case in known:
                self.evaluated += 1
                result = rules[case.source].judge(case, known)
                for claim in claimed.claims.get(case.key, ()):
                    if (disagreement := _disagreement(case, claim)) is not None:
                        result.findings[disagreement.id] = disagreement
                ahead = (result.next, claimed.ahead.get(case.key))
                result.next = min((day for day in ahead if day is not None), default=None)
                written = there[case.key]
                counters = {
                    "kept": result.kept,
                    "broken": result.broken,
                    "unconfirmed": result.unconfirmed,
                }
                tally = {name: dict(sorted(c.items())) for name, c in counters.items() if c}
                self.now.add(Counts(tally))
                self.before.add(Counts(json.loads(written.tally or "{}")))
                self.clocks(result, written.clocks)
                self.problems(result, written.problems, stated[case.key])
                noted = {"key": case.key, "next": result.next, "tally": json.dumps(tally)}
                self.buffer.add("note_checked", [noted])

    def clocks(self, result: Result, written: Sequence[Any]) -> None:
        """Write the clocks that are new or differ, delete those that are no more."""
        old = {key: (hash_, rest) for key, hash_, *rest in written}
        rows = {}
        for t in result.ticking:
            row = clock_row(t, self.book.version)
            rows[row["key"]] = row
            self.now.clock(
                t.limit.code, t.kind, t.clock.result, t.clock.overdue, t.clock.provisional
            )
        for _, rest in old.values():
            self.before.clock(*rest)
        new = [r for k, r in rows.items() if k not in old]
        differ = [r for k, r in rows.items() if k in old and old[k][0] != r["props"]["_hash"]]
        self.buffer.add("create_clocks", new)
        self.buffer.add("load_clocks", differ)
        self.buffer.add("delete_clocks", [k for k in old if k not in rows])

    @cached_property
    def same(self) -> dict[str, frozenset[str]]:
        """Deadline rules of profiles by key, with the codes that state the same duty."""
        stored = self.g.read("deadline_rules", source=self.scope.get("source"))
        rules = {r.key: DeadlineRule.model_validate_json(r.definition) for r in stored}
        return {key: frozenset(rule.same) for key, rule in rules.items() if rule.same}

    def take_over(
        self, findings: Iterable[Finding], written: Mapping[str, Any], stated: Sequence[Any]
    ) -> dict[str, set[str]]:
        """Take the id of a deadline's problem where it states the duty of a finding.

        Returns the deadline rules that raise each problem, by its key.
        """
        raised: dict[str, set[str]] = defaultdict(set)
        free: dict[str, set[str]] = defaultdict(set)
        for r in stated:
            if r.rule in self.same:
                raised[r.problem].add(r.rule)
                if not r.closed:
                    free[r.problem] |= self.same[r.rule]
        for f in sorted(findings, key=lambda f: f.id):
            key = f"{f.case.source}/{f.id}"
            codes = {*f.limits, *f.rules}
            if key in free:
                del free[key]
            elif key not in written:
                taken = next((p for p, same in sorted(free.items()) if same & codes), None)
                if taken is not None:
                    f.id = taken.split("/", 1)[1]
                    del free[taken]
        return raised

    def problems(self, result: Result, written: Sequence[Any], stated: Sequence[Any]) -> None:
        """Open, update and close problems."""
        old = {key: rest for key, *rest in written}
        raised = self.take_over(result.findings.values(), old, stated)
        rows = {}
        for f in result.findings.values():
            row = problem_row(f, self.book.version)
            rows[row["key"]] = row | {"deadlines": sorted(raised.get(row["key"], ()))}
            self.now["standing"][row["props"]["found_by"]] += 1
        for _, kind, closed, _, _ in old.values():
            self.before["standing"][kind] += not closed
        writes = []
        for key, row in rows.items():
            if key not in old:
                self.opened += 1
                writes.append(row)
                continue
            hash_, _, closed, _, disposed = old[key]
            self.compare(row, disposed)
            if hash_ != row["props"]["_hash"]:
                self.opened += closed
                self.updated += not closed
                writes.append(row)
        self.buffer.add("load_problems", writes)
        for column, name in (("limit", "limits"), ("rule", "rules"), ("deadline", "deadlines")):
            self.buffer.add(
                f"link_problems_raised_by_{column}",
                [
                    {
                        "key": row["key"],
                        "target": code if name == "deadlines" else f"{RULEBOOK}/{code}",
                        "_batch": row["props"]["_batch"],
                        "_row": row["props"]["_row"],
                    }
                    for row in writes
                    for code in row[name]
                ],
            )
        gone = [key for key, rest in old.items() if key not in rows and not rest[2]]
        self.closed += len(gone)
        moment = moment_properties("closed", self.as_of, self.zone)
        self.buffer.add(
            "close_problems",
            [
                {
                    "key": key,
                    **moment,
                    "reason": "所据事实已变，问题不再成立 / its ground is gone",
                    "hash": "",
                }
                for key in gone
            ],
        )

    def compare(self, row: dict[str, Any], disposed: Sequence[Any]) -> None:
        """Note a problem whose values are others than those that a person decided on."""
        now = row["props"]["values"]
        for status, values in disposed:
            if values is not None and values != now:
                was, is_ = json.loads(values), json.loads(now)
                self.changed.append(
                    {
                        "problem": row["props"]["id"],
                        "disposed_as": status,
                        "was": {k: v for k, v in was.items() if is_.get(k) != v},
                        "is": {k: v for k, v in is_.items() if was.get(k) != v},
                    }
                )

    def answer(
        self,
        counts: Counts,
        supplies: Mapping[str, Supply],
        rules: Mapping[str, Rules],
        incremental: bool,
        seconds: float,
    ) -> dict[str, Any]:
        """The result as the contract states it."""
        own, external = counts.of("OWN"), counts.of("EXT")
        missing = [
            {"source": s, "batch": b, "rule": code, "lacks": list(lacks)}
            for s, r in sorted(rules.items())
            for code, lacks in sorted(r.lacking.items())
            for b in supplies[s].batches
        ]
        standing = sum(counts["standing"].values())
        return {
            "as_of": self.as_of,
            "clocks": {name: own[name] for name in RESULTS},
            "overdue": own["overdue"],
            "provisional": own["provisional"],
            "not_supplied": len(missing),
            "external": {name: external[name] for name in (*RESULTS, "overdue", "provisional")},
            "problems": {
                "opened": self.opened,
                "closed": self.closed,
                "updated": self.updated,
                "unchanged": standing - self.opened - self.updated,
                "by_kind": {
                    k: counts["standing"][k] for k in ("PROCEDURAL", "SUBSTANTIVE", "DATA")
                },
            },
            "unconfirmed": {c: n for c, n in sorted(counts["unconfirmed"].items()) if n},
            "gates": counts.told(self.book.limits),
            "data_rules": counts.told(self.book.data_rules),
            "rules": counts.by_rule(),
            "missing": missing,
            "changed": self.changed,
            "written": self.writes,
            "earlier": self.earlier,
            "incremental": incremental,
            "cases": self.evaluated,
            "rulebook": self.book.version,
            "seconds": round(seconds, 3),
        }


def check(
    g: Graph,
    as_of: dt.date | dt.datetime | str | None = None,
    scope: str | None = None,
    *,
    write: bool = True,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Run all clocks, gates and data rules as of a day, and write clocks and problems.

    Where a source claims another state of a lead or problem than what is recorded, that is a data
    problem too (``D10``).
    ``scope`` is ``source:NAME``, ``unit:CODE``, ``type:PR`` or ``case:ID``. ``clocks`` counts own
    clocks by result, ``overdue`` is part of RUNNING, ``external`` counts those of other organs,
    ``not_supplied`` counts (batch, rule) that a source could not show. An ``as_of`` before the last
    written one reports and writes nothing. Raises InputError ``check.scope``, ``check.empty`` (no
    case is in it) or ``rules.faults``.
    """
    return Check(g, g.as_of(as_of), parse_scope(scope), write).run(progress)


def parse_scope(scope: str | None) -> dict[str, str]:
    """A scope as its parts. Raises InputError ``check.scope``."""
    if not scope:
        return {}
    found: dict[str, str] = {}
    for part in scope.split(","):
        name, colon, value = part.strip().partition(":")
        if name not in SCOPES or not colon or not value:
            raise InputError("check.scope", scope=scope, scopes=", ".join(f"{s}:…" for s in SCOPES))
        found[name] = value
    return found


def explain(
    g: Graph,
    case: str,
    rule: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    source: str | None = None,
    lang: str = "zh",
) -> dict[str, Any]:
    """Every clock of a case, with its due date explained step by step.

    ``set_by`` is the name of the overlay that states the limit, None for what is shipped. Raises
    InputError ``read.not_found``, ``read.ambiguous``, ``rules.unknown``, ``clock.none`` (the rule
    has no period) or ``clock.not_yet`` (the case was not recorded by then).
    """
    moment = g.as_of(as_of)
    key = g.resolve("Case", case, source)
    run = Check(g, moment, {"source": key.split("/", 1)[0]}, writes=False)
    if rule is not None:
        run.book.status(rule, run.day)
        if not any(limit.variants for limit in run.book.limits.get(rule, ())):
            raise InputError("clock.none", rule=rule)
    supply = run.supplies()[key.split("/", 1)[0]]
    rules = Rules(run.book, supply, run.day)
    file = casefile.read(g, [key], moment, run.zone).get(key)
    if file is None:
        raise InputError("clock.not_yet", case=key.split("/", 1)[1], as_of=run.day)
    shown = []
    for t in _explained(rules, file, rule):
        clock = t.clock
        days = None
        if clock.due is not None:
            until = date_of(clock.end) if clock.end else run.day
            days = (date_of(clock.due) - until).days
        shown.append(
            {
                "rule": t.limit.code,
                "title": {"zh": t.limit.entry.zh, "en": t.limit.entry.en},
                "party": t.subject.party.id if t.subject.party else None,
                "kind": t.kind,
                "status": clock.result,
                "overdue": clock.overdue,
                "provisional": clock.provisional,
                "confirmed": rules.confirmed[t.limit.code],
                "set_by": t.limit.overlay,
                "round": clock.round,
                "start": clock.start,
                "due": clock.due,
                "days": days,
                "ended": clock.end,
                "basis": run.book.basis_text(t.limit.entry.basis),
                "steps": [
                    {
                        "text": step[lang],
                        "date": step["date"] or None,
                        "basis": step["basis"] or None,
                        "zh": step["zh"],
                        "en": step["en"],
                    }
                    for step in clock.steps
                ],
            }
        )
    return {
        "as_of": moment,
        "case": key.split("/", 1)[1],
        "clocks": shown,
        "total": len(shown),
        "shown": len(shown),
        "truncated": False,
        "not_in_force": rules.not_in_force,
        "not_supplied": {c: list(lacks) for c, lacks in sorted(rules.lacking.items())},
        "rulebook": run.book.version,
    }


def _explained(rules: Rules, file: CaseFile, rule: str | None) -> Iterator[Ticking]:
    found: list[Ticking] = []
    for per in ("case", "party"):
        for subject in duties.subjects(file, per):
            for versions in rules.book.limits.values():
                for limit in versions:
                    if rule not in {None, limit.code} or limit.code in rules.lacking:
                        continue
                    for variant in limit.variants:
                        if variant.stated.per == per:
                            found += rules.evaluated(limit, variant, subject, explain=True)
    yield from sorted(found, key=lambda t: (t.limit.code, t.id))

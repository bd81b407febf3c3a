"""Deadlines: every clock of the store's rules with its result, and the problems they raise.

Late and overdue cases become procedural problems, faults of the data become data problems. The
moment at which a problem counts as found is that of the breach, so that the day of the question
changes nothing: asking twice, or as of another day, ends in the same graph.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from graph.errors import InputError
from graph.rulebook import nodes, problem_types
from graph.rulebook.clock import Clock, Facts, Occurrence, Written
from graph.rulebook.deadline import DeadlineRule, Outcome, evaluate
from graph.settings import settings
from graph.store.connection import Graph, Row
from graph.store.schema import RULEBOOK
from graph.store.temporal import as_json, instant, local_moment, moment_properties

State = Literal["OVERDUE", "LATE", "UNKNOWN", "RUNNING", "MET"]
STATES: tuple[State, ...] = get_args(State)
"""States of a clock in the order of a listing; ``OVERDUE`` is the overdue part of RUNNING."""
COUNTS = ("met", "late", "running", "overdue", "unknown", "not_supplied")
_CHUNK = 2_000


@dataclass(frozen=True)
class Rule:
    """A rule as the store holds it. ``missing`` are the batches that could not show it."""

    key: str
    source: str
    zh: str
    en: str
    terms: DeadlineRule
    missing: frozenset[str]
    node: str | None
    """Key of the node at which its problems are located."""

    @property
    def id(self) -> str:
        """Its short id."""
        return self.terms.id


@dataclass(frozen=True)
class CaseClock:
    """One clock of one case; ``case`` is the row of the case."""

    rule: Rule
    case: Row
    clock: Clock

    @property
    def state(self) -> State:
        """The result, with the overdue ones apart."""
        return "OVERDUE" if self.clock.overdue else self.clock.result

    @property
    def key(self) -> tuple[str, str]:
        """Keys of its rule and its case."""
        return self.rule.key, self.case.key

    @property
    def problem(self) -> str | None:
        """Id of the problem that it raises, None if it raises none."""
        if self.rule.terms.owner == "other" or self.clock.found is None:
            return None
        return f"DL-{self.rule.id}-{self.case.case}"

    def shown(self, problem: str | None) -> dict[str, Any]:
        """The clock as an answer holds it; ``problem`` is the one that it raises or joins."""
        clock = self.clock
        return {
            "rule": self.rule.id,
            "source": self.rule.source,
            "case": self.case.case,
            "result": clock.result,
            "overdue": clock.overdue,
            "owner": self.rule.terms.owner,
            "start": clock.start,
            "due": clock.due,
            "end": clock.end,
            "problem": problem,
            "explained": {lang: [step[lang] for step in clock.steps] for lang in ("zh", "en")},
            "evidence": {"batch": self.case.batch, "row": self.case.row},
        }


def deadlines(
    g: Graph,
    as_of: dt.date | dt.datetime | str | None = None,
    write: bool = True,
    limit: int = 100,
    *,
    source: str | None = None,
    rule: str | None = None,
    result: str | None = None,
) -> dict[str, Any]:
    """Evaluate the deadline rules of all sources, or of one, as of a day.

    ``rules`` counts clocks per rule (``overdue`` is part of ``running``; ``not_supplied`` counts
    batches without a column that could show it). ``clocks`` lists them, most pressing first, at
    most ``limit`` (0 = all), of one ``rule`` or ``result`` if asked. ``write`` puts the problems
    found up to that day into the graph, and closes those whose ground is gone (``closed``).
    Raises InputError ``deadlines.unknown_rule`` or ``deadlines.unknown_result``.
    """
    moment = g.as_of(as_of)
    rules = _rules(g, source)
    names = _names(rules)
    if rule is not None and rule not in {*names.values(), *names}:
        near = difflib.get_close_matches(rule, list(names.values()), 3, 0.4) or names.values()
        raise InputError("deadlines.unknown_rule", rule=rule, rules=", ".join(near) or "–")
    if result is not None and result.upper() not in STATES:
        raise InputError("deadlines.unknown_result", result=result, results=", ".join(STATES))
    # What is known by now decides whether a breach stands, so that a question about an earlier
    # day writes what a question about today would write.
    latest = max(moment, g.data_date() or moment)
    counts: dict[str, dict[str, int]] = {
        names[r.key]: dict.fromkeys(COUNTS, 0) | {"not_supplied": len(r.missing)} for r in rules
    }
    chosen: list[CaseClock] = []
    raised: list[CaseClock] = []
    grounds: dict[str, dict[str, bool]] = defaultdict(dict)
    for case, facts in _facts(g, rules):
        for each in rules:
            if each.source != case.props["source"] or case.batch in each.missing:
                continue
            found = _clock(each, case, facts, moment)
            if found is not None:
                count = counts[names[each.key]]
                count[found.clock.result.lower()] += 1
                count["overdue"] += found.clock.overdue
                asked = result is None or result.upper() in {found.state, found.clock.result}
                if asked and rule in {None, each.key, names[each.key]}:
                    chosen.append(found)
            if write:
                final = found if latest == moment else _clock(each, case, facts, latest)
                stands = final is not None and final.problem is not None
                grounds[case.key][f"{each.source}/DL-{each.id}-{case.case}"] = stands
                if final is not None and final.problem is not None and _known(final) <= moment:
                    raised.append(final)
    written = _write(g, raised, _joined(g, raised)) if write else 0
    closed = _close(g, grounds, latest)
    chosen.sort(
        key=lambda c: (names[c.rule.key], STATES.index(c.state), str(c.clock.due), c.case.key)
    )
    page = chosen[:limit] if limit else chosen
    joined = _joined(g, page)
    return {
        "as_of": moment,
        "rules": counts,
        "problems": len(raised),
        "written": written,
        "closed": closed,
        "total": len(chosen),
        "shown": len(page),
        "truncated": len(page) < len(chosen),
        "clocks": [
            c.shown(_short(joined[c.key]) if c.key in joined else c.problem)
            | {"rule": names[c.rule.key]}
            for c in page
        ],
        "evidence": {
            "queries": ["deadline_rules", "deadline_cases", "deadline_events"],
            "params": {"as_of": moment, "source": source},
            "titles": {names[r.key]: {"zh": r.zh, "en": r.en} for r in rules},
        },
    }


def breached(
    g: Graph, source: str, rule: str, as_of: dt.date | dt.datetime | str | None = None
) -> frozenset[str]:
    """Keys of the cases that ended after a deadline or are overdue.

    Raises InputError ``deadlines.unknown_rule``.
    """
    moment = g.as_of(as_of)
    rules = _rules(g, source)
    chosen = [r for r in rules if r.id == rule]
    if not chosen:
        known = ", ".join(r.id for r in rules) or "–"
        raise InputError("deadlines.unknown_rule", rule=rule, rules=known)
    found = (
        _clock(chosen[0], case, facts, moment)
        for case, facts in _facts(g, chosen)
        if case.batch not in chosen[0].missing
    )
    return frozenset(c.case.key for c in found if c and c.state in {"LATE", "OVERDUE"})


def outcome_cases(
    g: Graph, source: str, name: str, as_of: dt.date | dt.datetime | str | None = None
) -> frozenset[str]:
    """Keys of the cases of a named outcome of a source.

    Raises InputError ``deadlines.unknown_outcome``.
    """
    stored = {r.outcome: r for r in g.read("outcome_definitions", source=source)}
    if name not in stored:
        known = ", ".join(stored) or "–"
        raise InputError("deadlines.unknown_outcome", outcome=name, source=source, known=known)
    outcome = Outcome.model_validate_json(stored[name].definition)
    if outcome.missed is not None:
        return breached(g, source, outcome.missed, as_of)
    of, _, attribute = (outcome.attribute or "").partition(":")
    rows = g.stream(
        "outcome_members",
        source=source,
        activity=outcome.activity,
        attribute=f"attr_{attribute}" if attribute else None,
        values=[{"value": v} for v in outcome.values],
        of=of or "case",
        as_of=g.as_of(as_of),
    )
    return frozenset(str(r.case) for r in rows)


def outcome_activity(g: Graph, source: str, name: str) -> str | None:
    """The activity that is a named outcome of a source; None where it is told otherwise."""
    stored = {r.outcome: r for r in g.read("outcome_definitions", source=source)}
    return Outcome.model_validate_json(stored[name].definition).activity


def _rules(g: Graph, source: str | None) -> list[Rule]:
    """The rules in force: those of each source's latest profile."""
    stored = list(g.read("deadline_rules", source=source))
    latest: dict[str, str] = {}
    for row in stored:
        latest[row.source] = max(latest.get(row.source, ""), row.batch)
    columns: dict[str, list[Row]] = {
        name: list(g.read("deadline_batches", source=name)) for name in latest
    }
    current = []
    for row in stored:
        if row.batch == latest[row.source]:
            terms = DeadlineRule.model_validate_json(row.definition)
            current.append((row, terms, _own_node(row.source, terms)))
    named = sorted({own for *_, own in current if own})
    there = {r.key for r in g.read("known_process_nodes", keys=named)} if named else set()
    rules = []
    for row, terms, node in current:
        missing = frozenset(
            b.batch for b in columns[row.source] if not set(terms.attributes) <= set(b.supplied)
        )
        code = node.removeprefix(f"{row.source}/") if node else None
        if code in nodes() and node not in there:
            node = f"{RULEBOOK}/{code}"
        rules.append(Rule(row.key, row.source, row.zh, row.en, terms, missing, node))
    return rules


def _own_node(source: str, terms: DeadlineRule) -> str | None:
    """Key of the node of a rule among the source's own, whether it has one or not."""
    named = terms.node or terms.end.activity
    return None if named is None else f"{source}/{terms.nodes.get(named, named)}"


def _names(rules: list[Rule]) -> dict[str, str]:
    """Key of each rule to its id, or to its key where two sources have the id."""
    ids = [r.id for r in rules]
    return {r.key: r.id if ids.count(r.id) == 1 else r.key for r in rules}


def _facts(g: Graph, rules: list[Rule]) -> Iterator[tuple[Row, Facts]]:
    """Every case of the rules' sources, with all that is recorded for the rules."""
    for source in dict.fromkeys(r.source for r in rules):
        mine = [r.terms for r in rules if r.source == source]
        places = {c: p for terms in mine for c, p in terms.properties.items()}
        occurred: dict[str, dict[str, list[Occurrence]]] = defaultdict(lambda: defaultdict(list))
        zone = ZoneInfo(mine[0].zone)
        activities = sorted({a for terms in mine for a in terms.activities})
        if activities:
            for e in g.stream("deadline_events", source=source, activities=activities):
                at = local_moment(e.at, e.day, e.offset)
                occurred[e.case][f"activity:{e.activity}"].append(Occurrence(at, e.known))
        for case in g.stream("deadline_cases", source=source):
            dates = {
                f"attribute:{c}": [Occurrence(day, instant(day, zone))]
                for c, name in places.items()
                if (day := _read(case.props, name)) is not None
            }
            yield case, Facts({**occurred.get(case.key, {}), **dates})


def _read(props: Mapping[str, Any], name: str) -> Written | None:
    on = props.get(f"{name}_on")
    return None if on is None else local_moment(props.get(name), on, props.get(f"{name}_offset"))


def _clock(rule: Rule, case: Row, facts: Facts, as_of: dt.datetime) -> CaseClock | None:
    if case.known is not None and case.known > as_of:
        return None
    clock = evaluate(rule.terms, facts, as_of)
    return None if clock is None else CaseClock(rule, case, clock)


def _known(found: CaseClock) -> dt.datetime:
    """When the breach came to be."""
    assert found.clock.found is not None
    return instant(found.clock.found, ZoneInfo(found.rule.terms.zone))


def _short(problems: list[str]) -> str:
    return problems[0].split("/", 1)[1]


def _joined(g: Graph, clocks: Sequence[CaseClock]) -> dict[tuple[str, str], list[str]]:
    """Where a check raised the same duty on the same case: the keys of its standing problems."""
    asked = [c for c in clocks if c.rule.terms.same and c.problem is not None]
    cases = sorted({c.case.key for c in asked})
    standing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for at in range(0, len(cases), _CHUNK):
        part = cases[at : at + _CHUNK]
        sources = {key.split("/", 1)[1]: key.split("/", 1)[0] for key in part}
        for r in g.read("check_raised", cases=part):
            if not r.closed:
                source = sources[r.case]
                standing[f"{source}/{r.case}", r.rule].append(f"{source}/{r.problem}")
    found: dict[tuple[str, str], list[str]] = {}
    for c in asked:
        keys = sorted({k for code in c.rule.terms.same for k in standing[c.case.key, code]})
        if keys:
            found[c.key] = keys
    return found


def _problem(found: CaseClock) -> dict[str, Any]:
    """The problem that a clock raises, as a row of ``load_problems``."""
    rule, clock = found.rule, found.clock
    assert found.problem is not None
    assert clock.found is not None
    zone = ZoneInfo(rule.terms.zone)
    type_ = clock.fault or rule.terms.type
    if clock.fault:
        said = clock.steps[-1]["zh"]
    else:
        due = clock.due.isoformat(" ") if isinstance(clock.due, dt.datetime) else str(clock.due)
        said = f"{due} 届满，届满前未办结"
    props: dict[str, Any] = {
        **moment_properties("found", clock.found, zone),
        "known": instant(clock.found, zone),
        "found_by": problem_types()[type_].kind,
        "description": f"{rule.zh}：{said}",
    }
    targets = {
        "type": f"{RULEBOOK}/{type_}",
        "case": found.case.key,
        "node": rule.node,
    }
    content = json.dumps(as_json([props, targets, rule.key]), sort_keys=True, ensure_ascii=False)
    key = f"{rule.source}/{found.problem}"
    props |= {
        "key": key,
        "id": found.problem,
        "source": rule.source,
        "_hash": hashlib.sha256(content.encode()).hexdigest()[:32],
        "_batch": found.case.batch,
        "_row": found.case.row,
    }
    return {"key": key, "props": props, **targets}


def _write(
    g: Graph, clocks: Sequence[CaseClock], joined: Mapping[tuple[str, str], list[str]]
) -> int:
    """Write the problems that are new or say something else; how many there were.

    Where a check raised the same duty, its problem is the one: the rule joins those that raised
    it, and a problem of the rule's own that was written before is closed.
    """
    written = 0
    for at in range(0, len(clocks), _CHUNK):
        part = clocks[at : at + _CHUNK]
        own = [_problem(c) for c in part if c.key not in joined]
        known = {r.key: r.hash for r in g.read("known_problems", keys=[r["key"] for r in own])}
        new = [r for r in own if known.get(r["key"]) != r["props"]["_hash"]]
        if new:
            g.write("load_problems", rows=new)
        rules = {f"{c.rule.source}/{c.problem}": c.rule.key for c in part}
        links = [(r["key"], rules[r["key"]], r["props"]) for r in new]
        links += _links(g, [c for c in part if c.key in joined], joined)
        if links:
            g.write(
                "link_problems_raised_by_deadline",
                rows=[
                    {"key": k, "target": t, "_batch": p["_batch"], "_row": p["_row"]}
                    for k, t, p in links
                ],
            )
        written += len(links)
    return written


def _close(g: Graph, grounds: Mapping[str, Mapping[str, bool]], latest: dt.datetime) -> int:
    """Close the problems of rules whose ground is gone; how many there were.

    ``grounds`` tells by case and problem whether it still has one. A problem that a check took
    over is the check's to close.
    """
    gone = []
    cases = sorted(grounds)
    for at in range(0, len(cases), _CHUNK):
        for r in g.read("raised_by_deadlines", cases=cases[at : at + _CHUNK]):
            if not r.closed and not r.checked and not grounds[r.case].get(r.problem, True):
                gone.append(r.problem)
    moment = moment_properties("closed", latest, settings().zone)
    reason = "所据事实已变，问题不再成立 / its ground is gone"
    rows = [{"key": key, **moment, "reason": reason, "hash": ""} for key in dict.fromkeys(gone)]
    if rows:
        g.write("close_problems", rows=rows)
    return len(rows)


def _links(
    g: Graph, clocks: Sequence[CaseClock], joined: Mapping[tuple[str, str], list[str]]
) -> list[tuple[str, str, dict[str, Any]]]:
    """The problems of checks that a rule has yet to join; what they replace is closed."""
    if not clocks:
        return []
    cases = sorted({c.case.key for c in clocks})
    there = {(r.problem, r.rule): r for r in g.read("raised_by_deadlines", cases=cases)}
    links = []
    closing = []
    for c in clocks:
        own = f"{c.rule.source}/{c.problem}"
        for key in joined[c.key]:
            if (key, c.rule.key) not in there:
                links.append((key, c.rule.key, {"_batch": c.case.batch, "_row": c.case.row}))
        old = there.get((own, c.rule.key))
        if old is not None and not old.closed and own not in joined[c.key]:
            closing.append((own, _known(c), ZoneInfo(c.rule.terms.zone)))
    if closing:
        g.write(
            "close_problems",
            rows=[
                {
                    "key": key,
                    **moment_properties("closed", moment, zone),
                    "reason": "同一义务已由检查提出 / the check raised the same duty",
                    "hash": "",
                }
                for key, moment, zone in closing
            ],
        )
    return links

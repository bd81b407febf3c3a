"""Gates and data rules on one case: each form of the rulebook, and the breaches it finds.

A form is a function of a case file (and for rules across cases, of the files of its matter); it
gives the breaches with the values that show them. It decides nothing about status or writing.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.rulebook import terms
from graph.rulebook.clock import Occurrence, Written, date_of
from graph.rulebook.law import GateTerms
from graph.rulebook.terms import Condition
from graph.supervision.casefile import CaseFile, Document, Party, Subject, as_date

DECISION_NODES = frozenset({"AR08", "PR22"})
EARLIER_STAGES = {"PROSECUTION": ("TRANSFER", "ARREST"), "JUDGMENT": ("PROSECUTION",)}


@dataclass(frozen=True)
class Breach:
    """One breach on a case: where, when it came to be, and the values that show it.

    ``type`` overrides the rule's problem type; ``dates`` are the two dates that contradict, where
    that is the breach; ``part`` tells breaches of one rule on one party apart.
    """

    case: CaseFile
    party: Party | None
    at: Written
    values: Mapping[str, Any]
    event: str = ""
    document: str = ""
    type: str | None = None
    part: str = ""
    dates: tuple[dt.date, dt.date] | None = None


@dataclass
class Tally:
    """How many subjects a rule was asked of and how many it found in order."""

    kept: int = 0
    breaches: list[Breach] = field(default_factory=list)


def moments(subject: Subject, text: str) -> list[Occurrence]:
    """Every known moment of a point in order of time."""
    for names in terms.names(text):
        found = {
            (o.ref, o.at): o
            for name in names
            for o in subject.facts.points.get(name, ())
            if o.known <= subject.case.as_of
        }
        if found:
            return sorted(found.values(), key=lambda o: (date_of(o.at), o.known, o.ref))
    return []


def subjects(case: CaseFile, per: str) -> Sequence[Subject]:
    """The parties, or the case itself."""
    return case.subjects if per == "party" else (case.whole,)


def gate(
    case: CaseFile,
    matter: Sequence[CaseFile],
    g: GateTerms,
    when: Sequence[Condition],
    tally: Tally,
) -> None:
    """A gate, or a data rule that has the form of one."""
    if g.count is not None:
        _count(case, matter, g, tally)
        return
    assert g.at is not None
    for subject in subjects(case, g.per):
        at = moments(subject, g.at)
        if not at or not subject.holds(when, date_of(at[0].at)):
            continue
        broken = list(_gate_breaches(subject, matter, g, at))
        tally.kept += not broken
        tally.breaches += broken


def _count(case: CaseFile, matter: Sequence[CaseFile], g: GateTerms, tally: Tally) -> None:
    assert g.count is not None
    assert g.max is not None
    over = matter if g.over == "matter" else (case,)
    dated = sorted({(date_of(o.at), f.key, o.ref) for f in over for o in moments(f.whole, g.count)})
    days = sorted({day for day, _, _ in dated})
    mine = [(day, ref) for day, key, ref in dated if key == case.key]
    if not mine:
        return
    beyond = [(day, ref) for day, ref in mine if days.index(day) >= g.max]
    if not beyond:
        tally.kept += 1
        return
    day, ref = beyond[0]
    values = {"count": len(days), "max": g.max, "dates": days}
    tally.breaches.append(Breach(case, None, day, values, event=ref))


def _gate_breaches(
    subject: Subject, matter: Sequence[CaseFile], g: GateTerms, at: Sequence[Occurrence]
) -> Iterator[Breach]:
    case, first = subject.case, at[0]
    base = {"at": first.at, "event": first.ref}
    if g.forbidden:
        yield Breach(case, subject.party, first.at, base, event=first.ref)
        return
    if g.field is not None:
        stated = next((f.value for f in subject.fields if f.field == g.field and f.value), None)
        number = _number(stated)
        low, high = g.from_, g.to
        if number is not None and not (
            (low is None or low <= number) and (high is None or number <= high)
        ):
            values = base | {"field": g.field, "value": stated, "from": low, "to": high}
            yield Breach(case, subject.party, first.at, values, event=first.ref)
        return
    for number_, need in enumerate(g.needs):
        type_ = g.types[number_] if number_ < len(g.types) else None
        part = str(number_) if len(g.needs) > 1 else ""
        for moment in at if _by_document(need) and g.per == "case" else at[:1]:
            if not _met(subject, matter, g, need, moment, at):
                values = {"at": moment.at, "event": moment.ref, "needs": need}
                more = part if moment is first else f"{part}@{date_of(moment.at)}"
                yield Breach(
                    case,
                    subject.party,
                    moment.at,
                    values,
                    event=moment.ref,
                    type=type_,
                    part=more,
                )


def _by_document(need: str) -> bool:
    return all(name.startswith("doc ") for name in need.split(" + "))


def _met(
    subject: Subject,
    matter: Sequence[CaseFile],
    g: GateTerms,
    need: str,
    moment: Occurrence,
    at: Sequence[Occurrence],
) -> bool:
    """Whether a need was there on or before the day of a moment."""
    day = date_of(moment.at)
    last = day
    if g.earlier:
        limit = terms.length(g.earlier)
        last = day - limit.n * dt.timedelta(days=1)
    for name in need.split(" + "):
        table, _, what = name.partition(" ")
        if table == "doc":
            if _document(subject.case, matter if g.over == "matter" else (), g, what, moment, at):
                return True
        elif table in {"participant", "field"}:
            if subject.recorded(name):
                return True
        elif any(
            date_of(o.at) <= last and o.known <= subject.case.as_of
            for o in subject.facts.points.get(name, ())
        ):
            return True
    return False


def _document(
    case: CaseFile,
    matter: Sequence[CaseFile],
    g: GateTerms,
    template: str,
    moment: Occurrence,
    at: Sequence[Occurrence],
) -> bool:
    """Whether a document of a template proves a moment: linked to it, or signed by its day."""
    files = matter or (case,)
    found = [d for f in files for d in f.documents if d.template == template]
    if any(moment.ref and moment.ref in d.events for d in found):
        return True
    refs = {o.ref for o in at}
    free = [d for d in found if not refs & set(d.events)]
    day = date_of(moment.at)
    by_then = [d for d in free if d.signed is None or d.signed <= day]
    if g.per == "party" or len(at) == 1:
        return bool(by_then)
    linked = {r for d in found for r in d.events}
    unlinked = [o for o in at if o.ref not in linked and date_of(o.at) <= day]
    return len(by_then) >= len(unlinked)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


# -- forms of data rules -----------------------------------------------------------------------

Form = Callable[[CaseFile, Sequence[CaseFile], Mapping[str, Any]], Iterator[Breach | None]]
"""Gives None for every subject in order, and a breach for every one that is not."""


def order(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """The first dates of the points do not go backwards."""
    found = []
    for text in check["points"]:
        at = moments(case.whole, text)
        if at:
            found.append((text, at[0]))
    if len(found) < 2:
        return
    broken = False
    for (before, a), (after, b) in itertools.pairwise(found):
        one, other = date_of(a.at), date_of(b.at)
        if one > other:
            broken = True
            values = {"before": before, "after": after, "dates": [one, other]}
            yield Breach(case, None, b.at, values, event=b.ref, part=after, dates=(other, one))
    if not broken:
        yield None


def recorded(
    case: CaseFile, _matter: Sequence[CaseFile], _check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """No event is recorded before it happened."""
    for e in case.events:
        if e.recorded is not None:
            if e.on > e.recorded:
                values = {"occurred": e.on, "recorded": e.recorded}
                yield Breach(case, None, e.recorded, values, event=e.id, part=e.id)
            else:
                yield None


def age(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """The minor flag is that of the age at the act."""
    for party in case.parties:
        own = {f.field: f for f in case.fields if f.party == party.key and f.value}
        if check["birth"] not in own or check["act"] not in own or party.minor is None:
            continue
        birth, act = (as_date(own[check[n]].value) for n in ("birth", "act"))
        if birth is None or act is None:
            continue
        minor = _years(birth, act) < 18
        if minor == party.minor:
            yield None
            continue
        values = {"birth": birth, "act": act, "minor": party.minor}
        yield Breach(case, party, _entered(case, own[check["birth"]].entered), values)


def _years(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _entered(case: CaseFile, moment: dt.datetime | None) -> Written:
    if moment is not None:
        return moment.astimezone(case.zone)
    return case.accepted or case.today


def no_overlap(
    case: CaseFile, _matter: Sequence[CaseFile], _check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A party is under one measure at a time."""
    for party in case.parties:
        if not party.measures:
            continue
        broken = False
        for a, b in zip(party.measures, party.measures[1:], strict=False):
            if a.start < b.start and (a.end is None or b.start < a.end):
                broken = True
                values = {"measures": [a.id, b.id], "from": b.start, "until": a.end}
                yield Breach(case, party, b.start, values, part=b.id)
        if not broken:
            yield None


def decisive(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """The outcome has its document."""
    by_key = {p.key: p for p in case.parties}
    there = {d.template for d in case.documents}
    for e in case.events:
        wanted = check["documents"].get(e.act) if e.node == check["at"] else None
        if wanted is None:
            continue
        if there & set(wanted):
            yield None
        else:
            values = {"outcome": e.act, "needs": list(wanted)}
            party = by_key.get(e.party) if e.party else None
            yield Breach(case, party, e.at, values, event=e.id)


def closed(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A decided case has both its outcome and its date."""
    nodes = set(check["at"].split(" + "))
    decided = [e for e in case.events if e.node in nodes]
    everyone = any(e.party is None for e in decided) or (
        bool(case.parties) and {p.key for p in case.parties} <= {e.party for e in decided}
    )
    if (case.closed is None) != (case.outcome is None) or (everyone and case.closed is None):
        last = decided[-1] if decided else None
        values = {"closed": case.closed, "outcome": case.outcome, "decided": everyone}
        at = last.at if last else case.closed or case.accepted or case.today
        yield Breach(case, None, at, values, event=last.id if last else "")
    elif case.closed is not None:
        yield None


def charged(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """Every party has a charge."""
    at = next((e for e in case.events if e.node == check["at"]), None)
    if at is None:
        return
    for party in case.parties:
        yield (None if party.charges else Breach(case, party, at.at, {"charges": 0}, event=at.id))


def every_party(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """In a closed case every party has its decision."""
    decided = [e for e in case.events if e.node == check["at"]]
    if case.closed is None or not decided or not case.parties:
        return
    if any(e.party is None for e in decided):
        yield None
        return
    has = {e.party for e in decided}
    without = [p for p in case.parties if p.key not in has]
    if not without:
        yield None
    for party in without:
        values = {"parties": len(case.parties), "decided": len(has)}
        yield Breach(case, party, case.closed, values)


def charge_changed(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A changed charge has its field."""
    for subject in case.subjects:
        if subject.party is None:
            continue
        stages = _codes(subject.party)
        before, after = stages["TRANSFER"], stages["PROSECUTION"]
        if not before or not after or before == after:
            continue
        if subject.recorded(f"field {check['field']}"):
            yield None
        else:
            values = {"transfer": sorted(before), "prosecution": sorted(after)}
            yield Breach(case, subject.party, case.closed or case.today, values)


def _codes(party: Party) -> dict[str, set[str]]:
    stages: dict[str, set[str]] = defaultdict(set)
    for code, stage in party.charges:
        if code and stage:
            stages[stage].add(code)
    return stages


def map_(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A value of one field goes with one value of another."""
    for subject in case.subjects:
        own = {f.field: f for f in subject.fields if f.value}
        one, other = own.get(check["field"]), own.get(check["to"])
        if one is None or other is None or one.value not in check["values"]:
            continue
        wanted = check["values"][one.value]
        if other.value == wanted:
            yield None
        else:
            values = {one.field: one.value, other.field: other.value, "expected": wanted}
            yield Breach(case, subject.party, _entered(case, other.entered), values)


def adopted(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """The adoption flag is what the proposal and the judgment say."""
    for subject in case.subjects:
        own = {f.field: f for f in subject.fields if f.value}
        if not {check[n] for n in ("flag", "least", "most", "given")} <= set(own):
            continue
        least, most, given = (_number(own[check[n]].value) for n in ("least", "most", "given"))
        if least is None or most is None or given is None:
            continue
        flag = own[check["flag"]]
        if (flag.value == "是") == (least <= given <= most):
            yield None
        else:
            values = {"flag": flag.value, "least": least, "most": most, "given": given}
            yield Breach(case, subject.party, _entered(case, flag.entered), values)


def same_person(
    case: CaseFile, matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """One person has one value of a field in all cases of the matter."""
    for party in case.parties:
        mine = _field(case, party, check["field"])
        if mine is None or party.identity is None:
            continue
        others = [
            value
            for other in matter
            if other.key < case.key
            for p in other.parties
            if p.identity == party.identity
            and (value := _field(other, p, check["field"])) is not None
        ]
        if not others:
            continue
        if all(value == mine for value in others):
            yield None
        else:
            values = {"field": check["field"], "here": mine, "elsewhere": sorted(set(others))}
            yield Breach(case, party, case.accepted or case.today, values)


def _field(case: CaseFile, party: Party, name: str) -> str | None:
    found = (f.value for f in case.fields if f.party == party.key and f.field == name and f.value)
    return next(found, None)


def charges_traceable(
    case: CaseFile, matter: Sequence[CaseFile], _check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A later charge is one of an earlier stage, unless the change is recorded."""
    changed = any(e.node == "PR34" for e in case.events)
    for subject in case.subjects:
        party = subject.party
        if party is None:
            continue
        same = [
            p
            for f in matter
            for p in f.parties
            if p.key == party.key or (party.identity and p.identity == party.identity)
        ]
        known: dict[str, set[str]] = defaultdict(set)
        for p in same:
            for stage, codes in _codes(p).items():
                known[stage] |= codes
        asked = False
        for stage, earlier in EARLIER_STAGES.items():
            mine = _codes(party)[stage]
            before = set().union(*(known[s] for s in earlier))
            if not mine or not before:
                continue
            asked = True
            new = mine - before
            recorded_ = changed or subject.recorded("field 改变移送审查起诉认定情形")
            if new and not recorded_:
                asked = False
                values = {"stage": stage, "new": sorted(new), "earlier": sorted(before)}
                yield Breach(case, party, case.closed or case.today, values, part=stage)
        if asked:
            yield None


def unique(
    case: CaseFile, matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """At most one case of the matter was at the node; the later one is the breach."""
    mine = next((e for e in case.events if e.node == check["at"]), None)
    if mine is None:
        return
    before = [
        f.id for f in matter if f.key < case.key and any(e.node == check["at"] for e in f.events)
    ]
    yield Breach(case, None, mine.at, {"also": before}, event=mine.id) if before else None


def balance(
    case: CaseFile, _matter: Sequence[CaseFile], _check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """Property that leaves or was listed was stored."""
    decided = any(e.node == "PR22" for e in case.events)
    for id_, movements in case.properties:
        days: dict[str, list[dt.date]] = defaultdict(list)
        for kind, day in movements:
            days[kind].append(day)
        stored = min(days["STORED"], default=None)
        out = min(days["OUT"], default=None)
        if out is not None and (stored is None or stored > out):
            yield Breach(case, None, out, {"property": id_, "out": out, "stored": stored}, part=id_)
        elif days["LISTED"] and stored is None and decided:
            listed = min(days["LISTED"])
            values = {"property": id_, "listed": listed, "stored": None}
            yield Breach(case, None, listed, values, part=id_)
        elif movements:
            yield None


def handler(
    case: CaseFile, _matter: Sequence[CaseFile], _check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """The handler belongs to the department that handles the case."""
    if case.department is None or case.handler_department is None:
        return
    if case.department == case.handler_department:
        yield None
    else:
        values = {"department": case.department, "handler_in": case.handler_department}
        yield Breach(case, None, case.accepted or case.today, values)


def edited(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A later value of a key field has its basis and approval."""
    groups: dict[tuple[str | None, str], list[Any]] = defaultdict(list)
    for f in case.fields:
        if f.field in check["fields"]:
            groups[f.party, f.field].append(f)
    by_key = {p.key: p for p in case.parties}
    for (party, name), values_ in groups.items():
        values_.sort(key=lambda f: (f.entered is not None, f.entered, f.value))
        later = [b for a, b in itertools.pairwise(values_) if a.value != b.value]
        bare = [f for f in later if not (f.basis and f.approved_by)]
        if later and not bare:
            yield None
        for f in bare:
            values = {"field": name, "value": f.value}
            yield Breach(
                case,
                by_key.get(party) if party else None,
                _entered(case, f.entered),
                values,
                part=f"{name}@{f.value}",
            )


def signed(
    case: CaseFile, _matter: Sequence[CaseFile], _check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A document is signed on or after its decision, and served on or after it was signed."""
    decisions = {e.id: e for e in case.events if e.node in DECISION_NODES}
    for d in case.documents:
        if d.signed is None:
            continue
        found = list(_wrong_order(d, decisions))
        if not found:
            yield None
        for one, other, names in found:
            values = {"document": d.id, names[0]: one, names[1]: other}
            yield Breach(case, None, other, values, document=d.id, part=d.id, dates=(other, one))


def _wrong_order(
    d: Document, decisions: Mapping[str, Any]
) -> Iterator[tuple[dt.date, dt.date, tuple[str, str]]]:
    assert d.signed is not None
    if d.served is not None and d.signed > d.served:
        yield d.signed, d.served, ("signed", "served")
    for id_ in d.events:
        if id_ in decisions and decisions[id_].on > d.signed:
            yield decisions[id_].on, d.signed, ("decided", "signed")


def not_public(
    case: CaseFile, _matter: Sequence[CaseFile], check: Mapping[str, Any]
) -> Iterator[Breach | None]:
    """A case with a minor is not marked public."""
    if not any(p.minor for p in case.parties):
        return
    flag = next((f for f in case.fields if f.field == check["field"] and f.value), None)
    if flag is not None:
        values = {flag.field: flag.value}
        entered = _entered(case, flag.entered)
        yield Breach(case, None, entered, values) if flag.value == "是" else None


FORMS: Mapping[str, Form] = {
    "order": order,
    "recorded": recorded,
    "age": age,
    "no_overlap": no_overlap,
    "decisive": decisive,
    "closed": closed,
    "charged": charged,
    "every_party": every_party,
    "charge_changed": charge_changed,
    "map": map_,
    "adopted": adopted,
    "same_person": same_person,
    "charges_traceable": charges_traceable,
    "unique": unique,
    "balance": balance,
    "handler": handler,
    "edited": edited,
    "signed": signed,
    "not_public": not_public,
}
"""Every form that a data rule may name, besides ``gate``."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "recorded": ("events.recorded",),
    "age": ("card_fields", "parties.minor"),
    "no_overlap": ("measures",),
    "decisive": ("documents", "events.outcome"),
    "closed": ("cases.closed", "cases.outcome"),
    "charged": ("charges",),
    "every_party": ("cases.closed", "parties"),
    "charge_changed": ("charges.stage",),
    "map": ("card_fields",),
    "adopted": ("card_fields",),
    "same_person": ("card_fields", "cases.matter", "parties.identity"),
    "charges_traceable": ("charges.stage",),
    "unique": ("cases.matter",),
    "balance": ("property_movements",),
    "handler": ("cases.handler", "cases.department", "persons.department"),
    "edited": ("card_fields",),
    "signed": ("documents",),
    "not_public": ("card_fields", "parties.minor"),
}
"""Tables and columns without which a form can show nothing."""

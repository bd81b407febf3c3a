"""One linter for the whole rulebook: every fault with its file, entry and field, all at once.

What depends on today's date (a calendar year about to be missing, an overlay that has expired) is
a notice, never a fault.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, get_args

from graph.errors import InputError
from graph.rulebook import model, terms
from graph.rulebook.law import (
    FORM_TERMS,
    FORMS,
    NO_BASIS,
    Book,
    DataRule,
    Entry,
    Fault,
    GateTerms,
    TimeLimit,
    nearest,
    overlay_folders,
    read,
    rules_dir,
)
from graph.rulebook.model import status_of

LIMIT = re.compile(r"(?<![\d.])(\d+)(?:/(\d+))?\s*(hours?|days?|working days?|months?|years?)")
SOON = dt.timedelta(days=92)
"""How long before the end of what is known a notice says so."""


def lint(book: Book | None = None, today: dt.date | None = None) -> dict[str, Any]:
    """Faults, notices, and for every rule its status and whether a check can decide it.

    ``entries`` counts all rules; ``rules`` are limits, gates, data rules, indicators and problem
    types with ``code, family, status, executable, why``.
    """
    rules = book or read()
    notices = list(_notices(rules, today or dt.datetime.now().astimezone().date()))
    listed = list(_rules(rules))
    return {
        "entries": len(listed),
        "executable": sum(r["executable"] for r in listed),
        "rules": listed,
        "faults": list(rules.faults),
        "notices": notices,
        "version": rules.version,
    }


def _rules(book: Book) -> Iterator[dict[str, Any]]:
    for code, limits in book.limits.items():
        last = limits[-1]
        family = "gate" if last.entry.gate else "limit"
        yield _rule(code, family, last.entry, last.executable)
    for code, versions in book.data_rules.items():
        yield _rule(code, "data rule", versions[-1].entry, executable(book, versions[-1]))
    for code, indicator in model.indicators().items():
        yield {
            "code": code,
            "family": "indicator",
            "status": status_of(indicator.mark),
            "executable": bool(indicator.predicates) or code == "I01",
            "why": getattr(indicator, "why", None),
        }
    raised = raising(book)
    for code, type_ in model.problem_types().items():
        yield {
            "code": code,
            "family": "problem type",
            "status": type_.status,
            "executable": bool(raised.get(code)),
            "why": None if raised.get(code) else _not_raised(book, code),
        }


def _not_raised(book: Book, type_: str) -> dict[str, str]:
    """Why no check raises a problem type."""
    every = (*book.limits.items(), *book.data_rules.items())
    naming = ", ".join(code for code, versions in every if versions[-1].entry.type == type_)
    if not naming:
        return {"zh": "由人发现，没有规则能判定", "en": "found by people; no rule decides it"}
    return {
        "zh": f"写明它的 {naming} 只供查阅，或是其他机关的期限，或由同一义务的条目提出问题",
        "en": f"named by {naming} alone: shown for attention, another organ's period, or a duty "
        "for which another entry raises the problem",
    }


def _rule(code: str, family: str, entry: Entry, can: bool) -> dict[str, Any]:
    return {
        "code": code,
        "family": family,
        "status": entry.status or status_of(entry.mark),
        "executable": can,
        "why": entry.why.model_dump() if entry.why else None,
    }


def executable(book: Book, rule: DataRule) -> bool:
    """Whether a check can decide a data rule, by itself or through a limit of the same duty."""
    if rule.entry.check is not None:
        return True
    return any(book.limits[c][-1].executable for c in rule.entry.same if c in book.limits)


def raising(book: Book) -> dict[str, list[str]]:
    """Problem type to the executable own rules that raise it."""
    found: dict[str, list[str]] = {"D01": [], "D03": []}
    for code, limits in book.limits.items():
        entry = limits[-1].entry
        if not limits[-1].executable or entry.kind == "EXT":
            continue
        types = {entry.type, *(entry.gate.types if entry.gate else ())}
        for type_ in types - {None}:
            found.setdefault(str(type_), []).append(code)
        if entry.clock:
            found["D01"].append(code)
            found["D03"].append(code)
    for code, versions in book.data_rules.items():
        if versions[-1].entry.check is not None and versions[-1].entry.type:
            found.setdefault(versions[-1].entry.type, []).append(code)
    return found


# -- faults ------------------------------------------------------------------------------------


def _fault(entry: Any, field: str, zh: str, en: str) -> Fault:
    return Fault(entry.file, entry.code, field, {"zh": zh, "en": en})


def faults(book: Book) -> Iterator[Fault]:
    """The faults that show once everything is read; :attr:`Book.faults` has them all."""
    types, nodes = model.problem_types(), model.nodes()
    known = {*book.limits, *book.data_rules}
    every: list[TimeLimit | DataRule] = [v for vs in book.limits.values() for v in vs]
    every += [v for vs in book.data_rules.values() for v in vs]
    for rule in every:
        entry = rule.entry
        if entry.type is not None and entry.type not in types:
            yield _fault(
                rule, "type", f"没有问题类型 {entry.type}", f"no problem type {entry.type}"
            )
        for node in entry.nodes:
            if node not in nodes:
                yield _fault(rule, "nodes", f"没有节点 {node}", f"no node {node}")
        if entry.status == "confirmed" and status_of(entry.mark) != "confirmed":
            yield _fault(
                rule,
                "status",
                f"依据标记 {entry.mark} 不足以“已确认”",
                f"the mark {entry.mark} does not allow “confirmed”",
            )
        if rule.valid_from and entry.valid_to and entry.valid_to < rule.valid_from:
            yield _fault(rule, "valid_to", "早于 valid_from", "is before valid_from")
    for limits in book.limits.values():
        yield from _overlaps(limits)
        for limit in limits:
            yield from _limit_faults(book, limit, known)
    for versions in book.data_rules.values():
        yield from _overlaps(versions)
        for rule in versions:
            yield from _data_rule_faults(book, rule)
    for file, code, field, node in _named_nodes():
        if node not in nodes:
            yield Fault(file, code, field, {"zh": f"没有节点 {node}", "en": f"no node {node}"})
    for code, type_ in types.items():
        unknown = [("rules", c) for c in type_.rules if c not in known]
        unknown += [("basis", t) for t in type_.basis if t.partition(" ")[0] not in book.laws]
        for field, name in unknown:
            message = {"zh": f"没有 {name}", "en": f"there is no {name}"}
            yield Fault("problem_types.yaml", code, field, message)
    scales = sorted(model.grade_scales().values(), key=lambda g: g.valid_from)
    for before, after in itertools.pairwise(scales):
        if before.valid_to is None or before.valid_to >= after.valid_from:
            yield Fault(
                "grades.yaml",
                after.version,
                "valid_from",
                {"zh": f"与 {before.version} 重叠", "en": f"overlaps {before.version}"},
            )
    for form in model.forms().values():
        code = form.reply if "-" in form.reply else ""
        if code and code not in known:
            message = {"zh": f"没有 {code}", "en": f"no entry {code}"}
            yield Fault("grades.yaml", form.code, "reply", message)
    for overlay in book.overlays:
        label = f"{overlay.folder.name}/overlay.yaml"
        if overlay.expires < overlay.date:
            yield Fault(label, "", "expires", {"zh": "早于 date", "en": "is before date"})
        for code in overlay.confirm:
            if code not in known:
                near = nearest(book, code)
                yield Fault(
                    label,
                    code,
                    "confirm",
                    {"zh": f"没有该条目；相近：{near}", "en": f"no such entry; nearest: {near}"},
                )


def _named_nodes() -> Iterator[tuple[str, str, str, str]]:
    """File, entry, field and node wherever the other files name a node."""
    for code, type_ in model.problem_types().items():
        yield from (("problem_types.yaml", code, "nodes", n) for n in type_.nodes)
    for name, card_field in model.card_fields().items():
        yield from (("card_fields.yaml", name, "nodes", n) for n in card_field.nodes)
    for code, indicator in model.indicators().items():
        yield from (("indicators.yaml", code, "nodes", n) for n in indicator.nodes)
        points = [c for p in indicator.predicates for c in (*p.of, *p.counted)]
        yield from (("indicators.yaml", code, "predicate", n) for c in points for n in c.at)
    for code, profile in model.activity_profiles().items():
        at = [(a.code, c) for a in profile.activities for c in a.points]
        yield from (("activities.yaml", code, f"activities.{a}", n) for a, c in at for n in c.at)


def _overlaps(versions: Sequence[TimeLimit | DataRule]) -> Iterator[Fault]:
    """Two versions of one code that begin on one day, or whose stated ends cross."""
    for before, after in itertools.pairwise(versions):
        same_day = before.valid_from == after.valid_from
        end = before.entry.valid_to
        crossing = end is not None and after.valid_from is not None and end >= after.valid_from
        if same_day or crossing:
            yield _fault(
                after,
                "valid_from",
                f"与 {before.file} 中同一代码的有效期重叠",
                f"overlaps the validity of the same code in {before.file}",
            )


def _limit_faults(book: Book, limit: TimeLimit, known: set[str]) -> Iterator[Fault]:
    entry = limit.entry
    if entry.clock and entry.kind not in {"OWN", "EXT"}:
        yield _fault(limit, "kind", "有期限的须为 OWN 或 EXT", "what has a clock is OWN or EXT")
    if entry.gate and entry.kind != "GATE":
        yield _fault(limit, "kind", "有关口的须为 GATE", "what has a gate is GATE")
    groups = {n.case_group for n in model.nodes().values()}
    for at, stated in enumerate(entry.clock):
        points = (stated.start, stated.end, stated.stop, stated.restart, stated.proof)
        yield from _act_faults(book, limit, f"clock.{at}", *points, when=stated.when)
        for e in stated.extend:
            yield from _act_faults(book, limit, f"clock.{at}.extend", e.at)
            if e.rule and e.rule not in known:
                yield _fault(limit, f"clock.{at}.extend", f"没有 {e.rule}", f"no entry {e.rule}")
        for x in stated.exclude:
            yield from _act_faults(book, limit, f"clock.{at}.exclude", x.from_, x.to)
            if x.rule and x.rule not in known:
                yield _fault(limit, f"clock.{at}.exclude", f"没有 {x.rule}", f"no entry {x.rule}")
        for group in stated.groups:
            if group not in groups:
                says = f"no group of nodes {group}"
                yield _fault(limit, f"clock.{at}.groups", f"没有案件类别 {group}", says)
        text = f"{entry.limit}; {entry.note}" if at else entry.limit
        if not entry.limit.startswith(("same day", "within")):
            yield from _contradicts(limit, f"clock.{at}.length", stated.length, text)
    if entry.gate:
        yield from _gate_faults(book, limit, entry.gate, "gate")
        if entry.gate.earlier:
            yield from _contradicts(limit, "gate.earlier", entry.gate.earlier, entry.limit)
        most = re.search(r"count <= ?(\d+)", entry.limit)
        if entry.gate.max is not None and most and int(most[1]) != entry.gate.max:
            says = f"{entry.gate.max} contradicts its own text {entry.limit}"
            yield _fault(limit, "gate.max", f"与条目所写 {entry.limit} 不符", says)
    if not (entry.clock or entry.gate or entry.why):
        yield _fault(limit, "why", "不可执行，须写明原因", "it is not executable: say why")


def _contradicts(limit: TimeLimit, field: str, length: str, text: str) -> Iterator[Fault]:
    """A length that the entry's own words do not hold; words without a number say nothing."""
    said = {
        (int(n), unit.rstrip("s").removesuffix(" day").strip())
        for first, second, unit in LIMIT.findall(text)
        for n in (first, second)
        if n
    }
    n, _, unit = length.partition(" ")
    word = {"working_days": "working"}.get(unit, unit.rstrip("s"))
    if said and n.isdigit() and unit in get_args(model.Unit) and (int(n), word) not in said:
        yield _fault(
            limit,
            field,
            f"长度 {length} 与条目所写 {text} 不符",
            f"the length {length} contradicts its own text {text}",
        )


def _gate_faults(
    book: Book, rule: TimeLimit | DataRule, gate: GateTerms, field: str
) -> Iterator[Fault]:
    yield from _act_faults(book, rule, field, gate.at, gate.count, *gate.needs, when=gate.when)
    for type_ in gate.types:
        if type_ not in model.problem_types():
            yield _fault(rule, f"{field}.types", f"没有问题类型 {type_}", f"no type {type_}")
    if (gate.at is None) == (gate.count is None):
        says = "give either at or count"
        yield _fault(rule, f"{field}.at", "须写 at 或 count 之一", says)
    elif gate.count is not None and gate.max is None:
        yield _fault(rule, f"{field}.max", "有 count 须有 max", "count needs max")
    elif gate.at is not None and not (gate.needs or gate.forbidden or gate.field):
        says = "at needs one of needs, forbidden, field"
        yield _fault(rule, f"{field}.needs", "须写 needs、forbidden 或 field", says)


def _data_rule_faults(book: Book, rule: DataRule) -> Iterator[Fault]:
    entry = rule.entry
    for code in entry.same:
        if code not in book.limits:
            yield _fault(rule, "same", f"没有 {code}", f"no entry {code}")
    if entry.check is not None:
        form = str(entry.check.get("form"))
        if form not in FORMS:
            yield _fault(rule, "check.form", f"没有形式 {form}", f"no form {form}")
        for name in FORM_TERMS.get(form, ()):
            if not entry.check.get(name):
                yield _fault(rule, f"check.{name}", "缺少", f"the form {form} needs it")
        if form != "gate":
            points = [entry.check.get("at"), *(entry.check.get("points") or ())]
            yield from _point_faults(book, rule, "check", [str(p) for p in points if p])
    if not executable(book, rule) and entry.why is None:
        yield _fault(rule, "why", "不可执行，须写明原因", "it is not executable: say why")
    if rule.gate:
        yield from _gate_faults(book, rule, rule.gate, "check")


def _point_faults(
    book: Book, rule: TimeLimit | DataRule, field: str, points: Iterable[str]
) -> Iterator[Fault]:
    """Points that nothing has parsed yet."""
    for point in points:
        try:
            terms.names(point)
        except terms.GrammarError as error:
            yield _fault(rule, field, f"{error}", f"{error}")
    yield from _act_faults(book, rule, field, *points)


def _names(*points: str | None) -> Iterator[str]:
    for point in points:
        if point:
            try:
                yield from (n for choice in terms.names(point) for n in choice)
            except terms.GrammarError:
                continue


def _act_faults(
    book: Book, rule: Any, field: str, *points: str | None, when: Iterable[str] = ()
) -> Iterator[Fault]:
    """Acts that no table declares, and groups that no node is in."""
    groups = {n.case_group for n in model.nodes().values()}
    asked = [c.what for c in map(_condition, when) if c is not None and c.word == "recorded"]
    for name in (*_names(*points), *(n for what in asked for n in what)):
        found = terms.NAME.fullmatch(name)
        assert found is not None
        act, node = found["any"] or found["act"], found["node"] or "*"
        if act and act != "-" and act not in book.acts.get(node, {}):
            yield _fault(
                rule, field, f"acts.yaml 中没有行为 {name}", f"acts.yaml has no act {name}"
            )
        if found["group"] and found["group"] not in groups:
            says = f"no group of nodes {found['group']}"
            yield _fault(rule, field, f"没有案件类别 {found['group']}", says)


def _condition(text: str) -> terms.Condition | None:
    try:
        return terms.condition(text)
    except terms.GrammarError:
        return None


# -- notices -----------------------------------------------------------------------------------


def _notices(book: Book, today: dt.date) -> Iterator[Fault]:
    for year in sorted({today.year, (today + SOON).year}):
        if not book.calendar.known(year):
            yield Fault(
                f"holidays/{year}.yaml",
                str(year),
                "",
                {
                    "zh": f"没有 {year} 年的节假日表：届满日期将为暂定",
                    "en": f"no holiday table of {year}: due dates in it will be provisional",
                },
            )
    for overlay in book.overlays:
        label = f"{overlay.folder.name}/overlay.yaml"
        if overlay.expires < today:
            message = {"zh": f"已于 {overlay.expires} 失效", "en": f"expired on {overlay.expires}"}
            yield Fault(label, overlay.name, "expires", message)
        elif overlay.expires < today + SOON:
            message = {"zh": f"将于 {overlay.expires} 失效", "en": f"expires on {overlay.expires}"}
            yield Fault(label, overlay.name, "expires", message)
    for one in book.thresholds.every():
        if one.last < today:
            message = {
                "zh": f"已于 {one.last} 失效，不再起作用",
                "en": f"expired on {one.last}: it decides nothing any more",
            }
            yield Fault(one.file, one.code, "expires", message)
    root = rules_dir()
    if root.is_dir() and not overlay_folders(root) and any(root.iterdir()):
        message = {"zh": "文件夹中没有 overlay.yaml", "en": "holds no overlay.yaml"}
        yield Fault(str(root), "", "", message)


# -- questions ---------------------------------------------------------------------------------


def show(book: Book, code: str, day: dt.date) -> dict[str, Any]:
    """An entry with its versions, status on a day, basis and terms. Raises ``rules.unknown``."""
    versions: Sequence[TimeLimit | DataRule]
    versions = book.limits.get(code) or book.data_rules.get(code) or ()
    if not versions:
        return _other(book, code)
    shown = []
    for rule in versions:
        entry = rule.entry
        stated = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        shown.append(
            stated
            | {
                "file": rule.file,
                "overlay": rule.overlay,
                "valid_from": rule.valid_from,
                "valid_to": rule.valid_to,
                "basis": book.basis_text(entry.basis) if entry.basis else "none",
                "basis_why": None if entry.basis else _no_basis(entry.mark),
                "date_source": [book.laws[b.partition(" ")[0]].source for b in entry.basis],
            }
        )
    last = versions[-1]
    return {
        "code": code,
        "status": book.status(code, day),
        "executable": last.executable if isinstance(last, TimeLimit) else executable(book, last),
        "in_force": any(v.holds(day) for v in versions),
        "confirmed_by": [o.name for o in book.overlays if code in o.confirm and o.holds(day)],
        "same_duty": [c for c, v in book.data_rules.items() if code in v[-1].entry.same],
        "versions": shown,
    }


def _no_basis(mark: str) -> dict[str, str]:
    """Why an entry has no basis, by the family of its first mark."""
    return NO_BASIS.get(mark[:1], NO_BASIS["D"])


def _other(book: Book, code: str) -> dict[str, Any]:
    """An indicator, problem type or node."""
    if code in model.indicators():
        i = model.indicators()[code]
        stated = asdict(i) | {"basis": "none", "basis_why": _no_basis(i.mark)}
        return {"code": code, "status": i.status, "versions": [stated]}
    if code in model.problem_types():
        return {
            "code": code,
            "raised_by": raising(book).get(code, []),
            "versions": [asdict(model.problem_types()[code])],
        }
    if code in model.nodes():
        watching = [c for c, v in book.limits.items() if code in v[-1].entry.nodes]
        watching += [c for c, v in book.data_rules.items() if code in v[-1].entry.nodes]
        return {"code": code, "watched_by": watching, "versions": [asdict(model.nodes()[code])]}
    raise InputError("rules.unknown", rule=code, nearest=nearest(book, code))


def affected_by(book: Book, law: str, article: int | None = None) -> list[dict[str, Any]]:
    """The entries that rest on a law or one of its articles. Raises ``rules.unknown_law``.

    ``law`` is an id of the table of laws (CPL-2018), its part before the version, or its title.
    """
    laws = {
        id_
        for id_, known in book.laws.items()
        if law in {id_, id_.partition("-")[0], known.zh, known.en}
    }
    if not laws:
        raise InputError("rules.unknown_law", law=law, laws=", ".join(book.laws))
    found = []
    every: Iterable[tuple[str, Sequence[TimeLimit | DataRule]]] = (
        *book.limits.items(),
        *book.data_rules.items(),
    )
    for code, versions in every:
        for rule in versions:
            cited = [
                text
                for text in rule.entry.basis
                if text.partition(" ")[0] in laws
                and (article is None or int(text.partition(" ")[2]) == article)
            ]
            if cited:
                found.append(
                    {
                        "code": code,
                        "zh": rule.entry.zh,
                        "en": rule.entry.en,
                        "basis": cited,
                        "file": rule.file,
                        "nodes": list(rule.entry.nodes),
                    }
                )
    return found

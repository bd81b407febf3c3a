"""Write ``docs/reference/rules`` from the rulebook as it is shipped, without any overlay.

``python -m graph.rulebook.docs`` writes one page a family, the acts and the grade scales.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from graph.rulebook import lint, model, terms
from graph.rulebook.clock import length_text
from graph.rulebook.law import (
    NO_BASIS,
    Book,
    DataRule,
    Entry,
    GateTerms,
    TimeLimit,
    Variant,
    read,
)
from graph.rulebook.model import DATA, Limit, status_of
from graph.store.docs import TARGET as REFERENCE

TARGET = REFERENCE / "rules"
Both = tuple[str, str]
"""A text in Chinese and English."""
Row = tuple[str, str]
"""A label and what is said under it; an empty text leaves the row out."""

GROUPS: Mapping[str, Both] = {
    "AR": ("审查逮捕", "Arrest review"),
    "PR": ("审查起诉和出庭", "Prosecution"),
    "SP": ("特别程序", "Special procedures"),
    "IN": ("检察机关直接受理侦查", "Own investigation"),
    "LS": ("立案、侦查和审判活动监督", "Supervision of filing, investigation and trial"),
    "SE": ("刑事执行检察", "Execution of sentences"),
    "CP": ("控告申诉、国家赔偿和司法救助", "Petitions, compensation and assistance"),
    "CV": ("民事检察", "Civil supervision"),
    "AD": ("行政检察", "Administrative supervision"),
    "PI": ("公益诉讼", "Public-interest litigation"),
    "PA": ("检察建议", "Procuratorial recommendations"),
    "CM": ("流程监控、评查", "Monitoring and review"),
    "DA": ("业务数据", "Business data"),
    "": ("不限节点", "Any node"),
}
KINDS: Mapping[str, Both] = {
    "OWN": ("本院的义务", "a duty of the procuratorate"),
    "EXT": ("其他机关或个人的期限，只列出", "somebody else's period, only listed"),
    "GATE": ("关口", "a gate"),
    "CALC": ("计算规则", "arithmetic"),
    "PROCEDURAL": ("程序监督", "procedural"),
    "SUBSTANTIVE": ("实体监督", "substantive"),
    "DATA": ("数据监督", "data"),
}
PER: Mapping[str, Both] = {
    "party": ("每名当事人", "per party"),
    "case": ("每件", "per case"),
    "event": ("每个事件", "per event"),
}
STATUS: Mapping[str, Both] = {
    "confirmed": ("已确认", "confirmed"),
    "unconfirmed": ("未确认", "unconfirmed"),
}
FORMS: Mapping[str, Both] = {
    "gate": ("某一时刻之前须有", "needed before a moment"),
    "order": ("各点的最早日期依次不倒", "the first dates of the points do not go backwards"),
    "recorded": ("事件不在发生之前录入", "no event is recorded before it happened"),
    "age": ("未成年标识与行为时年龄一致", "the minor flag is that of the age at the act"),
    "no_overlap": ("同一人同一时间只有一种强制措施", "one measure at a time"),
    "decisive": ("每种结果有其文书", "each outcome has its document"),
    "closed": ("审结情形与审结日期同在", "outcome and closing date are both there"),
    "charged": ("每名当事人有罪名", "every party has a charge"),
    "every_party": ("审结案件中每名当事人有决定", "every party of a closed case is decided on"),
    "charge_changed": ("罪名改变的，填有该项目", "a changed charge has its field"),
    "map": ("一项目的值对应另一项目的值", "a value of one field goes with one of another"),
    "adopted": ("采纳标识与建议、判决一致", "the adoption flag is what proposal and judgment say"),
    "same_person": ("同一人在同一案事各件中一致", "equal for a person in all cases of a matter"),
    "charges_traceable": (
        "后一阶段的罪名见于前一阶段",
        "a later charge is one of an earlier one",
    ),
    "unique": ("同一案事只有一件到过该节点", "one case of a matter was at the node"),
    "balance": ("出库的、列入清单的均已入库", "property that left or was listed was stored"),
    "handler": ("承办人属于承办部门", "the handler belongs to the handling department"),
    "edited": ("关键项目的修改有依据和审批", "a later value has its basis and approval"),
    "signed": ("决定、签发、送达依次不倒", "decided, signed and served in that order"),
    "not_public": ("有未成年人的案件不标记公开", "a case with a minor is not marked public"),
}
"""What each form of a data rule demands, in words."""
FIELD_KEYS = ("field", "fields", "birth", "act", "to", "flag", "least", "most", "given")
"""Parameters of a form that name card fields."""


def pages() -> dict[str, str]:
    """Every generated page by file name, with its text; the shipped folder holds no overlay."""
    return Reference(read(DATA)).pages()


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = (str(cell).replace("|", "\\|").replace("\n", " ") for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _both(text: Both | Mapping[str, str]) -> str:
    zh, en = (text["zh"], text["en"]) if isinstance(text, Mapping) else text
    return f"{zh} · {en}" if en else zh


def _join(texts: Iterable[Both], zh: str = "或", en: str = " or ") -> Both:
    pairs = list(dict.fromkeys(texts))
    return zh.join(p[0] for p in pairs), en.join(p[1] for p in pairs)


def _length(limit: Limit) -> Both:
    text = length_text(limit)
    return text["zh"], text["en"]


def _entry(code: str, names: Both, rows: Iterable[Row]) -> list[str]:
    said = ((label, text) for label, text in rows if text)
    return [f"### {code}", "", f"**{names[0]}** · {names[1]}", "", *_table(("", ""), said)]


def _group(nodes: Sequence[str], otherwise: Sequence[str] = ()) -> str:
    return nodes[0][:2] if nodes else next(iter(otherwise), "")


def _grouped(entries: Iterable[tuple[str, list[str]]]) -> list[str]:
    """Entries, each with the case group it belongs to, under a heading a group."""
    found = defaultdict[str, list[str]](list)
    for group, lines in entries:
        found[group] += lines
    return [
        line
        for group, names in GROUPS.items()
        if group in found
        for line in (f"## {_both(names)}", "", *found[group])
    ]


class Reference:
    """The pages of one rulebook."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rules = {r["code"]: r for r in lint.lint(book)["rules"]}
        self.raising = lint.raising(book)
        self.same = defaultdict[str, list[str]](list)
        for code, versions in book.data_rules.items():
            for other in versions[-1].entry.same:
                self.same[other].append(code)

    def pages(self) -> dict[str, str]:
        """Every page by file name."""
        made = {
            "time-limits.md": (("期限", "Time limits"), self._time_limits()),
            "gates.md": (("关口", "Gates"), self._gates()),
            "data-rules.md": (("数据规则", "Data rules"), self._data_rules()),
            "indicators.md": (("指标", "Indicators"), self._indicators()),
            "problem-types.md": (("问题类型", "Problem types"), self._problem_types()),
            "routes.md": (("线索路线", "Routes of a lead"), self._routes()),
            "acts.md": (("行为和其他名称", "Acts and other names"), self._acts()),
            "grades.md": (("评查等次和监控形式", "Grades and forms"), self._grades()),
        }
        head = [
            "由 `python -m graph.rulebook.docs` 写出，说明见 [规则怎样运行](../../rules.md)。",
            "Written by `python -m graph.rulebook.docs`; see [the guide](../../rules.md).",
            "",
        ]
        return {
            name: "\n".join([f"# {_both(title)}", "", *head, *lines])
            for name, (title, lines) in made.items()
        }

    # -- words ----------------------------------------------------------------------------------

    @cached_property
    def _place(self) -> dict[str, str]:
        """The page of every code."""
        found = dict.fromkeys(model.problem_types(), "problem-types.md")
        found |= dict.fromkeys(model.indicators(), "indicators.md")
        found |= dict.fromkeys(self.book.data_rules, "data-rules.md")
        found |= dict.fromkeys(model.nodes(), "acts.md")
        for code, versions in self.book.limits.items():
            gate = versions[-1].entry.kind == "GATE"
            found[code] = "gates.md" if gate else "time-limits.md"
        return found

    @cached_property
    def _entries(self) -> list[tuple[str, Entry]]:
        """Limits, gates and data rules, of each its last version."""
        found: list[tuple[str, Entry]] = []
        found += ((code, versions[-1].entry) for code, versions in self.book.limits.items())
        found += ((code, versions[-1].entry) for code, versions in self.book.data_rules.items())
        return found

    def _link(self, code: str) -> str:
        page = self._place.get(code)
        return f"[{code}]({page}#{code.lower()})" if page else f"`{code}`"

    def _links(self, codes: Iterable[str]) -> str:
        return ", ".join(self._link(code) for code in codes)

    def _nodes(self, codes: Iterable[str]) -> str:
        nodes = model.nodes()
        return "；".join(f"{self._link(c)} {nodes[c].zh}" for c in codes if c in nodes)

    def _point(self, text: str) -> str:
        """A point as written, and in words."""
        acts = self.book.acts
        choices = [_join(terms.title(n, acts) for n in choice) for choice in terms.names(text)]
        return f"`{text}` {_both(_join(choices, '；没有记录时：', '; if not recorded: '))}"

    def _when(self, conditions: Iterable[terms.Condition]) -> str:
        return "；".join(f"`{c.text}` {_both(self._condition(c))}" for c in conditions)

    def _condition(self, c: terms.Condition) -> Both:
        no = c.no
        match c.word:
            case "either":
                return _join([self._condition(part) for part in c.either], "，或", " or ")
            case "custody":
                return (
                    f"起算之日{'不' * no}在押",
                    f"{'not ' * no}in custody on the day of the start",
                )
            case "minor":
                return f"{'不' * no}是未成年人", f"{'not ' * no}a minor"
            case "property":
                return f"{'没' * no}有涉案财物", f"{'no ' * no}property in the case"
            case "measure":
                kind = c.what[0]
                return f"{'没' * no}有强制措施 {kind}", f"{'not ' * no}under measure {kind}"
            case "charge":
                codes = ", ".join(c.what)
                return f"罪名代码{'不' * no}在 {codes} 中", f"charged {'not ' * no}with {codes}"
            case "field":
                name, value = c.what[0], c.value
                return (
                    f"案卡“{name}”{'不' * no}为“{value}”",
                    f"field “{name}” is {'not ' * no}“{value}”",
                )
        zh, en = _join(terms.title(name, self.book.acts) for name in c.what)
        return f"{'没' * no}有记录：{zh}", f"{'not ' * no}recorded: {en}"

    # -- what every entry of the law has ----------------------------------------------------------

    def _status(self, code: str, mark: str) -> str:
        return f"{_both(STATUS[self.rules[code]['status']])}；标记 mark {mark}"

    def _head(self, rule: TimeLimit | DataRule) -> Iterator[Row]:
        entry = rule.entry
        yield "状态 status", self._status(rule.code, entry.mark)
        if entry.basis:
            yield "依据 basis", self.book.basis_text(entry.basis)
        else:
            family = entry.mark.split()[0].rstrip("*")
            yield "依据 basis", f"无 none：{_both(NO_BASIS.get(family, NO_BASIS['D']))}"
        yield "生效 in force from", self._in_force(rule)
        yield "失效 until", str(rule.valid_to or "")

    def _in_force(self, rule: TimeLimit | DataRule) -> str:
        if rule.valid_from is None:
            return "未写明 not stated"
        if rule.entry.valid_from:
            return f"{rule.valid_from}（条目写明 stated by the entry）"
        cited = (self.book.laws[text.partition(" ")[0]] for text in rule.entry.basis)
        law = next(law for law in cited if law.in_force == rule.valid_from)
        return f"{rule.valid_from}（{law.zh} {law.version}：{law.source}）"

    def _tail(self, rule: TimeLimit | DataRule) -> Iterator[Row]:
        entry = rule.entry
        if entry.why and not self.rules[rule.code]["executable"]:
            yield "只报告 reported only", _both((entry.why.zh, entry.why.en))
        yield "问题 raises", self._type(entry)
        yield "节点 nodes", self._nodes(entry.nodes)

    def _type(self, entry: Entry) -> str:
        if entry.type is None:
            return ""
        known = model.problem_types().get(entry.type)
        return f"{self._link(entry.type)} {known.zh} · {known.en}" if known else entry.type

    # -- time limits and gates --------------------------------------------------------------------

    def _limits(self, page: str) -> list[str]:
        found = []
        for code, versions in self.book.limits.items():
            if self._place[code] != page:
                continue
            rows = [row for limit in versions for row in self._limit(limit)]
            last = versions[-1].entry
            groups = [g for stated in last.clock for g in stated.groups]
            found.append((_group(last.nodes, groups), _entry(code, (last.zh, last.en), rows)))
        return _grouped(found)

    def _limit(self, limit: TimeLimit) -> Iterator[Row]:
        entry = limit.entry
        yield from self._head(limit)
        yield "种类 kind", f"{entry.kind} {_both(KINDS[entry.kind])}"
        yield "主体 actor", entry.actor
        yield "起因 trigger", entry.trigger
        yield "期限 limit", f"{entry.limit}（{entry.note}）" if entry.note else entry.limit
        for number, variant in enumerate(limit.variants, start=1):
            if len(limit.variants) > 1:
                yield f"**{number}**", "情形之一 · one of its ways"
            yield from self._clock(variant)
        if entry.gate:
            yield from self._gate(entry.gate, limit.gate_when)
        yield from self._tail(limit)
        yield "同一义务 same duty", self._links(self.same[limit.code])

    def _clock(self, variant: Variant) -> Iterator[Row]:
        stated, clock = variant.stated, variant.clock
        how = [PER[stated.per]]
        if stated.each:
            how.append(("每个起点各计一次", "one clock for every start"))
        if stated.right:
            how.append(("是权利，行使了才计", "a right: counted once it is used"))
        if stated.deciding:
            how.append(
                ("措施由检察机关决定的才是本院义务", "a duty only where it decided the measure")
            )
        if stated.groups:
            how.append((f"仅 {'、'.join(stated.groups)} 件", f"only in {', '.join(stated.groups)}"))
        if clock.proves:
            how.append(("有终无始的，起点漏填", "an end without a start: the start is missing"))
        yield "计算 counted", _both(_join(how, "；", "; "))
        yield "起 start", self._point(stated.start)
        yield "终 end", self._point(stated.end)
        if clock.length:
            back = ("，自起点倒推", ", counted back from the start") if stated.back else ("", "")
            zh, en = _length(clock.length)
            yield "长度 length", _both((zh + back[0], en + back[1]))
        yield "条件 when", self._when(variant.when)
        for label, text in (
            ("中止 stop", stated.stop),
            ("重新计算 restart", stated.restart),
            ("证明已办结 proof of the end", stated.proof),
        ):
            yield label, self._point(text) if text else ""
        for more in stated.extend:
            by = _both(_length(terms.length(more.by)))
            rule = f" {self._link(more.rule)}" if more.rule else ""
            yield "延长 extended by", f"{self._point(more.at)}：+ {by}{rule}"
        for out in stated.exclude:
            rule = f" {self._link(out.rule)}" if out.rule else ""
            yield "不计 not counted", f"{self._point(out.from_)} → {self._point(out.to)}{rule}"

    def _gate(self, gate: GateTerms, when: Sequence[terms.Condition]) -> Iterator[Row]:
        yield "计算 counted", _both(PER[gate.per])
        if gate.at:
            label = "不得有 must not happen" if gate.forbidden else "时刻 moment"
            yield label, self._point(gate.at)
        if gate.count:
            over = {"case": ("本件", "the case"), "matter": ("案事", "the matter")}[gate.over]
            most = (f"{over[0]}内至多 {gate.max} 次", f"at most {gate.max} in {over[1]}")
            yield "次数 count", f"{self._point(gate.count)}：{_both(most)}"
        for number, need in enumerate(gate.needs):
            type_ = gate.types[number] if number < len(gate.types) else ""
            yield (
                "须先有 needs",
                self._point(need) + (f" → {self._link(type_)}" if type_ else ""),
            )
        if gate.earlier:
            yield "至少早 earlier by", _both(_length(terms.length(gate.earlier)))
        if gate.field:
            yield "案卡项目 field", f"“{gate.field}”：{gate.from_} – {gate.to}"
        yield "条件 when", self._when(when)

    def _time_limits(self) -> list[str]:
        laws = self.book.laws
        cited = [text.partition(" ")[0] for _, e in self._entries for text in e.basis]
        lines = [f"## {_both(('法源', 'Laws'))}", ""]
        lines += _table(
            (
                "代码 id",
                "名称",
                "English",
                "版本 version",
                "施行 in force",
                "日期出处 source",
                "引用",
            ),
            (
                (
                    f"`{id_}`",
                    law.zh,
                    law.en,
                    law.version,
                    law.in_force,
                    law.source,
                    cited.count(id_),
                )
                for id_, law in laws.items()
            ),
        )
        return [*lines, *self._limits("time-limits.md")]

    def _gates(self) -> list[str]:
        return self._limits("gates.md")

    # -- data rules -------------------------------------------------------------------------------

    def _data_rules(self) -> list[str]:
        found = []
        for code, versions in self.book.data_rules.items():
            last = versions[-1].entry
            rows = [row for rule in versions for row in self._data_rule(rule)]
            duties = [n for c in last.same for n in self.book.limits[c][-1].entry.nodes]
            group = _group(last.nodes or duties)
            found.append((group, _entry(code, (last.zh, last.en), rows)))
        return _grouped(found)

    def _data_rule(self, rule: DataRule) -> Iterator[Row]:
        entry = rule.entry
        yield from self._head(rule)
        yield "种类 kind", entry.kind
        yield "同一义务 same duty", self._links(entry.same)
        if entry.check:
            form = str(entry.check["form"])
            yield "形式 form", f"`{form}` {_both(FORMS[form])}"
            if rule.gate:
                yield from self._gate(rule.gate, rule.when)
            else:
                for name, value in entry.check.items():
                    if name != "form":
                        yield f"`{name}`", self._parameter(name, value)
        elif entry.same and self.rules[rule.code]["executable"]:
            yield "判定 decided", _both(("由同一义务的条目判定", "by the entry of the same duty"))
        yield from self._tail(rule)

    def _parameter(self, name: str, value: Any) -> str:
        if name == "points":
            return " → ".join(self._point(text) for text in value)
        if name == "at":
            return self._point(value)
        if isinstance(value, Mapping):
            pairs = ((k, "、".join(v) if isinstance(v, list) else v) for k, v in value.items())
            return "；".join(f"{k}：{v}" for k, v in pairs)
        return "、".join(value) if isinstance(value, list) else str(value)

    # -- indicators -------------------------------------------------------------------------------

    def _indicators(self) -> list[str]:
        found = []
        for code, indicator in model.indicators().items():
            rows = list(self._indicator(indicator))
            names = (indicator.zh, indicator.en)
            found.append((_group(indicator.nodes), _entry(code, names, rows)))
        return [*_grouped(found), *self._activities()]

    def _indicator(self, indicator: model.Indicator) -> Iterator[Row]:
        yield "状态 status", self._status(indicator.code, indicator.mark)
        yield "单位 unit", indicator.unit
        yield "分子 numerator", indicator.numerator
        yield "分母 denominator", indicator.denominator
        for predicate in indicator.predicates:
            if predicate.zh:
                yield f"**{predicate.zh}**", predicate.en or ""
            yield "计算 counted", _both(PER[predicate.per])
            yield "分母条件 of", self._predicate(predicate.of)
            yield "分子条件 counted", self._predicate(predicate.counted)
        if indicator.why:
            executable = self.rules[indicator.code]["executable"]
            label = "另行计算 counted elsewhere" if executable else "不计算 not counted"
            yield label, _both(indicator.why)
        yield "节点 nodes", self._nodes(indicator.nodes)

    def _predicate(self, conditions: Iterable[model.Condition]) -> str:
        return "；且 and ".join(_both(self._seen(c)) for c in conditions)

    def _seen(self, c: model.Condition) -> Both:
        """A condition of a predicate in words."""
        zh, en = [], []
        if c.never:
            zh.append("从未")
            en.append("never")
        if c.at:
            nodes = model.nodes()
            at = _join((f"{nodes[n].zh}（{n}）", f"{nodes[n].en} ({n})") for n in c.at)
            acts = _join((self._act(c.at, act), _words(act)) for act in c.acts)
            zh.append(at[0] + (f"：{acts[0]}" if c.acts else ""))
            en.append(at[1] + (f": {acts[1]}" if c.acts else ""))
        if c.under:
            zh.append(f"在强制措施 {c.under} 之下")
            en.append(f"under measure {c.under}")
        if c.minor:
            zh.append("未成年")
            en.append("a minor")
        if c.among:
            among = {"case": ("同件", "the case"), "matter": ("同一案事", "the matter")}[c.among]
            zh.append(f"{among[0]}的任何事件")
            en.append(f"any event of {among[1]}")
        if c.when:
            when = {
                "before": ("判定事件当日或之前", "on or before the day of the deciding event"),
                "then": ("判定事件当日", "on the day of the deciding event"),
                "after": ("判定事件当日或之后", "on or after the day of the deciding event"),
            }[c.when]
            zh.append(when[0])
            en.append(when[1])
        for limit, text in ((c.within, ("{}内", "within {}")), (c.due, ("满{}", "after {}"))):
            if limit:
                length = _length(limit)
                zh.append(text[0].format(length[0]))
                en.append(text[1].format(length[1]))
        return "，".join(zh), ", ".join(en)

    def _act(self, nodes: Iterable[str], act: str) -> str:
        if act == "-":
            return "无结果"
        return next((a[act] for n in nodes if act in (a := self.book.acts.get(n, {}))), act)

    def _activities(self) -> list[str]:
        lines = [f"## {_both(('案-件比的活动', 'Activities that I01 counts'))}", ""]
        for code, profile in model.activity_profiles().items():
            lines += [f"### {code}", "", f"**{profile.zh}** · {profile.en}", ""]
            said = f"{_both(STATUS[profile.status])}；标记 mark {profile.mark}"
            lines += [f"{said}。{_both(profile.why) if profile.why else ''}", ""]
            if profile.activities:
                lines += _table(
                    ("活动 activity", "中文", "English", "标记 mark", "何时 seen at", "次数"),
                    (
                        (
                            f"`{a.code}`",
                            a.zh,
                            a.en,
                            a.mark,
                            self._predicate(a.points),
                            "每日 each day" if a.each else "一次 once",
                        )
                        for a in profile.activities
                    ),
                )
        return lines

    # -- problem types ----------------------------------------------------------------------------

    def _problem_types(self) -> list[str]:
        found = []
        for code, type_ in model.problem_types().items():
            rows = [
                ("监督种类 kind", f"{type_.kind} {_both(KINDS[type_.kind])}"),
                ("严重程度 severity", f"{type_.severity} / 3"),
                ("由何发现 raised by", self._raised_by(code)),
                ("提到而不认定 stated, never raised", self._links(self._stated_by(code))),
                ("节点 nodes", self._nodes(type_.nodes)),
            ]
            found.append((_group(type_.nodes), _entry(code, (type_.zh, type_.en), rows)))
        return _grouped(found)

    def _raised_by(self, code: str) -> str:
        """The rules that raise a type; of those that any clock raises, only how many."""
        rules = self.raising.get(code, [])
        if not rules:
            return _both(self.rules[code]["why"])
        limits = [c for c in rules if code in {"D01", "D03"} and c in self.book.limits]
        parts = [
            self._link(c) + ("" if self._sure(c) else "（未确认 unconfirmed）")
            for c in rules
            if c not in limits
        ]
        if limits:
            n = len(limits)
            parts.insert(0, _both((f"任一有时钟的期限（{n} 条）", f"any limit with a clock ({n})")))
        return ", ".join(parts)

    def _sure(self, code: str) -> bool:
        return bool(self.rules[code]["status"] == "confirmed")

    def _stated_by(self, code: str) -> list[str]:
        raising = self.raising.get(code, [])
        return [c for c, entry in self._entries if entry.type == code and c not in raising]

    # -- routes -----------------------------------------------------------------------------------

    def _routes(self) -> list[str]:
        lines = [
            "期限由本院设定，除非标记为法律。没有标记 V 或 K .85 以上的步骤是设计建议。",
            "Limits are set by the procuratorate unless a law is marked.",
            "",
            f"根因 root causes: {'、'.join(model.root_causes())}.",
            "",
        ]
        for code, route in model.routes().items():
            lines += [f"## {code}", "", f"**{route.zh}** · {route.en}（{route.lead_kind}）", ""]
            lines += _table(
                (
                    "环节 act",
                    "名称",
                    "自 from",
                    "至 to",
                    "由 giver",
                    "给 receiver",
                    "时机与方式 moment, mode",
                    "期限 limit",
                    "证据 evidence",
                    "标记 mark",
                ),
                (self._hop(hop) for hop in route.hops),
            )
            if route.either_order:
                order = ", ".join(f"`{act}`" for act in route.either_order)
                lines += [f"先后不限 in either order: {order}.", ""]
            lines += _table(
                ("结束、例外 end, detour", "名称", "自 from", "至 to", "由 by", "须有 needs"),
                [
                    *(
                        (e.act, e.zh, _states(e.from_), e.to, e.by, _states(e.needs))
                        for e in route.ends
                    ),
                    *(self._detour(d) for d in route.detours),
                ],
            )
        lines += [f"## {_both(('须存在的引用', 'Evidence that must exist'))}", ""]
        return lines + _table(
            ("证据 evidence", "指向 names one of"),
            ((f"`{name}`", ", ".join(labels)) for name, labels in model.references().items()),
        )

    def _hop(self, hop: model.Hop) -> tuple[str, ...]:
        causes = f"（仅 only {'、'.join(hop.root_causes)}）" if hop.root_causes else ""
        return (
            hop.act,
            f"{hop.zh} · {hop.en}{causes}",
            hop.from_ or "–",
            hop.to,
            hop.giver,
            hop.receiver or "–",
            "；".join(t for t in (hop.moment, hop.mode) if t)
            + ("" if hop.branch == "main" else f"（{hop.branch}）"),
            _both(_length(hop.limit)) if hop.limit else "–",
            _states(hop.evidence),
            f"{hop.mark or '–'} {STATUS[status_of(hop.mark)][0]}",
        )

    def _detour(self, d: model.Detour) -> tuple[str, ...]:
        limit = f"，{_both(_length(d.limit))}" if d.limit else ""
        after = f"（{d.decision or '–'} → {_states(d.then)}{limit}）"
        return (d.act, d.zh, _states(d.from_), d.to, f"{d.decided_by}{after}", _states(d.needs))

    # -- acts -------------------------------------------------------------------------------------

    @cached_property
    def _uses(self) -> dict[str, list[str]]:
        """Every name of the grammar that a rule asks for, with the rules that do."""
        found = defaultdict[str, dict[str, None]](dict)
        for code, name in self._asked():
            found[name][code] = None
        return {name: list(codes) for name, codes in found.items()}

    def _asked(self) -> Iterator[tuple[str, str]]:
        for code, limits in self.book.limits.items():
            for limit in limits:
                for variant in limit.variants:
                    for name in _clock_names(variant):
                        yield code, name
                if limit.entry.gate:
                    for name in _gate_names(limit.entry.gate, limit.gate_when):
                        yield code, name
        for code, rules in self.book.data_rules.items():
            for rule in rules:
                if rule.gate:
                    names: Iterable[str] = _gate_names(rule.gate, rule.when)
                else:
                    names = _check_names(rule.entry.check or {})
                for name in names:
                    yield code, name
        for code, indicator in model.indicators().items():
            for predicate in indicator.predicates:
                for c in (*predicate.of, *predicate.counted):
                    for name in _seen_names(c):
                        yield code, name
        for profile in model.activity_profiles().values():
            for activity in profile.activities:
                for c in activity.points:
                    for name in _seen_names(c):
                        yield "I01", name

    def _acts(self) -> list[str]:
        acts = self.book.acts
        lines = [
            "事件的 `node` 写节点代码，`outcome` 写行为代码；没有行为的事件，`outcome` 留空。",
            "An event's `node` is the code of a node, its `outcome` that of an act, or empty.",
            "末列是要用到它的条目；来源不提供，这些条目就判定不了。",
            "",
            "## 任何节点 · Any node",
            "",
            *self._act_table("*", acts.get("*", {})),
        ]
        nodes = ((n.case_group, self._node(n)) for n in model.nodes().values())
        lines += _grouped(nodes)
        lines += [f"## {_both(('其他名称', 'Other names'))}", ""]
        other = sorted(n for n in self._uses if not _at_node(n))
        lines += _table(
            ("名称 name", "中文", "English", "记载于 recorded in", "用它的条目 used by"),
            ((f"`{n}`", *self._other(n), self._links(self._uses[n])) for n in other),
        )
        lines += [f"## {_both(('案卡项目', 'Card fields'))}", ""]
        return lines + _table(
            ("项目 field", "节点 nodes", "标记 mark"),
            ((n, self._links(f.nodes), f.mark) for n, f in model.card_fields().items()),
        )

    def _node(self, node: model.ProcessNode) -> list[str]:
        names = f"**{node.zh}** · {node.en}" + (
            "（视情况 conditional）" if node.conditional else ""
        )
        used = [*self._uses.get(node.code, ()), *self._uses.get(f"{node.code}.-", ())]
        plain = f"事件 any event：{self._links(dict.fromkeys(used))}" if used else ""
        table = self._act_table(node.code, self.book.acts.get(node.code, {}))
        return [f"### {node.code}", "", names, "", *([plain, ""] if plain else []), *table]

    def _act_table(self, node: str, acts: Mapping[str, str]) -> list[str]:
        if not acts:
            return []
        return _table(
            ("行为 act", "中文", "English", "用它的条目 used by"),
            (
                (f"`{act}`", zh, _words(act), self._links(self._uses.get(f"{node}.{act}", ())))
                for act, zh in acts.items()
            ),
        )

    def _other(self, name: str) -> tuple[str, str, str]:
        if terms.NAME.fullmatch(name):
            zh, en = terms.title(name, self.book.acts)
            column = "measures.decided_by" if name.startswith("own.") else terms.needed(name)[1]
            return zh, en, f"`{column}`"
        word, _, what = name.partition(" ")
        condition = terms.Condition(word, tuple(what.split(", ")))
        zh, en = self._condition(condition)
        return zh, en, f"`{terms.TABLES['measure' if word == 'custody' else word]}`"

    # -- grades -----------------------------------------------------------------------------------

    def _grades(self) -> list[str]:
        data = yaml.safe_load((DATA / "grades.yaml").read_text(encoding="utf-8"))
        lines = [f"## {_both(('评查等次', 'Grade scales'))}", ""]
        lines += _table(
            ("版本", "名称", "English", "自 from", "至 until", "等次 grades", "标记 mark", "说明"),
            (
                (
                    code,
                    s["zh"],
                    s["en"],
                    s["valid_from"],
                    s.get("valid_to", "–"),
                    "、".join(s["grades"]) or "–",
                    f"{s['mark']} {STATUS[status_of(s['mark'])][0]}",
                    s.get("why", ""),
                )
                for code, s in data["scales"].items()
            ),
        )
        lines += [f"## {_both(('监控形式', 'Forms of monitoring'))}", ""]
        return lines + _table(
            (
                "形式 form",
                "名称",
                "English",
                "程度",
                "对象 to",
                "依据 basis",
                "标记 mark",
                "回复 reply",
            ),
            (
                (
                    f"`{code}`",
                    f["zh"],
                    f["en"],
                    f["severity"],
                    f["to"],
                    self.book.basis_text(tuple(f["basis"])),
                    f["mark"],
                    self._link(f["reply"]) if f["reply"] in self._place else f["reply"],
                )
                for code, f in data["forms"].items()
            ),
        )


def _words(act: str) -> str:
    """The English name of an act: its code in words."""
    return "no outcome" if act == "-" else act.replace("_", " ").lower()


def _states(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def _at_node(name: str) -> bool:
    found = terms.NAME.fullmatch(name)
    return bool(found and (found["node"] or found["any"]))


def _names(texts: Iterable[str | None]) -> Iterator[str]:
    for text in texts:
        if text:
            yield from (name for choice in terms.names(text) for name in choice)


def _condition_names(conditions: Iterable[terms.Condition]) -> Iterator[str]:
    for c in conditions:
        if c.either:
            yield from _condition_names(c.either)
        elif c.word == "recorded":
            yield from c.what
        elif c.word == "field":
            yield f"field {c.what[0]}"
        else:
            yield f"{c.word} {', '.join(c.what)}".strip()


def _clock_names(variant: Variant) -> Iterator[str]:
    s = variant.stated
    yield from _names((s.start, s.end, s.stop, s.restart, s.proof))
    yield from _names(e.at for e in s.extend)
    yield from _names(text for x in s.exclude for text in (x.from_, x.to))
    yield from _condition_names(variant.when)


def _gate_names(gate: GateTerms, when: Iterable[terms.Condition]) -> Iterator[str]:
    yield from _names((gate.at, gate.count, *gate.needs))
    if gate.field:
        yield f"field {gate.field}"
    yield from _condition_names(when)


def _check_names(check: Mapping[str, Any]) -> Iterator[str]:
    yield from _names((check.get("at"), *check.get("points", ())))
    for key in FIELD_KEYS:
        value = check.get(key, ())
        yield from (f"field {name}" for name in ([value] if isinstance(value, str) else value))
    for names in check.get("documents", {}).values():
        yield from (f"doc {name}" for name in names)


def _seen_names(c: model.Condition) -> Iterator[str]:
    yield from (f"{node}.{act}" for node in c.at for act in c.acts)
    if not c.acts:
        yield from c.at
    if c.under:
        yield f"measure {c.under}"
    if c.minor:
        yield "minor"


def main(target: Path = TARGET) -> None:
    """Write the pages."""
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (target / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

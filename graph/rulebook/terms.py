"""The small grammar of the rulebook: points, lengths and conditions as text, parsed once.

A *point* names moments of a case: ``PR22`` any event at a node, ``PR22.PROSECUTE`` one with that
act, ``PR03.-`` one without an act, ``*.RECUSAL_REQUESTED`` an act at any node, ``PR.accepted`` and
``PR.closed`` the dates of a case of that group, ``measure.BAIL.from`` and ``.to`` (``own.`` where
the procuratorate decided it), ``field 移送日期`` a date on the card, ``doc 补充侦查提纲`` a
document, ``participant VICTIM``, ``notice.issued`` and ``reply.at``. ``a + b`` is either of both;
``a // b`` is ``b`` only where nothing is recorded of ``a``.

A *length* is ``3 days``, ``24 hours``, ``3 working_days``, ``1 months``, ``2 years``.

A *condition* is a point that must be recorded, or ``custody`` (on the day of the start),
``minor``, ``property``, ``measure ARREST``, ``field 需行政处罚 = 是``, ``charge 264, 266``;
``no`` before it turns it round, ``a or b`` is one of both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from graph.rulebook.clock import Point
from graph.rulebook.model import Limit, Unit, nodes

NAME = re.compile(
    r"(?P<node>[A-Z]{2}\d\d)(\.(?P<act>[A-Z][A-Z0-9_]*|-))?"
    r"|\*\.(?P<any>[A-Z][A-Z0-9_]*)"
    r"|(?P<group>[A-Z]{2})\.(?P<of>accepted|closed)"
    r"|(?P<measure>measure|own)\.(?P<kind>[A-Z_]+)\.(?P<end>from|to)"
    r"|(?P<table>field|doc|participant) (?P<what>\S+)"
    r"|(?P<notice>notice\.issued|reply\.at)"
)
TABLES: Mapping[str, str] = {
    "field": "card_fields",
    "doc": "documents",
    "participant": "participants",
    "measure": "measures",
    "own": "measures",
    "charge": "charges",
    "property": "properties",
    "minor": "parties",
    "notice": "notices",
    "reply": "replies",
}
MEASURES: Mapping[str, str] = {
    "DETENTION": "拘留",
    "ARREST": "逮捕",
    "RETENTION": "留置",
    "BAIL": "取保候审",
    "RESIDENTIAL": "监视居住",
    "DESIGNATED_RESIDENCE": "指定居所监视居住",
}
"""What a source must supply so that a name of that kind can be recorded."""


class GrammarError(ValueError):
    """A text of the rulebook that does not parse."""


@dataclass(frozen=True)
class Condition:
    """One condition: its word, what it is about, and whether it is turned round."""

    word: str
    what: tuple[str, ...] = ()
    value: str | None = None
    no: bool = False
    text: str = ""
    either: tuple[Condition, ...] = ()


def names(text: str) -> tuple[tuple[str, ...], ...]:
    """The names of a point, choice by choice. Raises GrammarError."""
    choices = tuple(
        tuple(part.strip() for part in choice.split(" + ")) for choice in text.split(" // ")
    )
    for choice in choices:
        for name in choice:
            found = NAME.fullmatch(name)
            if not found:
                raise GrammarError(f"{name!r} is no point")
            if found["node"] and found["node"] not in nodes():
                raise GrammarError(f"{found['node']} is no node of the rulebook")
    return choices


def point(text: str, acts: Mapping[str, Mapping[str, str]], *, each: bool = False) -> Point:
    """A point with its titles. Raises GrammarError."""
    choices = names(text)
    titles = [[title(name, acts) for name in choice] for choice in choices]
    zh = "，或".join("或".join(zh for zh, _ in choice) for choice in titles)
    en = ", else ".join(" or ".join(en for _, en in choice) for choice in titles)
    return Point(choices, zh, en, "each" if each else "first")


def title(name: str, acts: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    """A name in Chinese and English."""
    found = NAME.fullmatch(name)
    assert found is not None
    if found["node"]:
        node = nodes()[found["node"]]
        act = found["act"]
        if not act or act == "-":
            return f"{node.zh}（{node.code}）", f"{node.en} ({node.code})"
        zh = acts.get(node.code, {}).get(act, act)
        return f"{zh}（{node.code}）", f"{_words(act)} ({node.code})"
    if found["any"]:
        return acts.get("*", {}).get(found["any"], found["any"]), _words(found["any"])
    if found["group"]:
        word = {"accepted": "受理日期", "closed": "审结日期"}[found["of"]]
        return f"{word}（{found['group']}）", f"date {found['of']} ({found['group']})"
    if found["measure"]:
        end = {"from": ("起", "from"), "to": ("止", "to")}[found["end"]]
        kind = found["kind"]
        return f"{MEASURES.get(kind, kind)}{end[0]}", f"{_words(kind)} {end[1]}"
    if found["table"]:
        word = {"field": "案卡", "doc": "文书", "participant": "诉讼参与人"}[found["table"]]
        return f"{word}“{found['what']}”", f"{found['table']} “{found['what']}”"
    return {"notice.issued": ("通知书发出", "notice issued"), "reply.at": ("回复", "reply")}[name]


def _words(act: str) -> str:
    return act.replace("_", " ").lower()


def length(text: str) -> Limit:
    """A length. Raises GrammarError."""
    n, _, unit = text.partition(" ")
    if not n.isdigit() or unit not in get_args(Unit):
        raise GrammarError(f"{text!r} is no length; units: {', '.join(get_args(Unit))}")
    return Limit(int(n), unit)  # type: ignore[arg-type]


def condition(text: str) -> Condition:
    """A condition. Raises GrammarError."""
    if " or " in text:
        either = tuple(condition(part) for part in text.split(" or "))
        return Condition("either", text=text, either=either)
    no = text.startswith("no ")
    body = text[3:] if no else text
    if body in {"custody", "minor", "property"}:
        return Condition(body, no=no, text=text)
    if found := re.fullmatch(r"field (\S+) = (\S+)", body):
        return Condition("field", (found[1],), found[2], no, text)
    if found := re.fullmatch(r"measure ([A-Z_]+)", body):
        return Condition("measure", (found[1],), no=no, text=text)
    if found := re.fullmatch(r"charge (\d+(?:, \d+)*)", body):
        return Condition("charge", tuple(found[1].split(", ")), no=no, text=text)
    choices = names(body)
    if len(choices) != 1:
        raise GrammarError(f"{text!r}: a condition has no “//”")
    return Condition("recorded", choices[0], no=no, text=text)


def proves(start: str, end: str) -> bool:
    """Whether an end shows that its start happened: an intake, or acts of one node.

    An end that may come without that start (a decision for other reasons) proves nothing.
    """
    starts, ends = names(start)[0], [n for choice in names(end) for n in choice]
    if all(n in nodes() and nodes()[n].seq == 1 for n in starts):
        return True
    acts = re.compile(r"[A-Z]{2}\d\d\.[A-Z]")
    return all(acts.match(n) for n in (*starts, *ends)) and (
        {n[:4] for n in ends} <= {n[:4] for n in starts}
    )


def needed(name: str) -> tuple[str, str]:
    """What must be supplied so that a name can be recorded: a table, or an act, or a group.

    ``("table", "measures")``, ``("act", "PR03.TOLD")``, ``("group", "CM")``, or ``("", "")``.
    """
    found = NAME.fullmatch(name)
    if found is None:
        return "", ""
    if found["any"] or (found["act"] and found["act"] != "-"):
        return "act", name
    if found["node"]:
        return "group", found["node"][:2]
    if found["group"]:
        return "column", f"cases.{found['of']}"
    kind = found["measure"] or found["table"] or name.partition(".")[0]
    return "table", TABLES[kind]

"""A second, slow judgment of a lead, straight from the route table's YAML.

It shares no code with the product's: the path is made by surgery on the table's list, limits are
counted day by day over the holiday files, and every question is a loop over the rows.
A row is ``{"act", "at": date | datetime, "evidence": {name: value}, "dangling": set of names}``.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[2] / "graph" / "rulebook" / "data"
Row = dict[str, Any]
Slot = dict[str, Any]


@cache
def table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / "routes.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def holidays() -> dict[int, dict[str, Any]]:
    return {
        int(p.stem): yaml.safe_load(p.read_text(encoding="utf-8"))
        for p in (DATA / "holidays").glob("*.yaml")
    }


def day(moment: Any) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def before(a: Any, b: Any) -> bool:
    both = isinstance(a, dt.datetime) and isinstance(b, dt.datetime)
    return bool(a < b) if both else day(a) < day(b)


def last_date(start: dt.date, limit: dict[str, Any]) -> dt.date:
    date, counted = start, 0
    while counted < limit["n"]:
        date += dt.timedelta(days=1)
        if limit["unit"] == "days":
            counted += 1
            continue
        year = holidays().get(date.year, {"days_off": [], "working_days": []})
        weekday = date.isoweekday() <= 5
        counted += date in year["working_days"] or (weekday and date not in year["days_off"])
    return date


def judged(code: str, rows: list[Row], closed: dt.date | None, today: dt.date) -> dict[str, Any]:
    """verdict, stalled_in, broken_at, missing and the state reached."""
    rows = sorted(
        rows,
        key=lambda r: (
            day(r["at"]),
            isinstance(r["at"], dt.datetime),
            r["at"].timestamp() if isinstance(r["at"], dt.datetime) else 0,
        ),
    )
    slots = _slots(code, rows)
    filled = [i for i, s in enumerate(slots) if s["row"]]
    top = filled[-1] if filled else -1
    state = _state(code, slots[: top + 1], rows)
    answer = {"stalled_in": None, "broken_at": None, "missing": [], "state": state}
    for i, slot in enumerate(slots):
        faults: list[str] = []
        disorder = False
        if slot["row"] is None:
            ahead = [s for s in slots[i + 1 :] if s["row"]]
            if slot["twin"]:
                ahead = [s for s in ahead if not s["twin"]]
            if ahead:
                faults = [slot["act"]]
        else:
            row = slot["row"]
            for name in slot["needs"]:
                value = row["evidence"].get(name)
                bad_cause = name == "root_cause" and value not in table()["root_causes"]
                if not value or name in row["dangling"] or bad_cause:
                    faults.append(name)
            disorder = slot["wrong"] or any(
                before(row["at"], s["row"]["at"]) for s in _preceding(slots, i)
            )
        if faults or disorder:
            return answer | {"verdict": "broken", "broken_at": i + 1, "missing": faults}
    empty = [i for i, s in enumerate(slots) if s["row"] is None]
    if not empty:
        return answer | {"verdict": "complete"}
    first = empty[0]
    reached = [day(s["row"]["at"]) for s in _preceding(slots, first)]
    limit = slots[first]["limit"]
    if slots[first]["act"] == "PROMOTE":
        reached = [*reached, closed] if closed else []
    if limit and reached and today > last_date(max(reached), limit):
        return answer | {"verdict": "stalled", "stalled_in": state}
    return answer | {"verdict": "open"}


def _preceding(slots: list[Slot], i: int) -> list[Slot]:
    """The filled slots that slot ``i`` follows: one, or the verifications before it."""
    left = [s for s in slots[:i] if s["row"]]
    if slots[i]["twin"]:
        while left and left[-1]["twin"]:
            left.pop()
        return left[-1:]
    twins: list[Slot] = []
    while left and left[-1]["twin"]:
        twins.append(left.pop())
    return twins or left[-1:]


def _state(code: str, slots: list[Slot], rows: list[Row]) -> str | None:
    filled = [s for s in slots if s["row"]]
    if not filled:
        return None
    state: str = filled[-1]["to"]
    if code == "R3" and state in {"ANSWERED", "DATA_VERIFIED", "PROCEDURE_VERIFIED"}:
        needed = {h["act"] for h in _table_hops(code, rows) if h["act"].startswith("VERIFY_")}
        for slot in filled:
            if slot["act"] == "VERIFY_FAILED":
                needed = {h["act"] for h in _table_hops(code, rows) if "VERIFY_" in h["act"]}
            needed.discard(slot["act"])
        if not needed:
            return "VERIFIED"
    return state


def _slot(act: str, to: str, needs: list[str], limit: Any, **more: Any) -> Slot:
    base = {"act": act, "to": to, "needs": needs, "limit": limit, "row": None, "twin": False}
    return base | {"wrong": False, "round": 0, **more}


def _table_hops(code: str, rows: list[Row]) -> list[dict[str, Any]]:
    hops = table()["routes"][code]["hops"]
    acts = {r["act"] for r in rows}
    opened = acts & (
        {h["act"] for h in hops if h.get("branch") == "open_case"}
        | ({"DISPUTE", "DECIDE_DISPUTE", "URGENT"} if code == "R1" else set())
    )
    skipped = "closed_case" if opened else "open_case"
    issues = [r for r in rows if r["act"] == "ISSUE"]
    cause = issues[0]["evidence"].get("root_cause") if issues else None
    return [
        h
        for h in hops
        if h.get("branch") != skipped and ("root_causes" not in h or cause in h["root_causes"])
    ]


def _slots(code: str, rows: list[Row]) -> list[Slot]:
    """The path, filled; an end in its place."""
    ends = {e["act"]: e for e in table()["ends"] if code in e["routes"]}
    plain = [r for r in rows if r["act"] not in ends]
    stop = next((r for r in rows if r["act"] in ends), None)
    if stop is None:
        return _filled(code, plain, plain)
    now = [r for r in plain if not before(stop["at"], r["at"])]
    slots = _filled(code, now, plain)
    if slots[-1]["row"]:
        return slots
    end = ends[stop["act"]]
    place = len(slots) - next((n for n, s in enumerate(reversed(slots)) if s["row"]), len(slots))
    anywhere = end["from"] == ["*"]
    at_state = slots[place - 1]["to"] if place else None
    wrong = False
    if not ((anywhere and place) or at_state in end["from"]):
        goals = ["DRAFT"] if anywhere else end["from"]
        reachable = [i for i in range(place, len(slots)) if slots[i]["to"] in goals]
        wrong = not reachable
        if reachable:
            for slot in slots[place : reachable[0] + 1]:
                later = [r for r in plain if r not in now and r["act"] == slot["act"]]
                slot["row"] = later[0] if later else None
            place = reachable[0] + 1
    closing = _slot(end["act"], end["to"], end["needs"], None, row=stop, wrong=wrong)
    return [*slots[:place], closing]


def _filled(code: str, rows: list[Row], every: list[Row]) -> list[Slot]:
    branched = {h["act"] for h in table()["routes"][code]["hops"] if h.get("branch") != "main"}
    seen = rows if any(r["act"] in branched for r in rows) else every
    hops = _table_hops(code, seen)
    twins = [h["act"] for h in hops if h["act"] in {"VERIFY_DATA", "VERIFY_PROCEDURE"}]
    failures = _failures(code, rows, twins, hops[-1]["act"])
    slots: list[Slot] = []
    for h in hops:
        slots.append(
            _slot(
                h["act"],
                h["to"],
                h.get("evidence", []),
                h.get("limit"),
                source=h,
                twin=h["act"] in twins,
            )
        )
    if code == "R3" and failures:
        slots = _with_rounds(slots, len(failures), rows, failures)
    if code == "R1":
        slots = _urgent(slots, rows)
    used: list[Row] = []
    ready: list[Slot] = []
    for slot in slots:
        if slot["act"] == "VERIFY_FAILED":
            slot["row"] = failures[slot["round"]]
            ready.append(slot)
            continue
        if slot["row"]:
            ready.append(slot)
            continue
        pool = [r for r in rows if not any(r is u for u in used)]
        for name, decision, place in (
            ("DISPUTE", "DECIDE_DISPUTE", "ACCEPT_REPLY"),
            ("OBJECT", "DECIDE_OBJECTION", "ANSWER"),
        ):
            if slot["act"] != place or {"R1": "DISPUTE", "R3": "OBJECT"}.get(code) != name:
                continue
            own = _offered(pool, place, slot["round"], failures)
            raised = _offered(pool, name, slot["round"], failures)
            ruled = _offered(pool, decision, slot["round"], failures)
            first = next((r for r in rows if any(r is c for c in (own, raised, ruled))), None)
            if first is None or first is own:
                continue
            entry = next(d for d in table()["detours"] if d["act"] == name)
            ended = ruled is not None and ruled["evidence"].get("result") == "CLOSED"
            to = "CLOSED" if ended else entry["then"][0]
            ready.append(_slot(name, entry["to"], entry["needs"], slot["limit"], row=raised))
            ready.append(_slot(decision, to, ["result", "reason"], entry["limit"], row=ruled))
            used += [r for r in (raised, ruled) if r]
            if ended:
                return ready
            break
        else:
            slot["row"] = _offered(pool, slot["act"], slot["round"], failures)
            used += [slot["row"]] if slot["row"] else []
            ready.append(slot)
    return ready


def _failures(code: str, rows: list[Row], twins: list[str], final: str) -> list[Row]:
    """The failed verifications that count: something was left to verify, nothing closed yet."""
    found: list[Row] = []
    for row in [r for r in rows if code == "R3" and r["act"] == "VERIFY_FAILED"]:
        if [r for r in rows if r["act"] == final and before(r["at"], row["at"])]:
            return found
        left = list(twins)
        for r in rows:
            in_round = not found or not before(r["at"], found[-1]["at"])
            if in_round and not before(row["at"], r["at"]) and r["act"] in left:
                left.remove(r["act"])
        if left:
            found.append(row)
    return found


def _with_rounds(
    slots: list[Slot], rounds: int, rows: list[Row], failures: list[Row]
) -> list[Slot]:
    by_act = {s["act"]: s for s in slots}
    twins = [s for s in slots if s["twin"]]
    anew = [by_act["ACKNOWLEDGE"], by_act["ANSWER"]]
    path = [by_act["RAISE"], by_act["ISSUE"]]
    for number in range(rounds + 1):
        path += [dict(s, round=number) for s in anew]
        if number == rounds:
            path += [dict(s, round=number) for s in twins]
            continue
        for s in twins:
            made = [
                r
                for r in rows
                if r["act"] == s["act"]
                and not before(failures[number]["at"], r["at"])
                and (number == 0 or not before(r["at"], failures[number - 1]["at"]))
            ]
            path += [dict(s, round=number)] if made else []
        path.append(_slot("VERIFY_FAILED", "ISSUED", ["reason"], twins[0]["limit"], round=number))
    return [*path, dict(by_act["CLOSE"], round=rounds)]


def _offered(pool: list[Row], act: str, number: int, failures: list[Row]) -> Row | None:
    """The row of an act that counts in a round."""
    mine = [r for r in pool if r["act"] == act]
    if number > 0:
        mine = [r for r in mine if not before(r["at"], failures[number - 1]["at"])]
    if act in {"RAISE", "ISSUE"} and not failures:
        return mine[0] if mine else None
    if number == len(failures):
        return mine[0] if mine else None
    now = [r for r in mine if not before(failures[number]["at"], r["at"])]
    if now:
        return now[0]
    if number + 1 < len(failures):
        mine = [r for r in mine if not before(failures[number + 1]["at"], r["at"])]
    return mine[0] if len(mine) >= 2 else None


def _urgent(slots: list[Slot], rows: list[Row]) -> list[Slot]:
    urgent = next((r for r in rows if r["act"] == "URGENT"), None)
    if urgent is None:
        return slots
    beyond = {"REPLY", "ACCEPT_REPLY", "PROMOTE", "DISPUTE", "DECIDE_DISPUTE"}
    if any(r["act"] in beyond and not before(urgent["at"], r["at"]) for r in rows):
        return slots
    received = next((r for r in rows if r["act"] == "ACKNOWLEDGE"), None)
    keeps = received is not None and not before(urgent["at"], received["at"])
    acts = [s["act"] for s in slots]
    cut = acts.index("REPLY" if keeps else "ACKNOWLEDGE")
    detour = _slot("URGENT", "ROUTED_REVIEW", ["reason"], slots[cut]["limit"], row=urgent)
    return [*slots[:cut], detour, *slots[acts.index("PROMOTE") + 1 :]]

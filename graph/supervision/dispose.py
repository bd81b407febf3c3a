"""A person disposes (处置): what somebody decided on a problem, appended, never overwritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graph.errors import InputError
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.temporal import instant, moment_properties

STATUSES = ("CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE")


def dispose(
    g: Graph,
    problem: str,
    status: str,
    by: str,
    reason: str,
    at: dt.date | dt.datetime | str | None = None,
    source: str | None = None,
) -> dict[str, Any]:
    """Record who decided what on a problem, and on which values it rested.

    ``status`` is one of :data:`STATUSES`; ``at`` defaults to the data date; the moment of entry is
    kept beside it. ``by`` is the id of a member of staff, or a name of the office where the store
    has none. Raises InputError ``read.not_found``, ``read.ambiguous``, ``dispose.status``,
    ``dispose.empty``, ``dispose.before_found``.
    """
    if status not in STATUSES:
        raise InputError("dispose.status", status=status, statuses=", ".join(STATUSES))
    for name, value in (("by", by), ("reason", reason)):
        if not value.strip():
            raise InputError("dispose.empty", field=name)
    key = g.resolve("Problem", problem, source)
    card = g.read("problem_card", problem=key).one()
    if card is None:
        raise InputError("dispose.no_case", problem=problem)
    zone = settings().zone
    moment = g.as_of(at)
    if card.found is not None and moment.astimezone(zone).date() < card.found:
        raise InputError("dispose.before_found", problem=problem, found=card.found)
    own, short = key.split("/", 1)
    before = sorted(card.dispositions, key=lambda d: (d[2], d[0]))
    id_ = f"{short}-D{len(before) + 1}"
    person = g.read("known_persons", keys=[f"{own}/{by}"]).one()
    props: dict[str, Any] = {
        "key": f"{own}/{id_}",
        "id": id_,
        "source": own,
        "status": status,
        "reason": reason,
        "by": by,
        "values": card.values,
        "known": instant(moment, zone),
        **moment_properties("at", moment.astimezone(zone), zone),
        **moment_properties("entered", dt.datetime.now(zone), zone),
        "_batch": card.batch,
        "_row": card.row,
    }
    props = {name: value for name, value in props.items() if value is not None}
    row = {
        "key": props["key"],
        "props": props,
        "problem": key,
        "person": None if person is None else f"{own}/{by}",
    }
    g.write("load_dispositions", rows=[row])
    found = g.read("former_problems", keys=[key]).one()
    if found is not None and "state" in found.props:
        # A claim about it may now agree or disagree: the next check looks at the case.
        latest = max((b.batch for b in g.read("batches")), default="")
        g.write("touch_problems", keys=[key], batch=f"{latest}+")
    return {
        "as_of": g.as_of(),
        "problem": short,
        "case": str(card.case).split("/", 1)[1],
        "type": card.type,
        "was": before[-1][1] if before else "HIT",
        "status": status,
        "by": by,
        "at": moment,
        "reason": reason,
        "disposition": id_,
    }

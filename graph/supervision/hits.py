"""How a rule does in practice: its hits, what was disposed, and the share that was confirmed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from scipy.stats import binomtest

from graph.rulebook.law import book
from graph.rulebook.lint import show
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK


def shown(g: Graph, code: str, as_of: dt.date | dt.datetime | str | None = None) -> dict[str, Any]:
    """An entry of the rulebook with its status on a day, and its hits (None in an empty store).

    Raises InputError ``rules.unknown``.
    """
    empty = as_of is None and g.data_date() is None
    moment = None if empty else g.as_of(as_of)
    day = (moment or dt.datetime.now(dt.UTC)).astimezone(settings().zone).date()
    found = show(book(), code, day)
    return {"as_of": moment, **found, "hits": None if moment is None else hits(g, code, moment)}


def hits(g: Graph, code: str, as_of: dt.datetime) -> dict[str, Any]:
    """Hits of a rule, those disposed of, those confirmed, with a 95 % Wilson interval.

    ``confirmed_share`` is confirmed over disposed, None while nothing is disposed of; ``standing``
    leaves out hits whose ground is gone.
    """
    rows = list(g.read("rule_hits", rule=f"{RULEBOOK}/{code}", as_of=as_of))
    total = sum(r.n for r in rows)
    disposed = sum(r.n for r in rows if r.status not in {"HIT", "CLOSED"})
    confirmed = sum(r.n for r in rows if r.status == "CONFIRMED")
    share, interval = None, None
    if disposed:
        share = confirmed / disposed
        found = binomtest(confirmed, disposed).proportion_ci(method="wilson")
        interval = [round(float(found.low), 4), round(float(found.high), 4)]
    return {
        "hits": total,
        "standing": total - sum(r.n for r in rows if r.status == "CLOSED"),
        "disposed": disposed,
        "confirmed": confirmed,
        "confirmed_share": None if share is None else round(share, 4),
        "interval": interval,
        "by_status": {
            status: sum(r.n for r in rows if r.status == status)
            for status in sorted({r.status for r in rows})
        },
    }

"""案-件比: how many items (件) the matters (案) of a period cost; for one matter, which and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graph import rulebook
from graph.analysis.scope import batches, local_day, one_source, period_bounds
from graph.errors import InputError
from graph.rulebook.model import ActivityProfile, activity_profiles
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK

PROFILE = "2020"
"""The edition of the counted activities that is used unasked."""


def ratio(
    g: Graph,
    source: str | None = None,
    as_of: dt.date | dt.datetime | str | None = None,
    period: str | None = None,
    profile: str = PROFILE,
) -> dict[str, Any]:
    """案, 件 and their ratio, with the part of every counted activity.

    ``an`` = cases accepted for arrest review + (cases accepted for prosecution review - those of
    them with an arrested party); ``jian`` = ``an`` + the items of the activities of ``profile``.
    ``period`` bounds the day of acceptance, and the first day of an activity. ``ratio`` is null
    without a case, ``share`` without an item. Raises InputError for an unknown profile, a bad
    period or an unnamed source.
    """
    edition = _edition(profile)
    since, until = period_bounds(period)
    moment = g.as_of(as_of)
    source = one_source(g, source)
    scope: dict[str, Any] = {"since": since, "until": until, "source": source, "as_of": moment}
    accepted = g.read("ratio_cases", day=local_day(moment), **scope).one()
    assert accepted is not None, "a count has a row"
    an = accepted.arrest_reviews + accepted.prosecution_reviews - accepted.arrested
    counts = {
        row.activity: row.items
        for row in g.read("ratio_activities", points=_points(edition), **scope)
    }
    added = sum(counts.values())
    activities = [
        {
            "activity": a.code,
            "zh": a.zh,
            "en": a.en,
            "nodes": [node for point in a.points for node in point.at],
            "count": counts.get(a.code, 0),
            "share": counts.get(a.code, 0) / added if added else None,
        }
        for a in edition.activities
    ]
    return {
        "as_of": moment,
        "source": source,
        "period": period,
        "profile": edition.code,
        "zh": edition.zh,
        "en": edition.en,
        "status": edition.status,
        **accepted.as_dict(),
        "an": an,
        "jian": an + added,
        "ratio": (an + added) / an if an else None,
        "activities": activities,
        "total": len(activities),
        "shown": len(activities),
        "truncated": False,
        "evidence": {
            "queries": ["ratio_cases", "ratio_activities"],
            "params": {"source": source, "as_of": moment, "period": period, "profile": profile},
            "rulebook": rulebook.version(),
            "batches": batches(g, source),
        },
    }


def items(g: Graph, case: str, moment: dt.datetime, profile: str = PROFILE) -> dict[str, Any]:
    """Which items the matter of a case (its key) cost by then, and why.

    ``cases`` tells of each case of the matter whether it is a 案 of the ratio, ``counted`` lists
    what the activities add. Added over all matters they give the numbers of :func:`ratio`.
    """
    edition = _edition(profile)
    rows = g.read("ratio_matter_cases", case=case, day=local_day(moment), as_of=moment)
    found = g.read(
        "ratio_matter_items",
        cases=[row.key for row in rows],
        points=_points(edition),
        as_of=moment,
    )
    names = {a.code: a for a in edition.activities}
    counted = [
        {
            "case": row.case,
            "event": row.event,
            "node": row.node,
            "activity": row.activity,
            "zh": names[row.activity].zh,
            "en": names[row.activity].en,
            "on": row.day,
            "reason": {
                "zh": f"{row.node}：{edition.zh}将“{names[row.activity].zh}”计为一件",
                "en": f"{row.node}: {names[row.activity].en} is an item in the "
                f"{edition.en[0].lower()}{edition.en[1:]}",
            },
        }
        for row in found
    ]
    cases = [
        {"case": row.case, "type": row.type, "an": an, "reason": reason}
        for row in rows
        for an, reason in (_as_matter(row.type, row.arrested),)
    ]
    an = sum(c["an"] for c in cases)
    return {
        "profile": edition.code,
        "status": edition.status,
        "an": an,
        "jian": an + len(counted),
        "counted": counted,
        "cases": cases,
    }


def _as_matter(type_: str | None, arrested: bool) -> tuple[int, dict[str, str]]:
    """Whether a case is a 案 of the ratio, 1 or 0, and why."""
    match type_, arrested:
        case "AR", _:
            return 1, {"zh": "受理审查逮捕，计一案", "en": "accepted for arrest review: counts"}
        case "PR", False:
            return 1, {
                "zh": "受理审查起诉，未采取逮捕措施，计一案",
                "en": "accepted for prosecution review without an arrest: counts",
            }
        case "PR", True:
            return 0, {
                "zh": "受理审查起诉，已采取逮捕措施，与审查逮捕重叠，不另计",
                "en": "accepted for prosecution review with an arrest: the arrest review counts",
            }
    return 0, {
        "zh": "不是审查逮捕或审查起诉案件，不计案",
        "en": "neither arrest nor prosecution review: does not count",
    }


def _edition(profile: str) -> ActivityProfile:
    known = activity_profiles()
    found = known.get(profile)
    if found is None or found.why:
        choices = (
            f"{p.code} ({p.why['zh']} {p.why['en']})" if p.why else p.code for p in known.values()
        )
        raise InputError(
            "analysis.bad_choice", field="profile", value=profile, choices=", ".join(choices)
        )
    return found


def _points(edition: ActivityProfile) -> list[dict[str, Any]]:
    """The points of the activities, one node each, as the queries take them."""
    return [
        {
            "activity": a.code,
            "node": f"{RULEBOOK}/{node}",
            "acts": list(point.acts),
            "each": a.each,
        }
        for a in edition.activities
        for point in a.points
        for node in point.at
    ]

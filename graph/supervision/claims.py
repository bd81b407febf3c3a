"""Claims (来源所称状态): what a source says of the state of a lead or problem, beside the derived.

A register's state column is never taken over. Where it says something else than what is recorded,
that is a fault of the data: problem type D10 on the case, found on the date of the last fact that
speaks against it. The check writes it with everything else it finds, and closes it when both agree
again; here nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graph.rulebook import routes
from graph.settings import settings
from graph.store.connection import Graph
from graph.supervision.judge import differs, lead_differs, lead_states
from graph.supervision.leads import judged_leads

TYPE = "D10"
"""Status and record disagree."""
STATUSES = ("HIT", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE")
COLUMNS = frozenset({"leads.state", "problems.state"})
"""Where a source makes claims."""
_CHUNK = 2_000


@dataclass(frozen=True)
class Claim:
    """What a source says of one lead or problem.

    ``state`` is the derived one, ``ended`` whether the thing is over; ``differs`` is None where
    the claim is a word without a meaning here, which can be compared with nothing.
    """

    kind: str
    id: str
    source: str
    case: str | None
    claimed: str
    state: str | None
    ended: bool
    differs: bool | None
    since: dt.date | None

    @property
    def problem(self) -> str | None:
        """Id of the problem that the check raises; None where there is none, or no case."""
        return f"CL-{self.kind}-{self.id}" if self.differs and self.case and self.since else None

    @property
    def title(self) -> str:
        """The disagreement in words."""
        of = {"LEAD": "线索", "PROBLEM": "问题"}[self.kind]
        return f"{of} {self.id}：来源称 {self.claimed}，据记录为 {self.state or '–'}"

    def shown(self) -> dict[str, Any]:
        """The claim as an answer holds it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "source": self.source,
            "case": self.case and self.case.split("/", 1)[1],
            "claimed": self.claimed,
            "state": self.state,
            "ended": self.ended,
            "differs": self.differs,
            "since": self.since,
            "problem": self.problem,
        }


def claims(
    g: Graph,
    as_of: dt.date | dt.datetime | str | None = None,
    limit: int = 100,
    *,
    source: str | None = None,
) -> dict[str, Any]:
    """Every claim of a source about a lead or a problem beside the derived state, by id.

    ``differing`` counts those that disagree, ``unknown`` those whose word means nothing here;
    ``problem`` is the id of the data problem that the check puts on the case. At most ``limit`` are
    listed (0 = all), those that disagree first.
    """
    moment = g.as_of(as_of)
    cases = [r.key for r in g.stream("claimed_cases", source=source)]
    problems = (
        claim
        for at in range(0, len(cases), _CHUNK)
        for row in g.read("problem_claims", cases=cases[at : at + _CHUNK])
        if (claim := _problem(row, moment)) is not None
    )
    found = sorted(
        [*_leads(judged_leads(g, moment, source)), *problems],
        key=lambda c: (not c.differs, c.kind, c.id, c.source),
    )
    page = found[:limit] if limit else found
    return {
        "as_of": moment,
        "differing": sum(c.differs is True for c in found),
        "unknown": sum(c.differs is None for c in found),
        "total": len(found),
        "shown": len(page),
        "truncated": len(page) < len(found),
        "claims": [c.shown() for c in page],
        "evidence": {
            "queries": ["claimed_cases", "lead_steps", "problem_claims"],
            "params": {"as_of": moment, "source": source},
        },
    }


@dataclass(frozen=True)
class CaseClaims:
    """The claims of some cases, by key; ``ahead`` is the next day on which one may read anew."""

    claims: dict[str, list[Claim]]
    ahead: dict[str, dt.date]


def of_cases(g: Graph, cases: list[str], moment: dt.datetime) -> CaseClaims:
    """What sources claim of the problems of cases, and of the leads about them."""
    found: dict[str, list[Claim]] = defaultdict(list)
    ahead: dict[str, list[dt.date]] = defaultdict(list)
    for row in g.read("problem_claims", cases=cases):
        ahead[row.case] += _later(row, moment)
        if (claim := _problem(row, moment)) is not None:
            found[row.case].append(claim)
    leads = list(g.read("lead_claims", cases=cases, as_of=moment))
    for row in leads:
        ahead[row.case] += [_day(known) for known in row.ahead]
    if leads:
        for claim in _leads(judged_leads(g, moment, keys=[row.lead for row in leads])):
            found[str(claim.case)].append(claim)
    return CaseClaims(found, {case: min(days) for case, days in ahead.items() if days})


def _leads(judged: Iterable[tuple[Any, Any]]) -> Iterator[Claim]:
    for row, judgment in judged:
        if row.claimed is None or judgment is None:
            continue
        _, ends = lead_states(routes()[row.route])
        days = [s["props"]["at_on"] for s in row.steps]
        yield Claim(
            "LEAD",
            row.lead,
            row.source,
            row.case_key,
            row.claimed,
            judgment.state,
            judgment.state in ends,
            lead_differs(routes()[row.route], row.claimed, judgment.state),
            max(days, default=None),
        )


def _problem(row: Any, moment: dt.datetime) -> Claim | None:
    """The claim about a problem; None where the problem was not known by then."""
    if row.known > moment:
        return None
    today = _day(moment)
    said = sorted((d for d in row.dispositions if d[0] <= moment), key=lambda d: (d[0], d[1]))
    status, said_on = said[-1][2:] if said else ("HIT", None)
    settled = [d for d in (*row.corrected, *row.replied) if d <= today]
    ended = bool(settled) or status not in {"HIT", "CONFIRMED"}
    return Claim(
        "PROBLEM",
        row.problem,
        row.source,
        row.case,
        row.claimed,
        status,
        ended,
        differs(row.claimed, status, ended, frozenset(STATUSES)),
        max([row.found, *settled, *([said_on] if said_on else [])]),
    )


def _later(row: Any, moment: dt.datetime) -> Iterator[dt.date]:
    """The days after ``moment`` on which a fact about a problem comes to be known."""
    known = [row.known, *(d[0] for d in row.dispositions)]
    yield from (_day(k) for k in known if k > moment)
    yield from (d for d in (*row.corrected, *row.replied) if d > _day(moment))


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(settings().zone).date()

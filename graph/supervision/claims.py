"""Claims (来源所称状态): what a source says of the state of a lead or problem, beside the derived.

A register's state column is never taken over. Where it says something else than what is recorded,
that is a fault of the data: problem type D10 on the case, found on the date of the last fact that
speaks against it, so that asking twice changes nothing; it is closed when both agree again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graph.rulebook import problem_types, routes
from graph.settings import settings
from graph.store.connection import Graph
from graph.store.schema import RULEBOOK
from graph.store.temporal import as_json, instant, moment_properties
from graph.supervision.judge import differs, lead_differs, lead_states
from graph.supervision.leads import judged_leads

TYPE = "D10"
"""Status and record disagree."""
STATUSES = ("HIT", "CONFIRMED", "NOT_A_PROBLEM", "DATA_ERROR", "RULE_FALSE")
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
        """Id of the problem that it raises; None where it raises none or names no case."""
        return f"CL-{self.kind}-{self.id}" if self.differs and self.case and self.since else None

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
    write: bool = True,
    limit: int = 100,
    *,
    source: str | None = None,
) -> dict[str, Any]:
    """Every claim of a source about a lead or a problem beside the derived state, by id.

    ``differing`` counts those that disagree, ``unknown`` those whose word means nothing here;
    ``write`` puts a data problem on the case of each that disagrees, and closes those that agree
    again. At most ``limit`` are listed (0 = all), those that disagree first.
    """
    moment = g.as_of(as_of)
    found = sorted(
        [*_leads(g, source, moment), *_problems(g, source, moment)],
        key=lambda c: (not c.differs, c.kind, c.id, c.source),
    )
    written = _write(g, found, moment) if write else 0
    page = found[:limit] if limit else found
    return {
        "as_of": moment,
        "differing": sum(c.differs is True for c in found),
        "unknown": sum(c.differs is None for c in found),
        "written": written,
        "total": len(found),
        "shown": len(page),
        "truncated": len(page) < len(found),
        "claims": [c.shown() for c in page],
        "evidence": {
            "queries": ["lead_steps", "problem_claims"],
            "params": {"as_of": moment, "source": source},
        },
    }


def _leads(g: Graph, source: str | None, moment: dt.datetime) -> Iterator[Claim]:
    for row, judged in judged_leads(g, moment, source):
        if row.claimed is None or judged is None:
            continue
        _, ends = lead_states(routes()[row.route])
        days = [s["props"]["at_on"] for s in row.steps]
        yield Claim(
            "LEAD",
            row.lead,
            row.source,
            row.case_key,
            row.claimed,
            judged.state,
            judged.state in ends,
            lead_differs(routes()[row.route], row.claimed, judged.state),
            max(days, default=None),
        )


def _problems(g: Graph, source: str | None, moment: dt.datetime) -> Iterator[Claim]:
    today = moment.astimezone(settings().zone).date()
    for row in g.stream("problem_claims", source=source, as_of=moment):
        settled = [d for d in (*row.corrected, *row.replied) if d <= today]
        ended = bool(settled) or row.status not in {"HIT", "CONFIRMED"}
        yield Claim(
            "PROBLEM",
            row.problem,
            row.source,
            row.case,
            row.claimed,
            row.status,
            ended,
            differs(row.claimed, row.status, ended, frozenset(STATUSES)),
            max([row.found, *settled, *([row.said] if row.said else [])]),
        )


def _write(g: Graph, found: list[Claim], moment: dt.datetime) -> int:
    """Write and close the problems of claims; how many changed."""
    written = 0
    for at in range(0, len(found), _CHUNK):
        part = [c for c in found[at : at + _CHUNK] if c.case and c.since]
        rows = {f"{c.source}/CL-{c.kind}-{c.id}": c for c in part}
        known = {r.key: r.hash for r in g.read("known_problems", keys=sorted(rows))}
        cases = sorted({str(c.case) for c in part})
        cards = {r.key: r.props for r in g.read("former_cases", keys=cases)}
        made = [_row(key, c, cards[str(c.case)]) for key, c in rows.items() if c.differs]
        new = [r for r in made if known.get(r["key"]) != r["props"]["_hash"]]
        if new:
            g.write("load_problems", rows=new)
        gone = [k for k, c in rows.items() if not c.differs and known.get(k)]
        if gone:
            closed = moment_properties("closed", moment, settings().zone)
            reason = "所称与所记已一致 / claim and record agree again"
            g.write(
                "close_problems",
                rows=[{"key": key, **closed, "reason": reason, "hash": ""} for key in gone],
            )
        written += len(new) + len(gone)
    return written


def _row(key: str, claim: Claim, case: Mapping[str, Any]) -> dict[str, Any]:
    """The problem of a claim as a row of ``load_problems``."""
    zone = settings().zone
    assert claim.since is not None
    of = {"LEAD": "线索", "PROBLEM": "问题"}[claim.kind]
    props: dict[str, Any] = {
        **moment_properties("found", claim.since, zone),
        "known": instant(claim.since, zone),
        "found_by": problem_types()[TYPE].kind,
        "description": f"{of} {claim.id}：来源称 {claim.claimed}，据记录为 {claim.state or '–'}",
        "values": json.dumps(
            {"claimed": claim.claimed, "state": claim.state, "ended": claim.ended},
            ensure_ascii=False,
        ),
    }
    targets = {"type": f"{RULEBOOK}/{TYPE}", "case": claim.case}
    content = json.dumps(as_json([props, targets]), sort_keys=True, ensure_ascii=False)
    props |= {
        "key": key,
        "id": claim.problem,
        "source": claim.source,
        "_hash": hashlib.sha256(content.encode()).hexdigest()[:32],
        "_batch": case["_batch"],
        "_row": case["_row"],
    }
    return {"key": key, "props": props, **targets}

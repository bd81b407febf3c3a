"""What each route answers, for OpenAPI: the keys that are promised; answers may carry more."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

PROBLEM = "application/problem+json"


class Shape(BaseModel):
    """An object that may carry more keys than it promises."""

    model_config = ConfigDict(extra="allow")


class Dated(Shape):
    """Every answer says for which moment it holds."""

    as_of: str | None = Field(description="UTC instant; null when it depends on no data.")


class Listing(Dated):
    """Every list says what it cut."""

    total: int | None = Field(description="Before the cut; null when it was not counted.")
    shown: int
    truncated: bool


class Health(Dated):
    """Which engine answers; as_of is the data date."""

    engine: str
    version: str


class Vanished(Shape):
    """The batch that no longer had a row of a complete table, and the day it was loaded."""

    batch: str
    on: str | None


class CaseRow(Shape):
    """One case."""

    case: str
    source: str
    type: str | None
    unit: str | None
    accepted: str | None
    closed: str | None
    status: str
    vanished: Vanished | None


class Cases(Listing):
    """Cases in order of their id."""

    cases: list[CaseRow]


class ProblemRow(Shape):
    """One problem with its derived status."""

    problem: str
    kind: str
    type: str
    node: str | None
    case: str
    found: str | None
    status: str
    vanished: Vanished | None


class Problems(Listing):
    """Problems in order of their id; ``statuses`` are those that count."""

    problems: list[ProblemRow]
    statuses: list[str]


class LeadRow(Shape):
    """One lead with its derived state and verdict."""

    lead: str
    route: str
    state: str | None
    verdict: str | None
    stalled_in: str | None
    broken_at: int | None
    missing: list[str]


class Leads(Listing):
    """Leads in order of their id."""

    leads: list[LeadRow]


class Hop(Shape):
    """One hop: who, when, how long in the state before (seconds), against which limit."""

    hop: int
    act: str
    at: str | None
    supervision: str | None
    by: str | None
    state: str | None
    seconds: float | None
    limit: dict[str, Any] | None
    missing: list[str]


class Trace(Dated, LeadRow):
    """The whole path of a lead."""

    hops: list[Hop]


class Counts(Shape):
    """Cases by what they did at the node; ``repeated`` is part of ``passed``."""

    passed: int
    repeated: int
    missed: int
    not_applicable: int
    unknown: int
    total: int


class Effect(Shape):
    """An odds ratio with its 95 % interval; null where it cannot be told or has no bound."""

    odds_ratio: float | None
    low: float | None
    high: float | None


class Tested(Shape):
    """How something goes with the outcome, stratified."""

    effect: Effect
    q: float = Field(description="Adjusted over all tests run.")
    support: int = Field(description="Cases with the outcome that show it.")
    strata: int = Field(description="Strata that say something.")
    word: str


class DeviationRow(Tested):
    """A deviation at the node."""

    deviation: str


class NodeRow(Shape):
    """One node: null counts where the indicator has no predicate."""

    node: str
    curated: bool
    cases: Counts | None
    comparison: Counts | None
    deviations: list[DeviationRow]


class Value(Shape):
    """A part of the indicator in its unit; a plain number has no denominator."""

    unit: str
    numerator: int
    denominator: int | None
    share: float | None


class PathRow(Tested):
    """A run of two or three steps that follow each other directly, before the outcome."""

    path: list[dict[str, str | None]]
    returns: bool = Field(description="It comes back to the node where it began.")


class Paths(Shape):
    """Paths before the outcome against comparison cases, by evidence."""

    total: int
    shown: int
    truncated: bool
    tests: int
    cut: dict[str, int] = Field(description="Comparison cases by how they were cut.")
    paths: list[PathRow]


class Nodes(Listing):
    """The nodes that an indicator points at."""

    indicator: str | None
    status: str | None = Field(description="Whether the definition is confirmed.")
    values: list[Value]
    reason: dict[str, str] | str | None = Field(description="Why counts are null.")
    nodes: list[NodeRow]
    paths: Paths | None = Field(default=None, description="If asked for with `paths`.")


class DeadlineClock(Shape):
    """One clock of a case; ``problem`` is the one that it raises, or joins."""

    rule: str
    source: str
    case: str
    result: str
    overdue: bool
    owner: str
    start: str | None
    due: str | None
    end: str | None
    problem: str | None
    explained: dict[str, list[str]]


class Deadlines(Listing):
    """Deadline rules of profiles: counts per rule (overdue is part of running), and clocks."""

    rules: dict[str, dict[str, int]]
    clocks: list[DeadlineClock]
    problems: int
    written: int
    closed: int


class ClaimRow(Shape):
    """A claim of a register; ``differs`` is null where its word means nothing here."""

    kind: str
    id: str
    source: str
    case: str | None
    claimed: str
    state: str | None
    ended: bool
    differs: bool | None
    problem: str | None


class Claims(Listing):
    """What registers claim of leads and problems, beside what is derived."""

    differing: int
    unknown: int
    claims: list[ClaimRow]


class Gaps(Dated):
    """Indicators without a node, nodes without an indicator, candidate and loaded mappings."""

    tests: int
    indicators: dict[str, Any]
    nodes: dict[str, Any]
    candidates: dict[str, Any]
    mappings: dict[str, Any]


class PatternRow(Shape):
    """Problems of one type at one node, in all (department null) or in one department; or several
    that come together (type, node and department null)."""

    type: str | None
    node: str | None
    department: str | None
    cases: int
    handlers: int
    months: int
    kinds: list[str]
    items: list[dict[str, Any]]
    expected: float | None
    effect: Effect
    p: float
    q: float
    word: str
    replicated: bool | None
    trend: str
    folded: str | None = Field(description="The pattern that explains this one.")


class Patterns(Listing):
    """Recurring problems, and chains across kinds of supervision."""

    patterns: list[PatternRow]
    tests: int = Field(description="Testable patterns, over which q is adjusted.")
    contexts: dict[str, Any] | None = Field(None, description="Circumstances that were asked for.")
    chains: dict[str, Any]
    relapses: dict[str, Any]
    convergence: dict[str, Any]


class ActivityRow(Shape):
    """One counted activity: its items, and their share of all items that activities add."""

    activity: str
    nodes: list[str]
    count: int
    share: float | None


class Ratio(Listing):
    """案-件比: matters (an), items (jian), and what the counted activities add."""

    profile: str
    status: str
    an: int
    jian: int
    ratio: float | None
    activities: list[ActivityRow]


class Edge(BaseModel):
    """One link with its reason in both languages."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)
    from_: str = Field(alias="from")
    to: str
    type: str
    reason: dict[str, str]


class LinkedIssues(Listing):
    """All problems of a case and what links them."""

    case: str
    source: str
    vanished: Vanished | None
    nodes: list[dict[str, Any]]
    edges: list[Edge]
    timeline: list[dict[str, Any]]
    table: list[dict[str, Any]]
    items: dict[str, Any] = Field(description="The items that the matter cost, and why.")


class Case(Dated):
    """Everything of one case: its card, and one list per part."""

    case: str
    source: str
    vanished: Vanished | None
    parties: list[dict[str, Any]]
    events: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    leads: list[dict[str, Any]]


class QueryRow(Shape):
    """One query with its parameters and columns."""

    query: str
    title: dict[str, str]
    params: dict[str, Any]
    returns: dict[str, str]


class Queries(Listing):
    """The catalogue."""

    queries: list[QueryRow]


class Rows(Listing):
    """What a query returned."""

    query: str
    rows: list[dict[str, Any]]


class Results(Shape):
    """Clocks by result."""

    MET: int
    LATE: int
    RUNNING: int
    UNKNOWN: int


class ProblemCounts(Shape):
    """What a check did to problems."""

    opened: int
    closed: int
    unchanged: int
    by_kind: dict[str, int]


class Checked(Dated):
    """What a check found; ``overdue`` is part of RUNNING, ``external`` are other organs' clocks."""

    clocks: Results
    overdue: int
    provisional: int
    not_supplied: int
    external: Results
    problems: ProblemCounts
    seconds: float


class ExplainedStep(Shape):
    """One step of a due date."""

    text: str
    date: str | None
    basis: str | None


class ExplainedClock(Shape):
    """One clock: days left (or, negative, over)."""

    rule: str
    party: str | None
    kind: str
    status: str
    overdue: bool
    provisional: bool
    start: str | None
    due: str | None
    days: int | None
    ended: str | None
    steps: list[ExplainedStep]


class Clocks(Listing):
    """Every clock of a case."""

    case: str
    clocks: list[ExplainedClock]


class Disposed(Dated):
    """A disposition as it was recorded."""

    problem: str
    was: str
    status: str
    by: str
    at: str
    disposition: str


class Lint(Dated):
    """The rulebook as the linter sees it."""

    entries: int
    executable: int
    rules: list[dict[str, Any]]
    faults: list[dict[str, str]]
    notices: list[dict[str, str]]


class Rule(Dated):
    """One entry of the rulebook."""

    code: str
    versions: list[dict[str, Any]]
    hits: dict[str, Any] | None


class Affected(Listing):
    """Entries that rest on a law."""

    rules: list[dict[str, Any]]


class Coverage(Listing):
    """What records and what watches each node."""

    nodes: list[dict[str, Any]]
    unwatched: list[str]
    pointing_nowhere: list[dict[str, Any]]
    fields: list[dict[str, Any]]
    data_rules: list[dict[str, Any]]


class BatchRow(Shape):
    """One batch; an unfinished one has no figures."""

    batch: str
    source: str
    state: str
    sha256: str | None = Field(description="Hash over the hashes of its files; null for an undo.")
    profile: str | None = Field(description="SHA-256 of the profile.")
    rulebook: str | None
    read: int | None
    loaded: int | None
    rejected: int | None
    unchanged: int | None
    digest: str | None = Field(description="Of all rows of the store after it.")
    at: str | None = Field(description="Wall clock at which it was finished.")
    undoes: str | None
    undone: str | None


class Batches(Listing):
    """The batches in order of their names."""

    batches: list[BatchRow]


class Undone(Dated):
    """A batch that was taken back."""

    batch: str
    undoes: str
    removed: int
    restored: int
    refused: int


class Rejects(Listing):
    """Why rows of a batch were refused."""

    batch: str
    rejected: int
    cleared: int
    causes: list[dict[str, Any]]


class History(Listing):
    """The values that a row has had, oldest first; ``value`` is the one known at as_of."""

    label: str
    key: str
    value: dict[str, Any] | None
    values: list[dict[str, Any]]


class IndicatorRow(Shape):
    """One value with its reasonable range."""

    indicator: str
    unit: str | None
    period: str
    numerator: int
    denominator: int | None
    unknown: int
    low: float | None
    high: float | None
    status: str = Field(description="inside, outside_95, outside_998, too_few or no_band.")


class Indicators(Listing):
    """Values in order of indicator, unit and period."""

    indicators: list[IndicatorRow]


class Funnel(Dated):
    """Points and limits of a funnel: only the unit asked for has a name."""

    indicator: str
    period: str
    target: float
    points: list[dict[str, Any]]
    curve: list[dict[str, float]]


class Backtest(Listing):
    """What a threshold would have done, per part of the indicator."""

    threshold: dict[str, Any]
    parts: list[dict[str, Any]]


class AlertRow(Shape):
    """One alert and why it fired."""

    id: str
    style: str
    indicator: str | None
    unit: str | None
    period: str
    why: dict[str, Any]


class Alerts(Listing):
    """Alerts, and on request why a case or unit was flagged or not."""

    alerts: list[AlertRow]
    standard: dict[str, Any]


class Scopes(Listing):
    """Adopted review scopes."""

    scopes: list[dict[str, Any]]


class Candidates(Listing):
    """What each candidate indicator would bring."""

    candidates: list[dict[str, Any]]


class HandOvers(Listing):
    """Hand-overs in order of the departments' codes."""

    what: str
    hand_overs: int
    flows: dict[str, Any]
    bounces: dict[str, Any]
    bottleneck: list[dict[str, Any]]


class Crossings(Listing):
    """Nodes in order of their code."""

    nodes: list[dict[str, Any]]
    links: list[dict[str, str]]


class Affects(Listing):
    """What a change affects."""

    code: str
    affected: list[dict[str, Any]]
    problems: dict[str, int]


class Problem(BaseModel):
    """An error in the form of RFC 9457; ``remedy`` says what to try."""

    type: str = Field(examples=["urn:anguan:read.not_found"])
    title: str = Field(examples=["read.not_found"])
    status: int = Field(examples=[404])
    detail: str
    remedy: str
    instance: str


ANSWERS: dict[str, type[BaseModel]] = {
    "/health": Health,
    "/cases": Cases,
    "/problems": Problems,
    "/leads": Leads,
    "/cases/{id}/linked-issues": LinkedIssues,
    "/cases/{id}": Case,
    "/leads/{id}/trace": Trace,
    "/indicators/{code}/nodes": Nodes,
    "/link": Nodes,
    "/deadlines": Deadlines,
    "/claims": Claims,
    "/indicators/gaps": Gaps,
    "/ratio": Ratio,
    "/patterns": Patterns,
    "/queries": Queries,
    "/queries/{name}": Rows,
    "/check": Checked,
    "/cases/{id}/clocks": Clocks,
    "/problems/{id}/dispositions": Disposed,
    "/rules": Lint,
    "/rules/{code}": Rule,
    "/laws/{law}/rules": Affected,
    "/coverage": Coverage,
    "/batches": Batches,
    "/batches/{batch}/undo": Undone,
    "/batches/{batch}/rejects": Rejects,
    "/history/{id}": History,
    "/indicators": Indicators,
    "/indicators/{code}/funnel": Funnel,
    "/indicators/{code}/backtest": Backtest,
    "/alerts": Alerts,
    "/scopes": Scopes,
    "/scopes/candidates": Candidates,
    "/networks/hand-overs": HandOvers,
    "/networks/nodes": Crossings,
    "/affected/{code}": Affects,
}
ERRORS = {
    "404": "Nothing has this name; the remedy names what is near.",
    "409": "The id is not unique, or several sources are loaded: name the source.",
    "422": "A parameter does not fit.",
    "503": "The engine cannot be reached.",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: what FastAPI knows, with the shapes of answers and of errors."""
    found = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    models: list[type[BaseModel]] = [*dict.fromkeys(ANSWERS.values()), Problem]
    _, defined = models_json_schema(
        [(m, "validation") for m in models], ref_template="#/components/schemas/{model}"
    )
    found["components"] = {"schemas": defined["$defs"]}

    def reference(model: type[BaseModel]) -> dict[str, Any]:
        return {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}

    for path, operations in found["paths"].items():
        for operation in operations.values():
            ok = operation["responses"]["200"]
            ok["content"] = {"application/json": reference(ANSWERS[path])}
            operation["responses"] = {"200": ok} | {
                status: {"description": text, "content": {PROBLEM: reference(Problem)}}
                for status, text in ERRORS.items()
            }
    return found

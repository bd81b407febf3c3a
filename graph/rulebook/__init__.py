"""Law and practice as versioned data (规则库), and the calendar."""

from graph.rulebook.calendar import Calendar, calendar
from graph.rulebook.model import (
    Indicator,
    Limit,
    Predicate,
    ProblemType,
    ProcessNode,
    Route,
    data_rules,
    indicators,
    nodes,
    problem_types,
    references,
    root_causes,
    routes,
    version,
)
from graph.rulebook.publish import publish

__all__ = [
    "Calendar",
    "Indicator",
    "Limit",
    "Predicate",
    "ProblemType",
    "ProcessNode",
    "Route",
    "calendar",
    "data_rules",
    "indicators",
    "nodes",
    "problem_types",
    "publish",
    "references",
    "root_causes",
    "routes",
    "version",
]

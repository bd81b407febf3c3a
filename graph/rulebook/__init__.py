"""Law and practice as versioned data (规则库), and the calendar."""

from graph.rulebook.calendar import Calendar, calendar
from graph.rulebook.law import Book, book
from graph.rulebook.model import (
    Indicator,
    Limit,
    Predicate,
    ProblemType,
    ProcessNode,
    Route,
    charge_class,
    charge_classes,
    indicators,
    nodes,
    problem_types,
    references,
    root_causes,
    routes,
    version,
)
from graph.rulebook.publish import prepare, publish

__all__ = [
    "Book",
    "Calendar",
    "Indicator",
    "Limit",
    "Predicate",
    "ProblemType",
    "ProcessNode",
    "Route",
    "book",
    "calendar",
    "charge_class",
    "charge_classes",
    "indicators",
    "nodes",
    "prepare",
    "problem_types",
    "publish",
    "references",
    "root_causes",
    "routes",
    "version",
]

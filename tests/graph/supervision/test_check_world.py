"""The check against worlds whose truth is known: every planted breach, and nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph import Graph
from graph.rulebook.law import book
from graph.rulebook.lint import lint
from graph.settings import settings
from graph.store.stats import digest
from graph.supervision.check import check
from loaders.load import load
from loaders.synthetic import generate

DAY = "2025-12-31"
Named = tuple[str, str, str | None]
"""Rule, case and party."""


@dataclass(frozen=True)
class World:
    """A loaded and checked world: its truth, the answer, and what stands in the graph."""

    graph: Graph
    truth: dict[str, Any]
    answer: dict[str, Any]

    def planted(self, kinds: set[str]) -> dict[Named, str]:
        """The planted breaches of some kinds, with their status."""
        return {
            (b["rule"], b["case"], b["party"]): b["status"]
            for b in self.truth["breaches"]
            if b["kind"] in kinds
        }

    def clocks(self) -> dict[Named, list[Any]]:
        """The clocks by rule, case and party."""
        found: dict[Named, list[Any]] = defaultdict(list)
        for row in self._of_cases("check_clocks"):
            found[row.rule, row.case, row.party].append(row)
        return found

    def raised(self) -> set[Named]:
        """Who is named by the problems of the check, under every rule that raised them."""
        return {
            (row.rule, row.case, row.party)
            for row in self._of_cases("check_raised")
            if row.problem.startswith("CK-") and not row.closed
        }

    def _of_cases(self, query: str) -> Iterator[Any]:
        keys = [r.key for r in self.graph.stream("check_cases")]
        for at in range(0, len(keys), 2_000):
            yield from self.graph.read(query, cases=keys[at : at + 2_000])


@pytest.fixture(scope="module")
def scripts(module_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world of one scripted case for every executable entry and result, with its overlay."""
    folder = tmp_path_factory.mktemp("scripts") / "world"
    made = generate(folder, 1, 7, world="scripts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANGUAN_RULES", str(folder.with_name("world.overlay")))
        settings.cache_clear()
        load(module_graph, folder)
        truth = json.loads(Path(made.truth).read_text(encoding="utf-8"))
        yield World(module_graph, truth, check(module_graph, DAY))
    settings.cache_clear()


def same_duty() -> set[str]:
    """Data rules that state what a limit or gate states."""
    return {c for c, v in book().data_rules.items() if v[-1].entry.same}


def by_hours(rule: str) -> bool:
    """Whether a limit is counted in hours."""
    limits = book().limits.get(rule, ())
    return any(v.stated.length.endswith("hours") for limit in limits for v in limit.variants)


def test_every_planted_breach_is_raised_and_nothing_else(scripts: World) -> None:
    planted = scripts.planted({"OWN", "GATE", "DATA"})
    # The hours between two dates cannot be known: UNKNOWN, and no fault of the data.
    silent = {
        (b["rule"], b["case"], b["party"])
        for b in scripts.truth["breaches"]
        if b["status"] == "UNKNOWN" and b["type"] is None and b["kind"] == "OWN"
    }
    assert all(by_hours(rule) for rule, _, _ in silent)
    found = {k for k in scripts.raised() if k[0] not in same_duty()}
    assert found - set(planted) == set()
    assert set(planted) - found == silent
    assert len(planted) > 350


def test_every_clock_has_the_result_that_was_planted(scripts: World) -> None:
    clocks = scripts.clocks()
    for (rule, case, party), status in scripts.planted({"OWN", "EXT"}).items():
        states = {"OVERDUE" if c.overdue else c.status for c in clocks[rule, case, party]}
        assert status in states, (rule, case, party, states)
    for clean in scripts.truth["clean"]:
        for clock in clocks.get((clean["rule"], clean["case"], clean["party"]), ()):
            assert clock.status in {"MET", "RUNNING"}, clean
            assert not clock.overdue, clean


def test_what_is_called_executable_was_planted_and_kept(scripts: World) -> None:
    families = {"limit", "gate", "data rule"}
    executable = {
        r["code"] for r in lint()["rules"] if r["executable"] and r["family"] in families
    } - same_duty()
    broken = {b["rule"] for b in scripts.truth["breaches"]}
    kept = {c["rule"] for c in scripts.truth["clean"]}
    assert executable == broken == kept
    limits = {code for code in executable if book().limits.get(code, (None,))[-1]}
    by_status: dict[str, set[str]] = defaultdict(set)
    for b in scripts.truth["breaches"]:
        by_status[b["status"]].add(b["rule"])
    timed = {code for code in limits if book().limits[code][-1].variants}
    # Counted back, an end lies in time or late on whichever side of the event; and a detention
    # after the intake contradicts nothing: never UNKNOWN.
    sure = {c for c in timed if all(v.stated.back for v in book().limits[c][-1].variants)}
    sure |= {"TL-042", "TL-043"}
    # A power that is not used is not overdue.
    rights = {c for c in timed if any(v.stated.right for v in book().limits[c][-1].variants)}
    last_day = {c["rule"] for c in scripts.truth["clean"] if c["how"] == "last"}
    assert timed == by_status["LATE"] == last_day
    assert timed - sure == by_status["UNKNOWN"]
    assert timed - sure - rights <= by_status["OVERDUE"]


def test_checking_the_world_twice_changes_nothing(scripts: World) -> None:
    before = digest(scripts.graph)
    again = check(scripts.graph, DAY)
    assert again["incremental"]
    assert again["cases"] == 0
    assert again["problems"] == scripts.answer["problems"] | {
        "opened": 0,
        "unchanged": scripts.answer["problems"]["opened"],
    }
    assert digest(scripts.graph) == before

"""Indicators and the activities of 案-件比: what is declared is whole and says how sure it is."""

from __future__ import annotations

import pytest
import yaml

from graph.rulebook import indicators, nodes
from graph.rulebook.model import DATA, activity_profiles, status_of

PREDICATES = [p for i in indicators().values() for p in i.predicates]
CONDITIONS = [c for p in PREDICATES for c in (*p.of, *p.counted)]


def test_an_indicator_has_predicates_or_says_what_is_lacking() -> None:
    assert len(indicators()) == 57
    assert {c for c, i in indicators().items() if not i.predicates} == {"I01", "I26", "I56", "I57"}
    for indicator in indicators().values():
        assert bool(indicator.predicates) != bool(indicator.why)
        assert indicator.why is None or set(indicator.why) == {"zh", "en"}
        if len(indicator.predicates) > 1:
            assert all(p.zh and p.en for p in indicator.predicates)


def test_a_condition_asks_for_one_thing_and_an_event_decides() -> None:
    for predicate in PREDICATES:
        assert (predicate.of or predicate.counted)[0].at
    for c in CONDITIONS:
        assert (bool(c.at), bool(c.under), c.minor).count(True) == 1
        assert set(c.at) <= set(nodes())
        assert not c.acts or c.at
        assert c.within is None or c.when == "after"


def test_every_act_that_is_asked_for_is_an_act_of_its_node() -> None:
    known = yaml.safe_load((DATA / "acts.yaml").read_text(encoding="utf-8"))
    points = [c for p in activity_profiles().values() for a in p.activities for c in a.points]
    for c in (*CONDITIONS, *points):
        there = {act for node in c.at for act in known.get(node, {})}
        assert set(c.acts) <= there | {"-"}, c


@pytest.mark.parametrize(
    ("mark", "status"),
    [
        ("V", "confirmed"),
        ("[V]", "confirmed"),
        ("K .85", "confirmed"),
        ("V; K .9", "confirmed"),
        ("K .8", "unconfirmed"),
        ("V; K .7", "unconfirmed"),
        ("A", "unconfirmed"),
        ("D", "unconfirmed"),
        ("V; D", "unconfirmed"),
        ("practice", "unconfirmed"),
        ("", "unconfirmed"),
        (None, "unconfirmed"),
    ],
)
def test_the_lowest_mark_gives_the_status(mark: str | None, status: str) -> None:
    assert status_of(mark) == status


def test_every_mark_is_read() -> None:
    confirmed = {c for c, i in indicators().items() if i.status == "confirmed"}
    assert confirmed == {"I19", "I23", "I46", "I47", "I48", "I49", "I50", "I57"}
    assert not any(c in confirmed for c in ("I02", "I06", "I30", "I43", "I45", "I54"))


def test_the_activities_of_2020_are_counted_and_those_of_2021_not_known() -> None:
    known, unknown = activity_profiles()["2020"], activity_profiles()["2021"]
    assert (known.status, known.why, len(known.activities)) == ("unconfirmed", None, 13)
    assert {a.code for a in known.activities if status_of(a.mark) == "confirmed"} == {
        "ARREST_PETITION",
        "RETURN",
        "EXTENSION",
        "APPEAL",
    }
    points = [(node, c.acts) for a in known.activities for c in a.points for node in c.at]
    assert len({node for node, _ in points}) == len(points)
    assert {node for node, _ in points} <= set(nodes())
    again = {"PR12", "PR14"}  # a file that comes back is no further item
    assert set(indicators()["I01"].nodes) - again <= {node for node, _ in points}
    assert unknown.activities == ()
    assert unknown.why is not None

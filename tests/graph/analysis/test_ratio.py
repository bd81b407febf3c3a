"""案-件比 on cases that the tests build: the published example, and one matter item by item."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.analysis.cases import linked_issues
from graph.analysis.ratio import items, ratio
from graph.errors import InputError
from tests.graph.analysis.packages import Built

OTHERS = (
    ("AR", "AR12", "CHANGED"),
    ("AR", "AR13", ""),
    ("PR", "PR28", "UPHELD"),
    ("PR", "PR29", ""),
    ("PR", "PR30", "PETITIONED"),
    ("PR", "PR31", "RETURNED"),
    ("PR", "PR33", "ADJOURNED"),
    ("PR", "PR35", ""),
    ("CP", "CP01", "AGAINST_ARREST_DECISION"),
    ("CP", "CP08", "DECIDED"),
)


def city(arrest_reviews: int, reviews: int, arrested: int, *activities: int) -> Built:
    """Cases of a city and their extensions, returns, appeals and other activities."""
    built = Built("xuchang")
    ids = {"AR": [built.case("AR") for _ in range(arrest_reviews)]}
    ids["PR"] = [built.case("PR") for _ in range(reviews)]
    ids["CP"] = [built.case("CP") for _ in range(activities[3])]
    for case in ids["PR"][:arrested]:
        built.arrest(f"{case}-1")
    extensions, returns, appeals, others = activities
    for at in range(extensions):
        built.event(ids["PR"][at // 2], "PR15", day=f"2024-0{3 + at % 2}-10")
    for at in range(returns):
        built.event(ids["PR"][at // 2], ("PR11", "PR13")[at % 2])
    for case in ids["PR"][:appeals]:
        built.event(case, "PR36", "GUILTY")
        built.event(case, "PR36", "APPEALED")
    for at in range(others):
        type_, node, act = OTHERS[at % len(OTHERS)]
        built.event(ids[type_][at], node, act)
    return built


@pytest.mark.parametrize(
    ("size", "an", "jian"),
    [
        pytest.param((618, 976, 415, 291, 255, 83, 13), 1179, 1821, id="1:15"),
        pytest.param(
            (9265, 14640, 6220, 4372, 3825, 1249, 184),
            17685,
            27315,
            id="1:1",
            marks=pytest.mark.long,
        ),
    ],
)
def test_the_published_ratio(
    graph: Any, tmp_path: Path, size: tuple[int, ...], an: int, jian: int
) -> None:
    """许昌 2016-2019: 17,685 and 27,315 give 1.545; a fifteenth of it gives the same."""
    city(*size).load(graph, tmp_path)
    answer = ratio(graph)
    assert (answer["an"], answer["jian"], round(answer["ratio"], 3)) == (an, jian, 1.545)
    assert (answer["arrest_reviews"], answer["prosecution_reviews"], answer["arrested"]) == size[:3]
    assert (answer["profile"], answer["status"]) == ("2020", "unconfirmed")
    counts = {a["activity"]: a["count"] for a in answer["activities"]}
    assert tuple(counts[name] for name in ("EXTENSION", "RETURN", "APPEAL")) == size[3:6]
    assert sum(counts.values()) == sum(size[3:]) == jian - an
    assert all(counts.values())
    main = sum(a["share"] for a in answer["activities"] if a["count"] > size[6])
    assert main == pytest.approx(0.981, abs=0.002)
    assert answer["evidence"]["batches"]


@pytest.fixture
def matter(graph: Any, tmp_path: Path) -> Any:
    """A matter of four cases and a case by itself."""
    built = Built("city")
    arrest = built.case("AR", 1, "2024-01-02", matter="M1")
    review = built.case("PR", 2, "2024-03-01", matter="M1")
    other = built.case("PR", 1, "2024-03-05", matter="M1")
    petition = built.case("CP", 1, "2024-09-02", matter="M1")
    alone = built.case("PR", 1, "2024-06-03")
    built.arrest(f"{review}-2", "2024-01-09")
    built.arrest(f"{other}-1", "2025-01-09")
    built.event(arrest, "AR12", "REQUESTED", "2024-01-15")
    built.event(arrest, "AR12", "CHANGED", "2024-01-20")
    built.event(review, "PR15", day="2024-03-28")
    built.event(review, "PR15", day="2024-05-28")
    for party in (1, 2):
        built.event(review, "PR11", "", "2024-04-10", f"{review}-{party}")
        built.event(review, "PR36", "GUILTY", "2024-08-01", f"{review}-{party}")
        built.event(review, "PR36", "APPEALED", f"2024-08-0{1 + party}", f"{review}-{party}")
    built.event(petition, "CP08", "APPLIED", "2024-09-10")
    built.event(petition, "CP08", "DECIDED", "2024-10-10")
    built.event(alone, "PR33", "RESUMED", "2024-07-10")
    built.event(alone, "PR33", "ADJOURNED", "2024-07-01")
    built.load(graph, tmp_path)
    return graph, (arrest, review, other, petition, alone)


def test_one_matter_tells_its_items_and_why(matter: Any) -> None:
    graph, (arrest, review, other, petition, alone) = matter
    found = linked_issues(graph, other, "2024-12-31")["items"]
    assert found == linked_issues(graph, arrest, "2024-12-31")["items"]
    assert (found["profile"], found["an"], found["jian"]) == ("2020", 2, 8)
    assert [(c["case"], c["node"], c["activity"], str(c["on"])) for c in found["counted"]] == [
        (arrest, "AR12", "NON_ARREST_RECONSIDERATION", "2024-01-15"),
        (review, "PR15", "EXTENSION", "2024-03-28"),
        (review, "PR11", "RETURN", "2024-04-10"),
        (review, "PR15", "EXTENSION", "2024-05-28"),
        (review, "PR36", "APPEAL", "2024-08-02"),
        (petition, "CP08", "COMPENSATION", "2024-09-10"),
    ]
    assert [(c["case"], c["type"], c["an"]) for c in found["cases"]] == [
        (arrest, "AR", 1),
        (review, "PR", 0),
        (other, "PR", 1),
        (petition, "CP", 0),
    ]
    for row in (*found["counted"], *found["cases"]):
        assert set(row["reason"]) == {"zh", "en"}
    assert "延长审查起诉期限" in found["counted"][1]["reason"]["zh"]
    by_itself = linked_issues(graph, alone)["items"]
    assert (by_itself["an"], by_itself["jian"]) == (1, 2)
    assert [str(c["on"]) for c in by_itself["counted"]] == ["2024-07-01"]
    later = linked_issues(graph, other, "2025-02-01")["items"]
    assert [c["an"] for c in later["cases"]] == [1, 0, 0, 0]
    earlier = linked_issues(graph, arrest, "2024-03-02")["items"]
    assert (earlier["an"], earlier["jian"], len(earlier["cases"])) == (1, 2, 2)


def test_a_period_bounds_acceptance_and_the_first_day_of_an_activity(matter: Any) -> None:
    graph, _ = matter
    year = ratio(graph, as_of="2024-12-31", period="2024")
    assert (year["an"], year["jian"]) == (3, 10)
    parts = [
        ratio(graph, as_of="2024-12-31", period=p)
        for p in ("..2024-01-17", "2024-01-18..2024-08-02", "2024-08-03..")
    ]
    assert [(p["an"], p["jian"]) for p in parts] == [(1, 2), (2, 7), (0, 1)]
    assert parts[2]["ratio"] is None
    none = ratio(graph, period="2020")
    assert (none["an"], none["ratio"]) == (0, None)
    assert {a["share"] for a in none["activities"]} == {None}


def test_an_edition_whose_list_is_not_known_is_refused_with_the_reason(matter: Any) -> None:
    graph, _ = matter
    for profile in ("2021", "1999"):
        with pytest.raises(InputError) as error:
            ratio(graph, profile=profile)
        assert "2020" in error.value.remedy("zh")
        assert "未装入" in error.value.remedy("zh")


def test_the_matters_add_up_to_the_whole(world: Any) -> None:
    graph, _, _ = world
    cases = {str(r.case): r.matter for r in graph.read("cases", limit=0)}
    assert None not in cases.values()
    one_each = {matter: case for case, matter in cases.items()}
    for day in (None, "2025-01-31"):
        moment = graph.as_of(day)
        found = [items(graph, f"demo/{case}", moment) for case in one_each.values()]
        answer = ratio(graph, as_of=day)
        assert sum(f["an"] for f in found) == answer["an"] > 0
        assert sum(f["jian"] for f in found) == answer["jian"] > answer["an"]

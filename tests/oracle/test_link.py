"""Links and values of indicators against a second reading of the package and of the rulebook.

The reading goes one party (case, event) at a time through plain rows, no sets of events; the
predicates come from the file as it is written.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph import rulebook
from graph.analysis.links import case_ids, link
from tests.graph.analysis.packages import Built
from tests.oracle.package_reader import PackageReader, Row, moment

DATA = Path(__file__).parents[2] / "graph" / "rulebook" / "data"
INDICATORS: dict[str, dict[str, Any]] = yaml.safe_load(
    (DATA / "indicators.yaml").read_text("utf-8")
)
DECLARED = {
    code: stated if isinstance(stated, list) else [stated]
    for code, entry in INDICATORS.items()
    if (stated := entry.get("predicate"))
}
IN_THE_WORLD = ("I02", "I03", "I10", "I11", "I12", "I14", "I15", "I18", "I19", "I21")
CUTS = (None, "2025-03-31")
Condition = dict[str, Any]
Spans = list[tuple[dt.date, dt.date]]


def after(day: dt.date, limit: dict[str, Any]) -> dt.date:
    """The last day of a limit of days or months from ``day``."""
    if limit["unit"] == "days":
        return day + dt.timedelta(days=limit["n"])
    assert limit["unit"] == "months"
    month = day.month - 1 + limit["n"]
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(day.year + month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


@dataclass
class Counting:
    """One predicate, counted by looking at every unit in turn."""

    reader: PackageReader
    stated: dict[str, Any]

    def __post_init__(self) -> None:
        self.by_case: dict[str, list[Row]] = {}
        for event in self.reader.events:
            self.by_case.setdefault(event["case"], []).append(event)
        self.of_matter: dict[str, list[str]] = {}
        for row in self.reader.rows("cases"):
            self.of_matter.setdefault(row.get("matter") or f"/{row['case']}", []).append(
                row["case"]
            )
        self.matter = {case: m for m, cases in self.of_matter.items() for case in cases}
        self.minors = {r["party"] for r in self.reader.rows("parties") if r.get("minor") == "true"}

    def units(self) -> Iterator[tuple[str, str, Row | None]]:
        """Every unit that there is: case, party, event."""
        for case in self.reader.cases:
            match self.stated["per"]:
                case "case":
                    yield case, "", None
                case "event":
                    yield from ((case, "", event) for event in self.by_case.get(case, ()))
                case "party":
                    yield from ((case, p, None) for p in self.reader.parties.get(case) or [""])

    def events(self, c: Condition, case: str, party: str, event: Row | None) -> list[Row]:
        """The events that a condition may look at."""
        if c.get("among") == "matter":
            return [
                e for one in self.of_matter[self.matter[case]] for e in self.by_case.get(one, ())
            ]
        own = self.by_case.get(case, [])
        if c.get("among") == "case" or self.stated["per"] == "case":
            return own
        if self.stated["per"] == "event":
            return [e for e in own if e is event]
        return [e for e in own if e.get("party", "") in {"", party}]

    def spans(self, c: Condition, case: str, party: str, event: Row | None) -> Spans:
        today = self.reader.as_of.astimezone(moment("2024-01-01").tzinfo).date()
        if "at" in c:
            days = [
                dt.date.fromisoformat(e["occurred"][:10])
                for e in self.events(c, case, party, event)
                if e["node"] in c["at"]
                and (not c.get("acts") or (e.get("outcome") or "-") in c["acts"])
            ]
            return [(d, d) for d in days if "due" not in c or after(d, c["due"]) <= today]
        who = [party] if self.stated["per"] == "party" else self.reader.parties.get(case, [])
        if c.get("minor"):
            return [(dt.date.min, dt.date.max)] if self.minors & set(who) else []
        return [
            (dt.date.fromisoformat(m["from"]), dt.date.fromisoformat(m.get("to") or "9999-12-31"))
            for m in self.reader.rows("measures")
            if m["party"] in who
            and m["kind"] == c["under"]
            and moment(m["from"]) <= self.reader.as_of
        ]

    def holds(self, c: Condition, day: dt.date, *unit: Any) -> bool:
        def fits(first: dt.date, last: dt.date) -> bool:
            if c.get("when") == "after":
                return first >= day and ("within" not in c or first <= after(day, c["within"]))
            if c.get("when") == "then":
                return first <= day <= last
            return "when" not in c or first <= day

        return any(fits(*span) for span in self.spans(c, *unit)) != c.get("never", False)

    def count(self) -> tuple[list[str], list[str]]:
        """The case of every unit in the numerator, and of every unit in the denominator."""
        first, *others = self.stated.get("of") or self.stated["counted"]
        counted, of = [], []
        for unit in self.units():
            days = [
                day
                for day, _ in self.spans(first, *unit)
                if all(self.holds(c, day, *unit) for c in others)
            ]
            if days:
                of.append(unit[0])
                if any(all(self.holds(c, d, *unit) for c in self.stated["counted"]) for d in days):
                    counted.append(unit[0])
        return counted, of


def expected(
    reader: PackageReader, code: str
) -> tuple[dict[str, set[str]], list[tuple[int, int | None]]]:
    """The two groups of cases, and numerator and denominator of every part."""
    cases: set[str] = set()
    others: set[str] = set()
    values: list[tuple[int, int | None]] = []
    for stated in DECLARED[code]:
        counted, of = Counting(reader, stated).count()
        cases |= set(counted)
        if "of" in stated:
            others |= set(of) - set(counted)
            values.append((len(counted), len(of)))
        else:
            group = stated["counted"][0]["at"][0][:2]
            others |= {case for case, row in reader.cases.items() if row["type"] == group}
            values.append((len(counted), None))
    return {"cases": cases, "comparison": others - cases}, values


def agrees(graph: Any, reader: PackageReader, code: str, cut: str | None, source: str) -> None:
    """The answer of ``link`` is what a plain count gives."""
    groups, values = expected(reader, code)
    assert groups["cases"] or groups["comparison"]
    answer = link(graph, code, as_of=cut, source=source)
    assert [(v["numerator"], v["denominator"]) for v in answer["values"]] == values
    assert [v["share"] for v in answer["values"]] == [n / of if of else None for n, of in values]
    visits = reader.visits()
    with_events = {e["case"] for e in reader.events}
    curated = set(rulebook.indicators()[code].nodes)
    everyone = groups["cases"] | groups["comparison"]
    assert {n["node"] for n in answer["nodes"]} == curated | {
        node for case, node in visits if case in everyone
    }
    for row in answer["nodes"]:
        node = rulebook.nodes()[row["node"]]
        assert row["curated"] == (node.code in curated)
        for name, cases in groups.items():
            counts = dict.fromkeys(row[name], 0)
            for case in cases:
                times = visits.get((case, node.code), 0)
                applies = reader.cases[case]["type"] == node.case_group and not node.conditional
                counts["total"] += 1
                counts["repeated"] += times > 1
                if times:
                    counts["passed"] += 1
                elif case not in with_events:
                    counts["unknown"] += 1
                else:
                    counts["missed" if applies else "not_applicable"] += 1
            assert row[name] == counts


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("code", IN_THE_WORLD)
def test_link_is_what_a_plain_count_gives(world: Any, code: str, cut: str | None) -> None:
    graph, _, folder = world
    agrees(graph, PackageReader(folder, graph.as_of(cut)), code, cut, "demo")


def random_cases(code: str, built: Built) -> None:
    """Cases where the conditions of an indicator meet by chance."""
    draw = random.Random(code)
    for part in DECLARED[code]:
        places = [c for c in (*part.get("of", ()), *part["counted"]) if "at" in c]
        for number in range(28):
            accepted = f"2024-0{draw.randint(1, 3)}-0{draw.randint(1, 9)}"
            matter = draw.choice(("", f"{code}-{number % 5}"))
            case = built.case(draw.choice(places)["at"][0][:2], 0, accepted, matter=matter)
            begun = dt.date(2024, 4, 1) + dt.timedelta(days=draw.randrange(120))

            def day(begun: dt.date = begun) -> str:
                return (begun + dt.timedelta(days=draw.randrange(30))).isoformat()

            parties = [f"{case}-{n}" for n in range(draw.choice((0, 1, 1, 2, 3)))]
            for party in parties:
                minor = draw.choice(("true", "", "false"))
                built.row("parties", party=party, case=case, minor=minor)
                for _ in range(draw.randint(0, 2)):
                    built.arrest(party, *draw.choice(((day(), ""), sorted((day(), day())))))
            for c in (places[0], *draw.choices(places, k=draw.randrange(5))):
                act = draw.choice([*2 * c.get("acts", ["-"]), "-", "GUILTY"]).replace("-", "")
                built.event(case, draw.choice(c["at"]), act, day(), draw.choice(["", *parties]))


@pytest.fixture(scope="module")
def chance(module_graph: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """Random cases for every indicator that has a predicate."""
    built = Built("chance")
    for code in DECLARED:
        random_cases(code, built)
    return module_graph, built.load(module_graph, tmp_path_factory.mktemp("chance"))


@pytest.mark.parametrize("cut", [None, "2024-07-31"])
@pytest.mark.parametrize("code", DECLARED)
def test_every_indicator_is_what_a_plain_count_gives(
    chance: tuple[Any, Path], code: str, cut: str | None
) -> None:
    graph, folder = chance
    reader = PackageReader(folder, graph.as_of(cut))
    agrees(graph, reader, code, cut, "chance")
    if cut is None:
        groups, values = expected(reader, code)
        assert groups["cases"], "by chance nobody is in the numerator"
        assert groups["comparison"], "by chance nobody is outside it"
        assert all(n for n, _ in values)


@pytest.fixture(scope="module")
def published(module_graph: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The persons behind published figures: 黄梅县 2021 (B34), a district January-November 2021."""
    folder = tmp_path_factory.mktemp("published")
    county, district = Built("county"), Built("district")
    decisions = ["NO_ARREST"] * 40 + ["ARREST"] * 196
    for at in range(0, 236, 2):
        case = county.case("AR", 2)
        county.event(case, "AR08", decisions[at], party=f"{case}-1")
        county.event(case, "AR08", decisions[at + 1], party=f"{case}-2")
    for built, prosecuted, dropped, signed in ((county, 427, 55, 439), (district, 507, 118, 0)):
        ends = ["PROSECUTE"] * prosecuted + ["NON_PROSECUTION"] * dropped
        for at, end in enumerate((*ends, *["CONDITIONAL_NON_PROSECUTION"] * 9)):
            case = built.case("PR")
            if at < signed or at > len(ends):
                built.event(case, "PR10", "SIGNED")
            built.event(case, "PR22", end, party=f"{case}-1")
    county.load(module_graph, folder)
    district.load(module_graph, folder)
    return module_graph


@pytest.mark.parametrize(
    ("code", "source", "numerator", "denominator", "percent"),
    [
        ("I02", "county", 40, 236, 16.95),
        ("I15", "district", 507, 625, 81.12),
        ("I14", "district", 118, 625, 18.88),
        ("I21", "county", 439, 482, 91.08),
    ],
)
def test_published_figures_come_out_right(
    published: Any, code: str, source: str, numerator: int, denominator: int, percent: float
) -> None:
    answer = link(published, code, source=source)
    (value,) = answer["values"]
    assert (value["numerator"], value["denominator"]) == (numerator, denominator)
    assert (value["unit"], round(100 * value["share"], 2)) == ("persons", percent)
    assert answer["status"] == "unconfirmed"


def test_the_cases_behind_a_number_are_as_many_as_the_number(world: Any) -> None:
    graph, _, _ = world
    answer = link(graph, "I10", ids=0)
    assert answer["nodes"]
    for row in answer["nodes"]:
        for name in ("cases", "comparison"):
            for state, behind in row["case_ids"][name].items():
                assert len(set(behind["cases"])) == row[name][state]
    behind = case_ids(graph, "PR11", "passed", indicator="I10", limit=1)
    assert behind["total"] > behind["shown"] == 1 == len(behind["cases"])
    assert behind["truncated"]


def test_an_indicator_without_a_predicate_has_null_counts_and_a_reason(world: Any) -> None:
    graph, _, _ = world
    answer = link(graph, "I01")
    assert answer["reason"] == INDICATORS["I01"]["why"]
    assert (answer["status"], answer["values"]) == ("unconfirmed", [])
    assert [n["node"] for n in answer["nodes"]]
    assert all(v is None for n in answer["nodes"] for v in n["cases"].values())


def test_the_package_ends_by_the_data_date(world: Any) -> None:
    graph, _, folder = world
    far = PackageReader(folder, dt.datetime(9999, 1, 1, tzinfo=dt.UTC))
    latest = max(moment(e["recorded"] or e["occurred"]) for e in far.events)
    assert graph.as_of(None) >= latest

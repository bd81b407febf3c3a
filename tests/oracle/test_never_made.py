"""Hand-overs that never became a lead, against plain loops over a package made for them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.oracle.package_reader import PackageReader, Row, moment

TABLES = {
    "package.yaml": "source: hand\nperiod: {from: 2024-01-01, to: 2024-12-31}\n",
    "units.csv": "unit,name\nU1,甲院\n",
    "cases.csv": "case,type,accepted,closed,unit\n"
    "C1,PR,2024-01-02,2024-03-01,U1\nC2,PR,2024-01-02,,U1\nC3,PR,2024-01-02,2024-06-03,U1\n",
    "monitoring_rules.csv": "monitoring_rule,title,node\nM1,规则,PR11\n",
    "indicator_values.csv": "indicator_value,indicator,unit,period\nV1,I03,U1,2024Q1\n",
    "alerts.csv": "alert,style,raised,indicator_value\n"
    "A1,E,2024-04-01,V1\nA2,B,2024-04-01,V1\nA3,C,2024-04-02,V1\nA4,C,2024-09-02,V1\n",
    "problems.csv": "problem,type,case,node,found,found_by,raised_by_monitoring,raised_by_alert\n"
    + "".join(
        f"{id_},{{kind}},C1,PR11,2024-02-0{n}T09:00,{by},{rule},{alert}\n"
        for n, (id_, by, rule, alert) in enumerate(
            (
                ("P1", "PROCEDURAL", "", ""),
                ("P2", "PROCEDURAL", "", ""),
                ("P3", "SUBSTANTIVE", "", ""),
                ("P4", "PROCEDURAL", "M1", ""),
                ("P5", "PROCEDURAL", "M1", ""),
                ("P6", "PROCEDURAL", "M1", "A2"),
            ),
            start=1,
        )
    ),
    "dispositions.csv": "disposition,problem,status,at\n"
    "D1,P1,CONFIRMED,2024-02-10\nD2,P2,CONFIRMED,2024-02-10\nD3,P3,CONFIRMED,2024-02-10\n"
    "D4,P4,CONFIRMED,2024-02-10\nD5,P4,NOT_A_PROBLEM,2024-02-20\nD6,P6,CONFIRMED,2024-05-10\n",
    "leads.csv": "lead,route,case,unit,problem,review,alert\n"
    "L1,R1,C1,U1,P1,,\nL2,R1,C2,U1,,,\nL3,R1,C3,U1,,,\nL4,R1,C1,U1,,,\nL5,R5,C1,U1,,,A1\n"
    "L6,R2,C1,U1,,W3,\nL7,R1,C1,U1,,,\n",
    "reviews.csv": "review,case,lead,opened,finished\n"
    "W1,C1,L1,2024-03-05,2024-04-05\nW2,C3,L3,2024-06-05,2024-06-20\nW3,C1,,2024-03-05,2024-04-05\n"
    "W4,C1,,2024-03-05,\n",
    "lead_steps.csv": "step,lead,act,at,result,feedback,reason\n"
    "S1,L1,ACCEPT_REPLY,2024-02-20,,,好\nS2,L1,FEED_BACK,2024-04-09,,表,\n"
    "S3,L2,ACCEPT_REPLY,2024-02-20,,,好\nS4,L3,DECIDE_DISPUTE,2024-02-20,PARKED,,好\n"
    "S5,L4,DECIDE_DISPUTE,2024-02-20,CLOSED,,好\nS6,L5,RAISE,2024-04-03,,,\n"
    "S7,L6,DECLINE,2024-04-08,,表,否\nS8,L7,ACCEPT_REPLY,2024-02-20,,,好\n"
    "S9,L7,PROMOTE,2024-03-03,,,\nS10,L3,PROMOTE,2024-06-05,,,\n",
}
TYPES = Path(__file__).parents[2] / "graph" / "rulebook" / "data" / "problem_types.yaml"
SUBSTANTIVE = {
    code
    for code, entry in yaml.safe_load(TYPES.read_text(encoding="utf-8")).items()
    if entry["kind"] == "SUBSTANTIVE"
}
DAYS = ("2024-02-15", "2024-02-28", "2024-04-07", "2024-06-04", "2024-12-31")


@pytest.fixture(scope="module")
def hand(module_graph: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    from loaders.load import load

    kind = min(SUBSTANTIVE)
    package = tmp_path_factory.mktemp("hand") / "package"
    package.mkdir()
    for name, text in TABLES.items():
        ready = text.replace("{kind}", kind)
        (package / name).write_text(ready, encoding="utf-8")
    report = load(module_graph, package)
    assert report.rejected == 0, report
    return module_graph, package


class Reading:
    """The package as it stood on a day."""

    def __init__(self, folder: Path, day: str) -> None:
        self.package = PackageReader(folder, moment(f"{day}T23:59:59"))
        self.day = day
        self.steps: dict[str, list[Row]] = defaultdict(list)
        for row in self.package.rows("lead_steps"):
            if row["at"][:10] <= day:
                self.steps[row["lead"]].append(row)

    def begun(self, column: str) -> set[str]:
        """What leads that have begun grew from."""
        return {r[column] for r in self.package.rows("leads") if self.steps[r["lead"]]}

    def answers(self) -> dict[str, list[str]]:
        reader = self.package
        closed = {r["case"]: r["closed"] for r in reader.rows("cases")}
        disposed = {r["problem"] for r in reader.rows("dispositions") if r["at"] <= self.day}
        settled = {
            p.get("raised_by_alert", "") for p in reader.problems if p["problem"] in disposed
        }
        told = {
            lead for lead, steps in self.steps.items() if any(step["feedback"] for step in steps)
        }
        heard = {r["review"] for r in reader.rows("leads") if r["lead"] in told}
        parked = {
            lead
            for lead, steps in self.steps.items()
            if any(
                s["act"] == "ACCEPT_REPLY"
                or (s["act"] == "DECIDE_DISPUTE" and s["result"] not in {"", "CLOSED"})
                for s in steps
            )
            and not any(s["act"] in {"PROMOTE", "WITHDRAW"} for s in steps)
        }
        return {
            "never_made_doubts": [
                p["problem"]
                for p in reader.problems
                if (p["found_by"], p["status"]) == ("PROCEDURAL", "CONFIRMED")
                and p["type"] in SUBSTANTIVE
                and p["problem"] not in self.begun("problem")
            ],
            "never_made_hits": [
                p["problem"]
                for p in reader.problems
                if p.get("raised_by_monitoring") and p["problem"] not in disposed
            ],
            "never_made_alerts": [
                a["alert"]
                for a in reader.rows("alerts")
                if a["raised"] <= self.day and a["alert"] not in self.begun("alert") | settled
            ],
            "never_made_feedback": [
                v["review"]
                for v in reader.rows("reviews")
                if v["finished"]
                and v["finished"] <= self.day
                and v["lead"] not in told
                and v["review"] not in heard
            ],
            "never_made_promotions": [
                r["lead"]
                for r in reader.rows("leads")
                if r["lead"] in parked and closed[r["case"]] and closed[r["case"]] <= self.day
            ],
        }


NAMES = (
    "never_made_doubts",
    "never_made_hits",
    "never_made_alerts",
    "never_made_feedback",
    "never_made_promotions",
)


@pytest.mark.parametrize("name", NAMES)
def test_never_made_on_several_days(hand: tuple[Any, Path], name: str) -> None:
    graph, folder = hand
    seen = []
    for day in DAYS:
        expected = Reading(folder, day).answers()[name]
        found = [row[0] for row in graph.read(name, as_of=graph.as_of(day), source="hand")]
        assert found == sorted(expected), day
        seen.append(tuple(found))
    assert any(seen)
    assert len(set(seen)) > 1, "the answer changes with the day"


@pytest.mark.parametrize("name", NAMES)
def test_never_made_in_the_world(world: Any, name: str) -> None:
    graph, truth, folder = world
    expected = Reading(folder, truth["data_date"]).answers()[name]
    assert [row[0] for row in graph.read(name)] == sorted(expected)

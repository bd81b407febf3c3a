"""The command line in process, on the world that the session loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from graph.settings import settings
from graph.store.connection import Graph

LISTS = (
    ("cases", "cases"),
    ("problems", "problems"),
    ("leads", "leads"),
    ("patterns", "patterns"),
    ("queries", "queries"),
    ("schema", "types"),
)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def answer(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code in {0, 1}, result.output
    assert result.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize(("command", "key"), LISTS)
def test_lists_say_what_they_cut(world: Any, command: str, key: str) -> None:
    found = answer(command)
    assert {"as_of", "total", "shown", "truncated"} <= set(found)
    assert found["shown"] == len(found[key])
    assert found["truncated"] == (found["shown"] < found["total"])


def test_limit_cuts_and_zero_shows_all(world: Any) -> None:
    few, all_ = answer("cases", "--limit", "3"), answer("cases", "--limit", "0")
    assert (few["shown"], few["truncated"]) == (3, True)
    assert (all_["shown"], all_["truncated"]) == (few["total"], False)
    assert all_["cases"][:3] == few["cases"]


def test_link_counts_add_up(world: Any) -> None:
    found = answer("link", "I10")
    assert found["indicator"] == "I10"
    assert [n["node"] for n in found["nodes"] if n["curated"]] == ["PR11"]
    for node in found["nodes"]:
        for side in ("cases", "comparison"):
            n = node[side]
            assert n["total"] == n["passed"] + n["missed"] + n["not_applicable"] + n["unknown"]
            assert n["repeated"] <= n["passed"]


def test_link_without_a_predicate_shows_nulls_and_the_reason(world: Any) -> None:
    found = answer("link", "I01")
    assert found["reason"]
    assert all(n["cases"] is None or n["cases"]["total"] is None for n in found["nodes"])


def test_trace_ends_with_1_only_for_a_broken_lead(world: Any) -> None:
    _, truth, _ = world
    for verdict, code in (("broken", 1), ("complete", 0), ("stalled", 0), ("open", 0)):
        lead = next(k for k, v in truth["leads"].items() if v["verdict"] == verdict)
        result = run("trace", lead, "--json")
        assert result.exit_code == code
        assert json.loads(result.stdout)["verdict"] == verdict


def test_trace_page_opens_offline(world: Any, tmp_path: Path) -> None:
    _, truth, _ = world
    lead = next(iter(truth["leads"]))
    page = tmp_path / "lead.html"
    run("trace", lead, "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert lead in text
    assert "lead_steps.csv" in text
    assert "http" not in text.replace("http-equiv", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("trace", "NOPE"), "read.not_found"),
        (("link", "I99"), None),
        (("query", "nope"), "read.unknown_query"),
        (("query", "find_cases", "--param", "id"), "api.bad_pair"),
        (("query", "find_cases"), "read.missing_param"),
        (("load", "/nowhere"), "load.no_source"),
        (("leads", "--verdict", "nice"), None),
        (("cases", "--as-of", "yesterday"), "read.as_of"),
        (("cases", "--out", "x.docx"), "api.out_suffix"),
    ],
)
def test_wrong_input_ends_with_2_and_a_remedy(
    world: Any, words: tuple[str, ...], code: str | None
) -> None:
    result = run(*words, "--json")
    assert result.exit_code == 2
    error = json.loads(result.stdout)["error"]
    assert error["remedy"]
    assert code is None or error["code"] == code
    chinese = run("--lang", "zh", *words)
    assert chinese.exit_code == 2
    assert "→" in chinese.stderr


def test_an_unknown_option_ends_with_2() -> None:
    assert run("cases", "--nope").exit_code == 2


def test_every_command_has_help_with_an_example() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert f"anguan {name}" in (command.callback.__doc__ or ""), name


def test_generate_refuses_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    result = run("generate", str(tmp_path), "--cases", "5", "--json")
    assert result.exit_code == 2
    assert (tmp_path / "x").read_text(encoding="utf-8") == "mine"


def test_generate_says_what_it_made(tmp_path: Path) -> None:
    found = answer("generate", str(tmp_path / "w"), "--cases", "5", "--seed", "3")
    assert found["cases"] >= 5
    assert Path(found["truth"]).is_file()


def test_generate_names_the_worlds_it_knows_and_says_what_is_wrong(tmp_path: Path) -> None:
    for words, part in (
        (("--world", "nowhere"), "null"),
        (("--years", "9"), "years"),
        (("--dirt", "0.9"), "0.2"),
    ):
        result = run("generate", str(tmp_path / "w"), "--cases", "5", *words)
        assert result.exit_code == 2
        assert part in result.stderr + result.stdout, words
    found = answer("generate", str(tmp_path / "w"), "--cases", "9", "--world", "null")
    truth = json.loads(Path(found["truth"]).read_text(encoding="utf-8"))
    assert truth["world"]["name"] == "null"


@pytest.mark.parametrize(
    "words",
    [
        ("cases", "--nope"),
        ("cases", "--limit", "-1"),
        ("nope",),
        ("trace",),
        ("--lang", "xx", "cases"),
    ],
)
def test_a_usage_error_is_one_json_object_too(words: tuple[str, ...]) -> None:
    result = run(*words, "--json")
    assert result.exit_code == 2
    assert set(json.loads(result.stdout)["error"]) == {"code", "detail", "remedy"}
    assert run(*words).exit_code == 2


def test_times_and_names_are_the_readers(world: Any) -> None:
    lead = next(k for k, v in world[1]["leads"].items() if v["verdict"] == "complete")
    found = answer("trace", lead)
    chinese, english = run("--lang", "zh", "trace", lead).stdout, run("trace", lead).stdout
    written = found["hops"][0]["at"][:16]
    assert written.partition("T")[0] in chinese
    assert written not in chinese
    assert "完整" in chinese
    assert "complete" in english
    assert "截至" in chinese


def test_link_shows_the_cases_behind_the_numbers(world: Any) -> None:
    found = answer("link", "I10", "--ids", "1")
    passed = next(n for n in found["nodes"] if n["node"] == "PR11")["case_ids"]["cases"]["passed"]
    assert passed["cases"][0] in run("link", "I10", "--ids", "1").stdout


def test_the_paths_before_an_outcome_are_shown(world: Any) -> None:
    found = answer("link", "I10", "--paths")["paths"]
    assert found["total"] == len(found["paths"]) > 0
    first = " → ".join(step["node"] for step in found["paths"][0]["path"])
    assert first in run("link", "I10", "--paths").stdout
    assert "paths" not in answer("link", "I10")


def test_leads_by_node_and_period_are_some_of_all(world: Any) -> None:
    everything = {row["lead"] for row in answer("leads", "--limit", "0")["leads"]}
    half = {
        row["lead"]
        for row in answer("leads", "--period", "2024-01..2024-12", "--limit", "0")["leads"]
    }
    assert half
    assert half < everything
    node = answer("problems", "--limit", "0")["problems"][0]["node"]
    assert answer("leads", "--node", node)["total"] < len(everything)


def test_own_bounds_are_no_parameters_of_a_query(world: Any) -> None:
    result = run("query", "find_cases", "--param", "id=x", "--param", "timeout=9", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["code"] == "read.unknown_param"


def test_a_file_that_cannot_be_written_is_named(world: Any, tmp_path: Path) -> None:
    result = run("cases", "--out", str(tmp_path / "no" / "x.csv"), "--json")
    assert result.exit_code == 2
    assert "x.csv" in json.loads(result.stdout)["error"]["detail"]


def test_an_unreachable_server_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANGUAN_GRAPH_URL", "bolt://127.0.0.1:9")
    settings.cache_clear()
    try:
        result = run("stats", "--json")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert result.exit_code == 3
    assert json.loads(result.stdout)["error"]["remedy"]


PROFILE = """
source: office-log
columns: {case: 案号, activity: 环节, time: 时间, person: 人}
dates: [case:截止, case:办结]
outcomes:
  late: {title: {zh: 逾期, en: late}, missed: by_date}
deadlines:
  by_date:
    title: {zh: 按期, en: in time}
    start: {activity: 受理}
    end: {attribute: case:办结}
    until: case:截止
    count: dates
    owner: own
"""
LOG = """案号,环节,时间,人,case:截止,case:办结
A1,受理,2024-03-01 09:00:00,甲,2024-03-10,2024-03-10
A2,受理,2024-03-01 09:00:00,乙,2024-03-10,2024-03-11
A2,办结,2024-03-11 09:00:00,乙,2024-03-10,2024-03-11
A3,受理,2024-03-02 09:00:00,甲,2024-03-05,
"""


def log_and_profile(folder: Path, log: str = LOG) -> tuple[str, str]:
    (folder / "p.yaml").write_text(PROFILE, encoding="utf-8")
    (folder / "log.csv").write_text(log, encoding="utf-8")
    return str(folder / "log.csv"), str(folder / "p.yaml")


def test_a_foreign_log_loads_and_its_deadlines_and_outcomes_need_no_profile_again(
    graph: Graph, tmp_path: Path
) -> None:
    log, profile = log_and_profile(tmp_path)
    loaded = answer("load", log, "--profile", profile)
    assert (loaded["read"], loaded["loaded"], loaded["rejected"]) == (4, 4, 0)
    counted = answer("deadlines")["rules"]["by_date"]
    assert counted == {
        "met": 1,
        "late": 1,
        "running": 1,
        "overdue": 1,
        "unknown": 0,
        "not_supplied": 0,
    }
    before = answer("stats")["digest"]
    answer("deadlines")
    assert answer("stats")["digest"] == before
    found = answer("link", "--outcome", "late")
    assert found["outcome"] == "late"
    assert {n["cases"]["total"] for n in found["nodes"]} == {2}
    assert {n["comparison"]["total"] for n in found["nodes"]} == {1}
    assert answer("problems", "--type", "P01")["total"] == 2


def test_profile_check_ends_with_1_only_with_faults(tmp_path: Path) -> None:
    log, profile = log_and_profile(tmp_path)
    good = run("profile", "check", profile, log, "--json")
    assert good.exit_code == 0
    assert (json.loads(good.stdout)["cases"], json.loads(good.stdout)["events"]) == (3, 4)
    log, profile = log_and_profile(tmp_path, LOG.replace("2024-03-02 09:00:00", "昨天"))
    bad = run("profile", "check", profile, log, "--json")
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["faults"][0]["field"] == "时间"


def test_an_unknown_key_of_a_profile_is_refused_with_the_nearest(tmp_path: Path) -> None:
    log, profile = log_and_profile(tmp_path)
    Path(profile).write_text(PROFILE.replace("columns:", "colums:"), encoding="utf-8")
    result = run("profile", "check", profile, log, "--json")
    assert result.exit_code == 2
    assert "columns" in json.loads(result.stdout)["error"]["detail"]


def test_sheets_from_generate_to_claims(graph: Graph, tmp_path: Path) -> None:
    """Generate, propose, check, load, ask: the way of an office that has only workbooks."""
    made = answer("generate", str(tmp_path / "w"), "--cases", "12", "--seed", "3", "--sheets")
    sheets = Path(made["sheets"])
    assert sorted(p.name for p in sheets.iterdir()) == [
        "handover.csv",
        "handover.yaml",
        "monitoring.xlsx",
        "monitoring.yaml",
        "wide.xlsx",
        "wide.yaml",
    ]
    draft = tmp_path / "draft.yaml"
    proposed = run("profile", "new", str(sheets / "wide.xlsx"), "--out", str(draft))
    assert proposed.exit_code == 0, proposed.output
    assert run("profile", "check", str(draft), str(sheets / "wide.xlsx")).exit_code == 0
    shown = run("profile", "new", str(sheets / "wide.xlsx")).stdout
    assert shown == draft.read_text(encoding="utf-8")
    told = answer("profile", "new", str(sheets / "handover.csv"))
    assert (told["shape"], told["text"][:1]) == ("ledger", "#")
    again = run("profile", "new", str(sheets / "wide.xlsx"), "--out", str(draft), "--json")
    assert (again.exit_code, json.loads(again.stdout)["error"]["code"]) == (2, "propose.out")
    for name in ("wide.xlsx", "monitoring.xlsx", "handover.csv"):
        profile = str(sheets / f"{name.split('.')[0]}.yaml")
        loaded = answer("load", str(sheets / name), "--profile", profile)
        assert loaded["read"] == loaded["loaded"] + loaded["rejected"] + loaded["unchanged"]
        assert loaded["rejected"] == 1
    found = answer("claims", "--limit", "0")
    assert found["total"] == found["shown"] == len(found["claims"])
    assert found["differing"] == sum(c["differs"] is True for c in found["claims"])


def test_profile_commands_name_a_missing_file(tmp_path: Path) -> None:
    """In a process of their own: nothing else has declared the messages."""
    for words in (("check", "wabo", "none.csv"), ("new", "none.csv")):
        found = subprocess.run(
            [sys.executable, "-m", "api.cli", "profile", *words, "--json"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 2, found.stderr
        assert json.loads(found.stdout)["error"]["code"] == "load.no_source"

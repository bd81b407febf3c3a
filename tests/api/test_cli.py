"""The command line in process, on the world that the session loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

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

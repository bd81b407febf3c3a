"""The pages of the rulebook are up to date and whole, and what the guide shows is so."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from api.cli import app
from graph.rulebook import docs, model, terms
from graph.rulebook.clock import Clock, Facts, Occurrence, clocks
from graph.rulebook.law import FORMS, Book, ClockTerms, GateTerms, book, read
from graph.rulebook.lint import lint
from graph.store.schema import NODE_TYPES

ZONE = ZoneInfo("Asia/Shanghai")
DOCS = docs.TARGET.parents[1]
GUIDE = (DOCS / "rules.md").read_text("utf-8")
PICTURE = DOCS / "due-date.svg"
WRITTEN = {p.name: p.read_text("utf-8") for p in docs.TARGET.glob("*.md")}
SHIPPED = read(model.DATA)
Custody = list[tuple[dt.date, dt.date | None]]
HELD: Custody = [(dt.date(2024, 5, 1), None)]
PAGES = {
    "limit": {"time-limits.md", "gates.md"},
    "gate": {"gates.md"},
    "data rule": {"data-rules.md"},
    "indicator": {"indicators.md"},
    "problem type": {"problem-types.md"},
}


def section(title: str) -> str:
    """A part of the guide, up to the next heading of its level or above."""
    (level,) = re.findall(rf"^(##+) {re.escape(title)}", GUIDE, re.M)
    rest = GUIDE.partition(f"{level} {title}")[2]
    return re.split(rf"^#{{2,{len(level)}}} ", rest, maxsplit=1, flags=re.M)[0]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.M | re.S)


# -- the generated pages -------------------------------------------------------------------------


def test_the_pages_are_up_to_date() -> None:
    assert docs.pages() == WRITTEN, "run `make generated`"


def test_every_entry_of_every_family_is_documented() -> None:
    headings = {n: set(re.findall(r"^### (\S+)$", text, re.M)) for n, text in WRITTEN.items()}
    rules = lint(SHIPPED)["rules"]
    assert {r["family"] for r in rules} == set(PAGES)
    for rule in rules:
        on = [name for name in PAGES[rule["family"]] if rule["code"] in headings[name]]
        assert len(on) == 1, f"{rule['code']} is not documented: run `make generated`"
    routes = set(re.findall(r"^## (R\d)$", WRITTEN["routes.md"], re.M))
    assert routes == set(model.routes())
    assert set(model.activity_profiles()) <= headings["indicators.md"]


def test_every_law_node_act_and_field_is_documented() -> None:
    laws, acts = WRITTEN["time-limits.md"], WRITTEN["acts.md"]
    assert all(f"| `{id_}` | {law.zh} |" in laws for id_, law in SHIPPED.laws.items())
    assert all(f"### {node}\n" in acts for node in model.nodes())
    parts = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", acts, re.M | re.S))
    parts["*"] = acts.split("## 审查逮捕")[0]
    for node, known in SHIPPED.acts.items():
        for act, zh in known.items():
            assert f"| `{act}` | {zh} |" in parts[node], f"{node}.{act}"
    assert all(f"| {name} | " in acts for name in model.card_fields())


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    assert links(WRITTEN[name], docs.TARGET / name) == []


def test_every_link_of_the_guide_leads_somewhere() -> None:
    assert links(GUIDE, DOCS / "rules.md") == []
    for readme in ("README.md", "README.zh.md"):
        assert "(docs/rules.md)" in (DOCS.parent / readme).read_text("utf-8")


def links(text: str, page: Path) -> list[str]:
    """The links of a page to a file, or to a heading in it, that is not there."""
    lost = []
    for file, anchor in set(re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", text)):
        target = (page.parent / file).resolve() if file else page
        if not target.exists():
            lost.append(file)
        elif anchor:
            heads = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M)
            if anchor not in {h.lower().replace(" ", "-") for h in heads}:
                lost.append(f"{file}#{anchor}")
    return lost


def test_every_form_and_group_has_words() -> None:
    assert set(docs.FORMS) == FORMS
    assert {n.case_group for n in model.nodes().values()} <= set(docs.GROUPS)


# -- the guide: how a due date is computed -----------------------------------------------------


def example(custody: Custody, **changed: object) -> list[Clock]:
    """TL-060 on the case of the guide."""
    points: dict[str, list[Occurrence]] = {}
    for line in blocks("text")[0].splitlines():
        on, name = line.split()
        day = dt.date.fromisoformat(on)
        known = dt.datetime.combine(day, dt.time(), ZONE)
        points.setdefault(name, []).append(Occurrence(day, known))
    (variant,) = SHIPPED.limits["TL-060"][0].variants
    stated = replace(variant.clock, **changed)  # type: ignore[arg-type]
    as_of = dt.datetime(2024, 12, 31, tzinfo=ZONE)
    facts = Facts(points, custody)
    return clocks(stated, facts, as_of, ZONE, SHIPPED.calendar, explain=True)


def told(clock: Clock) -> str:
    """A clock as the guide shows it."""
    lines = [f"第 {clock.round} 轮  {clock.result}  届满 {clock.due}"]
    for number, step in enumerate(clock.steps, start=1):
        basis = f" [{step['basis']}]" if step["basis"] else ""
        lines.append(f"  {number}. {step['zh']}{basis}")
    return "\n".join(lines) + "\n"


def test_the_worked_example_is_what_the_clock_says() -> None:
    _, free, held = blocks("text")
    assert "".join(map(told, example([]))) == free
    assert told(example(HELD)[1]) == held


def dates() -> dict[str, dt.date]:
    """Every date that the example may name, by what it is."""
    first, second = example([])
    bare = example(HELD, extend=(), exclude=())
    late = example(HELD)[1]
    found = {"first": first.due, "second": second.due, "held": late.due, "late from": late.found}
    found |= {"not extended": bare[0].due, "not excluded": bare[1].due}
    found |= {"back": first.end, "again": second.start}
    days = {what: day for what, day in found.items() if isinstance(day, dt.date)}
    assert days.keys() == found.keys()
    return days


def test_the_sentence_below_the_example_holds() -> None:
    (line,) = re.findall(r"^未延长时.+$", GUIDE, re.M)
    days = dates()
    said = [dt.date.fromisoformat(d) for d in re.findall(r"\d{4}-\d\d-\d\d", line)]
    assert said == [days["not extended"], days["not excluded"], days["late from"]]


def test_the_drawing_is_xml_and_its_dates_are_those_of_the_example() -> None:
    texts = ["".join(e.itertext()) for e in ElementTree.parse(PICTURE).getroot().iter() if e.text]
    days = dates()
    recorded = [dt.date.fromisoformat(line[:10]) for line in blocks("text")[0].splitlines()]
    known = {*days.values(), *recorded}
    boxes = {}
    for text, note in itertools.pairwise(texts):
        if found := re.fullmatch(r"(\d\d-\d\d) 周(.)", text):
            day = dt.date.fromisoformat(f"2024-{found[1]}")
            assert "一二三四五六日"[day.weekday()] == found[2]
            assert (note == "工作日") == SHIPPED.calendar.is_working_day(day), text
            boxes[day] = note
    last, rolled = days["held"], days["second"]
    assert [d for d, note in boxes.items() if note == "工作日"] == [rolled]
    assert {last + dt.timedelta(n) for n in range((rolled - last).days)} < set(boxes)
    said = {dt.date.fromisoformat(f"2024-{d}") for t in texts for d in re.findall(r"\d\d-\d\d", t)}
    assert said == known | set(boxes)
    for label, day in (
        ("未延长时届满", days["not extended"]),
        ("不扣除时届满", days["not excluded"]),
        ("第一次退回", days["back"]),
        ("重新移送", days["again"]),
    ):
        assert any(t.startswith(f"{day:%m-%d} {label}") for t in texts), label


# -- the guide: grammar, own rules, commands, tables ---------------------------------------------


def written(title: str) -> list[str]:
    """The code in the first column of the tables of a section, or in its text without any."""
    text = section(title)
    cells = re.findall(r"^\| (`.+?) \|", text, re.M) or [text]
    return [code for cell in cells for code in re.findall(r"`([^`]+)`", cell)]


def test_the_grammar_of_the_guide_parses() -> None:
    assert len([terms.names(text) for text in written("点 · Points")]) > 12
    assert len([terms.length(text) for text in written("长度 · Lengths")]) == 6
    conditions = [c for c in written("条件 · Conditions") if c != "no"]
    assert {terms.condition(text).word for text in conditions} > {"custody", "charge", "field"}


def test_the_keys_of_the_guide_are_those_of_the_entries() -> None:
    clock = {f.alias or name for name, f in ClockTerms.model_fields.items()}
    assert set(written("期限的各项 · Keys of a clock")) == clock
    gate = {f.alias or name for name, f in GateTerms.model_fields.items()}
    assert set(written("关口的各项 · Keys of a gate")) == gate


def test_the_status_of_every_mark_is_as_the_guide_says() -> None:
    rows = re.findall(r"^\| (`.+?) \|.*\| (.+?) \|$", section("3. 已确认与未确认"), re.M)
    assert len(rows) == 4
    for marks, status in rows:
        for mark in re.findall(r"`([^`]+)`", marks):
            sure = model.status_of(mark) == "confirmed"
            assert sure == ("已确认" in status.split("，")[0]), mark
    assert model.status_of("K .85") == "confirmed"
    assert model.status_of("V; K .84") == "unconfirmed"


@pytest.fixture
def own(tmp_path: Path) -> Book:
    """The rulebook with the overlay of the guide."""
    for text in blocks("yaml"):
        path = tmp_path / text.splitlines()[0].removeprefix("# ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    names = {p.name for p in (tmp_path / "own").rglob("*.yaml")}
    assert names == {"overlay.yaml", "limits.yaml", "acts.yaml", "data_rules.yaml", "2027.yaml"}
    return book(tmp_path)


BEFORE, INSIDE, AFTER = (dt.date(year, 6, 30) for year in (2025, 2026, 2027))


def test_the_overlay_of_the_guide_loads(own: Book) -> None:
    found = lint(own)
    assert found["faults"] == []
    assert own.version.startswith(f"{SHIPPED.version}+")
    executable = {r["code"]: r["executable"] for r in found["rules"]}
    for code in own.overlays[0].confirm:
        assert own.status(code, INSIDE) == "confirmed"
        assert executable[code]
    assert SHIPPED.status("Q09", INSIDE) == "unconfirmed"
    assert own.status("Q09", BEFORE) == own.status("Q09", AFTER) == "unconfirmed"
    assert own.calendar.known(2027)
    assert not own.calendar.is_working_day(dt.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("day", "length"),
    [(BEFORE, "3 working_days"), (INSIDE, "2 working_days"), (AFTER, "3 working_days")],
)
def test_its_later_version_holds_while_the_overlay_does(
    own: Book, day: dt.date, length: str
) -> None:
    holding = [v for v in own.limits["TL-025"] if v.holds(day)]
    assert holding[-1].variants[0].stated.length == length


def test_every_command_of_the_guide_exists() -> None:
    (lines,) = blocks("sh")
    commands = [line.partition("#")[0].split()[1:] for line in lines.splitlines()]
    assert len(commands) == 8
    for words in commands:
        path = words[: 2 if words[0] in {"rules", "clock"} else 1]
        shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0, words
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.output)
        assert all(word in plain for word in words if word.startswith("--")), words


def test_every_column_that_the_guide_names_is_one() -> None:
    known = {
        t.table: {c.name for c in t.columns} | {r.column for r in t.references} for t in NODE_TYPES
    }
    named = re.findall(r"`([a-z_]+)\.([a-z_]+)`", section("7. 来源要提供什么"))
    assert len(named) > 20
    assert [f"{t}.{c}" for t, c in named if c not in known.get(t, ())] == []

"""The users' questions, five for each of seven roles, and the page that answers them.

``docs/questions.yaml`` holds them; ``python -m api.questions`` writes ``docs/questions.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

DOCS = Path(__file__).parents[1] / "docs"
SOURCE, PAGE = DOCS / "questions.yaml", DOCS / "questions.md"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """One text in both languages."""

    zh: str
    en: str


class Ask(_Strict):
    """One call, in the three ways that give the same answer.

    ``rows`` is where its rows are (dots between keys; None: the answer is no list), ``keys`` what a
    row, or else the answer, holds, and ``figure`` where the number is on which all ways agree.
    """

    command: str
    python: str
    http: str
    rows: str | None = None
    keys: tuple[str, ...] = Field(min_length=1)
    figure: str


class Question(Text):
    """What a user asks, the calls that answer it, how to read them, and what is missing."""

    asks: tuple[Ask, ...] = ()
    read: Text | None = None
    missing: Text | None = None

    @model_validator(mode="after")
    def _answered_or_not(self) -> Self:
        if bool(self.asks) != bool(self.read):
            raise ValueError("asks and read belong together")
        if not self.asks and self.missing is None:
            raise ValueError("neither answered nor missing")
        return self


class Questions(_Strict):
    """All questions by id (role and number), with the lines that the Python calls begin with."""

    start: str
    roles: dict[str, Text]
    questions: dict[str, Question]

    def of(self, role: str) -> dict[str, Question]:
        """The questions of a role."""
        return {i: q for i, q in self.questions.items() if i.rpartition("-")[0] == role}


def read(file: Path = SOURCE) -> Questions:
    """The questions of a file. Raises pydantic's ValidationError, which names what is wrong."""
    return Questions.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def page(asked: Questions) -> str:
    """The page."""
    answered = [q for q in asked.questions.values() if q.asks]
    whole = sum(q.missing is None for q in answered)
    partly, total = len(answered) - whole, len(asked.questions)
    lines = [
        "# 七类使用者的问题 · What the users ask",
        "",
        "Written by `python -m api.questions` from [questions.yaml](questions.yaml).",
        "",
        f"七类使用者各五问，共 {total} 问：能回答 {whole} 问，部分回答 {partly} 问，尚不能回答 "
        f"{total - len(answered)} 问（[见文末](#missing)）。每问写明命令、Python、HTTP 三种问法，"
        "答案相同；例中编号出自 `make demo` 的合成数据，先运行 `anguan check`。"
        "任何答案都不给人或单位排名。",
        "",
        f"Five questions for each of seven roles, {total} in all: {whole} are answered, {partly} "
        f"in part, {total - len(answered)} not yet ([at the end](#missing)). Each can be asked as "
        "a command, in Python and over HTTP, with the same answer; the ids are those of `make "
        "demo`, after `anguan check`. No answer ranks people or units.",
        "",
        "```python",
        asked.start.rstrip(),
        "```",
        "",
    ]
    for role, name in asked.roles.items():
        lines += [f"## {name.zh} · {name.en}", ""]
        for id_, question in asked.of(role).items():
            lines += _question(id_, question)
    lines += ['<a id="missing"></a>', "", "## 尚不能回答的 · What cannot be answered yet", ""]
    for id_, question in asked.questions.items():
        if question.missing is not None:
            part = "部分 · in part" if question.asks else "不能 · not at all"
            lines += [
                f"- [{id_}](#{id_})（{part}）{question.missing.zh}",
                f"  {question.missing.en}",
            ]
    return "\n".join(lines) + "\n"


def _question(id_: str, question: Question) -> list[str]:
    lines = [f"### {id_}", "", f"**{question.zh}**", "", f"**{question.en}**", ""]
    for ask in question.asks:
        where = f"`{ask.rows}`: " if ask.rows else ""
        keys = where + ", ".join(f"`{key}`" for key in ask.keys)
        lines += [
            "| | |",
            "|---|---|",
            f"| 命令 · command | `anguan {ask.command}` |",
            f"| Python | `{ask.python}` |",
            f"| HTTP | `{ask.http}` |",
            f"| 答案 · answer | {keys} |",
            "",
        ]
    if question.read is not None:
        lines += [f"{question.read.zh}", "", f"{question.read.en}", ""]
    if question.missing is not None:
        lines += [f"尚缺：{question.missing.zh}", "", f"Missing: {question.missing.en}", ""]
    return lines


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(read()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What every command shares: options, the graph, errors with their exit codes, and answers."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from api import output
from graph.errors import AnguanError, InputError, Lang, register_messages
from graph.settings import settings

register_messages(Path(__file__).with_name("messages.yaml"))


class Commands(TyperGroup):
    """The commands; with ``--json`` a usage error too is one JSON object on stdout."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one command line and end the process with its exit code."""
        words = list(sys.argv[1:] if args is None else args)
        if not standalone_mode or "--json" not in words:
            return super().main(words, prog_name, complete_var, standalone_mode, **extra)
        try:
            code = super().main(words, prog_name, complete_var, False, **extra)
        except typer.TyperException as error:
            remedy = say("用 --help 查看用法与例子", "see --help for the usage and an example")
            output.print_json(
                {
                    "error": {
                        "code": "api.usage",
                        "detail": error.format_message(),
                        "remedy": remedy,
                    }
                }
            )
            sys.exit(2)
        except typer.Abort:
            sys.exit(130)
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="案管：检察业务融合监督知识图谱 · knowledge-graph supervision for case management.",
)
Json = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 · one JSON object.")]
Out = Annotated[
    Path | None, typer.Option(help="写入 .csv、.xlsx 或 .parquet · write the table to a file.")
]
Limit = Annotated[int, typer.Option(min=0, help="最多几行，0 为全部 · rows at most, 0 = all.")]
AsOf = Annotated[
    str | None, typer.Option(help="截至日期或时间，默认数据日期 · date or datetime; data date.")
]
Source = Annotated[str | None, typer.Option(help="数据来源 · source of the data.")]
Text = Annotated[str | None, typer.Option()]

_state: dict[str, Any] = {"lang": None}


def lang() -> Lang:
    """The language of this run: --lang, ANGUAN_LANG, else the locale."""
    chosen = _state["lang"] or settings().lang
    if chosen is None:
        name = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
        chosen = "zh" if name.lower().startswith("zh") else "en"
    return cast("Lang", chosen)


@app.callback()
def options(
    language: Annotated[
        str | None, typer.Option("--lang", help="zh 或 en · language of messages.")
    ] = None,
) -> None:
    """Options before the command."""
    if language not in {None, "zh", "en"}:
        raise typer.BadParameter("zh | en", param_hint="--lang")
    _state["lang"] = language


@contextmanager
def answering(json: bool) -> Iterator[None]:
    """Say an error once, in the chosen form, and end with its exit code."""
    try:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(
                "api.file", file=error.filename or "–", reason=error.strerror or str(error)
            ) from error
    except AnguanError as error:
        what, remedy = error.detail(lang()), error.remedy(lang())
        if json:
            output.print_json({"error": {"code": error.code, "detail": what, "remedy": remedy}})
        else:
            print(f"{what}\n→ {remedy}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from error


@contextmanager
def the_graph() -> Iterator[Any]:
    """The graph of this run."""
    from graph import connect

    with connect() as graph:
        yield graph


def say(zh: str, en: str) -> str:
    """The text of the chosen language."""
    return zh if lang() == "zh" else en


def show(
    answer: dict[str, Any],
    title: str,
    rows: output.Rows,
    json: bool,
    out: Path | None,
    terminal: output.Rows | None = None,
) -> None:
    """Give an answer: as JSON, as a file, or as a table with its as_of and what was cut.

    ``terminal`` are rows for the eye, where those of the file are too wide.
    """
    if out is not None:
        output.write_file(out, rows)
    if json:
        output.print_json(answer)
        return
    output.print_table(title, rows if terminal is None else terminal, lang())
    moment = answer["as_of"]
    note = say("截至 ", "as of ") + (output.cell(output.as_json(moment), lang()) or "–")
    if answer.get("truncated"):
        note += say(
            f"；共 {answer['total'] or '更多'} 条，显示 {answer['shown']} 条（--limit 0 显示全部）",
            f"; {answer['shown']} of {answer['total'] or 'more'} shown (--limit 0 for all)",
        )
    print(note)


def listing(
    key: str, title: tuple[str, str]
) -> Callable[[dict[str, Any], bool, Path | None], None]:
    """A printer of lists."""
    return lambda answer, json, out: show(answer, say(*title), answer[key], json, out)

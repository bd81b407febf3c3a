"""Commands about what was loaded: batches, undo, rejects, history, the graph of a day, names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

from api import output
from api.console import (
    AsOf,
    Json,
    Limit,
    Out,
    Source,
    Text,
    answering,
    lang,
    listing,
    say,
    show,
    the_graph,
)
from graph.errors import InputError
from graph.settings import settings

BRIEF = (
    "batch",
    "source",
    "state",
    "read",
    "loaded",
    "pending",
    "rejected",
    "unchanged",
    "vanished",
    "at",
    "undoes",
    "undone",
)
"""Columns of a batch for the eye."""


def add_commands(app: typer.Typer) -> None:
    """Enter the commands."""
    for command in (batches, undo, rejects, history, at, name):
        app.command()(command)


def batches(json: Json = False, out: Out = None) -> None:
    """批次清单 · what was loaded, and when: anguan batches."""
    from loaders.register import batches as run

    with answering(json), the_graph() as graph:
        answer = run(graph)
        rows = [{name: b[name] for name in BRIEF} for b in answer["batches"]]
        show(answer, say("批次", "batches"), answer["batches"], json, out, rows)


def undo(batch: str, json: Json = False) -> None:
    """撤销一个批次 · take one batch back: anguan undo B00002."""
    from loaders.undo import undo as run

    with answering(json), the_graph() as graph:
        answer = {**run(graph, batch), "as_of": graph.data_date()}
        if json:
            output.print_json(answer)
            return
        output.print_table(say("已撤销", "taken back"), [output.as_json(answer)], lang())


def rejects(batch: str, limit: Limit = 50, json: Json = False, out: Out = None) -> None:
    """拒收的原因 · why rows of a batch were refused: anguan rejects B00001."""
    from loaders.register import rejects as run

    with answering(json), the_graph() as graph:
        answer = run(graph, batch, limit)
        title = say(
            f"批次 {batch}：拒收 {answer['rejected']} 行，其中已更正 {answer['cleared']} 行",
            f"batch {batch}: {answer['rejected']} rows refused, {answer['cleared']} cleared since",
        )
        show(answer, title, answer["causes"], json, out)


def history(
    id: str,  # noqa: A002
    label: Text = None,
    source: Source = None,
    as_of: AsOf = None,
    json: Json = False,
    out: Out = None,
) -> None:
    """一行的旧值和现值 · the values a row has had: anguan history C7-2024-000114 --label Case."""
    from loaders.register import history as run

    with answering(json), the_graph() as graph:
        listing("values", ("历次取值", "values"))(run(graph, id, label, source, as_of), json, out)


def at(
    date: str,
    home: Annotated[
        Path | None, typer.Option(help="放在哪个文件夹 · folder of the rebuilt store.")
    ] = None,
    json: Json = False,
) -> None:
    """重建某日所知的图 · the graph as known on a day: anguan at 2026-03-31 --home DIR."""
    from loaders.replay import at as run

    with answering(json), the_graph() as graph:
        try:
            day = dt.date.fromisoformat(date)
        except ValueError as error:
            raise InputError("read.as_of", value=date) from error
        with output.counting("", None, json) as done:
            answer = run(graph, day, home, done)
        if json:
            output.print_json(answer)
            return
        output.print_table(say("重建的图", "the rebuilt graph"), [output.as_json(answer)], lang())
        print(
            say("与当日记录的指纹一致", "its digest is the one recorded then")
            if answer["verified"]
            else say("与当日记录的指纹不一致", "its digest is NOT the one recorded then")
        )


def name(pseudonym: str, json: Json = False) -> None:
    """本院留存的姓名 · a name that this office keeps: anguan name PSEUDONYM."""
    from loaders.names import names_of

    with answering(json):
        answer: dict[str, Any] = names_of(settings().home_dir, pseudonym)
        show(answer, say("姓名", "names"), answer["names"], json, None)

"""What can be known of a Cypher statement from its text: clauses, parameters, returned columns.

This is a lexer, not a parser: enough to refuse a write where a read is promised, and to compare
the parameters and the final ``RETURN`` with what a query's header says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
  | (?P<quoted>`(?:``|[^`])*`)
  | (?P<param>\$(?:\w+|`[^`]+`))
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<space>\s+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)

WRITING = frozenset(
    {"CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH", "LOAD", "INSERT"}
    | {"DROP", "ALTER", "RENAME", "GRANT", "DENY", "REVOKE", "USE", "START", "STOP", "TERMINATE"}
)
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Token:
    """A piece of a statement: its kind, its text, its line (from 1), its depth in brackets."""

    kind: str
    text: str
    line: int
    depth: int

    @property
    def upper(self) -> str:
        """The text in capitals, for keywords."""
        return self.text.upper()


def tokens(text: str) -> list[Token]:
    """The tokens of a statement without spaces and comments."""
    found: list[Token] = []
    line, depth = 1, 0
    for match in _TOKEN.finditer(text):
        kind, value = str(match.lastgroup), match.group()
        if kind == "sign" and value in _CLOSE:
            depth -= 1
        if kind not in {"comment", "space"}:
            found.append(Token(kind, value, line, depth))
        if kind == "sign" and value in _OPEN:
            depth += 1
        line += value.count("\n")
    return found


def parameters(text: str) -> set[str]:
    """The names of the parameters that the statement uses."""
    return {t.text.lstrip("$").strip("`") for t in tokens(text) if t.kind == "param"}


def _is_name(found: list[Token], at: int) -> bool:
    """Whether the word at ``at`` is a property, label, key or variable and not a keyword."""
    before = found[at - 1].text if at else ""
    after = found[at + 1].text if at + 1 < len(found) else ""
    return before in {".", ":"} or after in {":", ".", "="} or (after == "," and before == ",")


def writes(text: str) -> list[Token]:
    """The tokens that make a statement more than a read.

    Writing clauses and procedure calls; also ``;`` (a second statement) and unicode escapes, which
    an engine may turn into quotes or keywords before it reads the statement.
    """
    found = tokens(text)
    guilty: list[Token] = []
    for at, token in enumerate(found):
        if "\\u" in token.text or token.text in {"\\", ";"}:
            guilty.append(token)
        if token.kind != "word" or _is_name(found, at):
            continue
        called = token.upper == "CALL" and (at + 1 == len(found) or found[at + 1].text not in "({")
        if called or token.upper in WRITING or token.upper == "TRANSACTIONS":
            guilty.append(token)
    return guilty


def returned(text: str) -> list[list[str]]:
    """The column names of the final ``RETURN`` of each branch of a ``UNION``; empty without one."""
    branches: list[list[Token]] = [[]]
    for token in tokens(text):
        if token.kind == "word" and token.depth == 0 and token.upper == "UNION":
            branches.append([])
        else:
            branches[-1].append(token)
    return [_columns(branch) for branch in branches]


def _columns(found: list[Token]) -> list[str]:
    starts = [
        at
        for at, t in enumerate(found)
        if t.depth == 0 and t.upper == "RETURN" and t.kind == "word"
    ]
    if not starts:
        return []
    items: list[list[Token]] = [[]]
    for token in found[starts[-1] + 1 :]:
        keyword = token.upper if token.depth == 0 and token.kind == "word" else ""
        if keyword in {"ORDER", "SKIP", "LIMIT"}:
            break
        if token.depth == 0 and token.text == ",":
            items.append([])
        elif not (keyword == "DISTINCT" and not items[-1]) and token.text != ";":
            items[-1].append(token)
    return [_column(item) for item in items if item]


def _column(item: list[Token]) -> str:
    for at, token in enumerate(item[:-1]):
        if token.depth == item[0].depth and token.upper == "AS" and token.kind == "word":
            return item[at + 1].text.strip("`")
    return "".join(t.text for t in item)

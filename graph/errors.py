"""The one root exception, and the messages it speaks in Chinese and English.

A package declares its messages in a ``messages.yaml`` beside its code::

    table.missing_column:
      status: 422
      zh: {detail: "表 {table} 缺少必需列 {field}（{file}）", remedy: "…"}
      en: {detail: "table {table} lacks the required column {field} ({file})", remedy: "…"}

and raises ``InputError("table.missing_column", table=…, field=…, file=…)``.
An undeclared code fails when it is raised, so no message can be missing in one language.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Lang = Literal["zh", "en"]


@dataclass(frozen=True)
class Message:
    """One message template: HTTP status, and detail and remedy per language."""

    status: int
    detail: dict[str, str]
    remedy: dict[str, str]


_messages: dict[str, Message] = {}


def register_messages(path: Path) -> None:
    """Read a package's ``messages.yaml``; a code declared twice is a programming error."""
    for code, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        if code in _messages:
            raise ValueError(f"message {code} of {path} is declared twice")
        _messages[code] = Message(
            status=entry["status"],
            detail={lang: entry[lang]["detail"] for lang in ("zh", "en")},
            remedy={lang: entry[lang]["remedy"] for lang in ("zh", "en")},
        )


class AnguanError(Exception):
    """Root of every error that anguan raises on purpose.

    ``code`` is stable and machine-readable, ``status`` the HTTP status, ``values`` what the
    message names (file, row, field …). ``exit_code`` is what the command line returns.
    """

    exit_code = 2

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.values = values
        self._message = _messages[code]
        self.status = self._message.status
        super().__init__(self.detail("en"))

    def detail(self, lang: Lang = "en") -> str:
        """What is wrong, with the place where it is."""
        return self._message.detail[lang].format(**self.values)

    def remedy(self, lang: Lang = "en") -> str:
        """What to try next."""
        return self._message.remedy[lang].format(**self.values)


class InputError(AnguanError):
    """What was given is wrong: a file, a name, a parameter, a query file."""


class EngineError(AnguanError):
    """The graph engine cannot be reached, refused, or ran out of its limits."""

    exit_code = 3

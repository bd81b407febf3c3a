"""The catalogue of queries: every ``.cypher`` file, its typed header checked when it is read.

A file is one query; its name is the file's stem. Lines that begin with ``//:`` are the header in
YAML: ``title`` (zh, en), ``params``, ``returns``, ``budget`` (rows, ms), ``mode`` (read, write or
admin; default read), ``doc`` (zh, en; optional).
"""

from __future__ import annotations

import datetime as dt
import difflib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

import cypher
from graph.errors import InputError, Lang, register_messages
from graph.store import cypher_text

register_messages(Path(__file__).with_name("catalogue_messages.yaml"))

Mode = Literal["read", "write", "admin"]
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "date": (dt.date,),
    "datetime": (dt.datetime,),
    "list<string>": (list,),
    "list<integer>": (list,),
    "list<map>": (list,),
    "map": (dict,),
    "any": (object,),
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HEADER_KEYS = {"title", "doc", "params", "returns", "budget", "mode"}
_PARAM_KEYS = {"type", "default", "example"}


@dataclass(frozen=True)
class Param:
    """A parameter: its type, whether it must be given, its default and an example."""

    name: str
    type: str
    required: bool
    default: Any = None
    example: Any = None


@dataclass(frozen=True)
class Query:
    """One query of the catalogue. ``rows`` and ``ms`` are its budget; ``own`` marks an analyst's."""

    name: str
    title: Mapping[str, str]
    doc: Mapping[str, str]
    params: Mapping[str, Param]
    returns: Mapping[str, str]
    mode: Mode
    rows: int
    ms: int
    text: str
    path: Path
    own: bool = False

    def signature(self) -> inspect.Signature:
        """Keyword-only parameters, for completion and help."""
        return inspect.Signature(
            [
                inspect.Parameter(
                    p.name,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=inspect.Parameter.empty if p.required else p.default,
                    annotation=p.type,
                )
                for p in self.params.values()
            ]
        )

    def help(self, lang: Lang = "en") -> str:
        """Title, parameters and columns as text."""
        lines = [self.title[lang], ""]
        if self.doc.get(lang):
            lines += [self.doc[lang], ""]
        lines += [
            f"{p.name}: {p.type}" + ("" if p.required else f" = {p.default}")
            + (f"  (e.g. {p.example})" if p.example is not None else "")
            for p in self.params.values()
        ]
        return "\n".join([*lines, "→ " + ", ".join(f"{n}: {t}" for n, t in self.returns.items())])


def read_query(path: Path, *, own: bool = False) -> tuple[Query | None, list[str]]:
    """One file as a query, or all its faults, each with file, line and remedy."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    header_lines = [line[3:].removeprefix(" ") for line in lines if line.startswith("//:")]
    text = "\n".join("" if line.startswith("//:") else line for line in lines)
    faults: list[str] = []

    def fault(what: str, line: int = 1) -> None:
        faults.append(f"{path}:{line}: {what}")

    try:
        header = yaml.load("\n".join(header_lines), Loader=_Loader) or {}
    except yaml.YAMLError as error:
        fault(f"the header is not YAML ({error}); write `//: key: value` lines")
        return None, faults
    if not isinstance(header, dict) or not header:
        fault("there is no header; begin the file with `//: title: {zh: …, en: …}`")
        return None, faults
    for key in set(header) - _HEADER_KEYS:
        near = difflib.get_close_matches(key, _HEADER_KEYS, 1)
        fault(f"unknown header key {key!r}" + (f"; do you mean {near[0]!r}?" if near else ""))
    title = header.get("title")
    if not isinstance(title, dict) or not {"zh", "en"} <= set(title):
        fault("title must give zh and en")
        title = {"zh": path.stem, "en": path.stem}
    mode = header.get("mode", "read")
    if mode not in {"read", "write", "admin"}:
        fault(f"mode {mode!r} is none of read, write, admin")
    if own and mode != "read":
        fault("a query of your own folder must be of mode read")
    params = _params(header.get("params") or {}, fault)
    returns = header.get("returns") or {}
    for name, type_ in returns.items():
        if type_ not in TYPES:
            fault(f"return {name}: unknown type {type_!r}; one of {', '.join(TYPES)}")
    budget = header.get("budget") or {}
    used = cypher_text.parameters(text)
    for name in sorted(used - set(params)):
        fault(f"${name} is used but not declared under params")
    for name in sorted(set(params) - used):
        fault(f"the parameter {name} is declared but not used; remove it")
    if mode == "read":
        for token in cypher_text.writes(text):
            fault(f"{token.upper} in a read query; only reading clauses are allowed", token.line)
        columns = cypher_text.returned(text)
        if columns != list(returns):
            fault(f"returns promises {list(returns)} but RETURN gives {columns}")
    if not text.strip():
        fault("there is no statement below the header")
    if faults:
        return None, faults
    return (
        Query(
            name=path.stem,
            title=title,
            doc=header.get("doc") or {},
            params=params,
            returns=returns,
            mode=mode,
            rows=int(budget.get("rows", 100_000)),
            ms=int(budget.get("ms", 1000)),
            text=text.strip(),
            path=path,
            own=own,
        ),
        [],
    )


def _params(declared: dict[str, Any], fault: Any) -> dict[str, Param]:
    params: dict[str, Param] = {}
    for name, entry in declared.items():
        if not isinstance(entry, dict) or entry.get("type") not in TYPES:
            fault(f"parameter {name}: give a type, one of {', '.join(TYPES)}")
            entry = {"type": "any"}
        for key in set(entry) - _PARAM_KEYS:
            fault(f"parameter {name}: unknown key {key!r}")
        params[name] = Param(
            name, entry["type"], "default" not in entry, entry.get("default"), entry.get("example")
        )
    return params


def catalogue(extra: Path | None = None) -> Mapping[str, Query]:
    """Every query by name: ours, and those of the folder ``extra``.

    Raises InputError ``catalogue.faults`` with all faults of all files together.
    """
    stamp = (
        tuple(sorted((str(p), p.stat().st_mtime_ns) for p in extra.rglob("*.cypher")))
        if extra
        else ()
    )
    return _read_all(extra, stamp)


@lru_cache(maxsize=4)
def _read_all(extra: Path | None, _stamp: tuple[tuple[str, int], ...]) -> Mapping[str, Query]:
    found: dict[str, Query] = {}
    faults: list[str] = []
    files = [(p, False) for p in sorted(cypher.ROOT.rglob("*.cypher"))]
    if extra is not None:
        files += [(p, True) for p in sorted(extra.rglob("*.cypher"))]
    for path, own in files:
        query, wrong = read_query(path, own=own)
        faults += wrong
        if query is None:
            continue
        if query.name in found:
            faults.append(f"{path}:1: the name {query.name} is taken by {found[query.name].path}")
        else:
            found[query.name] = query
    if faults:
        raise InputError("catalogue.faults", faults="\n".join(faults))
    return found


def checked_params(query: Query, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters to send: defaults filled in, names and types checked, text converted."""
    for name in given:
        if name not in query.params:
            raise InputError(
                "read.unknown_param", query=query.name, name=name,
                params=", ".join(query.params) or "–",
            )
    ready: dict[str, Any] = {}
    for name, param in query.params.items():
        if name not in given:
            if param.required:
                raise InputError(
                    "read.missing_param", query=query.name, name=name, type=param.type,
                    example=param.example,
                )
            ready[name] = param.default
            continue
        ready[name] = _converted(query, param, given[name])
    return ready


def _converted(query: Query, param: Param, value: Any) -> Any:
    if value is None and not param.required:
        return None
    try:
        if isinstance(value, str):
            match param.type:
                case "integer":
                    return int(value)
                case "number":
                    return float(value)
                case "boolean":
                    return {"true": True, "false": False}[value.lower()]
                case "date":
                    return dt.date.fromisoformat(value)
                case "datetime":
                    return dt.datetime.fromisoformat(value)
                case "list<string>":
                    return [part for part in value.split(",") if part]
        wanted = TYPES[param.type]
        wrong_bool = isinstance(value, bool) and param.type in {"integer", "number"}
        if isinstance(value, tuple) and list in wanted:
            return list(value)
        if not isinstance(value, wanted) or wrong_bool:
            raise ValueError(value)
    except (ValueError, KeyError) as error:
        raise InputError(
            "read.bad_param", query=query.name, name=param.name, type=param.type, value=value,
            example=param.example,
        ) from error
    return value


def nearest(name: str, names: Mapping[str, Any]) -> str:
    """Names that resemble ``name``, for a message."""
    return ", ".join(difflib.get_close_matches(name, list(names), 3, 0.4)) or "–"

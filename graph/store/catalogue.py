"""The catalogue of queries: every ``.cypher`` file, its typed header checked when it is read.

A file is one query; its name is the file's stem. Lines that begin with ``//:`` are the header in
YAML: ``title`` (zh, en), ``params``, ``returns``, ``budget`` (rows, ms), ``mode`` (read, write or
admin; default read), ``doc`` (zh, en; optional).
"""

from __future__ import annotations

import datetime as dt
import difflib
import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
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
_TYPE_NAMES = ", ".join(TYPES)


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
    """One query of the catalogue; ``rows`` and ``ms`` are its budget, ``own`` an analyst's."""

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
            f"{p.name}: {p.type}"
            + ("" if p.required else f" = {p.default}")
            + (f"  (e.g. {p.example})" if p.example is not None else "")
            for p in self.params.values()
        ]
        return "\n".join([*lines, "→ " + ", ".join(f"{n}: {t}" for n, t in self.returns.items())])


class _Faults:
    """Collects the faults of one file, each with its line and what to do."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.found: list[str] = []

    def add(self, what: str, remedy: str, line: int | None = None, name: str = "") -> None:
        """Note one fault; without ``line`` it stands where the header says ``name``."""
        if line is None:
            word = re.compile(rf"^//:.*(?<!\w){re.escape(name)}(?!\w)")
            line = next((at for at, t in enumerate(self.lines, 1) if name and word.search(t)), 1)
        self.found.append(f"{self.path}:{line}: {what}; {remedy}")


def read_query(path: Path, *, own: bool = False) -> tuple[Query | None, list[str]]:
    """One file as a query, or all its faults, each as ``file:line: what; remedy``."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return None, [f"{path}:1: not UTF-8 text; save the file as UTF-8"]
    faults = _Faults(path, lines)
    text = "\n".join("" if line.startswith("//:") else line for line in lines)
    header = _header(faults)
    if header is None:
        return None, faults.found
    title = header.get("title")
    if not isinstance(title, dict) or not {"zh", "en"} <= set(title):
        faults.add("the title lacks zh or en", "write title: {zh: …, en: …}", name="title")
        title = {}
    mode = header.get("mode", "read")
    if mode not in {"read", "write", "admin"}:
        faults.add(f"unknown mode {mode!r}", "use read, write or admin", name="mode")
    if own and mode != "read":
        faults.add("your own query is not of mode read", "leave mode out", name="mode")
    params = _params(header.get("params") or {}, faults)
    returns = {str(k): str(v) for k, v in _mapping(header, "returns", faults).items()}
    for name, type_ in returns.items():
        if type_ not in TYPES:
            faults.add(f"{name}: unknown type {type_!r}", f"use one of {_TYPE_NAMES}", name=name)
    budget = _mapping(header, "budget", faults)
    for name, value in budget.items():
        if name not in {"rows", "ms"} or type(value) is not int or value < 1:
            faults.add(f"bad budget {name}: {value!r}", "write {rows: 100, ms: 50}", name="budget")
            budget = {}
            break
    _compare(text, mode, params, returns, faults)
    if faults.found:
        return None, faults.found
    return (
        Query(
            name=path.stem,
            title=MappingProxyType(title),
            doc=MappingProxyType(header.get("doc") or {}),
            params=MappingProxyType(params),
            returns=MappingProxyType(returns),
            mode=mode,
            rows=budget.get("rows", 100_000),
            ms=budget.get("ms", 1000),
            text=text.strip(),
            path=path,
            own=own,
        ),
        [],
    )


def _header(faults: _Faults) -> dict[str, Any] | None:
    """The header as a mapping, its line numbers kept; None when there is none to work with."""
    kept = [line[3:].removeprefix(" ") if line.startswith("//:") else "" for line in faults.lines]
    try:
        header = yaml.safe_load("\n".join(kept))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", error))
        faults.add(
            f"the header is not YAML: {what}",
            "write `//: key: value` lines and quote text that holds `: `",
            line=mark.line + 1 if mark else 1,
        )
        return None
    if not isinstance(header, dict):
        faults.add("there is no header", "begin the file with `//: title: {zh: …, en: …}`", 1)
        return None
    for key in header:
        if key not in _HEADER_KEYS:
            near = difflib.get_close_matches(str(key), _HEADER_KEYS, 1)
            faults.add(
                f"unknown header key {key!r}",
                f"use {near[0]!r}" if near else f"use {', '.join(sorted(_HEADER_KEYS))}",
                name=str(key),
            )
    return header


def _mapping(header: dict[str, Any], key: str, faults: _Faults) -> dict[str, Any]:
    value = header.get(key) or {}
    if not isinstance(value, dict):
        faults.add(f"{key} is not a mapping", f"write {key}: {{name: …}}", name=key)
        return {}
    return value


def _params(declared: Any, faults: _Faults) -> dict[str, Param]:
    params: dict[str, Param] = {}
    for name, entry in _mapping({"params": declared}, "params", faults).items():
        if not isinstance(entry, dict) or entry.get("type") not in TYPES:
            faults.add(
                f"parameter {name} has no known type", f"use one of {_TYPE_NAMES}", name=name
            )
            entry = {"type": "any", "default": None}
        for key in entry:
            if key not in _PARAM_KEYS:
                faults.add(
                    f"parameter {name}: unknown key {key!r}",
                    "use type, default, example",
                    name=name,
                )
        param = Param(
            name, entry["type"], "default" not in entry, entry.get("default"), entry.get("example")
        )
        for what in ("default", "example"):
            value = getattr(param, what)
            try:
                converted(param.type, value)
            except ValueError:
                if value is not None:
                    faults.add(
                        f"parameter {name}: the {what} {value!r} is no {param.type}",
                        "correct the one or the other",
                        name=name,
                    )
        params[name] = param
    return params


def _compare(
    text: str,
    mode: str,
    params: Mapping[str, Param],
    returns: Mapping[str, str],
    faults: _Faults,
) -> None:
    """Hold the statement against what the header says of it."""
    if not cypher_text.tokens(text):
        faults.add("there is no statement", "write it below the header", len(faults.lines))
        return
    for token in cypher_text.tokens(text):
        name = token.text.lstrip("$").strip("`")
        if token.kind == "param" and name not in params:
            faults.add(f"${name} is not declared", "add it to params", token.line)
    for name in set(params) - cypher_text.parameters(text):
        faults.add(f"the parameter {name} is not used", "remove it from params", name=name)
    if mode == "read":
        for token in cypher_text.writes(text):
            faults.add(
                f"{token.upper} in a read query",
                "use reading clauses only, no procedure, no second statement",
                token.line,
            )
    if mode != "read" and not returns:
        return
    for columns in cypher_text.returned(text):
        if columns != list(returns):
            faults.add(
                f"returns promises {', '.join(returns) or 'nothing'}"
                f" but RETURN gives {', '.join(columns) or 'nothing'}",
                "make them equal, in this order",
                name="returns",
            )


def catalogue(extra: Path | None = None) -> Mapping[str, Query]:
    """Every query by name: ours, and those of the folder ``extra``.

    Raises InputError ``catalogue.faults`` with all faults of all files together, and
    ``catalogue.folder`` when ``extra`` is no folder.
    """
    if extra is None:
        return _read_all(None, ())
    extra = extra.expanduser()
    if not extra.is_dir():
        raise InputError("catalogue.folder", folder=extra)
    stamp = tuple(sorted((str(p), p.stat().st_mtime_ns) for p in extra.rglob("*.cypher")))
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
            taken = found[query.name].path
            faults.append(f"{path}:1: the name {query.name} is taken by {taken}; rename the file")
        else:
            found[query.name] = query
    if faults:
        raise InputError("catalogue.faults", faults="\n".join(faults))
    return MappingProxyType(found)


def checked_params(query: Query, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters to send: defaults filled in, names and types checked, text converted.

    Raises InputError ``read.unknown_param``, ``read.missing_param`` or ``read.bad_param``.
    """
    for name in given:
        if name not in query.params:
            known = ", ".join(query.params) or "–"
            raise InputError("read.unknown_param", query=query.name, name=name, params=known)
    ready: dict[str, Any] = {}
    for name, param in query.params.items():
        told = {"query": query.name, "name": name, "type": param.type, "example": param.example}
        if name not in given:
            if param.required:
                raise InputError("read.missing_param", **told)
            value = param.default
        else:
            value = given[name]
        if value is None and not param.required:
            ready[name] = None
            continue
        try:
            ready[name] = converted(param.type, value)
        except ValueError as error:
            raise InputError("read.bad_param", value=value, **told) from error
    return ready


def converted(type_: str, value: Any) -> Any:
    """``value`` as the parameter type ``type_``; text is read as the command line writes it.

    Raises ValueError when it cannot be that type.
    """
    if isinstance(value, str) and type_ not in {"string", "any"}:
        match type_:
            case "integer":
                return int(value)
            case "number":
                return float(value)
            case "boolean" if value.lower() in {"true", "false"}:
                return value.lower() == "true"
            case "date":
                return dt.date.fromisoformat(value)
            case "datetime":
                return dt.datetime.fromisoformat(value)
            case "list<string>":
                return [part for part in value.split(",") if part]
        raise ValueError(value)
    if type_.startswith("list<"):
        if not isinstance(value, list | tuple):
            raise ValueError(value)
        return [converted(type_[5:-1], item) for item in value]
    if type_ == "datetime" and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time())
    misfit = (
        isinstance(value, bool)
        if type_ in {"integer", "number"}
        else type_ == "date" and isinstance(value, dt.datetime)
    )
    if misfit or not isinstance(value, TYPES[type_]):
        raise ValueError(value)
    return value


def nearest(name: str, names: Mapping[str, Any]) -> str:
    """Names that resemble ``name``, for a message."""
    return ", ".join(difflib.get_close_matches(name, list(names), 3, 0.4)) or "–"

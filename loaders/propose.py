"""``anguan profile new``: a profile proposed from the data, with its doubts as comments.

Nothing is guessed silently: a column goes where its name or its values point, and what rests on
less is said in a comment beside it. Columns that look personal are marked personal.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import yaml

from graph.errors import InputError
from graph.rulebook import book, nodes, routes
from graph.store.schema import BY_TABLE
from loaders.logs import XES
from loaders.profile import Shape
from loaders.sheet_profile import meanings, required_names, words
from loaders.tables import Raw
from loaders.values import ValueFault, moment, number
from loaders.workbook import TOTALS, Wanted, empty, plain, sample

SEEN = 400
"""Rows that are looked at."""
NEAR = 0.6
"""How alike a column and a name must be to be taken for it, with a doubt."""
IDENTITY = re.compile(r"\d{17}[\dXx]")
PHONE = re.compile(r"1\d{10}")
PATTERNS = ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y")
KINDS = ("problems", "leads", "reviews")
"""What a ledger may list, in the order in which it is asked."""
LOG_NAMES = {
    "case": ("case:concept:name", "case", "caseid", "case_id", "案件", "案号", "案件编号"),
    "activity": ("concept:name", "activity", "event", "step", "活动", "环节", "节点"),
    "time": ("time:timestamp", "timestamp", "time", "when", "时间", "日期", "发生时间"),
    "person": ("org:resource", "resource", "user", "clerk", "人员", "经办人"),
    "unit": ("org:group", "group", "department", "部门"),
}


@dataclass
class Column:
    """A column with its first values and what they look like."""

    name: str
    at: int
    values: list[Raw] = field(default_factory=list)

    @property
    def plain(self) -> str:
        """Its name as it counts."""
        return plain(self.name)

    def _share(self, test: Callable[[Raw], object]) -> float:
        return sum(1 for v in self.values if _holds(test, v)) / max(len(self.values), 1)

    @property
    def dates(self) -> bool:
        """Whether its values are dates."""
        return bool(self.values) and self._share(moment) > 0.8

    @property
    def pattern(self) -> str | None:
        """The form of its dates, where they are none that is read without being told."""
        texts = [v for v in self.values if isinstance(v, str)]
        if not texts or self.dates:
            return None
        return next((f for f in PATTERNS if all(_has_form(v, f) for v in texts)), None)

    @property
    def numbers(self) -> bool:
        """Whether its values are numbers."""
        return bool(self.values) and self._share(number) == 1

    @property
    def personal(self) -> bool:
        """Whether its name or its values are those of a person."""
        if any(word in self.plain for word in words()["personal"]):
            return True
        said = [plain(v) for v in self.values]
        return (
            bool(said)
            and sum(bool(IDENTITY.fullmatch(v) or PHONE.fullmatch(v)) for v in said) > len(said) / 2
        )

    @property
    def keys(self) -> bool:
        """Whether every row has its own value here."""
        return len(self.values) > 1 and len({plain(v) for v in self.values}) == len(self.values)


def _has_form(value: str, form: str) -> bool:
    try:
        dt.datetime.strptime(value.strip(), form)  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _holds(test: Callable[[Raw], object], value: Raw) -> bool:
    try:
        test(value)
    except (ValueFault, ValueError):
        return False
    return True


@dataclass
class Proposal:
    """A profile as text, the doubts that stand in it, and what it was made from."""

    shape: Shape
    text: str
    doubts: list[str]
    sheet: str
    header_row: int
    columns: int


class _Draft:
    """Entries of a profile with comments, written as YAML."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.doubts: list[str] = []

    def put(self, text: str, doubt: str = "") -> None:
        """Add a line, with a doubt if there is one."""
        if doubt:
            self.doubts.append(f"{text.strip().rstrip(':')} — {doubt}")
            text = f"{text}  # ? {doubt}"
        self.lines.append(text)


def write(proposal: Proposal, path: Path) -> None:
    """Write a proposal to a new file. Raises InputError ``propose.out``."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(proposal.text)
    except OSError as error:
        raise InputError("propose.out", file=path, reason=error.strerror) from error


def propose(source: Path, shape: str | None = None, name: str | None = None) -> Proposal:
    """Propose a profile for a file, of one shape if it is given; ``name`` is that of the source.

    Raises InputError ``load.no_source``, ``propose.shape``, ``propose.xes``,
    ``propose.no_table``, ``sheet.suffix``, ``table.unreadable``.
    """
    if not source.is_file():
        raise InputError("load.no_source", source=source)
    if source.name.endswith(XES):
        raise InputError("propose.xes", file=source)
    shapes = {s: s for s in get_args(Shape)}
    if shape is not None and shape not in shapes:
        raise InputError("propose.shape", shape=shape, shapes=", ".join(shapes))
    title, row, columns, several = _best_sheet(source)
    found, points = (shapes[shape], "") if shape else _shape(columns)
    draft = _Draft()
    label = re.sub(r"[\s/]+", "-", name or source.name.split(".", 1)[0])
    draft.put(f"# 由 {source.name} 生成；“?” 处请核对 · proposed from it: look at each “?”")
    if found != "log":
        draft.put(f"shape: {found}", points)
    draft.put(f"source: {_quoted(label)}", "来源名称请自定 / choose a name of your own")
    draft.put("zone: Asia/Shanghai")
    workbook = source.suffix in {".xlsx", ".xlsm"}
    if workbook and found != "log":
        doubt = f"另有 / also there: {', '.join(several)}" if several else ""
        draft.put(f"sheet: {_quoted(title)}", doubt)
    if row > 1 and found != "log":
        draft.put(f"header_row: {row}")
    forms = sorted({c.pattern for c in columns if c.pattern})
    if forms:
        forms_said = ", ".join(_quoted(f) for f in forms)
        draft.put(f"date_formats: [iso, {forms_said}]", "日月先后请核对 / day or month first?")
    match found:
        case "wide":
            _wide(draft, columns)
        case "ledger":
            _ledger(draft, columns)
        case _:
            _log(draft, columns)
    return Proposal(found, "\n".join(draft.lines) + "\n", draft.doubts, title, row, len(columns))


# -- finding the table -------------------------------------------------------------------------


def _best_sheet(source: Path) -> tuple[str, int, list[Column], list[str]]:
    """The sheet with the header that names the most columns of its values."""
    best: tuple[float, str, int, list[Column]] | None = None
    names: list[str] = []
    for title, head in sample(source, Wanted((), ()), SEEN):
        row = _header_row(head)
        if row is None:
            continue
        columns = _columns(head, row)
        score = sum(1 + 2 * bool(_known(c)) for c in columns if c.values) * len(head) ** 0.2
        names.append(title)
        if best is None or score > best[0]:
            best = (score, title, row, columns)
    if best is None:
        raise InputError("propose.no_table", file=source)
    return best[1], best[2], best[3], [n for n in names if n != best[1]]


def _header_row(head: Sequence[Sequence[Any]]) -> int | None:
    """The first row with the most cells, all of them text and each once."""
    best: tuple[int, int] | None = None
    for number_, line in enumerate(head[:30], start=1):
        cells = [v for v in line if not empty(v)]
        texts = {plain(v) for v in cells if _is_name(v)}
        if len(texts) < 2 or len(texts) < len(cells):
            continue
        if best is None or len(cells) > best[0] * 1.3:
            best = (len(cells), number_)
    return None if best is None else best[1]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not _holds(moment, value) and not _holds(number, value)


def _columns(head: Sequence[Sequence[Any]], row: int) -> list[Column]:
    columns = [Column(str(v), at) for at, v in enumerate(head[row - 1]) if not empty(v)]
    for line in head[row:]:
        if any(isinstance(v, str) and plain(v).startswith(TOTALS) for v in line[:4]):
            continue
        for c in columns:
            if c.at < len(line) and not empty(line[c.at]):
                c.values.append(line[c.at])
    return columns


def _known(column: Column) -> list[str]:
    """The ``table.column`` that a column may be by its name."""
    return [
        target
        for target, names in words()["columns"].items()
        if column.plain in {plain(n) for n in names}
    ]


def _shape(columns: Sequence[Column]) -> tuple[Shape, str]:
    """The shape that the columns point at, with what makes it doubtful."""
    targets = Counter(t.partition(".")[0] for c in columns for t in _known(c))
    dated = [c for c in columns if c.dates]
    cases = [c for c in columns if "cases.case" in _known(c)]
    for table in KINDS:
        needed = {f"{table}.{n}" for n in (*required_names(BY_TABLE[table]), BY_TABLE[table].id)}
        own = needed - {f"{table}.case"}
        if any(own & set(_known(c)) for c in columns) and targets[table] >= 3:
            return "ledger", f"像是 {table} 的台账 / it looks like a register of {table}"
    roles = {role for c in columns if (role := _log_role(c))}
    if roles >= {"case", "activity", "time"} and len(dated) <= 2:
        return "log", ""
    if cases and (cases[0].keys or len(dated) > 1):
        return "wide", "" if cases[0].keys else "案号有重复 / case numbers repeat"
    return "wide" if len(dated) > 1 else "log", "没有明确的特征 / nothing points clearly at a shape"


# -- one shape each ----------------------------------------------------------------------------


def _quoted(name: str) -> str:
    """A name as YAML writes it."""
    return yaml.safe_dump(name, allow_unicode=True, width=10_000).split("\n")[0]


def _take(columns: Sequence[Column], target: str) -> Column | None:
    return next((c for c in columns if target in _known(c)), None)


def _cell(column: Column, target: str) -> tuple[str, str]:
    """A cell of a profile, with the values that have no meaning as doubts."""
    known = meanings(target)
    said = list(dict.fromkeys(plain(v) for v in column.values))
    odd = [v for v in said if len(known.get(v, ())) != 1] if known else []
    if not odd:
        return _quoted(column.plain), ""
    values = {v: (known.get(v) or (_nearest(v, known),))[0] for v in odd[:12]}
    doubts = f"值的含义请核对 / what do these mean: {', '.join(odd[:12])}"
    sure = {v: code for v, code in values.items() if code}
    if not sure:
        return _quoted(column.plain), doubts
    inner = ", ".join(f"{_quoted(v)}: {_quoted(code)}" for v, code in sure.items())
    return f"{{column: {_quoted(column.plain)}, values: {{{inner}}}}}", doubts


def _nearest(value: str, known: dict[str, tuple[str, ...]]) -> str:
    near = difflib.get_close_matches(value, list(known), 1, 0.5)
    return known[near[0]][0] if near and len(known[near[0]]) == 1 else ""


def _wide(draft: _Draft, columns: Sequence[Column]) -> None:
    used: set[str] = set()
    draft.put("columns:")
    key = _take(columns, "cases.case")
    if key is None:
        key = next((c for c in columns if c.keys and not c.dates), columns[0])
        draft.put(f"  case: {_quoted(key.plain)}", "哪一列是案号？ / which column is the case?")
    else:
        draft.put(f"  case: {_quoted(key.plain)}", "" if key.keys else "有重复 / it repeats")
    used.add(key.plain)
    kinds: list[str] = []
    names = ("type", "accepted", "closed", "cause", "outcome", "secrecy", "matter", "unit")
    pseudonyms = []
    for name in (*names, "department", "handler", "follows"):
        column = _take([c for c in columns if c.plain not in used], f"cases.{name}")
        if column is None:
            continue
        used.add(column.plain)
        cell, doubt = _cell(column, f"cases.{name}")
        if name == "type":
            kinds = sorted(
                {k for v in column.values for k in meanings("cases.type").get(plain(v), ())}
            )
        if name == "handler" and _looks_named(column):
            pseudonyms.append(column.plain)
            doubt = "像是姓名，改为假名 / names, it seems: they become pseudonyms"
        draft.put(f"  {name}: {cell}", doubt)
    if pseudonyms:
        draft.put(f"pseudonyms: [{', '.join(map(_quoted, pseudonyms))}]")
    if not kinds:
        groups = Counter(
            code[:2] for c in columns if c.dates for code, *_ in _node_candidates(c, ())[:1]
        )
        group = groups.most_common(1)[0][0] if groups else "PR"
        draft.put(f"case_type: {group}", "案件类型请核对 / which type are the cases?")
        kinds = [group]
    _events(draft, columns, kinds, {key.plain})
    used |= {c.plain for c in columns if c.dates}
    used |= _parties(draft, [c for c in columns if c.plain not in used])
    rest = [c for c in columns if c.plain not in used]
    _rest(draft, rest)


def _events(draft: _Draft, columns: Sequence[Column], kinds: Sequence[str], used: set[str]) -> None:
    dated = [
        c for c in columns if (c.dates or c.pattern) and c.plain not in used and not c.personal
    ]
    lines: list[tuple[str, str]] = []
    spare: list[Column] = []
    templates: list[tuple[Column, str]] = []
    for c in dated:
        if match := re.fullmatch(r"《(.+)》.*日期|(.+书)签发日期", c.plain):
            templates.append((c, match[1] or match[2]))
            continue
        found = _node_candidates(c, kinds)
        if not found:
            spare.append(c)
            continue
        best = found[0][2]
        chosen = [code for code, _, score in found if score == best]
        groups = {code[:2]: code for code in reversed(chosen)}
        codes = [groups[g] for g in sorted(groups)]
        if best < 1 and len(kinds) > 1 and not set(kinds) <= set(groups):
            # Of cases of another type it would make no event, and refuse their rows.
            spare.append(c)
            continue
        said = codes[0] if len(codes) == 1 else f"[{', '.join(codes)}]"
        doubt = "" if best == 1 else f"最接近 / nearest: {found[0][1]}"
        lines.append((f"  {_quoted(c.plain)}: {said}", doubt))
    if lines:
        draft.put("events:")
        for text, doubt in lines:
            draft.put(text, doubt)
    if templates:
        draft.put("documents:")
        for c, template in templates:
            draft.put(f"  {_quoted(c.plain)}: {_quoted(template)}")
    kept = [c for c in spare if not _known(c)]
    if kept:
        draft.put(
            f"dates: [{', '.join(_quoted(c.plain) for c in kept)}]",
            "没有相近的节点 / no node is near",
        )


@lru_cache(maxsize=1)
def _titles() -> tuple[tuple[str, str, str], ...]:
    """Names of nodes and of acts at nodes, with the code and whether it is of the node alone."""
    found = []
    for code, node in nodes().items():
        found.append((plain(node.zh), code, node.zh))
        for act, zh in book().acts.get(code, {}).items():
            found.append((plain(f"{node.zh}（{zh}）"), f"{code}.{act}", f"{node.zh}（{zh}）"))
    for node_name, codes in words()["nodes"].items():
        found += [(plain(node_name), code, nodes()[code[:4]].zh) for code in codes]
    return tuple(found)


def _node_candidates(column: Column, kinds: Sequence[str]) -> list[tuple[str, str, float]]:
    """Codes whose name is like that of the column, the nearest first: code, name, likeness."""
    name = re.sub(r"(日期|时间|日)$", "", column.plain)
    found: dict[str, tuple[str, str, float]] = {}
    for title, code, shown in _titles():
        if kinds and code[:2] not in kinds and code[:2] != "CM":
            continue
        if title == name:
            score = 1.0
        elif len(name) >= 2 and (name in title or title in name):
            score = 0.7 + 0.2 * min(len(name), len(title)) / max(len(name), len(title))
        else:
            score = difflib.SequenceMatcher(None, name, title).ratio()
        if score >= NEAR and (code not in found or found[code][2] < score):
            found[code] = (code, shown, round(score, 3))
    return sorted(found.values(), key=lambda f: (-f[2], f[0]))


def _parties(draft: _Draft, columns: Sequence[Column]) -> set[str]:
    """A block of parties, if some column shows them; the columns it takes."""
    found = {n: c for n in PARTY if (c := _take(columns, f"parties.{n}")) is not None}
    shows = [found[n] for n in ("party", "name", "identity") if n in found]
    if not shows:
        return set()
    separators = Counter(
        sep for c in shows for v in c.values for sep in ("；", ";", "、", ",") if sep in str(v)
    )
    draft.put("parties:")
    lead = "  - "
    for name, column in found.items():
        draft.put(f"{lead}{name}: {_quoted(column.plain)}")
        lead = "    "
    if separators:
        separator = separators.most_common(1)[0][0]
        draft.put(f"    separator: {_quoted(separator)}", "一格多人 / several in one cell")
        if separator == "、":
            draft.put("    inner: ；")
    return {c.plain for c in found.values()}


PARTY = ("party", "name", "identity", "status", "minor", "charges", "charge_codes")


def _rest(draft: _Draft, columns: Sequence[Column]) -> None:
    """Personal columns stay out; numbers are kept as numbers, all else as text."""
    personal = [c for c in columns if c.personal]
    others = [c for c in columns if not c.personal and c.values]
    numbers = [c for c in others if c.numbers and not c.dates]
    texts = [c for c in others if c not in numbers and not c.dates]
    for key, found, doubt in (
        ("personal", personal, "疑似个人信息，不读入 / personal, it seems: it stays out"),
        ("numbers", numbers, ""),
        (
            "attributes",
            texts,
            "原样保留；不需要的请删去 / kept as they are; delete what is not needed",
        ),
    ):
        if found:
            draft.put(f"{key}: [{', '.join(_quoted(c.plain) for c in found)}]", doubt)


def _looks_named(column: Column) -> bool:
    """Whether values look like Chinese personal names."""
    said = [plain(v) for v in column.values]
    return bool(said) and all(re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", v) for v in said)


def _ledger(draft: _Draft, columns: Sequence[Column]) -> None:
    targets = Counter(t.partition(".")[0] for c in columns for t in _known(c))
    main = max(KINDS, key=lambda t: (targets[t], -KINDS.index(t)))
    extra = {"problems": ("dispositions", "corrections", "notices", "replies")}.get(main, ())
    used: set[str] = set()
    pseudonyms: list[str] = []
    draft.put("tables:")
    for table in (main, *extra):
        names = [n for n in _names(table) if _take(columns, f"{table}.{n}")]
        own = [n for n in names if (c := _take(columns, f"{table}.{n}")) and c.plain not in used]
        required = [n for n in required_names(BY_TABLE[table]) if n not in LINKED]
        if table != main and (not own or any(n not in names for n in required)):
            continue
        draft.put(f"  {table}:")
        if table == main:
            absent = [n for n in required_names(BY_TABLE[table]) if n not in names]
            for name in absent:
                draft.put(*_absent(table, name, columns, used))
        for name in names if table == main else own:
            column = _take(columns, f"{table}.{name}")
            assert column is not None
            used.add(column.plain)
            target = next((r.target for r in BY_TABLE[table].references if r.column == name), "")
            meant = target if target in {"ProblemType", "ProcessNode"} else f"{table}.{name}"
            cell, doubt = _cell(column, meant)
            declared = BY_TABLE[table].column(name)
            if declared is not None and declared.claim:
                doubt = f"来源所称，与推得的状态对照 / a claim, set beside the state; {doubt}"
            if target == "Person" and _looks_named(column):
                pseudonyms.append(column.plain)
                doubt = "像是姓名，改为假名 / names, it seems: they become pseudonyms"
            draft.put(f"    {name}: {cell}", doubt.strip("; "))
    if main == "leads":
        used |= _steps(draft, [c for c in columns if c.plain not in used])
    if pseudonyms:
        draft.put(f"pseudonyms: [{', '.join(map(_quoted, pseudonyms))}]")
    rest = [c for c in columns if c.plain not in used]
    personal = [c.plain for c in rest if c.personal]
    if personal:
        doubt = "疑似个人信息，不读入 / personal, it seems: it stays out"
        draft.put(f"personal: [{', '.join(map(_quoted, personal))}]", doubt)
    left = [c.plain for c in rest if c.plain not in personal]
    if left:
        draft.put(f"# 未使用 / not used: {', '.join(left)}")


LINKED = {"problem", "correction", "notice", "lead", "problems"}
"""References that a row of a ledger answers itself."""


def _names(table: str) -> Iterator[str]:
    node_type = BY_TABLE[table]
    yield node_type.id
    yield from (c.name for c in node_type.columns if not c.personal)
    yield from (r.column for r in node_type.references)


def _absent(table: str, name: str, columns: Sequence[Column], used: set[str]) -> tuple[str, str]:
    """A line for a required value that no column names."""
    dated = next((c for c in columns if c.dates and c.plain not in used), None)
    declared = BY_TABLE[table].column(name)
    if declared is not None and declared.type in {"date", "moment"} and dated is not None:
        used.add(dated.plain)
        return f"    {name}: {_quoted(dated.plain)}", "是这一列吗？ / is it this one?"
    constant: dict[str, str] = {"type": "P01", "route": "R1"}
    if name in constant:
        doubt = "没有这一列，请写明 / no column says it: state it"
        return f"    {name}: {{value: {constant[name]}}}", doubt
    spare = next((c for c in columns if c.plain not in used), columns[0])
    used.add(spare.plain)
    return f"    {name}: {_quoted(spare.plain)}", "是这一列吗？ / is it this one?"


def _steps(draft: _Draft, columns: Sequence[Column]) -> set[str]:
    """The date columns of a register of leads as steps."""
    acts: dict[str, str] = {}
    for route in routes().values():
        parts = [(h.act, h.zh) for h in route.hops] + [(e.act, e.zh) for e in route.ends]
        parts += [(d.act, d.zh) for d in route.detours]
        for act, zh in parts:
            acts.setdefault(plain(f"{zh}（{act}）"), act)
            acts.setdefault(plain(zh), act)
    lines = []
    used = set()
    for c in columns:
        if not c.dates or c.personal:
            continue
        name = re.sub(r"(日期|时间|日)$", "", c.plain)
        near = difflib.get_close_matches(name, list(acts), 1, NEAR)
        if near:
            used.add(c.plain)
            doubt = "" if near[0] == name else f"最接近 / nearest: {near[0]}"
            lines.append((f"  {_quoted(c.plain)}: {acts[near[0]]}", doubt))
    if lines:
        draft.put("steps:")
        for text, doubt in lines:
            draft.put(text, doubt)
    return used


def _log_role(column: Column) -> str | None:
    name = column.plain.lower()
    return next((r for r, names in LOG_NAMES.items() if name in names), None)


def _log(draft: _Draft, columns: Sequence[Column]) -> None:
    roles: dict[str, Column] = {}
    for c in columns:
        role = _log_role(c)
        if role and role not in roles:
            roles[role] = c
    doubts = {}
    tests: dict[str, Callable[[Column], bool]] = {
        "time": lambda c: c.dates or bool(c.pattern),
        "case": lambda c: not c.dates and not c.keys,
        "activity": lambda c: not c.dates and not c.numbers and not c.keys,
    }
    for kind in ("time", "case", "activity"):
        if kind in roles:
            continue
        free = [c for c in columns if c not in roles.values()]
        roles[kind] = next((c for c in free if tests[kind](c)), (free or list(columns))[0])
        doubts[kind] = "是这一列吗？ / is it this one?"
    draft.put("columns:")
    for role in LOG_NAMES:
        if role in roles:
            # The names of a log are taken as they stand.
            draft.put(f"  {role}: {_quoted(roles[role].name)}", doubts.get(role, ""))
    rest = [c for c in columns if c not in roles.values()]
    groups = {
        "personal": [c for c in rest if c.personal],
        "dates": [c for c in rest if not c.personal and c.dates],
        "numbers": [c for c in rest if not c.personal and c.numbers and not c.dates],
    }
    taken = [c for found in groups.values() for c in found]
    groups["attributes"] = [c for c in rest if c not in taken and c.values]
    for key, found in groups.items():
        if found:
            names = ", ".join(_quoted(c.name) for c in found)
            doubt = "属案件的请加 case: / write case: before those of the case"
            draft.put(f"{key}: [{names}]", doubt if key != "personal" else "疑似个人信息")
    activities = dict.fromkeys(str(v) for v in roles["activity"].values)
    mapped = []
    for activity in list(activities)[:60]:
        near_ = _node_candidates(Column(activity, 0), ())
        if near_ and near_[0][2] >= 0.8 and len({c for c, _, s in near_ if s == near_[0][2]}) == 1:
            doubt = "" if near_[0][2] == 1 else f"最接近 / nearest: {near_[0][1]}"
            mapped.append((f"  {_quoted(activity)}: {near_[0][0][:4]}", doubt))
    if mapped:
        draft.put("nodes:")
        for text, doubt in mapped:
            draft.put(text, doubt)

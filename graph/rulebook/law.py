"""The law as data: laws, time limits, gates and data rules, and the overlays of a procuratorate.

The entries are YAML files beside this module. A procuratorate puts its own beside them without
touching ours: every folder under ``ANGUAN_RULES`` with an ``overlay.yaml`` is an overlay. Reading
collects all faults (:attr:`Book.faults`); :func:`book` refuses a rulebook that has any.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.errors import InputError, register_messages
from graph.rulebook import model, terms, thresholds
from graph.rulebook.calendar import Calendar, read_tables
from graph.rulebook.clock import Exclusion, Extension, Terms
from graph.rulebook.model import DATA, Status, status_of
from graph.rulebook.thresholds import Thresholds
from graph.settings import settings

register_messages(Path(__file__).with_name("messages.yaml"))

T = TypeVar("T", bound=BaseModel)
Kind = Literal["OWN", "EXT", "GATE", "CALC"]


FORMS = frozenset(
    {
        "gate",
        "order",
        "recorded",
        "age",
        "no_overlap",
        "decisive",
        "closed",
        "charged",
        "every_party",
        "charge_changed",
        "map",
        "adopted",
        "same_person",
        "charges_traceable",
        "unique",
        "balance",
        "handler",
        "edited",
        "signed",
        "not_public",
    }
)
"""The forms that the check of a data rule may name."""

FORM_TERMS: Mapping[str, tuple[str, ...]] = {
    "order": ("points",),
    "age": ("birth", "act"),
    "decisive": ("at", "documents"),
    "closed": ("at",),
    "charged": ("at",),
    "every_party": ("at",),
    "charge_changed": ("field",),
    "map": ("field", "to", "values"),
    "adopted": ("flag", "least", "most", "given"),
    "same_person": ("field",),
    "unique": ("at",),
    "edited": ("fields",),
    "not_public": ("field",),
}
"""What the check of a form must state besides it."""

NO_BASIS: Mapping[str, dict[str, str]] = {
    "K": {"zh": "凭一般知识，未核对条文", "en": "from general knowledge, no article read"},
    "D": {"zh": "设计建议，不是法律", "en": "a design proposal, not law"},
    "A": {"zh": "由公布的数字推算", "en": "inferred from published figures"},
    "V": {"zh": "来自实务做法或转述，未读到条文", "en": "practice or second hand, no article read"},
}


class Frozen(BaseModel):
    """A part of an entry: immutable, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Law(Frozen):
    """A version of a law and the date on which it came into force."""

    zh: str
    en: str
    version: str
    in_force: dt.date
    source: str


class Words(Frozen):
    """A text in both languages."""

    zh: str
    en: str


class Lengthening(Frozen):
    """``extend``: what adds to a period, by how much, under which entry, how often (0: any)."""

    at: str
    by: str
    rule: str = ""
    times: int = 1


class Excluding(Frozen):
    """``exclude``: from where to where the days are not counted, under which entry."""

    from_: str = Field(alias="from")
    to: str
    rule: str = ""


class ClockTerms(Frozen):
    """A period: see :mod:`graph.rulebook.terms` for the grammar of its texts.

    ``per`` case or party; ``each``: one clock for every start; ``back``: counted back from the
    start; ``right``: a power, not a duty, so that there is a clock only once it was used;
    ``deciding``: the duty is the procuratorate's only where it decided the measure.
    """

    per: Literal["party", "case"]
    start: str
    end: str
    length: str
    each: bool = False
    back: bool = False
    right: bool = False
    deciding: bool = False
    when: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    stop: str | None = None
    restart: str | None = None
    proof: str | None = None
    extend: tuple[Lengthening, ...] = ()
    exclude: tuple[Excluding, ...] = ()


class GateTerms(Frozen):
    """What a moment needs before it (``needs``, all of them), or what must not happen or pass.

    ``count`` and ``max``: at most so many moments ``over`` the case or matter. ``forbidden``: the
    moment may not be under the conditions. ``field`` with ``from`` and ``to``: a number in bounds.
    ``earlier``: the need must lie at least that long before. ``types``: one problem type a need.
    """

    per: Literal["party", "case"]
    at: str | None = None
    needs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    earlier: str | None = None
    forbidden: bool = False
    count: str | None = None
    max: int | None = None
    over: Literal["case", "matter"] = "case"
    field: str | None = None
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None


class Entry(Frozen):
    """What every entry has. ``valid_from`` is only stated where no cited law gives it."""

    zh: str
    en: str
    mark: str
    basis: tuple[str, ...] = ()
    type: str | None = None
    nodes: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    status: Status | None = None
    why: Words | None = None


class LimitEntry(Entry):
    """A time limit or gate as its file states it."""

    kind: Kind
    actor: str
    trigger: str
    limit: str
    note: str = ""
    clock: tuple[ClockTerms, ...] = ()
    gate: GateTerms | None = None


class DataRuleEntry(Entry):
    """A data rule as its file states it; ``check`` names its form (see supervision)."""

    kind: str
    check: Mapping[str, Any] | None = None
    same: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A fault or a notice of the linter."""

    file: str
    entry: str
    field: str
    message: dict[str, str]

    def shown(self, lang: str = "en") -> dict[str, str]:
        """As an answer holds it."""
        return {
            "file": self.file,
            "entry": self.entry,
            "field": self.field,
            "message": self.message[lang],
        }


@dataclass(frozen=True)
class Overlay:
    """A procuratorate's own entries: name, owner, date and expiry, and what it confirms."""

    name: str
    owner: str
    date: dt.date
    expires: dt.date
    folder: Path
    confirm: tuple[str, ...] = ()

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.date <= day <= self.expires


class HolidayTable(Frozen):
    """``holidays/YEAR.yaml``."""

    days_off: tuple[dt.date, ...]
    working_days: tuple[dt.date, ...]


class OverlayEntry(Frozen):
    """``overlay.yaml``."""

    name: str
    owner: str = ""
    date: dt.date
    expires: dt.date
    confirm: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One way in which a limit's period runs, with its conditions, as the clock takes it."""

    stated: ClockTerms
    clock: Terms
    when: tuple[terms.Condition, ...]


@dataclass(frozen=True)
class Version:
    """An entry of the rulebook in one version; ``valid_to`` is at most its overlay's expiry.

    ``overlay`` is the name of the overlay that states it, None for what is shipped.
    """

    code: str
    entry: Entry
    file: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    overlay: str | None = field(default=None, kw_only=True)

    def holds(self, day: dt.date) -> bool:
        """Whether it was in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True)
class TimeLimit(Version):
    """A time limit or gate (期限、关口) of one version, compiled."""

    entry: LimitEntry
    variants: tuple[Variant, ...] = ()
    gate_when: tuple[terms.Condition, ...] = ()

    @property
    def executable(self) -> bool:
        """Whether a check can decide it."""
        return bool(self.variants) or self.entry.gate is not None


@dataclass(frozen=True)
class DataRule(Version):
    """A data rule (数据规则) of one version, compiled."""

    entry: DataRuleEntry
    gate: GateTerms | None = None
    when: tuple[terms.Condition, ...] = ()


@dataclass(frozen=True)
class Book:
    """The rulebook with its overlays. ``limits`` and ``data_rules`` hold versions, oldest first."""

    laws: Mapping[str, Law]
    acts: Mapping[str, Mapping[str, str]]
    limits: Mapping[str, tuple[TimeLimit, ...]]
    data_rules: Mapping[str, tuple[DataRule, ...]]
    overlays: tuple[Overlay, ...]
    calendar: Calendar
    version: str
    faults: tuple[Fault, ...] = field(repr=False, default=())
    thresholds: Thresholds = field(default_factory=Thresholds)

    def status(self, code: str, day: dt.date) -> Status:
        """The status of an entry on a day: its marks, or an overlay that confirms it."""
        if any(code in o.confirm and o.holds(day) for o in self.overlays):
            return "confirmed"
        found: Sequence[Version] = self.limits.get(code) or self.data_rules.get(code) or ()
        if not found:
            raise InputError("rules.unknown", rule=code, nearest=nearest(self, code))
        entry = next((v.entry for v in reversed(found) if v.holds(day)), found[-1].entry)
        return entry.status or status_of(entry.mark)

    def basis_text(self, basis: tuple[str, ...]) -> str:
        """Cited articles in words: 刑事诉讼法（2018）第172条."""
        parts = []
        for text in basis:
            law, _, article = text.partition(" ")
            known = self.laws[law]
            parts.append(f"{known.zh}（{known.version}）第{article}条")
        return "；".join(parts)


def nearest(rules: Book, code: str) -> str:
    """The codes nearest to a wrong one."""
    import difflib

    known = [*rules.limits, *rules.data_rules, *model.indicators(), *model.problem_types()]
    known += model.nodes()
    return ", ".join(difflib.get_close_matches(code, known, 3, 0.4)) or "–"


class Reader:
    """Reads the files of one folder after another and collects every fault."""

    def __init__(self) -> None:
        self.laws: dict[str, Law] = {}
        self.acts: dict[str, dict[str, str]] = {}
        self.limits: dict[str, list[TimeLimit]] = {}
        self.rules: dict[str, list[DataRule]] = {}
        self.faults: list[Fault] = []
        self.thresholds = Thresholds()

    def fault(self, file: str, entry: str, field: str, zh: str, en: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(file, entry, field, {"zh": zh, "en": en}))

    def entries(self, path: Path, label: str) -> Iterator[tuple[str, Any]]:
        """The entries of a file; what is no YAML mapping, or a code stated twice, is a fault."""
        if not path.exists():
            return
        try:
            loader = LOADER(path.read_text(encoding="utf-8"))
            node = loader.get_single_node()
            data = {} if node is None else loader.construct_document(node)
        except (yaml.YAMLError, ValueError) as error:
            self.fault(label, "", "", f"不是 YAML：{error}", f"is no YAML: {error}")
            return
        if not isinstance(data, dict):
            self.fault(label, "", "", "不是“代码: 条目”的表", "is no mapping of code to entry")
            return
        stated = () if node is None else node.value
        for code, n in Counter(str(key.value) for key, _ in stated).items():
            if n > 1:
                self.fault(label, code, "", f"写了 {n} 次", f"is stated {n} times")
        yield from ((str(code), entry) for code, entry in data.items())

    def parsed(
        self, kind: type[T], label: str, code: str, raw: Any, at: tuple[str, ...] = ()
    ) -> T | None:
        """An entry as its model, or None with its faults noted."""
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            for e in error.errors():
                place = ".".join(str(p) for p in (*at, *e["loc"]))
                self.fault(label, code, place, str(e["msg"]), str(e["msg"]))
            return None

    def folder(self, folder: Path, prefix: str = "", overlay: Overlay | None = None) -> None:
        """Read one folder of rule files: ours, or those of an overlay."""
        for code, raw in self.entries(folder / "laws.yaml", f"{prefix}laws.yaml"):
            law = self.parsed(Law, f"{prefix}laws.yaml", code, raw)
            if law and self.laws.setdefault(code, law) != law:
                says = "is another law already: give this version an id of its own"
                self.fault(f"{prefix}laws.yaml", code, "", "编号已用于另一版本", says)
        for node, raw in self.entries(folder / "acts.yaml", f"{prefix}acts.yaml"):
            if node != "*" and node not in model.nodes():
                self.fault(f"{prefix}acts.yaml", node, "", "没有这个节点", "no such node")
            elif isinstance(raw, dict):
                self.acts.setdefault(node, {}).update({str(k): str(v) for k, v in raw.items()})
            else:
                says = "is no mapping of act to title"
                self.fault(f"{prefix}acts.yaml", node, "", "不是“行为: 名称”的表", says)
        file = f"{prefix}limits.yaml"
        for code, raw in self.entries(folder / "limits.yaml", file):
            entry = self.parsed(LimitEntry, file, code, raw)
            if entry:
                self.limit(code, entry, file, overlay)
        file = f"{prefix}data_rules.yaml"
        for code, raw in self.entries(folder / "data_rules.yaml", file):
            rule = self.parsed(DataRuleEntry, file, code, raw)
            if rule:
                self.data_rule(code, rule, file, overlay)
        for name in thresholds.ENTRIES:
            file = f"{prefix}{name}"
            for code, raw in self.entries(folder / name, file):
                dates = (overlay.date, overlay.expires) if overlay else (None, None)
                one, faults = thresholds.parsed(name, file, code, raw, *dates)
                for fault in faults:
                    self.fault(*fault)
                if one:
                    self.thresholds = thresholds.added(self.thresholds, one)
        for path in sorted(folder.glob("holidays/*.yaml")):
            self.holidays(path, f"{prefix}holidays/{path.name}")

    def holidays(self, path: Path, label: str) -> None:
        """Check a holiday table: its name is a year, all its dates lie in that year."""
        table = self.parsed(HolidayTable, label, "", dict(self.entries(path, label)))
        for name, days in table or ():
            for day in days:
                if str(day.year) != path.stem:
                    says = f"{day} is not in {path.stem}"
                    self.fault(label, path.stem, name, f"{day} 不在 {path.stem} 年", says)

    def limit(
        self, code: str, entry: LimitEntry, file: str, overlay: Overlay | None = None
    ) -> None:
        """Compile a time limit or gate."""
        variants = []
        for at, stated in enumerate(entry.clock):
            compiled = self.variant(code, entry, stated, file, f"clock.{at}")
            if compiled:
                variants.append(compiled)
        when: tuple[terms.Condition, ...] = ()
        if entry.gate:
            when = self.gate(entry.gate, file, code, "gate")
        since, until = self.validity(entry, file, code, overlay)
        name = overlay.name if overlay else None
        made = TimeLimit(code, entry, file, since, until, tuple(variants), when, overlay=name)
        self.limits.setdefault(code, []).append(made)

    def variant(
        self, code: str, entry: LimitEntry, stated: ClockTerms, file: str, place: str
    ) -> Variant | None:
        """Compile one way in which a period runs."""

        def at(name: str, text: str, each: bool = False) -> Any:
            parse = partial(terms.point, text, self.acts, each=each)
            return self.tried(parse, file, code, f"{place}.{name}")

        before = len(self.faults)
        limit = self.tried(partial(terms.length, stated.length), file, code, f"{place}.length")
        extend = [
            Extension(
                at("extend.at", e.at),
                self.tried(partial(terms.length, e.by), file, code, f"{place}.extend.by"),
                e.rule,
                e.times,
            )
            for e in stated.extend
        ]
        exclude = [
            Exclusion(at("exclude.from", e.from_), at("exclude.to", e.to), e.rule)
            for e in stated.exclude
        ]
        when = tuple(
            self.tried(partial(terms.condition, c), file, code, f"{place}.when")
            for c in stated.when
        )
        compiled = Terms(
            start=at("start", stated.start, stated.each),
            end=at("end", stated.end),
            length=limit,
            stop=None if stated.stop is None else at("stop", stated.stop),
            restart=None if stated.restart is None else at("restart", stated.restart),
            proof=None if stated.proof is None else at("proof", stated.proof),
            proves=entry.kind == "OWN"
            and not (stated.right or stated.back)
            and len(self.faults) == before
            and terms.proves(stated.start, stated.end),
            extend=tuple(extend),
            exclude=tuple(exclude),
            back=stated.back,
            rolls=not stated.back,
            basis=code,
        )
        return Variant(stated, compiled, when) if len(self.faults) == before else None

    def gate(
        self, gate: GateTerms, file: str, code: str, place: str
    ) -> tuple[terms.Condition, ...]:
        """Check the texts of a gate; its conditions."""
        for name, text in (("at", gate.at), ("count", gate.count)):
            if text:
                self.tried(partial(terms.names, text), file, code, f"{place}.{name}")
        for need in gate.needs:
            self.tried(partial(terms.names, need), file, code, f"{place}.needs")
        if gate.earlier:
            self.tried(partial(terms.length, gate.earlier), file, code, f"{place}.earlier")
        return tuple(
            c
            for text in gate.when
            if (c := self.tried(partial(terms.condition, text), file, code, f"{place}.when"))
        )

    def data_rule(
        self, code: str, entry: DataRuleEntry, file: str, overlay: Overlay | None = None
    ) -> None:
        """Compile a data rule."""
        gate = None
        when: tuple[terms.Condition, ...] = ()
        if entry.check and entry.check.get("form") == "gate":
            raw = {k: v for k, v in entry.check.items() if k != "form"}
            gate = self.parsed(GateTerms, file, code, raw, ("check",))
            when = self.gate(gate, file, code, "check") if gate else ()
        since, until = self.validity(entry, file, code, overlay)
        name = overlay.name if overlay else None
        made = DataRule(code, entry, file, since, until, gate, when, overlay=name)
        self.rules.setdefault(code, []).append(made)

    def tried(self, work: Callable[[], Any], file: str, code: str, place: str) -> Any:
        """The result of a parse; None with its fault noted."""
        try:
            return work()
        except terms.GrammarError as error:
            self.fault(file, code, place, f"{error}", f"{error}")
            return None

    def validity(
        self, entry: Entry, file: str, code: str, overlay: Overlay | None
    ) -> tuple[dt.date | None, dt.date | None]:
        """From when to when an entry is in force.

        From that of the earliest law it cites; an entry of an overlay that cites none from the
        overlay's date, and each at most until the overlay expires.
        """
        dates = []
        for text in entry.basis:
            law, _, article = text.partition(" ")
            if law not in self.laws:
                self.fault(file, code, "basis", f"法源表中没有 {law}", f"no law {law} in laws.yaml")
                continue
            dates.append(self.laws[law].in_force)
            if not article.isdigit():
                says = f"{text!r} is not a law and the number of an article"
                self.fault(file, code, "basis", f"“{text}”不是“法源 条数”", says)
        if overlay is None:
            return entry.valid_from or min(dates, default=None), entry.valid_to
        ends = [day for day in (entry.valid_to, overlay.expires) if day is not None]
        return entry.valid_from or min(dates, default=overlay.date), min(ends)


LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def rules_dir() -> Path:
    """The folder of overlays: ``ANGUAN_RULES``, else ``rules`` in the home folder."""
    configured = settings()
    return configured.rules or configured.home_dir / "rules"


def overlay_folders(root: Path) -> list[Path]:
    """The folders with an ``overlay.yaml``: the root itself, or those under it."""
    if (root / "overlay.yaml").exists():
        return [root]
    return sorted(p.parent for p in root.glob("*/overlay.yaml")) if root.is_dir() else []


def _stamp(folders: list[Path]) -> tuple[tuple[str, int, int], ...]:
    files = (p for folder in folders for p in sorted(folder.rglob("*.yaml")))
    return tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)


def read(root: Path | None = None) -> Book:
    """The rulebook and the overlays under ``root``, with all faults."""
    folders = overlay_folders(rules_dir() if root is None else root)
    return _read(tuple(folders), _stamp(folders))


def book(root: Path | None = None) -> Book:
    """The rulebook in force. Raises InputError ``rules.faults`` naming the first of its faults.

    Those that the linter finds count as well.
    """
    found = read(root)
    if found.faults:
        first = found.faults[0]
        raise InputError(
            "rules.faults",
            n=len(found.faults),
            file=first.file,
            entry=first.entry or "–",
            field=first.field or "–",
            message=first.message["en"],
        )
    return found


@lru_cache(maxsize=8)
def _read(folders: tuple[Path, ...], _changed: tuple[tuple[str, int, int], ...]) -> Book:
    reader = Reader()
    reader.folder(DATA)
    overlays = []
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
        stated = _overlay(reader, folder)
        if stated:
            overlays.append(stated)
        reader.folder(folder, f"{folder.name}/", stated)
    for limits in reader.limits.values():
        limits.sort(key=_oldest)
    for rules in reader.rules.values():
        rules.sort(key=_oldest)
    shipped = model.version()
    broken = {f.file for f in reader.faults if "holidays/" in f.file}
    found = Book(
        laws=reader.laws,
        acts=reader.acts,
        limits={c: tuple(v) for c, v in reader.limits.items()},
        data_rules={c: tuple(v) for c, v in reader.rules.items()},
        overlays=tuple(overlays),
        calendar=read_tables([DATA, *(() if broken else folders)]),
        version=f"{shipped}+{digest.hexdigest()[:8]}" if folders else shipped,
        thresholds=reader.thresholds,
    )
    from graph.rulebook.lint import faults

    return replace(found, faults=(*reader.faults, *faults(found)))


def _oldest(entry: Version) -> dt.date:
    return entry.valid_from or dt.date.min


def _overlay(reader: Reader, folder: Path) -> Overlay | None:
    label = f"{folder.name}/overlay.yaml"
    raw = dict(reader.entries(folder / "overlay.yaml", label))
    stated = reader.parsed(OverlayEntry, label, "", raw)
    if stated is None:
        return None
    return Overlay(stated.name, stated.owner, stated.date, stated.expires, folder, stated.confirm)

"""Packages read as nodes that name one another: CSV rows and plain loops, no Cypher, no loader.

Of the product it takes only the declared tables (``graph.store.schema``), which is what the
statements are generated from, and the rulebook's files.
"""

from __future__ import annotations

import datetime as dt
import hmac
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from graph.store.schema import BY_LABEL, NODE_TYPES, NodeType
from tests.oracle.package_reader import SHANGHAI, PackageReader, Row, moment

RULEBOOK = Path(__file__).parents[2] / "graph" / "rulebook" / "data"
FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


@dataclass
class Node:
    """A row as a node: its stored properties but for the content hash, and the keys it names."""

    label: str
    props: dict[str, Any]
    refs: dict[str, list[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.props.get(name)

    @property
    def key(self) -> str:
        return str(self.props["key"])

    def content(self) -> str:
        """All that the row says, but for its id and place."""
        own = {"key", "id", "source", "_batch", "_row"}
        said = {k: v for k, v in self.props.items() if k not in own}
        refs = {c: [k.partition("/")[2] for k in keys] for c, keys in self.refs.items()}
        return repr((sorted(said.items()), sorted(refs.items())))


@dataclass
class Nodes:
    """What a graph holds after the packages were loaded one after the other, batch by batch."""

    folders: list[Path]
    early: str
    pseudonym_key: bytes

    def __post_init__(self) -> None:
        self.all: dict[tuple[str, str], Node] = {}
        self.former: list[Node] = []
        self.batches: list[dict[str, Any]] = []
        for node in _rulebook():
            self.all[node.label, node.key] = node
        for at, folder in enumerate(self.folders, start=1):
            self._load(folder, f"B{at:05d}")

    def _load(self, folder: Path, batch: str) -> None:
        facts = yaml.safe_load((folder / "package.yaml").read_text(encoding="utf-8"))
        source = facts["source"]
        reader = PackageReader(folder, FAR)
        tables: dict[str, dict[str, int]] = {}
        data_to: list[dt.datetime] = []
        ids = {
            t.label: {r[t.id] for r in reader.rows(t.table)} if t.table else set()
            for t in NODE_TYPES
        }
        for kind in NODE_TYPES:
            rows = reader.rows(kind.table) if kind.table else []
            loaded = 0
            for number, row in enumerate(rows, start=2):
                node = self._node(kind, row, source, ids)
                node.props |= {"_batch": batch, "_row": number}
                if node["known"] is not None:
                    data_to.append(node["known"])
                place = (kind.label, node.key)
                before = self.all.get(place)
                if before is not None and before.content() == node.content():
                    continue
                if before is not None:
                    self._remember(before, batch, source)
                self.all[place] = node
                loaded += 1
            if rows:
                tables[str(kind.table)] = {"loaded": loaded, "unchanged": len(rows) - loaded}
        self.batches.append(
            {
                "batch": batch,
                "source": source,
                "folder": folder,
                "data_to": max(data_to),
                "tables": tables,
                "complete": facts.get("complete"),
            }
        )

    def _remember(self, before: Node, batch: str, source: str) -> None:
        key = f"{batch}/{before.label}/{before.key}"
        named = {c: sorted(keys) for c, keys in before.refs.items()}
        self.former.append(
            Node(
                "FormerRow",
                {
                    "key": key,
                    "id": key,
                    "source": source,
                    "label": before.label,
                    "node_key": before.key,
                    "values": before.props | {"_named": named},
                    "_batch": batch,
                },
            )
        )

    def _node(self, kind: NodeType, row: Row, source: str, ids: dict[str, set[str]]) -> Node:
        props: dict[str, Any] = {
            "key": f"{source}/{row[kind.id]}",
            "id": row[kind.id],
            "source": source,
        }
        for column in kind.columns:
            text = (row.get(column.name) or "").strip()
            if not text or column.personal:
                continue
            if column.pseudonym:
                plain = unicodedata.normalize("NFKC", text).upper()
                digest = hmac.new(self.pseudonym_key, plain.encode(), "sha256")
                props[column.name] = digest.hexdigest()[:24]
            elif column.type == "moment":
                props[f"{column.name}_on"] = dt.date.fromisoformat(text[:10])
                if len(text) > 10:
                    at = moment(text)
                    props[column.name] = at.astimezone(dt.UTC)
                    props[f"{column.name}_offset"] = int(
                        (at.utcoffset() or dt.timedelta()).total_seconds() // 60
                    )
            else:
                props[column.name] = _typed(column.type, text)
        props |= {k: v for k, v in row.items() if k.startswith("attr_") and v}
        said = next((row[n] for n in kind.known if row.get(n)), None)
        if said:
            props["known"] = moment(said).astimezone(dt.UTC)
        refs: dict[str, list[str]] = {}
        for ref in kind.references:
            text = row.get(ref.column) or ""
            named = [i for i in (text.split(";") if ref.many else [text]) if i]
            own = ids[ref.target]
            keys = [
                f"rulebook/{i}"
                if i not in own and (ref.target, f"rulebook/{i}") in self.all
                else f"{source}/{i}"
                for i in named
            ]
            if keys:
                refs[ref.column] = keys
        return Node(kind.label, props, refs)

    @cached_property
    def by_label(self) -> dict[str, list[Node]]:
        """Nodes by label, former rows included."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in [*self.all.values(), *self.former]:
            found[node.label].append(node)
        return found

    def of(self, label: str, source: str | None = None) -> list[Node]:
        """Nodes of a label, of one source if given."""
        return [n for n in self.by_label[label] if source is None or n["source"] == source]

    @cached_property
    def _back(self) -> dict[tuple[str, str, str], list[Node]]:
        found: dict[tuple[str, str, str], list[Node]] = defaultdict(list)
        for node in self.all.values():
            for column, keys in node.refs.items():
                for key in keys:
                    found[node.label, column, key].append(node)
        return found

    def naming(self, label: str, column: str, node: Node) -> list[Node]:
        """Nodes of ``label`` that name ``node`` in ``column``."""
        return self._back.get((label, column, node.key), [])

    def named(self, node: Node, column: str) -> list[Node]:
        """The nodes that ``node`` names in ``column``."""
        target = next(r.target for r in BY_LABEL[node.label].references if r.column == column)
        return [self.all[target, key] for key in node.refs.get(column, ())]

    def one(self, node: Node, column: str) -> Node | None:
        """The node that ``node`` names in ``column``, if any."""
        found = self.named(node, column)
        return found[0] if found else None

    def id_of(self, node: Node, column: str) -> str | None:
        """The id of the node that ``node`` names in ``column``, if any."""
        found = self.one(node, column)
        return found["id"] if found else None

    @cached_property
    def data_date(self) -> dt.datetime:
        """The latest moment at which a row of any batch was known."""
        return max(b["data_to"] for b in self.batches)

    def moment(self, as_of: str | None) -> dt.datetime:
        """The last instant of that day; the data date when there is none."""
        return moment(f"{as_of}T23:59:59.999999") if as_of else self.data_date

    def day(self, as_of: str | None) -> dt.date:
        """The local date of that moment."""
        return self.moment(as_of).astimezone(SHANGHAI).date()

    def relationships(self) -> Iterable[tuple[str, Node, Node]]:
        """Every relationship: those that columns name, and the order of events and steps."""
        for node in self.all.values():
            for ref in BY_LABEL[node.label].references:
                for other in self.named(node, ref.column):
                    ends = (other, node) if ref.inward else (node, other)
                    yield (ref.type, *ends)
        for label, column, name in (("Event", "case", "occurred"), ("Step", "lead", "at")):
            chains: dict[str, list[Node]] = defaultdict(list)
            for node in self.of(label):
                chains[node.refs[column][0]].append(node)
            for chain in chains.values():
                chain.sort(key=lambda n: in_order(n, name))
                for one, other in pairwise(chain):
                    yield ("NEXT", one, other)

    def labels(self) -> Counter[str]:
        """How many nodes each label has, bookkeeping included."""
        found = Counter({label: len(nodes) for label, nodes in self.by_label.items() if nodes})
        return found + Counter({"Batch": len(self.batches), "Store": 1})


def in_order(node: Node, name: str) -> tuple[Any, ...]:
    """Sort key of acts: by local date, a mere date before the times of that day, then by key."""
    at = node[name]
    return (node[f"{name}_on"], at is not None, at or FAR, node.key)


def _typed(kind: str, text: str) -> Any:
    match kind:
        case "integer":
            return int(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "date":
            return dt.date.fromisoformat(text)
        case "list":
            return text.split(";")
    return text


def _status(mark: str) -> str:
    """Confirmed is what is verified, or known with .85 and more."""
    sure = mark == "V" or (mark.startswith("K ") and float(mark[2:]) >= 0.85)
    return "confirmed" if sure else "unconfirmed"


def _rulebook() -> Iterable[Node]:
    """What the rulebook's files put into every store."""

    def read(name: str) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((RULEBOOK / name).read_text(encoding="utf-8"))
        return found

    def node(label: str, id_: str, refs: dict[str, str | list[str]], **props: Any) -> Node:
        fixed: dict[str, Any] = {"key": f"rulebook/{id_}", "id": id_, "source": "rulebook"}
        fixed |= {"_batch": "rulebook", "_row": 0}
        many = {c: [i] if isinstance(i, str) else i for c, i in refs.items()}
        keys = {c: [f"rulebook/{i}" for i in ids] for c, ids in many.items() if ids}
        return Node(label, fixed | props, keys)

    for id_, e in read("nodes.yaml").items():
        props = {k: e[k] for k in ("seq", "zh", "en")} | {"case_group": e["group"]}
        flags = {name: e.get(name, False) for name in ("conditional", "decision")}
        yield node("ProcessNode", id_, {}, **flags, **props)
    for id_, e in read("problem_types.yaml").items():
        yield node("ProblemType", id_, {}, **{k: e[k] for k in ("kind", "zh", "en", "severity")})
    indicators = read("indicators.yaml")
    for id_, e in indicators.items():
        yield node("Indicator", id_, {}, **{k: e[k] for k in ("zh", "en", "unit")})
    laws, limits, rules = (read(f"{name}.yaml") for name in ("laws", "limits", "data_rules"))
    cited = [text for e in (*limits.values(), *rules.values()) for text in e.get("basis", ())]
    for text in dict.fromkeys(cited):
        law, number = text.split()
        props = {name: laws[law][name] for name in ("zh", "en", "version", "in_force")}
        yield node("LegalArticle", text, {}, article=int(number), **props)
    for label, entries in (("TimeLimit", limits), ("DataRule", rules)):
        for id_, e in entries.items():
            props = {"zh": e["zh"], "en": e["en"], "status": _status(e["mark"])}
            if label == "TimeLimit":
                since = min(laws[text.split()[0]]["in_force"] for text in e["basis"])
                props |= {"kind": e["kind"], "limit": e["limit"], "valid_from": since}
            articles = {"nodes": e.get("nodes", []), "articles": e.get("basis", [])}
            yield node(label, id_, {"type": e.get("type", []), **articles}, **props)
    for id_, e in indicators.items():
        for code in e["nodes"]:
            yield node(
                "Mapping", f"{id_}-{code}", {"indicator": id_, "node": code}, state="CURATED"
            )

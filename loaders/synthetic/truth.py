"""What is true of a world, and the overlay under which all of it shows; both lie beside it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import yaml

from loaders.synthetic import rules
from loaders.synthetic.draft import FIRST, LAST, Draft, Planted
from loaders.synthetic.findings import Case, Findings


class TruthFile:
    """What is true of a world; breaches are written as they come."""

    def __init__(self, path: Path, seed: int) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._clean: list[dict[str, Any]] = []
        self._file.write(f'{{\n"seed": {seed},\n"data_date": "{LAST}",\n"breaches": [')
        self._written = 0

    def of(self, case: Case, draft: Draft) -> None:
        """What was planted in a case, as far as it shows by the end of the recording."""
        for planted in draft.planted:
            if planted.since <= LAST:
                row = self._breach(case, planted)
                self._file.write(("," if self._written else "") + "\n" + _json(row))
                self._written += 1
        for rule, party, how in draft.kept:
            who = None if party is None else case.parties[party]
            self._clean.append({"rule": rule, "case": case.id, "party": who, "how": how})

    def _breach(self, case: Case, planted: Planted) -> dict[str, Any]:
        late = planted.status == "LATE" and planted.ended is not None and planted.ended > LAST
        return {
            "rule": planted.rule,
            "kind": rules.kind(planted.rule),
            "case": case.id,
            "party": None if planted.party is None else case.parties[planted.party],
            "status": "OVERDUE" if late else planted.status,
            "type": planted.type,
            "needs_overlay": planted.rule in rules.unconfirmed(),
        }

    def close(self, cases: int, findings: Findings) -> None:
        """Finish the file."""
        rest: dict[str, Any] = {
            "clean": self._clean,
            "cases": cases,
            "leads": findings.truth,
            "chains": findings.chains,
        }
        self._file.write("\n]")
        for name, value in rest.items():
            self._file.write(f",\n{_json(name)}: ")
            if isinstance(value, list):
                self._file.write("[\n" + ",\n".join(map(_json, value)) + "\n]")
            elif isinstance(value, dict):
                lines = (f"{_json(key)}: {_json(one)}" for key, one in value.items())
                self._file.write("{\n" + ",\n".join(lines) + "\n}")
            else:
                self._file.write(_json(value))
        self._file.write("\n}\n")
        self._file.close()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def write_overlay(folder: Path, seed: int) -> None:
    """The overlay under which every rule that a check can decide is enforced."""
    folder.mkdir(exist_ok=True)
    stated = {
        "name": f"合成检察院 {seed}",
        "owner": "anguan generate",
        "date": FIRST,
        "expires": dt.date(2026, 12, 31),
        "confirm": sorted(rules.unconfirmed()),
    }
    text = yaml.safe_dump(stated, allow_unicode=True, sort_keys=False)
    (folder / "overlay.yaml").write_text(text, encoding="utf-8")

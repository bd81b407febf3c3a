"""One breach of a core rule, planted in a lawful plan by altering it in one place.

Only rules that stand confirmed by themselves are broken here, so that what is planted in the main
flow shows without the world's overlay.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Mapping

from loaders.synthetic.draft import DAY, Draft
from loaders.synthetic.flow import (
    INDICTMENT,
    NON_PROSECUTION,
    OUTLINE,
    PROSECUTE,
    REASONS,
)
from loaders.synthetic.reckoning import due

Slip = Callable[[Draft], None]
"""Breaks a plan and notes it in the draft; leaves a plan alone to which it does not apply."""


def slip(rng: random.Random, draft: Draft) -> None:
    """Try one breach, whichever it is; none where it does not fit the plan.

    The slip is drawn before it is known whether it fits, so that what happened in the case does
    not decide which one it gets.
    """
    choices = SLIPS[draft.type]
    choices[rng.randrange(len(choices))](draft)


def _last_days(
    draft: Draft, start: dt.date, n: int, unit: str, until: dt.date, parties: Iterable[int] = ()
) -> dict[int, dt.date]:
    """The last day of some or all parties, if what happened ``until`` then had not yet."""
    return {
        number: due(start, n, unit, custody=draft.custody(number, until)).due
        for number in parties or range(len(draft.people))
    }


def _late(draft: Draft, rule: str, type_: str, days: Mapping[int, dt.date], on: dt.date) -> None:
    """Note what ended on a day, for every party whose last day it passed."""
    for number, last in days.items():
        if on > last:
            draft.plant(rule, "LATE", last + DAY, number, type_, on)


def _broken(draft: Draft, rule: str, type_: str, node: str, parties: bool = True) -> None:
    """Note a broken gate at the first event of a node, for each party or for the case."""
    for number in range(len(draft.people)) if parties else (None,):
        own = (e.on for e in draft.at(node) if number is None or e.party in {None, number})
        draft.plant(rule, "BROKEN", min(own), number, type_)


# -- arrest review -------------------------------------------------------------------------------


def late_arrest_decision(draft: Draft) -> None:
    """The decision comes the day after the last one of those detained, else of all."""
    start, decided = draft.accepted, draft.closed
    assert decided is not None
    held = [number for number, _ in enumerate(draft.people) if _detained(draft, number)]
    rule, n = ("TL-040", 7) if held else ("TL-041", 15)
    days = _last_days(draft, start, n, "days", decided, held)
    on = max(days.values()) + DAY
    draft.shift(decided, (on - decided).days)
    _late(draft, rule, "P01", days, on)


def _detained(draft: Draft, number: int) -> bool:
    return any(m.holds(draft.accepted) for m in draft.measured[number] if m.kind == "DETENTION")


def no_reasons(draft: Draft) -> None:
    """A decision against arrest without its reasons."""
    if draft.has("AR08.NO_ARREST"):
        draft.drop_documents(REASONS)
        _broken(draft, "TL-046", "P19", "AR08.NO_ARREST", parties=False)


def minor_not_questioned(draft: Draft) -> None:
    """A minor decided on without questioning."""
    if any(p.minor for p in draft.people):
        draft.drop("AR04")
        for number, person in enumerate(draft.people):
            if person.minor and draft.closed:
                draft.plant("TL-02B", "BROKEN", draft.closed, number, "P10")


def no_outcome(draft: Draft) -> None:
    """A closed case without its outcome."""
    if draft.closed:
        draft.outcome = ""
        draft.plant("Q18", "BROKEN", draft.closed, None, "D10")


# -- prosecution review --------------------------------------------------------------------------


def victim_late(draft: Draft) -> None:
    """The victim told a day late."""
    if draft.has("PR04"):
        last = due(draft.accepted, 3, "days", custody=draft.custody()).due
        draft.move(last + DAY, draft.at("PR04"))
        draft.plant("TL-021", "LATE", last + DAY, None, "P09", last + DAY)


def victim_not_told(draft: Draft) -> None:
    """The victim never told."""
    if draft.has("PR04"):
        last = due(draft.accepted, 3, "days", custody=draft.custody()).due
        draft.drop("PR04")
        draft.plant("TL-021", "OVERDUE", last + DAY, None, "P09")


def late_decision(draft: Draft) -> None:
    """The decision a day late."""
    decided = draft.first("PR22")
    if decided is None or draft.has("PR11", "PR15", "PR10.FAST_TRACK"):
        return
    days = _last_days(draft, draft.accepted, 1, "months", decided)
    on = max(days.values()) + DAY
    draft.shift(decided, (on - decided).days)
    _late(draft, "TL-060", "P01", days, on)


def extension_forgotten(draft: Draft) -> None:
    """A decision that needed an extension which nobody recorded."""
    decided = draft.first("PR22")
    if decided is None or draft.has("PR11") or not draft.has("PR15"):
        return
    days = _last_days(draft, draft.accepted, 1, "months", decided)
    if decided > max(days.values()):
        draft.drop("PR15")
        _late(draft, "TL-060", "P01", days, decided)


def no_outline(draft: Draft) -> None:
    """A return without its outline."""
    if draft.has("PR11"):
        draft.drop_documents(OUTLINE)
        _broken(draft, "TL-06A", "P06", "PR11", parties=False)


def third_return(draft: Draft) -> None:
    """A third return, with its outline and re-transfer."""
    on = return_again(draft)
    if on is not None:
        draft.plant("TL-065", "BROKEN", on, None, "P05")


def return_again(draft: Draft) -> dt.date | None:
    """Return a case that was returned twice once more; the day, None where it was not."""
    back = draft.first("PR14")
    if back is None:
        return None
    draft.shift(back + DAY, 25)
    draft.event("PR13", back + 5 * DAY, document=OUTLINE)
    draft.event("PR14", back + 25 * DAY)
    return back + 5 * DAY


def not_questioned(draft: Draft) -> None:
    """A decision without questioning."""
    draft.drop("PR08")
    _broken(draft, "TL-02C", "P10", "PR22")


def not_heard(draft: Draft) -> None:
    """A decision without hearing the defence and the victim."""
    draft.drop("PR09")
    _broken(draft, "TL-02C", "P11", "PR22")


def no_lawyer(draft: Draft) -> None:
    """A plea signed without a lawyer."""
    signed = next(draft.at("PR10.SIGNED"), None)
    if signed is not None:
        present = next(e for e in draft.at("PR10.LAWYER_PRESENT") if e.party == signed.party)
        draft.events.remove(present)
        draft.plant("TL-02A", "BROKEN", signed.on, signed.party, "P12")


def minor_without_defender(draft: Draft) -> None:
    """A minor decided on without a defender."""
    minors = [number for number, person in enumerate(draft.people) if person.minor]
    draft.participants = [p for p in draft.participants if not minors or p == "VICTIM"]
    for number in minors:
        on = min(e.on for e in draft.at("PR22") if e.party == number)
        draft.plant("Q14", "BROKEN", on, number, "P13")


def unchecked(draft: Draft) -> None:
    """Files that left for the court unchecked."""
    if draft.has("CM02"):
        draft.drop("CM02")
        _broken(draft, "TL-0F3", "P39", "PR31", parties=False)


def no_indictment(draft: Draft) -> None:
    """A prosecution without an indictment."""
    prosecuted = list(draft.at(f"PR22.{PROSECUTE}"))
    draft.drop_documents(*[INDICTMENT for _ in prosecuted[:1]])
    for e in prosecuted:
        draft.plant("Q17", "BROKEN", e.on, e.party, "D02")


def served_before_signed(draft: Draft) -> None:
    """An indictment served before it was signed."""
    for d in draft.documents:
        if d.template == INDICTMENT:
            d.served = d.signed - DAY
            draft.plant("Q40", "BROKEN", d.signed, None, "D03")


def rights_not_told(draft: Draft) -> None:
    """A decision not to prosecute served without telling of remedies."""
    for e in list(draft.at("PR25.RIGHTS_TOLD"))[:1]:
        draft.events.remove(e)
        draft.plant("TL-074", "BROKEN", e.on, e.party, "P23")


def not_lifted(draft: Draft) -> None:
    """A seizure that outlasted the service of the decision not to prosecute."""
    if not draft.properties:
        return
    decided = {e.party for e in draft.at(f"PR22.{NON_PROSECUTION}")}
    for e in [e for e in draft.at("PR26") if e.party in decided]:
        draft.plant("TL-071", "BROKEN", e.on, e.party, "P26")
        draft.move(e.on + 3 * DAY, [e])


def not_approved(draft: Draft) -> None:
    """An indictment withdrawn without approval."""
    if draft.has("PR35"):
        draft.drop("PR35.APPROVED")
        _broken(draft, "TL-086", "P20", "PR35", parties=False)


def late_after_withdrawal(draft: Draft) -> None:
    """The decision after a withdrawal a day late."""
    withdrawn = draft.first("PR35.-")
    if withdrawn is None:
        return
    after = [e for e in draft.at(f"PR22.{NON_PROSECUTION}") if e.on > withdrawn]
    numbers = [e.party for e in after if e.party is not None]
    days = _last_days(draft, withdrawn, 30, "days", after[0].on, numbers)
    on = max(days.values()) + DAY
    draft.shift(after[0].on, (on - after[0].on).days)
    _late(draft, "TL-087", "P28", days, on)


SLIPS: Mapping[str, tuple[Slip, ...]] = {
    "AR": (late_arrest_decision, no_reasons, minor_not_questioned, no_outcome),
    "PR": (
        victim_late,
        victim_not_told,
        late_decision,
        extension_forgotten,
        no_outline,
        third_return,
        not_questioned,
        not_heard,
        no_lawyer,
        minor_without_defender,
        unchecked,
        no_indictment,
        served_before_signed,
        rights_not_told,
        not_lifted,
        not_approved,
        late_after_withdrawal,
    ),
}

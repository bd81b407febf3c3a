"""Lawful courses of an arrest review, a prosecution review and a petition.

A course says what happens; the plan made of it keeps every rule of the rulebook that a check can
decide, confirmed or not. Periods are kept by offsets that are shorter than any month.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from loaders.synthetic.chances import Drawn
from loaders.synthetic.draft import DAY, Charge, Document, Draft, Field, Measure, Person
from loaders.synthetic.reckoning import due

CAUSES = (
    ("盗窃罪", "264"),
    ("危险驾驶罪", "133"),
    ("诈骗罪", "266"),
    ("故意伤害罪", "234"),
    ("帮助信息网络犯罪活动罪", "287"),
    ("交通肇事罪", "134"),
    ("寻衅滋事罪", "293"),
)
AGAINST_PROPERTY = frozenset({"264", "266"})
OUTCOMES = {
    "ARREST": "批准逮捕",
    "NO_ARREST": "不批准逮捕",
    "PROSECUTE": "起诉",
    "NON_PROSECUTION": "不起诉",
    "CONDITIONAL_NON_PROSECUTION": "附条件不起诉",
}
PROSECUTE, NON_PROSECUTION, CONDITIONAL = tuple(OUTCOMES)[2:]
ARTICLES = {"法定不起诉": "刑诉法177-1", "相对不起诉": "刑诉法177-2", "存疑不起诉": "刑诉法175-4"}
OUTLINE, FORM_OF_EXTENSION = "补充侦查提纲", "延长审查起诉期限审批表"
RECEIPT, REASONS = "逮捕执行回执", "不批准逮捕理由说明书"
INDICTMENT, NOT_INDICTED, ON_PROBATION = "起诉书", "不起诉决定书", "附条件不起诉决定书"


@dataclass(frozen=True)
class ArrestCourse:
    """An arrest review (审查逮捕): of each party, whether detained and whether arrested.

    ``detention``: days from the detention to the intake. ``decide``: days to the decision.
    """

    arrests: tuple[bool, ...]
    detained: tuple[bool, ...]
    detention: int = 2
    decide: int = 6
    execute: int = 0
    own: bool = False


@dataclass(frozen=True)
class Course:
    """A prosecution review (审查起诉) and the first instance after it.

    ``decisions`` are the acts at PR22, a party each; days are counted from the intake (``notice``,
    ``pace``, ``plea``) or from the step before (``report``, ``decide``). ``last``: the decision
    falls on the last lawful day.
    """

    decisions: tuple[str, ...] = ()
    signed: tuple[bool, ...] = ()
    verdicts: tuple[str, ...] = ()
    notice: int = 2
    pace: tuple[int, int, int] = (4, 8, 9)
    plea: int = 12
    report: int = 6
    decide: int = 3
    extended: bool = False
    returns: int = 0
    last: bool = False
    fast: bool = False
    supervision_organ: bool = False
    victim: bool = True
    lawyer: str = "DUTY_LAWYER"
    property: bool = False
    penalty: bool = False
    changed: str = ""
    withdrawn: bool = False
    own: bool = False
    judged_otherwise: bool = False


def draw_person(rng: random.Random, accepted: dt.date) -> Person:
    """A person; with the dates of birth and of the act where the flag needs them."""
    minor = rng.randrange(20) == 0
    age = 15 + rng.randrange(3) if minor else 19 + rng.randrange(40)
    act = accepted - (60 + rng.randrange(150)) * DAY
    birth = dt.date(act.year - age, 1 + rng.randrange(12), 1 + rng.randrange(28))
    if not minor and rng.randrange(4):
        return Person()
    return Person(minor, birth, act)


def draw_arrest(
    rng: random.Random, people: list[Person], outcomes: Mapping[str, bool]
) -> ArrestCourse:
    """A course of an arrest review; I02 decides whether somebody is not arrested."""
    spared = outcomes["I02"]
    return ArrestCourse(
        arrests=tuple(
            not spared or (n > 0 and rng.randrange(2) == 0) for n, _ in enumerate(people)
        ),
        detained=tuple(rng.randrange(10) < 7 for _ in people),
        detention=1 + rng.randrange(3),
        decide=5 + rng.randrange(3),
        execute=rng.randrange(2),
    )


def draw_course(rng: random.Random, people: list[Person], code: str, drawn: Drawn) -> Course:
    """A course of a prosecution review with the outcomes that were drawn for it."""
    outcomes = drawn.outcomes
    decisions = []
    for number, person in enumerate(people):
        luck = rng.randrange(2)
        decision = PROSECUTE
        if outcomes["I14"] and (number == 0 or luck):
            decision = NON_PROSECUTION
        elif person.minor and luck:
            decision = CONDITIONAL
        decisions.append(decision)
    returns = outcomes["I10"] + (outcomes["I10"] and outcomes["I11"])
    extended, signed = outcomes["I12"], outcomes["I21"]
    slow = returns or extended or outcomes["I13"] or ("PR03", "late") in drawn.deviations
    fast = rng.randrange(60) == 0 and not slow and signed and set(decisions) == {PROSECUTE}
    changed = rng.randrange(25) == 0
    return Course(
        decisions=tuple(decisions),
        signed=tuple(signed and (n == 0 or rng.randrange(100) < 82) for n, _ in enumerate(people)),
        verdicts=tuple("ACQUITTED" if rng.randrange(80) == 0 else "GUILTY" for _ in people),
        notice=0 if fast else rng.randrange(4),
        pace=(1, 2, 2) if fast else (4, 8, 9),
        plea=4 if fast else 11 + rng.randrange(7),
        report=2 if fast else 6 + (8 + rng.randrange(6)) * (extended and not returns),
        decide=1 + rng.randrange(2 if fast else 5),
        extended=extended,
        returns=returns,
        last=not fast and rng.randrange(12) == 0,
        fast=fast,
        victim=rng.randrange(5) > 0,
        lawyer="DEFENDER" if rng.randrange(3) == 0 else "DUTY_LAWYER",
        property=code in AGAINST_PROPERTY and rng.randrange(3) == 0,
        penalty=rng.randrange(3) == 0,
        changed=CAUSES[rng.randrange(len(CAUSES))][1] if changed else "",
        withdrawn=rng.randrange(200) == 0,
        own=outcomes["I13"],
        judged_otherwise=outcomes["I20"],
    )


@lru_cache(maxsize=4096)
def notice_can_be_late(accepted: dt.date) -> bool:
    """Whether a notice can be late (TL-020) and still come before every outcome of its case."""
    return due(accepted, 3, "days").due <= accepted + 8 * DAY


def deviate(draft: Draft) -> None:
    """Give a plan the deviations that were drawn for it; none moves any other step."""
    assert draft.drawn is not None
    drawn = draft.drawn.deviations
    for node, kind in sorted(drawn):
        first = draft.first(node)
        match kind:
            case "skipped":
                draft.drop(node)
            case "passed":
                draft.event(node, draft.accepted + 4 * DAY)
            case "repeated" if first:
                draft.event(node, first + DAY)
            case "late" if first:
                late_notice(draft)
    for node, before in (("AR05", "AR04"), ("PR09", "PR08")):
        there, questioned = next(draft.at(node), None), draft.first(before)
        if (node, "out_of_order") in drawn and there and questioned:
            draft.move(questioned - DAY, [there])


def late_notice(draft: Draft) -> None:
    """Suspects told of their rights a day late."""
    days = {
        number: due(draft.accepted, 3, "days", custody=draft.custody(number)).due
        for number, _ in enumerate(draft.people)
    }
    on = max(days.values()) + DAY
    draft.move(on, draft.at("PR03"))
    for number, last in days.items():
        if on > last:
            draft.plant("TL-020", "LATE", last + DAY, number, "P08", on)


# -- arrest review -------------------------------------------------------------------------------


def arrest_review(
    course: ArrestCourse, accepted: dt.date, people: list[Person], code: str
) -> Draft:
    """An arrest review up to its filing; :func:`hand_over` ends the custody."""
    draft = Draft("AR", accepted, people)
    own = "OWN_INVESTIGATION" if course.own else ""
    for node, days in (("AR01", 0), ("AR02", 0), ("AR03", 1), ("AR04", 3), ("AR05", 3)):
        draft.event(node, accepted + days * DAY, own if node == "AR01" else "")
    draft.event("AR07", accepted + 4 * DAY)
    decided = accepted + course.decide * DAY
    executed = decided + course.execute * DAY
    draft.closed = decided
    draft.outcome = "；".join(
        OUTCOMES[act]
        for act, is_so in (("ARREST", any), ("NO_ARREST", lambda a: not all(a)))
        if is_so(course.arrests)
    )
    for number, person in enumerate(people):
        draft.charges.append(Charge(number, code, "ARREST", accepted))
        start = accepted - course.detention * DAY
        arrested = course.arrests[number]
        if course.detained[number]:
            until = executed if arrested else decided
            _measure(person, "DETENTION", start, until, "POLICE")
            _from_police(draft, number, start, "DELIVERED", "QUESTIONED")
        elif arrested:
            _measure(person, "BAIL", start, executed, "POLICE")
        if arrested:
            draft.event("AR08", decided, "ARREST", number, "批准逮捕决定书")
            _measure(person, "ARREST", executed, None, "PROCURATORATE")
            draft.event("AR11", executed, party=number)
            draft.event("PR06", executed, "QUESTIONED", number)
        else:
            draft.event("AR08", decided, "NO_ARREST", number, REASONS)
            draft.event("AR09", decided, "NO_ARREST_SERVED", number)
            _measure(person, "BAIL", decided, None, "POLICE")
        draft.measured[number] = list(person.measures)
    draft.event("AR09", decided)
    receipt = RECEIPT if any(course.arrests) else ""
    draft.event("AR10", executed + DAY, document=receipt)
    draft.event("AR18", decided + 10 * DAY)
    draft.event("AR19", decided + 14 * DAY)
    _births(draft, accepted)
    return draft


def hand_over(draft: Draft, on: dt.date, *, released: bool) -> None:
    """The end of an arrest review's custody: the matter is handed over, or ends there."""
    for number, person in enumerate(draft.people):
        for m in person.measures:
            if m.end is None:
                if m.kind == "ARREST":
                    draft.event("AR10", on, "CUSTODY_ENDED", number)
                if released:
                    m.end = on


def _measure(
    person: Person, kind: str, start: dt.date, end: dt.date | None, decided_by: str
) -> Measure:
    made = Measure(kind, start, end, decided_by)
    person.measures.append(made)
    return made


def _from_police(draft: Draft, party: int, on: dt.date, *acts: str) -> None:
    """What was done before the intake and entered with it."""
    for act in acts:
        draft.event("PR06", on, act, party).recorded = max(on, draft.accepted)


def _births(draft: Draft, entered: dt.date) -> None:
    for number, person in enumerate(draft.people):
        if person.birth and person.act:
            draft.fields.append(Field("出生日期", person.birth, entered, number))
            draft.fields.append(Field("行为日期", person.act, entered, number))


# -- prosecution review --------------------------------------------------------------------------


def prosecution_review(course: Course, accepted: dt.date, people: list[Person], code: str) -> Draft:
    """A prosecution review with what follows its decision, to the archive."""
    draft = Draft("PR", accepted, people)
    _custody(draft)
    _intake(draft, course, code)
    decided = _review(draft, course)
    draft.closed = decided
    draft.outcome = "；".join(OUTCOMES[d] for d in OUTCOMES if d in course.decisions)
    for number, decision in enumerate(course.decisions):
        _decide(draft, course, number, decision, code, decided)
    amount = {code, course.changed} & AGAINST_PROPERTY
    if amount:
        draft.fields.append(
            Field("审结数额", str(3000 + 10 * accepted.toordinal() % 90000), decided)
        )
    last = decided + 3 * DAY
    for number, decision in enumerate(course.decisions):
        if decision != PROSECUTE:
            _not_prosecuted(draft, course, number, decision, decided)
    if PROSECUTE in course.decisions:
        last = _first_instance(draft, course, decided, course.changed or code)
    elif course.property:
        draft.properties[0][1].append(("OUT", decided + 2 * DAY))
    draft.event("PR45", last + 20 * DAY)
    return draft


def _custody(draft: Draft) -> None:
    """The measures that the case takes over, and the bail that it decides itself."""
    accepted = draft.accepted
    for number, person in enumerate(draft.people):
        mine: list[Measure] = []
        for m in person.measures:
            if m.end is not None:
                continue
            mine.append(m)
            if m.kind == "ARREST":
                _from_police(draft, number, m.start, "QUESTIONED", "FAMILY_NOTIFIED")
            else:
                m.end = accepted + DAY
                mine.append(_measure(person, "BAIL", m.end, None, "PROCURATORATE"))
                break
        draft.measured[number] = mine


def _intake(draft: Draft, course: Course, code: str) -> None:
    accepted = draft.accepted
    organ = "SUPERVISION_ORGAN" if course.supervision_organ else ""
    draft.event("PR01", accepted, organ)
    draft.event("PR02", accepted)
    draft.event("PR03", accepted + course.notice * DAY)
    draft.participants.append(course.lawyer)
    if course.victim:
        draft.participants.append("VICTIM")
        draft.event("PR04", accepted + course.notice * DAY)
    if course.property:
        draft.event("PR19", accepted + DAY)
        draft.properties.append(("物品", [("LISTED", accepted), ("STORED", accepted + DAY)]))
    for number in range(len(draft.people)):
        draft.charges.append(Charge(number, code, "TRANSFER", accepted))
    _births(draft, accepted)


def _review(draft: Draft, course: Course) -> dt.date:
    """The steps up to the report; the day of the decision."""
    accepted = draft.accepted
    for node, days in zip(("PR07", "PR08", "PR09"), course.pace, strict=True):
        draft.event(node, accepted + days * DAY)
    if course.own:
        draft.event("PR16", accepted + 11 * DAY)
    day = accepted + course.plea * DAY
    if course.fast:
        draft.event("PR10", day, "FAST_TRACK")
    for number, signed in enumerate(course.signed):
        if signed:
            draft.event("PR10", day, "LAWYER_PRESENT", number)
            draft.event("PR10", day, "SIGNED", number, "认罪认罚具结书")
            draft.fields.append(Field("认罪认罚", "是", day, number))
    start, granted = accepted, []
    if course.extended:
        day += 3 * DAY
        granted.append((day, 15, "days"))
        draft.event("PR15", day, document=FORM_OF_EXTENSION)
    for nodes in (("PR11", "PR12"), ("PR13", "PR14"))[: course.returns]:
        day += 5 * DAY if nodes[0] == "PR11" else 20 * DAY
        draft.event(nodes[0], day, document=OUTLINE)
        day += 28 * DAY
        draft.event(nodes[1], day)
        start, granted = day, []
    day += course.report * DAY
    draft.event("PR20", day)
    if not course.last:
        return day + course.decide * DAY
    return min(
        due(start, 1, "months", extensions=granted, custody=draft.custody(number)).due
        for number in range(len(draft.people))
    )


def _decide(
    draft: Draft, course: Course, number: int, decision: str, code: str, on: dt.date
) -> None:
    document = {NON_PROSECUTION: NOT_INDICTED, CONDITIONAL: ON_PROBATION}.get(decision, "")
    if decision == NON_PROSECUTION and course.supervision_organ:
        draft.event("PR21", on, "HIGHER_APPROVED", number)
    draft.event("PR22", on, decision, number, document)
    if decision == PROSECUTE:
        draft.charges.append(Charge(number, course.changed or code, "PROSECUTION", on))
        if course.changed and course.changed != code:
            draft.fields.append(Field("改变移送审查起诉认定情形", "罪名改变", on, number))
    elif decision == NON_PROSECUTION:
        _ground(draft, number, on)
    else:
        draft.fields.append(Field("考验期月数", str(6 + on.day % 7), on, number))


def _ground(draft: Draft, number: int, on: dt.date) -> None:
    """The kind of a non-prosecution and the article that it cites."""
    kind = tuple(ARTICLES)[on.day % 3]
    draft.fields.append(Field("不起诉种类", kind, on, number))
    draft.fields.append(Field("适用条款", ARTICLES[kind], on, number))


def _not_prosecuted(
    draft: Draft, course: Course, number: int, decision: str, decided: dt.date
) -> None:
    """Service of a decision not to prosecute, and what it lifts."""
    served = decided + 2 * DAY
    draft.event("PR26", served, party=number)
    draft.event("PR25", served, "RIGHTS_TOLD", number)
    draft.event("PR25", served, party=number)
    for m in draft.measured[number]:
        m.end = m.end or served
    if course.penalty and decision == NON_PROSECUTION:
        draft.fields.append(Field("需行政处罚", "是", decided, number))
        draft.event("PR27", decided + 3 * DAY, party=number, document="检察意见书")


def _first_instance(draft: Draft, course: Course, decided: dt.date, code: str) -> dt.date:
    """From the indictment to the judgment; the day of the last step."""
    prosecuted = [n for n, d in enumerate(course.decisions) if d == PROSECUTE]
    draft.event("CM02", decided)
    draft.event("PR23", decided, document=INDICTMENT, served=True)
    draft.event("PR24", decided)
    draft.event("PR31", decided + DAY)
    draft.event("PR31", decided + 4 * DAY, "COURT_ACCEPTED")
    hearing = decided + (9 if course.fast else 14) * DAY
    draft.event("PR32", hearing - 5 * DAY, "COURT_NOTICE")
    draft.event("PR32", hearing, "HEARING")
    if course.withdrawn:
        return _withdrawn(draft, prosecuted, hearing)
    judged = decided + (12 if course.fast else 31) * DAY
    if course.fast:
        draft.event("PR31", decided + 4 * DAY, "FAST_TRACK")
    for number in prosecuted:
        otherwise = course.judged_otherwise and number == prosecuted[0]
        verdict = "GUILTY" if otherwise else course.verdicts[number]
        draft.event("PR36", judged, verdict, number)
        if otherwise:
            draft.event("PR36", judged, "CHARGE_CHANGED", number)
        draft.fields.append(Field("裁判日期", judged, judged, number))
        if verdict == "ACQUITTED":
            draft.documents.append(Document("裁判审查表", judged))
        else:
            draft.charges.append(Charge(number, code, "JUDGMENT", judged))
        for m in draft.measured[number]:
            m.end = m.end or judged
    draft.event("PR37", judged + 3 * DAY)
    if not course.property:
        return judged + 3 * DAY
    draft.event("PR42", judged + 12 * DAY, "APPROVED")
    draft.event("PR42", judged + 13 * DAY, "DISPOSED")
    draft.properties[0][1].append(("OUT", judged + 13 * DAY))
    return judged + 13 * DAY


def _withdrawn(draft: Draft, prosecuted: list[int], hearing: dt.date) -> dt.date:
    """An indictment withdrawn after an adjournment, and the decisions that must follow."""
    withdrawn = hearing + 20 * DAY
    decided = withdrawn + 20 * DAY
    draft.event("PR33", hearing, "ADJOURNED")
    draft.event("PR33", hearing, "SUPPLEMENT_STARTED")
    draft.event("PR33", hearing + 18 * DAY, "SUPPLEMENT_ENDED")
    draft.event("PR35", withdrawn, "APPROVED")
    for number in prosecuted:
        draft.event("PR35", withdrawn, party=number)
        draft.event("PR36", withdrawn + 3 * DAY, "RULING", number)
        draft.event("PR22", decided, NON_PROSECUTION, number, NOT_INDICTED)
        _ground(draft, number, decided)
        _not_prosecuted(draft, _PLAIN, number, NON_PROSECUTION, decided)
    if draft.properties:
        draft.properties[0][1].append(("OUT", decided + 2 * DAY))
    return decided + 2 * DAY


_PLAIN = Course()


def fill_card(rng: random.Random, draft: Draft) -> None:
    """Card fields that no step of the case demands; a later change has its basis and approval."""
    if rng.randrange(3) == 0:
        accepted = draft.accepted
        draft.fields.append(Field("受理日期", accepted, accepted))
        draft.fields.append(Field("移送日期", accepted - rng.randrange(3) * DAY, accepted))
        if rng.randrange(8) == 0:
            draft.fields[-2].value = accepted - DAY
            changed = accepted + (1 + rng.randrange(5)) * DAY
            correction = Field("受理日期", accepted, changed)
            correction.basis, correction.approved_by = "受理登记", "部门负责人"
            draft.fields.append(correction)
    if draft.type != "PR":
        return
    if draft.closed and rng.randrange(4) == 0:
        public = rng.randrange(2) and not any(p.minor for p in draft.people)
        draft.fields.append(Field("公开标识", "是" if public else "否", draft.closed))
    for e in list(draft.at("PR36.GUILTY")):
        if rng.randrange(4) == 0:
            least, given = 6 + rng.randrange(30), 6 + rng.randrange(36)
            adopted = "是" if least <= given <= least + 4 else "否"
            for name, value in (
                ("建议刑期下限月数", str(least)),
                ("建议刑期上限月数", str(least + 4)),
                ("判决刑期月数", str(given)),
                ("量刑建议采纳", adopted),
            ):
                draft.fields.append(Field(name, value, e.on, e.party))


def petition(accepted: dt.date) -> Draft:
    """A petition that was examined and answered."""
    draft = Draft("CP", accepted, [Person()], status="PETITIONER")
    for node, days, act in (("CP01", 0, ""), ("CP04", 5, ""), ("CP05", 20, "CONCLUDED")):
        draft.event(node, accepted + days * DAY, act)
    draft.closed = accepted + 25 * DAY
    draft.outcome = "审查结案"
    draft.event("CP06", draft.closed, document="刑事申诉结果通知书", served=True)
    return draft

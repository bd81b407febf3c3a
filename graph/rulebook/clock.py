"""One clock (期限): which day started it, what moved its due date, and whether it was kept.

Pure: facts of a case in, clocks out. The statutory limits of the rulebook and the deadline rules
of foreign logs are both stated as :class:`Terms`, so there is one arithmetic:

- the day (the hour) of the start is not counted; a month without the day ends on its last day;
- an extension adds to the unrolled due date, if it was granted before the period had run out;
- the days of an exclusion, from the day after it began to the day it ended, are not counted;
- a restart opens a new round with the full length; what stopped the former round ended it;
- a forward limit in days, months or years that ends on a day off rolls to the next working day,
  except in custody; limits counted back from an event, in working days or in hours do not roll.

Legal source: 刑事诉讼法 2018 art. 105, 149; 最高法刑诉法解释 2021 art. 202.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from graph.rulebook.calendar import Calendar, add
from graph.rulebook.model import Limit

Written = dt.date | dt.datetime
"""A moment as written at the source: a local date, or a datetime with its offset."""

Result = Literal["MET", "LATE", "RUNNING", "UNKNOWN"]
Text = dict[str, str]
Step = dict[str, str]
"""One step of an explanation: ``zh``, ``en``, ``date`` (ISO or empty) and ``basis`` (a code)."""

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MICROSECOND = dt.timedelta(microseconds=1)
MISSING_DATE = "D01"
CONTRADICTING_DATES = "D03"
UNITS: Mapping[str, Text] = {
    "hours": {"zh": "小时", "en": "hours"},
    "days": {"zh": "日", "en": "days"},
    "working_days": {"zh": "个工作日", "en": "working days"},
    "months": {"zh": "个月", "en": "months"},
    "years": {"zh": "年", "en": "years"},
}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One moment of a point: when, from which instant it was known, and what records it.

    ``days`` is the number of days that it grants, where the source says so.
    """

    at: Written
    known: dt.datetime
    ref: str = ""
    days: int | None = None


@dataclass(frozen=True)
class Point:
    """A moment of a case: names of facts, any of which counts.

    ``choices`` are tried in order; the first of which anything is recorded is taken.
    """

    choices: tuple[tuple[str, ...], ...]
    zh: str
    en: str
    occurrence: Literal["first", "last", "each"] = "first"


@dataclass(frozen=True)
class Extension:
    """What lengthens a period: a moment of ``at`` adds ``by`` (at most, where days are told).

    It counts ``times`` in a round at most; 0 is any number.
    """

    at: Point
    by: Limit
    rule: str = ""
    times: int = 0


@dataclass(frozen=True)
class Exclusion:
    """Time that is not counted: from the day after ``start`` to the day of ``end``."""

    start: Point
    end: Point
    rule: str = ""


@dataclass(frozen=True)
class Terms:
    """A limit as the clock takes it.

    ``start`` may be left out only with ``until`` (a due date that the source states). ``stop`` ends
    a round as lawfully as ``end`` does, ``restart`` opens the next one. ``proof`` shows that the
    duty was done even where its date is missing; with ``proves`` the end proves the start.
    ``count`` compares calendar dates or instants.
    """

    end: Point
    start: Point | None = None
    length: Limit | None = None
    until: Point | None = None
    count: Literal["dates", "elapsed"] = "dates"
    stop: Point | None = None
    restart: Point | None = None
    proof: Point | None = None
    proves: bool = True
    extend: tuple[Extension, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    back: bool = False
    rolls: bool = False
    basis: str = ""


@dataclass(frozen=True)
class Facts:
    """What is recorded of a case or a party: occurrences by name, and the days in custody.

    ``custody``: pairs of first and last day (None: still running).
    """

    points: Mapping[str, Sequence[Occurrence]] = field(default_factory=dict)
    custody: Sequence[tuple[dt.date, dt.date | None]] = ()

    def in_custody(self, day: dt.date) -> bool:
        """Whether the person is in custody on that day."""
        return any(a <= day and (b is None or day <= b) for a, b in self.custody)


@dataclass(frozen=True)
class Clock:
    """The state of one round of a period.

    ``found`` is the moment at which a breach or a fault of the data came to be, whatever the day
    of the question; ``fault`` the problem type of a fault of the data. ``provisional``: the due
    date falls in a year without a holiday table and is given unrolled; it raises nothing.
    ``started_by`` and ``ended_by`` are the ids of what records start and end.
    """

    result: Result
    overdue: bool = False
    start: Written | None = None
    due: Written | None = None
    end: Written | None = None
    found: Written | None = None
    fault: str | None = None
    provisional: bool = False
    round: int = 1
    started_by: str = ""
    ended_by: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The instants that a written moment may mean; a date means all of its local day."""

    written: Written
    first: dt.datetime
    last: dt.datetime

    @property
    def on(self) -> dt.date:
        """The local date."""
        return date_of(self.written)


def date_of(written: Written) -> dt.date:
    """The local date of a moment."""
    return written.date() if isinstance(written, dt.datetime) else written


def span(written: Written, zone: ZoneInfo) -> Span:
    """The span of a moment; one without an offset is in ``zone``."""
    if isinstance(written, dt.datetime):
        at = written if written.tzinfo else written.replace(tzinfo=zone)
        instant = at.astimezone(dt.UTC)
        return Span(at, instant, instant)
    midnight = dt.datetime.combine(written, dt.time(), zone).astimezone(dt.UTC)
    after = dt.datetime.combine(written + DAY, dt.time(), zone).astimezone(dt.UTC)
    return Span(written, midnight, after - MICROSECOND)


def shown(written: Written) -> str:
    """A moment in ISO form."""
    return (
        written.isoformat(" ", "milliseconds" if written.microsecond else "seconds")
        if isinstance(written, dt.datetime)
        else written.isoformat()
    )


def length_text(limit: Limit) -> Text:
    """A length in words."""
    unit = UNITS[limit.unit]
    english = unit["en"].removesuffix("s") if limit.n == 1 else unit["en"]
    return {"zh": f"{limit.n} {unit['zh']}", "en": f"{limit.n} {english}"}


@dataclass(frozen=True, slots=True)
class _Moment:
    """An occurrence with its span."""

    span: Span
    what: Occurrence
    of: Point

    @property
    def on(self) -> dt.date:
        return self.span.on


class _Story:
    """The steps of an explanation; silent when nobody asks."""

    def __init__(self, wanted: bool, steps: Sequence[Step] = ()) -> None:
        self.steps: list[Step] = list(steps)
        self._wanted = wanted

    def add(self, zh: str, en: str, date: Written | None = None, basis: str = "") -> None:
        if self._wanted:
            on = "" if date is None else date_of(date).isoformat()
            self.steps.append({"zh": zh, "en": en, "date": on, "basis": basis})

    def at(self, zh: str, en: str, point: Point, moment: _Moment, basis: str = "") -> None:
        """A step about a moment of a point; the texts hold two places."""
        if self._wanted:
            at = shown(moment.span.written)
            ref = f"（{moment.what.ref}）" if moment.what.ref else ""
            ref_en = f" ({moment.what.ref})" if moment.what.ref else ""
            self.add(
                zh.format(point.zh, at) + ref,
                en.format(point.en, at) + ref_en,
                moment.span.written,
                basis,
            )


class Evaluation:
    """One limit on one set of facts as of an instant: :meth:`clocks` gives its rounds."""

    def __init__(
        self,
        terms: Terms,
        facts: Facts,
        as_of: dt.datetime,
        zone: ZoneInfo,
        calendar: Calendar,
        *,
        explain: bool = False,
    ) -> None:
        self.terms, self.facts, self.as_of = terms, facts, as_of
        self.zone, self.calendar, self.explain = zone, calendar, explain
        self.today = as_of.astimezone(zone).date()
        self.by_hours = terms.length is not None and terms.length.unit == "hours"

    def clocks(self) -> list[Clock]:
        """One clock a round, in order; none while the start is not recorded or proved."""
        terms = self.terms
        ends = self._seen(terms.end)
        if terms.start is None:
            return self._stated(ends)
        starts = self._seen(terms.start)
        if not starts:
            if self._all(terms.start) or not ends or not terms.proves:
                return []
            return [self._no_start(ends[0])]
        if terms.back:
            return [self._back(s, ends, n) for n, s in enumerate(starts, start=1)]
        if terms.start.occurrence == "each":
            return self._pairs(starts, ends)
        first = starts[-1 if terms.start.occurrence == "last" else 0]
        again = [r for r in self._seen(terms.restart) if not self._before(r.span, first.span)]
        days = {r.on for r in again}
        rounds = sorted({r.on: r for r in [*reversed(again), first]}.values(), key=_in_order)
        stops = self._seen(terms.stop)
        found = []
        for n, start in enumerate(rounds, start=1):
            # A stop on the day of a restart ended the round before.
            closing = [*ends, *(s for s in stops if s.on != start.on or s.on not in days)]
            following = rounds[n] if n < len(rounds) else None
            found.append(self._round(start, sorted(closing, key=_in_order), following, n))
        return found

    # -- moments ------------------------------------------------------------------------------

    def _all(self, point: Point | None) -> list[_Moment]:
        """Every recorded moment of a point in order of time."""
        if point is None:
            return []
        for names in point.choices:
            found = [
                _Moment(span(o.at, self.zone), o, point)
                for name in names
                for o in self.facts.points.get(name, ())
            ]
            if found:
                found.sort(key=_in_order)
                return found
        return []

    def _seen(self, point: Point | None) -> list[_Moment]:
        """The moments of a point that were known on the day of the question."""
        return [m for m in self._all(point) if m.what.known <= self.as_of]

    def _before(self, one: Span, other: Span) -> bool:
        """Whether two moments contradict an order; dates decide where instants are not known."""
        dates_only = (
            self.terms.count == "dates" or one.first != one.last or other.first != other.last
        )
        return one.on < other.on if dates_only else one.first < other.first

    # -- shapes of a period -------------------------------------------------------------------

    def _stated(self, ends: list[_Moment]) -> list[Clock]:
        """A clock without a start: the source states the due date."""
        until = self._all(self.terms.until)
        if not until:
            return []
        story = _Story(self.explain)
        due = self._due_stated(until[0], story)
        return [self._close(Clock("RUNNING", due=due.written), story, due, None, ends)]

    def _no_start(self, end: _Moment) -> Clock:
        assert self.terms.start is not None
        story = _Story(self.explain)
        story.at("终：{}＝{}", "ended by {} = {}", self.terms.end, end)
        start = self.terms.start
        story.add(f"{start.zh} 的日期缺失", f"the date of {start.en} is missing")
        return Clock(
            "UNKNOWN",
            end=end.span.written,
            found=self._local(end.what.known),
            fault=MISSING_DATE,
            ended_by=end.what.ref,
            steps=tuple(story.steps),
        )

    def _pairs(self, starts: list[_Moment], ends: list[_Moment]) -> list[Clock]:
        """One clock for each start; an end answers the earliest start that is still open."""
        answers: dict[int, _Moment] = {}
        left = list(ends)
        for n, start in enumerate(starts, start=1):
            at = next((e for e in left if not self._before(e.span, start.span)), None)
            if at is not None:
                answers[n] = at
                left.remove(at)
        open_ = [n for n in range(1, len(starts) + 1) if n not in answers]
        # What is left over after a start answered that one again; only what lies before every
        # start contradicts one.
        early = [e for e in left if self._before(e.span, starts[0].span)]
        strays = dict(zip(open_, early, strict=False))
        return [
            self._round(s, [m for m in (answers.get(n) or strays.get(n),) if m], None, n)
            for n, s in enumerate(starts, start=1)
        ]

    def _back(self, start: _Moment, ends: list[_Moment], number: int) -> Clock:
        """A limit counted back from an event: the act must lie that long before it."""
        assert self.terms.start is not None
        assert self.terms.length is not None
        story = _Story(self.explain)
        story.at("以 {}＝{} 倒推", "counted back from {} = {}", self.terms.start, start)
        limit = self.terms.length
        date, provisional = self.calendar.last_date(start.on, replace(limit, n=-limit.n))
        due = span(date, self.zone)
        text = length_text(limit)
        story.add(
            f"减 {text['zh']}，至迟 {due.on}；不顺延",
            f"minus {text['en']}: {due.on} at the latest; it does not roll",
            due.on,
            self.terms.basis,
        )
        base = Clock(
            "RUNNING",
            start=start.span.written,
            due=due.written,
            provisional=provisional,
            round=number,
            started_by=start.what.ref,
        )
        return self._close(base, story, due, None, ends)

    def _round(
        self, start: _Moment, closing: list[_Moment], following: _Moment | None, number: int
    ) -> Clock:
        """One round: from its start to what ended it, or to the restart that proves an end."""
        terms = self.terms
        assert terms.start is not None
        story = _Story(self.explain)
        opened = terms.start if number == 1 or terms.restart is None else terms.restart
        text = ("始：{}＝{}", "started by {} = {}")
        if number > 1 and terms.restart is not None:
            text = ("重新计算：{}＝{}", "restarted by {} = {}")
        story.at(*text, opened, start)
        base = Clock("RUNNING", start=start.span.written, round=number, started_by=start.what.ref)
        until = self._all(terms.until)
        if terms.until is not None and not until:
            story.add(
                f"{terms.until.zh} 为空，届满日期不明",
                f"{terms.until.en} is empty: due date unknown",
            )
            found = self._local(start.what.known)
            return replace(
                base, result="UNKNOWN", found=found, fault=MISSING_DATE, steps=tuple(story.steps)
            )
        provisional = False
        if until:
            due = self._due_stated(until[0], story)
        else:
            due, provisional = self._due(start, closing, following, story)
        base = replace(base, due=due.written, provisional=provisional)
        if self._before(due, start.span):
            story.add("届满早于起算：日期矛盾", "it is due before it started: contradiction")
            return replace(
                base,
                result="UNKNOWN",
                found=start.span.written,
                fault=CONTRADICTING_DATES,
                steps=tuple(story.steps),
            )
        if following is not None:
            inside = [m for m in closing if not self._before(following.span, m.span)]
            after = [m for m in inside if not self._before(m.span, start.span)]
            if after:
                return self._close(base, story, due, start, after)
            assert terms.restart is not None
            story.at(
                "{}＝{} 证明本轮已中止，但日期缺失",
                "{} = {} proves that this round was stopped, but the date is missing",
                terms.restart,
                following,
            )
            return replace(
                base,
                result="UNKNOWN",
                found=self._local(following.what.known),
                fault=MISSING_DATE,
                steps=tuple(story.steps),
            )
        return self._close(base, story, due, start, closing)

    def _close(
        self,
        base: Clock,
        story: _Story,
        due: Span,
        start: _Moment | None,
        closing: list[_Moment],
    ) -> Clock:
        """The result: ended in time or late, running, or not to be known."""
        terms = self.terms
        after = (
            closing
            if start is None
            else [m for m in closing if not self._before(m.span, start.span)]
        )
        if closing and not after and start is not None and self._contradicts(base, closing):
            end = closing[-1]
            self._tell_end(story, end)
            story.add("终早于始：日期矛盾", "it ended before it started: contradiction")
            return replace(
                base,
                result="UNKNOWN",
                end=end.span.written,
                found=start.span.written,
                fault=CONTRADICTING_DATES,
                ended_by=end.what.ref,
                steps=tuple(story.steps),
            )
        if after:
            end = after[-1 if terms.end.occurrence == "last" else 0]
            self._tell_end(story, end)
            ended = replace(base, end=end.span.written, ended_by=end.what.ref)
            return self._ended(ended, story, due, start, end.span)
        proofs = [] if self._all(terms.end) else self._seen(terms.proof)
        if start is not None:
            proofs = [p for p in proofs if not self._before(p.span, start.span)]
        if proofs and terms.proof is not None:
            story.at(
                "{}＝{} 证明已办结，但办结日期缺失",
                "{} = {} proves that it ended, but the date is missing",
                terms.proof,
                proofs[0],
            )
            return replace(
                base,
                result="UNKNOWN",
                found=self._local(proofs[0].what.known),
                fault=MISSING_DATE,
                steps=tuple(story.steps),
            )
        if self._over(due):
            story.add("尚未办结，已逾期", "not ended, overdue")
            found = None if base.provisional else self._breach(due)
            return replace(base, overdue=True, found=found, steps=tuple(story.steps))
        story.add("尚未办结", "not ended")
        return replace(base, steps=tuple(story.steps))

    def _tell_end(self, story: _Story, end: _Moment) -> None:
        """A step about what ended a round, or stopped it."""
        text = ("终：{}＝{}", "ended by {} = {}")
        if end.of == self.terms.stop:
            text = ("中止：{}＝{}", "stopped by {} = {}")
        story.at(*text, end.of, end)

    def _contradicts(self, base: Clock, closing: list[_Moment]) -> bool:
        """Whether ends before the start contradict it; an end of an earlier round does not."""
        assert self.terms.start is not None
        if self.terms.start.occurrence == "each" or base.round > 1:
            return base.round == 1 or self.terms.start.occurrence == "each"
        if self.terms.start.occurrence == "first":
            return True
        first = self._seen(self.terms.start)[0].span
        return all(self._before(m.span, first) for m in closing)

    # -- due date -----------------------------------------------------------------------------

    def _due_stated(self, until: _Moment, story: _Story) -> Span:
        assert self.terms.until is not None
        how = {
            "dates": ("按日历日比较", "compared by calendar dates"),
            "elapsed": ("按时刻比较", "compared by instants"),
        }[self.terms.count]
        story.at("届满：{}＝{}，" + how[0], "due at {} = {}, " + how[1], self.terms.until, until)
        # A deadline given as a date lasts to the end of that day.
        return Span(until.span.written, until.span.last, until.span.last)

    def _due(
        self, start: _Moment, closing: list[_Moment], following: _Moment | None, story: _Story
    ) -> tuple[Span, bool]:
        """When a round is due, and whether that is provisional."""
        terms = self.terms
        limit = terms.length
        assert limit is not None
        text = length_text(limit)
        if limit.unit == "hours" or terms.count == "elapsed":
            return self._due_elapsed(start.span, limit, story), False
        date, provisional = self.calendar.last_date(start.on, limit)
        story.add(
            f"加 {text['zh']}，自次日起按日历日计"
            if limit.unit != "working_days"
            else f"加 {text['zh']}，自次日起计",
            f"plus {text['en']}, in calendar dates, the day of the start not counted"
            if limit.unit != "working_days"
            else f"plus {text['en']}, the day of the start not counted",
            date,
            terms.basis,
        )
        end = next((m for m in closing if not self._before(m.span, start.span)), following)
        excluded = self._excluded(start.on, self.today if end is None else end.on)
        granted: Counter[Extension] = Counter()
        for extension, at in self._extensions(start, end, following):
            if extension.times and granted[extension] >= extension.times:
                story.at(
                    "{}＝{} 超出可延长的次数，不计",
                    "{} = {} is one extension too many: it does not count",
                    extension.at,
                    at,
                    extension.rule,
                )
                continue
            last = self._rolled(_lengthened(date, excluded), limit)[0]
            if at.on > last:
                story.at(
                    "{}＝{} 时期限已届满，延长不计",
                    "{} = {} came after the period had run out: it does not count",
                    extension.at,
                    at,
                    extension.rule,
                )
                continue
            granted[extension] += 1
            by = extension.by
            if at.what.days is not None and by.unit == "days":
                by = Limit(min(at.what.days, by.n), "days")
            date, doubt = self.calendar.last_date(date, by)
            provisional = provisional or doubt
            more = length_text(by)
            story.at(
                f"延长：{{}}＝{{}}，加 {more['zh']}，至 {date}",
                f"extended by {{}} = {{}}, plus {more['en']}: {date}",
                extension.at,
                at,
                extension.rule,
            )
        due, unsure = self._rolled(_lengthened(date, excluded, story), limit, story)
        story.add(f"届满：{due}", f"due: {due}", due)
        return span(due, self.zone), provisional or unsure

    def _due_elapsed(self, start: Span, limit: Limit, story: _Story) -> Span:
        """A due instant, or where only the date of the start is known, the span it lies in."""
        text = length_text(limit)
        if limit.unit == "hours":
            hours = limit.n * HOUR
            exact = isinstance(start.written, dt.datetime)
            hour = start.first.astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
            due_at = hour.astimezone(dt.UTC) + HOUR + hours
            due = Span(
                due_at.astimezone(self.zone) if exact else start.on + hours,
                due_at,
                due_at if exact else start.last + hours,
            )
        elif isinstance(start.written, dt.datetime):
            due = span(_elapsed(start.written, limit, self.zone), self.zone)
        else:
            due = span(add(start.on, limit), self.zone)
        how = ("按经过时间计", "in elapsed time")
        if limit.unit == "hours":
            how = ("自下一小时起计", "the hour of the start not counted")
        if not isinstance(start.written, dt.datetime):
            how = (
                "按经过时间计，起点只有日期",
                "in elapsed time from a start of which only the date is known",
            )
        story.add(
            f"加 {text['zh']}，{how[0]}", f"plus {text['en']}, {how[1]}", None, self.terms.basis
        )
        story.add(f"届满：{shown(due.written)}", f"due: {shown(due.written)}", due.written)
        return due

    def _extensions(
        self, start: _Moment, end: _Moment | None, following: _Moment | None
    ) -> list[tuple[Extension, _Moment]]:
        """The extensions of a round in order of time."""
        found = [
            (e, m)
            for e in self.terms.extend
            for m in self._seen(e.at)
            if m.on >= start.on
            and (end is None or m.on <= end.on)
            and (following is None or m.on < following.on)
        ]
        return sorted(found, key=lambda pair: _in_order(pair[1]))

    def _excluded(self, start: dt.date, over: dt.date) -> list[tuple[dt.date, dt.date, str]]:
        """The merged intervals (day after which, last day, rule) that are not counted.

        One without an end lasts until the round was ``over``, or until today.
        """
        spans = []
        for exclusion in self.terms.exclude:
            ends = [m.on for m in self._seen(exclusion.end)]
            for at in (m.on for m in self._seen(exclusion.start)):
                last = next((e for e in ends if e >= at), over)
                if last > max(at, start):
                    spans.append((max(at, start), last, exclusion.rule))
        merged: list[tuple[dt.date, dt.date, str]] = []
        for a, b, rule in sorted(spans):
            if merged and a <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(b, merged[-1][1]), merged[-1][2])
            else:
                merged.append((a, b, rule))
        return merged

    def _rolled(
        self, date: dt.date, limit: Limit, story: _Story | None = None
    ) -> tuple[dt.date, bool]:
        """The due date after rolling, and whether it is provisional."""
        if not self.terms.rolls or limit.unit not in {"days", "months", "years"} or not limit.n:
            return date, False
        if self.facts.in_custody(date):
            if story and not (
                self.calendar.known(date.year) and self.calendar.is_working_day(date)
            ):
                story.add("届满之日在押，不顺延", "in custody on that day: it does not roll", date)
            return date, False
        day = date
        while self.calendar.known(day.year) and not self.calendar.is_working_day(day):
            day += DAY
        if not self.calendar.known(day.year):
            if story:
                story.add(
                    f"没有 {day.year} 年的节假日表：未顺延，暂定",
                    f"there is no holiday table of {day.year}: not rolled, provisional",
                    date,
                )
            return date, True
        if day != date and story:
            story.add(
                f"{date} 为休息日，顺延至 {day}",
                f"{date} is a day off: rolls to {day}",
                day,
                "TL-001",
            )
        return day, False

    # -- results ------------------------------------------------------------------------------

    def _ended(
        self, base: Clock, story: _Story, due: Span, start: _Moment | None, end: Span
    ) -> Clock:
        if self.terms.count == "dates" and not self.by_hours:
            met, late = end.on <= due.on, end.on > due.on
        else:
            met, late = end.last <= due.first, end.first > due.last
            dates_only = start is not None and (
                start.span.first != start.span.last or end.first != end.last
            )
            if self.by_hours and dates_only and start is not None and start.on == end.on:
                met, late = True, False
        if met:
            story.add("按期", "in time")
            return replace(base, result="MET", steps=tuple(story.steps))
        if late:
            story.add("逾期办结", "ended late")
            found = None if base.provisional else self._breach(due)
            return replace(base, result="LATE", found=found, steps=tuple(story.steps))
        story.add("只有日期，无法判断先后", "only the date is known, so which came first is not")
        return replace(base, result="UNKNOWN", steps=tuple(story.steps))

    def _over(self, due: Span) -> bool:
        if self.terms.count == "dates" and not self.by_hours:
            return self.today > due.on
        return self.as_of > due.last

    def _breach(self, due: Span) -> Written:
        """The moment at which a deadline was missed: the day after, or the instant."""
        by_dates = self.terms.count == "dates" and not self.by_hours
        if by_dates or not isinstance(due.written, dt.datetime):
            return due.on + DAY
        return due.written

    def _local(self, known: dt.datetime) -> dt.datetime:
        return known.astimezone(self.zone)


def clocks(
    terms: Terms,
    facts: Facts,
    as_of: dt.datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    *,
    explain: bool = False,
) -> list[Clock]:
    """The rounds of a limit on a case or party as of an instant, each with its result."""
    return Evaluation(terms, facts, as_of, zone, calendar, explain=explain).clocks()


def _in_order(moment: Any) -> tuple[dt.date, dt.datetime]:
    return (moment.span.on, moment.span.first)


def _lengthened(
    date: dt.date, excluded: Sequence[tuple[dt.date, dt.date, str]], story: _Story | None = None
) -> dt.date:
    """A due date moved by the excluded days that lie inside the running period."""
    for after, last, rule in excluded:
        if after >= date:
            break
        date += last - after
        if story:
            n = (last - after).days
            story.add(
                f"{after + DAY} 至 {last} 不计，加 {n} 日，至 {date}",
                f"{after + DAY} to {last} not counted, plus {n} days: {date}",
                date,
                rule,
            )
    return date


def _elapsed(start: dt.datetime, limit: Limit, zone: ZoneInfo) -> dt.datetime:
    if limit.unit == "days":
        return (start.astimezone(dt.UTC) + limit.n * DAY).astimezone(zone)
    local = start.astimezone(zone)
    return dt.datetime.combine(add(local.date(), limit), local.time(), zone)

"""An instrument over time: its text, its enforcement and its parameters in lanes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from sluicegate.adapters.pictures.axes import DayAxis
from sluicegate.adapters.pictures.svg import (
    Frame,
    element,
    fit,
    label,
    picture,
    polygon,
    text_width,
    tooltip,
    wrap,
)
from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.reasons import say
from sluicegate.rules.instruments import (
    DatedValue,
    Enforcement,
    Instrument,
    Parameter,
    Status,
    TextState,
)
from sluicegate.rules.showing import exact_words, share_words, titled, unit_words, value_words
from sluicegate.rules.timeline import Event, EventKind, events

WIDTH = 860.0
_LEFT, _RIGHT, _TOP = 12.0, WIDTH - 12.0, 12.0
_BAR, _TITLE, _ROW, _GAP, _AXIS = 20.0, 16.0, 15.0, 12.0, 30.0
_SMALL, _MARK, _HATCH = 11.0, 6.0, 7.0
_PADDING = 5.0
_TITLE_LINES = 2
_LEAST_MARGIN = timedelta(days=90)
_STRONG = frozenset({TextState.IN_FORCE, Enforcement.ENFORCED})
_ENDED = frozenset({TextState.REVOKED, TextState.NEVER_IN_FORCE})


@dataclass(frozen=True, slots=True)
class _Bar:
    """One state of a lane: from when to when, its words and its look.

    `start` None stands for every day before; `not_before` opens a hatched range
    in which the state may have begun.
    """

    start: date | None
    end: date | None
    words: str
    look: str
    since: str
    hint: str
    state: object
    not_before: date | None = None
    known_from: date | None = None

    @property
    def since_words(self) -> str:
        """The words with the day from which they hold."""
        return f"{self.words} · {self.since}"


@dataclass(frozen=True, slots=True)
class _Lane:
    """A title and the states below it; `published` is a day to be marked on it."""

    title: str
    bars: tuple[_Bar, ...]
    published: date | None = None

    def marks(self) -> list[date]:
        """Return the days on which something was published or became known."""
        days = [bar.known_from for bar in self.bars] + [self.published]
        return [day for day in days if day is not None]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Markup and where it ends, in pixels from the top."""

    markup: str
    bottom: float


def timeline_picture(
    instrument: Instrument,
    frame: Frame,
    language: Language,
    known_on: date | None = None,
) -> str:
    """Draw an instrument's states and values, each in the days in which it holds.

    A state whose day is not known is hatched where it may have begun; one
    without a day has a broken edge; a triangle stands where something became
    known on another day than it begins.
    """
    found = events(instrument, known_on)
    axis = _axis(found)
    lanes = [*_status_lanes(found, language), *_value_lanes(instrument, found, language)]
    parts: list[str] = []
    top = _TOP
    if frame.stands_alone:
        heading = fit(titled(instrument.title, language), _RIGHT - _LEFT)
        parts.append(label(_LEFT, top + 12, heading, "sg-strong"))
        top += _TITLE + _GAP / 2
    top += _AXIS if axis is not None else 0
    y = top
    for lane in lanes:
        drawn = _lane(lane, y, axis)
        parts.append(drawn.markup)
        y = drawn.bottom + _GAP
    if not lanes:
        parts.append(label(_LEFT, y + 12, phrase("Nothing is dated.", language), "sg-quiet"))
        y += _ROW + _GAP
    key = _key(lanes, y, language)
    height = key.bottom + 6
    ground = element("rect", x=0.0, y=0.0, width=WIDTH, height=height, class_="sg-ground")
    grid = [] if axis is None else _grid(axis, top, y - _GAP / 2)
    return picture(frame, WIDTH, height, ground, *grid, *parts, key.markup)


def timeline_frame(instrument: Instrument, language: Language, name: str = "timeline") -> Frame:
    """Return the title and description of the picture, as one that stands alone."""
    title = say("{title}: what holds when", title=titled(instrument.title, language))
    found = [event.day for event in events(instrument) if event.day is not None]
    if found:
        told = say(
            "{count} dated events from {first} to {last}; the table of `sluicegate rules timeline"
            " {id}` lists them.",
            count=len(found),
            first=min(found),
            last=max(found),
            id=instrument.id,
        )
    else:
        told = say("The text sets no days: what it says holds on every day.")
    return Frame(title.text(language), told.text(language), name)


def _axis(found: Iterable[Event]) -> DayAxis | None:
    """Return an axis over every day that is named, with room at both ends; None without days."""
    days = {
        day
        for event in found
        for day in (event.day, event.not_before, event.known_from)
        if day is not None
    }
    if not days:
        return None
    first, last = min(days), max(days)
    margin = max((last - first) / 4, _LEAST_MARGIN)
    before = margin / 12
    start = first - before if first - date.min > before else date.min
    end = last + margin if date.max - last > margin else date.max
    return DayAxis(start, end, _LEFT, _RIGHT)


def _grid(axis: DayAxis, top: float, bottom: float) -> list[str]:
    parts = []
    ends = -1e9
    for day, words in axis.ticks():
        x = axis.place(day)
        half = text_width(words, _SMALL) / 2
        across = min(max(x, _LEFT + half), _RIGHT - half)
        parts.append(element("line", x1=x, y1=top - 8, x2=x, y2=bottom, class_="sg-grid"))
        if across - half > ends:
            parts.append(label(across, top - 14, words, "sg-small", anchor="middle"))
            ends = across + half + 8
    line = element("line", x1=_LEFT, y1=top - 8, x2=_RIGHT, y2=top - 8, class_="sg-axis")
    return [*parts, line]


def _status_lanes(found: Sequence[Event], language: Language) -> Iterator[_Lane]:
    steps = [event for event in found if event.kind is EventKind.STATUS]

    def lane(
        title: str,
        part: Callable[[Status], TextState | Enforcement],
        published: date | None = None,
    ) -> _Lane:
        bars = []
        for event in steps:
            if isinstance(event.after, Status):
                state = part(event.after)
                look = "strong" if state in _STRONG else "ended" if state in _ENDED else "plain"
                bars.append(_bar(event, state, term(state.value, language), look, language))
        return _Lane(title, _joined(bars), published)

    if steps:
        published = {event.day for event in found if event.kind is EventKind.PUBLISHED}
        unsaid = next(iter(published - {event.day for event in steps}), None)
        yield lane(phrase("Text", language), lambda status: status.text, unsaid)
        yield lane(phrase("Enforcement", language), lambda status: status.enforcement)


def _joined(bars: Sequence[_Bar]) -> tuple[_Bar, ...]:
    """Return the bars, with neighbours of the same state drawn as one."""
    found: list[_Bar] = []
    for bar in bars:
        last = found[-1] if found else None
        if last is not None and last.state == bar.state:
            hint = f"{last.hint}\n{bar.hint}"
            found[-1] = replace(last, end=bar.end, hint=hint)
        else:
            found.append(bar)
    return tuple(found)


def _bar(event: Event, state: object, words: str, look: str, language: Language) -> _Bar:
    since = phrase("undated", language)
    if event.day is not None:
        since = say("from {day}", day=event.day).text(language)
    known = event.known_from
    told = known not in (event.day, event.instrument.published) and event.day is not None
    return _Bar(
        event.day,
        event.until,
        words,
        look,
        since,
        f"{since}: {words} ({event.reference}, {term(event.mark.value, language)})",
        state,
        event.not_before,
        known if told else None,
    )


def _value_lanes(
    instrument: Instrument, found: Sequence[Event], language: Language
) -> Iterator[_Lane]:
    for parameter in instrument.parameters:
        bars = [
            _bar(event, _state(event), _value(parameter, event, language), "value", language)
            for event in found
            if event.kind is EventKind.VALUE and event.parameter is parameter
        ]
        if bars:
            yield _Lane(_lane_title(parameter, language), _joined(bars))


def _state(event: Event) -> object:
    """Return the value of an event, a list without its order."""
    value = event.after.value if isinstance(event.after, DatedValue) else None
    return frozenset(value) if isinstance(value, tuple) else value


def _lane_title(parameter: Parameter, language: Language) -> str:
    unit = unit_words(parameter.unit)
    title = titled(parameter.title, language)
    notes = [unit] if unit else []
    if parameter.comparator is not None:
        notes.insert(0, term(parameter.comparator.value, language))
    if not notes:
        return title
    return say("{title} ({notes})", title=title, notes=notes).text(language)


def _value(parameter: Parameter, event: Event, language: Language) -> str:
    """Write a value for a bar: a long list by its length and by what is new or gone in it."""
    dated, before = event.after, event.before
    if not isinstance(dated, DatedValue):
        return ""
    value = dated.value
    if isinstance(value, tuple):
        words = value_words(value, parameter.unit, language)
        if text_width(words, _SMALL) <= (_RIGHT - _LEFT) * 0.7:
            return words
        words = say("{count} entries", count=len(value)).text(language)
        if isinstance(before, DatedValue) and isinstance(before.value, tuple):
            added = [f"+{one}" for one in value if one not in before.value]
            gone = [f"−{one}" for one in before.value if one not in value]
            words = " ".join([words, *added, *gone])
        return words
    if isinstance(value, int | Fraction):
        return share_words(value) if parameter.unit == "share" else exact_words(value)
    return value_words(value, parameter.unit, language)


def _lane(lane: _Lane, y: float, axis: DayAxis | None) -> _Drawn:
    """Draw a lane from a top edge down: its title, its bars, and words that fit in no bar."""
    parts: list[str] = []
    for line in wrap(lane.title, _RIGHT - _LEFT, _TITLE_LINES):
        parts.append(label(_LEFT, y + 11, line, "sg-text sg-halo"))
        y += _TITLE
    marks = lane.marks()
    y += _MARK if marks else 0
    rows: list[float] = []
    for bar in lane.bars:
        parts += _bar_shapes(bar, y, axis)
        parts += _bar_words(bar, y, axis, rows)
    parts += [_known(day, y, axis) for day in marks]
    return _Drawn("".join(parts), y + _BAR + _ROW * len(rows))


def _span(bar: _Bar, axis: DayAxis | None) -> tuple[float, float]:
    if axis is None:
        return _LEFT, _RIGHT
    start = _LEFT if bar.start is None else axis.place(bar.start)
    return start, _RIGHT if bar.end is None else axis.place(bar.end)


def _bar_shapes(bar: _Bar, y: float, axis: DayAxis | None) -> Iterator[str]:
    x1, x2 = _span(bar, axis)
    undated = " sg-undated" if bar.start is None else ""
    look = f"sg-lane-{bar.look}{undated}"
    yield element(
        "rect", tooltip(bar.hint), x=x1, y=y, width=max(x2 - x1, 1.0), height=_BAR, class_=look
    )
    if bar.not_before is not None and axis is not None:
        first = axis.place(bar.not_before)
        yield _hatched(first, y, x1 - first)


def _hatched(x: float, y: float, width: float) -> str:
    """Draw a range crossed by slanting lines, which stay inside it."""
    edge = element("rect", x=x, y=y, width=width, height=_BAR, class_="sg-hatched")
    lines, foot = [edge], x - _BAR
    while foot < x + width:
        left, right = max(foot, x), min(foot + _BAR, x + width)
        low, high = y + _BAR - (left - foot), y + _BAR - (right - foot)
        lines.append(element("line", x1=left, y1=low, x2=right, y2=high, class_="sg-hatch"))
        foot += _HATCH
    return "".join(lines)


def _bar_words(bar: _Bar, y: float, axis: DayAxis | None, rows: list[float]) -> Iterator[str]:
    """Write a bar's words into it, or below it in the first row where there is room.

    `rows` holds how far each row below the lane is filled, in pixels.
    """
    x1, x2 = _span(bar, axis)
    room = x2 - x1 - 2 * _PADDING
    for words in (bar.since_words, bar.words):
        if text_width(words, _SMALL) <= room:
            yield label(x1 + _PADDING, y + 14, words, "sg-lane-text")
            return
    words = fit(bar.words, _RIGHT - _LEFT, _SMALL)
    width = text_width(words, _SMALL)
    x = min(x1, _RIGHT - width)
    row = next((place for place, end in enumerate(rows) if end <= x), len(rows))
    rows[row : row + 1] = [x + width + 2 * _PADDING]
    base = y + _BAR + _ROW * (row + 1) - 4
    yield element("line", x1=x1 + 1, y1=y + _BAR, x2=x1 + 1, y2=base - 9, class_="sg-axis")
    yield label(x, base, words, "sg-lane-text sg-halo")


def _known(day: date, y: float, axis: DayAxis | None) -> str:
    x = _LEFT if axis is None else axis.place(day)
    corners = [(x - 4, y - 7), (x + 4, y - 7), (x, y - 1)]
    return polygon(corners, "sg-known", tooltip(day.isoformat()))


def _key(lanes: Sequence[_Lane], y: float, language: Language) -> _Drawn:
    """Say what the patterns mean, of those that are drawn."""
    bars = [bar for lane in lanes for bar in lane.bars]
    x, parts = _LEFT, []
    if any(bar.not_before is not None for bar in bars):
        words = phrase("the day lies somewhere in this range", language)
        parts += [_hatched(x, y, 24.0), label(x + 30, y + 14, words, "sg-small")]
        x += 30 + text_width(words, _SMALL) + 20
    if any(lane.marks() for lane in lanes):
        words = phrase("published, or became known", language)
        shape = polygon([(x, y + 7), (x + 8, y + 7), (x + 4, y + 13)], "sg-known")
        parts += [shape, label(x + 14, y + 14, words, "sg-small")]
        x += 14 + text_width(words, _SMALL) + 20
    if any(bar.start is None for bar in bars):
        words = phrase("undated: holds on every day", language)
        sample = element(
            "rect", x=x, y=y, width=24.0, height=_BAR, class_="sg-lane-value sg-undated"
        )
        parts += [sample, label(x + 30, y + 14, words, "sg-small")]
    return _Drawn("".join(parts), y + (_BAR if parts else 0))

"""What screening finds and misses, as parts of a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.core.reasons import say
from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import Pair
from sluicegate.services.screening.engine import said, score_text
from sluicegate.services.screening.screened import ScreenedParty
from sluicegate.services.screening.validation.detection import Detected
from sluicegate.services.screening.validation.names import NameKind, words_of
from sluicegate.services.screening.validation.sampling import BAND, Below, Reviewed
from sluicegate.services.screening.validation.sections import (
    Coded,
    Column,
    Section,
    share_columns,
)
from sluicegate.services.screening.validation.shares import Share

_NAMES = (
    Column("list", say("List"), lambda one: one.name.list_id),
    Column("listed", say("Listed party"), lambda one: one.name.listed_id),
    Column("kind", say("Way of writing"), lambda one: _coded(one.name.kind)),
    Column("listed_name", say("Listed name"), lambda one: one.name.listed_name),
    Column("asked", say("Test name"), lambda one: one.name.asked),
    Column("found", say("Found"), lambda one: one.is_found),
    Column("score", say("Score"), lambda one: "" if one.score is None else score_text(one.score)),
)
_MISSED = tuple(one for one in _NAMES if one.name != "found")
_STRANGERS = (
    Column("asked", say("Test name")),
    Column("listed", say("Listed party"), lambda one: one.listed_id),
    Column("listed_name", say("Listed name")),
    Column("score", say("Score"), lambda one: score_text(one.score)),
)


@dataclass(frozen=True, slots=True)
class _Measured:
    """The share of test names found, of one way of writing, of a list or of all."""

    kind: NameKind
    share: Share
    list: str = ""


def _coded(kind: NameKind) -> Coded:
    return Coded(kind.value, words_of(kind))


_KIND = Column("kind", say("Way of writing"), lambda one: _coded(one.kind))
_SHARE = share_columns(lambda one: one.share)


def detection_sections(detected: Detected, seed: int) -> list[Section]:
    """Return how many test names found their party: by way of writing, by list, and each."""
    missed = [one for one in detected.tried if not one.is_found]
    return [
        Section.of(
            "detection_by_kind",
            say("Test names found, by way of writing"),
            (_KIND, *_SHARE),
            [_Measured(kind, share) for kind, share in detected.by_kind().items()],
            say(
                "Up to {size} parties of each list in use were drawn by seed {seed}. Of each, one "
                "name that the issuer does not mark weak was drawn for every way of writing that "
                "it allows, and one weak alias.",
                size=detected.size,
                seed=seed,
            ),
            say(
                "One letter is changed at most, in a word of four letters or more, never its "
                "first or last two. A test name is screened as a customer's name is, without date "
                "of birth, country or number. It is found when its own listed party alerts."
            ),
            say(
                "At least and at most are the bounds of Wilson's interval: with so few names the "
                "true share may lie anywhere between them. The file test_names.csv has every name."
            ),
        ),
        Section.of(
            "detection_by_list",
            say("Test names found, by list and way of writing"),
            (Column("list", say("List")), _KIND, *_SHARE),
            [_Measured(kind, share, name) for (name, kind), share in detected.by_list().items()],
        ),
        Section.of(
            "missed_names",
            say("Test names that were not found"),
            _MISSED,
            missed,
            say("The score is that of the name's own party; it is empty where that was not near."),
        ),
        Section.of(
            "strangers",
            say("Names that nobody lists, with an alert"),
            _STRANGERS,
            detected.strangers,
            say(
                "Of {of} names put together of the first name of one listed person and the last "
                "of another, {hits} raised an alert. Such names are nearer to a list than those "
                "of customers are, so customers raise fewer.",
                of=detected.recombined.of,
                hits=detected.recombined.hits,
            ),
        ),
        Section.of("test_names", say("All test names"), _NAMES, detected.tried, on_page=False),
    ]


@dataclass(frozen=True, slots=True)
class SampledNow:
    """A sampled pair as a reviewer reads it: both sides as they are, and the pair."""

    sample_id: str
    pair: Pair
    party: ScreenedParty
    listed: ListedParty


_SAMPLE = (
    Column("sample", say("Sample"), lambda one: one.sample_id),
    Column("party", say("Screened party"), lambda one: one.party.party_id),
    Column("party_name", say("Screened name"), lambda one: one.pair.name),
    Column("party_born", say("Screened: date of birth"), lambda one: one.party.birth_date),
    Column("party_countries", say("Screened: countries"), lambda one: list(one.party.countries)),
    Column("listed", say("Listed party"), lambda one: one.listed.party_id),
    Column("listed_name", say("Listed name"), lambda one: one.pair.alias),
    Column("listed_born", say("Listed: dates of birth"), lambda one: list(one.listed.birth_dates)),
    Column("listed_countries", say("Listed: countries"), lambda one: list(one.listed.countries)),
    Column("lists", say("On lists"), lambda one: list(one.listed.lists)),
    Column("score", say("Score"), lambda one: score_text(one.pair.score)),
    Column(
        "why",
        say("Why this score"),
        lambda one: [said(each) for each in one.pair.reasons],
        on_page=False,
    ),
)


def sample_section(drawn: Below, of: Sequence[SampledNow], threshold: int) -> Section:
    """Return the pairs just below the score of an alert that were drawn for review."""
    return Section.of(
        "below_threshold",
        say("Pairs just below the score of an alert, for review"),
        _SAMPLE,
        of,
        say(
            "{drawn} of the {of} pairs that score from {low} to below {threshold} were drawn. "
            "A reviewer says of each whether the two are one; the next pack tells the result.",
            drawn=len(of),
            of=drawn.of,
            low=score_text(max(threshold - BAND, 0)),
            threshold=score_text(threshold),
        ),
        say("Why each scored as it did stands in the file below_threshold.csv."),
    )


_REVIEW = (
    Column("pack", say("Pack"), lambda one: one.pack.pack_id),
    Column("at", say("Made at"), lambda one: one.pack.at),
    Column("threshold", say("Score of an alert"), lambda one: score_text(one.pack.threshold)),
    Column("drawn_from", say("Pairs in the band"), lambda one: one.pack.drawn_from),
    Column("drawn", say("Drawn")),
    Column("waiting", say("Not reviewed")),
    Column("unclear", say("Unclear")),
    *share_columns(lambda one: one.missed),
)


def review_section(reviews: Sequence[Reviewed]) -> Section:
    """Return what reviewers said of earlier samples."""
    return Section.of(
        "reviews",
        say("What reviewers said of earlier samples"),
        _REVIEW,
        reviews,
        say(
            "Hits are pairs below the score of an alert that are the listed party after all, "
            "of those on which the reviewer could decide."
        ),
    )

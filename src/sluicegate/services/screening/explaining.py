"""The tree behind a match: both names, what each part gave, lists, and what became of it."""

from __future__ import annotations

from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.trace import Figure
from sluicegate.services.ports.matches import Match
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.engine import said, score_text


def explain_match(store: Store, match: Match, language: Language) -> Figure:
    """Return the tree behind a match, in a language."""

    def words(template: str) -> str:
        return phrase(template, language)

    pair = match.pair
    return Figure(
        words("match"),
        term(match.state.code, language),
        name=match.match_id,
        children=(
            Figure(words("screened name"), pair.name, name=match.party_id),
            Figure(
                words("listed name"),
                pair.alias,
                method=words("weak alias") if pair.is_weak else None,
                name=match.listed_id,
            ),
            Figure(
                words("score"),
                score_text(pair.score),
                reference=pair.algorithm,
                children=tuple(
                    Figure(term(one.name, language), score_text(one.points)) for one in pair.parts
                ),
            ),
            Figure(words("score of an alert"), score_text(match.threshold)),
            *(
                Figure(words("on lists"), match.versions.get(name), name=name)
                for name in match.lists
            ),
            Figure(
                words("why"),
                children=tuple(Figure(said(one).text(language)) for one in pair.reasons),
            ),
            Figure(words("what became of it"), children=tuple(_outcomes(store, match, language))),
        ),
    )


def _outcomes(store: Store, match: Match, language: Language) -> list[Figure]:
    return [
        Figure(
            term(one.after.code, language),
            one.at.isoformat(timespec="seconds"),
            method=term(one.cause.code, language),
            reference=one.cause_id,
        )
        for one in store.matches.outcomes(match.match_id)
    ]

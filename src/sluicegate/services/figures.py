"""The words of the figures behind a finding, and a tree of them in either language.

A pass keeps its traces in English. What is shown in another language is
translated from a fixed vocabulary: labels, and the words of methods and
values. Names, days and figures stand for themselves.
"""

from __future__ import annotations

from dataclasses import replace

from sluicegate.core.phrases import Language, phrase, term, terms
from sluicegate.core.trace import Figure

WORDS = (
    *("answer", "threshold", "parameters in force", "parameter"),
    *("compute", "customer", "account", "on accelerator", "low", "high", "ceiling (peak × time)"),
    *("days", "first day, day after the last", "accelerators at once, at most", "clusters"),
    "utilisation assumed where none was measured",
    "low, central, high; share of the dense peak",
    *("declared beside metered", "declared", "6 × parameters × tokens, as declared"),
    *("metered (central) over declared", "joined by run id", "joined by time and size"),
    *("within the metered bounds", "outside the metered bounds", "open"),
    *("modification of the model", "compute of the original model"),
    *("declared where the meter bears it out, else metered", "not known to this node"),
    *("dense peak of the cluster", "not stated"),
    *("training compute over the causal graph", "node of the graph", "other nodes", "not counted"),
    *("inference compute rate", "compute for the next output", "seconds between the outputs"),
    "output before",
    *("beneficial owner", "effective holding", "substantial control", "country", "path"),
    *("the model is placed on the Union market", "the company operates in the US"),
    "the model generates language, images or video",
    "the revenue of the developer is not known; duties of large developers may be added",
    *("the cluster stands in one data centre", "the cluster serves one network steadily"),
    *("the system is offered in Korea", "the accelerators count as made in the US"),
    "the training compute of the original model is not known to this node",
    "the subject fits the rule's conditions",
    *("share in aggregate", "cascade: an owner that is reached counts in full"),
    *("multiplied share", "products along every chain, added up", "owned party"),
    *("listed owner", "reached owner", "owner that does not count", "licence policy"),
    *("on lists", "match", "confirmed by a person", "not confirmed"),
    *("screened name", "listed name", "weak alias", "score"),
    "the party that was screened is the listed one",
    "the linked customers act as one, though no ownership is stated that joins them",
    *("compute here, central", "compute at the other provider, at least"),
    *("private set intersection",),
    "the other provider's node told its own central estimate, and told it truly",
    "the runs are pieces of one training run",
    *("linked by", "same legal entity identifier", "same registration number"),
    *("same name and date of birth", "same payment instrument", "same device"),
    *("same email address", "same domain of e-mail", "same beneficial owner", "same director"),
    *("same address", "same telephone number", "same network address"),
    *("same range of network addresses", "similar names", "accepted by a person"),
)
"""Labels, methods and values in words, and assumptions; each has a Chinese form."""

_KNOWN = frozenset(WORDS)
_BETWEEN = {Language.EN: ", ", Language.ZH: "，"}
_BEFORE = {Language.EN: ": ", Language.ZH: "："}


def in_language(figure: Figure, language: Language) -> Figure:
    """Return a figure and all below it in a language."""
    value, method = figure.value, figure.method
    return replace(
        figure,
        label=words(figure.label, language),
        value=words(value, language) if value in _KNOWN else value,
        method=None if method is None else words(method, language),
        children=tuple(in_language(child, language) for child in figure.children),
    )


def words(text: str, language: Language) -> str:
    """Return words of the vocabulary, or codes with a colon or commas between, in a language.

    >>> words("law: in_force, no_such_code", Language.EN)
    'law: in force, no_such_code'
    """
    if text in _KNOWN:
        return phrase(text, language)
    head, colon, rest = text.partition(": ")
    if colon and (head in _KNOWN or head in terms()):
        return f"{_word(head, language)}{_BEFORE[language]}{words(rest, language)}"
    return _BETWEEN[language].join(_word(part, language) for part in text.split(", "))


def _word(part: str, language: Language) -> str:
    if part in _KNOWN:
        return phrase(part, language)
    return term(part, language) if part in terms() else part

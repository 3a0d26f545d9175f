"""The fixed texts of the picture of a lineage, in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass

from sluicegate.adapters.pictures.texts import Language


@dataclass(frozen=True, slots=True)
class LineageTexts:
    """Everything that the picture of a lineage says by itself; `{...}` are filled in."""

    language: Language
    own: str
    cumulative: str
    nothing_counted: str
    at_least: str
    undisclosed: str
    unknown: str
    folded: str
    folded_amount: str
    folded_undisclosed: str
    cut: str
    target: str
    nothing: str
    fold: str


_ENGLISH = LineageTexts(
    language="en",
    own="{kind}: {flop} FLOP",
    cumulative="with its causes {flop}",
    nothing_counted="nothing counted",
    at_least="≥ {flop}",
    undisclosed="{kind}: not disclosed",
    unknown="with causes: not disclosed",
    folded="further causes: {n}",
    folded_amount="{flop} FLOP counted",
    folded_undisclosed="{n} not disclosed",
    cut="cut",
    target="what is accounted for",
    nothing="There is nothing to draw: the lineage is empty.",
    fold="causes not drawn",
)

_CHINESE = LineageTexts(
    language="zh",
    own="{kind}：{flop} FLOP",
    cumulative="连同成因 {flop}",
    nothing_counted="无计入",
    at_least="≥ {flop}",
    undisclosed="{kind}：未披露",
    unknown="连同成因：未披露",
    folded="另有 {n} 个成因",
    folded_amount="计入 {flop} FLOP",
    folded_undisclosed="{n} 个未披露",
    cut="切断",
    target="核算对象",
    nothing="没有可绘制的内容：谱系为空。",
    fold="未绘出的成因",
)

_TEXTS = {"en": _ENGLISH, "zh": _CHINESE}


def lineage_texts(language: Language) -> LineageTexts:
    """Return the texts of a language."""
    return _TEXTS[language]

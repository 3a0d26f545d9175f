"""The fixed texts of the pictures, in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sluicegate.rules.instruments import Title

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class PictureTexts:
    """Everything a picture says by itself; `{n}`, `{day}` and `{rule}` are filled in."""

    language: Language
    comma: str
    colon: str
    flop_axis: str
    bar_axis: str
    band: str
    central: str
    ceiling: str
    in_force: str
    not_enforced: str
    not_law: str
    high_mark: str
    central_mark: str
    low_mark: str
    projected_mark: str
    as_of: str
    nothing: str
    no_owners: str
    whisker: str
    more: str
    control: str
    control_only: str
    held: str
    circular: str
    open_share: str
    nominee: str
    nominator: str
    held_range: str
    individual: str
    not_law_note: str
    not_enforced_note: str
    since: str
    until: str

    def of(self, title: Title) -> str:
        """Return a title in the language of these texts."""
        return title.zh if self.language == "zh" else title.en


_ENGLISH = PictureTexts(
    language="en",
    comma=", ",
    colon=": ",
    flop_axis="Cumulative compute, FLOP (each step is ten times the last)",
    bar_axis="Compute, FLOP (each step is ten times the last; bars do not begin at 0)",
    band="low to high estimate",
    central="central estimate",
    ceiling="ceiling (peak × time)",
    in_force="threshold in force",
    not_enforced="in force, not enforced",
    not_law="not law (proposal, guidance, own setting)",
    high_mark="high estimate passes",
    central_mark="central estimate passes",
    low_mark="low estimate passes",
    projected_mark="projected",
    as_of="as of {day}",
    nothing="No compute is recorded in this period.",
    no_owners="No ownership is recorded.",
    whisker="low to high estimate",
    more="{n} more",
    control="control",
    control_only="control without shares",
    held="share of the holding, in percent",
    circular="goes back up (circular holding)",
    open_share="share not stated",
    nominee="as nominee",
    nominator="behind the nominee",
    held_range="{low} to {high}",
    individual="individual",
    not_law_note="not law",
    not_enforced_note="not enforced",
    since="from {day}",
    until="until {day}",
)

_CHINESE = PictureTexts(
    language="zh",
    comma="，",
    colon="：",
    flop_axis="累计算力用量，FLOP（每格为上一格的十倍）",
    bar_axis="算力用量，FLOP（每格为上一格的十倍；条形不从 0 开始）",
    band="低估至高估",
    central="中间估计",
    ceiling="上限（峰值 × 时间）",
    in_force="现行阈值",
    not_enforced="有效但未执行",
    not_law="非法律（提案、指南、自行设定）",
    high_mark="高估值越过",
    central_mark="中间估计越过",
    low_mark="低估值越过",
    projected_mark="预测",
    as_of="截至 {day}",
    nothing="此期间没有算力用量记录。",
    no_owners="没有所有权记录。",
    whisker="低估至高估",
    more="另有 {n} 个",
    control="控制",
    control_only="不持股的控制",
    held="持股百分比",
    circular="回指上层（循环持股）",
    open_share="持股比例未说明",
    nominee="代名持有",
    nominator="代名人背后",
    held_range="{low}至{high}",
    individual="个人",
    not_law_note="非法律",
    not_enforced_note="未执行",
    since="自 {day} 起",
    until="至 {day}",
)

_TEXTS: dict[str, PictureTexts] = {"en": _ENGLISH, "zh": _CHINESE}


def picture_texts(language: Language) -> PictureTexts:
    """Return the texts of a language."""
    return _TEXTS[language]

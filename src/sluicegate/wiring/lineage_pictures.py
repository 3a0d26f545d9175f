"""Pictures of lineages, joined to what draws them."""

from __future__ import annotations

from sluicegate.core.canonical import digest
from sluicegate.core.phrases import Language
from sluicegate.lineage.accounting import Account
from sluicegate.services.lineage.captions import sentences_of, title_of
from sluicegate.services.lineage.drawing import DrawnLineage


def lineage_svg(
    account: Account, drawn: DrawnLineage, language: Language, *, stands_alone: bool = True
) -> str:
    """Draw causes above what they led to; a picture that stands alone brings its colours."""
    from sluicegate.adapters.pictures import Frame
    from sluicegate.adapters.pictures.lineage import lineage_picture

    told = " ".join(one.text(language) for one in sentences_of(account, drawn))
    name = f"lineage-{digest([*account.targets, account.counting_rule])[:8]}"
    frame = Frame(title_of(account).text(language), told, name, stands_alone)
    return lineage_picture(drawn, frame, language.value)

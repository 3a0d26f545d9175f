"""Pictures of the policy lab, joined to what draws them."""

from __future__ import annotations

from sluicegate.core.phrases import Language
from sluicegate.services.lab.pictured import drawn_lab, sentence_of, title_of
from sluicegate.services.lab.threshold import Tried


def options_svg(tried: Tried, language: Language, *, stands_alone: bool = True) -> str:
    """Draw options side by side; a picture that stands alone brings its colours."""
    from sluicegate.adapters.pictures import Frame
    from sluicegate.adapters.pictures.lab_options import options_picture

    title, told = title_of(tried).text(language), sentence_of(tried).text(language)
    frame = Frame(title, told, "lab-options", stands_alone)
    return options_picture(drawn_lab(tried), frame, language)

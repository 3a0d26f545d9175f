"""Pictures of the policy lab, joined to what draws them."""

from __future__ import annotations

from sluicegate.core.phrases import Language
from sluicegate.frontier.moving import Series
from sluicegate.services.lab.moving_rows import picture_words
from sluicegate.services.lab.pictured import drawn_lab, sentence_of, title_of
from sluicegate.services.lab.threshold import Tried


def options_svg(tried: Tried, language: Language, *, stands_alone: bool = True) -> str:
    """Draw options side by side; a picture that stands alone brings its colours."""
    from sluicegate.adapters.pictures import Frame
    from sluicegate.adapters.pictures.lab_options import options_picture

    title, told = title_of(tried).text(language), sentence_of(tried).text(language)
    frame = Frame(title, told, "lab-options", stands_alone)
    return options_picture(drawn_lab(tried), frame, language)


def moving_svg(found: Series, language: Language, *, stands_alone: bool = True) -> str:
    """Draw a threshold that moves over time; a picture that stands alone brings its colours."""
    from sluicegate.adapters.pictures import Frame
    from sluicegate.adapters.pictures.moving import moving_picture

    title, told = picture_words(found, language)
    return moving_picture(found, Frame(title, told, "moving", stands_alone), language)

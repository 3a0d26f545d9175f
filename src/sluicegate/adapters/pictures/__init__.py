"""Pictures drawn in Python: pure functions from data to SVG text.

The same picture stands in a page, a report and a file of its own. No picture
holds a script or asks for anything outside itself. Coordinates are floats for
drawing only; no decision rests on them.
"""

from sluicegate.adapters.pictures.axes import for_people
from sluicegate.adapters.pictures.bars import Bar, bar_chart
from sluicegate.adapters.pictures.links import LinkedPair, LinkWords, links_picture
from sluicegate.adapters.pictures.marks import CrossingMark, crossing_marks, line_label
from sluicegate.adapters.pictures.ownership import ownership_picture
from sluicegate.adapters.pictures.style import PAGE_STYLE, stylesheet
from sluicegate.adapters.pictures.svg import Frame
from sluicegate.adapters.pictures.texts import Language, PictureTexts, picture_texts
from sluicegate.adapters.pictures.threshold_chart import ThresholdChart, threshold_chart
from sluicegate.adapters.pictures.timeline import timeline_frame, timeline_picture

__all__ = [
    "PAGE_STYLE",
    "Bar",
    "CrossingMark",
    "Frame",
    "Language",
    "LinkWords",
    "LinkedPair",
    "PictureTexts",
    "ThresholdChart",
    "bar_chart",
    "crossing_marks",
    "for_people",
    "line_label",
    "links_picture",
    "ownership_picture",
    "picture_texts",
    "stylesheet",
    "threshold_chart",
    "timeline_frame",
    "timeline_picture",
]

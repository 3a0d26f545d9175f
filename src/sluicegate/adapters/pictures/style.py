"""The colours and patterns of the pictures, light and dark.

Every meaning that a colour carries is carried by a pattern or a shape too.
Contrast of text with its ground is at least 4.5, of lines at least 3 (WCAG 2.2).
"""

from __future__ import annotations

import re

LIGHT = {
    "ground": "#ffffff",
    "ink": "#1a2129",
    "quiet": "#56616d",
    "grid": "#e3e7ec",
    "axis": "#8a94a0",
    "band": "#a9cdf0",
    "central": "#0a58a8",
    "ceiling": "#6b7683",
    "limit": "#a8321c",
    "limit-soft": "#f6dcd6",
    "box": "#f4f6f9",
    "subject": "#dbeafb",
}

DARK = {
    "ground": "#14191f",
    "ink": "#e8edf2",
    "quiet": "#a5b0bc",
    "grid": "#2a323b",
    "axis": "#75818d",
    "band": "#2b5480",
    "central": "#7db9f5",
    "ceiling": "#93a0ad",
    "limit": "#ff9b80",
    "limit-soft": "#4a2a22",
    "box": "#1e252d",
    "subject": "#1d3a59",
}

_FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC',"
    " 'PingFang SC', 'Microsoft YaHei', sans-serif"
)

_RULES = f"""
.sg-picture{{font-family:{_FONT};font-size:12px}}
.sg-ground{{fill:var(--sg-ground)}}
.sg-text{{fill:var(--sg-ink)}}
.sg-quiet{{fill:var(--sg-quiet)}}
.sg-small{{fill:var(--sg-quiet);font-size:11px}}
.sg-strong{{fill:var(--sg-ink);font-weight:600}}
.sg-mark-text{{fill:var(--sg-limit);font-weight:700;font-size:11px}}
.sg-day{{fill:var(--sg-ink);font-size:11px;font-weight:600}}
.sg-halo{{stroke:var(--sg-ground);stroke-width:4px;stroke-linejoin:round;paint-order:stroke}}
.sg-grid{{stroke:var(--sg-grid);stroke-width:1}}
.sg-axis{{stroke:var(--sg-axis);stroke-width:1}}
.sg-today{{stroke:var(--sg-quiet);stroke-width:1;stroke-dasharray:1 3}}
.sg-band{{fill:var(--sg-band);fill-opacity:.55;stroke:var(--sg-central);stroke-width:.75}}
.sg-central{{fill:none;stroke:var(--sg-central);stroke-width:2.5;stroke-linejoin:round}}
.sg-ceiling{{fill:none;stroke:var(--sg-ceiling);stroke-width:1.25;stroke-dasharray:1 3;\
stroke-linecap:round}}
.sg-limit-in_force{{fill:none;stroke:var(--sg-limit);stroke-width:1.75}}
.sg-limit-not_enforced{{fill:none;stroke:var(--sg-limit);stroke-width:1.75;\
stroke-dasharray:14 4}}
.sg-limit-not_law{{fill:none;stroke:var(--sg-limit);stroke-width:1.5;stroke-dasharray:4 4}}
.sg-mark-high{{fill:var(--sg-ground);stroke:var(--sg-limit);stroke-width:1.75}}
.sg-mark-central{{fill:var(--sg-limit-soft);stroke:var(--sg-limit);stroke-width:1.75}}
.sg-mark-low{{fill:var(--sg-limit);stroke:var(--sg-limit);stroke-width:1.75}}
.sg-mark-projected{{fill:var(--sg-ground);stroke:var(--sg-quiet);stroke-width:1.5;\
stroke-dasharray:2 1.5}}
.sg-projection{{fill:none;stroke:var(--sg-quiet);stroke-width:1.25;stroke-dasharray:5 4}}
.sg-bar{{fill:var(--sg-band);stroke:var(--sg-central);stroke-width:.75}}
.sg-whisker{{fill:none;stroke:var(--sg-ink);stroke-width:1.5}}
.sg-dot{{fill:var(--sg-central)}}
.sg-box{{fill:var(--sg-box);stroke:var(--sg-axis);stroke-width:1}}
.sg-box-subject{{fill:var(--sg-subject);stroke:var(--sg-central);stroke-width:2}}
.sg-box-hidden{{fill:var(--sg-ground);stroke:var(--sg-axis);stroke-width:1;stroke-dasharray:3 3}}
.sg-under{{fill:var(--sg-ground)}}
.sg-edge{{fill:none;stroke:var(--sg-quiet);stroke-width:1.25}}
.sg-edge-control{{fill:none;stroke:var(--sg-quiet);stroke-width:1.5;stroke-dasharray:6 4}}
.sg-edge-open{{fill:none;stroke:var(--sg-quiet);stroke-width:1.5;stroke-dasharray:1.5 3}}
.sg-edge-nominee{{fill:none;stroke:var(--sg-quiet);stroke-width:1.5;stroke-dasharray:9 3 2 3}}
.sg-edge-cut{{fill:none;stroke:var(--sg-limit);stroke-width:1.5;stroke-dasharray:10 4 2 4}}
.sg-node-counted{{fill:var(--sg-subject);stroke:var(--sg-central);stroke-width:2}}
.sg-node-other{{fill:var(--sg-box);stroke:var(--sg-axis);stroke-width:1}}
.sg-node-out{{fill:var(--sg-ground);stroke:var(--sg-axis);stroke-width:1;stroke-dasharray:3 3}}
.sg-node-ring{{fill:none;stroke:var(--sg-central);stroke-width:1.25}}
.sg-sign-counted{{fill:var(--sg-central);stroke:var(--sg-central);stroke-width:1.25}}
.sg-sign-other{{fill:var(--sg-ground);stroke:var(--sg-quiet);stroke-width:1.25}}
.sg-sign-tick{{fill:none;stroke:var(--sg-ground);stroke-width:2;stroke-linecap:round}}
.sg-sign-line{{fill:none;stroke:var(--sg-quiet);stroke-width:1.75;stroke-linecap:round}}
.sg-cut{{fill:none;stroke:var(--sg-limit);stroke-width:2.25;stroke-linecap:round}}
.sg-open{{fill:var(--sg-limit);font-weight:600;font-size:11px}}
.sg-lane-text{{fill:var(--sg-ink);font-size:11px}}
.sg-lane-plain{{fill:var(--sg-box);stroke:var(--sg-axis);stroke-width:1}}
.sg-lane-strong{{fill:var(--sg-subject);stroke:var(--sg-central);stroke-width:2}}
.sg-lane-ended{{fill:var(--sg-ground);stroke:var(--sg-axis);stroke-width:1}}
.sg-lane-value{{fill:var(--sg-subject);stroke:var(--sg-axis);stroke-width:1}}
.sg-undated{{stroke-dasharray:5 3}}
.sg-hatched{{fill:var(--sg-ground);stroke:var(--sg-axis);stroke-width:1;stroke-dasharray:3 3}}
.sg-hatch{{stroke:var(--sg-axis);stroke-width:1}}
.sg-known{{fill:var(--sg-limit)}}
.sg-arrow{{fill:var(--sg-quiet)}}
""".strip()


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--sg-{name}:{colour};" for name, colour in colours.items())


def _literal(colours: dict[str, str]) -> str:
    """Return the rules with the colours put in, for readers that know no custom properties."""
    return re.sub(r"var\(--sg-([a-z-]+)\)", lambda found: colours[found[1]], _RULES)


def stylesheet(*, variables: bool) -> str:
    """Return the style sheet of the pictures, dark where the reader prefers it.

    With variables, a page may set `--sg-...` itself; without, the colours stand
    in the rules, which viewers and printers of SVG files understand.
    """
    if not variables:
        return f"{_literal(LIGHT)}\n@media (prefers-color-scheme:dark){{{_literal(DARK)}}}"
    return (
        f":root{{{_variables(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}\n{_RULES}"
    )


def themed_style(light: str, dark: str) -> str:
    """Return the style sheet for a page whose reader chooses; the selectors name the choice."""
    return f"{light}{{{_variables(LIGHT)}}}\n{dark}{{{_variables(DARK)}}}\n{_RULES}"


PAGE_STYLE = stylesheet(variables=True)
"""For a page that holds pictures which do not stand alone."""

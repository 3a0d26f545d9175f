"""How someone likes to read: the language, the look, and the keys."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.web.language import language_named
from sluicegate.web.routing import Page, page
from sluicegate.web.security import CookieName, safe_path
from sluicegate.web.visit import Theme, Visit

_YEAR_SECONDS = 31_536_000


def set_preferences(visit: Visit) -> Response:
    """Keep a language, a look or the use of keys in a cookie, and lead back."""
    response = visit.redirect(safe_path(visit.text("next")))
    language = language_named(visit.text("language"))
    if language is not None:
        visit.cookies.set(response, CookieName.LANGUAGE, language.value, seconds=_YEAR_SECONDS)
        if visit.signed is not None and visit.signed.is_done:
            visit.identity.set_language(visit.signed.who, language)
    theme = next((one for one in Theme if one.value == visit.text("theme")), None)
    if theme is not None:
        visit.cookies.set(response, CookieName.THEME, theme.value, seconds=_YEAR_SECONDS)
    keys = visit.text("keys")
    if keys in ("on", "off"):
        visit.cookies.set(response, CookieName.KEYS, keys, seconds=_YEAR_SECONDS)
    return response


def show_keys(visit: Visit) -> Response:
    """Show which keys do what."""
    return visit.render("keys.html")


PAGES = (
    Page("/preferences", set_preferences, is_post=True, is_open=True),
    page("/keys", show_keys),
)

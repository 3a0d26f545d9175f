"""Fetching lists from their issuers; what fails leaves the old version in use."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sluicegate.core.problems import ProblemsError
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.kept_words import problems_sentence
from sluicegate.services.lists.importing import Imported, ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts, ListRefusedError, UnknownListError
from sluicegate.services.lists.state import current_versions
from sluicegate.services.ports.lists import (
    FetchError,
    ListFetcher,
    ListReader,
)

NOT_FETCHED = "list_not_fetched"


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How lists are fetched.

    `addresses` go before the issuer's own, such as those of a mirror; `checksum`
    is the SHA-256 that the file must have, where the list is one file.
    `accept_smaller` is as in `ImportOptions`.
    """

    addresses: tuple[str, ...] = ()
    checksum: str = ""
    accept_smaller: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What became of one list: what was taken in, or why nothing was."""

    list_id: str
    imported: Imported | None
    problem: Sentence | None = None


def fetchable(parts: ListParts, asked: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the lists to fetch: those asked for, or all in use that have an address.

    `known` are the lists that the product knows.

    Raises:
        UnknownListError: one that is asked for has no address.
    """
    if asked:
        for name in asked:
            if not parts.catalogue(name).addresses:
                having = [one for one in known if parts.catalogue(one).addresses]
                sentence = (
                    "{list}: its issuer's address is not known; import its file, or give "
                    "--address. Addresses are known of {known}."
                )
                raise UnknownListError(say(sentence, list=name, known=having))
        return list(dict.fromkeys(asked))
    used = [one.about.list_id for one in current_versions(parts.store.lists.versions())]
    return [name for name in used if parts.catalogue(name).addresses]


def fetch_list(
    parts: ListParts,
    list_id: str,
    *,
    fetch: ListFetcher,
    read: ListReader,
    options: FetchOptions | None = None,
) -> FetchOutcome:
    """Fetch a list whole, read it and take it in; a failure is written down and told."""
    chosen = options or FetchOptions()
    addresses = chosen.addresses or parts.catalogue(list_id).addresses
    with tempfile.TemporaryDirectory(prefix="sluicegate-list-") as name:
        folder = Path(name)
        try:
            fetched = [fetch(url, folder) for url in addresses]
            if chosen.checksum and [one.checksum for one in fetched] != [chosen.checksum.lower()]:
                raise FetchError(
                    say(
                        "{address}: the file has the SHA-256 {found}, not {asked}.",
                        address=addresses[0],
                        found=fetched[0].checksum,
                        asked=chosen.checksum,
                    )
                )
            taken = import_list(
                parts,
                read(fetched[0].path if len(fetched) == 1 else folder, list_id),
                ImportOptions(
                    source=addresses[0],
                    from_issuer=not chosen.addresses,
                    accept_smaller=chosen.accept_smaller,
                    dry_run=chosen.dry_run,
                ),
            )
        except (FetchError, ProblemsError, ListRefusedError) as error:
            if not chosen.dry_run:
                _write_failure(parts, list_id, error)
            return FetchOutcome(list_id, None, _told(error))
    return FetchOutcome(list_id, taken)


def _told(error: FetchError | ProblemsError | ListRefusedError) -> Sentence:
    if isinstance(error, ProblemsError):  # the folder that it was fetched into is gone
        named = [replace(one, file=Path(one.file).name) for one in error.problems]
        return problems_sentence(named)
    return error.sentence


def _write_failure(parts: ListParts, list_id: str, error: Exception) -> None:
    at = parts.clock.now()
    record = {"list": list_id, "kind": type(error).__name__}
    parts.store.act(NOT_FETCHED, record, at=at, by=parts.by, reason="the old version stays in use")

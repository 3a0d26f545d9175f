"""The forms in which values are compared: one text for all ways to write the same thing.

Each function returns an empty text for a value that says nothing of who it
belongs to: a placeholder, a city without a street, a private address, a mailbox
at a public provider's domain.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator

from anyascii import anyascii

from sluicegate.screening.linkage.policy import LinkPolicy

_WORDS = re.compile(r"[a-z0-9]+")
_FEWEST_WORDS = 3
_FEWEST_LETTERS = 12
_FEWEST_DIGITS = 7
_SHORTEST_NUMBER = 4
_FEW_SIGNS = 8
_LEI_LENGTH = 20
_IPV4_RANGE = 24
_IPV6_RANGE = 64


def plain(text: str) -> str:
    """Return a text in small Latin letters, without marks.

    >>> plain("Große Straße 5")
    'grosse strasse 5'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return folded if folded.isascii() else anyascii(folded).casefold()


def is_placeholder(text: str, policy: LinkPolicy) -> bool:
    """Say whether a text stands for nothing, such as N/A, a dash or a row of zeros."""
    bare = text.strip().casefold()
    signs = set(bare)
    is_one_sign = len(signs) < _FEW_SIGNS and sum(map(str.isalnum, signs)) < 2
    return is_one_sign or bare in policy.placeholders


def address(text: str, country: str, policy: LinkPolicy) -> str:
    """Return a postal address: its words sorted, the usual ones in one form, and the country.

    >>> from sluicegate.screening.linkage.policy import shipped_policy
    >>> address("12 Sample Street, Novgrad", "US", shipped_policy())
    '12 novgrad sample st us'
    >>> address("Novgrad", "US", shipped_policy())
    ''
    """
    words = _WORDS.findall(plain(text))
    has_number = any(sign.isdigit() for one in words for sign in one)
    is_full = len(words) >= _FEWEST_WORDS or sum(map(len, words)) >= _FEWEST_LETTERS
    if not has_number or not is_full:
        return ""
    named = {policy.address_words.get(one, one) for one in words} | {country.casefold()}
    return " ".join(sorted(named))


def telephone(text: str) -> str:
    """Return the digits of a telephone number; one too short or of one digit only is none.

    >>> telephone("+1 (202) 555-0143"), telephone("000000000")
    ('12025550143', '')
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text)).removeprefix("00")
    return digits if len(digits) >= _FEWEST_DIGITS and len(set(digits)) > 1 else ""


def email(text: str, policy: LinkPolicy) -> str:
    """Return a mailbox in small letters."""
    bare = unicodedata.normalize("NFKC", text).strip().casefold()
    box, at, host = bare.rpartition("@")
    is_named = bool(at and box and host) and not is_placeholder(box, policy)
    return bare if is_named else ""


def domain(text: str, policy: LinkPolicy) -> str:
    """Return a domain, without www; none for one at which anybody can have a mailbox.

    >>> from sluicegate.screening.linkage.policy import shipped_policy
    >>> domain("WWW.Dunmere.example.", shipped_policy()), domain("gmail.com", shipped_policy())
    ('dunmere.example', '')
    """
    host = unicodedata.normalize("NFKC", text).strip().strip(".").casefold().removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return "" if "." not in host or host in policy.mail_providers else host


def number(text: str, country: str, policy: LinkPolicy) -> str:
    """Return a number of a register with its country; a short one or a placeholder is none."""
    bare = "".join(one for one in plain(text) if one.isalnum())
    if is_placeholder(text, policy) or len(bare) < _SHORTEST_NUMBER or len(set(bare)) < 2:
        return ""
    return f"{country.casefold()}:{bare}"


def lei(text: str) -> str:
    """Return a legal entity identifier; what has not twenty letters and digits is none."""
    bare = text.strip().upper()
    return bare if len(bare) == _LEI_LENGTH and bare.isascii() and bare.isalnum() else ""


def token(text: str, policy: LinkPolicy) -> str:
    """Return what names a device or a payment instrument, as it stands."""
    bare = text.strip()
    return "" if is_placeholder(bare, policy) or len(bare) < _SHORTEST_NUMBER else bare


def account_number(text: str, policy: LinkPolicy) -> str:
    """Return what a customer pays with where it names an instrument; "card" names none.

    >>> from sluicegate.screening.linkage.policy import shipped_policy
    >>> account_number("card", shipped_policy()), account_number("card fp-3391ab", shipped_policy())
    ('', 'card fp-3391ab')
    """
    digits = sum(one.isdigit() for one in text)
    return token(plain(text), policy) if digits >= _SHORTEST_NUMBER else ""


def ip_address(text: str, policy: LinkPolicy) -> str:
    """Return a network address; none for one of a network that many share by its nature.

    >>> from sluicegate.screening.linkage.policy import shipped_policy
    >>> ip_address("203.0.113.7", shipped_policy()), ip_address("100.64.1.1", shipped_policy())
    ('203.0.113.7', '')
    """
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    place = int(found)
    is_shared = any(
        low <= place <= high
        for version, low, high in policy.shared_networks
        if version == found.version
    )
    return "" if is_shared or found.is_multicast else str(found)


def ip_range(ip: str) -> str:
    """Return the range of a network address: /24 of version 4, /64 of version 6.

    >>> ip_range("203.0.113.7"), ip_range("2001:db8::7")
    ('203.0.113.0/24', '2001:db8::/64')
    """
    if ":" not in ip:
        return f"{ip.rpartition('.')[0]}.0/{_IPV4_RANGE}"
    return str(ipaddress.ip_network(f"{ip}/{_IPV6_RANGE}", strict=False))


def name(text: str, policy: LinkPolicy) -> str:
    """Return the words of a name, sorted, without what says of what form a company is.

    >>> from sluicegate.screening.linkage.policy import shipped_policy
    >>> name("Dunmere Robotics, Inc.", shipped_policy())
    'dunmere robotics'
    """
    words = list(_words_of_name(text, policy))
    return " ".join(sorted(words))


def _words_of_name(text: str, policy: LinkPolicy) -> Iterator[str]:
    words = _WORDS.findall(plain(text).replace(".", "").replace("'", ""))
    told = [one for one in words if one not in policy.legal_forms]
    yield from told or words

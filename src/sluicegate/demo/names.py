"""Invented names, addresses and identifiers.

Names are put together from invented syllables. Mail addresses end in `.example`, telephone
numbers lie in ranges reserved for fiction, network addresses in the blocks reserved for
documentation, and legal entity identifiers begin with SYNT, which no issuer uses.
"""

from collections.abc import Callable
from itertools import count

from sluicegate.demo.draws import Draws

_OPENINGS = (
    *("Brav", "Corv", "Drell", "Eskan", "Farrow", "Glim", "Harv", "Ilv", "Jorv", "Kest"),
    *("Lorv", "Mirr", "Nalv", "Orv", "Pell", "Quor", "Resk", "Sorv", "Tavv", "Ulm"),
    *("Velq", "Wex", "Xand", "Yorv", "Zelv"),
)
_MIDDLES = (
    *("ado", "ami", "ane", "ari", "ele", "emo", "eri", "esi", "ido", "ila", "imo"),
    *("iro", "oda", "ola", "omi", "ore", "udi", "una", "uri", "ymo"),
)
_ENDINGS = ("dane", "fell", "grim", "kith", "lund", "mar", "nor", "quist", "ren", "sane", "tor")
_TRADES = (
    *("Analytics", "Biologics", "Clinics", "Compute", "Design", "Dynamics", "Freight"),
    *("Geosciences", "Imaging", "Labs", "Learning", "Logistics", "Materials", "Media"),
    *("Pharma", "Research", "Robotics", "Seeds", "Software", "Studios", "Systems", "Weather"),
)
_FORMS = {
    "US": ("Inc", "LLC"),
    "GB": ("Ltd",),
    "DE": ("GmbH",),
    "FR": ("SAS",),
    "JP": ("KK",),
    "SG": ("Pte Ltd",),
    "BR": ("Ltda",),
    "NL": ("BV",),
    "SE": ("AB",),
}
_GIVEN = (
    *("Abrin", "Belto", "Corlis", "Deshan", "Elvor", "Fenka", "Gorda", "Hestrin", "Ivelle"),
    *("Jasko", "Kelrin", "Lunvo", "Mirelk", "Nostra", "Olwen-Ka", "Pirro", "Quenby", "Rasvel"),
    *("Selka", "Torvi", "Ushane", "Vando", "Wyssa", "Yelko", "Zarrin"),
)
_STREETS = ("Sample Row", "Fiction Lane", "Specimen Street", "Mock Avenue", "Pattern Road")
_PURPOSES = (
    *("image models for quality control", "protein structure screening", "weather ensembles"),
    *("fine-tuning of open language models", "speech recognition", "render farm", "coursework"),
    *("recommendation models", "chip layout search", "translation", "seismic imaging"),
)
_TEAMS = ("research", "platform", "product", "data", "shared")
_PAYMENTS = ("bank transfer", "card", "prepaid credit", "invoice")
_ATTEMPTS = 60
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


class Names:
    """Names of one world: no two organisations and no two people share one."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._given_out: set[str] = set()

    def stem(self) -> str:
        """The first word of an organisation's name."""
        return self._new(self._word)

    def organisation(self, country: str, stem: str | None = None) -> str:
        """The name of an organisation, with a given first word or a drawn one."""
        form = self._draws.pick(_FORMS.get(country, ("Co",)))
        return self._new(lambda: f"{stem or self._word()} {self._draws.pick(_TRADES)} {form}")

    def person(self) -> str:
        """The name of a person."""
        return self._new(lambda: f"{self._draws.pick(_GIVEN)} {self._word()}")

    def place(self) -> str:
        """The name of a town or site."""
        return self._new(lambda: self._draws.pick(_OPENINGS) + self._draws.pick(_ENDINGS))

    def _word(self) -> str:
        pick = self._draws.pick
        return pick(_OPENINGS) + pick(_MIDDLES) + pick(_ENDINGS)

    def _new(self, draw: Callable[[], str]) -> str:
        """A name not given out yet; a number is added where the vocabulary runs short."""
        for attempt in count(1):
            name = draw() if attempt < _ATTEMPTS else f"{draw()} {attempt}"
            if name not in self._given_out:
                break
        self._given_out.add(name)
        return name

    def address(self, country: str) -> str:
        """A postal address that exists nowhere."""
        number, street = self._draws.whole(1, 999), self._draws.pick(_STREETS)
        return f"{number} {street}, Synthetic City {self._draws.whole(100, 999)}, {country}"

    def telephone(self) -> str:
        """A number in a range reserved for fiction."""
        return f"+1-{self._draws.whole(201, 989)}-555-01{self._draws.whole(0, 99):02d}"

    def ip_addresses(self) -> str:
        """One to three addresses of the documentation blocks, separated by semicolons."""
        draws = self._draws
        return ";".join(
            f"{draws.pick(_NETWORKS)}.{draws.whole(1, 254)}" for _ in range(draws.whole(1, 3))
        )

    def purpose(self) -> str:
        """What a customer says that the compute is for."""
        return self._draws.pick(_PURPOSES)

    def payment(self) -> str:
        """How a customer pays."""
        return self._draws.pick(_PAYMENTS)

    def team(self) -> str:
        """A team inside a customer."""
        return self._draws.pick(_TEAMS)


def email(name: str) -> str:
    """A mail address that cannot receive mail.

    >>> email("Quoranedane Labs Inc")
    'contact@quoranedane-labs-inc.example'
    """
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    return f"contact@{slug}.example"


def lei(number: int) -> str:
    """A legal entity identifier with right check digits (ISO 17442, ISO 7064 MOD 97-10).

    >>> lei(7)
    'SYNT0000000000000734'
    """
    body = f"SYNT00{number:012d}"
    digits = "".join(str(int(character, 36)) for character in body + "00")
    return f"{body}{98 - int(digits) % 97:02d}"

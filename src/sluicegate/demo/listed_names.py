"""Invented names of listed parties: people in two scripts, firms of two roots and a trade.

The syllables are others than those of customers, so that nobody is like a
listed party by chance.
"""

from dataclasses import dataclass

from sluicegate.demo.draws import Draws

_GIVEN = (
    *(("Yaroslin", "Ярослин"), ("Tikhomar", "Тихомар"), ("Velimor", "Велимор")),
    *(("Radovel", "Радовел"), ("Zhilomar", "Жиломар"), ("Mirogost", "Мирогост")),
    *(("Bogumer", "Богумер"), ("Lyubovit", "Любовит"), ("Svetogar", "Светогар")),
    *(("Dragolin", "Драголин"), ("Vsevolin", "Всеволин"), ("Kazimel", "Казимел")),
    *(("Ostrogor", "Острогор"), ("Gordimar", "Гордимар"), ("Premyslan", "Премыслан")),
    *(("Khranimar", "Хранимар"), ("Stanivor", "Станивор"), ("Tverdilo", "Твердило")),
)
_ROOTS = (
    *(("Shcheglya", "Щегля"), ("Vyshnego", "Вышнего"), ("Belozhu", "Беложу")),
    *(("Kravchu", "Кравчу"), ("Zhemchu", "Жемчу"), ("Tarkhano", "Тархано")),
    *(("Grebenyu", "Гребеню"), ("Dolgory", "Долгоры"), ("Myshkovo", "Мышково")),
    *(("Chernogu", "Черногу"), ("Polezha", "Полежа"), ("Skvorya", "Скворя")),
    *(("Khvostu", "Хвосту"), ("Yastremu", "Ястрему"), ("Prigozhe", "Пригоже")),
    *(("Lukomo", "Лукомо"), ("Sterlyu", "Стерлю"), ("Bryuzga", "Брюзга")),
)
_ENDS = (("rin", "рин"), ("zhenko", "женко"), ("vtsov", "вцов"), ("dovich", "дович"))
_FIRM_FRONTS = (
    *("Ostro", "Kamber", "Dolgor", "Halden", "Tarvi", "Zelko", "Murgan", "Bastri", "Yuvel"),
    *("Prezhin", "Gromo", "Vetlu", "Sarkhan", "Chelmo", "Rudniko", "Iskrav", "Teplo", "Nordug"),
)
_FIRM_BACKS = (
    *("velt", "mash", "stroi", "tekh", "bazar", "pribor", "khim", "sklad", "dvor", "zavod"),
    *("oblet", "gurin", "farn", "plek"),
)
_TRADES = (
    *("Marine Engineering", "Optical Glass", "Heavy Forgings", "Aviation Components"),
    *("Precision Casting", "Chemical Trading", "Turbine Works", "Signal Instruments"),
    *("Tugboat Repair", "Copper Smelting", "Bridge Building", "Crane Assembly"),
    *("Timber Export", "Vacuum Pumps"),
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in Latin letters and in Cyrillic ones."""

    given: str
    surname: str
    given_cyrillic: str
    surname_cyrillic: str

    @property
    def plain(self) -> str:
        """The name as its bearer writes it in Latin letters."""
        return f"{self.given} {self.surname}"

    @property
    def as_listed(self) -> str:
        """The name as an issuer prints it: the surname first, in capitals."""
        return f"{self.surname.upper()}, {self.given}"

    @property
    def cyrillic(self) -> str:
        """The name in Cyrillic letters, as an issuer prints it."""
        return f"{self.surname_cyrillic.upper()}, {self.given_cyrillic}"


@dataclass(frozen=True, slots=True)
class FirmName:
    """A firm's first word in its two roots, and its trade; without a legal form."""

    front: str
    back: str
    trade: str

    @property
    def word(self) -> str:
        """The first word."""
        return self.front + self.back

    @property
    def plain(self) -> str:
        """The name without a legal form."""
        return f"{self.word} {self.trade}"

    @property
    def parted(self) -> str:
        """The name with its first word written as two."""
        return f"{self.front} {self.back.capitalize()} {self.trade}"


class ListedNames:
    """Hands out names of listed parties; no two share a root, a given name or a trade."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._given = draws.shuffled(_GIVEN)
        self._roots = draws.shuffled(_ROOTS)
        self._fronts = draws.shuffled(_FIRM_FRONTS)
        self._backs = draws.shuffled(_FIRM_BACKS)
        self._trades = draws.shuffled(_TRADES)

    def person(self) -> PersonName:
        """The name of a person."""
        (given, given_cyrillic), (root, root_cyrillic) = self._given.pop(), self._roots.pop()
        end, end_cyrillic = self._draws.pick(_ENDS)
        return PersonName(given, root + end, given_cyrillic, root_cyrillic + end_cyrillic)

    def firm(self) -> FirmName:
        """The name of a firm."""
        return FirmName(self._fronts.pop(), self._backs.pop(), self._trades.pop())

    def short_name(self) -> str:
        """A word that a firm is called by, unlike its name."""
        return self._fronts.pop().upper()

    def other_given_name(self) -> str:
        """A given name that no other person bears."""
        return self._given.pop()[0]

    def other_trade(self) -> str:
        """A trade that no listed firm has."""
        return self._trades.pop()

    def other_word(self) -> str:
        """A first word that no listed firm has."""
        return self._fronts.pop() + self._backs.pop()


def slip(draws: Draws, name: str) -> str:
    """A name in which two neighbouring letters inside a word changed places.

    The first three letters and the last two of the name stay, and letters that
    are equal or stand beside a space.
    """
    places = [
        place
        for place in range(3, len(name) - 3)
        if name[place] != name[place + 1] and name[place - 1 : place + 3].isalpha()
    ]
    place = draws.pick(places)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]

"""An address that a person enters leads to the outside or is refused; every trick is tried."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.adapters.notices.addresses import METADATA, checked_address
from sluicegate.services.ports.addresses import AddressPolicy, AddressRefusedError

STRICT = AddressPolicy()
OPEN = AddressPolicy(allow_http=True, networks=("127.0.0.0/8", "10.1.0.0/16", "::1/128"))
TLS, PLAIN = "https:" + "//", "http:" + "//"
PUBLIC = "93.184.215.14"
PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


class Names:
    """A resolver that gives one answer after the other, and counts how often it is asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, name: str, port: int) -> Sequence[str]:
        self.asked.append(name)
        if not self.answers:
            raise OSError("no such name")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_a_public_name_is_resolved_once_and_leads_to_what_was_checked() -> None:
    names = Names([PUBLIC, PUBLIC_6], ["127.0.0.1"])
    found = checked_address(f"{TLS}Hooks.Example:8443/in?a=1", STRICT, resolve=names)
    assert names.asked == ["hooks.example"]
    assert (found.scheme, found.host, found.port) == ("https", "hooks.example", 8443)
    assert (found.target, found.addresses) == ("/in?a=1", (PUBLIC, PUBLIC_6))


def test_a_public_address_is_taken_as_it_is() -> None:
    for url in (f"https://{PUBLIC}", f"https://[{PUBLIC_6}]/"):
        names = Names()
        assert checked_address(url, STRICT, resolve=names).target == "/"
        assert names.asked == []


INNER = (
    *("127.0.0.1", "127.255.0.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.9.9"),
    *("192.168.1.1", "169.254.1.1", "100.64.0.1", "198.18.0.1", "192.0.0.8", "192.0.2.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "203.0.113.7"),
    *("::1", "::", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
    *("2002:7f00:1::", "2001:0:7f00:1::", "100::1", "5f00::1"),
    *sorted(map(str, METADATA)),
)


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_refused_as_such_and_behind_a_name(address: str) -> None:
    written = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefusedError):
        checked_address(f"https://{written}/", STRICT, resolve=Names())
    for answers in ([address], [PUBLIC, address], [address, PUBLIC]):
        with pytest.raises(AddressRefusedError):
            checked_address("https://rebind.example/", STRICT, resolve=Names(answers))


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.0.0.1", "127.1"),
        *("127.0.1", "0x7f.1", "127.0.0.0x1", "0", "00000", "1.2.3.4.5", "256.1.1.1", "127.0.0.01"),
        *("localhost.", "hooks.example.", "127.0.0.1.", "a..b", ".example", "-a.example"),
        *("[::1", "[::1]x", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[::ffff:7f00:1]", "[]"),
        *("ⓔxample.com", "127。0。0。1", "１２７.0.0.1", "exa mple.com", "a" * 64 + ".example"),
        *("%31%32%37.0.0.1", "localhost%00.example", "hooks.example\\@127.0.0.1"),
    ],
)
def test_an_odd_form_of_a_host_is_refused_before_any_name_is_asked(host: str) -> None:
    names = Names([PUBLIC])
    for url in (f"https://{host}/", f"https://{host}"):
        with pytest.raises(AddressRefusedError):
            checked_address(url, STRICT, resolve=names)
    assert names.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example/", "ftp://hooks.example/", "file:///etc/passwd", "gopher://a.b/"),
        *(f"{TLS}user@hooks.example/", f"{TLS}user:word@hooks.example/", "https://@a.example/"),
        *("https://hooks.example:22/", "https://hooks.example:0/", "https://hooks.example:65536/"),
        *(
            "https://hooks.example:x/",
            "https:///in",
            "https://",
            "//hooks.example/",
            "hooks.example",
        ),
        *(
            "https://hooks.example/#a",
            "https://hooks.example/\r\nHost: a",
            " https://hooks.example/",
        ),
        *(
            "https://hooks.example/\tin",
            "https:\\\\hooks.example\\",
            "",
            "https://a.example/" + "x" * 2000,
        ),
        *("HTTP://hooks.example/", "javascript:alert(1)", "data:text/plain,a"),
    ],
)
def test_a_form_that_is_not_plain_https_is_refused(url: str) -> None:
    names = Names([PUBLIC])
    with pytest.raises(AddressRefusedError):
        checked_address(url, STRICT, resolve=names)
    assert names.asked == []


def test_a_password_does_not_stand_in_the_refusal() -> None:
    with pytest.raises(AddressRefusedError) as refused:
        checked_address(f"{TLS}ana:opensesame@hooks.example/", STRICT)
    assert "opensesame" not in str(refused.value)


def test_a_name_without_an_address_is_refused() -> None:
    for names in (Names(), Names([])):
        with pytest.raises(AddressRefusedError, match="has no address"):
            checked_address("https://nowhere.example/", STRICT, resolve=names)


def test_what_a_resolver_gives_with_a_zone_or_as_nonsense_is_refused() -> None:
    for answer in ("fe80::1%eth0", "nonsense", "0x7f.1"):
        with pytest.raises(AddressRefusedError):
            checked_address("https://a.example/", STRICT, resolve=Names([answer]))


def test_a_setting_allows_its_own_networks_and_no_more() -> None:
    for url in ("http://127.0.0.1:8443/", f"{PLAIN}10.1.2.3/", "https://[::1]/"):
        assert checked_address(url, OPEN, resolve=Names()).addresses
    assert checked_address("https://inner.example/", OPEN, resolve=Names(["10.1.0.1"])).addresses
    for url in (f"{PLAIN}10.2.0.1/", "http://[::ffff:127.0.0.1]/", f"{PLAIN}192.168.0.1/"):
        with pytest.raises(AddressRefusedError):
            checked_address(url, OPEN, resolve=Names())


def test_no_setting_allows_a_metadata_service_or_a_form_that_hides_an_address() -> None:
    every = AddressPolicy(allow_http=True, networks=("0.0.0.0/0", "::/0"))
    hidden = ("0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "::ffff:169.254.169.254", "ff02::1")
    for address in (*map(str, METADATA), *hidden, "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"):
        with pytest.raises(AddressRefusedError):
            checked_address("https://a.example/", every, resolve=Names([address]))
    assert checked_address(f"{PLAIN}192.168.0.1/", every, resolve=Names()).addresses


@given(number=st.integers(0, 2**32 - 1))
def test_one_number_is_never_a_host(number: int) -> None:
    for written in (str(number), hex(number), f"0{number:o}"):
        with pytest.raises(AddressRefusedError):
            checked_address(f"https://{written}/", STRICT, resolve=Names([PUBLIC]))


@given(text=st.text(max_size=60))
def test_any_text_is_refused_or_leads_to_checked_addresses(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/", f"https://hooks.example{text}"):
        try:
            found = checked_address(url, STRICT, resolve=Names([PUBLIC]))
        except AddressRefusedError:
            continue
        assert found.scheme == "https"
        assert found.port in STRICT.ports
        assert found.host.isascii()
        assert not set(found.target) & set("\r\n\t \\")

"""Signed tokens and public keys (RFC 7515, 7517, 7519), under a fixed list of algorithms."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from sluicegate.services.ports.identity import SignedClaims, UnsoundTokenError

_ALGORITHMS: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA", "Ed25519"),
    ("RSA", None): ("RS256", "PS256"),
}
"""Kind and curve of a key → the algorithms that it may be used with; there are no others."""

ACCEPTED = frozenset(name for names in _ALGORITHMS.values() for name in names)

_PUBLIC = ("kty", "crv", "x", "y", "n", "e")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
_LEAST_RSA_BITS = 2048
_MOST_SIGNS = 16_384
_KEY_ID_SIGNS = 128


class _Registry(JWSRegistry):
    """The algorithms of the list above; EdDSA among them, which joserfc warns of by its name."""

    def get_alg(self, name: str) -> JWSAlgModel:
        """Return an algorithm of the list."""
        if name not in ACCEPTED:
            raise UnsoundTokenError(f"the algorithm {_shown(name)} is not accepted")
        return self.algorithms[name]


_REGISTRY = _Registry(strict_check_header=False)


class JoseSignatures:
    """Implements `services.ports.identity.Signatures`."""

    def public_keys(self, text: str) -> tuple[Mapping[str, Any], ...]:
        """Return the public keys in a PEM, JWK or JWKS text, as JWKs with key ids."""
        plain = text.strip()
        if plain.startswith("-----BEGIN"):
            return (public_jwk(_pem_jwk(plain)),)
        try:
            document = json.loads(plain)
        except ValueError as error:
            raise UnsoundTokenError(
                "it is no PEM, JWK or JWKS; give the text of a public key"
            ) from error
        listed = document.get("keys") if isinstance(document, dict) else None
        found = listed if isinstance(listed, list) else [document]
        keys = tuple(public_jwk(one) for one in found)
        if not keys or len({key["kid"] for key in keys}) != len(keys):
            raise UnsoundTokenError("there is no key in it, or two have one kid")
        return keys

    def unverified(self, token: str) -> Mapping[str, Any]:
        """Return the claims of a token before its signature is looked at; trust none of them."""
        _, claims = _parts(token)
        return claims

    def verified(self, token: str, keys: Sequence[Mapping[str, Any]]) -> SignedClaims:
        """Return a token's claims when one of the keys has signed it."""
        return verified(token, keys)


def verified(token: str, keys: Sequence[Mapping[str, Any]]) -> SignedClaims:
    """Return a token's claims when one of some public JWKs has signed it.

    The algorithm has to belong to the key's kind. A token that names a key id
    is tried with the keys of that id only.

    Raises:
        UnsoundTokenError: none has signed it, or the token cannot be read.
    """
    header, claims = _parts(token)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ACCEPTED:
        raise UnsoundTokenError(f"the algorithm {_shown(algorithm)} is not accepted")
    if "crit" in header or "b64" in header:
        raise UnsoundTokenError("the header asks for an extension that is not known here")
    named = header.get("kid")
    for key in keys:
        if named is not None and key.get("kid") != named:
            continue
        if algorithm in algorithms_of(key) and _has_signed(token, key):
            return SignedClaims(header, claims)
    raise UnsoundTokenError("no known key has signed it")


def signed(claims: Mapping[str, Any], key: Key, *, algorithm: str, kind: str) -> str:
    """Return claims as a token, signed with a private key."""
    header = {"alg": algorithm, "typ": kind, "kid": key.kid}
    content = json.dumps(dict(claims), ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, content, key, registry=_REGISTRY)


def public_jwk(document: Any) -> Mapping[str, Any]:
    """Return a JWK as it is kept: the public members and a key id, nothing else.

    Raises:
        UnsoundTokenError: a private key, a weak one, or one of no accepted kind.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("kty"), str):
        raise UnsoundTokenError("it is no JWK; give a JSON object with kty")
    if _PRIVATE & set(document):
        raise UnsoundTokenError("it is a private key; keep it, and give its public key")
    kept = {name: document[name] for name in _PUBLIC if name in document}
    if not algorithms_of(kept):
        raise UnsoundTokenError("its kind is not accepted; give EC P-256, Ed25519 or RSA")
    try:
        key = _imported(kept)
        bits = key.public_key.key_size if isinstance(key, RSAKey) else _LEAST_RSA_BITS
        thumbprint = key.thumbprint()
    except (JoseError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnsoundTokenError("it cannot be read; check that it was copied whole") from error
    if bits < _LEAST_RSA_BITS:
        raise UnsoundTokenError(f"it has {bits} bits; an RSA key needs {_LEAST_RSA_BITS} or more")
    named = document.get("kid")
    is_named = isinstance(named, str) and 0 < len(named) <= _KEY_ID_SIGNS
    return {**kept, "kid": named if is_named else thumbprint}


def algorithms_of(key: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the algorithms that a JWK may be used with.

    >>> algorithms_of({"kty": "oct"})
    ()
    """
    kind, curve = key.get("kty"), key.get("crv")
    if not isinstance(kind, str) or not isinstance(curve, str | None):
        return ()
    return _ALGORITHMS.get((kind, curve), ())


def _has_signed(token: str, key: Mapping[str, Any]) -> bool:
    try:
        jws.deserialize_compact(token, _imported(key), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        return False
    return True


def _imported(key: Mapping[str, Any]) -> RSAKey | ECKey | OKPKey:
    found = JWKRegistry.import_key({name: key[name] for name in _PUBLIC if name in key})
    if not isinstance(found, RSAKey | ECKey | OKPKey):
        raise UnsoundTokenError("its kind is not accepted; give EC P-256, Ed25519 or RSA")
    return found


def _pem_jwk(text: str) -> Mapping[str, Any]:
    if "PRIVATE KEY" in text:
        raise UnsoundTokenError("it is a private key; keep it, and give its public key")
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnsoundTokenError(
            "it is no public key in PEM; make one: openssl pkey -in private.pem -pubout"
        ) from error
    kinds: dict[type, type[RSAKey | ECKey | OKPKey]] = {
        RSAPublicKey: RSAKey,
        EllipticCurvePublicKey: ECKey,
        Ed25519PublicKey: OKPKey,
    }
    for native, kind in kinds.items():
        if isinstance(key, native):
            return dict(kind.import_key(text).as_dict(private=False))
    raise UnsoundTokenError("its kind is not accepted; give EC P-256, Ed25519 or RSA")


def _parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the header and the claims of a compact token as they stand."""
    if len(token) > _MOST_SIGNS:
        raise UnsoundTokenError(f"it has more than {_MOST_SIGNS} signs")
    pieces = token.split(".")
    if len(pieces) != 3 or not all(pieces):
        raise UnsoundTokenError("it is no signed token of three parts")
    return _object(pieces[0]), _object(pieces[1])


def _object(piece: str) -> Mapping[str, Any]:
    try:
        padded = piece + "=" * (-len(piece) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise UnsoundTokenError("one of its parts is no JSON in base 64") from error
    if not isinstance(found, dict):
        raise UnsoundTokenError("one of its parts is no JSON object")
    return found


def _shown(name: object) -> str:
    return name if isinstance(name, str) and name.isalnum() and len(name) <= 20 else "given"

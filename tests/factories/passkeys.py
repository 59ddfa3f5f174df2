"""A passkey as a browser makes and uses it, without a browser."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

if TYPE_CHECKING:
    from accounts.models import Resident

HOST = hashlib.sha256(b"localhost").digest()
PRESENT = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def client_data(kind: str, challenge: str) -> bytes:
    """What a browser says that it was asked, and by which website."""
    asked = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": "http://localhost"}
    return json.dumps(asked).encode()


class Device:
    """Holds the private key of one passkey."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)

    def make(self, options: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer to being asked for a new passkey."""
        challenge = options["publicKey"]["challenge"] if options else "AA"
        public = ES256.from_cryptography_key(self.private.public_key())
        key = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(HOST, PRESENT | AuthenticatorData.FLAG.AT, 0, key)
        made = AttestationObject.create("none", data, {})
        return self._answer(
            clientDataJSON=client_data("create", challenge), attestationObject=bytes(made)
        ) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def use(self, options: dict[str, Any], resident: Resident) -> dict[str, Any]:
        """The answer to being asked for the passkey, which says whose it is."""
        asked = client_data("get", options["publicKey"]["challenge"])
        data = bytes(AuthenticatorData.create(HOST, PRESENT, 1))
        signed = data + hashlib.sha256(asked).digest()
        return self._answer(
            clientDataJSON=asked,
            authenticatorData=data,
            signature=self.private.sign(signed, ec.ECDSA(SHA256())),
            userHandle=user_pk_to_url_str(resident).encode(),
        )

    def _answer(self, **response: bytes) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in response.items()},
        }


def make_passkey(
    resident: Resident, name: str = "My phone", device: Device | None = None
) -> Authenticator:
    """One that can be listed, renamed and removed, and used by who has the device."""
    credential = (device or Device()).make()
    return Authenticator.objects.create(
        user=resident,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": credential},
    )

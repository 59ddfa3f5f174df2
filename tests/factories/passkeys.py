"""A passkey as a browser makes it, without a browser."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
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


def make_passkey(resident: Resident, name: str = "My phone") -> Authenticator:
    """One that can be listed, renamed and removed; nobody has its private key."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    key = AttestedCredentialData.create(Aaguid.NONE, secrets.token_bytes(16), public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    host = hashlib.sha256(b"localhost").digest()
    made = AttestationObject.create("none", AuthenticatorData.create(host, flags, 0, key), {})
    client = {"type": "webauthn.create", "challenge": "AA", "origin": "http://localhost"}
    credential = {
        "id": websafe_encode(key.credential_id),
        "rawId": websafe_encode(key.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(bytes(made)),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    return Authenticator.objects.create(
        user=resident,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": credential},
    )

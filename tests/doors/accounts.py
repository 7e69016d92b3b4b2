"""What belongs to an account: an app, a passkey and a session, all invented."""

import json
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import webauthn
from fido2.cose import ES256
from fido2.utils import websafe_encode

from cairn.access import factors
from cairn.access.models import User

# User present, user verified, credential attached (WebAuthn, section 6.1).
FLAGS = webauthn.AuthenticatorData.FLAG(0x45)


def account_of(user: User) -> dict[str, int]:
    """An app, a passkey and a session of `user`: kind -> key."""
    passkey = Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": f"Passkey {user.username}", "credential": credential(user)},
    )
    session = UserSession.objects.create(
        user=user, ip="192.0.2.1", user_agent="", session_key=f"other-{user.username}"[:40]
    )
    return {
        "factor": factors.keep_app(user, "JBSWY3DPEHPK3PXP").pk,
        "passkey": passkey.pk,
        "session": session.pk,
    }


def credential(user: User) -> dict[str, object]:
    """A passkey as a browser registers it, with a key that nobody keeps."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = webauthn.AttestedCredentialData.create(
        webauthn.Aaguid.NONE,
        user.pk.bytes,
        ES256.from_cryptography_key(public),  # type: ignore[no-untyped-call]
    )
    made = webauthn.AuthenticatorData.create(sha256(b"localhost").digest(), FLAGS, 0, key)
    said = {"type": "webauthn.create", "challenge": "", "origin": "http://localhost"}
    name = websafe_encode(user.pk.bytes)
    attested = webauthn.AttestationObject.create("none", made, {})
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(said).encode()),
            "attestationObject": websafe_encode(bytes(attested)),
        },
        "clientExtensionResults": {},
    }

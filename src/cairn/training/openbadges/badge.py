"""A certificate as an Open Badges 3.0 credential (1EdTech), signed as VC-JWT.

Source: Open Badges Specification 3.0, "AchievementCredential" and "JSON Web Token Proof Format".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from cairn.training.openbadges import jose, statuslist
from cairn.training.openbadges.compact import Certificate

# The header of a badge allows no other `typ`.
KIND: Final = "JWT"
CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
# Kinds of ours in the vocabulary of the specification (AchievementType); "ext:" is its own way
# to name what it has no word for.
ACHIEVEMENT_TYPES: Final[Mapping[str, str]] = {
    "attendance": "ext:Attendance",
    "achievement": "CertificateOfCompletion",
    "trainer": "Certification",
    "team-member": "Membership",
    "assessor": "Certification",
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues, known by addresses instead of decentralised identifiers.

    `profile`: where its profile is read; `keys`: where its keys are, with "/" at the end;
    `status_list`: the list of `Purpose.SUSPENSION`; `page`: the check page.
    """

    name: str
    profile: str
    keys: str
    status_list: str
    page: str


@dataclass(frozen=True, slots=True)
class Achievement:
    """What was achieved. `address`: names the type of certificate; `criteria`: what it takes."""

    address: str
    name: str
    description: str
    criteria: str
    language: str


@dataclass(frozen=True, slots=True)
class Result:
    """A measured result, such as a score. `value`, `least`, `most`: as printed."""

    name: str
    value: str
    least: str
    most: str


def credential(
    certificate: Certificate,
    achievement: Achievement,
    issuer: Issuer,
    *,
    result: Result | None = None,
) -> dict[str, Any]:
    """The credential without proof. The name is in it only as `certificate.holder` has it.

    The holder's id leads to no other certificate of the same person.
    """
    number = f"{issuer.page}{certificate.number}"
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{uuid5(NAMESPACE_URL, number)}",
        "type": ["AchievementSubject"],
        "achievement": _achievement(certificate, achievement, result),
    }
    if certificate.starts is not None and certificate.ends is not None:
        subject["activityStartDate"] = _day(certificate.starts)
        subject["activityEndDate"] = _day(certificate.ends)
    if certificate.holder:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": certificate.holder,
                "identityType": "name",
            }
        ]
    if result is not None:
        subject["result"] = [
            {
                "type": ["Result"],
                "resultDescription": f"{achievement.address}#result",
                "value": result.value,
            }
        ]
    content: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": number,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": profile(issuer),
        "awardedDate": moment(certificate.issued_at),
        "validFrom": moment(certificate.valid_from),
        "credentialSubject": subject,
        "credentialStatus": statuslist.entry(certificate.status_index, issuer.status_list),
    }
    if certificate.valid_until is not None:
        content["validUntil"] = moment(certificate.valid_until)
    return content


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer's profile, as it stands in each badge and at its own address."""
    return {
        "id": issuer.profile,
        "type": ["Profile"],
        "name": issuer.name,
        "url": issuer.page,
    }


def signed(content: Mapping[str, Any], signer: jose.Signer, *, keys: str) -> str:
    """A credential as VC-JWT. `keys`: address under which each key is found by its id."""
    claims = {
        **content,
        "iss": content["issuer"]["id"],
        "jti": content["id"],
        "sub": content["credentialSubject"]["id"],
        "nbf": _seconds(content["validFrom"]),
    }
    if "validUntil" in content:
        claims["exp"] = _seconds(content["validUntil"])
    return jose.encode(claims, signer, kind=KIND, key_address=f"{keys}{signer.key_id}/")


def opened(token: str, keys: jose.Keys) -> dict[str, Any]:
    """The credential in a VC-JWT, its signature checked and its claims compared.

    Raises RuleBroken as `jose.opened`; "credential.altered" also where a claim says something
    else than the credential (specification, "Verify a Credential VC-JWT Signature").
    """
    claims = jose.opened(token, keys, kind=KIND)
    try:
        agrees = (
            claims["iss"] == claims["issuer"]["id"]
            and claims["jti"] == claims["id"]
            and claims["sub"] == claims["credentialSubject"]["id"]
            and claims["nbf"] == _seconds(claims["validFrom"])
            and claims.get("exp")
            == (_seconds(claims["validUntil"]) if "validUntil" in claims else None)
        )
    except (KeyError, TypeError, ValueError):
        agrees = False
    if not agrees:
        raise jose.altered()
    return {name: claims[name] for name in claims if name not in _CLAIMS}


def moment(when: datetime) -> str:
    """A moment with its zone, in whole seconds, as the specification wants it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_CLAIMS = frozenset({"iss", "jti", "sub", "nbf", "exp"})


def _achievement(
    certificate: Certificate, achievement: Achievement, result: Result | None
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "id": achievement.address,
        "type": ["Achievement"],
        "achievementType": ACHIEVEMENT_TYPES[certificate.kind],
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": achievement.criteria},
        "inLanguage": achievement.language,
    }
    if result is not None:
        content["resultDescription"] = [
            {
                "id": f"{achievement.address}#result",
                "type": ["ResultDescription"],
                "name": result.name,
                "resultType": "RawScore",
                "valueMin": result.least,
                "valueMax": result.most,
            }
        ]
    return content


def _day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())

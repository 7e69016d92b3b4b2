"""What Primero takes of a case and of a referral, as far as its public documentation says. Pure.

Read in the repository primeroIMS/primero, folder doc/api, pages of 2014-2023 on the API version 2:

- cases/post.md (POST /api/v2/cases): `id`, optional, made by the client, a UUID; `age`, a whole
  number; `sex`; `name`. The values "female" and "male" of `sex` stand in the examples of
  cases/post.md and cases/get.md; others are not named there, so they are left out.
- referrals/post_referrals.md (POST /api/v2/cases/referrals): `ids` of cases, `transitioned_to`, a
  user of that system, and `notes`; nothing else is used. referrals/id/post.md takes the same two
  for one case whose id stands in the address.

All other fields of a case belong to the configuration of an installation, which each knows for
itself. Who receives is a user over there, unknown here: it is left empty, to be filled in.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from cairn.referral.htcds.record import PersonRecord

SEXES: Final = frozenset({"female", "male"})
# A day of birth has ten signs; from a year alone no age follows.
_WHOLE_DAY = 10


def case(record: PersonRecord, id: UUID, today: date) -> str:
    """The body of POST /api/v2/cases, of what the record tells: see `limited_to`."""
    name = " ".join(each for each in (record.given, record.family) if each)
    data: dict[str, Any] = {"id": str(id)}
    if len(record.birth) == _WHOLE_DAY:
        born = date.fromisoformat(record.birth)
        data["age"] = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if record.sex in SEXES:
        data["sex"] = record.sex
    if name:
        data["name"] = name
    return json.dumps({"data": data}, ensure_ascii=False, indent=2) + "\n"


def referral(document: Mapping[str, Any], id: UUID) -> str:
    """The body of POST /api/v2/cases/referrals. `id`: of the case, as `case` gave it.

    The notes say what the card says: nothing that is sealed.
    """
    lines = [
        f"{name}: {document[name]}"
        for name in ("code", "need", "urgency", "purpose", "area", "language", "age_band")
        if document[name]
    ]
    lines.append(f"service: {', '.join(document['service']['kinds'])}")
    body = {"data": {"ids": [str(id)], "transitioned_to": "", "notes": "\n".join(lines)}}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"

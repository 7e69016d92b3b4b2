"""What entries of the log about identification say: the sentences of every part together."""

from django.utils.functional import Promise

from cairn.identification.wording import (
    devices,
    duty,
    htcds,
    indicators,
    intake,
    paper,
    procedures,
    profiles,
    receivers,
    rights,
    triage,
    unit_keys,
)

SENTENCES: dict[str, Promise] = {
    **devices.SENTENCES,
    **duty.SENTENCES,
    **htcds.SENTENCES,
    **indicators.SENTENCES,
    **intake.SENTENCES,
    **paper.SENTENCES,
    **profiles.SENTENCES,
    **receivers.SENTENCES,
    **rights.SENTENCES,
    **triage.SENTENCES,
    **unit_keys.SENTENCES,
    **procedures.SENTENCES,
}

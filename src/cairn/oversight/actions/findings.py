"""Alerts of the watch: raised once, brought up to date as more is found, anew after a decision."""

import logging
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q

from cairn.core.audit import Fact
from cairn.oversight.actions.alerts import raise_alert
from cairn.oversight.models import Alert
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.rules import AlertState
from cairn.vault.errors import VaultError

log = logging.getLogger(__name__)


def note_once(
    kind: AlertKind,
    *,
    window: str,
    actor_id: UUID | None = None,
    count: int = 1,
    facts: Mapping[str, Fact | list[Fact]] | None = None,
) -> bool:
    """Raise an alert, or bring it up to date; True when there was news. In a transaction.

    The same finding again changes nothing. More of it raises the count of an open alert; where
    somebody has decided about the alert already, more of it is a new alert ("... 2"), so that a
    decision never covers what came after it. Where the keys that seal an alert cannot be used,
    it is only logged, and raised when they can be used again.
    """
    latest = (
        Alert.objects.filter(Q(window=window) | Q(window__startswith=f"{window} +"))
        .filter(kind=kind, actor_id=actor_id)
        .order_by("-count", "-first_at")
        .values_list("count", "state", "window")
        .first()
    )
    if latest is not None:
        counted, state, latest_window = latest
        if count <= counted:
            return False
        window = latest_window
        if state != AlertState.OPEN:
            base, _, number = latest_window.partition(" +")
            window = f"{base} +{int(number or 1) + 1}"
    try:
        raise_alert(kind, window=window, actor_id=actor_id, count=count, facts=facts)
    except VaultError as problem:
        log.error("alert.not_kept kind=%s error=%s", kind.value, type(problem).__name__)
        return False
    return True

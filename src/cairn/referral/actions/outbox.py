"""Messages on their way: written in the transaction of what they tell of, sent after it, once.

A notice inside is put before its reader in the transaction that marks it as sent. A mail cannot
be: it is claimed first, and one whose sending was cut off by a crash is never sent again, because
it may have gone out; the notice inside is what nobody loses.
"""

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cairn.core import clock
from cairn.core.classification import Zone
from cairn.oversight.actions.alerts import tell
from cairn.oversight.outcomes import Facts, Finding, Outcome
from cairn.referral.models.outbox import MessageKind, OutboxMessage
from cairn.vault.errors import VaultError
from cairn.vault.texts import open_text, seal_text

log = logging.getLogger(__name__)

# How many messages one round sends, and how long it may take with one of them.
AT_ONCE = 200
CLAIM_FOR = timedelta(minutes=5)
# After each failure twice as long, at most six hours; about four days until a mail is given up.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 24
# The server is there and does not want this one message; everything else means that it is away.
_REFUSED = (SMTPRecipientsRefused, SMTPDataError, VaultError)


def queue(
    kind: MessageKind | str,
    dedupe_key: str,
    *,
    code: str,
    to_user: UUID | None = None,
    to_address: str = "",
    secret: str = "",
    subject_id: UUID | None = None,
    due_at: datetime | None = None,
    **facts: Any,
) -> UUID | None:
    """Write down a message; the second one with the same `dedupe_key` is none. Returns its id.

    In the caller's transaction: it is there when what it tells of is there. A NOTICE goes to
    `to_user`, a MAIL to `to_address`. `secret`: a line that stands only in the mail itself, such
    as a one-time link; it is sealed until it is sent. `facts`: codes and counts.
    """
    now = clock.now()
    message = OutboxMessage(
        kind=kind,
        dedupe_key=dedupe_key,
        code=code,
        to_user=to_user,
        sealed_to=_sealed(to_address, secret, now) if to_address else "",
        subject_id=subject_id,
        facts=facts,
        queued_at=now,
        due_at=due_at or now,
    )
    made = OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    found = OutboxMessage.objects.filter(pk=made[0].pk).exists()
    return message.pk if found else None


def tell_users(
    users: Iterable[UUID], code: str, subject_id: UUID, dedupe: str, **facts: Any
) -> int:
    """Queue a notice for each of `users` and put it before them after commit; how many there are.

    `dedupe`: what happened, so that nobody is told of it twice.
    """
    ids = [
        queue(
            MessageKind.NOTICE,
            f"{dedupe}:{user}",
            code=code,
            to_user=user,
            subject_id=subject_id,
            **facts,
        )
        for user in dict.fromkeys(users)
    ]
    waiting = [each for each in ids if each is not None]
    if waiting:
        transaction.on_commit(partial(send_notices, waiting), robust=True)
    return len(waiting)


def send_notices(ids: Iterable[UUID]) -> int:
    """Put these notices before their readers, each once; returns how many were new."""
    return sum(_put(pk) for pk in ids)


@transaction.atomic
def _put(pk: UUID) -> int:
    """One notice and its mark in one transaction, so that it is never put twice."""
    rows = OutboxMessage.objects.filter(pk=pk, done_at=None, kind=MessageKind.NOTICE)
    if not rows.update(done_at=clock.now()):
        return 0
    message = OutboxMessage.objects.get(pk=pk)
    if message.to_user is not None:
        tell([message.to_user], message.code, message.subject_id, **message.facts)
    return 1


def send_outbox(facts: Facts) -> Outcome:
    """The round that sends what waits; a mail server that is away is tried again later."""
    now = clock.now()
    notices = OutboxMessage.objects.due(now).filter(kind=MessageKind.NOTICE)
    sent = send_notices(list(notices.values_list("pk", flat=True)[:AT_ONCE]))
    given_up = _give_up_interrupted(now)
    mailed, failed = send_mails(now)
    waiting = OutboxMessage.objects.filter(done_at=None).count()
    found = Finding.FOUND if failed or given_up else Finding.WELL
    counts = {"sent": sent, "mailed": mailed, "failed": failed, "waiting": waiting}
    return Outcome(found, counts | {"given_up": given_up})


def send_mails(now: datetime) -> tuple[int, int]:
    """(sent, failed). Stops at the first sign that the server is away."""
    mails = OutboxMessage.objects.due(now).filter(kind=MessageKind.MAIL, claimed_until=None)
    ids = list(mails.values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return 0, 0
    if not getattr(settings, "MAIL", False):
        rows = OutboxMessage.objects.filter(pk__in=ids, done_at=None)
        rows.update(done_at=now, failed="no-mail", sealed_to="")
        return 0, 0
    connection, sent = get_connection(), 0
    try:
        for pk in ids:
            message = _claimed(pk, now)
            if message is None:
                continue
            problem = _mail(message, connection)
            if problem is None:
                _done(message)
                sent += 1
            elif _put_off(message, problem, now):
                return sent, 1
    finally:
        connection.close()
    return sent, 0


def _claimed(pk: UUID, now: datetime) -> OutboxMessage | None:
    """The message, ours alone; None where another worker was first. Committed before sending."""
    rows = OutboxMessage.objects.filter(pk=pk, done_at=None, claimed_until=None)
    if not rows.update(claimed_until=now + CLAIM_FOR):
        return None
    return OutboxMessage.objects.get(pk=pk)


def _mail(message: OutboxMessage, connection: Any) -> Exception | None:
    """Send it; what went wrong is returned, never raised, and holds no content."""
    try:
        to, secret = _opened(message)
        with translation.override(str(message.facts.get("language") or settings.LANGUAGE_CODE)):
            lines = [_("1 item waits."), secret or str(getattr(settings, "ADDRESS", ""))]
            mail = EmailMessage(
                subject=_("1 item waits"),
                body="\n\n".join(line for line in lines if line) + "\n",
                to=[to],
                connection=connection,
                headers={"Message-ID": f"<{message.pk}@cairn.invalid>", "Auto-Submitted": "auto"},
            )
            mail.send()
    except (OSError, SMTPException, VaultError) as problem:
        return problem
    return None


def _done(message: OutboxMessage) -> None:
    """What told whom it went to is emptied with it."""
    OutboxMessage.objects.filter(pk=message.pk).update(
        done_at=clock.now(), claimed_until=None, sealed_to="", attempts=message.attempts + 1
    )


def _put_off(message: OutboxMessage, problem: Exception, now: datetime) -> bool:
    """Write down the failure; True when the server itself seems to be away."""
    attempts = message.attempts + 1
    changes: dict[str, Any] = {"claimed_until": None, "attempts": attempts}
    is_refused = isinstance(problem, _REFUSED)
    if attempts >= MOST_ATTEMPTS or isinstance(problem, VaultError):
        changes |= {"done_at": now, "failed": "given-up", "sealed_to": ""}
    else:
        wait: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 12), LONGEST_WAIT)
        changes |= {"due_at": now + wait}
    OutboxMessage.objects.filter(pk=message.pk).update(**changes)
    log.warning("outbox.put_off error=%s", type(problem).__name__)  # no text: may hold an address
    return not is_refused


def _give_up_interrupted(now: datetime) -> int:
    """Mails whose sending was cut off: they may have gone out, so they are not sent again."""
    rows = OutboxMessage.objects.filter(kind=MessageKind.MAIL, done_at=None, claimed_until__lte=now)
    return rows.update(done_at=now, failed="interrupted", claimed_until=None, sealed_to="")


def _key(month: datetime) -> str:
    """One key for the addresses of a month; they are needed for days."""
    return f"outbox-{month:%Y-%m}"


def _sealed(address: str, secret: str, now: datetime) -> str:
    return seal_text(_key(now), json.dumps([address, secret]), Zone.PROTECTION)


def _opened(message: OutboxMessage) -> tuple[str, str]:
    address, secret = json.loads(
        open_text(_key(message.queued_at), message.sealed_to, Zone.PROTECTION)
    )
    return address, secret

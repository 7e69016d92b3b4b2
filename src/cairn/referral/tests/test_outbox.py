"""Messages: put once, sent once, tried again while the mail is away, and without content."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from pytest_django import Settings

from cairn.core import clock
from cairn.oversight.models import Notice
from cairn.oversight.outcomes import Finding
from cairn.referral.actions import outbox
from cairn.referral.actions.outbox import queue, send_mails, send_outbox, tell_users
from cairn.referral.models import OutboxMessage
from cairn.referral.models.outbox import MessageKind
from cairn.referral.tests.protocols_made import service
from cairn.referral.tests.referrals_made import referred, sides

pytestmark = pytest.mark.django_db
TO = "zarquil@clinic.example.org"
LINK = "https://cairn.example.org/x/vexomarnic"


class Mailer(EmailBackend):
    """A mail server that fails with what stands here, once for each."""

    problems: list[Exception] = []

    def send_messages(self, messages: Any) -> int:
        if Mailer.problems:
            raise Mailer.problems.pop(0)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def mailing(settings: Settings) -> None:
    settings.MAIL = True
    settings.ADDRESS = "https://cairn.example.org"
    settings.EMAIL_BACKEND = f"{__name__}.Mailer"
    Mailer.problems = []


def mailed(key: str = "one", **more: Any) -> OutboxMessage:
    pk = queue(MessageKind.MAIL, key, code="service-asked", to_address=TO, **more)
    assert pk is not None
    return OutboxMessage.objects.get(pk=pk)


def test_a_mail_says_that_something_waits_and_nothing_else() -> None:
    mailed(secret=LINK)
    mailed("two")
    assert send_outbox({}).facts["mailed"] == 2
    first, second = mail.outbox
    assert isinstance(first, EmailMessage)
    assert (first.to, first.subject) == ([TO], "1 item waits")
    assert first.body == f"1 item waits.\n\n{LINK}\n"
    assert second.body == "1 item waits.\n\nhttps://cairn.example.org\n"


def test_address_and_link_lie_sealed_and_are_emptied_with_the_sending() -> None:
    message = mailed(secret=LINK)
    assert "zarquil" not in message.sealed_to
    assert "vexomarnic" not in str(vars(message))
    send_outbox({})
    message.refresh_from_db()
    assert (message.sealed_to, message.failed, message.attempts) == ("", "", 1)
    assert message.done_at is not None


def test_the_same_message_twice_is_one() -> None:
    assert queue(MessageKind.MAIL, "same", code="x", to_address=TO) is not None
    assert queue(MessageKind.MAIL, "same", code="x", to_address=TO) is None
    assert send_outbox({}).facts["mailed"] == 1
    assert send_outbox({}).facts["mailed"] == 0
    assert len(mail.outbox) == 1


def test_while_the_server_is_away_nothing_is_lost_and_each_try_waits_longer() -> None:
    for key in ("one", "two", "three"):
        mailed(key)
    Mailer.problems = [ConnectionRefusedError(), SMTPServerDisconnected("gone")]
    now, waits = clock.now(), []
    for _time in range(2):
        # The first failure ends the round: the others are not tried in vain.
        assert send_mails(now) == (0, 1)
        waits.append(_waiting(now))
        now += timedelta(minutes=5)
    assert waits == [1, 1]
    assert send_mails(now + timedelta(hours=1)) == (3, 0)
    assert len(mail.outbox) == 3
    assert not OutboxMessage.objects.filter(done_at=None).exists()


def _waiting(now: Any) -> int:
    return OutboxMessage.objects.filter(attempts=1, done_at=None, due_at__gt=now).count()


def test_the_wait_doubles_up_to_six_hours_and_then_it_is_given_up() -> None:
    message, now, waits = mailed(), clock.now(), []
    for _time in range(outbox.MOST_ATTEMPTS):
        Mailer.problems = [OSError()]
        send_mails(now)
        message.refresh_from_db()
        waits.append(message.due_at - now)
        now = max(now, message.due_at)
    assert waits[:4] == [timedelta(minutes=each) for each in (1, 2, 4, 8)]
    assert max(waits) == outbox.LONGEST_WAIT
    assert (message.failed, message.sealed_to) == ("given-up", "")


def test_one_refused_address_does_not_hold_up_the_others() -> None:
    mailed("bad")
    mailed("good")
    Mailer.problems = [SMTPRecipientsRefused({})]
    assert send_mails(clock.now()) == (1, 0)


def test_a_mail_whose_sending_was_cut_off_is_never_sent_again() -> None:
    message = mailed()
    OutboxMessage.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    outcome = send_outbox({})
    message.refresh_from_db()
    assert (outcome.finding, message.failed) == (Finding.FOUND, "interrupted")
    assert mail.outbox == []


def test_a_mail_that_another_worker_is_sending_is_left_to_it() -> None:
    mailed()
    OutboxMessage.objects.update(claimed_until=clock.now() + timedelta(minutes=1))
    assert send_outbox({}).facts["mailed"] == 0
    assert OutboxMessage.objects.filter(done_at=None).count() == 1


def test_without_mail_nothing_waits_for_ever(settings: Settings) -> None:
    settings.MAIL = False
    message = mailed()
    assert send_outbox({}).finding is Finding.WELL
    message.refresh_from_db()
    assert (message.failed, message.sealed_to) == ("no-mail", "")


def test_notices_come_after_commit_and_once(django_capture_on_commit_callbacks: Any) -> None:
    user, subject = uuid4(), uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        assert tell_users([user, user], "referral.arrived", subject, "e1", pseudonym="K7Q-M2R") == 1
        assert not Notice.objects.exists()
    assert Notice.objects.get().facts == {"pseudonym": "K7Q-M2R"}
    # The round comes later and finds nothing more to do, also when the same is told again.
    tell_users([user], "referral.arrived", subject, "e1")
    assert send_outbox({}).facts["sent"] == 0
    assert Notice.objects.count() == 1


def test_what_is_not_committed_is_not_told() -> None:
    with transaction.atomic():
        tell_users([uuid4()], "referral.arrived", uuid4(), "e1")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_a_service_with_a_work_address_gets_one_mail_without_content() -> None:
    at = sides()
    object.__setattr__(at, "service", service(email=TO, name="Invented mailed help"))
    made = referred(at)
    assert [message.to for message in mail.outbox] == [[TO]]
    assert made.code not in mail.outbox[0].body
    assert "Invented" not in f"{mail.outbox[0].subject} {mail.outbox[0].body}"

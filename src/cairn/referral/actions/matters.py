"""Claims before an authority: not to be punished, and to be compensated."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.referral.actions.rows import edited, numbered
from cairn.referral.models.plans import Matter, MatterStep
from cairn.referral.rules import matters as rules
from cairn.referral.rules.plans import MatterKind, MatterState, check_matter_move


@transaction.atomic
def note_matter(
    actor: Actor,
    code: str,
    kind: MatterKind,
    *,
    acts: str,
    link: str = "",
    forum: str = "",
    due_on: date | None = None,
    noticed_on: date | None = None,
) -> Matter:
    """Note that the person is accused of, or lost, something because of having been trafficked.

    `acts`: what; `link`: how it comes from that. Both are sealed. Nothing here asks whether the
    person works with the police. Raises Person.DoesNotExist, PermissionDenied, RuleBroken
    ("matter.words", "matter.day", "person.is-closed").
    """
    person, by = edited(actor, code)
    today = timezone.localdate(clock.now())
    rules.check_words(acts)
    happened_on = rules.check_day(noticed_on or today, None, today)
    made = Matter(
        **numbered(person, "m", Matter, by),
        kind=kind,
        forum=forum.strip(),
        due_on=due_on,
        acts=acts.strip(),
        link=link.strip(),
    )
    made.save(force_insert=True)
    MatterStep(
        **numbered(person, "ms", MatterStep, by),
        matter=made,
        after=MatterState.NOTICED,
        happened_on=happened_on,
    ).save(force_insert=True)
    audit.record(actor, "matter.noticed", person, number=made.number, kind=kind.value)
    return made


@transaction.atomic
def move_matter(
    actor: Actor,
    code: str,
    number: int,
    to: MatterState,
    *,
    happened_on: date,
    forum: str = "",
    due_on: date | None = None,
    reason: str = "",
) -> Matter:
    """Take a claim one step further. `reason`: of a refusal, sealed; `due_on`: the next term.

    Raises Person.DoesNotExist, Matter.DoesNotExist, PermissionDenied, RuleBroken ("matter.move",
    "matter.day", "matter.forum", "matter.reason", "person.is-closed").
    """
    person, by = edited(actor, code)
    matter: Matter = Matter.objects.select_for_update().get(person=person, number=number)
    before = MatterState(matter.state)
    check_matter_move(before, to)
    last = matter.steps.order_by("-number").values_list("happened_on", flat=True).first()
    rules.check_day(happened_on, last, timezone.localdate(clock.now()))
    matter.forum = forum.strip() or matter.forum
    rules.check_forum(to, matter.forum)
    rules.check_reason(to, reason)
    matter.state, matter.due_on = to, due_on
    matter.save(update_fields=["state", "forum", "due_on"])
    MatterStep(
        **numbered(person, "ms", MatterStep, by),
        matter=matter,
        before=before,
        after=to,
        happened_on=happened_on,
        reason=reason.strip(),
    ).save(force_insert=True)
    audit.record(actor, "matter.moved", person, number=number, before=before.value, after=to.value)
    return matter

"""Protocols: no valid protocol, no sharing; every party signs the same words."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.models import Notice
from cairn.referral.actions.protocols import (
    change_protocol,
    digest_of,
    draft_protocol,
    end_protocol,
    note_paper_signature,
    sign_protocol,
)
from cairn.referral.models import Protocol, Signature
from cairn.referral.queries.protocols import (
    Filters,
    ending,
    in_force,
    parties,
    partners_in_force,
    protocols,
    to_sign,
)
from cairn.referral.queries.referrals_clearing import grounds as referral_grounds
from cairn.referral.queries.routing import ranked
from cairn.referral.queries.sharing import grounds as share_grounds
from cairn.referral.rules.protocols import ProtocolState as State
from cairn.referral.rules.protocols import Standing
from cairn.referral.rules.routing import Reason, Wish
from cairn.referral.tests.factories import actor_of, person, provider
from cairn.referral.tests.protocols_made import (
    TEXT,
    agreed,
    both,
    editor,
    other,
    service,
    terms,
)

DAY = timedelta(days=1)


@pytest.mark.django_db
def test_nothing_is_in_force_until_every_party_has_signed() -> None:
    own, partner = both()
    today = timezone.localdate()
    made = draft_protocol(own, organisation(), terms())
    pair = (organisation().pk, other().pk)
    assert in_force(*pair, "health", today, country="NPL") is None
    sign_protocol(own, made.code, organisation().pk)
    assert in_force(*pair, "health", today, country="NPL") is None
    assert Notice.objects.filter(code="protocol.waits").values_list("user_id", flat=True).get() == (
        partner.user_id
    )
    sign_protocol(partner, made.code, other().pk)
    found = in_force(*pair, "health", today, country="NPL")
    assert found is not None
    assert found.code == made.code
    assert found.signed_on == today
    assert in_force(pair[1], pair[0], "health", today, country="NPL") == found
    codes = list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))
    assert codes == ["protocol.drafted", "protocol.signed", "protocol.signed", "protocol.agreed"]


@pytest.mark.django_db
def test_a_protocol_is_in_force_for_its_purposes_parties_days_and_country() -> None:
    made = agreed(both(), country="NPL")
    pair = (organisation().pk, other().pk)
    assert in_force(*pair, "health", made.ends_on, country="NPL") == made
    assert in_force(*pair, "health", made.ends_on, country="KEN") is None
    assert in_force(*pair, "health", made.ends_on + DAY, country="NPL") is None
    assert in_force(*pair, "health", made.starts_on - DAY, country="NPL") is None
    assert in_force(*pair, "legal-aid", made.ends_on, country="NPL") is None
    stranger = organisation("Third Invented Agency")
    assert in_force(organisation().pk, stranger.pk, "health", made.ends_on, country="NPL") is None
    partners = partners_in_force(organisation().pk, "health", made.ends_on, country="NPL")
    assert partners == {other().pk}
    assert partners_in_force(stranger.pk, "health", made.ends_on, country="NPL") == frozenset()
    assert (
        partners_in_force(organisation().pk, "health", made.ends_on + DAY, country="NPL")
        == frozenset()
    )


@pytest.mark.django_db
def test_any_party_ends_a_protocol_and_nothing_is_shared_from_that_day_on() -> None:
    signers = both()
    made = agreed(signers)
    today = timezone.localdate()
    later = today + 10 * DAY
    end_protocol(signers[1], made.code, on=later, reason="Invented reason")
    pair = (organisation().pk, other().pk)
    assert in_force(*pair, "health", later - DAY, country="NPL") is not None
    assert in_force(*pair, "health", later, country="NPL") is None
    end_protocol(signers[0], made.code, on=today, reason="Sooner, for an invented reason")
    assert in_force(*pair, "health", today, country="NPL") is None
    made.refresh_from_db()
    assert (made.state, made.ended_on) == (State.ENDED, today)
    with pytest.raises(RuleBroken, match="over already"):
        end_protocol(signers[0], made.code, on=today, reason="Again")


@pytest.mark.django_db
def test_a_later_version_takes_the_place_of_the_one_before_when_all_have_signed() -> None:
    signers = both()
    old = agreed(signers)
    today = timezone.localdate()
    starts = today + 5 * DAY
    narrower = terms(starts_on=starts, categories=("need",))
    new = draft_protocol(signers[0], organisation(), narrower, replaces=old.code)
    assert new.version == 2
    with pytest.raises(RuleBroken, match="place already"):
        draft_protocol(signers[0], organisation(), narrower, replaces=old.code)
    pair = (organisation().pk, other().pk)
    sign_protocol(signers[0], new.code, organisation().pk)
    assert in_force(*pair, "health", starts, country="NPL") == old
    sign_protocol(signers[1], new.code, other().pk)
    assert in_force(*pair, "health", starts - DAY, country="NPL") == old
    assert in_force(*pair, "health", starts, country="NPL") == new
    old.refresh_from_db()
    assert old.standing(starts - DAY) is Standing.IN_FORCE
    assert old.standing(starts) is Standing.ENDED


@pytest.mark.django_db
def test_a_draft_that_was_given_up_makes_room_for_another() -> None:
    signers = both()
    old = agreed(signers)
    first = draft_protocol(signers[0], organisation(), terms(), replaces=old.code)
    end_protocol(signers[0], first.code, on=timezone.localdate(), reason="A mistake")
    second = draft_protocol(signers[0], organisation(), terms(), replaces=old.code)
    assert second.version == 2
    with pytest.raises(RuleBroken, match="does not wait"):
        sign_protocol(signers[0], first.code, organisation().pk)


@pytest.mark.django_db
def test_a_draft_changes_until_the_first_signature() -> None:
    own, _partner = both()
    made = draft_protocol(own, organisation(), terms())
    third = organisation("Third Invented Agency")
    wanted = terms(title="Changed", parties=(organisation(), other(), third))
    change_protocol(own, made.code, wanted)
    made.refresh_from_db()
    assert made.title == "Changed"
    assert set(made.parties.all()) == {organisation(), other(), third}
    sign_protocol(own, made.code, organisation().pk)
    with pytest.raises(RuleBroken) as refused:
        change_protocol(own, made.code, terms())
    assert refused.value.code == "protocol.signed"
    assert refused.value.remedy


@pytest.mark.django_db
def test_words_that_were_altered_behind_the_signature_are_not_signed_by_the_next() -> None:
    own, partner = both()
    made = draft_protocol(own, organisation(), terms())
    sign_protocol(own, made.code, organisation().pk)
    Protocol.objects.filter(pk=made.pk).update(categories=["account", "identity"])
    with pytest.raises(RuleBroken) as refused:
        sign_protocol(partner, made.code, other().pk)
    assert refused.value.code == "protocol.words"


@pytest.mark.django_db
def test_a_protocol_that_ran_out_before_all_had_signed_is_not_signed() -> None:
    own, partner = both()
    made = draft_protocol(own, organisation(), terms())
    sign_protocol(own, made.code, organisation().pk)
    yesterday = timezone.localdate() - DAY
    Protocol.objects.filter(pk=made.pk).update(starts_on=yesterday, ends_on=yesterday)
    with pytest.raises(RuleBroken) as refused:
        sign_protocol(partner, made.code, other().pk)
    assert refused.value.code == "protocol.days"


@pytest.mark.django_db
def test_a_party_without_an_account_signs_on_paper_before_two_people() -> None:
    own = editor("editor-own")
    colleague = editor("editor-colleague")
    police = organisation("Invented Police")
    made = draft_protocol(own, organisation(), terms(parties=(organisation(), police)))
    today = timezone.localdate()
    sign_protocol(own, made.code, organisation().pk)
    with pytest.raises(RuleBroken) as refused:
        note_paper_signature(own, made.code, police.pk, signed_on=today, paper="Shelf 1")
    assert refused.value.code == "protocol.second-person"
    with pytest.raises(RuleBroken) as refused:
        note_paper_signature(colleague, made.code, police.pk, signed_on=today + DAY, paper="Shelf")
    assert refused.value.code == "protocol.signed-on"
    done = note_paper_signature(colleague, made.code, police.pk, signed_on=today, paper="Shelf 1")
    assert done.state == State.SIGNED
    assert in_force(organisation().pk, police.pk, "health", today, country="NPL") == made


@pytest.mark.django_db
def test_nobody_notes_paper_for_a_party_that_signs_here() -> None:
    own, _partner = both()
    colleague = editor("editor-colleague")
    made = draft_protocol(own, organisation(), terms())
    with pytest.raises(RuleBroken) as refused:
        note_paper_signature(
            colleague, made.code, other().pk, signed_on=timezone.localdate(), paper="Shelf 1"
        )
    assert refused.value.code == "protocol.signs-here"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["service-provider", "case-supervisor", "referral-focal-point"])
def test_who_may_look_and_not_sign(role: str) -> None:
    own, _partner = both()
    made = draft_protocol(own, organisation(), terms())
    looking = actor_of(user_with_role(role))
    assert Protocol.objects.visible_to(looking).get() == made
    acts: tuple[Callable[[], object], ...] = (
        lambda: sign_protocol(looking, made.code, organisation().pk),
        lambda: change_protocol(looking, made.code, terms()),
        lambda: end_protocol(looking, made.code, on=made.ends_on, reason="Invented"),
        lambda: draft_protocol(looking, organisation(), terms()),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert not Signature.objects.exists()


@pytest.mark.django_db
def test_nobody_signs_for_another_organisation_or_from_a_narrower_place() -> None:
    own, partner = both()
    made = draft_protocol(own, organisation(), terms())
    with pytest.raises(PermissionDenied):
        sign_protocol(own, made.code, other().pk)
    with pytest.raises(PermissionDenied):
        sign_protocol(partner, made.code, organisation().pk)
    in_one_country = editor("editor-npl", country="NPL")
    with pytest.raises(PermissionDenied):
        sign_protocol(in_one_country, made.code, organisation().pk)
    for_npl = draft_protocol(own, organisation(), terms(country="NPL"))
    sign_protocol(in_one_country, for_npl.code, organisation().pk)


@pytest.mark.django_db
def test_who_is_no_party_does_not_see_it() -> None:
    own, _partner = both()
    made = draft_protocol(own, organisation(), terms())
    stranger = editor("stranger", at=organisation("Third Invented Agency"))
    assert not Protocol.objects.visible_to(stranger).exists()
    with pytest.raises(Protocol.DoesNotExist):
        sign_protocol(stranger, made.code, organisation().pk)


@pytest.mark.django_db
def test_signatures_are_never_changed_nor_removed() -> None:
    agreed(both())
    signature = Signature.objects.first()
    assert signature is not None
    for act in (
        signature.save,
        signature.delete,
        Signature.objects.all().delete,
        lambda: Signature.objects.update(paper="x"),
    ):
        with pytest.raises(TypeError):
            act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": date(2020, 1, 1)}, "protocol.days"),
        ({"parties": ()}, "protocol.parties"),
        ({"text": "short"}, "protocol.text"),
    ],
)
def test_a_draft_that_could_not_hold_is_not_kept(changes: dict[str, Any], code: str) -> None:
    own, _partner = both()
    with pytest.raises(RuleBroken) as refused:
        draft_protocol(own, organisation(), terms(**changes))
    assert refused.value.code == code
    assert not Protocol.objects.exists()
    assert not AuditEntry.objects.filter(code="protocol.drafted").exists()


@pytest.mark.django_db
def test_what_waits_is_told_to_those_who_sign() -> None:
    own, partner = both()
    today = timezone.localdate()
    made = draft_protocol(own, organisation(), terms(ends_on=today + 20 * DAY))
    assert [list(to_sign(each)) for each in (own, partner)] == [[made], [made]]
    sign_protocol(own, made.code, organisation().pk)
    assert [list(to_sign(each)) for each in (own, partner)] == [[], [made]]
    sign_protocol(partner, made.code, other().pk)
    assert list(to_sign(own)) == []
    assert list(ending(own, today)) == list(ending(partner, today)) == [made]
    assert list(ending(own, today - 11 * DAY)) == []
    assert list(ending(provider(), today)) == []
    draft_protocol(own, organisation(), terms(starts_on=made.ends_on), replaces=made.code)
    assert list(ending(own, today)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("standing", Standing)
def test_the_list_is_narrowed_to_how_protocols_stand(standing: Standing) -> None:
    own, partner = both()
    today = timezone.localdate()
    made = {
        Standing.DRAFT: draft_protocol(own, organisation(), terms()),
        Standing.IN_FORCE: agreed((own, partner)),
        Standing.TO_COME: agreed((own, partner), starts_on=today + DAY),
        Standing.EXPIRED: agreed((own, partner)),
        Standing.ENDED: agreed((own, partner)),
    }
    end_protocol(own, made[Standing.ENDED].code, on=today, reason="Invented reason")
    Protocol.objects.filter(pk=made[Standing.EXPIRED].pk).update(
        starts_on=today - 9 * DAY, ends_on=today - DAY
    )
    found = protocols(own, Filters(standing=standing), today)
    assert [each.code for each in found] == [made[standing].code]
    assert [each.standing(today) for each in found] == [standing]
    assert len(protocols(own, Filters(words="other invented"), today)) == len(Standing)
    assert not protocols(own, Filters(purpose="return"), today)


@pytest.mark.django_db
def test_parties_know_who_has_signed_and_who_may() -> None:
    own, partner = both()
    police = organisation("Zz Invented Police")
    made = draft_protocol(own, organisation(), terms(parties=(organisation(), other(), police)))
    sign_protocol(own, made.code, organisation().pk)
    first, second, third = parties(partner, made)
    assert (first.signature is not None, first.may_sign) == (True, False)
    assert (second.may_sign, second.may_note) == (True, False)
    # The partner does not keep the protocol, so it notes nothing for others.
    assert (third.signs_here, third.may_note) == (False, False)
    colleague = editor("editor-colleague")
    assert parties(colleague, made)[2].may_note
    assert not parties(own, made)[2].may_note  # has signed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another invented protocol"},
        {"text": TEXT + " And not on paper."},
        {"categories": ("need",)},
        {"purposes": ("health",)},
        {"starts_on": date(2026, 12, 24), "ends_on": date(2027, 12, 24)},
        {"ends_on": date(2027, 12, 24)},
        {"country": "NPL"},
        {"parties": "three"},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_every_term_is_part_of_what_is_signed(changes: dict[str, Any]) -> None:
    own, _partner = both()
    made = draft_protocol(own, organisation(), terms())
    before = digest_of(made)
    if "parties" in changes:
        changes = {"parties": (organisation(), other(), organisation("Third Invented Agency"))}
    change_protocol(own, made.code, terms(**changes))
    assert digest_of(Protocol.objects.get(pk=made.pk)) != before


@pytest.mark.django_db
def test_a_protocol_of_another_country_clears_nothing_for_whoever_asks() -> None:
    """Referral, share and routing ask for the country of the person."""
    agreed(both(), country="KEN", purposes=("health",))
    worker, today = provider(), timezone.localdate()
    made, help_there = person(worker), service()
    wish = Wish(need="health", age_band="adult", country=made.country, purpose="health")

    def answers() -> tuple[object, object, set[Reason]]:
        found = ranked(worker, made, wish, timezone.now())
        told = [each.reasons for each in found.offered] + [each.reasons for each in found.left_out]
        reasons = {reason for each in told for reason in each}
        return (
            referral_grounds(made, help_there, "health", today).protocol,
            share_grounds(made, other().pk, "health", today).protocol,
            reasons & {Reason.NO_PROTOCOL},
        )

    assert answers() == (None, None, {Reason.NO_PROTOCOL})
    Protocol.objects.update(country=made.country)
    one = Protocol.objects.get()
    assert answers() == (one, one, set())

"""Editions of signs: drafts, two persons, files, what phones get and what the desk explains."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.identification.actions import indicators as actions
from cairn.identification.actions.indicators import SignsRefused
from cairn.identification.indicatorbank import lists
from cairn.identification.indicatorbank.delphi import Pattern
from cairn.identification.indicatorbank.lists import SignRow, shipped
from cairn.identification.models import Indicator, IndicatorEdition
from cairn.identification.queries import indicators as queries
from cairn.identification.queries import indicators_pages as pages
from cairn.identification.rules import indicators as rules
from cairn.identification.rules.indicators import EditionState


def actor_of(user: User) -> Actor:
    return actor_for(user, today=timezone.localdate())


def authority(name: str = "") -> Actor:
    return actor_of(user_with_role("identification-authority", name=name))


def draft(actor: Actor, code: str = "2026-7") -> IndicatorEdition:
    return actions.make_edition(actor, code, source="Invented lists")


@pytest.mark.parametrize("code", ["", "2026", "2026-0", "26-1", "2026-1000", "2026-1 "])
def test_an_edition_is_named_by_year_and_number(code: str) -> None:
    with pytest.raises(RuleBroken):
        rules.check_code(code)


def test_an_edition_moves_forwards_only() -> None:
    for now in EditionState:
        for to in EditionState:
            if to in rules.MOVES[now]:
                rules.check_move(now, to)
            else:
                with pytest.raises(RuleBroken):
                    rules.check_move(now, to)


def test_a_phone_shows_no_more_signs_than_can_be_gone_through() -> None:
    rules.check_shown({("mine", "police"): 12}, most=12)
    for count, code in ((13, "edition.too-many"), (0, "edition.too-few")):
        with pytest.raises(RuleBroken) as refused:
            rules.check_shown({("mine", "police"): count}, most=12)
        assert refused.value.code == code
        assert "Mine or quarry" in refused.value.message


def test_two_lists_are_compared_sign_by_sign() -> None:
    one, two, three = (SignRow(code, "field", "act", texts={"en": code}) for code in "abc")
    changed = SignRow("b", "field", "act", texts={"en": "other"}, settings=("mine",))
    found = pages.compare([one, two], [changed, three])
    assert [(each.code, each.what, each.fields) for each in found] == [
        ("b", "changed", ("settings", "texts")),
        ("c", "added", ()),
        ("a", "removed", ()),
    ]


@pytest.mark.django_db
def test_without_any_edition_phones_get_the_one_that_is_shipped() -> None:
    edition = queries.edition_in_force()
    given = queries.pack(edition, "ar")
    assert given["edition"] == lists.SHIPPED
    assert queries.known_editions({lists.SHIPPED, "2020-1"}) == {lists.SHIPPED}
    first = given["signs"][0]
    assert first["code"] == "danger-now"
    assert first["text"] == shipped()[0].texts["ar"]
    assert not any(key in first for key in ("adult", "child", "weight"))
    assert set(given["bands"]) == {"none", "unclear", "concern"}


@pytest.mark.django_db
def test_whoever_wrote_in_an_edition_does_not_publish_it() -> None:
    author, second, reader = authority("author"), authority("second"), authority("reader")
    draft(author)
    actions.change_sign(
        second,
        "2026-7",
        "no-pay",
        texts={"en": "No pay at all", "sw": "Hakuna malipo", "fr": " "},
        nexts={},
        settings=["mine", "workplace"],
        profiles=[],
        is_asked=True,
    )
    for writer in (author, second):
        with pytest.raises(RuleBroken) as refused:
            actions.publish_edition(writer, "2026-7")
        assert refused.value.code == "edition.second-person"
    assert queries.edition_in_force().code == lists.SHIPPED
    assert queries.known_editions({"2026-7"}) == set()
    actions.publish_edition(reader, "2026-7")
    assert queries.edition_in_force().code == "2026-7"
    assert queries.known_editions({"2026-7"}) == {"2026-7"}
    sign = next(
        each
        for each in queries.pack(queries.edition_in_force(), "sw")["signs"]
        if each["code"] == "no-pay"
    )
    assert (sign["text"], sign["settings"]) == ("Hakuna malipo", ["mine", "workplace"])
    with pytest.raises(RuleBroken) as refused:
        actions.replace_signs(author, "2026-7", list(shipped()))
    assert refused.value.code == "edition.is-not-draft"


@pytest.mark.django_db
def test_the_edition_before_holds_again_when_one_is_withdrawn_and_the_last_one_stays() -> None:
    author, reader = authority("author"), authority("reader")
    actions.load_shipped(reader)
    assert actions.load_shipped(author).indicators.count() == len(shipped())
    draft(author)
    actions.publish_edition(reader, "2026-7")
    actions.withdraw_edition(author, "2026-7")
    assert queries.edition_in_force().code == lists.SHIPPED
    assert queries.edition_called("2026-7").signs == shipped()
    with pytest.raises(RuleBroken) as refused:
        actions.withdraw_edition(author, lists.SHIPPED)
    assert refused.value.code == "edition.last"


@pytest.mark.django_db
def test_a_code_never_stands_for_another_sign() -> None:
    author = authority()
    draft(author)
    other = [SignRow("no-pay", "field", "act", texts={"en": "Something else"})]
    with pytest.raises(SignsRefused) as refused:
        actions.replace_signs(author, "2026-7", other)
    assert "no-pay" in refused.value.flaws[0].message
    assert Indicator.objects.filter(edition__code="2026-7").count() == len(shipped())


@pytest.mark.django_db
def test_only_those_who_keep_editions_write_in_them() -> None:
    draft(authority())
    trainer = actor_of(user_with_role("trainer"))
    with pytest.raises(PermissionDenied):
        actions.publish_edition(trainer, "2026-7")
    with pytest.raises(IndicatorEdition.DoesNotExist):
        actions.withdraw_edition(actor_of(user_with_role("donor")), "2026-7")


@pytest.mark.django_db
def test_the_desk_reads_what_was_seen_by_the_printed_rule_and_says_what_is_asked_next() -> None:
    seen = {
        "hours-without-rest": "yes",
        "no-pay": "yes",
        "documents-with-others": "yes",
        "debt-to-employer": "yes",
        "knows-not-where": "unknown",
        "one-speaks-for-many": "yes",
        "unheard-of": "yes",
    }
    found = queries.explain(seen, "adult", lists.SHIPPED, "en")
    assert found.guidance.band == "concern"
    positive = {each.code.value for each in found.dimensions if each.is_positive}
    assert positive == {"exploitation", "coercion-destination"}
    assert found.pattern is Pattern.COERCED_LABOUR
    assert [each.answer_label for each in found.signs][:1] == ["Seen"]
    assert found.signs[-1].text == "unheard-of"
    assert any("not in this list" in sentence for sentence, _signs in found.why)
    nearer = queries.explain(
        {"no-pay": "yes"}, "adult", lists.SHIPPED, "en", setting="mine", profile="police"
    )
    assert nearer.guidance.band == "unclear"
    assert "Guards, locked doors or fines keep people from leaving" in nearer.asked
    assert not any("operation" in words for words in nearer.asked)
    child = queries.explain(seen, "maybe-child", lists.SHIPPED, "fr")
    assert child.pattern is Pattern.CHILD_MOVED_AND_EXPLOITED
    assert child.asked == ()
    nothing = queries.explain({"fled-conflict": "yes"}, "adult", lists.SHIPPED, "ar")
    assert (nothing.guidance.band, nothing.pattern) == ("none", Pattern.INCOMPLETE)
    with pytest.raises(IndicatorEdition.DoesNotExist):
        queries.explain(seen, "adult", "1999-1", "en")


@pytest.mark.django_db
def test_a_draft_is_changed_by_its_own_file_and_a_wrong_row_changes_nothing(
    client: Client,
) -> None:
    user = user_with_role("identification-authority")
    client.force_login(user)
    draft(actor_of(user))
    taken = client.get(reverse("identification:indicator-edition-file", args=["2026-7"]))
    text = taken.content.decode("utf-8-sig")
    address = reverse("identification:indicator-edition-import", args=["2026-7"])
    wrong = text.replace("danger-now,field,,danger", "danger-now,field,,guilt", 1)
    refused = client.post(address, {"file": upload(wrong)})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "guilt" in page
    assert "kind" in page
    assert Indicator.objects.get(code="danger-now").kind == "danger"
    better = text.replace("Somebody hurts or threatens", "Somebody wounds or threatens", 1)
    assert client.post(address, {"file": upload(better)}).status_code == 302
    compared = client.get(
        reverse("identification:indicator-edition-compare", args=["2026-7"]) + "?with=2026-1"
    )
    assert "1 sign of edition 2026-7 differs from edition 2026-1." in compared.content.decode()
    shown = client.get(reverse("identification:indicator-edition", args=["2026-7"]))
    assert "took in a file of 193 signs" in shown.content.decode()


def upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("signs.csv", text.encode(), "text/csv")


@pytest.mark.django_db
def test_the_page_of_an_edition_is_narrowed_by_setting_and_costs_the_same_queries(
    client: Client,
) -> None:
    user = user_with_role("trainer", at=organisation())
    client.force_login(user)
    edition = draft(authority())
    address = reverse("identification:indicator-edition", args=["2026-7"])
    page = client.get(address + "?setting=organ&list=field").content.decode()
    assert "scar-without-papers" in page
    assert "young-marriage" not in page
    assert "/signs/" not in page
    counts = []
    for kept in (100, 1):
        edition.indicators.filter(position__gt=kept).delete()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]

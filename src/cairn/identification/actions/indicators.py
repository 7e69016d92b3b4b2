"""Every write about editions of signs: made, changed while a draft, published, withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.storing import saved_as_new
from cairn.identification.indicatorbank import lists
from cairn.identification.indicatorbank.lists import Flaw, SignRow
from cairn.identification.models import Indicator, IndicatorEdition
from cairn.identification.queries import indicators as queries
from cairn.identification.queries import indicators_pages as pages
from cairn.identification.rules import indicators as rules
from cairn.identification.rules.indicators import EditionState


class SignsRefused(RuleBroken):
    """A file of signs that is not taken in. `flaws`: what is wrong, row by row."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(
            "edition.file",
            _("Nothing was taken in: the file has rows that are wrong."),
            _("Put them right and bring the whole file again."),
        )
        self.flaws = tuple(flaws)


@transaction.atomic
def make_edition(
    actor: Actor, code: str, *, source: str, note: str = "", based_on: str = ""
) -> IndicatorEdition:
    """A new draft with the signs of the edition `based_on`, or of the one in force.

    Raises PermissionDenied, RuleBroken ("edition.code", "edition.taken"), and
    IndicatorEdition.DoesNotExist for an unknown `based_on`.
    """
    require(actor, Permission.INDICATOR_EDIT)
    rules.check_code(code)
    before = queries.edition_called(based_on) if based_on else queries.edition_in_force()
    now = clock.now()
    made = IndicatorEdition(
        code=code,
        source=source,
        note=note,
        based_on=before.code,
        authors=[str(actor.user_id)] if actor.user_id else [],
        made_at=now,
        changed_at=now,
    )
    if code == lists.SHIPPED or not saved_as_new(made):
        raise RuleBroken(
            "edition.taken",
            _("There is an edition %(code)s already.") % {"code": code},
            _("Take the next number."),
        )
    _store(made, before.signs)
    audit.record(actor, "edition.made", made, based_on=before.code, signs=len(before.signs))
    return made


@transaction.atomic
def load_shipped(actor: Actor) -> IndicatorEdition:
    """Put the edition that Cairn ships into the tables, as published. Twice does it once.

    It holds in any case while no edition is published, and by its code for ever after. Raises
    PermissionDenied.
    """
    if not actor.is_system:
        require(actor, Permission.INDICATOR_EDIT)
    there = IndicatorEdition.objects.filter(code=lists.SHIPPED).first()
    if there is not None:
        return there
    now = clock.now()
    made = IndicatorEdition(
        code=lists.SHIPPED,
        source=queries.SHIPPED_SOURCE,
        state=EditionState.PUBLISHED,
        made_at=now,
        changed_at=now,
        published_at=now,
    )
    made.save()
    _store(made, lists.shipped())
    audit.record(actor, "edition.shipped_loaded", made, signs=len(lists.shipped()))
    return made


@transaction.atomic
def change_sign(
    actor: Actor,
    edition_code: str,
    sign_code: str,
    *,
    texts: Mapping[str, str],
    nexts: Mapping[str, str],
    settings: Sequence[str],
    profiles: Sequence[str],
    is_asked: bool,
) -> Indicator:
    """Change the wording and the place of one sign of a draft. Empty wording is left out.

    Raises IndicatorEdition.DoesNotExist, Indicator.DoesNotExist, PermissionDenied, RuleBroken
    ("edition.is-not-draft", "indicator.words", "indicator.english").
    """
    edition = _draft(actor, edition_code)
    sign = Indicator.objects.visible_to(actor).get(edition=edition, code=sign_code)
    kept = {code: " ".join(words.split()) for code, words in texts.items() if words.strip()}
    asked = {code: " ".join(words.split()) for code, words in nexts.items() if words.strip()}
    for words in (*kept.values(), *asked.values()):
        lists.check_words(words)
    if lists.SOURCE_LANGUAGE not in kept:
        raise RuleBroken(
            "indicator.english",
            _("The sign has no wording in English."),
            _("Every sign needs one: it is shown where another language is missing."),
        )
    before = sign.as_row()
    after = replace(
        before,
        texts=kept,
        nexts=asked,
        settings=tuple(settings),
        profiles=tuple(profiles),
        is_asked=is_asked,
    )
    fields = pages.differing(before, after)
    if fields:
        sign.texts, sign.nexts, sign.is_asked = kept, asked, is_asked
        sign.settings, sign.profiles = list(settings), list(profiles)
        sign.save(update_fields=["texts", "nexts", "settings", "profiles", "is_asked"])
        _touch(actor, edition)
        audit.record(actor, "edition.sign_changed", edition, sign=sign.code, fields=fields)
    return sign


@transaction.atomic
def replace_signs(actor: Actor, edition_code: str, rows: Sequence[SignRow]) -> IndicatorEdition:
    """Put the signs of a file in the place of those of a draft: all of them, or none.

    Raises IndicatorEdition.DoesNotExist, PermissionDenied, RuleBroken ("edition.is-not-draft"),
    SignsRefused for a code that meant something else in an earlier edition.
    """
    edition = _draft(actor, edition_code)
    before = pages.meanings(other_than=edition)
    wrong = rules.check_meanings({row.code: row.meaning for row in rows}, before)
    if wrong:
        raise SignsRefused(
            [
                Flaw(
                    None,
                    "code",
                    f"{code}: {why}",
                    _("Give the new sign a code of its own."),
                )
                for code, why in sorted(wrong.items())
            ]
        )
    edition.indicators.all().delete()
    _store(edition, rows)
    _touch(actor, edition)
    audit.record(actor, "edition.signs_replaced", edition, signs=len(rows))
    return edition


@transaction.atomic
def publish_edition(actor: Actor, code: str) -> IndicatorEdition:
    """Publish a draft: phones get it at their next contact. Never by somebody who wrote in it.

    Raises IndicatorEdition.DoesNotExist, PermissionDenied, RuleBroken ("edition.move",
    "edition.second-person", "edition.too-many", "edition.too-few").
    """
    edition = _locked(actor, code)
    require(actor, Permission.INDICATOR_EDIT)
    rules.check_move(edition.state, EditionState.PUBLISHED)
    rules.check_publisher(actor.user_id, edition.authors)
    rows = [each.as_row() for each in edition.indicators.all()]
    rules.check_shown(lists.counts_shown(rows), most=lists.MOST_SHOWN)
    edition.state, edition.published_at = EditionState.PUBLISHED, clock.now()
    edition.published_by = actor.user_id
    edition.save(update_fields=["state", "published_at", "published_by"])
    audit.record(actor, "edition.published", edition, signs=len(rows))
    return edition


@transaction.atomic
def withdraw_edition(actor: Actor, code: str) -> IndicatorEdition:
    """Withdraw a published edition: the one before holds again. Reports keep being read by it.

    Raises IndicatorEdition.DoesNotExist, PermissionDenied, RuleBroken ("edition.move",
    "edition.last").
    """
    edition = _locked(actor, code)
    require(actor, Permission.INDICATOR_EDIT)
    rules.check_move(edition.state, EditionState.WITHDRAWN)
    rules.check_not_last(IndicatorEdition.objects.in_force().exclude(pk=edition.pk).count())
    edition.state, edition.withdrawn_at = EditionState.WITHDRAWN, clock.now()
    edition.withdrawn_by = actor.user_id
    edition.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    audit.record(actor, "edition.withdrawn", edition)
    return edition


def _locked(actor: Actor, code: str) -> IndicatorEdition:
    rows = IndicatorEdition.objects.visible_to(actor).select_for_update(of=("self",))
    found: IndicatorEdition = rows.get(code=code)
    return found


def _draft(actor: Actor, code: str) -> IndicatorEdition:
    edition = _locked(actor, code)
    require(actor, Permission.INDICATOR_EDIT)
    rules.check_draft(edition.state)
    return edition


def _touch(actor: Actor, edition: IndicatorEdition) -> None:
    who = str(actor.user_id) if actor.user_id else ""
    if who and who not in edition.authors:
        edition.authors = [*edition.authors, who]
    edition.changed_at = clock.now()
    edition.save(update_fields=["authors", "changed_at"])


def _store(edition: IndicatorEdition, rows: Sequence[SignRow]) -> None:
    Indicator.objects.bulk_create(
        (Indicator.of_row(edition, position, row) for position, row in enumerate(rows, start=1)),
        batch_size=200,
    )

"""The steps of a consent: asked, explained, answered, taken back. One form each."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral import queries as person_queries
from cairn.referral.actions.consent import (
    answer_consent,
    ask_consent,
    explain_consent,
    withdraw,
)
from cairn.referral.forms.consent import AnswerForm, AskForm, ExplainForm, WithdrawForm
from cairn.referral.models.consent import Consent
from cairn.referral.models.persons import Person
from cairn.referral.queries import consent as queries
from cairn.referral.queries import consent_words as words
from cairn.referral.rules import AgeBand, is_treated_as_child
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import NAMED, Said
from cairn.ui.templatetags.ui import listed

# At which field a refusal of a rule is shown.
FIELDS = {
    "consent.basis": "basis",
    "consent.vital": "basis",
    "consent.categories": "categories",
    "consent.recipient": "recipient_class",
    "consent.language": "language",
    "consent.move": "state",
    "consent.state": "state",
    "consent.limits": "limits",
    "consent.starts": "starts_on",
    "consent.days": "expires_on",
    "consent.given-by": "given_by",
    "consent.guardian": "given_by",
    "consent.assent": "assent",
    "consent.capacity": "capacity",
}


def edited(request: ActorRequest, code: str) -> Person:
    """The person of this code, for whoever may change the record."""
    person = person_queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=person)
    return person


def _edited_consent(request: ActorRequest, code: str, number: int) -> Consent:
    found = queries.find_consent(request.actor, code, number)
    require(request.actor, Permission.PERSON_EDIT, within=found.person)
    return found


def _facts(found: Consent) -> list[tuple[str, Any]]:
    """What it is about, above every form."""
    return [
        (_("What for"), found.get_purpose_display()),
        (_("Who is told"), words.recipient(found)),
        (_("What may be told"), listed(words.categories(found.categories))),
        (_("Legal basis"), found.get_basis_display()),
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: ActorRequest, code: str) -> HttpResponse:
    """Note what the person is asked; `from`, `service`, `purpose` in the address fill it in."""
    person = edited(request, code)
    found = queries.recipients(request.actor)
    form = AskForm(
        request.POST or None,
        spoken=person.languages,
        giving_help=found.giving_help,
        others=found.others,
        initial=_filled_in(request, code, request.GET),
    )
    page = FormPage(
        heading=_("Ask for consent"),
        send=_("Go on"),
        back=(reverse("referral:consents", args=[code]), _("Consent")),
        done=_("It was noted. The next page says it in words for the conversation."),
        lead=_("First what is to be asked. The answer is written down on the next page."),
        seen=_("Colleagues of this place see it. The person is told nothing by this."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: ask_consent(request.actor, code, form.question(), form.explained_already()),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


def _filled_in(request: ActorRequest, code: str, query: QueryDict) -> dict[str, Any]:
    """What the form begins with: an older consent, or what a referral needs."""
    number = query.get("from", "")
    if number.isdecimal() and len(number) < 5:
        old = queries.find_consent(request.actor, code, int(number))
        return {
            "purpose": old.purpose,
            "recipient_class": old.recipient_class,
            "recipient": str(old.recipient_id or ""),
            "categories": old.categories,
            "basis": old.basis,
        }
    purpose = query.get("purpose", "")
    first: dict[str, Any] = {"purpose": purpose} if purpose in Purpose.values else {}
    if service := queries.service_called(request.actor, query.get("service", "")[:7]):
        first |= {"recipient_class": NAMED, "recipient": str(service.organisation_id)}
    return first


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def explain(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Note that it was explained, in which language and with whom."""
    found = _edited_consent(request, code, number)
    form = ExplainForm(request.POST or None, spoken=found.person.languages)
    page = FormPage(
        heading=_("It was explained"),
        send=_("Note it"),
        back=(found.get_absolute_url(), _("Consent")),
        done=_("It was noted."),
        facts=_facts(found),
        seen=_("Colleagues of this place see it."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: explain_consent(request.actor, code, number, form.explained()),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def answer(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Write down what the person said."""
    found = _edited_consent(request, code, number)
    form = AnswerForm(
        request.POST or None,
        is_child=is_treated_as_child(AgeBand(found.person.age_band)),
        initial={"starts_on": timezone.localdate(clock.now()).isoformat()},
    )
    page = FormPage(
        heading=_("What the person said"),
        send=_("Write it down and seal"),
        back=(found.get_absolute_url(), _("Consent")),
        done=_("The answer was written down."),
        facts=_facts(found),
        consequences=[
            _("Whatever the answer is, the help stays the same."),
            _("It takes the place of an older answer about the same recipient."),
            _("A no stops at once what waits to be told under an older answer."),
        ],
        seen=_("Colleagues see the answer and its days. Limits and note are sealed."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: answer_consent(request.actor, code, number, form.reply()),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def take_back(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Take a consent back, because the person says so."""
    found = _edited_consent(request, code, number)
    page = FormPage(
        heading=_("The person takes it back"),
        send=_("Take it back now"),
        back=(found.get_absolute_url(), _("Consent")),
        done=_("It was taken back. What waited was stopped, and recipients are told to stop."),
        facts=_facts(found),
        consequences=[
            _("Nothing more is told under it, from this moment on."),
            _("What waits to be sent is stopped; whoever received something is told to stop."),
            _("Data protection looks at what has to be erased."),
            _("The help goes on as it was."),
        ],
        seen=_("Recipients learn that it was taken back, and no reason. The note is sealed."),
    )
    return form_page(
        request,
        page,
        WithdrawForm(request.POST or None),
        lambda given: withdraw(
            request.actor,
            code,
            number,
            Said(given["said_how"]),
            safe_channel=given["safe_channel"],
            note=given["note"],
        ),
        lambda made: made.get_absolute_url(),
        {"consent.move": "said_how"},
    )

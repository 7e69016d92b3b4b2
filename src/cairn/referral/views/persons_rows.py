"""What is noted about a person, page by page: names, guardians, needs and danger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.actions.readings import Opened
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.subjects import SubjectKind, kind_of
from cairn.oversight.views.shared import FormPage, form_page
from cairn.oversight.views.showing import Shown, shown
from cairn.referral import queries
from cairn.referral.actions.persons_rows import (
    appoint_guardian,
    assess_needs,
    assess_risk,
    end_alias,
    end_guardian,
    find_best_interests,
    note_alias,
    open_rows,
    sealed_rows,
)
from cairn.referral.forms.persons_rows import (
    AliasEndForm,
    AliasForm,
    GuardianEndForm,
    GuardianForm,
    InterestsForm,
    NeedsForm,
    RiskForm,
)
from cairn.referral.models import Person
from cairn.referral.queries import persons as noted
from cairn.referral.queries import persons_tables as tables
from cairn.referral.queries.persons_panels import may_edit
from cairn.referral.queries.persons_tables import Table
from cairn.referral.rules.persons_contact import AliasKind, RiskLevel
from cairn.referral.subjects.persons_rows import (
    ALIAS,
    CHILD_INTERESTS,
    GUARDIAN,
    IDENTITY,
    NEEDS,
    RISK,
)
from cairn.ui.forms import add_refusal, status_of

# At which field a refusal of a rule is shown.
FIELDS = {
    "alias.name": "name",
    "guardian.by": "appointed_by",
    "guardian.name": "name",
    "guardian.days": "ends_on",
    "assessment.day": "assessed_on",
    "assessment.review": "review_on",
    "assessment.factors": "factors",
    "interests.by": "decided_by",
    "interests.day": "decided_on",
    "interests.review": "review_on",
    "interests.kind": "kind",
}


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows. `kinds`: what is opened together; `deeds`: (words, name of the address).

    `facts(actor, person, may_change)`: what else the template shows; it may replace `deeds`.
    """

    heading: str
    lead: str
    tables: Callable[[Person, bool], list[Table]]
    kinds: Sequence[SubjectKind]
    deeds: Sequence[tuple[str, str]] = ()
    more: dict[str, Any] = field(default_factory=dict)
    facts: Callable[[Actor, Person, bool], dict[str, Any]] = lambda *asked: {}
    template: str = "referral/persons_rows.html"


def rows_page(request: ActorRequest, code: str, page: RowsPage) -> HttpResponse:
    """Show the rows with what is sealed closed; sent with a reason, open it once."""
    found = queries.find_person(request.actor, code)
    form = OpenForm(request.POST if request.method == "POST" else None)
    opened = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            opened = _named(
                open_rows(
                    request.actor, code, page.kinds, Purpose(given["purpose"]), given["reason"]
                )
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
    may_change = may_edit(request.actor, found)
    context = {
        "heading": page.heading,
        "lead": page.lead,
        "person": found,
        "tables": page.tables(found, may_change),
        "deeds": _deeds(found, page) if may_change else [],
        "form": form,
        "opened": opened,
        "is_sealed": any(sealed_rows(request.actor, found, kind) for kind in page.kinds),
        "may_open": _may_open(request, found),
        **page.more,
        **page.facts(request.actor, found, may_change),
    }
    return render(request, page.template, context, status=status_of(form))


def _deeds(found: Person, page: RowsPage) -> list[tuple[str, str]]:
    return [(words, reverse(f"referral:{name}", args=[found.code])) for words, name in page.deeds]


def _may_open(request: ActorRequest, found: Person) -> bool:
    place = (found.organisation_id, found.unit_id, found.country)
    if found.erased_on is not None:
        return False
    return request.actor.may_within(Permission.PERSON_OPEN, *place) or noted.has_emergency(
        request.actor, found
    )


def _named(opened: Sequence[Opened]) -> list[tuple[str, list[Shown]]]:
    """What each opened row is, and its values."""
    return [(_title(each), shown(each)) for each in opened]


def _title(opened: Opened) -> str:
    label = kind_of(opened.record).label
    number = getattr(opened.record, "number", None)
    if number is None:
        return str(label)
    return _("%(what)s %(number)d") % {"what": label, "number": number}


def page_of_rows(page: Callable[[], RowsPage]) -> Any:
    """A view of one page of rows; its words are made when it is asked for."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @signed_in
    @limited("person.open", per_minute=20, per_hour=200, methods=("POST",))
    def view(request: ActorRequest, code: str) -> HttpResponse:
        return rows_page(request, code, page())

    return view


identity = page_of_rows(
    lambda: RowsPage(
        heading=_("Identity and other names"),
        lead=_("Sealed apart from the record, under a key of its own. Help does not need it."),
        tables=tables.names,
        kinds=(IDENTITY, ALIAS),
        deeds=(
            (_("Write who the person is"), "person-identity-write"),
            (_("Note another name"), "person-alias-new"),
        ),
    )
)
guardians = page_of_rows(
    lambda: RowsPage(
        heading=_("Guardians and best interests"),
        lead=_("Also where the age is disputed: the doubt counts for the child."),
        tables=tables.care,
        kinds=(GUARDIAN, CHILD_INTERESTS),
        deeds=(
            (_("Record a guardian"), "person-guardian-new"),
            (_("Record what is best for the child"), "person-interests-new"),
        ),
    )
)
needs = page_of_rows(
    lambda: RowsPage(
        heading=_("Needs and danger"),
        lead=_("Nothing here is changed later: a further assessment says what is new."),
        tables=tables.needs,
        kinds=(RISK, NEEDS),
        deeds=(
            (_("Assess the needs"), "person-needs-new"),
            (_("Assess the danger"), "person-risk-new"),
        ),
    )
)


# -- forms ---------------------------------------------------------------------------------------


def _edited(request: ActorRequest, code: str) -> Person:
    found = queries.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    return found


def _today() -> str:
    return timezone.localdate(clock.now()).isoformat()


def _form(
    request: ActorRequest,
    code: str,
    page: FormPage,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    onward: str,
) -> HttpResponse:
    return form_page(
        request, page, form, act, lambda made: reverse(f"referral:{onward}", args=[code]), FIELDS
    )


def form_view(view: Callable[..., HttpResponse]) -> Any:
    """What every page with a form about a person asks for first."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(signed_in(view)))


def back_to(name: str, code: str, words: str) -> tuple[str, str]:
    return reverse(f"referral:{name}", args=[code]), words


@form_view
def new_alias(request: ActorRequest, code: str) -> HttpResponse:
    """Note another name by which somebody knows the person."""
    _edited(request, code)
    page = FormPage(
        heading=_("Note another name"),
        send=_("Note and seal"),
        back=back_to("person-identity", code, _("Identity and other names")),
        done=_("The name was noted."),
        seen=_("Colleagues see where it comes from. The name is sealed."),
    )
    return _form(
        request,
        code,
        page,
        AliasForm(request.POST or None),
        lambda given: note_alias(
            request.actor, code, kind=AliasKind(given["kind"]), name=given["name"]
        ),
        "person-identity",
    )


@form_view
def stop_alias(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Note that a name is not used any more."""
    found = _edited(request, code)
    alias = noted.find_alias(found, number)
    page = FormPage(
        heading=_("Other name %(number)d is not used any more") % {"number": number},
        send=_("Note it"),
        back=back_to("person-identity", code, _("Identity and other names")),
        done=_("It was noted."),
        facts=[(_("Where it comes from"), alias.get_kind_display())],
        consequences=[_("The name stays, sealed, for whoever hears it again.")],
    )
    return _form(
        request,
        code,
        page,
        AliasEndForm(request.POST or None),
        lambda given: end_alias(request.actor, code, number),
        "person-identity",
    )


@form_view
def new_guardian(request: ActorRequest, code: str) -> HttpResponse:
    """Record who stands by the person."""
    _edited(request, code)
    page = FormPage(
        heading=_("Record a guardian"),
        send=_("Record and seal"),
        back=back_to("person-guardians", code, _("Guardians and best interests")),
        done=_("The guardian was recorded."),
        seen=_("Colleagues see the days and who appointed. Name and contact are sealed."),
    )
    form = GuardianForm(request.POST or None, initial={"starts_on": _today()})
    return _form(
        request,
        code,
        page,
        form,
        lambda given: appoint_guardian(request.actor, code, form.guardian()),
        "person-guardians",
    )


@form_view
def stop_guardian(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Record the last day on which somebody stands by the person."""
    found = _edited(request, code)
    guardian = noted.find_guardian(found, number)
    page = FormPage(
        heading=_("The guardianship ends"),
        send=_("Record its end"),
        back=back_to("person-guardians", code, _("Guardians and best interests")),
        done=_("The end was recorded."),
        facts=[(_("Appointed by"), guardian.appointed_by)],
        consequences=[_("Nothing is agreed, transferred or returned for a child without one.")],
    )
    return _form(
        request,
        code,
        page,
        GuardianEndForm(request.POST or None, initial={"ends_on": _today()}),
        lambda given: end_guardian(request.actor, code, number, ends_on=given["ends_on"]),
        "person-guardians",
    )


@form_view
def new_interests(request: ActorRequest, code: str) -> HttpResponse:
    """Record what was found to be best for a child."""
    _edited(request, code)
    page = FormPage(
        heading=_("Record what is best for the child"),
        send=_("Record and seal"),
        back=back_to("person-guardians", code, _("Guardians and best interests")),
        done=_("It was recorded."),
        seen=_("Colleagues see question, answer and days. The child's view is sealed."),
    )
    form = InterestsForm(request.POST or None, initial={"decided_on": _today()})
    return _form(
        request,
        code,
        page,
        form,
        lambda given: find_best_interests(request.actor, code, form.finding()),
        "person-guardians",
    )


@form_view
def new_risk(request: ActorRequest, code: str) -> HttpResponse:
    """Assess how great the danger is."""
    found = _edited(request, code)
    standing = noted.risk(found)
    facts = [(_("Stands now"), RiskLevel(standing.level).label)] if standing else []
    page = FormPage(
        heading=_("Assess the danger"),
        send=_("Record and seal"),
        back=back_to("person-needs", code, _("Needs and danger")),
        done=_("The danger was assessed."),
        facts=facts,
        seen=_("Colleagues see how great it is, why and until when. The words are sealed."),
    )
    initial = {
        "assessed_on": _today(),
        "seen": standing.newest if standing else 0,
        "factors": list(standing.factors) if standing else [],
    }
    return _form(
        request,
        code,
        page,
        RiskForm(request.POST or None, initial=initial),
        lambda given: assess_risk(
            request.actor,
            code,
            level=RiskLevel(given["level"]),
            factors=given["factors"],
            assessed_on=given["assessed_on"],
            review_on=given["review_on"],
            note=given["note"],
            seen=given["seen"],
        ),
        "person",
    )


@form_view
def new_needs(request: ActorRequest, code: str) -> HttpResponse:
    """Note which help is needed, and how soon."""
    found = _edited(request, code)
    page = FormPage(
        heading=_("Assess the needs"),
        send=_("Record and seal"),
        back=back_to("person-needs", code, _("Needs and danger")),
        done=_("The needs were recorded."),
        lead=_("What the person asks for comes first. What is not asked for is not pressed on."),
        seen=_("Colleagues see the needs and how soon. The words are sealed."),
    )
    initial = NeedsForm.initial_of(noted.needs(found)) | {"assessed_on": _today()}
    form = NeedsForm(request.POST or None, initial=initial)
    return _form(
        request,
        code,
        page,
        form,
        lambda given: assess_needs(
            request.actor,
            code,
            needs=form.needs(),
            assessed_on=given["assessed_on"],
            note=given["note"],
        ),
        "person",
    )

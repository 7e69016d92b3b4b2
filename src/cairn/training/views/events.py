"""Training events: the list with its filters, the event desk, entering, changing, moving on."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.limits import limited
from cairn.oversight.queries.records import places
from cairn.oversight.views.shared import FormPage, form_page
from cairn.portfolio.models import Project
from cairn.training.actions import events as actions
from cairn.training.actions import steps
from cairn.training.actions.events_taken import export_events
from cairn.training.exports import events as exports
from cairn.training.forms.events import (
    EVENT_LIST,
    ORGANISATION_LIST,
    PROJECT_LIST,
    VERBS,
    EventForm,
    MoveForm,
)
from cairn.training.models import Call, TrainingEvent
from cairn.training.queries import attendance as attendance_queries
from cairn.training.queries import desk
from cairn.training.queries import events as queries
from cairn.training.queries.links import link
from cairn.training.rules.choices import EventKind, Participation
from cairn.training.rules.states import EVENT_MOVES, EventState
from cairn.training.views.projects import project_shown
from cairn.ui.pages import changed_query, page_of

FORM = "training/events/form.html"
# At which field a refusal of a rule is shown.
FIELDS = {
    "training_event.days": "ends",
    "training_event.sessions": "ends",
    "training_event.zone": "time_zone",
    "training_event.reference": "reference",
    "training_event.participation": "participation",
    "training_event.reason": "reason",
    "training_event.move": "to",
    "training_event.not-ready": "to",
}
# The way of an event that is neither put off nor called off.
WAY = [each for each in EventState if each not in {EventState.POSTPONED, EventState.CANCELLED}]


@require_safe
@needs(Permission.TRAINING_VIEW)
def events(request: ActorRequest) -> HttpResponse:
    """The pipeline: events by state, with their numbers of participants."""
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.events(request.actor, filters), request)
    context = {
        "filters": filters,
        "page": page,
        "rows": [
            (
                each,
                queries.days_in_words(each),
                queries.people_known(each),
                queries.women_known(each),
            )
            for each in page
        ],
        "states": queries.state_counts(request.actor, filters),
        "kinds": EventKind.choices,
        "countries": queries.countries(request.actor),
        "years": queries.years(request.actor),
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
        "may_run": request.actor.may(Permission.EVENT_RUN),
        "export_query": changed_query(request.GET, {"page": None}),
    }
    return render(request, "training/events/events.html", context)


@require_safe
@needs(Permission.TRAINING_VIEW)
@limited("training.export", per_minute=10)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The same events as a file: facts and counts, no person."""
    if kind not in exports.CONTENT_TYPES:
        raise Http404
    found = export_events(request.actor, queries.Filters.from_query(request.GET), kind)
    name = f"training-events.{kind}"
    if kind == "xlsx":
        return FileResponse(
            exports.events_xlsx(request.actor, found, now=timezone.now()),
            as_attachment=True,
            filename=name,
            content_type=exports.CONTENT_TYPES[kind],
        )
    response = StreamingHttpResponse(
        exports.events_csv(request.actor, found), content_type=exports.CONTENT_TYPES[kind]
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@signed_in
def event(request: ActorRequest, reference: str) -> HttpResponse:
    """The event desk. Numbers for everybody who works on training, codes only one page further."""
    found = queries.find(request.actor, reference)
    runs = steps.may_run(request.actor, found)
    edits = request.actor.may_within(
        Permission.TRAINING_EDIT, found.organisation_id, None, found.country
    )
    agenda, team, people = desk.sessions(found), desk.staff(found), desk.participants(found)
    refused = (
        attendance_queries.refused(request.actor, found).filter(resolved_at=None).count()
        if runs
        else 0
    )
    state = EventState(found.state)
    context = {
        "event": found,
        "project": project_shown(request.actor, found.project),
        "state": state,
        "days": queries.days_in_words(found),
        "since": since(found),
        "way": steps_of(state),
        "main": main_action(found, runs=runs, edits=edits),
        "moves": [(to, VERBS[to]) for to in offered_moves(state, runs=runs, edits=edits)],
        "agenda": agenda,
        "team": team,
        "people": people,
        "parties": found.parties.select_related("organisation"),
        "materials": [each for each in found.materials.all() if each.session_id is None],
        "checklist": desk.checklist(found, agenda, team, people, refused=refused, edits=edits)
        if runs
        else [],
        "refused": refused,
        "marks": attendance_queries.todays_marks(found, clock.now()) if runs else 0,
        "checkout": (checkout := desk.checkout(found)),
        "kit_href": link("training:kit-checkout", checkout.pk) if checkout and runs else None,
        "requests": desk.requests_raised(found, request.actor),
        "history": desk.history(found, request.actor, with_codes=runs),
        "links": part_links(request.actor, found, runs=runs, edits=edits),
        "runs": runs,
        "edits": edits,
        "is_named": found.participation == Participation.NAMED,
    }
    return render(request, "training/events/event.html", context)


def since(found: TrainingEvent) -> Any:
    """Since when the event is in its state."""
    newest = next((each for each in desk.steps(found)), None)
    return newest.at if newest else found.created_at


def steps_of(state: EventState) -> list[dict[str, str]]:
    """The stones of an event's way; one that was put off or called off stands apart."""
    if state not in WAY:
        return [{"label": str(state.label), "state": "stopped"}]
    place, last = WAY.index(state), len(WAY) - 1
    return [
        {
            "label": str(each.label),
            "state": "done"
            if number < place or place == last
            else ("current" if number == place else "todo"),
        }
        for number, each in enumerate(WAY)
    ]


def offered_moves(state: EventState, *, runs: bool, edits: bool) -> list[EventState]:
    """The moves that this reader may make, in the order of the way."""
    order = list(EventState)
    moves = sorted(EVENT_MOVES[state], key=order.index)
    if edits:
        return moves
    by_trainer = {EventState.RUNNING, EventState.DELIVERED}
    return [to for to in moves if runs and to in by_trainer]


def main_action(found: TrainingEvent, *, runs: bool, edits: bool) -> tuple[str, str] | None:
    """The one thing to do now: address and words. None when it is not this reader's."""
    reference = found.reference
    state = EventState(found.state)
    if state == EventState.RUNNING and runs and found.participation == Participation.NAMED:
        return reverse("training:attendance", args=[reference]), _("Take attendance")
    if found.participation == Participation.AGGREGATE and runs and not hasattr(found, "report"):
        if state in {EventState.RUNNING, EventState.CONFIRMED}:
            return reverse("training:event-report", args=[reference]), _("Report by counts")
    if state == EventState.DELIVERED and (closing := link("training:closing", reference)):
        return closing, _("Look at the closing report")
    moves = offered_moves(state, runs=runs, edits=edits)
    if not moves or moves[0] in {EventState.CANCELLED, EventState.POSTPONED}:
        return None
    return f"{reverse('training:event-move', args=[reference])}?to={moves[0]}", str(VERBS[moves[0]])


def part_links(
    actor: Actor, found: TrainingEvent, *, runs: bool, edits: bool
) -> list[tuple[str, str]]:
    """The other parts of the event that this reader may open: address and words."""
    reference = found.reference
    wanted = [
        ("training:results", _("Results")),
        ("training:closing", _("Closing report")),
    ]
    if runs:
        wanted += [
            ("training:tests", _("Tests")),
            ("training:waves", _("Questionnaires and follow-up")),
            ("training:credentials", _("Certificates")),
        ]
        if found.participation == Participation.NAMED:
            wanted.append(("training:practical", _("Practical tasks")))
    if Call.objects.visible_to(actor).filter(event=found).exists():
        wanted.append(("training:call", _("Call and nominations")))
    elif edits and found.participation == Participation.NAMED:
        wanted.append(("training:call-edit", _("Call and nominations")))
    links = [(address, words) for name, words in wanted if (address := link(name, reference))]
    if actor.may(Permission.KIT_OPERATE) and (kits := link("training:kits")):
        links.append((kits, _("Event kits")))
    return links


def _form(request: ActorRequest, found: TrainingEvent | None, **initial: Any) -> EventForm:
    return EventForm(
        request.POST or None,
        places=places(request.actor, Permission.TRAINING_EDIT),
        projects=Project.objects.visible_to(request.actor),
        events=TrainingEvent.objects.visible_to(request.actor),
        is_new=found is None,
        initial=initial,
    )


def lists(request: ActorRequest) -> dict[str, Any]:
    """What is offered while a reference or a name is typed."""
    return {
        "offered_events": queries.offered(request.actor),
        "offered_projects": Project.objects.visible_to(request.actor).order_by("reference")[:300],
        "offered_organisations": queries.organisations(request.actor),
        "event_list": EVENT_LIST,
        "project_list": PROJECT_LIST,
        "organisation_list": ORGANISATION_LIST,
    }


def _facts(given: dict[str, Any]) -> actions.EventFacts:
    names = set(actions.EventFacts.__slots__) & set(given)
    values = {name: given[name] for name in names}
    values["place_countries"] = [given["country"]] if given["country"] else []
    values["kind"] = EventKind(given["kind"])
    values["participation"] = Participation(given["participation"])
    return actions.EventFacts(**values)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINING_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter an event, as an idea at first."""
    page = FormPage(
        heading=_("Enter an event"),
        send=_("Enter the event"),
        back=(reverse("training:events"), _("Training events")),
        done=_("The event was entered."),
        lead=_("Only what is known: title, kind and whose event it is. All else can wait."),
        seen=_(
            "Everybody who works on training sees the event and its numbers; who takes part is "
            "seen by those who work on it."
        ),
        template=FORM,
    )
    return form_page(
        request,
        page,
        _form(request, None, time_zone=timezone.get_current_timezone_name()),
        lambda given: actions.create_event(request.actor, _facts(given)),
        lambda made: str(made.get_absolute_url()),
        FIELDS,
        **lists(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, reference: str) -> HttpResponse:
    """Change what is known of an event."""
    found = queries.find(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=found)
    initial: dict[str, Any] = {
        name: getattr(found, name)
        for name in (
            "title", "kind", "country", "place", "starts", "ends", "time_zone", "languages",
            "participation", "seats", "cost_usd", "is_generation_root", "version",
        )
    }  # fmt: skip
    initial |= {
        "organisation": str(found.organisation_id),
        "plan": str(found.plan_id or ""),
        "versions": [str(each.pk) for each in found.versions.all()],
        "from_countries": found.from_countries,
        "project": found.project.reference if found.project else "",
        "parent": found.parent.reference if found.parent else "",
    }

    def act(given: dict[str, Any]) -> TrainingEvent:
        kept = {"activity", "budget_line", "printed", "area", "source"}
        facts = {name: getattr(found, name) for name in kept}
        version = given.pop("version") or 0
        return actions.edit_event(request.actor, reference, _facts(given | facts), version=version)

    page = FormPage(
        heading=_("Change the event"),
        send=_("Save the changes"),
        back=(found.get_absolute_url(), reference),
        done=_("The event was changed."),
        template=FORM,
    )
    return form_page(
        request,
        page,
        _form(request, found, **initial),
        act,
        lambda made: str(made.get_absolute_url()),
        FIELDS,
        **lists(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def move(request: ActorRequest, reference: str) -> HttpResponse:
    """Take an event one step on, put it off or call it off."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    state = EventState(found.state)
    form = MoveForm(request.POST or None, now=state, initial={"to": request.GET.get("to", "")})

    def act(given: dict[str, Any]) -> TrainingEvent:
        to = EventState(given["to"])
        return actions.move_event(request.actor, reference, to, given["reason"])

    page = FormPage(
        heading=_("Next step of the event"),
        send=_("Record the step"),
        back=(found.get_absolute_url(), reference),
        done=_("The step was recorded."),
        facts=[(_("Event"), found.title), (_("State"), state.label)],
        seen=_("Everybody who works on training sees the step, your name and the reason."),
    )
    return form_page(request, page, form, act, lambda made: str(made.get_absolute_url()), FIELDS)

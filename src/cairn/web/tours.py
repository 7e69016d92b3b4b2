"""The first five minutes of each role: a few real tasks on the records that are there."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models import Project
from cairn.web import tours_field as field
from cairn.web import tours_protection as protection
from cairn.web.tour_task import Task

MOST_TASKS = 5

# Whoever has one of these has something to do here, not only to read.
WORK = (
    Permission.REQUEST_EDIT,
    Permission.RESULT_RECORD,
    Permission.FINDING_EXPLAIN,
    Permission.FUNDING_EDIT,
    Permission.PORTFOLIO_EDIT,
    Permission.ROLE_VIEW,
    Permission.PERSON_VIEW,
    Permission.PROCEDURE_VIEW,
    Permission.DEVICE_VIEW,
    Permission.PAPER_ENTER,
    Permission.REPORT_SUBMIT,
    Permission.DUTY_CHECK,
    Permission.REFERRAL_VIEW,
    Permission.DIRECTORY_KEEP,
    Permission.OVERSIGHT_VIEW,
    Permission.EVENT_RUN,
    Permission.NOMINATION_MAKE,
    Permission.VETTING_OPEN,
)


def tasks(actor: Actor) -> list[Task]:
    """At most five tasks for the roles of `actor`, those of the first role first. One query.

    A task about a project of the demonstration is left out where that project is not.
    """
    chosen: dict[str, Task] = {}
    for role in sorted(actor.roles, key=_place):
        for make in TOURS.get(role, READER):
            task = make()
            chosen.setdefault(task.title, task)
    wanted = {task.project for task in chosen.values() if task.project}
    there = set(
        Project.objects.open_to(actor)
        .filter(reference__in=wanted)
        .values_list("reference", flat=True)
    )
    kept = [task for task in chosen.values() if not task.project or task.project in there]
    return kept[:MOST_TASKS]


def _place(role: str) -> int:
    return list(TOURS).index(role) if role in TOURS else len(TOURS)


def _project(reference: str, anchor: str = "") -> str:
    return reverse("portfolio:project", args=[reference]) + anchor


def _read_conflict_project() -> Task:
    return Task(
        _("Read one project from end to end"),
        _("What it costs, what it does, what came of it and what is asked for next, on one page."),
        _project("P49"),
        "P49",
    )


def _explain_finding() -> Task:
    return Task(
        _("Explain a figure that does not add up"),
        _("A printed shortfall differs from the records. Say why, in a sentence."),
        reverse("portfolio:findings"),
    )


def _assess_request() -> Task:
    return Task(
        _("Assess a request for assistance"),
        _("Delegations asked for training after an exercise. Take one of them a step further."),
        reverse("portfolio:requests"),
    )


def _record_pledge() -> Task:
    return Task(
        _("Record a pledge"),
        _("A project is under way and no pledge is on record. See how the shortfall changes."),
        _project("P49", "#money"),
        "P49",
    )


def _import_file() -> Task:
    return Task(
        _("Bring a file and look at its preview"),
        _("Take an empty file, fill in a row, and see what would change before anything does."),
        reverse("imports:start"),
    )


def _make_folder() -> Task:
    return Task(
        _("Make the partnership folder"),
        _("All projects as one document, in English, French or Arabic, as page, PDF or JSON."),
        reverse("portfolio:folder"),
    )


def _record_measurement() -> Task:
    return Task(
        _("Record what was measured"),
        _("An indicator has a baseline but no value yet. Give it one, with its period and source."),
        _project("P44", "#results"),
        "P44",
    )


def _see_events() -> Task:
    return Task(
        _("See which trainings were held"),
        _("Where, when, for whom, with how many women as far as the source says."),
        reverse("portfolio:events"),
    )


def _event_desk() -> Task:
    return Task(
        _("Open the desk of a training"),
        _("What is missing, who teaches, who takes part, today's attendance; one main action."),
        reverse("training:events"),
    )


def _cascade() -> Task:
    return Task(
        _("See whom our trainers trained"),
        _("Generation by generation, with what is verified and what is not."),
        reverse("training:cascade"),
    )


def _team() -> Task:
    return Task(
        _("Find out what a mobile team lacks"),
        _("Languages, women, a prosecutor, vetting: the shortest list of what is missing."),
        reverse("training:teams"),
    )


def _check_certificate() -> Task:
    return Task(
        _("Check a certificate"),
        _("By its code, or with the camera of a phone, also without a network."),
        reverse("training:check"),
    )


def _report_counts() -> Task:
    return Task(
        _("Report a training by counts"),
        _("31 officers, 6 women, module 2.1: no names leave the country."),
        reverse("training:reports"),
    )


def _nominate() -> Task:
    return Task(
        _("Nominate people of your agency"),
        _("Your seats, until when, and what became of those whom you proposed."),
        reverse("training:calls"),
    )


def _vet() -> Task:
    return Task(
        _("Record the result of a vetting check"),
        _("Issuer and validity are seen with the person; the reason is sealed."),
        reverse("training:vetting"),
    )


def _trainers() -> Task:
    return Task(
        _("Look through the roster of trainers"),
        _("Current, due, lapsed, dormant: computed from dates, never ticked by hand."),
        reverse("training:trainers"),
    )


def _see_tools() -> Task:
    return Task(
        _("Find a tool in your language"),
        _("Manuals, toolkits and films, and the languages that they exist in."),
        reverse("library:tools"),
    )


def _first_aid_kit() -> Task:
    return Task(
        _("Find the kit for first responders"),
        _("The register says in which languages it exists."),
        reverse("library:tools") + "?q=first+responder",
    )


def _my_country() -> Task:
    return Task(
        _("Look up your country"),
        _("Projects that name it, reach it through a group, or cover its region."),
        reverse("portfolio:countries"),
    )


def _legislation() -> Task:
    return Task(
        _("Find projects that help to write laws"),
        _("One filter shows them; the address keeps it, so you can share it."),
        reverse("portfolio:projects") + "?theme=legislation",
    )


def _justice() -> Task:
    return Task(
        _("Find projects for police, prosecutors and courts"),
        _("Filter by theme, then by country."),
        reverse("portfolio:projects") + "?theme=criminal-justice",
    )


def _cooperation() -> Task:
    return Task(
        _("Find projects in which States work together"),
        _("Filter by theme, then by group of countries."),
        reverse("portfolio:projects") + "?theme=cooperation",
    )


def _most_lacking() -> Task:
    return Task(
        _("See where the most is lacking"),
        _("The list with the largest shortfall first, and the same projects as charts."),
        reverse("portfolio:projects") + "?sort=-shortfall",
    )


def _donor_page() -> Task:
    return Task(
        _("Open the page of a donor"),
        _("What it pledged where, and what is still lacking in the projects that it supports."),
        reverse("portfolio:donors"),
    )


def _own_recipient() -> Task:
    return Task(
        _("See a State that pays for its own project"),
        _("A donor that is also the recipient is marked, so that nobody counts it as aid."),
        _project("P44", "#money"),
        "P44",
    )


def _map() -> Task:
    return Task(
        _("Read the map"),
        _("Shortfall by country, with its table. A project in several countries counts in each."),
        reverse("portfolio:projects") + "?view=map",
    )


def _charts() -> Task:
    return Task(
        _("Check that the regions add up"),
        _("Each project stands under one region, so the bars add up to the total."),
        reverse("portfolio:projects") + "?view=charts",
    )


def _open_data() -> Task:
    return Task(
        _("Take the data with you"),
        _("One row for each project as CSV, XLSX or JSON, with what each column holds."),
        reverse("web:data"),
    )


def _printed_and_computed() -> Task:
    return Task(
        _("Compare print with records"),
        _("Where a document printed something else, both figures stand side by side."),
        reverse("portfolio:findings"),
    )


def _roles_table() -> Task:
    return Task(
        _("Read who may do what"),
        _("Every role and every permission in one table."),
        reverse("access:roles"),
    )


def _own_persons() -> Task:
    return Task(
        _("Open the sealed part of a person's record"),
        _("Say what for; the opening is written down, and the person can ask who saw it."),
        reverse("referral:persons") + "?mine=1",
    )


def _duty_list() -> Task:
    return Task(
        _("Work from the duty list"),
        _("Those whom you look after, on one page, with one reason for the whole list."),
        reverse("referral:duty"),
    )


def _emergency() -> Task:
    return Task(
        _("See how emergency access works"),
        _("One record, 24 hours, others are told at once, somebody reviews it."),
        reverse("oversight:emergency"),
    )


def _procedures() -> Task:
    return Task(
        _("Decide in an identification procedure"),
        _("With reasons; not in one that you investigated, unless the country allows it."),
        reverse("identification:procedures"),
    )


def _desk() -> Task:
    return Task(
        _("See what waits at the desk"),
        _("Emergency access to review, exports to approve, requests with their clocks."),
        reverse("oversight:desk"),
    )


def _who_saw() -> Task:
    return Task(
        _("Find out who saw a record, and why"),
        _("By code, by reader, by purpose. Names of persons are never shown here."),
        reverse("oversight:readings"),
    )


def _data_map() -> Task:
    return Task(
        _("Read the data map"),
        _("What is kept, in which zone, how long, and who may open it."),
        reverse("oversight:data-map"),
    )


def _invite() -> Task:
    return Task(
        _("Invite somebody"),
        _("A link that works once. Some roles wait until a second person confirms them."),
        reverse("access:invite"),
    )


def _keys() -> Task:
    return Task(
        _("Renew a key"),
        _("While everybody works on; if it is cut off, it goes on where it was."),
        reverse("oversight:keys"),
    )


def _second_factor() -> Task:
    return Task(
        _("Add a passkey to your account"),
        _("Then you sign in with your finger or your device, without a password."),
        reverse("access:account"),
    )


def _alive() -> Task:
    return Task(
        _("Ask the system whether it is well"),
        _("A short answer for whoever watches the server."),
        reverse("web:healthz"),
    )


Steps = tuple[Callable[[], Task], ...]
READER: Steps = (_read_conflict_project, _my_country, _map, _see_tools)

TOURS: dict[str, Steps] = {
    "programme-officer": (
        _assess_request,
        _explain_finding,
        _record_pledge,
        _make_folder,
        _import_file,
    ),
    "training-officer": (_event_desk, _cascade, _team, _trainers, _check_certificate),
    "trainer": (_event_desk, _report_counts, _cascade, _check_certificate),
    "agency-focal-point": (_nominate, _check_certificate, _my_country),
    "vetting-officer": (_vet, _event_desk, _second_factor),
    "participant": (_check_certificate, _first_aid_kit, _my_country),
    "exercise-control": (_read_conflict_project, _see_events, _see_tools),
    "evaluator": (_see_events, _read_conflict_project, _see_tools),
    "player": (_first_aid_kit, _see_events, _my_country),
    "front-line-officer": (field.try_phone, field.duty_check, field.access_points, field.signs),
    "field-supervisor": (field.equip_phone, field.try_phone, field.held, field.signs),
    "intake-clerk": (field.print_paper, field.signs, _my_country),
    "intake-partner": (field.send_report, field.signs, _my_country),
    "identification-authority": (field.read_report, _procedures, field.signs, _second_factor),
    "service-provider": (protection.refer, protection.sent, _own_persons, _duty_list, _emergency),
    "case-supervisor": (protection.duplicates, protection.sent, _own_persons, _second_factor),
    "referral-focal-point": (protection.answer, protection.services, _second_factor),
    "directory-editor": (
        protection.services,
        protection.sign_protocol,
        protection.left_out,
        protection.experts,
    ),
    "investigator": (_justice, _see_events, _my_country),
    "prosecutor": (_justice, _see_events, _my_country),
    "central-authority": (_cooperation, _see_events, _my_country),
    "national-unit": (_cooperation, _justice, _my_country),
    "regional-hub": (_cooperation, _map, _see_events),
    "legal-adviser": (_legislation, _printed_and_computed, _see_tools, _make_folder),
    "statistics-officer": (_charts, _printed_and_computed, _open_data, _map),
    "data-protection-officer": (_desk, _who_saw, _data_map, _roles_table, _second_factor),
    "donor": (_most_lacking, _donor_page, _own_recipient, _make_folder),
    "researcher": (_open_data, _map, _charts, _own_recipient),
    "administrator": (_invite, _roles_table, _keys, _second_factor, _alive),
}

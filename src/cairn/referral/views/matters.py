"""Pages of claims before an authority: not to be punished, and to be compensated."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions.matters import move_matter, note_matter
from cairn.referral.forms.plans import MatterForm, MatterStepForm
from cairn.referral.queries import plans as queries
from cairn.referral.queries import plans_tables as tables
from cairn.referral.rules.plans import MATTER_MOVES, MatterKind, MatterState
from cairn.referral.subjects.plans import MATTER, MATTER_STEP
from cairn.referral.views.persons_rows import RowsPage, back_to, form_view, page_of_rows
from cairn.referral.views.plans import edited, to_page, today

# At which field a refusal of a rule is shown.
FIELDS = {
    "matter.words": "acts",
    "matter.day": "happened_on",
    "matter.forum": "forum",
    "matter.reason": "reason",
    "matter.move": "to",
}

matters = page_of_rows(
    lambda: RowsPage(
        heading=_("Claims"),
        lead=_("Not to be punished for what one was made to do, and to be compensated."),
        tables=tables.matters,
        kinds=(MATTER, MATTER_STEP),
        deeds=((_("Note a claim"), "matter-new"),),
    )
)


@form_view
def new_matter(request: ActorRequest, code: str) -> HttpResponse:
    """Note that the person is accused of, or lost, something."""
    edited(request, code)
    page = FormPage(
        heading=_("Note a claim"),
        send=_("Note and seal"),
        back=back_to("matters", code, _("Claims")),
        done=_("The claim was noted."),
        lead=_("It does not matter whether the person works with the police."),
        seen=_("Colleagues see the kind, the state and the court. What it is about is sealed."),
    )
    return form_page(
        request,
        page,
        MatterForm(request.POST or None, initial={"noticed_on": today()}),
        lambda given: note_matter(
            request.actor, code, MatterKind(given["kind"]), **_without(given, "kind")
        ),
        to_page("matters", code),
        FIELDS | {"matter.day": "noticed_on"},
    )


@form_view
def step(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Take a claim one step further."""
    found = queries.find_matter(edited(request, code), number)
    state = MatterState(found.state)
    onward = [each for each in MatterState if each in MATTER_MOVES[state]]
    page = FormPage(
        heading=found.get_kind_display(),
        send=_("Write down and seal"),
        back=back_to("matters", code, _("Claims")),
        done=_("It was written down."),
        facts=[(_("State"), state.label), (_("Court or authority"), found.forum or "–")],
        seen=_("Colleagues see the state and the days. The reason is sealed."),
    )
    initial = {
        "to": onward[0] if len(onward) == 1 else "",
        "happened_on": today(),
        "forum": found.forum,
    }
    return form_page(
        request,
        page,
        MatterStepForm(request.POST or None, onward=onward, initial=initial),
        lambda given: move_matter(
            request.actor, code, number, MatterState(given["to"]), **_without(given, "to")
        ),
        to_page("matters", code),
        FIELDS,
    )


def _without(given: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}

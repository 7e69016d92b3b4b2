"""What the platform is told of persons of concern."""

from django.utils.translation import gettext_lazy as _

from cairn.referral.queries import persons_panels as panels
from cairn.referral.registry.told import Entry, Panel, Told
from cairn.referral.subjects import PERSON
from cairn.referral.subjects.persons_rows import KINDS

TOLD = Told(
    entries=(Entry("persons", _("Persons of concern"), "PERSON_VIEW", 300),),
    tones={
        "ACTIVE": "open",
        "STOPPED": "erased",
        "NEUTRAL": "danger_low conflict_resolved",
        "WAITING": "danger_medium conflict_open guardian_ended",
        "ATTENTION": "danger_high danger_extreme danger_none guardian_missing",
        "DONE": "guardian_holds",
    },
    kinds=(PERSON, *KINDS),
    panels=(
        Panel(10, _("Contact and identity"), "referral/persons_contact.html", panels.contact),
        Panel(15, _("Guardian and best interests"), "referral/persons_care.html", panels.care),
        Panel(30, _("Needs and danger"), "referral/persons_needed.html", panels.needed),
    ),
)

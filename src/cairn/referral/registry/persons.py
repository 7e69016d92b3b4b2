"""What the platform is told of persons of concern."""

from django.utils.translation import gettext_lazy as _

from cairn.referral.registry.told import Entry, Told
from cairn.referral.subjects import PERSON

TOLD = Told(
    entries=(Entry("persons", _("Assistance"), "PERSON_VIEW", 300),),
    tones={"ACTIVE": "open", "STOPPED": "erased"},
    kinds=(PERSON,),
)

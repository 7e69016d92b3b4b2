"""What is kept of persons of concern."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.Person",
    Zone.PROTECTION,
    _("Persons of concern, by a code that tells nothing; name, safe contact and notes are sealed."),
    purpose=_("Give assistance, reach the person safely, and know when to stop keeping this."),
    retention=kept("person", "keep_until"),
    internal="id data_key organisation unit",
    personal="caseworker",
    sensitive="code country age_band opened_on closed_on keep_until erased_on",
    sealed="name safe_contact note",
    drops_rows=True,
    seen_with="person:view",
    opened_with="person:open person:break-glass",
)

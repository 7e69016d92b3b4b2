"""What is kept of the directory of services."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.AccessPoint",
    Zone.PROTECTION,
    _("Offices and telephones through which help is reached; no protected places, no persons."),
    purpose=_("Tell officers and persons where help is, and when somebody last looked."),
    retention=kept("catalogue"),
    internal=(
        "id code organisation name way needs country area languages ages sexes hours phone reach "
        "assured_on closed_at"
    ),
    personal="assured_by closed_by",
    drops_rows=True,
    seen_with="directory:view",
)
declare(
    "referral.Service",
    Zone.PROTECTION,
    _("Services that persons are referred to; no place where people are protected, no persons."),
    purpose=_("Find help that fits, is there today, and may be told of the person."),
    retention=kept("catalogue"),
    internal=(
        "id code organisation unit name description kinds needs country area languages ages sexes "
        "hours hours_text zone eligibility exclusions phone email is_outside capacity capacity_at "
        "assured_on sensitivity source_id closed_at access_points"
    ),
    personal="assured_by closed_by focal_user",
    drops_rows=True,
    seen_with="directory:view",
)
declare(
    "referral.Service_access_points",
    Zone.PROTECTION,
    _("Through which office or telephone a service is reached."),
    purpose=_("Reach a service without knowing where people are protected."),
    retention=kept("catalogue", follows="service"),
    internal="id service accesspoint",
    drops_rows=True,
    seen_with="directory:view",
)
declare(
    "referral.Confirmation",
    Zone.PROTECTION,
    _("Links with which a provider says how a service stands; the links themselves are not kept."),
    purpose=_("Ask providers how things stand, and accept one answer for each question."),
    retention=kept("catalogue", follows="service"),
    internal="id service token_hash made_at expires_at used_at answer revoked_at",
    personal="made_by",
    drops_rows=True,
    seen_with="directory:edit",
)
declare(
    "referral.ProtectedLocation",
    Zone.PROTECTION,
    _("Where people are protected: sealed, never given to officers, never taken out."),
    purpose=_("Bring a person to a safe house, and catch its address in fields that all may read."),
    retention=kept("person", "keep_until"),
    internal="id code data_key service organisation unit country recorded_at closed_at",
    personal="recorded_by",
    sensitive="marks keep_until erased_on",
    sealed="address contact",
    drops_rows=True,
    seen_with="location:view",
    opened_with="location:open",
)

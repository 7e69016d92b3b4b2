"""What training keeps: attendance."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.AttendanceMark",
    Zone.PROGRAMME,
    _("Marks of who came in and went out, by code; never changed."),
    purpose=_("Compute how long somebody was present."),
    retention=kept("trainee", follows="enrolment"),
    internal="id event session enrolment",
    personal="kind means at offset_seconds device sequence corrects recorded_by received_at",
    drops_rows=True,
    seen_with="event:run training:edit",
)
declare(
    "training.ReceivedRecord",
    Zone.PROGRAMME,
    _("Ids of what devices sent, each once."),
    purpose=_("Take nothing twice and lose nothing."),
    retention=kept("programme-record", follows="event"),
    internal="id record_id kind digest origin event sequence outcome received_at",
    drops_rows=True,
)
declare(
    "training.RefusedRecord",
    Zone.PROGRAMME,
    _("What devices sent and could not be taken, with the reason."),
    purpose=_("Let a person look at each refused record."),
    retention=kept("programme-record", follows="event"),
    internal=(
        "id record_id kind event digest sequence origin reason_code reason is_parked "
        "received_at resolved_at"
    ),
    personal="content resolved_by resolution",
    drops_rows=True,
    seen_with="event:run training:edit",
)

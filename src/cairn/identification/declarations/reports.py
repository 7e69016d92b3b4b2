"""What units keep of reports, of the phones that send them, and of the keys that open them."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Scrub, Zone, declare, keep
from cairn.core.retention_rules import kept

declare(
    "identification.ReceivingUnit",
    Zone.IDENTIFICATION,
    _("Units to which reports are sealed, with what phones show of them: areas, numbers to call."),
    purpose=_("Bring each report to the authority that answers for its place."),
    retention=kept("catalogue"),
    internal="id code name organisation unit country areas recipients emergency accepts_mission"
    " is_active",
    scrub={"emergency": Scrub.BLANK},
    seen_with="report:view report:release report:submit receiver:manage device:view paper:enter",
)
declare(
    "identification.ReceptionKey",
    Zone.IDENTIFICATION,
    _("Key pairs of units: the public half, and since when and until when it is used."),
    purpose=_("Seal reports so that only members of the unit open them."),
    retention=kept("reception-key"),
    internal="id receiver public is_current made_at not_after retired_at"
    " destruction_asked_at destroyed_at",
    personal="made_by destruction_asked_by destroyed_by",
    scrub=keep("made_by destruction_asked_by destroyed_by"),
    seen_with="receiver:manage report:view",
)
declare(
    "identification.KeyHolder",
    Zone.IDENTIFICATION,
    _("Copies of private keys, each wrapped under the passphrase of one member and sealed."),
    purpose=_("Let members of the unit, and nobody else, open what was sealed for it."),
    retention=kept("reception-key", follows="key"),
    internal="id key taken_at ended_at",
    personal="user_id ended_by",
    sealed="wrapped",
    drops_rows=True,
    seen_with="receiver:manage report:view",
    opened_with="report:open",
)
declare(
    "identification.KeyHandover",
    Zone.IDENTIFICATION,
    _("Copies on their way to another member, under a code that is told by mouth."),
    purpose=_("Let a further member open reports without anybody sending a key."),
    retention=kept("reception-key", follows="key"),
    internal="id key made_at expires_at taken_at",
    personal="for_user made_by",
    sealed="wrapped",
    drops_rows=True,
    seen_with="receiver:manage report:view",
    opened_with="report:open",
)
declare(
    "identification.Device",
    Zone.IDENTIFICATION,
    _("Phones that report, by code: unit, profile, when last heard of. The officer is sealed."),
    purpose=_("Know that a report comes from an officer who was equipped for it."),
    retention=kept("device", "keep_until"),
    internal="id data_key receiver organisation unit country area profile role generation public"
    " enrol_hash enrol_expires_at invited_at enrolled_at valid_until revoked_at revoked_for"
    " last_contact_at last_sequence app keep_until erased_on",
    personal="code invited_by revoked_by",
    sealed="officer",
    drops_rows=True,
    seen_with="device:view",
    opened_with="device:open",
)
declare(
    "identification.DeviceAlert",
    Zone.IDENTIFICATION,
    _("That an officer said from the phone: I am not safe."),
    purpose=_("Help the officer at once."),
    retention=kept("device", follows="device"),
    internal="id device at seen_at",
    personal="seen_by",
    drops_rows=True,
    seen_with="device:view",
)
declare(
    "identification.Report",
    Zone.IDENTIFICATION,
    _("Reports as they came in: when, for which unit, from what kind of officer; content sealed."),
    purpose=_("Bring what an officer saw to the unit, and show that it was read."),
    retention=kept("report", "received_at"),
    internal="id receiver key channel device sequence profile role generation edition made_at"
    " received_at digest flaw",
    personal="read_by",
    sensitive="code urgent state due_at read_at",
    sealed="payload identity_payload",
    drops_rows=True,
    seen_with="report:view",
    opened_with="report:open",
)
declare(
    "identification.ReportContent",
    Zone.IDENTIFICATION,
    _("What a report says, sealed, and few coded facts: kind of place, age band, signs seen."),
    purpose=_("Decide what is to follow, and find reports about the same person."),
    retention=kept("report-content", "keep_until"),
    internal="id data_key report opened_at keep_until erased_on",
    personal="opened_by",
    sensitive="code setting age age_band sex area language band judgement outcome signs procedure"
    " duplicate_of",
    sealed="content identity note",
    drops_rows=True,
    seen_with="report:view",
    opened_with="report:open",
)
declare(
    "identification.ReportStep",
    Zone.IDENTIFICATION,
    _("Each step of a report at the unit: when, by whom, with what outcome."),
    purpose=_("Show that no report ends in silence."),
    retention=kept("report", follows="report"),
    internal="id report at reason facts",
    personal="user_id",
    sensitive="state",
    drops_rows=True,
    seen_with="report:view",
)
declare(
    "identification.HeldEnvelope",
    Zone.IDENTIFICATION,
    _("What came in and could not be taken as a report, as it came, with the reason."),
    purpose=_("Lose nothing: a supervisor decides what becomes of it."),
    retention=kept("report", "received_at"),
    internal="id received_at reason channel size digest claimed_id device receiver settled_at"
    " settlement",
    personal="settled_by",
    sealed="body",
    drops_rows=True,
    seen_with="report:release",
    opened_with="report:open",
)
declare(
    "identification.PaperForm",
    Zone.IDENTIFICATION,
    _("Blank paper forms by serial: printed, entered, shredded, by whom."),
    purpose=_("See that no filled form lies around."),
    retention=kept("report", "printed_at"),
    internal="id serial receiver edition language profile setting printed_at entered_at report_id"
    " shredded_at",
    personal="printed_by entered_by shredded_by",
    drops_rows=True,
    seen_with="paper:enter",
)

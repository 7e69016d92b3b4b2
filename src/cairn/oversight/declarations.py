"""What the data-protection officer's desk keeps: ids, codes, moments, and reasons that are sealed.

Records under the desk are about what was done with records of persons, not about persons.
"""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import ONESELF, Zone, declare
from cairn.core.retention_rules import kept

_DESK = "oversight:view"
_OWN = f"{ONESELF} oversight:view"
# Who opens the desk's own sealed notes: actions/notes.py.
_REVIEWER = "oversight:review"


def _declare_access() -> None:
    declare(
        "oversight.Reading",
        Zone.OVERSIGHT,
        _("Each opening of sealed fields: who, when, which fields, for what purpose and why."),
        purpose=_("Answer who saw what and why."),
        retention=kept("access-trace", "at"),
        internal=(
            "id data_key at kind subject_zone fields purpose basis basis_id unreadable "
            "audit_sequence"
        ),
        personal="actor_id actor_roles",
        sealed="reason",
        drops_rows=True,
        seen_with=_OWN,
        opened_with=_REVIEWER,
    )
    declare(
        "oversight.ReadingSubject",
        Zone.OVERSIGHT,
        _("Which record was opened: an id that tells nothing, and the code of the record."),
        purpose=_("Answer who saw a record, and notice unusual access."),
        retention=kept("access-trace", follows="reading"),
        internal="id reading is_own_caseload",
        sensitive="subject_id code organisation_id country",
        drops_rows=True,
        seen_with=_OWN,
    )
    declare(
        "oversight.BreakGlass",
        Zone.OVERSIGHT,
        _("Emergency access to one record for 24 hours: who, when, why, and its review."),
        purpose=_("Help where a life is in danger, and have every such access reviewed."),
        retention=kept("access-trace", "opened_at"),
        internal="id data_key opened_at expires_at ended_at kind told review reviewed_at",
        personal="actor_id reviewed_by",
        sensitive="subject_id code",
        sealed="reason review_note",
        drops_rows=True,
        seen_with=_OWN,
        opened_with=f"{ONESELF} {_REVIEWER}",
    )
    declare(
        "oversight.LinkGrant",
        Zone.OVERSIGHT,
        _("That two records of different zones belong together: on what basis, until when."),
        purpose=_("Let one zone open named parts of a record of another, and nothing else."),
        retention=kept("link", "ends_on"),
        internal=("id left_zone right_zone basis purpose scope authorised_at ends_on revoked_at"),
        personal="authorised_by revoked_by",
        sensitive="left_sealed right_sealed left_index right_index",
        drops_rows=True,
        seen_with="link:authorise oversight:view",
    )


def _declare_watch() -> None:
    declare(
        "oversight.Alert",
        Zone.OVERSIGHT,
        _("Something to look at: unusual access, or what is wrong with the installation."),
        purpose=_("Give a reason to ask; an alert is never a verdict."),
        retention=kept("watch", "last_at"),
        internal="id data_key kind state window first_at last_at count facts decided_at",
        personal="actor_id decided_by",
        sealed="note",
        drops_rows=True,
        seen_with=_DESK,
        opened_with=_REVIEWER,
    )
    declare(
        "oversight.Notice",
        Zone.OVERSIGHT,
        _("That one person is told of something: a code and an id, no content."),
        purpose=_("Tell a second person at once."),
        retention=kept("watch", "at"),
        internal="id code subject_id facts at seen_at",
        personal="user_id",
        drops_rows=True,
        seen_with=ONESELF,
    )
    declare(
        "oversight.Round",
        Zone.OVERSIGHT,
        _("When each check of the watch last ran, and what came of it."),
        purpose=_("See that the watch is awake."),
        retention=kept("catalogue"),
        internal="name started_at ended_at claimed_until verdict facts",
        drops_rows=True,
        seen_with=_DESK,
    )


def _declare_desk() -> None:
    declare(
        "oversight.SubjectRequest",
        Zone.OVERSIGHT,
        _("A person's request about their own record; who asks is sealed."),
        purpose=_("Answer persons who ask what is kept, or want it corrected or erased."),
        retention=kept("subject-request", "received_on"),
        internal="id data_key reference wish state received_on answer_by kind",
        personal="recorded_by",
        sensitive="code",
        sealed="who safe_channel statement",
        drops_rows=True,
        seen_with=_DESK,
        opened_with="subject-request:handle",
    )
    declare(
        "oversight.Incident",
        Zone.OVERSIGHT,
        _("Something that went wrong with personal information, and what was done about it."),
        purpose=_("Contain harm, tell those who must be told in time, and learn."),
        retention=kept("incident", "aware_at"),
        internal=(
            "id data_key reference kind severity state aware_at notify_by persons_affected alert_id"
        ),
        personal="reported_by",
        sealed="description",
        drops_rows=True,
        seen_with=_OWN,
        opened_with=f"{ONESELF} incident:handle",
    )
    declare(
        "oversight.Step",
        Zone.OVERSIGHT,
        _("Steps of requests, incidents, exports, erasures and alerts: who decided, when, why."),
        purpose=_("Decisions are records: a state is computed from them."),
        retention=kept("access-trace", "at"),
        internal="id data_key record_id before after at",
        personal="by",
        sealed="note",
        drops_rows=True,
        seen_with=_DESK,
        opened_with=f"{ONESELF} erasure:approve incident:handle subject-request:handle",
    )
    declare(
        "oversight.ExportRequest",
        Zone.OVERSIGHT,
        _("Files about persons that were asked for, approved and taken. The file is not kept."),
        purpose=_("Nobody takes records of persons out alone."),
        retention=kept("export", "asked_at"),
        internal=(
            "id data_key kind organisation fields form state asked_at decided_at expires_at "
            "taken_at rows"
        ),
        personal="asked_by decided_by",
        sensitive="details",
        sealed="reason",
        drops_rows=True,
        seen_with=f"{ONESELF} export:approve oversight:view",
        opened_with=f"{ONESELF} export:approve",
    )


def _declare_erasure() -> None:
    declare(
        "oversight.Erasure",
        Zone.OVERSIGHT,
        _("Erasures from the asking to the proof, which holds no id, no code and no reason."),
        purpose=_("Erase on request or when the time is over, and prove it without identity."),
        retention=kept("erasure-proof"),
        internal=(
            "id data_key kind state asked_at decided_at erased_at key_proof values "
            "unreadable_in_copies_on"
        ),
        personal="asked_by decided_by",
        sensitive="subject_id code",
        sealed="reason",
        drops_rows=True,
        seen_with=_OWN,
        opened_with=f"{ONESELF} erasure:approve",
    )
    declare(
        "oversight.Hold",
        Zone.OVERSIGHT,
        _("A legal reason that forbids erasing one record, for example an order of a court."),
        purpose=_("Erase nothing that the law orders to be kept."),
        retention=kept("access-trace", "lifted_at"),
        internal="id data_key kind placed_at ends_on lifted_at",
        personal="placed_by lifted_by",
        sensitive="subject_id code",
        sealed="reason",
        drops_rows=True,
        seen_with=_DESK,
        opened_with=_REVIEWER,
    )
    declare(
        "oversight.Extension",
        Zone.OVERSIGHT,
        _("A decision to keep a record longer than its time, until a day, with the reason."),
        purpose=_("Keep longer only when somebody decided it, and said why."),
        retention=kept("access-trace", "decided_at"),
        internal="id data_key kind before until decided_at",
        personal="decided_by",
        sensitive="subject_id code",
        sealed="reason",
        drops_rows=True,
        seen_with=_DESK,
        opened_with=_REVIEWER,
    )


_declare_access()
_declare_watch()
_declare_desk()
_declare_erasure()

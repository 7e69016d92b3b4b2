"""How long things are kept: named rules with their source, and the records whose time is over.

No law is quoted that fixes a number of days for everybody, because none does. A number here is
the platform's default; `settings.RETENTION_DAYS` ({code of the rule: days}) sets another.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cairn.core.classification import DECLARATIONS, Declaration, Ending, Retention

YEAR = 365

# Sources that several rules rest on. GDPR: Regulation (EU) 2016/679. UN principles: Personal Data
# Protection and Privacy Principles, adopted by the UN High-Level Committee on Management on
# 11 October 2018. ICRC: Handbook on Data Protection in Humanitarian Action, third edition, 2024.
_LIMITED = gettext_lazy(
    "Kept no longer than the purpose needs: GDPR Art. 5(1)(e); UN principles of 2018, retention. "
    "National law may ask for another time; whoever runs this installation decides."
)
_ACCOUNTABLE = gettext_lazy(
    "Kept so that it can be shown later what was done and by whom: GDPR Art. 5(2). The number of "
    "years is the platform's default; whoever runs this installation confirms or changes it."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule. `label`: until when, in words that follow "Kept" or a number of years."""

    code: str
    label: Promise
    days: int | None
    source: Promise
    ending: Ending = Ending.DECIDED
    must_decide: bool = False


RULES = {
    rule.code: rule
    for rule in (
        Rule(
            "programme-record",
            gettext_lazy("as long as the programme keeps its records"),
            None,
            gettext_lazy(
                "Holds nothing about persons of concern. The records schedule of the organisation "
                "says when it goes to the archive; whoever runs this installation decides."
            ),
            Ending.KEPT,
            must_decide=True,
        ),
        Rule(
            "money",
            gettext_lazy("as long as accounting and donors ask for it"),
            None,
            gettext_lazy(
                "Financial rules of the organisation, national accounting law and agreements with "
                "donors set the shortest time; whoever runs this installation enters it."
            ),
            Ending.KEPT,
            must_decide=True,
        ),
        Rule(
            "catalogue",
            gettext_lazy("as long as the platform refers to it"),
            None,
            gettext_lazy("A reference list: names of organisations, places, tools; no persons."),
            Ending.KEPT,
        ),
        Rule(
            "account",
            gettext_lazy("as long as the person works here or a record names the account"),
            None,
            _LIMITED,
            must_decide=True,
        ),
        Rule(
            "staff-role",
            gettext_lazy("after the role has ended"),
            5 * YEAR,
            _ACCOUNTABLE,
            must_decide=True,
        ),
        Rule(
            "sign-in",
            gettext_lazy("until the sign-in ends"),
            0,
            gettext_lazy("Needed only while somebody is signed in: GDPR Art. 5(1)(e)."),
            Ending.AUTOMATIC,
        ),
        Rule(
            "session-list",
            gettext_lazy("after the account was last seen there"),
            1,
            gettext_lazy(
                "Network addresses and browsers are kept as long as the sign-in may last, half a "
                "day at most: GDPR Art. 5(1)(e)."
            ),
            Ending.AUTOMATIC,
        ),
        Rule(
            "sign-in-means",
            gettext_lazy("as long as the account signs in with it"),
            None,
            gettext_lazy("Removed by its owner, by an administrator's reset, or with the account."),
        ),
        Rule(
            "invitation",
            gettext_lazy("after the invitation has run out"),
            YEAR,
            _ACCOUNTABLE,
            Ending.AUTOMATIC,
            must_decide=True,
        ),
        Rule(
            "work-queue",
            gettext_lazy("after the work was done"),
            14,
            gettext_lazy(
                "Ids of records and no content; two weeks are enough to look into a failure."
            ),
            Ending.AUTOMATIC,
        ),
        Rule(
            "import",
            gettext_lazy("after the file was brought"),
            YEAR,
            gettext_lazy(
                "The file itself goes as soon as it is applied or discarded; what the preview said "
                "is kept for questions about it. The year is the platform's default."
            ),
            Ending.AUTOMATIC,
            must_decide=True,
        ),
        Rule(
            "log",
            gettext_lazy("as long as the installation stands"),
            None,
            gettext_lazy(
                "Evidence of every act, as codes and ids without names: GDPR Art. 5(2) and "
                "Art. 30. An entry that went would break the chain; what an id stood for goes "
                "when that record is erased. National law may ask for an end; decide it here."
            ),
            Ending.KEPT,
            must_decide=True,
        ),
        Rule(
            "trainee",
            gettext_lazy("until the day that is set on the record"),
            0,
            gettext_lazy(
                "Lists of officers who were trained against trafficking can endanger them. The day "
                "is set with the training and reviewed: GDPR Art. 5(1)(e); UN principles of 2018. "
                "Counts stay when the record is erased. Whoever runs this installation decides."
            ),
            must_decide=True,
        ),
        Rule(
            "training-file",
            gettext_lazy("after the file was brought"),
            30,
            gettext_lazy(
                "A file of names waits sealed for a word; a month is enough to look into its "
                "refused rows: GDPR Art. 5(1)(e). The month is the platform's default."
            ),
            Ending.AUTOMATIC,
            must_decide=True,
        ),
        Rule(
            "person",
            gettext_lazy("until the day that is set on the record"),
            0,
            gettext_lazy(
                "The day is set when the record is opened, and reviewed: GDPR Art. 5(1)(e); UN "
                "principles of 2018; ICRC handbook of 2024, on retention. National law and the "
                "mandate of the organisation say how far away it may be."
            ),
            must_decide=True,
        ),
        Rule(
            "procedure",
            gettext_lazy("until the day that is set on the procedure"),
            0,
            gettext_lazy(
                "A decision opens rights and may be reviewed, so national procedure law says how "
                "far away the day has to be; whoever runs this installation enters it."
            ),
            must_decide=True,
        ),
        Rule(
            "report",
            gettext_lazy("after it came in"),
            2 * YEAR,
            gettext_lazy(
                "A report that led to no procedure is not needed for long: GDPR Art. 5(1)(e); UN "
                "principles of 2018. Two years, to see that none was overlooked, are the "
                "platform's default; whoever runs this installation decides."
            ),
            must_decide=True,
        ),
        Rule(
            "report-content",
            gettext_lazy("until the day that is set when the report is opened"),
            0,
            gettext_lazy(
                "The day is set by the unit that opens the report, and moves with the procedure "
                "that the report led to: GDPR Art. 5(1)(e); UN principles of 2018. How far away it "
                "is, whoever runs this installation decides."
            ),
            must_decide=True,
        ),
        Rule(
            "device",
            gettext_lazy("until the day that is set for the phone"),
            0,
            gettext_lazy(
                "Who reported can be endangered by it; the name behind a code goes when nobody "
                "has to ask the officer any more. Whoever runs this installation decides."
            ),
            must_decide=True,
        ),
        Rule(
            "reception-key",
            gettext_lazy("until two members of the unit destroy it"),
            None,
            gettext_lazy(
                "A key opens what was sealed for it, in old copies of the records too, so it is "
                "destroyed when no report needs it any more. The unit decides."
            ),
            must_decide=True,
        ),
        Rule(
            "access-trace",
            gettext_lazy("after the access"),
            5 * YEAR,
            _ACCOUNTABLE,
            must_decide=True,
        ),
        Rule(
            "link",
            gettext_lazy("after the link has run out"),
            5 * YEAR,
            _ACCOUNTABLE,
            must_decide=True,
        ),
        Rule(
            "subject-request",
            gettext_lazy("after the request came in"),
            5 * YEAR,
            gettext_lazy(
                "Kept to show that persons were answered in time (GDPR Art. 12(3): one month, "
                "which may be prolonged). The number of years is the platform's default."
            ),
            must_decide=True,
        ),
        Rule(
            "incident",
            gettext_lazy("after the incident was reported"),
            5 * YEAR,
            gettext_lazy(
                "Breaches are documented for the authority to verify: GDPR Art. 33(5), which names "
                "no end. The number of years is the platform's default."
            ),
            must_decide=True,
        ),
        Rule(
            "erasure-proof",
            gettext_lazy("as long as the installation stands"),
            None,
            gettext_lazy(
                "Shows without identity that something was erased: GDPR Art. 5(2) and Art. 17."
            ),
            Ending.KEPT,
        ),
        Rule(
            "watch",
            gettext_lazy("after it was noticed"),
            2 * YEAR,
            _ACCOUNTABLE,
            must_decide=True,
        ),
        Rule(
            "export",
            gettext_lazy("after it was asked for"),
            5 * YEAR,
            _ACCOUNTABLE,
            must_decide=True,
        ),
        Rule(
            "backup-of-records",
            gettext_lazy("as long as copies are kept"),
            None,
            gettext_lazy(
                "Whoever runs this installation decides how many copies are kept and where. What "
                "was erased stays unreadable in them, because its key is gone."
            ),
            must_decide=True,
        ),
        Rule(
            "backup-of-keys",
            gettext_lazy("until the next copies replace it"),
            None,
            gettext_lazy(
                "Short, because only while such a copy exists could an erased record be read "
                "with it: GDPR Art. 17. The command that makes copies removes older ones."
            ),
            Ending.AUTOMATIC,
        ),
        Rule(
            "key",
            gettext_lazy("until the record that it opens is erased"),
            None,
            gettext_lazy(
                "Destroying the key is what erases a record, in backups too: GDPR Art. 17."
            ),
        ),
    )
}


def kept(code: str, counted_from: str = "", *, follows: str = "") -> Retention:
    """The rule `code` as a declaration's retention, with the days that the settings give it.

    `follows`: the key to the record with which this one goes; then nothing is counted here.
    Raises KeyError for an unknown code.
    """
    rule = RULES[code]
    chosen: dict[str, int] = getattr(settings, "RETENTION_DAYS", {})
    days = chosen.get(code, rule.days)
    return Retention(
        days=None if follows or not counted_from else days,
        counted_from="" if follows else counted_from,
        source=rule.source,
        follows=follows,
        ending=rule.ending,
        must_decide=rule.must_decide and code not in chosen and not follows,
        code=code,
        label=rule.label,
    )


def removed_by_itself(retention: Retention) -> Retention:
    """The same, for records that the system removes when their time is over."""
    return replace(retention, ending=Ending.AUTOMATIC)


def in_words(retention: Retention) -> str:
    """How long, for people: "5 years after the role has ended"."""
    label = str(retention.label)
    if retention.follows:
        return _("as long as the record that it belongs to")
    if not retention.days:
        return label or _("no time is set")
    return _("%(length)s %(event)s") % {"length": length_in_words(retention.days), "event": label}


def length_in_words(days: int) -> str:
    """A number of days as years where it is whole years, else as days."""
    if days % YEAR == 0:
        years = days // YEAR
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@dataclass(frozen=True, slots=True)
class Due:
    """The records of one model whose time is over. `rows`: lazy, unordered; `count`: how many.

    `before`: the day before which the counted date lies.
    """

    declaration: Declaration
    model: type[models.Model]
    rows: models.QuerySet[Any]
    count: int
    before: date


def due(today: date) -> list[Due]:
    """Models that have records past their time on `today`, in order of labels. One query each.

    A record kept for N days counted from a day D is due from the day after D + N.
    """
    found = []
    for label, declaration in sorted(DECLARATIONS.items()):
        if declaration.retention.days is None:
            continue
        rows = due_rows(declaration, today)
        if count := rows.count():
            before = today - timedelta(days=declaration.retention.days)
            found.append(Due(declaration, apps.get_model(label), rows, count, before))
    return found


def due_rows(declaration: Declaration, today: date) -> models.QuerySet[Any]:
    """The rows of one declared model whose time is over on `today`; none where no days are set."""
    model = apps.get_model(declaration.label)
    retention = declaration.retention
    rows: models.QuerySet[Any] = model._base_manager.all()
    if retention.days is None:
        return rows.none()
    before: date = today - timedelta(days=retention.days)
    counted = model._meta.get_field(retention.counted_from)
    if isinstance(counted, models.DateTimeField):
        before = timezone.make_aware(datetime.combine(before, time()))
    return rows.filter(**{f"{retention.counted_from}__lt": before})

"""What a file says and nothing here holds, as lines for a note that people read."""

from datetime import date

from django.utils.translation import gettext as _

from cairn.referral.htcds.record import PersonRecord, ReturnLine, Sent, ServiceLine
from cairn.referral.rules.choices import LegalBasis, Need, Urgency
from cairn.referral.rules.plans import EpisodeOutcome
from cairn.referral.rules.referrals import State
from cairn.referral.rules.returns import ReturnState
from cairn.referral.rules.services import ServiceType
from cairn.ui.formats import date_text


def lines_of(record: PersonRecord) -> list[str]:
    """Referrals, services and returns of the file, on what it was told, and its own words."""
    found = [_("Brought as a file; its reference is %(code)s.") % {"code": record.reference}]
    if record.basis:
        found.append(
            _("On what it was told there: %(basis)s.") % {"basis": LegalBasis(record.basis).label}
        )
    if not record.is_open:
        found.append(_("The record over there is closed."))
    if came := record.came:
        found.append(
            _("It came there from: %(facts)s")
            % {"facts": _facts(came.sender, _day(came.on), _label(Need, came.need), came.words)}
        )
    found += [_sent(each) for each in record.sent]
    found += [_service(each) for each in record.services]
    found += [_return(each) for each in record.returns]
    return [*found, record.words] if record.words else found


def _facts(*facts: str) -> str:
    return "; ".join(each for each in facts if each)


def _day(day: date | None) -> str:
    return date_text(day) if day else ""


def _label(choices: type, code: str) -> str:
    return str(choices(code).label) if code else ""


def _sent(line: Sent) -> str:
    return _("Referred: %(facts)s") % {
        "facts": _facts(
            line.to,
            _day(line.on),
            _label(Need, line.need),
            _label(Urgency, line.urgency),
            _label(State, line.state),
            line.words,
        )
    }


def _service(line: ServiceLine) -> str:
    days = " – ".join(each for each in (_day(line.starts_on), _day(line.ends_on)) if each)
    return _("Help given: %(facts)s") % {
        "facts": _facts(
            _label(ServiceType, line.kind), line.by, days, _label(EpisodeOutcome, line.outcome)
        )
    }


def _return(line: ReturnLine) -> str:
    return _("Return: %(facts)s") % {
        "facts": _facts(_label(ReturnState, line.state), line.country, line.to, _day(line.on))
    }

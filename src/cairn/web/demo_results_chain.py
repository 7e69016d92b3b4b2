"""Invented help and decisions of one quarter, so many that the chain of results tells of them.

They are of organisations and a country in which no demo account works, so that they fill no list.
"""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from cairn.core.models import Organisation, OrganisationKind
from cairn.core.pseudonyms import save_with_code
from cairn.identification.models import (
    Decision,
    Procedure,
    ReceivingUnit,
    ReceptionKey,
    Report,
)
from cairn.identification.rules.choices import Channel, ReportState, WorkerProfile
from cairn.identification.rules.procedures import STANDARDS, Stage, Standard
from cairn.identification.rules.procedures import State as Outcome
from cairn.referral.models import Person, Referral, Service, ServiceEpisode
from cairn.referral.rules.choices import LegalBasis, Need, Purpose, Urgency
from cairn.referral.rules.counts import settled_quarters
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.referrals import State
from cairn.referral.rules.services import ServiceType
from cairn.web.demo_protection import Home

COUNTRY, AREA = "SEN", "Invented Town"
AUTHORITY, SENDER = "Invented Authority of the Chain", "Invented Shelter of the Chain"
PROVIDERS = ("Invented Clinic of the Chain", "Invented Legal Aid of the Chain")
# How many reports by the generation of the officer's training; None: no certificate was shown.
REPORTS = {1: 34, 2: 15, None: 22}
DECISIONS = {Outcome.REASONABLE_GROUNDS: 17, Outcome.CONCLUSIVE_POSITIVE: 12}
PERSONS = {
    (AgeBand.ADULT, "female"): 19,
    (AgeBand.ADULT, "male"): 12,
    (AgeBand.CHILD, "female"): 13,
    (AgeBand.CHILD, "male"): 11,
}
# Of each provider: how many referrals ended how, and after how many hours.
ANSWERS = ((State.CLOSED, 15, 6), (State.CLOSED, 10, 40), (State.DECLINED, 10, 20))
LONGEST_HOURS = 30
KEPT = timedelta(days=5 * 365)
STAGES = {
    Outcome.REASONABLE_GROUNDS: Stage.REASONABLE_GROUNDS,
    Outcome.CONCLUSIVE_POSITIVE: Stage.CONCLUSIVE,
}


def make_chain(home: Home) -> int:
    """Enter all of it in the last quarter that is told, once; returns how many records."""
    authority, sender = _body(AUTHORITY), _body(SENDER)
    if Procedure.objects.filter(organisation=authority).exists():
        return 0
    day = settled_quarters(home.today)[0].starts_on + timedelta(days=20)
    moment = timezone.make_aware(datetime.combine(day, time(9)))
    persons = _persons(sender, day)
    return (
        _reports(authority, moment)
        + _decisions(authority, day, moment)
        + len(persons)
        + _referrals(sender, persons[0], moment)
    )


def _body(name: str) -> Organisation:
    made, _is_new = Organisation.objects.get_or_create(
        slug=name.lower().replace(" ", "-"), defaults={"name": name, "kind": OrganisationKind.NGO}
    )
    return made


def _reports(authority: Organisation, moment: datetime) -> int:
    """Closed reports whose content is gone: that they came in is all that is left of them."""
    unit = ReceivingUnit(name="Invented desk of the chain", organisation=authority, country=COUNTRY)
    save_with_code(unit)
    key = ReceptionKey.objects.create(
        id=uuid4().hex[:16],
        receiver=unit,
        # No point of the curve: nothing can be sealed for this desk.
        public=bytes(65),
        made_at=moment,
        not_after=moment.date(),
    )
    rows = []
    for generation, count in REPORTS.items():
        for _each in range(count):
            id = uuid4()
            code = id.hex[:12].upper()
            rows.append(
                Report(
                    id=id,
                    code=f"{code[:6]}-{code[6:]}",
                    receiver=unit,
                    key=key,
                    channel=Channel.WEB,
                    profile=WorkerProfile.POLICE,
                    generation=generation,
                    edition="2026-1",
                    made_at=moment,
                    received_at=moment,
                    digest=id.hex * 2,
                    state=ReportState.NO_CONCERN,
                )
            )
    return len(Report.objects.bulk_create(rows))


def _decisions(authority: Organisation, day: date, moment: datetime) -> int:
    for outcome, count in DECISIONS.items():
        standard = next(each for each in Standard if each in STANDARDS[outcome])
        for _each in range(count):
            procedure = Procedure(
                organisation=authority, country=COUNTRY, opened_on=day, keep_until=day + KEPT
            )
            save_with_code(procedure)
            Decision(
                procedure=procedure,
                data_key=procedure.data_key,
                number=1,
                code=f"{procedure.code.lower()}.1",
                stage=STAGES[outcome],
                outcome=outcome,
                standard=standard,
                authority="Invented Act 7",
                decided_by=uuid4(),
                decided_at=moment,
                reasons="Invented reasons.",
            ).save()
    return sum(DECISIONS.values())


def _persons(sender: Organisation, day: date) -> list[Person]:
    """Each with one service that began."""
    found = []
    for (age, sex), count in PERSONS.items():
        for number in range(count):
            person = Person(
                organisation=sender,
                country=COUNTRY,
                age_band=age,
                sex=sex,
                opened_on=day,
                keep_until=day + KEPT,
            )
            save_with_code(person)
            ServiceEpisode(
                person=person,
                data_key=person.data_key,
                code=f"{person.code.lower()}.s1",
                number=1,
                recorded_at=timezone.now(),
                service_type=ServiceType.HEALTH if number % 2 else ServiceType.SHELTER,
                provider=sender,
                starts_on=day,
            ).save()
            found.append(person)
    return found


def _referrals(sender: Organisation, person: Person, moment: datetime) -> int:
    """To two services, some answered in time and some late."""
    made = 0
    for name in PROVIDERS:
        provider = _body(name)
        service = Service(
            organisation=provider,
            name=name,
            kinds=[ServiceType.HEALTH.value],
            needs=[Need.HEALTH.value],
            country=COUNTRY,
            area=AREA,
            assured_on=moment.date(),
        )
        save_with_code(service)
        for state, count, hours in ANSWERS:
            for _each in range(count):
                save_with_code(
                    Referral(
                        person=person,
                        organisation=sender,
                        country=COUNTRY,
                        service=service,
                        recipient=provider,
                        recipient_country=COUNTRY,
                        need=Need.HEALTH,
                        urgency=Urgency.URGENT,
                        purpose=Purpose.ASSISTANCE,
                        basis=LegalBasis.CONSENT,
                        place=AREA,
                        state=state,
                        made_at=moment,
                        moved_at=moment,
                        sent_at=moment,
                        decided_at=moment + timedelta(hours=hours),
                        decide_by=moment + timedelta(hours=LONGEST_HOURS),
                    )
                )
                made += 1
    return made

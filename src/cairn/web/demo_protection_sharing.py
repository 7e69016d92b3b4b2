"""Invented shares and hand-overs: one that holds, one that waits, one that has moved."""

from datetime import timedelta

from cairn.referral.actions import Facts, SealedTexts, enter_person
from cairn.referral.actions.consent import (
    Explained,
    Question,
    Reply,
    answer_consent,
    ask_consent,
)
from cairn.referral.actions.persons_rows import assess_needs
from cairn.referral.actions.protocols import Terms as ProtocolTerms
from cairn.referral.actions.protocols import draft_protocol, sign_protocol
from cairn.referral.actions.sharing import Terms, accept_offer, propose_share
from cairn.referral.actions.sharing_hand_over import hand_over_caseload
from cairn.referral.actions.sharing_moving import keep_late_note, move_files
from cairn.referral.actions.sharing_transfer import answer_transfer, propose_transfer
from cairn.referral.models import HandOver, Person
from cairn.referral.queries.sharing_hand_over import supervised
from cairn.referral.rules import AgeBand
from cairn.referral.rules.choices import (
    DataCategory,
    Interpreter,
    LegalBasis,
    Need,
    Purpose,
    Urgency,
)
from cairn.referral.rules.consent import NAMED, Capacity, ConsentState, GivenBy
from cairn.referral.rules.sharing import Why
from cairn.web.demo_protection import COUNTRY, Home

ALL = [each.value for each in DataCategory]
WORDS = {
    DataCategory.NEED.value: "Invented: asks for a bed in a room with a lock, for two weeks.",
    DataCategory.CONTACT.value: "Invented: by the neighbour with the green gate, never by phone.",
}
TEXT = "Invented: each party takes a file over whole, asks the person anew, and tells where it is."
NAME, NOTE = "Invented Orwin Tallister", "Invented: moves to the other valley after the harvest."
LATE = "Invented: the sister called after the file had gone; she is well."


def make_sharing(home: Home) -> int:
    """Two shares, a hand-over to a colleague, one that waits for the partner, and one that went."""
    needed = {"case-supervisor", "case-supervisor-2", "directory-editor", "directory-editor-2"}
    if not needed <= set(home.actors) or HandOver.objects.exists():
        return 0
    _sign(home)
    return _share(home) + _hand_over_inside(home) + _offer(home) + _move(home)


def _sign(home: Home) -> None:
    """A protocol under which whole files go."""
    own, partner = home.actors["directory-editor"], home.actors["directory-editor-2"]
    terms = ProtocolTerms(
        title="Taking files over",
        text=TEXT,
        parties=(home.own, home.partner),
        categories=ALL,
        purposes=[Purpose.TRANSFER.value],
        starts_on=home.today,
        ends_on=home.today + timedelta(days=365),
    )
    made = draft_protocol(own, home.own, terms)
    sign_protocol(own, made.code, home.own.pk)
    sign_protocol(partner, made.code, home.partner.pk)


def _share(home: Home) -> int:
    """One that holds, and one that the partner has to look at."""
    giver, taker = home.actors["case-supervisor"], home.actors["case-supervisor-2"]
    ends = home.today + timedelta(days=60)
    terms = Terms(Purpose.ASSISTANCE, sorted(WORDS), ends, WORDS)
    adults = [each for each in home.persons if each.age_band == AgeBand.ADULT and each.is_open]
    made = [propose_share(giver, each.code, home.partner, terms) for each in adults[1:3]]
    for share in made[:1]:
        accept_offer(taker, share.code, share.version)
    return len(made)


def _hand_over_inside(home: Home) -> int:
    """A record of the supervisor comes into the hands of a colleague."""
    supervisor, worker = home.actors["case-supervisor"], home.actors["service-provider"]
    if worker.user_id is None:
        return 0
    _person(home, "en", of="case-supervisor")
    own = supervisor.user_id
    count = supervised(supervisor).filter(caseworker=own).count()
    made = hand_over_caseload(supervisor, own, worker.user_id, Why.STAFF_LEAVES, expected=count)
    return 1 + len(made)


def _offer(home: Home) -> int:
    """Two records wait for the partner; a third stays, because nobody asked the person."""
    willing = [_person(home, "ne"), _person(home, "ar", "fr")]
    for each in willing:
        _agree(home, each)
    codes = [each.code for each in (*willing, _person(home, "en"))]
    propose_transfer(home.actors["case-supervisor"], codes, home.partner, Why.POST_CLOSES)
    return 4


def _move(home: Home) -> int:
    """A record has gone to the partner; the old caseworker still had something to say."""
    one = _person(home, "ne")
    _agree(home, one)
    giver, taker = home.actors["case-supervisor"], home.actors["case-supervisor-2"]
    made = propose_transfer(giver, [one.code], home.partner, Why.PERSON_MOVES)[0]
    helper = home.actors["service-provider-2"].user_id
    answer_transfer(taker, made.code, [1], to_user=helper)
    move_files(taker, made.pk)
    keep_late_note(home.actors["service-provider"], one.code, "person-edit", LATE)
    return 2


def _person(home: Home, *languages: str, of: str = "service-provider") -> Person:
    worker = home.actors[of]
    facts = Facts(home.own, COUNTRY, AgeBand.ADULT, home.today, languages=languages)
    made = enter_person(worker, facts, SealedTexts(name=NAME, note=NOTE))
    needs = {Need.HEALTH.value: Urgency.URGENT.value, Need.LEGAL.value: Urgency.ROUTINE.value}
    assess_needs(worker, made.code, needs=needs, assessed_on=home.today)
    return made


def _agree(home: Home, person: Person) -> None:
    """The person agreed that the partner takes the help and the file over."""
    worker = home.actors["service-provider"]
    asked = Question(Purpose.TRANSFER, NAMED, home.partner, ALL, LegalBasis.CONSENT)
    language = person.languages[0]
    made = ask_consent(worker, person.code, asked, Explained(language, Interpreter.CHECKED))
    said = Reply(
        ConsentState.GIVEN,
        Capacity.ABLE,
        GivenBy.PERSON,
        expires_on=home.today + timedelta(days=90),
    )
    answer_consent(worker, person.code, made.number, said)

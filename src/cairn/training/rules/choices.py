"""The words of training that records are kept in: kinds, roles, sexes, professions, purposes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgencyType(TextChoices):
    """What sort of body sends or trains people. Source: the training study, 6.1."""

    POLICE = "police", _("Police")
    GENDARMERIE = "gendarmerie", _("Gendarmerie")
    BORDER = "border", _("Border guard")
    MILITARY_POLICE = "military-police", _("Military police")
    PROSECUTION = "prosecution", _("Prosecution")
    JUDICIARY = "judiciary", _("Judiciary")
    LABOUR_INSPECTION = "labour-inspection", _("Labour inspection")
    MIGRATION = "migration", _("Migration authority")
    SOCIAL_SERVICE = "social-service", _("Social service")
    HEALTH = "health", _("Health service")
    NGO = "ngo", _("Non-governmental organisation")
    UN_POLICE = "un-police", _("United Nations police component")
    INSTITUTION = "institution", _("Training institution")
    OTHER = "other", pgettext_lazy("type of agency", "Other")


class Sex(TextChoices):
    """As the programme records it. "Not stated" is an answer of its own, never a guess."""

    FEMALE = "female", _("Women")
    MALE = "male", _("Men")
    OTHER = "other", pgettext_lazy("sex", "Other")
    NOT_STATED = "not-stated", _("Not stated")


class Profession(TextChoices):
    POLICE = "police", _("Police officer")
    INVESTIGATOR = "investigator", _("Investigator")
    BORDER = "border", _("Border official")
    PROSECUTOR = "prosecutor", _("Prosecutor")
    JUDGE = "judge", _("Judge")
    LAWYER = "lawyer", _("Lawyer")
    LABOUR_INSPECTOR = "labour-inspector", _("Labour inspector")
    HEALTH = "health", _("Health professional")
    SOCIAL = "social", _("Social worker")
    CIVIL_SOCIETY = "civil-society", _("Member of civil society")
    PEACEKEEPER = "peacekeeper", _("Peacekeeper")
    OFFICIAL = "official", _("Other official")
    EXPERT = "expert", _("Expert")
    NOT_STATED = "not-stated", _("Not stated")


class Competency(TextChoices):
    """What an officer can do afterwards. Source: the training study, 6.2."""

    IDENTIFY = "identify", _("Identify")
    SCREEN = "screen", _("Screen and interview safely")
    PROTECT = "protect", _("Protect and refer")
    REPORT = "report", _("Report")
    EVIDENCE = "evidence", _("Preserve evidence")
    INVESTIGATE = "investigate", _("Investigate")
    COOPERATE = "cooperate", _("Cooperate across borders")
    TRAIN = "train", _("Train others")


class EventKind(TextChoices):
    """Kinds of training event. Source: the training study, 6.3."""

    TOT = "tot", _("Training of trainers")
    DIRECT = "direct", _("Training of officers")
    PILOT = "pilot", _("Pilot course")
    REFRESHER = "refresher", _("Refresher")
    INSTRUCTOR_FOLLOW_UP = "instructor-follow-up", _("Follow-up of instructors")
    INDUCTION = "induction", _("Induction training")
    PRE_DEPLOYMENT = "pre-deployment", _("Pre-deployment training")
    E_LEARNING = "e-learning", _("E-learning group")
    MENTORING = "mentoring", _("Mentoring")
    SIMULATION = "simulation", _("Simulation-based training")
    MOCK_TRIAL = "mock-trial", _("Mock trial")
    STUDY_VISIT = "study-visit", _("Study visit")
    MEETING = "meeting", _("Meeting of experts")


class Participation(TextChoices):
    """Whether an event keeps persons, or counts only: names cannot leave every country."""

    NAMED = "named", _("By person")
    AGGREGATE = "aggregate", _("Counts only")


class StaffRole(TextChoices):
    LEAD = "lead", _("Lead trainer")
    CO_TRAINER = "co-trainer", _("Co-trainer")
    ASSISTANT = "assistant", _("Assistant trainer")
    OBSERVER = "observer", _("Observer")
    ASSESSOR = "assessor", _("Assessor")
    INTERPRETER = "interpreter", _("Interpreter")
    ORGANISER = "organiser", _("Organiser")


# Roles that teach: they can make somebody's trainer, and only they carry the cascade.
TEACHING = frozenset({StaffRole.LEAD, StaffRole.CO_TRAINER, StaffRole.ASSISTANT})


class PartyRole(TextChoices):
    HOST = "host", _("Host")
    COOPERATING = "cooperating", _("Cooperating agency")
    PARTNER = "partner", _("Partner")
    DONOR = "donor", _("Donor")


class MarkKind(TextChoices):
    """What an attendance mark says. Marks are never changed; a later one corrects."""

    IN = "in", _("Came in")
    OUT = "out", _("Went out")
    PRESENT = "present", _("Present for the whole session")
    ABSENT = "absent", _("Absent")
    VOID = "void", _("An earlier mark was wrong")


class MarkMeans(TextChoices):
    QR = "qr", _("Badge scanned")
    CODE = "code", _("Code typed")
    PAPER = "paper", _("Paper sheet")
    DESK = "desk", _("At the desk")


class TestWave(TextChoices):
    __test__ = False  # no test class for pytest

    PRE = "pre", _("Before the training")
    POST = "post", _("At the end")
    FOLLOW_UP = "follow-up", _("Some months later")


class SittingMeans(TextChoices):
    PHONE = "phone", _("On a phone")
    PAPER = "paper", _("On paper")


class InstrumentKind(TextChoices):
    """Which level of evaluation a questionnaire serves. Source: the training study, section 7."""

    REACTION = "reaction", _("Reaction, at the end")
    APPLICATION_SELF = "application-self", _("Application, by the person")
    APPLICATION_SUPERVISOR = "application-supervisor", _("Application, by the supervisor")


class CredentialKind(TextChoices):
    ATTENDANCE = "attendance", _("Attendance")
    ACHIEVEMENT = "achievement", _("Achievement")
    TRAINER = "trainer", _("Trainer")
    TEAM_MEMBER = "team-member", _("Member of a mobile training team")
    ASSESSOR = "assessor", _("Assessor")


class LadderStep(TextChoices):
    """How far a trainer has come. Source: the training study, 6.4."""

    PARTICIPANT = "participant", _("Passed a training of trainers")
    ASSISTANT = "assistant", _("Assistant trainer")
    CO_TRAINER = "co-trainer", _("Co-trainer")
    LEAD = "lead", _("Lead trainer")
    MASTER = "master", _("Master trainer")


class CourseType(TextChoices):
    """Where a module became part of a curriculum. Source: the training study, 6.2."""

    INDUCTION = "induction", _("Induction")
    PRE_DEPLOYMENT = "pre-deployment", _("Pre-deployment")
    INITIAL = "initial", _("Initial training")
    IN_SERVICE = "in-service", _("In-service training")


class VettingKind(TextChoices):
    IDENTITY = "identity", _("Identity and service record")
    HUMAN_RIGHTS = "human-rights", _("Human rights screening")
    SECURITY = "security", _("Security clearance")
    MEDICAL = "medical", _("Fitness to travel")


class AvailabilityKind(TextChoices):
    AVAILABLE = "available", _("Available")
    AWAY = "away", _("Away")


class RestrictionKind(TextChoices):
    POSTING = "posting", _("Posting")
    VETTING = "vetting", pgettext_lazy("restriction of a trainer", "Vetting")
    CONFLICT = "conflict", _("Conflict of interest")


class SelectionOutcome(TextChoices):
    SELECTED = "selected", _("Selected")
    RESERVE = "reserve", _("Reserve list")
    NOT_SELECTED = "not-selected", _("Not selected")


class TaskingKind(TextChoices):
    PILOT = "pilot", _("Pilot course")
    FOLLOW_UP = "follow-up", _("Follow-up")


class OutcomeKind(TextChoices):
    """What trained officers report from the field. No data of victims or suspects."""

    IDENTIFICATION_SUPPORTED = "identification-supported", _("Identification supported")
    REFERRAL_MADE = "referral-made", _("Referral made")
    ADVICE_GIVEN = "advice-given", _("Advice given")
    INVESTIGATION_SUPPORTED = "investigation-supported", _("Investigation supported")
    JOINT_ACTION = "joint-action", _("Joint action")
    PROCEDURE_CHANGED = "procedure-changed", _("Procedure changed")
    PEERS_TRAINED = "peers-trained", _("Peers trained")
    OTHER = "other", pgettext_lazy("kind of outcome", "Other")


class Confidence(TextChoices):
    """How sure whoever reports is of the count."""

    LOW = "low", _("Estimated")
    MEDIUM = "medium", _("Counted by the unit")
    HIGH = "high", _("Documented")


class Strength(TextChoices):
    """How strong the claim is that training contributed. Contribution, never attribution."""

    SELF_REPORTED = "self-reported", _("Reported by the officer")
    SUPERVISOR_CONFIRMED = "supervisor-confirmed", _("Confirmed by the supervisor")
    DOCUMENTED = "documented", _("Documented")


class ConsentMethod(TextChoices):
    SIGNED = "signed", _("Signed")
    SPOKEN = "spoken", _("Spoken")
    SCREEN = "screen", _("On a screen")


class RequestKind(TextChoices):
    """What a State or institution asks for. Source: the training study, 6.6."""

    INSTRUCTOR_FOLLOW_UP = "instructor-follow-up", _("Follow-up training of instructors")
    TOT = "tot", _("Training of trainers")
    CURRICULUM = "curriculum", _("Integration into a curriculum")
    SIMULATION = "simulation", _("Simulation")
    POLICY = "policy", _("Policy advice")
    LEGISLATION = "legislation", _("Help with legislation")
    MENTORING = "mentoring", _("Mentoring")
    EQUIPMENT = "equipment", _("Equipment")
    WORKING_GROUP = "working-group", _("Working group")
    OTHER = "other", pgettext_lazy("kind of request", "Other")

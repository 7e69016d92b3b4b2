import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_units"),
        ("referral", "0002_access_points"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="contact_rule",
            field=models.CharField(
                choices=[
                    ("any", "Any way that the person gave"),
                    ("not-asked", "Not asked yet: ask before any contact"),
                    ("through-us", "Only through us"),
                    ("in-person", "Only in person"),
                    ("none", "No contact: the person comes to us"),
                ],
                default="not-asked",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="displacement",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not-displaced", "Not displaced"),
                    ("internally", "Displaced inside the country"),
                    ("asylum-seeker", "Asylum seeker"),
                    ("refugee", "Refugee"),
                    ("protected", "Other international protection"),
                    ("stateless", "Stateless"),
                    ("migrant", "Migrant"),
                    ("returnee", "Returned"),
                    ("separated-child", "Child alone or separated"),
                    ("former-combatant", "Formerly with an armed group"),
                    ("unknown", "Not known"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="do_not_contact",
            field=models.BinaryField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="languages",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="person",
            name="sex",
            field=models.CharField(
                blank=True,
                choices=[("female", "Female"), ("male", "Male"), ("other", "Other")],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("called", "What friends and family say"),
                            ("work", "Used at work or given by others there"),
                            ("papers", "Stands in papers"),
                            ("former", "Used earlier"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("name", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "number"), name="alias_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="BestInterests",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assessment", "Assessment"),
                            ("determination", "Determination by a panel"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[
                            ("placement", "Where should the child live for now?"),
                            ("telling", "Should others be told about the child?"),
                            ("transfer", "Should the child go to another place or authority?"),
                            ("family", "Should the family be contacted?"),
                            ("return", "Should the child return?"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("with-safeguards", "Yes, with safeguards"),
                            ("not-now", "Not now"),
                            ("no", "No"),
                        ],
                        max_length=16,
                    ),
                ),
                ("decided_by", models.CharField(max_length=200)),
                ("decided_on", models.DateField()),
                ("review_on", models.DateField(blank=True, null=True)),
                ("options", models.BinaryField(blank=True, null=True)),
                ("view", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="child_interests_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_on", None),
                            ("review_on__gt", models.F("decided_on")),
                            _connector="OR",
                        ),
                        name="child_interests_reviewed_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("field", models.CharField(max_length=20)),
                ("base", models.JSONField(null=True)),
                ("values", models.JSONField(default=list)),
                ("standing", models.JSONField(null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_by", models.UUIDField(blank=True, null=True)),
                ("resolved_as", models.JSONField(null=True)),
                ("content", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at", None)),
                        fields=["person"],
                        name="conflict_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="conflict_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("content__isnull", True), ("resolved_at", None)),
                        fields=("person", "field"),
                        name="conflict_one_is_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Expert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(blank=True, max_length=3)),
                ("title", models.CharField(max_length=120)),
                ("fields", models.JSONField(default=list)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("countries", models.JSONField(blank=True, default=list)),
                (
                    "availability",
                    models.CharField(
                        choices=[
                            ("available", "Can be asked"),
                            ("busy", "Answers late"),
                            ("away", "Cannot be asked now"),
                        ],
                        default="available",
                        max_length=9,
                    ),
                ),
                ("entered_on", models.DateField()),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("name", models.BinaryField(blank=True, null=True)),
                ("contact", models.BinaryField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["title", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("keep_until", None), _negated=True),
                            models.Q(("erased_on", None), _negated=True),
                            _connector="OR",
                        ),
                        name="expert_kept_until_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Guardian",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("appointed_by", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("name", models.BinaryField(blank=True, null=True)),
                ("contact", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="guardian_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="guardian_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("assistance", "To give help"),
                            ("health", "To treat"),
                            ("legal-aid", "To advise and represent"),
                            ("child-care", "To care for a child"),
                            ("family-tracing", "To find the family"),
                            ("identification", "To have a victim identified"),
                            ("return", "To prepare return and reintegration"),
                            ("safety", "To keep somebody safe"),
                            ("transfer", "To take over the help and the file"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "recipient_class",
                    models.CharField(
                        choices=[
                            ("organisation", "One organisation, by name"),
                            ("shelter", "Shelter"),
                            ("health", "Health care"),
                            ("mental-health", "Mental health and psychosocial support"),
                            ("legal-aid", "Legal aid"),
                            ("interpretation", "Interpretation"),
                            ("case-management", "Case management"),
                            ("cash", "Cash and vouchers"),
                            ("basic-needs", "Food and basic items"),
                            ("livelihood", "Work and livelihood"),
                            ("vocational-training", "Vocational training"),
                            ("education", "Education"),
                            ("family-tracing", "Family tracing"),
                            ("child-protection", "Child protection"),
                            ("asylum", "Asylum and refugee status"),
                            ("documentation", "Identity papers"),
                            ("hotline", "Helpline"),
                            ("transport", "Safe transport"),
                            ("return", "Voluntary return"),
                            ("reintegration", "Reintegration"),
                            ("identification-authority", "The identification authority"),
                        ],
                        max_length=24,
                    ),
                ),
                ("categories", models.JSONField(default=list)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent of the person"),
                            ("vital-interest", "Danger to life or health"),
                            ("legal-duty", "Duty under the law"),
                            ("public-interest", "Task in the public interest"),
                            ("contract", "An agreement with the person"),
                            ("legitimate-interest", "Legitimate interest"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not-sought", "Not asked yet"),
                            ("explained", "Explained, no answer yet"),
                            ("given", "Agreed"),
                            ("given-with-limits", "Agreed, with limits"),
                            ("refused", "Said no"),
                            ("not-possible", "Could not be asked; other legal basis"),
                            ("withdrawn", "Taken back"),
                            ("expired", "Time is over"),
                            ("superseded", "Replaced by a newer answer"),
                        ],
                        default="not-sought",
                        max_length=18,
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("language", models.CharField(blank=True, max_length=8)),
                (
                    "interpreter",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None was needed"),
                            ("checked", "Yes, checked for ties and trust"),
                            ("unchecked", "Yes, not checked"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "given_by",
                    models.CharField(
                        blank=True,
                        choices=[("person", "The person"), ("guardian", "The guardian")],
                        max_length=10,
                    ),
                ),
                (
                    "assent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "The child agrees"),
                            ("no", "The child does not agree"),
                            ("not-asked", "The child was not asked"),
                            ("not-able", "The child is too young to say"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("able", "Understood, and could decide freely"),
                            ("supported", "Could decide with support"),
                            ("not-now", "Could not decide at that moment"),
                        ],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("receipt", models.CharField(blank=True, max_length=7)),
                (
                    "receipt_taken",
                    models.CharField(
                        choices=[
                            ("not-offered", "Not offered yet"),
                            ("taken", "The person took it"),
                            ("left", "The person did not want it"),
                        ],
                        default="not-offered",
                        max_length=12,
                    ),
                ),
                ("limits", models.BinaryField(blank=True, null=True)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.consent",
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.guardian",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["given", "given-with-limits", "not-possible"])
                        ),
                        fields=["expires_on"],
                        name="consent_ends",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="consent_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("receipt", ""), _negated=True),
                        fields=("receipt",),
                        name="consent_receipt_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on", None),
                            ("expires_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="consent_ends_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["given", "given-with-limits", "not-possible"]),
                                _negated=True,
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("expires_on__isnull", False),
                                ("starts_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consent_has_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["given", "given-with-limits"]), _negated=True),
                            models.Q(("given_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="consent_given_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis", "vital-interest"), _negated=True),
                        name="consent_never_in_advance_for_danger",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("recipient__isnull", False), ("recipient_class", "organisation")
                            ),
                            models.Q(
                                models.Q(("recipient_class", "organisation"), _negated=True),
                                ("recipient", None),
                            ),
                            _connector="OR",
                        ),
                        name="consent_has_one_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_by", None), ("state", "superseded"), _connector="OR"
                        ),
                        name="consent_superseded_says_so",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not-sought", "Not asked yet"),
                            ("explained", "Explained, no answer yet"),
                            ("given", "Agreed"),
                            ("given-with-limits", "Agreed, with limits"),
                            ("refused", "Said no"),
                            ("not-possible", "Could not be asked; other legal basis"),
                            ("withdrawn", "Taken back"),
                            ("expired", "Time is over"),
                            ("superseded", "Replaced by a newer answer"),
                        ],
                        max_length=18,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("not-sought", "Not asked yet"),
                            ("explained", "Explained, no answer yet"),
                            ("given", "Agreed"),
                            ("given-with-limits", "Agreed, with limits"),
                            ("refused", "Said no"),
                            ("not-possible", "Could not be asked; other legal basis"),
                            ("withdrawn", "Taken back"),
                            ("expired", "Time is over"),
                            ("superseded", "Replaced by a newer answer"),
                        ],
                        max_length=18,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in-person", "In person"),
                            ("phone", "By telephone"),
                            ("message", "In a message"),
                            ("through", "Through somebody the person trusts"),
                            ("later-answer", "By a later, narrower answer"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="referral.consent",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="consent_step_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(max_length=3)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("post-closes", "The post closes"),
                            ("staff-leaves", "Somebody leaves"),
                            ("person-moves", "The person moves"),
                            ("better-placed", "Somebody else can help better"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for the other side"),
                            ("moving", "Records are on their way"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("taken-back", "Taken back"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("from_user", models.UUIDField(blank=True, null=True)),
                ("to_user", models.UUIDField(blank=True, null=True)),
                ("made_by", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                ("decided_by", models.UUIDField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "taker_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taker", None),
                            models.Q(("taker", models.F("organisation")), _negated=True),
                            _connector="OR",
                        ),
                        name="hand_over_to_another_organisation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("facts", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="LateNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("page", models.CharField(max_length=40)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="late_note_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchFeatures",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="referral.person",
                    ),
                ),
                ("marks", models.BinaryField()),
                ("edition", models.PositiveSmallIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("looked_at", None)),
                        fields=["changed_at"],
                        name="matchfeatures_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("mark", models.BigIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "mark", "person"], name="matchkey_looked_up"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("non-punishment", "Not punished for what one was made to do"),
                            ("compensation", "Compensation"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("noticed", "Noticed"),
                            ("raised", "Raised with the authority"),
                            ("considered", "Under consideration"),
                            ("applied", "Granted"),
                            ("partly", "Granted in part"),
                            ("not-applied", "Refused"),
                            ("remedied", "Carried out"),
                            ("dropped", "Given up at the person's wish"),
                        ],
                        default="noticed",
                        max_length=12,
                    ),
                ),
                ("forum", models.CharField(blank=True, max_length=200)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("acts", models.BinaryField(blank=True, null=True)),
                ("link", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="matter_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MatterStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("noticed", "Noticed"),
                            ("raised", "Raised with the authority"),
                            ("considered", "Under consideration"),
                            ("applied", "Granted"),
                            ("partly", "Granted in part"),
                            ("not-applied", "Refused"),
                            ("remedied", "Carried out"),
                            ("dropped", "Given up at the person's wish"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("noticed", "Noticed"),
                            ("raised", "Raised with the authority"),
                            ("considered", "Under consideration"),
                            ("applied", "Granted"),
                            ("partly", "Granted in part"),
                            ("not-applied", "Refused"),
                            ("remedied", "Carried out"),
                            ("dropped", "Given up at the person's wish"),
                        ],
                        max_length=12,
                    ),
                ),
                ("happened_on", models.DateField()),
                ("reason", models.BinaryField(blank=True, null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="referral.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="matter_step_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Moved",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=14, unique=True)),
                ("record", models.CharField(db_index=True, max_length=7)),
                ("country", models.CharField(max_length=3)),
                (
                    "how",
                    models.CharField(
                        choices=[("moved", "Moved"), ("revoked", "No longer shared with you")],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "ask",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="referral.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "moved",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="NeedsAssessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("needs", models.JSONField(default=dict)),
                ("assessed_on", models.DateField()),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "number"), name="needs_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("notice", "Notice inside"), ("mail", "Mail")], max_length=8
                    ),
                ),
                ("dedupe_key", models.CharField(max_length=120, unique=True)),
                ("to_user", models.UUIDField(blank=True, null=True)),
                ("sealed_to", models.TextField(blank=True)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                ("code", models.CharField(max_length=40)),
                ("facts", models.JSONField(default=dict)),
                ("queued_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("failed", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["due_at"],
                        name="outbox_message_due",
                    ),
                    models.Index(fields=["subject_id"], name="outbox_message_of"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_user", None), ("sealed_to", ""), _connector="OR"),
                        name="outbox_message_one_way",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("score", models.SmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "To be looked at"),
                            ("same", "Same person"),
                            ("different", "Two persons"),
                        ],
                        default="suggested",
                        max_length=9,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairs_first",
                        to="referral.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairs_second",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "found_at", "id"],
                "indexes": [
                    models.Index(fields=["organisation", "state", "-score"], name="pair_listed")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="pair_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["suggested", "same", "different"])),
                        name="pair_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PairDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("same", "Same person"),
                            ("different", "Two persons"),
                            ("undone", "Decision taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("told", "The person says so"),
                            ("papers", "Papers were compared"),
                            ("known", "A colleague knows the person or both persons"),
                            ("records", "Both records were read"),
                            ("relatives", "They are twins, sisters, brothers or other relatives"),
                            ("mistake", "The decision before was a mistake"),
                        ],
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.UUIDField()),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="referral.pair",
                    ),
                ),
            ],
            options={
                "ordering": ["pair", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("pair", "number"), name="pairdecision_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed by the person"),
                            ("active", "Under way"),
                            ("under-review", "Looked at again"),
                            ("completed", "Completed"),
                            ("ended-by-person", "Ended by the person"),
                            ("transferred", "Passed on"),
                            ("lost-contact", "Contact lost"),
                        ],
                        default="proposed",
                        max_length=16,
                    ),
                ),
                ("agreed_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "indexes": [models.Index(fields=["state", "review_on"], name="plan_reviewed")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "number"), name="plan_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "proposed"),
                            ("state", "ended-by-person"),
                            ("agreed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="plan_agreed_before_it_runs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("safety", "Safety"),
                            ("housing", "A place to live"),
                            ("health", "Health"),
                            ("mind", "Well-being"),
                            ("law", "Law and papers"),
                            ("family", "Family"),
                            ("education", "Education"),
                            ("work", "Work and income"),
                            ("return", "Return"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("reached", "Reached"),
                            ("partly", "Reached in part"),
                            ("given-up", "Given up"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("target_on", models.DateField(blank=True, null=True)),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("words", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="referral.plan",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "number"), name="goal_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed by the person"),
                            ("active", "Under way"),
                            ("under-review", "Looked at again"),
                            ("completed", "Completed"),
                            ("ended-by-person", "Ended by the person"),
                            ("transferred", "Passed on"),
                            ("lost-contact", "Contact lost"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed by the person"),
                            ("active", "Under way"),
                            ("under-review", "Looked at again"),
                            ("completed", "Completed"),
                            ("ended-by-person", "Ended by the person"),
                            ("transferred", "Passed on"),
                            ("lost-contact", "Contact lost"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="referral.plan",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="plan_step_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Protocol",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(blank=True, max_length=3)),
                ("title", models.CharField(max_length=160)),
                ("categories", models.JSONField(default=list)),
                ("purposes", models.JSONField(default=list)),
                ("text", models.TextField()),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("signed", "Signed by all"),
                            ("ended", "Ended"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("drafted_at", models.DateTimeField()),
                ("drafted_by", models.UUIDField()),
                ("signed_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_by", models.UUIDField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=240)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                ("parties", models.ManyToManyField(related_name="+", to="core.organisation")),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="referral.protocol",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="protocol_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("signed_on", None), _negated=True),
                            ("state", "ended"),
                            _connector="OR",
                        ),
                        name="protocol_in_force_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ended"), _negated=True),
                            models.Q(("ended_on", None), _negated=True),
                            _connector="OR",
                        ),
                        name="protocol_ended_on_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("replaces", None), _negated=True),
                            models.Q(("state", "ended"), _negated=True),
                        ),
                        fields=("replaces",),
                        name="protocol_replaced_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Waits for the other side"),
                            ("stays", "Stays"),
                            ("declined", "Not taken"),
                            ("taken-back", "Taken back"),
                            ("accepted", "On its way"),
                            ("moved", "Changed hands"),
                        ],
                        default="moved",
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("closed", "The record is closed."),
                            ("elsewhere", "The record is in another hand-over already."),
                            ("held", "A legal reason holds the record where it is."),
                            ("erasure", "Somebody asked that the record is erased."),
                            ("excluded", "Nothing goes to this organisation."),
                            ("no-basis", "Nobody has agreed that the file goes there."),
                            ("no-protocol", "No protocol with this organisation is in force."),
                            ("categories", "What was agreed does not cover the whole file."),
                            ("guardian", "It is a child, and nobody is guardian."),
                            ("interests", "Nobody has found that it serves the child best."),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent", "Consent of the person"),
                            ("vital-interest", "Danger to life or health"),
                            ("legal-duty", "Duty under the law"),
                            ("public-interest", "Task in the public interest"),
                            ("contract", "An agreement with the person"),
                            ("legitimate-interest", "Legitimate interest"),
                        ],
                        max_length=24,
                    ),
                ),
                ("card", models.JSONField(default=dict)),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.consent",
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="referral.handover",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.person",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.protocol",
                    ),
                ),
            ],
            options={
                "ordering": ["hand_over", "person"],
                "indexes": [models.Index(fields=["state"], name="hand_over_line_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hand_over", "person"), name="hand_over_line_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["accepted", "offered"])),
                        fields=("person",),
                        name="hand_over_line_runs_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not-considered", "Not considered"),
                            ("counselled", "Choices explained"),
                            ("risk-assessed", "Danger assessed"),
                            ("blocked", "Blocked: not safe"),
                            ("declined", "Not wanted by the person"),
                            ("pre-departure", "Departure being prepared"),
                            ("travelling", "On the way"),
                            ("received", "Arrived and met"),
                            ("reintegration", "Settling in"),
                            ("monitored", "Visited"),
                            ("closed", "Closed"),
                            ("concern", "Trafficked again, it is feared"),
                        ],
                        default="not-considered",
                        max_length=14,
                    ),
                ),
                ("to_country", models.CharField(blank=True, max_length=3)),
                ("wanted_on", models.DateField(blank=True, null=True)),
                ("departs_on", models.DateField(blank=True, null=True)),
                ("received_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("wishes", models.BinaryField(blank=True, null=True)),
                ("arrangements", models.BinaryField(blank=True, null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="return_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("person",),
                        name="return_one_is_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonitoringVisit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("months", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("held_on", models.DateField(blank=True, null=True)),
                ("is_reached", models.BooleanField(null=True)),
                ("has_concern", models.BooleanField(default=False)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="referral.returnplan",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("held_on", None)), fields=["due_on"], name="visit_waits"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="visit_numbered_once"
                    ),
                    models.UniqueConstraint(fields=("plan", "months"), name="visit_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnRisk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("safe", "Safe enough, as far as is known"),
                            ("safeguards", "Safe enough with what is agreed"),
                            ("unsafe", "Not safe"),
                            ("not-known", "Not known"),
                        ],
                        max_length=12,
                    ),
                ),
                ("dangers", models.JSONField(default=list)),
                ("assessed_on", models.DateField()),
                ("sources", models.BinaryField(blank=True, null=True)),
                ("safeguards", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="referral.returnplan",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="return_risk_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not-considered", "Not considered"),
                            ("counselled", "Choices explained"),
                            ("risk-assessed", "Danger assessed"),
                            ("blocked", "Blocked: not safe"),
                            ("declined", "Not wanted by the person"),
                            ("pre-departure", "Departure being prepared"),
                            ("travelling", "On the way"),
                            ("received", "Arrived and met"),
                            ("reintegration", "Settling in"),
                            ("monitored", "Visited"),
                            ("closed", "Closed"),
                            ("concern", "Trafficked again, it is feared"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("not-considered", "Not considered"),
                            ("counselled", "Choices explained"),
                            ("risk-assessed", "Danger assessed"),
                            ("blocked", "Blocked: not safe"),
                            ("declined", "Not wanted by the person"),
                            ("pre-departure", "Departure being prepared"),
                            ("travelling", "On the way"),
                            ("received", "Arrived and met"),
                            ("reintegration", "Settling in"),
                            ("monitored", "Visited"),
                            ("closed", "Closed"),
                            ("concern", "Trafficked again, it is feared"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="referral.returnplan",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="return_step_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("extreme", "Extreme"),
                        ],
                        max_length=8,
                    ),
                ),
                ("factors", models.JSONField(default=list)),
                ("seen", models.PositiveSmallIntegerField(default=0)),
                ("assessed_on", models.DateField()),
                ("review_on", models.DateField(blank=True, null=True)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "number"), name="risk_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_on", None),
                            ("review_on__gt", models.F("assessed_on")),
                            _connector="OR",
                        ),
                        name="risk_reviewed_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("signs", models.BinaryField(blank=True, null=True)),
                ("steps", models.BinaryField(blank=True, null=True)),
                ("helpers", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="safety_plan_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=7, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("description", models.CharField(blank=True, max_length=1000)),
                ("kinds", models.JSONField(default=list)),
                ("needs", models.JSONField(default=list)),
                ("country", models.CharField(max_length=3)),
                ("area", models.CharField(max_length=80)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("ages", models.JSONField(blank=True, default=list)),
                ("sexes", models.JSONField(blank=True, default=list)),
                ("hours", models.JSONField(blank=True, default=dict)),
                ("hours_text", models.CharField(blank=True, max_length=120)),
                ("zone", models.CharField(blank=True, max_length=40)),
                ("eligibility", models.CharField(blank=True, max_length=500)),
                ("exclusions", models.JSONField(blank=True, default=list)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=120)),
                ("focal_user", models.UUIDField(blank=True, null=True)),
                ("is_outside", models.BooleanField(default=False)),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Open"),
                            ("waiting-list", "Waiting list"),
                            ("closed", "Full"),
                        ],
                        max_length=12,
                    ),
                ),
                ("capacity_at", models.DateTimeField(blank=True, null=True)),
                ("assured_on", models.DateField()),
                ("assured_by", models.UUIDField(blank=True, null=True)),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("public", "Public: everybody may know of it"),
                            ("restricted", "Restricted: those who refer persons know of it"),
                            ("protected", "Protected: its place is known to very few"),
                        ],
                        default="protected",
                        max_length=10,
                    ),
                ),
                ("source_id", models.CharField(blank=True, max_length=80)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.UUIDField(blank=True, null=True)),
                (
                    "access_points",
                    models.ManyToManyField(
                        blank=True, related_name="services", to="referral.accesspoint"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["country", "area", "name"],
                "indexes": [
                    models.Index(fields=["country", "area", "name", "code"], name="service_listed"),
                    models.Index(
                        fields=["organisation", "closed_at"], name="service_of_organisation"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sensitivity__in", ["public", "restricted", "protected"])
                        ),
                        name="service_sensitivity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("capacity", ""),
                            models.Q(("capacity_at", None), _negated=True),
                            _connector="OR",
                        ),
                        name="service_capacity_has_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_id", ""), _negated=True),
                        fields=("organisation", "source_id"),
                        name="service_source_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BroughtReferral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(max_length=3)),
                ("mark", models.CharField(max_length=64)),
                ("sender", models.CharField(max_length=250)),
                ("their_code", models.CharField(max_length=7)),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("safe-place", "A safe place"),
                            ("health", "Health care"),
                            ("counselling", "Counselling"),
                            ("legal", "Legal advice"),
                            ("child", "Protection of a child"),
                            ("asylum", "Asylum or refugee status"),
                            ("basic-needs", "Food, clothes, money"),
                            ("family", "Finding or telling the family"),
                            ("work-rights", "Wages and rights at work"),
                            ("return", "Return"),
                            ("interpreter", "An interpreter"),
                            ("hotline", "Somebody to call"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("emergency", "Emergency"),
                            ("urgent", "Urgent"),
                            ("routine", "Not urgent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("assistance", "To give help"),
                            ("health", "To treat"),
                            ("legal-aid", "To advise and represent"),
                            ("child-care", "To care for a child"),
                            ("family-tracing", "To find the family"),
                            ("identification", "To have a victim identified"),
                            ("return", "To prepare return and reintegration"),
                            ("safety", "To keep somebody safe"),
                            ("transfer", "To take over the help and the file"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent of the person"),
                            ("vital-interest", "Danger to life or health"),
                            ("legal-duty", "Duty under the law"),
                            ("public-interest", "Task in the public interest"),
                            ("contract", "An agreement with the person"),
                            ("legitimate-interest", "Legitimate interest"),
                        ],
                        max_length=24,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=80)),
                ("card", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for your answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("ended", "Outcome told"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "No place free"),
                            ("not-for-person", "Not for this person"),
                            ("other-service", "We do not offer this"),
                            ("area", "We do not work in this area"),
                            ("unsafe", "Not safe with us"),
                            ("conflict", "Conflict of interest"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "feedback",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "The person was helped"),
                            ("partly", "Helped in part"),
                            ("not-reached", "The person was not reached"),
                            ("stopped-by-person", "The person ended it"),
                            ("stopped-by-provider", "The service ended it"),
                            ("no-news", "Nothing was heard after acceptance"),
                        ],
                        max_length=20,
                    ),
                ),
                ("brought_at", models.DateTimeField()),
                ("brought_by", models.UUIDField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("content", models.BinaryField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "received_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-brought_at", "code"],
                "indexes": [
                    models.Index(
                        fields=["organisation", "-brought_at"], name="brought_referral_listed"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "mark"), name="brought_referral_once_a_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"),
                            models.Q(("answered_at", None), _negated=True),
                            _connector="OR",
                        ),
                        name="brought_referral_answered_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Open"),
                            ("waiting-list", "Waiting list"),
                            ("closed", "Full"),
                        ],
                        max_length=12,
                    ),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="referral.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "indexes": [
                    models.Index(
                        fields=["service", "used_at", "expires_at"], name="confirmation_live"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("used_at", None)),
                            models.Q(
                                models.Q(("used_at", None), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="confirmation_answered_when_used",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtectedLocation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(max_length=3)),
                ("address", models.BinaryField(blank=True, null=True)),
                ("contact", models.BinaryField(blank=True, null=True)),
                ("marks", models.JSONField(default=list)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locations",
                        to="referral.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-recorded_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("service",),
                        name="location_one_in_use",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("erased_on", None), ("marks", []), _connector="OR"),
                        name="location_forgotten_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecipientRisk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(blank=True, max_length=3)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("implicated-force", "A force that may be implicated"),
                            ("conflict-of-interest", "A conflict of interest"),
                            ("due-diligence", "What a due-diligence check found"),
                        ],
                        max_length=24,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.UUIDField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_by", models.UUIDField(blank=True, null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="referral.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "code"],
                "indexes": [
                    models.Index(fields=["starts_on", "ends_on"], name="recipientrisk_holding")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="recipientrisk_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_by", None),
                            models.Q(("ended_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="recipientrisk_ended_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(max_length=3)),
                ("recipient_country", models.CharField(max_length=3)),
                ("is_external", models.BooleanField(default=False)),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("safe-place", "A safe place"),
                            ("health", "Health care"),
                            ("counselling", "Counselling"),
                            ("legal", "Legal advice"),
                            ("child", "Protection of a child"),
                            ("asylum", "Asylum or refugee status"),
                            ("basic-needs", "Food, clothes, money"),
                            ("family", "Finding or telling the family"),
                            ("work-rights", "Wages and rights at work"),
                            ("return", "Return"),
                            ("interpreter", "An interpreter"),
                            ("hotline", "Somebody to call"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("emergency", "Emergency"),
                            ("urgent", "Urgent"),
                            ("routine", "Not urgent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("assistance", "To give help"),
                            ("health", "To treat"),
                            ("legal-aid", "To advise and represent"),
                            ("child-care", "To care for a child"),
                            ("family-tracing", "To find the family"),
                            ("identification", "To have a victim identified"),
                            ("return", "To prepare return and reintegration"),
                            ("safety", "To keep somebody safe"),
                            ("transfer", "To take over the help and the file"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent", "Consent of the person"),
                            ("vital-interest", "Danger to life or health"),
                            ("legal-duty", "Duty under the law"),
                            ("public-interest", "Task in the public interest"),
                            ("contract", "An agreement with the person"),
                            ("legitimate-interest", "Legitimate interest"),
                        ],
                        max_length=24,
                    ),
                ),
                ("place", models.CharField(max_length=80)),
                ("card", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("cleared", "Ready to send"),
                            ("sent", "Sent"),
                            ("delivered", "Arrived"),
                            ("acknowledged", "Seen, decision to come"),
                            ("information-requested", "Question asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("redirected", "Passed on"),
                            ("expired", "No answer in time"),
                            ("recalled", "Taken back"),
                            ("withdrawn", "Stopped at the person's wish"),
                            ("service-started", "Help has begun"),
                            ("completed", "Help given"),
                            ("not-reached", "Person not reached"),
                            ("stopped-by-person", "Ended by the person"),
                            ("stopped-by-provider", "Ended by the service"),
                            ("feedback-returned", "Outcome told"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=24,
                    ),
                ),
                ("sent_by", models.UUIDField(blank=True, null=True)),
                ("focal_user", models.UUIDField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("ack_by", models.DateTimeField(blank=True, null=True)),
                ("decide_by", models.DateTimeField(blank=True, null=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "No place free"),
                            ("not-for-person", "Not for this person"),
                            ("other-service", "We do not offer this"),
                            ("area", "We do not work in this area"),
                            ("unsafe", "Not safe with us"),
                            ("conflict", "Conflict of interest"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "feedback",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "The person was helped"),
                            ("partly", "Helped in part"),
                            ("not-reached", "The person was not reached"),
                            ("stopped-by-person", "The person ended it"),
                            ("stopped-by-provider", "The service ended it"),
                            ("no-news", "Nothing was heard after acceptance"),
                        ],
                        max_length=20,
                    ),
                ),
                ("rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("content", models.BinaryField(blank=True, null=True)),
                ("emergency_reason", models.BinaryField(blank=True, null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.consent",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="referral.person",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.protocol",
                    ),
                ),
                (
                    "received_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.person",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "recipient_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
                (
                    "redirected_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redirected_from",
                        to="referral.referral",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
                (
                    "alternate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.service",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="referral.service",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "code"],
                "indexes": [
                    models.Index(fields=["next_at"], name="referral_clock"),
                    models.Index(fields=["organisation", "-made_at"], name="referral_sent_list"),
                    models.Index(fields=["recipient", "-sent_at"], name="referral_received_list"),
                    models.Index(
                        fields=["recipient", "need", "-sent_at"], name="referral_received_need"
                    ),
                    models.Index(
                        fields=["organisation", "state", "next_at"], name="referral_sent_duty"
                    ),
                    models.Index(
                        fields=["recipient", "state", "next_at"], name="referral_received_duty"
                    ),
                    models.Index(
                        fields=["organisation", "state", "moved_at"], name="referral_sent_moved"
                    ),
                    models.Index(fields=["sent_at"], name="referral_sent_at"),
                    models.Index(
                        models.F("organisation"),
                        django.db.models.functions.text.Upper("place"),
                        models.F("made_at"),
                        name="referral_sent_place",
                    ),
                    models.Index(
                        models.F("recipient"),
                        django.db.models.functions.text.Upper("place"),
                        models.F("sent_at"),
                        name="referral_received_place",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at", None),
                            models.Q(("basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="referral_sent_on_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    frozenset(
                                        [
                                            "closed",
                                            "declined",
                                            "expired",
                                            "recalled",
                                            "redirected",
                                            "withdrawn",
                                        ]
                                    ),
                                ),
                                _negated=True,
                            ),
                            ("next_at", None),
                            _connector="OR",
                        ),
                        name="referral_end_has_no_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                frozenset(
                                    [
                                        "closed",
                                        "declined",
                                        "expired",
                                        "recalled",
                                        "redirected",
                                        "withdrawn",
                                    ]
                                ),
                            ),
                            models.Q(("next_at", None), _negated=True),
                            _connector="OR",
                        ),
                        name="referral_never_in_silence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rating", None), ("rating__range", (1, 5)), _connector="OR"
                        ),
                        name="referral_rating_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "cleared",
                                    "closed",
                                    "declined",
                                    "draft",
                                    "expired",
                                    "recalled",
                                    "redirected",
                                    "withdrawn",
                                ],
                            ),
                            models.Q(("sent_at", None), _negated=True),
                            _connector="OR",
                        ),
                        name="referral_sent_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField(blank=True, null=True)),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("shown_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("proof", models.BinaryField()),
                ("content", models.BinaryField(blank=True, null=True)),
                ("slot", models.BinaryField(blank=True, null=True)),
                ("latch", models.BinaryField(blank=True, null=True)),
                ("answer", models.BinaryField(blank=True, null=True)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="referral.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("referral",),
                        name="one_time_link_one_lives",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            models.Q(("answer", None), ("content", None)),
                            _connector="OR",
                        ),
                        name="one_time_link_ended_holds_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown_at", None), ("content", None), _connector="OR"),
                        name="one_time_link_shown_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=14, unique=True)),
                ("event", models.CharField(max_length=24)),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("cleared", "Ready to send"),
                            ("sent", "Sent"),
                            ("delivered", "Arrived"),
                            ("acknowledged", "Seen, decision to come"),
                            ("information-requested", "Question asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("redirected", "Passed on"),
                            ("expired", "No answer in time"),
                            ("recalled", "Taken back"),
                            ("withdrawn", "Stopped at the person's wish"),
                            ("service-started", "Help has begun"),
                            ("completed", "Help given"),
                            ("not-reached", "Person not reached"),
                            ("stopped-by-person", "Ended by the person"),
                            ("stopped-by-provider", "Ended by the service"),
                            ("feedback-returned", "Outcome told"),
                            ("closed", "Closed"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("cleared", "Ready to send"),
                            ("sent", "Sent"),
                            ("delivered", "Arrived"),
                            ("acknowledged", "Seen, decision to come"),
                            ("information-requested", "Question asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("redirected", "Passed on"),
                            ("expired", "No answer in time"),
                            ("recalled", "Taken back"),
                            ("withdrawn", "Stopped at the person's wish"),
                            ("service-started", "Help has begun"),
                            ("completed", "Help given"),
                            ("not-reached", "Person not reached"),
                            ("stopped-by-person", "Ended by the person"),
                            ("stopped-by-provider", "Ended by the service"),
                            ("feedback-returned", "Outcome told"),
                            ("closed", "Closed"),
                        ],
                        max_length=24,
                    ),
                ),
                ("side", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("is_shared", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(blank=True, null=True)),
                ("client_id", models.UUIDField(blank=True, null=True, unique=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="referral.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["referral", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("referral", "number"), name="referral_event_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("side__in", ["sender", "recipient", "clock", "person"])
                        ),
                        name="referral_event_has_a_side",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceEpisode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                (
                    "service_type",
                    models.CharField(
                        choices=[
                            ("shelter", "Shelter"),
                            ("health", "Health care"),
                            ("mental-health", "Mental health and psychosocial support"),
                            ("legal-aid", "Legal aid"),
                            ("interpretation", "Interpretation"),
                            ("case-management", "Case management"),
                            ("cash", "Cash and vouchers"),
                            ("basic-needs", "Food and basic items"),
                            ("livelihood", "Work and livelihood"),
                            ("vocational-training", "Vocational training"),
                            ("education", "Education"),
                            ("family-tracing", "Family tracing"),
                            ("child-protection", "Child protection"),
                            ("asylum", "Asylum and refugee status"),
                            ("documentation", "Identity papers"),
                            ("hotline", "Helpline"),
                            ("transport", "Safe transport"),
                            ("return", "Voluntary return"),
                            ("reintegration", "Reintegration"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Given to its end"),
                            ("left", "Ended by the person"),
                            ("stopped", "Ended by the provider"),
                            ("not-begun", "Never began"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="episodes",
                        to="referral.goal",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="episodes",
                        to="referral.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "indexes": [models.Index(fields=["starts_on"], name="episode_began")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="episode_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="episode_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.UUIDField(null=True)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("months", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField()),
                ("seen_on", models.DateField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in-place", "Still in this work or training"),
                            ("elsewhere", "In other work or training"),
                            ("own-business", "Own business"),
                            ("none", "Without work or training"),
                            ("not-reached", "Not reached"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.BinaryField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.person",
                    ),
                ),
                (
                    "episode",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="referral.serviceepisode",
                    ),
                ),
            ],
            options={
                "ordering": ["person", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_on", None)),
                        fields=["due_on"],
                        name="follow_up_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "number"), name="follow_up_numbered_once"
                    ),
                    models.UniqueConstraint(fields=("episode", "months"), name="follow_up_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareAgreement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("data_key", models.UUIDField(db_index=True, editable=False)),
                ("code", models.CharField(max_length=7, unique=True)),
                ("country", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("previewed", "Looked at"),
                            ("active", "Holds"),
                            ("rejected", "Not wanted"),
                            ("revoked", "Revoked"),
                            ("expired", "Ended"),
                            ("purged", "Ended, and destroyed over there"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("assistance", "To give help"),
                            ("health", "To treat"),
                            ("legal-aid", "To advise and represent"),
                            ("child-care", "To care for a child"),
                            ("family-tracing", "To find the family"),
                            ("identification", "To have a victim identified"),
                            ("return", "To prepare return and reintegration"),
                            ("safety", "To keep somebody safe"),
                            ("transfer", "To take over the help and the file"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent of the person"),
                            ("vital-interest", "Danger to life or health"),
                            ("legal-duty", "Duty under the law"),
                            ("public-interest", "Task in the public interest"),
                            ("contract", "An agreement with the person"),
                            ("legitimate-interest", "Legitimate interest"),
                        ],
                        max_length=24,
                    ),
                ),
                ("categories", models.JSONField(default=list)),
                ("starts_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("proposed_by", models.UUIDField(null=True)),
                ("accepted_by", models.UUIDField(blank=True, null=True)),
                ("moved_at", models.DateTimeField()),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                ("content", models.BinaryField(blank=True, null=True)),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.consent",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="referral.person",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referral.protocol",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "taker_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-moved_at"],
                "indexes": [
                    models.Index(fields=["organisation", "-moved_at"], name="share_given"),
                    models.Index(fields=["taker", "-moved_at"], name="share_taken"),
                    models.Index(fields=["state", "expires_on"], name="share_ends"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gte", models.F("starts_on"))),
                        name="share_ends_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taker", models.F("organisation")), _negated=True),
                        name="share_joins_two_organisations",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "side",
                    models.CharField(
                        choices=[("giver", "giver"), ("taker", "taker"), ("clock", "clock")],
                        max_length=6,
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proposed", "Proposed"),
                            ("previewed", "Looked at"),
                            ("active", "Holds"),
                            ("rejected", "Not wanted"),
                            ("revoked", "Revoked"),
                            ("expired", "Ended"),
                            ("purged", "Ended, and destroyed over there"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("previewed", "Looked at"),
                            ("active", "Holds"),
                            ("rejected", "Not wanted"),
                            ("revoked", "Revoked"),
                            ("expired", "Ended"),
                            ("purged", "Ended, and destroyed over there"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.shareagreement",
                    ),
                ),
            ],
            options={
                "ordering": ["share", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("share", "number"), name="share_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(null=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("assistance", "To give help"),
                            ("health", "To treat"),
                            ("legal-aid", "To advise and represent"),
                            ("child-care", "To care for a child"),
                            ("family-tracing", "To find the family"),
                            ("identification", "To have a victim identified"),
                            ("return", "To prepare return and reintegration"),
                            ("safety", "To keep somebody safe"),
                            ("transfer", "To take over the help and the file"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent of the person"),
                            ("vital-interest", "Danger to life or health"),
                            ("legal-duty", "Duty under the law"),
                            ("public-interest", "Task in the public interest"),
                            ("contract", "An agreement with the person"),
                            ("legitimate-interest", "Legitimate interest"),
                        ],
                        max_length=24,
                    ),
                ),
                ("categories", models.JSONField(default=list)),
                ("starts_on", models.DateField()),
                ("expires_on", models.DateField()),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="referral.shareagreement",
                    ),
                ),
            ],
            options={
                "ordering": ["share", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("share", "number"), name="share_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("here", "Signed here"), ("paper", "Signed on paper")],
                        default="here",
                        max_length=5,
                    ),
                ),
                ("paper", models.CharField(blank=True, max_length=120)),
                ("signed_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("signed_by", models.UUIDField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="referral.protocol",
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("protocol", "organisation"), name="signature_once_for_each_party"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("form", "here"),
                            models.Q(("paper", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="signature_on_paper_is_kept_somewhere",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("closed_on", None), ("erased_on", None)),
                fields=["organisation", "caseworker", "opened_on"],
                name="person_open",
            ),
        ),
    ]

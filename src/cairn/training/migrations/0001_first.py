import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class CreateTogether(Operation):
    """Creates many models at once: one at a time, each would render all the others again."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, models: list[migrations.CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # rendered once, when all are there
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in reversed(self.models):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0003_units"),
        ("portfolio", "0001_first"),
    ]

    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name="LearningObjective",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        (
                            "competency",
                            models.CharField(
                                choices=[
                                    ("identify", "Identify"),
                                    ("screen", "Screen and interview safely"),
                                    ("protect", "Protect and refer"),
                                    ("report", "Report"),
                                    ("evidence", "Preserve evidence"),
                                    ("investigate", "Investigate"),
                                    ("cooperate", "Cooperate across borders"),
                                    ("train", "Train others"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("texts", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="Module",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("title", models.CharField(max_length=200)),
                        ("family", models.CharField(blank=True, max_length=60)),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="ModuleVersion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "module",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="training.module",
                            ),
                        ),
                        ("major", models.PositiveSmallIntegerField(default=1)),
                        ("minor", models.PositiveSmallIntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in-review", "In review"),
                                    ("piloted", "Piloted"),
                                    ("approved", "Approved"),
                                    ("published", "Published"),
                                    ("superseded", "Superseded"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        ("hours", models.DecimalField(decimal_places=1, default=1, max_digits=5)),
                        ("methods", models.JSONField(blank=True, default=list)),
                        ("outline", models.JSONField(blank=True, default=list)),
                        ("summary", models.TextField(blank=True)),
                        ("change_note", models.CharField(blank=True, max_length=300)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("frozen_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "objectives",
                            models.ManyToManyField(
                                blank=True, related_name="versions", to="training.learningobjective"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["module", "-major", "-minor"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("module", "major", "minor"), name="version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("hours__gt", 0)), name="version_has_hours"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LanguageVariant",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="variants",
                                to="training.moduleversion",
                            ),
                        ),
                        ("language", models.CharField(max_length=8)),
                        ("title", models.CharField(max_length=200)),
                        ("summary", models.TextField(blank=True)),
                        ("outline", models.JSONField(blank=True, default=list)),
                        ("translated_by", models.CharField(blank=True, max_length=120)),
                        ("reviewed_by", models.CharField(blank=True, max_length=120)),
                        ("source_hash", models.CharField(max_length=64)),
                        ("updated_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["language"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "language"), name="variant_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adaptation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="adaptation",
                                to="training.moduleversion",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adaptations",
                                to="training.moduleversion",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("mission", models.CharField(blank=True, max_length=120)),
                        ("legal_references", models.TextField(blank=True)),
                        ("what_changed", models.TextField()),
                        ("approved_by", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("piloted", "Piloted"),
                                    ("adopted", "Adopted"),
                                    ("ended", "Ended"),
                                ],
                                default="draft",
                                max_length=8,
                            ),
                        ),
                        ("piloted_in", models.CharField(blank=True, max_length=200)),
                        (
                            "adopted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["country", "mission"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("country", ""), _negated=True),
                                    models.Q(("mission", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="adaptation_has_a_place",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CoursePlan",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("title", models.CharField(max_length=200)),
                        (
                            "minimum_minutes_share",
                            models.DecimalField(decimal_places=2, default="0.80", max_digits=3),
                        ),
                        (
                            "cut_score",
                            models.DecimalField(
                                blank=True, decimal_places=3, max_digits=4, null=True
                            ),
                        ),
                        ("tasks", models.JSONField(blank=True, default=list)),
                        ("timetable", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "ordering": ["code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("minimum_minutes_share__gte", 0),
                                    ("minimum_minutes_share__lte", 1),
                                ),
                                name="plan_share_is_a_share",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("cut_score", None),
                                    models.Q(("cut_score__gte", 0), ("cut_score__lte", 1)),
                                    _connector="OR",
                                ),
                                name="plan_cut_is_a_share",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CoursePlanItem",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="training.courseplan",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="training.moduleversion",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan", "position"), name="plan_position_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CoursePlanEdition",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="editions",
                                to="training.courseplan",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("content", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("frozen_at", models.DateTimeField()),
                        (
                            "versions",
                            models.ManyToManyField(
                                related_name="editions", to="training.moduleversion"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("plan", "number"), name="edition_once"),
                            models.UniqueConstraint(
                                fields=("plan", "digest"), name="edition_frozen_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CurriculumIntegration",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "institution",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="integrations",
                                to="training.moduleversion",
                            ),
                        ),
                        (
                            "course_type",
                            models.CharField(
                                choices=[
                                    ("induction", "Induction"),
                                    ("pre-deployment", "Pre-deployment"),
                                    ("initial", "Initial training"),
                                    ("in-service", "In-service training"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("hours", models.DecimalField(decimal_places=1, max_digits=5)),
                        ("since", models.DateField()),
                        ("evidence", models.CharField(max_length=300)),
                        ("evidence_link", models.URLField(blank=True, max_length=300)),
                        (
                            "request",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="portfolio.assistancerequest",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-since"],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingNeed",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("audience", models.CharField(max_length=200)),
                        ("gap", models.TextField()),
                        (
                            "competency",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("identify", "Identify"),
                                    ("screen", "Screen and interview safely"),
                                    ("protect", "Protect and refer"),
                                    ("report", "Report"),
                                    ("evidence", "Preserve evidence"),
                                    ("investigate", "Investigate"),
                                    ("cooperate", "Cooperate across borders"),
                                    ("train", "Train others"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("area", models.CharField(blank=True, max_length=120)),
                        ("source", models.CharField(max_length=200)),
                        ("recorded_on", models.DateField()),
                    ],
                    options={
                        "ordering": ["-recorded_on"],
                    },
                ),
                migrations.CreateModel(
                    name="Agency",
                    fields=[
                        (
                            "organisation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="agency",
                                serialize=False,
                                to="core.organisation",
                            ),
                        ),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("police", "Police"),
                                    ("gendarmerie", "Gendarmerie"),
                                    ("border", "Border guard"),
                                    ("military-police", "Military police"),
                                    ("prosecution", "Prosecution"),
                                    ("judiciary", "Judiciary"),
                                    ("labour-inspection", "Labour inspection"),
                                    ("migration", "Migration authority"),
                                    ("social-service", "Social service"),
                                    ("health", "Health service"),
                                    ("ngo", "Non-governmental organisation"),
                                    ("un-police", "United Nations police component"),
                                    ("institution", "Training institution"),
                                    ("other", "Other"),
                                ],
                                default="other",
                                max_length=20,
                            ),
                        ),
                        ("is_institution", models.BooleanField(default=False)),
                        ("owns_curriculum", models.BooleanField(default=False)),
                        ("recognition", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "verbose_name_plural": "agencies",
                    },
                ),
                migrations.CreateModel(
                    name="UnitStrength",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.unit",
                            ),
                        ),
                        ("country", models.CharField(max_length=3)),
                        ("area", models.CharField(blank=True, max_length=120)),
                        (
                            "profession",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("police", "Police officer"),
                                    ("investigator", "Investigator"),
                                    ("border", "Border official"),
                                    ("prosecutor", "Prosecutor"),
                                    ("judge", "Judge"),
                                    ("lawyer", "Lawyer"),
                                    ("labour-inspector", "Labour inspector"),
                                    ("health", "Health professional"),
                                    ("social", "Social worker"),
                                    ("civil-society", "Member of civil society"),
                                    ("peacekeeper", "Peacekeeper"),
                                    ("official", "Other official"),
                                    ("expert", "Expert"),
                                    ("not-stated", "Not stated"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("total", models.PositiveIntegerField()),
                        ("women", models.PositiveIntegerField(blank=True, null=True)),
                        ("as_of", models.DateField()),
                        ("source", models.CharField(max_length=200)),
                    ],
                    options={
                        "ordering": ["country", "area", "-as_of"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("women", None),
                                    ("women__lte", models.F("total")),
                                    _connector="OR",
                                ),
                                name="strength_women_within_total",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Practitioner",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("data_key", models.UUIDField(db_index=True, editable=False)),
                        ("code", models.CharField(max_length=7, unique=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("area", models.CharField(blank=True, max_length=120)),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Women"),
                                    ("male", "Men"),
                                    ("other", "Other"),
                                    ("not-stated", "Not stated"),
                                ],
                                default="not-stated",
                                max_length=10,
                            ),
                        ),
                        (
                            "profession",
                            models.CharField(
                                choices=[
                                    ("police", "Police officer"),
                                    ("investigator", "Investigator"),
                                    ("border", "Border official"),
                                    ("prosecutor", "Prosecutor"),
                                    ("judge", "Judge"),
                                    ("lawyer", "Lawyer"),
                                    ("labour-inspector", "Labour inspector"),
                                    ("health", "Health professional"),
                                    ("social", "Social worker"),
                                    ("civil-society", "Member of civil society"),
                                    ("peacekeeper", "Peacekeeper"),
                                    ("official", "Other official"),
                                    ("expert", "Expert"),
                                    ("not-stated", "Not stated"),
                                ],
                                default="not-stated",
                                max_length=20,
                            ),
                        ),
                        ("birth_band", models.CharField(blank=True, max_length=9)),
                        ("languages", models.JSONField(blank=True, default=list)),
                        ("is_highly_sensitive", models.BooleanField(default=False)),
                        ("user_id", models.UUIDField(blank=True, null=True, unique=True)),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="training.practitioner",
                            ),
                        ),
                        ("entered_on", models.DateField()),
                        ("keep_until", models.DateField(blank=True, null=True)),
                        ("erased_on", models.DateField(blank=True, null=True)),
                        ("name", models.BinaryField(blank=True, null=True)),
                        ("name_latin", models.BinaryField(blank=True, null=True)),
                        ("contact", models.BinaryField(blank=True, null=True)),
                        ("service_number", models.BinaryField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["code"],
                        "indexes": [
                            models.Index(
                                fields=["organisation", "country", "code"],
                                name="practitioner_listed",
                            ),
                            models.Index(fields=["agency", "code"], name="practitioner_of_agency"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("merged_into", models.F("pk")), _negated=True),
                                name="practitioner_not_into_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("keep_until", None), ("erased_on", None), _connector="OR"
                                ),
                                name="practitioner_kept_until_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NameKey",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="name_keys",
                                to="training.practitioner",
                            ),
                        ),
                        ("kind", models.CharField(max_length=8)),
                        ("digest", models.CharField(max_length=64)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["kind", "digest"], name="name_keys_found")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("practitioner", "kind", "digest"), name="name_key_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentifierHash",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identifiers",
                                to="training.practitioner",
                            ),
                        ),
                        ("kind", models.CharField(max_length=20)),
                        ("digest", models.CharField(db_index=True, max_length=64)),
                    ],
                    options={
                        "verbose_name_plural": "identifier hashes",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("practitioner", "kind", "digest"), name="identifier_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Affiliation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="affiliations",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("unit_name", models.CharField(blank=True, max_length=120)),
                        ("rank", models.CharField(blank=True, max_length=80)),
                        ("function", models.CharField(blank=True, max_length=120)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("starts_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="affiliation_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingConsent",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consents",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("record", "Keep a record of this training"),
                                    ("certificate", "Show the name on a certificate"),
                                    ("follow-up", "Be asked again after some months"),
                                    ("roster", "Be listed as a trainer"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("wording_version", models.CharField(max_length=20)),
                        ("language", models.CharField(max_length=8)),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("signed", "Signed"),
                                    ("spoken", "Spoken"),
                                    ("screen", "On a screen"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("given_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-given_at"],
                    },
                ),
                migrations.CreateModel(
                    name="MergeDecision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kept",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merges_kept",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "merged",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merges_into",
                                to="training.practitioner",
                            ),
                        ),
                        ("agreed_on", models.JSONField(default=list)),
                        ("moved", models.JSONField(blank=True, default=dict)),
                        ("reason", models.CharField(max_length=300)),
                        ("decided_by", models.UUIDField()),
                        ("decided_at", models.DateTimeField()),
                        ("undo_reason", models.CharField(blank=True, max_length=300)),
                        ("undone_by", models.UUIDField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-decided_at"],
                    },
                ),
                migrations.CreateModel(
                    name="NotSamePerson",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "left",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "right",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="training.practitioner",
                            ),
                        ),
                        ("reason", models.CharField(max_length=300)),
                        ("decided_by", models.UUIDField()),
                        ("decided_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("left", "right"), name="not_same_once"),
                            models.CheckConstraint(
                                condition=models.Q(("left", models.F("right")), _negated=True),
                                name="not_same_needs_two",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StagedFile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("data_key", models.UUIDField(db_index=True, editable=False)),
                        ("kind", models.CharField(max_length=40)),
                        ("subject_id", models.UUIDField(blank=True, null=True)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("author_id", models.UUIDField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("previewed", "Read, waits for your word"),
                                    ("applied", "Applied"),
                                    ("discarded", "Discarded"),
                                ],
                                default="previewed",
                                max_length=10,
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("good", models.PositiveIntegerField(default=0)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        ("unchanged", models.PositiveIntegerField(default=0)),
                        ("problems", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                        ("rows", models.BinaryField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-created_at"],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingEvent",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("reference", models.CharField(max_length=20, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("tot", "Training of trainers"),
                                    ("direct", "Training of officers"),
                                    ("pilot", "Pilot course"),
                                    ("refresher", "Refresher"),
                                    ("instructor-follow-up", "Follow-up of instructors"),
                                    ("induction", "Induction training"),
                                    ("pre-deployment", "Pre-deployment training"),
                                    ("e-learning", "E-learning group"),
                                    ("mentoring", "Mentoring"),
                                    ("simulation", "Simulation-based training"),
                                    ("mock-trial", "Mock trial"),
                                    ("study-visit", "Study visit"),
                                    ("meeting", "Meeting of experts"),
                                ],
                                max_length=24,
                            ),
                        ),
                        ("title", models.CharField(max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("idea", "Idea"),
                                    ("planned", "Planned"),
                                    ("call-open", "Call open"),
                                    ("selection", "Selection"),
                                    ("confirmed", "Confirmed"),
                                    ("running", "Running"),
                                    ("delivered", "Delivered"),
                                    ("reported", "Reported"),
                                    ("closed", "Closed"),
                                    ("postponed", "Postponed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="idea",
                                max_length=12,
                            ),
                        ),
                        (
                            "participation",
                            models.CharField(
                                choices=[("named", "By person"), ("aggregate", "Counts only")],
                                default="named",
                                max_length=10,
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
                            "project",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_events",
                                to="portfolio.project",
                            ),
                        ),
                        ("activity", models.CharField(blank=True, max_length=20)),
                        ("budget_line", models.CharField(blank=True, max_length=60)),
                        (
                            "cost_usd",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=12, null=True
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="children",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "printed",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="training",
                                to="portfolio.event",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("place_countries", models.JSONField(blank=True, default=list)),
                        ("from_countries", models.JSONField(blank=True, default=list)),
                        ("place", models.CharField(blank=True, max_length=200)),
                        ("area", models.CharField(blank=True, max_length=120)),
                        ("starts", models.CharField(blank=True, max_length=10)),
                        ("ends", models.CharField(blank=True, max_length=10)),
                        ("time_zone", models.CharField(default="UTC", max_length=40)),
                        ("languages", models.JSONField(blank=True, default=list)),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="training.courseplan",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="training.courseplanedition",
                            ),
                        ),
                        ("seats", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("is_generation_root", models.BooleanField(default=False)),
                        (
                            "join_code",
                            models.CharField(blank=True, max_length=9, null=True, unique=True),
                        ),
                        ("secret", models.CharField(blank=True, max_length=43)),
                        ("changes", models.PositiveIntegerField(default=0)),
                        ("source", models.CharField(blank=True, max_length=60)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField()),
                        (
                            "versions",
                            models.ManyToManyField(
                                blank=True, related_name="events", to="training.moduleversion"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-starts", "reference"],
                        "indexes": [
                            models.Index(fields=["state", "-starts"], name="event_by_state"),
                            models.Index(fields=["project", "-starts"], name="event_of_project"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("cost_usd", None), ("cost_usd__gte", 0), _connector="OR"
                                ),
                                name="event_cost_not_negative",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EventParty",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parties",
                                to="training.trainingevent",
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
                            "role",
                            models.CharField(
                                choices=[
                                    ("host", "Host"),
                                    ("cooperating", "Cooperating agency"),
                                    ("partner", "Partner"),
                                    ("donor", "Donor"),
                                ],
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "event parties",
                        "ordering": ["role", "organisation__name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "organisation", "role"), name="party_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingSession",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sessions",
                                to="training.trainingevent",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("title", models.CharField(max_length=200)),
                        (
                            "module_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="training.moduleversion",
                            ),
                        ),
                        ("method", models.CharField(blank=True, max_length=120)),
                        ("room", models.CharField(blank=True, max_length=120)),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("actual_starts_at", models.DateTimeField(blank=True, null=True)),
                        ("actual_ends_at", models.DateTimeField(blank=True, null=True)),
                        ("marks_open_from", models.DateTimeField(blank=True, null=True)),
                        ("marks_open_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "objectives",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="training.learningobjective"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_at", "position"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="session_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                fields=("event", "position"), name="session_position_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Material",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="materials",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="materials",
                                to="training.trainingsession",
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("link", models.CharField(blank=True, max_length=300)),
                        ("note", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["title"],
                    },
                ),
                migrations.CreateModel(
                    name="Staffing",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="staffing",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staffing",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("lead", "Lead trainer"),
                                    ("co-trainer", "Co-trainer"),
                                    ("assistant", "Assistant trainer"),
                                    ("observer", "Observer"),
                                    ("assessor", "Assessor"),
                                    ("interpreter", "Interpreter"),
                                    ("organiser", "Organiser"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "supervised_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="supervises",
                                to="training.staffing",
                            ),
                        ),
                        (
                            "hours",
                            models.DecimalField(
                                blank=True, decimal_places=1, max_digits=5, null=True
                            ),
                        ),
                        (
                            "sessions",
                            models.ManyToManyField(
                                blank=True, related_name="staffing", to="training.trainingsession"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["role", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "practitioner", "role"), name="staffing_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("supervised_by", models.F("pk")), _negated=True
                                ),
                                name="staffing_not_its_own_supervisor",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="enrolments",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="training.practitioner",
                            ),
                        ),
                        ("personal_code", models.CharField(max_length=8)),
                        (
                            "agency",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Women"),
                                    ("male", "Men"),
                                    ("other", "Other"),
                                    ("not-stated", "Not stated"),
                                ],
                                default="not-stated",
                                max_length=10,
                            ),
                        ),
                        (
                            "profession",
                            models.CharField(
                                choices=[
                                    ("police", "Police officer"),
                                    ("investigator", "Investigator"),
                                    ("border", "Border official"),
                                    ("prosecutor", "Prosecutor"),
                                    ("judge", "Judge"),
                                    ("lawyer", "Lawyer"),
                                    ("labour-inspector", "Labour inspector"),
                                    ("health", "Health professional"),
                                    ("social", "Social worker"),
                                    ("civil-society", "Member of civil society"),
                                    ("peacekeeper", "Peacekeeper"),
                                    ("official", "Other official"),
                                    ("expert", "Expert"),
                                    ("not-stated", "Not stated"),
                                ],
                                default="not-stated",
                                max_length=20,
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("forms", models.CharField(blank=True, max_length=2)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("enrolled", "Enrolled"),
                                    ("started", "Started"),
                                    ("completed", "Completed"),
                                    ("incomplete", "Not completed"),
                                    ("withdrawn", "Withdrawn"),
                                    ("no-show", "Did not come"),
                                ],
                                default="enrolled",
                                max_length=10,
                            ),
                        ),
                        ("enrolled_at", models.DateTimeField()),
                        ("completed_on", models.DateField(blank=True, null=True)),
                        ("minutes_present", models.PositiveIntegerField(default=0)),
                        ("override_reason", models.CharField(blank=True, max_length=300)),
                        ("override_by", models.UUIDField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["personal_code"],
                        "indexes": [
                            models.Index(fields=["event", "state"], name="enrolment_by_state")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "practitioner"), name="enrolment_once"
                            ),
                            models.UniqueConstraint(
                                fields=("event", "personal_code"), name="personal_code_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "completed"), _negated=True),
                                    models.Q(("completed_on", None), _negated=True),
                                    _connector="OR",
                                ),
                                name="enrolment_completed_on_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("override_reason", ""),
                                    models.Q(("override_by", None), _negated=True),
                                    _connector="OR",
                                ),
                                name="enrolment_override_has_an_author",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CascadeReport",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="report",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="training.practitioner",
                            ),
                        ),
                        ("author_id", models.UUIDField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("sent", "Sent"),
                                    ("plausible", "Plausible"),
                                    ("sampled", "Sampled"),
                                    ("verified", "Verified"),
                                    ("disputed", "Disputed"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        (
                            "hours",
                            models.DecimalField(
                                blank=True, decimal_places=1, max_digits=5, null=True
                            ),
                        ),
                        ("pre_tally", models.JSONField(blank=True, default=dict)),
                        ("post_tally", models.JSONField(blank=True, default=dict)),
                        ("sheet_hash", models.CharField(blank=True, max_length=64)),
                        ("source", models.CharField(blank=True, max_length=200)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("reported_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-reported_at"],
                    },
                ),
                migrations.CreateModel(
                    name="HeadCount",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="counts",
                                to="training.cascadereport",
                            ),
                        ),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Women"),
                                    ("male", "Men"),
                                    ("other", "Other"),
                                    ("not-stated", "Not stated"),
                                ],
                                default="not-stated",
                                max_length=10,
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        (
                            "profession",
                            models.CharField(
                                choices=[
                                    ("police", "Police officer"),
                                    ("investigator", "Investigator"),
                                    ("border", "Border official"),
                                    ("prosecutor", "Prosecutor"),
                                    ("judge", "Judge"),
                                    ("lawyer", "Lawyer"),
                                    ("labour-inspector", "Labour inspector"),
                                    ("health", "Health professional"),
                                    ("social", "Social worker"),
                                    ("civil-society", "Member of civil society"),
                                    ("peacekeeper", "Peacekeeper"),
                                    ("official", "Other official"),
                                    ("expert", "Expert"),
                                    ("not-stated", "Not stated"),
                                ],
                                default="not-stated",
                                max_length=20,
                            ),
                        ),
                        ("count", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("count__gt", 0)),
                                name="head_count_counts_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SampleCheck",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="samples",
                                to="training.cascadereport",
                            ),
                        ),
                        ("method", models.CharField(max_length=200)),
                        ("asked", models.PositiveIntegerField()),
                        ("confirmed", models.PositiveIntegerField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("checked_by", models.UUIDField()),
                        ("checked_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-checked_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("confirmed__lte", models.F("asked"))),
                                name="sample_confirms_at_most_all",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        (
                            "objective",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="training.learningobjective",
                            ),
                        ),
                        ("type", models.CharField(max_length=20)),
                        ("is_retired", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="QuestionVersion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="training.question",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(default=1)),
                        ("content", models.JSONField(default=dict)),
                        ("source_language", models.CharField(default="en", max_length=8)),
                        ("languages", models.JSONField(blank=True, default=list)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("maximum", models.DecimalField(decimal_places=2, default=1, max_digits=5)),
                        ("author_id", models.UUIDField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        ("frozen_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("question", "number"), name="question_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("maximum__gt", 0)), name="question_has_a_mark"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestBlueprint",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="blueprints",
                                to="training.courseplan",
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("counts", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["title"],
                    },
                ),
                migrations.CreateModel(
                    name="TestForm",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "blueprint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="forms",
                                to="training.testblueprint",
                            ),
                        ),
                        ("letter", models.CharField(max_length=1)),
                        ("edition", models.PositiveSmallIntegerField(default=1)),
                        (
                            "cut_score",
                            models.DecimalField(
                                blank=True, decimal_places=3, max_digits=4, null=True
                            ),
                        ),
                        ("frozen_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["blueprint", "edition", "letter"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("blueprint", "edition", "letter"), name="form_letter_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormItem",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="training.testform",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="training.questionversion",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("maximum", models.DecimalField(decimal_places=2, default=1, max_digits=5)),
                        ("is_anchor", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["form", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("form", "position"), name="item_position_once"
                            ),
                            models.UniqueConstraint(
                                fields=("form", "version"), name="item_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("maximum__gt", 0)), name="item_has_a_mark"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AngoffRating",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ratings",
                                to="training.formitem",
                            ),
                        ),
                        ("judge_id", models.UUIDField()),
                        ("share", models.DecimalField(decimal_places=2, max_digits=3)),
                        ("rated_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "judge_id"), name="angoff_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("share__gte", 0), ("share__lte", 1)),
                                name="angoff_is_a_share",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestWindow",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="test_windows",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "blueprint",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="windows",
                                to="training.testblueprint",
                            ),
                        ),
                        ("form_edition", models.PositiveSmallIntegerField(default=1)),
                        (
                            "wave",
                            models.CharField(
                                choices=[
                                    ("pre", "Before the training"),
                                    ("post", "At the end"),
                                    ("follow-up", "Some months later"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("opened_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("released_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["event", "wave"],
                        "constraints": [
                            models.UniqueConstraint(fields=("event", "wave"), name="window_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None),
                                    ("opened_at", None),
                                    ("closed_at__gte", models.F("opened_at")),
                                    _connector="OR",
                                ),
                                name="window_closes_after_opening",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TestSitting",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sittings",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sittings",
                                to="training.enrolment",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sittings",
                                to="training.testform",
                            ),
                        ),
                        (
                            "wave",
                            models.CharField(
                                choices=[
                                    ("pre", "Before the training"),
                                    ("post", "At the end"),
                                    ("follow-up", "Some months later"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "means",
                            models.CharField(
                                choices=[("phone", "On a phone"), ("paper", "On paper")],
                                max_length=6,
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("started_at", models.DateTimeField()),
                        ("consented_at", models.DateTimeField(blank=True, null=True)),
                        ("saved_at", models.DateTimeField(blank=True, null=True)),
                        ("is_late", models.BooleanField(default=False)),
                        ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                        ("needs_marking", models.BooleanField(default=False)),
                        (
                            "mark",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=7, null=True
                            ),
                        ),
                        (
                            "maximum",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=7, null=True
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        "ordering": ["started_at"],
                        "indexes": [
                            models.Index(fields=["event", "wave"], name="sittings_of_wave")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "wave"), name="sitting_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mark", None),
                                    models.Q(("mark__gte", 0), ("mark__lte", models.F("maximum"))),
                                    _connector="OR",
                                ),
                                name="sitting_mark_within_maximum",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Response",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "sitting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="responses",
                                to="training.testsitting",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responses",
                                to="training.formitem",
                            ),
                        ),
                        ("part", models.CharField(blank=True, max_length=8)),
                        ("answer", models.JSONField(blank=True, null=True)),
                        (
                            "mark",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=6, null=True
                            ),
                        ),
                        ("answered_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sitting", "item", "part"), name="response_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mark", None), ("mark__gte", 0), _connector="OR"
                                ),
                                name="response_mark_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Marking",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "response",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="markings",
                                to="training.response",
                            ),
                        ),
                        ("marker_id", models.UUIDField()),
                        ("marks", models.JSONField(default=dict)),
                        ("total", models.DecimalField(decimal_places=2, max_digits=6)),
                        ("marked_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["marked_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("response", "marker_id"), name="marking_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("total__gte", 0)), name="marking_not_negative"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeyedSheet",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="keyed_sheets",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="keyed_sheets",
                                to="training.enrolment",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="training.testform",
                            ),
                        ),
                        (
                            "wave",
                            models.CharField(
                                choices=[
                                    ("pre", "Before the training"),
                                    ("post", "At the end"),
                                    ("follow-up", "Some months later"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("entry", models.PositiveSmallIntegerField()),
                        ("answers", models.JSONField(default=dict)),
                        ("keyed_by", models.UUIDField()),
                        ("keyed_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["enrolment", "wave", "entry"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "wave", "entry"), name="keyed_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("entry__in", [1, 2])),
                                name="keyed_twice_at_most",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PracticalRating",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ratings",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ratings",
                                to="training.enrolment",
                            ),
                        ),
                        ("task", models.CharField(max_length=40)),
                        ("rating", models.PositiveSmallIntegerField()),
                        ("assessor_id", models.UUIDField()),
                        ("comment", models.CharField(blank=True, max_length=300)),
                        ("rated_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["task", "rated_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "task", "assessor_id"), name="practical_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rating__gte", 1), ("rating__lte", 4)),
                                name="practical_one_to_four",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Instrument",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("reaction", "Reaction, at the end"),
                                    ("application-self", "Application, by the person"),
                                    ("application-supervisor", "Application, by the supervisor"),
                                ],
                                max_length=24,
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        ("questions", models.JSONField(default=list)),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyWave",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waves",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "instrument",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="waves",
                                to="training.instrument",
                            ),
                        ),
                        ("months", models.PositiveSmallIntegerField()),
                        ("opens_on", models.DateField()),
                        ("closes_on", models.DateField()),
                    ],
                    options={
                        "ordering": ["opens_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "instrument", "months"), name="wave_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                                name="wave_closes_after_opening",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyInvitation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "wave",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="training.surveywave",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="invitations",
                                to="training.enrolment",
                            ),
                        ),
                        ("is_supervisor", models.BooleanField(default=False)),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("invited", "Invited"),
                                    ("answered", "Answered"),
                                    ("undeliverable", "Undeliverable"),
                                    ("ineligible", "Ineligible"),
                                ],
                                default="invited",
                                max_length=14,
                            ),
                        ),
                        ("answered_on", models.DateField(blank=True, null=True)),
                        ("reminders", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("wave", "enrolment", "is_supervisor"),
                                name="invitation_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyResponse",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "wave",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="training.surveywave",
                            ),
                        ),
                        ("is_supervisor", models.BooleanField(default=False)),
                        ("language", models.CharField(blank=True, max_length=8)),
                        ("sex", models.CharField(blank=True, max_length=10)),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("answers", models.JSONField(default=dict)),
                        ("answered_on", models.DateField()),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Observation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="observations",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="observations",
                                to="training.trainingevent",
                            ),
                        ),
                        ("kind", models.CharField(default="delivery", max_length=16)),
                        ("observer_id", models.UUIDField()),
                        ("observed_on", models.DateField()),
                        ("scores", models.JSONField(default=dict)),
                        ("verdict", models.CharField(blank=True, max_length=16)),
                        ("is_passed", models.BooleanField()),
                        ("comment", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-observed_on"],
                    },
                ),
                migrations.CreateModel(
                    name="AttendanceMark",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to="training.trainingsession",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to="training.enrolment",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("in", "Came in"),
                                    ("out", "Went out"),
                                    ("present", "Present for the whole session"),
                                    ("absent", "Absent"),
                                    ("void", "An earlier mark was wrong"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "means",
                            models.CharField(
                                choices=[
                                    ("qr", "Badge scanned"),
                                    ("code", "Code typed"),
                                    ("paper", "Paper sheet"),
                                    ("desk", "At the desk"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("offset_seconds", models.IntegerField(blank=True, null=True)),
                        ("device", models.CharField(blank=True, max_length=40)),
                        ("sequence", models.PositiveBigIntegerField(blank=True, null=True)),
                        ("corrects", models.UUIDField(blank=True, null=True)),
                        ("recorded_by", models.UUIDField(blank=True, null=True)),
                        ("received_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "indexes": [
                            models.Index(fields=["event", "session"], name="marks_of_session"),
                            models.Index(
                                fields=["enrolment", "session"], name="marks_of_participant"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "void"), _negated=True),
                                    models.Q(("corrects", None), _negated=True),
                                    _connector="OR",
                                ),
                                name="void_names_a_mark",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceivedRecord",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("record_id", models.UUIDField()),
                        ("kind", models.CharField(max_length=24)),
                        ("digest", models.CharField(max_length=64)),
                        ("origin", models.CharField(blank=True, max_length=40)),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="received",
                                to="training.trainingevent",
                            ),
                        ),
                        ("sequence", models.PositiveBigIntegerField(default=0)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("accepted", "Accepted"),
                                    ("refused", "Refused"),
                                    ("parked", "Parked"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "record_id"), name="received_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RefusedRecord",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("record_id", models.UUIDField()),
                        ("kind", models.CharField(max_length=24)),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="refused",
                                to="training.trainingevent",
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        ("sequence", models.PositiveBigIntegerField(default=0)),
                        ("origin", models.CharField(blank=True, max_length=40)),
                        ("reason_code", models.CharField(max_length=60)),
                        ("reason", models.CharField(max_length=400)),
                        ("is_parked", models.BooleanField(default=False)),
                        ("received_at", models.DateTimeField()),
                        ("resolved_at", models.DateTimeField(blank=True, null=True)),
                        ("resolved_by", models.UUIDField(blank=True, null=True)),
                        ("resolution", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-received_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "record_id", "digest"), name="refused_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("resolved_at", None),
                                    models.Q(("resolution", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="refused_resolved_in_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CredentialType",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("attendance", "Attendance"),
                                    ("achievement", "Achievement"),
                                    ("trainer", "Trainer"),
                                    ("team-member", "Member of a mobile training team"),
                                    ("assessor", "Assessor"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("texts", models.JSONField(default=dict)),
                        (
                            "validity_months",
                            models.PositiveSmallIntegerField(blank=True, null=True),
                        ),
                        ("renewal_rule", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="Credential",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("data_key", models.UUIDField(db_index=True, editable=False)),
                        ("code", models.CharField(max_length=11, unique=True)),
                        (
                            "type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credentials",
                                to="training.credentialtype",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credentials",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credentials",
                                to="training.trainingevent",
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
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("language", models.CharField(max_length=8)),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("participant", "Passed a training of trainers"),
                                    ("assistant", "Assistant trainer"),
                                    ("co-trainer", "Co-trainer"),
                                    ("lead", "Lead trainer"),
                                    ("master", "Master trainer"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("issued", "Issued"),
                                    ("suspended", "Suspended"),
                                    ("revoked", "Revoked"),
                                    ("superseded", "Superseded"),
                                ],
                                default="issued",
                                max_length=10,
                            ),
                        ),
                        ("issued_on", models.DateField()),
                        ("valid_from", models.DateField()),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("status_index", models.PositiveIntegerField(unique=True)),
                        (
                            "successor_of",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="successor",
                                to="training.credential",
                            ),
                        ),
                        ("key_id", models.CharField(blank=True, max_length=60)),
                        ("evidence_hash", models.CharField(blank=True, max_length=64)),
                        ("keep_until", models.DateField(blank=True, null=True)),
                        ("name_form", models.BinaryField(blank=True, null=True)),
                        ("token", models.BinaryField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-issued_on", "code"],
                        "indexes": [
                            models.Index(
                                fields=["practitioner", "-issued_on"], name="credentials_held"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until", None),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="credential_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainerQualification",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="qualifications",
                                to="training.practitioner",
                            ),
                        ),
                        ("family", models.CharField(max_length=60)),
                        ("language", models.CharField(max_length=8)),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("participant", "Passed a training of trainers"),
                                    ("assistant", "Assistant trainer"),
                                    ("co-trainer", "Co-trainer"),
                                    ("lead", "Lead trainer"),
                                    ("master", "Master trainer"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("is_assessor", models.BooleanField(default=False)),
                        ("basis", models.CharField(max_length=300)),
                        ("since", models.DateField()),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("decided_by", models.UUIDField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["family", "language", "-since"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("practitioner", "family", "language", "level", "since"),
                                name="qualification_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainerProfile",
                    fields=[
                        (
                            "practitioner",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="trainer",
                                serialize=False,
                                to="training.practitioner",
                            ),
                        ),
                        ("travel_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("listed_on", models.DateField()),
                    ],
                    options={
                        "ordering": ["practitioner"],
                    },
                ),
                migrations.CreateModel(
                    name="Availability",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="availability",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("available", "Available"), ("away", "Away")],
                                max_length=10,
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                    ],
                    options={
                        "verbose_name_plural": "availabilities",
                        "ordering": ["starts_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="availability_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Restriction",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="restrictions",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("posting", "Posting"),
                                    ("vetting", "Vetting"),
                                    ("conflict", "Conflict of interest"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                        ("decided_by", models.UUIDField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-since"],
                    },
                ),
                migrations.CreateModel(
                    name="MobileTrainingTeam",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=20, unique=True)),
                        ("title", models.CharField(max_length=200)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        (
                            "chosen_at",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="training.trainingevent",
                            ),
                        ),
                        ("requirements", models.JSONField(default=dict)),
                        ("state", models.CharField(default="forming", max_length=12)),
                        (
                            "project",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="portfolio.project",
                            ),
                        ),
                        ("counted", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "printed",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="team",
                                to="portfolio.outcomerecord",
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=60)),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="training.mobiletrainingteam",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="training.practitioner",
                            ),
                        ),
                        ("function", models.CharField(blank=True, max_length=24)),
                        ("joined_on", models.DateField()),
                        ("left_on", models.DateField(blank=True, null=True)),
                        ("criteria", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "ordering": ["joined_on", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("team", "practitioner"), name="team_member_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamTasking",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taskings",
                                to="training.mobiletrainingteam",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("pilot", "Pilot course"), ("follow-up", "Follow-up")],
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        (
                            "event",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="tasking",
                                to="training.trainingevent",
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("courses", models.PositiveSmallIntegerField(default=1)),
                        ("due", models.CharField(blank=True, max_length=20)),
                        (
                            "printed",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="tasking",
                                to="portfolio.outcomerecord",
                            ),
                        ),
                        ("is_done", models.BooleanField(default=False)),
                        ("source", models.CharField(blank=True, max_length=60)),
                    ],
                    options={
                        "ordering": ["due", "title"],
                    },
                ),
                migrations.CreateModel(
                    name="Kit",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("code", models.CharField(max_length=7, unique=True)),
                        ("label", models.CharField(max_length=80)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("recipient", models.CharField(max_length=80)),
                        ("verifier", models.CharField(max_length=64)),
                        ("enrolled_at", models.DateTimeField()),
                        ("enrolled_by", models.UUIDField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("offset_seconds", models.IntegerField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["label"],
                    },
                ),
                migrations.CreateModel(
                    name="KitCheckout",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "kit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checkouts",
                                to="training.kit",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checkouts",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("out", "On the kit"),
                                    ("returned", "Returned"),
                                    ("recalled", "Recalled"),
                                ],
                                default="out",
                                max_length=8,
                            ),
                        ),
                        ("bundle_digest", models.CharField(blank=True, max_length=64)),
                        ("persons", models.PositiveIntegerField(default=0)),
                        ("checked_out_at", models.DateTimeField()),
                        ("checked_out_by", models.UUIDField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_reason", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-checked_out_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "out")),
                                fields=("event",),
                                name="checkout_one_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KitReturn",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "checkout",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="training.kitcheckout",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField()),
                        ("digest", models.CharField(max_length=64)),
                        ("schema", models.PositiveSmallIntegerField()),
                        ("records", models.PositiveIntegerField()),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("accepted", models.PositiveIntegerField(default=0)),
                        ("repeated", models.PositiveIntegerField(default=0)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        ("parked", models.PositiveIntegerField(default=0)),
                        ("is_last", models.BooleanField(default=False)),
                        ("kit_made_at", models.DateTimeField()),
                        ("offset_low", models.IntegerField(blank=True, null=True)),
                        ("offset_high", models.IntegerField(blank=True, null=True)),
                        ("brought_at", models.DateTimeField()),
                        ("brought_by", models.UUIDField(blank=True, null=True)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-brought_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("checkout", "digest"), name="return_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KitSelf",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("kit_code", models.CharField(max_length=7)),
                        ("checkout_id", models.UUIDField(unique=True)),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="training.trainingevent",
                            ),
                        ),
                        ("home_verifier", models.CharField(max_length=64)),
                        ("home_recipient", models.CharField(max_length=80)),
                        ("sequence", models.PositiveIntegerField(default=0)),
                        ("bundle_made_at", models.DateTimeField()),
                        ("answered_through", models.PositiveIntegerField(default=0)),
                        ("last_sequence", models.PositiveIntegerField(blank=True, null=True)),
                        ("imported_at", models.DateTimeField()),
                        ("exported_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["imported_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Call",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="call",
                                to="training.trainingevent",
                            ),
                        ),
                        ("opens_on", models.DateField()),
                        ("closes_on", models.DateField()),
                        ("profile", models.TextField(blank=True)),
                        ("criteria", models.JSONField(blank=True, default=list)),
                        ("vetting_kinds", models.JSONField(blank=True, default=list)),
                        ("minimum_women", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["-closes_on"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                                name="call_closes_after_opening",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeatAllocation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="allocations",
                                to="training.call",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        ("seats", models.PositiveSmallIntegerField()),
                        ("minimum_women", models.PositiveSmallIntegerField(default=0)),
                        ("profile", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["agency__name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("call", "agency"), name="allocation_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minimum_women__lte", models.F("seats"))),
                                name="allocation_women_in_seats",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Nomination",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="nominations",
                                to="training.call",
                            ),
                        ),
                        (
                            "agency",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.organisation",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="nominations",
                                to="training.practitioner",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("submitted", "Submitted"),
                                    ("complete", "Complete"),
                                    ("vetting", "In vetting"),
                                    ("eligible", "Eligible"),
                                    ("not-eligible", "Not eligible"),
                                    ("selected", "Selected"),
                                    ("reserve", "On the reserve list"),
                                    ("not-selected", "Not selected"),
                                    ("confirmed", "Confirmed"),
                                    ("declined", "Declined"),
                                    ("replaced", "Replaced"),
                                    ("attended", "Attended"),
                                    ("no-show", "Did not come"),
                                    ("withdrawn", "Withdrawn by the agency"),
                                ],
                                default="submitted",
                                max_length=16,
                            ),
                        ),
                        ("priority", models.PositiveSmallIntegerField(default=0)),
                        ("answers", models.JSONField(blank=True, default=dict)),
                        ("note", models.CharField(blank=True, max_length=120)),
                        ("scores", models.JSONField(blank=True, default=dict)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("proposed_by", models.UUIDField(blank=True, null=True)),
                        ("proposed_at", models.DateTimeField()),
                        (
                            "replaces",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="replaced_by",
                                to="training.nomination",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-proposed_at", "pk"],
                        "indexes": [
                            models.Index(fields=["call", "state"], name="nomination_by_state")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("call", "practitioner"), name="nomination_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VettingCheck",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("data_key", models.UUIDField(db_index=True, editable=False)),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="vettings",
                                to="training.practitioner",
                            ),
                        ),
                        ("code", models.CharField(max_length=12, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("identity", "Identity and service record"),
                                    ("human-rights", "Human rights screening"),
                                    ("security", "Security clearance"),
                                    ("medical", "Fitness to travel"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("issuer", models.CharField(max_length=120)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "Requested"),
                                    ("received", "Answer received"),
                                    ("cleared", "Cleared"),
                                    ("refused", "Refused"),
                                    ("lapsed", "Lapsed"),
                                ],
                                default="requested",
                                max_length=10,
                            ),
                        ),
                        ("requested_on", models.DateField()),
                        ("received_on", models.DateField(blank=True, null=True)),
                        ("decided_on", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("recorded_by", models.UUIDField(blank=True, null=True)),
                        ("keep_until", models.DateField(blank=True, null=True)),
                        ("note", models.BinaryField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-requested_on", "code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "cleared"), _negated=True),
                                    models.Q(("valid_until", None), _negated=True),
                                    _connector="OR",
                                ),
                                name="vetting_cleared_until_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SelectionDecision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "nomination",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="training.nomination",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("selected", "Selected"),
                                    ("reserve", "Reserve list"),
                                    ("not-selected", "Not selected"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("scores", models.JSONField(default=dict)),
                        ("panel", models.JSONField(default=list)),
                        ("rank", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("reason", models.CharField(max_length=300)),
                        ("decided_by", models.UUIDField()),
                        ("decided_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-decided_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Deployment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deployments",
                                to="training.practitioner",
                            ),
                        ),
                        ("mission", models.CharField(max_length=120)),
                        ("unit_name", models.CharField(blank=True, max_length=120)),
                        ("function", models.CharField(blank=True, max_length=120)),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("area", models.CharField(blank=True, max_length=120)),
                        ("planned_from", models.DateField(blank=True, null=True)),
                        ("planned_until", models.DateField(blank=True, null=True)),
                        ("actual_from", models.DateField(blank=True, null=True)),
                        ("actual_until", models.DateField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("confirmed", "Confirmed"),
                                    ("in-post", "In post"),
                                    ("ended", "Ended"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-planned_from", "pk"],
                        "indexes": [
                            models.Index(fields=["state", "planned_from"], name="deployment_due")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("planned_until", None),
                                    ("planned_from", None),
                                    ("planned_until__gte", models.F("planned_from")),
                                    _connector="OR",
                                ),
                                name="deployment_planned_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("actual_until", None),
                                    ("actual_from", None),
                                    ("actual_until__gte", models.F("actual_from")),
                                    _connector="OR",
                                ),
                                name="deployment_actual_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FieldOutcomeReport",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("reference", models.CharField(max_length=20, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("identification-supported", "Identification supported"),
                                    ("referral-made", "Referral made"),
                                    ("advice-given", "Advice given"),
                                    ("investigation-supported", "Investigation supported"),
                                    ("joint-action", "Joint action"),
                                    ("procedure-changed", "Procedure changed"),
                                    ("peers-trained", "Peers trained"),
                                    ("other", "Other"),
                                ],
                                max_length=24,
                            ),
                        ),
                        ("stated_kind", models.CharField(blank=True, max_length=300)),
                        ("month", models.CharField(blank=True, max_length=10)),
                        ("month_until", models.CharField(blank=True, max_length=10)),
                        ("countries", models.JSONField(blank=True, default=list)),
                        ("area", models.CharField(blank=True, max_length=200)),
                        ("count", models.DecimalField(decimal_places=2, max_digits=12)),
                        ("unit", models.CharField(max_length=40)),
                        ("note", models.CharField(blank=True, max_length=160)),
                        ("withdrawn_on", models.DateField(blank=True, null=True)),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("low", "Estimated"),
                                    ("medium", "Counted by the unit"),
                                    ("high", "Documented"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "project",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="field_outcomes",
                                to="portfolio.project",
                            ),
                        ),
                        ("reported_by", models.UUIDField(blank=True, null=True)),
                        ("reported_at", models.DateTimeField()),
                        ("source", models.CharField(blank=True, max_length=200)),
                        (
                            "printed",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="training",
                                to="portfolio.outcomerecord",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-month", "reference"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("count__gte", 0)),
                                name="outcome_count_not_negative",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContributionClaim",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="claims",
                                to="training.fieldoutcomereport",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "strength",
                            models.CharField(
                                choices=[
                                    ("self-reported", "Reported by the officer"),
                                    ("supervisor-confirmed", "Confirmed by the supervisor"),
                                    ("documented", "Documented"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("factors", models.JSONField(blank=True, default=list)),
                        ("other_factors", models.CharField(blank=True, max_length=300)),
                        ("evidence", models.CharField(blank=True, max_length=200)),
                        ("made_by", models.UUIDField(blank=True, null=True)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-made_at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("report", "event"), name="claim_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingRequest",
                    fields=[
                        (
                            "request",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="training",
                                serialize=False,
                                to="portfolio.assistancerequest",
                            ),
                        ),
                        ("kinds", models.JSONField(default=list)),
                        ("next_step_by", models.DateField(blank=True, null=True)),
                        (
                            "integrated",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="training.curriculumintegration",
                            ),
                        ),
                        (
                            "raised_at",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="raised",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="answers",
                                to="training.trainingevent",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["request"],
                    },
                ),
                migrations.CreateModel(
                    name="CascadePlan",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("title", models.CharField(max_length=200)),
                        (
                            "project",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="portfolio.project",
                            ),
                        ),
                        (
                            "root",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cascade_plans",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "minimum_share",
                            models.DecimalField(decimal_places=2, default="0.50", max_digits=3),
                        ),
                    ],
                    options={
                        "ordering": ["title"],
                    },
                ),
                migrations.CreateModel(
                    name="CascadeTarget",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="targets",
                                to="training.cascadeplan",
                            ),
                        ),
                        ("generation", models.PositiveSmallIntegerField()),
                        ("country", models.CharField(blank=True, max_length=3)),
                        ("area", models.CharField(blank=True, max_length=120)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("persons", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ["generation", "country", "area"],
                    },
                ),
                migrations.CreateModel(
                    name="CascadeNode",
                    fields=[
                        (
                            "practitioner",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="cascade",
                                serialize=False,
                                to="training.practitioner",
                            ),
                        ),
                        ("generation", models.PositiveSmallIntegerField()),
                        ("since", models.CharField(max_length=10)),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="training.trainingevent",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["generation", "since"],
                        "indexes": [
                            models.Index(fields=["generation"], name="cascade_by_generation")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CascadeCredit",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="credits",
                                to="training.trainingevent",
                            ),
                        ),
                        (
                            "trainer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="credits",
                                to="training.practitioner",
                            ),
                        ),
                        ("generation", models.PositiveSmallIntegerField()),
                        ("share", models.FloatField()),
                        ("named", models.PositiveIntegerField(default=0)),
                        ("first_time", models.PositiveIntegerField(default=0)),
                        ("aggregate", models.PositiveIntegerField(default=0)),
                        ("is_verified", models.BooleanField(default=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["trainer", "event"], name="credits_of_trainer"),
                            models.Index(fields=["generation"], name="credits_by_generation"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("event", "trainer"), name="credit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("subject", models.CharField(max_length=40)),
                        ("subject_id", models.UUIDField()),
                        ("before", models.CharField(blank=True, max_length=16)),
                        ("after", models.CharField(max_length=16)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("at", models.DateTimeField()),
                        ("author_id", models.UUIDField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [
                            models.Index(
                                fields=["subject", "subject_id", "-at"], name="steps_of_record"
                            )
                        ],
                    },
                ),
            ]
        )
    ]

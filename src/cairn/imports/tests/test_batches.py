"""A file's way: staged, read for its preview, applied whole or not at all."""

from decimal import Decimal as D
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language, override
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import actor_with_role, bare_actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Organisation
from cairn.imports import actions, kinds, reading
from cairn.imports.actions import apply_batch, discard_batch, stage_file
from cairn.imports.models import BatchState, ImportBatch, ImportRow, Outcome
from cairn.imports.reading import read_batch
from cairn.imports.tests.files import bring, csv_bytes, stage
from cairn.portfolio.actions.projects import edit_project
from cairn.portfolio.models import Pledge, Project
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db
P = ("project_id", "donor", "amount_usd")
ROWS = [P, ("X01", "Norway", "100"), ("X01", "Invented Foundation", "50")]
Run = DjangoCaptureOnCommitCallbacks


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def test_a_preview_says_what_each_row_will_do_and_changes_nothing(
    django_capture_on_commit_callbacks: Run,
) -> None:
    project = invented.project()
    invented.pledge(project, "Sweden", 10)
    invented.pledge(project, "Finland", 20)
    rows = [P, ("X01", "Norway", "100"), ("X01", "Sweden", "11"), ("X01", "Finland", "20")]
    batch = stage(django_capture_on_commit_callbacks, "pledges", rows)
    assert batch.state == BatchState.PREVIEWED
    assert (batch.created, batch.changed, batch.unchanged, batch.refused) == (1, 1, 1, 0)
    assert (batch.rows_read, batch.rows_total) == (3, 3)
    assert outcomes(batch) == [Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED]
    changed = batch.rows.get(number=3)
    assert changed.changes == {"amount": ["10.00", "11.00"], "usd": ["10.00", "11.00"]}
    assert changed.label == "X01 · Sweden"
    assert Pledge.objects.count() == 2


def test_applying_does_what_the_preview_said_and_lets_the_file_go(
    django_capture_on_commit_callbacks: Run,
) -> None:
    invented.project()
    batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    apply_batch(SYSTEM, batch.pk)
    assert sorted(Pledge.objects.values_list("usd", flat=True)) == [D(50), D(100)]
    batch.refresh_from_db()
    assert (batch.state, bytes(batch.content)) == (BatchState.APPLIED, b"")
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert entry.code == "import.applied"
    assert entry.facts == {"kind": "pledges", "created": 2, "changed": 0, "unchanged": 0}


def test_the_same_file_a_second_time_changes_nothing(
    django_capture_on_commit_callbacks: Run,
) -> None:
    invented.project()
    apply_batch(SYSTEM, stage(django_capture_on_commit_callbacks, "pledges", ROWS).pk)
    again = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    before = list(Pledge.objects.values())
    apply_batch(SYSTEM, again.pk)
    assert list(Pledge.objects.values()) == before


def test_one_refused_row_keeps_the_whole_file_out(django_capture_on_commit_callbacks: Run) -> None:
    invented.project()
    batch = stage(django_capture_on_commit_callbacks, "pledges", [*ROWS, ("X01", "Sweden", "-1")])
    assert batch.state == BatchState.REFUSED
    with pytest.raises(RuleBroken) as told:
        apply_batch(SYSTEM, batch.pk)
    assert told.value.code == "import.state"
    assert not Pledge.objects.exists()


def test_a_refused_row_is_named_by_its_first_cell(django_capture_on_commit_callbacks: Run) -> None:
    batch = stage(django_capture_on_commit_callbacks, "pledges", [P, ("X01", "Norway", "-1")])
    assert batch.rows.get().label == "X01"


def test_a_failure_in_the_middle_leaves_nothing_behind(
    django_capture_on_commit_callbacks: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented.project()
    rows = [
        P,
        *(("X01", f"Invented Foundation {number:04}/{number * 7919}", "1") for number in (1, 2)),
    ]
    batch = stage(django_capture_on_commit_callbacks, "pledges", rows)
    assert batch.state == BatchState.PREVIEWED
    kind = kinds.kind_named("pledges")

    def fail(actor: Any, rows: Any) -> None:
        assert Pledge.objects.exists()
        assert Organisation.objects.exists()
        raise OSError("the disk is full")

    broken = kinds.Kind(
        code=kind.code,
        label=kind.label,
        permission=kind.permission,
        columns=kind.columns,
        prepare=kind.prepare,
        existing=kind.existing,
        write=kind.write,
        finish=fail,
    )
    monkeypatch.setitem(kinds._KINDS, "pledges", broken)
    before = AuditEntry.objects.count()
    with pytest.raises(OSError, match="disk is full"):
        apply_batch(SYSTEM, batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.PREVIEWED
    assert not Pledge.objects.exists()
    assert not Organisation.objects.exists()
    assert AuditEntry.objects.count() == before


def test_a_failure_in_a_later_chunk_takes_back_the_earlier(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cairn.imports.engine.CHUNK", 2)
    rows = [("id", "title"), *((f"X{number:02}", "Invented") for number in range(1, 6))]
    kind = kinds.kind_named("projects")
    calls = []

    def write(actor: Any, created: Any, changed: Any) -> None:
        calls.append(len(created))
        if len(calls) == 3:
            raise OSError("the disk is full")
        kind.write(actor, created, changed)

    broken = kinds.Kind(
        "projects", kind.label, kind.permission, kind.columns, kind.prepare, kind.existing, write
    )
    monkeypatch.setitem(kinds._KINDS, "projects", broken)
    with pytest.raises(OSError, match="disk is full"):
        bring("projects", csv_bytes(rows))
    assert calls == [2, 2, 1]
    assert not Project.objects.exists()


def test_a_repeated_record_is_found_across_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cairn.imports.engine.CHUNK", 2)
    rows = [("id", "title"), ("X01", "A"), ("X02", "B"), ("X03", "C"), ("X01", "D")]
    (problem,) = bring("projects", csv_bytes(rows)).problems
    assert (problem["row"], problem["code"]) == (5, "import.twice")
    assert "row 2" in problem["message"]


def test_a_preview_goes_stale_when_a_record_changes(
    django_capture_on_commit_callbacks: Run,
) -> None:
    invented.project()
    rows = [("id", "title"), ("X01", "From the file")]
    batch = stage(django_capture_on_commit_callbacks, "projects", rows)
    edit_project(SYSTEM, "X01", ["Nepal"], {"title": "By hand"}, version=1)
    with pytest.raises(RuleBroken) as told:
        apply_batch(SYSTEM, batch.pk)
    assert told.value.code == "import.stale"
    assert Project.objects.get().title == "By hand"


def test_a_preview_stands_while_other_records_change(
    django_capture_on_commit_callbacks: Run,
) -> None:
    invented.project()
    other = invented.project("X02")
    batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    invented.pledge(other)
    apply_batch(SYSTEM, batch.pk)
    assert Pledge.objects.count() == 3


def test_a_file_is_applied_once(django_capture_on_commit_callbacks: Run) -> None:
    invented.project()
    batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    apply_batch(SYSTEM, batch.pk)
    with pytest.raises(RuleBroken) as told:
        apply_batch(SYSTEM, batch.pk)
    assert told.value.code == "import.state"
    assert Pledge.objects.count() == 2


def test_a_discarded_file_goes_with_its_rows(django_capture_on_commit_callbacks: Run) -> None:
    invented.project()
    batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    discard_batch(SYSTEM, batch.pk)
    batch.refresh_from_db()
    assert (batch.state, bytes(batch.content)) == (BatchState.DISCARDED, b"")
    assert not ImportRow.objects.exists()
    with pytest.raises(RuleBroken):
        apply_batch(SYSTEM, batch.pk)


def test_an_applied_file_cannot_be_discarded(django_capture_on_commit_callbacks: Run) -> None:
    invented.project()
    batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    apply_batch(SYSTEM, batch.pk)
    with pytest.raises(RuleBroken) as told:
        discard_batch(SYSTEM, batch.pk)
    assert told.value.code == "import.state"
    assert ImportRow.objects.count() == 2


def test_a_file_discarded_while_it_is_read_stays_discarded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invented.project()
    batch = stage_file(SYSTEM, "pledges", "a.csv", BytesIO(csv_bytes(ROWS)))

    def discard_meanwhile(batch: ImportBatch, read: int, total: int) -> None:
        discard_batch(SYSTEM, batch.pk)

    monkeypatch.setattr(reading, "_tell_progress", discard_meanwhile)
    read_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, bytes(batch.content)) == (BatchState.DISCARDED, b"")
    assert not ImportRow.objects.exists()


def test_reading_a_second_time_starts_afresh_and_a_third_does_nothing() -> None:
    invented.project()
    batch = stage_file(SYSTEM, "pledges", "a.csv", BytesIO(csv_bytes(ROWS)))
    ImportBatch.objects.update(state=BatchState.READING)
    ImportRow.objects.create(batch=batch, number=99, outcome=Outcome.REFUSED)
    read_batch(batch.pk)
    read_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.PREVIEWED
    assert outcomes(batch) == [Outcome.CREATED, Outcome.CREATED]


def test_an_error_while_reading_is_told_on_the_batch_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = stage_file(SYSTEM, "pledges", "a.csv", BytesIO(csv_bytes(ROWS)))

    def fail(batch: ImportBatch) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(reading, "table_of", fail)
    with pytest.raises(OSError, match="disk is gone"):
        read_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED
    assert batch.refusal["code"] == "import.failed"
    assert "disk" not in batch.refusal["message"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [([P], "import.no_rows"), ([("project_id", "colour")], "import.columns")],
)
def test_a_file_that_is_refused_whole_says_why(
    rows: Any, code: str, django_capture_on_commit_callbacks: Run
) -> None:
    batch = stage(django_capture_on_commit_callbacks, "pledges", rows)
    assert batch.state == BatchState.REFUSED
    assert batch.refusal["code"] == code
    assert batch.refusal["remedy"]


def test_a_large_file_waits_for_a_worker(
    django_capture_on_commit_callbacks: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented.project()
    monkeypatch.setattr(actions, "INLINE_BYTES", 10)
    batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    assert batch.state == BatchState.WAITING
    task = DBTaskResult.objects.get()
    assert task.args_kwargs["args"] == [str(batch.pk), "en"]


def test_a_worker_reads_a_large_file_in_the_language_of_its_bringer(
    django_capture_on_commit_callbacks: Run,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    monkeypatch.setattr(actions, "INLINE_BYTES", 10)
    languages = []

    def read(pk: UUID) -> None:
        languages.append(get_language())
        read_batch(pk)

    monkeypatch.setattr("cairn.imports.tasks.read_batch", read)
    invented.project()
    with override("fr"):
        batch = stage(django_capture_on_commit_callbacks, "pledges", ROWS)
    assert languages == ["fr"]
    assert batch.state == BatchState.PREVIEWED


def test_who_may_not_bring_a_file() -> None:
    for actor in (bare_actor("trainer"), bare_actor("donor")):
        with pytest.raises(PermissionDenied):
            stage_file(actor, "pledges", "a.csv", BytesIO(csv_bytes(ROWS)))
    assert not ImportBatch.objects.exists()


def test_the_permission_is_that_of_the_kind() -> None:
    officer = actor_with_role("training-officer")
    with pytest.raises(PermissionDenied):
        stage_file(officer, "pledges", "a.csv", BytesIO(csv_bytes(ROWS)))
    rows = [("project_id", "indicator_number", "period_start", "period_end", "value", "source")]
    assert stage_file(officer, "measurements", "a.csv", BytesIO(csv_bytes(rows))).author_id


def test_a_kind_that_nobody_registered_is_refused() -> None:
    with pytest.raises(RuleBroken) as told:
        stage_file(SYSTEM, "unheard-of", "a.csv", BytesIO(b"a"))
    assert told.value.code == "import.kind"
    assert "pledges" in told.value.remedy


def test_files_of_other_people_do_not_exist(django_capture_on_commit_callbacks: Run) -> None:
    invented.project()
    batch = stage(
        django_capture_on_commit_callbacks, "pledges", ROWS, actor_with_role("programme-officer")
    )
    stranger = actor_with_role("training-officer")
    for act in (apply_batch, discard_batch):
        with pytest.raises(ImportBatch.DoesNotExist):
            act(stranger, batch.pk)
    overseer = actor_with_role("data-protection-officer")
    assert ImportBatch.objects.visible_to(overseer).get() == batch
    for act in (apply_batch, discard_batch):
        with pytest.raises(PermissionDenied):
            act(overseer, batch.pk)
    assert not Pledge.objects.exists()

"""The pages of importing: what is offered to whom, the preview, the confirm step."""

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cairn.access.models import User
from cairn.access.permissions import Permission
from cairn.access.queries import SYSTEM
from cairn.access.roles import ROLES
from cairn.access.tests.factories import user_with_role
from cairn.core.tables import read_table
from cairn.imports import actions
from cairn.imports.kinds import Kind, every_kind, kind_named
from cairn.imports.models import BatchState, ImportBatch
from cairn.imports.tests.files import Rows, csv_bytes, xlsx_bytes
from cairn.portfolio.actions.projects import edit_project
from cairn.portfolio.models import Pledge, Project
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db
P = ("project_id", "donor", "amount_usd")
ROWS = [P, ("X01", "Norway", "100")]
Run = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(user_with_role("programme-officer"))
    return client


def send(
    client: Client, run: Run, rows: Rows, kind: str = "pledges", name: str = "pledges.csv"
) -> HttpResponse:
    upload = SimpleUploadedFile(name, csv_bytes(rows))
    with run(execute=True):
        answer = client.post("/imports/", {"kind": kind, "file": upload})
    return answer  # type: ignore[return-value]


def test_an_officer_brings_a_file_looks_and_applies(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    answer = send(officer, django_capture_on_commit_callbacks, ROWS)
    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{batch.pk}/")

    preview = officer.get(answer["Location"])
    assert "X01 · Norway" in preview.content.decode()
    assert f'href="/imports/{batch.pk}/apply/"' in preview.content.decode()
    assert not Pledge.objects.exists()

    confirm = officer.get(f"/imports/{batch.pk}/apply/")
    assert "1 record" in confirm.content.decode()
    assert not Pledge.objects.exists()

    done = officer.post(f"/imports/{batch.pk}/apply/", follow=True)
    assert "The file was applied: 1 record was created and 0 were changed." in done.content.decode()
    assert Pledge.objects.count() == 1


def test_a_refused_file_opens_on_its_refused_rows(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    send(officer, django_capture_on_commit_callbacks, [*ROWS, ("X01", "Sweden", "-7")])
    batch = ImportBatch.objects.get()
    page = officer.get(batch.get_absolute_url())
    text = page.content.decode()
    assert [row.number for row, _tone in page.context["rows"]] == [3]
    assert "amount.negative" in text
    assert "/apply/" not in text
    shown = officer.get(batch.get_absolute_url(), {"outcome": "all"}).context["rows"]
    assert [row.number for row, _tone in shown] == [2, 3]


def test_a_file_refused_whole_tells_the_reason_and_the_remedy(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    send(officer, django_capture_on_commit_callbacks, [("project_id", "giver"), ("X01", "Norway")])
    text = officer.get(ImportBatch.objects.get().get_absolute_url()).content.decode()
    assert "Missing: donor." in text
    assert "import.columns" in text
    assert "Bring another file" in text


def test_a_file_that_would_change_nothing_offers_nothing_to_apply(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.pledge(invented.project(), usd=100)
    send(officer, django_capture_on_commit_callbacks, ROWS)
    text = officer.get(ImportBatch.objects.get().get_absolute_url()).content.decode()
    assert "there is nothing to apply" in text
    assert "/apply/" not in text


def test_a_stale_preview_answers_409_and_says_what_to_do(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    project = invented.project()
    rows = [("id", "title"), ("X01", "From the file")]
    send(officer, django_capture_on_commit_callbacks, rows, "projects")
    edit_project(SYSTEM, project.reference, ["Nepal"], {"title": "By hand"}, version=1)
    answer = officer.post(f"/imports/{ImportBatch.objects.get().pk}/apply/")
    assert answer.status_code == 409
    assert "import.stale" in answer.content.decode()
    assert Project.objects.get().title == "By hand"


def test_discarding_leads_back_to_the_list(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    send(officer, django_capture_on_commit_callbacks, ROWS)
    batch = ImportBatch.objects.get()
    assert officer.get(f"/imports/{batch.pk}/discard/").status_code == 405
    assert officer.post(f"/imports/{batch.pk}/discard/")["Location"] == "/imports/"
    batch.refresh_from_db()
    assert batch.state == BatchState.DISCARDED
    assert officer.get(f"/imports/{batch.pk}/apply/").status_code == 200
    assert officer.post(f"/imports/{batch.pk}/apply/").status_code == 409


def test_while_a_file_is_read_the_page_looks_again_with_and_without_script(
    officer: Client, django_capture_on_commit_callbacks: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "INLINE_BYTES", 10)
    send(officer, django_capture_on_commit_callbacks, ROWS)
    batch = ImportBatch.objects.get()
    text = officer.get(batch.get_absolute_url()).content.decode()
    assert "<progress" in text
    inside = text.split("<noscript>")[1].split("</noscript>")[0]
    assert inside.strip() == '<meta http-equiv="refresh" content="3">'
    assert f'data-poll="/imports/{batch.pk}/progress/"' in text
    ImportBatch.objects.update(state=BatchState.READING, rows_read=500, rows_total=1200)
    part = officer.get(f"/imports/{batch.pk}/progress/").content.decode()
    assert "500 of 1200 rows read." in part
    assert 'value="500"' in part
    ImportBatch.objects.update(state=BatchState.PREVIEWED)
    assert "<progress" not in officer.get(f"/imports/{batch.pk}/progress/").content.decode()
    assert "http-equiv" not in officer.get(batch.get_absolute_url()).content.decode()


def test_a_file_that_is_too_large_is_refused_at_its_field(
    officer: Client, settings: Settings, django_capture_on_commit_callbacks: Run
) -> None:
    settings.IMPORT_MAX_BYTES = 20
    answer = send(officer, django_capture_on_commit_callbacks, ROWS)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "larger than" in text
    assert 'id="id_file_error"' in text
    assert not ImportBatch.objects.exists()


def test_an_empty_file_and_no_file_are_told_apart(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    assert officer.post("/imports/", {"kind": "pledges"}).status_code == 422
    empty = SimpleUploadedFile("pledges.csv", b"")
    answer = officer.post("/imports/", {"kind": "pledges", "file": empty})
    assert answer.status_code == 409
    assert "holds no text" in answer.content.decode()


def test_a_file_name_of_somebody_else_is_only_a_name(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    send(officer, django_capture_on_commit_callbacks, ROWS, name="<b>x</b>.csv")
    text = officer.get(ImportBatch.objects.get().get_absolute_url()).content.decode()
    assert "<b>x</b>" not in text


def test_kinds_are_offered_by_permission(client: Client) -> None:
    client.force_login(user_with_role("training-officer"))
    page = client.get("/imports/")
    assert {kind.code for kind in page.context["kinds"]} == {
        "measurements",
        "practices",
        "questions",
        "requests",
        "tools",
    }
    assert client.get("/imports/", {"kind": "measurements"}).status_code == 200
    assert client.get("/imports/", {"kind": "pledges"}).status_code == 403
    assert client.get("/imports/template/pledges.csv").status_code == 403


def test_a_kind_without_permission_cannot_be_sent_either(
    client: Client, django_capture_on_commit_callbacks: Run
) -> None:
    client.force_login(user_with_role("training-officer"))
    assert send(client, django_capture_on_commit_callbacks, ROWS).status_code == 403
    assert not ImportBatch.objects.exists()


def test_a_kind_that_does_not_exist_is_refused(officer: Client) -> None:
    assert officer.get("/imports/", {"kind": "unheard-of"}).status_code == 409
    assert officer.get("/imports/template/unheard-of.csv").status_code == 409


@pytest.mark.parametrize("role", ["trainer", "donor", "administrator", "data-protection-officer"])
def test_whoever_may_read_nothing_in_finds_the_page_closed(client: Client, role: str) -> None:
    client.force_login(user_with_role(role))
    assert client.get("/imports/").status_code == 403


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    for path in ("/imports/", f"/imports/{uuid4()}/", "/imports/template/pledges.csv"):
        assert client.get(path)["Location"].startswith("/sign-in/?next=")


def test_somebody_elses_file_is_not_found(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    send(officer, django_capture_on_commit_callbacks, ROWS)
    pk = ImportBatch.objects.get().pk
    stranger = Client()
    stranger.force_login(user_with_role("training-officer"))
    for path in ("", "progress/", "apply/"):
        assert stranger.get(f"/imports/{pk}/{path}").status_code == 404
    for path in ("apply/", "discard/"):
        assert stranger.post(f"/imports/{pk}/{path}").status_code == 404
    assert stranger.get("/imports/").context["batches"] == []


def test_the_overseer_of_the_log_sees_a_file_and_cannot_act_on_it(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    send(officer, django_capture_on_commit_callbacks, ROWS)
    pk = ImportBatch.objects.get().pk
    overseer = Client()
    overseer.force_login(user_with_role("data-protection-officer"))
    text = overseer.get(f"/imports/{pk}/").content.decode()
    assert "X01 · Norway" in text
    assert "/apply/" not in text
    assert overseer.get(f"/imports/{pk}/apply/").status_code == 403


def whoever_brings(kind: Kind) -> User:
    """Somebody of the first role that may bring files of this kind."""
    return user_with_role(next(role for role, held in ROLES.items() if kind.permission in held))


@pytest.mark.parametrize("kind", [kind.code for kind in every_kind()])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_empty_table_holds_the_columns_of_its_kind(
    client: Client, kind: str, form: str
) -> None:
    expected = next(each for each in every_kind() if each.code == kind)
    client.force_login(whoever_brings(expected))
    answer = client.get(f"/imports/template/{kind}.{form}")
    assert answer["Content-Disposition"] == f'attachment; filename="{kind}.{form}"'
    table = read_table(BytesIO(answer.content), filename=f"{kind}.{form}")
    assert list(table.keys) == [column.name for column in expected.columns]
    assert table.rows == []


def test_an_empty_table_comes_as_csv_or_xlsx_only(officer: Client) -> None:
    assert officer.get("/imports/template/pledges.ods").status_code == 404


@pytest.mark.parametrize("kind", [kind.code for kind in every_kind()])
def test_every_kind_explains_its_columns(client: Client, kind: str) -> None:
    client.force_login(whoever_brings(kind_named(kind)))
    page = client.get("/imports/", {"kind": kind})
    text = page.content.decode()
    for column in page.context["chosen"].columns:
        assert f'<code dir="ltr">{column.name}</code>' in text
        assert str(column.help).strip()


def test_the_entry_in_the_navigation_is_seen_by_whoever_may_import() -> None:
    for held in ROLES.values():
        may_import = any(kind.permission in held for kind in every_kind())
        assert may_import == bool({Permission.RESULT_RECORD, Permission.STATISTICS_BUILD} & held)


@pytest.mark.once  # counts questions
def test_the_preview_asks_the_same_number_of_questions_for_few_and_many_rows(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    counts = []
    for many in (1, 24):
        rows = [("id", "title"), *((f"X{number:02}", "Invented") for number in range(many))]
        send(officer, django_capture_on_commit_callbacks, rows, "projects")
        batch = ImportBatch.objects.first()
        assert batch is not None
        with CaptureQueriesContext(connection) as asked:
            officer.get(batch.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_of_files_asks_the_same_number_of_questions_and_reads_no_content(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    counts = []
    for _many in range(2):
        for _file in range(3):
            send(officer, django_capture_on_commit_callbacks, ROWS)
        with CaptureQueriesContext(connection) as asked:
            officer.get("/imports/")
        counts.append(len(asked))
        assert not any('"imports_importbatch"."content"' in each["sql"] for each in asked)
    assert counts[0] == counts[1]


def test_a_preview_is_paged_and_keeps_its_filter(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    rows = [("id", "title"), *((f"X{number:02}", "Invented") for number in range(30))]
    send(officer, django_capture_on_commit_callbacks, rows, "projects")
    batch = ImportBatch.objects.get()
    page = officer.get(batch.get_absolute_url(), {"outcome": "created"})
    assert len(page.context["rows"]) == 25
    assert "?outcome=created&amp;page=2" in page.content.decode()
    second = officer.get(batch.get_absolute_url(), {"outcome": "created", "page": "2"})
    assert len(second.context["rows"]) == 5


def test_a_workbook_is_read_as_a_table_is(
    officer: Client, django_capture_on_commit_callbacks: Run
) -> None:
    invented.project()
    rows = [P, ("X01", "Norway", 100.5)]
    upload = SimpleUploadedFile("pledges.xlsx", xlsx_bytes(rows))
    with django_capture_on_commit_callbacks(execute=True):
        officer.post("/imports/", {"kind": "pledges", "file": upload})
    batch = ImportBatch.objects.get()
    assert batch.rows.get().changes["usd"] == [None, "100.50"]

"""./cairn release: whoever acts shows who it is, and the rules of the page hold here too."""

import io
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from cairn.access import factors
from cairn.access.models import User
from cairn.access.tests.factories import PASSWORD, user_with_role
from cairn.observatory.actions import ledger
from cairn.observatory.models import Artefact, Published, Release
from cairn.observatory.rules.pipeline import ReleaseState, Step
from cairn.observatory.tests.pipeline_scene import Records, source_of, usual

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SECRET = "JBSWY3DPEHPK3PXP"
BUILD = (
    *("build", "--source", "test", "--since", "2025-01-01", "--until", "2025-12-31"),
    *("--columns", "sex,age"),
)


@pytest.fixture
def records() -> Iterator[Records]:
    with source_of(Records(usual(f_child_a=3))) as found:
        yield found


@pytest.fixture
def builder() -> User:
    return equipped(user_with_role("statistics-officer", name="builder"))


def equipped(user: User) -> User:
    factors.keep_app(user, SECRET)
    return user


def run(monkeypatch: pytest.MonkeyPatch, user: User, *words: str, typed: str = "") -> str:
    """The command with the pass phrase, a fresh code and what is `typed` after them."""
    # A code counts once: the test does not wait for the next one.
    Authenticator.objects.filter(user=user).delete()
    factors.keep_app(user, SECRET)
    code = factors.code_at(SECRET, time.time())
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{code}\n{typed}\n"))
    out = io.StringIO()
    call_command("release", *words, "--as", user.username, stdout=out)
    return out.getvalue()


def test_a_release_is_built_signed_and_published_at_the_console(
    records: Records, builder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run(monkeypatch, builder, *BUILD)
    release = Release.objects.get()
    digest = Artefact.objects.get(step=Step.ATTACK).digest
    assert digest in said
    assert "withstands the attack" in said
    assert "withstands" in run(monkeypatch, builder, "attack", release.code)
    with pytest.raises(CommandError, match="builder-signs"):
        run(monkeypatch, builder, "sign", release.code, typed=digest[:8])
    for name in ("first", "second"):
        signer = user_with_role("statistics-officer", name=name)
        with pytest.raises(CommandError, match="not its first eight"):
            run(monkeypatch, signer, "sign", release.code, typed="12345678")
        run(monkeypatch, signer, "sign", release.code, typed=digest[:8])
    assert "published" in run(monkeypatch, builder, "publish", release.code)
    assert Published.objects.get().release.state == ReleaseState.PUBLISHED
    assert ledger.verify().broken_at is None


def test_an_unsigned_release_is_not_published(
    records: Records, builder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, builder, *BUILD)
    with pytest.raises(CommandError, match="unsigned"):
        run(monkeypatch, builder, "publish", Release.objects.get().code)


def test_nobody_acts_without_pass_phrase_code_and_right(
    records: Records, builder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    for typed, why in (("wrong\n000000\n", "do not open"), (f"{PASSWORD}\n000000\n", "code")):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        with pytest.raises(CommandError, match=why):
            call_command("release", *BUILD, "--as", builder.username, stdout=out)
    plain = user_with_role("statistics-officer", name="without")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    with pytest.raises(CommandError, match="second factor"):
        call_command("release", *BUILD, "--as", plain.username, stdout=out)
    other = equipped(user_with_role("programme-officer"))
    with pytest.raises(CommandError, match="may not"):
        run(monkeypatch, other, *BUILD)
    assert not Release.objects.exists()


def test_bad_words_are_told(
    records: Records, builder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, why in (
        (("build", "--source", "nowhere", *BUILD[3:]), "observatory.source"),
        (("build", "--source", "test", "--since", "soon", "--until", "late"), "as days"),
        ((*BUILD[:-1], "shoe"), "observatory.grouping"),
        ((*BUILD, "--title", "long " * 40), "at most 160"),
        (("publish", "R-2020-01"), "no release"),
    ):
        with pytest.raises(CommandError, match=why):
            run(monkeypatch, builder, *words)

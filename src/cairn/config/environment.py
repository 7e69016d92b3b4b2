"""Typed readers of environment variables: every setting that a deployment may change."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

JOURNAL = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes, on (any case) are true; empty takes the default; anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: write 1 or 0.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from None


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list; blanks are dropped."""
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [word.strip() for word in value.split(",") if word.strip()]


def pairs(name: str) -> dict[str, str]:
    """`key=value` parted by commas; a part without "=" is refused."""
    found = {}
    for part in words(name):
        key, sign, value = part.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise ImproperlyConfigured(f"{name}: {part!r} is not of the form name=value.")
        found[key.strip()] = value.strip()
    return found


def whole_numbers(name: str) -> dict[str, int]:
    """`key=number` parted by commas."""
    found = {}
    for key, value in pairs(name).items():
        if not value.isdecimal():
            raise ImproperlyConfigured(f"{name}: {key} is {value!r}, which is no whole number.")
        found[key] = int(value)
    return found


def mail(name: str) -> dict[str, object]:
    """Django's EMAIL settings for `smtp://user:password@host:port?tls=1&from=a@example.org`.

    Empty: no mail leaves this installation. `tls`: 1 (STARTTLS) unless it says 0; `ssl=1` for a
    line that is sealed from its first byte.
    """
    url = text(name).strip()
    if not url:
        return {}
    parts = urlsplit(url)
    extra = dict(parse_qsl(parts.query))
    sender = extra.get("from", "")
    if parts.scheme != "smtp" or not parts.hostname or "@" not in sender:
        raise ImproperlyConfigured(
            f"{name} is not of the form smtp://user:password@host:port?from=name@example.org."
        )
    is_sealed = extra.get("ssl") == "1"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_sealed else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_sealed,
        "EMAIL_USE_TLS": not is_sealed and extra.get("tls", "1") != "0",
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": sender,
    }


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()


def database(url: str, home: Path) -> dict[str, object]:
    """Django's DATABASES entry for `url`.

    Empty or `sqlite:` is the embedded database in `home`, `sqlite:///PATH` another file,
    `postgres://user:password@host:port/name` a server (a host given as `?host=/dir` is a socket).
    """
    if not url or url == "sqlite:":
        return _sqlite(home / "cairn.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        extra = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "cairn",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": extra.get("host", parts.hostname or ""),
            "PORT": str(parts.port or extra.get("port", "")),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"pool": True},
        }
    raise ImproperlyConfigured(
        f"The database address starts with {parts.scheme!r}: use postgres://... or sqlite:///..."
    )


def keys_database(url: str, home: Path) -> dict[str, object]:
    """Django's DATABASES entry for the key store: a database apart from the records.

    Empty is SQLite in the folder `keys` of `home`, which only its owner reaches; else as
    `database` takes it.
    """
    if url and url != "sqlite:":
        found = database(url, home)
    else:
        folder = home / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = _sqlite(folder / "keys.sqlite3")
    if str(found["ENGINE"]).endswith("sqlite3"):
        # A deleted key is overwritten, not only unlinked.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"{JOURNAL} PRAGMA secure_delete=ON;",
        }
    return found


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": JOURNAL,
        },
        # A file, not memory: workers of the test run open it from several threads.
        "TEST": {"NAME": None},
    }


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """An OpenID Connect provider that people of this installation may sign in with.

    `origins`: where forms may lead on the way there: the issuer's and any further ones.
    """

    issuer: str
    client_id: str
    secret: str
    name: str
    origins: tuple[str, ...]

    def app(self) -> dict[str, object]:
        """The provider as allauth's settings describe one. Only the subject is asked for."""
        return {
            "provider_id": "sso",
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.secret,
            "settings": {"server_url": self.issuer, "fetch_userinfo": False},
        }


def single_sign_on() -> SingleSignOn | None:
    """The provider that CAIRN_OIDC_* name, or None.

    Raises ImproperlyConfigured when a part is missing, or the issuer is neither https nor on this
    machine: the tokens that open accounts travel on that line.
    """
    issuer = text("CAIRN_OIDC_ISSUER").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise ImproperlyConfigured("CAIRN_OIDC_ISSUER must be an https address.")
    client_id, secret = text("CAIRN_OIDC_CLIENT_ID"), text("CAIRN_OIDC_CLIENT_SECRET")
    if not client_id or not secret:
        raise ImproperlyConfigured(
            "CAIRN_OIDC_ISSUER needs CAIRN_OIDC_CLIENT_ID and CAIRN_OIDC_CLIENT_SECRET with it."
        )
    return SingleSignOn(
        issuer,
        client_id,
        secret,
        text("CAIRN_OIDC_NAME") or parts.hostname or issuer,
        (f"{parts.scheme}://{parts.netloc}", *words("CAIRN_OIDC_ORIGINS")),
    )

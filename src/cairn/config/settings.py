"""Settings: one file, safe defaults, values from the environment (see environment.py)."""

import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cairn.config import environment

ROOT = Path(__file__).resolve().parents[3]
HOME = environment.folder("CAIRN_HOME", ROOT / "var")
DEMO = environment.flag("CAIRN_DEMO")
DEBUG = environment.flag("CAIRN_DEBUG")


def _secret_key() -> str:
    """From the environment, else from a file of this installation that only its owner can read."""
    if value := environment.text("CAIRN_SECRET_KEY"):
        if len(value) < 40:
            raise ImproperlyConfigured("CAIRN_SECRET_KEY is shorter than 40 characters.")
        return value
    path = HOME / "secret-key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(60))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = environment.words("CAIRN_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = environment.words("CAIRN_ORIGINS")
BEHIND_TLS = environment.flag("CAIRN_TLS")

INSTALLED_APPS = [
    "cairn.core",
    "cairn.vault",
    "cairn.ui",
    "cairn.access",
    "cairn.oversight",
    "cairn.imports",
    "cairn.library",
    "cairn.portfolio",
    "cairn.identification",
    "cairn.training",
    "cairn.referral",
    "cairn.observatory",
    "cairn.results",
    "cairn.field",
    "cairn.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "cairn.ui.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cairn.access.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cairn.ui.middleware.OutcomeMiddleware",
]

ROOT_URLCONF = "cairn.config.urls"
WSGI_APPLICATION = "cairn.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "cairn.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "cairn.ui.templatetags.ui",
            ],
        },
    }
]

# Records, and apart from them the keys that open what is sealed in the records.
DATABASES = {
    "default": environment.database(environment.text("CAIRN_DATABASE_URL"), HOME),
    "keys": environment.keys_database(environment.text("CAIRN_KEYS_DATABASE_URL"), HOME),
}
DATABASE_ROUTERS = ["cairn.vault.router.Router"]
# The root key that wraps all others: a key service, else the environment, else a file in HOME.
KEY_SERVICE = environment.text("CAIRN_KEY_SERVICE").rstrip("/")
KEY_SERVICE_KEY = environment.text("CAIRN_KEY_SERVICE_KEY", "cairn")
KEY_SERVICE_TOKEN_FILE = environment.text("CAIRN_KEY_SERVICE_TOKEN_FILE")
KEY_SERVICE_CA = environment.text("CAIRN_KEY_SERVICE_CA")
ROOT_KEY = environment.text("CAIRN_ROOT_KEY")
# Days for which a copy of the key store lives; after that an erasure holds in every copy too.
KEY_COPIES_DAYS = environment.number("CAIRN_KEY_COPIES_DAYS", 7)
ROOT_KEY_PREVIOUS = environment.text("CAIRN_ROOT_KEY_PREVIOUS")
# The app on officers' phones: its name and icon say nothing of what it is for.
FIELD_NAME = environment.text("CAIRN_FIELD_NAME", "Notes")
FIELD_ICON = environment.text("CAIRN_FIELD_ICON")
FIELD_AUDIO = environment.text("CAIRN_FIELD_AUDIO")
FIELD_VALID_DAYS = environment.number("CAIRN_FIELD_VALID_DAYS", 14)
# Messages that something waits: to the work address of a service, never with what it is about.
MAIL = bool(environment.text("CAIRN_MAIL"))
globals().update(environment.mail("CAIRN_MAIL"))
ADDRESS = environment.text("CAIRN_ADDRESS").rstrip("/")
# Minutes by which referrals are answered, by name; see docs/settings.md.
REFERRAL_CLOCKS = environment.whole_numbers("CAIRN_REFERRAL_CLOCKS")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Counts attempts to sign in, so every process must see the same. No record of a person.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cairn_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    "documents": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "documents",
        "OPTIONS": {"MAX_ENTRIES": 60},
    },
}

AUTH_USER_MODEL = "access.User"
LOGIN_URL = "access:sign-in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:front"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["cairn.access.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# Sign-in (django-allauth): by user name, by invitation only, and without e-mail addresses.
ACCOUNT_ADAPTER = "cairn.access.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
# Failures only: 5 in 15 minutes for a name or a person's second factor, 20 a minute for an address.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.flag("CAIRN_BEHIND_PROXY") else 0
MFA_ADAPTER = "cairn.access.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # there are none
MFA_TOTP_ISSUER = "Cairn"
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds either way: RFC 6238, section 5.2
SOCIALACCOUNT_ADAPTER = "cairn.access.accounts.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
OIDC = environment.single_sign_on()
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid"],  # who it is, and nothing about them
        "APPS": [OIDC.app()] if OIDC else [],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = [ROOT / "src" / "cairn" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = environment.text("CAIRN_TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files"},
    },
    "staticfiles": {"BACKEND": "cairn.ui.storage.StaticStorage"},
}
WHITENOISE_MANIFEST_STRICT = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that starts single sign-on is answered with the way to the provider.
        "form-action": [SELF, *(OIDC.origins if OIDC else ())],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("CAIRN_BEHIND_PROXY") else None
)
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"route": {"()": "cairn.core.logs.RouteOnly"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["route"],
        }
    },
    "root": {"handlers": ["console"], "level": environment.text("CAIRN_LOG_LEVEL", "WARNING")},
}

# Other thresholds for unusual access (oversight/unusual.py: Limits) and other days for rules of
# retention (core/retention_rules.py: RULES), by name: "many_persons=40,opens_at=07:00".
UNUSUAL_ACCESS = environment.pairs("CAIRN_UNUSUAL_ACCESS")
RETENTION_DAYS = environment.whole_numbers("CAIRN_RETENTION_DAYS")
# A deployment may draw its own boundaries: GeoJSON features with an `id` of ISO 3166-1 alpha-3.
BOUNDARIES = environment.text("CAIRN_BOUNDARIES")
# Largest file that an import takes, in bytes.
IMPORT_MAX_BYTES = environment.number("CAIRN_IMPORT_MAX_BYTES", 20 * 1024 * 1024)
# Who publishes aid data: identifier as registered with IATI, name, and code of OrganisationType.
IATI_REFERENCE = environment.text("CAIRN_IATI_REFERENCE", "XM-DAC-41128")
IATI_NAME = environment.text("CAIRN_IATI_NAME", "United Nations Office on Drugs and Crime")
IATI_KIND = environment.text("CAIRN_IATI_KIND", "40")
# How people reach whoever runs this installation; shown in the statements. Never a person's name.
CONTACT = environment.text("CAIRN_CONTACT")

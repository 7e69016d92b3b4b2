"""What sign-in keeps: accounts, roles, invitations, and the tables of its libraries."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import ONESELF, Scrub, Zone, declare, keep
from cairn.core.retention_rules import kept

declare(
    "access.User",
    Zone.ACCOUNTS,
    _("Accounts: a user name and a name to show, both chosen by the person. No mail addresses."),
    purpose=_("Let people sign in, and tell who did what."),
    retention=kept("account"),
    internal="id is_active is_demo created_at",
    personal="username display_name password last_login",
    scrub={"password": Scrub.BLANK, "last_login": Scrub.BLANK},
    seen_with=f"{ONESELF} role:view",
)
declare(
    "access.Membership",
    Zone.ACCOUNTS,
    _("Who has which role, where, from which day to which, and who gave and confirmed it."),
    purpose=_("Decide what somebody may see and do."),
    retention=kept("staff-role", "ends_on"),
    internal="id organisation role starts_on ends_on unit country area granted_at confirmed_at",
    personal="user granted_by confirmed_by",
    scrub=keep("user granted_by confirmed_by"),
    seen_with=f"{ONESELF} role:view",
)
declare(
    "sessions.Session",
    Zone.ACCOUNTS,
    _("Who is signed in at this moment, with the marks of the second factor."),
    purpose=_("Keep somebody signed in from page to page."),
    retention=kept("sign-in", "expire_date"),
    internal="expire_date",
    personal="session_key session_data",
    drops_rows=True,
)
declare(
    "access.Invitation",
    Zone.ACCOUNTS,
    _("Links that open one account once, or reset one. Of the link only a fingerprint is kept."),
    purpose=_("Nobody registers by themselves: somebody who may invite answers for each account."),
    retention=kept("invitation", "expires_at"),
    internal=(
        "id purpose organisation unit role country area made_at expires_at used_at withdrawn_at"
    ),
    personal="token_hash user invited_by",
    drops_rows=True,
    seen_with="account:invite",
)

# --- Libraries of the sign-in --------------------------------------------------------------

declare(
    "mfa.Authenticator",
    Zone.ACCOUNTS,
    _("Second factors: passkeys, and secrets of one-time codes, which are sealed by a key."),
    purpose=_("Ask for a second proof before somebody opens, decides, exports or administers."),
    retention=kept("sign-in-means"),
    internal="id type created_at last_used_at",
    personal="user data",
    drops_rows=True,
    seen_with=ONESELF,
)
declare(
    "usersessions.UserSession",
    Zone.ACCOUNTS,
    _("Where somebody is signed in: network address, browser, when last seen."),
    purpose=_("Let people see their own sign-ins and end one that is not theirs."),
    retention=kept("session-list", "last_seen_at"),
    internal="id",
    personal="user created_at ip last_seen_at session_key user_agent data",
    drops_rows=True,
    seen_with=ONESELF,
)
declare(
    "socialaccount.SocialAccount",
    Zone.ACCOUNTS,
    _("Which account of another sign-in service belongs to which account here."),
    purpose=_("Sign in through the organisation's own sign-in service."),
    retention=kept("sign-in-means"),
    internal="id provider last_login date_joined",
    personal="user uid extra_data",
    drops_rows=True,
    seen_with=ONESELF,
)
declare(
    "socialaccount.SocialApp",
    Zone.ACCOUNTS,
    _("Empty: the sign-in service is named in the settings."),
    purpose=_("Comes with the sign-in library."),
    retention=kept("catalogue"),
    internal="id provider provider_id name client_id secret key settings",
    drops_rows=True,
)
declare(
    "socialaccount.SocialToken",
    Zone.ACCOUNTS,
    _("Empty: tokens of the sign-in service are not kept."),
    purpose=_("Comes with the sign-in library."),
    retention=kept("sign-in"),
    personal="id app account token token_secret expires_at",
    drops_rows=True,
)
declare(
    "account.EmailAddress",
    Zone.ACCOUNTS,
    _("Empty: no mail addresses are kept."),
    purpose=_("Comes with the sign-in library."),
    retention=kept("account"),
    personal="id user email verified primary",
    drops_rows=True,
)
declare(
    "account.EmailConfirmation",
    Zone.ACCOUNTS,
    _("Empty: no mail addresses are kept."),
    purpose=_("Comes with the sign-in library."),
    retention=kept("sign-in"),
    personal="id email_address created sent key",
    drops_rows=True,
)

"""Every write about users: signing in and out, demo accounts, memberships."""

from cairn.access.actions.accounts import (
    create_demo_users,
    demo_accounts,
    disconnect_account,
    record_sign_out,
)
from cairn.access.actions.memberships import confirm_role, end_role, grant_role

__all__ = [
    "confirm_role",
    "create_demo_users",
    "demo_accounts",
    "disconnect_account",
    "end_role",
    "grant_role",
    "record_sign_out",
]

"""Addresses of signing in, of one's own account, of invitations and of the role table."""

from django.urls import path

from cairn.access import views, views_people
from cairn.access.accounts import views_account, views_invitations

app_name = "access"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/second-factor/", views.second_factor, name="second-factor"),
    path("sign-in/passkey/", views.passkey_sign_in, name="passkey-sign-in"),
    path("sign-in/passkey/question/", views.passkey_question, name="passkey-question"),
    path("sign-in/single-sign-on/", views.sign_on, name="sign-on"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views_account.account, name="account"),
    path("account/confirm/", views_account.confirm, name="confirm"),
    path("account/password/", views_account.password, name="password"),
    path("account/second-factor/", views_account.set_up, name="set-up"),
    path("account/second-factor/app/", views_account.set_up_app, name="set-up-app"),
    path("account/second-factor/app/picture/", views_account.set_up_picture, name="set-up-picture"),
    path("account/second-factor/codes/", views_account.recovery_codes, name="recovery-codes"),
    path(
        "account/second-factor/<int:pk>/remove/", views_account.factor_remove, name="factor-remove"
    ),
    path("account/passkeys/new/", views_account.passkey_add, name="passkey-add"),
    path("account/passkeys/new/creation/", views_account.passkey_creation, name="passkey-creation"),
    path("account/passkeys/<int:pk>/", views_account.passkey_rename, name="passkey-rename"),
    path("account/sessions/end/", views_account.sessions_end, name="sessions-end"),
    path("account/sessions/<int:pk>/end/", views_account.session_end, name="session-end"),
    path("account/single-sign-on/connect/", views_account.connect, name="connect"),
    path("account/single-sign-on/disconnect/", views_account.disconnect, name="disconnect"),
    path("invitations/", views_invitations.listing, name="invitations"),
    path("invitations/new/", views_invitations.make, name="invite"),
    path("invitations/<uuid:pk>/withdraw/", views_invitations.withdraw, name="withdraw"),
    path("invitation/", views_invitations.accept, name="accept"),
    path("invitation/<str:token>/", views_invitations.link, name="link"),
    path("roles/", views.roles, name="roles"),
    path("roles/people/", views_people.people_list, name="people"),
    path("roles/people/<uuid:pk>/grant/", views_people.grant, name="role-grant"),
    path("roles/<int:pk>/confirm/", views_people.confirm, name="role-confirm"),
    path("roles/<int:pk>/end/", views_people.end, name="role-end"),
]

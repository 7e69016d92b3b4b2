"""Names that allauth looks up: each leads to a page of our own, but for the way back of sign-on.

Nothing else of allauth is reachable: no signing up, no addresses, no reset by mail.
"""

from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import path

from cairn.access import views
from cairn.access.accounts import views_account

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/", views_account.inactive, name="account_inactive"),
    path("sign-in/", views_account.inactive, name="socialaccount_login_cancelled"),
    path("sign-in/second-factor/", views.second_factor, name="mfa_authenticate"),
    path("account/confirm/", views_account.confirm, name="account_reauthenticate"),
    path("account/confirm/", views_account.confirm, name="mfa_reauthenticate"),
    path("account/", views_account.account, name="socialaccount_connections"),
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]

"""Signing in, one's own account, administration, posts, looks."""

from django.urls import path

from .views import accounts, audit, looks, me, posts, second_factor, security, sessions

app_name = "access"
urlpatterns = [
    path("sign-in/", sessions.sign_in, name="sign_in"),
    path("sign-out/", sessions.sign_out, name="sign_out"),
    path("language/", sessions.language, name="language"),
    path("me/", me.me, name="me"),
    path("password/", me.change_password, name="change_password"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/begin/", second_factor.begin, name="second_factor_begin"),
    path("second-factor/confirm/", second_factor.confirm, name="second_factor_confirm"),
    path("second-factor/off/", second_factor.switch_off, name="second_factor_off"),
    path("verify/", second_factor.verify, name="verify"),
    path("looks/<int:pk>/", looks.looks, name="looks"),
    path("glass/", looks.glass, name="glass"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/export/", accounts.export, name="accounts_export"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/open/", accounts.open_account, name="account_open"),
    path("accounts/<int:pk>/reset/", accounts.reset, name="account_reset"),
    path("accounts/<int:pk>/active/", accounts.active, name="account_active"),
    path("security/", security.security, name="security"),
    path("security/<int:pk>/unlock/", security.unlock, name="unlock"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("audit/check/", audit.check, name="audit_check"),
    path("places/", posts.top, name="tree"),
    path("places/<int:pk>/", posts.posts, name="posts"),
    path("places/<int:pk>/appoint/", posts.appoint, name="appoint"),
    path("posts/<int:pk>/end/", posts.end_post, name="end_post"),
    path("posts/<int:pk>/deputy/", posts.deputise, name="deputise"),
    path("deputies/<int:pk>/end/", posts.end_deputy, name="end_deputy"),
]

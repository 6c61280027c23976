"""Signing in, one's own account, administration, posts, looks."""

from django.urls import path

from .views import looks, me, second_factor, sessions

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
]

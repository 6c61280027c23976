"""The house's own pages: the service worker, the manifest, 我的, and the styleguide while developing."""

from django.urls import URLPattern, path

from guixiao.web import styleguide, views

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="start"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("me/", views.me, name="me"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/roll/", styleguide.roll, name="styleguide_roll"),
    path("styleguide/roll/hand-in/", styleguide.hand_in, name="styleguide_hand_in"),
]

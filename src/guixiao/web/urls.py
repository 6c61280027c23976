"""Every door of the house. Each name needs a row in the access matrix."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

APPS = (
    *("access", "people", "files", "notify", "rollcall", "visits", "duties", "cases"),
    *("staffing", "schoolyear", "returns", "operations", "demo"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guixiao.web.routes")),
    *(
        path(f"{app}/", include(f"guixiao.{app}.urls"))
        for app in APPS
        if find_spec(f"guixiao.{app}") and find_spec(f"guixiao.{app}.urls")
    ),
]

handler400 = "guixiao.web.views.bad_request"
handler403 = "guixiao.web.views.forbidden"
handler404 = "guixiao.web.views.not_found"
handler500 = "guixiao.web.views.broken"

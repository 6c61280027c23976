"""The house's own pages: the service worker, the styleguide, the way in."""

from django.urls import URLPattern

app_name = "web"
urlpatterns: list[URLPattern] = []

"""Turning the practice county's clock."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [path("advance/", views.advance, name="advance")]

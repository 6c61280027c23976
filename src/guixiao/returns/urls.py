"""The doors of the monthly return."""

from django.urls import URLPattern, path

from . import views

app_name = "returns"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("list.xlsx", views.list_excel, name="list_excel"),
    path("compile/", views.compile_one, name="compile"),
    path("school/<int:pk>/<str:period>/", views.current, name="current"),
    path("class/<int:pk>/", views.check, name="check"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/step/", views.step, name="step"),
    path("<int:pk>/send-back/", views.send_back, name="send_back"),
    path("<int:pk>/remind/", views.remind, name="remind"),
    path("<int:pk>/excel/", views.excel, name="excel"),
    path("<int:pk>/<slug:cell>/", views.list_behind, name="list_behind"),
]

"""Doors of the duties."""

from django.urls import path

from .views import acts, beneath, home, regulations, why

app_name = "duties"
urlpatterns = [
    path("", home.home, name="home"),
    path("<int:pk>/why/", why.why, name="why"),
    path("<int:pk>/report/", acts.report, name="report"),
    path("<int:pk>/remind/", acts.remind, name="remind"),
    path("remind/", acts.remind_all, name="remind_all"),
    path("<int:pk>/waive/", acts.waive, name="waive"),
    path("beneath/", beneath.beneath, name="beneath"),
    path("beneath/excel/", beneath.excel, name="beneath_excel"),
    path("of/student/<int:pk>/", beneath.of_student, name="of_student"),
    path("of/place/<int:pk>/", beneath.of_place, name="of_place"),
    path("regulations/", regulations.regulations, name="regulations"),
    path("regulations/<slug:code>/", regulations.regulation, name="regulation"),
]

"""The school year: which schools have opened, one school's preview and opening, the classes of years gone by."""

from django.urls import path

from .views import editing, pages, past, turn

app_name = "schoolyear"
urlpatterns = [
    path("", pages.index, name="list"),
    path("export/", pages.export, name="export"),
    path("school/<int:pk>/", pages.school, name="school"),
    path("school/<int:pk>/begin/", editing.begin, name="begin"),
    path("school/<int:pk>/past/", past.classes, name="past"),
    path("roster/<int:pk>/", past.roster, name="roster"),
    path("<int:pk>/class/<slug:key>/", pages.klass, name="klass"),
    path("<int:pk>/change/", editing.change, name="change"),
    path("<int:pk>/excel/", editing.excel, name="excel"),
    path("<int:pk>/open/", turn.open_year, name="open"),
    path("<int:pk>/undo/", turn.undo_year, name="undo"),
]

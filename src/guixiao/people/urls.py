"""Students: the list, the page of one child, changes, the import."""

from django.urls import path

from .views import changes, imports, lists, student

app_name = "people"
urlpatterns = [
    path("", lists.students, name="list"),
    path("export/", lists.export, name="export"),
    path("class/<int:pk>/", lists.class_roster, name="roster"),
    path("<int:pk>/", student.show, name="show"),
    path("<int:pk>/reveal/<slug:field>/", student.reveal, name="reveal"),
    path("<int:pk>/edit/", changes.edit, name="edit"),
    path("<int:pk>/leave/", changes.leave, name="leave"),
    path("<int:pk>/groups/", changes.add_group, name="add_group"),
    path("<int:pk>/groups/<int:row>/end/", changes.end_group, name="end_group"),
    path("<int:pk>/assign/", changes.assign, name="assign"),
    path("<int:pk>/assign/<int:row>/end/", changes.end_assignment, name="end_assignment"),
    path("imports/", imports.imports, name="imports"),
    path("imports/template/", imports.blank, name="import_template"),
    path("imports/<int:pk>/", imports.show, name="import_show"),
    path("imports/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:pk>/apply/", imports.apply, name="import_apply"),
    path("imports/<int:pk>/undo/", imports.undo, name="import_undo"),
    path("imports/<int:pk>/discard/", imports.discard, name="import_discard"),
    path("imports/<int:pk>/bad/", imports.bad, name="import_bad"),
]

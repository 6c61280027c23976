"""Staff, posts, classes: by sheet and by hand; handovers; changes of class."""

from django.urls import path

from .views import transfers

app_name = "staffing"
urlpatterns = [
    path("transfers/", transfers.listed, name="transfers"),
    path("transfers/<int:pk>/cancel/", transfers.cancel, name="transfer_cancel"),
    path("transfers/<int:pk>/undo/", transfers.undo, name="transfer_undo"),
    path("students/<int:pk>/transfer/", transfers.move, name="transfer"),
    path("classes/<int:pk>/even-out/", transfers.even_out, name="even_out"),
]

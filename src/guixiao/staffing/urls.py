"""Staff, posts, classes: by sheet and by hand; handovers; changes of class."""

from django.urls import path

from .views import handovers, mine, places, sheets, transfers

app_name = "staffing"
urlpatterns = [
    path("transfers/", transfers.listed, name="transfers"),
    path("transfers/<int:pk>/cancel/", transfers.cancel, name="transfer_cancel"),
    path("transfers/<int:pk>/undo/", transfers.undo, name="transfer_undo"),
    path("students/<int:pk>/transfer/", transfers.move, name="transfer"),
    path("classes/<int:pk>/even-out/", transfers.even_out, name="even_out"),
    path("people/", handovers.people, name="people"),
    path("people/<int:pk>/", handovers.person, name="person"),
    path("posts/<int:pk>/hand-over/", handovers.hand_over, name="hand_over"),
    path("handovers/", handovers.listed, name="handovers"),
    path("handovers/<int:pk>/", handovers.show, name="handover"),
    path("handovers/<int:pk>/undo/", handovers.undo, name="handover_undo"),
    path("mine/", mine.mine, name="mine"),
    path("mine/posts/<int:pk>/deputy/", mine.deputise, name="mine_deputy"),
    path("mine/deputies/<int:pk>/end/", mine.end_deputy, name="mine_deputy_end"),
    path("mine/received/<int:pk>/", mine.received, name="received"),
    path("mine/received/<int:pk>/take/", mine.take_over, name="take_over"),
    path("places/<int:pk>/add/", places.add, name="add_place"),
    path("places/<int:pk>/take-back/", places.take_back, name="take_back_place"),
    path("sheets/", sheets.sheets, name="sheets"),
    path("sheets/template/", sheets.blank, name="sheet_template"),
    path("sheets/<int:pk>/", sheets.show, name="sheet"),
    path("sheets/<int:pk>/progress/", sheets.progress, name="sheet_progress"),
    path("sheets/<int:pk>/columns/", sheets.columns, name="sheet_columns"),
    path("sheets/<int:pk>/clash/", sheets.clash, name="sheet_clash"),
    path("sheets/<int:pk>/apply/", sheets.apply, name="sheet_apply"),
    path("sheets/<int:pk>/undo/", sheets.undo, name="sheet_undo"),
    path("sheets/<int:pk>/discard/", sheets.discard, name="sheet_discard"),
    path("sheets/<int:pk>/bad/", sheets.bad, name="sheet_bad"),
    path("sheets/<int:pk>/passwords/", sheets.passwords, name="sheet_passwords"),
]

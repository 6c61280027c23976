from django.urls import path

from .views import acting, known, lists, page, planning

app_name = "cases"
urlpatterns = [
    path("", lists.listed, name="list"),
    path("excel/", lists.excel, name="excel"),
    path("of/<int:pk>/", lists.of_student, name="of_student"),
    path("known/", known.known, name="known"),
    path("known/template/", known.blank, name="known_template"),
    path("known/of/<int:pk>/", known.one, name="known_one"),
    path("known/at/<int:pk>/<int:batch>/", known.show, name="known_show"),
    path("known/at/<int:pk>/<int:batch>/apply/", known.apply, name="known_apply"),
    path("known/at/<int:pk>/<int:batch>/undo/", known.undo, name="known_undo"),
    path("known/at/<int:pk>/<int:batch>/discard/", known.discard, name="known_discard"),
    path("known/at/<int:pk>/<int:batch>/bad/", known.bad, name="known_bad"),
    path("open/<int:pk>/", acting.open_case, name="open"),
    path("<int:pk>/", page.show, name="show"),
    path("<int:pk>/print/", page.paper, name="print"),
    path("<int:pk>/plan/", planning.plan, name="plan"),
    path("<int:pk>/approve/", planning.approve, name="approve"),
    path("<int:pk>/done/<int:row>/", planning.done, name="done"),
    path("<int:pk>/returned/", acting.returned, name="returned"),
    path("<int:pk>/confirm/", acting.confirm, name="confirm"),
    path("<int:pk>/enrol/", acting.enrol, name="enrol"),
    path("<int:pk>/mark/", acting.mark, name="mark"),
    path("<int:pk>/risk/", acting.risk, name="risk"),
    path("<int:pk>/propose/", acting.propose, name="propose"),
    path("<int:pk>/close/", acting.close, name="close"),
    path("<int:pk>/refuse/", acting.refuse, name="refuse"),
    path("<int:pk>/reopen/", acting.reopen, name="reopen"),
    path("<int:pk>/assign/", acting.assign, name="assign"),
    path("<int:pk>/papers/", acting.papers, name="papers"),
]

from django.urls import path

from .views import acting, lists, page, planning

app_name = "cases"
urlpatterns = [
    path("", lists.listed, name="list"),
    path("excel/", lists.excel, name="excel"),
    path("of/<int:pk>/", lists.of_student, name="of_student"),
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

"""Doors of the duties."""

from django.urls import path

from .views import acts, adoption, beneath, calendar, compare, home, regulations, why

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
    path("calendar/", calendar.calendars, name="calendars"),
    path("calendar/<int:pk>/", calendar.calendar, name="calendar"),
    path("calendar/<int:pk>/days/", calendar.decide, name="calendar_days"),
    path("calendar/<int:pk>/days/<int:overlay>/", calendar.redecide, name="calendar_redo"),
    path("calendar/<int:pk>/days/<int:overlay>/withdraw/", calendar.withdraw, name="calendar_withdraw"),
    path("calendar/<int:pk>/term/", calendar.term, name="calendar_term"),
    path("calendar/<int:pk>/term/<slug:code>/remove/", calendar.remove_term, name="calendar_term_remove"),
    path("regulations/compare/", compare.compare, name="compare"),
    path("of/student/<int:pk>/compare/", compare.of_student, name="compare_student"),
    path("regulations/choose/", adoption.choose, name="regulation_choose"),
    path("regulations/at/<int:pk>/<slug:code>/adopt/", adoption.adopt, name="regulation_adopt"),
    path("regulations/at/<int:pk>/<slug:code>/amend/", adoption.amend, name="regulation_amend"),
    path("regulations/at/<int:pk>/<slug:code>/end/", adoption.end, name="regulation_end"),
    path("regulations/at/<int:pk>/signing/<int:signing>/", adoption.signing, name="regulation_signing"),
    path(
        "regulations/at/<int:pk>/signing/<int:signing>/rehearsal/",
        adoption.rehearsal,
        name="regulation_rehearsal",
    ),
    path("regulations/at/<int:pk>/signing/<int:signing>/sign/", adoption.sign, name="regulation_sign"),
    path("regulations/at/<int:pk>/signing/<int:signing>/drop/", adoption.drop, name="regulation_drop"),
    path("regulations/<slug:code>/", regulations.regulation, name="regulation"),
]

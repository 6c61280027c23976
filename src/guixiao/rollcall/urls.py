"""The doors of the roll call."""

from datetime import date

from django.urls import path, register_converter

from guixiao.facts.codes import Session

from .views import board, export, leave, marks, take

app_name = "rollcall"


class DayConverter:
    """``2026-09-28``; anything else is no such page."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class SessionConverter:
    """``morning``, ``afternoon``, ``evening``."""

    regex = "|".join(Session)

    def to_python(self, value: str) -> Session:
        return Session(value)

    def to_url(self, value: Session | str) -> str:
        return str(value)


register_converter(DayConverter, "roll_day")
register_converter(SessionConverter, "roll_session")

urlpatterns = [
    path("", take.today, name="today"),
    path("class/<int:pk>/", take.take, name="take"),
    path("receipt/<int:pk>/", take.receipt, name="receipt"),
    path("receipt/<int:pk>/missing/", marks.add_missing, name="missing"),
    path("receipt/<int:pk>/change/", take.choose, name="choose"),
    path("correct/<int:pk>/<roll_day:day>/<roll_session:session>/", marks.correct, name="correct"),
    path("arrived/<int:pk>/", marks.arrived, name="arrived"),
    path("returned/<int:pk>/", marks.returned, name="returned"),
    path("leave/<int:pk>/", leave.leave, name="leave"),
    path("leave/end/<int:pk>/", leave.end, name="leave_end"),
    path("history/<int:pk>/", leave.history, name="history"),
    path("board/", board.board, name="board"),
    path("board/<int:pk>/", board.board, name="board_of"),
    path("board/excel/", export.export, name="board_excel"),
    path("board/<int:pk>/excel/", export.export, name="board_of_excel"),
    path("remind/<int:pk>/", board.remind, name="remind"),
    path("remind/", board.remind_all, name="remind_all"),
]

from django.urls import path

from . import views

app_name = "visits"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/<int:pk>/", views.new, name="new"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/print/", views.paper, name="print"),
    path("of/<int:pk>/", views.of_student, name="of_student"),
    path("harm/of/<int:pk>/", views.harm, name="harm"),
]

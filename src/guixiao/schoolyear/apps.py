from django.apps import AppConfig


class SchoolYearConfig(AppConfig):
    name = "guixiao.schoolyear"
    label = "schoolyear"

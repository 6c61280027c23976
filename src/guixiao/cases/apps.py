from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "guixiao.cases"
    label = "cases"

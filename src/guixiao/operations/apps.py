from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "guixiao.operations"
    label = "operations"

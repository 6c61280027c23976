from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "guixiao.duties"
    label = "duties"

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "guixiao.visits"
    label = "visits"

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "guixiao.returns"
    label = "returns"

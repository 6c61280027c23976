from django.apps import AppConfig


class RollcallConfig(AppConfig):
    name = "guixiao.rollcall"
    label = "rollcall"

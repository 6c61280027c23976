from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "guixiao.access"
    label = "access"

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "guixiao.web"
    label = "web"

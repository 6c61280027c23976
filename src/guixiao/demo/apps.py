from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "guixiao.demo"
    label = "demo"

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "guixiao.notify"
    label = "notify"

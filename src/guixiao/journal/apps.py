from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "guixiao.journal"
    label = "journal"

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guixiao.files"
    label = "files"

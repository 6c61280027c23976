from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "guixiao.bench"
    label = "bench"

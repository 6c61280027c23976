from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "guixiao.operations"
    label = "operations"

    def ready(self) -> None:
        from guixiao.duties.followers import meanwhile

        from .schedule import Nightly

        meanwhile(Nightly().start_if_due)

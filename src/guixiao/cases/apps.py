from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "guixiao.cases"
    label = "cases"

    def ready(self) -> None:
        from guixiao.duties.followers import follow

        from .settle import after_duties

        follow(after_duties)

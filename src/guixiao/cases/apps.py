from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "guixiao.cases"
    label = "cases"

    def ready(self) -> None:
        from guixiao.duties.followers import follow

        from .settle import settle

        follow(settle)

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guixiao.people"
    label = "people"

    def ready(self) -> None:
        from guixiao.access.children import register

        from .register import PeopleRegister

        register(PeopleRegister())

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "guixiao.notify"
    label = "notify"

    def ready(self) -> None:
        from guixiao.access.hooks import on_glass

        from .glass import tell_principal

        on_glass("notify", tell_principal)

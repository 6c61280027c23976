from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "guixiao.returns"
    label = "returns"

    def ready(self) -> None:
        from guixiao.staffing.matters import source

        from .handover import WaitingReturns

        source(WaitingReturns())

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "guixiao.staffing"
    label = "staffing"

    def ready(self) -> None:
        from guixiao.duties.followers import before

        from .due import carry_out_due

        before(carry_out_due)

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "guixiao.staffing"
    label = "staffing"

    def ready(self) -> None:
        from guixiao.duties.followers import before
        from guixiao.duties.panels import panel

        from .due import carry_out_due, revive_sheets
        from .panel import taken_over_panel

        before(carry_out_due)
        before(revive_sheets)
        panel(taken_over_panel)

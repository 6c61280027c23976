from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "guixiao.staffing"
    label = "staffing"

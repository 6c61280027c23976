from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guixiao.people"
    label = "people"

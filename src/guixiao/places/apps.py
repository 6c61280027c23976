from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "guixiao.places"
    label = "places"

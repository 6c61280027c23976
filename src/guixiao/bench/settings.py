"""The settings of an installation, and two addresses to hold its pages against. Only a bench serves with these."""

from guixiao.conf.settings import *  # noqa: F403 - every setting, so that the server is the one people use
from guixiao.conf.settings import MIDDLEWARE as HOUSE

MIDDLEWARE = ["guixiao.bench.middleware.Bare", *HOUSE, "guixiao.bench.middleware.Empty"]
GUIXIAO_IDLE_MINUTES = 600

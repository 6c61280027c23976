"""Property tests run on shared machines: a slow example is not a failing one."""

from hypothesis import settings

settings.register_profile("guixiao", deadline=None)
settings.load_profile("guixiao")

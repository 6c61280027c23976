"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from guixiao.duties.beside import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixiao.conf.settings")
application = get_wsgi_application()
end_with_parent()

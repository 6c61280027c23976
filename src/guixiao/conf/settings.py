"""Django settings: one module for every installation; what differs comes from the environment.

``GUIXIAO_HOME``, ``GUIXIAO_KEYS``, ``DATABASE_URL`` (see ``conf.home``), ``GUIXIAO_HOSTS`` (comma separated),
``GUIXIAO_DEBUG=1``, ``GUIXIAO_HTTPS=0`` (a demo or a test on plain http).
"""

import os
from pathlib import Path

from . import backups, database, home, keys

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home.home()
DEBUG = os.environ.get("GUIXIAO_DEBUG") == "1"
HTTPS = os.environ.get("GUIXIAO_HTTPS", "1") == "1"
DEMO = os.environ.get("GUIXIAO_DEMO") == "1"
SECRET_KEY = keys.ring().secret
ALLOWED_HOSTS = os.environ.get("GUIXIAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    # the house, from the ground floor to the roof
    *(
        f"guixiao.{app}"
        for app in (
            "journal",
            "places",
            "access",
            "people",
            "files",
            "notify",
            "rollcall",
            "visits",
            "duties",
            "cases",
            "staffing",
            "schoolyear",
            "returns",
            "operations",
            "web",
            "demo",
            "bench",
        )
        if (PACKAGE / app / "apps.py").exists()
    ),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guixiao.access.middleware.ActorMiddleware",
    "guixiao.web.middleware.SettleMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "guixiao.web.urls"
WSGI_APPLICATION = "guixiao.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "guixiao.web.context.house",
            ],
        },
    }
]

DATABASES = {"default": database.from_url(home.database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "guixiao.access.passwords.ThreeKindsValidator"},
    {"NAME": "guixiao.access.passwords.NotUsedBeforeValidator"},
]
LOGIN_URL = "access:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "access:sign_in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "guixiao.web.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "guixiao.access.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "guixiao.access.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that was said stays true

GUIXIAO_IDLE_MINUTES = int(os.environ.get("GUIXIAO_IDLE_MINUTES", "30"))
GUIXIAO_ROLLCALL_LATE_DAYS = int(os.environ.get("GUIXIAO_ROLLCALL_LATE_DAYS", "7"))
GUIXIAO_PASSWORD_DAYS = 3650 if DEMO else 90
GUIXIAO_ADMIN_SECOND_FACTOR = os.environ.get("GUIXIAO_ADMIN_SECOND_FACTOR") == "1"
GUIXIAO_BACKUP_AT = backups.at(os.environ.get("GUIXIAO_BACKUP_AT", "off" if DEMO else "02:30"))
GUIXIAO_BACKUP_KEEP = backups.keep(os.environ.get("GUIXIAO_BACKUP_KEEP", "7,4,12"))
OTP_TOTP_ISSUER = "Guixiao"
GUIXIAO_PASSWORD_HISTORY = 5

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []

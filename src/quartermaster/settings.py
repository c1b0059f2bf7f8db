"""Django's settings, read from the environment only: importing this opens no connection and writes nothing.

QM_DATABASE_URL, QM_HOME, QM_SECRET_KEY, QM_URL and QM_LOG are documented in README.md. QM_PROCESS (web,
worker or command), QM_HOSTS and QM_THREADS are set by our own commands.
"""

import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from quartermaster.core.locations import database_settings, home, known_database_url, known_secret_key
from quartermaster.core.logs import logging_settings

ROOT = Path(__file__).resolve().parents[2]
HOME = home()
PROCESS = os.environ.get("QM_PROCESS", "command")
IS_TEST = "pytest" in sys.modules

# Coarse jobs stand in each stage's jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Who we are to the outside
URL = os.environ.get("QM_URL", "").rstrip("/")
_url = urlsplit(URL)
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    socket.gethostname(),
    *os.environ.get("QM_HOSTS", "").split(),
]
CSRF_TRUSTED_ORIGINS: list[str] = []
if _url.hostname:
    ALLOWED_HOSTS.append(_url.hostname)
    CSRF_TRUSTED_ORIGINS.append(f"{_url.scheme}://{_url.netloc}")

# Secrets. Empty until the first run has made one: Django then refuses to sign anything, as it should.
SECRET_KEY = "only-for-tests-and-never-for-people" if IS_TEST else known_secret_key(HOME)

DEBUG = False
ROOT_URLCONF = "quartermaster.urls"
WSGI_APPLICATION = "quartermaster.wsgi.application"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "ninja",
    "django_htmx",
    "procrastinate.contrib.django",
    # the river, in its order
    "quartermaster.core",
    "quartermaster.inbox",
    "quartermaster.catalog",
    "quartermaster.customers",
    "quartermaster.orders",
    "quartermaster.stock",
    "quartermaster.inbound",
    "quartermaster.allocation",
    "quartermaster.warehouse",
    "quartermaster.shipping",
    "quartermaster.outside",
    "quartermaster.tracking",
    "quartermaster.money",
    "quartermaster.channels",
    "quartermaster.quality",
    "quartermaster.support",
    "quartermaster.marketplaces",
    "quartermaster.insight",
    "quartermaster.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # --- ours: quartermaster.core.middleware.* and quartermaster.console.* go below this line ---
    "quartermaster.core.middleware.Problems",
    "quartermaster.console.middleware.NoStore",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quartermaster.console.context.frame",
            ]
        },
    }
]

DATABASES = {"default": database_settings(known_database_url(HOME), process=PROCESS)}
if os.environ.get("QM_TEST_TEMPLATE"):  # tests copy a migrated database instead of migrating each of theirs
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["QM_TEST_TEMPLATE"]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Time is UTC inside; people see their own zone.
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

# Sessions and cookies
SESSION_COOKIE_NAME = "qm_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "qm_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _url.scheme == "https"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
if _url.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    # No neighbour on another subdomain can plant a cookie of this name.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-qm_session", "__Host-qm_csrf"

# What a page may load: our own files and nothing else.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Static files are served from the packages themselves: no collecting step before the first start.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# Raw webhook bodies are limited where they are read, not by Django's form parser.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LOGGING = logging_settings(os.environ.get("QM_LOG", "text"))

"""Django's settings, from ``environment.read``; nothing here reads the environment itself."""

from __future__ import annotations

from typing import Any

import dj_database_url

from consilium.site.environment import read
from consilium.site.logs import logging_setting
from consilium.site.services import allauth_apps, allauth_providers

ENVIRONMENT = read()
SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "consilium.site.urls"
ASGI_APPLICATION = "consilium.site.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
LOGGING = logging_setting()

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "consilium.site.audit",
    "allauth.mfa",
    *allauth_apps(ENVIRONMENT.services),
    "consilium.site.accounts",
    "consilium.site.articles",
    "consilium.site.editorial",
    "consilium.site.api",
]
MIDDLEWARE = [
    "consilium.site.headers.more_headers",
    "django.middleware.security.SecurityMiddleware",
    "consilium.site.static_files.StaticFiles",
    "consilium.site.unreadable.NoNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "consilium.site.same_origin.SameOriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [str(__import__("pathlib").Path(__file__).parent / "templates")],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consilium.site.articles.audience.remembered",
                "consilium.site.accounts.nav.signed_in",
                "consilium.site.accounts.nav.services",
                "consilium.site.same_origin.token",
            ],
        },
    }
]

# CONN_MAX_AGE stays 0: each request of ASGI has a thread of its own, and what it leaves open is lost.
if ENVIRONMENT.database_url:
    DATABASES: dict[str, Any] = {"default": dict(dj_database_url.parse(ENVIRONMENT.database_url))}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ENVIRONMENT.data_dir / "site.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000;",
            },
        }
    }

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data_dir / "static"
STATICFILES_DIRS = [str(__import__("pathlib").Path(__file__).parent / "static")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "consilium.site.accounts.adapter.AccountAdapter"
# Each is called with ``session=`` (the session before the login) and ``by=`` (who signed in).
AFTER_LOGIN = ("consilium.site.articles.claiming.claim",)
# Gives the ``review`` of the contract for a revision; articles know nothing of the board.
REVIEW_OF = "consilium.site.editorial.standing.review_of"
# Each is called with ``action=``, ``by=``, ``subject=``, ``details=`` (accounts/events.py).
ACCOUNT_EVENTS = ("consilium.site.editorial.account_events.keep",)
# Called by every worker: about each second, and about each hour.
WORKER_WATCHES = ("consilium.site.editorial.evidence.follow", "consilium.site.editorial.moves.admit")
WORKER_TIDIES = (
    "consilium.site.articles.housekeeping.tidy",
    "consilium.site.accounts.retention.tidy",
    "consilium.site.accounts.notices.post_waiting",
    "consilium.site.audit.anchoring.anchor",
)
# Each is called with ``person=``, whose personal data are to go (accounts/retention.py).
# Each is called with ``person=`` and gives what else belongs to the file of their own data.
OWN_DATA = ("consilium.site.editorial.own.everything",)
FORGET_PERSON = ("consilium.site.articles.belongings.forget", "consilium.site.api.tokens.forget")
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever's password or second factor changes is told by mail
MFA_ADAPTER = "consilium.site.accounts.sealing.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Consilium"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.secure
SOCIALACCOUNT_ADAPTER = "consilium.site.accounts.services.ServiceAdapter"
SOCIALACCOUNT_PROVIDERS = allauth_providers(ENVIRONMENT.services)
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,20/5m/ip",
    "signup": "20/h/ip",
    "reset_password": "20/h/ip,5/h/key",
}
LOGIN_REDIRECT_URL = "/"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    f"Consilium <consilium@{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}>"
)
if ENVIRONMENT.mail:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.mail.host, ENVIRONMENT.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.user, ENVIRONMENT.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = ENVIRONMENT.mail.starttls, ENVIRONMENT.mail.tls
    EMAIL_TIMEOUT = 10
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail.sender or DEFAULT_FROM_EMAIL

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        # A browser checks where a form leads to the end: a sign-in by a service ends there.
        "form-action": ["'self'", *(service.origin for service in ENVIRONMENT.services)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
CSRF_FAILURE_VIEW = "consilium.site.same_origin.refused"
# Kept whole for every stranger (site/page_cache.py). The forms on them carry no token.
SHARED_PAGES = frozenset({
    "home", "library", "article", "passage", "source",
    "editorial-policy", "disclaimer", "accessibility", "about",
    "board-members", "quality", "corrections", "feed-articles", "feed-changes", "sitemap",
})  # fmt: skip
TOKEN_FREE_FORMS = frozenset({"ask"})
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.secure
# Who looks after the process asks it directly, not through the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/v1/(health|ready)$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.secure else None
# Shared by every process, unlike memory: by it failed sign-ins are counted. Pages are kept elsewhere.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "consilium_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
# What one reader, or one network, may do in an hour beside asking.
REPORTS_PER_HOUR = 20
# Streams of events that may be open at a time: of one run, and of one web process.
STREAMS_PER_RUN, STREAMS = 10, 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 200_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

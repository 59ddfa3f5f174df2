"""The portal's addresses where residents may sign in elsewhere."""

from django.test import override_settings
from django.urls import include, path

from accounts import elsewhere
from stockport.urls import handler400, handler500
from stockport.urls import urlpatterns as portal

__all__ = ["handler400", "handler500", "urlpatterns"]

with override_settings(OIDC_ISSUER="http://localhost"):
    urlpatterns = [path("account/", include(elsewhere.routes())), *portal]

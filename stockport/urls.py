"""The address of every page: each service under its slug."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from stockport import devmail, devpost, gallery
from stockport.policy_reports import policy_report
from stockport.services import services

handler400 = "stockport.errors.bad_request"
handler500 = "stockport.errors.server_error"

urlpatterns = [
    path("", include("stockport.home.urls")),
    path("account/", include("accounts.urls")),
    path("admin/", include("accounts.staff_urls")),
    path("admin/", admin.site.urls),
    path("policy-report/", policy_report, name="policy_report"),
    path("webhooks/", include("stockport.outbox.urls")),
    *devmail.routes(),
    *devpost.routes(),
    *gallery.routes(),
    *(path(at, include(urls)) for service in services() for at, urls in service.machine_urls),
    *(
        path(f"{service.slug}/", include(f"{app}.urls"))
        for app, service in zip(settings.SERVICES, services(), strict=True)
    ),
]

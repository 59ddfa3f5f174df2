"""Addresses of staff that belong to no model of the admin."""

from django.contrib import admin
from django.urls import path

from accounts.why import why_looking

urlpatterns = [
    path("why-looking/", admin.site.admin_view(why_looking), name="why_looking"),
]

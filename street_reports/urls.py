from django.urls import path

from street_reports import geojson, views
from street_reports.reporting import Reporting

app_name = "street_reports"
urlpatterns = [
    path("", views.index, name="index"),
    *Reporting().urls(),
    path("drafts/<uuid:key>/delete/", views.delete_page, name="delete_draft"),
    path("assets.geojson", geojson.assets, name="assets"),
    path("reports/<uuid:public_id>/", views.report_page, name="report"),
    path("reports/<uuid:public_id>/received/", views.submitted, name="submitted"),
    path("reports/<uuid:public_id>/is-it-fixed/", views.fixed_page, name="fixed"),
    path("reports/<uuid:public_id>/<slug:kind>/", views.act_page, name="act"),
    path("photos/<uuid:public_id>/", views.photo, name="photo"),
]

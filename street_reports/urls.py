from django.urls import path

from street_reports import by_link, calls, geojson, views
from street_reports.calls import Call
from street_reports.reporting import Reporting
from street_reports.without_account import WithoutAccount

app_name = "street_reports"
urlpatterns = [
    path("", views.index, name="index"),
    *Reporting().urls(),
    path("drafts/<uuid:key>/delete/", views.delete_page, name="delete_draft"),
    *WithoutAccount().urls(),
    path("without-account/<uuid:key>/link/sent/", by_link.asked, name="asked"),
    path("without-account/<uuid:key>/link/again/", by_link.again, name="again"),
    *Call().urls(),
    path("calls/taken/<uuid:public_id>/", calls.taken, name="call_taken"),
    path("confirm/<str:secret>/", by_link.confirm, name="confirm"),
    path("by-link/<str:secret>/", by_link.report_page, name="by_link"),
    path("by-link/<str:secret>/stop/", by_link.stop, name="stop"),
    path("assets.geojson", geojson.assets, name="assets"),
    path("reports/<uuid:public_id>/", views.report_page, name="report"),
    path("reports/<uuid:public_id>/received/", views.submitted, name="submitted"),
    path("reports/<uuid:public_id>/is-it-fixed/", views.fixed_page, name="fixed"),
    path("reports/<uuid:public_id>/<slug:kind>/", views.act_page, name="act"),
    path("photos/<uuid:public_id>/", views.photo, name="photo"),
]

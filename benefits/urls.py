from django.urls import path

from benefits import views
from benefits.journeys import change, disagree

app_name = "benefits"
urlpatterns = [
    path("", views.index, name="index"),
    path("estimate/", views.estimate, name="estimate"),
    *change.urls(),
    *disagree.urls(),
    path("requests/<slug:reference>/", views.request, name="request"),
    path("drafts/<uuid:key>/delete/", views.forget, name="forget"),
    path("sent/<slug:reference>/", views.sent, name="sent"),
    path("files/<uuid:public_id>/", views.paper, name="paper"),
    path("<slug:reference>/", views.claim, name="claim"),
    path("<slug:reference>/evidence/<int:number>/", views.evidence, name="evidence"),
    path("<slug:reference>/letters/", views.letters, name="letters"),
    path("<slug:reference>/letters/<int:number>/", views.letter, name="letter"),
    path("<slug:reference>/worked-out/", views.worked_out, name="worked_out"),
    path("<slug:reference>/what-if/", views.what_if, name="what_if"),
    path("<slug:reference>/payments/", views.payments, name="payments"),
    path("<slug:reference>/payments.csv", views.payments_csv, name="payments_csv"),
    path("<slug:reference>/overpayments/", views.overpayments, name="overpayments"),
]

from django.urls import path

from council_tax import views

app_name = "council_tax"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:reference>/", views.account, name="account"),
    path("<slug:reference>/bill/", views.bill, name="bill"),
    path("<slug:reference>/transactions/", views.transactions, name="transactions"),
]

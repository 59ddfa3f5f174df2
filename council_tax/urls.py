from django.urls import path

from council_tax.journey import journey
from council_tax.views import accounts, bills, estimate, letters, payments, requests

app_name = "council_tax"
urlpatterns = [
    path("", accounts.index, name="index"),
    *journey.urls(),
    path("estimate/", estimate.estimate, name="estimate"),
    path("requests/<slug:reference>/", requests.request, name="request"),
    path("<slug:reference>/", accounts.account, name="account"),
    path("<slug:reference>/bill/", bills.bill, name="bill"),
    path("<slug:reference>/changes/", bills.changes, name="changes"),
    path("<slug:reference>/letters/", letters.letters, name="letters"),
    path("<slug:reference>/letters/<int:number>/", letters.letter, name="letter"),
    path("<slug:reference>/pay/", payments.pay, name="pay"),
    path("<slug:reference>/transactions/", payments.transactions, name="transactions"),
    path("<slug:reference>/transactions.csv", payments.transactions_csv, name="transactions_csv"),
]

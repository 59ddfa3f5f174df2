from django.urls import path

from council_tax.views import accounts, bills, payments

app_name = "council_tax"
urlpatterns = [
    path("", accounts.index, name="index"),
    path("<slug:reference>/", accounts.account, name="account"),
    path("<slug:reference>/bill/", bills.bill, name="bill"),
    path("<slug:reference>/changes/", bills.changes, name="changes"),
    path("<slug:reference>/pay/", payments.pay, name="pay"),
    path("<slug:reference>/transactions/", payments.transactions, name="transactions"),
    path("<slug:reference>/transactions.csv", payments.transactions_csv, name="transactions_csv"),
]

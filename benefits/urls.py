from django.urls import path

from benefits import views

app_name = "benefits"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:reference>/", views.claim, name="claim"),
]

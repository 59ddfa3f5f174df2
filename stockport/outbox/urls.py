"""Where other systems push what has become of what they were sent."""

from django.urls import path

from stockport.outbox import views

app_name = "webhooks"
urlpatterns = [path("<slug:slug>/", views.webhook, name="webhook")]

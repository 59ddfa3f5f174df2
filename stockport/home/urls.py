from django.urls import path

from stockport.home import subscribing, views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("money/", views.money, name="money"),
    path("calendar/", subscribing.calendar, name="calendar"),
    path("calendar/<str:secret>.ics", subscribing.feed, name="feed"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
]

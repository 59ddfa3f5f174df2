from django.urls import path

from appointments.views import answering, choosing, desk, mine, moving, reminding, waiting

app_name = "appointments"
urlpatterns = [
    path("", mine.index, name="index"),
    path("book/", choosing.services, name="services"),
    path("book/<slug:service>/", choosing.places, name="places"),
    path("book/<slug:service>/<slug:place>/", choosing.days, name="days"),
    path("book/<slug:service>/<slug:place>/<str:day>/", choosing.times, name="times"),
    path("held/<uuid:uuid>/check/", answering.check, name="check"),
    path("held/<uuid:uuid>/<slug:step>/", answering.step, name="step"),
    path("desks/<str:secret>.ics", desk.feed, name="desk"),
    path("earlier/<uuid:uuid>/", waiting.offer, name="offer"),
    path("<uuid:uuid>/earlier/", waiting.earlier, name="earlier"),
    path("<uuid:uuid>/", mine.detail, name="detail"),
    path("<uuid:uuid>/booked/", mine.booked, name="booked"),
    path("<uuid:uuid>/move/<slug:place>/<str:start>/", moving.move, name="move"),
    path("<uuid:uuid>/cancel/", mine.cancel, name="cancel"),
    path("<uuid:uuid>/text/", reminding.text, name="text"),
    path("<uuid:uuid>/calendar.ics", mine.calendar, name="calendar"),
]

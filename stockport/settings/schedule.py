"""What beat has workers do, and every how many seconds or at what time in UTC."""

from celery.schedules import crontab

from stockport.settings.outbox import OUTBOX_UPDATES_SECONDS

CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "accounts-sessions": {
        "task": "accounts.tasks.clear_sessions",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "accounts-figures": {
        "task": "accounts.tasks.refresh_figures",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "accounts-tries": {
        "task": "accounts.tasks.tell_of_tries",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "accounts-failed": {
        "task": "accounts.tasks.tell_of_failed_sign_ins",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "accounts-lost-steps": {
        "task": "accounts.tasks.remove_second_steps",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "accounts-seal": {
        "task": "accounts.tasks.seal_events",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "accounts-requests": {
        "task": "accounts.tasks.tell_of_requests",
        "schedule": crontab(hour=7, minute=20, day_of_week="mon-fri"),
    },
    "accounts-forget-tries": {
        "task": "accounts.tasks.forget_tries",
        "schedule": crontab(hour=3, minute=50),
    },
    "appointments-callers": {
        "task": "appointments.tasks.forget_callers",
        "schedule": crontab(hour=3, minute=40),
    },
    "appointments-check": {
        "task": "appointments.tasks.check_every_appointment",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3600},
    },
    "appointments-tidy": {"task": "appointments.tasks.tidy_holds", "schedule": 300},
    "appointments-offers": {
        "task": "appointments.tasks.offer_earlier",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "appointments-reminders": {
        "task": "appointments.tasks.remind",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "benefits-tidy": {
        "task": "benefits.tasks.tidy",
        "schedule": 86400,
        "options": {"expires": 86400},
    },
    "council-tax-documents": {
        "task": "stockport.letters.tasks.look_for_documents",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "outbox-updates": {
        "task": "stockport.outbox.tasks.ask_for_updates",
        "schedule": OUTBOX_UPDATES_SECONDS,
        "options": {"expires": OUTBOX_UPDATES_SECONDS},
    },
    "outbox-tidy": {"task": "stockport.outbox.tasks.forget_unclaimed_updates", "schedule": 3600},
    # Every quarter of an hour, so that a beat that was down at 7:30am makes the mail later.
    "outbox-morning": {
        "task": "stockport.outbox.tasks.tell_staff",
        "schedule": 900,
        "options": {"expires": 900},
    },
    "outbox-answers": {"task": "stockport.outbox.tasks.forget_old_answers", "schedule": 86400},
    "street-reports-addresses": {
        "task": "street_reports.tasks.tidy_addresses",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "street-reports-ask-again": {
        "task": "street_reports.tasks.ask_again",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "street-reports-tidy": {
        "task": "street_reports.tasks.tidy",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
}

"""What leaves the portal and what comes back: how long, how often, and who is told."""

from stockport.settings import env

# Who is told when a destination refuses the portal.
ALERT_EMAILS = env.words("ALERT_EMAILS")
# Who is e-mailed about a street fault that needs a person now, at any hour.
DUTY_EMAILS = env.words("DUTY_EMAILS")
# How often `manage.py sweep` looks for what is due.
OUTBOX_SWEEP_SECONDS = env.number("OUTBOX_SWEEP_SECONDS", 5)
# Longer than the slowest call, connection and answer together.
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS", 60)
# How long a destination may still be writing down what it took when its answer was lost.
OUTBOX_LOOK_UP_AFTER_SECONDS = env.number("OUTBOX_LOOK_UP_AFTER_SECONDS", 15)
# How long a destination is left alone after failures in a row.
OUTBOX_REST_SECONDS = env.number("OUTBOX_REST_SECONDS", 30)
# When a delivery becomes a matter for staff.
OUTBOX_GIVE_UP_HOURS = env.number("OUTBOX_GIVE_UP_HOURS", 72)
OUTBOX_GIVE_UP_TRIES = env.number("OUTBOX_GIVE_UP_TRIES", 300)
# How often destinations are asked for updates of what they were sent.
OUTBOX_UPDATES_SECONDS = env.number("OUTBOX_UPDATES_SECONDS", 60)
# How long what a destination answered is kept after the delivery was sent.
OUTBOX_KEEP_ANSWERS_DAYS = env.number("OUTBOX_KEEP_ANSWERS_DAYS", 90)

"""What a drill can tell a worker or a sweeper to do, as words of its environment."""

# Windows: DRILL_WINDOW. It stops there, so that it can be killed there.
BEFORE_SEND = "before send"
BEFORE_COMMIT = "before our commit"

# Guards: DRILL_OFF. It works without this one.
LOOK_UP = "look-up"
LEASE = "lease"
BREAKER = "breaker"

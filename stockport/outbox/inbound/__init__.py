"""What comes back from destinations: fetched or pushed, written down once, handed to a service."""

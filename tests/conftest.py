"""Settings of all tests."""

from hypothesis import settings

# No deadline for an example: how long one takes depends on what else the machine does.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

"""What all tests share: sockets only to this machine (pyproject.toml), a database for each test process
(pytest-django), and how hard Hypothesis tries (--hypothesis-profile=nightly for more)."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=50, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("ci"), max_examples=2000)
settings.load_profile("ci")

"""The demo's public sign-in: `setup_demo` creates it, a development landing page shows it.

It exists on development machines only: the landing page shows it when ENVIRONMENT is
"development" and the organisation is there, and `setup_demo` refuses to run in production.
"""

DEMO_ORGANISATION = "Touchline demo"
DEMO_ORGANISATION_SLUG = "touchline-demo"
DEMO_USERNAME = "demo"
DEMO_EMAIL = "demo@example.org"
DEMO_PASSWORD = "touchline-demo-2022"  # noqa: S105 - public by design, development only

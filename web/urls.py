from django.urls import path

from web import views

urlpatterns = [
    path("", views.landing_page, name="landing"),
    path("w", views.viewer_page, name="viewer"),
    path("account/reset", views.reset_page, name="account-reset"),
    path("account/verify", views.verify_page, name="account-verify"),
    path("account/invitation", views.invitation_page, name="account-invitation"),
    # Pages without an icon link of their own (the API's answers, say) are asked for this one.
    path("favicon.ico", views.favicon),
]

from django.urls import path

from web import views

urlpatterns = [
    path("", views.landing_page, name="landing"),
    path("w", views.viewer_page, name="viewer"),
    # Pages without an icon link of their own (the API's answers, say) are asked for this one.
    path("favicon.ico", views.favicon),
]

"""The API of the notice board, below /api/v1 and its alias."""

from django.urls import path

from core.api import converters  # noqa: F401  makes `<id:...>` known
from items import views

urlpatterns = [
    path("items", views.ItemsView.as_view(), name="items"),
    path("items/<id:item_id>", views.ItemView.as_view(), name="item"),
]

import pytest
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from core.api.request_id import adopt_request_id, current_request_id, request_id_middleware


def test_callers_id_is_kept_and_returned():
    seen = []

    def view(request):
        seen.extend([current_request_id(), request.headers["X-Request-ID"]])
        return HttpResponse()

    request = RequestFactory().get("/", headers={"X-Request-ID": "Trace_1.a-b"})
    response = request_id_middleware(view)(request)

    assert seen == ["Trace_1.a-b"] * 2
    assert response["X-Request-ID"] == "Trace_1.a-b"


@pytest.mark.parametrize("offered", ["", "a b", "a\nb", "<script>", "x" * 65, "é"])
def test_odd_ids_are_replaced(offered):
    request = RequestFactory().get("/", headers={"X-Request-ID": offered})

    response = request_id_middleware(lambda request: HttpResponse())(request)

    assert response["X-Request-ID"] != offered
    assert len(response["X-Request-ID"]) == 32


def test_every_request_gets_its_own_id():
    assert adopt_request_id(None) != adopt_request_id(None)


async def test_asynchronous_views_have_it_too():
    async def view(request):
        return HttpResponse(current_request_id())

    request = AsyncRequestFactory().get("/", headers={"X-Request-ID": "trace-1"})
    response = await request_id_middleware(view)(request)

    assert response.text == response["X-Request-ID"] == "trace-1"

import pytest
from rest_framework.test import APIRequestFactory

from core.api.preconditions import etag, not_modified, require_match
from core.errors import VersionConflictError


def request(**headers):
    return APIRequestFactory().get("/", headers=headers)


@pytest.mark.parametrize("header", ['"v3"', '"v2", "v3"', "*", ' "v3" ', 'W/"v3"', '"v3-gzip"'])
def test_write_on_the_current_version_goes_ahead(header):
    require_match(request(**{"If-Match": header}), 3)


def test_write_without_if_match_goes_ahead():
    require_match(request(), 3)


@pytest.mark.parametrize("header", ['"v2"', '"v33"', "v3", '""', "nonsense", '"v2-gzip"'])
def test_write_on_a_stale_version_is_refused_with_the_current_one(header):
    with pytest.raises(VersionConflictError) as refused:
        require_match(request(**{"If-Match": header}), 3)

    assert refused.value.status == 412
    assert refused.value.details == {"current_version": 3}


@pytest.mark.parametrize(
    "header", ['"v3"', 'W/"v3"', '"v1", W/"v3"', "*", '"v3-br"', 'W/"v3-zstd"']
)
def test_held_version_needs_no_body(header):
    assert not_modified(request(**{"If-None-Match": header}), etag(3))


@pytest.mark.parametrize("header", ['"v2"', "v3", ""])
def test_other_version_needs_the_body(header):
    assert not not_modified(request(**{"If-None-Match": header}), etag(3))


def test_first_read_needs_the_body():
    assert not not_modified(request(), etag(3))


def test_tag_of_a_text_version():
    assert etag("9f2c-41") == '"v9f2c-41"'

from core.api.schema import errors
from core.api.serializers import ErrorSerializer


def test_each_code_has_the_envelope_and_a_sentence():
    responses = errors(400, 404, 418)

    assert list(responses) == [400, 404, 418]
    assert {response.response for response in responses.values()} == {ErrorSerializer}
    assert all(response.description for response in responses.values())

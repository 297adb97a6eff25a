import pytest

from tests.core.views import FormSerializer, InnerSerializer

pytestmark = pytest.mark.urls("tests.core.views")


def test_known_fields_pass(api):
    response = api.post("/form", {"title": "Final", "inner": {"minute": 90}})

    assert response.json() == {"title": "Final", "inner": {"minute": 90}}


def test_what_the_server_decides_may_be_sent_back_to_it(api):
    assert api.post("/form", {"id": "ignored", "title": "Final"}).json() == {"title": "Final"}


def test_misspelt_fields_are_named(api):
    response = api.post("/form", {"title": "Final", "tilte": "Final", "x": 1})

    assert response.status_code == 400
    assert response.json()["error"]["details"] == {
        "tilte": ["Unknown field."],
        "x": ["Unknown field."],
    }


def test_misspelt_fields_are_named_inside_others(api):
    response = api.post("/form", {"title": "Final", "inner": {"minute": 1, "second": 2}})

    assert response.json()["error"]["details"] == {"inner": {"second": ["Unknown field."]}}


@pytest.mark.parametrize("title", [5, True, 1.5, ["Final"], {"a": 1}])
def test_what_is_no_text_is_not_made_one(api, title):
    response = api.post("/form", {"title": title})

    assert response.status_code == 400
    assert response.json()["error"]["details"] == {"title": ["Not a valid string."]}


@pytest.mark.parametrize("minute", ["90", True, 1.5, [90]])
def test_what_is_no_whole_number_is_not_made_one(api, minute):
    response = api.post("/form", {"title": "Final", "inner": {"minute": minute}})

    assert response.json()["error"]["details"] == {
        "inner": {"minute": ["A valid integer is required."]}
    }


@pytest.mark.parametrize("is_sure", ["yes", "true", 1, 0.0, "", []])
def test_only_true_and_false_are_answers_to_a_question(is_sure):
    form = InnerSerializer(data={"minute": 1, "is_sure": is_sure})

    assert not form.is_valid()
    assert form.errors == {"is_sure": ["Must be a valid boolean."]}


def test_null_and_whole_floats_pass_where_they_may():
    form = InnerSerializer(data={"minute": 90.0, "is_sure": None})

    assert form.is_valid()
    assert form.validated_data == {"minute": 90, "is_sure": None}


@pytest.mark.parametrize("body", [[], "text", 3, None, [{"title": "Final"}]])
def test_anything_but_an_object_is_refused(api, body):
    response = api.post("/form", body)

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "validation_error"


def test_nul_is_refused_in_text_that_comes_another_way():
    form = FormSerializer(data={"title": "a\0b"})

    assert not form.is_valid()
    assert "title" in form.errors

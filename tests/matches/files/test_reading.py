import pytest

from matches.files.errors import FileError
from matches.files.names import folded, written
from matches.files.reading import read_file
from tests.matches.files.samples import cup_tie, report, results


@pytest.mark.parametrize(("document", "matches"), [(cup_tie(), 1), (results(), 3), (report(), 1)])
def test_each_shape_is_recognised(document, matches):
    rows = list(read_file(document))

    assert [row.number for row in rows] == list(range(1, matches + 1))
    assert [row.problem for row in rows] == [""] * matches


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ([], "an object"),
        ({}, "no file of matches"),
        ({"matches": {}}, "no file of matches"),
        ({"format": "touchline-match/2"}, "reads 'touchline-match/1'"),
    ],
)
def test_other_files_are_refused(document, complaint):
    with pytest.raises(FileError, match=complaint):
        read_file(document)


def test_one_bad_match_stops_no_other():
    document = results()
    document["matches"].insert(1, "nonsense")
    document["matches"].append({"team1": "Rovers"})

    rows = list(read_file(document))

    assert [bool(row.problem) for row in rows] == [False, True, False, False, True]
    assert rows[1].problem == "matches[1]: an object is expected here."
    assert rows[4].label == "Rovers - ?"


def test_problem_of_our_own_file_is_a_row_as_well():
    document = cup_tie() | {"status": "won"}

    [row] = read_file(document)

    assert row.draft is None
    assert row.problem.startswith("status: 'won' is none of")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ángel Di María", "Angel DI MARIA"),
        ("Łukasz Piszczek", "Lukasz PISZCZEK"),
        ("Martin Ødegaard", "martin  odegaard"),
    ],
)
def test_spellings_of_a_name_fold_together(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Rodrigo DE PAUL", "Rodrigo De Paul"),
        ("Cheikh N'DIAYE", "Cheikh N'Diaye"),
        ("JUNG Wooyoung", "Jung Wooyoung"),
        ("A Firmino", "A Firmino"),
    ],
)
def test_capitals_of_a_team_sheet_are_written_as_a_name(printed, name):
    assert written(printed) == name

"""`comity who`."""

from cli_running import here


def test_candidates_with_offices_intervals_and_sources(capsys):
    answer = here(capsys, "who", "Wang Yi", "--on", "2022-10-27")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("Wang Yi  person, CHN, Q701801  → ")
    assert [line.split()[0] for line in lines if line.startswith("current")] == ["current", "current"]
    assert "2013-03-16   2022-12-29" in answer.out


def test_json_holds_whole_candidates(capsys):
    answer = here(capsys, "who", "Lavrov", "--on", "2022-10-27", "--limit", "1", "--json")
    (found,) = answer.json
    assert (found["name"], found["wins"], found["country"]) == ("Sergey Lavrov", True, "RUS")
    assert set(found["offices"][0]) == {
        *("title", "country", "sector", "level", "status", "start", "end", "as_of", "sources", "checked"),
    }
    assert answer.err == ""


def test_where_none_wins_it_is_said(capsys):
    answer = here(capsys, "who", "Wang", "--on", "2022-10-27", "--country", "chn", "--limit", "3")
    assert answer.code == 0
    assert answer.err == "no one of them wins by the name and the day (2022-10-27) alone\n"


def test_nobody_is_no_error_and_near_names_are_given(capsys):
    answer = here(capsys, "who", "Putun")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "nobody named 'Putun' is in the actor tables; did you mean Vladimir Putin?\n"
    assert here(capsys, "who", "Putun", "--json").json == []


def test_wrong_usage(capsys):
    answer = here(capsys, "who", "Wang Yi", "--on", "2022")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1] == "Error: Invalid value for --on: '2022' is not a day; write it as 2022-10-27"

"""Who bears a name on a day."""

import pytest

from comity.actors.who import near_names, who


def first(name: str, on: str, country: str | None = None):
    found = who(name, on, country)
    return found[0].name, found[0].offices[0].title, found[0].offices[0].status, found[0].wins


def test_the_office_is_that_of_the_day():
    assert first("Wang Yi", "2022-10-27") == ("Wang Yi", "Minister of Foreign Affairs", "current", True)
    assert first("Mark Carney", "2012-06-01")[1:3] == ("Governor of the Bank of Canada", "current")
    assert first("Mark Carney", "2025-06-01")[1:3] == ("Prime Minister", "current")
    assert first("Donald Trump", "2022-10-27")[2] == "former"


def test_neither_case_nor_diacritics_matter():
    assert who("wang yi", "2022-10-27") == who("Wang Yi", "2022-10-27")
    assert who("  Erdoğan ", "2022-10-27") == who("Erdogan", "2022-10-27")


def test_a_surname_that_means_one_person_goes_before_namesakes():
    found = who("Lavrov", "2022-10-27")
    assert (found[0].matched, found[0].wins, found[0].country) == ("surname", True, "RUS")
    assert all(one.matched == "part of the name" and not one.wins for one in found[1:])


def test_nobody_wins_by_a_word_that_many_have():
    found = who("Wang", "2022-10-27", "CHN")
    assert len(found) > 5
    assert not any(one.wins for one in found)
    assert all("CHN" in (one.country, *(office.country for office in one.offices)) for one in found)


def test_offices_tell_their_source_and_how_far_it_reaches():
    offices = [office for one in who("Sergey Lavrov", "2030-01-01") for office in one.offices]
    minister = next(office for office in offices if office.title == "Minister of Foreign Affairs")
    assert (minister.start, minister.end, minister.status) == ("2004-03-09", None, "last known")
    assert minister.as_of is not None
    assert minister.sources


def test_rows_without_a_source_that_was_looked_at_are_unverified():
    offices = [office for one in who("Carney", "2012-06-01", "CAN") for office in one.offices]
    assert {office.checked for office in offices if office.sources == ("comity",)} <= {False}


def test_a_seat_stands_for_the_state_that_existed():
    assert [
        (one.name, one.matched, one.wins) for one in who("the Kremlin", "1980-01-01") + who("Kremlin", "1980-01-01")
    ][-2:] == [("Soviet Union", "seat of government", True), ("Russia", "seat of government", False)]


def test_nobody():
    assert who("Xyzzy Plugh", "2022-10-27") == []
    assert near_names("Putun") == ["Vladimir Putin"]
    assert near_names("") == []


def test_no_date():
    with pytest.raises(ValueError, match="someday"):
        who("Wang Yi", "someday")

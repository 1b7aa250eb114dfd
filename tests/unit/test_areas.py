"""Every area is found by any usual spelling, and by nothing else."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cptrends.data import areas
from cptrends.errors import BadInput

NAMES = [(name, code) for code, area in areas.register().items() for name in (area["name"], *area["other_names"])]
CODES = [
    (key, code) for code, area in areas.register().items() for key in (code, area["la_code"], *area["former_codes"])
]


def test_every_name_and_every_code_finds_its_own_area():
    assert [(text, areas.find(text)) for text, _ in NAMES + CODES] == NAMES + CODES


def test_no_two_areas_share_a_code_or_a_name():
    assert [text for text, times in Counter(text for text, _ in CODES).items() if times > 1] == []
    spelt = {(re.sub("[^a-z]", "", name.casefold().replace("&", "and")), code) for name, code in NAMES}
    assert [text for text, times in Counter(text for text, _ in spelt).items() if times > 1] == []


@st.composite
def spelling(draw):
    """A name as somebody might type it: other capitals, blanks, dots, hyphens and ampersands."""
    name, code = draw(st.sampled_from(NAMES))
    name = draw(st.sampled_from([str.lower, str.upper, str.title, str.swapcase, str]))(name)
    if draw(st.booleans()):
        name = re.sub(r"\band\b", "&", name, flags=re.IGNORECASE)
    if draw(st.booleans()):
        name = name.replace("&", "and")
    if draw(st.booleans()):
        name = name.replace("-", " ")
    elif draw(st.booleans()):
        name = name.replace(" ", "-")
    name = name.replace(" ", draw(st.sampled_from([" ", "  ", "\t", "\u00a0"])))
    name = name.replace(",", draw(st.sampled_from([",", "", " ,"])))
    return draw(st.sampled_from(["", " ", "\n"])) + name + draw(st.sampled_from(["", " ", ".", ","])), code


@given(spelling())
def test_spelling_makes_no_difference(case):
    typed, code = case
    assert areas.find(typed) == code


AUTHORITIES = [(areas.name(code), code) for code in areas.authorities() if "(" not in areas.name(code)]


@given(
    st.sampled_from(AUTHORITIES),
    st.sampled_from(
        [
            "{} Council",
            "{} County Council",
            "{} Borough Council",
            "{} City Council",
            "{} UA",
            "London Borough of {}",
            "Royal Borough of {}",
            "{} council",
        ]
    ),
)
def test_the_council_of_an_area_is_that_area(area, title):
    name, code = area
    assert areas.find(title.format(name)) == code


def test_the_city_of_london_is_never_london():
    london, city = areas.find("London"), areas.find("City of London")
    assert london != city
    for name in [
        "London Borough of City of London",
        "city of london",
        "City of London Corporation",
        "City of London Council",
        "201",
        "E09000001",
    ]:
        assert areas.find(name) == city


@given(st.text(max_size=40))
def test_anything_else_is_refused_in_one_line_with_a_way_on(text):
    try:
        code = areas.find(text)
    except BadInput as error:
        message = str(error)
        assert "\n" not in message and len(message) < 300
        assert "did you mean" in message or "`cptrends areas`" in message
    else:
        assert code in areas.register()


@pytest.mark.parametrize(
    "typed, name",
    [
        ("Hackny", "Hackney"),
        ("Westmoorland and Furness", "Westmorland and Furness"),
        ("Mancester", "Manchester"),
        ("Cumbria County", "Cumbria"),
    ],
)
def test_near_names_are_offered(typed, name):
    try:
        assert areas.name(areas.find(typed)) == name
    except BadInput as error:
        assert f"did you mean {name}" in str(error)


def test_a_very_long_name_is_shown_in_short():
    with pytest.raises(BadInput) as refused:
        areas.find("x" * 100_000)
    assert len(str(refused.value)) < 300


def test_a_publishers_row_goes_by_its_three_digit_code_first():
    # Gateshead under an old code, and a nine-character code alone.
    assert areas.code_from(code3="390", code9="E08000020", name="Gateshead") == "E08000037"
    assert areas.code_from(code9="E10000023") == areas.find("North Yorkshire")
    assert areas.code_from(name="Telford & Wrekin") == areas.find("894")
    # A code that is not known falls back on the name, and is refused where that is not known either.
    assert areas.code_from(code3="999", name="Kent") == areas.find("Kent")
    with pytest.raises(BadInput, match="no area is known by '999', 'Atlantis'"):
        areas.code_from(code3="999", name="Atlantis")
    with pytest.raises(BadInput, match="a blank row"):
        areas.code_from()


def test_there_were_as_many_authorities_as_the_publications_list():
    counts = {year: len(areas.authorities(year)) for year in (2009, 2010, 2019, 2020, 2021, 2022, 2023, 2024, 2025)}
    assert counts == {2009: 150, 2010: 152, 2019: 152, 2020: 151, 2021: 151, 2022: 152, 2023: 152, 2024: 153, 2025: 153}


def test_an_authority_that_ended_leads_to_successors_that_began_the_year_after():
    register = areas.register()
    ended = {code: area for code, area in register.items() if area["last_year"]}
    assert {areas.name(code) for code in ended} >= {
        "Cumbria",
        "Northamptonshire",
        "Poole",
        "Bournemouth",
        "Bedfordshire",
        "Cheshire",
    }
    for area in ended.values():
        assert area["successors"]
        assert {register[code]["first_year"] for code in area["successors"]} == {area["last_year"] + 1}
    begun = {code for code, area in register.items() if area["first_year"]}
    assert begun == {code for area in ended.values() for code in area["successors"]}


def test_every_authority_is_in_one_of_the_nine_regions():
    nine = set(areas.regions())
    assert len(nine) == 9
    assert {areas.region_of(code) for code in areas.authorities()} == nine
    assert areas.region_of(areas.find("Hackney")) == areas.region_of(areas.find("Barnet")) == areas.find("London")


def test_groups_names_and_codes_can_be_mixed_and_nothing_comes_twice():
    chosen = areas.select(["Hackney", "authorities", "204", "regions"])
    assert chosen[0] == "E09000012"
    assert len(chosen) == len(set(chosen)) == len(areas.authorities()) + 9
    assert areas.select("England") == [areas.ENGLAND]


@pytest.mark.parametrize("ask", [areas.name, areas.predecessors, areas.region_of, areas.above])
@pytest.mark.parametrize("code", ["E99999999", "Hackney", ""])
def test_what_is_no_code_is_refused_and_never_without_effect(ask, code):
    with pytest.raises(BadInput, match="no area has the code"):
        ask(code)
    with pytest.raises(BadInput, match="no area has the code"):
        areas.existed(code, 2015)

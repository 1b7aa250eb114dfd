"""The register of events: each is written once, and one that names something that is not there is refused."""

import pytest

from cptrends.data import areas, events
from cptrends.errors import BadInput

EVENT = {"kind": "carried_over", "first": 2024, "last": 2024, "measures": ["referrals"], "areas": ["Hampshire"]}
EVENT |= {"what": "Hampshire's figures are those of the year before."}


def read(**changed):
    entry = {key: value for key, value in {**EVENT, **changed}.items() if value is not None}
    document = {"sets": {"both": ["referrals", "plans_started"]}, "events": {"hampshire": entry}}
    return events.read_register(document, ["referrals", "plans_started", "plans_ended"])["hampshire"]


def test_an_event_touches_the_authority_its_region_and_england():
    assert {areas.name(code) for code in read().touched} == {"Hampshire", "South East", "England"}
    assert {areas.name(code) for code in read(areas=["Hackney"]).touched} == {
        "Hackney",
        "Inner London",
        "London",
        "England",
    }
    assert read().touches(areas.find("South East")) and not read().touches(areas.find("Kent"))
    assert read(areas=None).touches(areas.find("Kent"))


def test_a_set_of_measures_is_named_as_one():
    assert read(measures=["both", "plans_ended"]).measures == {"referrals", "plans_started", "plans_ended"}
    with pytest.raises(BadInput, match="no measure is called 'neither'"):
        read(measures=["neither"])


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"kind": "carried over"}, "hampshire: kind is 'carried over'; it must be one of counting, "),
        ({"answer": "maybe"}, "hampshire: answer is 'maybe'; it must be one of with_caution, no"),
        ({"areas": ["Hampshyre"]}, "hampshire: no area is called 'Hampshyre'; did you mean Hampshire?"),
        ({"areas": ["E99999999"]}, "hampshire: no area is called 'E99999999'"),
        ({"measures": ["referals"]}, "hampshire: no measure is called 'referals'; did you mean referrals?"),
        ({"what": None}, "hampshire: it lacks 'what'"),
        ({"year": 2024}, "hampshire: 'year' is no field of an event"),
        ({"last": 2023}, "hampshire: it ends in 2023, before it begins in 2024"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(changed, refusal):
    with pytest.raises(BadInput, match=refusal):
        read(**changed)


def test_every_event_has_sentences_and_every_kind_occurs():
    assert {event.kind for event in events.register().values()} | {"booked_elsewhere"} == set(events.KINDS)
    for name, event in events.register().items():
        assert event.what.endswith("."), name
        assert event.measures, name

"""ONS population on the real files."""

import csv

from cptrends.data import areas


def figures(frame, measure):
    return frame[frame["measure"] == measure].set_index("area_code")["published"].astype(int)


def test_mid_2023_is_what_the_2024_release_of_children_in_need_uses(official, pack):
    """An independent route: DfE's own file, in which `time_period` is the mid-year (trap 1)."""
    path = pack / "dfe-children-in-need" / "2024" / "ons_mid-year_population_estimates_2012_to_2023.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["time_period"] == "2023"]
    dfe = {row["new_la_code"] or row["region_code"] or row["country_code"]: row["population_estimate"] for row in rows}
    ours = official("population-mid-2023")
    assert set(ours["year"]) == {2024}
    found = figures(ours, "population_0_17")
    shared = [code for code in found.index if code in dfe]
    assert len(shared) == 163
    assert all(found[code] == int(dfe[code]) for code in shared)


def test_mid_2022_for_england_regions_authorities_and_districts(official):
    frame = official("population-mid-2022")
    children = figures(frame, "population_0_17")
    assert children[areas.ENGLAND] == 11886906
    assert set(children.index) == {areas.ENGLAND, *areas.regions(), *areas.authorities(2024)}
    assert children[areas.authorities(2024)].sum() == children[areas.regions()].sum() == children[areas.ENGLAND]
    everyone = figures(frame, "district_population")
    assert len(everyone) == 296 and everyone.sum() == 57106398
    assert (figures(frame, "district_population_0_15") < everyone).all()


def test_nomis_is_0_to_16_before_rebasing(official, pack):
    frame = official("population-nomis-2022-10")
    assert set(frame["measure"]) == {"population_0_16"}
    assert sorted(set(frame["year"])) == list(range(2010, 2022))
    assert set(frame["area_code"]) == set(areas.authorities(2022))
    # By another route: the five figures of Hackney in mid-2014, wherever they stand.
    text = (pack / "ons-population" / "2009-2020-nomis" / "nomis_popest.csv").read_text()
    rows = [line.split(",") for line in text.splitlines() if '"E09000012"' in line]
    assert len(rows) == 5
    hackney = frame[(frame["area_code"] == "E09000012") & (frame["year"] == 2015)]["published"].item()
    assert int(hackney) == sum(int(row[-7]) for row in rows)

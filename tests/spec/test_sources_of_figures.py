"""The line beneath a chart that says where its figures are from is read from the figures."""

import pandas as pd
import pytest

from cptrends import data, indicators
from cptrends.errors import BadInput


def named(release):
    """Publisher, title and month of a release, as the register has them."""
    held = data.releases().set_index("release").loc[release]
    return f"{held.publisher}, {held.title} ({held.published})"


def drawn(*releases, column="release"):
    return pd.DataFrame({"value": 1.0, column: releases})


def test_of_a_publication_the_newest_release_is_named_and_that_others_were_used():
    said = data.sources_of(drawn("cin-2011", "cin-2015", "cin-2012"))
    assert said == named("cin-2015") + " and earlier releases"


def test_one_release_alone_is_the_source():
    assert data.sources_of(drawn("cin-2015", "cin-2015")) == named("cin-2015")


def test_publications_come_in_the_order_of_the_frames_and_within_one_by_their_figures():
    first = drawn("lait-2025-05", "cin-2015", "cin-2015")
    said = data.sources_of(drawn("deprivation-2015"), first, drawn("cin-2015"))
    assert said.split("; ") == [named(name) for name in ("deprivation-2015", "cin-2015", "lait-2025-05")]


def test_texts_are_named_by_who_wrote_them_and_what_nobody_confirmed_is_said():
    said = data.sources_of(drawn("cin-2010", "tes-2009-10-02", "unsourced", "familylaw-2008-09-22"))
    assert said.endswith(
        "; texts by Family Law (Jordans) and TES; no source confirmed for the figures marked unverified"
    )


def test_a_transcription_of_a_publishers_own_table_is_no_text():
    assert data.sources_of(data.load("gdp_deflator")).startswith("HM Treasury, ")


def test_an_indicator_has_the_releases_of_both_its_parts():
    spend = indicators.indicator("spend_per_child", "Kent", start=2015, end=2015)
    parts = [data.load(name, area="Kent", start=2015, end=2015) for name in ("social_work_spend", "population_0_17")]
    assert data.sources_of(spend) == data.sources_of(*parts)
    assert len(data.sources_of(spend).split("; ")) == 2


def test_an_indicator_from_one_release_names_it_once():
    plans = indicators.indicator("plan_rate", "Kent", release="cin-2015")
    assert plans.releases.unique().tolist() == ["cin-2015"]


def test_figures_that_do_not_say_where_they_are_from_have_no_source():
    for frame in (pd.DataFrame({"value": [1.0]}), drawn(None), drawn("", column="releases")):
        with pytest.raises(BadInput, match="which release"):
            data.sources_of(drawn("cin-2015"), frame)
    for nothing in ([], [drawn("cin-2015").iloc[:0]]):
        with pytest.raises(BadInput, match="which release"):
            data.sources_of(*nothing)


def test_a_frame_without_a_row_adds_no_source():
    assert data.sources_of(drawn("cin-2015"), drawn("lait-2025-05").iloc[:0]) == named("cin-2015")


def test_a_release_that_is_not_held_goes_by_its_own_name():
    assert data.sources_of(drawn("my-survey")) == "my-survey"

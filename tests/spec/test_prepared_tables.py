"""Chapter: the tables behind the notebooks. What is put side by side, and what is left out and named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cptrends.data.inspections import GRADES, grades_as_at, grades_by_date
from cptrends.errors import BadInput
from cptrends.indicators import children_rate_place, concentration_index, most_to_least, relative_index, slope_index
from cptrends.indicators.association import association, association_table, grade_associations, grade_score
from cptrends.indicators.decomposition import drivers, in_words
from cptrends.indicators.inequality import index_by_year, tenths_by_year, with_scores
from cptrends.indicators.recovery import judgement_years, place_on_curve, recovery_curve

LONDON, NORTH = ["E09000012", "E09000013", "E09000014"], ["E06000001", "E06000002", "E06000003", "E06000004"]


def long(rows, columns=("area_code", "year", "value")):
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.assign(area_name=frame["area_code"], status=np.where(frame["value"].isna(), "suppressed", "reported"))


class TestGradesOnSeveralDates:
    judgements = pd.DataFrame(
        {
            "area_code": LONDON,
            "framework": "SIF",
            "inspection_start": "",
            "published": ["2014-05-01", "2015-05-01", "2016-05-01"],
            "grade": ["Good", "Inadequate", "Good"],
            "status": "reported",
        }
    )

    def test_each_row_is_what_the_single_date_gives(self):
        table = grades_by_date(self.judgements, ["2015-03-31", "2017-03-31"])
        for _, row in table.iterrows():
            single = grades_as_at(self.judgements, row["date"])
            assert row["judged"] == single["authorities"].sum()
            assert row[list(GRADES)].tolist() == single["share"].tolist()

    def test_a_date_before_any_judgement_is_refused(self):
        with pytest.raises(BadInput, match="no authority had a judgement"):
            grades_by_date(self.judgements, ["2013-03-31"])


class TestAssociations:
    grade = pd.Series([1.0, 2, 3, 4, 3, 2, 1], index=[*LONDON, *NORTH])

    def test_areas_are_matched_by_code_whatever_their_order(self):
        score = pd.Series([30.0, 25, 20, 10, 15, 28, 33], index=self.grade.index)
        direct = association(score.to_numpy(), self.grade.to_numpy(), kind="ordered", names=("deprivation", "grade"))
        table = association_table(
            self.grade, {"deprivation": ("ordered", score.sample(frac=1, random_state=1))}, name="grade"
        )
        assert table["value"][0] == direct["value"][0]
        assert table["sentence"][0] == direct["sentence"][0]

    def test_an_area_that_one_side_lacks_is_left_out_and_counted(self):
        score = pd.Series([30.0, 25, 20, 10, 15, 28], index=self.grade.index[:6])
        row = association_table(self.grade, {"deprivation": ("ordered", score)}, name="grade").iloc[0]
        assert (row["n_areas"], row["left_out"]) == (6, 1)

    def test_two_figures_for_an_area_are_refused(self):
        twice = pd.Series([1.0, 2.0], index=[LONDON[0]] * 2)
        with pytest.raises(BadInput, match="two figures for E09000012"):
            association_table(self.grade, {"deprivation": ("ordered", twice)}, name="grade")

    def test_a_grade_is_held_against_four_things_by_tests_stated_beforehand(self):
        words = {1: "Inadequate", 2: "Requires improvement", 3: "Good", 4: "Outstanding"}
        latest = pd.DataFrame({"area_code": self.grade.index, "grade": [words[g] for g in self.grade]})
        figure = pd.DataFrame({"area_code": self.grade.index, "value": np.arange(7.0)})
        spending = figure.assign(left_out=["", "", "", "", "", "", "Tiny: so few children."])
        table = grade_associations(latest, deprivation=figure, children=figure, spending=spending).set_index("against")
        assert table["kind"].to_dict() == {
            "deprivation": "ordered",
            "region": "groups",
            "the number of children": "ordered",
            "spending": "ordered",
        }
        assert table.loc["spending", "left_out"] == 1
        assert table.loc["deprivation", "value"] == pytest.approx(
            pd.Series(np.arange(7.0)).corr(pd.Series(grade_score(latest["grade"])), method="spearman")
        )


class TestScoresBesideFigures:
    scores = pd.DataFrame(
        {"area_code": ["A", "A", "A", "B"], "year": [2015, 2019, 2025, 2025], "value": [30.0, 31.0, 32.0, 10.0]}
    )

    @given(st.integers(2000, 2040))
    def test_the_edition_is_the_nearest_and_of_two_the_earlier(self, year):
        row = with_scores(pd.DataFrame({"area_code": ["A"], "year": [year]}), self.scores).iloc[0]
        assert row["edition"] == min((2015, 2019, 2025), key=lambda edition: (abs(edition - year), edition))

    def test_an_area_later_created_has_no_score_in_an_earlier_edition(self):
        frame = with_scores(pd.DataFrame({"area_code": ["B", "B"], "year": [2019, 2025]}), self.scores)
        assert np.isnan(frame["score"][0])
        assert frame["score"][1] == 10.0

    def test_rows_keep_their_order_and_columns(self):
        figures = pd.DataFrame({"area_code": ["B", "A"], "year": [2025, 2015], "rate": [1.0, 2.0]}, index=[7, 3])
        frame = with_scores(figures, self.scores)
        assert frame["rate"].tolist() == [1.0, 2.0]
        assert frame["score"].tolist() == [10.0, 30.0]
        assert list(frame.index) == [7, 3]

    @pytest.mark.parametrize("scores", [scores.iloc[:0], pd.concat([scores, scores]), scores.drop(columns="year")])
    def test_scores_that_cannot_be_used_are_refused(self, scores):
        with pytest.raises(BadInput):
            with_scores(pd.DataFrame({"area_code": ["A"], "year": [2015]}), scores)


def scored(values, year=2015):
    count = np.array(values, dtype=float)
    frame = pd.DataFrame(
        {
            "area_code": [f"a{i}" for i in range(len(count))],
            "year": year,
            "edition": 2015,
            "numerator": count,
            "denominator": 10_000.0,
            "value": count,
            "score": np.arange(len(count), 0, -1.0),
        }
    )
    return frame.assign(status=np.where(np.isnan(count), "suppressed", "reported"))


class TestGradientsByYear:
    both = pd.concat([scored([60, 50, 40, 30, 20, 10]), scored([60, 55, np.nan, 50, 45, 42], 2016)], ignore_index=True)

    def test_each_year_is_what_the_year_alone_gives(self):
        _, ends = tenths_by_year(self.both, unit="authority", groups=2)
        alone = self.both[self.both["year"] == 2015]
        single = most_to_least(alone["numerator"], alone["denominator"], alone["score"], unit="authority", groups=2)
        assert ends[ends["year"] == 2015]["value"].tolist() == single["value"].tolist()

    def test_a_withheld_figure_is_set_aside_and_counted_and_is_no_zero(self):
        rates, ends = tenths_by_year(self.both, unit="authority", groups=2)
        later = ends[ends["year"] == 2016]
        assert set(later["left_out"]) == {1}
        assert "1 suppressed" in later["note"].iloc[0]
        assert rates[rates["year"] == 2016]["value"].min() > 40

    @pytest.mark.parametrize("index", [slope_index, relative_index, concentration_index])
    def test_an_index_by_year_is_the_index_of_each_year(self, index):
        table = index_by_year(self.both, index, unit="authority").set_index("year")
        alone = self.both[self.both["year"] == 2015]
        assert table["value"][2015] == pytest.approx(
            index(alone["value"], alone["denominator"], alone["score"], unit="authority")["value"].iloc[0]
        )
        assert table["left_out"].to_dict() == {2015: 0, 2016: 1}


class TestDrivers:
    plans = long(
        [
            ("A", 2013, 50.0),
            ("B", 2013, 30.0),
            ("C", 2013, 9.0),
            ("A", 2018, 60.0),
            ("B", 2018, 40.0),
            ("C", 2018, np.nan),
            ("D", 2018, 5.0),
        ]
    )
    children = long(
        [(area, year, 10_000.0 + 2_000 * (area == "B" and year == 2018)) for area in "ABC" for year in (2013, 2018)]
        + [("D", 2018, 1_000.0)]
    )

    def test_is_the_decomposition_of_areas_with_figures_in_both_years(self):
        table = drivers(self.plans, self.children, 2013, 2018)
        expected = children_rate_place([50, 30], [10_000, 10_000], [60, 40], [10_000, 12_000])
        assert table["value"].tolist() == pytest.approx(expected["value"].tolist())
        assert table["factor"].tolist() == expected["factor"].tolist()

    def test_names_who_is_left_out_and_how_much_the_rest_cover(self):
        table = drivers(self.plans, self.children, 2013, 2018)
        assert table["left_out_areas"][0] == "C, D"
        assert (table["areas"][0], table["left_out"][0]) == (2, 2)
        assert table["covered"][0] == pytest.approx(100 * 100 / 105)

    def test_a_year_without_figures_and_double_figures_are_refused(self):
        with pytest.raises(BadInput, match="no figure for 2031"):
            drivers(self.plans, self.children, 2013, 2031)
        with pytest.raises(BadInput, match="two figures"):
            drivers(pd.concat([self.plans, self.plans]), self.children, 2013, 2018)

    def test_in_words_gives_every_part_with_its_sign(self):
        sentence = in_words(drivers(self.plans, self.children, 2013, 2018), "plans")
        assert sentence == "Of the change of +20 plans, children make +9, where they live −2 and rate +14."

    def test_in_words_says_when_it_cannot_be_told(self):
        lost = children_rate_place([50, np.nan], [10, 10], [60, 40], [10, 12])
        assert in_words(lost, "plans") == "What drove plans cannot be told: a figure is missing."


class TestAfterInadequate:
    @pytest.mark.parametrize(
        "day, year", [("2015-03-31", 2015), ("2015-04-01", 2016), ("2015-12-31", 2016), ("2016-01-01", 2016)]
    )
    def test_a_judgement_belongs_to_the_year_that_ends_on_31_march(self, day, year):
        assert judgement_years(pd.DataFrame({"area_code": ["A"], "start": pd.to_datetime([day])}))["year"].tolist() == [
            year
        ]

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(st.floats(0.1, 9.0), st.booleans()), min_size=2, max_size=25))
    def test_everybody_stands_on_the_curve_where_it_is_at_their_time(self, rows):
        spells = pd.DataFrame(rows, columns=["years", "better"]).assign(area_code=[str(i) for i in range(len(rows))])
        curve = recovery_curve(spells)
        placed = place_on_curve(spells, curve)
        for row in placed.itertuples():
            assert row.on_curve == curve.loc[curve["years"] <= row.years, "value"].iloc[-1]

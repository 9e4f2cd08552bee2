"""Pictures of a study for a notebook: the charts of the report, as SVG, without a network."""

from __future__ import annotations

from typing import Any

from frankensam.simulation.store import ResultStore


class Picture:
    """One chart: SVG, its data as CSV, and what it shows in words."""

    def __init__(self, title: str, svg: str, csv: str, words: str) -> None:
        self.title = title
        self.svg = svg
        self.csv = csv
        self.words = words

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": f"{self.title}: {self.words}"}

    def __repr__(self) -> str:
        return f"{self.title}: {self.words}"


class Plots:
    """Draws recorded and derived series of all variants, medians with the middle 90 % of replications."""

    def __init__(self, store: ResultStore) -> None:
        self._store = store

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the series that `series` draws."""
        from frankensam.report.material import plotted_series

        return tuple(series.key for series in plotted_series())

    def series(self, key: str) -> Picture:
        """Draw one series over time. Raises KeyError for a key that is not in `keys`."""
        from frankensam.report.charts import DASHES, PALETTE, series_figure
        from frankensam.report.material import plotted_series
        from frankensam.report.page import Variant
        from frankensam.study.bands import band

        wanted = {series.key: series for series in plotted_series()}[key]
        bands = {variant: band(self._store, variant, wanted) for variant in self._store.variants}
        variants = tuple(
            Variant(name, name, PALETTE[index % len(PALETTE)], DASHES[index % len(DASHES)], "", (), index == 0)
            for index, name in enumerate(self._store.variants)
        )
        figure = series_figure(bands, variants)
        return Picture(figure.title, figure.svg, figure.csv, figure.alternative_text)

    def stocks(self) -> Picture:
        """Draw interceptors in stock at depots and on fire units."""
        return self.series("rounds_stock")

    def fielded(self) -> Picture:
        """Draw launchers fielded."""
        return self.series("launchers_fielded")

    def availability(self) -> Picture:
        """Draw operational availability."""
        return self.series("operational_availability")

    def stopped(self) -> Picture:
        """Draw the fraction of threats stopped."""
        return self.series("stopped_share")

    def leakers(self) -> Picture:
        """Draw leakers since the start."""
        return self.series("leakers")

"""What a result store says: indicators, paired comparison, bands, losses, and the three claims tested.

Everything here is a pure function of a `frankensam.simulation.ResultStore`:

- ``indicators.INDICATORS`` (key -> `Indicator`), ``indicators.indicator_values(store, variant, key)``
- ``summaries.summarise(store, variant) -> tuple[IndicatorSummary, ...]``
- ``comparison.compare(store, variant, baseline) -> tuple[PairedDifference, ...]``
- ``bands.series_bands(store, variant) -> tuple[SeriesBand, ...]``
- ``losses.losses(store, variant) -> tuple[LossRow, ...]``
- ``claims_tested.judge_claims(store) -> tuple[ClaimTest, ...]``
"""

"""What is held to be known: hybrids, their parts, actors, agreements and events, each value with its sources, conflicts kept."""

from __future__ import annotations

from frankensam.catalogue.curated import Catalogue, EntityView
from frankensam.catalogue.facts import Entity, Fact, Source, Statement, ValueRange
from frankensam.catalogue.loading import load_catalogue
from frankensam.catalogue.matrix import PairingCell, PairingMatrix

__all__ = [
    "Catalogue", "Entity", "EntityView", "Fact", "PairingCell", "PairingMatrix", "Source", "Statement", "ValueRange", "load_catalogue",
]

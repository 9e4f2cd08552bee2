"""``frankensam catalogue``: what is held to be known, who says so, where sources disagree; packages for others and of others."""

from __future__ import annotations

import typer

from frankensam.cli import catalogue_correct, catalogue_export, catalogue_packages, catalogue_views


def register(app: typer.Typer) -> None:
    """Add the group of commands to the command line."""
    group = typer.Typer(
        help="What is held to be known about hybrids, agreements and deliveries, each value with its sources.",
        no_args_is_help=True, rich_markup_mode=None,
    )
    catalogue_views.register(group)
    catalogue_correct.register(group)
    catalogue_export.register(group)
    catalogue_packages.register(group)
    app.add_typer(group, name="catalogue")

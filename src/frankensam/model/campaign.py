"""The reference simulation of one replication, a day at a time."""

from __future__ import annotations

from frankensam.kernels.arrays import RESOLUTION_SPATIAL, CampaignArrays, OutcomeArrays
from frankensam.model.accounting import account, finish, record
from frankensam.model.allocation import allocate, learn_demand
from frankensam.model.damage import lose_stock, recover, strike, update_output_factors
from frankensam.model.engagement import defend
from frankensam.model.outcomes import allocate_outcomes
from frankensam.model.production import produce
from frankensam.model.raids import Raid, draw_raid
from frankensam.model.spatial_campaign import defend_and_strike
from frankensam.model.sustainment import sustain
from frankensam.model.transport import announce_supplies, arrive, dispatch
from frankensam.model.world import World


def simulate(arrays: CampaignArrays, seed: int, replication: int) -> OutcomeArrays:
    """Simulate one replication; the outcome arrays have one row, as `kernels.campaign.simulate_block` fills it."""
    outcomes = allocate_outcomes(arrays, 1)
    world = new_world(arrays, seed, replication)
    time = 0
    for day in range(world.days):
        simulate_day(world, day)
        if (day + 1) % int(arrays.record_every) == 0 or day == world.days - 1:
            record(world, time)
            time += 1
        recover(world)
    finish(world)
    for name, array in zip(outcomes._fields, outcomes, strict=True):
        array[0] = world.totals[name]
    return outcomes


def new_world(arrays: CampaignArrays, seed: int, replication: int) -> World:
    """Return a replication on the morning of its first day."""
    outcomes = allocate_outcomes(arrays, 1)
    world = World(arrays, seed, replication, {name: array.shape[1:] for name, array in zip(outcomes._fields, outcomes, strict=True)})
    announce_supplies(world)
    return world


def begin_day(world: World, day: int) -> Raid:
    """A day up to its raid: arrivals, production, dispatch, sustainment, allocation; return the threats that come."""
    update_output_factors(world)
    arrive(world, day)
    produce(world, day)
    dispatch(world, day)
    sustain(world, day)
    allocate(world)
    return draw_raid(world, day)


def simulate_day(world: World, day: int) -> None:
    """One day: arrivals, production, dispatch, sustainment, allocation, raid, accounting."""
    raid = begin_day(world, day)
    if world.arrays.raid_resolution == RESOLUTION_SPATIAL:
        defend_and_strike(world, day, raid)
    else:
        for sector, threats in enumerate(raid):
            defend(world, day, sector, threats)
            strike(world, day, sector, threats)
    lose_stock(world, day)
    update_output_factors(world)
    learn_demand(world)
    account(world, day)

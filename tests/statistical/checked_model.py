"""Every check of the model."""

from __future__ import annotations

import checks_balance
import checks_engagement
import checks_flows
import checks_production
import checks_raids
import checks_spares
import checks_sustainment
from checking import Check

CHECKS: tuple[Check, ...] = (
    *checks_engagement.CHECKS, *checks_raids.CHECKS, *checks_production.CHECKS, *checks_sustainment.CHECKS,
    *checks_spares.CHECKS, *checks_flows.CHECKS,
    *checks_balance.CHECKS,
)

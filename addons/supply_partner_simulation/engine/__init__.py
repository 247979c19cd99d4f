from .scope import SimulationScope
from .simulation import Simulation

from .units import whole_step

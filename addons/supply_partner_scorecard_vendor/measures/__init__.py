from . import forecasts, shipments

from .count_quantiles import covering_quantities, covering_quantity
from .forecast import (
    CLASSES,
    ERRATIC,
    FEWEST_STOCKED_DAYS,
    FEWEST_WEEKS,
    FLAGS,
    GIANT_SHARE,
    INTERMITTENT,
    LEAST_SEASON,
    SEASON_WEEKS,
    SMOOTHING,
    WEEKS,
)
from .forecast_methods import (
    FAST_SMOOTHING,
    FEWEST_FORECASTS,
    LOWER,
    MEAN_WEEKS,
    METHODS,
    ORIGINS,
    REVIEWS,
    USUAL_METHOD,
    count_compared,
    find_champion,
    sum_losses,
)
from .review_days import WEEKDAYS, first_day, longest_interval
from .spreadsheets import by_row
from .units import is_whole, whole_step

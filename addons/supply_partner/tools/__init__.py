from .review_days import WEEKDAYS, first_day, longest_interval
from .spreadsheets import by_row
from .units import is_whole, whole_step

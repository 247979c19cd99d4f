from .columns import IDENTIFIERS, is_header, recognise
from .days import choose_order, parse_day
from .numbers import choose_marks, decimal_mark, parse_number
from .parsing import as_text, is_nothing, parse_rows
from .prices import net_price, relative_change
from .problems import FileProblemError, Problem
from .reading import ENCODINGS, MOST_BYTES, MOST_ROWS, read_table

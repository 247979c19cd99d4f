from .charsets import CHARSETS, decode, encode
from .desadv import read_despatch
from .envelope import MOST_BYTES, Interchange, Message, read_interchange, read_segments
from .exchange_folder import ExchangeFolder, FolderError, is_folder_name
from .invrpt import write_stock
from .ordrsp import read_response
from .matching import Known, find_item
from .problems import EdifactError, RefusalError
from .records import (
    DespatchAdvice,
    Item,
    OrderResponse,
    ResponseLine,
    SalesDay,
    SalesReport,
    ShippedLine,
    StockLine,
    StockReport,
)
from .slsrpt import write_sales
from .syntax import DECIMAL_MARKS, Syntax
from .units import CODES, get_code
from .writing import Header

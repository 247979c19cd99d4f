from .facts import Facts, read_facts
from .findings import find
from .rows import delete_others, upsert
from .scope import SourcingScope

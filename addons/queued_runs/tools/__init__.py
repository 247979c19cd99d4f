from .locks import held_for_connection, is_held

from .tables import write_csv, write_xlsx

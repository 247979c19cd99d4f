"""Load a file of purchases into an Odoo database as customers and confirmed sale orders.

The work is divided so that each part can be read, and tested, by itself:

* :mod:`.sources` reads CSV, whitespace-separated text and Parquet into numbered rows;
* :mod:`.checks` turns a row into a purchase, or says what is wrong with it;
* :mod:`.prices` finds the unit price that gives a line's amount back exactly;
* :mod:`.presets` knows and fetches the public data sets;
* :mod:`.patterns` learns from records made by Odoo what a stored row looks like;
* :mod:`.load` writes customers, products, orders and lines, set by set;
* :mod:`.database` starts Odoo and guards the load against a second one;
* :mod:`.__main__` is the command line.
"""

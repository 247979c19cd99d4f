"""Load a file of purchases into an Odoo database as customers and confirmed sale orders.

The work is divided so that each part can be read, and tested, by itself.

Reading, without Odoo:

* :mod:`.decoding` turns any text into UTF-8, :mod:`.reading` has DuckDB divide it into cells;
* :mod:`.cells`, :mod:`.amounts` and :mod:`.dates` understand texts, numbers and dates;
* :mod:`.columns` recognises columns, :mod:`.look` shows them with a command ready to run;
* :mod:`.checks` turns a row into a purchase, or says what is wrong with it;
* :mod:`.prices` finds the unit price that gives a line's amount back exactly;
* :mod:`.presets` knows and fetches the public data sets.

Loading, in Odoo's database:

* :mod:`.staging` compares the purchases with what is there;
* :mod:`.labels` remembers what was loaded how, :mod:`.doubts` asks about what looks wrong;
* :mod:`.examples` and :mod:`.patterns` learn from records made by Odoo what a row looks like;
* :mod:`.load` writes customers, products, orders and lines, set by set;
* :mod:`.set_up` follows what somebody set up for a customer, :mod:`.verify` holds loaded orders
  against ones made by hand;
* :mod:`.undo` takes a load back;
* :mod:`.database` starts Odoo and guards the load against a second one;
* :mod:`.arguments` and :mod:`.__main__` are the command line.
"""

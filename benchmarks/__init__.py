"""Benchmarks; each is run as a module, so that the add-ons are found before it imports them."""

# It completes the namespace that add-ons import from.
import odoo.init
from odoo.modules.module import initialize_sys_path

initialize_sys_path()

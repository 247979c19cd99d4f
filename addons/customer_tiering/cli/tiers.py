import argparse
import os
import sys

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config
from odoo.tools.misc import formatLang


class Tiers(Command):
    """Print the customer tiers of each company; with --evaluate, recalculate them first."""

    def run(self, cmdargs):
        """Run with the command line's arguments; exit with 1 and one message on bad input."""
        self.parser.add_argument("-d", "--database", required=True)
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument(
            "--evaluate", action="store_true", help="recalculate the tiers before printing"
        )
        self.parser.add_argument(
            "--as-of", metavar="YYYY-MM-DD", help="the day to recalculate for, today by default"
        )
        self.parser.add_argument(
            "--company", help="name of the one company to show; all by default"
        )
        arguments = self.parser.parse_args(cmdargs)
        config_file = arguments.config or os.environ.get("ODOO_RC")
        config.parse_config(
            [*(["-c", config_file] if config_file else []), "-d", arguments.database, "--no-http"],
            setup_logging=False,
        )
        try:
            registry = Registry(arguments.database)
        except OperationalError as error:
            sys.exit(f"The database cannot be opened: {str(error).strip()}")
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            if "customer.tier.policy" not in env:
                sys.exit(f"customer_tiering is not installed in {arguments.database}.")
            try:
                self._print_companies(env, arguments)
            except UserError as error:
                cr.rollback()
                sys.exit(str(error))

    def _print_companies(self, env, arguments: argparse.Namespace):
        domain = [("company_id.name", "=", arguments.company)] if arguments.company else []
        policies = env["customer.tier.policy"].search(domain)
        if not policies:
            names = ", ".join(env["res.company"].search([("parent_id", "=", False)]).mapped("name"))
            raise UserError(
                f"No active policy for {arguments.company or 'any company'}. Companies: {names}."
            )
        for policy in policies:
            if arguments.evaluate:
                policy.evaluate(arguments.as_of)
            self._print_policy(policy)

    def _print_policy(self, policy):
        env = policy.env
        evaluation = policy.last_evaluation_id
        print(f"\n{policy.company_id.name}: {policy.name}")
        if not evaluation:
            print("  no tier run yet (use --evaluate)")
            return
        print(
            f"  as of {evaluation.as_of}: {evaluation.customer_count} customers, "
            f"{evaluation.changed_count} changed, {evaluation.duration:.2f} s\n"
        )
        row = "  {:<20} {:>10} {:>18} {:>8} {:>11}"
        print(row.format("Tier", "Customers", "Revenue", "Share", "From score"))
        for tier in policy._get_tiers():
            print(
                row.format(
                    tier.name,
                    tier.customer_count,
                    formatLang(env, tier.revenue, currency_obj=policy.currency_id),
                    f"{100 * tier.revenue_share:.1f} %",
                    f"{tier.min_score:g}",
                )
            )

"""Write the demo company into a database."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import contextmanager
from datetime import date


def main() -> int:
    """Write it, all or nothing; return the exit code."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument(
        "--timing", action="store_true", help="say what a chapter takes of a processor"
    )
    options = parser.parse_args()

    from order_import.database import open_environment

    with open_environment(options.database, print) as env:
        _write(env.ref("base.user_admin").with_env(env).env, options.timing)
        env.cr.commit()
    return 0


def _write(env, timing):
    from . import (
        allocation,
        catalogue,
        company,
        consignment,
        edi,
        forecasts,
        goods,
        portal,
        purchases,
        relations,
        sales,
        scorecards,
        selection,
        sourcing,
        supply,
        tiers,
        trade,
    )
    from .days import Days

    env = env(
        context={
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_notrack": True,
            "mail_create_nosubscribe": True,
            "mail_auto_subscribe_no_notify": True,
            "allowed_company_ids": env.company.ids,
        }
    )
    days = Days(date.today())
    story = trade.draw(days)

    @contextmanager
    def chapter(name):
        started = time.process_time()
        yield
        env.flush_all()
        if timing:
            print(f"{time.process_time() - started:6.1f} s  {name}", flush=True)

    with chapter("company"):
        users = company.make(env)
    with chapter("goods"):
        vendors, products = goods.make(env)
    with chapter("customers"):
        customers = sales.make_customers(env, users)
    with chapter("purchases"):
        purchases.open_shelves(env, days, story, products)
        bought = purchases.make(env, days, story, vendors, products, users)
    with chapter("sales"):
        sold = sales.make(env, days, story, customers, products, users)
    with chapter("relations"):
        relations.make(env, days, customers, products, users)
    with chapter("tier runs"):
        tiers.run(env, days, sold)
        relations.note_tiers(env)
    with chapter("overrides"):
        tiers.decide(env, users, customers)
    with chapter("follow-ups"):
        tiers.follow_up(env, days, users)
    with chapter("back-tests and estimates"):
        tiers.look_back(env, days)
        tiers.foresee(env, days)
        tiers.share_out(env, users)
        tiers.open_portal(env, customers)
    with chapter("supply"):
        supply.make(env, days, story, vendors, products, users, bought)
    with chapter("scorecards"):
        scorecards.make(env, days, vendors, products, users, bought)
    with chapter("selection"):
        selection.make(env, days, vendors, users)
    with chapter("consignment"):
        consignor = consignment.make(env, days, users)
    with chapter("vendors' pages"):
        portal.make(env, days, {**vendors, consignment.VENDOR: consignor})
    with chapter("EDI"):
        edi.make(env, days, vendors, users)
    with chapter("price lists"):
        catalogue.make(env, days, vendors, products, users)
    with chapter("sourcing"):
        sourcing.make(env, days, vendors, products)
    with chapter("forecasts"):
        forecasts.make(env, days, vendors, users)
    with chapter("scarce stock"):
        allocation.make(env, days, customers, products)


if __name__ == "__main__":
    sys.exit(main())

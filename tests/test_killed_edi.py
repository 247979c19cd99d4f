"""An intake by EDI that is killed: no message is lost, none is done twice, none by half."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from odoo_processes import OdooProcesses, Work, wait_until
from supply_data import SupplyData

EXCHANGE = 'env.ref("supply_partner_edi.ir_cron_exchange").method_direct_trigger()'
OURS, VENDORS = "4012345000009", "4098765000003"
AGREEMENTS = 3
# Each takes seconds; EDI_KILLS=20 for a thorough look.
KILLS = int(os.environ.get("EDI_KILLS", "6"))

_SET_UP = """
agreements = env["vmi.agreement"].browse(AGREEMENTS)
vendor = agreements.partner_id
vendor.global_location_number = "VENDORS"
env["vmi.edi.partner"].search([]).active = False
env["vmi.edi.partner"].create({
    "partner_id": vendor.id, "user_id": agreements[0].user_id.id, "channel": "file",
    "folder": "FOLDER", "company_gln": "OURS", "stock_rhythm": "daily", "stock_next": False,
})._get_folder()
for line in agreements.line_ids:
    line.product_id.default_code = f"P-{line.product_id.id}"
proposals = agreements.review()
result = proposals.mapped("name")
"""


@pytest.fixture(scope="module")
def supply(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SupplyData]:
    database = clone_shared_database("killed_edi")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("killed_edi"))
    yield SupplyData(database, odoo)
    odoo.end()


@pytest.fixture
def root(supply: SupplyData, tmp_path: Path) -> Path:
    supply.odoo.run(
        f'env["ir.config_parameter"].set_param("supply_partner_edi.root", {str(tmp_path)!r})'
    )
    return tmp_path


def answer(proposal: str, number: int) -> str:
    """Return an interchange that confirms a proposal."""
    lines = [
        f"UNB+UNOC:3+{VENDORS}:14+{OURS}:14+261129:1830+{proposal}",
        "UNH+1+ORDRSP:D:96A:UN:EAN005",
        f"BGM+231+ORS-{number}-{proposal}+29",
        f"RFF+ON:{proposal}",
        "UNT+4+1",
        f"UNZ+1+{proposal}",
    ]
    return "UNA:+.? '" + "".join(f"{line}'" for line in lines)


def test_an_intake_killed_at_any_moment_does_each_message_once(supply: SupplyData, root: Path):
    dice = random.Random(29)
    counted = {"lost": 0, "double": 0, "mixed": 0}
    unfinished = 0
    for kill in range(KILLS):
        agreements = supply.make_agreements(AGREEMENTS, "vendor")
        script = (
            _SET_UP.replace("AGREEMENTS", repr(agreements))
            .replace("VENDORS", VENDORS)
            .replace("OURS", OURS)
            .replace("FOLDER", f"vendor-{kill}")
        )
        proposals = supply.odoo.run(script)
        folder = root / f"vendor-{kill}"
        for number, proposal in enumerate(proposals):
            name = f"{number}.edi"
            (folder / "in" / name).write_text(answer(proposal, number))
        supply.query("DELETE FROM ir_cron_progress")
        work = supply.odoo.start(EXCHANGE)
        if kill % 2:
            # Once the first message is there, while others are still to come.
            wait_until(partial(_has_begun, supply, agreements, work))
        time.sleep(dice.random() * (0.4 if kill % 2 else 0.8))
        supply.kill(work)
        unfinished += any((folder / "in").iterdir())
        for _time in range(2):
            supply.query("DELETE FROM ir_cron_progress")
            supply.odoo.run(EXCHANGE)
        ordered = supply.ordered(agreements)
        assert len(proposals) == AGREEMENTS
        counted["lost"] += AGREEMENTS - len({agreement for *_rest, agreement in ordered})
        counted["double"] += len(ordered) - len({agreement for *_rest, agreement in ordered})
        counted["mixed"] += sum(
            (state, quantity) != ("purchase", 120) for _order, state, quantity, _of in ordered
        )
        assert _messages(supply, agreements) == [
            ("in", "ordrsp", "done", AGREEMENTS),
            ("out", "invrpt", "sent", AGREEMENTS),
        ]
        assert not any((folder / "in").iterdir())
        assert len(list((folder / "done").iterdir())) == AGREEMENTS
        assert not any((folder / "error").iterdir())
        assert len(list((folder / "out").iterdir())) == AGREEMENTS
    assert counted == {"lost": 0, "double": 0, "mixed": 0}
    # Otherwise the kills came too late to tell anything.
    assert unfinished > KILLS / 4


def _has_begun(supply: SupplyData, agreements: list[int], work: Work) -> bool:
    return bool(_messages(supply, agreements)) or not work.is_running()


def _messages(supply: SupplyData, agreements: list[int]) -> list[tuple]:
    """Return direction, kind, state and number of the messages with the vendor."""
    return supply.query(
        """
        SELECT message.direction, message.kind, message.state, COUNT(*)::integer
          FROM vmi_message message
          JOIN vmi_agreement agreement ON agreement.partner_id = message.partner_id
         WHERE agreement.id = %s
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """,
        [agreements[0]],
    )

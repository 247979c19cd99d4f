"""What is exchanged by EDI with the flour mill: reports, an answer, despatch advices, an error."""

from __future__ import annotations

from datetime import timedelta

from stdnum import ean

from .cast import MILL
from .days import Days

# Global Location Numbers that nobody has.
OURS, MILLS = "4012345000009", "4098765000003"


def make(env, days: Days, vendors, users) -> None:
    """Let the mill speak EDI: four messages went well, and one waits to be looked at."""
    mill = vendors[MILL]
    env.company.partner_id.global_location_number = OURS
    mill.global_location_number = MILLS
    agreement = env["vmi.agreement"].search(
        [("partner_id", "=", mill.id), ("state", "=", "running")], limit=1
    )
    for number, line in enumerate(agreement.line_ids, start=1):
        # A number of the range that companies use within their own walls.
        code = f"20000000{number:04}"
        line.product_id.barcode = code + ean.calc_check_digit(code)
    partner = env["vmi.edi.partner"].create(
        {
            "partner_id": mill.id,
            "user_id": users["buyer"].id,
            "channel": "file",
            "folder": "valley-flour-mill",
            "stock_rhythm": "daily",
            "sales_rhythm": "weekly",
            "stock_next": days.ago(-1),
            "sales_next": days.ago(-4),
            "sales_until": days.ago(8),
        }
    )
    for kind in ("invrpt", "slsrpt"):
        message = partner._make_report(kind)[:1]
        message.write({"state": "sent", "done_at": days.moment(days.today, 6)})
    [open_line] = env["purchase.order.line"].search(
        [
            ("order_id.vmi_agreement_id", "=", agreement.id),
            ("order_id.state", "=", "purchase"),
            ("qty_received", "=", 0),
        ],
        limit=1,
    )
    despatch = _despatch(days, open_line)
    _receive(partner, "despatch-4711.edi", days, despatch)
    # The mill's program sends what it sent an hour ago.
    _receive(partner, "despatch-4711-again.edi", days, despatch, reference="VFM2")
    offer = (
        "BGM+231+OFFER-88+4",
        f"RFF+CT:{agreement.name}",
        f"LIN+1+1+{agreement.line_ids[1].product_id.barcode}:EN",
        "QTY+21:20",
        # No product of the agreement has this number.
        "LIN+2+1",
        "PIA+1+RYE-OLD:SA",
        "QTY+21:10",
    )
    _receive(partner, "offer-88.edi", days, ("ORDRSP", *offer), reference="VFM3")


def _despatch(days, open_line):
    """Return the despatch advice of a part of what is still to come."""
    arrives = max(open_line.date_planned.date() - timedelta(days=1), days.ago(-1))
    return (
        "DESADV",
        "BGM+351+DES-4711+9",
        f"DTM+17:{arrives:%Y%m%d}:102",
        f"RFF+ON:{open_line.order_id.name}",
        "TDT+20++30+31+:::River Barges",
        "RFF+CN:RB-77-120",
        "CPS+1",
        "PAC+2++PX",
        f"LIN+1++{open_line.product_id.barcode}:EN",
        f"QTY+12:{open_line.product_qty * 2 // 5:.0f}",
    )


def _receive(partner, name, days, message, reference="VFM1"):
    """Take a file of one message in, and carry it out."""
    kind, *segments = message
    lines = [
        f"UNB+UNOC:3+{MILLS}:14+{OURS}:14+{days.today:%y%m%d}:0730+{reference}",
        f"UNH+1+{kind}:D:96A:UN:EAN005",
        *segments,
        f"UNT+{len(segments) + 2}+1",
        f"UNZ+1+{reference}",
    ]
    data = "UNA:+.? '" + "".join(f"{line}'\r\n" for line in lines)
    for one in partner._receive(name, data.encode("latin-1"), "file"):
        one._work()

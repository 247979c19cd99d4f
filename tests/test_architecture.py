"""Core, feature and glue depend on each other one way, and a model is one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import addon_tree
import pytest
from addon_tree import Tree

from environment.addons import ADDONS


@pytest.mark.parametrize("check", addon_tree.CHECKS, ids=lambda check: check.__name__)
def test_of_our_add_ons(check: Callable[[Tree], list[str]]) -> None:
    problems = check(Tree(ADDONS))
    assert not problems, "\n".join(["", *problems])


# A core, a feature, and what lies between the core and an add-on of Odoo's.
CORE, FEATURE, GLUE = "customer_tiering", "customer_tiering_followup", "customer_tiering_crm"
MODEL = """
from odoo import models

class CustomerTier(models.Model):
    _name = "customer.tier"
"""
FOLLOWUP = """
from odoo import models

class CustomerFollowup(models.Model):
    _name = "customer.followup"
"""
EXTENSION = """
from odoo import models

class CustomerTier(models.Model):
    _inherit = "customer.tier"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    """Write files below the folder of the made-up add-ons: ``write(add_on, path, text)``."""

    def write(addon: str, path: str, text: str) -> None:
        file = tmp_path / addon / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write


@pytest.fixture
def add(write: Callable[..., None]) -> Callable[..., None]:
    """Write an add-on that lacks nothing: ``add(name, models={file: text}, **manifest)``."""

    def add(name: str, models: dict[str, str] | None = None, **manifest) -> None:
        write(name, "__manifest__.py", repr({"development_status": "Beta", **manifest}))
        for path in ("readme/DESCRIPTION.rst", f"i18n/{name}.pot", "tests/__init__.py"):
            write(name, path, "")
        write(name, "static/description/icon.png", "")
        write(name, "tests/test_something.py", "")
        models = models or {}
        imports = "".join(f"from . import {file}\n" for file in models)
        write(name, "models/__init__.py", imports)
        for file, text in models.items():
            write(name, f"models/{file}.py", text)

    return add


@pytest.fixture
def found(tmp_path: Path) -> Callable[[], dict[str, list[str]]]:
    """Return what is found in the made-up add-ons, by check."""

    def find() -> dict[str, list[str]]:
        tree = Tree(tmp_path)
        results = {check.__name__: check(tree) for check in addon_tree.CHECKS}
        return {name: problems for name, problems in results.items() if problems}

    return find


@pytest.fixture(autouse=True)
def sound(add: Callable[..., None]) -> None:
    """A core, a feature and glue as they ought to be."""
    add(CORE, {"customer_tier": MODEL}, depends=["sale"])
    add(FEATURE, {"customer_followup": FOLLOWUP, "customer_tier": EXTENSION}, depends=[CORE])
    add(GLUE, {"customer_tier": EXTENSION}, depends=[CORE, "crm"], auto_install=True)
    add("supply_partner", depends=["purchase_stock"])
    add("customer_tiering_supply", depends=[CORE, "supply_partner"], auto_install=True)


def test_nothing_is_found_where_all_is_well(found) -> None:
    assert found() == {}


def test_a_tick_in_the_settings_may_name_a_feature(write, found) -> None:
    tick = f"module_{FEATURE} = fields.Boolean()"
    write(CORE, "models/res_config_settings.py", tick)
    setting = f'<setting id="{FEATURE}"><field name="module_{FEATURE}" /></setting>'
    write(CORE, "views/res_config_settings_views.xml", setting)
    assert found() == {}
    write(CORE, "models/res_config_settings.py", f"{tick}\nfrom odoo.addons import {FEATURE}")
    write(CORE, "models/res_company.py", tick)
    assert [problem.partition(":")[0] for problem in found()["named_without_being_needed"]] == [
        f"{CORE}/models/res_company.py",
        f"{CORE}/models/res_config_settings.py",
    ]


def test_a_second_file_that_extends(add, found) -> None:
    add(CORE, {"customer_tier": MODEL, "customer_tier_prices": EXTENSION}, depends=["sale"])
    problems = found()
    assert "customer_tier_prices.py:4" in problems["stated_more_than_once"][0]
    assert "belongs into customer_tier.py" in problems["not_in_their_own_file"][0]


def test_two_files_that_extend_a_model_of_another_add_on(add, found) -> None:
    models = {"customer_tier": EXTENSION, "customer_tier_more": EXTENSION}
    add(GLUE, models, depends=[CORE, "crm"], auto_install=True)
    assert list(found()) == ["stated_more_than_once", "not_in_their_own_file"]


def test_two_classes_of_a_model_in_one_file(add, found) -> None:
    add(CORE, {"customer_tier": MODEL + EXTENSION}, depends=["sale"])
    assert list(found()) == ["stated_more_than_once"]


def test_two_models_in_one_file(add, found) -> None:
    other = MODEL.replace("customer.tier", "customer.tier.band")
    add(CORE, {"customer_tier": MODEL + other}, depends=["sale"])
    (named, shared) = found()["not_in_their_own_file"]
    assert "belongs into customer_tier_band.py" in named
    assert "customer.tier, customer.tier.band" in shared


def test_a_model_that_takes_parts_from_a_class_elsewhere(add, found) -> None:
    add(CORE, {"customer_tier": MODEL.replace("(", "(Prices, ")}, depends=["sale"])
    assert "takes parts from Prices" in found()["not_in_their_own_file"][0]


def test_a_mixin_of_the_same_add_on_and_a_name_that_is_a_constant(add, found) -> None:
    mixin = """
from odoo import models

DOCUMENT = "customer.document"

class CustomerDocument(models.AbstractModel):
    _name = DOCUMENT
"""
    order = """
from odoo import models
from .customer_document import DOCUMENT

class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", DOCUMENT]
"""
    models = {"customer_tier": MODEL, "customer_document": mixin, "sale_order": order}
    add(CORE, models, depends=["sale"])
    assert found() == {}


def test_a_file_that_nobody_imports(write, found) -> None:
    write(CORE, "models/customer_band.py", MODEL.replace("customer.tier", "customer.band"))
    assert found() == {
        "not_imported": [f"{CORE}/models/customer_band.py: not imported by its package"]
    }


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("models/tools.py", f"from odoo.addons.{FEATURE}.tools import days"),
        ("models/tools.py", f"IS_THERE = env.ref('{FEATURE}.activity', False)"),
        ("models/tools.py", f'names = ["{FEATURE}"]'),
        ("views/views.xml", f'<field name="inherit_id" ref="{FEATURE}.form" />'),
        ("static/src/bar/bar.js", f'import {{ Bar }} from "@{FEATURE}/bar";'),
        ("tests/test_days.py", f"from odoo.addons.{FEATURE}.tests.common import Common"),
    ],
)
def test_a_core_that_names_a_feature(write, found, path: str, text: str) -> None:
    write(CORE, path, f"\n{text}\n")
    assert found() == {"named_without_being_needed": [f"{CORE}/{path}:2: names {FEATURE}"]}


def test_a_feature_that_names_its_neighbour(write, found) -> None:
    write(FEATURE, "data/data.xml", f'<record id="{GLUE}.one" model="crm.lead" />')
    assert list(found()) == ["named_without_being_needed"]


def test_what_is_written_for_people_may_name_all(write, found) -> None:
    write(CORE, "readme/USAGE.rst", f"Install {FEATURE}.")
    write(CORE, "static/description/index.html", FEATURE)
    assert found() == {}


@pytest.mark.parametrize("name", ['env["customer.followup"]', 'ref="model_customer_followup"'])
def test_a_core_that_names_a_model_of_a_feature(write, found, name: str) -> None:
    write(CORE, "models/tools.py", name)
    assert found() == {
        "models_of_dependants_named": [f"{CORE}/models/tools.py:1: names customer.followup"]
    }


def test_a_model_of_one_name_that_only_begins_alike(write, found) -> None:
    write(CORE, "models/tools.py", 'env["customer.followup.days"]; customer_followup_days')
    assert found() == {}


@pytest.mark.parametrize(
    ("depends", "automatic"),
    [
        ([CORE], True),
        ([CORE, "sale"], True),
        ([CORE, FEATURE], True),
        ([CORE, "crm"], [CORE]),
    ],
)
def test_glue_with_one_side(add, found, depends: list[str], automatic) -> None:
    add("customer_tiering_rating", depends=depends, auto_install=automatic)
    assert list(found()) == ["glue_with_one_side"]


def test_glue_that_needs_more_than_its_two_sides(add, found) -> None:
    add(
        "customer_tiering_survey",
        depends=[CORE, GLUE, "survey"],
        auto_install=[CORE, "survey"],
    )
    assert found() == {}


def test_families_that_meet_elsewhere(add, found) -> None:
    add("supply_partner_simulation", depends=["supply_partner", FEATURE])
    add("customer_tiering_stock", depends=[CORE, "supply_partner"])
    assert found() == {
        "families_that_meet": [
            "customer_tiering_stock: depends on supply_partner",
            f"supply_partner_simulation: depends on {CORE}",
            f"supply_partner_simulation: depends on {FEATURE}",
        ]
    }


def test_glue_builds_on_the_one_where_families_meet(add, found) -> None:
    meeting, feature = "customer_tiering_supply", "supply_partner_sourcing"
    add(feature, depends=["supply_partner"])
    add(f"{meeting}_sourcing", depends=[meeting, feature], auto_install=True)
    assert found() == {}
    # By its name alone, or as a feature that somebody ticks, it may not.
    add(f"{meeting}_sourcing", depends=[CORE, feature], auto_install=True)
    assert list(found()) == ["families_that_meet"]
    add(f"{meeting}_sourcing", depends=[meeting, feature])
    assert list(found()) == ["families_that_meet"]


@pytest.mark.parametrize(
    "path",
    [
        "readme/DESCRIPTION.rst",
        "tests/test_something.py",
        f"i18n/{FEATURE}.pot",
        "static/description/icon.png",
    ],
)
def test_an_add_on_that_lacks_something(tmp_path: Path, found, path: str) -> None:
    (tmp_path / FEATURE / path).unlink()
    assert list(found()) == ["incomplete"]


@pytest.mark.parametrize("status", [None, "Ready"])
def test_an_add_on_that_does_not_say_how_far_it_is(add, found, status) -> None:
    add("supply_partner_performance", depends=["supply_partner"], development_status=status)
    assert list(found()) == ["incomplete"]

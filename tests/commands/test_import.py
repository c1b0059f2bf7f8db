from pathlib import Path

import pytest

from quartermaster.catalog.models import Sku
from quartermaster.commands import import_, main
from quartermaster.commands.running import importing
from quartermaster.core.models import EventRow
from quartermaster.stock.models import Level, Location


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The command runs in the test's own database."""
    monkeypatch.setattr(import_, "PREPARED", False, raising=False)


@pytest.fixture
def file(tmp_path: Path):
    def written(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return written


def test_the_command_offers_every_kind_there_is():
    """They are named twice: the command line answers without loading the application."""
    assert sorted(import_.KINDS) == sorted([*importing.PLAIN, *importing.PAST])


def test_locations_products_and_stock_are_imported_one_after_the_other(file, capsys):
    assert main(["import", "locations", file("l.csv", "code,country\nBER,DE\n")]) == 0
    assert main(["import", "products", file("p.csv", "sku,title\nLAMP,Lamp\n")]) == 0
    assert main(["import", "stock", file("s.csv", "sku,location,quantity\nLAMP,BER,5\n")]) == 0
    assert Location.objects.get().country == "DE"
    assert Level.objects.get().on_hand == 5
    assert "s.csv: 1 rows, 1 taken (0 of them changed nothing)." in capsys.readouterr().out
    assert EventRow.objects.filter(name="SkuChanged").get().actor.startswith("command:")


def test_refused_rows_make_it_1_and_are_beside_the_file(file, capsys):
    path = file("p.csv", "sku,weight_g\nLAMP,heavy\nSHADE,5\n")
    assert main(["import", "products", path]) == 1
    errors = Path(path).with_name("p.errors.csv")
    assert "LAMP,heavy,row 2: weight_g" in errors.read_text(encoding="utf-8-sig")
    assert str(errors) in capsys.readouterr().out
    errors.write_text(errors.read_text(encoding="utf-8-sig").replace("heavy", "7"), encoding="utf-8")
    assert main(["import", "products", str(errors)]) == 0
    assert sorted(Sku.objects.values_list("code", "weight_g")) == [("LAMP", 7), ("SHADE", 5)]


def test_several_files_are_imported_and_a_dry_run_keeps_nothing(file):
    files = [file("a.csv", "sku\nA\n"), file("b.csv", "sku\nB\n")]
    assert main(["import", "products", *files, "--dry-run"]) == 0
    assert not Sku.objects.exists()
    assert main(["import", "products", *files]) == 0
    assert Sku.objects.count() == 2


def test_a_map_gives_other_names(file):
    path, map_ = file("a.csv", "Artikel\nA\n"), file("map.toml", 'sku = "Artikel"\n')
    assert main(["import", "products", path, "--map", map_]) == 0
    assert Sku.objects.get().code == "A"


def test_wrong_usage_is_2_and_says_what_to_do(file, capsys):
    path = file("a.csv", "name\nA\n")
    assert main(["import", "products", path]) == 2
    assert "has no column sku. It has: name." in capsys.readouterr().err
    assert main(["import", "products", path, "--map", file("m.toml", "x =")]) == 2
    assert main(["import", "products", "none.csv"]) == 2
    with pytest.raises(SystemExit) as wrong:
        main(["import", "everything", path])
    assert wrong.value.code == 2


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("products.csv", "products.errors.csv"),
        ("products.csv.gz", "products.errors.csv"),
        ("products.errors.csv", "products.errors.errors.csv"),
        ("products", "products.errors.csv"),
    ],
)
def test_the_error_file_is_never_the_file_itself(name: str, errors: str):
    assert import_.errors_beside(Path("d") / name) == Path("d") / errors

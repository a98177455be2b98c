"""The command line on unusual input: runs of others, folders that moved, names of any bytes."""

import errno
import io
import json
import os
import shutil
import sys

import numpy as np
import pytest
from console import refused, run
from PIL import Image

from minialex.cli import main
from minialex.data import prepare

QUICK = ("--model", "cifar_80sec", "--batch", "8", "--epochs", "1")


def photographs(root, classes, count=3, size=(40, 44)):
    rng = np.random.default_rng(0)
    for split in ("train", "val"):
        for name in classes:
            (root / split / name).mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(root / split / name / f"{number}.png")
    return root


@pytest.fixture(scope="module")
def pets(tmp_path_factory):
    return photographs(tmp_path_factory.mktemp("data") / "two pets ü", ("Kätzchen süß", "$hund^2$"))


@pytest.fixture(scope="module")
def trained(pets, tmp_path_factory):
    """A run of a prepared folder that is gone."""
    folder = tmp_path_factory.mktemp("a run")
    source = prepare(pets, folder / "prepared", size=36).out
    arguments = ["train", *QUICK, "--data", source, "--image-size", "32", "--augment", "crop", "--out", folder / "r"]
    assert main([str(argument) for argument in arguments]) == 0
    shutil.rmtree(source)
    return folder / "r"


@pytest.fixture
def copy(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "copy")


def test_a_run_whose_images_are_gone_says_what_to_do(capsys, trained, pets):
    message = f"expected the run's images in {trained.parent}/prepared, got a path that is absent; put them back"
    refused(capsys, 1, message, "evaluate", trained)
    refused(capsys, 1, "write their new location into", "train", "--resume", "--out", trained, "--epochs", "2")
    status, out, _ = run(capsys, "evaluate", trained, "--data", pets, "--json")
    assert (status, json.loads(out)["images"]) == (0, 6)


def test_a_moved_folder_written_into_the_config_goes_on(capsys, copy, pets, tmp_path):
    config = json.loads((copy / "config.json").read_text())
    moved = prepare(pets, tmp_path / "moved", size=36).out
    (copy / "config.json").write_text(json.dumps({**config, "data": str(moved)}))
    assert run(capsys, "train", "--resume", "--out", copy, "--epochs", "2")[0] == 0


def test_a_run_that_may_only_be_read_is_evaluated_without_a_picture(capsys, trained, pets, monkeypatch):
    def refuses(folder, matrix, classes, title):
        raise OSError(errno.EROFS, "Read-only file system", str(folder / "confusion.png"))

    monkeypatch.setattr("minialex.cli.evaluation.draw_confusion", refuses)
    status, out, err = run(capsys, "evaluate", trained, "--data", pets, "--json")
    assert (status, json.loads(out)["images"]) == (0, 6)
    assert err.count("\n") == 1
    assert "confusion.png: Read-only file system; choose a folder that can be written to" in err
    status, out, _ = run(capsys, "evaluate", trained, "--data", pets)
    assert out.startswith("6 images, 1 view each")
    assert "picture" not in out


def test_a_folder_that_may_not_be_written_to_is_refused_before_anything_is_loaded(capsys, pets, tmp_path, monkeypatch):
    from minialex.training import run as runs

    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(runs, "load_data", None)
    message = "expected a folder that may be written to, got none; choose another --out"
    refused(capsys, 1, message, "train", *QUICK, "--data", pets, "--out", tmp_path / "new" / "r")


def test_files_left_out_of_the_training_are_not_reported_in_the_evaluation(capsys, copy, pets, tmp_path):
    data = shutil.copytree(pets, tmp_path / "torn")
    (data / "train" / "$hund^2$" / "0.png").write_bytes(b"nothing")
    (data / "val" / "$hund^2$" / "1.png").write_bytes(b"nothing")
    status, out, err = run(capsys, "evaluate", copy, "--data", data, "--json")
    assert (status, json.loads(out)["images"]) == (0, 5)
    assert err == "torn: images that could not be read are left out, 1: val/$hund^2$/1.png\n"


def test_views_without_room_are_reported(capsys, pets, tmp_path):
    assert run(capsys, "train", *QUICK, "--data", pets, "--out", tmp_path / "r")[0] == 0
    _, out, _ = run(capsys, "evaluate", tmp_path / "r", "--views", "10")
    assert "these are two, the image and its reflection" in out


def test_the_next_command_can_be_pasted(capsys, pets, tmp_path):
    out = tmp_path / "pre pared"
    assert f"--data '{out}'" in run(capsys, "data", "prepare", pets, "--out", out)[1]
    _, said, _ = run(capsys, "data", "subset", pets, "--classes", "Kätzchen süß", "--out", tmp_path / "a b")
    assert f"--data '{tmp_path}/a b'" in said


@pytest.mark.parametrize("key", ["classes", "augment", "divide_after", "seed", "batch"])
def test_settings_that_were_edited_wrongly_are_one_line(capsys, copy, pets, key):
    config = json.loads((copy / "config.json").read_text())
    config["data"] = str(pets)
    config[key] = -1 if key in ("seed", "batch") else [5, "x"]
    (copy / "config.json").write_text(json.dumps(config))
    refused(capsys, 1, f"config.json: expected {key} to be ", "evaluate", copy)


def test_classes_in_another_order_are_not_the_same(capsys, copy, pets):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "classes": config["classes"][::-1]}))
    message = "config.json: expected the settings that the run was trained with, got 1: classes is ['"
    refused(capsys, 1, message, "evaluate", copy, "--data", pets)
    with np.load(copy / "best.npz") as best:  # as older versions wrote it, without the settings
        arrays = {name: best[name] for name in best.files if name != "about"}
    np.savez(copy / "best.npz", **arrays)
    refused(capsys, 1, "2 classes, got 2, in another order; use", "evaluate", copy, "--data", pets)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_names_of_any_bytes_from_the_folder_to_the_picture(tmp_path):
    data = photographs(tmp_path / "data", ("cat", os.fsdecode(b"caf\xe9")))
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        for command in (
            ["train", *QUICK, "--data", data, "--out", tmp_path / "r"],
            ["evaluate", tmp_path / "r"],
            ["data", "info", data],
            ["predict", tmp_path / "r", data / "val" / "cat" / "0.png", "--out", tmp_path / "p.png"],
        ):
            assert main([str(argument) for argument in command]) == 0
    terminal.seek(0)
    assert "caf\\udce9" in terminal.read()


def test_what_is_wrong_with_a_folder_for_prepared_images(capsys, pets, tmp_path):
    prepare(pets, tmp_path / "p", size=16)
    message = "expected a folder of image files, got one that is prepared; give the one before"
    refused(capsys, 1, message, "data", "prepare", tmp_path / "p", "--out", tmp_path / "q")
    refused(capsys, 1, message, "data", "subset", tmp_path / "p", "--classes", "a", "--out", tmp_path / "q")
    others = photographs(tmp_path / "birds", ("wren", "tit"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "p").iterdir()}
    refused(capsys, 1, "got two pets ü prepared there", "data", "prepare", others, "--out", tmp_path / "p")
    assert {path.name: path.read_bytes() for path in (tmp_path / "p").iterdir()} == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "dataset.json").write_text("{}")
    refused(capsys, 1, "that is no preparation's", "data", "prepare", others, "--out", tmp_path / "mine")
    assert (tmp_path / "mine" / "dataset.json").read_text() == "{}"


def test_bench_of_the_loading_refuses_what_it_cannot_do(capsys, pets, tmp_path):
    small = prepare(pets, tmp_path / "p", size=30).out
    message = "expected images of 32 pixels at least, got 30; prepare them with --size 37"
    refused(capsys, 1, message, "bench", "cifar_80sec", "--loading", small)
    refused(capsys, 2, "without --inference", "bench", "--loading", small, "--inference")

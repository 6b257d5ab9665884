"""Finding packaged data, and writing files that are never half there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from swvtypes import resources
from swvtypes.errors import ResourceError


def test_data_path_names_what_the_folder_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "waves").mkdir()
    (tmp_path / "waves" / "a.csv").write_text("x")
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path)
    assert resources.data_path("waves", "a.csv").read_text() == "x"
    with pytest.raises(ResourceError, match=r"expected waves/b\.csv, the folder holds a\.csv"):
        resources.data_path("waves", "b.csv")
    with pytest.raises(ResourceError, match="nothing"):
        resources.data_path("nowhere", "b.csv")


def test_no_data_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_INSTALLED", tmp_path / "one")
    monkeypatch.setattr(resources, "_CHECKOUT", tmp_path / "two")
    with pytest.raises(ResourceError, match="found neither"):
        resources.data_root()


def test_atomic_write_replaces_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old")

    def stop_half_way() -> None:
        with resources.atomic_write(target) as stream:
            stream.write("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop_half_way()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.csv"]
    with resources.atomic_write(target) as stream:
        stream.write("één\n")
        assert target.read_text() == "old"
    assert target.read_bytes() == "één\n".encode()


def test_atomic_bytes_and_permissions(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    resources.atomic_bytes(target, b"\x00\xff")
    assert target.read_bytes() == b"\x00\xff"
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    with pytest.raises(FileNotFoundError):
        resources.atomic_bytes(tmp_path / "absent" / "out.bin", b"")

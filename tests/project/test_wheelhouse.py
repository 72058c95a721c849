"""The wheelhouse holds what each system needs; slow/test_offline_install.py installs from one."""

import pytest
import wheelhouse
from notebook_form import ROOT
from packaging.requirements import Requirement

TEXT = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PLATFORMS = ["", "win_amd64", "macosx_14_0_arm64", "manylinux_2_28_x86_64"]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_each_direct_requirement_is_pinned_once(platform, version):
    pins = wheelhouse.pins(TEXT, wheelhouse.environment(platform, version))
    names = [Requirement(pin).name for pin in pins]
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    direct = [line.split("#")[0] for line in lines if line and line[0] not in "#-"]
    assert {Requirement(line).name for line in direct} <= set(names)
    assert len(names) == len(set(names))


def test_windows_gets_what_only_windows_needs():
    windows, mac = (
        wheelhouse.pins(TEXT, wheelhouse.environment(platform, "3.12"))
        for platform in PLATFORMS[1:3]
    )
    assert {pin.split("==")[0] for pin in set(windows) - set(mac)} >= {"colorama", "pywinpty"}


def test_an_unknown_platform_is_refused(capsys, tmp_path):
    assert wheelhouse.main(tmp_path / "wheels", "amiga") == 2
    assert "PLATFORM=amiga is not known" in capsys.readouterr().err
    assert not (tmp_path / "wheels").exists()


def test_an_older_manylinux_will_do():
    """TensorFlow's wheels are for glibc 2.27, others for 2.17: pip takes what it is told."""
    names = wheelhouse.pip_platforms("manylinux_2_28_x86_64")
    wanted = ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"]
    assert [name for name in names if name in wanted] == wanted
    assert "manylinux_2_29_x86_64" not in names

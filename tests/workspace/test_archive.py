import hashlib
import io
import tarfile

import pytest

from liantu import workspace as workspaces
from liantu.errors import Refusal
from tests.workspace import desk


@pytest.fixture
def saved(bench, tmp_path):
    """A workspace of two imports, and a backup of it."""
    for number in (1, 2):
        bench.import_files([desk.write_version(tmp_path / "来源.json", number)])
    bench.set_defaults(place="p1")
    bench.backup(tmp_path / "study.tar")
    return bench, tmp_path / "study.tar"


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def archive(file, *members, sums=None):
    """A tar file of these members, with checksums that are right unless given."""
    held = [(entry, content) for entry, content in members if entry.isreg()]
    if sums is None:
        sums = "".join(
            f"{hashlib.sha256(content).hexdigest()}  {entry.name}\n" for entry, content in held
        )
    first = tarfile.TarInfo("SHA256SUMS")
    with tarfile.open(file, "w") as tar:
        for entry, content in [(first, sums.encode()), *members]:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file


def member(name, kind=tarfile.REGTYPE, link=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry


def test_a_restored_workspace_equals_the_one_saved_byte_for_byte(saved, tmp_path):
    study, file = saved
    again = workspaces.restore(file, tmp_path / "again")

    assert contents(again.path) == contents(study.path)
    assert desk.version(again.generation()) == 2
    assert again.settings == study.settings
    assert [item.origin.file for item in again.diff(1, 2, limit=1)] == ["来源.json"]
    assert again.undo().number == 1


def test_the_same_workspace_gives_the_same_backup(saved, tmp_path):
    study, file = saved
    study.backup(tmp_path / "twin.tar")
    assert (tmp_path / "twin.tar").read_bytes() == file.read_bytes()


def test_nothing_is_restored_over_what_is_there(saved, tmp_path):
    study, file = saved
    with pytest.raises(Refusal, match="not-empty"):
        workspaces.restore(file, study.path)
    (tmp_path / "empty").mkdir()
    assert workspaces.restore(file, tmp_path / "empty").generation().number == 2


@pytest.mark.parametrize(
    "entry",
    [
        member("../workspace.toml"),
        member("/tmp/workspace.toml"),  # noqa: S108 - never written
        member("tables/../../x"),
        member("imports/0001-" + "a" * 64 + "/.."),
        member("imports/0001-" + "a" * 64 + "/a/b"),
        member("workspace.toml", tarfile.SYMTYPE, "/etc/passwd"),
        member("workspace.toml", tarfile.LNKTYPE, "CURRENT"),
        member("CURRENT", tarfile.CHRTYPE),
        member("CURRENT", tarfile.FIFOTYPE),
        member("tables", tarfile.DIRTYPE),
        member("evil.py"),
    ],
    ids=lambda entry: f"{entry.name[:20]}-{entry.type.decode()}",
)
def test_a_hostile_member_is_refused_and_nothing_is_left(tmp_path, entry):
    file = archive(tmp_path / "hostile.tar", (entry, b""))
    with pytest.raises(Refusal, match="hostile-archive"):
        workspaces.restore(file, tmp_path / "target")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile.tar"]


def test_a_member_twice_absent_or_changed_is_refused(tmp_path):
    toml, pointer = (member("workspace.toml"), b'name = "x"'), (member("CURRENT"), b"0 of 0\n")
    wrong = f"{'0' * 64}  workspace.toml\n"
    absent = f"{hashlib.sha256(toml[1]).hexdigest()}  workspace.toml\n{'0' * 64}  CURRENT\n"
    for file in (
        archive(tmp_path / "twice.tar", toml, toml),
        archive(tmp_path / "wrong.tar", toml, sums=wrong),
        archive(tmp_path / "absent.tar", toml, sums=absent),
        archive(tmp_path / "incomplete.tar", toml, pointer),
    ):
        with pytest.raises(Refusal, match=r"damaged|no-generation"):
            workspaces.restore(file, tmp_path / "target")
        assert not (tmp_path / "target").exists()


def test_every_damage_to_a_backup_is_found_or_harmless(saved, tmp_path):
    study, file = saved
    whole = file.read_bytes()
    before = contents(study.path)
    for index in range(0, len(whole), max(1, len(whole) // 60)):
        for number, damaged in enumerate(
            (whole[:index], whole[:index] + bytes([whole[index] ^ 0x41]) + whole[index + 1 :])
        ):
            target = tmp_path / f"{index}-{number}"
            file.write_bytes(damaged)
            try:
                restored = workspaces.restore(file, target)
            except Refusal:
                assert not target.exists()
            else:
                assert contents(restored.path) == before


def test_what_is_no_backup_is_refused_in_words(tmp_path):
    (tmp_path / "x.tar").write_text("no archive")
    with pytest.raises(Refusal, match="damaged-archive: a whole backup"):
        workspaces.restore(tmp_path / "x.tar", tmp_path / "target")
    with pytest.raises(Refusal, match=r"disk: to read none\.tar; found no such file"):
        workspaces.restore(tmp_path / "none.tar", tmp_path / "target")
    assert not (tmp_path / "target").exists()

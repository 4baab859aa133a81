"""Which disks can be trusted with locks, by the text the kernel gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploytui.base.errors import UnusableSession
from deploytui.journal import place
from deploytui.journal.place import check_disk, network_kind

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / /dev/shm rw,nosuid - tmpfs tmpfs rw
30 22 0:40 / /home rw shared:1 - nfs4 server:/home rw,vers=4.2
31 30 0:41 / /home/ana/local rw - xfs /dev/vdb rw
32 22 0:42 / /mnt/with\\040space rw - cifs //server/share rw
33 22 0:43 / /ssh rw - fuse.sshfs ana@server: rw
34 22 0:44 / /ntfs rw - fuseblk /dev/sdb1 rw
35 22 0:45 / /overlay rw - fuse.fuse-overlayfs fuse-overlayfs rw
36 22 0:46 / /host rw - 9p host rw
37 22 0:47 / /twice rw - nfs server:/x rw
38 22 0:48 / /twice rw - ext4 /dev/vdc rw
a line that is no mount
39 22 0:49 / /short
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/", ""),
        ("/var/lib", ""),
        ("/dev/shm/x", ""),
        ("/home", "nfs4"),
        ("/home/ana/.local/state", "nfs4"),
        ("/home/ana/local", ""),
        ("/home/ana/local/deep", ""),
        ("/homework", ""),
        ("/mnt/with space/x", "cifs"),
        ("/mnt/with", ""),
        ("/ssh/x", "fuse.sshfs"),
        ("/ntfs", ""),
        ("/overlay/home", ""),
        ("/host/src", "9p"),
        ("/twice", ""),
    ],
)
def test_the_mount_that_holds_a_folder_decides(folder: str, kind: str) -> None:
    assert network_kind(MOUNTS, folder) == kind


REMOTE = """
    virtiofs vboxsf prl_fs vmhgfs drvfs 9p hostfs cifs smb3 smbfs nfs nfs4 afs auristorfs beegfs ceph coda davfs gfs2
    glusterfs gpfs lustre ocfs2 orangefs pvfs2 fuse.sshfs fuse.vmhgfs-fuse fuse.rclone fuse.s3fs fuse.gcsfuse
    fuse.davfs fuse.glusterfs fuse.ceph fuse.juicefs fuse.gvfsd-fuse fuse
"""
LOCAL = """
    ext4 xfs btrfs zfs tmpfs overlay ecryptfs fuseblk f2fs vfat exfat ntfs3 fusectl fuse.ntfs-3g fuse.fuse-overlayfs
"""


@pytest.mark.parametrize("kind", REMOTE.split())
def test_what_another_machine_keeps_is_no_local_disk(kind: str) -> None:
    mounts = f"1 0 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / /there rw - {kind} x rw\n"
    assert network_kind(mounts, "/there") == kind


@pytest.mark.parametrize("kind", LOCAL.split())
def test_what_this_machine_keeps_is_a_local_disk(kind: str) -> None:
    assert network_kind(f"2 1 0:2 / /here rw - {kind} x rw\n", "/here") == ""


def test_a_network_disk_is_refused_unless_it_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 0 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / {tmp_path} rw - nfs4 server:/ rw\n")
    monkeypatch.setattr(place, "_MOUNTS", mounts)
    with pytest.raises(UnusableSession, match=r"network file system \(nfs4\).*--allow-network-fs"):
        check_disk(tmp_path, allow_network_fs=False)
    check_disk(tmp_path, allow_network_fs=True)
    check_disk(tmp_path.parent, allow_network_fs=False)


def test_a_link_to_a_network_disk_is_seen_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "remote").mkdir()
    (tmp_path / "link").symlink_to("remote")
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"2 1 0:2 / {tmp_path / 'remote'} rw - smb3 //server/x rw\n")
    monkeypatch.setattr(place, "_MOUNTS", mounts)
    with pytest.raises(UnusableSession, match="smb3"):
        check_disk(tmp_path / "link", allow_network_fs=False)

"""Where a session file may stand: a regular file of one's own, in a folder nobody else can change, on a disk
whose locks can be trusted.

Everything is asked of the file system by name. Opening the file here, and closing it again, would drop the
locks SQLite holds on it in this process.
"""

from __future__ import annotations

import os
import shlex
import stat
import sys
from pathlib import Path

from deploytui.base.errors import UnsoundSession, UnusableSession, UsageError, words
from deploytui.base.small_file import kind_of
from deploytui.base.text import clean_line

_MOUNTS = Path("/proc/self/mountinfo")
# Types as mountinfo names them. The first lines: what systemd (`@network` and `fstype_is_network`), gnulib (`ME_REMOTE`)
# and the kernel's own register as network and cluster file systems; the last: folders that a virtual machine, WSL or
# a User Mode Linux shares with its host, where a lock is seen by one side only.
_NETWORK = """
    acfs afs auristorfs beegfs ceph cifs coda davfs fhgfs gfs gfs2 glusterfs gpfs ibrix lustre ncp ncpfs nfs nfs4
    ocfs2 orangefs panfs pvfs2 smb3 smbfs sshfs wekafs
    9p drvfs hostfs prl_fs vboxsf virtiofs vmhgfs
"""
# Behind a program of its own may be anything (sshfs, rclone, s3fs, gcsfuse, glusterfs, vmhgfs-fuse …): remote, but for
# those that read a disk of this machine. One on a block device is `fuseblk`, and as local as that.
_LOCAL_FUSE = frozenset(("fuse.exfat", "fuse.ext2", "fuse.fuse-overlayfs", "fuse.lxcfs", "fuse.ntfs-3g"))


def check_file(path: Path, *, writable: bool) -> None:
    """Refuse what is no session file by its looks, and for writing what others could change under us."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError.at(
            path, "no session file", "a session's name or file", "`deploytui sessions`"
        ) from None
    except OSError as error:
        raise UnusableSession.at(path, words(error), try_="checking the rights of the folder") from None
    if not stat.S_ISREG(found.st_mode):
        raise UnsoundSession.at(path, kind_of(found.st_mode), "a session file", "the file itself")
    if found.st_nlink != 1:
        text = f"a file with {found.st_nlink} names"
        raise UnsoundSession.at(path, text, "one name (no hard links)", "removing the others")
    if found.st_size == 0:
        raise never_made(path)
    if not os.access(path, os.R_OK):
        raise UnusableSession.at(path, "a file that may not be read", try_="checking its rights")
    _check_journal(path.with_name(path.name + "-journal"), found.st_uid)
    if writable:
        if found.st_uid != os.geteuid():
            text = f"the file of another user (uid {found.st_uid})"
            raise UnusableSession.at(path, text, "a file of one's own to drive", "`deploytui watch`")
        check_folder(path.parent)


def never_made(path: Path) -> UnsoundSession:
    """The error for what a crash leaves of a session that was just being made."""
    text = "an empty file: its creation was cut short and nothing was ever saved in it"
    return UnsoundSession.at(path, text, "a session file", "deleting it")


def _check_journal(path: Path, owner: int) -> None:
    """SQLite writes into the file what the journal of an unfinished save says, and in a folder such as /tmp anybody can
    put one there. Asked before SQLite opens it: for root it would first make it the owner's."""
    try:
        found = path.lstat()
    except OSError:
        return
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_uid != owner:
        text = "the journal of an unfinished save that the session's owner did not write"
        raise UnusableSession.at(path, text, "none, or the owner's", "looking at who put it there")


def check_folder(folder: Path) -> None:
    """A folder in which others can put or replace files is no place to write a session."""
    mode = folder.stat().st_mode
    if mode & (stat.S_IWGRP | stat.S_IWOTH) and not mode & stat.S_ISVTX:
        try_ = f"`chmod go-w {shlex.quote(clean_line(str(folder)))}`"
        raise UnusableSession.at(folder, "a folder that others may change", "one of one's own", try_)


def may_write(path: Path) -> bool:
    """Whether this user could drive the file; tells nothing about the disk."""
    try:
        check_file(path, writable=True)
    except (UnsoundSession, UnusableSession, UsageError):
        return False
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def network_kind(mounts: str, folder: str) -> str:
    """The network file system that holds `folder`, by the text of `mountinfo`; "" when it is a local one."""
    best, kind = "", ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        is_inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if is_inside and len(point) >= len(best):  # a later mount on the same point hides the earlier one
            best, kind = point, right.split(" ", 1)[0]
    is_unknown_fuse = kind.partition(".")[0] == "fuse" and kind not in _LOCAL_FUSE
    is_remote = kind in _NETWORK.split() or is_unknown_fuse
    return kind if is_remote else ""


def check_disk(folder: Path, *, allow_network_fs: bool) -> None:
    """Locks on a network file system cannot be trusted: two drivers could both think they write alone."""
    if allow_network_fs or not sys.platform.startswith("linux"):
        return
    try:
        mounts = _MOUNTS.read_text("utf-8", "replace")
    except OSError:
        return
    if kind := network_kind(mounts, os.path.realpath(folder)):
        raise unsafe_disk(folder, f"a network file system ({clean_line(kind)})")


def unsafe_disk(folder: Path, found: str) -> UnusableSession:
    """The error for a disk whose locks cannot be trusted."""
    try_ = "`--store` with a local folder, or `--allow-network-fs`"
    return UnusableSession.at(folder, found, "a local disk", try_)


def make_folder(folder: Path) -> None:
    """The folder of sessions, 0700 when it is made here, its name safe on disk before a session stands in it."""
    if folder.is_dir():
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        parent = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
    except OSError as error:
        raise UnusableSession.at(folder, words(error), try_="another folder with `--store`") from None


def make_file(path: Path) -> None:
    """An empty file that did not exist, 0600 whatever the umask; never one that somebody prepared."""
    flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_RDWR
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        text = "a session of that name"
        raise UsageError.at(path, text, "a new name", "another `--session NAME`") from None
    except OSError as error:
        raise UnusableSession.at(path, words(error), try_="another folder with `--store`") from None

"""A file system in memory that loses unsynced data, like a machine after a power failure, and fails on command.

    python3 powercut.py MOUNTPOINT      commands on stdin, one a line; each is answered by a line on stdout

`cut SEED`: of each file's unsynced 512-byte sectors some survive, an unsynced end may survive as zeros, and of the unsynced creations, renames and
removals only the first few do, in their order, as a journalling file system would have it. `fsync-error N`: the next N syncs fail with EIO and
mark the dirty data as clean, as Linux's page cache does, so that the sync after them wrongly succeeds. `write-error ERRNO N`, `short-write N`,
`slow-fsync MILLISECONDS N`.
"""

import errno
import os
import random
import sys
import threading
import time

from fuse import FUSE, FuseOSError, Operations

SECTOR = 512


class File:
    def __init__(self):
        self.durable = bytearray()
        self.now = bytearray()
        self.dirty = set()
        self.mode = 0o600
        self.time = time.time()

    def sync(self):
        if len(self.durable) > len(self.now):
            del self.durable[len(self.now):]
        else:
            self.durable += bytes(len(self.now) - len(self.durable))
        for sector in self.dirty:
            self.durable[sector * SECTOR:(sector + 1) * SECTOR] = self.now[sector * SECTOR:(sector + 1) * SECTOR]
        self.dirty.clear()

    def cut(self, chance: random.Random):
        disk = bytearray(self.durable)
        if self.dirty and len(self.now) > len(disk) and chance.random() < 0.5:
            disk += bytes(chance.randint(0, len(self.now) - len(disk)))
        for sector in sorted(self.dirty):
            if chance.random() < 0.5:
                begin = sector * SECTOR
                end = min(len(disk), begin + SECTOR, len(self.now))
                if end > begin:
                    disk[begin:end] = self.now[begin:end]
        self.durable = disk
        self.now = bytearray(disk)
        self.dirty.clear()


class Names:
    """A directory tree; the process's view and the disk's share the files."""

    def __init__(self, files=None, folders=None):
        self.files = dict(files or {})
        self.folders = dict(folders or {"/": 0o755})

    def apply(self, step):
        what, *arguments = step
        if what == "create":
            self.files[arguments[0]] = arguments[1]
        elif what == "rename":
            self.rename(*arguments)
        elif what == "unlink":
            self.files.pop(arguments[0], None)
        elif what == "mkdir":
            self.folders[arguments[0]] = arguments[1]
        elif what == "rmdir":
            self.folders.pop(arguments[0], None)

    def rename(self, old, new):
        for table in (self.files, self.folders):
            for path in [p for p in table if p == old or p.startswith(old + "/")]:
                table[new + path[len(old):]] = table.pop(path)


class PowercutFS(Operations):
    def __init__(self):
        self.mutex = threading.RLock()
        self.seen = Names()
        self.disk = Names()
        # Unsynced changes of names: (the directories that must be synced for it, the change).
        self.pending = []
        self.open_files = {}
        self.handle = 0
        self.sync_errors = 0
        self.write_errors = (0, 0)
        self.short_writes = 0
        self.slow = (0, 0)
        self.counts = {"writes": 0, "syncs": 0, "dropped": 0, "cuts": 0}

    # Commands

    def command(self, line: str) -> str:
        name, *numbers = line.split()
        numbers = [int(number) for number in numbers]
        with self.mutex:
            if name == "cut":
                self.cut(random.Random(numbers[0]))
            elif name == "fsync-error":
                self.sync_errors = numbers[0]
            elif name == "write-error":
                self.write_errors = (numbers[0], numbers[1])
            elif name == "short-write":
                self.short_writes = numbers[0]
            elif name == "slow-fsync":
                self.slow = (numbers[0], numbers[1])
            elif name != "stats":
                return "unknown"
            return f"ok {self.counts}"

    def cut(self, chance):
        survives = chance.randint(0, len(self.pending))
        for _, step in self.pending[:survives]:
            self.disk.apply(step)
        self.pending.clear()
        for file in {id(file): file for file in self.disk.files.values()}.values():
            self.counts["dropped"] += len(file.dirty)
            file.cut(chance)
        self.seen = Names(self.disk.files, self.disk.folders)
        self.open_files.clear()
        self.counts["cuts"] += 1

    def step(self, parents, *step):
        self.seen.apply(step)
        self.pending.append((parents, step))

    # Names

    def parent(self, path):
        return os.path.dirname(path) or "/"

    def file(self, path, handle=None):
        file = self.open_files.get(handle) or self.seen.files.get(path)
        if file is None:
            raise FuseOSError(errno.ENOENT)
        return file

    def getattr(self, path, fh=None):
        with self.mutex:
            owner = {"st_uid": os.getuid(), "st_gid": os.getgid()}
            if fh not in self.open_files and path in self.seen.folders:
                return {"st_mode": 0o40000 | self.seen.folders[path], "st_nlink": 2, **owner}
            file = self.file(path, fh)
            moments = {name: file.time for name in ("st_mtime", "st_ctime", "st_atime")}
            return {"st_mode": 0o100000 | file.mode, "st_nlink": 1, "st_size": len(file.now), "st_blocks": (len(file.now) + 511) // 512, **owner, **moments}

    def readdir(self, path, fh):
        with self.mutex:
            names = [p for p in (*self.seen.files, *self.seen.folders) if p != "/" and self.parent(p) == path]
            return [".", "..", *sorted(os.path.basename(name) for name in names)]

    def mkdir(self, path, mode):
        with self.mutex:
            self.step({self.parent(path)}, "mkdir", path, mode & 0o777)

    def rmdir(self, path):
        with self.mutex:
            if len(self.readdir(path, 0)) > 2:
                raise FuseOSError(errno.ENOTEMPTY)
            self.step({self.parent(path)}, "rmdir", path)

    def create(self, path, mode, fi=None):
        with self.mutex:
            file = File()
            file.mode = mode & 0o777
            self.step({self.parent(path)}, "create", path, file)
            return self.opened(file)

    def unlink(self, path):
        with self.mutex:
            self.file(path)
            self.step({self.parent(path)}, "unlink", path)

    def rename(self, old, new):
        with self.mutex:
            if old not in self.seen.files and old not in self.seen.folders:
                raise FuseOSError(errno.ENOENT)
            self.step({self.parent(old), self.parent(new)}, "rename", old, new)

    def fsyncdir(self, path, datasync, fh):
        with self.mutex:
            # A journalling file system commits in order: everything up to the last step that concerns this directory.
            last = max((n for n, (parents, _) in enumerate(self.pending) if path in parents), default=-1)
            for _, step in self.pending[:last + 1]:
                self.disk.apply(step)
            del self.pending[:last + 1]

    def chmod(self, path, mode):
        with self.mutex:
            if path in self.seen.folders:
                self.seen.folders[path] = mode & 0o777
            else:
                self.file(path).mode = mode & 0o777

    def chown(self, *_):
        return 0

    def utimens(self, *_):
        return 0

    def statfs(self, path):
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bavail": 1 << 19, "f_bfree": 1 << 19, "f_namemax": 255}

    # Contents

    def opened(self, file):
        self.handle += 1
        self.open_files[self.handle] = file
        return self.handle

    def open(self, path, flags):
        with self.mutex:
            file = self.file(path)
            if flags & os.O_TRUNC:
                file.now = bytearray()
                file.dirty.add(0)
            return self.opened(file)

    def release(self, path, fh):
        with self.mutex:
            self.open_files.pop(fh, None)

    def read(self, path, size, offset, fh):
        with self.mutex:
            return bytes(self.file(path, fh).now[offset:offset + size])

    def write(self, path, data, offset, fh):
        with self.mutex:
            code, left = self.write_errors
            if left:
                self.write_errors = (code, left - 1)
                raise FuseOSError(code)
            if self.short_writes and len(data) > 1:
                self.short_writes -= 1
                data = data[:len(data) // 2]
            file = self.file(path, fh)
            file.now += bytes(max(0, offset - len(file.now)))
            file.now[offset:offset + len(data)] = data
            file.dirty.update(range(offset // SECTOR, (offset + len(data) + SECTOR - 1) // SECTOR))
            file.time = time.time()
            self.counts["writes"] += 1
            return len(data)

    def truncate(self, path, length, fh=None):
        with self.mutex:
            file = self.file(path, fh)
            if length < len(file.now):
                del file.now[length:]
            else:
                file.now += bytes(length - len(file.now))
            file.dirty.add(length // SECTOR)

    def fsync(self, path, datasync, fh):
        milliseconds, left = self.slow
        if left:
            self.slow = (milliseconds, left - 1)
            time.sleep(milliseconds / 1000)
        with self.mutex:
            file = self.file(path, fh)
            self.counts["syncs"] += 1
            if self.sync_errors:
                self.sync_errors -= 1
                file.dirty.clear()
                raise FuseOSError(errno.EIO)
            file.sync()

    def flush(self, path, fh):
        return 0


def main():
    file_system = PowercutFS()

    def serve():
        print("ready", flush=True)
        for line in sys.stdin:
            print(file_system.command(line), flush=True)

    def init(path):
        threading.Thread(target=serve, daemon=True).start()

    file_system.init = init
    # Names and attributes are queried each time: after a cut the kernel must not cache deleted ones.
    FUSE(file_system, sys.argv[1], foreground=True, entry_timeout=0, attr_timeout=0, negative_timeout=0, big_writes=True)


main()

internal import Glibc

/// Two backups into one directory at the same time, as from a timer that is shorter than a backup takes, would write into each other's copies.
enum BackupLock {
    /// Takes a directory for this process, until the descriptor is closed. Nil if another has it, and -1 where the file system knows no such locks.
    static func take(_ directory: String) -> Int32? {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return descriptor }
        let isTaken = errno == EWOULDBLOCK
        close(descriptor)
        return isTaken ? nil : -1
    }
}

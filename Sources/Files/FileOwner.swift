internal import Glibc

/// What a command that root runs makes in the directory of another user belongs to that user: otherwise the gateway could not read it, nor start with
/// it.
package enum FileOwner {
    /// Gives a file or a directory that this process has just made to the owner of the directory that it is in. Where that isn't possible, as in a
    /// container without the right to it, it stays root's.
    package static func inherit(_ descriptor: Int32, from directory: String) {
        var owner = stat()
        guard geteuid() == 0, stat(directory, &owner) == 0, owner.st_uid != 0 else { return }
        _ = fchown(descriptor, owner.st_uid, owner.st_gid)
    }
}

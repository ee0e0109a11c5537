import Glibc

/// What a path is that a user names for output. A file is replaced as a whole, under its name; anything else must never be replaced by a file: as
/// root, `--output /dev/null` would take that from the whole machine.
package enum NamedOutput {
    /// Whether it is a device, or a link of `/dev` or `/proc` to a descriptor, such as `/dev/stdout`.
    static func isDevice(_ path: String) -> Bool {
        [S_IFCHR, S_IFBLK].contains(kind(path, followsLinks: true))
            || kind(path, followsLinks: false) == S_IFLNK && (path.hasPrefix("/dev/") || path.hasPrefix("/proc/"))
    }

    /// Whether it is there and no file: a device, a pipe, a socket, a directory.
    package static func isNoFile(_ path: String) -> Bool {
        let kind = kind(path, followsLinks: true)
        return isDevice(path) || kind != 0 && kind != S_IFREG
    }

    /// Its type, as in `stat`; 0 if nothing is there.
    private static func kind(_ path: String, followsLinks: Bool) -> mode_t {
        var status = stat()
        let result = followsLinks ? stat(path, &status) : lstat(path, &status)
        return result == 0 ? status.st_mode & S_IFMT : 0
    }
}

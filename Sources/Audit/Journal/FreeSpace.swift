internal import Glibc

/// The free space of a file system for ordinary users, computed like `df`.
package enum FreeSpace {
    /// The free part, from 0 to 1; nil if unknown.
    package static func fraction(_ path: String) -> Double? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let usable = Double(status.f_blocks - status.f_bfree + status.f_bavail)
        return usable > 0 ? Double(status.f_bavail) / usable : nil
    }

    /// The size that ordinary users may use, in bytes; nil if unknown.
    package static func capacity(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: (status.f_blocks - status.f_bfree + status.f_bavail).multipliedReportingOverflow(by: status.f_frsize).partialValue)
    }
}

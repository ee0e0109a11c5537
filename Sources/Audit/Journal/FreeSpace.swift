internal import Glibc

/// How much of a file system an ordinary user may still fill, as `df` reckons it.
package enum FreeSpace {
    /// The free part, from 0 to 1; nothing when the system doesn't say.
    package static func fraction(_ path: String) -> Double? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let usable = Double(status.f_blocks - status.f_bfree + status.f_bavail)
        return usable > 0 ? Double(status.f_bavail) / usable : nil
    }

    /// The bytes that an ordinary user may fill of it; nothing when the system doesn't say.
    package static func capacity(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: (status.f_blocks - status.f_bfree + status.f_bavail).multipliedReportingOverflow(by: status.f_frsize).partialValue)
    }
}

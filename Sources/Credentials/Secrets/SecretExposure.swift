import Glibc

/// A secret's file that other users than its owner may read. It causes a warning and not an error, because containers mount secrets this way.
package struct SecretExposure: Equatable, Sendable {
    package let path: String
    /// The permission bits.
    package let mode: UInt32

    /// What to do, in one sentence.
    package var sentence: String {
        "The file \(path) can be read by \(mode & 0o004 != 0 ? "everybody" : "its group") (mode \(String(mode, radix: 8))); 0600 is enough."
    }

    /// Nil when the file is private, or can't be accessed.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o044 != 0 else { return nil }
        self.path = path
        mode = UInt32(status.st_mode & 0o7777)
    }
}

/// Paths as text. The file system is not asked: nothing is resolved.
package enum PathText {
    /// The directory of a path's last name: everything before the last slash. `.` for a path without a slash, and `/` for a name in the root.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path without the slashes at its end; the root keeps one.
    package static func withoutTrailingSlashes(_ path: String) -> String {
        guard let end = path.lastIndex(where: { $0 != "/" }) else { return path.isEmpty ? path : "/" }
        return String(path[...end])
    }
}

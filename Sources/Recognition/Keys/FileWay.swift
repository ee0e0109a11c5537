import Codecs
import Glibc

/// All directories and symbolic links through which the kernel resolves a path, from `/` to the file (path_resolution(7)).
///
/// Links lead into other directories, which may have links of their own. A user who can write any of these directories decides where the path ends.
struct FileWay {
    /// Every directory in which a name was looked up.
    private(set) var directories: Set<String> = ["/"]
    /// The symbolic links that were followed.
    private(set) var links: [String] = []
    /// The path of the file without links. The names that don't exist are appended as they are.
    private(set) var target = "/"

    /// As many as the kernel follows.
    private static let mostLinks = 40

    init(to path: String) {
        var names = Self.names(Self.absolute(path))
        while let name = names.popLast() {
            if name == ".." {
                target = PathText.parent(of: target)
                continue
            }
            let place = target == "/" ? "/\(name)" : "\(target)/\(name)"
            var status = stat()
            let isThere = lstat(place, &status) == 0
            if isThere, status.st_mode & S_IFMT == S_IFLNK, links.count < Self.mostLinks, let end = Self.end(ofLink: place) {
                links.append(place)
                if end.utf8.first == UInt8(ascii: "/") { target = "/" }
                names += Self.names(end)
            } else {
                target = place
                if isThere, status.st_mode & S_IFMT == S_IFDIR { directories.insert(place) }
            }
        }
    }

    /// The names in a path, the last one first.
    private static func names(_ path: String) -> [String] {
        path.split(separator: "/").filter { $0 != "." }.map(String.init).reversed()
    }

    private static func end(ofLink path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func absolute(_ path: String) -> String {
        guard path.utf8.first != UInt8(ascii: "/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return String(cString: directory) + "/" + path
    }
}

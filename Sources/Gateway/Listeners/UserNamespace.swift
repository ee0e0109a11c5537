import Glibc

/// Which users this process can distinguish (user_namespaces(7)).
package enum UserNamespace {
    /// The number that the kernel shows for every user without a mapping (`/proc/sys/kernel/overflowuid`, whose default is
    /// never changed in practice).
    static let overflowUser: UInt32 = 65_534

    /// Whether some users of the machine have no number here, as with systemd's `PrivateUsers=yes` and in rootless containers.
    package static let hidesUsers: Bool = !sees(everybodyIn: map())

    static func sees(everybodyIn map: String) -> Bool { ranges(map).contains { $0.lowerBound == 0 && $0.count >= Int(UInt32.max) } }

    /// The ranges in the lines of a map: the first number inside, the first one outside, how many there are.
    private static func ranges(_ map: String) -> [Range<UInt64>] {
        map.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").compactMap { UInt64($0) }
            guard words.count == 3, words[0] <= UInt32.max, words[2] <= UInt32.max else { return nil }
            return words[0]..<(words[0] + words[2])
        }
    }

    /// This process's map; the map of all users if it can't be read.
    private static func map() -> String {
        let everybody = "0 0 4294967295"
        let descriptor = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return everybody }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : everybody
    }
}

import Glibc

/// Sockets that systemd bound and passed on (sd_listen_fds(3)), by the names in the socket unit.
struct InheritedSockets {
    /// The first passed descriptor; the others follow.
    private static let firstDescriptor: Int32 = 3
    /// More would be a mistake in the variable.
    private static let most: Int32 = 64

    /// Descriptors in order, each with its name, which is `unknown` when the unit gave none.
    let sockets: [(name: String, descriptor: Int32)]

    init(environment: [String: String], processID: Int32 = getpid()) {
        guard environment["LISTEN_PID"] == String(processID), let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }),
            (1...InheritedSockets.most).contains(count)
        else {
            sockets = []
            return
        }
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false).map(String.init) ?? []
        sockets = (0..<count).map { index in
            let descriptor = InheritedSockets.firstDescriptor + index
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return (names.indices.contains(Int(index)) ? names[Int(index)] : "unknown", descriptor)
        }
    }
}

import Glibc

/// Reports the state of the service to systemd (sd_notify(3)): one datagram to the socket in the environment. Without one
/// nothing happens.
enum SystemdNotification {
    static func ready() { _ = send("READY=1\n") }
    static func stopping() { _ = send("STOPPING=1\n") }
    /// Doesn't wait: it is called on a thread that other tasks of this program need.
    /// - Returns: false if systemd couldn't take it just now.
    static func alive() -> Bool { send("WATCHDOG=1\n", waits: false) }

    /// The interval at which systemd expects a report (sd_watchdog_enabled(3)); nil if it expects none, or one from another process.
    static var watchdogInterval: Duration? {
        let variables = ProcessEnvironment.variables
        guard let text = variables["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 0 else { return nil }
        if let process = variables["WATCHDOG_PID"], process != String(getpid()) { return nil }
        return .microseconds(microseconds)
    }

    private static let patienceSeconds = 1

    private static func send(_ message: String, waits: Bool = true) -> Bool {
        guard let path = ProcessEnvironment.variables["NOTIFY_SOCKET"], let address = address(of: path) else { return true }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // The longest time for which a hanging manager can block this process.
        var limit = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var (unix, length) = address
        let bytes = Array(message.utf8)
        let flags = waits ? 0 : Int32(MSG_DONTWAIT)
        return withUnsafePointer(to: &unix) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(descriptor, bytes, bytes.count, flags, $0, length) == bytes.count }
        }
    }

    /// A path, or a name in the abstract namespace, which begins with `@` in the variable and with NUL in the address (unix(7)).
    private static func address(of path: String) -> (sockaddr_un, socklen_t)? {
        var unix = sockaddr_un()
        var bytes = Array(path.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count < MemoryLayout.size(ofValue: unix.sun_path)
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        unix.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &unix.sun_path) { $0.copyBytes(from: bytes) }
        return (unix, socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + bytes.count } ?? 0))
    }
}

/// Where a listener binds, or is bound.
package struct SandboxAddress: Equatable, Sendable, CustomStringConvertible {
    /// An IP address; the stand-in uses plain HTTP, so loopback is the only sensible one.
    package var host: String
    /// The port; 0 asks the system for a free one.
    package var port: Int

    /// An address.
    package init(host: String = "127.0.0.1", port: Int = 0) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:8080`, with brackets around IPv6.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

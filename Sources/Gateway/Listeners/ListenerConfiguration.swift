/// One address at which callers are accepted. It is bound once; the rules for its connections may change
/// (`ListenerTerms`).
package struct ListenerConfiguration: Sendable, Equatable {
    /// Why a listener could not be opened.
    package struct Fault: Error, Sendable, Equatable {
        package let name: String
        package let address: String
        /// The system's error number; 0 when there is none.
        package let code: Int32
    }

    /// A listener that is accepting, and where.
    package struct Bound: Sendable, Equatable {
        package let name: String
        /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/…`.
        package let address: String
        package let port: Int?
    }

    /// Where a listener accepts.
    package enum Binding: Sendable, Equatable {
        case tcp(host: String, port: Int)
        /// - Parameter mode: the socket file's permissions, e.g. `0o660`.
        case unix(path: String, mode: UInt32)
        /// A socket that another process has bound and passed on (systemd's socket activation).
        case inherited(descriptor: Int32)
    }

    package let name: String
    package let binding: Binding

    package init(name: String, binding: Binding) {
        self.name = name
        self.binding = binding
    }
}

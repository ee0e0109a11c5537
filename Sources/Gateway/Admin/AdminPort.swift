import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The admin listener: health, metrics, version and the API's description. It is a port of its own so that nothing a caller
/// sends can be taken for it, and it answers from threads of its own so that it answers when the workers are busy.
package struct AdminPort: Service {
    private let application: Application<RouterResponder<BasicRequestContext>>
    private let witness: AdminWitness

    /// Where the port opens; 0 lets the system choose.
    package struct Address: Sendable {
        let host: String
        let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// - Parameter token: the bearer token that is asked for at the moment; nil when none is.
    /// - Parameter onBound: told the port once it is open, which matters when the configuration said 0.
    package init(
        address: Address, token: @escaping @Sendable () -> AdminToken?, state: AdminState, logger: Logger, onBound: @escaping @Sendable (Int) -> Void
    ) {
        var quiet = logger
        quiet.logLevel = .critical
        self.witness = state.witness
        self.application = Application(
            router: AdminRoutes(state: state, token: token).router(),
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in onBound(channel.localAddress?.port ?? address.port) },
            logger: quiet
        )
    }

    package func run() async throws {
        defer { witness.settle(isEnd: true) }
        try await application.run()
    }
}

/// The bearer token that an admin port on other addresses than loopback asks for.
package struct AdminToken: Sendable {
    private let matches: @Sendable (String) -> Bool

    /// - Parameter matches: compares in constant time.
    package init(matches: @escaping @Sendable (String) -> Bool) {
        self.matches = matches
    }

    func admits(_ authorization: String?) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
        return matches(String(authorization.dropFirst("bearer ".count)))
    }
}

package import Gateway
package import NIOCore
import ServiceLifecycle

/// The admin listener: health, metrics, version and the API's description. It is a port of its own so that nothing a caller
/// sends can be taken for it, and it answers from threads of its own so that it answers when the workers are busy.
package struct AdminPort: Service {
    /// The bounds of the admin port, per connection and in all.
    package struct Limits: Sendable {
        /// Connections at a time; further ones wait in the kernel's queue.
        package var connections = 64
        /// From the first byte of a request to the end of its head, and from there to the end of its body.
        package var requestTimeout = TimeAmount.seconds(10)
        /// A connection without a request, and one whose caller doesn't take its answer.
        package var idleTimeout = TimeAmount.seconds(60)
        /// The same for both while as many connections are open as may be.
        package var crowdedTimeout = TimeAmount.seconds(1)
        /// How long the answer to a wrong token is held back: with all connections in use that allows 256 guesses a second.
        package var wrongTokenDelay = Duration.milliseconds(250)

        package init() {}
    }

    private let address: Address
    private let server: AdminServer
    private let onBound: @Sendable (Int) -> Void
    private let accessLog: AdminAccessLog
    private let telling: FigureTelling?

    /// Where the port opens; 0 lets the system choose.
    package struct Address: Sendable {
        let host: String
        let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// - Parameter access: whom the port lets in at the moment.
    /// - Parameter tls: what new connections begin with at the moment; nil for plain HTTP.
    /// - Parameter onBound: told the port once it is open, which matters when the configuration said 0.
    package init(
        address: Address, access: @escaping @Sendable () -> AdminAccess, tls: @escaping @Sendable () -> ListenerTLS?, state: AdminState,
        limits: Limits = Limits(), onBound: @escaping @Sendable (Int) -> Void
    ) {
        self.address = address
        self.onBound = onBound
        self.accessLog = state.accessLog
        self.telling = state.shared.map { FigureTelling(state: state, shared: $0) }
        self.server = AdminServer(
            router: AdminRoutes(state: state, access: access, wrongTokenDelay: limits.wrongTokenDelay, connections: limits.connections).router(),
            gate: AcceptGate(capacity: limits.connections), limits: limits, tls: tls)
    }

    package func run() async throws {
        defer { accessLog.settle(isEnd: true) }
        let listener = try await server.open(address)
        onBound(listener.localAddress?.port ?? address.port)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await tellOfWrongTokens() }
            if let telling { group.addTask { await telling.run() } }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await server.stop(listener)
    }

    /// Writes sums of wrong tokens when their time has come, also when nobody asks anything any more. Ends when its task is cancelled.
    private func tellOfWrongTokens() async {
        while (try? await Task.sleep(for: Self.settlingInterval)) != nil { accessLog.settle() }
    }

    private static let settlingInterval = Duration.seconds(5)
}

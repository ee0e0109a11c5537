package import Gateway
package import NIOCore
import ServiceLifecycle

/// The admin listener: health, metrics, version and the API's description. It is a separate port so that no caller's
/// request can be mistaken for one of it, and has its own threads so that it answers when the workers are busy.
package struct AdminPort: Service {
    /// The bounds of the admin port, per connection and in all.
    package struct Limits: Sendable {
        /// Connections at a time; further ones wait in the kernel's queue.
        package var connections = 64
        /// From the first byte of a request to the end of its head, and from there to the end of its body.
        package var requestTimeout = TimeAmount.seconds(10)
        /// A connection without a request, and one whose client doesn't read its answer.
        package var idleTimeout = TimeAmount.seconds(60)
        /// The same for both while the maximum number of connections is open.
        package var crowdedTimeout = TimeAmount.seconds(1)
        /// The delay of the answer to a wrong token: with all connections in use it allows 256 guesses a second.
        package var wrongTokenDelay = Duration.milliseconds(250)

        package init() {}
    }

    private let address: Address
    private let server: AdminServer
    private let onBound: @Sendable (Int) -> Void
    private let accessLog: AdminAccessLog
    private let telling: FigureTelling?

    /// Why the port could not be opened.
    package struct Fault: Error {
        /// The system's error number; 0 when there is none.
        package let code: Int32
    }

    /// The address of the port; 0 lets the system choose the number.
    package struct Address: Sendable {
        let host: String
        let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// - Parameter access: who may use the port at the moment.
    /// - Parameter tls: the TLS of new connections at the moment; nil for plain HTTP.
    /// - Parameter onBound: called with the port's number once it is open, which matters if 0 was configured.
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

    /// Writes due sums of wrong tokens, even if no request comes any more. Ends when its task is cancelled.
    private func tellOfWrongTokens() async {
        while (try? await Task.sleep(for: Self.settlingInterval)) != nil { accessLog.settle() }
    }

    private static let settlingInterval = Duration.seconds(5)
}

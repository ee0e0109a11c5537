import Glibc
import NIOCore
import NIOPosix
import Policy

/// Binds one listener and sets up each connection that it accepts.
struct Listener {
    private let configuration: ListenerConfiguration
    /// Its position in the configuration.
    private let position: Int
    private let pool: WorkerPool
    private let gate: AcceptGate

    /// The length of the kernel's accept queue; the kernel limits it to its own `somaxconn`.
    private static let backlog: Int32 = 4_096

    init(_ configuration: ListenerConfiguration, position: Int, pool: WorkerPool, gate: AcceptGate) {
        self.configuration = configuration
        self.position = position
        self.pool = pool
        self.gate = gate
    }

    /// A listener that accepts.
    struct Bound: Sendable {
        let channel: any Channel
        let place: ListenerConfiguration.Bound
        /// Of a Unix socket that this process has made.
        let file: UnixSocketFile?
        /// Whether another process made the socket.
        let isInherited: Bool
    }

    func bind(on group: any EventLoopGroup) async throws(ListenerConfiguration.Fault) -> Bound {
        let bootstrap = bootstrap(on: group)
        var (file, isInherited) = (UnixSocketFile?.none, false)
        do {
            let channel: any Channel
            switch configuration.binding {
            case .tcp(let host, let port):
                channel = try await bootstrap.bind(host: host, port: port).get()
            case .unix(let path, let mode):
                // NIO would remove any file at the path, and again at the end.
                let socket = try UnixSocketFile.bind(path, mode: mode)
                file = socket.file
                channel = try await bootstrap.withBoundSocket(socket.descriptor).get()
            case .inherited(let descriptor):
                isInherited = true
                channel = try await bootstrap.withBoundSocket(descriptor).get()
            }
            let bound = ListenerConfiguration.Bound(name: configuration.name, address: description(of: channel), port: channel.localAddress?.port)
            return Bound(channel: channel, place: bound, file: file, isInherited: isInherited)
        } catch {
            file?.remove()
            if let fault = error as? UnixSocketFile.Fault {
                throw ListenerConfiguration.Fault(name: configuration.name, address: wanted, code: fault.code)
            }
            throw ListenerConfiguration.Fault(name: configuration.name, address: wanted, code: (error as? IOError)?.errnoCode ?? 0)
        }
    }

    private func bootstrap(on group: any EventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Listener.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [gate] channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptLimiter(gate)) }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: WireLimits.writeLowWatermark, high: WireLimits.writeHighWatermark))
            .childChannelOption(.recvAllocator, value: ReadBufferAllocator())
            .childChannelInitializer { [position, pool] channel in
                channel.eventLoop.makeCompletedFuture {
                    // A Unix socket has no Nagle algorithm to turn off, and reports an error.
                    try? channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
                    try Listener.furnish(channel, position, worker: pool.worker(on: channel.eventLoop))
                }
            }
    }

    private static func furnish(_ channel: any Channel, _ position: Int, worker: Worker) throws {
        let address = channel.remoteAddress?.ipAddress.map(withoutMapping)
        var evidence = CallerFacts.ConnectionEvidence(address: address.flatMap { NetworkAddress($0) }, text: address ?? "unix")
        if evidence.address == nil { evidence.userID = PeerCredentials.userID(of: channel) }
        let tls = worker.snapshot.terms(ofListener: position).tls?.handler()
        let origin = ConnectionOrigin(evidence: evidence, listener: position, clientAuthorities: tls?.clientAuthorities)
        let connection = ConnectionHandler(worker: worker, origin: origin)
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            try channel.syncOptions?.setOption(.recvAllocator, value: ReadBufferAllocator(isTLS: true))
            try pipeline.addHandler(HandshakeStart(connection))
            try pipeline.addHandler(tls.handler)
        }
        try pipeline.addHandler(ProtocolSwitch(isTLS: tls != nil, connection: connection))
        try pipeline.addHandler(connection)
    }

    /// A listener for both families shows IPv4 addresses in IPv6's form (RFC 4291 section 2.5.5.2); records have one spelling for each.
    private static func withoutMapping(_ address: String) -> String {
        let prefix = "::ffff:"
        guard address.hasPrefix(prefix), address.dropFirst(prefix.count).contains(".") else { return address }
        return String(address.dropFirst(prefix.count))
    }

    private var wanted: String {
        switch configuration.binding {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path, _): "unix:\(path)"
        case .inherited(let descriptor): "descriptor \(descriptor)"
        }
    }

    private func description(of channel: any Channel) -> String {
        guard let address = channel.localAddress, let host = address.ipAddress, let port = address.port else { return wanted }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

import NIOCore
import Transport

extension Worker {
    /// How many transports of earlier configurations may still have transfers under way. Reloads beyond this are refused, so that repeated reloads
    /// can't accumulate connections.
    static let retiredTransportLimit = 8

    /// What a configuration needs before it can come into force: prepared on every worker first, so that it comes into force on all or on none.
    struct Preparation {
        /// Nil when the transport in use serves the new configuration as well.
        let transport: HTTPTransport?
    }

    /// - Throws: if libcurl doesn't accept the new upstream settings; then nothing has changed.
    func prepare(_ snapshot: Snapshot) throws(TransportError) -> Preparation {
        guard snapshot.transport != self.snapshot.transport else { return Preparation(transport: nil) }
        // If an operator switches back to an earlier configuration, its connections are used again.
        if let index = retired.firstIndex(where: { $0.configuration == snapshot.transport && !$0.isOutlived }) {
            prepared = retired.remove(at: index)
            return Preparation(transport: prepared)
        }
        guard retired.count < Worker.retiredTransportLimit else { throw .overloaded }
        prepared = try HTTPTransport(configuration: snapshot.transport, eventLoop: loop)
        return Preparation(transport: prepared)
    }

    /// Puts a configuration in force. Requests under way continue with the configuration and the transport that they began with.
    func adopt(_ snapshot: Snapshot, _ preparation: Preparation) {
        prepared = nil
        if let transport = preparation.transport {
            retired.append(self.transport)
            self.transport = transport
        }
        self.snapshot = snapshot
        limits = snapshot.limits
        flow.adopt(snapshot.flow, on: loop)
        bodies.setCapacity(snapshot.limits.bodies)
        connections.capacity = max(1, snapshot.limits.connections / workerCount)
        endUntrustedConnections()
    }

    /// Ends the connections whose client certificate's authority is no longer trusted: idle ones at once, busy ones after their answer.
    func endUntrustedConnections() {
        for connection in connections.all where !connection.origin.isTrusted(by: snapshot) { connection.beginDraining() }
    }

    /// Releases what was prepared for a configuration that another worker could not prepare.
    func discard(_ preparation: Preparation) {
        prepared = nil
        guard let transport = preparation.transport else { return }
        retired.append(transport)
        closeIdleTransports()
    }

    /// Uses new connections once those in use are old enough, or may be dead; transfers under way end on the old ones. Half of the places is left to
    /// reloads.
    func renewTransport() {
        guard transport.isOutlived, retired.count < Worker.retiredTransportLimit / 2,
            let fresh = try? HTTPTransport(configuration: transport.configuration, eventLoop: loop)
        else { return }
        retired.append(transport)
        transport = fresh
    }

    /// Closes the transports of earlier configurations whose last transfer has ended.
    func closeIdleTransports() {
        retired.removeAll { transport in
            guard transport.isIdle else { return false }
            _ = transport.shutdown()
            return true
        }
    }
}

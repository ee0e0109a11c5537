import NIOCore
import Transport

extension Worker {
    /// How many transports of earlier configurations may still have transfers under way. A reload past it is refused, so that
    /// reloading in a loop can't pile up connections.
    static let retiredTransportLimit = 8

    /// What a configuration needs before it can come into force: made first on every worker, so that it comes into force on all or on none.
    struct Preparation {
        /// Nil when the transport in use serves the new configuration as well.
        let transport: HTTPTransport?
    }

    /// - Throws: when libcurl doesn't take the new upstream settings; nothing has changed then.
    func prepare(_ snapshot: Snapshot) throws(TransportError) -> Preparation {
        guard snapshot.transport != self.snapshot.transport else { return Preparation(transport: nil) }
        // An operator who goes back and forth between two configurations gets the old connections back.
        if let index = retired.firstIndex(where: { $0.configuration == snapshot.transport }) {
            return Preparation(transport: retired.remove(at: index))
        }
        guard retired.count < Worker.retiredTransportLimit else { throw .overloaded }
        return Preparation(transport: try HTTPTransport(configuration: snapshot.transport, eventLoop: loop))
    }

    /// Puts a configuration in force. Requests under way end by the one that began them, their transfers on their own transport.
    func adopt(_ snapshot: Snapshot, _ preparation: Preparation) {
        if let transport = preparation.transport {
            retired.append(self.transport)
            self.transport = transport
        }
        self.snapshot = snapshot
        limits = snapshot.limits
        flow.adopt(snapshot.flow, on: loop)
        bodies.setCapacity(snapshot.limits.bodies)
        connections.capacity = max(1, snapshot.limits.connections / workerCount)
    }

    /// Lets go of what was prepared for a configuration that another worker could not take.
    func discard(_ preparation: Preparation) {
        guard let transport = preparation.transport else { return }
        retired.append(transport)
        closeIdleTransports()
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

extension TransportError {
    /// The stage that a transfer had reached.
    package enum Phase: Sendable, Equatable {
        case preparing
        case connecting
        case waiting
        case receiving
    }

    /// The stage that the transfer had reached when it failed.
    package var phase: Phase {
        switch self {
        case .invalidRequest, .withheld, .overloaded, .shutDown, .resources, .configuration: .preparing
        case .couldNotResolve, .couldNotConnect, .addressRefused, .proxy, .tls, .timedOut(.connect): .connecting
        case .timedOut(.firstByte), .connectionLost(afterHead: false), .protocolViolation, .headersTooLarge, .responseTooManyHeaders:
            .waiting
        case .timedOut(.idle), .timedOut(.total), .connectionLost(afterHead: true): .receiving
        }
    }
}

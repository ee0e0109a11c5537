extension TransportError {
    /// How far a transfer had come.
    package enum Phase: Sendable, Equatable {
        case preparing
        case connecting
        case waiting
        case receiving
    }

    /// Whose fault a failure is.
    package enum Blame: Sendable, Equatable {
        /// This process or its configuration.
        case local
        /// What lies between: names, routes, the proxy.
        case network
        case upstream
    }

    /// How far the transfer had come when it failed.
    package var phase: Phase {
        switch self {
        case .invalidRequest, .withheld, .overloaded, .shutDown, .resources, .configuration: .preparing
        case .couldNotResolve, .couldNotConnect, .addressRefused, .proxy, .tls, .timedOut(.connect): .connecting
        case .timedOut(.firstByte), .connectionLost(afterHead: false), .protocolViolation, .headersTooLarge, .responseTooManyHeaders:
            .waiting
        case .timedOut(.idle), .timedOut(.total), .connectionLost(afterHead: true): .receiving
        }
    }

    /// Whose fault the failure is.
    package var blame: Blame {
        switch self {
        case .invalidRequest, .withheld, .overloaded, .shutDown, .resources, .configuration: .local
        case .couldNotResolve, .couldNotConnect, .addressRefused, .proxy, .timedOut(.connect): .network
        case .tls, .timedOut, .connectionLost, .protocolViolation, .headersTooLarge, .responseTooManyHeaders: .upstream
        }
    }

    /// Whether the kind of failure alone tells that nothing left for the upstream. Where it does not,
    /// ``TransferSummary/requestMayHaveLeft`` may still tell.
    package var isSafeToRetry: Bool {
        switch phase {
        case .connecting: true
        case .preparing: self == .overloaded
        case .waiting, .receiving: false
        }
    }
}

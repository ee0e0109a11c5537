import Policy
import Recognition
import Recollection
import Spans
import Transport

// The variables of an exchange in groups: those of a group have one purpose, and usually one end.

/// What an exchange has borrowed from its worker and from its caller's limits. A refused request gives it back at once, even if its answer still
/// waits for something.
struct Loans: ~Copyable {
    /// The group in which it is counted as a request under way.
    var place = InFlight.Group.none
    /// The bytes that its body uses of `limits.bodies`.
    var body: BodyLoan?
    /// The caller's count of requests under way, if that is limited.
    var allowance: CallerAllowance?

    /// May be called again.
    mutating func giveBack(to worker: Worker) {
        body = nil
        worker.inFlight.leave(place)
        place = .none
        allowance?.leave()
        allowance = nil
    }
}

/// What an exchange knows about its sender beside the decision.
struct Sender {
    /// Set while the sender can't be recognised without the body or the keys of a token's issuer.
    var unsettled: UnsettledCaller?
    /// Its caller's limits, if it has any.
    var limited: LimitedCaller?
    /// What has been done about the signature of a virtual key.
    var signature = SignatureStanding.none
}

/// What an exchange asks of the fleet, and owes it. Empty for a gateway without a fleet.
struct FleetPart {
    /// The export whose owner the fleet is being asked for.
    var pendingOwners: PendingOwners?
    /// State of an export in the fleet's database; nil for other kinds.
    var export: SharedExport?
    /// Whether it waits for the export with the same idempotency key on another gateway, or for the fleet's database.
    var isWaitingForKey = false
}

/// The request as it is sent to HSS, and the attempts so far. One that is under way is an `UpstreamCall`.
struct Sending {
    /// Nil while an attempt is being signed, and once nothing more can be sent.
    var outbound: OutboundRequest?
    /// The number of header fields before a credential adds its own; another attempt starts with these.
    var ownFields = 0
    var attempts = 0
    /// How the endpoint's circuit breaker admitted the first attempt.
    var circuitAdmission = CircuitAdmission.none
    /// Its wait for a credential, and what it has done about refused credentials.
    var waits = CredentialWaits()
}

/// The turn of an exchange under HSS's quota.
struct QuotaPart {
    /// Its turn, or its wait for one, until the request is sent; then the `UpstreamCall` holds the turn.
    var departure = DepartureState.none
    /// When its turn was granted, as uptime of this machine.
    var turn = Duration.zero
    /// The call that HSS answered with 429, until the request has got another turn.
    var thrownBack: ThrownBack?
}

/// The part of an exchange among requests that are equal to it: reads that share a call, exports with one idempotency key.
struct EqualRequests {
    var sharing = SharingState.none
    /// The shared call that it waited for when its caller left.
    var leftBehind: SharingKey?
    var idempotency = IdempotencyState.none
}

/// The traces that an exchange belongs to.
struct TracingPart {
    /// The trace context that its caller sent.
    var received: TraceContext?
    /// Its spans, if it is sampled.
    var spans: ExchangeTrace?
}

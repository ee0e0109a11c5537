/// Several gateways that act as one, on a PostgreSQL database that they share. Left out, a gateway is alone.
package struct FleetSettings: Sendable, Hashable {
    /// Which signatures of virtual keys are known to the whole fleet before the call goes on.
    package enum Signatures: String, Sendable, Hashable, CaseIterable {
        /// Those of calls that change something; reads are told afterwards.
        case exactChanges = "exact_changes"
        /// Those of every call, which costs reads one round trip.
        case exact
        /// None: each gateway knows its own.
        case local
    }

    /// What becomes of something that the database would have to decide while it is away.
    package enum Fallback: String, Sendable, Hashable, CaseIterable {
        case refuse
        case local
    }

    /// How operations with a pace go on while the database is away.
    package enum PacedFallback: String, Sendable, Hashable, CaseIterable {
        /// Each gateway uses the slots of the period that are its own.
        case slots
        case refuse
        case local
    }

    /// Whether `/readyz` fails while the database is away.
    package enum ReadyFallback: String, Sendable, Hashable, CaseIterable {
        case warn
        case fail
    }

    /// What holds while the database is away.
    package struct Outage: Sendable, Hashable {
        package let exports: Fallback
        package let owners: Fallback
        package let signatures: Fallback
        package let paced: PacedFallback
        package let ready: ReadyFallback
    }

    /// A file with the connection URL of a member of the role `hssgw_gateway`.
    package let urlFile: String
    /// A file with 32 bytes that all gateways have and the database hasn't; nil without. Digests that go there are made with it.
    package let keyFile: String?
    /// Several fleets in one database have different names.
    package let name: String
    /// What this gateway is called among the others; nil for the name that its records have.
    package let instance: String?
    /// Connections for statements; one more listens.
    package let connections: Int
    /// How long a request waits for the database before it is decided without.
    package let patience: Duration
    package let signatures: Signatures
    /// How long members may have different configurations before that is a fault.
    package let driftGrace: Duration
    package let outage: Outage
}

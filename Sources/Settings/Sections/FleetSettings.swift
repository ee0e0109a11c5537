/// Several gateways that act as one, with a shared PostgreSQL database. If absent, the gateway is alone.
package struct FleetSettings: Sendable, Hashable {
    /// Which signatures of virtual keys are noted in the whole fleet before the request continues.
    package enum Signatures: String, Sendable, Hashable, CaseIterable {
        /// Signatures of requests that change something; those of reads are noted afterwards.
        case exactChanges = "exact_changes"
        /// Signatures of all requests, which costs reads one round trip.
        case exact
        /// None: each gateway knows only its own.
        case local
    }

    /// What to do if the database has to decide something and is unavailable.
    package enum Fallback: String, Sendable, Hashable, CaseIterable {
        case refuse
        case local
    }

    /// How paced operations continue while the database is unavailable.
    package enum PacedFallback: String, Sendable, Hashable, CaseIterable {
        /// Each gateway uses the slots of the period that are its own.
        case slots
        case refuse
        case local
    }

    /// Whether `/readyz` fails while the database is unavailable.
    package enum ReadyFallback: String, Sendable, Hashable, CaseIterable {
        case warn
        case fail
    }

    /// The settings for times when the database is unavailable.
    package struct Outage: Sendable, Hashable {
        package let exports: Fallback
        package let owners: Fallback
        package let signatures: Fallback
        package let paced: PacedFallback
        package let ready: ReadyFallback
    }

    /// A file with the connection URL of a member of the role `hssgw_gateway`.
    package let urlFile: String
    /// A file with a key of 32 bytes that all gateways have and the database doesn't; nil without a key. Digests that are sent to the database are
    /// made with it.
    package let keyFile: String?
    /// Several fleets in one database have different names.
    package let name: String
    /// This gateway's name in the fleet; nil for the name in its records.
    package let instance: String?
    /// Number of connections for statements; one more is used for LISTEN.
    package let connections: Int
    /// How long a request waits for the database before it is decided without it.
    package let patience: Duration
    package let signatures: Signatures
    /// How long members may have different configurations before that is a fault.
    package let driftGrace: Duration
    package let outage: Outage
}

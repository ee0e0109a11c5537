/// The journal: its directory, its durability, and how much of bodies it records.
package struct AuditSettings: Sendable, Hashable {
    package enum Durability: String, Sendable, Hashable, CaseIterable {
        case strict
        case strictExports = "strict-exports"
        case bestEffort = "best-effort"
    }

    /// How much of a request body a record keeps.
    package enum BodyLevel: String, Sendable, Hashable, CaseIterable {
        case none
        case digest
        case fields
        case full
    }

    /// Body levels by kind.
    package struct Bodies: Sendable, Hashable {
        package let read: BodyLevel
        package let write: BodyLevel
        package let export: BodyLevel
        package let download: BodyLevel
    }

    /// When a signed checkpoint is made, with which key, and where it is copied to.
    package struct Checkpoint: Sendable, Hashable {
        package let every: Int
        package let interval: Duration
        package let keyFile: String
        package let anchors: [Anchor]
    }

    /// A place outside the journal that checkpoints are copied to.
    package enum Anchor: Sendable, Hashable {
        case standardError
        case file(path: String)
        case http(name: String, endpoint: EndpointURL, headersFile: String?, authorityFile: String?)
        case syslog(name: String, Shipping.Syslog)
        case postgresql(name: String, urlFile: String)

        /// The words for `type` in the file.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case http
            case syslog
            case postgresql
        }

        /// Its name in metrics and events; nil for anchors that are named after their location.
        var name: String? {
            switch self {
            case .standardError, .file: nil
            case .http(let name, _, _, _), .syslog(let name, _), .postgresql(let name, _): name
            }
        }
    }

    /// What is done with closed segments.
    package enum Compression: String, Sendable, Hashable, CaseIterable {
        case gzip
        case off
    }

    /// When a segment is closed.
    package struct Rotation: Sendable, Hashable {
        package let size: ByteCount
        package let age: Duration
    }

    /// A projection that records are copied to.
    package struct Shipping: Sendable, Hashable {
        /// Its name in metrics and events.
        package let name: String
        /// Whether segments that it has not received yet are kept beyond `retain`.
        package let isRequired: Bool
        package let target: Target

        package enum Target: Sendable, Hashable {
            case postgresql(urlFile: String)
            case otlp(endpoint: EndpointURL, headersFile: String?, authorityFile: String?)
            case syslog(Syslog)
        }

        package struct Syslog: Sendable, Hashable {
            package let address: String
            package let authorityFile: String?
            package let certificateFile: String?
            package let privateKeyFile: String?
            package let longestMessage: ByteCount
        }

        /// The words for `type` in the file.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            case postgresql
            case otlp
            case syslog
        }
    }

    package let directory: String
    package let durability: Durability
    package let bodies: Bodies
    package let checkpoint: Checkpoint
    package let rotation: Rotation
    package let compression: Compression
    package let retention: Duration
    package let shipping: [Shipping]
}

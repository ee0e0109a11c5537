import Catalogue

/// How much of a request's body a record keeps (`audit.body`). Each level includes the one before it.
package enum BodyLevel: Int, Sendable, Comparable {
    case none
    /// Length and SHA-256.
    case digest
    /// The members of the JSON, secrets masked, long values cut.
    case fields
    /// The text of the JSON, secrets masked, up to a bound.
    case full

    package static func < (one: BodyLevel, other: BodyLevel) -> Bool { one.rawValue < other.rawValue }
}

/// The level for each kind of operation.
package struct BodyLevels: Sendable, Equatable {
    private let read: BodyLevel
    private let write: BodyLevel
    private let export: BodyLevel
    private let download: BodyLevel

    package init(read: BodyLevel, write: BodyLevel, export: BodyLevel, download: BodyLevel) {
        self.read = read
        self.write = write
        self.export = export
        self.download = download
    }

    func level(for kind: OperationKind) -> BodyLevel {
        switch kind {
        case .read: read
        case .write: write
        case .export: export
        case .download: download
        }
    }
}

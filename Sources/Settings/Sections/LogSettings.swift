/// The operational log on stderr, and its lines of requests.
package struct LogSettings: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, CaseIterable {
        case debug
        case info
        case warn
        case error
    }

    package enum Format: String, Sendable, Hashable, CaseIterable {
        /// Text on a terminal, JSON lines otherwise.
        case auto
        case text
        case json
    }

    /// Which requests get a line.
    package enum Requests: String, Sendable, Hashable, CaseIterable {
        case off
        /// Requests that the gateway itself answered.
        case refused
        case all
    }

    /// Where the lines of requests go.
    package enum Stream: String, Sendable, Hashable, CaseIterable {
        case stdout
        case stderr
    }

    package let level: Level
    package let format: Format
    package let requests: Requests
    package let requestsTo: Stream
}

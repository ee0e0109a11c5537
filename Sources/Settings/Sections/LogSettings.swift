/// The operational log on stderr.
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

    package let level: Level
    package let format: Format
}

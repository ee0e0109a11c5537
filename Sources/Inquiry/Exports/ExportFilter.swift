import Audit

/// Filters of exports that no index covers: they are applied to all records of an export, and exports that don't match are read and skipped.
package struct ExportFilter: Sendable, Hashable {
    /// How a page of exports ended.
    package struct PageEnd: Sendable {
        /// Where the next page begins; nil when this is the last.
        package let next: RecordCursor?
        /// False when the deadline came before the page was full.
        package let isComplete: Bool

        package init(next: RecordCursor?, isComplete: Bool) { (self.next, self.isComplete) = (next, isComplete) }
    }

    /// The state of the export.
    package var state: ExportTrail.State?
    /// A caller who fetched the file, or tried to.
    package var downloader: String?
    /// Whether a caller who did not create the export fetched the whole file.
    package var isCrossTeam = false

    package init() {}

    package func matches(_ trail: ExportTrail) -> Bool {
        if let state, trail.state != state { return false }
        if let downloader, !trail.downloads.contains(where: { $0[.callerName] == downloader }) { return false }
        return !isCrossTeam || !trail.foreignDownloaders.isEmpty
    }
}

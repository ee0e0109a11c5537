import Audit

/// Filters of exports that no index knows: they are judged by the whole life of an export, and what they leave out is read and passed over.
package struct ExportFilter: Sendable, Hashable {
    /// How far the export came.
    package var state: ExportTrail.State?
    /// Somebody who fetched the file, or tried to.
    package var downloader: String?
    /// Whether the whole file was fetched by somebody who had not asked for it.
    package var isCrossTeam = false

    package init() {}

    package var isEmpty: Bool { self == ExportFilter() }

    package func matches(_ trail: ExportTrail) -> Bool {
        if let state, trail.state != state { return false }
        if let downloader, !trail.downloads.contains(where: { $0[.callerName] == downloader }) { return false }
        return !isCrossTeam || !trail.foreignDownloaders.isEmpty
    }
}

/// How a page of exports ended.
package struct ExportPageEnd: Sendable {
    /// Where the next page begins; nothing when this is the last.
    package let next: RecordCursor?
    /// False where the time was over before the page was full.
    package let isComplete: Bool

    package init(next: RecordCursor?, isComplete: Bool) { (self.next, self.isComplete) = (next, isComplete) }
}

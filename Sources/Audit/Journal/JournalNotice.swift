/// A notice of the journal for the operator's log: each of its own events, and when it becomes unwritable.
package struct JournalNotice: Sendable {
    /// How important it is.
    package enum Severity: Sendable, Hashable {
        /// For information.
        case info
        /// An operator should act.
        case warning
        /// Evidence is lost or in danger, or requests are refused.
        case error
    }

    /// The name of the notice that the journal can't be written. It has no record, because none could be written.
    package static let failing = "journal_failing"

    /// The event's name, as in the record.
    package let event: String
    /// The details of the event.
    package let detail: FieldObject

    /// The severity, by the event's name.
    package var severity: Severity {
        switch event {
        case Self.failing, "records_damaged", "records_missing", "records_dropped", "disk_space_critical", "checkpoint_failed",
            "checkpoint_key_restored", "checkpoint_key_lost", "checkpoint_key_ignored", "checkpoint_key_missing", "segment_damaged":
            .error
        case "journal_healed": detail.fields.contains { $0.name == "lost_from" } ? .error : .warning
        case "torn_tail", "disk_space_low", "refusals_disk_share_used", "anchor_failed", "housekeeping_failed", "segments_held", "requests_unknown",
            JournalRestore.event:
            .warning
        default: .info
        }
    }
}

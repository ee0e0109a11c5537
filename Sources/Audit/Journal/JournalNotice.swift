/// Something that the journal says of itself, for the operator's log: each event of its own, and the moment from which it can't be written.
package struct JournalNotice: Sendable {
    /// How much it matters.
    package enum Severity: Sendable, Hashable {
        /// Worth knowing.
        case info
        /// Somebody should look.
        case warning
        /// Evidence is lost or in danger, or requests are refused.
        case error
    }

    /// That the journal can't be written has no record, since none could be written.
    package static let failing = "journal_failing"

    /// The event's name, as in the record.
    package let event: String
    /// What there is to say about it.
    package let detail: FieldObject

    /// How much it matters, by the event's name.
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

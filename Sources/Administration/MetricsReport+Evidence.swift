import Audit

/// Figures of checkpoints, anchors, closed segments and the journal's disk.
extension MetricsReport {
    func evidence(_ out: inout Exposition) {
        if let free = journal.freeSpace {
            out.family(
                "hssgw_audit_disk_free_ratio", .gauge,
                "Free part of the journal's disk; below 0.05 no request is taken that has to be recorded first.")
            out.sample("hssgw_audit_disk_free_ratio", [], free)
        }
        out.family("hssgw_audit_damaged", .gauge, "1 while records were destroyed under this process and no reload has taken note of it.")
        out.sample("hssgw_audit_damaged", [], journal.damage == nil ? 0 : 1)
        guard let figures = state.notary?.figures else { return }
        out.family("hssgw_audit_checkpoint_size", .gauge, "Records that the newest checkpoint covers.")
        out.sample("hssgw_audit_checkpoint_size", [], figures.size)
        if let time = figures.time {
            out.family("hssgw_audit_checkpoint_timestamp_seconds", .gauge, "When the newest checkpoint was made.")
            out.sample("hssgw_audit_checkpoint_timestamp_seconds", [], Double(time.microseconds) / 1_000_000)
        }
        out.family("hssgw_audit_checkpoints_total", .counter, "Checkpoints made, and those that could not be kept.")
        out.sample("hssgw_audit_checkpoints_total", [("result", "success")], figures.checkpoints)
        out.sample("hssgw_audit_checkpoints_total", [("result", "failure")], figures.failures)
        out.family("hssgw_audit_segments_compressed_total", .counter, "Closed segments compressed.")
        out.sample("hssgw_audit_segments_compressed_total", [], figures.compressed)
        out.family("hssgw_audit_segments_removed_total", .counter, "Segments removed after audit.retain.")
        out.sample("hssgw_audit_segments_removed_total", [], figures.removed)
        out.family("hssgw_audit_segments_held", .gauge, "Segments past audit.retain that stay because a required sink has not got them.")
        out.sample("hssgw_audit_segments_held", [], figures.held)
        guard !figures.anchors.isEmpty else { return }
        out.family(
            "hssgw_audit_anchor_lag_seconds", .gauge,
            "How long the oldest checkpoint waits that an anchor has nothing as new as; 0 when it has the newest.")
        for anchor in figures.anchors {
            out.sample("hssgw_audit_anchor_lag_seconds", [("anchor", anchor.name)], anchor.lag / .seconds(1))
        }
        out.family("hssgw_audit_anchor_size", .gauge, "Records that the newest checkpoint at an anchor covers.")
        for anchor in figures.anchors { out.sample("hssgw_audit_anchor_size", [("anchor", anchor.name)], anchor.size) }
        out.family("hssgw_audit_anchor_copies_total", .counter, "Checkpoints copied to an anchor, and attempts that failed.")
        for anchor in figures.anchors {
            out.sample("hssgw_audit_anchor_copies_total", [("anchor", anchor.name), ("result", "success")], anchor.published)
            out.sample("hssgw_audit_anchor_copies_total", [("anchor", anchor.name), ("result", "failure")], anchor.failures)
        }
    }
}

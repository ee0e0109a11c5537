import Fleet
import Gateway

/// The fleet's figures as text.
extension MetricsReport {
    func fleetFigures(_ out: inout Exposition) {
        guard let shared = state.shared else { return }
        let standing = shared.member.standing
        let isUp = standing.absence == nil && standing.beat != nil
        out.family("hssgw_fleet_up", .gauge, "Whether the shared database answers and this gateway is a member.")
        out.sample("hssgw_fleet_up", [], isUp && !standing.isSuperseded ? 1 : 0)
        out.family("hssgw_fleet_members", .gauge, "Gateways that are alive, this one included, as of the last beat.")
        out.sample("hssgw_fleet_members", [], Int(standing.beat?.members ?? 0))
        out.family("hssgw_fleet_mode", .gauge, "Who decides what the gateways have to agree about.")
        for mode in [FleetMember.Mode.shared, .local] { out.sample("hssgw_fleet_mode", [("mode", mode.rawValue)], standing.mode == mode ? 1 : 0) }
        out.family("hssgw_fleet_config_versions", .gauge, "Different configurations among the members that are alive.")
        out.sample("hssgw_fleet_config_versions", [], Int(standing.beat?.configurations ?? 0))
        out.family("hssgw_fleet_exports_open", .gauge, "Exports of the last 24 hours that are under way, and whose end nobody knows.")
        out.sample("hssgw_fleet_exports_open", [("state", "open")], Int(standing.beat?.openExports ?? 0))
        out.sample("hssgw_fleet_exports_open", [("state", "unknown")], Int(standing.beat?.unknownExports ?? 0))
        out.family("hssgw_fleet_push_pending", .gauge, "Whether something is still to be told to the database from the journal.")
        out.sample("hssgw_fleet_push_pending", [], standing.mustPush ? 1 : 0)
        out.family("hssgw_fleet_push_lag_seconds", .gauge, "For how long something has been missing in the database that this gateway knows.")
        out.sample("hssgw_fleet_push_lag_seconds", [], Double(standing.lag.components.seconds))
        out.family("hssgw_fleet_clock_offset_seconds", .gauge, "How far the database's clock is ahead of this machine's.")
        out.sample("hssgw_fleet_clock_offset_seconds", [], Double(standing.clockOffset ?? 0) / 1_000_000)
        out.family("hssgw_fleet_fenced_total", .counter, "Changes that were refused because this member's epoch was over.")
        out.sample("hssgw_fleet_fenced_total", [], standing.fenced)
        let reads = shared.reads.figures
        out.family("hssgw_fleet_repeated_reads_total", .counter, "Signatures of reads that another gateway had seen before.")
        out.sample("hssgw_fleet_repeated_reads_total", [], reads.repeated)
        out.family("hssgw_fleet_untold_reads_total", .counter, "Signatures of reads that the database could not be told of.")
        out.sample("hssgw_fleet_untold_reads_total", [], reads.untold)
        let statements = shared.durations.reading.sorted { $0.key < $1.key }
        out.family("hssgw_fleet_statements_total", .counter, "Statements sent to the shared database.")
        for (name, figures) in statements {
            out.sample("hssgw_fleet_statements_total", [("statement", name), ("result", "success")], figures.succeeded)
            out.sample("hssgw_fleet_statements_total", [("statement", name), ("result", "failure")], figures.failed)
        }
        out.family("hssgw_fleet_statement_duration_seconds", .histogram, "From a statement's departure to its answer.")
        for (name, figures) in statements { out.histogram("hssgw_fleet_statement_duration_seconds", [("statement", name)], figures.durations) }
        guard let lines = reading.waiting.lines else { return }
        out.family("hssgw_fleet_line_conflicts_total", .counter, "States of a line that another gateway was quicker with.")
        out.sample("hssgw_fleet_line_conflicts_total", [], lines.conflicts)
        out.family(
            "hssgw_fleet_turns_total", .counter, "Turns before HSS's quota: taken, come too late, or passed by since another gateway left them.")
        out.sample("hssgw_fleet_turns_total", [("result", "taken")], lines.taken)
        out.sample("hssgw_fleet_turns_total", [("result", "stale")], lines.stale)
        out.sample("hssgw_fleet_turns_total", [("result", "passed_by")], lines.passedBy)
        out.family("hssgw_fleet_kept_turns_total", .counter, "Of the turns that were taken: by the line's word from before the database went away.")
        out.sample("hssgw_fleet_kept_turns_total", [], lines.kept)
        out.family("hssgw_fleet_wakes_total", .counter, "What made a waiting line look: a notification, or the time.")
        out.sample("hssgw_fleet_wakes_total", [("how", "notify")], lines.notified)
        out.sample("hssgw_fleet_wakes_total", [("how", "look")], lines.looked)
    }
}

extension SharedState {
    /// The check `fleet` of `/readyz`.
    var check: HealthCheck { HealthCheck(name: "fleet", state: checkState(member.standing)) }

    /// A larger difference of the clock is reported, microseconds. Nothing depends on it: turns and days use the
    /// database's clock.
    private static let largestOffset: Int64 = 1_000_000

    private func checkState(_ standing: FleetMember.Standing) -> HealthCheck.State {
        if standing.isSuperseded { return .failing("fenced: another process has this member's name") }
        if let absence = standing.absence, absence.for > member.configuration.patience {
            let sentence = "the shared database can't be used: \(absence.fault.sentence)"
            return terms.isNeededToBeReady ? .failing(sentence) : .warning(sentence)
        }
        guard let beat = standing.beat else {
            return terms.isNeededToBeReady ? .failing("not joined yet") : .warning("not joined yet")
        }
        if let line = standing.unreadableLines.first {
            return .warning("the state of the line \(line) can't be read: a newer version wrote it, or somebody edited it; it is paced apart")
        }
        if standing.schema > FleetSchema.version {
            return .warning("the schema has version \(standing.schema), newer than this gateway's \(FleetSchema.version): what both know is shared")
        }
        if standing.mode == .local { return .warning("local mode: each gateway decides for itself") }
        if let drift = standing.drift, drift > terms.driftGrace {
            return .warning("the members have \(beat.configurations) different configurations")
        }
        if let offset = standing.clockOffset, abs(offset) > Self.largestOffset {
            return .warning("this machine's clock is \(abs(offset) / 1_000_000) s \(offset > 0 ? "behind" : "ahead of") the database's")
        }
        if beat.unknownExports > 0 { return .warning("nobody knows the end of \(beat.unknownExports) exports") }
        if !beat.isSettled { return .warning("members still tell what their journals say") }
        if beat.members == 1 { return .warning("this gateway is the only member") }
        return .passing
    }
}

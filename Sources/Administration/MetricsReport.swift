import Audit
import Catalogue
import Credentials
import Gateway

/// All metrics of section 8 of the interface, as text.
struct MetricsReport {
    let reading: Meters.Reading
    let journal: Journal
    let state: AdminState

    func text(_ format: Exposition.Format) -> String {
        var out = Exposition(format)
        requests(&out)
        calls(&out)
        flowFigures(&out)
        journalFigures(&out)
        SinkFigures.write(state.sinks(), to: &out)
        credentials(&out)
        fleetFigures(&out)
        build(&out)
        ProcessFigures.read().write(to: &out)
        return out.finish()
    }

    private func requests(_ out: inout Exposition) {
        out.family("hssgw_requests_total", .counter, "Requests of callers by who asked for what and how it ended.")
        for (key, histogram) in reading.requests {
            out.sample(
                "hssgw_requests_total",
                [
                    ("caller", key.caller), ("operation", name(key.operation)), ("outcome", key.outcome.rawValue),
                    ("source", key.source.rawValue), ("method", key.method), ("status", String(key.status)),
                ],
                histogram.total
            )
        }
        out.family("http_server_request_duration_seconds", .histogram, "From the end of a request's head to its record.")
        for (key, histogram) in reading.requests {
            out.histogram(
                "http_server_request_duration_seconds",
                [
                    ("http_request_method", key.method), ("http_response_status_code", String(key.status)),
                    ("operation", name(key.operation)), ("caller", key.caller), ("outcome", key.outcome.rawValue),
                    ("source", key.source.rawValue),
                ],
                histogram
            )
        }
        out.family("http_server_active_requests", .gauge, "Requests whose record is not written yet.")
        out.sample("http_server_active_requests", [], reading.activeRequests)
        out.family("hssgw_connections", .gauge, "Open connections of callers.")
        out.sample("hssgw_connections", [], reading.connections)
        out.family("hssgw_request_bodies_bytes", .gauge, "Request bodies in hand, all together, against limits.bodies.")
        out.sample("hssgw_request_bodies_bytes", [], state.dataPort.bodyBytes)
        out.family("hssgw_refusals_total", .counter, "Answers of the gateway's own, by error code.")
        for (code, count) in reading.refusals { out.sample("hssgw_refusals_total", [("error_code", code.text)], count) }
        out.family("hssgw_policy_logged_total", .counter, "Calls that a rule of the action `log` would have refused, and let through.")
        for (key, count) in reading.trials {
            out.sample("hssgw_policy_logged_total", [("rule", key.rule), ("caller", key.caller), ("operation", name(key.operation))], count)
        }
        out.family("hssgw_refusals_aggregated_total", .counter, "Refusals that have no record of their own but are counted in one.")
        out.sample("hssgw_refusals_aggregated_total", [], reading.summedRefusals)
    }

    private func calls(_ out: inout Exposition) {
        out.family("http_client_request_duration_seconds", .histogram, "Calls to HSS, each attempt by itself.")
        for (key, histogram) in reading.calls {
            out.histogram(
                "http_client_request_duration_seconds",
                [("server_address", key.address), ("http_response_status_code", String(key.status)), ("error_type", key.error)],
                histogram
            )
        }
        out.family("hssgw_upstream_endpoint_up", .gauge, "Whether an endpoint of HSS can be connected to, as far as requests have shown.")
        for endpoint in state.dataPort.circuits.reading {
            out.sample("hssgw_upstream_endpoint_up", [("server_address", endpoint.name)], endpoint.fault == nil ? 1 : 0)
        }
        out.family("hssgw_upstream_retries_total", .counter, "Reads that were sent again.")
        for (reason, count) in reading.retries { out.sample("hssgw_upstream_retries_total", [("reason", reason)], count) }
    }

    private func journalFigures(_ out: inout Exposition) {
        let counters = journal.counters
        out.family("hssgw_audit_records_total", .counter, "Records appended to the journal.")
        out.sample("hssgw_audit_records_total", [], counters.records)
        out.family("hssgw_audit_write_errors_total", .counter, "Times the journal could not be written.")
        out.sample("hssgw_audit_write_errors_total", [], counters.writeErrors)
        out.family("hssgw_audit_dropped_records_total", .counter, "Records that best-effort durability could not keep.")
        out.sample("hssgw_audit_dropped_records_total", [], counters.dropped)
        out.family("hssgw_audit_tree_size", .gauge, "Records covered by the Merkle tree.")
        out.sample("hssgw_audit_tree_size", [], journal.treeHead.size)
        out.family("hssgw_audit_sync_duration_seconds", .histogram, "Time of one fdatasync of the journal.")
        out.histogram("hssgw_audit_sync_duration_seconds", [], state.syncDurations.reading)
        evidence(&out)
        var isHealthy = 0
        if case .healthy = journal.state { isHealthy = 1 }
        out.family("hssgw_audit_writable", .gauge, "Whether the journal can be written.")
        out.sample("hssgw_audit_writable", [], isHealthy)
    }

    private func credentials(_ out: inout Exposition) {
        let statuses = ConfiguredCredentials.statuses(state.credentials())
        out.family("hssgw_credential_ready", .gauge, "Whether a credential can vouch for a request now.")
        for (name, status) in statuses { out.sample("hssgw_credential_ready", [("credential", name)], status.isReady ? 1 : 0) }
        out.family("hssgw_credential_suspended", .gauge, "Whether a key rests because the cloud refused it.")
        for (name, status) in statuses { out.sample("hssgw_credential_suspended", [("credential", name)], status.isSuspended ? 1 : 0) }
        out.family("hssgw_token_expiry_timestamp_seconds", .gauge, "When the token or the temporary key at hand ends.")
        for (name, status) in statuses {
            if let expiry = status.expiry { out.sample("hssgw_token_expiry_timestamp_seconds", [("credential", name)], Int(expiry)) }
        }
        out.family("hssgw_caller_key_expiry_timestamp_seconds", .gauge, "When the next key of a caller ends.")
        for (caller, end) in state.callerKeyEnds(Timestamp.now().microseconds / 1_000_000) {
            out.sample("hssgw_caller_key_expiry_timestamp_seconds", [("caller", caller)], Int(end))
        }
        out.family("hssgw_token_refresh_total", .counter, "Times that a token or temporary keys were asked for, or refused by HSS.")
        for (name, status) in statuses {
            let renewals = [("success", status.renewals.succeeded), ("failure", status.renewals.failed), ("rejected", status.renewals.rejected)]
            for (result, count) in renewals {
                out.sample("hssgw_token_refresh_total", [("credential", name), ("result", result)], count)
            }
        }
        out.family("hssgw_clock_offset_seconds", .gauge, "How far the cloud's clock is ahead of this machine's.")
        out.sample("hssgw_clock_offset_seconds", [], Double(state.dataPort.clock.microseconds) / 1_000_000)
    }

    private func build(_ out: inout Exposition) {
        // Each scrape also writes due sums of refusals to the journal.
        state.accessLog.settle()
        out.family("hssgw_secret_store_up", .gauge, "Whether a store of secrets gave all that it was asked for last.")
        for (name, isWell) in state.stores() { out.sample("hssgw_secret_store_up", [("store", name)], isWell ? 1 : 0) }
        let spans = state.spans()
        out.family("hssgw_trace_spans_exported_total", .counter, "Spans that the collector took.")
        out.sample("hssgw_trace_spans_exported_total", [], spans.exported)
        out.family("hssgw_trace_spans_dropped_total", .counter, "Spans that found no room, or that the collector did not take.")
        out.sample("hssgw_trace_spans_dropped_total", [], spans.dropped)
        out.family("hssgw_admin_auth_failures_total", .counter, "Wrong tokens shown to the admin port.")
        out.sample("hssgw_admin_auth_failures_total", [], state.accessLog.failures)
        out.family("hssgw_config_last_reload_successful", .gauge, "Whether the newest configuration is the one in force.")
        let configuration = state.configuration()
        out.sample("hssgw_config_last_reload_successful", [], configuration.newestWasTaken ? 1 : 0)
        out.family("hssgw_config_generation", .gauge, "Counts the configurations that came into force since the start.")
        out.sample("hssgw_config_generation", [], configuration.generation)
        out.family("hssgw_log_dropped_lines_total", .counter, "Lines of the operational log that were dropped because nobody read them in time.")
        out.sample("hssgw_log_dropped_lines_total", [], state.droppedLogLines())
        out.family("hssgw_build_info", .gauge, "What this program is.")
        out.sample(
            "hssgw_build_info", [("version", state.build.version), ("commit", state.build.commit), ("swift", state.build.swift)], 1
        )
    }

    func name(_ operation: Int?) -> String {
        operation.map { Operation(index: $0).name } ?? ""
    }
}

import Codecs
import Glibc
import Settings
import Shipping

/// Tests the sinks that records are shipped to and the anchors that checkpoints are copied to; sends no record and no checkpoint.
struct SinkExamination: Sendable {
    let settings: GatewaySettings

    /// The timeout of each test.
    private static let patience = Duration.seconds(10)

    func findings() async -> [DoctorFinding] {
        await withTaskGroup(of: (Int, DoctorFinding).self) { group in
            for (index, sink) in settings.audit.shipping.enumerated() {
                group.addTask { (index, await look(at: sink)) }
            }
            let first = settings.audit.shipping.count
            for (index, anchor) in settings.audit.checkpoint.anchors.enumerated() {
                group.addTask { (first + index, await look(at: anchor)) }
            }
            if let tracing = settings.tracing, let url = tracing.endpoint {
                group.addTask { (.max, await look(at: tracing, url)) }
            }
            return await group.reduce(into: [(Int, DoctorFinding)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private typealias Trial = @Sendable (StopSignal) throws(SinkFailure) -> Void

    /// Nil if it worked.
    private static func reason(_ trial: @escaping Trial) async -> String? {
        let outcome = await Blocking.run { () -> String? in
            let stop = StopSignal()
            stop.stop(within: patience)
            do throws(SinkFailure) {
                try trial(stop)
                return nil
            } catch {
                return error.reason
            }
        }
        guard let outcome else { return "the system gives no thread" }
        return outcome
    }

    private func look(at sink: AuditSettings.Shipping) async -> DoctorFinding {
        let trial: Trial
        do throws(Failure) {
            switch sink.target {
            case .postgresql(let file): trial = Self.postgresql(file)
            case .otlp(let url, let headersFile, let authorityFile):
                let endpoint = try SinkEndpoints.endpoint(url, headersFile: headersFile, authorityFile: authorityFile)
                trial = { stop throws(SinkFailure) in try SinkTrial.otlp(endpoint, version: Build.version, stop: stop) }
            case .syslog(let syslog):
                let target = try SinkEndpoints.target(syslog, of: "sink \(sink.name)")
                trial = { stop throws(SinkFailure) in try SinkTrial.syslog(target, stop: stop) }
            }
        } catch {
            return DoctorFinding(.sinks, sink.name, .failure, error.message, "Correct the sink's settings.")
        }
        guard let reason = await Self.reason(trial) else { return DoctorFinding(.sinks, sink.name, .ok, "It takes connections as configured.") }
        return DoctorFinding(
            .sinks, sink.name, sink.isRequired ? .failure : .warning,
            "It can't be used: \(reason). Records wait in the journal\(sink.isRequired ? ", which keeps them beyond audit.retain" : "").",
            "Check its address, what it is reached with, and that it runs.")
    }

    private func look(at tracing: TracingSettings, _ url: EndpointURL) async -> DoctorFinding {
        guard let endpoint = try? SinkEndpoints.endpoint(url, headersFile: tracing.headersFile, authorityFile: tracing.authorityFile) else {
            return DoctorFinding(.sinks, "tracing", .failure, "Its endpoint can't be used.", "Correct tracing.endpoint.")
        }
        let reason = await Self.reason { stop throws(SinkFailure) in
            try SinkTrial.otlp(endpoint, .traces, version: Build.version, stop: stop)
        }
        guard let reason else { return DoctorFinding(.sinks, "tracing", .ok, "The collector takes spans.") }
        return DoctorFinding(
            .sinks, "tracing", .warning, "The collector can't be used: \(reason). Spans are dropped.",
            "Check tracing.endpoint, and that the collector runs.")
    }

    private func look(at anchor: AuditSettings.Anchor) async -> DoctorFinding {
        let name: String
        let trial: Trial
        do throws(Failure) {
            switch anchor {
            case .standardError: return DoctorFinding(.anchors, "stderr", .ok, "Checkpoints go to this process' log; keep it elsewhere.")
            case .file(let path): return Self.file(path)
            case .http(let called, let url, let headersFile, let authorityFile):
                name = called
                let endpoint = try SinkEndpoints.endpoint(url, headersFile: headersFile, authorityFile: authorityFile)
                trial = { stop throws(SinkFailure) in try SinkTrial.http(endpoint, stop: stop) }
            case .syslog(let called, let syslog):
                name = called
                let target = try SinkEndpoints.target(syslog, of: "anchor \(called)")
                trial = { stop throws(SinkFailure) in try SinkTrial.syslog(target, stop: stop) }
            case .postgresql(let called, let file):
                name = called
                trial = Self.postgresql(file)
            }
        } catch {
            return DoctorFinding(.anchors, nil, .failure, error.message, "Correct the anchor's settings.")
        }
        guard let reason = await Self.reason(trial) else { return DoctorFinding(.anchors, name, .ok, "It takes connections as configured.") }
        return DoctorFinding(
            .anchors, name, .failure, "Checkpoints can't be copied there: \(reason).", "Check its address, what it is reached with, and that it runs."
        )
    }

    private static func postgresql(_ file: String) -> Trial {
        { stop throws(SinkFailure) in try SinkTrial.postgresql(url: try SecretText.read(file), stop: stop) }
    }

    private static func file(_ path: String) -> DoctorFinding {
        let parent = PathText.parent(of: path)
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere ? access(path, W_OK) == 0 : access(parent, W_OK | X_OK) == 0 {
            return DoctorFinding(.anchors, path, .ok, isThere ? "It can be appended to." : "It is made with the first checkpoint.")
        }
        return DoctorFinding(
            .anchors, path, .failure, "It can't be written: \(String(cString: strerror(errno))).",
            "Make its directory, and give it to the gateway's user.")
    }
}

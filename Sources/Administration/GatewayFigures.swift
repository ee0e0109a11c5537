import Audit
import Codecs
import Credentials
import Gateway
import Inquiry
import NIOPosix

/// One gateway as `/fleet` shows it next to others: its own state, or the report of another gateway in the fleet's database.
struct GatewayFigures: Sendable {
    /// What only the gateway itself knows, until it reports it.
    struct Own: Sendable {
        let configuration: String?
        var checks: [HealthCheck]
        /// Of the last minute; nil if the journal can't be read.
        var requestsPerMinute: Int64?
        let size: Int64?
        let signed: Int64?
        let checkpoint: Timestamp?
        /// The lag of the anchor, and of the sink, that is furthest behind, seconds; nil if there is none.
        let anchorLag: Int64?
        let shipLag: Int64?
        let segmentsHeld: Int64?
        /// From 0 to 1.
        let freeDisk: Double?
        /// The upper bound of the histogram class with the 99th percentile of the syncs, microseconds; nil
        /// before the first.
        let longSync: Int64?
    }

    let instance: String
    let version: String
    let started: Timestamp
    let seen: Timestamp
    /// The cloud's clock compared with the machine's; nil if unknown.
    var clockOffset: Duration?
    /// What members of a fleet must have in common; nil for a single gateway.
    var shared: (digest: String, isAlive: Bool)?
    var own: Own?
    /// The age of another gateway's report; nil for this gateway's figures.
    var age: Duration?

    /// How long counting a minute may take.
    private static let patience = Duration.seconds(1)
    private static let microsecondsOfMinute: Int64 = 60_000_000

    /// This gateway.
    ///
    /// - Parameter countsRequests: whether the last minute's requests are read from the journal.
    static func own(_ state: AdminState, countsRequests: Bool = true, _ now: Timestamp = .now()) async -> GatewayFigures {
        let count = countsRequests ? await lastMinute(state.archive, now) : nil
        let (notary, syncs) = (state.notary?.figures, state.syncDurations.reading)
        let started = Int64(exactly: (ProcessFigures.read().startTime * 1_000_000).rounded()) ?? 0
        var figures = GatewayFigures(
            instance: state.instance, version: state.build.version, started: Timestamp(microseconds: max(0, started)), seen: now,
            clockOffset: state.dataPort.clock.duration)
        figures.own = Own(
            configuration: state.configuration().digest, checks: state.readiness(), requestsPerMinute: count,
            size: Int64(clamping: state.journal.treeHead.size), signed: Int64(clamping: notary?.size ?? 0), checkpoint: notary?.time,
            anchorLag: notary?.anchors.map(\.lag.components.seconds).max(),
            shipLag: state.sinks().map { Int64(exactly: $0.lagSeconds.rounded()) ?? .max }.max(), segmentsHeld: Int64(clamping: notary?.held ?? 0),
            freeDisk: FreeSpace.fraction(state.journal.directory), longSync: syncs.total > 0 ? syncs.quantile(0.99) : nil)
        figures.shared = state.sharedDigest().map { ($0, true) }
        return figures
    }

    /// The exchanges of the last whole minute; nil if the journal can't be read in time.
    private static func lastMinute(_ archive: RecordArchive, _ now: Timestamp) async -> Int64? {
        let found = try? await NIOThreadPool.singleton.runIfActive { () -> Int64? in
            // Bounded: this machine's clock is far from the ends of 64 bits.
            var question = RollupQuestion(begin: now.microseconds / microsecondsOfMinute - 1, step: 1, parts: 1, deadline: .now + patience)
            (question.wantsDurations, question.wantsWaits, question.tells) = (false, false, [])
            guard let (sum, coverage) = try? archive.sum(question, from: Int64(0), { sum, _, _, rollup in sum = sum.saturatingSum(rollup.count) }),
                coverage.isComplete
            else { return nil }
            return sum
        }
        return found ?? nil
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("instance", instance)
            json.member("version", version)
            json.member("config_sha256", own?.configuration)
            if let age {
                json.member("figures_age_s", age.components.seconds)
                json.key("stale")
                json.value(age > Self.fresh || shared?.isAlive == false)
            }
            if let shared {
                json.member("shared_sha256", shared.digest)
                json.key("alive")
                json.value(shared.isAlive)
            }
            json.member("started", started.description)
            json.member("seen", seen.description)
            if let clockOffset {
                json.key("clock_offset_s")
                json.raw(Self.decimal(clockOffset.wholeMicroseconds / 1_000).utf8)
            }
            if let own { Self.write(own, to: &json) }
        }
    }

    static func write(_ own: Own, to json: inout JSONWriter) {
        json.list("checks", own.checks) { json, check in
            json.object { json in
                json.member("name", check.name)
                json.key("ok")
                switch check.state {
                case .passing: json.value(true)
                case .warning(let words):
                    json.value(true)
                    json.member("warning", words)
                case .failing(let words):
                    json.value(false)
                    json.member("warning", words)
                }
            }
        }
        json.member("requests_per_minute", own.requestsPerMinute)
        json.member("tree_size", own.size)
        json.member("signed", own.signed)
        json.member("checkpoint_at", own.checkpoint?.description)
        json.member("anchor_lag_s", own.anchorLag)
        json.member("ship_lag_s", own.shipLag)
        json.member("segments_held", own.segmentsHeld)
        if let free = own.freeDisk {
            json.key("disk_free")
            json.raw(decimal(Int64((min(max(free, 0), 1) * 1_000).rounded(.down))).utf8)
        }
        json.member("sync_p99_us", own.longSync)
    }

    /// A number of thousandths as a decimal: `-0.250`.
    static func decimal(_ thousandths: Int64) -> String {
        let rest = String(thousandths.magnitude % 1_000)
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}

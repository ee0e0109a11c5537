import Audit
import Catalogue
import Codecs
import Credentials
import Gateway
import Inquiry
import NIOHTTP1
import NIOPosix
import Policy

/// The present state of the gateway: `/flow`, `/credentials`, `/clock`, `/callers`, and what it would do with a
/// request: `POST /explain`.
struct StateRoutes {
    let state: AdminState

    /// How long counting a day may take.
    private static let patience = Duration.seconds(5)

    func add(to router: inout Router) {
        router.get("/flow") { _ in await flow() }
        router.get("/credentials") { _ in await credentials() }
        router.get("/clock") { _ in
            Self.json { json in
                json.member("instance", state.instance)
                json.key("offset_s")
                json.raw("\(Double(state.dataPort.clock.duration.wholeMicroseconds) / 1e6)".utf8)
                json.member("now", Timestamp.now().description)
            }
        }
        router.get("/callers") { _ in AdminAnswer.data(Array(state.callers().utf8) + [UInt8(ascii: "\n")], type: "application/json") }
        router.post("/explain") { request in await explain(request) }
    }

    private static func json(_ members: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(members)
        json.newline()
        return AdminAnswer.data(json.bytes, type: "application/json")
    }

    // MARK: - Quota

    private func flow() async -> Response {
        let (reading, now) = (await state.dataPort.reading(), FlowControl.now)
        return Self.json { json in
            json.list("queues", reading.waiting.readings) { json, line in
                json.object { json in
                    json.member("operation", Operation(index: line.operation).name)
                    json.member("credential", line.credential ?? "")
                    json.member("mode", Self.word(line.pace))
                    json.key("quota")
                    if let quota = line.quota { json.value(Int64(quota.limit)) } else { json.null() }
                    json.member("period_us", line.quota.map { $0.period.wholeMicroseconds })
                    json.member("counting", Int64(line.counting))
                    json.member("next_turn_us", line.nextTurn.wholeMicroseconds)
                    json.list("waiting", line.waiting) { json, who in
                        json.object { json in
                            json.member("caller", who.caller)
                            json.member("requests", Int64(who.requests))
                            json.member("first_turn_us", who.firstTurn.wholeMicroseconds)
                        }
                    }
                    func isOfLine(_ key: FlowMeters.ThrottleKey) -> Bool {
                        key.operation == line.operation && (line.credential == nil || key.credential == line.credential)
                    }
                    json.member("throttled", Int64(clamping: reading.flow.throttles.reduce(0) { isOfLine($1.key) ? $0 + $1.value : $0 }))
                    let ofDay = reading.flow.throttlesOfDay.reduce(0) { isOfLine($1.key) ? $0 + $1.value.total(at: now) : $0 }
                    json.member("throttled_24h", Int64(clamping: ofDay))
                    if let waits = reading.flow.waits[line.operation], waits.total > 0 {
                        json.object("wait") { json in
                            json.member("p50_us", waits.quantile(0.5))
                            json.member("p99_us", waits.quantile(0.99))
                        }
                    }
                    let shared = reading.flow.shared.filter { $0.key.operation == line.operation }.values.reduce(0, +)
                    json.member("coalesced", Int64(clamping: shared))
                    json.member("coalesced_24h", Int64(clamping: reading.flow.sharedOfDay[line.operation]?.total(at: now) ?? 0))
                }
            }
        }
    }

    private static func word(_ pace: FlowRules.Pace) -> String {
        switch pace {
        case .off: "off"
        case .adaptive: "adaptive"
        case .fixed: "fixed"
        }
    }

    // MARK: - Credentials

    private func credentials() async -> Response {
        let (archive, all, projects) = (state.archive, state.credentials(), state.projects())
        let now = Timestamp.now()
        let since = Timestamp(microseconds: now.microseconds.saturatingDifference(86_400_000_000))
        let counted = try? await NIOThreadPool.singleton.runIfActive { () -> [String: (calls: Int64, refused: Int64)]? in
            var question = RollupQuestion(since: since, until: now, now: now, parts: 1, deadline: .now + Self.patience)
            (question.wantsDurations, question.wantsWaits, question.tells) = (false, false, [.credential])
            return try? archive.sum(question, from: [String: (calls: Int64, refused: Int64)]()) { sum, _, group, rollup in
                // A request that the gateway itself refused has the credential that would have been used.
                guard !group.credential.isEmpty, group.phase == Record.Phase.response.rawValue else { return }
                var counts = sum[group.credential] ?? (0, 0)
                counts.calls = counts.calls.saturatingSum(rollup.count)
                if GatewayCode.isAuthenticationFailure(group.errorCode) { counts.refused = counts.refused.saturatingSum(rollup.count) }
                sum[group.credential] = counts
            }.sum
        }
        return Self.json { json in
            json.list("credentials", ConfiguredCredentials.statuses(all)) { json, each in
                let (name, status) = each
                json.object { json in
                    json.member("name", name)
                    let first = all.first { $0.name == name }
                    json.member("type", first?.type.rawValue)
                    json.member("access_key_tail", first?.materialAtHand()?.accessKeyTail)
                    json.member("state", status.state.rawValue)
                    json.member("since", now.earlier(by: status.inState).description)
                    json.member("retry_at", status.retryAfter.map { now.later(by: $0).description })
                    json.member("changed", status.inUse.map { now.earlier(by: $0).description })
                    json.member("problem", status.problem)
                    json.key("ends")
                    if let expiry = status.expiry, (0...253_402_300_799).contains(expiry) {
                        json.value(Timestamp(microseconds: expiry * 1_000_000).description)
                    } else {
                        json.null()
                    }
                    json.list("projects", projects.filter { $0.credential == name }) { json, entry in json.value(entry.project) }
                    if let counts = counted ?? nil {
                        json.member("calls_24h", counts[name]?.calls ?? 0)
                        json.member("refused_24h", counts[name]?.refused ?? 0)
                    }
                }
            }
        }
    }

    // MARK: - Explain

    private static let bodyBytes = 64 << 10

    private func explain(_ request: Request) async -> Response {
        var question: AdminState.Question
        do throws(AdminBody.Fault) {
            let body = try AdminBody(request, atMost: Self.bodyBytes)
            guard let method = try body.text("method"), let path = try body.text("path"), !method.isEmpty, !path.isEmpty else {
                return AdminAnswer.fault(
                    .badRequest, "method and path are missing: send {\"caller\": \"…\", \"method\": \"GET\", \"path\": \"/v5/_/…\"}.")
            }
            question = AdminState.Question(method: method, path: path)
            (question.caller, question.reason) = (try body.text("caller"), try body.text("reason"))
            if let text = try body.text("time") {
                guard let time = TimeText.read(text, now: .now()) else {
                    return AdminAnswer.fault(.badRequest, "time is none: write 2026-11-24T08:00:00Z.")
                }
                question.time = time
            }
        } catch {
            return error.response
        }
        let (asked, explain) = (question, state.explain)
        let answer = try? await NIOThreadPool.singleton.runIfActive { explain(asked) }
        switch answer {
        case .success(let text)?: return AdminAnswer.data(Array(text.utf8) + [UInt8(ascii: "\n")], type: "application/json")
        case .failure(let fault)?: return AdminAnswer.fault(.badRequest, fault.sentence)
        case nil: return AdminAnswer.fault(.serviceUnavailable, "The gateway is stopping.", retryAfter: 5)
        }
    }
}

extension Timestamp {
    func earlier(by span: Duration) -> Timestamp { Timestamp(microseconds: max(0, microseconds.saturatingDifference(span.wholeMicroseconds))) }
    func later(by span: Duration) -> Timestamp { Timestamp(microseconds: microseconds.saturatingSum(span.wholeMicroseconds)) }
}

extension Histogram {
    /// The upper bound of the histogram class with this quantile, microseconds; for values above all bounds, the largest bound.
    func quantile(_ share: Double) -> Int64 {
        let rank = max(1, UInt64((Double(total) * share).rounded(.up)))
        var seen: UInt64 = 0
        for (slot, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return Int64((slot < Self.bounds.count ? Self.bounds[slot] : Self.bounds.last ?? 0) * 1_000_000) }
        }
        return 0
    }
}

import Audit
import Codecs
import Fleet
import Gateway
import Inquiry
import NIOCore
import NIOHTTP1
import Policy

/// The admin port's answers about the fleet, and the actions of operators.
struct FleetRoutes {
    let shared: SharedState
    let state: AdminState

    /// Longest body of an operator's action, bytes.
    private static let bodyBytes = 16 << 10
    private static let longestText = 256
    /// Local mode ends by itself.
    private static let longestLocal = Duration.seconds(86_400)

    /// A single gateway is a fleet of one, which shares nothing: the other paths don't exist.
    static func add(_ state: AdminState, to router: inout Router) {
        @Sendable func answer(_ body: (FleetRoutes) async -> Response) async -> Response {
            guard let shared = state.shared else {
                return AdminAnswer.fault(.notFound, "This gateway is alone: its configuration has no section `fleet`.")
            }
            return await body(FleetRoutes(shared: shared, state: state))
        }
        router.get("/fleet") { _ in
            guard state.shared == nil else { return await answer { await $0.overview() } }
            let own = await GatewayFigures.own(state)
            return json { json in
                json.member("as_of", own.seen.description)
                json.member("instance", own.instance)
                json.member("mode", "alone")
                json.list("gateways", [own]) { json, figures in figures.write(to: &json) }
            }
        }
        router.get("/fleet/exports") { request in
            await answer { await $0.exports(request) }
        }
        router.post("/fleet/exports/:id/resolve") { request in
            await answer { await $0.resolve(request.pathText("id"), request) }
        }
        router.post("/-/fleet/local") { request in await answer { await $0.goLocal(request) } }
        router.post("/-/fleet/shared") { _ in await answer { $0.goShared() } }
    }

    /// A query to the database, answered on one of the member's threads.
    private func asking<Value: Sendable>(_ question: (@escaping FleetMember.Answer<Value>) -> Void) async -> Result<Value, FleetFault> {
        await withCheckedContinuation { continuation in question { continuation.resume(returning: $0) } }
    }

    private func unavailable(_ fault: FleetFault) -> Response {
        AdminAnswer.fault(.serviceUnavailable, "The fleet's database can't be asked: \(fault.sentence).", retryAfter: 5)
    }

    private static func json(_ members: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(members)
        return AdminAnswer.data(json.bytes + [UInt8(ascii: "\n")], type: "application/json")
    }

    private func overview() async -> Response {
        let standing = shared.member.standing
        let members = await asking { shared.member.members(then: $0) }
        let lines = await asking { shared.member.lines(then: $0) }
        let told = await asking { shared.member.figures(then: $0) }
        let own = await GatewayFigures.own(state)
        return Self.json { json in
            json.member("as_of", own.seen.description)
            json.member("instance", shared.member.configuration.instance)
            json.member("mode", standing.mode.rawValue)
            json.member("epoch", standing.epoch)
            json.member("away", standing.absence?.fault.sentence)
            switch (members, lines, told) {
            case (.success(let members), .success(let lines), .success(let told)):
                json.list("gateways", members) { json, member in
                    let isOwn = member.instance == shared.member.configuration.instance
                    let figures = isOwn ? own : Self.figures(of: member, told.first { $0.instance == member.instance })
                    figures.write(to: &json)
                }
                json.list("members", members) { json, member in json.object { Self.write(member, to: &$0) } }
                json.list("lines", lines) { json, line in json.object { Self.write(line, to: &$0) } }
            case (.failure(let fault), _, _), (_, .failure(let fault), _), (_, _, .failure(let fault)):
                json.list("gateways", [own]) { json, figures in figures.write(to: &json) }
                json.member("fault", fault.sentence)
            }
        }
    }

    private static func figures(of member: MemberState, _ told: ToldFigures?) -> GatewayFigures {
        var figures = GatewayFigures(
            instance: member.instance, version: member.version, started: Timestamp(microseconds: member.started),
            seen: Timestamp(microseconds: member.seen))
        figures.shared = (member.configuration, member.isAlive)
        if let told { figures.take(told) }
        return figures
    }

    private static func write(_ member: MemberState, to json: inout JSONWriter) {
        json.member("instance", member.instance)
        json.key("alive")
        json.value(member.isAlive)
        json.member("epoch", member.epoch)
        json.member("started", Timestamp(microseconds: member.started).description)
        json.member("seen", Timestamp(microseconds: member.seen).description)
        json.member("version", member.version)
        json.member("shared_sha256", member.configuration)
        json.member("mode", member.mode)
        json.member("clock_offset_ms", member.clockOffset / 1_000)
        json.key("pushed")
        json.value(member.hasPushed)
    }

    private static func write(_ line: LineState, to json: inout JSONWriter) {
        json.member("line", line.line)
        json.key("paced")
        json.value(line.isPaced)
        json.member("version", line.version)
        json.member("changed", Timestamp(microseconds: line.changed).description)
        let machine = OperationLine(decoding: line.state, rules: FlowRules(pace: .off))
        json.key("readable")
        json.value(machine != nil)
        guard let machine else { return }
        json.member("waiting", Int64(machine.waitingCount))
        json.member("claims", Int64(machine.claimCount))
        json.list("quotas", machine.quotas) { json, item in
            json.object { json in
                json.member("credential", item.credential)
                json.member("count", Int64(item.quota.limit))
                json.member("period_seconds", item.quota.period.components.seconds)
            }
        }
    }

    private static func write(_ export: ExportState, to json: inout JSONWriter) {
        json.member("id", export.id)
        json.member("state", export.state)
        json.member("caller", export.caller)
        json.member("project", export.project)
        json.member("operation", export.operation)
        json.member("task_id", export.task)
        json.member("instance", export.instance)
        json.member("begun", Timestamp(microseconds: export.begun).description)
    }

    private func exports(_ request: Request) async -> Response {
        let state: String
        do throws(RecordQuery.Fault) {
            state = try OwnParameters(request, takes: ["state"])["state"] ?? "unknown"
        } catch {
            return AdminAnswer.fault(.badRequest, error.sentence)
        }
        guard ["open", "unknown", "made", "failed"].contains(state) else {
            return AdminAnswer.fault(.badRequest, "`state` is one of open, unknown, made, failed.")
        }
        switch await asking({ shared.member.exports(in: state, then: $0) }) {
        case .failure(let fault): return unavailable(fault)
        case .success(let exports):
            return Self.json { json in json.list("exports", exports) { json, export in json.object { Self.write(export, to: &$0) } } }
        }
    }

    // MARK: - Actions

    /// A text in the form that is recorded, as a caller's reason; nil if it is longer than a record can contain, or nothing of it can be seen.
    private static func sane(_ text: String?) -> String? { text.flatMap { $0.utf8.count <= longestText ? AuditReason.sane($0) : nil } }

    private func resolve(_ id: String, _ request: Request) async -> Response {
        guard RecordID(id) != nil else { return AdminAnswer.fault(.badRequest, "The path names an export by its id, a UUID in lower case.") }
        let said: (task: String?, reason: String?)
        do throws(AdminBody.Fault) {
            let body = try AdminBody(request, atMost: Self.bodyBytes)
            said = (try body.text("task"), try body.text("reason"))
        } catch {
            return error.response
        }
        guard let task = Self.sane(said.task), let reason = Self.sane(said.reason) else {
            return AdminAnswer.fault(.badRequest, "Send {\"task\": the task's id or \"none\", \"reason\": why} as JSON.")
        }
        let made = task == "none" ? nil : task
        switch await asking({ shared.member.resolve(id, task: made, reason: reason, then: $0) }) {
        case .failure(let fault): return unavailable(fault)
        case .success(.missing): return AdminAnswer.fault(.notFound, "The fleet knows no export of this id.")
        case .success(.settled): return AdminAnswer.fault(.conflict, "The end of this export is known, or it is under way.")
        case .success(.ended):
            shared.member.configuration.tell(.resolved(id: id, task: made, reason: reason))
            return Self.json { json in
                json.member("id", id)
                json.member("state", made == nil ? "failed" : "made")
            }
        }
    }

    private func goShared() -> Response {
        shared.member.set(.shared, for: .zero, because: "an operator's request")
        return mode()
    }

    private func goLocal(_ request: Request) async -> Response {
        let said: (span: String?, reason: String?)
        do throws(AdminBody.Fault) {
            let body = try AdminBody(request, atMost: Self.bodyBytes)
            said = (try body.text("for"), try body.text("reason"))
        } catch {
            return error.response
        }
        guard let span = said.span.flatMap(Self.duration), span <= Self.longestLocal, let reason = Self.sane(said.reason) else {
            return AdminAnswer.fault(.badRequest, "Send {\"for\": a duration such as \"30m\", 24h at most, \"reason\": why} as JSON.")
        }
        shared.member.set(.local, for: span, because: reason)
        return mode()
    }

    private func mode() -> Response { Self.json { $0.member("mode", shared.member.mode.rawValue) } }

    /// Whole seconds, minutes or hours: `90s`, `30m`, `2h`.
    private static func duration(_ text: String) -> Duration? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), (1...86_400).contains(count) else { return nil }
        return .seconds(count * unit)
    }
}

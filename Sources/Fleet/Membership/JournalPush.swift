import Audit
import Codecs
import Recollection
import Synchronization

/// Reports to the database the exports and files in this member's journal, from where the last report stopped: after a start, after a
/// failover, and after something could not be reported. What the database has already is not changed, so reports may be repeated.
struct JournalPush: Sendable {
    /// Records in one statement.
    private static let batch = 500
    /// How far back a record can still matter: the span of ownership.
    private static let span: Int64 = 30 * 86_400 * 1_000_000
    /// A batch takes the server longer than a single statement.
    private static let patience = Duration.seconds(10)

    let member: FleetMember
    let name: MemberName
    let answer: BeatAnswer

    /// Up to which record this journal has been reported to the database. The database keeps a number as well, but under the gateway's
    /// name: a journal that begins anew has the name of the one before.
    private var told: PositionFile { PositionFile(journal: member.configuration.journal, group: "fleet", name: member.pool.schema) }

    func run() {
        do throws(FleetFault) {
            let session = try member.pool.connect(by: Uptime.now + StatementPool.connectPatience)
            let end = member.configuration.durable()
            let missing = try tell(session, upTo: end)
            let sequence = Int64(clamping: end.value)
            let isDone = try ask(.pushed(name, timeline: answer.timeline, upTo: sequence), session)
            if isDone { told.write(end) }
            if missing > 0 { member.configuration.tell(.pushed(missing: missing)) }
            self.end(hasFailed: !isDone)
        } catch {
            end(hasFailed: true)
        }
    }

    func end(hasFailed: Bool) {
        member.state.withLock { state in
            state.isPushing = false
            if hasFailed { state.mustPush = true } else if !state.mustPush { state.owesSince = nil }
        }
    }

    private func ask<Answer>(_ statement: Statement<Answer>, _ session: Session) throws(FleetFault) -> Answer {
        try statement.decode(try session.run(statement.sql(in: member.pool.schema), statement.arguments.map(\.text), by: Uptime.now + Self.patience))
    }

    /// Where to begin: after the last reported record, unless the server may have lost it, or it was one of another journal.
    private func start() throws(JournalError) -> SequenceNumber {
        if answer.pushedTimeline == answer.timeline, answer.pushedSequence >= 0, let told = told.read() {
            return min(told, SequenceNumber(UInt64(answer.pushedSequence)))
        }
        let horizon = Timestamp(microseconds: member.configuration.now().microseconds - Self.span)
        return try JournalReader.start(since: horizon, in: member.configuration.journal)
    }

    private func tell(_ session: Session, upTo end: SequenceNumber) throws(FleetFault) -> Int64 {
        var missing: Int64 = 0
        var fault: FleetFault?
        var batch: [String] = []
        func send() {
            guard fault == nil, !batch.isEmpty else { return }
            do throws(FleetFault) {
                // The database's number may be any. Bounded: no journal has 2^62 records.
                missing += min(max(0, try ask(.push("[\(batch.joined(separator: ","))]", name), session)), Int64(batch.count))
            } catch {
                fault = error
            }
            batch.removeAll(keepingCapacity: true)
        }
        do throws(JournalError) {
            var reader = JournalReader(directory: member.configuration.journal, from: try start())
            try reader.forEachRecord(before: end) { _, line in
                if let row = RecordFact(line: line).flatMap(PushedRow.init) { batch.append(row.json) }
                if batch.count >= Self.batch { send() }
                return fault == nil
            }
        } catch {
            throw .unavailable("the journal can't be read")
        }
        send()
        if let fault { throw fault }
        return missing
    }
}

/// One record as `export_push` takes it.
struct PushedRow {
    let json: String

    init?(_ fact: RecordFact) {
        guard fact.phase == .response || fact.phase == .refusal, let project = fact.project else { return nil }
        let begun = Double(fact.begun.microseconds) / 1_000_000
        var members = ["\"begun\":\(begun)", Self.member("project", project)]
        if fact.kind != .export {
            guard fact.outcome == .success, let task = fact.taskID, let file = fact.fileID else { return nil }
            json = "{" + (members + [Self.member("task", task), Self.member("file", file)]).joined(separator: ",") + "}"
            return
        }
        guard let caller = fact.caller, let operation = fact.operation else { return nil }
        let end = ExportOutcome(fact)
        members += [
            Self.member("id", fact.id.description), Self.member("state", end.state), "\"counts\":\(end != .failed)", Self.member("caller", caller),
            Self.member("operation", operation),
        ]
        if case .made(let task, let total) = end {
            members.append(Self.member("task", task))
            if let total { members.append("\"total\":\(total)") }
        }
        if let key = fact.idempotencyKey { members.append(Self.member("key", key)) }
        if let request = fact.idempotentRequest { members.append(Self.member("request", request)) }
        json = "{" + members.joined(separator: ",") + "}"
    }

    /// PostgreSQL's texts can't hold a NUL, which no identifier of the API has; it is left out.
    private static func member(_ name: String, _ value: String) -> String {
        "\"\(name)\":\(JSONString.quoted(value.replacing("\0", with: "")))"
    }
}

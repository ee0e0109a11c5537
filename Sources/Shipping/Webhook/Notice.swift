internal import Audit
internal import Codecs

/// The kinds of notices to a caller.
package enum NoticeKind: String, Sendable, CaseIterable {
    case exportReady = "export_ready"
    case exportFailed = "export_failed"
    case dailyLimit = "daily_limit"
    case keyEnding = "key_ending"
}

/// One notice to a caller.
struct Notice {
    /// Identifies equal notices: `export_ready:TASK`.
    let id: String
    let kind: NoticeKind
    let time: Timestamp
    let caller: String
    /// The record that it was read from.
    let auditID: String
    let facts: [(name: String, value: String)]

    /// The JSON that is sent and signed.
    func body(instance: String) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.member("id", id)
            json.member("event", kind.rawValue)
            json.member("time", time.description)
            json.member("caller", caller)
            json.member("audit_id", auditID)
            json.member("gateway", instance)
            for fact in facts { json.member(fact.name, fact.value) }
        }
        return json.bytes
    }
}

/// Finds the notices for one caller in records. Without I/O: lines in, notices out.
struct NoticeReader {
    /// The percentage of a limit from which on a caller is notified.
    static let share = 80
    /// Notices that are remembered so that they are sent once; tasks may be polled after their end.
    private static let mostRemembered = 1_024

    private let caller: String
    private let kinds: Set<NoticeKind>
    /// The caller's name as it appears in its records, and in events about it.
    private let marks: [[UInt8]]
    private var told: [String] = []

    init(caller: String, kinds: Set<NoticeKind>) {
        self.caller = caller
        self.kinds = kinds
        var name: [UInt8] = []
        JSONString.append(caller, to: &name)
        marks = [Array("\"caller\":{\"name\":".utf8) + name, Array("\"caller\":".utf8) + name]
    }

    /// The receiver has it, or it was skipped.
    mutating func isTold(_ notice: Notice) {
        told.append(notice.id)
        if told.count > Self.mostRemembered { told.removeFirst() }
    }

    func hasTold(_ notice: Notice) -> Bool { told.contains(notice.id) }

    /// - Parameters:
    ///   - limit: the caller's limit of exports per day, if there is one.
    ///   - exports: the number of its exports on the day of a time.
    func notice(in line: UnsafeRawBufferPointer, limit: () -> Int?, exports: (Timestamp) -> Int) -> Notice? {
        // Most records are about other callers, and are not parsed.
        guard marks.contains(where: { Self.holds(line, $0) }), let record = RecordFields(line) else { return nil }
        guard let found = read(record, limit, exports), kinds.contains(found.kind), !told.contains(found.id) else { return nil }
        return found
    }

    private func read(_ record: RecordFields, _ limit: () -> Int?, _ exports: (Timestamp) -> Int) -> Notice? {
        let phase = record.text(.phase)
        if phase == Record.Phase.event.rawValue { return keyNotice(record) }
        guard phase == Record.Phase.response.rawValue, record.text(.callerName) == caller,
            record.text(.outcome) == Record.Outcome.success.rawValue
        else { return nil }
        let kind = record.text(.kind)
        if kind == Record.Kind.export.rawValue { return limitNotice(record, limit, exports) }
        guard kind == Record.Kind.read.rawValue, let task = record.text(.taskID) else { return nil }
        if record.object(.detail)?.text(.taskStatus) == "failure" { return make(.exportFailed, task, record, [("task_id", task)]) }
        guard let file = record.text(.fileID) else { return nil }
        return make(.exportReady, task, record, [("task_id", task), ("file_id", file)])
    }

    private func keyNotice(_ record: RecordFields) -> Notice? {
        guard record.text(.event) == "caller_key_ending", let detail = record.object(.detail), detail.text("caller") == caller,
            let key = detail.text("key")
        else { return nil }
        return make(.keyEnding, key, record, [("key", key), ("ends", detail.text("ends") ?? "")])
    }

    private func limitNotice(_ record: RecordFields, _ limit: () -> Int?, _ exports: (Timestamp) -> Int) -> Notice? {
        guard let dailyLimit = limit(), let time = record.time else { return nil }
        // In a fleet the record has the count of all gateways.
        let used = record.object(.detail)?.integer(.exportsOfDay).flatMap { Int(exactly: $0) } ?? exports(time)
        // Bounded: a limit is at most a million; rounded up, four fifths of it.
        guard used >= (dailyLimit * Self.share + 99) / 100 else { return nil }
        return make(.dailyLimit, String(time.description.prefix(10)), record, [("used", String(used)), ("limit", String(dailyLimit))])
    }

    private func make(_ kind: NoticeKind, _ subject: String, _ record: RecordFields, _ facts: [(name: String, value: String)]) -> Notice? {
        guard let time = record.time, let id = record.text(.id) else { return nil }
        let project = record.text(.projectName).map { [(name: "project", value: $0)] } ?? []
        return Notice(id: "\(kind.rawValue):\(subject)", kind: kind, time: time, caller: caller, auditID: id, facts: project + facts)
    }

    private static func holds(_ line: UnsafeRawBufferPointer, _ mark: [UInt8]) -> Bool {
        guard let first = mark.first, line.count >= mark.count else { return false }
        return (0...line.count - mark.count).contains { line[$0] == first && line[$0..<$0 + mark.count].elementsEqual(mark) }
    }
}

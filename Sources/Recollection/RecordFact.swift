package import Audit

/// The parts of a record that memory needs, for a new record as well as for one read from the journal.
package struct RecordFact: Sendable, Hashable {
    package var id: RecordID
    package var phase: Record.Phase
    package var time: Timestamp
    /// The caller's name.
    package var caller: String?
    package var operation: String?
    package var kind: Record.Kind?
    /// The project's id.
    package var project: String?
    package var status: Int?
    package var outcome: Record.Outcome?
    /// Whether the record contains a call to HSS.
    package var hasUpstream = false
    package var taskID: String?
    package var fileID: String?
    package var recordTotalNum: Int64?
    /// The digests of an export's `Idempotency-Key` and of its request.
    package var idempotencyKey: String?
    package var idempotentRequest: String?

    package init(id: RecordID, phase: Record.Phase, time: Timestamp) {
        self.id = id
        self.phase = phase
        self.time = time
    }

    /// The facts of a record that is about to be appended.
    package init(_ record: Record) {
        self.init(id: record.id, phase: record.phase, time: record.time)
        caller = record.caller?.name
        operation = record.operation
        kind = record.kind
        project = record.project?.id
        status = record.status
        outcome = record.outcome
        hasUpstream = record.upstream != nil
        taskID = record.export?.taskID
        fileID = record.export?.fileID
        recordTotalNum = record.export?.recordTotalNum
        for field in record.detail?.fields ?? [] {
            guard case .string(let text) = field.value else { continue }
            if field.name == RecordDetail.idempotencyKey.rawValue { idempotencyKey = text }
            if field.name == RecordDetail.idempotentRequest.rawValue { idempotentRequest = text }
        }
    }

    /// Whether a record is memorable. Cheap, because it is called for every exchange.
    package static func isMemorable(_ kind: Record.Kind?, joinsExport: Bool) -> Bool {
        kind == .export || joinsExport
    }

    /// When the exchange began, from its identifier (RFC 9562 section 5.7). For a request that a crash left open, this is the only time that is the
    /// same in the live record and in the one written by recovery.
    package var begun: Timestamp { Timestamp(begunOf: id) }
}

extension Timestamp {
    /// When an exchange began, from its identifier, to the millisecond.
    package init(begunOf id: RecordID) {
        self.init(microseconds: Int64(id.high >> 16) * 1_000)
    }

    /// Whole seconds since the epoch.
    package var seconds: Int64 { microseconds / 1_000_000 }
}

internal import Audit
import Synchronization

/// Lines about requests in the operational log, which is separate from the journal: one line per request at its end, and one per step at level debug.
/// No line contains a query, a body or a secret.
package final class RequestLog: Sendable {
    /// Which requests get a line.
    package enum Choice: UInt8, Sendable, AtomicRepresentable {
        case off
        /// Requests that the gateway itself answered.
        case refused
        case all
    }

    /// A line, as its message and its fields.
    package struct Line: Sendable {
        package let message: String
        package let fields: [(name: String, value: String)]
        /// Whether the line is about a step, for level debug.
        package let isStep: Bool
    }

    private let choice = Atomic<Choice>(.off)
    private let follows = Atomic<Bool>(false)
    private let write: @Sendable (Line) -> Void

    /// - Parameter write: takes lines; must not block.
    package init(write: @escaping @Sendable (Line) -> Void) {
        self.write = write
    }

    /// Changes what is written from the next request on.
    /// - Parameter follows: whether steps are written too.
    package func adjust(_ choice: Choice, follows: Bool) {
        self.choice.store(choice, ordering: .relaxed)
        self.follows.store(follows, ordering: .relaxed)
    }

    /// Whether the steps of requests that begin now are logged.
    var writesSteps: Bool { follows.load(ordering: .relaxed) }

    func step(_ message: String, of requestID: String, _ fields: [(name: String, value: String?)]) {
        let known = fields.compactMap { field in field.value.map { (name: field.name, value: $0) } }
        write(Line(message: message, fields: [("request_id", requestID)] + known, isStep: true))
    }

    func isWanted(refused: Bool) -> Bool {
        switch choice.load(ordering: .relaxed) {
        case .off: false
        case .refused: refused
        case .all: true
        }
    }

    /// The line of a request that has ended.
    func end(_ record: Record, auditID: String) {
        let fields: [(name: String, value: String?)] = [
            ("request_id", record.requestID), ("audit_id", auditID), ("caller", record.caller?.name), ("address", record.caller?.address),
            ("method", record.method), ("path", record.path), ("operation", record.operation), ("project", record.project?.name),
            ("status", record.status.map { String($0) }), ("outcome", record.outcome?.rawValue), ("source", record.source?.rawValue),
            ("error_code", record.errorCode), ("rule", record.rule),
            ("duration_us", record.duration.map { String($0.wholeMicroseconds) }),
        ]
        let known = fields.compactMap { field in field.value.map { (name: field.name, value: $0) } }
        write(Line(message: "request", fields: known, isStep: false))
    }
}

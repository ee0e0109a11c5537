import Audit
import NIOHTTP1

/// What is decided about a body before and while it arrives.
extension Exchange {
    /// What would be refused whatever the body holds.
    func judgeBeforeBody(_ framing: WireJudge.Framing) throws(Refusal) {
        if decision != nil, snapshot.durability != .bestEffort, !worker.journal.isHealthy { throw Refusal.auditUnavailable }
        switch framing {
        case .none, .length(0): break
        case .length, .chunked: try RequestContent.judgeAnnouncement(head: head, fields: fields)
        }
    }

    /// Counts another piece of the body among those in hand; false when there is no room for it.
    func holdBody(_ bytes: Int) -> Bool {
        if bodyLoan == nil { bodyLoan = BodyLoan(worker.bodies, isProven: place == .proven) }
        return bodyLoan?.extend(by: bytes) ?? false
    }
}

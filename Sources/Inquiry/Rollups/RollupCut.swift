import Audit

/// The dimensions of the rollups' rows. Every exchange is counted in each of these cuts, so that a query about few dimensions reads few
/// rows: twenty callers with sixty operations are hundreds of rows an hour, and their outcomes half a dozen.
package enum RollupCut: Int64, CaseIterable, Sendable {
    /// All dimensions of a group.
    case full = 0
    /// Outcome, phase and error code, and whether it created or fetched an export: part of every cut.
    case outcome = 1
    /// These and the caller.
    case caller = 2
    /// These and the credential.
    case credential = 3

    /// The smallest cut with all dimensions that a query distinguishes or filters by.
    init(_ question: RollupQuestion) {
        let query = question.query
        let (caller, credential) = (
            question.tells.contains(.caller) || query.caller != nil, question.tells.contains(.credential) || question.credential != nil
        )
        guard !question.tells.contains(.everything), query.operation == nil, query.kind == nil, query.project == nil, !(caller && credential) else {
            self = .full
            return
        }
        self = caller ? .caller : credential ? .credential : .outcome
    }

    /// The group under which a group's exchanges are counted in this cut.
    package func group(of group: RollupGroup) -> RollupGroup {
        guard self != .full else { return group }
        var cut = RollupGroup()
        (cut.phase, cut.outcome, cut.errorCode) = (group.phase, group.outcome, group.errorCode)
        if group.isExport { (cut.kind, cut.source) = (group.kind, group.source) }
        if group.isDownload { cut.kind = group.kind }
        if self == .caller { cut.caller = group.caller }
        if self == .credential { cut.credential = group.credential }
        return cut
    }
}

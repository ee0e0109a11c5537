import Audit

/// By what the rows of rollups are told apart. Every exchange is counted in each of these, so that a question about few things reads few
/// rows: twenty callers with sixty operations are hundreds of rows an hour, and their outcomes half a dozen.
package enum RollupCut: Int64, CaseIterable, Sendable {
    /// By everything that a group has.
    case full = 0
    /// By outcome, phase and error code, and whether it made an export or fetched one: what a cut of a question always has.
    case outcome = 1
    /// By these and the caller.
    case caller = 2
    /// By these and the credential.
    case credential = 3

    /// The least that tells apart what a question asks for and what it filters by.
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

    /// What a group's exchanges are counted as.
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

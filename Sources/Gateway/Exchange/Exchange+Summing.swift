import Audit
import Policy

/// Refusals that are counted in a sum instead of getting a record each.
extension Exchange {
    /// Counts a refusal in a sum if it is beyond what may be recorded singly. The answer's `Audit-Id` is then that of the sum's record.
    func joinsSum() -> Bool {
        guard reservedExport == nil, let sum = record.sum(in: worker.refusals, rate: snapshot.limits.refusals) else { return false }
        record.joined(sum)
        worker.meters.countSummedRefusal()
        return true
    }
}

extension ExchangeRecord {
    /// The sum that this exchange belongs to; nil when it has a record of its own, which everything has that is more than a refusal.
    ///
    /// Refusals of a caller who is held to a rate are bounded by it, except those that say that the rate was passed. So are decisions about a
    /// known caller's operation, by the disk's share alone: what was denied to whom is what the journal is for.
    mutating func sum(in refusals: RefusalLedger, rate: RefusalRate) -> RecordID? {
        guard isBareRefusal else { return nil }
        let source = caller.map(RefusalSource.caller) ?? RefusalSource(address: address)
        let isBounded = caller != nil && (isLimited || isOfKnownOperation) && refusal != .rateLimited
        return refusals.take(refusal?.text ?? ExchangeRecord.abandoned, of: source, at: time, rate: isBounded ? nil : rate)
    }

    /// What stands for the code of an exchange whose caller left before it was decided.
    private static let abandoned = "caller_left"
}

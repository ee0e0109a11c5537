import Audit
import Policy

/// Refusals that are counted in a summary record instead of getting a record each.
extension Exchange {
    /// Counts a refusal in a summary record if there are too many for a record each. The answer's `Audit-Id` then names the summary record.
    func joinsSum() -> Bool {
        guard reservedExport == nil, let sum = record.sum(in: worker.refusals, rate: snapshot.limits.refusals) else { return false }
        record.joined(sum)
        worker.meters.countSummedRefusal()
        return true
    }
}

extension ExchangeRecord {
    /// The summary record that counts this exchange; nil if it gets its own record. Everything that is not just a refusal gets its own.
    ///
    /// Refusals of a caller with a rate limit are bounded by that rate, except those for exceeding it. Denials of a known operation to a known caller
    /// are bounded only by the share of the disk, because the journal exists to record what was denied to which caller. An anonymous caller is not a
    /// known caller, even if the configuration names it.
    mutating func sum(in refusals: RefusalLedger, rate: RefusalRate) -> RecordID? {
        guard isBareRefusal else { return nil }
        let source = caller.map(RefusalSource.caller) ?? RefusalSource(address: address)
        let isBounded = caller != nil && (isLimited || isOfKnownOperation && !isAnonymous) && refusal != .rateLimited
        return refusals.take(refusal?.text ?? ExchangeRecord.abandoned, of: source, at: time, rate: isBounded ? nil : rate)
    }

    /// The code in a summary record for an exchange whose caller left before the decision.
    private static let abandoned = "caller_left"
}

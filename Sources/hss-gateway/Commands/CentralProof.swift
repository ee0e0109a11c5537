import Assembly
import Audit
import Shipping

/// Verifies the journals of a central database.
struct CentralProof {
    let database: String
    /// Only the journal of this instance.
    var instance: String?
    let trust: CentralTrust

    /// One report for each instance, also for those that the database has nothing of although the auditor's keys or checkpoints are theirs.
    func reports() throws(Failure) -> [VerificationReport] {
        var reports: [VerificationReport] = []
        do throws(SinkFailure) {
            let copy = try CentralCopy(url: try SecretText.read(database))
            let present = try copy.instances()
            for name in instance.map({ [$0] }) ?? present where present.contains(name) { reports.append(try copy.verify(name, trust)) }
            try Self.markDuplicates(&reports, copy)
            reports += try copy.missing(instance, trust)
        } catch {
            throw Failure(.runtime, "The database can't be read: \(error.reason).")
        }
        guard !reports.isEmpty else { throw Failure(.usage, "The database has no record of \(instance ?? "any gateway").") }
        return reports
    }

    /// Instances that have another one's records, as after a host was renamed, or where somebody copied its rows: each record counts once. The one
    /// of which more is signed counts.
    private static func markDuplicates(_ reports: inout [VerificationReport], _ copy: CentralCopy) throws(SinkFailure) {
        for index in reports.indices {
            for other in reports[..<index].indices {
                let (one, two) = (reports[index], reports[other])
                guard one.fault == nil, two.fault == nil, one.duplicateOf == nil, two.duplicateOf == nil else { continue }
                let place = max(one.first, two.first)
                guard place < min(one.head.size, two.head.size), let name = one.instance, let second = two.instance,
                    try copy.share(name, second, place)
                else { continue }
                let isLess = (one.signed, one.head.size) <= (two.signed, two.head.size)
                let (less, more) = isLess ? (index, second) : (other, name)
                reports[less].duplicateOf = more
                reports[less].remarks.append("these are records of \(more) under another name: `audit report` counts them once")
            }
        }
    }
}

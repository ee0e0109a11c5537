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
            reports += try copy.missing(instance, trust)
        } catch {
            throw Failure(.runtime, "The database can't be read: \(error.reason).")
        }
        guard !reports.isEmpty else { throw Failure(.usage, "The database has no record of \(instance ?? "any gateway").") }
        return reports
    }
}

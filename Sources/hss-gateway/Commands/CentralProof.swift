import Assembly
import Audit
import Shipping

/// Verifies the journals of a central database.
struct CentralProof {
    let database: String
    /// Only the journal of this instance.
    var instance: String?
    let trust: CentralTrust

    /// One report for each instance.
    func reports() throws(Failure) -> [VerificationReport] {
        do throws(SinkFailure) {
            let copy = try CentralCopy(url: try SecretText.read(database))
            let names = if let instance { [instance] } else { try copy.instances() }
            var reports: [VerificationReport] = []
            for name in names { reports.append(try copy.verify(name, trust)) }
            return reports
        } catch {
            throw Failure(.runtime, "The database can't be read: \(error.reason).")
        }
    }
}

import Audit
import PostgreSQL

/// Finds out why a row contains another record than its number says.
struct CentralDiagnosis {
    private let instance: String
    private let connection: PostgreSQLConnection

    init(_ instance: String, _ connection: PostgreSQLConnection) {
        self.instance = instance
        self.connection = connection
    }

    /// The fault: two records that were exchanged, one that is there twice, or one that was inserted.
    func fault(_ misplaced: CentralReading.Misplaced) throws(SinkFailure) -> VerificationReport.Fault {
        let place = misplaced.place
        guard let found = misplaced.found else {
            return .init(kind: .changed, first: place, last: place, sentence: "record \(place) was changed: its line has no number")
        }
        let inserted = "in the place of record \(place) stands a record with the number \(found)"
        guard let here = try line(place), let there = try line(found) else {
            return .init(kind: .inserted, first: place, last: place, sentence: inserted)
        }
        if here == there {
            return .init(
                kind: .duplicated, first: place, last: place, sentence: "in the place of record \(place) stands record \(found) a second time")
        }
        let other = there.withUnsafeBytes { RecordFields($0)?.integer(.sequence) }
        if other == Int64(place) {
            let (first, last) = (min(place, found), max(place, found))
            return .init(kind: .reordered, first: first, last: last, sentence: "records \(first) and \(last) stand in each other's place")
        }
        return .init(kind: .inserted, first: place, last: place, sentence: inserted)
    }

    private func line(_ sequence: UInt64) throws(SinkFailure) -> [UInt8]? {
        guard let number = Int64(exactly: sequence) else { return nil }
        return try connection.run("SELECT line FROM hssgw_records WHERE instance = $1 AND seq = $2", [instance, String(number)]).first?.bytes(0)
    }
}

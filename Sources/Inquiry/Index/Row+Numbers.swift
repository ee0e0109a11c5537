import Audit
import GRDB

extension Row {
    /// A column as a number that the index can have written: from 0 to the largest number of a record. Anything else means that the file was
    /// damaged, which ends the use of the index and not the process.
    func number(_ column: Int, upTo highest: Int64 = Int64(SequenceNumber.maximum.value)) throws -> Int64 {
        guard case .int64(let number) = (self[column] as DatabaseValue).storage, (0...highest).contains(number) else {
            throw InquiryError.indexUnusable("one of its numbers is none that it can have written")
        }
        return number
    }

    /// The same of a column that may be NULL.
    func optionalNumber(_ column: Int, upTo highest: Int64 = Int64(SequenceNumber.maximum.value)) throws -> Int64? {
        (self[column] as DatabaseValue).isNull ? nil : try number(column, upTo: highest)
    }
}

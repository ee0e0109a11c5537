import Audit

/// Why a query about the journal failed.
package enum InquiryError: Error, Hashable {
    /// The journal's directory can't be read; with the system's code.
    case directoryUnreadable(path: String, code: Int32)
    /// A segment can't be read; with the system's code.
    case segmentUnreadable(name: String, code: Int32)
    /// The index can't be used; with SQLite's own text. It may be deleted at any time.
    case indexUnusable(String)
    /// Another process is updating the index.
    case indexInUse
    /// A named file can't be read; with the system's code.
    case fileUnreadable(path: String, code: Int32)
    /// A named file doesn't have the expected content.
    case notUnderstood(path: String, problem: String)
    /// The central database does not answer; the reason contains no part of its URL.
    case databaseUnreadable(String)
    /// A row's columns contradict its line: the copy was changed.
    case copyTouched(instance: String, sequence: Int64)

    init(_ error: JournalError) {
        switch error {
        case .directoryUnusable(let path, let code): self = .directoryUnreadable(path: path, code: code)
        case .cannotOpen(let segment, let code), .cannotRead(let segment, let code): self = .segmentUnreadable(name: segment, code: code)
        default: self = .segmentUnreadable(name: "", code: 0)
        }
    }

    static func translating<Value: ~Copyable>(_ body: () throws(JournalError) -> Value) throws(InquiryError) -> Value {
        do throws(JournalError) {
            return try body()
        } catch {
            throw InquiryError(error)
        }
    }
}

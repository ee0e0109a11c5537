import ArgumentParser
import Assembly
import Audit
import Catalogue
import Codecs
import Inquiry
import Settings

/// The filters of `audit query` and `audit tail`: the same names as in `/audit/records`.
struct RecordFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only this caller's.", valueName: "name")) var caller: String?
    @Option(help: ArgumentHelp("Only this operation's.", valueName: "name"), completion: .custom { _, _, _ in Operation.allCases.map(\.name) })
    var operation: String?
    @Option(
        help: ArgumentHelp("Only this kind: read, write, export or download.", valueName: "kind"),
        completion: .list(["read", "write", "export", "download"]))
    var kind: String?
    @Option(help: ArgumentHelp("Only this project's, by name or id.", valueName: "project")) var project: String?
    @Option(help: ArgumentHelp("Only from this time on: 2026-11-24T08:00:00Z, 2026-11-24, or an age like 24h or 7d.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Only before this time.", valueName: "time")) var until: String?
    @Option(
        help: ArgumentHelp("Only with this outcome: success, failure, refused or unknown.", valueName: "outcome"),
        completion: .list(["success", "failure", "refused", "unknown"]))
    var outcome: String?
    @Option(
        help: ArgumentHelp("Only this moment of an exchange: request, response, refusal or event.", valueName: "phase"),
        completion: .list(["request", "response", "refusal", "event"]))
    var phase: String?
    @Option(help: ArgumentHelp("Only of this export task.", valueName: "id")) var task: String?
    @Option(help: ArgumentHelp("Only about this exported file, by HSS's id.", valueName: "id")) var fileID: String?
    @Option(help: ArgumentHelp("Only downloads with this digest.", valueName: "digits")) var sha256: String?
    @Option(help: ArgumentHelp("Only this exchange: the caller's request id, HSS's, or the Audit-Id.", valueName: "id")) var requestID: String?

    @Option(help: ArgumentHelp("Only what this gateway recorded.", valueName: "name")) var instance: String?

    func query() throws(Failure) -> RecordQuery {
        var query = RecordQuery()
        let filters = [
            ("caller", caller), ("operation", operation), ("kind", kind), ("project", project), ("since", since), ("until", until),
            ("outcome", outcome), ("phase", phase), ("task", task), ("file_id", fileID), ("sha256", sha256), ("request_id", requestID),
            ("instance", instance),
        ]
        for (name, value) in filters { if let value { try query.take(name, value) } }
        if let operation { Self.warn(of: operation) }
        return query
    }

    /// An empty answer must not be taken for evidence when the name is misspelt. A name that an older release knew is no fault.
    private static func warn(of operation: String) {
        let names = Operation.allCases.map(\.name)
        guard !names.contains(operation) else { return }
        let hint = DidYouMean(names).hint(for: operation).map { ": \($0)" } ?? "."
        Console.error("HSS has no operation \(operation)\(hint)")
    }
}

extension RecordQuery {
    /// Sets a filter from a flag.
    mutating func take(_ name: String, _ value: String) throws(Failure) {
        do throws(RecordQuery.Fault) {
            try set(name, to: value, now: .now())
        } catch {
            let flag = "--" + error.filter.split(separator: "_").joined(separator: "-")
            throw Failure(.usage, "\(flag) \(error.problem).")
        }
    }
}

extension RecordFormat: ExpressibleByArgument {}

extension InquiryError {
    /// The message for the operator.
    var failure: Failure {
        switch self {
        case .directoryUnreadable(let path, let code): Failure(.runtime, "The directory \(path) can't be read: \(SystemError.text(code)).")
        case .segmentUnreadable(let name, let code): Failure(.runtime, "The journal's segment \(name) can't be read: \(SystemError.text(code)).")
        case .indexUnusable(let problem): Failure(.runtime, "The journal's index can't be used: \(problem). It may be deleted.")
        case .indexInUse: Failure(.runtime, "The journal's index is in use.")
        case .fileUnreadable(let path, let code): Failure(.usage, "\(path) can't be read: \(SystemError.text(code)).")
        case .notUnderstood(let path, let problem): Failure(.usage, "\(path) \(problem).")
        case .databaseUnreadable(let reason): Failure(.runtime, "The database can't be read: \(reason).")
        case .copyTouched(let instance, let sequence):
            Failure(.runtime, "Record \(sequence) of \(PrintableText.line(instance)) is not what its row says: run `audit verify-database`.")
        }
    }

    /// Runs a query; an error ends the command.
    static func translating<Value>(_ body: () throws(InquiryError) -> Value) throws(Failure) -> Value {
        do throws(InquiryError) {
            return try body()
        } catch {
            throw error.failure
        }
    }
}

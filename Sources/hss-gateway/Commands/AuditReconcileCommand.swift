import ArgumentParser
import Assembly
import Audit
import Catalogue
import Inquiry

/// `audit reconcile`: compares the journal with the cloud's own traces.
struct AuditReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compare the journal with an export of Huawei's Cloud Trace Service.",
        discussion: """
            Lists the calls that our credential made past the gateway, and those of the gateway that CTS doesn't know. Exit codes: 0 both say the
            same, 9 differences.
            """
    )

    /// How the differences are printed.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @OptionGroup var place: RecordSourceOptions
    @Option(
        help: ArgumentHelp("The journal of another gateway that uses the same credential; may stand several times.", valueName: "directory"),
        completion: .directory)
    var journal: [String] = []
    @Option(
        help: ArgumentHelp(
            "An export of CTS: JSON, as its API, its console or its bucket give it, compressed or not; may stand several times.", valueName: "file"),
        completion: .file())
    var cts: [String]
    @Option(help: ArgumentHelp("How far the two clocks may differ, seconds.", valueName: "seconds")) var tolerance = 5
    @Flag(help: "Report reads without a trace as missing too; CTS records reads only with a data tracker.") var reads = false
    @Option(help: ArgumentHelp("text or json.", valueName: "format")) var format = Format.text

    /// The exit code for scripts.
    private static let differs: Int32 = 9

    func validate() throws {
        guard (0...86_400).contains(tolerance) else { throw ValidationError("--tolerance is no number of seconds from 0 to 86400.") }
    }

    func run() throws {
        var traces: [CloudTrace] = []
        for path in cts { traces += try InquiryError.translating { () throws(InquiryError) in try CloudTrace.read(path: path) } }
        // A trace counts once, even if pages overlap or a file is named twice.
        var known: Set<CloudTrace> = []
        traces.removeAll { !known.insert($0).inserted }
        let calls = try calls()
        var scope = Reconciliation.Scope()
        scope.tolerance = .seconds(tolerance)
        scope.includesReads = reads
        scope.operations = { CloudTraceNames.operations(ofTrace: $0) }
        scope.keeps = { CloudTraceNames.keeps($0) }
        let result = Reconciliation(traces: traces, calls: calls, scope: scope)
        Console.output(format == .json ? result.json : result.text)
        if !result.agrees { throw ExitCode(Self.differs) }
    }

    /// The calls sent by all gateways, each record once, whatever its source.
    private func calls() throws -> [Reconciliation.Call] {
        var calls: [Reconciliation.Call] = []
        var known: Set<[String]> = []
        func take(_ record: JournalRecord) {
            guard let call = Reconciliation.Call(record), known.insert([call.instance ?? "", String(call.sequence), call.time.description]).inserted
            else { return }
            calls.append(call)
        }
        if place.isOfFleet {
            let source = try place.source()
            var everything = RecordQuery()
            everything.order = .oldest
            everything.limit = .max
            try InquiryError.translating { () throws(InquiryError) in
                try source.forEach(everything) { record in
                    take(record)
                    return true
                }
            }
        }
        let own = place.isOfFleet ? [] : [try place.location.path()]
        for directory in journal { try JournalLocation.requireJournal(in: directory, of: "--journal") }
        for directory in own + journal {
            do throws(JournalError) {
                var reader = JournalReader(directory: directory)
                try reader.forEachRecord { _, line in
                    if let record = JournalRecord(Array(line)) { take(record) }
                    return true
                }
            } catch {
                throw Failure(.runtime, "The journal at \(directory) can't be read: \(error.sentence)")
            }
        }
        return calls
    }
}

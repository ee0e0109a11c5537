import ArgumentParser
import Assembly
import Audit
import Inquiry

/// `audit reconcile`: the journal beside the cloud's own account.
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

    @OptionGroup var location: JournalLocation
    @Option(help: ArgumentHelp("The export of CTS: JSON, as its API, its console or its bucket give it.", valueName: "file")) var cts: String
    @Option(help: ArgumentHelp("How far the two clocks may differ, seconds.", valueName: "seconds")) var tolerance = 5
    @Flag(help: "Miss traces of reads too; CTS keeps them only where a data tracker does.") var reads = false
    @Option(help: ArgumentHelp("text or json.", valueName: "format")) var format = Format.text

    /// What scripts look for.
    private static let differs: Int32 = 9

    func validate() throws {
        guard (0...86_400).contains(tolerance) else { throw ValidationError("--tolerance is no number of seconds from 0 to 86400.") }
    }

    func run() throws {
        let traces = try InquiryError.translating { () throws(InquiryError) in try CloudTrace.read(path: cts) }
        let directory = try location.path()
        var calls: [Reconciliation.Call] = []
        do throws(JournalError) {
            var reader = JournalReader(directory: directory)
            try reader.forEachRecord { _, line in
                if let record = JournalRecord(Array(line)), let call = Reconciliation.Call(record) { calls.append(call) }
                return true
            }
        } catch {
            throw Failure(.runtime, "The journal can't be read: \(error.sentence)")
        }
        var scope = Reconciliation.Scope()
        scope.tolerance = .seconds(tolerance)
        scope.includesReads = reads
        let result = Reconciliation(traces: traces, calls: calls, scope: scope)
        Console.output(format == .json ? result.json : result.text)
        if !result.agrees { throw ExitCode(Self.differs) }
    }
}

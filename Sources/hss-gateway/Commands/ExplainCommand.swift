import ArgumentParser
import Assembly
import Audit
import Credentials
import Gateway
import Policy
import Recollection
import Settings

/// `explain`: shows what the gateway would do with a request, and why, without sending it.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show what would be done with a request, and why, without sending it.",
        discussion: """
            Decided by the code that decides requests. Whose an export task is comes from the audit directory, where it can be read. \
            Limits aren't looked at. Exit codes: 0 allowed, 8 denied, 3 bad configuration.
            """
    )

    @Argument(help: "The request's method.") var method: String
    @Argument(help: ArgumentHelp("The request's path and query.", valueName: "path")) var path: String
    @OptionGroup var source: ConfigurationOptions
    @Option(help: ArgumentHelp("Who calls; anonymous when left out.", valueName: "name")) var caller = CallerSettings.anonymousName
    @Option(help: ArgumentHelp("What X-Audit-Reason would say.", valueName: "text")) var reason: String?
    @Option(help: ArgumentHelp("A file with the request's body.", valueName: "file"), completion: .file()) var body: String?
    @Option(help: ArgumentHelp("When the request comes, 2026-01-31T23:59:59Z; now when left out.", valueName: "time")) var time: String?
    @Flag(help: "One JSON object instead of text.") var json = false

    static let denied: Int32 = 8

    func run() throws {
        let origin = ConfigurationSource(options: source, environment: ProcessEnvironment.variables)
        let settings = try origin.load()
        // An explanation sends nothing, also not to IAM: credentials that would need a fetch have no material.
        let surroundings = CredentialSurroundings(
            environment: ProcessEnvironment.variables, exchange: NoIAMExchange(), clock: ClockOffset())
        let configuration = try RunningConfiguration(settings, source: origin, surroundings, generation: 1)
        let seconds = try time.map { time throws(Failure) in try PolicyTrial.seconds(time, of: "--time") }
        var request = Explanation.Request(
            method: method, target: path, callerName: caller,
            secondsSinceEpoch: seconds ?? Timestamp.now().microseconds / 1_000_000)
        request.reason = reason
        request.body = try body.map { path throws(Failure) in try FileContent.read(path, limit: settings.limits.requestBody.bytes) }
        let explanation = Explanation(
            of: request, by: configuration.snapshot, memory: Self.memory(in: settings.audit.directory))
        let report = ExplanationReport(explanation)
        Console.output(json ? report.json : report.text)
        guard explanation.refusal == nil else { throw ExitCode(Self.denied) }
    }

    /// The memory that a gateway with this directory would have; empty if there is no journal yet.
    static func memory(in directory: String) -> Memory {
        guard let recall = try? Recall(directory: directory, asOf: Timestamp.now()) else { return Memory() }
        return Memory(recall.memories)
    }
}

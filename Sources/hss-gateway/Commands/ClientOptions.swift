import ArgumentParser
import Assembly
import Codecs
import Credentials
import Glibc

/// Which gateway a caller's command connects to, and with which credential.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The gateway; HSSGW_GATEWAY, then http://127.0.0.1:8080, when left out.", valueName: "url"))
    var gateway: String?

    @Option(help: ArgumentHelp("A file with the caller's API key or token; HSSGW_KEY_FILE when left out.", valueName: "file"), completion: .file())
    var keyFile: String?

    @Option(help: ArgumentHelp("Certificates to trust beside the system's, PEM.", valueName: "file"), completion: .file())
    var caFile: String?

    static let refused: Int32 = 7

    func client() async throws -> GatewayClient {
        let variables = ProcessEnvironment.variables
        return try await GatewayClient(
            gateway: gateway ?? variables[ProcessVariables.gateway] ?? "http://127.0.0.1:8080", key: try key(variables[ProcessVariables.keyFile]),
            certificateAuthorities: caFile)
    }

    private func key(_ standard: String?) throws(Failure) -> Secret? {
        guard let path = keyFile ?? standard else { return nil }
        do throws(SecretFault) {
            return try Secret.read(.file(path: path))
        } catch {
            throw Failure(.usage, error.sentence)
        }
    }

    /// The flags for these options, for a suggestion to repeat the command.
    var words: [String] {
        [gateway.map { ["--gateway", $0] }, keyFile.map { ["--key-file", $0] }, caFile.map { ["--ca-file", $0] }].compactMap(\.self).flatMap(\.self)
    }
}

/// `whoami`: what the gateway knows about this caller.
struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Ask a gateway as which caller it recognises you, and what this caller may do.",
        discussion: "On a terminal a few lines, in a pipe the gateway's JSON. Exit codes: 0 known, 7 refused, 1 no answer."
    )

    @OptionGroup var options: ClientOptions

    func run() async throws { try await OwnPageReading.show("/-/whoami", options, as: OwnPageText.whoAmI) }
}

/// `usage`: the limits of this caller and what is left.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Ask a gateway for this caller's limits, what it has used, and what is left.",
        discussion: "On a terminal a few lines, in a pipe the gateway's JSON. Exit codes: 0 known, 7 refused, 1 no answer."
    )

    @OptionGroup var options: ClientOptions

    func run() async throws { try await OwnPageReading.show("/-/usage", options, as: OwnPageText.usage) }
}

/// Prints one of the gateway's own pages.
enum OwnPageReading {
    /// - Parameter text: the page for a terminal; nil for what is none.
    static func show(_ path: String, _ options: ClientOptions, as text: (JSONDocument) -> String?) async throws {
        let client = try await options.client()
        let result = await Result { () async throws(GatewayClient.Fault) in try await client.call("GET", path, isStopped: { false }) }
        await client.stop()
        switch result {
        case .success(let answer) where answer.status == 200:
            let readable = isatty(STDOUT_FILENO) == 1 ? JSONDocument(answer.body).flatMap(text) : nil
            Console.output(readable ?? PrintableText.lines(answer.text))
        case .success(let answer):
            Console.error(RefusalText.of(answer))
            throw ExitCode(ClientOptions.refused)
        case .failure(.unreachable(let sentence)): throw Failure(.runtime, "No answer: \(sentence).")
        case .failure: throw Failure(.runtime, "No answer.")
        }
    }
}

extension Result where Failure == GatewayClient.Fault {
    /// The outcome of an asynchronous call, so that cleanup runs in both cases.
    init(_ body: () async throws(GatewayClient.Fault) -> Success) async {
        do throws(GatewayClient.Fault) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

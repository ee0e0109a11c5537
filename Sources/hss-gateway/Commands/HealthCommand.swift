import ArgumentParser
import Assembly
import Codecs
import Credentials
import Settings

/// `health`: checks whether a running gateway is ready, or only whether it is alive, for containers without another client.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Ask a running gateway whether it is ready, or with --live whether it works at all.",
        discussion: "Exit codes: 0 yes, 1 no."
    )

    @Option(
        help: ArgumentHelp(
            "The admin port to ask, with https:// for TLS; HSSGW_ADMIN_ADDRESS, then 127.0.0.1:9090, when left out.", valueName: "host:port"))
    var admin: String?

    @Option(help: ArgumentHelp("The admin port's token; HSSGW_ADMIN_TOKEN_FILE when left out.", valueName: "file"), completion: .file())
    var tokenFile: String?

    @Option(help: ArgumentHelp("The certificate authority of the port's certificate, PEM; turns TLS on.", valueName: "file"), completion: .file())
    var caFile: String?

    @Option(help: ArgumentHelp("The name in the port's certificate, when it isn't the address.", valueName: "name")) var serverName: String?

    @Option(help: ArgumentHelp("The client certificate to show.", valueName: "file"), completion: .file()) var certificateFile: String?

    @Option(help: ArgumentHelp("The key of the client certificate.", valueName: "file"), completion: .file()) var privateKeyFile: String?

    @Flag(help: "Ask only whether it works at all: a full disk or a missing key, which a restart doesn't fix, is no failure.") var live = false

    /// Longest wait for the answer, seconds: a probe has its own limit, and a hanging gateway isn't ready.
    private static let patience = 3

    func run() throws {
        let text = admin ?? ProcessEnvironment.variables["HSSGW_ADMIN_ADDRESS"] ?? "127.0.0.1:9090"
        let isHTTPS = text.hasPrefix("https://")
        // The console's address may be copied as it is.
        let place = text.trimmingPrefix(isHTTPS ? "https://" : "http://")
        guard let address = ListenAddress(text: String(place.hasSuffix("/") ? place.dropLast() : place)) else {
            throw Failure(.usage, "\(text) is not host:port.")
        }
        let token = try token()
        let client = ProbeClient(address: address, patienceSeconds: Self.patience, token: token, tls: try tls(isHTTPS))
        let answer = try client.get(live ? "/livez?verbose" : "/readyz?verbose")
        Console.output(PrintableText.lines(answer.body))
        if answer.status == 401, token == nil { Console.error("--token-file names a file with a token, or HSSGW_ADMIN_TOKEN_FILE.") }
        guard answer.status == 200 else { throw ExitCode(1) }
    }

    private func tls(_ isHTTPS: Bool) throws(Failure) -> ProbeTLS? {
        let isAsked = [caFile, serverName, certificateFile, privateKeyFile].contains { $0 != nil }
        guard isHTTPS || isAsked else { return nil }
        switch (certificateFile, privateKeyFile) {
        case (nil, nil): return try ProbeTLS(authorityFile: caFile, client: nil, serverName: serverName)
        case (let certificate?, let key?):
            return try ProbeTLS(authorityFile: caFile, client: (certificate, key), serverName: serverName)
        default: throw Failure(.usage, "--certificate-file and --private-key-file belong together.")
        }
    }

    private func token() throws(Failure) -> Secret? {
        guard let path = tokenFile ?? ProcessEnvironment.variables[ProcessVariables.adminTokenFile] else { return nil }
        do throws(SecretFault) {
            return try Secret.read(.file(path: path))
        } catch {
            throw Failure(.usage, error.sentence)
        }
    }
}

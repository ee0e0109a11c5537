import ArgumentParser
import Assembly
import Settings

/// `serve`: runs the gateway until it is stopped.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway.",
        discussion: """
            Without --config the environment alone configures it: HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, \
            HUAWEICLOUD_SDK_PROJECT_ID and HSSGW_REGION. With --sandbox it stands in front of a built-in stand-in for HSS and IAM, \
            with credentials made up for this run.
            Exit codes: 0 clean stop, 1 runtime, 2 usage, 3 bad configuration, 4 audit not writable, 5 cannot bind.
            """
    )

    @OptionGroup var source: ConfigurationOptions
    @Flag(help: "Answer from a built-in stand-in for HSS and IAM instead of the cloud.") var sandbox = false
    @Option(help: ArgumentHelp("Write the open addresses to this file once all is ready.", valueName: "file"), completion: .file()) var readyFile:
        String?

    func run() async throws {
        let readyFile = try readyFile.map { path throws(Failure) in try ReadyFile(at: path) }
        defer { readyFile?.remove() }
        if sandbox {
            let options = source
            try await SandboxedGateway.run(
                source: {
                    ConfigurationSource(options: options, environment: $0, secrets: $1, completesFromEnvironment: true)
                }, readyFile: readyFile)
        } else {
            let source = ConfigurationSource(options: source, environment: ProcessEnvironment.variables)
            let settings = try source.load()
            let log = LogSetup.start(settings.log)
            do {
                try await GatewayProcess(source: source, settings: settings, readyFile: readyFile, logger: log).run(beside: [])
            } catch let failure as Failure {
                throw source.stores.naming(failure)
            }
        }
    }
}

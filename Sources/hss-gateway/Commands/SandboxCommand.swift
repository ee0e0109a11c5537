import ArgumentParser
import Assembly
import Logging
import Sandbox
import ServiceLifecycle
import Settings
import UnixSignals

/// `sandbox`: runs only the stand-in for HSS and IAM, for tests and as an upstream for other gateways.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run only the built-in stand-in for HSS and IAM.",
        discussion: """
            The keys come from HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID where they are set; otherwise \
            they are made up and printed, since they open nothing but this sandbox.
            """
    )

    @Option(help: ArgumentHelp("Where HSS listens.", valueName: "host:port")) var hss = "127.0.0.1:0"
    @Option(help: ArgumentHelp("Where IAM, STS, the metadata service and the controls listen.", valueName: "host:port"))
    var iam = "127.0.0.1:0"
    @Option(help: ArgumentHelp("The region that the project is in.", valueName: "region")) var region = "cn-north-4"
    @Option(help: ArgumentHelp("Refuse more calls of one API by one user than this, as HSS does with 5/min.", valueName: "calls/period"))
    var quota: String?
    @Option(help: ArgumentHelp("Write the open addresses to this file once all is ready.", valueName: "file"), completion: .file()) var readyFile:
        String?

    func run() async throws {
        guard let hssAddress = ListenAddress(text: hss) else { throw Failure(.usage, "--hss \(hss) is not host:port.") }
        guard let iamAddress = ListenAddress(text: iam) else { throw Failure(.usage, "--iam \(iam) is not host:port.") }
        let (account, isMadeUp) = account(from: ProcessEnvironment.variables)
        var configuration = SandboxConfiguration(accounts: [account])
        configuration.hssAddress = SandboxAddress(host: hssAddress.host.description, port: hssAddress.port)
        configuration.iamAddress = SandboxAddress(host: iamAddress.host.description, port: iamAddress.port)
        if let quota {
            guard let rate = Rate(text: quota), rate.count > 0 else { throw Failure(.usage, "--quota \(quota) is not a rate such as 5/min.") }
            configuration.throttle = .limited(ThrottleSetting.Rule(perUser: rate.count, seconds: Int(rate.period.components.seconds)))
        }
        let readyFile = try readyFile.map { path throws(Failure) in try ReadyFile(at: path) }
        defer { readyFile?.remove() }
        let sandbox = CloudSandbox(configuration: configuration)
        do {
            try await sandbox.start()
        } catch {
            throw Failure(.cannotBind, "The sandbox can't listen on \(hss) and \(iam).")
        }
        let waiting = try Self.waiting(for: sandbox, account, isMadeUp: isMadeUp, readyFile)
        let group = ServiceGroup(
            services: [waiting], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: .init(label: "sandbox", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        try await group.run()
        await sandbox.stop()
    }

    private func account(from environment: [String: String]) -> (SandboxAccount, isMadeUp: Bool) {
        var account = SandboxAccount.generated(region: region)
        guard let accessKey = environment["HUAWEICLOUD_SDK_AK"], let secretKey = environment["HUAWEICLOUD_SDK_SK"] else { return (account, true) }
        account.accessKey = accessKey
        account.secretKey = secretKey
        account.securityToken = environment["HUAWEICLOUD_SDK_SECURITY_TOKEN"]
        if let project = environment["HUAWEICLOUD_SDK_PROJECT_ID"] { account.projects = [SandboxProject(id: project, region: region)] }
        return (account, false)
    }

    private static func waiting(
        for sandbox: CloudSandbox, _ account: SandboxAccount, isMadeUp: Bool, _ readyFile: ReadyFile?
    ) throws(Failure) -> Waiting {
        guard let hss = sandbox.hssAddress, let iam = sandbox.iamAddress, let project = account.projects.first else {
            throw Failure(.runtime, "The sandbox did not come up.")
        }
        let keys = isMadeUp ? [("access_key", account.accessKey), ("secret_key", account.secretKey)] : []
        return Waiting(
            addresses: [("hss", hss.description), ("iam", iam.description), ("project", project.id)], keys: keys, readyFile: readyFile)
    }

    /// Says that the sandbox is ready, and waits for the stop; the sandbox uses its own threads. Signals are handled by then, so that a signal
    /// that comes right after that message stops it in order.
    private struct Waiting: Service {
        let addresses: [(String, String)]
        let keys: [(String, String)]
        let readyFile: ReadyFile?

        func run() async throws {
            try readyFile?.write(addresses)
            LogSetup.announce((addresses + keys).map { "\($0.0)=\($0.1)" }.joined(separator: "\n"))
            try? await gracefulShutdown()
        }
    }
}

import Logging
import Sandbox
import Settings

/// `serve --sandbox`: the usual gateway in front of a stand-in for HSS that runs in the same process, with credentials that
/// exist only for this run. It is configured by the same loader as any other gateway; the sandbox only sets variables.
package enum SandboxedGateway {
    private static let region = "cn-north-4"

    /// Creates the source of a configuration from an environment and from values that stand in for variables.
    package typealias Source = (_ environment: [String: String], _ secrets: [String: String]) -> ConfigurationSource

    package static func run(source: @escaping Source, readyFile: ReadyFile?) async throws {
        let account = SandboxAccount.generated(region: region)
        let sandbox = CloudSandbox(configuration: SandboxConfiguration(accounts: [account]))
        do {
            try await sandbox.start()
        } catch {
            throw Failure(.cannotBind, "The sandbox can't listen on a loopback port.")
        }
        do {
            try await serve(source: source, readyFile: readyFile, account: account, sandbox: sandbox)
        } catch {
            await sandbox.stop()
            throw error
        }
        await sandbox.stop()
    }

    private static func serve(
        source: @escaping Source, readyFile: ReadyFile?, account: SandboxAccount, sandbox: CloudSandbox
    ) async throws {
        guard let hss = sandbox.hssAddress, let iam = sandbox.iamAddress, let project = account.projects.first else {
            throw Failure(.runtime, "The sandbox did not come up.")
        }
        // Put into a copy of the environment that only the loader uses: no secret is added to the process's
        // own.
        let secrets = ["HUAWEICLOUD_SDK_AK": account.accessKey, "HUAWEICLOUD_SDK_SK": account.secretKey]
        var environment = ProcessEnvironment.variables.filter { !$0.key.hasPrefix("HUAWEICLOUD_SDK_") && !$0.key.hasPrefix("CLOUD_SDK_") }
        environment.merge(secrets) { $1 }
        environment["HUAWEICLOUD_SDK_PROJECT_ID"] = project.id
        environment["HSSGW_REGION"] = region
        environment["HSSGW_REGIONS_CN_NORTH_4_HSS"] = "http://\(hss)"
        environment["HSSGW_REGIONS_CN_NORTH_4_IAM"] = "http://\(iam)"
        let source = source(environment, secrets)
        let settings = try source.load()
        let log = LogSetup.start(settings.log)
        log.notice("sandbox: nothing here reaches the cloud", metadata: ["project": "\(project.id)", "hss": "\(hss)", "iam": "\(iam)"])
        try await GatewayProcess(source: source, settings: settings, readyFile: readyFile, logger: log)
            .run(beside: [("hss", hss.description), ("iam", iam.description), ("project", project.id)])
    }
}

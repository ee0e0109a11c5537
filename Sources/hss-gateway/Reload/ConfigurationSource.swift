import Settings

/// Where a run of the gateway takes its configuration from: at start, and again at each reload.
struct ConfigurationSource: Sendable {
    /// Reads file, environment and flags anew. Blocks on the file system.
    let load: @Sendable () throws(Failure) -> GatewaySettings
    /// The file that is watched for changes; nil when the environment alone configures.
    let file: String?
    /// Values that stand in for environment variables of these names: the sandbox's own keys.
    let secrets: [String: String]
    /// What callers are recognised with and outlives each configuration.
    let identity = IdentityAssembly()
}

extension ConfigurationSource {
    /// The file and flags of a command line, beside an environment.
    init(options: ConfigurationOptions, environment: [String: String], secrets: [String: String] = [:], completesFromEnvironment: Bool = false) {
        let options = options
        load = { () throws(Failure) in try options.load(environment: environment, completesFromEnvironment: completesFromEnvironment) }
        file = options.config
        self.secrets = secrets
    }
}

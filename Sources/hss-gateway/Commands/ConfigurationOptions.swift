import ArgumentParser
import Assembly
import Settings

/// The sources of the configuration, for all commands that need one.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"), completion: .file()) var config: String?
    @Option(help: ArgumentHelp("Where the data port listens, when the configuration names no listener.", valueName: "host:port"))
    var listen: String?
    @Option(help: ArgumentHelp("Where the admin port listens.", valueName: "host:port")) var admin: String?
    @Option(help: ArgumentHelp("Where the audit journal is kept.", valueName: "directory"), completion: .directory) var auditDirectory: String?

    func sources(environment: [String: String], completesFromEnvironment: Bool) throws(Failure) -> SettingsSources {
        var file: SettingsFile?
        if let config {
            do throws(SettingsProblems) {
                file = try SettingsFile.read(path: config)
            } catch {
                throw Failure(.badConfiguration, SettingsReport.text(error.problems))
            }
        }
        var environment = environment
        // A list's item is set by its name, and without a file the only listener has this name.
        if let listen { environment[Self.listenVariable] = listen }
        var sources = SettingsSources(file: file, environment: environment, workingDirectory: ProcessEnvironment.workingDirectory)
        sources.flags = flags
        if listen != nil { sources.flagsByVariable = [Self.listenVariable: "--listen"] }
        sources.otherVariables = ProcessVariables.all
        sources.completesFromEnvironment = completesFromEnvironment
        return sources
    }

    /// - Parameters:
    ///   - stores: fetches the secrets that are in stores; nil for commands that don't read them.
    ///   - code: the exit code if a store does not return a secret.
    func load(
        environment: [String: String], completesFromEnvironment: Bool, stores: SecretStores? = nil, orEndWith code: Failure.Code = .badConfiguration
    ) throws(Failure) -> GatewaySettings {
        let sources = try sources(environment: environment, completesFromEnvironment: completesFromEnvironment)
        let settings: GatewaySettings
        do throws(SettingsProblems) {
            settings = try Self.load(sources, stores)
        } catch {
            throw Failure(.badConfiguration, SettingsReport.text(error.problems))
        }
        try stores?.require(settings, or: code)
        do throws(SettingsProblems) {
            // The journal opens its directory and its key itself and has a separate exit code for failing to do so.
            var faults = settings.checkFiles().filter { !["audit.directory", "audit.checkpoint.key_file"].contains($0.path.description) }
            if let fault = sources.file?.permissionFault { faults.append(fault) }
            guard faults.isEmpty else { throw SettingsProblems(faults) }
            return settings
        } catch {
            let text = SettingsReport.text(error.problems)
            throw Failure(.badConfiguration, stores?.naming(text) ?? text)
        }
    }

    private static func load(_ sources: SettingsSources, _ stores: SecretStores?) throws(SettingsProblems) -> GatewaySettings {
        guard let stores else { return try SettingsLoader.gateway.load(sources) }
        return try stores.load { path throws(SettingsProblems) in
            var sources = sources
            sources.storePath = path
            return try SettingsLoader.gateway.load(sources)
        }
    }

    /// Only the settings: the files that they name are not checked.
    func settings() throws(Failure) -> GatewaySettings {
        let sources = try sources(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
        do throws(SettingsProblems) {
            return try SettingsLoader.gateway.load(sources)
        } catch {
            throw Failure(.badConfiguration, SettingsReport.text(error.problems))
        }
    }

    private static let listenVariable = "HSSGW_LISTENERS_INTERNAL_ADDRESS"

    private var flags: [FlagValue] {
        var flags: [FlagValue] = []
        if let admin { flags.append(FlagValue("--admin", setting: "admin.address", to: admin)) }
        if let auditDirectory { flags.append(FlagValue("--audit-directory", setting: "audit.directory", to: auditDirectory)) }
        return flags
    }
}

extension ConfigurationSource {
    /// The file and the flags of a command line, and an environment.
    init(options: ConfigurationOptions, environment: [String: String], secrets: [String: String] = [:], completesFromEnvironment: Bool = false) {
        let stores = SecretStores()
        self.init(file: options.config, secrets: secrets, stores: stores) { () throws(Failure) in
            try options.load(environment: environment, completesFromEnvironment: completesFromEnvironment, stores: stores)
        }
    }
}

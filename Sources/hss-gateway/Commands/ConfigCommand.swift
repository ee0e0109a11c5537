import ArgumentParser
import Assembly
import Codecs
import Fleet
import Settings

/// `config`: examines a configuration without running it.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check or show a configuration, or print its schema.",
        subcommands: [Check.self, Show.self, PrintSchema.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check a configuration and print every error with its line and column.",
            discussion: "Exit codes: 0 no fault, 3 faults, 7 a credential could not prove itself, or a store did not give its secret."
        )

        @OptionGroup var source: ConfigurationOptions
        @Flag(help: "One JSON object per fault on stdout.") var json = false
        @Flag(help: "Also prove each credential with a call that changes nothing.") var connect = false
        @Flag(help: "Read no file but the configuration, for a pipeline where secrets and certificates are missing.") var offline = false
        @Flag(help: "Treat warnings as errors.") var strict = false

        func validate() throws {
            if offline, connect { throw ValidationError("--connect needs the files that --offline doesn't look at.") }
        }

        func run() async throws {
            var sources = try source.sources(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            sources.hasSecrets = !offline
            let loader = SettingsLoader.gateway
            var problems = loader.problems(sources, looksAtFiles: !offline)
            var warnings: [SettingsProblem] = []
            // The content of certificates, keys and key sets is checked if everything else is valid.
            if problems.isEmpty, let settings = try? loader.load(sources) {
                if !offline { problems = SettingsProblems(SecretCheck.problems(settings) + (await RecognitionCheck.problems(settings))).problems }
                warnings = loader.warnings(settings)
                if !offline { warnings += await EnvironmentCheck.warnings(settings, environment: ProcessEnvironment.variables) }
            }
            report(problems, areWarnings: false)
            report(warnings, areWarnings: !strict)
            guard problems.isEmpty, warnings.isEmpty || !strict else { throw ExitCode(Failure.Code.badConfiguration.rawValue) }
            if !json { Console.output("The configuration has no fault.") }
            if let settings = try? loader.load(sources) { warnOfReplicas(settings) }
            if connect { try await prove() }
        }

        private func report(_ problems: [SettingsProblem], areWarnings: Bool) {
            guard !problems.isEmpty else { return }
            if json {
                Console.output(SettingsReport.jsonLines(problems, areWarnings: areWarnings))
            } else {
                Console.error(SettingsReport.text(problems, areWarnings: areWarnings))
            }
        }

        /// Several pods of a set serve the same callers; without a fleet each of them decides alone.
        private func warnOfReplicas(_ settings: GatewaySettings) {
            let name = ProcessEnvironment.variables["HOSTNAME"] ?? ""
            let number = name.split(separator: "-").last.flatMap { Int($0) } ?? 0
            guard settings.fleet == nil, name.contains("-"), number > 0, settings.listeners.contains(where: { !$0.isLocal }) else { return }
            Console.error(
                "Warning: this looks like one of several replicas, and the configuration has no section `fleet`: exports, keys and daily limits "
                    + "are each replica's own.")
        }

        /// Whether the fleet's database can be used with the role that the URL has; true if there is no fleet.
        private func proveFleet(_ settings: GatewaySettings) -> Bool {
            guard let fleet = settings.fleet else { return true }
            do throws(FleetFault) {
                let finding = try FleetRole.prove(url: try FleetURL.read(fleet.urlFile), fleet: fleet.name)
                if !json { Console.output(finding) }
                return true
            } catch {
                Console.error("The fleet's database can't be used: \(error.sentence).")
                return false
            }
        }

        private static func jsonLine(ofSecret sentence: Substring) -> String {
            var writer = JSONWriter()
            writer.open()
            writer.member("check", "secrets")
            writer.key("ok")
            writer.value(false)
            writer.member("message", String(sentence))
            writer.close()
            return writer.text
        }

        private func prove() async throws {
            let stores = SecretStores()
            let settings: GatewaySettings
            do throws(Failure) {
                settings = try source.load(
                    environment: ProcessEnvironment.variables, completesFromEnvironment: false, stores: stores, orEndWith: .credentialFails)
            } catch {
                guard json, error.code == .credentialFails else { throw error }
                for sentence in error.message.split(separator: "\n") { Console.output(Self.jsonLine(ofSecret: sentence)) }
                throw ExitCode(error.code.rawValue)
            }
            let findings: [ConnectionCheck.Finding]
            do throws(Failure) {
                findings = try await ConnectionCheck(settings: settings, environment: ProcessEnvironment.variables).run()
            } catch {
                throw stores.naming(error)
            }
            for finding in findings { Console.output(stores.naming(json ? finding.json : finding.text)) }
            let isFleetProven = proveFleet(settings)
            guard findings.allSatisfy(\.isProven), isFleetProven else { throw ExitCode(Failure.Code.credentialFails.rawValue) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print the effective configuration with the origin of each value; of a secret only where it is stored."
        )

        @OptionGroup var source: ConfigurationOptions
        @OptionGroup var pager: PagerOptions
        @Flag(help: "JSON lines with path, value and origin.") var json = false

        func run() throws {
            let sources = try source.sources(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            do throws(SettingsProblems) {
                let settings = try SettingsLoader.gateway.load(sources)
                let text = json ? SettingsReport.jsonLines(settings) : SettingsReport.yaml(settings)
                pager.show { Console.output(text) }
            } catch {
                throw Failure(.badConfiguration, SettingsReport.text(error.problems))
            }
        }
    }

    struct PrintSchema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of the configuration file, for editors and validators.",
            discussion: "It has every key and the form of every value. Rules between several values are checked by `config check` only."
        )

        func run() { Console.output(SettingsSchema.json(SettingsLoader.gateway)) }
    }
}

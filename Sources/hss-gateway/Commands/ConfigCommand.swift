import ArgumentParser
import Settings

/// `config`: looks at a configuration without running it.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check or show a configuration.", subcommands: [Check.self, Show.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name every fault of a configuration with its place.",
            discussion: "Exit codes: 0 no fault, 3 faults, 7 a credential could not prove itself."
        )

        @OptionGroup var source: ConfigurationOptions
        @Flag(help: "One JSON object per fault on stdout.") var json = false
        @Flag(help: "Also prove each credential with a call that changes nothing.") var connect = false

        func run() async throws {
            let sources = try source.sources(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            var problems = ConfigurationOptions.loader.problems(sources)
            // What certificates, keys and key sets hold is looked at when everything else is in order.
            if problems.isEmpty, let settings = try? ConfigurationOptions.loader.load(sources) {
                problems = SettingsProblems(SecretCheck.problems(settings) + (await IdentityCheck.problems(settings))).problems
            }
            guard !problems.isEmpty else {
                if !json { Console.output("The configuration has no fault.") }
                if connect { try await prove() }
                return
            }
            if json { Console.output(SettingsReport.jsonLines(problems)) } else { Console.error(SettingsReport.text(problems)) }
            throw ExitCode(Failure.Code.badConfiguration.rawValue)
        }

        private func prove() async throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            let findings = try await ConnectionCheck(settings: settings, environment: ProcessEnvironment.variables).run()
            for finding in findings { Console.output(json ? finding.json : finding.text) }
            guard findings.allSatisfy(\.isProven) else { throw ExitCode(Failure.Code.credentialFails.rawValue) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the effective configuration with the origin of each value; secrets appear as where they are kept."
        )

        @OptionGroup var source: ConfigurationOptions
        @Flag(help: "JSON lines with path, value and origin.") var json = false

        func run() throws {
            let sources = try source.sources(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            do throws(SettingsProblems) {
                let settings = try ConfigurationOptions.loader.load(sources)
                Console.output(json ? SettingsReport.jsonLines(settings) : SettingsReport.yaml(settings))
            } catch {
                throw Failure(.badConfiguration, SettingsReport.text(error.problems))
            }
        }
    }
}

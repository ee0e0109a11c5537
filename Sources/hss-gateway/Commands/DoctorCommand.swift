import ArgumentParser
import Assembly
import Fleet
import Settings

/// `doctor`: examines everything that a gateway needs, and reports the state of each item and what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check everything that the gateway depends on, and say how to fix what is wrong.",
        discussion: """
            Clock, DNS, connections, certificates, proxy, IAM, HSS with each credential, roles, journal, disk, permissions, limits, sinks, \
            anchors, the last checkpoint, unit and container. Nothing is changed, and each key is tried once. Exit codes: 0 all is well, \
            6 warnings, 7 failures.
            """
    )

    @OptionGroup var source: ConfigurationOptions
    @OptionGroup var table: TableOptions
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let report = DoctorReport(await findings())
        Console.output(json ? report.json : report.text(table.layout))
        if !json { Console.error(report.summary) }
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }

    private func findings() async -> [DoctorFinding] {
        let environment = ProcessEnvironment.variables
        let stores = SecretStores()
        let sources: SettingsSources
        do throws(Failure) {
            sources = try source.sources(environment: environment, completesFromEnvironment: true)
        } catch {
            return [DoctorFinding(.configuration, source.config, .failure, error.message, "Name the file that `serve` is started with.")]
        }
        do throws(SettingsProblems) {
            let settings = try stores.load { path throws(SettingsProblems) in
                var sources = sources
                sources.storePath = path
                return try SettingsLoader.gateway.load(sources)
            }
            let warnings = SettingsLoader.gateway.warnings(settings)
            var findings = warnings.map { finding($0, .warning) }
            if warnings.isEmpty { findings.append(DoctorFinding(.configuration, source.config, .ok, "It has no fault.")) }
            findings += await Doctor(settings: settings, environment: environment, file: source.config, stores: stores).examine()
            if let fleet = settings.fleet { findings.append(Self.finding(fleet)) }
            return findings
        } catch {
            return error.problems.map { finding($0, .failure) }
        }
    }

    private func finding(_ problem: SettingsProblem, _ verdict: DoctorFinding.Verdict) -> DoctorFinding {
        DoctorFinding(
            .configuration, [problem.origin.description, problem.path.description].filter { !$0.isEmpty }.joined(separator: " "), verdict,
            "\(problem.message).",
            problem.hint.map { "Mend it: \($0)." } ?? "Correct this setting; `config check` shows where it stands.")
    }

    private static func finding(_ fleet: FleetSettings) -> DoctorFinding {
        do throws(FleetFault) {
            return DoctorFinding(.fleet, fleet.name, .ok, try FleetRole.prove(url: try FleetURL.read(fleet.urlFile), fleet: fleet.name))
        } catch {
            return DoctorFinding(
                .fleet, fleet.name, .failure, "The fleet's database can't be used: \(error.sentence).",
                "Check fleet.url_file and the database; `hss-gateway fleet role` says what the login needs.")
        }
    }
}

import ArgumentParser
import Assembly
import Codecs
import Fleet
import Settings

/// `fleet`: the database that several gateways share.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet", abstract: "Create, migrate and inspect the database that several gateways share.",
        subcommands: [Migrate.self, Status.self, Role.self]
    )

    /// Which fleet of a database.
    struct FleetName: ParsableArguments {
        @Option(help: ArgumentHelp("The fleet's name, as in fleet.name.", valueName: "name")) var name = "default"

        func validate() throws {
            let isSane = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
            guard (1...40).contains(name.utf8.count), isSane, (0x61...0x7a).contains(name.utf8.first ?? 0) else {
                throw ValidationError("A fleet's name has 1 to 40 of a-z, 0-9 and _ and begins with a letter.")
            }
        }
    }

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "migrate",
            abstract: "Create the fleet's schema and roles, or migrate them to this version.",
            discussion: """
                It may be run as often as one likes, and while gateways run. The URL is that of a role that may make roles and schemas, not \
                that of the gateways. Afterwards there are the roles hssgw_owner, which owns the tables and can't log in, and hssgw_gateway, \
                which may call the functions and nothing else; logins of gateways are made members of it. Exit codes: 0 done, 7 not possible.
                """
        )

        @Option(help: ArgumentHelp("A file with the connection URL of the database's owner.", valueName: "file"), completion: .file()) var urlFile:
            String
        @OptionGroup var fleet: FleetName

        func run() async throws {
            do throws(FleetFault) {
                let report = try FleetMigration(url: try FleetURL.read(urlFile), fleet: fleet.name).run()
                let what =
                    report.before == 0
                    ? "was made" : report.before == report.after ? "was there already" : "was brought from version \(report.before) to this one"
                Console.output("The schema \(report.schema), version \(report.after), \(what).")
            } catch {
                throw Failure(.credentialFails, "The fleet's schema was not changed: \(error.sentence).")
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Show the gateways of the fleet, and for each of HSS's quotas what is used and who waits.",
            discussion: "Exit codes: 0, 3 no fleet is configured, 7 the database can't be asked."
        )

        @OptionGroup var source: ConfigurationOptions
        @OptionGroup var table: TableOptions
        @Flag(help: "One JSON object for each gateway and quota.") var json = false

        func run() async throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: true, stores: SecretStores())
            guard let fleet = settings.fleet else {
                throw Failure(.badConfiguration, "The configuration has no section `fleet`: this gateway is alone.")
            }
            do throws(FleetFault) {
                let view = try FleetView(url: try FleetURL.read(fleet.urlFile), fleet: fleet.name)
                let report = FleetReport(members: try view.members(), lines: try view.lines(), unknown: try view.exports(in: "unknown"))
                Console.output(json ? report.jsonLines : report.text(table.layout))
            } catch {
                throw Failure(.credentialFails, "The fleet's database can't be asked: \(error.sentence).")
            }
        }
    }

    struct Role: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role",
            abstract: "Print the SQL that creates a login for gateways, or check an existing login.",
            discussion:
                "With --url-file it connects and checks that the role has the rights that gateways need, and no more. Exit codes: 0, 7 it hasn't."
        )

        @Option(help: ArgumentHelp("A file with the connection URL to check.", valueName: "file"), completion: .file()) var urlFile: String?
        @OptionGroup var fleet: FleetName

        func run() async throws {
            guard let urlFile else {
                Console.output(Self.statements)
                return
            }
            do throws(FleetFault) {
                let finding = try FleetRole.prove(url: try FleetURL.read(urlFile), fleet: fleet.name)
                Console.output(finding)
            } catch {
                throw Failure(.credentialFails, "The role can't be used: \(error.sentence).")
            }
        }

        private static let statements = """
            -- A login for gateways. One for all of them does, or one for each.
            CREATE ROLE hssgw_login LOGIN PASSWORD 'a long random text';
            GRANT hssgw_gateway TO hssgw_login;
            """
    }
}

/// Tests a gateway's role.
enum FleetRole {
    /// A sentence for the operator; throws if the role lacks rights that gateways need, or has more.
    static func prove(url: String, fleet: String) throws(FleetFault) -> String {
        let view = try FleetView(url: url, fleet: fleet)
        let version = try view.version()
        guard version >= FleetSchema.version else {
            throw .refused("the schema has version \(version) and this program needs \(FleetSchema.version): run hss-gateway fleet migrate")
        }
        let role = PrintableText.line(try view.role())
        let exposed = PrintableText.line(try view.exposedTables().joined(separator: ", "))
        guard exposed.isEmpty else {
            throw .refused("the role \(role) can use the tables \(exposed) themselves, which no gateway needs")
        }
        _ = try view.members()
        return "The role \(role) can use the fleet of schema \(FleetSchema.name(of: fleet)), version \(version), and nothing but its functions."
    }
}

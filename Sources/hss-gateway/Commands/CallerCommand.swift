import ArgumentParser
import Assembly
import Audit
import Credentials
import Fleet
import Recognition
import Policy
import Settings

/// `caller`: what an operator does for callers while the gateway runs, or while it doesn't.
struct CallerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "caller", abstract: "Look after callers.", subcommands: [Key.self])

    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key", abstract: "Make, list and revoke the keys that callers prove themselves with.",
            subcommands: [Create.self, List.self, Revoke.self]
        )
    }
}

extension CallerCommand.Key {
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key for a caller. It is printed once and kept nowhere.",
            discussion: """
                An API key goes into `Authorization: Bearer …` or `X-HSSGW-Key: …`. A virtual key (--virtual) is an access key and a secret \
                key for the official SDKs. A running gateway accepts either within two seconds.
                """
        )

        @Argument(help: "The caller's name in the configuration.") var name: String
        @Flag(help: "An access key and a secret key for the official SDKs, instead of an API key.") var virtual = false
        @Flag(help: "One JSON object.") var json = false
        @OptionGroup var source: ConfigurationOptions

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            try check(settings)
            var generator = SystemRandomNumberGenerator()
            do throws(CallerKeyFile.Fault) {
                let store = CallerKeyFile(path: settings.callerKeys.storeFile)
                if virtual {
                    let secrets = try MasterKeyFile(path: settings.callerKeys.masterKeyFile).readOrMake(using: &generator)
                    let id = VirtualKeyID.generate(using: &generator)
                    try store.add(CallerKey(kind: .virtual, id: id, caller: name, created: "\(Timestamp.now())"))
                    output([("access_key", id), ("secret_key", secrets.text(for: id))])
                } else {
                    let text = APIKey.generate(using: &generator)
                    guard let key = APIKey(text) else { preconditionFailure("a key that was just made has the form of one") }
                    let digest = key.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                    try store.add(CallerKey(kind: .api, id: key.id, caller: name, created: "\(Timestamp.now())", digest: digest))
                    output([("id", key.id), ("api_key", text)])
                }
            } catch {
                throw Failure(.runtime, "\(error.place): \(error.sentence).")
            }
        }

        private func check(_ settings: GatewaySettings) throws(Failure) {
            guard let caller = settings.callers.first(where: { $0.name == name }) else {
                let names = settings.callers.map(\.name).joined(separator: ", ")
                throw Failure(.badConfiguration, "No caller is called \(name). There is: \(names).")
            }
            guard virtual ? caller.authentication.virtualKey : caller.authentication.apiKey else {
                let key = virtual ? "virtual_key" : "api_key"
                throw Failure(.badConfiguration, "The caller \(name) isn't recognised by such a key: write `authenticate: { \(key): true }` first.")
            }
        }

        private func output(_ values: [(String, String)]) {
            if json {
                Console.output("{" + values.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ",") + "}")
            } else {
                Console.output(values.map { "\($0.0)=\($0.1)" }.joined(separator: "\n"))
            }
            Console.error("This is shown once; hand it to \(name) by a safe way.")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all keys, without their secrets.")

        @Flag(help: "One JSON object a line.") var json = false
        @OptionGroup var source: ConfigurationOptions

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            let keys: [CallerKey]
            do throws(CallerKeyFile.Fault) {
                keys = try CallerKeyFile(path: settings.callerKeys.storeFile).read().keys
            } catch {
                throw Failure(.runtime, "\(error.place): \(error.sentence).")
            }
            if json {
                for key in keys {
                    let words = [("id", key.id), ("kind", key.kind.rawValue), ("caller", key.caller), ("created", key.created)]
                    let members = words.map { "\"\($0.0)\":\"\($0.1)\"" } + ["\"revoked\":" + (key.revoked.map { "\"\($0)\"" } ?? "null")]
                    Console.output("{" + members.joined(separator: ",") + "}")
                }
            } else {
                let rows =
                    [["ID", "KIND", "CALLER", "CREATED", "REVOKED"]]
                    + keys.map { [$0.id, $0.kind.rawValue, $0.caller, $0.created, $0.revoked ?? "-"] }
                let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
                for row in rows {
                    Console.output(zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  "))
                }
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key. A running gateway refuses it within two seconds.")

        @Argument(help: "The key's id, as `list` shows it.") var id: String
        @Flag(help: "Tell all gateways of the fleet, whose key files change later or not at all.") var fleet = false
        @OptionGroup var source: ConfigurationOptions

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            // First where it counts everywhere: what fails here leaves nothing half done that would be taken for done.
            if fleet { try revokeInFleet(settings) }
            do throws(CallerKeyFile.Fault) {
                try CallerKeyFile(path: settings.callerKeys.storeFile).revoke(id, at: "\(Timestamp.now())")
            } catch {
                throw Failure(.runtime, "\(error.place): \(error.sentence).")
            }
            Console.error("The key \(id) is revoked.")
        }

        private func revokeInFleet(_ settings: GatewaySettings) throws(Failure) {
            guard let fleet = settings.fleet else {
                throw Failure(.badConfiguration, "The configuration has no section `fleet`: this gateway is alone.")
            }
            do throws(FleetFault) {
                try FleetView(url: try FleetURL.read(fleet.urlFile), fleet: fleet.name).revoke(id)
            } catch {
                throw Failure(.credentialFails, "The fleet was not told of it: \(error.sentence).")
            }
        }
    }
}

extension CallerKeyFile {
    fileprivate func add(_ key: CallerKey) throws(Fault) {
        try update { list throws(Fault) in
            guard list.keys.count < CallerKeyList.mostKeys else {
                throw Fault(place: path, sentence: "holds \(CallerKeyList.mostKeys) keys already; remove lines of revoked ones")
            }
            list.keys.append(key)
        }
    }

    fileprivate func revoke(_ id: String, at time: String) throws(Fault) {
        try update { list throws(Fault) in
            guard let index = list.keys.firstIndex(where: { $0.id == id }) else { throw Fault(place: path, sentence: "holds no key of this id") }
            guard list.keys[index].revoked == nil else { throw Fault(place: path, sentence: "has this key as revoked already") }
            list.keys[index].revoked = time
        }
    }
}

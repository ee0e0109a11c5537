import ArgumentParser
import Assembly
import Audit
import Codecs
import Credentials
import Fleet
import Inquiry
import Policy
import Recognition
import Settings

/// `caller`: manages callers' keys, whether the gateway runs or not.
struct CallerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "caller", abstract: "Manage callers' keys.", subcommands: [Key.self])

    fileprivate static let unknownKey = "holds no key of this id; `hss-gateway caller key list` shows them"

    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key", abstract: "Create, list, rotate and revoke the keys by which callers are recognised.",
            subcommands: [Create.self, List.self, Rotate.self, Revoke.self]
        )
    }
}

extension CallerCommand.Key {
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a key for a caller. It is printed once and stored nowhere.",
            discussion: """
                An API key goes into `Authorization: Bearer …` or `X-HSSGW-Key: …`. A virtual key (--virtual) is an access key and a secret \
                key for the official SDKs. A running gateway accepts either within two seconds.
                """
        )

        @Argument(help: "The caller's name in the configuration.") var name: String
        @Flag(help: "An access key and a secret key for the official SDKs, instead of an API key.") var virtual = false
        @Option(help: ArgumentHelp("How long the key is valid, such as 90d or 12h; without it, until it is revoked.", valueName: "duration"))
        var expires: String?
        @Flag(help: "One JSON object.") var json = false
        @OptionGroup var source: ConfigurationOptions

        func validate() throws { try expires.map { _ = try KeyDuration.parse($0, "--expires", mayBeZero: false) } }

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            try check(settings)
            var generator = SystemRandomNumberGenerator()
            let now = Timestamp.now()
            let ends = try expires.map { now.later(by: try KeyDuration.parse($0, "--expires", mayBeZero: false)) }
            do throws(CallerKeyFile.Fault) {
                let made = try NewKey.make(virtual ? .virtual : .api, for: name, at: now, ends: ends, settings.callerKeys, &generator)
                try CallerKeyFile(path: settings.callerKeys.storeFile).add(made.key)
                try made.output(asJSON: json)
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
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List all keys, without their secrets.")

        @Flag(help: "One JSON object a line.") var json = false
        @OptionGroup var table: TableOptions
        @OptionGroup var pager: PagerOptions
        @OptionGroup var source: ConfigurationOptions

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            let keys: [CallerKey]
            do throws(CallerKeyFile.Fault) {
                keys = try CallerKeyFile(path: settings.callerKeys.storeFile).read().keys
            } catch {
                throw Failure(.runtime, "\(error.place): \(error.sentence).")
            }
            // Dates that were stored are at most those of the year 9999, some 2.5e11 seconds.
            let used = KeyUseFile(directory: settings.audit.directory).read().lastUsed.mapValues { "\(Timestamp(microseconds: $0 &* 1_000_000))" }
            if json {
                for key in keys { Console.output(Self.json(key, lastUsed: used[key.id])) }
            } else {
                let rows = keys.map { key in
                    [key.id, key.kind.rawValue, key.caller, key.created, used[key.id] ?? "-", key.ends ?? "-", key.revoked ?? "-"]
                }
                let table = TextTable(["ID", "KIND", "CALLER", "CREATED", "LAST USED", "ENDS", "REVOKED"], rows).text(table.layout)
                pager.show { Console.output(table) }
            }
        }

        private static func json(_ key: CallerKey, lastUsed: String?) -> String {
            var writer = JSONWriter()
            writer.open()
            for (name, value) in [
                ("id", key.id), ("kind", key.kind.rawValue), ("caller", key.caller), ("created", key.created), ("last_used", lastUsed),
                ("ends", key.ends),
                ("revoked", key.revoked),
            ] {
                writer.key(name)
                if let value { writer.value(value) } else { writer.null() }
            }
            writer.close()
            return writer.text
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Replace a key by a new one; the old one stays valid for a while.",
            discussion: """
                The new key is of the same kind and caller, and is good as long as the other one was meant to be. Until the overlap is over both are \
                accepted, so that whoever holds the old one can change over; its answers say when it ends.
                """
        )

        @Argument(help: "The id of the key to replace, as `list` shows it.") var id: String
        @Option(help: ArgumentHelp("How long the old key stays valid.", valueName: "duration")) var overlap = "24h"
        @Option(help: ArgumentHelp("How long the new key is valid; as long as the old one was when left out.", valueName: "duration"))
        var expires: String?
        @Flag(help: "One JSON object.") var json = false
        @OptionGroup var source: ConfigurationOptions

        func validate() throws {
            _ = try KeyDuration.parse(overlap, "--overlap", mayBeZero: true)
            try expires.map { _ = try KeyDuration.parse($0, "--expires", mayBeZero: false) }
        }

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            let overlap = try KeyDuration.parse(overlap, "--overlap", mayBeZero: true)
            let lifetime = try expires.map { try KeyDuration.parse($0, "--expires", mayBeZero: false) }
            var generator = SystemRandomNumberGenerator()
            let now = Timestamp.now()
            do throws(CallerKeyFile.Fault) {
                var made: NewKey?
                try CallerKeyFile(path: settings.callerKeys.storeFile).update { list throws(CallerKeyFile.Fault) in
                    made = try rotate(&list, settings.callerKeys, overlap, lifetime, now, &generator)
                }
                try made?.output(asJSON: json)
            } catch {
                throw Failure(.runtime, "\(error.place): \(error.sentence).")
            }
        }

        private func rotate(
            _ list: inout CallerKeyList, _ settings: CallerKeySettings, _ overlap: Duration, _ lifetime: Duration?, _ now: Timestamp,
            _ generator: inout SystemRandomNumberGenerator
        ) throws(CallerKeyFile.Fault) -> NewKey {
            func fault(_ sentence: String) -> CallerKeyFile.Fault { CallerKeyFile.Fault(place: settings.storeFile, sentence: sentence) }
            guard let index = list.keys.firstIndex(where: { $0.id == id }) else { throw fault(CallerCommand.unknownKey) }
            let old = list.keys[index]
            guard old.revoked == nil else { throw fault("has this key as revoked; make a new one with `create`") }
            if let end = old.endsAt, end <= now.microseconds / 1_000_000 { throw fault("has this key as ended; make a new one with `create`") }
            guard list.keys.count < CallerKeyList.mostKeys else {
                throw fault("holds \(CallerKeyList.mostKeys) keys already; remove lines of revoked ones")
            }
            let made = try NewKey.make(
                old.kind, for: old.caller, at: now, ends: Self.end(like: old, lifetime, now), settings, &generator, replacing: old.id)
            // Shortening a key's life must not lengthen it: an earlier expiry is kept.
            let over = now.later(by: overlap)
            let stays = old.endsAt.map { $0 <= over.microseconds / 1_000_000 } ?? false
            if !stays { list.keys[index].ends = "\(over)" }
            list.keys.append(made.key)
            return made
        }

        /// The expiry of the new key: the same lifetime as the old one, counted from now.
        private static func end(like old: CallerKey, _ lifetime: Duration?, _ now: Timestamp) -> Timestamp? {
            if let lifetime { return now.later(by: lifetime) }
            guard let end = old.endsAt, let made = old.createdAt, end > made else { return nil }
            return now.later(by: .seconds(end - made))
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Revoke a key. A running gateway refuses it within two seconds."
        )

        @Argument(help: "The key's id, as `list` shows it.") var id: String
        @Flag(help: "Revoke it for all gateways of the fleet at once, through the shared database.") var fleet = false
        @OptionGroup var source: ConfigurationOptions

        func run() throws {
            let settings = try source.load(environment: ProcessEnvironment.variables, completesFromEnvironment: false)
            // The fleet first: if that fails, nothing has changed, and the key isn't wrongly considered revoked.
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
            guard let index = list.keys.firstIndex(where: { $0.id == id }) else { throw Fault(place: path, sentence: CallerCommand.unknownKey) }
            guard list.keys[index].revoked == nil else { throw Fault(place: path, sentence: "has this key as revoked already") }
            list.keys[index].revoked = time
        }
    }
}

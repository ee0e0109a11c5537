extension FleetSettings {
    static let connectionBounds = 1...64

    init(_ reader: SectionReader) {
        urlFile = reader.requiredFile("url_file", .secret)
        keyFile = reader.file("key_file", .secret)
        name = reader.read("name", .fleetName, default: "default")
        instance = reader.optional("instance", .instanceName)
        connections = reader.read("connections", .integer(Self.connectionBounds), default: 4)
        patience = reader.read("patience", .fleetPatience, default: .seconds(2))
        signatures = reader.read("signatures", .word, default: .exactChanges)
        driftGrace = reader.section("drift").read("grace", .duration, default: .seconds(600))
        outage = Outage(reader.section("outage"))
    }
}

extension FleetSettings.Outage {
    init(_ reader: SectionReader) {
        exports = reader.read("exports", .word, default: .refuse)
        owners = reader.read("owners", .word, default: .refuse)
        signatures = reader.read("signatures", .word, default: .refuse)
        paced = reader.read("paced", .word, default: .slots)
        ready = reader.read("ready", .word, default: .warn)
    }
}

extension ScalarKind where Value == String {
    /// It becomes part of a schema's name in PostgreSQL, where 63 bytes are the longest.
    fileprivate static var fleetName: ScalarKind {
        simple("a fleet's name: 1 to 40 of a-z, 0-9 and _, beginning with a letter", render: YAMLText.quote) { text in
            let isSane = text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
            return (1...40).contains(text.utf8.count) && isSane && (0x61...0x7a).contains(text.utf8.first ?? 0) ? text : nil
        }
    }

    fileprivate static var instanceName: ScalarKind {
        simple("a member's name: 1 to 255 printable ASCII characters without blanks", render: YAMLText.quote) { text in
            (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? text : nil
        }
    }
}

extension ScalarKind where Value == Duration {
    /// A member counts as gone after 10 s, so a request must not wait that long for the database.
    fileprivate static var fleetPatience: ScalarKind {
        duration.checked { duration throws(ScalarFault) in
            guard duration < .milliseconds(100) || duration > .seconds(5) else { return }
            throw .invalid("must be from 100ms to 5s")
        }
    }
}

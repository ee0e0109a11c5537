import Audit
import Catalogue
import Crypto
import Fleet
import Gateway
import Logging
import Recognition
import Settings

/// Makes this gateway a member of its fleet, if the settings have one.
enum FleetAssembly {
    static func sharedState(
        _ settings: GatewaySettings, _ journal: Journal, by clock: BelievedClock, _ inForce: ConfigurationInForce, _ logger: Logger
    ) -> SharedState? {
        guard let fleet = settings.fleet else { return nil }
        let file = fleet.urlFile
        var configuration = FleetMember.Configuration(
            name: fleet.name, instance: fleet.instance ?? Instance.name, connections: fleet.connections, patience: fleet.patience,
            version: Build.version, journal: settings.audit.directory, configuration: { inForce.current.sharedDigest },
            durable: { journal.durable }, url: { () throws(FleetFault) in try FleetURL.read(file) })
        let (durations, events) = (StatementDurations(), GatewayEvents(journal: journal))
        configuration.now = { clock.now }
        configuration.driftGrace = fleet.driftGrace
        configuration.observe = { durations.note($0, $1, $2) }
        configuration.tell = { event in tell(event, logger, events) }
        return SharedState(member: FleetMember(configuration), terms: SharedState.Terms(fleet), durations: durations)
    }

    /// The minimum and maximum size of `fleet.key_file`, bytes.
    private static let keyBytes = 32...4_096

    /// A secret that all gateways share and the database does not have: the digest of the key file's bytes, without a newline at their end.
    static func key(_ settings: GatewaySettings) throws(Failure) -> [UInt8]? {
        guard let file = settings.fleet?.keyFile else { return nil }
        var bytes: [UInt8]
        do throws(FileBytes.Fault) { bytes = try FileBytes.read(file, limit: keyBytes.upperBound) } catch {
            throw Failure(.badConfiguration, "The fleet's key \(file) \(error.sentence); \(keyBytes.upperBound) bytes are the most.")
        }
        guard bytes.count >= keyBytes.lowerBound else {
            throw Failure(.badConfiguration, "The fleet's key \(file) has \(bytes.count) bytes, and needs \(keyBytes.lowerBound) or more.")
        }
        if bytes.last == UInt8(ascii: "\n"), bytes.count > keyBytes.lowerBound { bytes.removeLast() }
        return Array(SHA256.hash(data: bytes))
    }

    private static func tell(_ event: FleetMember.Event, _ logger: Logger, _ events: GatewayEvents) {
        switch event {
        case .joined(let epoch): logger.notice("joined the fleet", metadata: ["epoch": "\(epoch)"])
        case .away(let fault): logger.error("the fleet's database can't be used", metadata: ["reason": "\(fault.sentence)"])
        case .back: logger.notice("the fleet's database answers again")
        case .pushed(let missing): logger.notice("the fleet's database was told what it lacked", metadata: ["exports": "\(missing)"])
        case .superseded:
            logger.error("another process has this member's name; nothing is shared until it ends or one of them gets another name")
            try? events.record("fleet_superseded", [])
        case .failedOver(let timeline):
            logger.warning("the fleet's database has failed over", metadata: ["timeline": "\(timeline)"])
            try? events.record("fleet_failover", [("timeline", timeline)])
        case .drift(let configurations):
            logger.warning("members have different configurations", metadata: ["configurations": "\(configurations)"])
            try? events.record("fleet_drift", [("configurations", String(configurations))])
        case .mode(let mode, let reason):
            logger.warning("the fleet's mode has changed", metadata: ["mode": "\(mode.rawValue)", "reason": "\(reason)"])
            try? events.record("fleet_mode", [("mode", mode.rawValue), ("reason", reason)])
        case .resolved(let id, let task, let reason):
            try? events.record("fleet_export_resolved", [("export", id), ("task", task ?? "none"), ("reason", reason)])
        }
    }
}

extension SharedState.Terms {
    fileprivate init(_ fleet: FleetSettings) {
        self.init()
        switch fleet.signatures {
        case .exactChanges: signatures = .changes
        case .exact: signatures = .all
        case .local: signatures = .none
        }
        exportsAlone = fleet.outage.exports == .local
        ownersAlone = fleet.outage.owners == .local
        signaturesAlone = fleet.outage.signatures == .local
        switch fleet.outage.paced {
        case .slots: paced = .part
        case .local: paced = .whole
        case .refuse: paced = .refuse
        }
        isNeededToBeReady = fleet.outage.ready == .fail
        driftGrace = fleet.driftGrace
    }
}

/// What all members' configurations must have in common: callers, their rights, projects, paces, keys, and the catalogue. Paths and listeners
/// may differ.
enum SharedConfiguration {
    private static let sections: Set<String> = ["callers", "policy", "projects", "regions"]
    /// Single settings of other sections.
    private static let settings = ["upstream.flow_control", "upstream.coalesce", "fleet.signatures"]
    /// Longest key file that is read, bytes.
    private static let keyFileBytes = 64 << 20

    static func digest(of settings: GatewaySettings) -> String {
        var hash = SHA256()
        for setting in settings.effective where isShared(setting) { hash.update(data: Array("\(setting.site.path) = \(setting.text)\n".utf8)) }
        for credential in settings.credentials { hash.update(data: Array("credential \(credential.name)\n".utf8)) }
        hash.update(data: Array(SHA256.hash(data: Array("\(APIDescription.text)".utf8))))
        for file in [settings.callerKeys.storeFile, settings.callerKeys.masterKeyFile] + (settings.fleet?.keyFile.map { [$0] } ?? []) {
            guard let content = try? FileBytes.read(file, limit: keyFileBytes) else { continue }
            hash.update(data: Array(SHA256.hash(data: content)))
        }
        return Array(hash.finalize()).hexadecimal
    }

    private static func isShared(_ setting: EffectiveSetting) -> Bool {
        let path = setting.site.path.description
        // The path of a file says nothing about its content.
        guard !path.hasSuffix("_file") else { return false }
        return sections.contains(String(path.prefix { $0 != "." && $0 != "[" })) || self.settings.contains { path.hasPrefix($0) }
    }
}

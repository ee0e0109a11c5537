import Settings

/// What can't change while the gateway runs: its bound sockets, and the settings of its journal. A configuration
/// that changes one of them is refused as a whole.
enum FixedSettings {
    /// The first setting that differs, by its path; nil when the new settings can come into force.
    static func change(from old: GatewaySettings, to new: GatewaySettings) -> String? {
        guard old.listeners.map(\.name) == new.listeners.map(\.name) else { return "listeners" }
        for (before, after) in zip(old.listeners, new.listeners) where before.endpoint != after.endpoint {
            return "listeners.\(before.name).\(part(of: before.endpoint, notIn: after.endpoint))"
        }
        if old.admin.address != new.admin.address { return "admin.address" }
        if old.limits.refusalsDisk != new.limits.refusalsDisk { return "limits.refusals.disk" }
        if old.fleet != new.fleet, written(old, "fleet") != written(new, "fleet") { return "fleet" }
        // Each webhook has a thread that begins with the process.
        let (before, after) = (webhooks(old), webhooks(new))
        let isNotifiedAlike = before.keys == after.keys && written(old, "callers", ".notify") == written(new, "callers", ".notify")
        if before != after, !isNotifiedAlike { return "callers[].notify" }
        let isShippedAlike = written(old, "audit.ship") == written(new, "audit.ship")
        return change(from: old.audit, to: new.audit).flatMap { $0 == "audit.ship" && isShippedAlike ? nil : $0 }
    }

    /// The settings below a path as they are written, with secrets of stores by their references: another store has them in other files, which
    /// parts that begin with the process follow by themselves.
    private static func written(_ settings: GatewaySettings, _ section: String, _ part: String = "") -> [String] {
        settings.effective.map { ("\($0.site.path)", $0.text) }.filter { $0.0.hasPrefix(section) && $0.0.contains(part) }.map { "\($0.0) = \($0.1)" }
    }

    /// The journal's writer, its notary and its shippers begin with the process.
    private static func change(from old: AuditSettings, to new: AuditSettings) -> String? {
        let rest = [
            ("directory", old.directory != new.directory), ("rotate", old.rotation != new.rotation), ("checkpoint", old.checkpoint != new.checkpoint),
            ("compress", old.compression != new.compression), ("retain", old.retention != new.retention), ("ship", old.shipping != new.shipping),
        ]
        return rest.first { $0.1 }.map { "audit.\($0.0)" }
    }

    private static func webhooks(_ settings: GatewaySettings) -> [String: CallerSettings.Notify] {
        Dictionary(settings.callers.compactMap { caller in caller.notify.map { (caller.name, $0) } }) { first, _ in first }
    }

    /// The key that two endpoints differ in.
    private static func part(of old: ListenerSettings.Endpoint, notIn new: ListenerSettings.Endpoint) -> String {
        switch (old, new) {
        case (.unix(let before, _), .unix(let after, _)) where before == after: "mode"
        case (_, .unix): "unix"
        case (_, .tcp): "address"
        }
    }
}

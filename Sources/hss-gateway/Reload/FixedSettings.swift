import Settings

/// What a running gateway can't change: the sockets it has bound and the directory that its journal has locked. A configuration that
/// changes one of them is refused whole rather than taken in part.
enum FixedSettings {
    /// The first setting that differs, by its path; nil when the new settings can come into force.
    static func change(from old: GatewaySettings, to new: GatewaySettings) -> String? {
        guard old.listeners.map(\.name) == new.listeners.map(\.name) else { return "listeners" }
        for (before, after) in zip(old.listeners, new.listeners) where before.endpoint != after.endpoint {
            return "listeners.\(before.name).\(isUnix(after) ? "unix" : "address")"
        }
        if old.admin.address != new.admin.address { return "admin.address" }
        if old.audit.directory != new.audit.directory { return "audit.directory" }
        if old.audit.shipping != new.audit.shipping { return "audit.ship" }
        return nil
    }

    private static func isUnix(_ listener: ListenerSettings) -> Bool {
        if case .unix = listener.endpoint { return true }
        return false
    }
}

/// Since when a credential has been in its state. Pure: the caller passes the time.
struct CredentialHistory: Sendable {
    private var state: CredentialStatus.State
    private var since: Duration
    private var changed: Duration?
    private var renewals: Int

    /// - Parameter status: the status at the start.
    init(_ status: CredentialStatus, at uptime: Duration) {
        (state, since, renewals) = (status.state, uptime, status.renewals.succeeded)
        changed = status.isReady ? uptime : nil
    }

    /// - Parameter isRotated: whether new material was read from a file.
    mutating func note(_ status: CredentialStatus, isRotated: Bool, at uptime: Duration) {
        if status.state != state { (state, since) = (status.state, uptime) }
        guard isRotated || status.renewals.succeeded != renewals else { return }
        (changed, renewals) = (uptime, status.renewals.succeeded)
    }

    /// Adds the durations to a status.
    func complete(_ status: inout CredentialStatus, at uptime: Duration) {
        status.inState = status.state == state ? max(.zero, uptime - since) : .zero
        let isNewer = status.renewals.succeeded != renewals
        status.inUse = isNewer ? .zero : changed.map { max(.zero, uptime - $0) }
    }
}

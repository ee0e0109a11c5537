import Gateway
import Policy
import Recognition
import Settings
import Synchronization

/// Creates the parts that recognise callers from the settings. It lives as long as the process: used signatures stay
/// refused, and an issuer's keys stay known, whatever configuration comes into force.
final class RecognitionAssembly: Sendable {
    private let replays = ReplayMemory()
    private let uses = KeyUses()
    /// By issuer, URL and TLS trust: keys from a connection that is no longer trusted are not trusted either.
    private let authorities = Mutex<[String: TokenAuthority]>([:])

    func recogniser(_ settings: GatewaySettings) throws(Failure) -> Recogniser {
        let table: CallerKeyTable
        do throws(CallerKeyFile.Fault) {
            table = try RecognitionAssembly.table(settings.callerKeys, uses: uses)
        } catch {
            throw Failure(.badConfiguration, "\(error.place): \(error.sentence).")
        }
        let authorities = try authorities(settings)
        return Recogniser(
            keys: CallerKeyRing(table, uses: uses), replays: replays,
            tokens: authorities.isEmpty ? nil : TokenVerifier(authorities: authorities, longest: settings.limits.token.bytes)
        )
    }

    /// The keys of the key file; virtual ones need the master key.
    static func table(_ settings: CallerKeySettings, uses: KeyUses = KeyUses()) throws(CallerKeyFile.Fault) -> CallerKeyTable {
        let list = try CallerKeyFile(path: settings.storeFile).read()
        let needsMaster = list.keys.contains { $0.kind == .virtual && $0.revoked == nil }
        return CallerKeyTable(list, secrets: needsMaster ? try MasterKeyFile(path: settings.masterKeyFile).read() : nil, uses: uses)
    }

    /// Reads the key sets that are files, so that a malformed one is found before it is needed. Key sets from URLs are fetched when the
    /// gateway runs: an issuer that is down must not prevent its start.
    /// - Parameter isReload: whether tokens are being accepted meanwhile. Then the reload waits for the keys of an issuer that was not
    ///   asked yet, or not over this connection, so that none of its tokens is refused for lack of keys; an issuer that is down delays
    ///   only the reload.
    func prepare(_ recogniser: Recogniser, _ settings: GatewaySettings, now: Int64, isReload: Bool) async throws(Failure) {
        let files = Set(
            settings.callers.compactMap { $0.authentication.jwt?.keySet }.compactMap { if case .file(let path) = $0 { path } else { nil } })
        for authority in recogniser.tokens?.authorities ?? [] where files.contains(authority.place) {
            if let fault = await authority.refresh(now: now) {
                throw Failure(.badConfiguration, "The key set \(authority.place) \(fault.sentence).")
            }
        }
        guard isReload else { return }
        await withTaskGroup { group in
            for authority in recogniser.tokens?.authorities ?? [] where !authority.hasKeys && authority.isDue(now: now) {
                group.addTask { await authority.refresh(now: now) }
            }
        }
    }

    private func authorities(_ settings: GatewaySettings) throws(Failure) -> [TokenAuthority] {
        // By content: a bundle that was replaced under its path changes the trust in the issuer.
        let trust = try settings.upstream.authorityFile.map { path throws(Failure) in try TransportAssembly.digest(ofAuthorities: path) } ?? ""
        var found: [TokenAuthority] = []
        for rule in settings.callers.compactMap(\.authentication.jwt) where !found.contains(where: { $0.issuer == rule.issuer }) {
            found.append(authority(rule, settings.upstream, trust: trust))
        }
        return found
    }

    private func authority(_ rule: CallerSettings.TokenRule, _ upstream: UpstreamSettings, trust: String) -> TokenAuthority {
        let place = rule.keySet.description
        return authorities.withLock { known in
            let way = [trust, upstream.proxy.map { "\($0)" } ?? "", upstream.noProxy ?? ""].joined(separator: " ")
            let name = "\(rule.issuer) \(place) \(way)"
            if let authority = known[name] { return authority }
            let load: TokenAuthority.Load =
                switch rule.keySet {
                case .file(let path): { () async throws(VerificationKeys.Fault) in try KeySetFile.read(path) }
                case .url(let url): KeySetFetch(url: url, upstream: upstream).load
                }
            let authority = TokenAuthority(issuer: rule.issuer, place: place, load: load)
            // Grows with each issuer that an operator configures, not with what callers do.
            known[name] = authority
            return authority
        }
    }
}

/// A key set that is a file.
enum KeySetFile {
    static func read(_ path: String) throws(VerificationKeys.Fault) -> [UInt8] {
        do throws(FileBytes.Fault) {
            return try FileBytes.read(path, limit: VerificationKeys.largestSet)
        } catch {
            throw .unavailable(error.sentence)
        }
    }
}

import Audit
import Credentials
import Gateway
import Logging
import Policy
import Recognition
import ServiceLifecycle
import Settings

/// Notices changes about callers while the gateway runs: keys that were created or revoked, certificates and key sets that
/// were replaced. Each change is in force and recorded within two seconds.
struct RecognitionWatch: Service {
    let configuration: @Sendable () -> RunningConfiguration
    /// Called after a listener's files were read again.
    let endUntrustedConnections: @Sendable () async -> Void
    let events: GatewayEvents
    let logger: Logger

    static let interval = Duration.seconds(1)

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await watchKeys() }
            group.addTask { await watchCertificates() }
            group.addTask { await watchKeySets() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    private func watchKeys() async {
        var ledger = CallerKeyLedger(directory: configuration().settings.audit.directory)
        var seen: [FileFingerprint?] = []
        var generation = 0
        // Nil until it was read: nothing is known about the keys then, and what was told of them is kept.
        var list: CallerKeyList?
        // Why the keys were refused. What is wrong may lie outside of the files, so they are tried again until they are good.
        var refusal: String?
        let uses = configuration().snapshot.recogniser.keys.uses
        var ends = KeyEnds(directory: configuration().settings.audit.directory, uses: uses)
        defer { ends.keep(uses, isLast: true) }
        repeat {
            let current = configuration()
            let settings = current.settings.callerKeys
            defer {
                if let list { record(ends.events(of: list, now: Timestamp.now().microseconds / 1_000_000)) }
                ends.keep(uses)
            }
            let files = [settings.storeFile, settings.masterKeyFile].map { FileFingerprint(path: $0) }
            // A configuration that has just come into force may have read the file slightly too early.
            let isChanged = files != seen || generation != current.snapshot.generation
            guard isChanged || refusal != nil else { continue }
            (seen, generation) = (files, current.snapshot.generation)
            do throws(CallerKeyFile.Fault) {
                current.snapshot.recogniser.keys.replace(with: try RecognitionAssembly.table(settings, uses: uses))
                let read = try CallerKeyFile(path: settings.storeFile).read()
                (list, refusal) = (read, nil)
                uses.retain(Set(read.keys.map(\.id)))
                record(ledger.changes(to: read))
                ledger.keep()
            } catch {
                let reason = "\(error.place): \(error.sentence)"
                if isChanged || reason != refusal { tell("caller_keys_refused", [("reason", reason)], isError: true) }
                refusal = reason
            }
        } while (try? await Task.sleep(for: Self.interval)) != nil
    }

    private func record(_ changes: [CallerKeyList.Change]) {
        for change in changes {
            switch change {
            case .created(let key): tell("caller_key_created", Self.detail(key) + [("created", key.created)])
            case .revoked(let key): tell("caller_key_revoked", Self.detail(key) + [("revoked", key.revoked ?? "")])
            case .endChanged(let key): tell("caller_key_end_changed", Self.detail(key, ending: true))
            case .removed(let key): tell("caller_key_removed", Self.detail(key))
            }
        }
    }

    private func record(_ events: [KeyEnds.Event]) {
        for item in events {
            switch item {
            case .ending(let key): tell("caller_key_ending", Self.detail(key, ending: true), level: .warning)
            case .ended(let key): tell("caller_key_ended", Self.detail(key, ending: true), level: .warning)
            }
        }
    }

    private static func detail(_ key: CallerKey, ending: Bool = false) -> [(String, String)] {
        [("key", key.id), ("kind", key.kind.rawValue), ("caller", key.caller)] + (ending ? [("ends", key.ends ?? "never")] : [])
    }

    private func watchCertificates() async {
        // One for each listener, since several may have the same files.
        var watched: [(tls: ListenerTLS, change: SettledChange<[FileFingerprint?]>, refusal: String?)] = []
        repeat {
            let current = configuration()
            let present = current.snapshot.listeners.compactMap(\.tls) + (current.adminTLS.map { [$0] } ?? [])
            watched = present.map { tls in watched.first { $0.tls === tls } ?? (tls, SettledChange(tls.found), nil) }
            for position in watched.indices {
                let tls = watched[position].tls
                let isChanged = watched[position].change.isReady(tls.files.fingerprints)
                guard isChanged || watched[position].refusal != nil else { continue }
                do throws(ListenerTLS.Fault) {
                    try tls.reload()
                    watched[position].refusal = nil
                    await endUntrustedConnections()
                    tell("certificate_reloaded", [("certificate", tls.files.certificate)])
                } catch {
                    let reason = "\(error.path) \(error.sentence)"
                    if isChanged || reason != watched[position].refusal { tell("certificate_refused", [("reason", reason)], isError: true) }
                    watched[position].refusal = reason
                }
            }
        } while (try? await Task.sleep(for: Self.interval)) != nil
    }

    private func watchKeySets() async {
        // One for each issuer, since several may have the same file.
        var watched: [(authority: TokenAuthority, taken: FileFingerprint?)] = []
        var failed: Set<String> = []
        repeat {
            let present = configuration().snapshot.recogniser.tokens?.authorities ?? []
            watched = present.map { authority in watched.first { $0.authority === authority } ?? (authority, authority.found) }
            for position in watched.indices {
                let authority = watched[position].authority
                let now = Timestamp.now().microseconds / 1_000_000
                let file = FileFingerprint(path: authority.place)
                let isChanged = file != nil && watched[position].taken != file
                watched[position].taken = file
                // A fetch that was under way at the change has read the earlier file; and what is wrong with a file may lie outside of it.
                let isBehind = file != nil && (file != authority.found || failed.contains(authority.issuer))
                guard isChanged || isBehind || (file == nil && authority.isDue(now: now)) else { continue }
                if let fault = await authority.refresh(now: now) {
                    guard failed.insert(authority.issuer).inserted else { continue }
                    tell("key_set_refused", [("issuer", authority.issuer), ("reason", fault.sentence)], isError: true)
                } else if failed.remove(authority.issuer) != nil || isChanged {
                    tell("key_set_loaded", [("issuer", authority.issuer)])
                }
            }
        } while (try? await Task.sleep(for: Self.interval)) != nil
    }

    private func tell(_ event: String, _ detail: [(String, String)], isError: Bool = false, level: Logger.Level = .info) {
        let metadata = detail.map { ($0.0, Logger.MetadataValue.string(events.naming($0.1))) }
        logger.log(level: isError ? .error : level, "\(event)", metadata: Logger.Metadata(uniqueKeysWithValues: metadata))
        do throws(Failure) {
            try events.record(event, detail)
        } catch {
            logger.error("event not recorded", metadata: ["event": "\(event)", "reason": "\(error.message)"])
        }
    }
}

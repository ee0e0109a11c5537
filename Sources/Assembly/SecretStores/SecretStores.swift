package import Settings
import Shipping
import Synchronization

/// The secrets of the configuration that are in stores: fetched at the start, polled afterwards, and provided as files that are read like any
/// other.
///
/// 1. A known value stays in use when the store fails: only a valid value replaces it.
/// 2. Calls to the stores are made one at a time; each is bounded by `secret_stores.timeout`.
package final class SecretStores: Sendable {
    /// More references than any real configuration has.
    private static let mostReferences = 256

    /// The state of one reference.
    private struct Entry {
        let file: StoreFile
        var value: [UInt8]?
        var fault: StoreFault?
    }

    /// The result of a call to a store.
    struct Change: Sendable, Hashable {
        let store: StoreReference.Store
        /// Nil when it returns the requested secrets again.
        let fault: String?
    }

    private let entries = Mutex<[StoreReference: Entry]>([:])
    /// The stores' clients with their state; the holder of the lock may block on a store.
    private let clients = Mutex<Clients?>(nil)
    /// What was last reported of each store.
    private let told = Mutex<[StoreReference.Store: String]>([:])

    private let stopSignal = StopSignal()

    private struct Clients {
        let settings: SecretStoreSettings
        let proxy: ProxyReference?
        let terms: StoreCall.Terms
        var vault: VaultClient?
        var csms: CSMSClient?
    }

    package init() {}

    /// The path of the secret once it was fetched; the same for the same reference.
    package func path(of reference: StoreReference) -> String {
        entries.withLock { entries in
            if let known = entries[reference] { return known.file.path }
            guard entries.count < Self.mostReferences, let file = StoreFile() else { return reference.description }
            entries[reference] = Entry(file: file)
            return file.path
        }
    }

    /// Requests every reference of these settings, and keeps the valid values. Blocks.
    /// - Returns: the unknown references with the reason; empty when all can be used.
    func fetch(_ settings: GatewaySettings) -> [(reference: StoreReference, fault: StoreFault)] {
        guard let stores = settings.secretStores else { return [] }
        let references = used(by: settings)
        clients.withLock { clients in
            if clients?.settings != stores || clients?.proxy != settings.upstream.proxy {
                clients = Clients(settings: stores, proxy: settings.upstream.proxy, terms: terms(settings, stores))
            }
            // A store that can't be used is called once a round, and not for each secret until its timeout.
            var down: [StoreReference.Store: StoreFault] = [:]
            for reference in references {
                if let fault = down[reference.store] {
                    take(.failure(fault), reference)
                    continue
                }
                guard let result = Self.ask(reference, &clients, stores) else { continue }
                if case .failure(let fault) = result, fault.isOfStore { down[reference.store] = fault }
                take(result, reference)
            }
            clients?.vault?.renew()
        }
        return entries.withLock { entries in
            references.compactMap { reference in
                guard let entry = entries[reference], entry.value == nil else { return nil }
                return (reference, entry.fault ?? StoreFault(sentence: "\(reference) was not asked for."))
            }
        }
    }

    private func terms(_ settings: GatewaySettings, _ stores: SecretStoreSettings) -> StoreCall.Terms {
        // A missing proxy variable is reported where the transport is created.
        let proxy = try? TransportAssembly.proxy(settings.upstream, ProcessEnvironment.variables)
        return StoreCall.Terms(timeout: stores.timeout, proxy: (proxy?.0, proxy?.1), stop: stopSignal)
    }

    /// The gateway stops: cancels the call under way, and makes no more calls.
    func stop() { stopSignal.stop(within: .zero) }

    /// The same, for a configuration that can't be used without all of them.
    /// - Parameter code: the exit code of the command.
    package func require(_ settings: GatewaySettings, or code: Failure.Code) throws(Failure) {
        let missing = fetch(settings)
        guard missing.isEmpty else {
            throw Failure(
                code, missing.map { "The secret \($0.reference) is not to be had. \($0.fault.sentence)" }.joined(separator: "\n"))
        }
    }

    /// The same, with the changes of each store since the last call.
    func refresh(_ settings: GatewaySettings) -> [Change] {
        _ = fetch(settings)
        let states = faults(settings)
        return told.withLock { told in
            var changes: [Change] = []
            for (store, fault) in states {
                if fault != told[store] { changes.append(Change(store: store, fault: fault)) }
                told[store] = fault
            }
            return changes
        }
    }

    /// The fault of each store that these settings use, or of a secret in it; nil without one.
    func faults(_ settings: GatewaySettings) -> [(store: StoreReference.Store, fault: String?)] {
        let references = used(by: settings)
        return entries.withLock { entries in
            StoreReference.Store.allCases.compactMap { store in
                let own = references.filter { $0.store == store }
                guard !own.isEmpty else { return nil }
                return (store, own.compactMap { entries[$0]?.fault?.sentence }.first)
            }
        }
    }

    /// The result for each reference of these settings; nil if it was returned.
    func outcomes(_ settings: GatewaySettings) -> [(reference: StoreReference, fault: StoreFault?)] {
        let references = used(by: settings)
        return entries.withLock { entries in references.map { ($0, entries[$0]?.fault) } }
    }

    /// The references to files in these settings, in a fixed order.
    private func used(by settings: GatewaySettings) -> [StoreReference] {
        let paths = Set(settings.files.map(\.path))
        return entries.withLock { entries in entries.filter { paths.contains($0.value.file.path) }.map(\.key) }
            .sorted { $0.description < $1.description }
    }

    /// A text in which the files' paths are replaced by the references that they stand for.
    package func naming(_ text: String) -> String {
        guard text.contains(StoreFile.folder) else { return text }
        return entries.withLock { entries in
            // The longest first: one number may be the prefix of another.
            entries.sorted { $0.value.file.path.utf8.count > $1.value.file.path.utf8.count }.reduce(text) { text, entry in
                text.replacing(entry.value.file.path, with: entry.key.description)
            }
        }
    }

    /// The same of a failure's message.
    package func naming(_ failure: Failure) -> Failure { Failure(failure.code, naming(failure.message)) }

    private static func ask(
        _ reference: StoreReference, _ clients: inout Clients?, _ settings: SecretStoreSettings
    ) -> Result<[UInt8], StoreFault>? {
        do throws(StoreFault) {
            switch reference.store {
            case .vault:
                guard let vault = settings.vault else { return nil }
                return .success(try read(reference, with: \.vault, of: &clients) { terms throws(StoreFault) in try VaultClient(vault, terms) })
            case .csms:
                guard let csms = settings.csms else { return nil }
                return .success(try read(reference, with: \.csms, of: &clients) { terms throws(StoreFault) in try CSMSClient(csms, terms) })
            }
        } catch {
            return .failure(error)
        }
    }

    private static func read<Client: SecretStoreClient>(
        _ reference: StoreReference, with place: WritableKeyPath<Clients, Client?>, of clients: inout Clients?,
        _ make: (StoreCall.Terms) throws(StoreFault) -> Client
    ) throws(StoreFault) -> [UInt8] {
        guard let known = clients else { preconditionFailure("whoever asks a store knows how") }
        var client: Client
        if let kept = known[keyPath: place] { client = kept } else { client = try make(known.terms) }
        // Stored in any case: the client may have logged in, or have been refused.
        defer { clients?[keyPath: place] = client }
        return try client.read(reference)
    }

    private func take(_ result: Result<[UInt8], StoreFault>, _ reference: StoreReference) {
        entries.withLock { entries in
            switch result {
            case .failure(let fault): entries[reference]?.fault = fault
            case .success(let value):
                guard entries[reference]?.value != value else {
                    entries[reference]?.fault = nil
                    return
                }
                guard entries[reference]?.file.replace(with: value) == true else {
                    entries[reference]?.fault = StoreFault(sentence: "The system has no memory or descriptor for \(reference): raise its limits.")
                    return
                }
                entries[reference]?.value = value
                entries[reference]?.fault = nil
            }
        }
    }
}

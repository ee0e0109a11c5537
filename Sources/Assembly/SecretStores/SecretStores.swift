package import Settings
import Shipping
import Synchronization

/// The secrets of the configuration that are in stores: fetched at the start, polled afterwards, and provided as files that are read like any
/// other.
///
/// 1. A known value stays in use when the store fails: only a valid value replaces it.
/// 2. Calls to the stores are made one at a time; each is bounded by `secret_stores.timeout`.
/// 3. The same reference to another store is another secret, with a file of its own: what a store says whose configuration is refused reaches
///    nothing that is in force.
package final class SecretStores: Sendable {
    /// More references than any real configuration has.
    private static let mostReferences = 256

    /// A reference, and the store that it is asked of.
    private struct Key: Hashable {
        let reference: StoreReference
        /// Nil before a configuration has named one.
        var place: StorePlace?
    }

    /// The state of one reference.
    private struct Entry {
        let file: StoreFile
        var value: [UInt8]?
        var fault: StoreFault?
        /// Whether a configuration with it has been in force: parts that begin with the process read the file of their first configuration.
        var wasInForce = false

        /// Takes a valid value from the store.
        mutating func take(_ value: [UInt8], of reference: StoreReference) {
            guard self.value != value else {
                fault = nil
                return
            }
            guard file.replace(with: value) else {
                fault = StoreFault(sentence: "The system has no memory or descriptor for \(reference): raise its limits.")
                return
            }
            self.value = value
            fault = nil
        }
    }

    /// The result of a call to a store.
    struct Change: Sendable, Hashable {
        let store: StoreReference.Store
        /// Nil when it returns the requested secrets again.
        let fault: String?
    }

    private let entries = Mutex<[Key: Entry]>([:])
    /// The stores of the configuration that was loaded last.
    private let places = Mutex<[StoreReference.Store: StorePlace]>([:])
    /// Keys that a store has refused: no configuration shows them again.
    private let refusals = RefusedStoreKeys()
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

    /// Loads settings that may contain references to secrets.
    /// - Parameter load: makes the settings with the paths that it is given for references. Called again if they name other stores than the last
    ///   ones.
    package func load<Fault: Error>(
        _ load: (@escaping @Sendable (StoreReference) -> String) throws(Fault) -> GatewaySettings
    ) throws(Fault) -> GatewaySettings {
        let last = places.withLock { $0 }
        // What a refused configuration has left: nothing reads its files any more.
        entries.withLock { entries in entries = entries.filter { $0.value.wasInForce } }
        let settings = try load { [self] in path(of: $0, in: last[$0.store]) }
        let own = StorePlace.places(of: settings.secretStores)
        guard own != last else { return settings }
        places.withLock { $0 = own }
        defer { entries.withLock { entries in entries = entries.filter { $0.key.place != nil || own[$0.key.reference.store] == nil } } }
        return try load { [self] in path(of: $0, in: own[$0.store]) }
    }

    /// The path of the secret once it was fetched; the same for the same reference to the same store.
    private func path(of reference: StoreReference, in place: StorePlace?) -> String {
        let key = Key(reference: reference, place: place)
        return entries.withLock { entries in
            if let known = entries[key] { return known.file.path }
            // The first configuration of all says only now which store it means.
            if place != nil, let first = entries.removeValue(forKey: Key(reference: reference)) {
                entries[key] = first
                return first.file.path
            }
            guard entries.count < Self.mostReferences, let file = StoreFile() else { return reference.description }
            entries[key] = Entry(file: file)
            return file.path
        }
    }

    /// These settings are in force now.
    func areInForce(_ settings: GatewaySettings) {
        let keys = used(by: settings)
        entries.withLock { entries in for key in keys { entries[key]?.wasInForce = true } }
    }

    /// Requests every reference of these settings, and keeps the valid values. Blocks.
    /// - Returns: the unknown references with their paths and the reason; empty when all can be used.
    func fetch(_ settings: GatewaySettings) -> [(reference: StoreReference, path: String, fault: StoreFault)] {
        guard let stores = settings.secretStores else { return [] }
        let keys = used(by: settings)
        clients.withLock { clients in
            if clients?.settings != stores || clients?.proxy != settings.upstream.proxy {
                clients = Clients(settings: stores, proxy: settings.upstream.proxy, terms: terms(settings, stores))
            }
            // A store that can't be used is called once a round, and not for each secret until its timeout.
            var down: [StoreReference.Store: StoreFault] = [:]
            for key in keys {
                let reference = key.reference
                if let fault = down[reference.store] {
                    take(.failure(fault), key)
                    continue
                }
                guard let result = ask(reference, &clients, stores) else { continue }
                if case .failure(let fault) = result, fault.isOfStore { down[reference.store] = fault }
                take(result, key)
            }
            clients?.vault?.renew()
        }
        return entries.withLock { entries in
            keys.compactMap { key in
                guard let entry = entries[key], entry.value == nil else { return nil }
                return (key.reference, entry.file.path, entry.fault ?? StoreFault(sentence: "\(key.reference) was not asked for."))
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
        let keys = used(by: settings)
        return entries.withLock { entries in
            StoreReference.Store.allCases.compactMap { store in
                let own = keys.filter { $0.reference.store == store }
                guard !own.isEmpty else { return nil }
                return (store, own.compactMap { entries[$0]?.fault?.sentence }.first)
            }
        }
    }

    /// The result for each reference of these settings; nil if it was returned.
    func outcomes(_ settings: GatewaySettings) -> [(reference: StoreReference, fault: StoreFault?)] {
        let keys = used(by: settings)
        return entries.withLock { entries in keys.map { ($0.reference, entries[$0]?.fault) } }
    }

    /// The references to files in these settings, in a fixed order.
    private func used(by settings: GatewaySettings) -> [Key] {
        let paths = Set(settings.files.map(\.path))
        return entries.withLock { entries in entries.filter { paths.contains($0.value.file.path) }.map(\.key) }
            .sorted { $0.reference.description < $1.reference.description }
    }

    /// A text in which the files' paths are replaced by the references that they stand for.
    package func naming(_ text: String) -> String {
        guard text.contains(StoreFile.folder) else { return text }
        return entries.withLock { entries in
            // The longest first: one number may be the prefix of another.
            entries.sorted { $0.value.file.path.utf8.count > $1.value.file.path.utf8.count }.reduce(text) { text, entry in
                text.replacing(entry.value.file.path, with: entry.key.reference.description)
            }
        }
    }

    /// The same of a failure's message.
    package func naming(_ failure: Failure) -> Failure { Failure(failure.code, naming(failure.message)) }

    private func ask(
        _ reference: StoreReference, _ clients: inout Clients?, _ settings: SecretStoreSettings
    ) -> Result<[UInt8], StoreFault>? {
        do throws(StoreFault) {
            switch reference.store {
            case .vault:
                guard let vault = settings.vault else { return nil }
                return .success(try Self.read(reference, with: \.vault, of: &clients) { terms throws(StoreFault) in try VaultClient(vault, terms) })
            case .csms:
                guard let csms = settings.csms else { return nil }
                return .success(
                    try Self.read(reference, with: \.csms, of: &clients) { [refusals] terms throws(StoreFault) in
                        try CSMSClient(csms, terms, refusals)
                    })
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

    private func take(_ result: Result<[UInt8], StoreFault>, _ key: Key) {
        entries.withLock { entries in
            switch result {
            case .failure(let fault): entries[key]?.fault = fault
            case .success(let value):
                entries[key]?.take(value, of: key.reference)
                guard entries[key]?.wasInForce == true else { return }
                // Readers of an earlier configuration in force get the value of the present one.
                for other in entries.keys where other != key && other.reference == key.reference && entries[other]?.wasInForce == true {
                    entries[other]?.take(value, of: other.reference)
                }
            }
        }
    }
}
